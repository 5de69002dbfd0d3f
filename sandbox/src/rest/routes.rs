//! Which operation a method and a path mean.

use std::borrow::Cow;

use http::Method;

use super::exchange::{Exchange, Operation, Outcome};
use super::{
    branch_policies, branches, checks, commits, compare, concurrency_groups, contents, deliveries,
    deployments, environments, gates, git_objects, git_refs, hooks, pulls, repositories,
    run_reviews, runs, secrets, statuses, variables,
};
use crate::access::{Level, Need};

/// An operation and the parameters in the path.
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
const READ_HOOKS: &[&str] = &[
    "repo",
    "admin:repo_hook",
    "write:repo_hook",
    "read:repo_hook",
];
const WRITE_HOOKS: &[&str] = &["repo", "admin:repo_hook", "write:repo_hook"];
const DELETE_HOOKS: &[&str] = &["repo", "admin:repo_hook"];
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
    PUT_ENVIRONMENT: REPO, "administration", Write,
        "deployments/environments#create-or-update-an-environment";
    DELETE_ENVIRONMENT: REPO, "administration", Write,
        "deployments/environments#delete-an-environment";
    LIST_POLICIES: REPO, "actions", Read,
        "deployments/branch-policies#list-deployment-branch-policies";
    CREATE_POLICY: REPO, "administration", Write,
        "deployments/branch-policies#create-a-deployment-branch-policy";
    GET_POLICY: REPO, "actions", Read, "deployments/branch-policies#get-a-deployment-branch-policy";
    PUT_POLICY: REPO, "administration", Write,
        "deployments/branch-policies#update-a-deployment-branch-policy";
    DELETE_POLICY: REPO, "administration", Write,
        "deployments/branch-policies#delete-a-deployment-branch-policy";
    LIST_GATES: REPO, "actions", Read,
        "deployments/protection-rules#get-all-deployment-protection-rules-for-an-environment";
    CREATE_GATE: REPO, "administration", Write,
        "deployments/protection-rules#create-a-custom-deployment-protection-rule-on-an-environment";
    LIST_APPS: REPO, "administration", Read,
        "deployments/protection-rules#list-custom-deployment-rule-integrations-available-for-an-environment";
    GET_GATE: REPO, "actions", Read,
        "deployments/protection-rules#get-a-custom-deployment-protection-rule";
    DELETE_GATE: REPO, "administration", Write,
        "deployments/protection-rules#disable-a-custom-protection-rule-for-an-environment";
    LIST_SECRETS: REPO, "environments", Read, "actions/secrets#list-environment-secrets";
    GET_KEY: REPO, "environments", Read, "actions/secrets#get-an-environment-public-key";
    GET_SECRET: REPO, "environments", Read, "actions/secrets#get-an-environment-secret";
    PUT_SECRET: REPO, "environments", Write,
        "actions/secrets#create-or-update-an-environment-secret";
    DELETE_SECRET: REPO, "environments", Write, "actions/secrets#delete-an-environment-secret";
    LIST_VARIABLES: REPO, "environments", Read, "actions/variables#list-environment-variables";
    CREATE_VARIABLE: REPO, "environments", Write, "actions/variables#create-an-environment-variable";
    GET_VARIABLE: REPO, "environments", Read, "actions/variables#get-an-environment-variable";
    UPDATE_VARIABLE: REPO, "environments", Write, "actions/variables#update-an-environment-variable";
    DELETE_VARIABLE: REPO, "environments", Write,
        "actions/variables#delete-an-environment-variable";
    LIST_RUNS: REPO, "actions", Read, "actions/workflow-runs#list-workflow-runs-for-a-repository";
    LIST_RUNS_OF_WORKFLOW: REPO, "actions", Read,
        "actions/workflow-runs#list-workflow-runs-for-a-workflow";
    GET_RUN: REPO, "actions", Read, "actions/workflow-runs#get-a-workflow-run";
    LIST_JOBS: REPO, "actions", Read, "actions/workflow-jobs#list-jobs-for-a-workflow-run";
    GET_JOB: REPO, "actions", Read, "actions/workflow-jobs#get-a-job-for-a-workflow-run";
    LIST_PENDING: REPO, "actions", Read,
        "actions/workflow-runs#get-pending-deployments-for-a-workflow-run";
    REVIEW_PENDING: REPO, "deployments", Write,
        "actions/workflow-runs#review-pending-deployments-for-a-workflow-run";
    LIST_APPROVALS: REPO, "actions", Read,
        "actions/workflow-runs#get-the-review-history-for-a-workflow-run";
    REVIEW_GATE: REPO, "deployments", Write,
        "actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run";
    CANCEL_RUN: REPO, "actions", Write, "actions/workflow-runs#cancel-a-workflow-run";
    FORCE_CANCEL_RUN: REPO, "actions", Write, "actions/workflow-runs#force-cancel-a-workflow-run";
    RERUN: REPO, "actions", Write, "actions/workflow-runs#re-run-a-workflow";
    RERUN_JOB: REPO, "actions", Write,
        "actions/workflow-runs#re-run-a-job-from-a-workflow-run";
    LIST_GROUPS: REPO, "actions", Read,
        "actions/concurrency-groups#list-concurrency-groups-for-a-repository";
    GET_GROUP: REPO, "actions", Read,
        "actions/concurrency-groups#get-a-concurrency-group-for-a-repository";
    LIST_GROUPS_OF_RUN: REPO, "actions", Read,
        "actions/concurrency-groups#list-concurrency-groups-for-a-workflow-run";
    LIST_PULLS: REPO, "pull_requests", Read, "pulls/pulls#list-pull-requests";
    LIST_PULLS_OF_COMMIT: REPO, "pull_requests", Read,
        "commits/commits#list-pull-requests-associated-with-a-commit";
    GET_PULL: REPO, "pull_requests", Read, "pulls/pulls#get-a-pull-request";
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
    GET_CONTENTS: REPO, "contents", Read, "repos/contents#get-repository-content";
    CREATE_BLOB: REPO, "contents", Write, "git/blobs#create-a-blob";
    CREATE_TREE: REPO, "contents", Write, "git/trees#create-a-tree";
    CREATE_COMMIT: REPO, "contents", Write, "git/commits#create-a-commit";
    GET_GIT_COMMIT: REPO, "contents", Read, "git/commits#get-a-commit-object";
    GET_REF: REPO, "contents", Read, "git/refs#get-a-reference";
    LIST_MATCHING_REFS: REPO, "contents", Read, "git/refs#list-matching-references";
    CREATE_REF: REPO, "contents", Write, "git/refs#create-a-reference";
    UPDATE_REF: REPO, "contents", Write, "git/refs#update-a-reference";
    DELETE_REF: REPO, "contents", Write, "git/refs#delete-a-reference";
    LIST_HOOKS: READ_HOOKS, "repository_hooks", Read, "repos/webhooks#list-repository-webhooks";
    CREATE_HOOK: WRITE_HOOKS, "repository_hooks", Write,
        "repos/webhooks#create-a-repository-webhook";
    GET_HOOK: READ_HOOKS, "repository_hooks", Read, "repos/webhooks#get-a-repository-webhook";
    UPDATE_HOOK: WRITE_HOOKS, "repository_hooks", Write,
        "repos/webhooks#update-a-repository-webhook";
    DELETE_HOOK: DELETE_HOOKS, "repository_hooks", Write,
        "repos/webhooks#delete-a-repository-webhook";
    GET_HOOK_CONFIG: READ_HOOKS, "repository_hooks", Read,
        "repos/webhooks#get-a-webhook-configuration-for-a-repository";
    UPDATE_HOOK_CONFIG: WRITE_HOOKS, "repository_hooks", Write,
        "repos/webhooks#update-a-webhook-configuration-for-a-repository";
    PING_HOOK: READ_HOOKS, "repository_hooks", Read, "repos/webhooks#ping-a-repository-webhook";
    TEST_HOOK: READ_HOOKS, "repository_hooks", Read,
        "repos/webhooks#test-the-push-repository-webhook";
    LIST_DELIVERIES: READ_HOOKS, "repository_hooks", Read,
        "repos/webhooks#list-deliveries-for-a-repository-webhook";
    GET_DELIVERY: READ_HOOKS, "repository_hooks", Read,
        "repos/webhooks#get-a-delivery-for-a-repository-webhook";
    REDELIVER: WRITE_HOOKS, "repository_hooks", Write,
        "repos/webhooks#redeliver-a-delivery-for-a-repository-webhook";
}

