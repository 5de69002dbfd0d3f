//! Requesting a deployment: its options, its payload, whether it is locked, and
//! sending the request.

mod deploy_lock;
mod lock_guard;
mod options;
mod payload;
mod send;

#[allow(
    unused_imports,
    reason = "commands that lock what they deploy come next"
)]
pub(crate) use deploy_lock::{DeployLock, TakeLockOptions};
pub(crate) use lock_guard::{LockGuard, LockOptions};
pub(crate) use options::CreateOptions;
#[cfg(feature = "agent")]
pub(crate) use options::CreateRequest;
pub(crate) use send::{find_existing, request_deployment};
