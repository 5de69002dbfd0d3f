use std::ffi::OsString;
use std::sync::Arc;

use super::context::RunContext;
use super::streams::{LastUrl, Stderr, Stdout, UrlScanner};
use crate::env;
use crate::model::Deployment;
use crate::process::output_file::Files;
use crate::process::{Channel, Order, Sink, outputs_are_one};
use crate::term::Streams;

/// How the command is run, and the last URL in its standard output if that goes
/// through this process.
pub(super) fn order(
    context: &RunContext<'_>,
    deployment: &Deployment,
    files: &Files,
) -> (Order, Option<LastUrl>) {
    let args = context.args;
    // The deployment follows as the last line.
    let is_followed_by_json = !context.format.is_human();
    let mut order = Order::new(args.command.clone());
    order.set = environment(deployment, files);
    order.stdin = true;
    order.timeout = args.timeout;
    order.grace = args.grace;
    order.terminal = true;
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
        order.stdout = Channel::Read(Sink::new(scanner));
        last_url = Some(url);
    }
    if is_merged {
        order.stderr = Channel::LikeStdout;
    } else if captures_errors {
        order.stderr = Channel::Read(Sink::new(Stderr(Arc::clone(term))));
    }
    (order, last_url)
}

/// The variables that describe the deployment to the command. They are never part
/// of a command line.
fn environment(deployment: &Deployment, files: &Files) -> Vec<(OsString, OsString)> {
    let id = deployment.id.to_string();
    let texts = [
        (env::command::DEPLOYCTL_DEPLOYMENT_ID, id.as_str()),
        (env::command::DEPLOYCTL_ENVIRONMENT, &deployment.environment),
        (env::command::DEPLOYCTL_REF, &deployment.ref_name),
        (env::command::DEPLOYCTL_SHA, &deployment.sha),
        (env::command::DEPLOYCTL_TASK, &deployment.task),
    ];
    texts
        .into_iter()
        // A variable cannot contain a NUL.
        .map(|(name, text)| (name.into(), text.replace('\0', "").into()))
        .chain([
            (
                env::command::DEPLOYCTL_PAYLOAD.into(),
                files.payload().into(),
            ),
            (env::command::DEPLOYCTL_OUTPUT.into(), files.output().into()),
        ])
        .collect()
}
