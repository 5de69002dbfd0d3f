use std::fmt;
use std::io;
use std::time::Duration;

/// A signal that can be sent to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Hangup,
    Interrupt,
    Quit,
    Terminate,
}

impl Signal {
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&signal_name(self.number()))
    }
}

/// Returns `SIGKILL` for 9, and `signal 40` for a signal without a common name.
pub(crate) fn signal_name(number: i32) -> String {
    let name = match number {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => return format!("signal {number}"),
    };
    name.to_owned()
}

/// What it took to end a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Force {
    /// A signal that it can handle.
    None,
    Kill,
    /// Not even SIGKILL ended it: it runs as another user, or is blocked inside the
    /// system.
    Failed,
}

impl Force {
    /// The end of a sentence that says how a command ended.
    fn suffix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Kill => " and killed",
            Self::Failed => " and could not be ended",
        }
    }
}

/// How a command ended.
#[derive(Debug)]
pub(crate) enum CommandEnd {
    /// On its own, with this exit code.
    Exited(i32),
    /// By a signal from elsewhere, with this number.
    Killed(i32),
    /// It was ended at its timeout.
    TimedOut {
        after: Duration,
        force: Force,
    },
    /// It was ended through its handle, or the system cannot say how it ended.
    Stopped {
        /// The first signal; `None` is SIGKILL.
        signal: Option<Signal>,
        force: Force,
    },
    NotStarted {
        program: String,
        error: io::Error,
    },
}

impl CommandEnd {
    /// The exit code that a shell would use: the command's own, 128+n for a signal, 124
    /// for a timeout, 126 if it cannot be run and 127 if it does not exist.
    pub(crate) fn exit_code(&self) -> u8 {
        let of_signal = |number: i32| u8::try_from(128 + number).unwrap_or(u8::MAX);
        match self {
            // Codes of Windows have 32 bits; none may become 0.
            Self::Exited(code) => u8::try_from(*code).unwrap_or(1),
            Self::Killed(number) => of_signal(*number),
            Self::TimedOut { .. } => 124,
            Self::Stopped { signal, .. } => of_signal(signal.map_or(9, Signal::number)),
            Self::NotStarted { error, .. } if error.kind() == io::ErrorKind::NotFound => 127,
            Self::NotStarted { .. } => 126,
        }
    }

    /// Whether processes of the command could not be ended.
    pub(crate) fn is_still_running(&self) -> bool {
        matches!(
            self,
            Self::TimedOut { force, .. } | Self::Stopped { force, .. } if *force == Force::Failed
        )
    }

    pub(crate) fn is_success(&self) -> bool {
        matches!(self, Self::Exited(0))
    }
}

/// For a status: `exit code 3`, `killed by SIGKILL`, `timed out after 5m`.
impl fmt::Display for CommandEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(f, "exit code {code}"),
            Self::Killed(number) => write!(f, "killed by {}", signal_name(*number)),
            Self::TimedOut { after, force } => {
                write!(
                    f,
                    "timed out after {}{}",
                    ShortDuration(*after),
                    force.suffix()
                )
            }
            Self::Stopped { signal, force, .. } => match signal {
                Some(signal) => write!(f, "interrupted by {signal}{}", force.suffix()),
                None if *force == Force::Failed => f.write_str("could not be killed"),
                None => f.write_str("killed on request"),
            },
            Self::NotStarted { program, error } => {
                write!(f, "'{program}' could not be started: ")?;
                match error.kind() {
                    io::ErrorKind::NotFound => f.write_str("not found"),
                    io::ErrorKind::PermissionDenied => f.write_str("not executable"),
                    _ => write!(f, "{error}"),
                }
            }
        }
    }
}

/// A duration such as `1h 5m`, `1m 30s` or `0.5s`.
struct ShortDuration(Duration);

impl fmt::Display for ShortDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if seconds < 10 && self.0.subsec_nanos() > 0 {
            return write!(f, "{}s", (self.0.as_secs_f64() * 1000.0).round() / 1000.0);
        }
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, 0, seconds) => write!(f, "{seconds}s"),
            (0, minutes, 0) => write!(f, "{minutes}m"),
            (0, minutes, seconds) => write!(f, "{minutes}m {seconds}s"),
            (hours, 0, _) => write!(f, "{hours}h"),
            (hours, minutes, _) => write!(f, "{hours}h {minutes}m"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_has_its_code_and_its_words() {
        let secs = Duration::from_secs;
        let not_started = |kind| CommandEnd::NotStarted {
            program: "./deploy".to_owned(),
            error: io::Error::from(kind),
        };
        for (end, code, words) in [
            (CommandEnd::Exited(0), 0, "exit code 0"),
            (CommandEnd::Exited(255), 255, "exit code 255"),
            (CommandEnd::Exited(256), 1, "exit code 256"),
            (CommandEnd::Exited(-1), 1, "exit code -1"),
            (CommandEnd::Killed(9), 137, "killed by SIGKILL"),
            (CommandEnd::Killed(40), 168, "killed by signal 40"),
            (
                CommandEnd::TimedOut {
                    after: secs(90),
                    force: Force::None,
                },
                124,
                "timed out after 1m 30s",
            ),
            (
                CommandEnd::TimedOut {
                    after: Duration::from_millis(500),
                    force: Force::Kill,
                },
                124,
                "timed out after 0.5s and killed",
            ),
            (
                CommandEnd::TimedOut {
                    after: secs(60),
                    force: Force::Failed,
                },
                124,
                "timed out after 1m and could not be ended",
            ),
            (
                CommandEnd::Stopped {
                    signal: Some(Signal::Interrupt),
                    force: Force::None,
                },
                130,
                "interrupted by SIGINT",
            ),
            (
                CommandEnd::Stopped {
                    signal: Some(Signal::Terminate),
                    force: Force::Kill,
                },
                143,
                "interrupted by SIGTERM and killed",
            ),
            (
                CommandEnd::Stopped {
                    signal: None,
                    force: Force::Kill,
                },
                137,
                "killed on request",
            ),
            (
                not_started(io::ErrorKind::NotFound),
                127,
                "'./deploy' could not be started: not found",
            ),
            (
                not_started(io::ErrorKind::PermissionDenied),
                126,
                "'./deploy' could not be started: not executable",
            ),
        ] {
            assert_eq!(end.exit_code(), code, "{end:?}");
            assert_eq!(end.to_string(), words);
        }
    }
}
