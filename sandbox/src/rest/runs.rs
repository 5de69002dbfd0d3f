//! Workflow runs and their jobs
//! (<https://docs.github.com/rest/actions/workflow-runs>).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply};
use crate::rules::{Failure, Witness, not_a_member};
use crate::store::{RunFilter, WorkflowRun};
use crate::wire::runs::RunContext;

/// The statuses and conclusions that the list is filtered by.
const STATUSES: [&str; 14] = [
    "completed",
    "action_required",
    "cancelled",
    "failure",
    "neutral",
    "skipped",
    "stale",
    "success",
    "timed_out",
    "in_progress",
    "queued",
    "requested",
    "waiting",
    "pending",
];

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

pub(super) fn context<'a>(exchange: &'a Exchange<'_>) -> RunContext<'a> {
    RunContext {
        urls: &exchange.call.urls,
        repository: &exchange.repository,
        visibility: exchange.app.core.visibility(&exchange.repository),
    }
}

/// The run that is named first in the path.
pub(super) fn run(exchange: &Exchange<'_>) -> Result<WorkflowRun, Failure> {
    let core = &exchange.app.core;
    core.run(&exchange.repository, exchange.id(0)?)
}

fn wire(exchange: &Exchange<'_>, run: &WorkflowRun) -> Result<Value, Failure> {
    let excludes = exchange.call.parameter("exclude_pull_requests") == Some("true");
    let pulls = if excludes {
        Vec::new()
    } else {
        let core = &exchange.app.core;
        core.open_pulls(&exchange.repository, &run.branch)?
    };
    Ok(Value::Object(context(exchange).run(run, &pulls)))
}

/// Reads a date or a time; `last` asks for the last second of a date.
fn seconds(text: &str, last: bool) -> Option<i64> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_second());
    }
    let start = text.parse::<Date>().ok()?;
    let start = start.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    Some(if last {
        start + SECONDS_PER_DAY - 1
    } else {
        start
    })
}

/// Reads a range of times as GitHub's search takes it: `2026-01-01`,
/// `>=2026-01-01`, `2026-01-01..2026-02-01`, `*..2026-02-01`.
fn range(text: &str) -> Option<(i64, i64)> {
    let bounds = if let Some((first, last)) = text.split_once("..") {
        let bound = |text: &str, last: bool, open: i64| match text {
            "*" => Some(open),
            text => seconds(text, last),
        };
        (bound(first, false, i64::MIN)?, bound(last, true, i64::MAX)?)
    } else if let Some(first) = text.strip_prefix(">=") {
        (seconds(first, false)?, i64::MAX)
    } else if let Some(before) = text.strip_prefix('>') {
        (seconds(before, true)? + 1, i64::MAX)
    } else if let Some(last) = text.strip_prefix("<=") {
        (i64::MIN, seconds(last, true)?)
    } else if let Some(after) = text.strip_prefix('<') {
        (i64::MIN, seconds(after, false)? - 1)
    } else {
        (seconds(text, false)?, seconds(text, true)?)
    };
    Some(bounds)
}

fn filter(exchange: &Exchange<'_>) -> Result<RunFilter, Failure> {
    let given = |name| {
        let value = exchange.call.parameter(name);
        value.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let status = given("status");
    if let Some(status) = &status
        && !STATUSES.contains(&status.as_str())
    {
        return Err(Failure::Schema(not_a_member(status, &STATUSES)));
    }
    let created = match given("created") {
        Some(text) => Some(range(&text).ok_or_else(|| {
            Failure::Schema(format!(
                "\"{text}\" is not a valid range of times for created."
            ))
        })?),
        None => None,
    };
    let check_suite = given("check_suite_id").map(|text| text.parse().unwrap_or(0));
    Ok(RunFilter {
        workflow: None,
        status,
        sha: given("head_sha"),
        branch: given("branch"),
        event: given("event"),
        actor: given("actor"),
        created,
        check_suite,
    })
}

fn list_filtered(exchange: &Exchange<'_>, filter: &RunFilter, path: &str) -> Outcome {
    let page = Page::from_call(exchange.call);
    let core = &exchange.app.core;
    let slice = core.runs(&exchange.repository, filter, page.window())?;
    let runs = slice.items.iter().map(|run| wire(exchange, run));
    let body = json!({
        "total_count": slice.total,
        "workflow_runs": runs.collect::<Result<Vec<_>, _>>()?,
    });
    Ok(exchange.list(Reply::json(200, &body), page, path, slice.total))
}

/// `GET /repos/{owner}/{repo}/actions/runs`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    list_filtered(exchange, &filter(exchange)?, "/actions/runs")
}

