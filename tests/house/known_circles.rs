//! The circles of files that still exist: a paragraph each. The lists may only
//! shrink. In the end, those of the terminal and of the GraphQL types are left.

/// Those of the program.
pub(crate) const PROGRAM: &str = "
term/pager.rs
term/progress.rs
term/prompt.rs
term/sink.rs
term/sink/background.rs
";

/// Those of the sandbox.
pub(crate) const SANDBOX: &str = "
graphql/actor.rs
graphql/check_suite.rs
graphql/commit.rs
graphql/deployment.rs
graphql/deployment_request.rs
graphql/environment.rs
graphql/git_actor.rs
graphql/git_object.rs
graphql/owner.rs
graphql/protection.rs
graphql/pull_request.rs
graphql/reference.rs
graphql/repository.rs
graphql/status.rs
graphql/workflow_run.rs
";
