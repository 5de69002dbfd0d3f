//! Protection rules of environments.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Integration, Team, User};

/// A required reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reviewer {
    User(User),
    /// Anybody of a team.
    Team(Team),
}

/// Which branches may be deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Branches {
    /// Those with branch protection.
    Protected,
    /// Those that match a pattern of the environment.
    Custom,
}

/// The requirement of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RuleKind {
    /// So many minutes to wait.
    WaitTimer(i64),
    /// Somebody's approval.
    RequiredReviewers {
        /// Whether it must not be the one who asked.
        prevent_self_review: bool,
        /// Whose.
        reviewers: Vec<Reviewer>,
    },
    /// A branch that may be deployed.
    BranchPolicy(Branches),
    /// An app's approval.
    App(Integration),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The id; above 2^32.
    pub(crate) id: i64,
    pub(crate) kind: RuleKind,
}

/// A stored row.
struct Raw {
    id: i64,
    kind: String,
    wait_timer: i64,
    prevent_self_review: bool,
    branches: String,
    app: Option<i64>,
}

impl Raw {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            wait_timer: row.get("wait_timer")?,
            prevent_self_review: row.get("prevent_self_review")?,
            branches: row.get("branches")?,
            app: row.get("app_id")?,
        })
    }

    fn whole(self, read: &Connection) -> Result<Rule> {
        let kind = match self.kind.as_str() {
            "wait_timer" => RuleKind::WaitTimer(self.wait_timer),
            "required_reviewers" => RuleKind::RequiredReviewers {
                prevent_self_review: self.prevent_self_review,
                reviewers: reviewers(read, self.id)?,
            },
            "branch_policy" if self.branches == "custom" => {
                RuleKind::BranchPolicy(Branches::Custom)
            }
            "branch_policy" => RuleKind::BranchPolicy(Branches::Protected),
            _ => {
                let app = Integration::by_id(read, self.app.unwrap_or_default())?;
                RuleKind::App(app.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
            }
        };
        Ok(Rule { id: self.id, kind })
    }
}

fn reviewers(read: &Connection, rule: i64) -> Result<Vec<Reviewer>> {
    let ids: Vec<(Option<i64>, Option<i64>)> = read
        .prepare_cached(
            "SELECT user_id, team_id FROM environment_reviewers WHERE rule_id = ?1 ORDER BY place",
        )?
        .query_map([rule], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let mut found = Vec::with_capacity(ids.len());
    for (user, team) in ids {
        if let Some(user) = user.map(|id| User::by_id(read, id)).transpose()?.flatten() {
            found.push(Reviewer::User(user));
        } else if let Some(team) = team.map(|id| Team::by_id(read, id)).transpose()?.flatten() {
            found.push(Reviewer::Team(team));
        }
    }
    Ok(found)
}

impl RuleKind {
    /// The name in the API; that of an app's gate is internal.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::WaitTimer(_) => "wait_timer",
            Self::RequiredReviewers { .. } => "required_reviewers",
            Self::BranchPolicy(_) => "branch_policy",
            Self::App(_) => "app",
        }
    }
}

impl Rule {
    /// The rules of an environment, oldest first.
    pub(crate) fn list(read: &Connection, environment: i64) -> Result<Vec<Self>> {
        let rows: Vec<Raw> = read
            .prepare_cached(
                "SELECT * FROM environment_rules WHERE environment_id = ?1 ORDER BY id",
            )?
            .query_map([environment], Raw::from_row)?
            .collect::<Result<_>>()?;
        rows.into_iter().map(|raw| raw.whole(read)).collect()
    }

    /// Finds a rule of an environment by id.
    pub(crate) fn by_id(read: &Connection, environment: i64, id: i64) -> Result<Option<Self>> {
        let raw = read
            .prepare_cached(
                "SELECT * FROM environment_rules WHERE environment_id = ?1 AND id = ?2",
            )?
            .query_row([environment, id], Raw::from_row)
            .optional()?;
        raw.map(|raw| raw.whole(read)).transpose()
    }

    /// Writes a new rule.
    pub(crate) fn insert(write: &Connection, environment: i64, kind: RuleKind) -> Result<Self> {
        let (mut wait_timer, mut prevented, mut branches, mut app) = (0, false, "", None);
        match &kind {
            RuleKind::WaitTimer(minutes) => wait_timer = *minutes,
            RuleKind::RequiredReviewers {
                prevent_self_review,
                ..
            } => prevented = *prevent_self_review,
            RuleKind::BranchPolicy(Branches::Custom) => branches = "custom",
            RuleKind::BranchPolicy(Branches::Protected) => branches = "protected",
            RuleKind::App(known) => app = Some(known.id),
        }
        let id: i64 = write
            .prepare_cached(
                "INSERT INTO environment_rules
                    (environment_id, kind, wait_timer, prevent_self_review, branches, app_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            )?
            .query_row(
                params![
                    environment,
                    kind.as_str(),
                    wait_timer,
                    prevented,
                    branches,
                    app
                ],
                |row| row.get(0),
            )?;
        if let RuleKind::RequiredReviewers { reviewers, .. } = &kind {
            for (place, reviewer) in (0i64..).zip(reviewers) {
                let (user, team) = match reviewer {
                    Reviewer::User(user) => (Some(user.id), None),
                    Reviewer::Team(team) => (None, Some(team.id)),
                };
                write
                    .prepare_cached(
                        "INSERT INTO environment_reviewers (rule_id, place, user_id, team_id)
                         VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![id, place, user, team])?;
            }
        }
        Ok(Self { id, kind })
    }

    pub(crate) fn delete(&self, write: &Connection) -> Result<()> {
        write
            .prepare_cached("DELETE FROM environment_rules WHERE id = ?1")?
            .execute([self.id])?;
        Ok(())
    }
}
