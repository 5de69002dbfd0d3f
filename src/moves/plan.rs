use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::api::EnvironmentHistory;
use crate::error::{Failure, Kind};
use crate::history::{
    Candidates, NoCandidate, RollbackTarget, choose_task, find_candidates, find_live,
    find_under_way, read_until_live, read_until_target, require_deployments, require_live,
};
use crate::model::{DeploymentId, PastDeployment, in_words};
use crate::output::short_sha;
use crate::session::Connection;

/// How many of the newest deployments matter if none of them is live.
const NEWEST: usize = 10;
/// How many candidates a message names.
const NAMED_CANDIDATES: usize = 5;

/// What is moved, and where to.
#[derive(Clone, Debug)]
pub(crate) enum Operation {
    /// What is live in one environment is deployed to another.
    Promote {
        from: String,
        to: String,
        /// How long ago it must have succeeded.
        min_age: Option<Duration>,
    },
    /// An earlier commit is deployed again.
    Rollback {
        environment: String,
        target: RollbackTarget,
    },
}

/// What is to be deployed, and what it replaces.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(super) environment: String,
    pub(super) task: String,
    /// The deployment whose commit is deployed.
    pub(super) source: PastDeployment,
    /// What is live in the environment.
    pub(super) live: Option<PastDeployment>,
    /// The newer deployment that failed, if the live commit is deployed again.
    pub(super) failed: Option<DeploymentId>,
    /// The newest deployment to the environment.
    pub(super) newest: Option<DeploymentId>,
    /// A newer deployment that is under way.
    pub(super) under_way: Option<DeploymentId>,
    /// What else a rollback could return to, the commit before the live one
    /// first.
    pub(super) candidates: Vec<PastDeployment>,
    /// The deployments that decided, and when each last changed.
    pub(super) deciding: Vec<(DeploymentId, Timestamp)>,
}

impl Operation {
    pub(super) fn is_rollback(&self) -> bool {
        matches!(self, Self::Rollback { .. })
    }

    /// The environments whose histories are needed.
    pub(super) fn environments(&self) -> Vec<&str> {
        match self {
            Self::Promote { from, to, .. } => vec![from, to],
            Self::Rollback { environment, .. } => vec![environment],
        }
    }

    /// Reads the histories as far as the plan needs them: one request, unless
    /// what it needs is not among the newest 100 deployments.
    pub(super) async fn read(
        &self,
        connection: &Connection,
        task: Option<&str>,
    ) -> Result<Vec<EnvironmentHistory>, Failure> {
        let found = connection
            .repo()
            .histories(&self.environments(), None)
            .await;
        let (mut histories, _) = found.map_err(|error| connection.explain(&error))?;
        if let Some(first) = histories.first() {
            require_deployments(connection, first).await?;
        }
        match (self, &mut histories[..]) {
            (Self::Promote { .. }, [from, to]) => {
                read_until_live(connection, from, task).await?;
                let task = choose_task(&from.deployments, task);
                read_until_live(connection, to, task).await?;
            }
            (Self::Rollback { target, .. }, [history]) => {
                read_until_target(connection, history, task, target).await?;
            }
            _ => {}
        }
        Ok(histories)
    }

    /// Makes the plan from histories that were read for it.
    ///
    /// # Errors
    /// `NothingThere` if there is nothing to move, `NotFinished` if a newer
    /// deployment is under way or the source is too young.
    pub(super) fn plan(
        &self,
        histories: &[EnvironmentHistory],
        task: Option<&str>,
        anyway: bool,
        now: Timestamp,
    ) -> Result<Plan, Failure> {
        let plan = match (self, histories) {
            (Self::Promote { min_age, .. }, [from, to]) => promote(from, to, task, *min_age, now)?,
            (Self::Rollback { target, .. }, [history]) => rollback(history, task, target)?,
            _ => return Err(Failure::new(Kind::Other, "a history is missing")),
        };
        match plan.under_way {
            Some(id) if !anyway => Err(under_way(&plan, id)),
            _ => Ok(plan),
        }
    }
}

fn promote(
    from: &EnvironmentHistory,
    to: &EnvironmentHistory,
    task: Option<&str>,
    min_age: Option<Duration>,
    now: Timestamp,
) -> Result<Plan, Failure> {
    let source = require_live(from, task)?;
    check_age(source, &from.environment, min_age, now)?;
    let task = source.task.as_str();
    let mut deciding = deciding(from, Some(source));
    let live = find_live(&to.deployments, task);
    deciding.extend(self::deciding(to, live));
    Ok(Plan {
        environment: to.environment.clone(),
        task: task.to_owned(),
        source: source.clone(),
        live: live.cloned(),
        failed: None,
        newest: to.deployments.first().map(|one| one.id),
        under_way: find_under_way(&to.deployments, task).map(|one| one.id),
        candidates: Vec::new(),
        deciding,
    })
}

