//! The settings of a webhook and their limits
//! (<https://docs.github.com/rest/repos/webhooks#create-a-repository-webhook>).

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::Failure;
use crate::store::{ContentType, NewHook};
use crate::webhook_checks::{check_url, known_event};

/// The settings of a webhook's deliveries. `None` means left out.
///
/// It holds a secret, so it has no `Debug`.
#[derive(Default, Deserialize)]
pub(crate) struct HookConfig {
    pub(crate) url: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) secret: Option<String>,
    pub(crate) insecure_ssl: Option<Value>,
}

/// The changes to a webhook. `None` means left out.
#[derive(Default)]
pub(crate) struct HookEdit {
    /// All settings of the deliveries: those that are left out are reset.
    pub(crate) config: Option<HookConfig>,
    /// All events.
    pub(crate) events: Option<Vec<String>>,
    /// Events to add.
    pub(crate) add_events: Vec<String>,
    /// Events to remove.
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

impl HookConfig {
    /// Applies the given settings.
    pub(super) fn apply(self, to: &mut NewHook) -> Result<(), Failure> {
        if let Some(url) = self.url {
            to.url = url;
        }
        check_url(&to.url).map_err(|message| invalid("url", message))?;
        if let Some(word) = self.content_type {
            to.content_type = ContentType::parse(&word).ok_or_else(|| {
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
    // `*` includes all others.
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

    use super::{HookConfig, blank, checked};

    #[test]
    fn events_are_unique_and_the_wildcard_stands_alone() {
        let of = |names: &[&str]| {
            let names = names.iter().map(|&name| name.to_owned()).collect();
            checked(names).map_err(|failure| failure.detail())
        };
        assert_eq!(of(&["push", "push"]).unwrap(), ["push"]);
        assert_eq!(of(&["push", "*"]).unwrap(), ["*"]);
        assert!(of(&[]).is_err() && of(&["ping"]).is_err());
    }

    proptest! {
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
                prop_assert_eq!(hook.content_type.as_str(), content_type);
                prop_assert_eq!(hook.secret.is_some(), !secret.is_empty());
                prop_assert_eq!(hook.insecure_ssl, insecure == json!(1) || insecure == json!("1"));
            }
        }
    }
}
