use super::error::LockError;
use super::held::Lock;

/// A lock of somebody else, or the failure of an attempt.
#[derive(Debug)]
pub(crate) enum Obstacle {
    Held(Box<Lock>),
    Failed(LockError),
}

impl<E: Into<LockError>> From<E> for Obstacle {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}
