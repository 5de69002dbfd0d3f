//! Which repository, host and ref a command is about: flags, environment, git.

mod default_ref;
mod event;
mod git;
mod git_ref;
mod server;
mod ssh;
mod target;

pub use default_ref::{DefaultRef, RefError};
pub use git::{Git, GitError};
pub use git_ref::{checked_out_ref, default_ref, local_commit};
pub use server::{Server, resolve_server};
pub use target::{Target, TargetError, resolve_target};
