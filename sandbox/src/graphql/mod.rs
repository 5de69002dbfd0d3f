//! GitHub's GraphQL API: the part of its schema that deployments need
//! (<https://docs.github.com/graphql/reference>).
//!
//! `schema.graphql` has the types: those of GitHub's published schema, which a test
//! verifies. Each type has an [`Object`] that resolves its fields. The rules are
//! those of [`Core`], as they are for REST.
//!
//! [`Object`]: object::Object
//! [`Core`]: super::rules::Core

mod actor;
mod answer;
mod check_suite;
mod commit;
mod commit_status;
mod cost;
mod deployment;
mod deployment_request;
mod environment;
mod git_actor;
mod git_object;
mod mutation;
mod node;
mod object;
mod owner;
mod page;
mod problem;
mod protection;
mod pull_request;
mod query;
mod ref_updates;
mod reference;
mod render;
mod repository;
mod repository_arguments;
mod reviews;
mod scalars;
mod schema;
mod serve;
mod session;
mod settings;
mod status;
mod topic;
mod workflow_run;

pub(crate) use serve::{is_called, serve};

#[cfg(test)]
mod tests;
