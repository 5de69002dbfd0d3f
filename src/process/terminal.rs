use std::fs::{File, OpenOptions};

use nix::sys::signal::{SigSet, Signal as NixSignal};
use rustix::process::{Pid, Signal, getpgrp, kill_current_process_group, kill_process_group};
use rustix::stdio::{stderr, stdin, stdout};
use rustix::termios::{isatty, tcgetpgrp, tcsetpgrp};

/// A terminal whose foreground we can pass to a command.
///
/// A command is in a process group of its own. Only the group in the foreground may read
/// from a terminal and receives Ctrl-C and Ctrl-Z.
#[derive(Debug)]
pub(super) struct Terminal {
    tty: File,
    own_group: Pid,
    /// Whether the command is in the foreground.
    is_given: bool,
}

impl Terminal {
    /// Opens the controlling terminal, if we are in its foreground.
    pub(super) fn open_foreground() -> Option<Self> {
        let tty = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .ok()?;
        let own_group = getpgrp();
        (tcgetpgrp(&tty).ok()? == own_group).then_some(Self {
            tty,
            own_group,
            is_given: false,
        })
    }

    /// Whether no other process of our group can need the terminal: in a pipeline a pager
    /// may read from it.
    pub(super) fn has_all_streams() -> bool {
        isatty(stdin()) && isatty(stdout()) && isatty(stderr())
    }

    /// Moves the command's group to the foreground, and continues it if it was stopped
    /// because it asked too early.
    pub(super) fn give(&mut self, group: Pid) {
        self.is_given = self.set_foreground(group);
        let _ = kill_process_group(group, Signal::CONT);
    }

    pub(super) fn take_back(&mut self) {
        if std::mem::take(&mut self.is_given) {
            self.set_foreground(self.own_group);
        }
    }

    /// Handles that the command was stopped. If it asked for the terminal and we have it,
    /// it gets it. Otherwise the user stopped it: then we stop too, so that the shell
    /// notices, and continue together.
    pub(super) fn handle_stop(&mut self, group: Pid, signal: i32) {
        let wants_terminal = signal == Signal::TTIN.as_raw() || signal == Signal::TTOU.as_raw();
        if !(wants_terminal && !self.is_given && self.is_foreground()) {
            self.take_back();
            // Has no effect if no shell could continue us.
            let _ = kill_current_process_group(Signal::TSTP);
        }
        if self.is_foreground() {
            self.give(group);
        } else {
            let _ = kill_process_group(group, Signal::CONT);
        }
    }

    fn is_foreground(&self) -> bool {
        tcgetpgrp(&self.tty).is_ok_and(|group| group == self.own_group)
    }

    /// Only with SIGTTOU blocked can a process in the background change the foreground.
    fn set_foreground(&self, group: Pid) -> bool {
        let mut blocked = SigSet::empty();
        blocked.add(NixSignal::SIGTTOU);
        if blocked.thread_block().is_err() {
            return false;
        }
        let done = tcsetpgrp(&self.tty, group).is_ok();
        // This restores the mask, since nothing else here blocks the signal.
        let _ = blocked.thread_unblock();
        done
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.take_back();
    }
}
