use super::entry::Entry;
use super::gate::WhyNot;
use super::outcome::{ReviewResult, exit_code};
use crate::error::{Failure, Kind};
use crate::exit;
use crate::model::ReviewState;
use crate::output::counted;

/// The failure that the results stand for, if they are not all as wanted.
pub(super) fn conclude(
    entries: &[Entry],
    state: &ReviewState,
    follows: bool,
) -> Result<(), Failure> {
    let results: Vec<ReviewResult> = entries.iter().filter_map(|entry| entry.result).collect();
    let mut codes = entries.iter().filter_map(|entry| entry.failure_code);
    let failure_code = codes
        .next()
        .filter(|code| codes.all(|other| other == *code));
    let code = match exit_code(&results, failure_code) {
        // A later gate that is not the caller's ends a run that is followed.
        exit::FAILURE if follows && is_stopped(&results) => exit::FORBIDDEN,
        code => code,
    };
    if code == exit::DONE {
        return Ok(());
    }
    let rest = entries
        .iter()
        .filter(|entry| entry.result.is_none_or(|result| !result.is_done()));
    let lines: Vec<String> = rest
        .clone()
        .map(|entry| {
            let message = entry.message.as_deref().unwrap_or_default();
            let result = entry.result.map_or("open", words);
            format!(
                "run {}, {}: {result}: {message}",
                entry.run_id,
                entry.environment()
            )
        })
        .collect();
    let kind = match code {
        exit::FORBIDDEN => Kind::Forbidden,
        exit::NOT_FINISHED => Kind::NotFinished,
        _ => Kind::Other,
    };
    let what = match kind {
        Kind::NotFinished => "approved, and still held".to_owned(),
        _ => format!(
            "{} of {} could not be {}",
            lines.len(),
            counted(entries.len(), "environment"),
            state
        ),
    };
    Err(Failure::new(kind, what)
        .exit(code)
        .lines(lines)
        .with_hints(cures(rest)))
}

/// Whether a gate that is not the caller's is all that is wrong.
fn is_stopped(results: &[ReviewResult]) -> bool {
    let has = |result| results.contains(&result);
    has(ReviewResult::NotAllowed) && !has(ReviewResult::Refused) && !has(ReviewResult::Failed)
}

/// What can be done about what was not allowed.
fn cures<'e>(entries: impl Iterator<Item = &'e Entry>) -> Vec<String> {
    let (mut not_reviewer, mut self_review, mut refused) = (false, false, false);
    for entry in entries {
        match (entry.result, entry.why_not) {
            (Some(ReviewResult::NotAllowed), Some(WhyNot::SelfReview)) => self_review = true,
            (Some(ReviewResult::NotAllowed), _) => not_reviewer = true,
            (Some(ReviewResult::Refused), _) => refused = true,
            _ => {}
        }
    }
    let mut cures = Vec::new();
    if self_review {
        cures.push("ask another required reviewer; you started the run".to_owned());
    }
    if not_reviewer {
        cures.push(
            "ask a required reviewer, or have yourself added with 'deployctl env edit ENV --reviewer LOGIN'"
                .to_owned(),
        );
        cures.push(
            "an administrator who is not a reviewer can bypass the rules on the run's web page only"
                .to_owned(),
        );
        cures.push(
            "'deployctl reap --waiting' cancels runs that nobody reviews, and needs no reviewer"
                .to_owned(),
        );
        cures.push(
            "GITHUB_TOKEN and other installation tokens cannot review; use a token of a reviewer"
                .to_owned(),
        );
    }
    if refused {
        cures.push("name the run by its ID to review it anyway".to_owned());
    }
    cures
}

pub(super) fn words(result: ReviewResult) -> &'static str {
    match result {
        ReviewResult::NotAllowed => "not allowed",
        ReviewResult::Refused => "left out",
        ReviewResult::Already => "already done",
        other => other.as_str(),
    }
}
