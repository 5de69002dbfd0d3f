use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::bulk::decide::{Leave, decide};
use crate::bulk::file;
use crate::bulk::selection::Selection;
use crate::bulk::survey::{Found, Survey};
use crate::model::{Observed, Phase};

const STATES: &[&str] = &[
    "active",
    "inactive",
    "destroyed",
    "failure",
    "pending",
    "queued",
];

#[derive(Clone, Debug)]
struct Given {
    environment: usize,
    state: usize,
    production: bool,
    transient: bool,
    created: i64,
    selected: bool,
}

impl Given {
    fn selection(&self) -> Selection {
        if self.selected {
            Selection::CHOSEN
        } else {
            Selection::NONE
        }
    }
}

fn observed(id: usize, given: &Given) -> Observed {
    let created = Timestamp::from_second(1_700_000_000 + given.created).expect("a time");
    let text = format!(
        r#"{{"id":{},"node_id":"DE_{id}","sha":"abc","ref":"main","environment":"env-{}",
        "created_at":"{created}","updated_at":"{created}",
        "production_environment":{},"transient_environment":{}}}"#,
        id + 1,
        given.environment,
        given.production,
        given.transient
    );
    Observed {
        deployment: serde_json::from_str(&text).expect("a deployment"),
        state: DeploymentState::from_word(STATES[given.state]),
        latest_status: None,
    }
}

fn given() -> impl Strategy<Value = Given> {
    (
        0_usize..5,
        0..STATES.len(),
        any::<bool>(),
        any::<bool>(),
        0_i64..20,
        prop::bool::weighted(0.8),
    )
        .prop_map(
            |(environment, state, production, transient, created, selected)| Given {
                environment,
                state,
                production,
                transient,
                created,
                selected,
            },
        )
}

fn leave(aim: Aim, force: bool, include_production: bool) -> Leave {
    Leave {
        aim,
        force,
        include_production,
        with_environment: true,
        stuck_before: None,
        now: Timestamp::UNIX_EPOCH,
    }
}

fn survey(all: &[Given], keep: usize) -> Found {
    let mut survey = Survey::new(keep);
    for (id, one) in all.iter().enumerate() {
        survey
            .add(observed(id, one), one.selection())
            .expect("held");
    }
    survey.finish()
}

type Decided = (Vec<Step>, Vec<Kept>, Vec<Name>);

fn decided(found: &Found, leave: Leave) -> Decided {
    let draft = decide(found, leave).expect("decided");
    let plan = draft.finish(leave.aim, String::new(), String::new());
    let steps = plan.deployments.records().collect::<Result<_, _>>();
    let kept = plan.kept.records().collect::<Result<_, _>>();
    let names = plan.environments.records().collect::<Result<_, _>>();
    (
        steps.expect("read"),
        kept.expect("read"),
        names.expect("read"),
    )
}

fn id(index: usize) -> DeploymentId {
    DeploymentId(index as u64 + 1)
}

proptest! {
    #[test]
    fn every_selected_one_is_touched_or_kept_and_no_other(
        all in prop::collection::vec(given(), 0..60), keep in 0_usize..4,
        delete in any::<bool>(), force in any::<bool>(), production in any::<bool>(),
    ) {
        let aim = if delete { Aim::Delete } else { Aim::Deactivate };
        let (steps, kept, environments) = decided(&survey(&all, keep), leave(aim, force, production));
        let selected: BTreeSet<DeploymentId> =
            (0..all.len()).filter(|&at| all[at].selected).map(id).collect();
        let mut told: Vec<DeploymentId> = steps.iter().map(|step| step.id).collect();
        told.extend(kept.iter().map(|kept| kept.id));
        prop_assert_eq!(told.len(), selected.len());
        prop_assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), selected);

        // The newest of each environment are never touched.
        let mut by_environment: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, one) in all.iter().enumerate() {
            by_environment.entry(one.environment).or_default().push(at);
        }
        let touched: BTreeSet<DeploymentId> = steps.iter().map(|step| step.id).collect();
        for members in by_environment.values_mut() {
            members.sort_by_key(|&at| std::cmp::Reverse((all[at].created, at)));
            prop_assert!(members.iter().take(keep).all(|&at| !touched.contains(&id(at))));
            // Nor is what production serves.
            let live = members.iter().find(|&&at| all[at].state == 0 && all[at].production);
            if let Some(&live) = live {
                prop_assert!(production || !touched.contains(&id(live)));
            }
        }

        // An environment goes only if all of it does.
        for name in &environments {
            for (at, one) in all.iter().enumerate() {
                if format!("env-{}", one.environment) == name.as_str() {
                    prop_assert!(touched.contains(&id(at)));
                }
            }
        }

        for step in &steps {
            let is_active = step.state == DeploymentState::Active;
            match step.action {
                Action::Deactivate => prop_assert!(!delete && step.state.phase() != Phase::Retired),
                Action::Delete => prop_assert!(delete && !is_active),
                Action::DeactivateAndDelete => prop_assert!(delete && is_active && force),
                Action::DeleteEnvironment | Action::End | Action::Keep => prop_assert!(false),
            }
        }
        let order: Vec<i64> = steps
            .iter()
            .map(|step| all[usize::try_from(step.id.0 - 1).expect("small")].created)
            .collect();
        prop_assert!(order.is_sorted(), "the oldest go first");
    }

    #[test]
    fn the_order_of_the_pages_does_not_matter(
        all in prop::collection::vec(given(), 0..30).prop_shuffle(), keep in 0_usize..4,
    ) {
        let forwards = survey(&all, keep);
        let mut survey = Survey::new(keep);
        for (at, one) in all.iter().enumerate().rev() {
            survey.add(observed(at, one), one.selection()).expect("held");
        }
        let backwards = survey.finish();
        for leave in [leave(Aim::Deactivate, false, false), leave(Aim::Delete, true, false)] {
            prop_assert_eq!(decided(&forwards, leave), decided(&backwards, leave));
        }
    }

    #[test]
    fn a_plan_survives_its_file(all in prop::collection::vec(given(), 0..10)) {
        let plan = plan(&all, leave(Aim::Delete, true, true));
        let text = serde_json::to_string(&plan).expect("serializes");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plan.json");
        file::write(&path, &plan).expect("written");
        let read = file::read(&path, Aim::Delete, "Octocat/hello-world", "sandbox").expect("read");
        prop_assert_eq!(serde_json::to_string(&read).expect("serializes"), text);
    }
}

