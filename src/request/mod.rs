//! Requesting a deployment: its options, its payload, whether it is locked,
//! sending the request, and waiting for the result.

mod deploy_lock;
mod finish;
mod lock_guard;
mod options;
mod payload;
mod send;

pub(crate) use deploy_lock::{DeployLock, TakeLockOptions};
pub(crate) use finish::{Ending, WaitOptions};
pub(crate) use lock_guard::{LockGuard, LockOptions};
#[cfg(feature = "agent")]
pub(crate) use options::CreateRequest;
pub(crate) use options::{CreateOptions, RequiredContexts};
pub(crate) use payload::read_payload;
pub(crate) use send::{find_existing, request_deployment};
