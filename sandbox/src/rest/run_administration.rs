//! The administration of workflow runs, teams and the clock, below `/_sandbox`.

use http::Method;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::Outcome;
use crate::app::App;
use crate::http::{Call, DOCS, Fields, Reply, timestamp};
use crate::rules::{Failure, RunRequest, Witness, not_a_member};
use crate::store::{Concurrency, NewJob, Repository, Setting};
use crate::webhooks::EventRecorder;
use crate::wire::runs::RunContext;

/// The conclusions that a job can be finished with.
const CONCLUSIONS: [&str; 5] = ["success", "failure", "cancelled", "skipped", "timed_out"];

const CONCURRENCY: &str = "an object with a group";
const JOBS: &str = "an array of jobs";

/// A concurrency group in a request.
#[derive(Debug, Deserialize)]
struct ConcurrencyInput {
    group: String,
    #[serde(default)]
    cancel_in_progress: bool,
    #[serde(default)]
    queue: QueueInput,
}

/// How many may be pending for a concurrency group.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum QueueInput {
    #[default]
    Single,
    Max,
}

/// A job in a request.
#[derive(Debug, Deserialize)]
struct JobInput {
    name: String,
    environment: Option<String>,
    #[serde(default)]
    needs: Vec<String>,
    concurrency: Option<ConcurrencyInput>,
    succeeds_after_seconds: Option<u32>,
}

impl From<ConcurrencyInput> for Concurrency {
    fn from(input: ConcurrencyInput) -> Self {
        Self {
            group: input.group,
            cancel_in_progress: input.cancel_in_progress,
            has_long_queue: input.queue == QueueInput::Max,
            acquired_at: None,
        }
    }
}

impl From<JobInput> for NewJob {
    fn from(input: JobInput) -> Self {
        Self {
            name: input.name,
            environment: input.environment,
            needs: input.needs,
            concurrency: input.concurrency.map(Concurrency::from),
            succeeds_after: input.succeeds_after_seconds.map(i64::from),
        }
    }
}

