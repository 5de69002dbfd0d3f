//! The status that reports how a command ended.
//!
//! `success` if the exit code is 0, and `failure` if it is another one; `error`
//! without an exit code, since the command could not be started, was killed, timed out, or was
//! interrupted.

use super::end::CommandEnd;
use super::output_file::OutputFileContent;
use super::redact::Redactor;
use super::run::FinishedCommand;
use super::text::{to_description, to_plain_line};
use crate::api::NewStatus;
use crate::model::StatusState;

/// The URLs of a status, for those that the command's output file does not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusUrls {
    pub log_url: Option<String>,
    pub environment_url: Option<String>,
}

pub(crate) fn state_of(end: &CommandEnd) -> StatusState {
    match end {
        CommandEnd::Exited(0) => StatusState::Success,
        CommandEnd::Exited(_) => StatusState::Failure,
        CommandEnd::Killed(_)
        | CommandEnd::TimedOut { .. }
        | CommandEnd::Stopped { .. }
        | CommandEnd::NotStarted { .. } => StatusState::Error,
    }
}

/// Describes how a command failed, with its last line of output; `None` for a success.
pub(crate) fn description_of(end: &CommandEnd, last_line: Option<&str>) -> Option<String> {
    if end.is_success() {
        return None;
    }
    let how = end.to_string();
    Some(to_description(&match last_line {
        Some(line) => format!("{how}: {line}"),
        None => how,
    }))
}

/// The status that reports the end of a command. The output file of the command takes
/// precedence over `urls`. No field contains a secret that `redactor` knows.
pub(crate) fn final_status(
    finished: &FinishedCommand,
    written: &OutputFileContent,
    urls: &StatusUrls,
    redactor: &Redactor,
) -> NewStatus {
    // First, since the redactor learns what the last line masks.
    let last_line = finished.last_line();
    let url_or = |written: &Option<String>, other: &Option<String>| {
        let url = written.as_deref().or(other.as_deref());
        url.map(|url| redactor.redact(url).into_owned())
    };
    let description = written.description.as_deref();
    NewStatus {
        description: description
            .map(|text| redacted_description(redactor, text))
            .or_else(|| description_of(&finished.end, last_line.as_deref())),
        log_url: url_or(&written.log_url, &urls.log_url),
        environment_url: url_or(&written.environment_url, &urls.environment_url),
        ..NewStatus::new(state_of(&finished.end))
    }
}

/// Makes a description of a text, without secrets. It is redacted twice, since escape
/// sequences may have split a secret.
pub(crate) fn redacted_description(redactor: &Redactor, text: &str) -> String {
    to_description(&redactor.redact(&to_plain_line(&redactor.redact(text))))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::time::Duration;

    use super::*;
    use crate::process::{Force, Signal};

    #[test]
    fn each_end_has_its_state() {
        for (end, state) in [
            (CommandEnd::Exited(0), StatusState::Success),
            (CommandEnd::Exited(1), StatusState::Failure),
            (CommandEnd::Exited(255), StatusState::Failure),
            (CommandEnd::Killed(9), StatusState::Error),
            (
                CommandEnd::TimedOut {
                    after: Duration::from_secs(1),
                    force: Force::None,
                },
                StatusState::Error,
            ),
            (
                // It exited with 0 but was told to stop, which is not a
                // success.
                CommandEnd::Stopped {
                    signal: Some(Signal::Terminate),
                    force: Force::None,
                },
                StatusState::Error,
            ),
            (
                CommandEnd::NotStarted {
                    program: "deploy".to_owned(),
                    error: io::Error::from(io::ErrorKind::NotFound),
                },
                StatusState::Error,
            ),
        ] {
            assert_eq!(state_of(&end), state, "{end:?}");
        }
    }

    #[test]
    fn the_description_tells_how_and_the_last_words() {
        assert_eq!(description_of(&CommandEnd::Exited(0), Some("done")), None);
        assert_eq!(
            description_of(&CommandEnd::Exited(3), None).as_deref(),
            Some("exit code 3")
        );
        assert_eq!(
            description_of(&CommandEnd::Exited(3), Some("smoke test failed")).as_deref(),
            Some("exit code 3: smoke test failed")
        );
    }
}
