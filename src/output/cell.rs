use jiff::Timestamp;

use super::time;
use crate::model::{DeploymentState, StatusState};
use crate::term::{Palette, Role};

/// So many characters of a SHA tell commits apart for people, as git has it.
const SHORT_SHA: usize = 7;

/// One field of a row: what a person sees, and what a program reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    shown: String,
    piped: Option<String>,
    role: Role,
    url: Option<String>,
}

impl Cell {
    /// The same text for people and programs.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            shown: text.into(),
            ..Self::default()
        }
    }

    /// Another text for programs.
    #[must_use]
    pub(crate) fn piped(mut self, text: impl Into<String>) -> Self {
        self.piped = Some(text.into());
        self
    }

    /// Looks as `role` does.
    #[must_use]
    pub(crate) fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// A link, where the terminal has links.
    #[must_use]
    pub(crate) fn link(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// A state, in its colour.
    pub(crate) fn state(state: &DeploymentState) -> Self {
        Self::new(state.as_str()).role(Role::of_state(state))
    }

    /// The state that a status reports, in its colour.
    pub(crate) fn status(state: &StatusState) -> Self {
        Self::new(state.as_str()).role(Role::of_status(state))
    }

    /// The age of a thing; its time in RFC 3339 for programs. Empty where it is
    /// not known.
    pub(crate) fn age(then: impl Into<Option<Timestamp>>, now: Timestamp) -> Self {
        let Some(then) = then.into() else {
            return Self::default();
        };
        Self::new(time::age(then, now))
            .piped(time::rfc3339(then))
            .role(Role::Dim)
    }

    /// How long ago a thing was, in words; its time in RFC 3339 for programs.
    /// Empty where it is not known.
    pub(crate) fn ago(then: impl Into<Option<Timestamp>>, now: Timestamp) -> Self {
        let Some(then) = then.into() else {
            return Self::default();
        };
        Self::new(time::ago(then, now))
            .piped(time::rfc3339(then))
            .role(Role::Dim)
    }

    /// A commit, short; whole for programs.
    pub(crate) fn sha(sha: &str) -> Self {
        Self::new(short_sha(sha)).piped(sha).role(Role::Id)
    }

    pub(super) fn for_programs(&self) -> &str {
        self.piped.as_deref().unwrap_or(&self.shown)
    }

    pub(super) fn for_people(&self) -> &str {
        &self.shown
    }

    pub(super) fn painted(&self, palette: Palette, shown: &str) -> String {
        palette
            .paint_link(self.role, shown, self.url.as_deref())
            .to_string()
    }
}
/// The first digits of a SHA, as git shows it.
pub(crate) fn short_sha(sha: &str) -> &str {
    sha.get(..SHORT_SHA).unwrap_or(sha)
}
