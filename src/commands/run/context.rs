use super::args::RunArgs;
use crate::output::Format;
use crate::process::redact::Redactor;
use crate::process::report::StatusUrls;
use crate::session::{Connection, Session};

/// What every step of a run needs.
pub(super) struct RunContext<'a> {
    pub(super) session: &'a Session,
    pub(super) args: &'a RunArgs,
    pub(super) format: &'a Format,
    pub(super) connection: &'a Connection,
    pub(super) redactor: Redactor,
    /// The URLs that are given by options.
    pub(super) urls: StatusUrls,
}
