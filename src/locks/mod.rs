//! Locks and freezes of environments, without a server. A lock has the form of
//! github/branch-deploy: a branch with a file that says whose it is and why.

mod branch_name;
mod error;
mod freeze;
mod held;
mod lock_file;
mod obstacle;
mod release;
mod restrictions;
mod take;

pub(crate) use branch_name::Target;
pub(crate) use error::LockError;
pub(crate) use freeze::{Freeze, Settings, SettingsError, Window};
pub(crate) use held::{Lock, Locks, SETTINGS_PATH};
pub(crate) use lock_file::LockFile;
pub(crate) use obstacle::Obstacle;
pub(crate) use release::release;
pub(crate) use restrictions::{Blocked, Restrictions};
pub(crate) use take::{Taken, Terms, take};
