use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::bulk::selection::{Match, Selection};
use crate::model::{DeploymentState, DeploymentWithState, Phase};
use crate::session::write_plan;

const STATES: &[&str] = &[
    "active",
    "inactive",
    "destroyed",
    "failure",
    "pending",
    "queued",
];

#[derive(Clone, Debug)]
struct GivenDeployment {
    environment: usize,
    state: usize,
    production: bool,
    transient: bool,
    created: i64,
    selected: bool,
}

impl GivenDeployment {
    fn matched(&self) -> Match {
        if self.selected {
            Match::WithEnvironment
        } else {
            Match::No
        }
    }
}

fn observed(id: usize, given: &GivenDeployment) -> DeploymentWithState {
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
    DeploymentWithState {
        deployment: serde_json::from_str(&text).expect("a deployment"),
        state: DeploymentState::from_word(STATES[given.state]),
        latest_status: None,
    }
}

fn given() -> impl Strategy<Value = GivenDeployment> {
    (
        0_usize..5,
        0..STATES.len(),
        any::<bool>(),
        any::<bool>(),
        0_i64..20,
        prop::bool::weighted(0.8),
    )
        .prop_map(
            |(environment, state, production, transient, created, selected)| GivenDeployment {
                environment,
                state,
                production,
                transient,
                created,
                selected,
            },
        )
}

fn policy(operation: Operation, force: bool, include_production: bool) -> Policy {
    Policy {
        operation,
        force,
        include_production,
        with_environment: true,
        stuck_before: None,
        now: Timestamp::UNIX_EPOCH,
    }
}

fn selection(all: &[GivenDeployment], keep_newest: usize) -> Selection {
    let mut selection = Selection::new(keep_newest);
    for (id, one) in all.iter().enumerate() {
        selection.add(observed(id, one), one.matched());
    }
    selection
}

fn id(index: usize) -> DeploymentId {
    DeploymentId(index as u64 + 1)
}

