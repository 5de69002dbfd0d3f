use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::args::RunArgs;
use super::assignment::Assignment;
use super::context::RunContext;
use super::heartbeat::Heartbeat;
use super::order;
use super::reporter::Reporter;
use super::signals::Signals;
use super::streams::LastUrl;
use crate::api::NewStatus;
use crate::model::StatusState;
use crate::process::output_file::CommandFiles;
use crate::process::{
    self, CommandEnd, FinishedCommand, Force, RemainingOutput, Signal, control_channel,
};
use crate::session::Session;

/// How long a heartbeat in flight is waited for after the end of the command.
const LAST_HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(10);

/// How the command ended.
pub(super) struct Execution {
    pub(super) finished: FinishedCommand,
    /// Whether the server knows that the deployment was in progress.
    pub(super) has_begun: bool,
    /// What was seen of standard output, if it went through this process.
    output: Option<LastUrl>,
}

/// Reports that the deployment is in progress, and runs the command until it
/// ends.
pub(super) async fn execute(
    context: &RunContext<'_>,
    reporter: &Reporter<'_>,
    assignment: &Assignment,
    files: &CommandFiles,
    signals: &mut Signals,
) -> anyhow::Result<Execution> {
    let progress = NewStatus {
        log_url: context.urls.log_url.clone(),
        ..NewStatus::new(StatusState::InProgress)
    };
    let has_begun = tokio::select! {
        is_sent = reporter.begin(&progress) => is_sent?,
        signal = signals.next() => return Ok(Execution::stopped_by(signal)),
    };
    let deployment = &assignment.deployment;
    context.session.term.note(format!(
        "deployment {} of {} to {} is in progress",
        deployment.id, deployment.ref_name, deployment.environment
    ));
    let (mut order, output) = order::order(context, deployment, files);
    let (sender, started) = oneshot::channel();
    order.started = Some(sender);
    order.redactor = context.redactor.clone();
    let heartbeat = Heartbeat::new(context.args.heartbeat, !has_begun);
    let beat = || reporter.beat(&progress);
    let note_process = async {
        if let Ok(pid) = started.await {
            reporter.note_process(pid);
        }
    };
    let command = run_command(order, &heartbeat, beat, signals);
    let (finished, ()) = tokio::join!(command, note_process);
    Ok(Execution {
        finished,
        has_begun,
        output,
    })
}

/// Runs the command until it ends, passes signals on to it, and sends heartbeats.
async fn run_command<B: Future<Output = bool>>(
    order: process::CommandSpec,
    heartbeat: &Heartbeat,
    beat: impl Fn() -> B,
    signals: &mut Signals,
) -> FinishedCommand {
    let (handle, control) = control_channel();
    let mut command = std::pin::pin!(process::run(order, control));
    let mut beats = std::pin::pin!(heartbeat.run(beat));
    let mut is_beating = true;
    let mut has_passed_signal = false;
    let finished = loop {
        tokio::select! {
            biased;
            signal = signals.next() => {
                if std::mem::replace(&mut has_passed_signal, true) {
                    handle.kill();
                } else {
                    handle.signal(signal);
                }
            }
            finished = &mut command => break finished,
            () = &mut beats, if is_beating => is_beating = false,
        }
    };
    heartbeat.stop();
    if is_beating && !matches!(finished.end, CommandEnd::NotStarted { .. }) {
        // A heartbeat must not arrive after the final status.
        let _ = timeout(LAST_HEARTBEAT_TIMEOUT, beats).await;
    }
    finished
}

impl Execution {
    /// The command was not started, since a signal came first.
    pub(super) fn stopped_by(signal: Signal) -> Self {
        Self::not_run(CommandEnd::Stopped {
            signal: Some(signal),
            force: Force::None,
        })
    }

    /// The command was not started, since its files could not be created.
    pub(super) fn without_files(command: &[OsString], error: &io::Error) -> Self {
        let program = command.first();
        Self::not_run(CommandEnd::NotStarted {
            program: program.map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            // Without the kind of the error: "not found" would refer to the command.
            error: io::Error::other(format!("its folder can't be created: {error}")),
        })
    }

    fn not_run(end: CommandEnd) -> Self {
        Self {
            finished: FinishedCommand {
                end,
                duration: Duration::ZERO,
                remaining_output: RemainingOutput::default(),
                remaining_processes: None,
            },
            has_begun: false,
            output: None,
        }
    }

    /// The last URL in the output, if the environment URL is taken from there.
    pub(super) fn url_in_output(&self, args: &RunArgs) -> Option<String> {
        let output = self.output.as_ref();
        output
            .filter(|_| args.environment_url_from_stdout)
            .and_then(LastUrl::take)
    }

    /// Passes on the rest of the output, so that nothing is lost if the reader is
    /// slow. A signal ends that.
    pub(super) async fn pass_on_rest(
        &self,
        context: &RunContext<'_>,
        signals: &mut Signals,
    ) -> io::Result<()> {
        tokio::select! {
            () = self.finished.remaining_output.wait() => {}
            _ = signals.next() => {}
        }
        keep_reading(context.session, &self.finished.remaining_output);
        let output = self.output.as_ref();
        if !context.format.is_human() && output.is_some_and(LastUrl::is_line_open) {
            context.session.term.bytes(b"\n")?;
        }
        Ok(())
    }
}

/// Keeps reading the output of processes that the command left behind: a process
/// that writes to a pipe without a reader is killed by its next line.
fn keep_reading(session: &Session, rest: &RemainingOutput) {
    let pipes = rest.held_pipes();
    if pipes.is_empty() {
        return;
    }
    let reader = session.env.find_program("cat");
    let mut are_read = reader.is_some();
    for (pipe, reader) in pipes.into_iter().zip(reader.iter().cycle()) {
        let mut command = Command::new(reader);
        command
            .env_clear()
            .current_dir("/")
            .stdin(pipe)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        are_read &= command.spawn().is_ok();
    }
    let fate = if are_read {
        "what it writes there from now on is lost"
    } else {
        "its next line there may end it (SIGPIPE)"
    };
    session.term.warn(format!(
        "a process that the command left behind still has its output: {fate}"
    ));
    session
        .term
        .hint("with --no-capture it keeps the output of deployctl; or redirect its output");
}
