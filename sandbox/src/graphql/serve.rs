//! GraphQL over HTTP
//! (<https://docs.github.com/graphql/guides/forming-calls-with-graphql>).

use http::Method;

use super::answer::{DOCS, ParsedQuery, QueryRejection};
use super::session::{Points, Viewer};
use crate::app::App;
use crate::http::{Call, Caller, Exceeded, Reply, Resource, Urls, refusal};

/// Whether a request is for GraphQL: `POST /graphql`, or `/api/graphql` as on
/// GitHub Enterprise Server.
pub(crate) fn is_called(call: &Call) -> bool {
    let versioned = call.urls.api != call.urls.web;
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    call.method == Method::POST
        && !versioned
        && matches!(segments.as_slice(), ["graphql"] | ["api", "graphql"])
}

/// Answers a request and counts its cost; `now` is in seconds since the epoch.
pub(crate) fn serve(app: &App, call: &Call, caller: &Caller, now: i64) -> Result<Reply, Exceeded> {
    let Some((login, access)) = &caller.known else {
        let message = "This endpoint requires you to be authenticated.";
        return Ok(refusal(403, message, DOCS));
    };
    let query = match ParsedQuery::read(&call.body) {
        Ok(query) => query,
        Err(QueryRejection::Answer(body)) => return Ok(Reply::json(200, &body)),
        Err(QueryRejection::NotJson(body)) => return Ok(Reply::json(400, &body)),
    };
    let cost = query.cost;
    // The hour's points are spent by cost, and refused in GraphQL's own way.
    let resource = Resource::GraphQl;
    app.limits
        .admit(&caller.key, resource, cost.mutation, true, now)?;
    app.limits.admit_content(&caller.key, cost.creations, now)?;
    let budget = app.limits.budget(&caller.key, resource, now);
    let viewer = match app.core.user(login) {
        Ok(user) => Viewer {
            user,
            access: access.clone(),
            web: call.urls.web.clone(),
            urls: rest_urls(call),
            points: Points {
                limit: budget.limit,
                used: budget.used,
                reset: budget.reset,
                enforced: app.limits.are_enforced(),
            },
        },
        Err(failure) => return Ok(failure.reply(DOCS)),
    };
    let (body, sso) = query.run(&app.core, viewer);
    app.limits.count(&caller.key, resource, cost.charged(), now);
    let reply = Reply::json(200, &body).with("x-accepted-oauth-scopes", "repo");
    Ok(reply.with_some("x-github-sso", sso))
}

/// The REST API that belongs to the endpoint: that of `/api/graphql` is below
/// `/api/v3`.
fn rest_urls(call: &Call) -> Urls {
    let is_server = call.segments.first().is_some_and(|first| first == "api");
    Urls::new(&call.urls.host, if is_server { "/api/v3" } else { "" })
}
