//! The settings of a webhook, and what they may be
//! (<https://docs.github.com/rest/repos/webhooks#create-a-repository-webhook>).

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::Failure;
use crate::store::{ContentType, NewHook};

/// What a webhook of a repository can be told of; the sandbox tells of
/// `deployment` and `deployment_status` only.
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

/// Whether a webhook can ask for this event; `*` asks for all.
pub(crate) fn known_event(name: &str) -> bool {
    EVENTS.contains(&name)
}

/// The settings of a webhook that are about how deliveries are sent. What is
/// `None` was left out.
///
/// It holds a secret, so it has no `Debug`.
#[derive(Default, Deserialize)]
pub(crate) struct HookConfig {
    pub(crate) url: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) secret: Option<String>,
    pub(crate) insecure_ssl: Option<Value>,
}

/// What a webhook is to become. What is `None` was left out.
#[derive(Default)]
pub(crate) struct HookEdit {
    /// All settings of the sending: those it lacks are reset.
    pub(crate) config: Option<HookConfig>,
    /// All events.
    pub(crate) events: Option<Vec<String>>,
    /// Events beside those it hears of already.
    pub(crate) add_events: Vec<String>,
    /// Events that it is not to hear of any more.
    pub(crate) remove_events: Vec<String>,
    /// Whether events are sent.
    pub(crate) active: Option<bool>,
}

pub(super) fn invalid(field: &'static str, message: impl Into<String>) -> Failure {
    Failure::Invalid {
        resource: "Hook",
        field,
        message: message.into(),
    }
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

impl HookConfig {
    /// Changes what is given of the settings.
    pub(super) fn apply(self, to: &mut NewHook) -> Result<(), Failure> {
        if let Some(url) = self.url {
            to.url = url;
        }
        check_url(&to.url).map_err(|message| invalid("url", message))?;
        if let Some(word) = self.content_type {
            to.content_type = ContentType::of(&word).ok_or_else(|| {
                invalid("content_type", "Content type must be one of: form, json")
            })?;
        }
        if let Some(secret) = self.secret {
            to.secret = (!secret.is_empty()).then(|| SecretString::from(secret));
        }
        if let Some(insecure) = self.insecure_ssl {
            to.insecure_ssl = match insecure {
                Value::String(word) if word == "0" => false,
                Value::String(word) if word == "1" => true,
                Value::Number(number) if number.as_u64() == Some(0) => false,
                Value::Number(number) if number.as_u64() == Some(1) => true,
                _ => return Err(invalid("insecure_ssl", "Insecure ssl must be one of: 0, 1")),
            };
        }
        Ok(())
    }
}

/// The events, each once.
pub(super) fn checked(events: Vec<String>) -> Result<Vec<String>, Failure> {
    let mut all: Vec<String> = Vec::new();
    for event in events {
        if !known_event(&event) {
            let message = format!("Events contain an unknown event: {event}");
            return Err(invalid("events", message));
        }
        if !all.contains(&event) {
            all.push(event);
        }
    }
    if all.is_empty() {
        return Err(invalid("events", "Events can't be blank"));
    }
    // Who hears of all needs no other.
    if all.iter().any(|event| event == "*") {
        all = vec!["*".to_owned()];
    }
    Ok(all)
}

/// A webhook with nothing set.
pub(super) fn blank() -> NewHook {
    NewHook {
        active: true,
        events: vec!["push".to_owned()],
        url: String::new(),
        content_type: ContentType::Form,
        secret: None,
        insecure_ssl: false,
        is_given: false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use proptest::prelude::*;
    use serde_json::json;
    use url::Url;

    use super::{EVENTS, HookConfig, blank, check_url, checked};

    #[test]
    fn events_are_each_there_once_and_all_stands_alone() {
        let of = |names: &[&str]| {
            let names = names.iter().map(|&name| name.to_owned()).collect();
            checked(names).map_err(|failure| failure.detail())
        };
        assert_eq!(of(&["push", "push"]).unwrap(), ["push"]);
        assert_eq!(of(&["push", "*"]).unwrap(), ["*"]);
        assert!(of(&[]).is_err() && of(&["ping"]).is_err());
        let mut sorted = EVENTS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), EVENTS.len());
    }

    proptest! {
        #[test]
        fn only_what_can_be_sent_to_is_taken(url in ".{0,40}|https?://.{0,40}|[a-z]+://[a-z]+") {
            if check_url(&url).is_ok() {
                let parsed: Url = url.parse().unwrap();
                prop_assert!(["http", "https"].contains(&parsed.scheme()));
                prop_assert!(parsed.has_host());
            }
        }

        #[test]
        fn any_settings_are_taken_or_refused(
            content_type in "json|form|.{0,9}",
            insecure in 0..3_u8,
            as_text: bool,
            secret in ".{0,9}",
        ) {
            let insecure = if as_text { json!(insecure.to_string()) } else { json!(insecure) };
            let config = json!({
                "url": "http://a/", "content_type": content_type, "secret": secret,
                "insecure_ssl": insecure,
            });
            let config: HookConfig = serde_json::from_value(config).unwrap();
            let mut hook = blank();
            if config.apply(&mut hook).is_ok() {
                prop_assert_eq!(hook.content_type.word(), content_type);
                prop_assert_eq!(hook.secret.is_some(), !secret.is_empty());
                prop_assert_eq!(hook.insecure_ssl, insecure == json!(1) || insecure == json!("1"));
            }
        }
    }
}
