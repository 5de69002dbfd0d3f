use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ExitStatus, Stdio};
use std::time::Duration;

#[cfg(target_os = "linux")]
use rustix::io::Errno;
use rustix::process::{
    Pid, Signal as Number, WaitId, WaitIdOptions, kill_process_group, test_kill_process_group,
    waitid,
};
use tokio::signal::unix::{Signal as SignalStream, SignalKind, signal};
use tokio::time::{Instant, sleep, sleep_until};

use super::control::{Control, ControlMessage};
use super::end::{CommandEnd, Force, Signal};
use super::output::RemainingOutput;
#[cfg(target_os = "linux")]
use super::proc_stat::has_group_ended;
use super::spec::{CommandSpec, StreamTarget};
use super::terminal::Terminal;
use crate::env::ignored_signals;

/// How long the system may take to end processes after SIGKILL.
const KILL_TIMEOUT: Duration = Duration::from_secs(5);
/// The pause between two checks of the child if no SIGCHLD arrives.
const CHILD_CHECK_PAUSE: Duration = Duration::from_secs(1);
/// The pause after the first check of what is left of a group; it doubles with each,
/// up to the longest.
const GROUP_CHECK_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_GROUP_CHECK_PAUSE: Duration = Duration::from_millis(160);

/// Runs a command to its end. Also returns its process group if that could not be
/// ended.
pub(super) async fn run(
    spec: CommandSpec,
    control: Control,
    output: &mut RemainingOutput,
) -> io::Result<(CommandEnd, Option<ProcessGroup>)> {
    let mut group = ProcessGroup::start(spec, output)?;
    let end = group.wait_for_end(control).await;
    let group = end.is_still_running().then_some(group);
    Ok((end, group))
}

/// Why a command is being ended.
#[derive(Clone, Copy)]
enum Cause {
    TimedOut,
    Stopped(Option<Signal>),
}

/// A command and its process group.
#[derive(Debug)]
pub(super) struct ProcessGroup {
    child: Child,
    id: Pid,
    child_signals: SignalStream,
    terminal: Option<Terminal>,
    timeout: Option<Duration>,
    grace: Duration,
    /// How the leader has ended, if it has.
    status: Option<ExitStatus>,
    force: Force,
}

impl ProcessGroup {
    fn start(spec: CommandSpec, output: &mut RemainingOutput) -> io::Result<Self> {
        // Before the child exists, so that no signal is missed.
        let child_signals = signal(SignalKind::child())?;
        handle_ignored();
        let mut command = spec.command()?;
        command.process_group(0);
        let takes_terminal_now = spec.takes_terminal
            && spec.inherits_stdin
            && matches!(spec.stdout, StreamTarget::Inherited)
            && matches!(spec.stderr, StreamTarget::Inherited)
            && Terminal::has_all_streams();
        let mut pipes = Vec::new();
        let mut merged = None;
        match spec.stdout {
            StreamTarget::Inherited | StreamTarget::LikeStdout => {}
            StreamTarget::Read(sink) => {
                let (reader, writer) = io::pipe()?;
                if matches!(spec.stderr, StreamTarget::LikeStdout) {
                    merged = Some(writer.try_clone()?);
                }
                command.stdout(writer);
                pipes.push((reader, sink));
            }
        }
        match spec.stderr {
            StreamTarget::Inherited => {}
            StreamTarget::LikeStdout => {
                command.stderr(match merged {
                    Some(writer) => Stdio::from(writer),
                    None => rustix::stdio::stdout().try_clone_to_owned()?.into(),
                });
            }
            StreamTarget::Read(sink) => {
                let (reader, writer) = io::pipe()?;
                command.stderr(writer);
                pipes.push((reader, sink));
            }
        }
        // Before the command exists, which may ask for it at once.
        let terminal = spec
            .takes_terminal
            .then(Terminal::open_foreground)
            .flatten();
        let child = command.spawn()?;
        // This closes our write ends of the pipes, so that their end is noticed.
        drop(command);
        let id = Pid::from_child(&child);
        if let Some(started) = spec.started {
            // The receiver may have been dropped.
            let _ = started.send(child.id());
        }
        let mut group = Self {
            child,
            id,
            child_signals,
            terminal,
            timeout: spec.timeout,
            grace: spec.grace,
            status: None,
            force: Force::None,
        };
        if takes_terminal_now && let Some(terminal) = &mut group.terminal {
            terminal.give(id);
        }
        for (pipe, sink) in pipes {
            // Without its thread the command would block. If this fails, dropping the
            // group kills it.
            output.copy(pipe, sink)?;
        }
        Ok(group)
    }

