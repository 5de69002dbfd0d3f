//! The sandbox's own operations below `/_sandbox`: they create objects that
//! come into being elsewhere on GitHub and that deployments need.
//!
//! - `POST /_sandbox/repos/{owner}/{repo}/pulls` opens a pull request:
//!   `head`, and where wanted `base`, `head_sha`, `number`, `title`, `state`
//!   (`open`, `closed`) and `merged`; `PATCH …/pulls/{number}` changes the
//!   last two.
//! - `POST /_sandbox/apps` makes an app that can gate environments: `slug`.

use axum::http::Method;
use serde_json::json;

use super::exchange::Outcome;
use super::{pulls, repositories};
use crate::app::App;
use crate::http::{Call, Caller, DOCS, Fields, Reply, refusal};
use crate::rules::{Failure, PullRequest, not_a_member};
use crate::store::Repository;

/// Answers a request of the administration.
pub(super) fn serve(app: &App, call: &Call, caller: &Caller, segments: &[&str]) -> Reply {
    let Some(login) = caller.login() else {
        return refusal(401, "Requires authentication", DOCS);
    };
    let post = call.method == Method::POST;
    let done = match segments {
        ["repos", owner, name, "pulls"] if post => repository(app, owner, name)
            .and_then(|repository| open_pull(app, call, login, &repository)),
        ["repos", owner, name, "pulls", number] if call.method == Method::PATCH => {
            repository(app, owner, name)
                .and_then(|repository| change_pull(app, call, &repository, number))
        }
        ["apps"] if post => make_app(app, call),
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
        closed: is_closed(fields.string("state").as_deref())?,
        merged: fields.boolean("merged").unwrap_or(false),
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
    let state = fields.string("state");
    let merged = fields.boolean("merged").unwrap_or(false);
    fields.finish()?;
    let closed = is_closed(state.as_deref())?;
    let pull = app.core.set_pull(repository, number, (closed, merged))?;
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
