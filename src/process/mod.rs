//! Runs one command to its end, and tells exactly how it ended.
//!
//! The command is a list of arguments; no shell is between. On Unix it is the
//! leader of a process group of its own, so that a time-out ends all that it
//! started. [`run`] is the one way in:
//!
//! ```no_run
//! use deployctl::agent::process::{self, Channel, Order, Sink, handle};
//!
//! # async fn example(log: std::fs::File) {
//! let mut order = Order::new(["make", "deploy"].map(Into::into).to_vec());
//! order.stdout = Channel::Read(Sink::new(log));
//! order.stderr = Channel::LikeStdout;
//! let (handle, control) = handle();
//! // Some other task may say `handle.end(Signal::Terminate)`.
//! let finished = process::run(order, control).await;
//! println!("{} {:?}", finished.end, finished.last_words());
//! # drop(handle);
//! # }
//! ```

mod control;
#[cfg(not(unix))]
mod elsewhere;
mod end;
mod mark;
mod output;
pub(crate) mod output_file;
#[cfg(target_os = "linux")]
pub(crate) mod proc_stat;
pub(crate) mod redact;
pub(crate) mod report;
mod tail;
#[cfg(unix)]
mod terminal;
#[cfg(all(test, unix))]
mod tests;
#[cfg(unix)]
mod unix;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::sync::oneshot;

pub(crate) use control::{Control, handle};
pub(crate) use end::{End, Force, Signal};
pub(crate) use mark::{Mark, started_with};
pub(crate) use output::{Rest, Sink};

use redact::Redactor;

/// How long a command gets between SIGTERM and SIGKILL, where nothing else is
/// said.
pub(crate) const GRACE: Duration = Duration::from_secs(10);

/// What is to be run, and how.
#[derive(Debug)]
pub(crate) struct Order {
    /// The program and its arguments. An empty list can't be started.
    pub argv: Vec<OsString>,
    /// The working directory; `None` is ours.
    pub folder: Option<PathBuf>,
    /// Whether it starts without the environment of this process.
    pub clean: bool,
    /// Variables that are set for it, over what it has from us.
    pub set: Vec<(OsString, OsString)>,
    /// Variables that it does not get.
    pub unset: Vec<OsString>,
    /// Whether it reads our standard input; else it has none.
    pub stdin: bool,
    /// Where its standard output goes.
    pub stdout: Channel,
    /// Where its standard error goes.
    pub stderr: Channel,
    /// How long it may run; `None` is for ever.
    pub timeout: Option<Duration>,
    /// How long it gets to end after a signal, before SIGKILL.
    pub grace: Duration,
    /// Whether it gets the terminal that we stand in the foreground of, so that
    /// it can read from it and Ctrl-C goes to it. Where all three streams are
    /// that terminal it gets it at once, else when it first asks for it.
    pub terminal: bool,
    /// Who is told the number of the process once it is started.
    pub started: Option<oneshot::Sender<u32>>,
    /// What is kept out of the last words; it learns what the command masks.
    pub redactor: Redactor,
}

impl Order {
    /// A command with our environment, no standard input, the output in our
    /// own, no time-out and the usual grace.
    pub(crate) fn new(argv: Vec<OsString>) -> Self {
        Self {
            argv,
            folder: None,
            clean: false,
            set: Vec::new(),
            unset: Vec::new(),
            stdin: false,
            stdout: Channel::Inherited,
            stderr: Channel::Inherited,
            timeout: None,
            grace: GRACE,
            terminal: false,
            started: None,
            redactor: Redactor::default(),
        }
    }

    /// The name of the program. One below the working directory is named from
    /// there: where that is need not be public.
    fn program(&self) -> String {
        let Some(program) = self.argv.first().map(Path::new) else {
            return String::new();
        };
        let folder = self.folder.as_deref();
        match folder.and_then(|folder| program.strip_prefix(folder).ok()) {
            Some(below) => format!("./{}", below.display()),
            None => program.display().to_string(),
        }
    }

    /// The command as the system is told of it, but for its output.
    fn command(&self) -> io::Result<Command> {
        let (program, args) = self
            .argv
            .split_first()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the command is empty"))?;
        let mut command = Command::new(program);
        command.args(args);
        if self.clean {
            command.env_clear();
        }
        for name in &self.unset {
            command.env_remove(name);
        }
        command.envs(self.set.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            if !folder.is_dir() {
                // A missing folder would look like a missing program.
                return Err(io::Error::new(
                    io::ErrorKind::NotADirectory,
                    format!("there is no folder {}", folder.display()),
                ));
            }
            command.current_dir(folder);
        }
        if !self.stdin {
            command.stdin(Stdio::null());
        }
        Ok(command)
    }
}

/// Where a stream of a command goes.
#[derive(Debug)]
pub(crate) enum Channel {
    /// To our own stream.
    Inherited,
    /// Through us to a sink. Its last words are kept.
    Read(Sink),
    /// For standard error: where standard output goes, through the same pipe,
    /// so that the order of what is written stays.
    LikeStdout,
}

/// What became of a command.
#[derive(Debug)]
pub(crate) struct Finished {
    /// How it ended.
    pub end: End,
    /// From its start to its end.
    pub took: Duration,
    /// What may still come through its pipes.
    pub rest: Rest,
    /// What runs on, if it could not be ended.
    pub remains: Option<Remains>,
}

/// A command that could not be ended. When this value is dropped, that is tried
/// once more.
#[derive(Debug)]
pub(crate) struct Remains(#[cfg(unix)] unix::Group);

impl Remains {
    /// Waits until nothing of it runs any more.
    pub(crate) async fn until_gone(mut self) {
        #[cfg(unix)]
        self.0.until_gone().await;
    }
}

impl Finished {
    /// The last line with something in it that was read of standard error, else
    /// of standard output, without control characters and secrets; `None` if nothing was
    /// read, or nothing came.
    pub(crate) fn last_words(&self) -> Option<String> {
        self.rest.last_words()
    }
}

/// Runs a command to its end.
///
/// It ends by itself, at its time-out, or when it is told to by the [`Handle`]:
/// then its whole process group gets the signal, and after the grace time
/// SIGKILL. Processes that it leaves behind after an end of its own are left
/// alone, and those that hold its pipes open are not waited for: see [`Rest`].
///
/// It has to be called in a tokio runtime with I/O and time. If the future is
/// dropped, the group is killed.
pub(crate) async fn run(order: Order, control: Control) -> Finished {
    #[cfg(unix)]
    return unix::run(order, control).await;
    #[cfg(not(unix))]
    return elsewhere::run(order, control).await;
}

/// Whether our standard output and standard error are one and the same file,
/// pipe or terminal, as after `2>&1`. Always false where that can't be told.
pub(crate) fn outputs_are_one() -> bool {
    #[cfg(unix)]
    return unix::outputs_are_one();
    #[cfg(not(unix))]
    return false;
}
