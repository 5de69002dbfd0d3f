//! Organizations, and lists of repositories
//! (<https://docs.github.com/rest/repos/repos>,
//! <https://docs.github.com/rest/apps/installations>).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::exchange::Outcome;
use super::repositories::listed;
use crate::access::{Level, Need};
use crate::app::App;
use crate::http::{Call, Caller, Page, Reply, refusal, sso_refusal, timestamp};
use crate::rules::{Failure, RepositoryOrder};
use crate::store::{Owner, Repository, User};
use crate::wire::users::organization;

const ORGANIZATION: &str = "https://docs.github.com/rest/orgs/orgs#get-an-organization";
const OF_ORGANIZATION: &str =
    "https://docs.github.com/rest/repos/repos#list-organization-repositories";
const OF_USER: &str = "https://docs.github.com/rest/repos/repos#list-repositories-for-a-user";
const OF_CALLER: &str =
    "https://docs.github.com/rest/repos/repos#list-repositories-for-the-authenticated-user";
const OF_INSTALLATION: &str = "https://docs.github.com/rest/apps/installations#list-repositories-accessible-to-the-app-installation";

/// A private repository in a list. `repo_deployment` does not suffice.
const LIST: Need = Need {
    scopes: &["repo"],
    permission: "metadata",
    level: Level::Read,
};

/// Answers a request for an organization or for a list of repositories; `None`
/// for any other path. Links in answers name owners by their ids.
pub(super) fn serve(app: &App, call: &Call, caller: &Caller, segments: &[&str]) -> Option<Reply> {
    let owner = |login: &str| app.core.owner(login);
    let by_id = |id: &str| app.core.owner_by_id(id.parse().unwrap_or(0));
    let (docs, outcome) = match *segments {
        ["orgs", login] => (
            ORGANIZATION,
            owner(login).and_then(|found| get_organization(app, call, caller, found)),
        ),
        ["orgs", login, "repos"] => (
            OF_ORGANIZATION,
            owner(login).and_then(|found| of_organization(app, call, caller, found)),
        ),
        ["organizations", id, "repos"] => (
            OF_ORGANIZATION,
            by_id(id).and_then(|found| of_organization(app, call, caller, found)),
        ),
        ["users", login, "repos"] => (
            OF_USER,
            owner(login).and_then(|found| of_user(app, call, found)),
        ),
        ["user", id, "repos"] => (
            OF_USER,
            by_id(id).and_then(|found| of_user(app, call, found)),
        ),
        ["user", "repos"] => (OF_CALLER, of_caller(app, call, caller)),
        ["installation", "repositories"] => (OF_INSTALLATION, of_installation(app, call, caller)),
        _ => return None,
    };
    Some(outcome.unwrap_or_else(|failure| failure.reply(docs)))
}

/// An organization; others are not found.
fn as_organization(found: Option<Owner>) -> Result<Owner, Failure> {
    let found = found.filter(|owner| owner.is_organization);
    found.ok_or(Failure::NotFound)
}

/// `GET /orgs/{org}`
fn get_organization(app: &App, call: &Call, caller: &Caller, found: Option<Owner>) -> Outcome {
    let owner = as_organization(found)?;
    if owner.requires_sso && caller.known.is_some() {
        return Ok(sso_refusal(&call.urls, &owner.user.login));
    }
    let all = app
        .core
        .visible_repositories(Some(&owner.user), None, LIST)?;
    let user = &owner.user;
    let mut fields = organization(&call.urls, user);
    let more = json!({
        "html_url": format!("{}/{}", call.urls.web, user.login),
        "has_organization_projects": false,
        "has_repository_projects": false,
        "public_repos": all.len(),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": timestamp(user.created_at),
        "updated_at": timestamp(user.created_at),
        "archived_at": null,
        "type": "Organization",
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more);
    }
    Ok(Reply::json(200, &fields))
}

/// `GET /orgs/{org}/repos`
fn of_organization(app: &App, call: &Call, caller: &Caller, found: Option<Owner>) -> Outcome {
    let owner = as_organization(found)?;
    if owner.requires_sso && caller.known.is_some() {
        return Ok(sso_refusal(&call.urls, &owner.user.login));
    }
    let kinds = ["all", "public", "private", "forks", "sources", "member"];
    let kind = choice(call, "type", &kinds).unwrap_or("all");
    let core = &app.core;
    let mut list = core.visible_repositories(Some(&owner.user), caller.identity(), LIST)?;
    list.retain(|repository| match kind {
        "public" => !core.visibility(repository).is_private(),
        "private" => core.visibility(repository).is_private(),
        "member" => caller.known.is_some(),
        // No repository is a fork.
        kind => kind != "forks",
    });
    let address = format!("{}/organizations/{}/repos", call.urls.api, owner.user.id);
    sort(call, &mut list, RepositoryOrder::Created);
    page(app, call, caller, list, &address, |list| json!(list))
}

/// `GET /users/{username}/repos`, which has public repositories only.
fn of_user(app: &App, call: &Call, found: Option<Owner>) -> Outcome {
    let Some(owner) = found else {
        return Err(Failure::NotFound);
    };
    let kind = choice(call, "type", &["all", "owner", "member"]);
    let mut list = app
        .core
        .visible_repositories(Some(&owner.user), None, LIST)?;
    if kind == Some("member") {
        // The sandbox has no collaborators.
        list.clear();
    }
    let address = format!("{}/user/{}/repos", call.urls.api, owner.user.id);
    sort(call, &mut list, RepositoryOrder::FullName);
    page(app, call, &Caller::anonymous(), list, &address, |list| {
        json!(list)
    })
}

