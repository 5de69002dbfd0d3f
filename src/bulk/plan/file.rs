use std::path::Path;

use super::{Plan, PlanStep};
use crate::bulk::operation::Operation;
use crate::error::Failure;
use crate::session::{self, PlanOrigin, SavedPlan, refuse_plan};

impl SavedPlan for Plan {
    fn origin(&self) -> PlanOrigin<'_> {
        PlanOrigin {
            command: self.command.verb(),
            repository: &self.repository,
            server: &self.server,
        }
    }
}

/// Reads a plan file, and refuses one of another command, repository or server.
pub(in crate::bulk) fn read_plan(
    path: &Path,
    operation: Operation,
    repository: &str,
    server: &str,
) -> Result<Plan, Failure> {
    let expected = PlanOrigin {
        command: operation.verb(),
        repository,
        server,
    };
    let mut plan: Plan = session::read_plan(path, &expected)?;
    let is_foreign = |step: &&PlanStep| !operation.allows(step.action);
    if let Some(step) = plan.deployments.iter().find(is_foreign) {
        let what = format!(
            "has a step for {} that '{}' does not do: {}",
            step.id,
            operation.verb(),
            step.action.label()
        );
        return Err(refuse_plan(path, &what));
    }
    plan.found_any = !plan.deployments.is_empty() || !plan.kept.is_empty();
    Ok(plan)
}
