//! The circles of files that still exist: a paragraph each. The lists may only
//! shrink. In the end, those of the terminal and of the GraphQL types are left.

/// Those of the program.
pub(crate) const PROGRAM: &str = "
agent/checkout.rs
agent/deploy/agent.rs
agent/deploy/announce.rs
agent/deploy/command.rs
agent/deploy/environment.rs
agent/deploy/finish.rs
agent/deploy/mod.rs
agent/deploy/ownership.rs
agent/dispatch/mod.rs
agent/mod.rs
agent/observe.rs
agent/poll.rs
agent/receive/mod.rs
agent/recover.rs
agent/service.rs
agent/settings.rs
agent/settle.rs

agent/config/check.rs
agent/config/mod.rs

agent/config/rule.rs
agent/config/template.rs

agent/journal/entries.rs
agent/journal/mod.rs
agent/journal/schema.rs

commands/agent.rs
commands/agent/check.rs
commands/agent/run.rs
commands/agent/status.rs

commands/flush.rs
commands/flush/agent.rs

outbox/entry.rs
outbox/mod.rs
outbox/owner.rs
outbox/schema.rs

process/elsewhere.rs
process/mod.rs
process/output.rs
process/report.rs
process/tail.rs
process/unix.rs

term/pager.rs
term/progress.rs
term/prompt.rs
term/sink.rs
term/sink/background.rs
";

/// Those of the sandbox.
pub(crate) const SANDBOX: &str = "
graphql/check_suite.rs
graphql/commit.rs
graphql/deployment.rs
graphql/deployment_request.rs
graphql/environment.rs
graphql/pull_request.rs
graphql/reference.rs
graphql/repository.rs
graphql/status.rs
graphql/workflow_run.rs
";
