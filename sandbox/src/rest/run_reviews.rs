//! Reviews of the deployments that a workflow run waits for
//! (<https://docs.github.com/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run>).

use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use super::runs::{context, run};
use crate::http::{Reply, timestamp};
use crate::rules::{AppReview, Failure, ReviewRequest, Witness, not_a_member};
use crate::wire::deployments::Wire;
use crate::wire::users::SimpleUser;

/// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments`
pub(super) fn pending(exchange: &Exchange<'_>) -> Outcome {
    let run = run(exchange)?;
    let core = &exchange.app.core;
    let viewer = match exchange.caller.login() {
        Some(login) => Some(core.user(login)?),
        None => None,
    };
    let context = context(exchange);
    let pending: Vec<Value> = core
        .pending_deployments(&run, viewer.as_ref())?
        .iter()
        .map(|pending| {
            let reviewers = pending.reviewers.iter();
            json!({
                "environment": context.environment(&pending.environment),
                "wait_timer": pending.wait_timer,
                "wait_timer_started_at": pending.wait_timer_started_at.map(timestamp),
                "current_user_can_approve": pending.can_approve,
                "reviewers": reviewers.map(|one| context.reviewer(one)).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(Reply::json(200, &pending))
}

fn approves(state: &str) -> Result<bool, Failure> {
    match state {
        "approved" => Ok(true),
        "rejected" => Ok(false),
        other => Err(Failure::Schema(not_a_member(
            other,
            &["approved", "rejected"],
        ))),
    }
}

/// `POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments`
pub(super) fn review(exchange: &Exchange<'_>) -> Outcome {
    let run = run(exchange)?;
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    if !fields.has("environment_ids") {
        fields.complain("\"environment_ids\" wasn't supplied.");
    }
    let environments: Option<Vec<i64>> = fields.nullable("environment_ids", "an array of integers");
    let state = fields.required_string("state");
    let comment = fields.required_string("comment");
    fields.finish()?;
    let review = ReviewRequest {
        environments: environments.unwrap_or_default(),
        approves: approves(&state)?,
        comment,
    };
    let user = exchange.user()?;
    let recorder = exchange.recorder(&user)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let core = &exchange.app.core;
    let deployments = core
        .review_run(&exchange.repository, &user, run.id, &review, witness)?
        .into_iter()
        .map(|deployment| Wire::new(&exchange.call.urls, &exchange.repository, deployment))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Reply::json(200, &deployments))
}

/// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals`
pub(super) fn approvals(exchange: &Exchange<'_>) -> Outcome {
    let run = run(exchange)?;
    let context = context(exchange);
    let urls = &exchange.call.urls;
    let reviews: Vec<Value> = exchange
        .app
        .core
        .run_reviews(&run)?
        .iter()
        .map(|review| {
            let environments = review.environments.iter().map(|environment| {
                let mut wire = context.environment(environment);
                let times = [
                    ("created_at", environment.created_at),
                    ("updated_at", environment.updated_at),
                ];
                for (name, time) in times {
                    wire.insert(name.to_owned(), timestamp(time).into());
                }
                wire
            });
            json!({
                "environments": environments.collect::<Vec<_>>(),
                "state": review.state,
                "user": SimpleUser::new(urls, &review.user),
                "comment": review.comment,
            })
        })
        .collect();
    Ok(Reply::json(200, &reviews))
}

/// `POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule`
///
/// A token whose name is the slug of an app is that of the app.
pub(super) fn review_as_app(exchange: &Exchange<'_>) -> Outcome {
    let run = run(exchange)?;
    let mut fields = match exchange.fields() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let environment = fields.required_string("environment_name");
    let state = fields.string("state");
    let comment = fields.string("comment");
    if state.is_none() && comment.is_none() {
        fields.complain("No subschema in \"anyOf\" matched.");
    }
    fields.finish()?;
    let review = AppReview {
        environment,
        approves: state.as_deref().map(approves).transpose()?,
        comment: comment.unwrap_or_default(),
    };
    let user = exchange.user()?;
    let recorder = exchange.recorder(&user)?;
    let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
    let core = &exchange.app.core;
    core.review_as_app(&exchange.repository, &user.login, run.id, &review, witness)?;
    Ok(Reply::nothing())
}
