use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use super::super::Connection;
use super::outcome::{Ending, Outcome};
use super::plan::{Action, Aim, Plan, Step, VERSION};
use super::survey::Name;
use crate::api::Snapshot;
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, DeploymentState, Phase};

/// Writes a plan, whole or not at all.
pub(super) fn write(path: &Path, plan: &Plan) -> Result<(), Failure> {
    let fail = |error: &dyn std::fmt::Display| {
        Failure::new(
            Kind::Other,
            format!("cannot write the plan {}: {error}", path.display()),
        )
    };
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let part = path.with_file_name(name);
    let file = File::create(&part).map_err(|error| fail(&error))?;
    let mut file = BufWriter::new(file);
    serde_json::to_writer_pretty(&mut file, plan).map_err(|error| fail(&error))?;
    file.write_all(b"\n")
        .and_then(|()| file.flush())
        .and_then(|()| std::fs::rename(&part, path))
        .map_err(|error| fail(&error))
}

/// Reads a plan, and refuses one that is not for this.
pub(super) fn read(path: &Path, aim: Aim, repository: &str, server: &str) -> Result<Plan, Failure> {
    let wrong =
        |what: String| Failure::new(Kind::Usage, format!("the plan {} {what}", path.display()));
    let file = File::open(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let plan: Plan = serde_json::from_reader(BufReader::new(file))
        .map_err(|error| wrong(format!("is not understood: {error}")))?;
    if plan.version != VERSION {
        return Err(wrong(format!(
            "has version {}, and this program knows {VERSION}",
            plan.version
        )));
    }
    if plan.command != aim {
        return Err(wrong(format!("is one of '{}'", plan.command.verb())));
    }
    if !plan.repository.eq_ignore_ascii_case(repository) || plan.server != server {
        return Err(wrong(format!(
            "is for {} at {}, not for {repository} at {server}",
            plan.repository, plan.server
        )));
    }
    let fits = |action| match aim {
        Aim::Deactivate => action == Action::Deactivate,
        Aim::Delete => matches!(action, Action::Delete | Action::DeactivateAndDelete),
    };
    if let Some(step) = plan.deployments.iter().find(|step| !fits(step.action)) {
        return Err(wrong(format!(
            "has a step for {} that '{}' does not do: {}",
            step.id,
            aim.verb(),
            step.action.words()
        )));
    }
    Ok(plan)
}

/// Looks at every deployment of a plan again, and takes those out of it that
/// are not as planned any more. Returns what became of these.
pub(super) async fn recheck(
    connection: &Connection,
    plan: &mut Plan,
) -> Result<Vec<Outcome>, Failure> {
    let known: Vec<(DeploymentId, &str)> = plan
        .deployments
        .iter()
        .map(|step| (step.id, &*step.node_id))
        .collect();
    let found = connection.client.snapshots(&connection.repo, &known).await;
    let found = found.map_err(|error| connection.explain(&error))?;
    let mut outcomes = Vec::new();
    plan.deployments.retain_mut(|step| {
        let now = found.get(&step.id).and_then(Option::as_ref);
        match judge(step, now) {
            Judgement::AsPlanned => true,
            Judgement::HalfDone => {
                step.action = Action::Delete;
                true
            }
            Judgement::Reached(why) => {
                outcomes.push(Outcome::of(step, Ending::Skipped, Some(why.to_owned())));
                false
            }
            Judgement::Changed(why) => {
                outcomes.push(Outcome::of(step, Ending::Refused, Some(why)));
                false
            }
        }
    });
    Ok(outcomes)
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
    use jiff::Timestamp;

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
            created_at: Timestamp::UNIX_EPOCH,
            is_production: false,
            has_open_pull: false,
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
        use Action::{Deactivate, DeactivateAndDelete as Both, Delete};
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
