//! The exit codes, which are a promise to scripts.

/// The requested state was reached.
pub const DONE: u8 = 0;
/// Any failure that has no code of its own.
pub const FAILURE: u8 = 1;
/// Wrong usage, or a question that could not be asked.
pub const USAGE: u8 = 2;
/// Nothing to act on.
pub const NOTHING_THERE: u8 = 3;
/// No token, or the server does not accept it (401).
pub const NOT_AUTHENTICATED: u8 = 4;
/// The token lacks a permission (403, or a 404 that may hide this).
pub const FORBIDDEN: u8 = 5;
/// Required checks are not green (409, contexts).
pub const CHECKS_NOT_GREEN: u8 = 6;
/// Nothing was deployed: a merge conflict (409), or merged only (202).
pub const NOTHING_DEPLOYED: u8 = 7;
/// Something is still pending, or another actor has it.
pub const NOT_FINISHED: u8 = 8;
/// The deployment ended in `failure` or `error`.
pub const DEPLOYMENT_FAILED: u8 = 9;
/// The deployment was superseded or became inactive during a wait.
pub const SUPERSEDED: u8 = 10;
/// The environment is locked or frozen.
pub const LOCKED: u8 = 11;
/// A temporary failure of the network or a rate limit; running the command
/// again is safe.
pub const TEMPORARY: u8 = 75;
/// `--timeout` was reached.
pub const TIMED_OUT: u8 = 124;
/// Interrupted by SIGINT.
pub const INTERRUPTED: u8 = 130;
/// Ended by SIGTERM.
pub const TERMINATED: u8 = 143;

/// Every code with its meaning, for the help, the man pages and the README.
#[doc(hidden)]
pub const ALL: &[(u8, &str)] = &[
    (DONE, "done: the requested state was reached"),
    (FAILURE, "any other failure"),
    (USAGE, "wrong usage, or a question that could not be asked"),
    (NOTHING_THERE, "nothing to act on"),
    (
        NOT_AUTHENTICATED,
        "not authenticated: no token, or the server answers 401",
    ),
    (FORBIDDEN, "forbidden: the token lacks a permission"),
    (CHECKS_NOT_GREEN, "required checks are not green"),
    (
        NOTHING_DEPLOYED,
        "nothing was deployed: a merge conflict, or only merged",
    ),
    (NOT_FINISHED, "not finished: something is still pending"),
    (
        DEPLOYMENT_FAILED,
        "the deployment ended in failure or error",
    ),
    (SUPERSEDED, "superseded or inactive during a wait"),
    (LOCKED, "locked or frozen"),
    (
        TEMPORARY,
        "temporary: a network failure or rate limit; safe to run again",
    ),
    (TIMED_OUT, "--timeout reached"),
    (INTERRUPTED, "interrupted by SIGINT"),
    (TERMINATED, "ended by SIGTERM"),
];
