use std::ffi::OsString;
use std::sync::Arc;

use super::RunArgs;
use super::streams::{Found, PassOn, PassOnError, Watching};
use crate::commands::Session;
use crate::env;
use crate::model::Deployment;
use crate::process::output_file::Files;
use crate::process::{Channel, Order, Sink, outputs_are_one};
use crate::term::Streams;

/// What is to be run, and what its standard output is watched for, if that goes
/// through us. With `is_last` something of our own follows it there.
pub(super) fn order(
    session: &Session,
    args: &RunArgs,
    deployment: &Deployment,
    files: &Files,
    is_last: bool,
) -> (Order, Option<Found>) {
    let mut order = Order::new(args.command.clone());
    order.set = environment(deployment, files);
    order.stdin = true;
    order.timeout = args.timeout;
    order.grace = args.grace;
    order.terminal = true;
    let term = &session.term;
    let streams = Streams::detect();
    let captures_errors = !args.no_capture && !streams.stderr_tty;
    let is_merged = captures_errors && !args.environment_url_from_stdout && outputs_are_one();
    // Also for the secrets that the command masks there.
    let captures = args.environment_url_from_stdout
        || is_merged
        || (!args.no_capture && !streams.stdout_tty && (captures_errors || is_last));
    let mut found = None;
    if captures {
        let (watching, watched) = Watching::new(PassOn(Arc::clone(term)));
        order.stdout = Channel::Read(Sink::new(watching));
        found = Some(watched);
    }
    if is_merged {
        order.stderr = Channel::LikeStdout;
    } else if captures_errors {
        order.stderr = Channel::Read(Sink::new(PassOnError(Arc::clone(term))));
    }
    (order, found)
}

/// What the command is told of the deployment. Nothing of it is ever part of a
/// command line.
fn environment(deployment: &Deployment, files: &Files) -> Vec<(OsString, OsString)> {
    let id = deployment.id.to_string();
    let texts = [
        (env::given::DEPLOYCTL_DEPLOYMENT_ID, id.as_str()),
        (env::given::DEPLOYCTL_ENVIRONMENT, &deployment.environment),
        (env::given::DEPLOYCTL_REF, &deployment.ref_name),
        (env::given::DEPLOYCTL_SHA, &deployment.sha),
        (env::given::DEPLOYCTL_TASK, &deployment.task),
    ];
    texts
        .into_iter()
        // No variable can hold a NUL.
        .map(|(name, text)| (name.into(), text.replace('\0', "").into()))
        .chain([
            (env::given::DEPLOYCTL_PAYLOAD.into(), files.payload().into()),
            (env::given::DEPLOYCTL_OUTPUT.into(), files.output().into()),
        ])
        .collect()
}
