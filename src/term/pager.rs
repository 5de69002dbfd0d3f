use std::io;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::sink::{Term, lock};
use crate::env;

/// What `less` does where its user says nothing: it ends at once where all fits
/// on the screen, shows colours, and leaves the text there.
const LESS: &str = "FRX";

/// The program that shows long results page by page.
#[derive(Debug, Default)]
pub(super) enum Pager {
    /// None is wanted.
    #[default]
    None,
    /// It is started when there is something to show.
    Wanted(String),
    Running(Child),
}

impl Pager {
    /// Starts it, if it is wanted, and gives what it reads from. One that
    /// cannot be started is done without.
    pub(super) fn start(&mut self, has_options: bool) -> Option<ChildStdin> {
        let Self::Wanted(line) = std::mem::take(self) else {
            return None;
        };
        let mut command = shell(&line);
        command.stdin(Stdio::piped());
        if !has_options {
            command.env(env::LESS, LESS);
        }
        for name in env::TOKENS {
            command.env_remove(name);
        }
        let mut child = command.spawn().ok()?;
        let stdin = child.stdin.take();
        *self = Self::Running(child);
        stdin
    }

    /// Waits until its user has seen enough.
    pub(super) fn wait(&mut self) -> io::Result<()> {
        if let Self::Running(mut child) = std::mem::take(self) {
            child.wait()?;
        }
        Ok(())
    }
}

impl Term {
    /// From now on standard output is shown by the user's pager, if it is a
    /// terminal and there is one. Returns whether it is.
    pub(crate) fn page(&self) -> bool {
        let wanted = self.settings.pager.clone();
        let is_wanted = wanted.is_some();
        lock(&self.stdout).pager = wanted.map_or(Pager::None, Pager::Wanted);
        is_wanted
    }

    /// Hands everything on, and waits for the pager. Nothing is written to
    /// standard output afterwards.
    pub(crate) fn close(&self) -> io::Result<()> {
        let flushed = self.flush();
        let mut stdout = lock(&self.stdout);
        if matches!(stdout.pager, Pager::Running(_)) {
            // It ends when there is no more to read.
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
