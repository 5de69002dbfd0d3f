use std::fmt::Write as _;

use jiff::Timestamp;

use super::plan::{Operation, Plan};
use crate::api::NewDeployment;
use crate::model::PastDeployment;
use crate::output::{short_sha, time};
use crate::term::Term;

/// How many candidates of a rollback are listed.
const LISTED: usize = 5;

/// Says what a plan does, in the lines above the question.
pub(super) fn show_plan(term: &Term, operation: &Operation, plan: &Plan, now: Timestamp) {
    let environment = &plan.environment;
    let source = describe(&plan.source, now);
    term.note(match operation {
        Operation::Promote { from, .. } => {
            format!("promote from {from} to {environment}: {source}")
        }
        Operation::Rollback { .. } => format!("roll back {environment} to {source}"),
    });
    term.note(match (&plan.live, plan.failed) {
        (_, Some(failed)) => format!("  it is live, and deployment {failed} has failed"),
        (Some(live), None) => format!("  live there now: {}", describe(live, now)),
        (None, None) => "  nothing is live there".to_owned(),
    });
    if plan.task != "deploy" {
        term.note(format!("  task {}", plan.task));
    }
    let others = plan.candidates.iter().zip(1..);
    let others = others.filter(|(one, _)| one.id != plan.source.id);
    for (one, steps) in others.take(LISTED) {
        term.note(format!(
            "  --to -{steps} would return to {}",
            describe(one, now)
        ));
    }
}

/// Says what is sent that the user may not expect.
pub(super) fn show_request(term: &Term, operation: &Operation, new: &NewDeployment) {
    if operation.is_rollback() && new.required_contexts.as_ref().is_some_and(Vec::is_empty) {
        term.note("  no status check is required, since the commit has been live; --required-context NAME requires one");
    }
    if new.payload.is_some() {
        term.note("  with a payload");
    }
}

/// A deployment in a few words: commit, ID, ref, age.
fn describe(past: &PastDeployment, now: Timestamp) -> String {
    let mut text = format!("{} (deployment {}", short_sha(&past.sha), past.id);
    if let Some(name) = past.ref_name.as_ref().filter(|name| **name != past.sha) {
        // Writing to a String cannot fail.
        let _ = write!(text, " of {name}");
    }
    let _ = write!(text, ", {})", time::ago(past.created_at, now));
    text
}
