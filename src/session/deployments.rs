use url::Url;

use crate::api::ApiError;
use crate::error::{Failure, Kind};
use crate::model::{DESCRIPTION_LIMIT, Deployment, DeploymentId, Endpoints, RepoSlug};

use super::Connection;

/// The page that shows the deployments of the environment.
pub(crate) fn web_url(endpoints: &Endpoints, repo: &RepoSlug, deployment: &Deployment) -> String {
    environment_url(&activity_url(endpoints, repo), &deployment.environment)
}

/// The page that shows all deployments.
pub(crate) fn activity_url(endpoints: &Endpoints, repo: &RepoSlug) -> Url {
    let mut url = endpoints.web.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty()
            .extend([repo.owner(), repo.name(), "deployments", "activity_log"]);
    }
    url
}

/// The part of that page that shows the deployments of an environment.
pub(crate) fn environment_url(activity: &Url, environment: &str) -> String {
    let mut url = activity.clone();
    url.query_pairs_mut()
        .append_pair("environments_filter", environment);
    url.into()
}

/// The first seven digits of a SHA, as git shows it.
pub(crate) fn short_sha(sha: &str) -> &str {
    sha.get(..7).unwrap_or(sha)
}

/// The failure for a deployment that could not be read.
pub(crate) fn history_failure(
    connection: &Connection,
    id: DeploymentId,
    error: &ApiError,
) -> Failure {
    if error.status() == Some(404) {
        let failure = connection.explain(error);
        if failure.kind() != Kind::NothingThere {
            return failure;
        }
        return Failure::new(
            Kind::NothingThere,
            format!("there is no deployment {id} in {}", connection.repo),
        )
        .hint("run 'deployctl list' to see the existing deployments; GitHub gives the same answer if the token cannot see it")
        .detail("status", 404);
    }
    connection.explain(error)
}

/// A description that GitHub takes for a status; it is counted in characters.
pub(crate) fn parse_description(text: &str) -> Result<String, String> {
    let count = text.chars().count();
    if count > DESCRIPTION_LIMIT {
        return Err(format!(
            "it has {count} characters, and GitHub takes {DESCRIPTION_LIMIT}"
        ));
    }
    Ok(text.to_owned())
}

/// A whole http or https address.
pub(crate) fn parse_url(text: &str) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            Ok(text.to_owned())
        }
        _ => Err("write a whole address, https://…".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_whole() {
        assert!(parse_url("https://example.com/a?b").is_ok());
        for text in [
            "",
            "example.com",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
        ] {
            assert!(parse_url(text).is_err(), "{text:?}");
        }
    }
}