fn plan(all: &[Given], leave: Leave) -> Plan {
    let draft = decide(&survey(all, 0), leave).expect("decided");
    let repository = "octocat/hello-world".to_owned();
    draft.finish(leave.aim, repository, "sandbox".to_owned())
}

fn many(count: usize, state: usize) -> Vec<Given> {
    let one = Given {
        environment: 0,
        state,
        production: false,
        transient: false,
        created: 0,
        selected: true,
    };
    vec![one; count]
}

#[test]
fn the_fields_are_pinned() {
    let value =
        serde_json::to_value(plan(&[], leave(Aim::Delete, true, true))).expect("serializes");
    let keys: Vec<&String> = value.as_object().expect("an object").keys().collect();
    assert_eq!(keys, Plan::FIELDS);
}

#[test]
fn batches_are_used_only_where_single_requests_would_wait() {
    let inactive = plan(&many(180, 1), leave(Aim::Delete, false, false));
    let effort = |plan: &Plan, has, free| {
        let Effort {
            batches,
            requests,
            points,
        } = plan.effort(has, free);
        // The one environment costs a look and its deletion.
        (batches, requests - 2, points - 6)
    };
    assert_eq!(effort(&inactive, true, 900), (false, 180, 900));
    assert_eq!(effort(&inactive, true, 899), (true, 8, 40));
    assert_eq!(effort(&inactive, false, 0), (false, 180, 900));
    let active = plan(&many(100, 0), leave(Aim::Delete, true, false));
    assert_eq!(effort(&active, true, 900), (true, 4, 20));
    assert_eq!(effort(&active, false, 900), (false, 200, 1000));
}

#[test]
fn of_several_active_in_production_the_newest_is_current() {
    let mut all = many(3, 0);
    for (at, one) in all.iter_mut().enumerate() {
        one.production = true;
        one.created = i64::try_from(at).expect("small");
    }
    let (steps, kept, _) = decided(&survey(&all, 0), leave(Aim::Deactivate, false, false));
    assert_eq!(
        steps.iter().map(|step| step.id.0).collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(kept[0].reason, Reason::CurrentProduction);
    let (steps, _, _) = decided(&survey(&all, 0), leave(Aim::Deactivate, false, true));
    assert_eq!(
        steps
            .iter()
            .map(|step| step.current_production)
            .collect::<Vec<_>>(),
        [false, false, true]
    );
}

#[test]
fn what_is_stuck_is_underway_and_silent() {
    let mut all = many(6, 0);
    for (at, one) in all.iter_mut().enumerate() {
        one.state = at;
        one.production = true;
    }
    let then = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).ok();
    for (stuck_before, stuck, recent) in [
        (then(1), vec![5, 6], 0),
        (then(0), vec![], 2),
        (None, vec![], 2),
    ] {
        let leave = Leave {
            stuck_before,
            ..leave(Aim::Reap, false, false)
        };
        let (steps, kept, _) = decided(&survey(&all, 0), leave);
        let ids: Vec<u64> = steps.iter().map(|step| step.id.0).collect();
        assert_eq!(ids, stuck);
        assert!(steps.iter().all(|step| step.action == Action::End));
        let of = |reason| kept.iter().filter(|kept| kept.reason == reason).count();
        assert_eq!((of(Reason::Recent), of(Reason::Ended)), (recent, 4));
    }
}
