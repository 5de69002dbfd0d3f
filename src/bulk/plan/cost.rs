use std::time::Duration;

use super::Plan;
use crate::api::Client;
use crate::bulk::operation::Operation;

/// The usual number of deployments in a batch, once its size has settled.
const USUAL_BATCH: u64 = 25;
/// The usual time of a deletion or a status in a batch.
const MUTATION_TIME: Duration = Duration::from_millis(100);
/// The usual time of a single request.
const REQUEST_TIME: Duration = Duration::from_millis(250);
/// What GitHub counts for a change, and for a read.
const WRITE_POINTS: u64 = 5;
const READ_POINTS: u64 = 1;

/// How a plan is carried out, and what that costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bulk) struct PlanCost {
    /// Whether many changes are sent in one request.
    pub(in crate::bulk) uses_batches: bool,
    pub(super) requests: u64,
    pub(super) points: u64,
}

/// Finds out what a plan costs, and notes it in the plan.
pub(in crate::bulk) fn estimate_cost(client: &Client, plan: &mut Plan) -> PlanCost {
    let cost = plan.cost(client.can_batch(), client.free_points());
    let mut time = plan.duration(cost, client.least_time(cost.points), client.concurrency());
    // What exceeds this hour's quota has to wait for the next hours.
    if let Some(quota) = client.quota().filter(|_| !cost.uses_batches) {
        let beyond = cost.requests.saturating_sub(quota.remaining);
        let hours = beyond.div_ceil(quota.limit.max(1));
        let hours = u32::try_from(hours).unwrap_or(u32::MAX);
        time = time.max(Duration::from_secs(3600).saturating_mul(hours));
    }
    plan.requests = cost.requests;
    plan.points = cost.points;
    plan.seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    cost
}

impl Plan {
    /// The average cost of a step's changes, if they are sent one by one.
    pub(in crate::bulk) fn points_per_step(&self) -> u64 {
        self.change_count() * WRITE_POINTS / self.step_count().max(1)
    }

    /// The number of new statuses and deletions.
    fn change_count(&self) -> u64 {
        self.step_count() + self.deactivated_first_count()
    }

    /// Batches are used if the server takes them and single requests would have
    /// to wait, since they need more than the `free` points.
    pub(super) fn cost(&self, can_batch: bool, free: u64) -> PlanCost {
        let changes = self.change_count();
        let environments = self.environments.len() as u64;
        let has_node_ids = self.deployments.iter().all(|step| !step.node_id.is_empty());
        let uses_batches = can_batch && changes * WRITE_POINTS > free && has_node_ids;
        let writes = if uses_batches {
            self.step_count().div_ceil(USUAL_BATCH)
        } else {
            changes
        };
        // A deployment that is stuck is checked again before it is ended, and
        // an environment before it is deleted.
        let reads = if self.command == Operation::Reap {
            writes
        } else {
            0
        };
        PlanCost {
            uses_batches,
            requests: writes + reads + environments * 2,
            points: writes * WRITE_POINTS
                + reads * READ_POINTS
                + environments * (WRITE_POINTS + READ_POINTS),
        }
    }

    /// About how long the plan takes; `least` is the time that the limits demand
    /// for its points.
    fn duration(&self, cost: PlanCost, least: Duration, concurrency: usize) -> Duration {
        let concurrency = u32::try_from(concurrency.max(1)).unwrap_or(1);
        let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let environments = self.environments.len() as u64;
        let singles = REQUEST_TIME.saturating_mul(count(environments * 2)) / concurrency;
        let steps = if cost.uses_batches {
            MUTATION_TIME.saturating_mul(count(self.change_count()))
        } else {
            REQUEST_TIME.saturating_mul(count(cost.requests)) / concurrency
        };
        least.max(steps.saturating_add(singles))
    }
}
