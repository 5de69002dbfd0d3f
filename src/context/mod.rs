//! Finds the repository, the server and the ref from options, the environment
//! and git.

mod commits;
mod compare;
mod default_ref;
mod event;
mod git;
mod git_ref;
mod server;
mod ssh;
mod target;

pub(crate) use compare::{GitCommit, GitFile};
pub(crate) use default_ref::{DefaultRef, RefError};
pub(crate) use git::{Git, GitError};
pub(crate) use git_ref::{checked_out_ref, checkout_has_file, default_ref, local_commit};
pub(crate) use server::resolve_server;
pub(crate) use target::{Target, TargetError, resolve_target};
