use std::pin::pin;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::WatchedRecord;
use super::changes::changes;
use super::poll::{INTERVAL, REFRESH_INTERVAL, pause_after};
use crate::error::{Failure, Kind};
use crate::output::{Cell, Column, Format, Table};
use crate::session::{Connection, Session, wait_for_resize};
use crate::term::{Role, Text};

/// Refuses a JSON array, which would never be complete.
pub(crate) fn check_format(session: &Session, format: &Format) -> Result<(), Failure> {
    if format.is_human() || session.global.jsonl.is_some() {
        return Ok(());
    }
    let what = "--watch cannot print a JSON array, because it does not end";
    Err(Failure::new(Kind::Usage, what).hint("use --jsonl for one object per change"))
}

/// A list that is kept up to date until the command is interrupted.
///
/// On a terminal it is redrawn in place. Otherwise its rows are printed, and then
/// a row for each change.
pub(crate) struct WatchedList<'a, R> {
    pub(crate) session: &'a Session,
    pub(crate) connection: &'a Connection,
    pub(crate) format: &'a Format,
    pub(crate) columns: fn() -> Vec<Column>,
    pub(crate) row: fn(&R, Timestamp) -> Vec<Cell>,
    /// What an empty list means.
    pub(crate) empty: String,
}

/// What is known of a list.
struct Known<R> {
    /// `None` until it was read.
    records: Option<Vec<R>>,
    read_at: Instant,
    /// Whether it was read once more after a change. Servers send times in whole
    /// seconds, so that the next change in the same second has the same ETag.
    is_settled: bool,
    /// Why it may be out of date.
    trouble: Option<String>,
}

impl<R: WatchedRecord> WatchedList<'_, R> {
    /// Reads the list whenever `has_changed`, a conditional request, says so.
    /// Returns only with an error that would happen again, or if the first list
    /// cannot be read.
    pub(crate) async fn run(
        &self,
        mut has_changed: impl AsyncFnMut() -> anyhow::Result<bool>,
        read: impl AsyncFn() -> anyhow::Result<Vec<R>>,
    ) -> anyhow::Result<()> {
        let mut known = Known {
            records: None,
            read_at: Instant::now(),
            is_settled: false,
            trouble: None,
        };
        loop {
            let is_due = !known.is_settled || known.read_at.elapsed() >= REFRESH_INTERVAL;
            let mut pause = INTERVAL;
            // The ETag is older than the list, so that no change is missed.
            let update = async {
                let has_changed = has_changed().await?;
                let is_read = has_changed || is_due;
                let records = if is_read { Some(read().await?) } else { None };
                anyhow::Ok((has_changed, records))
            };
            match self.redraw_during(&known, update).await? {
                Ok((_, None)) => known.trouble = None,
                Ok((has_changed, Some(records))) => {
                    self.print_changes(known.records.as_deref(), &records)?;
                    known = Known {
                        records: Some(records),
                        read_at: Instant::now(),
                        is_settled: !has_changed,
                        trouble: None,
                    };
                }
                Err(error) => {
                    let failure = Failure::from_error(error);
                    match pause_after(&failure) {
                        Some(longer) if known.records.is_some() => pause = longer,
                        _ => return Err(failure.into()),
                    }
                    self.note_trouble(&mut known, failure.message());
                }
            }
            self.draw(&known)?;
            self.redraw_during(&known, sleep(pause)).await?;
        }
    }

    fn is_drawn(&self) -> bool {
        self.format.is_human() && self.session.term.stdout_is_tty()
    }

    fn print_changes(&self, before: Option<&[R]>, now: &[R]) -> anyhow::Result<()> {
        if self.is_drawn() {
            return Ok(());
        }
        let term = &self.session.term;
        let changed = before.map(|before| changes(before, now));
        let printed = changed.as_deref().unwrap_or(now);
        if before.is_none() && now.is_empty() {
            term.note(self.empty.as_str());
        }
        let at = self.connection.client.server_now();
        let row = |record: &R| (self.row)(record, at);
        self.format
            .print_many(term, printed, (self.columns)(), row)?;
        Ok(term.flush()?)
    }

    fn note_trouble(&self, known: &mut Known<R>, message: &str) {
        let is_new = known.trouble.as_deref() != Some(message);
        if is_new && !self.is_drawn() {
            let warning = format!("{message}; trying again");
            self.session.term.warn(warning);
        }
        known.trouble = Some(message.to_owned());
    }

    /// Draws the list again whenever the terminal is resized.
    async fn redraw_during<T>(
        &self,
        known: &Known<R>,
        work: impl Future<Output = T>,
    ) -> anyhow::Result<T> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                () = wait_for_resize() => self.draw(known)?,
            }
        }
    }

    /// Draws as many rows as there is room for, from the first.
    fn draw(&self, known: &Known<R>) -> anyhow::Result<()> {
        let Some(records) = known.records.as_ref().filter(|_| self.is_drawn()) else {
            return Ok(());
        };
        let term = &self.session.term;
        let palette = term.palette();
        let mut below = Vec::new();
        if let Some(trouble) = &known.trouble {
            let label = Text::new().with(Role::Warning, "warning:");
            below.push(label.plain(format!(" {trouble}; trying again")));
        }
        // The last line is left to the cursor, and the first one has the titles.
        let room = term.height().saturating_sub(2 + below.len());
        let mut shown = records.len();
        if shown > room {
            shown = room.saturating_sub(1);
            let more = format!("… and {} more", records.len() - shown);
            below.insert(0, Text::new().with(Role::Dim, more));
        } else if records.is_empty() {
            below.insert(0, Text::from(self.empty.as_str()));
        }
        let at = self.connection.client.server_now();
        let rows = records.iter().take(shown);
        let rows: Vec<Vec<Cell>> = rows.map(|record| (self.row)(record, at)).collect();
        let mut text = Table::render((self.columns)(), &rows, term);
        for line in below {
            text.push_str(&line.render(palette));
            text.push('\n');
        }
        Ok(term.draw(&text)?)
    }
}