fn check_age(
    source: &PastDeployment,
    environment: &str,
    min_age: Option<Duration>,
    now: Timestamp,
) -> Result<(), Failure> {
    let Some(min_age) = min_age.and_then(|age| SignedDuration::try_from(age).ok()) else {
        return Ok(());
    };
    let since = source.first_success().unwrap_or(source.created_at);
    let age = now.duration_since(since);
    if age >= min_age {
        return Ok(());
    }
    let words = |length: SignedDuration| in_words(length.unsigned_abs());
    Err(Failure::new(
        Kind::NotFinished,
        format!(
            "deployment {} has been live in {environment} for {}, which is less than {}",
            source.id,
            words(age.max(SignedDuration::ZERO)),
            words(min_age)
        ),
    )
    .hint(format!("run the command again in {}", words(min_age - age))))
}

fn rollback(
    history: &EnvironmentHistory,
    task: Option<&str>,
    target: &RollbackTarget,
) -> Result<Plan, Failure> {
    let deployments = &history.deployments;
    let task = choose_task(deployments, task).unwrap_or_default();
    let candidates = find_candidates(deployments, task);
    let live = find_live(deployments, task);
    let source = candidates
        .choose(target)
        .map_err(|reason| no_candidate(&history.environment, target, reason, &candidates))?;
    let mut deciding = deciding(history, live);
    if deciding.iter().all(|(id, _)| *id != source.id) {
        deciding.push((source.id, source.updated_at));
    }
    let is_again = live.is_some_and(|live| live.id == source.id);
    let mut newer = deployments.iter().filter(|one| one.task == task);
    let failed = newer.find(|one| one.was_good() || one.has_failed());
    Ok(Plan {
        environment: history.environment.clone(),
        task: task.to_owned(),
        source: source.clone(),
        live: live.cloned(),
        failed: failed
            .filter(|one| is_again && one.has_failed())
            .map(|one| one.id),
        newest: deployments.first().map(|one| one.id),
        under_way: find_under_way(deployments, task).map(|one| one.id),
        candidates: candidates.commits.into_iter().cloned().collect(),
        deciding,
    })
}

fn no_candidate(
    environment: &str,
    target: &RollbackTarget,
    reason: NoCandidate,
    candidates: &Candidates<'_>,
) -> Failure {
    let message = match (target, reason) {
        (RollbackTarget::Commit(sha), NoCandidate::Ambiguous) => {
            let message = format!("several good commits in {environment} begin with {sha}");
            return Failure::new(Kind::Usage, message).hint("give more digits of the SHA");
        }
        (RollbackTarget::Back(1), _) => {
            format!("{environment} has no earlier good commit to return to")
        }
        (RollbackTarget::Back(steps), _) => {
            format!("{environment} has no {steps} earlier good commits to return to")
        }
        (RollbackTarget::Deployment(id), _) => {
            format!("deployment {id} is no earlier good deployment of {environment}")
        }
        (RollbackTarget::Commit(sha), _) => {
            format!("the commit {sha} is no earlier good commit of {environment}")
        }
    };
    let Candidates { commits, named } = candidates;
    let shown = if commits.is_empty() { named } else { commits };
    let failure = Failure::new(Kind::NothingThere, message);
    if shown.is_empty() {
        return failure.hint(
            "a commit is good if a deployment of it has succeeded and not failed after that",
        );
    }
    let listed: Vec<String> = shown
        .iter()
        .take(NAMED_CANDIDATES)
        .map(|one| format!("{} ({})", one.id, short_sha(&one.sha)))
        .collect();
    failure.hint(format!("--to takes one of these: {}", listed.join(", ")))
}

/// The deployments of an environment that decide what is live there.
fn deciding(
    history: &EnvironmentHistory,
    live: Option<&PastDeployment>,
) -> Vec<(DeploymentId, Timestamp)> {
    let position =
        live.and_then(|live| history.deployments.iter().position(|one| one.id == live.id));
    let count = position.map_or(NEWEST, |index| index + 1);
    let newest = history.deployments.iter().take(count);
    newest.map(|one| (one.id, one.updated_at)).collect()
}

fn under_way(plan: &Plan, id: DeploymentId) -> Failure {
    let environment = &plan.environment;
    Failure::new(
        Kind::NotFinished,
        format!("deployment {id} to {environment} is under way, and newer than what is live"),
    )
    .hint(format!(
        "run 'deployctl wait {id}' to wait for it, or use --anyway to request another one"
    ))
    .detail("deployment", id)
}

impl Plan {
    /// Whether the commit is live in the environment already, and stays so.
    pub(super) fn is_done(&self) -> bool {
        let is_live =
            |live: &PastDeployment| live.sha == self.source.sha && live.id != self.source.id;
        self.under_way.is_none() && self.live.as_ref().is_some_and(is_live)
    }

    /// Whether another plan, made later, does the same.
    pub(super) fn is_same(&self, later: &Self) -> bool {
        let live = |plan: &Self| plan.live.as_ref().map(|live| live.id);
        self.source.id == later.source.id
            && self.source.sha == later.source.sha
            && live(self) == live(later)
    }

    /// The deployment that the undo command returns to.
    pub(super) fn undo_target(&self) -> Option<&PastDeployment> {
        self.live
            .as_ref()
            .filter(|live| live.sha != self.source.sha)
    }
}
