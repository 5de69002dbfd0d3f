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

use super::control::Told;
use super::terminal::Terminal;
use super::{Channel, Control, End, Finished, Force, Order, Remains, Rest, Signal};
use crate::env::ignored_signals;
#[cfg(target_os = "linux")]
use crate::process::proc_stat::has_group_ended;

/// How long the system may take to end what got SIGKILL.
const KILLED: Duration = Duration::from_secs(5);
/// Looks at the child even if no SIGCHLD came.
const TICK: Duration = Duration::from_secs(1);
/// The pause between the first two looks at what is left of a group, and the
/// longest one: each pause is twice as long as the one before.
const LOOK: Duration = Duration::from_millis(10);
const LONGEST_LOOK: Duration = Duration::from_millis(160);

pub(super) async fn run(order: Order, control: Control) -> Finished {
    let began = Instant::now();
    let mut rest = Rest::new(order.redactor.clone());
    let program = order.program();
    let mut remains = None;
    let end = match Group::start(order, &mut rest) {
        Ok(mut group) => {
            let end = group.until_end(control).await;
            remains = end.is_in_vain().then_some(Remains(group));
            end
        }
        Err(error) => End::NotStarted { program, error },
    };
    let took = began.elapsed();
    rest.settle().await;
    Finished {
        end,
        took,
        rest,
        remains,
    }
}

/// Why a command is being ended.
#[derive(Clone, Copy)]
enum Cause {
    TimedOut,
    Stopped(Option<Signal>),
}

/// A command and all that is in its process group.
#[derive(Debug)]
pub(super) struct Group {
    child: Child,
    id: Pid,
    changes: SignalStream,
    terminal: Option<Terminal>,
    timeout: Option<Duration>,
    grace: Duration,
    /// Whether the leader was seen to have ended.
    over: Option<ExitStatus>,
    force: Force,
}

impl Group {
    fn start(order: Order, rest: &mut Rest) -> io::Result<Self> {
        // Before the child is there, so that none of its changes is missed.
        let changes = signal(SignalKind::child())?;
        handle_ignored();
        let mut command = order.command()?;
        command.process_group(0);
        let at_once = order.terminal
            && order.stdin
            && matches!(order.stdout, Channel::Inherited)
            && matches!(order.stderr, Channel::Inherited)
            && Terminal::is_all_ours();
        let mut pipes = Vec::new();
        let mut merged = None;
        match order.stdout {
            Channel::Inherited | Channel::LikeStdout => {}
            Channel::Read(sink) => {
                let (reader, writer) = io::pipe()?;
                if matches!(order.stderr, Channel::LikeStdout) {
                    merged = Some(writer.try_clone()?);
                }
                command.stdout(writer);
                pipes.push((reader, sink));
            }
        }
        match order.stderr {
            Channel::Inherited => {}
            Channel::LikeStdout => {
                command.stderr(match merged {
                    Some(writer) => Stdio::from(writer),
                    None => rustix::stdio::stdout().try_clone_to_owned()?.into(),
                });
            }
            Channel::Read(sink) => {
                let (reader, writer) = io::pipe()?;
                command.stderr(writer);
                pipes.push((reader, sink));
            }
        }
        // Before there is a command, which may ask for it at once.
        let terminal = order.terminal.then(Terminal::of_ours).flatten();
        let child = command.spawn()?;
        // Our ends for writing are closed with it, so that its end is seen.
        drop(command);
        let id = Pid::from_child(&child);
        if let Some(started) = order.started {
            // Nobody may want to know any more.
            let _ = started.send(child.id());
        }
        let mut group = Self {
            child,
            id,
            changes,
            terminal,
            timeout: order.timeout,
            grace: order.grace,
            over: None,
            force: Force::None,
        };
        if at_once && let Some(terminal) = &mut group.terminal {
            terminal.give(id);
        }
        for (pipe, sink) in pipes {
            // Without its thread the command would block: it is killed by the drop.
            rest.pump(pipe, sink)?;
        }
        Ok(group)
    }

    async fn until_end(&mut self, mut control: Control) -> End {
        let deadline = self
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        let (cause, kill_at) = loop {
            if let Some(status) = self.look() {
                return ended(status);
            }
            tokio::select! {
                _ = self.changes.recv() => {}
                () = sleep(TICK) => {}
                told = control.next() => match told {
                    Told::End(signal) => {
                        self.send(number_of(signal));
                        break (Cause::Stopped(Some(signal)), self.end_of_grace());
                    }
                    Told::Kill => break (Cause::Stopped(None), Some(Instant::now())),
                },
                () = until(deadline) => {
                    // It may have ended at the very last moment.
                    if let Some(status) = self.look() {
                        return ended(status);
                    }
                    self.send(Number::TERM);
                    break (Cause::TimedOut, self.end_of_grace());
                }
            }
        };
        self.wind_down(kill_at, &mut control).await;
        let force = self.force;
        match cause {
            Cause::TimedOut => End::TimedOut {
                after: self.timeout.unwrap_or_default(),
                force,
            },
            Cause::Stopped(signal) => End::Stopped { signal, force },
        }
    }

