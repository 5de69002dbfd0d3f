//! GitHub's GraphQL API: the part of its schema that deployments need
//! (<https://docs.github.com/graphql/reference>).
//!
//! Names, types, arguments and defaults are those of GitHub's published schema,
//! which a test verifies. The rules are those of [`Core`], as they are for
//! REST.
//!
//! [`Core`]: super::rules::Core

#![expect(
    clippy::doc_markdown,
    reason = "the descriptions of types and fields are GitHub's, which clients see"
)]
#![expect(
    clippy::duplicated_attributes,
    reason = "the fields of an interface share types and descriptions"
)]
#![expect(
    clippy::unused_async,
    reason = "the library wants every field to be async"
)]

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
mod nulls;
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
mod serve;
mod session;
mod settings;
mod status;
mod topic;
mod workflow_run;

pub(crate) use serve::{is_called, serve};

#[cfg(test)]
mod tests;