/// Finds the operation for the path after the repository. Names of branches and
/// refs may contain slashes, encoded or not; those of environments only encoded
/// ones.
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
        ["environments", name, rest @ ..] => {
            let (operation, handler, mut parameters) = environment(method, rest)?;
            parameters.insert(0, name);
            to(operation, handler, &parameters)
        }
        ["pulls"] if get => to(&LIST_PULLS, pulls::list, &[]),
        ["pulls", number] if get => to(&GET_PULL, pulls::get, &[number]),
        ["statuses", sha] if post => to(&CREATE_COMMIT_STATUS, checks::create, &[sha]),
        ["commits"] if get => to(&LIST_COMMITS, commits::list, &[]),
        ["commits", name @ .., "status"] if get && !name.is_empty() => {
            joined(&COMBINED_STATUS, checks::combined, name)
        }
        ["statuses", name @ ..] | ["commits", name @ .., "statuses"] if get && !name.is_empty() => {
            joined(&LIST_COMMIT_STATUSES, checks::list, name)
        }
        ["commits", name @ .., "pulls"] if get && !name.is_empty() => {
            joined(&LIST_PULLS_OF_COMMIT, pulls::list_of_commit, name)
        }
        // GitHub's operations below a commit that the sandbox lacks; they are
        // not part of the commit's name.
        [
            "commits",
            _,
            ..,
            "branches-where-head" | "check-runs" | "check-suites" | "comments",
        ] => None,
        ["commits", name @ ..] if get => joined(&GET_COMMIT, commits::get, name),
        ["compare", name @ ..] if get && !name.is_empty() => joined(&COMPARE, compare::get, name),
        ["branches"] if get => to(&LIST_BRANCHES, branches::list, &[]),
        ["branches", name @ ..] if get => joined(&GET_BRANCH, branches::get, name),
        ["contents", path @ ..] if get => joined(&GET_CONTENTS, contents::get, path),
        ["git", rest @ ..] => {
            let (operation, handler, name) = git_data(method, rest)?;
            joined(operation, handler, &name)
        }
        ["actions", rest @ ..] => {
            let (operation, handler, parameters) = actions(method, rest)?;
            to(operation, handler, &parameters)
        }
        ["hooks", rest @ ..] => {
            let (operation, handler, parameters) = hook(method, rest)?;
            to(operation, handler, &parameters)
        }
        _ => None,
    }
}