    /// Waits until the whole group has ended; what is left at the end of the
    /// grace time is killed.
    async fn wind_down(&mut self, mut kill_at: Option<Instant>, control: &mut Control) {
        let mut give_up = None;
        let mut pause = LOOK;
        while self.is_there() {
            tokio::select! {
                _ = self.changes.recv() => {}
                () = sleep(pause) => pause = LONGEST_LOOK.min(pause * 2),
                told = control.next() => match told {
                    Told::End(signal) => self.send(number_of(signal)),
                    Told::Kill => kill_at = Some(Instant::now()),
                },
                () = until(kill_at) => {
                    kill_at = None;
                    self.force = Force::Kill;
                    self.send(Number::KILL);
                    give_up = Instant::now().checked_add(KILLED);
                }
                () = until(give_up) => {
                    self.force = Force::InVain;
                    return;
                }
            }
        }
    }

    /// Waits until nothing of the group runs any more.
    pub(super) async fn until_gone(&mut self) {
        while self.is_there() {
            tokio::select! {
                _ = self.changes.recv() => {}
                () = sleep(TICK) => {}
            }
        }
    }

    fn end_of_grace(&self) -> Option<Instant> {
        Instant::now().checked_add(self.grace)
    }

    /// How the leader ended, if it has; and what is to be done if it was
    /// stopped.
    fn look(&mut self) -> Option<ExitStatus> {
        if self.over.is_none() {
            self.over = self.child.try_wait().ok().flatten();
        }
        if self.over.is_none()
            && let Some(terminal) = &mut self.terminal
            && let Ok(Some(change)) = waitid(
                WaitId::Pid(self.id),
                WaitIdOptions::STOPPED | WaitIdOptions::NOHANG,
            )
            && let Some(by) = change.stopping_signal()
        {
            terminal.command_stopped(self.id, by);
        }
        self.over
    }

    /// Whether anything of the group still runs.
    fn is_there(&mut self) -> bool {
        if self.look().is_none() {
            return true;
        }
        let found = test_kill_process_group(self.id);
        // Of a group that belongs to another user Linux says that it is there.
        #[cfg(target_os = "linux")]
        {
            found != Err(Errno::SRCH) && !has_group_ended(self.id.as_raw_nonzero().get())
        }
        #[cfg(not(target_os = "linux"))]
        found.is_ok()
    }

    /// Sends a signal to the group. A process that is stopped is woken for it.
    fn send(&self, signal: Number) {
        // Nothing is left to be told if this fails.
        let _ = kill_process_group(self.id, signal);
        let _ = kill_process_group(self.id, Number::CONT);
    }
}

impl Drop for Group {
    /// Whoever gives up on a command leaves nothing running.
    fn drop(&mut self) {
        if self.over.is_none() {
            let _ = kill_process_group(self.id, Number::KILL);
            // Not `wait`: what the system can't end would never come back.
            for _ in 0..100 {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    break;
                }
                std::thread::sleep(LOOK);
            }
        }
    }
}

/// Sees to it that a command starts with the usual dispositions. It would inherit
/// that a signal is ignored, and not that it has a handler: so each that is
/// ignored here gets one, which does nothing.
fn handle_ignored() {
    for number in ignored_signals() {
        // The standard library resets SIGPIPE in the child. With a handler for
        // the other two, writing to a terminal from the background would be
        // begun again for ever.
        let stays = [Number::PIPE, Number::TTIN, Number::TTOU];
        if !stays.iter().any(|stays| stays.as_raw() == number) {
            // No command needs a signal that cannot have a handler.
            let _ = signal(SignalKind::from_raw(number));
        }
    }
}

fn ended(status: ExitStatus) -> End {
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Exited(code),
        (None, Some(signal)) => End::Killed(signal),
        // The system has told neither.
        (None, None) => End::Stopped {
            signal: None,
            force: Force::None,
        },
    }
}

pub(super) fn outputs_are_one() -> bool {
    use rustix::fs::fstat;
    use rustix::stdio::{stderr, stdout};
    match (fstat(stdout()), fstat(stderr())) {
        (Ok(one), Ok(other)) => (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino),
        _ => false,
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
