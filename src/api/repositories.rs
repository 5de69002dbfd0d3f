use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;

use super::page::{Item, PageReader, array};
use super::path::ApiPath;
use super::query_many::{Answer, ManyQuery, QueryPart};
use super::response::{ReadError, Response};
use super::rest::none_if_missing;
use super::{ApiError, Client, Paging, in_order};
use crate::model::{RepoSlug, or_default};

/// A repository in a list of repositories.
///
/// See <https://docs.github.com/rest/repos/repos>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct ListedRepository {
    id: u64,
    full_name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) archived: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) topics: Vec<String>,
}

impl ListedRepository {
    /// The owner and the name, if they are valid.
    pub(crate) fn slug(&self) -> Option<RepoSlug> {
        self.full_name.parse().ok()
    }
}

impl Item for ListedRepository {
    fn id(&self) -> Option<u64> {
        Some(self.id)
    }
}

/// The current name of a repository, in GraphQL.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Name {
    name_with_owner: String,
}

/// The same in REST.
#[derive(Deserialize)]
struct FullName {
    full_name: String,
}

impl Client {
    /// Lists the repositories of an organization or of a user that the token can
    /// see, a request for each 100. Those of a user take one or two more
    /// requests. `None` if there is no such account.
    ///
    /// See <https://docs.github.com/rest/repos/repos#list-organization-repositories>.
    pub(crate) async fn repositories_of(
        &self,
        owner: &str,
    ) -> Result<Option<Vec<ListedRepository>>, ApiError> {
        let path = ApiPath::root("orgs").segment(owner)?.then("repos");
        let query = [("type", "all"), ("sort", "full_name")];
        let found = self.list_repositories(&path, &query).await;
        if let Some(found) = none_if_missing(found)? {
            return Ok(Some(found));
        }
        let viewer = self.viewer_login().await?;
        if viewer.is_some_and(|login| login.eq_ignore_ascii_case(owner)) {
            // The other list has public repositories only.
            let path = ApiPath::root("user").then("repos");
            let query = [("affiliation", "owner"), ("sort", "full_name")];
            return self.list_repositories(&path, &query).await.map(Some);
        }
        let path = ApiPath::root("users").segment(owner)?.then("repos");
        let query = [("type", "owner"), ("sort", "full_name")];
        none_if_missing(self.list_repositories(&path, &query).await)
    }

    /// Lists the repositories that an app's installation token can see, a
    /// request for each 100.
    ///
    /// See <https://docs.github.com/rest/apps/installations#list-repositories-accessible-to-the-app-installation>.
    pub(crate) async fn installation_repositories(
        &self,
    ) -> Result<Vec<ListedRepository>, ApiError> {
        let path = ApiPath::root("installation").then("repositories");
        self.list(&path, read_installation_page).await
    }

    async fn list_repositories(
        &self,
        path: &ApiPath,
        query: &[(&str, &str)],
    ) -> Result<Vec<ListedRepository>, ApiError> {
        let mut url = path.below(self.rest());
        url.query_pairs_mut().extend_pairs(query);
        let pages = PageReader::new(self, url, Paging::all(), self.budget(), array);
        pages.all().await
    }

    /// Gets the current names of repositories, which may have been renamed: a
    /// request for each 100, or one for each without GraphQL. `None` stands for
    /// a repository that does not exist or is hidden from the token.
    ///
    /// # Errors
    /// Those of a single repository are in the list.
    pub(crate) async fn current_names(
        &self,
        repos: &[RepoSlug],
    ) -> Result<Vec<Result<Option<RepoSlug>, ApiError>>, ApiError> {
        let query = ManyQuery {
            fields: "nameWithOwner".to_owned(),
            fragments: "",
            variables: Vec::<(_, _, Value)>::new(),
            factor: 4,
        };
        let parts: Vec<QueryPart> = repos.iter().map(QueryPart::new).collect();
        let answers: Vec<Answer<Name>> = self.query_many(&query, &parts).await?;
        let asked = repos.iter().zip(answers);
        let names = in_order(asked, self.concurrency(), |(repo, answer)| async move {
            match answer {
                Answer::Found(name) => Ok(name.name_with_owner.parse().ok()),
                Answer::NotFound => Ok(None),
                Answer::Unknown => self.current_name(repo).await,
            }
        });
        Ok(names.collect().await)
    }

    async fn current_name(&self, repo: &RepoSlug) -> Result<Option<RepoSlug>, ApiError> {
        let found = self.get::<FullName>(&ApiPath::repo(repo)?).await;
        Ok(none_if_missing(found)?.and_then(|found| found.full_name.parse().ok()))
    }
}

fn read_installation_page(response: &Response) -> Result<Vec<ListedRepository>, ReadError> {
    #[derive(Deserialize)]
    struct Page {
        repositories: Vec<ListedRepository>,
    }
    response.json().map(|page: Page| page.repositories)
}
