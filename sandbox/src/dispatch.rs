//! The path of every request: read it, identify the caller, check the limits,
//! run the operation, and add the headers that every answer has.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::Ordering;

use http::request::Parts;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::access::Access;
use crate::app::App;
use crate::graphql;
use crate::http::{
    BadCredentials, Body, Call, Caller, DOCS, Exceeded, LOGIN, Reply, Resource, Unreadable, Urls,
    Version, http_date, refusal, whole_body,
};
use crate::pages;
use crate::rest;
use crate::rules::{Failure, Witness};
use crate::webhooks::EventRecorder;

const RATE_DOCS: &str =
    "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

/// Answers one request; `None` is a body that was too large to be read. It
/// blocks: on the database and on git.
pub(crate) fn answer(app: &App, parts: &Parts, body: Option<Vec<u8>>) -> Response<Body> {
    let now = app.core.now();
    let count = app.requests.fetch_add(1, Ordering::Relaxed);
    let id = request_id(count, now);
    let mut finish = Finish::new(app, &id, now);
    let identified = Caller::identify(&parts.headers, &app.tokens);
    let known = identified.is_ok();
    let caller = identified.unwrap_or_else(|BadCredentials| Caller::anonymous());
    let Some(body) = body else {
        let reply = refusal(413, "Payload Too Large", DOCS);
        return finish.response(reply, &caller);
    };
    let read = Call::read(parts, body, &app.address);
    if let Ok(call) = &read {
        finish.version = call.version;
        finish.resource = resource(call);
        finish.head = call.head;
    }
    // GitHub checks the user agent before the credentials.
    if !known && !matches!(read, Err(Unreadable::UserAgent)) {
        return finish.response(refusal(401, "Bad credentials", DOCS), &caller);
    }
    let call = match read {
        Ok(call) => call,
        Err(unreadable) => return finish.response(unreadable_reply(&unreadable), &caller),
    };
    if let Err(failure) = settle_jobs(app) {
        return finish.response(failure.reply(DOCS), &caller);
    }
    let resource = finish.resource;
    if graphql::is_called(&call) {
        finish.changes = true;
        let reply = graphql::serve(app, &call, &caller, now)
            .unwrap_or_else(|exceeded| exceeded_reply(exceeded, &caller, &id));
        return finish.response(reply, &caller);
    }
    if let Some(page) = pages::serve(app, &call, &caller) {
        finish.changes = true;
        return finish.response(page, &caller);
    }
    let free = call.segments == ["rate_limit"];
    let makes = usize::from(call.method == http::Method::POST);
    let admitted = app
        .limits
        .admit(&caller.key, resource, !call.is_read(), free, now)
        .and_then(|()| app.limits.admit_content(&caller.key, makes, now));
    let reply = match admitted {
        Ok(()) => rest::serve(app, &call, &caller),
        Err(exceeded) => exceeded_reply(exceeded, &caller, &id),
    };
    finish.changes = !call.is_read();
    let reply = if call.is_read() {
        revalidate(&call, reply)
    } else {
        reply
    };
    if !free && admitted.is_ok() && reply.status != StatusCode::NOT_MODIFIED {
        app.limits.count(&caller.key, resource, 1, now);
    }
    finish.response(reply, &caller)
}

/// Starts, fails and completes the jobs that the clock has reached.
fn settle_jobs(app: &App) -> Result<(), Failure> {
    let core = &app.core;
    let due = core.due_jobs()?;
    if due.is_empty() {
        return Ok(());
    }
    let user = core.user(LOGIN)?;
    let urls = Urls::new(&app.address, "");
    for (job, repository) in due {
        let Some(repository) = core.repository_by_id(repository)? else {
            continue;
        };
        let recorder = EventRecorder::for_active_hooks(core, &urls, &repository, &user)?;
        let witness = recorder.as_ref().map(|recorder| recorder as &dyn Witness);
        core.settle_job(&repository, job, witness)?;
    }
    Ok(())
}

/// Which limit a request counts against.
fn resource(call: &Call) -> Resource {
    match call.segments.first().map(String::as_str) {
        Some("graphql") => Resource::GraphQl,
        Some("api") if call.segments.get(1).is_some_and(|next| next == "graphql") => {
            Resource::GraphQl
        }
        _ => Resource::Core,
    }
}

/// Five groups of hexadecimal digits, as GitHub's ids have.
fn request_id(count: u64, now: i64) -> String {
    let mut hasher = DefaultHasher::new();
    (count, now).hash(&mut hasher);
    let mix = hasher.finish();
    let group = |shift: u32| mix >> shift & 0xf_ffff;
    format!(
        "{:04X}:{:05X}:{:05X}:{:05X}:{now:08X}",
        count & 0xffff,
        group(0),
        group(20),
        group(40)
    )
}

fn unreadable_reply(unreadable: &Unreadable) -> Reply {
    match unreadable {
        Unreadable::UserAgent => {
            let message = "Missing or invalid User Agent string. \
                See https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent";
            Reply {
                content_type: "application/octet-stream",
                ..refusal(403, message, DOCS)
            }
        }
        Unreadable::Version(word) => {
            let served = Version::ALL.map(Version::as_str).join(", ");
            let message = format!("Bad Request: API version {word:?} is not one of {served}.");
            let docs = "https://docs.github.com/rest/about-the-rest-api/api-versions";
            refusal(400, &message, docs)
        }
        Unreadable::Path => refusal(404, "Not Found", DOCS),
    }
}