/// `GET /user/repos`
fn of_caller(app: &App, call: &Call, caller: &Caller) -> Outcome {
    let Some(login) = caller.login() else {
        return Ok(refusal(401, "Requires authentication", OF_CALLER));
    };
    let core = &app.core;
    if core.is_app(login)? {
        return Err(Failure::Forbidden("Resource not accessible by integration"));
    }
    let kind = choice(
        call,
        "type",
        &["all", "owner", "public", "private", "member"],
    );
    let visibility = choice(call, "visibility", &["all", "public", "private"]);
    let affiliation = call.parameter("affiliation");
    if kind.is_some() && (visibility.is_some() || affiliation.is_some()) {
        return Err(Failure::Invalid {
            resource: "Repository",
            field: "type",
            message: "If you specify visibility or affiliation, you cannot specify type."
                .to_owned(),
        });
    }
    let user = core.user(login)?;
    let (since, before) = (time(call, "since"), time(call, "before"));
    let mut list = core.visible_repositories(None, caller.identity(), LIST)?;
    list.retain(|repository| {
        let private = core.visibility(repository).is_private();
        let relation = relation(repository, &user);
        let affiliated = match kind {
            Some("owner") => relation == "owner",
            Some("member") => relation != "owner",
            _ => affiliation.is_none_or(|all| all.split(',').any(|one| one.trim() == relation)),
        };
        let shown = match kind.or(visibility) {
            Some("public") => !private,
            Some("private") => private,
            _ => true,
        };
        let updated = repository.updated_at;
        affiliated
            && shown
            && since.is_none_or(|since| updated > since)
            && before.is_none_or(|before| updated < before)
    });
    sort(call, &mut list, RepositoryOrder::FullName);
    let hidden: BTreeSet<String> = list
        .iter()
        .filter(|repository| repository.requires_sso)
        .map(|repository| repository.owner.id.to_string())
        .collect();
    list.retain(|repository| !repository.requires_sso);
    let address = format!("{}/user/repos", call.urls.api);
    let reply = page(app, call, caller, list, &address, |list| json!(list))?;
    let hidden: Vec<String> = hidden.into_iter().collect();
    let partial = format!("partial-results; organizations={}", hidden.join(","));
    Ok(reply.with_some("x-github-sso", (!hidden.is_empty()).then_some(partial)))
}

/// How the caller of `GET /user/repos` came to a repository.
fn relation(repository: &Repository, user: &User) -> &'static str {
    if repository.owner.id == user.id {
        "owner"
    } else if repository.is_in_organization {
        "organization_member"
    } else {
        "collaborator"
    }
}

/// `GET /installation/repositories`
fn of_installation(app: &App, call: &Call, caller: &Caller) -> Outcome {
    let Some(login) = caller.login() else {
        return Ok(refusal(401, "Requires authentication", OF_INSTALLATION));
    };
    let core = &app.core;
    if !core.is_app(login)? {
        return Err(Failure::Forbidden(
            "You must authenticate with an installation access token in order to list repositories for an installation.",
        ));
    }
    let list = core.visible_repositories(None, caller.identity(), LIST)?;
    let total = list.len();
    let address = format!("{}/installation/repositories", call.urls.api);
    page(app, call, caller, list, &address, |list| {
        json!({
            "total_count": total,
            "repository_selection": "selected",
            "repositories": list,
        })
    })
}

/// The requested page of a sorted list; `body` makes the body of its
/// repositories.
fn page(
    app: &App,
    call: &Call,
    caller: &Caller,
    list: Vec<Repository>,
    address: &str,
    body: impl FnOnce(Vec<Map<String, Value>>) -> Value,
) -> Outcome {
    let page = Page::from_call(call);
    let slice = page.window().cut(list);
    let wire = listed(app, call, &slice.items, caller.known.is_some())?;
    let reply = Reply::json(200, &body(wire));
    Ok(reply.with_some("link", page.link(call, address, slice.total)))
}

/// Sorts by `sort` and `direction`, which is descending by default except for
/// names.
fn sort(call: &Call, list: &mut [Repository], default: RepositoryOrder) {
    let order = match choice(call, "sort", &["created", "updated", "pushed", "full_name"]) {
        None => default,
        Some("created") => RepositoryOrder::Created,
        Some("updated") => RepositoryOrder::Updated,
        Some("pushed") => RepositoryOrder::Pushed,
        Some(_) => RepositoryOrder::FullName,
    };
    let descending = match choice(call, "direction", &["asc", "desc"]) {
        Some(direction) => direction == "desc",
        None => order != RepositoryOrder::FullName,
    };
    order.sort(list, descending);
}

/// A parameter that has one of a few values. Other values count as left out.
fn choice(call: &Call, name: &str, values: &[&'static str]) -> Option<&'static str> {
    let asked = call.parameter(name)?;
    values.iter().copied().find(|value| *value == asked)
}

/// A parameter that is a time, in seconds since the epoch.
fn time(call: &Call, name: &str) -> Option<i64> {
    let time: Timestamp = call.parameter(name)?.parse().ok()?;
    Some(time.as_second())
}
