//! What a status says of how a command ended.
//!
//! `success` if it ended with exit code 0; `failure` if it said no by another
//! code; `error` if it could not say: it could not be started, was killed, ran
//! out of time, or was interrupted.

use super::output_file::Written;
use super::redact::Redactor;
use crate::api::NewStatus;
use crate::model::{DESCRIPTION_LIMIT, StatusState};
use crate::process::{End, Finished};

/// Addresses that a status carries where the command's output file names none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Where the output is.
    pub log_url: Option<String>,
    /// Where the deployed thing can be visited.
    pub environment_url: Option<String>,
}

/// The state that an end amounts to.
pub(crate) fn state_of(end: &End) -> StatusState {
    match end {
        End::Exited(0) => StatusState::Success,
        End::Exited(_) => StatusState::Failure,
        End::Killed(_) | End::TimedOut { .. } | End::Stopped { .. } | End::NotStarted { .. } => {
            StatusState::Error
        }
    }
}

/// What is said of an end: nothing of a success, else how it ended and the last
/// words of the command, if they are known.
pub(crate) fn description_of(end: &End, last_words: Option<&str>) -> Option<String> {
    if end.is_success() {
        return None;
    }
    let how = end.to_string();
    Some(short(&match last_words {
        Some(words) => format!("{how}: {words}"),
        None => how,
    }))
}

/// The status that reports the end of a command. What the command wrote into
/// its output file takes precedence. None of it holds a secret that `redactor`
/// knows.
pub(crate) fn final_status(
    finished: &Finished,
    written: &Written,
    otherwise: &Addresses,
    redactor: &Redactor,
) -> NewStatus {
    // Learns what the last line masks.
    let last_words = finished.last_words();
    let or = |written: &Option<String>, other: &Option<String>| {
        let address = written.as_deref().or(other.as_deref());
        address.map(|address| redactor.redact(address).into_owned())
    };
    let description = written.description.as_deref();
    NewStatus {
        description: description
            .map(|text| redacted(redactor, text))
            .or_else(|| description_of(&finished.end, last_words.as_deref())),
        log_url: or(&written.log_url, &otherwise.log_url),
        environment_url: or(&written.environment_url, &otherwise.environment_url),
        ..NewStatus::new(state_of(&finished.end))
    }
}

/// A text as a status can carry it, without secrets: those that were broken up
/// by escape sequences are recognized once these are gone.
pub(crate) fn redacted(redactor: &Redactor, text: &str) -> String {
    short(&redactor.redact(&plain(&redactor.redact(text))))
}

/// A text as a status can carry it: one line, without control characters, at
/// most [`DESCRIPTION_LIMIT`] characters; what is cut off is shown by `…`.
pub(crate) fn short(text: &str) -> String {
    let text = plain(text);
    if text.chars().count() <= DESCRIPTION_LIMIT {
        return text;
    }
    let kept: String = text.chars().take(DESCRIPTION_LIMIT - 1).collect();
    format!("{}…", kept.trim_end())
}

/// A text without escape sequences, control characters and marks that change
/// the direction of writing; blanks are one space each, and none stands at the
/// ends.
pub(crate) fn plain(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut plain = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            // The same in one character, as old terminals have it.
            '\u{9b}' => skip_until_final(&mut chars),
            c if is_mark(c) => {}
            c if c.is_whitespace() || c.is_control() => {
                if !plain.is_empty() && !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            c => plain.push(c),
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Skips what stands behind ESC.
fn skip_escape(chars: &mut Chars<'_>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            skip_until_final(chars);
        }
        // Strings, such as titles and links, end with BEL or ESC \.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' {
                    return;
                }
                if c == '\u{1b}' {
                    chars.next_if_eq(&'\\');
                    return;
                }
            }
        }
        Some(' '..='/') => {
            while chars.next_if(|c| (' '..='/').contains(c)).is_some() {}
            chars.next();
        }
        Some('0'..='~') => {
            chars.next();
        }
        _ => {}
    }
}

/// Skips the parameters and the final letter of a control sequence.
fn skip_until_final(chars: &mut Chars<'_>) {
    while chars.next_if(|c| (' '..='?').contains(c)).is_some() {}
    chars.next_if(|c| ('@'..='~').contains(c));
}

/// Whether it is a mark without a width of its own that changes how others are
/// shown.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::process::{Force, Signal};

    #[test]
    fn each_end_has_its_state() {
        for (end, state) in [
            (End::Exited(0), StatusState::Success),
            (End::Exited(1), StatusState::Failure),
            (End::Exited(255), StatusState::Failure),
            (End::Killed(9), StatusState::Error),
            (
                End::TimedOut {
                    after: Duration::from_secs(1),
                    force: Force::None,
                },
                StatusState::Error,
            ),
            (
                // It ended well, but it was told to stop: that is no success.
                End::Stopped {
                    signal: Some(Signal::Terminate),
                    force: Force::None,
                },
                StatusState::Error,
            ),
            (
                End::NotStarted {
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
        assert_eq!(description_of(&End::Exited(0), Some("done")), None);
        assert_eq!(
            description_of(&End::Exited(3), None).as_deref(),
            Some("exit code 3")
        );
        assert_eq!(
            description_of(&End::Exited(3), Some("smoke test failed")).as_deref(),
            Some("exit code 3: smoke test failed")
        );
    }

    #[test]
    fn escapes_are_taken_out() {
        for (text, expected) in [
            ("\u{1b}[1;31merror:\u{1b}[0m  no\tway ", "error: no way"),
            ("\u{1b}]8;;https://x\u{1b}\\link\u{1b}]8;;\u{7}!", "link!"),
            ("\u{1b}(Ba\u{1b}=b\u{9b}2Kc", "abc"),
            ("a\u{202e}b\u{200b}c", "abc"),
            ("a\r\nb\u{7}c", "a b c"),
            ("\u{1b}", ""),
            ("\u{1b}[", ""),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_in_characters() {
        assert_eq!(short(&"é".repeat(140)), "é".repeat(140));
        let cut = short(&"é".repeat(141));
        assert_eq!(cut.chars().count(), 140);
        assert!(cut.ends_with('…'));
    }

    proptest! {
        #[test]
        fn a_description_is_always_one_that_a_server_takes(text in any::<String>()) {
            let short = short(&text);
            prop_assert!(short.chars().count() <= DESCRIPTION_LIMIT);
            prop_assert!(!short.chars().any(char::is_control));
        }
    }
}
