//! Operations outside of repositories: the caller, the limits, the server
//! itself.

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::http::{Budget, Call, Caller, DOCS, Reply, Resource, Version, refusal, timestamp};
use crate::rules::Failure;
use crate::wire::users::{SimpleUser, WireTeam};

/// Answers a request outside of any repository.
pub(super) fn serve(app: &App, call: &Call, caller: &Caller, segments: &[&str]) -> Reply {
    let reply = match segments {
        [] if call.is_read() => root(call),
        ["user"] if call.is_read() => user(app, call, caller),
        ["users", login] if call.is_read() => public_user(app, call, login),
        ["orgs", organization, "teams", slug] if call.is_read() => {
            team(app, call, caller, organization, slug)
        }
        ["rate_limit"] if call.is_read() => rate_limit(app, call, caller),
        ["meta"] if call.is_read() => meta(),
        ["versions"] if call.is_read() => Reply::json(200, &Version::ALL.map(Version::as_str)),
        _ => return refusal(404, "Not Found", DOCS),
    };
    reply.with("x-accepted-oauth-scopes", "")
}

/// `GET /` (<https://docs.github.com/rest/meta/meta#github-api-root>)
fn root(call: &Call) -> Reply {
    let api = &call.urls.api;
    Reply::json(
        200,
        &json!({
            "current_user_url": format!("{api}/user"),
            "rate_limit_url": format!("{api}/rate_limit"),
            "repository_url": format!("{api}/repos/{{owner}}/{{repo}}"),
        }),
    )
}

/// `GET /user` (<https://docs.github.com/rest/users/users#get-the-authenticated-user>)
fn user(app: &App, call: &Call, caller: &Caller) -> Reply {
    let docs = "https://docs.github.com/rest/users/users#get-the-authenticated-user";
    let Some(login) = caller.login() else {
        return refusal(401, "Requires authentication", docs);
    };
    match account(app, call, login) {
        Ok(fields) => Reply::json(200, &fields),
        Err(failure) => failure.reply(docs),
    }
}

/// Whether GitHub could have an account of this name.
fn is_login(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=39).contains(&name.len())
        && name.bytes().all(fits)
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
}

/// `GET /users/{username}` (<https://docs.github.com/rest/users/users#get-a-user>)
///
/// Every valid login is a user of the sandbox, so that any name can be a
/// reviewer.
fn public_user(app: &App, call: &Call, login: &str) -> Reply {
    let docs = "https://docs.github.com/rest/users/users#get-a-user";
    if !is_login(login) {
        return refusal(404, "Not Found", docs);
    }
    match account(app, call, login) {
        Ok(mut fields) => {
            for private in [
                "notification_email",
                "private_gists",
                "total_private_repos",
                "owned_private_repos",
                "disk_usage",
                "collaborators",
                "two_factor_authentication",
            ] {
                fields.shift_remove(private);
            }
            fields.insert("user_view_type".to_owned(), "public".into());
            Reply::json(200, &fields)
        }
        Err(failure) => failure.reply(docs),
    }
}

/// `GET /orgs/{org}/teams/{team_slug}`
/// (<https://docs.github.com/rest/teams/teams#get-a-team-by-name>)
///
/// The owner of a repository has every team that it could have.
fn team(app: &App, call: &Call, caller: &Caller, organization: &str, slug: &str) -> Reply {
    let docs = "https://docs.github.com/rest/teams/teams#get-a-team-by-name";
    if caller.known.is_none() {
        return refusal(401, "Requires authentication", docs);
    }
    match app.core.team(organization, slug) {
        Ok(Some(team)) => Reply::json(200, &WireTeam::new(&call.urls, &team)),
        Ok(None) => refusal(404, "Not Found", docs),
        Err(failure) => failure.reply(docs),
    }
}

/// GitHub's `private-user`.
fn account(app: &App, call: &Call, login: &str) -> Result<Map<String, Value>, Failure> {
    let user = app.core.user(login)?;
    let owner = app.core.owner(login)?;
    let is_organization = owner.is_some_and(|owner| owner.is_organization);
    let simple = serde_json::to_value(SimpleUser::owner(&call.urls, &user, is_organization));
    let more = json!({
        "user_view_type": "private",
        "name": null,
        "company": null,
        "blog": "",
        "location": null,
        "email": null,
        "hireable": null,
        "bio": null,
        "twitter_username": null,
        "notification_email": null,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": timestamp(user.created_at),
        "updated_at": timestamp(user.created_at),
        "private_gists": 0,
        "total_private_repos": 0,
        "owned_private_repos": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": false,
    });
    match (simple, more) {
        (Ok(Value::Object(mut fields)), Value::Object(more)) => {
            fields.extend(more);
            Ok(fields)
        }
        _ => Err(Failure::Internal("a user is no object".to_owned())),
    }
}

/// `GET /rate_limit` (<https://docs.github.com/rest/rate-limit/rate-limit>)
fn rate_limit(app: &App, call: &Call, caller: &Caller) -> Reply {
    let now = app.core.now();
    let shown = |budget: Budget| {
        json!({
            "limit": budget.limit,
            "used": budget.used,
            "remaining": budget.remaining(),
            "reset": budget.reset,
        })
    };
    let core = shown(app.limits.budget(&caller.key, Resource::Core, now));
    let graphql = shown(app.limits.budget(&caller.key, Resource::GraphQl, now));
    let search = shown(Budget {
        limit: 30,
        used: 0,
        reset: now + 60,
    });
    let mut body = Map::new();
    let resources = json!({ "core": core, "search": search, "graphql": graphql });
    body.insert("resources".to_owned(), resources);
    // The newer version of the API dropped it.
    if call.version == Version::V2022 {
        body.insert("rate".to_owned(), core);
    }
    Reply::json(200, &body)
}

/// `GET /meta` (<https://docs.github.com/rest/meta/meta#get-apiname-meta-information>)
fn meta() -> Reply {
    Reply::json(
        200,
        &json!({
            "verifiable_password_authentication": false,
            "hooks": [],
            "web": [],
            "api": [],
            "git": [],
        }),
    )
}