proptest! {
    #[test]
    fn every_selected_deployment_is_changed_or_kept_and_no_other(
        all in prop::collection::vec(given(), 0..60), keep in 0_usize..4,
        delete in any::<bool>(), force in any::<bool>(), production in any::<bool>(),
    ) {
        let operation = if delete { Operation::Delete } else { Operation::Deactivate };
        let Decisions { steps, kept, environments, .. } =
            make_decisions(selection(&all, keep), policy(operation, force, production));
        let selected: BTreeSet<DeploymentId> =
            (0..all.len()).filter(|&at| all[at].selected).map(id).collect();
        let mut decided: Vec<DeploymentId> = steps.iter().map(|step| step.id).collect();
        decided.extend(kept.iter().map(|kept| kept.id));
        prop_assert_eq!(decided.len(), selected.len());
        prop_assert_eq!(decided.into_iter().collect::<BTreeSet<_>>(), selected);

        // The newest deployments of each environment are never changed.
        let mut by_environment: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, one) in all.iter().enumerate() {
            by_environment.entry(one.environment).or_default().push(at);
        }
        let changed: BTreeSet<DeploymentId> = steps.iter().map(|step| step.id).collect();
        for members in by_environment.values_mut() {
            members.sort_by_key(|&at| std::cmp::Reverse((all[at].created, at)));
            prop_assert!(members.iter().take(keep).all(|&at| !changed.contains(&id(at))));
            // Nor is the live production deployment.
            let live = members.iter().find(|&&at| all[at].state == 0 && all[at].production);
            if let Some(&live) = live {
                prop_assert!(production || !changed.contains(&id(live)));
            }
        }

        // An environment is deleted only if all its deployments are.
        for name in &environments {
            for (at, one) in all.iter().enumerate() {
                if format!("env-{}", one.environment) == name.name.as_str() {
                    prop_assert!(changed.contains(&id(at)));
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
        prop_assert!(order.is_sorted(), "the oldest come first");
    }

    #[test]
    fn the_order_of_the_pages_does_not_matter(
        all in prop::collection::vec(given(), 0..30).prop_shuffle(), keep in 0_usize..4,
    ) {
        for policy in
            [policy(Operation::Deactivate, false, false), policy(Operation::Delete, true, false)]
        {
            let forwards = selection(&all, keep);
            let mut backwards = selection(&[], keep);
            for (at, one) in all.iter().enumerate().rev() {
                backwards.add(observed(at, one), one.matched());
            }
            prop_assert_eq!(make_decisions(forwards, policy), make_decisions(backwards, policy));
        }
    }

    #[test]
    fn a_plan_survives_its_file(all in prop::collection::vec(given(), 0..10)) {
        let plan = plan(&all, policy(Operation::Delete, true, true));
        let text = serde_json::to_string(&plan).expect("serializes");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plan.json");
        write_plan(&path, &plan).expect("written");
        let read = read_plan(&path, Operation::Delete).expect("read");
        prop_assert_eq!(serde_json::to_string(&read).expect("serializes"), text);
    }

    #[test]
    fn a_plan_for_several_repositories_survives_its_file(
        all in prop::collection::vec(prop::collection::vec(given(), 0..6), 0..4),
    ) {
        let policy = policy(Operation::Delete, true, false);
        let mut plan = Plan::new(Operation::Delete, None, "sandbox".to_owned());
        for (number, given) in all.iter().enumerate() {
            let mut selection = selection(given, 0);
            selection.repository = Some(Name::new(&format!("acme/shop-{number}")));
            selection.empty_environments.insert(Name::new("empty"));
            plan.add(make_decisions(selection, policy));
        }
        prop_assert_eq!(plan.repositories().len(), all.len());
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plan.json");
        write_plan(&path, &plan).expect("written");
        let read = read_plan(&path, Operation::Delete).expect("read");
        prop_assert_eq!(&read.deployments, &plan.deployments);
        prop_assert_eq!(&read.kept, &plan.kept);
        prop_assert_eq!(&read.environments, &plan.environments);
    }
}

#[test]
fn every_line_has_to_belong_to_one_repository() {
    let step = |repository: &str| {
        format!(
            r#"{{{repository}"id":1,"action":"delete","environment":"qa","state":"inactive",
            "updated_at":null,"transient":false,"current_production":false}}"#
        )
    };
    let (named, bare) = (step(r#""repository":"acme/shop","#), step(""));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plan.json");
    let is_read = |version: u32, repository: &str, steps: &[&String], environments: &str| {
        let steps: Vec<&str> = steps.iter().map(|step| step.as_str()).collect();
        let text = format!(
            r#"{{"version":{version},"command":"delete",{repository}"server":"sandbox",
            "deployments":[{}],"environments":[{environments}]}}"#,
            steps.join(",")
        );
        std::fs::write(&path, text).expect("written");
        read_plan(&path, Operation::Delete).is_ok()
    };
    let one = r#""repository":"acme/shop","#;
    let (name, in_repository) = (
        r#""qa""#,
        r#"{"repository":"acme/shop","environment":"qa"}"#,
    );
    assert!(is_read(1, one, &[&bare, &bare], name));
    assert!(is_read(2, "", &[&named, &named], in_repository));
    assert!(is_read(2, r#""repository":null,"#, &[&named], ""));
    assert!(!is_read(2, "", &[&named, &bare], ""));
    assert!(!is_read(2, "", &[&named], name));
    assert!(!is_read(1, one, &[&bare, &named], ""));
    assert!(!is_read(1, one, &[&bare], in_repository));
    assert!(!is_read(3, one, &[&bare], ""));
}

fn plan(all: &[GivenDeployment], policy: Policy) -> Plan {
    let decisions = make_decisions(selection(all, 0), policy);
    let mut plan = Plan::new(
        policy.operation,
        Some(Name::new("octocat/hello-world")),
        "sandbox".to_owned(),
    );
    plan.add(decisions);
    plan
}

fn many(count: usize, state: usize) -> Vec<GivenDeployment> {
    let one = GivenDeployment {
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
        serde_json::to_value(plan(&[], policy(Operation::Delete, true, true))).expect("serializes");
    let keys: Vec<&String> = value.as_object().expect("an object").keys().collect();
    assert_eq!(keys, Plan::FIELDS);
}

#[test]
fn batches_are_used_only_where_single_requests_would_wait() {
    let inactive = plan(&many(180, 1), policy(Operation::Delete, false, false));
    let cost = |plan: &Plan, can_batch, free| {
        let PlanCost {
            uses_batches,
            requests,
            points,
        } = plan.cost(can_batch, free);
        // The environment costs a check and its deletion.
        (uses_batches, requests - 2, points - 6)
    };
    assert_eq!(cost(&inactive, true, 900), (false, 180, 900));
    assert_eq!(cost(&inactive, true, 899), (true, 8, 40));
    assert_eq!(cost(&inactive, false, 0), (false, 180, 900));
    let active = plan(&many(100, 0), policy(Operation::Delete, true, false));
    assert_eq!(cost(&active, true, 900), (true, 4, 20));
    assert_eq!(cost(&active, false, 900), (false, 200, 1000));
}

#[test]
fn of_several_active_in_production_the_newest_is_current() {
    let mut all = many(3, 0);
    for (at, one) in all.iter_mut().enumerate() {
        one.production = true;
        one.created = i64::try_from(at).expect("small");
    }
    let policy_without = policy(Operation::Deactivate, false, false);
    let Decisions { steps, kept, .. } = make_decisions(selection(&all, 0), policy_without);
    assert_eq!(
        steps.iter().map(|step| step.id.0).collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(kept[0].reason, KeepReason::CurrentProduction);
    let policy_with = policy(Operation::Deactivate, false, true);
    let Decisions { steps, .. } = make_decisions(selection(&all, 0), policy_with);
    assert_eq!(
        steps
            .iter()
            .map(|step| step.is_current_production)
            .collect::<Vec<_>>(),
        [false, false, true]
    );
}

#[test]
fn a_stuck_deployment_is_underway_and_has_no_recent_update() {
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
        let policy = Policy {
            stuck_before,
            ..policy(Operation::Reap, false, false)
        };
        let Decisions { steps, kept, .. } = make_decisions(selection(&all, 0), policy);
        let ids: Vec<u64> = steps.iter().map(|step| step.id.0).collect();
        assert_eq!(ids, stuck);
        assert!(steps.iter().all(|step| step.action == Action::End));
        let count = |reason| kept.iter().filter(|kept| kept.reason == reason).count();
        let counts = (count(KeepReason::Recent), count(KeepReason::Ended));
        assert_eq!(counts, (recent, 4));
    }
}
