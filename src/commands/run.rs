mod args;
mod assignment;
mod choose;
mod conclusion;
mod context;
mod execute;
mod heartbeat;
mod order;
mod outbox;
mod reporter;
mod signals;
mod streams;

use crate::api::Token;
use crate::output::DeploymentRecord;
use crate::process::output_file::CommandFiles;
use crate::process::redact::Redactor;
use crate::process::report::{StatusUrls, final_status};
use crate::session::{Connection, Session};

pub(super) use args::RunArgs;
use choose::Choice;
use context::RunContext;
use execute::Execution;
use outbox::RunOutbox;
use reporter::Reporter;
use signals::Signals;

pub(super) async fn run(session: &Session, args: &RunArgs) -> anyhow::Result<()> {
    let format = session.format::<DeploymentRecord>()?;
    let request = match args.deployment {
        Some(_) => None,
        None => Some(args.options.to_request_for_checkout(session)?),
    };
    let connection = session.connect(None).await?;
    let mut signals = Signals::listen(&session.env)?;
    let mut outbox = RunOutbox::open(session)?;
    let redactor = redactor(session, &connection);
    let context = RunContext {
        session,
        args,
        format: &format,
        connection: &connection,
        urls: args.urls(&redactor),
        redactor,
    };
    let choice = choose::choose(&context, request, &mut outbox, &mut signals).await?;
    let (assignment, signal) = match choice {
        Choice::Run { assignment, signal } => (*assignment, signal),
        Choice::AlreadyLive(observed) => return conclusion::conclude_unrun(&context, *observed),
    };
    let files = CommandFiles::new(&assignment.deployment.payload);
    let output_file = files.as_ref().ok().map(CommandFiles::output);
    let reporter = Reporter::open(&context, outbox, &assignment, output_file.as_deref())?;
    let execution = match (signal, &files) {
        (Some(signal), _) => Execution::stopped_by(signal),
        (None, Err(error)) => Execution::without_files(&args.command, error),
        (None, Ok(files)) => {
            execute::execute(&context, &reporter, &assignment, files, &mut signals).await?
        }
    };
    let written = files
        .as_ref()
        .map(CommandFiles::read_output)
        .unwrap_or_default();
    for warning in &written.warnings {
        session.term.warn(context.redactor.redact(warning).as_ref());
    }
    let urls = StatusUrls {
        environment_url: execution
            .url_in_output(args)
            .or_else(|| context.urls.environment_url.clone()),
        log_url: context.urls.log_url.clone(),
    };
    let mut status = final_status(&execution.finished, &written, &urls, &context.redactor);
    status.auto_inactive = args.no_auto_inactive.then_some(false);
    let sent = reporter
        .end(&status, execution.has_begun, &mut signals)
        .await;
    drop(files);
    execution.pass_on_rest(&context, &mut signals).await?;
    conclusion::conclude(&context, assignment, &execution.finished, &status, sent)
}

/// Knows what no status may show: the token, and all secrets of the environment.
fn redactor(session: &Session, connection: &Connection) -> Redactor {
    let token = connection.client.token();
    let token = token.as_ref().map(Token::expose);
    let secrets = session.env.secrets();
    Redactor::new(secrets.iter().map(String::as_str).chain(token))
}
