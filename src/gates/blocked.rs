use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::Serialize;

use super::find::Finder;
use super::gate::{age, workflow_key};
use crate::api::{RunFilter, RunGates, in_order};
use crate::error::Failure;
use crate::model::{ConcurrencyGroup, GroupMember, Pattern, RunId, RunStatus, WorkflowRun};
use crate::output::Record;
use crate::session::Permission;

/// A concurrency group that is in use, as `blocked --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct BlockedRecord {
    /// The name of the group; of a guess, that of the workflow.
    pub(crate) group: String,
    /// Whether the server knows no concurrency groups, and this was inferred
    /// from the runs of a workflow.
    pub(crate) guess: bool,
    /// Since when the holder has the group, as far as that is known.
    pub(crate) since: Option<Timestamp>,
    pub(crate) holder: Option<Holder>,
    /// Those that wait for the group, next first.
    pub(crate) queue: Vec<QueuedRun>,
}

/// The run or job that holds a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Holder {
    pub(crate) run_id: RunId,
    pub(crate) run_url: Option<String>,
    pub(crate) workflow: String,
    pub(crate) job_id: Option<u64>,
    /// The environments that it waits for.
    pub(crate) waits_for: Vec<String>,
}

/// A run or job that waits for a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct QueuedRun {
    pub(crate) run_id: RunId,
    pub(crate) run_url: Option<String>,
    pub(crate) workflow: String,
    pub(crate) job_id: Option<u64>,
}

impl Record for BlockedRecord {
    const FIELDS: &'static [&'static str] = &["group", "guess", "since", "holder", "queue"];
}

impl Finder<'_> {
    /// The concurrency groups that are in use, with what their holders wait for;
    /// of those whose holder waits for an environment that fits `environments`,
    /// if there are any.
    ///
    /// One request for the list, one for each group, and two for each hundred
    /// waiting runs.
    pub(crate) async fn blocked(
        &self,
        environments: &[Pattern],
    ) -> anyhow::Result<Vec<BlockedRecord>> {
        let repo = self.connection.repo();
        let entries = repo.concurrency_groups().await;
        let Some(entries) = entries.map_err(|error| self.explain(&error))? else {
            return self.guess(None, environments).await;
        };
        let at_once = self.connection.client.concurrency();
        let groups: Vec<(ConcurrencyGroup, Option<Timestamp>)> =
            in_order(entries, at_once, |entry| async move {
                let group = repo.concurrency_group(&entry.group_name).await?;
                Ok((group, entry.last_acquired_at))
            })
            .try_filter_map(|(group, since)| {
                let group = group.filter(|group| !group.group_members.is_empty());
                std::future::ready(Ok(group.map(|group| (group, since))))
            })
            .try_collect()
            .await
            .map_err(|error| self.explain(&error))?;
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let waiting = self.waiting_for().await?;
        let records = groups
            .into_iter()
            .map(|(group, since)| record(group, since, &waiting));
        Ok(records.filter(|one| fits(one, environments)).collect())
    }

    /// The groups that a run holds or waits for.
    pub(crate) async fn blocked_run(&self, id: RunId) -> anyhow::Result<Vec<BlockedRecord>> {
        let repo = self.connection.repo();
        let groups = repo.run(id).concurrency_groups().await;
        let Some(groups) = groups.map_err(|error| self.explain(&error))? else {
            // The run may not exist, or the server knows no groups.
            let run = self.run(id).await?;
            return self.guess(Some(&run), &[]).await;
        };
        let positions: Vec<String> = groups
            .iter()
            .flat_map(|group| &group.group_members)
            .filter_map(|member| member.position_url.clone())
            .collect();
        let mut found = Vec::new();
        for position in positions {
            let ahead = repo.members_ahead(&position).await;
            let ahead = ahead.map_err(|error| self.explain(&error))?;
            found.extend(ahead.filter(|group| !group.group_members.is_empty()));
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let waiting = self.waiting_for().await?;
        let mut records = Vec::new();
        for group in found {
            let mut record = record(group, None, &waiting);
            if let Some(holder) = &record.holder {
                let known = waiting
                    .get(&holder.run_id)
                    .map(|gates| gates.run.started_at());
                record.since = match known {
                    Some(since) => Some(since),
                    None => self
                        .run(holder.run_id)
                        .await
                        .ok()
                        .map(|run| run.started_at()),
                };
            }
            records.push(record);
        }
        Ok(records)
    }

    /// What the waiting runs wait for, by run.
    async fn waiting_for(&self) -> anyhow::Result<HashMap<RunId, RunGates>> {
        let runs = self.runs(&RunFilter::waiting()).await?;
        if runs.is_empty() {
            return Ok(HashMap::new());
        }
        let repo = self.connection.repo();
        let found = repo.waiting_runs(runs).await;
        let found = found.map_err(|error| self.explain(&error))?;
        let by_id = found.gates.into_iter().map(|gates| (gates.run.id, gates));
        Ok(by_id.collect())
    }

    /// Infers from older waiting and running runs of the same workflow what holds
    /// up runs that wait for their turn; only the workflow of `run`, if given.
    async fn guess(
        &self,
        run: Option<&WorkflowRun>,
        environments: &[Pattern],
    ) -> anyhow::Result<Vec<BlockedRecord>> {
        let waiting = self.waiting_for().await?;
        let of_status = |status| RunFilter {
            status: Some(status),
            ..RunFilter::default()
        };
        let queued = self.runs(&of_status(RunStatus::Pending)).await?;
        let running = self.runs(&of_status(RunStatus::InProgress)).await?;
        let holders: Vec<&WorkflowRun> = waiting
            .values()
            .map(|gates| &gates.run)
            .chain(&running)
            .collect();
        let records = guess(&holders, &queued, run, &waiting);
        Ok(records
            .into_iter()
            .filter(|record| fits(record, environments))
            .collect())
    }

    pub(super) async fn runs(&self, filter: &RunFilter) -> Result<Vec<WorkflowRun>, Failure> {
        let repo = self.connection.repo();
        let runs = repo.workflow_runs(filter).await;
        runs.map_err(|error| {
            let failure = self.explain(&error);
            if matches!(error.status(), Some(403 | 404)) {
                failure.hint(Permission::ReadRuns.hint())
            } else {
                failure
            }
        })
    }
}