/// Starts a run.
pub(super) fn create_run(app: &App, call: &Call, login: &str, repository: &Repository) -> Outcome {
    let mut fields = match Fields::read(&call.body, DOCS) {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let or = |text: Option<String>, default: &str| text.unwrap_or_else(|| default.to_owned());
    let concurrency: Option<ConcurrencyInput> = fields.nullable("concurrency", CONCURRENCY);
    let jobs: Option<Vec<JobInput>> = fields.nullable("jobs", JOBS);
    let request = RunRequest {
        workflow_name: or(fields.string("workflow"), "Deploy"),
        workflow_path: or(fields.string("path"), ".github/workflows/deploy.yml"),
        event: or(fields.string("event"), "push"),
        reference: fields.string("ref"),
        sha: fields.string("sha"),
        actor: fields.string("actor"),
        concurrency: concurrency.map(Concurrency::from),
        jobs: match jobs {
            Some(jobs) => jobs.into_iter().map(NewJob::from).collect(),
            None => vec![NewJob {
                name: "deploy".to_owned(),
                ..NewJob::default()
            }],
        },
    };
    fields.finish()?;
    let user = app.core.user(login)?;
    let recorder = EventRecorder::for_active_hooks(&app.core, &call.urls, repository, &user)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let run = app.core.create_run(repository, &user, &request, witness)?;
    let context = RunContext {
        urls: &call.urls,
        repository,
        visibility: app.core.visibility(repository),
    };
    let pulls = app.core.open_pulls(repository, &run.branch)?;
    let mut wire = context.run(&run, &pulls);
    let jobs = app.core.jobs(&run, false)?;
    let jobs: Vec<Value> = jobs.iter().map(|job| context.job(&run, job)).collect();
    wire.insert("jobs".to_owned(), jobs.into());
    Ok(Reply::json(201, &wire).with("location", context.url(run.id)))
}

/// Finishes a job that is in progress.
pub(super) fn finish_job(
    app: &App,
    call: &Call,
    login: &str,
    repository: &Repository,
    id: &str,
) -> Outcome {
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let mut fields = match Fields::read(&call.body, DOCS) {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let conclusion = fields.required_string("conclusion");
    fields.finish()?;
    if !CONCLUSIONS.contains(&conclusion.as_str()) {
        return Err(Failure::Schema(not_a_member(&conclusion, &CONCLUSIONS)));
    }
    let user = app.core.user(login)?;
    let recorder = EventRecorder::for_active_hooks(&app.core, &call.urls, repository, &user)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let job = app.core.finish_job(repository, id, &conclusion, witness)?;
    let run = app.core.run(repository, job.run_id)?;
    let context = RunContext {
        urls: &call.urls,
        repository,
        visibility: app.core.visibility(repository),
    };
    Ok(Reply::json(200, &context.job(&run, &job)))
}

/// Creates a team if needed, and adds members to it.
pub(super) fn add_members(app: &App, call: &Call) -> Outcome {
    let mut fields = match Fields::read(&call.body, DOCS) {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let organization = fields.required_string("organization");
    let slug = fields.required_string("slug");
    let members = fields.strings("members").unwrap_or_default();
    fields.finish()?;
    let team = app.core.team(&organization, &slug)?;
    let team = team.ok_or(Failure::NotFound)?;
    app.core.add_team_members(&team, &members)?;
    Ok(Reply::json(
        200,
        &json!({ "id": team.id, "slug": team.slug, "members": members }),
    ))
}

/// Shows, sets (`PUT`), advances (`POST`) or resets (`DELETE`) the clock.
pub(super) fn clock(app: &App, call: &Call) -> Outcome {
    let core = &app.core;
    match call.method {
        Method::GET => {}
        Method::DELETE => core.set_clock_offset(0)?,
        _ => {
            let mut fields = match Fields::read(&call.body, DOCS) {
                Ok(fields) => fields,
                Err(reply) => return Ok(*reply),
            };
            if call.method == Method::PUT {
                let text = fields.required_string("now");
                fields.finish()?;
                let time = text.parse::<Timestamp>();
                let time = time.map_err(|_| {
                    Failure::Schema(format!("\"{text}\" is not a valid date-time for now."))
                })?;
                core.advance_clock(time.as_second().saturating_sub(core.now()))?;
            } else {
                let seconds = fields.integer("advance_seconds");
                if seconds.is_none() {
                    fields.complain("\"advance_seconds\" wasn't supplied.");
                }
                fields.finish()?;
                core.advance_clock(seconds.unwrap_or(0))?;
            }
        }
    }
    let body = json!({
        "now": timestamp(core.now()),
        "offset_seconds": core.clock_offset(),
    });
    Ok(Reply::json(200, &body))
}

const FAULTS: [(&str, Setting); 2] = [
    ("stale_list_seconds", Setting::StaleList),
    (
        "late_pending_deployments_seconds",
        Setting::LatePendingDeployments,
    ),
];

/// Shows or changes (`PUT`) how late answers about runs are.
pub(super) fn delays(app: &App, call: &Call) -> Outcome {
    let store = &app.core.store;
    if call.method == Method::PUT {
        let mut fields = match Fields::read(&call.body, DOCS) {
            Ok(fields) => fields,
            Err(reply) => return Ok(*reply),
        };
        let values = FAULTS.map(|(name, setting)| (setting, fields.integer(name)));
        fields.finish()?;
        store.write(|write| {
            for (setting, value) in values {
                if let Some(value) = value {
                    setting.set(write, value.max(0))?;
                }
            }
            Ok::<_, Failure>(())
        })?;
    }
    let body = store.read(|read| {
        let mut body = serde_json::Map::new();
        for (name, setting) in FAULTS {
            body.insert(name.to_owned(), setting.get(read)?.into());
        }
        Ok::<_, Failure>(body)
    })?;
    Ok(Reply::json(200, &body))
}