fn exceeded_reply(exceeded: Exceeded, caller: &Caller, id: &str) -> Reply {
    match exceeded {
        Exceeded::Primary => {
            let whom = caller
                .login()
                .map_or("your IP address".to_owned(), |login| {
                    format!("user {login}")
                });
            let message = format!(
                "API rate limit exceeded for {whom}. If you reach out to GitHub Support for help, \
                 please include the request ID {id}."
            );
            refusal(403, &message, RATE_DOCS)
        }
        Exceeded::Secondary(seconds) => {
            let message = format!(
                "You have exceeded a secondary rate limit. Please wait a few minutes before you \
                 try again. If you reach out to GitHub Support for help, please include the \
                 request ID {id}."
            );
            let docs = format!("{RATE_DOCS}#about-secondary-rate-limits");
            refusal(403, &message, &docs).with("retry-after", seconds.to_string())
        }
        Exceeded::Content(seconds) => {
            let message = "You have exceeded a secondary rate limit and have been temporarily \
                           blocked from content creation. Please retry your request again later.";
            let docs = format!("{RATE_DOCS}#about-secondary-rate-limits");
            refusal(403, message, &docs).with("retry-after", seconds.to_string())
        }
    }
}

/// Adds the `ETag`, and removes the body if the caller already has it.
fn revalidate(call: &Call, mut reply: Reply) -> Reply {
    if reply.status != StatusCode::OK {
        return reply;
    }
    let mut hasher = DefaultHasher::new();
    reply.body.hash(&mut hasher);
    reply.headers.hash(&mut hasher);
    let tag = format!("{:016x}{:08x}", hasher.finish(), reply.body.len());
    let known = if call.headers.contains_key(header::IF_NONE_MATCH) {
        let values = call.headers.get_all(header::IF_NONE_MATCH);
        values.iter().any(|value| {
            let value = value.to_str().unwrap_or_default();
            // The weak comparison: `W/` does not count.
            value
                .split(',')
                .map(str::trim)
                .any(|one| one == "*" || one.trim_start_matches("W/").trim_matches('"') == tag)
        })
    } else {
        is_unmodified(call, &reply)
    };
    reply.headers.push(("etag", format!("W/\"{tag}\"")));
    if known {
        reply.status = StatusCode::NOT_MODIFIED;
        reply.body.clear();
        reply.content_type = "";
    }
    reply
}

/// Whether the answer has not changed since the time that the caller sent.
fn is_unmodified(call: &Call, reply: &Reply) -> bool {
    let time = |text: &str| -> Option<Timestamp> {
        let parser = DateTimeParser::new().relaxed_weekday(true);
        parser.parse_timestamp(text.trim()).ok()
    };
    let since = call.header("if-modified-since").and_then(time);
    let mut headers = reply.headers.iter();
    let modified = headers
        .find(|(name, _)| *name == "last-modified")
        .and_then(|(_, value)| time(value));
    since
        .zip(modified)
        .is_some_and(|(since, modified)| modified <= since)
}

/// The headers that every answer has.
struct Finish<'a> {
    app: &'a App,
    id: &'a str,
    now: i64,
    version: Version,
    resource: Resource,
    head: bool,
    changes: bool,
}

impl<'a> Finish<'a> {
    fn new(app: &'a App, id: &'a str, now: i64) -> Self {
        Self {
            app,
            id,
            now,
            version: Version::V2022,
            resource: Resource::Core,
            head: false,
            changes: false,
        }
    }

    fn response(&self, reply: Reply, caller: &Caller) -> Response<Body> {
        let budget = self.app.limits.budget(&caller.key, self.resource, self.now);
        let caching = if self.changes {
            "max-age=0, private, must-revalidate"
        } else if caller.known.is_some() {
            "private, max-age=60, s-maxage=60"
        } else {
            "public, max-age=60, s-maxage=60"
        };
        let mut headers = vec![
            ("server", "deployctl-sandbox".to_owned()),
            ("x-github-request-id", self.id.to_owned()),
            ("x-github-media-type", self.resource.media_type().to_owned()),
            (
                "x-github-api-version-selected",
                self.version.as_str().to_owned(),
            ),
            ("x-ratelimit-limit", budget.limit.to_string()),
            ("x-ratelimit-remaining", budget.remaining().to_string()),
            ("x-ratelimit-used", budget.used.to_string()),
            ("x-ratelimit-reset", budget.reset.to_string()),
            ("x-ratelimit-resource", self.resource.as_str().to_owned()),
            ("cache-control", caching.to_owned()),
            (
                "vary",
                "Accept, Authorization, Accept-Encoding, X-Requested-With".to_owned(),
            ),
            ("x-content-type-options", "nosniff".to_owned()),
        ];
        // Its clock may be another one than the machine's.
        headers.extend(http_date(self.app.core.now()).map(|date| ("date", date)));
        match caller.access() {
            Some(Access::Full) => headers.push(("x-oauth-scopes", "repo".to_owned())),
            Some(Access::Classic(scopes)) => headers.push(("x-oauth-scopes", scopes.join(", "))),
            _ => {}
        }
        if !reply.content_type.is_empty() {
            headers.push(("content-type", reply.content_type.to_owned()));
        }
        headers.extend(reply.headers);
        // HEAD has no body, but the length of the body that GET would have.
        if self.head {
            headers.push(("content-length", reply.body.len().to_string()));
        }
        let body = if self.head { Vec::new() } else { reply.body };
        let mut response = Response::new(whole_body(body));
        *response.status_mut() = reply.status;
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response
                    .headers_mut()
                    .insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
