use super::outcome::{Account, Ending, Outcome};
use super::plan::{Action, Draft, Plan, Step};
use super::selection::Name;
use super::sorter::{Sorter, disk_failure};
use crate::api::{ApiError, Snapshot};
use crate::error::Failure;
use crate::model::{DeploymentId, DeploymentState, Phase};
use crate::session::Connection;

/// So many steps of a plan are looked at together.
const TOGETHER: usize = 1000;

/// Looks at every deployment of a plan again, and leaves those out of it that
/// are not as planned any more. What became of these goes into the account.
pub(super) async fn recheck(
    connection: &Connection,
    plan: Plan,
    account: &mut Account,
) -> Result<Plan, Failure> {
    let mut draft = Draft::default();
    let mut names = Sorter::default();
    let mut steps = plan.deployments.iter();
    loop {
        let some = steps.by_ref().take(TOGETHER).collect::<Result<Vec<_>, _>>();
        let some = some.map_err(|error| disk_failure(&error))?;
        if some.is_empty() {
            break;
        }
        let (orders, some): (Vec<_>, Vec<Step>) = some.into_iter().unzip();
        let judged = look(connection, some).await;
        let judged = judged.map_err(|error| connection.explain(&error))?;
        for (order, judged) in orders.into_iter().zip(judged) {
            match judged {
                Ok(step) => {
                    if let Some(name) = &step.environment {
                        names
                            .push(name.clone(), ())
                            .map_err(|error| disk_failure(&error))?;
                    }
                    draft
                        .touch(order, step)
                        .map_err(|error| disk_failure(&error))?;
                }
                Err(outcome) => account
                    .before(outcome)
                    .map_err(|error| disk_failure(&error))?,
            }
        }
    }
    let mut last: Option<Name> = None;
    for name in names.finish().iter() {
        let (name, ()) = name.map_err(|error| disk_failure(&error))?;
        draft.breadth += u64::from(last.as_ref() != Some(&name));
        last = Some(name);
    }
    let left = draft.finish(plan.command, String::new(), String::new());
    Ok(plan.with_steps_of(left))
}

/// Looks at deployments again. Each is a step that may be done, or what became
/// of it already.
pub(super) async fn look(
    connection: &Connection,
    steps: Vec<Step>,
) -> Result<Vec<Result<Step, Outcome>>, ApiError> {
    let known: Vec<(DeploymentId, &str)> =
        steps.iter().map(|step| (step.id, &*step.node_id)).collect();
    let found = connection
        .client
        .repo(&connection.repo)
        .snapshots(&known)
        .await?;
    let judged = steps.into_iter().map(|mut step| {
        let now = found.get(&step.id).and_then(Option::as_ref);
        match judge(&step, now).outcome(&mut step) {
            None => Ok(step),
            Some(outcome) => Err(outcome),
        }
    });
    Ok(judged.collect())
}

#[derive(Debug, PartialEq, Eq)]
enum Judgement {
    AsPlanned,
    /// It is inactive by now, perhaps by a run that was interrupted, and is
    /// still to be deleted.
    HalfDone,
    /// The asked state is there already.
    Reached(&'static str),
    Changed(String),
}

impl Judgement {
    /// What becomes of a step that is not done; `None` if it is.
    fn outcome(self, step: &mut Step) -> Option<Outcome> {
        match self {
            Self::AsPlanned => None,
            Self::HalfDone => {
                step.action = Action::Delete;
                None
            }
            Self::Reached(why) => Some(Outcome::of(step, Ending::Skipped, Some(why.to_owned()))),
            // What is heard of again is not stuck, which is all that was asked.
            Self::Changed(why) if step.action == Action::End => {
                Some(Outcome::of(step, Ending::Kept, Some(why)))
            }
            Self::Changed(why) => Some(Outcome::of(step, Ending::Refused, Some(why))),
        }
    }
}

/// Compares a step with what is there now.
fn judge(step: &Step, now: Option<&Snapshot>) -> Judgement {
    let Some(now) = now else {
        return Judgement::Reached("gone already");
    };
    let planned = step.environment.as_ref().map(Name::as_str);
    if let (Some(planned), Some(now)) = (planned, now.environment.as_deref())
        && planned != now
    {
        return Judgement::Changed(format!("changed: it moved from {planned} to {now}"));
    }
    let was_retired = step.state.phase() == Phase::Retired;
    if now.state.phase() == Phase::Retired && !was_retired {
        return match step.action {
            Action::Deactivate => Judgement::Reached("already_inactive"),
            Action::DeactivateAndDelete => Judgement::HalfDone,
            _ => changed_state(step, now),
        };
    }
    if !same_state(&step.state, &now.state) {
        return changed_state(step, now);
    }
    match step.updated_at {
        Some(updated) if updated != now.updated_at => Judgement::Changed(format!(
            "changed: it was updated at {} (planned: {updated})",
            now.updated_at
        )),
        _ => Judgement::AsPlanned,
    }
}

fn changed_state(step: &Step, now: &Snapshot) -> Judgement {
    Judgement::Changed(format!(
        "changed: it is {} now (planned: {})",
        now.state, step.state
    ))
}

/// A pending deployment becomes abandoned by the passing of time alone.
fn same_state(one: &DeploymentState, other: &DeploymentState) -> bool {
    use DeploymentState::{Abandoned, Pending};
    one == other || matches!((one, other), (Pending | Abandoned, Pending | Abandoned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(action: Action, state: &str) -> Step {
        Step {
            id: DeploymentId(1),
            node_id: "DE_1".into(),
            action,
            environment: Some(Name::new("qa")),
            state: DeploymentState::from_word(state),
            updated_at: "2026-01-01T00:00:00Z".parse().ok(),
            transient: false,
            current_production: false,
            last_word: None,
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
            (Delete, "inactive", None, "gone already"),
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
            let told = match judge(&step(action, planned), found.as_ref()) {
                Judgement::AsPlanned => "as planned".to_owned(),
                Judgement::HalfDone => "half done".to_owned(),
                Judgement::Reached(why) => why.to_owned(),
                Judgement::Changed(why) => why,
            };
            assert!(
                told.starts_with(expected),
                "{action:?} {planned} {found:?}: {told}"
            );
        }
    }
}
