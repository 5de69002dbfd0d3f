use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::sync::oneshot;

use super::output::OutputSink;
use super::redact::Redactor;

/// The default time between SIGTERM and SIGKILL.
pub(crate) const DEFAULT_GRACE: Duration = Duration::from_secs(10);

/// A command, and how to run it.
#[derive(Debug)]
pub(crate) struct CommandSpec {
    /// The program and its arguments. An empty list cannot be started.
    pub argv: Vec<OsString>,
    /// The working directory; `None` is our own.
    pub working_directory: Option<PathBuf>,
    /// Whether it starts without our environment.
    pub clean_environment: bool,
    /// Variables that replace or extend our environment.
    pub set_variables: Vec<(OsString, OsString)>,
    /// Variables that it does not get.
    pub unset_variables: Vec<OsString>,
    /// Whether it reads our standard input; otherwise it has none.
    pub inherits_stdin: bool,
    pub stdout: StreamTarget,
    pub stderr: StreamTarget,
    /// `None` is no limit.
    pub timeout: Option<Duration>,
    /// The time between a signal and SIGKILL.
    pub grace: Duration,
    /// Whether it gets the foreground of our terminal, so that it can read from it
    /// and receives Ctrl-C. If all three streams are that terminal, it gets the
    /// foreground at once, otherwise when it first asks for it.
    pub takes_terminal: bool,
    /// Receives the process ID after the start.
    pub started: Option<oneshot::Sender<u32>>,
    /// Redacts the last line of output; it learns what the command masks.
    pub redactor: Redactor,
}

impl CommandSpec {
    /// A command with our environment and output streams, and without standard input
    /// or timeout.
    pub(crate) fn new(argv: Vec<OsString>) -> Self {
        Self {
            argv,
            working_directory: None,
            clean_environment: false,
            set_variables: Vec::new(),
            unset_variables: Vec::new(),
            inherits_stdin: false,
            stdout: StreamTarget::Inherited,
            stderr: StreamTarget::Inherited,
            timeout: None,
            grace: DEFAULT_GRACE,
            takes_terminal: false,
            started: None,
            redactor: Redactor::default(),
        }
    }

    /// The name of the program. A path below the working directory is shortened, since
    /// that directory need not be public.
    pub(super) fn program(&self) -> String {
        let Some(program) = self.argv.first().map(Path::new) else {
            return String::new();
        };
        let folder = self.working_directory.as_deref();
        match folder.and_then(|folder| program.strip_prefix(folder).ok()) {
            Some(below) => format!("./{}", below.display()),
            None => program.display().to_string(),
        }
    }

    /// Builds the command without its output streams.
    pub(super) fn command(&self) -> io::Result<Command> {
        let (program, args) = self
            .argv
            .split_first()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the command is empty"))?;
        let mut command = Command::new(program);
        command.args(args);
        if self.clean_environment {
            command.env_clear();
        }
        for name in &self.unset_variables {
            command.env_remove(name);
        }
        command.envs(self.set_variables.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.working_directory {
            if !folder.is_dir() {
                // The system reports a missing folder like a missing program.
                return Err(io::Error::new(
                    io::ErrorKind::NotADirectory,
                    format!("there is no folder {}", folder.display()),
                ));
            }
            command.current_dir(folder);
        }
        if !self.inherits_stdin {
            command.stdin(Stdio::null());
        }
        Ok(command)
    }
}

/// Where an output stream of a command goes.
#[derive(Debug)]
pub(crate) enum StreamTarget {
    /// To our own stream.
    Inherited,
    /// Through us to a sink. Its last line is remembered.
    Read(OutputSink),
    /// For standard error: through the same pipe as standard output, so that the order
    /// is preserved.
    LikeStdout,
}
