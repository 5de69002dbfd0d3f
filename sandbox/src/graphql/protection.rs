//! Protection rules of environments
//! (<https://docs.github.com/graphql/reference/objects#deploymentprotectionrule>).

use std::sync::Arc;

use super::actor::Team;
use super::object::{Field, Object, Output};
use super::owner::Owner;
use super::page::{Connection, Cursor, PageArguments, PageRequest};
use super::problem::Result;
use super::scalars::{capped, short};
use super::session::Session;
use crate::store::{self, Reviewer, RuleKind};

/// The requested page of reviewers. Their positions are the cursors, because a
/// team and a user may have the same ID.
pub(super) fn reviewers(
    session: &Arc<Session>,
    reviewers: &[Reviewer],
    requested: &PageRequest,
) -> Connection<Output> {
    let page = requested.cut_by_position(reviewers);
    page.map(|reviewer| match reviewer {
        Reviewer::Team(team) => Team::new(session, team.clone()).into(),
        Reviewer::User(user) => Owner::user(session, user.clone()).into(),
    })
}

/// A rule of an environment.
#[derive(Debug, Clone)]
pub(super) struct DeploymentProtectionRule {
    session: Arc<Session>,
    rule: Arc<store::Rule>,
    kind: &'static str,
}

impl DeploymentProtectionRule {
    /// A page of an environment's rules, oldest first. Apps are no kind of
    /// rule here.
    pub(super) fn list(
        session: &Arc<Session>,
        environment: &store::Environment,
        arguments: &PageArguments,
    ) -> Result<Connection<Self>> {
        let requested = arguments.check("protectionRules")?;
        let rules = session.core.rules(environment)?.into_iter();
        let rules = rules.filter_map(|rule| {
            let kind = match rule.kind {
                RuleKind::WaitTimer(_) => "WAIT_TIMER",
                RuleKind::RequiredReviewers { .. } => "REQUIRED_REVIEWERS",
                RuleKind::BranchPolicy(_) => "BRANCH_POLICY",
                RuleKind::App(_) => return None,
            };
            Some(Self {
                session: Arc::clone(session),
                rule: Arc::new(rule),
                kind,
            })
        });
        Ok(requested.cut(
            rules.collect(),
            |one| Cursor::new(one.rule.id.to_string()),
            |one, place| place.parse().is_ok_and(|place: i64| one.rule.id < place),
        ))
    }
}

impl Object for DeploymentProtectionRule {
    fn kind(&self) -> &'static str {
        "DeploymentProtectionRule"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        Ok(match field.name() {
            "databaseId" => short(self.rule.id).into(),
            "preventSelfReview" => match self.rule.kind {
                RuleKind::RequiredReviewers {
                    prevent_self_review,
                    ..
                } => prevent_self_review.into(),
                _ => Output::NULL,
            },
            "reviewers" => {
                let requested = field.arguments::<PageArguments>()?.check("reviewers")?;
                let known: &[Reviewer] = match &self.rule.kind {
                    RuleKind::RequiredReviewers { reviewers, .. } => reviewers,
                    _ => &[],
                };
                reviewers(&self.session, known, &requested).output(field)
            }
            "timeout" => match self.rule.kind {
                RuleKind::WaitTimer(minutes) => capped(minutes).into(),
                _ => 0.into(),
            },
            "type" => self.kind.into(),
            _ => return Err(field.unknown()),
        })
    }
}
