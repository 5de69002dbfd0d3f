use std::fmt;
use std::io;
use std::time::Duration;

/// A signal that is passed on to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// SIGHUP.
    Hangup,
    /// SIGINT.
    Interrupt,
    /// SIGQUIT.
    Quit,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// Its number.
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

/// `SIGKILL` for 9; `signal 40` for one that has no name everywhere.
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
    /// A signal that it may catch.
    None,
    /// SIGKILL.
    Kill,
    /// Not even SIGKILL ended it: it runs as another user, or waits inside the
    /// system.
    InVain,
}

impl Force {
    /// How a sentence on the end of a command goes on.
    fn suffix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Kill => " and killed",
            Self::InVain => " and could not be ended",
        }
    }
}

/// How a command ended.
#[derive(Debug)]
pub(crate) enum End {
    /// By itself, with this exit code.
    Exited(i32),
    /// By a signal that was not ours, with its number.
    Killed(i32),
    /// Its time was up, and it was ended.
    TimedOut {
        /// How long it had.
        after: Duration,
        /// What that took.
        force: Force,
    },
    /// It was told to end by the [`Handle`](super::Handle), or the system lost
    /// track of it.
    Stopped {
        /// The signal that it was told with first; `None` is SIGKILL.
        signal: Option<Signal>,
        /// What it took to end it.
        force: Force,
    },
    /// It could not be started.
    NotStarted {
        /// The program, as it was to be started.
        program: String,
        /// Why not.
        error: io::Error,
    },
}

impl End {
    /// The exit code that a shell would have for it: the command's own,
    /// 128+n for a signal, 124 for its time-out, 126 if it can't be run and 127
    /// if it is not there.
    pub(crate) fn exit_code(&self) -> u8 {
        let of_signal = |number: i32| u8::try_from(128 + number).unwrap_or(u8::MAX);
        match self {
            // Windows has codes of 32 bits; none of them may pass for 0.
            Self::Exited(code) => u8::try_from(*code).unwrap_or(1),
            Self::Killed(number) => of_signal(*number),
            Self::TimedOut { .. } => 124,
            Self::Stopped { signal, .. } => of_signal(signal.map_or(9, Signal::number)),
            Self::NotStarted { error, .. } if error.kind() == io::ErrorKind::NotFound => 127,
            Self::NotStarted { .. } => 126,
        }
    }

    /// Whether something of the command runs on.
    pub(crate) fn is_in_vain(&self) -> bool {
        matches!(
            self,
            Self::TimedOut { force, .. } | Self::Stopped { force, .. } if *force == Force::InVain
        )
    }

    /// Whether the command says that it did its work.
    pub(crate) fn is_success(&self) -> bool {
        matches!(self, Self::Exited(0))
    }
}

/// Words for a status: `exit code 3`, `killed by SIGKILL`, `timed out after 5m`.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(f, "exit code {code}"),
            Self::Killed(number) => write!(f, "killed by {}", signal_name(*number)),
            Self::TimedOut { after, force } => {
                write!(f, "timed out after {}{}", Length(*after), force.suffix())
            }
            Self::Stopped { signal, force, .. } => match signal {
                Some(signal) => write!(f, "interrupted by {signal}{}", force.suffix()),
                None if *force == Force::InVain => f.write_str("could not be killed"),
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

/// A length of time as it is typed: `1h 5m`, `90s` is `1m 30s`, `0.5s`.
struct Length(Duration);

impl fmt::Display for Length {
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
        let not_started = |kind| End::NotStarted {
            program: "./deploy".to_owned(),
            error: io::Error::from(kind),
        };
        for (end, code, words) in [
            (End::Exited(0), 0, "exit code 0"),
            (End::Exited(255), 255, "exit code 255"),
            (End::Exited(256), 1, "exit code 256"),
            (End::Exited(-1), 1, "exit code -1"),
            (End::Killed(9), 137, "killed by SIGKILL"),
            (End::Killed(40), 168, "killed by signal 40"),
            (
                End::TimedOut {
                    after: secs(90),
                    force: Force::None,
                },
                124,
                "timed out after 1m 30s",
            ),
            (
                End::TimedOut {
                    after: Duration::from_millis(500),
                    force: Force::Kill,
                },
                124,
                "timed out after 0.5s and killed",
            ),
            (
                End::TimedOut {
                    after: secs(60),
                    force: Force::InVain,
                },
                124,
                "timed out after 1m and could not be ended",
            ),
            (
                End::Stopped {
                    signal: Some(Signal::Interrupt),
                    force: Force::None,
                },
                130,
                "interrupted by SIGINT",
            ),
            (
                End::Stopped {
                    signal: Some(Signal::Terminate),
                    force: Force::Kill,
                },
                143,
                "interrupted by SIGTERM and killed",
            ),
            (
                End::Stopped {
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
