//! Names and states of a repository that earlier commands have seen, kept for
//! completion and for "did you mean"; never a token. Nothing depends on it, so
//! errors while reading or writing it are ignored.

mod contents;
mod disk;
mod update;

pub(crate) use contents::{CacheKey, CachedDeployment, CachedRepository};
pub(super) use disk::MAX_REPOSITORIES;
pub(crate) use disk::{cache_file, cached_repositories, read_cache};
pub(crate) use update::CompletionCache;
