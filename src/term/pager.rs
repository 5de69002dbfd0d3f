use std::io;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::sink::{Term, lock};
use crate::env;

/// Options for `less` unless the user sets `LESS`: exit if the text fits on the
/// screen, show colours, and leave the text on the screen.
const DEFAULT_LESS_OPTIONS: &str = "FRX";

/// The program that displays long results.
#[derive(Debug, Default)]
pub(super) enum Pager {
    #[default]
    None,
    /// It starts with the first output.
    Wanted(String),
    Running(Child),
}

impl Pager {
    /// Starts the pager, if there is one, and returns its standard input. If it
    /// cannot be started, results are printed without it.
    pub(super) fn start(&mut self, has_options: bool) -> Option<ChildStdin> {
        let Self::Wanted(line) = std::mem::take(self) else {
            return None;
        };
        let mut command = shell(&line);
        command.stdin(Stdio::piped());
        if !has_options {
            command.env(env::LESS, DEFAULT_LESS_OPTIONS);
        }
        for name in env::TOKENS {
            command.env_remove(name);
        }
        let mut child = command.spawn().ok()?;
        let stdin = child.stdin.take();
        *self = Self::Running(child);
        stdin
    }

    /// Waits until the user quits it.
    pub(super) fn wait(&mut self) -> io::Result<()> {
        if let Self::Running(mut child) = std::mem::take(self) {
            child.wait()?;
        }
        Ok(())
    }
}

impl Term {
    /// Sends standard output to the user's pager from now on, if it is a
    /// terminal and a pager is configured. Returns whether a pager is used.
    pub(crate) fn page(&self) -> bool {
        let wanted = self.settings.pager.clone();
        let is_wanted = wanted.is_some();
        lock(&self.stdout).pager = wanted.map_or(Pager::None, Pager::Wanted);
        is_wanted
    }

    /// Flushes standard output and waits for the pager. Nothing may be written
    /// to standard output afterwards.
    pub(crate) fn close(&self) -> io::Result<()> {
        let flushed = self.flush();
        let mut stdout = lock(&self.stdout);
        if matches!(stdout.pager, Pager::Running(_)) {
            // The pager ends when its input is closed.
            stdout.writer = Box::new(io::sink());
            stdout.pager.wait()?;
        }
        flushed
    }
}

fn shell(line: &str) -> Command {
    let (program, option) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut command = Command::new(program);
    command.args([option, line]);
    command
}
