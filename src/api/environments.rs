use serde::Deserialize;

use super::answer::{Answer, Misread};
use super::page::{Item, Walk};
use super::path::ApiPath;
use super::{ApiError, Client, Paging};
use crate::model::RepoSlug;

/// What of an environment this client needs: it is there, and how it is called.
#[derive(Deserialize)]
struct Named {
    id: u64,
    name: String,
}

impl Item for Named {
    fn number(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl Client {
    /// The names of all environments of a repository. Needs the permission
    /// "Actions: read".
    ///
    /// See <https://docs.github.com/rest/deployments/environments#list-environments>.
    pub async fn environment_names(&self, repo: &RepoSlug) -> Result<Vec<String>, ApiError> {
        let url = ApiPath::repo(repo)?.then("environments").below(self.rest());
        let mut walk = Walk::new(self, url, Paging::all(), self.budget(), environments);
        let mut names = Vec::new();
        while let Some(page) = walk.next_page().await {
            names.extend(page?.items.into_iter().map(|environment| environment.name));
        }
        Ok(names)
    }
}

fn environments(answer: &Answer) -> Result<Vec<Named>, Misread> {
    #[derive(Deserialize)]
    struct Page {
        environments: Vec<Named>,
    }
    answer.json().map(|page: Page| page.environments)
}
