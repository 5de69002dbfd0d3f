use std::io;

use jiff::Timestamp;
use serde::Serialize;

use super::check::join_scopes;
use crate::auth::{Login, TokenKind};
use crate::output::time::rfc3339;
use crate::output::{Cell, Details, Record};
use crate::term::{Role, Term};

/// The user name of a token without a user; git uses the same.
pub(super) const NO_USER: &str = "x-access-token";

/// A login, as `login` and `logout` print it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct LoginRecord {
    pub(super) host: String,
    /// `null` if this kind of token has no user.
    pub(super) user: Option<String>,
    /// `keyring` or `file`.
    pub(super) storage: &'static str,
    pub(super) token_type: &'static str,
    /// `null` for a token with fine-grained permissions.
    pub(super) scopes: Option<Vec<String>>,
    pub(super) expires_at: Option<Timestamp>,
    #[serde(skip)]
    kind: TokenKind,
}

impl Record for LoginRecord {
    const FIELDS: &'static [&'static str] = &[
        "host",
        "user",
        "storage",
        "token_type",
        "scopes",
        "expires_at",
    ];
}

impl LoginRecord {
    pub(super) fn new(host: &str, user: &str, login: &Login) -> Self {
        Self {
            host: host.to_owned(),
            user: (user != NO_USER).then(|| user.to_owned()),
            storage: login.storage.as_str(),
            token_type: login.kind.as_str(),
            scopes: login.scopes.clone(),
            expires_at: login.expires_at,
            kind: login.kind,
        }
    }

    pub(super) fn print(&self, term: &Term) -> io::Result<()> {
        Details::new()
            .with("host", Cell::new(self.host.as_str()).role(Role::Id))
            .maybe("user", self.user.as_deref().map(Cell::new))
            .with("storage", Cell::new(self.storage))
            .with(
                "token",
                Cell::new(self.kind.to_string()).piped(self.token_type),
            )
            .maybe("scopes", self.scopes.as_deref().map(scopes_cell))
            .maybe(
                "expires",
                self.expires_at.map(|end| Cell::new(rfc3339(end))),
            )
            .print(term)
    }
}

/// The scopes: with spaces for people, comma-separated for programs.
pub(super) fn scopes_cell(scopes: &[String]) -> Cell {
    Cell::new(join_scopes(scopes)).piped(scopes.join(","))
}

/// A source that has a token for a host, as `auth status` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct SourceRecord {
    pub(super) host: String,
    /// The variable, `keyring`, `file` or `gh`.
    pub(super) source: &'static str,
    pub(super) user: Option<String>,
    /// Whether commands use this token.
    pub(super) in_use: bool,
    /// The source that takes precedence.
    pub(super) shadowed_by: Option<&'static str>,
    /// `valid`, `refused`, `unchecked`, `unreadable` or `gone`.
    pub(super) state: &'static str,
    /// The reason for the state.
    pub(super) problem: Option<String>,
    pub(super) token_type: Option<&'static str>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) expires_at: Option<Timestamp>,
}

impl Record for SourceRecord {
    const FIELDS: &'static [&'static str] = &[
        "host",
        "source",
        "user",
        "in_use",
        "shadowed_by",
        "state",
        "problem",
        "token_type",
        "scopes",
        "expires_at",
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Storage;

    fn keys(value: &impl Serialize) -> Vec<String> {
        let json = serde_json::to_value(value).expect("serializes");
        json.as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    }

    #[test]
    fn the_fields_are_those_that_are_promised() {
        let login = Login {
            storage: Storage::File,
            kind: TokenKind::OAuth,
            scopes: None,
            expires_at: None,
        };
        let record = LoginRecord::new("github.com", "mona", &login);
        assert_eq!(keys(&record), LoginRecord::FIELDS);
        assert_eq!(
            LoginRecord::FIELDS,
            [
                "host",
                "user",
                "storage",
                "token_type",
                "scopes",
                "expires_at"
            ]
        );
        let source = SourceRecord {
            host: "github.com".to_owned(),
            source: "gh",
            user: None,
            in_use: true,
            shadowed_by: None,
            state: "unchecked",
            problem: None,
            token_type: None,
            scopes: None,
            expires_at: None,
        };
        assert_eq!(keys(&source), SourceRecord::FIELDS);
    }
}
