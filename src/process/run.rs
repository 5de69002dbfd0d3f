use std::time::Duration;

use tokio::time::Instant;

use super::control::Control;
use super::end::CommandEnd;
#[cfg(unix)]
use super::group;
use super::output::RemainingOutput;
#[cfg(not(unix))]
use super::portable;
use super::spec::CommandSpec;

#[derive(Debug)]
pub(crate) struct FinishedCommand {
    pub end: CommandEnd,
    /// From its start to its end.
    pub duration: Duration,
    /// The output that may still arrive through its pipes.
    pub remaining_output: RemainingOutput,
    /// Its processes that could not be ended.
    pub remaining_processes: Option<RemainingProcesses>,
}

impl FinishedCommand {
    /// The last line that is not blank of standard error, or else of standard output,
    /// without control characters and secrets; `None` if nothing was read.
    pub(crate) fn last_line(&self) -> Option<String> {
        self.remaining_output.last_line()
    }
}

/// Processes of a command that could not be ended. Dropping this value tries it once
/// more.
#[derive(Debug)]
pub(crate) struct RemainingProcesses(#[cfg(unix)] group::ProcessGroup);

impl RemainingProcesses {
    /// Waits until all of them have ended.
    pub(crate) async fn wait(mut self) {
        #[cfg(unix)]
        self.0.wait_until_gone().await;
    }
}

/// Runs a command to its end.
///
/// It ends on its own, at its timeout, or when a
/// [`CommandHandle`](super::control::CommandHandle) asks for it: then its whole process
/// group gets the signal, and SIGKILL after the grace time. Processes that it leaves
/// behind when it ends on its own are not ended, and those that keep its pipes open are
/// not waited for: see [`RemainingOutput`].
///
/// Needs a tokio runtime with I/O and time. If the future is dropped, the group is
/// killed.
pub(crate) async fn run(spec: CommandSpec, control: Control) -> FinishedCommand {
    let began = Instant::now();
    let mut remaining_output = RemainingOutput::new(spec.redactor.clone());
    let program = spec.program();
    #[cfg(unix)]
    let ended = group::run(spec, control, &mut remaining_output)
        .await
        .map(|(end, group)| (end, group.map(RemainingProcesses)));
    #[cfg(not(unix))]
    let ended = portable::run(spec, control, &mut remaining_output)
        .await
        .map(|end| (end, None));
    let (end, remaining_processes) =
        ended.unwrap_or_else(|error| (CommandEnd::NotStarted { program, error }, None));
    let duration = began.elapsed();
    remaining_output.settle().await;
    FinishedCommand {
        end,
        duration,
        remaining_output,
        remaining_processes,
    }
}

/// Whether our standard output and standard error are the same file, pipe or terminal,
/// as after `2>&1`. Always false on systems that cannot tell.
pub(crate) fn outputs_are_one() -> bool {
    #[cfg(unix)]
    {
        use rustix::fs::fstat;
        use rustix::stdio::{stderr, stdout};
        match (fstat(stdout()), fstat(stderr())) {
            (Ok(out), Ok(err)) => (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    false
}
