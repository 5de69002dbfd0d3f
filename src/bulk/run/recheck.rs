use std::collections::HashMap;

use futures_util::TryStreamExt;

use crate::api::{ApiError, DeploymentFilter, KnownDeployment, Paging, Snapshot};
use crate::bulk::connections::Connections;
use crate::bulk::name::Name;
use crate::bulk::operation::Action;
use crate::bulk::plan::{Plan, PlanStep};
use crate::bulk::result::{ItemOutcome, ItemResult};
use crate::error::{Failure, Kind};
use crate::model::{DeploymentState, Phase};
use crate::session::Connection;

/// The number of steps that are compared at a time.
const STEPS_AT_A_TIME: usize = 1000;

const ALREADY_DELETED: Comparison = Comparison::AlreadyDone("already deleted");

/// Compares a saved plan with the server. Steps whose deployments have changed
/// are removed from the plan; their outcomes are returned.
pub(in crate::bulk) async fn recheck(
    connections: &Connections,
    plan: &mut Plan,
) -> Result<Vec<ItemOutcome>, Failure> {
    let mut comparisons = Vec::with_capacity(plan.deployments.len());
    for steps in plan.deployments.chunks(STEPS_AT_A_TIME) {
        let steps: Vec<&PlanStep> = steps.iter().collect();
        comparisons.extend(compare_readable(connections, &steps).await?);
    }
    find_hidden(connections, plan, &mut comparisons).await?;
    let mut settled = Vec::new();
    let steps = std::mem::take(&mut plan.deployments);
    for (mut step, comparison) in steps.into_iter().zip(comparisons) {
        if comparison == Comparison::HalfDone {
            step.action = Action::Delete;
        }
        match comparison.outcome(&step) {
            None => plan.deployments.push(step),
            Some(outcome) => settled.push(outcome),
        }
    }
    Ok(settled)
}

/// Compares steps. Of several repositories, one that cannot be read does not
/// prevent the steps of the others.
async fn compare_readable(
    connections: &Connections,
    steps: &[&PlanStep],
) -> Result<Vec<Comparison>, Failure> {
    if connections.are_several()
        && let Ok(comparisons) = compare(connections, steps).await
    {
        return Ok(comparisons);
    }
    let mut comparisons = Vec::with_capacity(steps.len());
    for steps in steps.chunk_by(|one, other| one.repository == other.repository) {
        let connection = connections.of(steps[0].repository.as_ref());
        match compare(connections, steps).await {
            Ok(compared) => comparisons.extend(compared),
            Err(error) => {
                let unreadable = unreadable(connections, connection, &error)?;
                comparisons.extend(steps.iter().map(|_| unreadable.clone()));
            }
        }
    }
    Ok(comparisons)
}

/// GitHub hides a repository that the token may not read, as if it did not
/// exist. So a repository all of whose deployments seem to be deleted is read.
async fn find_hidden(
    connections: &Connections,
    plan: &Plan,
    comparisons: &mut [Comparison],
) -> Result<(), Failure> {
    let mut are_visible = HashMap::<Option<&Name>, bool>::new();
    for (step, comparison) in plan.deployments.iter().zip(&*comparisons) {
        let is_visible = are_visible.entry(step.repository.as_ref()).or_default();
        *is_visible |= *comparison != ALREADY_DELETED;
    }
    for (repository, _) in are_visible.iter().filter(|(_, is_visible)| !**is_visible) {
        let connection = connections.of(*repository);
        let all = DeploymentFilter::default();
        let pages = connection.repo().deployments(&all, Paging::up_to(1));
        let read: Result<Vec<_>, ApiError> = pages.try_collect().await;
        let Err(error) = read else { continue };
        let unreadable = unreadable(connections, connection, &error)?;
        for (step, comparison) in plan.deployments.iter().zip(&mut *comparisons) {
            if step.repository.as_ref() == *repository {
                *comparison = unreadable.clone();
            }
        }
    }
    Ok(())
}

/// The comparison for deployments of one of several repositories that cannot be
/// read; any other error is one of the whole command.
fn unreadable(
    connections: &Connections,
    connection: &Connection,
    error: &ApiError,
) -> Result<Comparison, Failure> {
    let failure = connection.explain(error);
    let is_hidden = matches!(failure.kind(), Kind::Forbidden | Kind::NothingThere);
    if !is_hidden || !connections.are_several() {
        return Err(failure);
    }
    let reason = format!("the repository cannot be read: {}", failure.message());
    Ok(Comparison::Unreadable(reason))
}

/// Compares steps with the deployments as they are now, in the same order.
pub(super) async fn compare(
    connections: &Connections,
    steps: &[&PlanStep],
) -> Result<Vec<Comparison>, ApiError> {
    let known: Vec<_> = steps.iter().map(|step| step.known(connections)).collect();
    let found = connections.client().snapshots(&known).await?;
    let comparisons = steps.iter().map(|step| {
        let now = found.get(&step.id).and_then(Option::as_ref);
        compare_with(step, now)
    });
    Ok(comparisons.collect())
}

impl PlanStep {
    /// What is known about its deployment.
    pub(super) fn known<'a>(&'a self, connections: &'a Connections) -> KnownDeployment<'a> {
        KnownDeployment {
            repo: &connections.of(self.repository.as_ref()).repo,
            id: self.id,
            node_id: &self.node_id,
        }
    }
}

/// How a step compares with its deployment as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    AsPlanned,
    /// It is inactive, perhaps because of a run that was interrupted, and still
    /// has to be deleted.
    HalfDone,
    /// It is already in the requested state.
    AlreadyDone(&'static str),
    Changed(String),
    /// Its repository cannot be read.
    Unreadable(String),
}

