use std::fmt;

use serde::Serialize;

use super::settings::{Settings, same_name};
use crate::model::PatternKind;
use crate::output::{Cell, Column, Record};
use crate::term::{Role, Term, Text};

/// A change of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Change {
    pub(super) environment: String,
    /// `create`, `set`, `add` or `remove`.
    pub(super) action: &'static str,
    /// The changed field, such as `wait_timer`.
    pub(super) field: &'static str,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

impl Record for Change {
    const FIELDS: &'static [&'static str] = &["environment", "action", "field", "from", "to"];
}

impl Change {
    pub(super) fn create(environment: &str) -> Self {
        Self {
            environment: environment.to_owned(),
            action: "create",
            field: "environment",
            from: None,
            to: Some(environment.to_owned()),
        }
    }

    pub(super) fn set(
        environment: &str,
        field: &'static str,
        from: impl fmt::Display,
        to: impl fmt::Display,
    ) -> Self {
        Self {
            environment: environment.to_owned(),
            action: "set",
            field,
            from: Some(from.to_string()),
            to: Some(to.to_string()),
        }
    }

    pub(super) fn add(environment: &str, field: &'static str, what: impl fmt::Display) -> Self {
        Self {
            environment: environment.to_owned(),
            action: "add",
            field,
            from: None,
            to: Some(what.to_string()),
        }
    }

    pub(super) fn remove(environment: &str, field: &'static str, what: impl fmt::Display) -> Self {
        Self {
            environment: environment.to_owned(),
            action: "remove",
            field,
            from: Some(what.to_string()),
            to: None,
        }
    }

    fn role(&self) -> Role {
        match self.action {
            "remove" => Role::Failure,
            "set" => Role::Pending,
            _ => Role::Success,
        }
    }

    /// The change as one line, in colour.
    pub(super) fn text(&self) -> Text {
        Text::new().with(self.role(), self.to_string())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field.replace('_', " ");
        let (from, to) = (
            self.from.as_deref().unwrap_or_default(),
            self.to.as_deref().unwrap_or_default(),
        );
        match self.action {
            "remove" => write!(f, "- {}: {field} {from}", self.environment),
            "set" => write!(f, "~ {}: {field} {from} -> {to}", self.environment),
            "create" => write!(f, "+ {}: {field}", self.environment),
            _ => write!(f, "+ {}: {field} {to}", self.environment),
        }
    }
}

/// Prints changes to standard error.
pub(super) fn show(term: &Term, changes: &[Change]) {
    for change in changes {
        term.note(change.text());
    }
}

/// The differences between two settings.
pub(super) fn settings(name: &str, from: &Settings, to: &Settings) -> Vec<Change> {
    let mut changes = Vec::new();
    if from.wait_timer != to.wait_timer {
        changes.push(Change::set(
            name,
            "wait_timer",
            from.wait_timer,
            to.wait_timer,
        ));
    }
    let names = |settings: &Settings| -> Vec<String> {
        let reviewers = settings.reviewers.iter();
        reviewers.map(|reviewer| reviewer.name.clone()).collect()
    };
    changes.extend(lists(name, "reviewer", &names(from), &names(to)));
    if from.prevent_self_review != to.prevent_self_review {
        changes.push(Change::set(
            name,
            "prevent_self_review",
            from.prevent_self_review,
            to.prevent_self_review,
        ));
    }
    if from.branches != to.branches {
        let (from, to) = (from.branches.as_str(), to.branches.as_str());
        changes.push(Change::set(name, "branches", from, to));
    }
    changes
}

/// The differences between two lists of names.
pub(super) fn lists(
    environment: &str,
    field: &'static str,
    from: &[String],
    to: &[String],
) -> Vec<Change> {
    let lacks = |list: &[String], name: &str| !list.iter().any(|one| same_name(one, name));
    let removed = from.iter().filter(|name| lacks(to, name));
    let added = to.iter().filter(|name| lacks(from, name));
    let removed = removed.map(|name| Change::remove(environment, field, name));
    let added = added.map(|name| Change::add(environment, field, name));
    removed.chain(added).collect()
}

/// A pattern as it is shown to users.
pub(super) fn format_pattern(kind: &PatternKind, pattern: &str) -> String {
    match kind {
        PatternKind::Branch => pattern.to_owned(),
        other => format!("{other}:{pattern}"),
    }
}

pub(super) fn columns() -> Vec<Column> {
    vec![
        Column::flexible("ENVIRONMENT", 12),
        Column::rigid("ACTION"),
        Column::rigid("FIELD"),
        Column::flexible("FROM", 12),
        Column::flexible("TO", 12),
    ]
}

pub(super) fn row(change: &Change) -> Vec<Cell> {
    vec![
        Cell::new(change.environment.as_str()),
        Cell::new(change.action),
        Cell::new(change.field),
        Cell::new(change.from.as_deref().unwrap_or_default()),
        Cell::new(change.to.as_deref().unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Branches, Reviewer, ReviewerKind};

    #[test]
    fn exactly_the_differences_are_listed() {
        let of = |name: &str, id| Reviewer {
            kind: ReviewerKind::User,
            id,
            name: name.to_owned(),
        };
        let from = Settings {
            wait_timer: 5,
            reviewers: vec![of("mona", 1), of("hubot", 2)],
            ..Settings::default()
        };
        let to = Settings {
            wait_timer: 0,
            prevent_self_review: true,
            reviewers: vec![of("Mona", 1), of("acme/ops", 3)],
            branches: Branches::Custom,
        };
        let lines: Vec<String> = settings("qa", &from, &to)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            lines,
            [
                "~ qa: wait timer 5 -> 0",
                "- qa: reviewer hubot",
                "+ qa: reviewer acme/ops",
                "~ qa: prevent self review false -> true",
                "~ qa: branches all -> custom",
            ]
        );
        assert!(settings("qa", &to, &to).is_empty());
    }
}
