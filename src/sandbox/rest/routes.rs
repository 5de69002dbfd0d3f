//! Which operation a method and a path mean.

use std::borrow::Cow;

use axum::http::Method;

use super::{Exchange, Outcome};
use super::{
    branches, checks, commits, compare, deployments, environments, repositories, statuses,
};
use crate::sandbox::access::{Level, Need};

/// What GitHub's description says of an operation.
#[derive(Debug)]
pub(super) struct Operation {
    /// Its page in the documentation.
    pub(super) docs: &'static str,
    /// The right it needs.
    pub(super) need: Need,
}

/// An operation and what the path says to it.
pub(super) struct Route<'a> {
    pub(super) operation: &'static Operation,
    pub(super) handler: fn(&Exchange<'_>) -> Outcome,
    pub(super) parameters: Vec<Cow<'a, str>>,
}

const fn need(scopes: &'static [&'static str], permission: &'static str, level: Level) -> Need {
    Need {
        scopes,
        permission,
        level,
    }
}

const DEPLOY: &[&str] = &["repo", "repo_deployment"];
const REPO: &[&str] = &["repo"];
const STATUS: &[&str] = &["repo", "repo:status"];

macro_rules! operations {
    ($($name:ident: $scopes:expr, $permission:literal, $level:ident, $docs:literal;)+) => {
        $(static $name: Operation = Operation {
            docs: concat!("https://docs.github.com/rest/", $docs),
            need: need($scopes, $permission, Level::$level),
        };)+
    };
}

operations! {
    GET_REPOSITORY: REPO, "metadata", Read, "repos/repos#get-a-repository";
    LIST_DEPLOYMENTS: DEPLOY, "deployments", Read, "deployments/deployments#list-deployments";
    CREATE_DEPLOYMENT: DEPLOY, "deployments", Write, "deployments/deployments#create-a-deployment";
    GET_DEPLOYMENT: DEPLOY, "deployments", Read, "deployments/deployments#get-a-deployment";
    DELETE_DEPLOYMENT: DEPLOY, "deployments", Write, "deployments/deployments#delete-a-deployment";
    LIST_STATUSES: DEPLOY, "deployments", Read, "deployments/statuses#list-deployment-statuses";
    CREATE_STATUS: DEPLOY, "deployments", Write, "deployments/statuses#create-a-deployment-status";
    GET_STATUS: DEPLOY, "deployments", Read, "deployments/statuses#get-a-deployment-status";
    LIST_ENVIRONMENTS: REPO, "actions", Read, "deployments/environments#list-environments";
    GET_ENVIRONMENT: REPO, "actions", Read, "deployments/environments#get-an-environment";
    CREATE_COMMIT_STATUS: STATUS, "statuses", Write, "commits/statuses#create-a-commit-status";
    LIST_COMMIT_STATUSES: STATUS, "statuses", Read,
        "commits/statuses#list-commit-statuses-for-a-reference";
    COMBINED_STATUS: STATUS, "statuses", Read,
        "commits/statuses#get-the-combined-status-for-a-specific-reference";
    LIST_COMMITS: REPO, "contents", Read, "commits/commits#list-commits";
    GET_COMMIT: REPO, "contents", Read, "commits/commits#get-a-commit";
    COMPARE: REPO, "contents", Read, "commits/commits#compare-two-commits";
    LIST_BRANCHES: REPO, "contents", Read, "branches/branches#list-branches";
    GET_BRANCH: REPO, "contents", Read, "branches/branches#get-a-branch";
}

/// Finds the operation for what follows a repository in the path. Names of
/// branches and refs may have slashes, encoded or not; those of environments
/// only encoded ones.
pub(super) fn repository<'a>(method: &Method, rest: &[&'a str]) -> Option<Route<'a>> {
    let to = |operation, handler: fn(&Exchange<'_>) -> Outcome, parameters: &[&'a str]| {
        let parameters = parameters.iter().map(|&name| Cow::Borrowed(name)).collect();
        Some(Route {
            operation,
            handler,
            parameters,
        })
    };
    let joined = |operation, handler: fn(&Exchange<'_>) -> Outcome, name: &[&'a str]| {
        let parameters = vec![Cow::Owned(name.join("/"))];
        Some(Route {
            operation,
            handler,
            parameters,
        })
    };
    let get = method == Method::GET;
    let post = method == Method::POST;
    let delete = method == Method::DELETE;
    match rest {
        [] if get => to(&GET_REPOSITORY, repositories::get, &[]),
        ["deployments"] if get => to(&LIST_DEPLOYMENTS, deployments::list, &[]),
        ["deployments"] if post => to(&CREATE_DEPLOYMENT, deployments::create, &[]),
        ["deployments", id] if get => to(&GET_DEPLOYMENT, deployments::get, &[id]),
        ["deployments", id] if delete => to(&DELETE_DEPLOYMENT, deployments::delete, &[id]),
        ["deployments", id, "statuses"] if get => to(&LIST_STATUSES, statuses::list, &[id]),
        ["deployments", id, "statuses"] if post => to(&CREATE_STATUS, statuses::create, &[id]),
        ["deployments", id, "statuses", status] if get => {
            to(&GET_STATUS, statuses::get, &[id, status])
        }
        ["environments"] if get => to(&LIST_ENVIRONMENTS, environments::list, &[]),
        ["environments", name] if get => to(&GET_ENVIRONMENT, environments::get, &[name]),
        ["statuses", sha] if post => to(&CREATE_COMMIT_STATUS, checks::create, &[sha]),
        ["commits"] if get => to(&LIST_COMMITS, commits::list, &[]),
        ["commits", name @ .., "status"] if get && !name.is_empty() => {
            joined(&COMBINED_STATUS, checks::combined, name)
        }
        ["statuses", name @ ..] | ["commits", name @ .., "statuses"] if get && !name.is_empty() => {
            joined(&LIST_COMMIT_STATUSES, checks::list, name)
        }
        ["commits", name @ ..] if get => joined(&GET_COMMIT, commits::get, name),
        ["compare", name @ ..] if get && !name.is_empty() => joined(&COMPARE, compare::get, name),
        ["branches"] if get => to(&LIST_BRANCHES, branches::list, &[]),
        ["branches", name @ ..] if get => joined(&GET_BRANCH, branches::get, name),
        _ => None,
    }
}