impl Comparison {
    /// The outcome of a step that must not be done; `None` if it still has to be.
    pub(super) fn outcome(self, step: &PlanStep) -> Option<ItemOutcome> {
        let (result, reason) = match self {
            Self::AsPlanned | Self::HalfDone => return None,
            Self::AlreadyDone(reason) => (ItemResult::Skipped, reason.to_owned()),
            // A deployment that has had an update is not stuck, as requested.
            Self::Changed(reason) if step.action == Action::End => (ItemResult::Kept, reason),
            Self::Changed(reason) => (ItemResult::Refused, reason),
            Self::Unreadable(reason) => (ItemResult::Failed, reason),
        };
        Some(ItemOutcome::for_step(step, result, Some(reason)))
    }
}

fn compare_with(step: &PlanStep, now: Option<&Snapshot>) -> Comparison {
    let Some(now) = now else {
        return ALREADY_DELETED;
    };
    let planned = step.environment.as_ref().map(Name::as_str);
    if let (Some(planned), Some(now)) = (planned, now.environment.as_deref())
        && planned != now
    {
        return Comparison::Changed(format!("changed: it moved from {planned} to {now}"));
    }
    let was_retired = step.state.phase() == Phase::Retired;
    if now.state.phase() == Phase::Retired && !was_retired {
        return match step.action {
            Action::Deactivate => Comparison::AlreadyDone("already_inactive"),
            Action::DeactivateAndDelete => Comparison::HalfDone,
            _ => changed_state(step, now),
        };
    }
    if !is_same_state(&step.state, &now.state) {
        return changed_state(step, now);
    }
    match step.updated_at {
        Some(updated) if updated != now.updated_at => Comparison::Changed(format!(
            "changed: it was updated at {} (planned: {updated})",
            now.updated_at
        )),
        _ => Comparison::AsPlanned,
    }
}

fn changed_state(step: &PlanStep, now: &Snapshot) -> Comparison {
    Comparison::Changed(format!(
        "changed: it is {} now (planned: {})",
        now.state, step.state
    ))
}

/// A pending deployment becomes abandoned merely because time passes.
fn is_same_state(one: &DeploymentState, other: &DeploymentState) -> bool {
    use DeploymentState::{Abandoned, Pending};
    one == other || matches!((one, other), (Pending | Abandoned, Pending | Abandoned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DeploymentId;

    fn step(action: Action, state: &str) -> PlanStep {
        PlanStep {
            repository: None,
            id: DeploymentId(1),
            node_id: "DE_1".into(),
            action,
            environment: Some(Name::new("qa")),
            state: DeploymentState::from_word(state),
            updated_at: "2026-01-01T00:00:00Z".parse().ok(),
            is_transient: false,
            is_current_production: false,
            last_activity: None,
        }
    }

    fn now(state: &str, environment: &str, second: u8) -> Snapshot {
        Snapshot {
            state: DeploymentState::from_word(state),
            updated_at: format!("2026-01-01T00:00:0{second}Z")
                .parse()
                .expect("a time"),
            environment: Some(environment.to_owned()),
        }
    }

    #[test]
    fn only_what_is_still_as_planned_is_touched() {
        use Action::{Deactivate, DeactivateAndDelete as Both, Delete, End};
        for (action, planned, found, expected) in [
            (
                Delete,
                "inactive",
                Some(now("inactive", "qa", 0)),
                "as planned",
            ),
            (
                Delete,
                "inactive",
                Some(now("inactive", "qa", 1)),
                "changed: it was updated",
            ),
            (
                Delete,
                "inactive",
                Some(now("active", "qa", 1)),
                "changed: it is active",
            ),
            (
                Delete,
                "inactive",
                Some(now("inactive", "live", 0)),
                "changed: it moved",
            ),
            (
                Delete,
                "failure",
                Some(now("inactive", "qa", 1)),
                "changed: it is inactive",
            ),
            (
                Delete,
                "pending",
                Some(now("abandoned", "qa", 0)),
                "as planned",
            ),
            (Delete, "inactive", None, "already deleted"),
            (Both, "active", Some(now("active", "qa", 0)), "as planned"),
            (Both, "active", Some(now("inactive", "qa", 3)), "half done"),
            (
                Both,
                "active",
                Some(now("failure", "qa", 3)),
                "changed: it is failure",
            ),
            (
                Deactivate,
                "active",
                Some(now("active", "qa", 0)),
                "as planned",
            ),
            (
                Deactivate,
                "active",
                Some(now("destroyed", "qa", 4)),
                "already_inactive",
            ),
            (
                Deactivate,
                "active",
                Some(now("active", "qa", 4)),
                "changed: it was updated",
            ),
            (End, "queued", Some(now("queued", "qa", 0)), "as planned"),
            (
                End,
                "pending",
                Some(now("abandoned", "qa", 0)),
                "as planned",
            ),
            (
                End,
                "queued",
                Some(now("in_progress", "qa", 1)),
                "changed: it is in_progress",
            ),
            (
                End,
                "in_progress",
                Some(now("in_progress", "qa", 1)),
                "changed: it was updated",
            ),
            (
                End,
                "in_progress",
                Some(now("inactive", "qa", 1)),
                "changed: it is inactive",
            ),
        ] {
            let compared = match compare_with(&step(action, planned), found.as_ref()) {
                Comparison::AsPlanned => "as planned".to_owned(),
                Comparison::HalfDone => "half done".to_owned(),
                Comparison::AlreadyDone(why) => why.to_owned(),
                Comparison::Changed(why) | Comparison::Unreadable(why) => why,
            };
            assert!(
                compared.starts_with(expected),
                "{action:?} {planned} {found:?}: {compared}"
            );
        }
    }
}
