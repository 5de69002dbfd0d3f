//! What an operation on a repository is given, and what it gives back.

use std::borrow::Cow;

use crate::access::Need;
use crate::app::App;
use crate::hooks::Herald;
use crate::http::{Call, Caller, Fields, Page, Reply, encode_segment};
use crate::rules::Failure;
use crate::store::{Environment, Repository, User};

/// What GitHub's description says of an operation.
#[derive(Debug)]
pub(super) struct Operation {
    /// Its page in the documentation.
    pub(super) docs: &'static str,
    /// The right it needs.
    pub(super) need: Need,
}

/// What an operation on a repository works with.
pub(super) struct Exchange<'a> {
    pub(super) app: &'a App,
    pub(super) call: &'a Call,
    pub(super) caller: &'a Caller,
    pub(super) operation: &'static Operation,
    pub(super) repository: Repository,
    /// What stands in the path in the places of names and ids.
    pub(super) parameters: Vec<Cow<'a, str>>,
}

/// An answer, or the reason for a refusal.
pub(super) type Outcome = Result<Reply, Failure>;

impl Exchange<'_> {
    /// A name in the path.
    pub(super) fn parameter(&self, index: usize) -> &str {
        self.parameters.get(index).map_or("", |name| name.as_ref())
    }

    /// An id in the path; what is no number names nothing.
    pub(super) fn id(&self, index: usize) -> Result<i64, Failure> {
        self.parameter(index).parse().map_err(|_| Failure::NotFound)
    }

    /// The user who calls. Writes are not reached without one.
    pub(super) fn user(&self) -> Result<User, Failure> {
        self.app
            .core
            .user(self.caller.login().ok_or(Failure::NotFound)?)
    }

    /// Who tells webhooks of what the caller does; `None` if nobody listens.
    pub(super) fn herald<'a>(&'a self, sender: &'a User) -> Result<Option<Herald<'a>>, Failure> {
        Herald::of(&self.app.core, &self.call.urls, &self.repository, sender)
    }

    /// The environment that the path names first. Writes below one ask for it
    /// first: GitHub says that it is missing before it looks at the body.
    pub(super) fn environment(&self) -> Result<Environment, Failure> {
        let found = self
            .app
            .core
            .environment(&self.repository, self.parameter(0))?;
        found.ok_or(Failure::NotFound)
    }

    pub(super) fn fields(&self) -> Result<Fields<'_>, Box<Reply>> {
        Fields::read(&self.call.body, self.operation.docs)
    }

    /// The fields of a body that may be `null`, which is the same as none.
    pub(super) fn fields_or_null(&self) -> Result<Fields<'_>, Box<Reply>> {
        let body = self.call.body.trim_ascii();
        let body = if body == b"null" { b"" } else { body };
        Fields::read(body, self.operation.docs)
    }

    /// The path, below the repository, of something of the environment that
    /// the path names first.
    pub(super) fn below_environment(&self, rest: &str) -> String {
        let name = encode_segment(self.parameter(0));
        format!("/environments/{name}{rest}")
    }

    /// A list with its `Link` header. `path` is what follows the repository.
    pub(super) fn list(&self, reply: Reply, page: Page, path: &str, total: u64) -> Reply {
        let address = format!("{}{path}", self.call.urls.by_id(&self.repository));
        reply.with_some("link", page.link(self.call, &address, total))
    }
}
