use futures_util::TryStreamExt;

use crate::api::{EnvironmentSettings, ReviewerRef, in_order};
use crate::error::{Failure, Kind};
use crate::model::{Branches, Environment, Gate, Reviewer};
use crate::output::counted;
use crate::session::Connection;

/// The longest wait timer: 30 days.
pub(super) const MAX_WAIT_MINUTES: i64 = 43_200;
pub(super) const MAX_REVIEWERS: usize = 6;

/// The protection settings of an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) wait_timer: u32,
    pub(super) prevent_self_review: bool,
    pub(super) reviewers: Vec<Reviewer>,
    pub(super) branches: Branches,
}

impl Settings {
    pub(super) fn of(environment: &Environment) -> Self {
        Self {
            wait_timer: environment.wait_timer(),
            prevent_self_review: environment.prevents_self_review(),
            reviewers: environment.reviewers().to_vec(),
            branches: environment.branches(),
        }
    }

    /// Refuses settings that GitHub would refuse or silently ignore.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let wrong = |message: String| Err(Failure::new(Kind::Usage, message));
        if self.reviewers.len() > MAX_REVIEWERS {
            return wrong(format!(
                "an environment has at most {MAX_REVIEWERS} reviewers, not {}",
                self.reviewers.len()
            ));
        }
        if self.prevent_self_review && self.reviewers.is_empty() {
            return wrong("--prevent-self-review requires a reviewer".to_owned());
        }
        Ok(())
    }

    /// The request that changes `before` to these settings. It contains what is kept
    /// or changed, but no value that stays at its default.
    pub(super) fn request(&self, before: &Self) -> EnvironmentSettings {
        let none = Self::default();
        let is_sent = |get: fn(&Self) -> bool| get(self) || get(before);
        let reviewers = || self.reviewers.iter().map(ReviewerRef::from).collect();
        let has_branches = self.branches != none.branches || before.branches != none.branches;
        EnvironmentSettings {
            wait_timer: is_sent(|settings| settings.wait_timer > 0).then_some(self.wait_timer),
            prevent_self_review: is_sent(|settings| settings.prevent_self_review)
                .then_some(self.prevent_self_review),
            reviewers: is_sent(|one| !one.reviewers.is_empty()).then(reviewers),
            deployment_branch_policy: has_branches.then(|| self.branches.settings()),
        }
    }

    /// Whether both ask for the same; the order of reviewers does not count.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let ids = |settings: &Self| {
            let mut ids: Vec<_> = settings
                .reviewers
                .iter()
                .map(|reviewer| (reviewer.kind.as_str().to_owned(), reviewer.id))
                .collect();
            ids.sort_unstable();
            ids
        };
        self.wait_timer == other.wait_timer
            && self.prevent_self_review == other.prevent_self_review
            && self.branches == other.branches
            && ids(self) == ids(other)
    }
}

/// The users and teams with these names, requested in parallel.
pub(super) async fn reviewers(
    connection: &Connection,
    names: &[String],
) -> Result<Vec<Reviewer>, Failure> {
    let at_once = connection.client.concurrency();
    let found: Vec<Reviewer> = in_order(names, at_once, |name| reviewer(connection, name))
        .try_collect()
        .await?;
    let mut all: Vec<Reviewer> = Vec::new();
    for reviewer in found {
        if !all.contains(&reviewer) {
            all.push(reviewer);
        }
    }
    Ok(all)
}

async fn reviewer(connection: &Connection, name: &str) -> Result<Reviewer, Failure> {
    let client = &connection.client;
    let (found, what) = match name.split_once('/') {
        Some((organization, slug)) => (client.reviewing_team(organization, slug).await, "team"),
        None => (client.reviewing_user(name).await, "user"),
    };
    found.map_err(|error| {
        if error.status() == Some(404) {
            return Failure::new(Kind::NothingThere, format!("there is no {what} {name:?}"))
                .hint("use a login for a user, ORG/SLUG for a team")
                .detail("status", 404);
        }
        connection.explain(&error)
    })
}

