//! Refs, merges and history, all by running `git` with fixed argument lists.
//!
//! The user's repository is only read. Objects that the sandbox creates (merge
//! commits, what clients write, and their refs) are in a bare repository of its
//! own, which borrows the user's objects through `objects/info/alternates`.

mod diff;
mod history;
mod merge;
mod names;
mod objects;
mod ref_updates;
mod refs;
mod repo;
mod run;
pub(crate) mod sample;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use diff::FileChange;
pub(crate) use history::{CommitFilter, CommitInfo, Signature};
pub(crate) use merge::Merge;
pub(crate) use objects::{NewEntry, ObjectEntry, ObjectKind};
pub(crate) use ref_updates::{RefUpdate, RefValue, Updated};
pub(crate) use refs::{RefKind, Resolved};
pub(crate) use repo::{Repo, Source};
pub(crate) use run::GitError;
