use serde_json::json;

use super::attempt::Attempt;
use super::error::DeployError;
use crate::api::NewStatus;
use crate::locks::{LockError, Restrictions};
use crate::model::StatusState;

impl Attempt {
    /// The final status of a deployment that is not carried out, because its
    /// environment is locked by somebody other than its creator, or frozen.
    pub(super) async fn status_if_locked(&self) -> Result<Option<NewStatus>, DeployError> {
        if !self.agent.config().respect_locks {
            return Ok(None);
        }
        let deployment = &self.entry.deployment;
        let read = Restrictions::read(&self.agent.client, &self.entry.repository).await;
        let reason = match read {
            Ok(restrictions) => {
                let creator = deployment.creator_login().unwrap_or_default();
                match restrictions.blocked(&deployment.environment, &deployment.task, creator) {
                    Ok(None) => return Ok(None),
                    Ok(Some(blocked)) => blocked.in_short(),
                    Err(error) => error.to_string(),
                }
            }
            Err(LockError::Api(error)) => return Err(error.into()),
            Err(error) => error.to_string(),
        };
        self.agent.log.warn(
            "deployment is not allowed",
            json!({ "id": self.entry.id(), "reason": reason }),
        );
        Ok(Some(NewStatus::new(StatusState::Error).description(reason)))
    }
}
