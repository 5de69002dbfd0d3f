//! The input and the result of an operation on a repository.

use std::borrow::Cow;

use crate::access::Need;
use crate::app::App;
use crate::http::{Call, Caller, Fields, Page, Reply, encode_segment};
use crate::rules::Failure;
use crate::store::{Environment, Repository, User};
use crate::webhooks::EventRecorder;

/// GitHub's description of an operation.
#[derive(Debug)]
pub(super) struct Operation {
    /// Its page in the documentation.
    pub(super) docs: &'static str,
    /// The right it needs.
    pub(super) need: Need,
}

/// The input of an operation on a repository.
pub(super) struct Exchange<'a> {
    pub(super) app: &'a App,
    pub(super) call: &'a Call,
    pub(super) caller: &'a Caller,
    pub(super) operation: &'static Operation,
    pub(super) repository: Repository,
    /// The names and ids in the path.
    pub(super) parameters: Vec<Cow<'a, str>>,
}

/// An answer, or the reason for a refusal.
pub(super) type Outcome = Result<Reply, Failure>;

impl Exchange<'_> {
    /// A name in the path.
    pub(super) fn parameter(&self, index: usize) -> &str {
        self.parameters.get(index).map_or("", |name| name.as_ref())
    }

    /// An id in the path; a text that is not a number is not found.
    pub(super) fn id(&self, index: usize) -> Result<i64, Failure> {
        self.parameter(index).parse().map_err(|_| Failure::NotFound)
    }

    /// The user who calls. Writes are not reached without one.
    pub(super) fn user(&self) -> Result<User, Failure> {
        self.app
            .core
            .user(self.caller.login().ok_or(Failure::NotFound)?)
    }

    /// The recorder of the caller's events; `None` if the repository has no
    /// active webhook.
    pub(super) fn recorder<'a>(
        &'a self,
        sender: &'a User,
    ) -> Result<Option<EventRecorder<'a>>, Failure> {
        EventRecorder::for_active_hooks(&self.app.core, &self.call.urls, &self.repository, sender)
    }

    /// The environment that is named first in the path. Writes below an
    /// environment call this first, because GitHub reports a missing
    /// environment before it reads the body.
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

    /// The fields of a body that may be `null`, which is the same as an empty
    /// one.
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

    /// A list with its `Link` header. `path` is the part after the repository.
    pub(super) fn list(&self, reply: Reply, page: Page, path: &str, total: u64) -> Reply {
        let address = format!("{}{path}", self.call.urls.by_id(&self.repository));
        reply.with_some("link", page.link(self.call, &address, total))
    }
}
