//! The sandbox's own operations below `/_sandbox`: they create objects that
//! come into being elsewhere on GitHub and that deployments need.
//!
//! - `POST /_sandbox/repos` makes repositories of one `owner`, or changes those
//!   that exist: `names`, or `count` and `prefix`; and where wanted `owner_type`
//!   (`Organization`, `User`), `archived`, `topics`, `visibility`, `readers` (the
//!   logins that may see them), `pushed_at`, `path` (of a git repository) and
//!   `deployments` (`environment`, `ref`, `task`, `description`, `state`,
//!   `environment_url`) that each of them gets. `PATCH …/{owner}/{repo}` changes
//!   one, also its `owner` and `name`.
//! - `POST /_sandbox/orgs` makes the organization `login`; where wanted `type` and
//!   `sso`, which demands single sign-on of every token.
//! - `POST /_sandbox/repos/{owner}/{repo}/pulls` opens a pull request:
//!   `head`, and where wanted `base`, `head_sha`, `number`, `title`, `state`
//!   (`open`, `closed`), `merged` and `merge_commit_sha`; `PATCH
//!   …/pulls/{number}` changes the last three.
//! - `POST /_sandbox/apps` makes an app that can gate environments: `slug`. A
//!   token of that name is the app's.
//! - `POST /_sandbox/teams` adds `members` to the team `slug` of `organization`.
//! - `POST /_sandbox/repos/{owner}/{repo}/runs` starts a workflow run: where
//!   wanted `workflow` and `path`, `event`, `ref`, `sha`, `actor`, `concurrency`
//!   (`group`, `cancel_in_progress`) and `jobs` (`name`, `environment`, `needs`,
//!   `concurrency`). `PATCH …/jobs/{id}` finishes a job in progress with a
//!   `conclusion`.
//! - `/_sandbox/runs` shows and sets (`PUT`) how late answers are:
//!   `stale_list_seconds` and `late_pending_deployments_seconds`.
//! - `/_sandbox/clock` shows the clock, sets it (`PUT`, `now`), advances it
//!   (`POST`, `advance_seconds`) and resets it (`DELETE`).

use http::Method;
use serde_json::json;

use super::exchange::Outcome;
use super::{pulls, repositories, repository_administration, run_administration};
use crate::app::App;
use crate::http::{Call, Caller, DOCS, Fields, Reply, refusal};
use crate::rules::{Failure, PullRequest, not_a_member};
use crate::store::{PullState, Repository};

/// Answers a request of the administration.
pub(super) fn serve(app: &App, call: &Call, caller: &Caller, segments: &[&str]) -> Reply {
    let Some(login) = caller.login() else {
        return refusal(401, "Requires authentication", DOCS);
    };
    let post = call.method == Method::POST;
    let is_setting = [Method::GET, Method::PUT].contains(&call.method);
    let done = match segments {
        ["repos", owner, name, "pulls"] if post => repository(app, owner, name)
            .and_then(|repository| open_pull(app, call, login, &repository)),
        ["repos", owner, name, "pulls", number] if call.method == Method::PATCH => {
            repository(app, owner, name)
                .and_then(|repository| change_pull(app, call, &repository, number))
        }
        ["repos", owner, name, "runs"] if post => repository(app, owner, name)
            .and_then(|repository| run_administration::create_run(app, call, login, &repository)),
        ["repos", owner, name, "jobs", id] if call.method == Method::PATCH => {
            repository(app, owner, name).and_then(|repository| {
                run_administration::finish_job(app, call, login, &repository, id)
            })
        }
        ["repos"] if post => repository_administration::make(app, call, login),
        ["repos", owner, name] if call.method == Method::PATCH => repository(app, owner, name)
            .and_then(|repository| repository_administration::change(app, call, repository)),
        ["orgs"] if post => repository_administration::set_owner(app, call),
        ["apps"] if post => make_app(app, call),
        ["teams"] if post => run_administration::add_members(app, call),
        ["clock"] if is_setting || post => run_administration::clock(app, call),
        ["clock"] if call.method == Method::DELETE => run_administration::clock(app, call),
        ["runs"] if is_setting => run_administration::delays(app, call),
        _ => Err(Failure::NotFound),
    };
    done.unwrap_or_else(|failure| failure.reply(DOCS))
}

fn repository(app: &App, owner: &str, name: &str) -> Result<Repository, Failure> {
    app.core.repository(owner, name)?.ok_or(Failure::NotFound)
}

fn is_closed(state: Option<&str>) -> Result<bool, Failure> {
    match state {
        None | Some("open") => Ok(false),
        Some("closed") => Ok(true),
        Some(other) => Err(Failure::Schema(not_a_member(other, &["open", "closed"]))),
    }
}

fn pull_state(fields: &mut Fields) -> Result<PullState, Failure> {
    Ok(PullState {
        is_closed: is_closed(fields.string("state").as_deref())?,
        is_merged: fields.boolean("merged").unwrap_or(false),
        merge_commit_sha: fields.string("merge_commit_sha"),
    })
}

fn open_pull(app: &App, call: &Call, login: &str, repository: &Repository) -> Outcome {
    let mut fields = match Fields::read(&call.body, DOCS) {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let asked = PullRequest {
        number: fields.integer("number"),
        title: fields.string("title"),
        head: fields.required_string("head"),
        head_sha: fields.string("head_sha"),
        base: fields.string("base"),
        state: pull_state(&mut fields)?,
    };
    if asked
        .number
        .is_some_and(|number| i32::try_from(number).map_or(true, |n| n < 1))
    {
        fields.complain("\"number\" is not the number of a pull request.");
    }
    fields.finish()?;
    let user = app.core.user(login)?;
    let pull = app.core.open_pull(repository, &user, &asked)?;
    let repo = repositories::embedded(app, call, repository, true)?;
    let wire = pulls::wire(call, repository, &repo, &pull);
    Ok(Reply::json(201, &wire).with("location", pulls::url(call, repository, &pull)))
}

fn change_pull(app: &App, call: &Call, repository: &Repository, number: &str) -> Outcome {
    let number = number.parse().map_err(|_| Failure::NotFound)?;
    let mut fields = match Fields::read(&call.body, DOCS) {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let state = pull_state(&mut fields)?;
    fields.finish()?;
    let pull = app.core.set_pull(repository, number, &state)?;
    let repo = repositories::embedded(app, call, repository, true)?;
    Ok(Reply::json(
        200,
        &pulls::wire(call, repository, &repo, &pull),
    ))
}

fn make_app(app: &App, call: &Call) -> Outcome {
    let mut fields = match Fields::read(&call.body, DOCS) {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let slug = fields.required_string("slug");
    fields.finish()?;
    let made = app.core.integration(&slug)?;
    let location = format!("{}/apps/{}", call.urls.api, made.slug);
    let wire = json!({ "id": made.id, "slug": made.slug });
    Ok(Reply::json(201, &wire).with("location", location))
}
