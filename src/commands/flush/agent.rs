//! The stored reports of an agent that is not running.

use std::path::Path;
use std::sync::Arc;

use super::record::FlushRecord;
use super::summary::{FlushSummary, REQUEST_TIMEOUT, discard, failure_of};
use crate::agent::journal::{
    DeploymentOutcome, DeploymentRow, EntryState, JournalReader, running_agent,
};
use crate::agent::{Log, ReportResult, Settings, report_offline};
use crate::error::{Failure, Kind};
use crate::outbox::Outbox;
use crate::output::Format;
use crate::session::{Session, agent};

/// Sends, lists or discards them.
pub(super) async fn run(
    session: &Session,
    config: &Path,
    list: bool,
    drop: &[i64],
    format: &Format,
) -> anyhow::Result<()> {
    let config = agent::config(config)?;
    let (_, folder) = agent::state(session, &config)?;
    let Some(outbox) = Outbox::open_existing(&agent::outbox_path(&folder))? else {
        return Err(Failure::new(
            Kind::NothingThere,
            format!("no outbox of an agent in {}", folder.display()),
        )
        .hint("no agent has run with this configuration yet")
        .into());
    };
    let running = running_agent(&folder).map(|process| {
        format!("the agent is running as process {process} and sends its own reports")
    });
    if !drop.is_empty() {
        return match running {
            Some(running) => Err(temporary(running)),
            None => discard(session, Some(&outbox), drop),
        };
    }
    let mut summary = FlushSummary::default();
    if let Some(running) = running {
        let stored = outbox.stored_statuses(None)?;
        if !list && stored.iter().any(|status| !status.is_refused) {
            return Err(temporary(running));
        }
        session.term.note(running);
    } else {
        let rows = JournalReader::open(&folder)?.deployments(0)?;
        let has_unreported = rows
            .iter()
            .any(|row| matches!(row.state, EntryState::Running | EntryState::Finishing));
        if list {
            note_interrupted(session, &rows);
        } else if has_unreported {
            send(session, config, &mut summary).await?;
        }
    }
    for stored in outbox.stored_statuses(None)? {
        summary.add_stored(stored);
    }
    summary.finish(session, format, list)
}

fn temporary(message: String) -> anyhow::Error {
    Failure::new(Kind::Network, message)
        .hint("stop the agent first, or let it send them")
        .into()
}

/// Deployments that were interrupted have no report in the outbox yet.
fn note_interrupted(session: &Session, rows: &[DeploymentRow]) {
    for row in rows.iter().filter(|row| row.state == EntryState::Running) {
        session.term.note(format!(
            "the agent was killed during deployment {} to {}",
            row.id, row.environment
        ));
    }
}

async fn send(
    session: &Session,
    config: crate::agent::config::Config,
    summary: &mut FlushSummary,
) -> anyhow::Result<()> {
    let term = Arc::clone(&session.term);
    let log = Log::new(move |line| term.verbose(line.to_string()));
    // Nothing is received, and no command is started.
    let settings = Settings {
        config: Arc::new(config),
        secrets: Vec::new(),
        hidden_variables: Vec::new(),
        redacted: Vec::new(),
    };
    let (setup, _connection) =
        agent::setup(session, settings, log, Some(REQUEST_TIMEOUT), None).await?;
    let origin = setup.origin.clone();
    let report = report_offline(setup)
        .await
        .map_err(|error| agent::failure(&error))?;
    for (stored, result) in report.results {
        match &result {
            ReportResult::Waiting(Some(error)) => summary.failures.push(failure_of(error, &origin)),
            ReportResult::Closed(DeploymentOutcome::Refused) => summary.failures.push(
                Failure::new(Kind::Other, format!("{} refused a report", origin.root)),
            ),
            _ => {}
        }
        summary.records.push(FlushRecord::reported(stored, &result));
    }
    for id in report.still_running {
        let message = format!("the command of deployment {id} is still running without its agent");
        session.term.note(format!(
            "{message}; its result is reported once it has ended, or the agent is started, which ends it"
        ));
        summary
            .unfinished
            .push(Failure::new(Kind::NotFinished, message));
    }
    match report.waiting {
        0 => {}
        1 => session.term.note("1 deployment is waiting for the agent"),
        many => session
            .term
            .note(format!("{many} deployments are waiting for the agent")),
    }
    Ok(())
}
