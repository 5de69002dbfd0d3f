use std::time::Duration;

use crate::agent::journal::JournalError;
use crate::api::ApiError;
use crate::outbox::OutboxError;

/// The pause after a failure that an operator has to fix, such as a token
/// without a permission.
const OPERATOR_PAUSE: Duration = Duration::from_secs(30);

/// Why an attempt to deploy went no further.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeployError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error("the server's list of statuses does not show the claim")]
    ClaimNotListed,
}

impl DeployError {
    /// How long to wait at least before the next attempt.
    pub(super) fn pause(&self) -> Duration {
        match self {
            Self::Api(ApiError::RateLimited(limited)) => limited.wait,
            Self::Api(error) if !error.is_temporary() => OPERATOR_PAUSE,
            Self::Journal(_) | Self::Outbox(_) => OPERATOR_PAUSE,
            _ => Duration::ZERO,
        }
    }

    /// Whether the server permanently refuses this deployment. A refused token
    /// says nothing about the deployment.
    pub(super) fn is_refusal(&self) -> bool {
        let Self::Api(error @ ApiError::Response(_)) = self else {
            return false;
        };
        let is_client_error = error
            .status()
            .is_some_and(|status| (400..500).contains(&status));
        is_client_error && !matches!(error.status(), Some(401 | 408 | 429))
    }
}
