use std::fs::{File, OpenOptions};

use nix::sys::signal::{SigSet, Signal as NixSignal};
use rustix::process::{Pid, Signal, getpgrp, kill_current_process_group, kill_process_group};
use rustix::stdio::{stderr, stdin, stdout};
use rustix::termios::{isatty, tcgetpgrp, tcsetpgrp};

/// The terminal whose foreground is ours to give.
///
/// A command stands in a process group of its own, and only the group in the
/// foreground may read from a terminal; it is also the one that Ctrl-C and
/// Ctrl-Z go to.
#[derive(Debug)]
pub(super) struct Terminal {
    tty: File,
    ours: Pid,
    /// Whether the command has it.
    given: bool,
}

impl Terminal {
    /// The controlling terminal, if we stand in its foreground.
    pub(super) fn of_ours() -> Option<Self> {
        let tty = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .ok()?;
        let ours = getpgrp();
        (tcgetpgrp(&tty).ok()? == ours).then_some(Self {
            tty,
            ours,
            given: false,
        })
    }

    /// Whether nobody else of our group can want the terminal: in a pipeline
    /// there may be a pager that reads from it.
    pub(super) fn is_all_ours() -> bool {
        isatty(stdin()) && isatty(stdout()) && isatty(stderr())
    }

    /// Puts the command's group into the foreground, and wakes it if it asked
    /// for the terminal too early.
    pub(super) fn give(&mut self, group: Pid) {
        self.given = self.set(group);
        let _ = kill_process_group(group, Signal::CONT);
    }

    /// Takes the foreground back.
    pub(super) fn take_back(&mut self) {
        if std::mem::take(&mut self.given) {
            self.set(self.ours);
        }
    }

    /// What follows when the command was stopped. If it wanted a terminal that
    /// is ours to give, it gets it. Else the user stopped it: then we stop too,
    /// so that a shell sees it, and go on together.
    pub(super) fn command_stopped(&mut self, group: Pid, by: i32) {
        let wants_terminal = by == Signal::TTIN.as_raw() || by == Signal::TTOU.as_raw();
        if !(wants_terminal && !self.given && self.is_ours()) {
            self.take_back();
            // Nothing happens where no shell could wake us again.
            let _ = kill_current_process_group(Signal::TSTP);
        }
        if self.is_ours() {
            self.give(group);
        } else {
            let _ = kill_process_group(group, Signal::CONT);
        }
    }

    fn is_ours(&self) -> bool {
        tcgetpgrp(&self.tty).is_ok_and(|group| group == self.ours)
    }

    /// Who is not in the foreground may change it only with SIGTTOU blocked.
    fn set(&self, group: Pid) -> bool {
        let mut blocked = SigSet::empty();
        blocked.add(NixSignal::SIGTTOU);
        if blocked.thread_block().is_err() {
            return false;
        }
        let done = tcsetpgrp(&self.tty, group).is_ok();
        // The mask is as it was: nothing else here blocks this signal.
        let _ = blocked.thread_unblock();
        done
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.take_back();
    }
}