/// An operation, its handler, and the parameters in the rest of the path.
type Below<'a> = (
    &'static Operation,
    fn(&Exchange<'_>) -> Outcome,
    Vec<&'a str>,
);

/// Finds the operation for the path after `git`, and the parts of the ref or SHA
/// in it.
fn git_data<'a>(method: &Method, rest: &[&'a str]) -> Option<Below<'a>> {
    let method = method.as_str();
    Some(match (method, rest) {
        ("POST", ["blobs"]) => (&CREATE_BLOB, git_objects::create_blob, vec![]),
        ("POST", ["trees"]) => (&CREATE_TREE, git_objects::create_tree, vec![]),
        ("POST", ["commits"]) => (&CREATE_COMMIT, git_objects::create_commit, vec![]),
        ("GET", ["commits", sha]) => (&GET_GIT_COMMIT, git_objects::get_commit, vec![sha]),
        ("GET", ["ref", name @ ..]) => (&GET_REF, git_refs::get, name.to_vec()),
        ("GET", ["matching-refs", name @ ..]) => {
            (&LIST_MATCHING_REFS, git_refs::matching, name.to_vec())
        }
        ("POST", ["refs"]) => (&CREATE_REF, git_refs::create, vec![]),
        ("PATCH", ["refs", name @ ..]) => (&UPDATE_REF, git_refs::update, name.to_vec()),
        ("DELETE", ["refs", name @ ..]) => (&DELETE_REF, git_refs::delete, name.to_vec()),
        _ => return None,
    })
}

/// Finds the operation for the path after `actions`.
fn actions<'a>(method: &Method, rest: &[&'a str]) -> Option<Below<'a>> {
    let method = method.as_str();
    Some(match (method, rest) {
        ("GET", ["runs"]) => (&LIST_RUNS, runs::list, vec![]),
        ("GET", ["workflows", id, "runs"]) => {
            (&LIST_RUNS_OF_WORKFLOW, runs::list_of_workflow, vec![id])
        }
        ("GET", ["jobs", id]) => (&GET_JOB, runs::job, vec![id]),
        ("GET", ["runs", id]) => (&GET_RUN, runs::get, vec![id]),
        ("GET", ["runs", id, "jobs"]) => (&LIST_JOBS, runs::jobs, vec![id]),
        ("GET", ["runs", id, "pending_deployments"]) => {
            (&LIST_PENDING, run_reviews::pending, vec![id])
        }
        ("POST", ["runs", id, "pending_deployments"]) => {
            (&REVIEW_PENDING, run_reviews::review, vec![id])
        }
        ("GET", ["runs", id, "approvals"]) => (&LIST_APPROVALS, run_reviews::approvals, vec![id]),
        ("POST", ["runs", id, "deployment_protection_rule"]) => {
            (&REVIEW_GATE, run_reviews::review_as_app, vec![id])
        }
        ("POST", ["runs", id, "cancel"]) => (&CANCEL_RUN, runs::cancel, vec![id]),
        ("POST", ["runs", id, "force-cancel"]) => (&FORCE_CANCEL_RUN, runs::cancel, vec![id]),
        ("POST", ["runs", id, "rerun"]) => (&RERUN, runs::rerun, vec![id]),
        ("POST", ["jobs", id, "rerun"]) => (&RERUN_JOB, runs::rerun_job, vec![id]),
        ("GET", ["concurrency_groups"]) => (&LIST_GROUPS, concurrency_groups::list, vec![]),
        ("GET", ["concurrency_groups", name]) => (&GET_GROUP, concurrency_groups::get, vec![name]),
        ("GET", ["runs", id, "concurrency_groups"]) => (
            &LIST_GROUPS_OF_RUN,
            concurrency_groups::list_of_run,
            vec![id],
        ),
        _ => return None,
    })
}

