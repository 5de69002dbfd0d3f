/// Whether a token with these scopes cannot write deployments. It needs
/// `repo_deployment`, `repo`, or on public repositories `public_repo`.
///
/// See <https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps>.
pub(crate) fn lacks_deployments(scopes: &[String]) -> bool {
    const ENOUGH: [&str; 3] = ["repo_deployment", "repo", "public_repo"];
    !scopes.iter().any(|scope| ENOUGH.contains(&scope.as_str()))
}

/// Dangerous scopes that no deployment needs: administration and deletion.
pub(crate) fn too_wide(scopes: &[String]) -> Vec<&str> {
    scopes
        .iter()
        .map(String::as_str)
        .filter(|scope| {
            scope.starts_with("admin:") || scope.starts_with("delete") || *scope == "site_admin"
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(list: &str) -> Vec<String> {
        list.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn deployments_need_one_of_three() {
        for enough in ["repo_deployment", "gist repo", "public_repo read:org"] {
            assert!(!lacks_deployments(&scopes(enough)), "{enough}");
        }
        for lacking in ["", "gist read:org", "repo:status", "repository"] {
            assert!(lacks_deployments(&scopes(lacking)), "{lacking}");
        }
    }

    #[test]
    fn what_administers_or_deletes_is_too_wide() {
        let list = scopes("repo admin:org delete_repo read:org site_admin delete:packages");
        assert_eq!(
            too_wide(&list),
            ["admin:org", "delete_repo", "site_admin", "delete:packages"]
        );
        assert!(too_wide(&scopes("repo repo_deployment workflow user")).is_empty());
    }
}
