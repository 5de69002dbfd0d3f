//! Many repositories at once: which ones the user selects, and a connection to
//! each.

mod args;
mod choice;
mod connect;
mod unreadable;

pub(crate) use args::RepositoryArgs;
pub(crate) use connect::Repositories;
