//! Protection rules of environments
//! (<https://docs.github.com/graphql/reference/objects#deploymentprotectionrule>).

use std::sync::Arc;

use async_graphql::{Enum, Object, Union};

use super::actor::Team;
use super::owner::User;
use super::page::{Connection, Cursor, PageArguments, PageRequest, connection};
use super::problem::Result;
use super::session::Session;
use crate::store::{self, Reviewer, RuleKind};

/// The possible protection rule types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum DeploymentProtectionRuleType {
    /// Branch policy
    BranchPolicy,
    /// Required reviewers
    RequiredReviewers,
    /// Wait timer
    WaitTimer,
}

/// Users and teams.
#[derive(Debug, Clone, Union)]
pub(super) enum DeploymentReviewer {
    Team(Team),
    User(User),
}

impl DeploymentReviewer {
    /// The requested page of reviewers. Their positions are the cursors, because a
    /// team and a user may have the same ID.
    pub(super) fn page(
        session: &Arc<Session>,
        reviewers: &[Reviewer],
        requested: &PageRequest,
    ) -> Connection<Self> {
        let page = requested.cut_by_position(reviewers);
        page.map(|reviewer| match reviewer {
            Reviewer::Team(team) => Self::Team(Team::new(session, team.clone())),
            Reviewer::User(user) => Self::User(User::new(session, user.clone())),
        })
    }
}

connection!(
    DeploymentReviewer,
    "DeploymentReviewerConnection",
    "DeploymentReviewerEdge"
);

/// A rule of an environment.
#[derive(Debug, Clone)]
pub(super) struct DeploymentProtectionRule {
    session: Arc<Session>,
    rule: Arc<store::Rule>,
    kind: DeploymentProtectionRuleType,
}

connection!(
    DeploymentProtectionRule,
    "DeploymentProtectionRuleConnection",
    "DeploymentProtectionRuleEdge"
);

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
                RuleKind::WaitTimer(_) => DeploymentProtectionRuleType::WaitTimer,
                RuleKind::RequiredReviewers { .. } => {
                    DeploymentProtectionRuleType::RequiredReviewers
                }
                RuleKind::BranchPolicy(_) => DeploymentProtectionRuleType::BranchPolicy,
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

/// A protection rule.
#[Object]
impl DeploymentProtectionRule {
    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        i32::try_from(self.rule.id).ok()
    }

    /// Whether deployments to this environment can be approved by the user who created the deployment.
    async fn prevent_self_review(&self) -> Option<bool> {
        match self.rule.kind {
            RuleKind::RequiredReviewers {
                prevent_self_review,
                ..
            } => Some(prevent_self_review),
            _ => None,
        }
    }

    /// The teams or users that can review the deployment
    async fn reviewers(
        &self,
        #[graphql(desc = "Returns the elements in the list that come after the specified cursor.")]
        after: Option<String>,
        #[graphql(
            desc = "Returns the elements in the list that come before the specified cursor."
        )]
        before: Option<String>,
        #[graphql(desc = "Returns the first _n_ elements from the list.")] first: Option<i32>,
        #[graphql(desc = "Returns the last _n_ elements from the list.")] last: Option<i32>,
    ) -> Result<Connection<DeploymentReviewer>> {
        let arguments = PageArguments {
            after,
            before,
            first,
            last,
        };
        let requested = arguments.check("reviewers")?;
        let known: &[Reviewer] = match &self.rule.kind {
            RuleKind::RequiredReviewers { reviewers, .. } => reviewers,
            _ => &[],
        };
        Ok(DeploymentReviewer::page(&self.session, known, &requested))
    }

    /// The timeout in minutes for this protection rule.
    async fn timeout(&self) -> i32 {
        match self.rule.kind {
            RuleKind::WaitTimer(minutes) => i32::try_from(minutes).unwrap_or(i32::MAX),
            _ => 0,
        }
    }

    /// The type of protection rule.
    #[graphql(name = "type")]
    async fn kind(&self) -> DeploymentProtectionRuleType {
        self.kind
    }
}