    async fn wait_for_end(&mut self, mut control: Control) -> CommandEnd {
        let deadline = self
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        let (cause, kill_at) = loop {
            if let Some(status) = self.check_leader() {
                return end_of(status);
            }
            tokio::select! {
                _ = self.child_signals.recv() => {}
                () = sleep(CHILD_CHECK_PAUSE) => {}
                message = control.next() => match message {
                    ControlMessage::Signal(signal) => {
                        self.send(number_of(signal));
                        break (Cause::Stopped(Some(signal)), self.end_of_grace());
                    }
                    ControlMessage::Kill => break (Cause::Stopped(None), Some(Instant::now())),
                },
                () = until(deadline) => {
                    // It may have ended at the last moment.
                    if let Some(status) = self.check_leader() {
                        return end_of(status);
                    }
                    self.send(Number::TERM);
                    break (Cause::TimedOut, self.end_of_grace());
                }
            }
        };
        self.wait_for_group(kill_at, &mut control).await;
        let force = self.force;
        match cause {
            Cause::TimedOut => CommandEnd::TimedOut {
                after: self.timeout.unwrap_or_default(),
                force,
            },
            Cause::Stopped(signal) => CommandEnd::Stopped { signal, force },
        }
    }

    /// Waits until the whole group has ended. What is left after the grace time is
    /// killed.
    async fn wait_for_group(&mut self, mut kill_at: Option<Instant>, control: &mut Control) {
        let mut give_up = None;
        let mut pause = GROUP_CHECK_PAUSE;
        while self.has_processes() {
            tokio::select! {
                _ = self.child_signals.recv() => {}
                () = sleep(pause) => pause = LONGEST_GROUP_CHECK_PAUSE.min(pause * 2),
                message = control.next() => match message {
                    ControlMessage::Signal(signal) => self.send(number_of(signal)),
                    ControlMessage::Kill => kill_at = Some(Instant::now()),
                },
                () = until(kill_at) => {
                    kill_at = None;
                    self.force = Force::Kill;
                    self.send(Number::KILL);
                    give_up = Instant::now().checked_add(KILL_TIMEOUT);
                }
                () = until(give_up) => {
                    self.force = Force::Failed;
                    return;
                }
            }
        }
    }

    /// Waits until no process of the group is left.
    pub(super) async fn wait_until_gone(&mut self) {
        while self.has_processes() {
            tokio::select! {
                _ = self.child_signals.recv() => {}
                () = sleep(CHILD_CHECK_PAUSE) => {}
            }
        }
    }

    fn end_of_grace(&self) -> Option<Instant> {
        Instant::now().checked_add(self.grace)
    }

    /// Returns how the leader ended, if it has. Also handles that it was stopped.
    fn check_leader(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            self.status = self.child.try_wait().ok().flatten();
        }
        if self.status.is_none()
            && let Some(terminal) = &mut self.terminal
            && let Ok(Some(change)) = waitid(
                WaitId::Pid(self.id),
                WaitIdOptions::STOPPED | WaitIdOptions::NOHANG,
            )
            && let Some(signal) = change.stopping_signal()
        {
            terminal.handle_stop(self.id, signal);
        }
        self.status
    }

    fn has_processes(&mut self) -> bool {
        if self.check_leader().is_none() {
            return true;
        }
        let found = test_kill_process_group(self.id);
        // For a group of another user Linux reports an error, but not ESRCH.
        #[cfg(target_os = "linux")]
        {
            found != Err(Errno::SRCH) && !has_group_ended(self.id.as_raw_nonzero().get())
        }
        #[cfg(not(target_os = "linux"))]
        found.is_ok()
    }

    /// Sends a signal to the group. Stopped processes continue, to receive it.
    fn send(&self, signal: Number) {
        // If this fails, the group has ended.
        let _ = kill_process_group(self.id, signal);
        let _ = kill_process_group(self.id, Number::CONT);
    }
}

impl Drop for ProcessGroup {
    /// Dropping a command leaves nothing running.
    fn drop(&mut self) {
        if self.status.is_none() {
            let _ = kill_process_group(self.id, Number::KILL);
            // `wait` would not return if the system cannot end the process.
            for _ in 0..100 {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    break;
                }
                std::thread::sleep(GROUP_CHECK_PAUSE);
            }
        }
    }
}

/// Makes commands start with the default signal dispositions. A child inherits that a
/// signal is ignored, but not that it has a handler: so each signal that is ignored
/// here gets a handler that does nothing.
fn handle_ignored() {
    for number in ignored_signals() {
        // The standard library resets SIGPIPE in the child. With a handler for the
        // other two, a write to a terminal from the background would be retried
        // forever.
        let stays = [Number::PIPE, Number::TTIN, Number::TTOU];
        if !stays.iter().any(|stays| stays.as_raw() == number) {
            // Signals that cannot have a handler do not matter.
            let _ = signal(SignalKind::from_raw(number));
        }
    }
}

fn end_of(status: ExitStatus) -> CommandEnd {
    match (status.code(), status.signal()) {
        (Some(code), _) => CommandEnd::Exited(code),
        (None, Some(signal)) => CommandEnd::Killed(signal),
        // The system reports neither.
        (None, None) => CommandEnd::Stopped {
            signal: None,
            force: Force::None,
        },
    }
}

fn number_of(signal: Signal) -> Number {
    match signal {
        Signal::Hangup => Number::HUP,
        Signal::Interrupt => Number::INT,
        Signal::Quit => Number::QUIT,
        Signal::Terminate => Number::TERM,
    }
}

/// Waits for a moment, or for ever.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
