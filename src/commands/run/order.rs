use std::sync::Arc;

use super::context::RunContext;
use super::streams::{LastUrl, Stderr, Stdout, UrlScanner};
use crate::model::Deployment;
use crate::process::output_file::CommandFiles;
use crate::process::{CommandSpec, OutputSink, StreamTarget, outputs_are_one};
use crate::term::Streams;

/// How the command is run, and the last URL in its standard output if that goes
/// through this process.
pub(super) fn order(
    context: &RunContext<'_>,
    deployment: &Deployment,
    files: &CommandFiles,
) -> (CommandSpec, Option<LastUrl>) {
    let args = context.args;
    // The deployment follows as the last line.
    let is_followed_by_json = !context.format.is_human();
    let mut order = CommandSpec::new(args.command.clone());
    order.set_variables = files.variables(deployment);
    order.inherits_stdin = true;
    order.timeout = args.timeout;
    order.grace = args.grace;
    order.takes_terminal = true;
    let term = &context.session.term;
    let streams = Streams::detect();
    let captures_errors = !args.no_capture && !streams.stderr_tty;
    let is_merged = captures_errors && !args.environment_url_from_stdout && outputs_are_one();
    // Secrets that the command masks in its output have to be seen, too.
    let captures = args.environment_url_from_stdout
        || is_merged
        || (!args.no_capture && !streams.stdout_tty && (captures_errors || is_followed_by_json));
    let mut last_url = None;
    if captures {
        let (scanner, url) = UrlScanner::new(Stdout(Arc::clone(term)));
        order.stdout = StreamTarget::Read(OutputSink::new(scanner));
        last_url = Some(url);
    }
    if is_merged {
        order.stderr = StreamTarget::LikeStdout;
    } else if captures_errors {
        order.stderr = StreamTarget::Read(OutputSink::new(Stderr(Arc::clone(term))));
    }
    (order, last_url)
}
