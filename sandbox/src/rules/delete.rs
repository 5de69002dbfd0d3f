//! Deleting a deployment
//! (<https://docs.github.com/rest/deployments/deployments#delete-a-deployment>).

use super::{Core, Failure};
use crate::store::{Deployment, DeploymentStatus, Repository};

const ACTIVE: &str = "We cannot delete an active deployment unless it is the only deployment in a given environment.";

impl Core {
    /// Deletes a deployment and its statuses. An active one, whose last state
    /// is `success`, only if nothing else is in its environment.
    pub(crate) fn delete_deployment(
        &self,
        repository: &Repository,
        id: i64,
    ) -> Result<(), Failure> {
        self.store.write(|write| {
            let deployment =
                Deployment::by_id(write, repository.id, id)?.ok_or(Failure::NotFound)?;
            let latest = DeploymentStatus::latest(write, id)?;
            let active = latest.is_some_and(|status| status.state == "success");
            if active && !deployment.is_alone(write)? {
                return Err(Failure::Refused(ACTIVE));
            }
            Ok(deployment.delete(write)?)
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::testing::World;
    use super::{ACTIVE, Failure};
    use crate::rules::{NewDeployment, NewStatus};

    #[test]
    fn active_is_judged_per_environment() {
        let world = World::sample();
        let of = |name: &str| {
            world.create(&NewDeployment {
                environment: Some(name.to_owned()),
                ..NewDeployment::with_ref("main")
            })
        };
        let (alone, first, second) = (of("qa"), of("staging"), of("staging"));
        world.set(alone.id, NewStatus::with_state("success"));
        world.set(second.id, NewStatus::with_state("success"));
        let error = world
            .core
            .delete_deployment(&world.repository, second.id)
            .unwrap_err();
        assert_eq!(error.detail(), ACTIVE);
        // A deployment without a status can be deleted; then the active one is
        // the only one left.
        for id in [alone.id, first.id, second.id] {
            world.core.delete_deployment(&world.repository, id).unwrap();
        }
        assert_eq!(world.count(), 0);
        assert_eq!(world.environments(), ["qa", "staging"]);
        let again = world
            .core
            .delete_deployment(&world.repository, alone.id)
            .unwrap_err();
        assert!(matches!(again, Failure::NotFound));
    }

    #[test]
    fn an_inactive_deployment_can_always_be_deleted() {
        let world = World::sample();
        let old = world.create(&NewDeployment::with_ref("main"));
        let new = world.create(&NewDeployment::with_ref("main"));
        world.set(old.id, NewStatus::with_state("success"));
        world.set(new.id, NewStatus::with_state("success"));
        // Production deployments are not superseded automatically.
        assert!(
            world
                .core
                .delete_deployment(&world.repository, old.id)
                .is_err()
        );
        world.set(old.id, NewStatus::with_state("inactive"));
        world
            .core
            .delete_deployment(&world.repository, old.id)
            .unwrap();
    }
}
