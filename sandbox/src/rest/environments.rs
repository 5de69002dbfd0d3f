//! Environments (<https://docs.github.com/rest/deployments/environments>).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::exchange::{Exchange, Outcome};
use crate::http::{Fields, Page, Reply, encode_segment, refusal, timestamp};
use crate::ids::NodeId;
use crate::rules::{Failure, Protection, ReviewerId, not_a_member};
use crate::store::{Branches, Environment, Reviewer, Rule, RuleKind};
use crate::wire::users::{SimpleUser, WireTeam};

/// GitHub's message if the plan of a private repository does not include these
/// rules.
const PLAN: &str = "Failed to create the environment protection rule. Please ensure the billing plan supports the required protection rule.";

/// GitHub's `environment`.
#[derive(Debug, Serialize)]
struct Wire {
    id: i64,
    node_id: String,
    name: String,
    url: String,
    html_url: String,
    created_at: String,
    updated_at: String,
    can_admins_bypass: bool,
    protection_rules: Vec<Value>,
    deployment_branch_policy: Option<WireBranches>,
}

/// GitHub's `deployment-branch-policy-settings`.
#[derive(Debug, Serialize, Deserialize)]
struct WireBranches {
    protected_branches: bool,
    custom_branch_policies: bool,
}

/// The answer to a list of environments, which is an object.
#[derive(Debug, Serialize)]
struct WireList {
    total_count: u64,
    environments: Vec<Wire>,
}

/// A reviewer, as a request names one.
#[derive(Debug, Deserialize)]
struct ReviewerInput {
    r#type: String,
    id: i64,
}

impl Wire {
    fn new(exchange: &Exchange<'_>, environment: Environment) -> Result<Self, Failure> {
        let (urls, repository) = (&exchange.call.urls, &exchange.repository);
        let rules = exchange.app.core.rules(&environment)?;
        let shown = encode_segment(&environment.name);
        let web = urls.web_page(repository);
        let branches = rules.iter().find_map(|rule| match rule.kind {
            RuleKind::BranchPolicy(branches) => Some(WireBranches {
                protected_branches: branches == Branches::Protected,
                custom_branch_policies: branches == Branches::Custom,
            }),
            _ => None,
        });
        Ok(Self {
            id: environment.id,
            node_id: NodeId::Environment(repository.id, environment.id).encode(),
            url: urls.environment(repository, &environment.name),
            html_url: format!("{web}/deployments/activity_log?environments_filter={shown}"),
            name: environment.name,
            created_at: timestamp(environment.created_at),
            updated_at: timestamp(environment.updated_at),
            can_admins_bypass: true,
            protection_rules: rules.iter().filter_map(|one| rule(exchange, one)).collect(),
            deployment_branch_policy: branches,
        })
    }
}

/// A rule in GitHub's form; those of apps are listed elsewhere.
fn rule(exchange: &Exchange<'_>, rule: &Rule) -> Option<Value> {
    let mut wire = json!({
        "id": rule.id,
        "node_id": NodeId::Gate(exchange.repository.id, rule.id).encode(),
        "type": rule.kind.as_str(),
    });
    match &rule.kind {
        RuleKind::WaitTimer(minutes) => wire["wait_timer"] = (*minutes).into(),
        RuleKind::RequiredReviewers {
            prevent_self_review,
            reviewers,
        } => {
            let urls = &exchange.call.urls;
            let reviewers = reviewers.iter().map(|reviewer| match reviewer {
                Reviewer::User(user) => {
                    json!({ "type": "User", "reviewer": SimpleUser::new(urls, user) })
                }
                Reviewer::Team(team) => {
                    json!({ "type": "Team", "reviewer": WireTeam::new(urls, team) })
                }
            });
            wire["prevent_self_review"] = (*prevent_self_review).into();
            wire["reviewers"] = reviewers.collect();
        }
        RuleKind::BranchPolicy(_) => {}
        RuleKind::App(_) => return None,
    }
    Some(wire)
}

/// `GET /repos/{owner}/{repo}/environments`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let page = Page::from_call(exchange.call);
    let slice = exchange
        .app
        .core
        .environments(&exchange.repository, page.window())?;
    let wire = WireList {
        total_count: slice.total,
        environments: slice
            .items
            .into_iter()
            .map(|environment| Wire::new(exchange, environment))
            .collect::<Result<_, _>>()?,
    };
    Ok(exchange.list(Reply::json(200, &wire), page, "/environments", slice.total))
}

/// `GET /repos/{owner}/{repo}/environments/{environment_name}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let environment = exchange.environment()?;
    Ok(Reply::json(200, &Wire::new(exchange, environment)?))
}

/// `PUT /repos/{owner}/{repo}/environments/{environment_name}`
///
/// Fields that are left out are reset. `null` is the same as no body.
pub(super) fn put(exchange: &Exchange<'_>) -> Outcome {
    let fields = match exchange.fields_or_null() {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let core = &exchange.app.core;
    let refused = fields.has("wait_timer") || fields.has("reviewers");
    let wanted = protection(fields)?;
    if refused && !core.environment_protection {
        return Ok(refusal(422, PLAN, exchange.operation.docs));
    }
    let environment = core.put_environment(&exchange.repository, exchange.parameter(0), &wanted)?;
    Ok(Reply::json(200, &Wire::new(exchange, environment)?))
}

fn protection(mut fields: Fields<'_>) -> Result<Protection, Failure> {
    fields.only(&[
        "wait_timer",
        "prevent_self_review",
        "reviewers",
        "deployment_branch_policy",
    ]);
    let wait_timer = fields.integer("wait_timer");
    let prevent_self_review = fields.boolean("prevent_self_review");
    let reviewers: Option<Vec<ReviewerInput>> =
        fields.nullable("reviewers", "an array of reviewers");
    let branches: Option<WireBranches> = fields.nullable(
        "deployment_branch_policy",
        "an object with protected_branches and custom_branch_policies",
    );
    fields.finish()?;
    let reviewer = |wanted: ReviewerInput| match wanted.r#type.as_str() {
        "User" => Ok(ReviewerId::User(wanted.id)),
        "Team" => Ok(ReviewerId::Team(wanted.id)),
        other => Err(Failure::Schema(not_a_member(other, &["User", "Team"]))),
    };
    let branches = match branches {
        None => None,
        Some(both) if both.protected_branches == both.custom_branch_policies => {
            return Err(Failure::Refused(
                "protected_branches and custom_branch_policies cannot have the same value.",
            ));
        }
        Some(both) if both.protected_branches => Some(Branches::Protected),
        Some(_) => Some(Branches::Custom),
    };
    Ok(Protection {
        wait_timer: wait_timer.unwrap_or(0),
        prevent_self_review: prevent_self_review.unwrap_or(false),
        reviewers: reviewers
            .into_iter()
            .flatten()
            .map(reviewer)
            .collect::<Result<_, _>>()?,
        branches,
    })
}

/// `DELETE /repos/{owner}/{repo}/environments/{environment_name}`
pub(super) fn delete(exchange: &Exchange<'_>) -> Outcome {
    exchange
        .app
        .core
        .delete_environment(&exchange.repository, exchange.parameter(0))?;
    Ok(Reply::nothing())
}
