use super::page::{Item, Walk, array};
use super::path::ApiPath;
use super::{ApiError, Client, Paging};
use crate::model::{Branch, RepoSlug};

impl Item for Branch {
    fn number(&self) -> Option<u64> {
        None
    }
}

impl Client {
    /// All branches of a repository. Needs the permission "Contents: read".
    ///
    /// See <https://docs.github.com/rest/branches/branches#list-branches>.
    pub async fn branches(&self, repo: &RepoSlug) -> Result<Vec<Branch>, ApiError> {
        let url = ApiPath::repo(repo)?.then("branches").below(self.rest());
        Walk::new(self, url, Paging::all(), self.budget(), array::<Branch>)
            .all()
            .await
    }
}