/// Finds the operation for the path after `hooks`.
fn hook<'a>(method: &Method, rest: &[&'a str]) -> Option<Below<'a>> {
    let method = method.as_str();
    Some(match (method, rest) {
        ("GET", []) => (&LIST_HOOKS, hooks::list, vec![]),
        ("POST", []) => (&CREATE_HOOK, hooks::create, vec![]),
        ("GET", [id]) => (&GET_HOOK, hooks::get, vec![id]),
        ("PATCH", [id]) => (&UPDATE_HOOK, hooks::update, vec![id]),
        ("DELETE", [id]) => (&DELETE_HOOK, hooks::delete, vec![id]),
        ("GET", [id, "config"]) => (&GET_HOOK_CONFIG, hooks::config, vec![id]),
        ("PATCH", [id, "config"]) => (&UPDATE_HOOK_CONFIG, hooks::update_config, vec![id]),
        ("POST", [id, "pings"]) => (&PING_HOOK, hooks::ping, vec![id]),
        // The second is the one in the answers.
        ("POST", [id, "tests" | "test"]) => (&TEST_HOOK, hooks::test, vec![id]),
        ("GET", [id, "deliveries"]) => (&LIST_DELIVERIES, deliveries::list, vec![id]),
        ("GET", [id, "deliveries", delivery]) => {
            (&GET_DELIVERY, deliveries::get, vec![id, delivery])
        }
        ("POST", [id, "deliveries", delivery, "attempts"]) => {
            (&REDELIVER, deliveries::again, vec![id, delivery])
        }
        _ => return None,
    })
}

/// Finds the operation for the path after an environment.
fn environment<'a>(method: &Method, rest: &[&'a str]) -> Option<Below<'a>> {
    const POLICIES: &str = "deployment-branch-policies";
    const GATES: &str = "deployment_protection_rules";
    let method = method.as_str();
    Some(match (method, rest) {
        ("PUT", []) => (&PUT_ENVIRONMENT, environments::put, vec![]),
        ("DELETE", []) => (&DELETE_ENVIRONMENT, environments::delete, vec![]),
        ("GET", [POLICIES]) => (&LIST_POLICIES, branch_policies::list, vec![]),
        ("POST", [POLICIES]) => (&CREATE_POLICY, branch_policies::create, vec![]),
        ("GET", [POLICIES, id]) => (&GET_POLICY, branch_policies::get, vec![id]),
        ("PUT", [POLICIES, id]) => (&PUT_POLICY, branch_policies::put, vec![id]),
        ("DELETE", [POLICIES, id]) => (&DELETE_POLICY, branch_policies::delete, vec![id]),
        ("GET", [GATES]) => (&LIST_GATES, gates::list, vec![]),
        ("POST", [GATES]) => (&CREATE_GATE, gates::create, vec![]),
        ("GET", [GATES, "apps"]) => (&LIST_APPS, gates::apps, vec![]),
        ("GET", [GATES, id]) => (&GET_GATE, gates::get, vec![id]),
        ("DELETE", [GATES, id]) => (&DELETE_GATE, gates::delete, vec![id]),
        ("GET", ["secrets"]) => (&LIST_SECRETS, secrets::list, vec![]),
        ("GET", ["secrets", "public-key"]) => (&GET_KEY, secrets::public_key, vec![]),
        ("GET", ["secrets", name]) => (&GET_SECRET, secrets::get, vec![name]),
        ("PUT", ["secrets", name]) => (&PUT_SECRET, secrets::put, vec![name]),
        ("DELETE", ["secrets", name]) => (&DELETE_SECRET, secrets::delete, vec![name]),
        ("GET", ["variables"]) => (&LIST_VARIABLES, variables::list, vec![]),
        ("POST", ["variables"]) => (&CREATE_VARIABLE, variables::create, vec![]),
        ("GET", ["variables", name]) => (&GET_VARIABLE, variables::get, vec![name]),
        ("PATCH", ["variables", name]) => (&UPDATE_VARIABLE, variables::update, vec![name]),
        ("DELETE", ["variables", name]) => (&DELETE_VARIABLE, variables::delete, vec![name]),
        _ => return None,
    })
}
