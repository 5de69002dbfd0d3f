use std::collections::HashSet;
use std::path::Path;

use super::{Plan, PlanStep};
use crate::bulk::name::Name;
use crate::bulk::operation::Operation;
use crate::error::Failure;
use crate::session::{self, PlanOrigin, SavedPlan, refuse_plan};

impl SavedPlan for Plan {
    fn origin(&self) -> PlanOrigin<'_> {
        PlanOrigin {
            command: self.command.verb(),
            repositories: self.repositories().into_iter().map(Name::as_str).collect(),
            server: &self.server,
        }
    }
}

/// Reads a plan file, and refuses one of another command, and one with lines of
/// which it is unclear where they belong.
pub(in crate::bulk) fn read_plan(path: &Path, operation: Operation) -> Result<Plan, Failure> {
    let mut plan: Plan = session::read_plan(path, operation.verb())?;
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
    if !plan.has_clear_repositories() {
        let what = "has to name a repository once, or in each line";
        return Err(refuse_plan(path, what));
    }
    plan.share_names();
    plan.found_any = !plan.deployments.is_empty() || !plan.kept.is_empty();
    Ok(plan)
}

impl Plan {
    /// Whether either the plan or each of its lines names a repository.
    fn has_clear_repositories(&mut self) -> bool {
        let is_for_several = self.is_for_several();
        self.names()
            .all(|(repository, _)| repository.is_some() == is_for_several)
    }

    /// Has lines share the names of their repositories and environments, which
    /// were read one by one.
    fn share_names(&mut self) {
        let mut known = HashSet::<Name>::new();
        let mut share = |name: &mut Name| match known.get(name) {
            Some(shared) => *name = shared.clone(),
            None => _ = known.insert(name.clone()),
        };
        for (repository, environment) in self.names() {
            repository.iter_mut().for_each(&mut share);
            environment.into_iter().for_each(&mut share);
        }
    }

    /// The repository and the environment of each line.
    fn names(&mut self) -> impl Iterator<Item = (&mut Option<Name>, Option<&mut Name>)> {
        let steps = self.deployments.iter_mut();
        let steps = steps.map(|step| (&mut step.repository, step.environment.as_mut()));
        let kept = self.kept.iter_mut();
        let kept = kept.map(|kept| (&mut kept.repository, kept.environment.as_mut()));
        let environments = self.environments.iter_mut();
        let environments = environments.map(|one| (&mut one.repository, Some(&mut one.name)));
        steps.chain(kept).chain(environments)
    }
}
