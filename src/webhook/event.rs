use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::{Deployment, RepoSlug, Status};

/// An event of a webhook.
///
/// The set of events is open: an unknown one is [`Event::Other`]. Unknown fields are
/// ignored.
///
/// See <https://docs.github.com/webhooks/webhook-events-and-payloads>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The webhook was created or tested.
    Ping {
        hook_id: Option<u64>,
    },
    Deployment(Box<DeploymentEvent>),
    /// GitHub sends none for `inactive`, but one is accepted.
    DeploymentStatus(Box<DeploymentStatusEvent>),
    /// The name of another event.
    Other(String),
}

/// The payload of the event `deployment`.
///
/// See <https://docs.github.com/webhooks/webhook-events-and-payloads#deployment>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeploymentEvent {
    /// GitHub sends only `created`.
    pub action: String,
    pub repository: RepoSlug,
    pub deployment: Deployment,
    /// Whether a job of GitHub Actions created the deployment and deploys it itself.
    pub by_workflow: bool,
}

/// The payload of the event `deployment_status`.
///
/// See <https://docs.github.com/webhooks/webhook-events-and-payloads#deployment_status>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeploymentStatusEvent {
    /// GitHub sends only `created`.
    pub action: String,
    pub repository: RepoSlug,
    pub deployment: Deployment,
    pub status: Status,
}

/// Why a body cannot be decoded, without anything of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Undecodable {
    #[error("the form has no field payload")]
    NoPayload,
    #[error("the body is not JSON")]
    NoJson,
    /// It is JSON, but lacks required fields.
    #[error("the body lacks required fields of the event")]
    WrongShape,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

#[derive(Deserialize)]
struct PingBody {
    #[serde(default)]
    hook_id: Option<u64>,
}

