//! The events and addresses that GitHub accepts for webhooks.

use url::Url;

/// The events that a webhook of a repository can subscribe to. The sandbox
/// sends only some of them.
const EVENTS: [&str; 60] = [
    "branch_protection_configuration",
    "branch_protection_rule",
    "check_run",
    "check_suite",
    "code_scanning_alert",
    "commit_comment",
    "create",
    "custom_property_values",
    "delete",
    "dependabot_alert",
    "deploy_key",
    "deployment",
    "deployment_status",
    "discussion",
    "discussion_comment",
    "fork",
    "gollum",
    "issue_comment",
    "issue_dependencies",
    "issues",
    "label",
    "member",
    "membership",
    "merge_group",
    "meta",
    "milestone",
    "org_block",
    "organization",
    "package",
    "page_build",
    "project",
    "project_card",
    "project_column",
    "projects_v2_item",
    "public",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "push",
    "registry_package",
    "release",
    "repository",
    "repository_advisory",
    "repository_import",
    "repository_ruleset",
    "repository_vulnerability_alert",
    "secret_scanning_alert",
    "secret_scanning_alert_location",
    "secret_scanning_scan",
    "security_and_analysis",
    "star",
    "status",
    "sub_issues",
    "team",
    "team_add",
    "watch",
    "workflow_job",
    "workflow_run",
    "*",
];

/// Whether a webhook can subscribe to this event; `*` means all.
pub(crate) fn known_event(name: &str) -> bool {
    EVENTS.contains(&name)
}

/// Whether deliveries can be sent there.
///
/// # Errors
/// GitHub's sentence about an address that cannot be used.
pub(crate) fn check_url(url: &str) -> Result<(), String> {
    if url.is_empty() {
        return Err("Config must contain URL for webhooks".to_owned());
    }
    if !url.contains("://") {
        return Err("Url is missing a scheme".to_owned());
    }
    match Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(()),
        Ok(parsed) => Err(format!("Url scheme {} is not supported", parsed.scheme())),
        Err(_) => Err(
            "The URL you've entered is not valid. Please make sure that you encode all special \
             characters first."
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use proptest::prelude::*;
    use url::Url;

    use super::{EVENTS, check_url};

    #[test]
    fn each_event_is_named_once() {
        let mut sorted = EVENTS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), EVENTS.len());
    }

    proptest! {
        #[test]
        fn only_usable_urls_are_accepted(url in ".{0,40}|https?://.{0,40}|[a-z]+://[a-z]+") {
            if check_url(&url).is_ok() {
                let parsed: Url = url.parse().unwrap();
                prop_assert!(["http", "https"].contains(&parsed.scheme()));
                prop_assert!(parsed.has_host());
            }
        }
    }
}
