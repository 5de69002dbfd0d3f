//! Answers that faults return instead of the server's own, worded as GitHub's
//! (<https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api>).

use http::{HeaderName, HeaderValue, Response, header};

use super::fault::{Limited, TooLarge};
use super::request::{DIRECT_PREFIX, FaultRequest};
use crate::http::{Body, DOCS, Reply, SSO_MESSAGE, refusal, whole_body};

const RATE_DOCS: &str =
    "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

/// A request id that shows that the answer comes from a fault.
const REQUEST_ID: &str = "FA17:00000:00000:00000:00000000";

/// An error in JSON, as GitHub's own servers send it.
pub(super) fn error(status: u16) -> Response<Body> {
    finish(refusal(status, "Server Error", DOCS))
}

/// An HTML page, as a proxy or load balancer sends it.
pub(super) fn page(status: u16) -> Response<Body> {
    let page = if status < 300 {
        "<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head></html>"
    } else {
        "<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head></html>"
    };
    finish(Reply::raw(status, "text/html; charset=utf-8", page.into()))
}

/// A page that repeats the request's headers, as careless proxies send it.
pub(super) fn echo(request: &FaultRequest<'_>) -> Response<Body> {
    let mut headers = String::new();
    for (name, value) in request.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        headers.push_str(&format!("{name}: {value}; "));
    }
    let authorization = request.header("authorization");
    let page = format!(
        "<html><head><title>Bad Gateway for {authorization}</title></head><body>{headers}</body></html>"
    );
    let reply = Reply::raw(502, "text/html", page.into_bytes());
    finish(reply.with("x-echo", authorization))
}

/// A rate limit that is passed; `now` is in seconds since the epoch.
pub(super) fn limited(limited: Limited, now: i64) -> Response<Body> {
    let help = format!(
        "If you reach out to GitHub Support for help, please include the request ID {REQUEST_ID}."
    );
    let reply = if limited.secondary {
        let message = format!(
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try \
             again. {help}"
        );
        let docs = format!("{RATE_DOCS}#about-secondary-rate-limits");
        refusal(limited.status, &message, &docs)
            .with("x-ratelimit-remaining", "4999")
            .with("x-ratelimit-reset", (now + 3600).to_string())
    } else {
        let message = format!("API rate limit exceeded for user ID 1. {help}");
        refusal(limited.status, &message, RATE_DOCS)
            .with("x-ratelimit-remaining", "0")
            .with("x-ratelimit-reset", (now + limited.reset).to_string())
    };
    let reply = reply
        .with("x-ratelimit-limit", "5000")
        .with("x-ratelimit-resource", "core");
    finish(reply.with_some("retry-after", limited.retry_after.map(|s| s.to_string())))
}

pub(super) fn unauthorized() -> Response<Body> {
    finish(refusal(401, "Bad credentials", DOCS))
}

pub(super) fn forbidden() -> Response<Body> {
    let reply = refusal(
        403,
        "Resource not accessible by personal access token",
        DOCS,
    );
    finish(reply.with("x-accepted-github-permissions", "deployments=write"))
}

pub(super) fn not_found() -> Response<Body> {
    finish(refusal(404, "Not Found", DOCS))
}

pub(super) fn sso() -> Response<Body> {
    let url = "required; url=https://github.com/orgs/acme/sso?authorization_request=A1B2";
    finish(refusal(403, SSO_MESSAGE, DOCS).with("x-github-sso", url))
}

/// A GraphQL query that took too long.
pub(super) fn too_large(too_large: TooLarge) -> Response<Body> {
    if too_large.is_page {
        return page(too_large.status);
    }
    let message = format!(
        "Something went wrong while executing your query. This may be the result of a timeout, \
         or it could be a GitHub bug. Please include `{REQUEST_ID}` when reporting this issue."
    );
    let body = serde_json::json!({ "data": null, "errors": [{ "message": message }] });
    finish(Reply::json(too_large.status, &body))
}

/// A redirect to where the request meets no fault, or to another server.
pub(super) fn redirect(
    status: u16,
    to: Option<&str>,
    request: &FaultRequest<'_>,
) -> Response<Body> {
    let location = match to {
        Some(origin) => format!("{origin}{}", request.target),
        None => format!("http://{}{DIRECT_PREFIX}{}", request.host, request.target),
    };
    let body = serde_json::json!({
        "message": "Moved Permanently",
        "url": location,
        "documentation_url": DOCS,
    });
    finish(Reply::json(status, &body).with("location", location))
}

/// Gives an answer its headers.
pub(super) fn finish(reply: Reply) -> Response<Body> {
    let mut response = Response::new(whole_body(reply.body));
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    let type_and_id = [
        (header::CONTENT_TYPE.as_str(), reply.content_type.to_owned()),
        ("x-github-request-id", REQUEST_ID.to_owned()),
    ];
    for (name, value) in type_and_id.into_iter().chain(reply.headers) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}