#[derive(Deserialize)]
struct DeploymentBody {
    action: String,
    deployment: Deployment,
    repository: Repository,
    #[serde(default)]
    workflow_run: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct StatusBody {
    action: String,
    deployment: Deployment,
    deployment_status: Status,
    repository: Repository,
}

/// Decodes a delivery: the name is that in `X-GitHub-Event`, and the body is JSON, or a
/// form whose field `payload` contains the JSON. The caller has checked the signature.
pub(crate) fn decode(
    name: &str,
    content_type: Option<&str>,
    body: &[u8],
) -> Result<Event, Undecodable> {
    let form;
    let json = if is_form(content_type) {
        form = url::form_urlencoded::parse(body)
            .find(|(key, _)| key == "payload")
            .ok_or(Undecodable::NoPayload)?
            .1
            .into_owned();
        form.as_bytes()
    } else {
        body
    };
    match name {
        "ping" => {
            let body: PingBody = read(json)?;
            Ok(Event::Ping {
                hook_id: body.hook_id,
            })
        }
        "deployment" => {
            let body: DeploymentBody = read(json)?;
            Ok(Event::Deployment(Box::new(DeploymentEvent {
                action: body.action,
                repository: slug(&body.repository)?,
                deployment: body.deployment,
                by_workflow: body.workflow_run.is_some(),
            })))
        }
        "deployment_status" => {
            let body: StatusBody = read(json)?;
            Ok(Event::DeploymentStatus(Box::new(DeploymentStatusEvent {
                action: body.action,
                repository: slug(&body.repository)?,
                deployment: body.deployment,
                status: body.deployment_status,
            })))
        }
        other => Ok(Event::Other(other.to_owned())),
    }
}

fn is_form(content_type: Option<&str>) -> bool {
    content_type
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Undecodable> {
    serde_json::from_slice(json).map_err(|error| {
        if error.is_data() {
            Undecodable::WrongShape
        } else {
            Undecodable::NoJson
        }
    })
}

fn slug(repository: &Repository) -> Result<RepoSlug, Undecodable> {
    let slug = repository.full_name.parse();
    slug.map_err(|_| Undecodable::WrongShape)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::model::{DeploymentId, StatusState};

    fn deployment() -> Value {
        json!({
            "id": 4_442_074_271_u64, "sha": "a".repeat(40), "ref": "main", "task": "deploy",
            "environment": "staging", "payload": {"a": 1}, "new_field": [1],
            "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
        })
    }

    fn body() -> Value {
        json!({
            "action": "created", "deployment": deployment(), "workflow_run": null,
            "repository": {"full_name": "octocat/hello-world", "created_at": 1},
            "sender": {"login": "octocat"},
        })
    }

    fn bytes(value: &Value) -> Vec<u8> {
        serde_json::to_vec(value).expect("serializes")
    }

    #[test]
    fn a_deployment_is_read_from_json_and_from_a_form() {
        let json = bytes(&body());
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("payload", &String::from_utf8(json.clone()).expect("text"))
            .finish();
        for (kind, body) in [
            (None, json.clone()),
            (Some("application/json; charset=utf-8"), json),
            (Some("Application/X-WWW-Form-Urlencoded"), form.into_bytes()),
        ] {
            let event = decode("deployment", kind, &body).expect("read");
            let Event::Deployment(event) = event else {
                panic!("{event:?}")
            };
            assert_eq!(event.deployment.id, DeploymentId(4_442_074_271));
            assert_eq!(event.repository.to_string(), "octocat/hello-world");
            assert!(!event.by_workflow, "null is no workflow");
        }
    }

    #[test]
    fn what_a_workflow_made_is_distinguished() {
        let mut value = body();
        value["workflow_run"] = json!({"id": 1});
        let Ok(Event::Deployment(event)) = decode("deployment", None, &bytes(&value)) else {
            panic!("no deployment");
        };
        assert!(event.by_workflow);
    }

    #[test]
    fn an_inactive_status_and_an_unknown_state_are_read() {
        for (word, state) in [
            ("inactive", StatusState::Inactive),
            ("teleported", StatusState::Other("teleported".to_owned())),
        ] {
            let mut value = body();
            value["deployment_status"] =
                json!({"id": 7, "state": word, "created_at": "2026-01-02T03:04:05Z"});
            let event = decode("deployment_status", None, &bytes(&value)).expect("read");
            let Event::DeploymentStatus(event) = event else {
                panic!("{event:?}")
            };
            assert_eq!(event.status.state, state);
        }
    }

    #[test]
    fn other_events_are_no_error() {
        for body in [&b"{}"[..], b"", b"\xff"] {
            assert_eq!(
                decode("push", None, body),
                Ok(Event::Other("push".to_owned()))
            );
        }
        assert_eq!(
            decode("ping", None, br#"{"zen":"x","hook_id":3}"#),
            Ok(Event::Ping { hook_id: Some(3) })
        );
    }

    #[test]
    fn what_is_garbled_is_refused() {
        let mut nameless = body();
        nameless["repository"]["full_name"] = "../x".into();
        let mut wrong = body();
        wrong["deployment"]["id"] = "1".into();
        for (kind, body, error) in [
            (None, b"{".to_vec(), Undecodable::NoJson),
            (None, b"\xff\xfe".to_vec(), Undecodable::NoJson),
            (None, b"{}".to_vec(), Undecodable::WrongShape),
            (None, b"[]".to_vec(), Undecodable::WrongShape),
            (None, bytes(&nameless), Undecodable::WrongShape),
            (None, bytes(&wrong), Undecodable::WrongShape),
            (
                Some("application/x-www-form-urlencoded"),
                b"a=b".to_vec(),
                Undecodable::NoPayload,
            ),
        ] {
            assert_eq!(decode("deployment", kind, &body), Err(error));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(name in "ping|deployment|deployment_status|\\PC*", body: Vec<u8>, is_form: bool) {
            let kind = is_form.then_some("application/x-www-form-urlencoded");
            drop(decode(&name, kind, &body));
        }

        #[test]
        fn unknown_fields_change_nothing(key in "[a-z_]{1,12}x", value in "\\PC*") {
            let mut with = body();
            with[&key] = json!({"x": value});
            with["deployment"][&key] = value.into();
            prop_assert_eq!(
                decode("deployment", None, &bytes(&with)),
                decode("deployment", None, &bytes(&body()))
            );
        }
    }
}
