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

    /// The repository whose page this is, and the segments of the path below it;
    /// `None` if it is not the page of a repository on this server.
    pub(crate) fn parse_repository_page<'u>(
        &self,
        page: &'u Url,
    ) -> Option<(RepoSlug, Vec<&'u str>)> {
        let is_same_host = page.host_str() == self.web.host_str()
            && page.port_or_known_default() == self.web.port_or_known_default();
        let below = self.web.path().trim_end_matches('/');
        let path = page.path().strip_prefix(below).filter(|_| is_same_host)?;
        let mut segments = path.trim_matches('/').split('/');
        let repo = RepoSlug::new(segments.next()?, segments.next()?)?;
        Some((repo, segments.collect()))
    }

    /// The page of an environment and its deployments.
    pub fn environment_page(&self, repo: &RepoSlug, environment: &str) -> Url {
        let mut url = self.repository_page(repo, &["deployments", "activity_log"]);
        url.query_pairs_mut()
            .append_pair("environments_filter", environment);
        url
    }
}
