use jiff::Timestamp;

use super::time;
use crate::model::{DeploymentState, StatusState};
use crate::term::{Palette, Role};

/// The length of a shortened SHA, as in git.
const SHORT_SHA_CHARS: usize = 7;

/// One field of a row: the text for people, and the text for programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    shown: String,
    piped: Option<String>,
    role: Role,
    url: Option<String>,
}

impl Cell {
    /// A cell with the same text for people and programs.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            shown: text.into(),
            ..Self::default()
        }
    }

    /// Sets a different text for programs.
    #[must_use]
    pub(crate) fn piped(mut self, text: impl Into<String>) -> Self {
        self.piped = Some(text.into());
        self
    }

    #[must_use]
    pub(crate) fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Links the text, if the terminal supports links.
    #[must_use]
    pub(crate) fn link(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    pub(crate) fn state(state: &DeploymentState) -> Self {
        Self::new(state.as_str()).role(Role::of_state(state))
    }

    pub(crate) fn status(state: &StatusState) -> Self {
        Self::new(state.as_str()).role(Role::of_status(state))
    }

    /// An age such as `3m`; for programs the time in RFC 3339. Empty if it is
    /// unknown.
    pub(crate) fn age(then: impl Into<Option<Timestamp>>, now: Timestamp) -> Self {
        let Some(then) = then.into() else {
            return Self::default();
        };
        Self::new(time::age(then, now))
            .piped(time::rfc3339(then))
            .role(Role::Dim)
    }

    /// An age such as `3 minutes ago`; for programs the time in RFC 3339. Empty
    /// if it is unknown.
    pub(crate) fn ago(then: impl Into<Option<Timestamp>>, now: Timestamp) -> Self {
        let Some(then) = then.into() else {
            return Self::default();
        };
        Self::new(time::ago(then, now))
            .piped(time::rfc3339(then))
            .role(Role::Dim)
    }

    /// A shortened SHA; for programs the whole SHA.
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
    sha.get(..SHORT_SHA_CHARS).unwrap_or(sha)
}