fn fits(record: &BlockedRecord, environments: &[Pattern]) -> bool {
    let waits_for = record.holder.iter().flat_map(|holder| &holder.waits_for);
    let fits = |name: &String| environments.iter().any(|pattern| pattern.fits(name));
    environments.is_empty() || waits_for.into_iter().any(fits)
}

fn waits_for(gates: Option<&RunGates>) -> Vec<String> {
    let pending = gates.into_iter().flat_map(|gates| &gates.pending);
    pending.map(|one| one.environment.name.clone()).collect()
}

fn record(
    group: ConcurrencyGroup,
    since: Option<Timestamp>,
    waiting: &HashMap<RunId, RunGates>,
) -> BlockedRecord {
    let (holders, queue): (Vec<GroupMember>, Vec<GroupMember>) = group
        .group_members
        .into_iter()
        .partition(GroupMember::holds);
    let holder = holders.into_iter().next().map(|member| {
        let gates = waiting.get(&member.run_id);
        Holder {
            waits_for: waits_for(gates),
            workflow: gates.map_or_else(
                || member.run_name.clone(),
                |gates| gates.run.workflow().to_owned(),
            ),
            run_id: member.run_id,
            run_url: member.run_html_url,
            job_id: member.job_id,
        }
    });
    BlockedRecord {
        group: group.group_name,
        guess: false,
        since: since.filter(|_| holder.is_some()),
        holder,
        queue: queue
            .into_iter()
            .map(|member| QueuedRun {
                run_id: member.run_id,
                run_url: member.run_html_url,
                workflow: member.run_name,
                job_id: member.job_id,
            })
            .collect(),
    }
}

