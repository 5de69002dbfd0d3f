//! GitHub's REST API, one file a resource.

mod account;
mod administration;
mod branch_policies;
mod branches;
mod checks;
mod commits;
mod compare;
mod deliveries;
mod deployments;
mod entries;
mod environments;
mod events;
mod gates;
mod hooks;
mod pulls;
mod repositories;
mod routes;
mod secrets;
mod statuses;
mod users;
mod variables;

use std::borrow::Cow;

use axum::http::Method;

pub(crate) use events::{Scene, default_branch};

use super::access::Access;
use super::hooks::Herald;
use super::http::{App, Call, Caller, Fields, Page, Reply, encode_segment, refusal};
use super::rules::Failure;
use super::store::{Environment, Repository, User};
use routes::Operation;

/// What `documentation_url` says where nothing more exact is known.
pub(crate) const DOCS: &str = "https://docs.github.com/rest";

/// What an operation on a repository works with.
struct Exchange<'a> {
    app: &'a App,
    call: &'a Call,
    caller: &'a Caller,
    operation: &'static Operation,
    repository: Repository,
    /// What stands in the path in the places of names and ids.
    parameters: Vec<Cow<'a, str>>,
}

/// An answer, or why there is none but a refusal.
type Outcome = Result<Reply, Failure>;

impl Exchange<'_> {
    /// A name in the path.
    fn parameter(&self, index: usize) -> &str {
        self.parameters.get(index).map_or("", |name| name.as_ref())
    }

    /// An id in the path; what is no number names nothing.
    fn id(&self, index: usize) -> Result<i64, Failure> {
        self.parameter(index).parse().map_err(|_| Failure::NotFound)
    }

    /// The user who calls. Writes are not reached without one.
    fn user(&self) -> Result<User, Failure> {
        self.app
            .core
            .user(self.caller.login().ok_or(Failure::NotFound)?)
    }

    /// Who tells webhooks of what the caller does; `None` if nobody listens.
    fn herald<'a>(&'a self, sender: &'a User) -> Result<Option<Herald<'a>>, Failure> {
        Herald::of(&self.app.core, &self.call.urls, &self.repository, sender)
    }

    /// The environment that the path names first. Writes below one ask for it
    /// first: GitHub says that it is missing before it looks at the body.
    fn environment(&self) -> Result<Environment, Failure> {
        let found = self
            .app
            .core
            .environment(&self.repository, self.parameter(0))?;
        found.ok_or(Failure::NotFound)
    }

    fn fields(&self) -> Result<Fields<'_>, Box<Reply>> {
        Fields::read(&self.call.body, self.operation.docs)
    }

    /// The fields of a body that may be `null`, which is the same as none.
    fn fields_or_null(&self) -> Result<Fields<'_>, Box<Reply>> {
        let body = self.call.body.trim_ascii();
        let body = if body == b"null" { b"" } else { body };
        Fields::read(body, self.operation.docs)
    }

    /// The path, below the repository, of something of the environment that
    /// the path names first.
    fn below_environment(&self, rest: &str) -> String {
        let name = encode_segment(self.parameter(0));
        format!("/environments/{name}{rest}")
    }

    /// A list with its `Link` header. `path` is what follows the repository.
    fn list(&self, reply: Reply, page: Page, path: &str, total: u64) -> Reply {
        let address = format!("{}{path}", self.call.urls.by_id(&self.repository));
        reply.with_some("link", page.link(self.call, &address, total))
    }
}

/// Answers a request to the REST API.
pub(crate) fn serve(app: &App, call: &Call, caller: &Caller) -> Reply {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let found = match segments.as_slice() {
        ["repos", owner, name, rest @ ..] => routes::repository(&call.method, rest)
            .map(|route| (route, app.core.repository(owner, name))),
        ["repositories", id, rest @ ..] => routes::repository(&call.method, rest).map(|route| {
            let id = id.parse().unwrap_or(0);
            (route, app.core.repository_by_id(id))
        }),
        ["_sandbox", rest @ ..] => return administration::serve(app, call, caller, rest),
        _ => return account::serve(app, call, caller, &segments),
    };
    let Some((route, repository)) = found else {
        return refusal(404, "Not Found", DOCS);
    };
    let operation = route.operation;
    let docs = operation.docs;
    let reply = match repository {
        Err(failure) => failure.reply(docs),
        // An anonymous write is told so whether or not the repository exists.
        Ok(_) if call.method != Method::GET && caller.known.is_none() => {
            refusal(401, "Requires authentication", docs)
        }
        Ok(None) => refusal(404, "Not Found", docs),
        Ok(Some(repository)) => forbidden(app, caller, operation).unwrap_or_else(|| {
            let parameters = route.parameters;
            let exchange = Exchange {
                app,
                call,
                caller,
                operation,
                repository,
                parameters,
            };
            (route.handler)(&exchange).unwrap_or_else(|failure| failure.reply(docs))
        }),
    };
    let reply = reply.with("x-accepted-oauth-scopes", operation.need.scopes.join(", "));
    match caller.access() {
        Some(Access::FineGrained(_)) => {
            let need = operation.need;
            let accepted = format!("{}={}", need.permission, need.level.word());
            reply.with("x-accepted-github-permissions", accepted)
        }
        _ => reply,
    }
}

/// The refusal for a caller who lacks a right; `None` if there is none.
fn forbidden(app: &App, caller: &Caller, operation: &Operation) -> Option<Reply> {
    let private = app.core.private;
    let Some(access) = caller.access() else {
        if operation.need.is_guarded() {
            return Some(refusal(401, "Requires authentication", operation.docs));
        }
        // What is private is not there for strangers.
        return private.then(|| refusal(404, "Not Found", operation.docs));
    };
    if access.allows(operation.need, private) {
        return None;
    }
    Some(match access {
        Access::FineGrained(_) => refusal(
            403,
            "Resource not accessible by personal access token",
            operation.docs,
        ),
        _ if private => refusal(404, "Not Found", operation.docs),
        _ => refusal(403, "Must have admin rights to Repository.", operation.docs),
    })
}