/// `GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs`
pub(super) fn list_of_workflow(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let workflow = core.workflow(&exchange.repository, exchange.parameter(0))?;
    let filter = RunFilter {
        workflow: Some(workflow.id),
        ..filter(exchange)?
    };
    let path = format!("/actions/workflows/{}/runs", workflow.id);
    list_filtered(exchange, &filter, &path)
}

/// `GET /repos/{owner}/{repo}/actions/runs/{run_id}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    Ok(Reply::json(200, &wire(exchange, &run(exchange)?)?))
}

/// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs`
pub(super) fn jobs(exchange: &Exchange<'_>) -> Outcome {
    let run = run(exchange)?;
    let all = exchange.call.parameter("filter") == Some("all");
    let jobs = exchange.app.core.jobs(&run, all)?;
    let page = Page::from_call(exchange.call);
    let slice = page.window().cut(jobs);
    let context = context(exchange);
    let shown: Vec<Value> = slice
        .items
        .iter()
        .map(|job| context.job(&run, job))
        .collect();
    let body = json!({ "total_count": slice.total, "jobs": shown });
    let path = format!("/actions/runs/{}/jobs", run.id);
    Ok(exchange.list(Reply::json(200, &body), page, &path, slice.total))
}

/// `GET /repos/{owner}/{repo}/actions/jobs/{job_id}`
pub(super) fn job(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (run, job) = core.run_job(&exchange.repository, exchange.id(0)?)?;
    Ok(Reply::json(200, &context(exchange).job(&run, &job)))
}

/// `POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel` and `force-cancel`
pub(super) fn cancel(exchange: &Exchange<'_>) -> Outcome {
    let user = exchange.user()?;
    let recorder = exchange.recorder(&user)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let core = &exchange.app.core;
    core.cancel_run(&exchange.repository, exchange.id(0)?, witness)?;
    Ok(Reply::json(202, &json!({})))
}

/// `POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun`
pub(super) fn rerun(exchange: &Exchange<'_>) -> Outcome {
    start_again(exchange, exchange.id(0)?, None)
}

/// `POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun`
pub(super) fn rerun_job(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let (run, job) = core.run_job(&exchange.repository, exchange.id(0)?)?;
    start_again(exchange, run.id, Some(&job.name))
}

fn start_again(exchange: &Exchange<'_>, id: i64, only: Option<&str>) -> Outcome {
    let user = exchange.user()?;
    let recorder = exchange.recorder(&user)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let core = &exchange.app.core;
    core.rerun(&exchange.repository, id, only, witness)?;
    let location = context(exchange).url(id);
    Ok(Reply::json(201, &json!({})).with("location", location))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_of_times_are_githubs() {
        const DAY: i64 = 1_767_225_600;
        for (text, expected) in [
            ("2026-01-01", Some((DAY, DAY + 86_399))),
            (">=2026-01-01", Some((DAY, i64::MAX))),
            (">2026-01-01", Some((DAY + 86_400, i64::MAX))),
            ("<2026-01-01T00:00:10Z", Some((i64::MIN, DAY + 9))),
            ("<=2026-01-01", Some((i64::MIN, DAY + 86_399))),
            ("2026-01-01..2026-01-02", Some((DAY, DAY + 2 * 86_400 - 1))),
            ("*..2026-01-01", Some((i64::MIN, DAY + 86_399))),
            ("", None),
            ("..", None),
            ("yesterday", None),
        ] {
            assert_eq!(range(text), expected, "{text}");
        }
    }
}
