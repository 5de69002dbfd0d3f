use crate::exit;

/// The kind of a failure. Each has one exit code and one code for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Wrong usage, or a question that could not be asked.
    Usage,
    /// Nothing to act on.
    NothingThere,
    /// No token, or the server does not accept it.
    NotAuthenticated,
    /// The token lacks a permission.
    Forbidden,
    /// Required checks are not green.
    ChecksNotGreen,
    /// The default branch cannot be merged into the ref.
    MergeConflict,
    /// The default branch was merged into the ref, and nothing was deployed.
    MergedOnly,
    /// The server refuses the values (422).
    Invalid,
    /// The deployment is still under way.
    NotFinished,
    /// The deployment ended in `failure` or `error`.
    DeploymentFailed,
    /// The deployment was superseded or became inactive.
    Superseded,
    /// The environment is locked or frozen.
    Locked,
    /// A network failure.
    Network,
    /// The server's certificate is not accepted, or TLS failed otherwise.
    Tls,
    /// The proxy requires authentication.
    Proxy,
    /// The server failed (5xx).
    ServerError,
    /// A rate limit that lasts too long to wait for.
    RateLimited,
    /// It is unknown whether a write was done.
    OutcomeUnknown,
    /// The response is not one that GitHub sends.
    UnexpectedAnswer,
    /// `--timeout` was reached.
    TimedOut,
    /// SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// Anything else.
    Other,
}

impl Kind {
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Usage => exit::USAGE,
            Self::NothingThere => exit::NOTHING_THERE,
            Self::NotAuthenticated => exit::NOT_AUTHENTICATED,
            Self::Forbidden => exit::FORBIDDEN,
            Self::ChecksNotGreen => exit::CHECKS_NOT_GREEN,
            Self::MergeConflict | Self::MergedOnly => exit::NOTHING_DEPLOYED,
            Self::NotFinished => exit::NOT_FINISHED,
            Self::DeploymentFailed => exit::DEPLOYMENT_FAILED,
            Self::Superseded => exit::SUPERSEDED,
            Self::Locked => exit::LOCKED,
            Self::Network | Self::ServerError | Self::RateLimited => exit::TEMPORARY,
            Self::TimedOut => exit::TIMED_OUT,
            Self::Interrupted => exit::INTERRUPTED,
            Self::Terminated => exit::TERMINATED,
            // Exit code 75 promises that running the command again is safe;
            // with an unknown outcome it is not.
            Self::OutcomeUnknown
            | Self::UnexpectedAnswer
            | Self::Invalid
            | Self::Tls
            | Self::Proxy
            | Self::Other => exit::FAILURE,
        }
    }

    /// The code for scripts, `error.code` in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::NothingThere => "nothing_there",
            Self::NotAuthenticated => "not_authenticated",
            Self::Forbidden => "forbidden",
            Self::ChecksNotGreen => "checks_not_green",
            Self::MergeConflict => "merge_conflict",
            Self::MergedOnly => "merged_only",
            Self::Invalid => "invalid",
            Self::NotFinished => "not_finished",
            Self::DeploymentFailed => "deployment_failed",
            Self::Superseded => "superseded",
            Self::Locked => "locked",
            Self::Network => "network",
            Self::Tls => "tls",
            Self::Proxy => "proxy",
            Self::ServerError => "server_error",
            Self::RateLimited => "rate_limited",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::UnexpectedAnswer => "unexpected_answer",
            Self::TimedOut => "timed_out",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
            Self::Other => "failure",
        }
    }
}
