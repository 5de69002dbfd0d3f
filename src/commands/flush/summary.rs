use std::time::Duration;

use jiff::Timestamp;

use super::record::{FlushRecord, columns, row};
use crate::api::ApiError;
use crate::error::{Asking, Failure, Kind};
use crate::outbox::{Origin, Outbox, StoredStatus, StoredStatusId};
use crate::output::Format;
use crate::session::Session;

/// How long one request may take, with its retries.
pub(super) const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Collects the results of a flush.
#[derive(Default)]
pub(super) struct FlushSummary {
    pub(super) records: Vec<FlushRecord>,
    /// Why some of them are still stored.
    pub(super) failures: Vec<Failure>,
    /// Other unfinished work, such as commands that are still running.
    pub(super) unfinished: Vec<Failure>,
}

impl FlushSummary {
    /// Adds a status that is still stored, unless it was added with its result.
    pub(super) fn add_stored(&mut self, stored: StoredStatus) {
        if self.records.iter().any(|record| record.is_for(&stored)) {
            return;
        }
        if stored.is_refused {
            let failure = Failure::new(Kind::Other, "a server refused a stored report");
            self.failures.push(failure);
        }
        self.records.push(FlushRecord::stored(stored));
    }

    /// Prints the records. Fails if something is left, except for a list.
    pub(super) fn finish(
        self,
        session: &Session,
        format: &Format,
        is_list: bool,
    ) -> anyhow::Result<()> {
        let Self {
            records,
            failures,
            unfinished,
        } = self;
        let now = Timestamp::now();
        if records.is_empty() && unfinished.is_empty() {
            session.term.note("no reports are stored");
        }
        format.print_many(&session.term, &records, columns(), |record| {
            row(record, now)
        })?;
        session.term.flush()?;
        let left = records.iter().filter(|record| !record.is_done()).count();
        if is_list || (left == 0 && unfinished.is_empty()) {
            return Ok(());
        }
        let worst = failures
            .into_iter()
            .chain(unfinished)
            .min_by_key(|failure| severity(failure.kind()));
        Err(match worst {
            Some(failure) if left > 0 => failure
                .hint("run 'deployctl flush --list' to see stored reports, 'deployctl flush --drop ID' to discard one")
                .detail("left", left),
            Some(failure) => failure,
            // Another process is sending them.
            None => Failure::new(
                Kind::Network,
                format!("another process is sending {left} of the reports"),
            ),
        }
        .into())
    }
}

/// The lower, the worse: a refusal, then a problem with the token, then the network.
fn severity(kind: Kind) -> u8 {
    match kind {
        Kind::NotFinished => 3,
        Kind::Network | Kind::ServerError | Kind::RateLimited => 2,
        Kind::NotAuthenticated | Kind::Forbidden => 1,
        _ => 0,
    }
}

pub(super) fn failure_of(error: &ApiError, origin: &Origin) -> Failure {
    match Failure::from_api(error, &Asking::default()) {
        // The server refuses the report.
        failure if matches!(failure.kind(), Kind::NothingThere | Kind::Invalid) => Failure::new(
            Kind::Other,
            format!("{} refused a report: {}", origin.root, failure.message()),
        ),
        failure => failure,
    }
}

/// Discards stored statuses.
pub(super) fn discard(
    session: &Session,
    outbox: Option<&Outbox>,
    ids: &[i64],
) -> anyhow::Result<()> {
    let mut missing = Vec::new();
    for id in ids {
        match outbox {
            Some(outbox) if outbox.remove(StoredStatusId(*id))? => {
                session.term.note(format!("discarded {id}"));
            }
            _ => missing.push(id.to_string()),
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Kind::NothingThere,
        format!("no report is stored under {}", missing.join(", ")),
    )
    .hint("run 'deployctl flush --list' to see the stored reports")
    .into())
}
