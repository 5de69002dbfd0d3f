use serde::Deserialize;

use super::request::Request;
use super::response::Response;
use super::{ApiError, RepoHandle};

/// How two commits relate.
///
/// See <https://docs.github.com/rest/commits/commits#compare-two-commits>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Comparison {
    /// `ahead`, `behind`, `identical` or `diverged`: where the head is, as seen
    /// from the base.
    pub status: String,
    /// How many commits only the head has.
    #[serde(default)]
    pub ahead_by: u64,
    /// How many commits only the base has.
    #[serde(default)]
    pub behind_by: u64,
}

impl Comparison {
    /// Whether the base contains the head.
    pub fn is_contained(&self) -> bool {
        matches!(self.status.as_str(), "behind" | "identical")
    }
}

impl RepoHandle<'_> {
    /// Compares two commits, without a list of what is between them. Needs the
    /// permission "Contents: read".
    ///
    /// # Errors
    /// 404 as [`ApiError::Response`] if one does not exist, or if they have no
    /// common ancestor.
    ///
    /// See <https://docs.github.com/rest/commits/commits#compare-two-commits>.
    pub async fn compare(self, base: &str, head: &str) -> Result<Comparison, ApiError> {
        let path = self
            .path()?
            .then("compare")
            .segment(&format!("{base}...{head}"))?;
        let mut url = path.below(self.client.rest());
        url.query_pairs_mut().append_pair("per_page", "1");
        let budget = self.client.budget();
        let reply = self
            .client
            .call(&Request::get(url), budget, Response::json)
            .await?;
        Ok(reply.value)
    }
}
