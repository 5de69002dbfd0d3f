//! Parsers of bytes from the network or from a user, for the targets in `fuzz/`.
//! Each accepts any bytes, and panics if an invariant is violated.

pub use crate::api::fuzzing::{deployments_page, graphql_answer, link};

use crate::error::{Asking, Failure};
use crate::model::{Repository, remote_repository};
use crate::term::{is_harmful, visible, visible_lines, visible_text};

/// The body of an error response, and the failure that is shown.
pub fn error_body(bytes: &[u8]) {
    let error = crate::api::fuzzing::error_body(bytes);
    let failure = Failure::from_api(&error, &Asking::default());
    assert!(!failure.message().is_empty());
    assert!(failure.kind().exit_code() != 0, "an error is no success");
    assert!(failure.to_json().is_object());
}

/// The URL of a git remote. The name of a parsed repository can be parsed again.
pub fn remote(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(repository) = remote_repository(&text) {
        let name = repository.to_string();
        assert_eq!(
            name.parse::<Repository>().ok(),
            Some(repository),
            "{name:?}"
        );
    }
}

/// A repository as a user writes it.
pub fn repository(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(repository) = text.parse::<Repository>() {
        let name = repository.to_string();
        assert!(!name.chars().any(is_harmful), "{name:?}");
        if let Some(host) = &repository.host {
            drop(host.endpoints());
        }
        assert_eq!(
            name.parse::<Repository>().ok(),
            Some(repository),
            "{name:?}"
        );
    }
}

/// Selectors as a user writes them.
pub fn selectors(bytes: &[u8]) {
    crate::select::fuzzing::selectors(&String::from_utf8_lossy(bytes));
}

/// A delivery of a webhook; the first byte selects the event and the type of the
/// body.
#[cfg(feature = "agent")]
pub fn webhook_event(bytes: &[u8]) {
    use crate::webhook::{Event, decode};
    let (first, body) = bytes.split_first().unwrap_or((&0, &[]));
    let name = ["deployment", "deployment_status", "ping", "push"][usize::from(first & 3)];
    let form = "application/x-www-form-urlencoded";
    match decode(name, (first & 4 != 0).then_some(form), body) {
        Ok(Event::Deployment(event)) => {
            let name = event.repository.to_string();
            assert!(!name.chars().any(is_harmful), "{name:?}");
        }
        Ok(Event::Other(other)) => assert_eq!(other, "push"),
        _ => {}
    }
}

/// The configuration of an agent. Each problem has a position.
#[cfg(feature = "agent")]
pub fn agent_config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let folder = std::path::Path::new("/etc/deployctl");
    match crate::agent::config::Config::parse(&text, folder) {
        Ok(config) => assert!(!config.rules.is_empty(), "it would do nothing"),
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(problem.line >= 1 && problem.line <= 1 + text.matches('\n').count());
            }
        }
    }
}

/// Any text on its way to a terminal.
pub fn escaping(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let shown = visible(&text);
    assert!(!shown.chars().any(is_harmful), "{shown:?}");
    assert_eq!(visible(&shown), shown, "what is visible stays as it is");
    let lines = visible_lines(text.split('\n'));
    assert_eq!(lines.matches('\n').count(), text.matches('\n').count());
    let kept = |c: char| !matches!(c, '\n' | '\t') && is_harmful(c);
    assert!(!visible_text(&text).chars().any(kept));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            super::error_body(&bytes);
            super::remote(&bytes);
            super::repository(&bytes);
            super::selectors(&bytes);
            super::escaping(&bytes);
            #[cfg(feature = "agent")]
            super::webhook_event(&bytes);
            #[cfg(feature = "agent")]
            super::agent_config(&bytes);
        }

        #[test]
        fn any_error_in_githubs_format_is_explained(
            status in any::<u8>(),
            message in any::<String>(),
            field in any::<String>(),
        ) {
            let body = serde_json::json!({"message": message, "errors": [field, {"field": field}]});
            let mut bytes = vec![status];
            bytes.extend(body.to_string().into_bytes());
            super::error_body(&bytes);
        }
    }
}
