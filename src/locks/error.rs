use crate::api::{ApiError, BranchesUpdated};

/// Why locks could not be read, taken or removed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LockError {
    #[error("{0}")]
    Api(#[from] ApiError),
    /// The repository does not exist, or the token cannot see it.
    #[error("the repository does not exist, or the token cannot see it")]
    NoRepository,
    /// The server does not change the branches of the locks.
    #[error("the server refuses to change the locks: {message}")]
    Refused {
        /// The `type` of the error, such as `FORBIDDEN`; empty if it has none.
        kind: String,
        /// The server's message.
        message: String,
    },
    /// The locks changed each time that they were about to be taken or removed.
    #[error("the locks keep changing")]
    KeepChanging,
    /// A lock that was just taken no longer exists.
    #[error("the lock of {0} was removed by somebody else right after it was taken")]
    Lost(String),
    /// A lock was taken, and then something failed, and it could not be given
    /// back.
    #[error("{cause}; the lock of {target} could not be given back: {error}")]
    Kept {
        target: String,
        /// What failed first, or who else has a lock.
        cause: String,
        error: Box<LockError>,
    },
}

impl LockError {
    /// Why branches were not changed; `None` if they were.
    pub(super) fn from_refusal(updated: BranchesUpdated) -> Option<Self> {
        match updated {
            BranchesUpdated::Done => None,
            BranchesUpdated::Refused { kind, message } => Some(Self::Refused { kind, message }),
        }
    }
}
