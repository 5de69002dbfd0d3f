use url::Url;

use super::host::Endpoints;
use super::repo::RepoSlug;

/// The web pages of a repository.
impl Endpoints {
    /// The page of a repository below the segments of `path`.
    pub fn repository_page(&self, repo: &RepoSlug, path: &[&str]) -> Url {
        let mut url = self.web.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments
                .pop_if_empty()
                .extend([repo.owner(), repo.name()])
                .extend(path);
        }
        url
    }

    /// The page of an environment and its deployments.
    pub fn environment_page(&self, repo: &RepoSlug, environment: &str) -> Url {
        let mut url = self.repository_page(repo, &["deployments", "activity_log"]);
        url.query_pairs_mut()
            .append_pair("environments_filter", environment);
        url
    }
}
