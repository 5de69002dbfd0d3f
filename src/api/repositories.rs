use serde::Deserialize;

use super::answer::Answer;
use super::path::ApiPath;
use super::transport::Request;
use super::{ApiError, Client};
use crate::model::RepoSlug;

#[derive(Deserialize)]
struct Seen {
    #[serde(rename = "id")]
    _id: u64,
}

impl Client {
    /// Whether the token can see the repository. GitHub hides what it may not
    /// see behind a 404.
    ///
    /// See <https://docs.github.com/rest/repos/repos#get-a-repository>.
    pub async fn repository_is_visible(&self, repo: &RepoSlug) -> Result<bool, ApiError> {
        let request = Request::get(ApiPath::repo(repo)?.below(self.rest()));
        match self
            .call(&request, self.budget(), Answer::json::<Seen>)
            .await
        {
            Ok(_) => Ok(true),
            Err(error) if error.status() == Some(404) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
