use std::io;
use std::process::{Child, ChildStdin, Command, Stdio};

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