/// One record for each workflow with runs that wait for their turn and an older
/// run that may hold them up: the oldest one.
fn guess(
    holders: &[&WorkflowRun],
    queued: &[WorkflowRun],
    only: Option<&WorkflowRun>,
    waiting: &HashMap<RunId, RunGates>,
) -> Vec<BlockedRecord> {
    let mut known = HashSet::new();
    let mut records = Vec::new();
    for first in queued {
        let is_wanted = only.is_none_or(|only| workflow_key(only) == workflow_key(first));
        if !is_wanted || !known.insert(workflow_key(first)) {
            continue;
        }
        let mut queue: Vec<&WorkflowRun> = queued
            .iter()
            .filter(|run| workflow_key(run) == workflow_key(first))
            .collect();
        queue.sort_unstable_by_key(|run| age(run));
        let holder = holders
            .iter()
            .filter(|run| workflow_key(run) == workflow_key(first) && age(run) < age(queue[0]))
            .min_by_key(|run| age(run));
        let Some(holder) = holder else {
            continue;
        };
        records.push(BlockedRecord {
            group: first.workflow().to_owned(),
            guess: true,
            since: Some(holder.started_at()),
            holder: Some(Holder {
                run_id: holder.id,
                run_url: Some(holder.html_url.clone()),
                workflow: holder.workflow().to_owned(),
                job_id: None,
                waits_for: waits_for(waiting.get(&holder.id)),
            }),
            queue: queue
                .into_iter()
                .map(|run| QueuedRun {
                    run_id: run.id,
                    run_url: Some(run.html_url.clone()),
                    workflow: run.workflow().to_owned(),
                    job_id: None,
                })
                .collect(),
        });
    }
    records
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::gate::tests::{pending, run};
    use super::*;

    #[test]
    fn the_fields_are_pinned_and_the_holder_shows_what_it_waits_for() {
        let group: ConcurrencyGroup = serde_json::from_value(json!({
            "group_name": "deploy-production", "group_url": "x", "group_members": [
                {"run_id": 1, "run_name": "Deploy", "run_html_url": "https://h/1",
                    "status": "in_progress"},
                {"run_id": 2, "run_name": "Deploy", "run_html_url": null, "job_id": 9,
                    "status": "pending"}]}))
        .expect("a group");
        let gates = RunGates::new(run(1, 7), vec![pending("production", &json!({}))]);
        let waiting = HashMap::from([(RunId(1), gates)]);
        let record = record(group, Some(run(1, 7).created_at), &waiting);
        assert!(fits(&record, &[Pattern::new("prod*")]));
        assert!(!fits(&record, &[Pattern::new("staging")]));
        assert_eq!(
            serde_json::to_value(&record).expect("JSON"),
            json!({"group": "deploy-production", "guess": false,
                "since": "2026-11-01T00:01:00Z",
                "holder": {"run_id": 1, "run_url": "https://h/1", "workflow": "Deploy",
                    "job_id": null, "waits_for": ["production"]},
                "queue": [{"run_id": 2, "run_url": null, "workflow": "Deploy", "job_id": 9}]})
        );
    }

    #[test]
    fn a_guess_is_the_oldest_older_run_of_the_same_workflow() {
        let (old, older, other, newer) = (run(3, 7), run(2, 7), run(1, 8), run(9, 7));
        let queued = [run(6, 7), run(5, 7), run(4, 9)];
        let holders = [&old, &older, &other, &newer];
        let records = guess(&holders, &queued, None, &HashMap::new());
        assert_eq!(records.len(), 1, "nothing is known of the other workflow");
        assert!(records[0].guess);
        let holder = records[0].holder.as_ref().expect("a holder");
        assert_eq!(holder.run_id, RunId(2));
        let queue: Vec<u64> = records[0].queue.iter().map(|run| run.run_id.0).collect();
        assert_eq!(queue, [5, 6]);
        assert!(guess(&holders, &queued, Some(&other), &HashMap::new()).is_empty());
    }
}