/// Whether two names are the same, ignoring case.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// A short description of what protects an environment.
pub(super) fn describe_protection(environment: &Environment) -> String {
    let mut words = Vec::new();
    for rule in &environment.protection_rules {
        match rule.gate() {
            Gate::WaitTimer { minutes } => words.push(format!("wait {minutes} min")),
            Gate::RequiredReviewers {
                prevent_self_review,
                reviewers,
            } => {
                words.push(counted(reviewers.len(), "reviewer"));
                if *prevent_self_review {
                    words.push("no self-review".to_owned());
                }
            }
            Gate::BranchPolicy => {}
            other => words.push(other.as_str().to_owned()),
        }
    }
    match environment.branches() {
        Branches::All => {}
        branches => words.push(format!("{} branches", branches.as_str())),
    }
    words.join(", ")
}

/// Parses `--wait-timer`.
pub(super) fn parse_minutes(text: &str) -> Result<u32, String> {
    match text.parse::<i64>() {
        Ok(minutes) if (0..=MAX_WAIT_MINUTES).contains(&minutes) => {
            u32::try_from(minutes).map_err(|error| error.to_string())
        }
        _ => Err(format!(
            "use minutes, from 0 to {MAX_WAIT_MINUTES} (30 days)"
        )),
    }
}

/// Parses `--reviewer`.
pub(super) fn parse_reviewer(text: &str) -> Result<String, String> {
    let is_name = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    let fits = match text.split_once('/') {
        Some((organization, slug)) => is_name(organization) && is_name(slug) && !slug.contains('/'),
        None => is_name(text),
    };
    if fits {
        Ok(text.to_owned())
    } else {
        Err("use a login, or ORG/SLUG for a team".to_owned())
    }
}

/// Parses the name of an environment.
pub(super) fn parse_name(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0 => Err("the name is empty".to_owned()),
        count if count > 255 => Err(format!(
            "the name has {count} characters; GitHub allows 255"
        )),
        _ if text == "." || text == ".." => Err("'.' and '..' cannot be part of a URL".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ReviewerKind;

    fn of(id: u64) -> Reviewer {
        Reviewer {
            kind: ReviewerKind::User,
            id,
            name: format!("user-{id}"),
        }
    }

    #[test]
    fn the_order_of_reviewers_does_not_count() {
        let one = Settings {
            reviewers: vec![of(1), of(2)],
            ..Settings::default()
        };
        let mut other = Settings {
            reviewers: vec![of(2), of(1)],
            ..Settings::default()
        };
        assert!(one.is_same(&other));
        other.wait_timer = 1;
        assert!(!one.is_same(&other));
    }

    #[test]
    fn only_what_is_asked_for_or_kept_is_sent() {
        let none = Settings::default();
        let all = Settings {
            wait_timer: 5,
            prevent_self_review: true,
            reviewers: vec![of(1)],
            branches: Branches::Protected,
        };
        let waits = Settings {
            wait_timer: 30,
            ..Settings::default()
        };
        let sent = |before: &Settings, after: &Settings| {
            serde_json::to_value(after.request(before)).expect("serializes")
        };
        assert_eq!(sent(&none, &none), json!({}));
        assert_eq!(sent(&none, &waits), json!({"wait_timer": 30}));
        assert_eq!(sent(&waits, &none), json!({"wait_timer": 0}));
        let protected = json!({"protected_branches": true, "custom_branch_policies": false});
        assert_eq!(
            sent(&all, &all),
            json!({"wait_timer": 5, "prevent_self_review": true,
                "reviewers": [{"type": "User", "id": 1}], "deployment_branch_policy": protected})
        );
        assert_eq!(
            sent(&all, &none),
            json!({"wait_timer": 0, "prevent_self_review": false, "reviewers": [],
                "deployment_branch_policy": null})
        );
    }

    #[test]
    fn limits_are_held_before_anything_is_sent() {
        let many = Settings {
            reviewers: (0..7).map(of).collect(),
            ..Settings::default()
        };
        assert!(many.check().is_err());
        let nobody = Settings {
            prevent_self_review: true,
            ..Settings::default()
        };
        assert!(nobody.check().is_err());
        assert!(parse_minutes("43200").is_ok());
        for text in ["-1", "43201", "30m", ""] {
            assert!(parse_minutes(text).is_err(), "{text:?}");
        }
        assert!(parse_reviewer("octocat").is_ok() && parse_reviewer("acme/ops").is_ok());
        for text in ["", "/ops", "acme/", "a/b/c", "two words"] {
            assert!(parse_reviewer(text).is_err(), "{text:?}");
        }
        for text in ["", ".", "..", &"x".repeat(256)] {
            assert!(parse_name(text).is_err(), "{text:?}");
        }
        assert!(parse_name("preview/pr-7 é %2F").is_ok());
    }
}
