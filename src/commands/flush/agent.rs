//! What an agent left that does not work.

use std::path::Path;
use std::sync::Arc;

use super::record::FlushRecord;
use super::{CALL, FlushArgs, Tally, failure_of, forget};
use crate::agent::journal::{Look, Outcome, Seen, State, agent_at_work};
use crate::agent::{Log, Report, Settings, settle};
use crate::error::{Failure, Kind};
use crate::outbox::Outbox;
use crate::output::Format;
use crate::session::{Session, agent};

/// Sends, shows or forgets it. A working agent is left alone.
pub(super) async fn run(
    session: &Session,
    args: &FlushArgs,
    config: &Path,
    format: &Format,
) -> anyhow::Result<()> {
    let config = agent::config(config)?;
    let (_, folder) = agent::state(session, &config)?;
    let Some(outbox) = Outbox::open_if_there(&agent::outbox_of(&folder))? else {
        return Err(Failure::new(
            Kind::NothingThere,
            format!("there is no outbox of an agent in {}", folder.display()),
        )
        .hint("no agent has run with this configuration yet")
        .into());
    };
    let at_work = agent_at_work(&folder).map(|process| {
        format!("the agent is running as process {process} and sends its own reports")
    });
    if !args.drop.is_empty() {
        return match at_work {
            Some(at_work) => Err(temporary(at_work)),
            None => forget(session, Some(&outbox), &args.drop),
        };
    }
    let mut tally = Tally::default();
    if let Some(at_work) = at_work {
        let waits = outbox.entries(None)?.iter().any(|entry| !entry.is_refused);
        if waits && !args.list {
            return Err(temporary(at_work));
        }
        session.term.note(at_work);
    } else {
        let seen = Look::open(&folder)?.deployments(0)?;
        let is_owed = seen
            .iter()
            .any(|one| matches!(one.state, State::Running | State::Finishing));
        if args.list {
            tell_killed(session, &seen);
        } else if is_owed {
            send(session, config, &mut tally).await?;
        }
    }
    for entry in outbox.entries(None)? {
        tally.keep(entry);
    }
    tally.conclude(session, format, args.list)
}

fn temporary(message: String) -> anyhow::Error {
    Failure::new(Kind::Network, message)
        .hint("stop it first, or let it send them")
        .into()
}

/// What was cut off in the middle is not in the outbox yet.
fn tell_killed(session: &Session, seen: &[Seen]) {
    for one in seen.iter().filter(|one| one.state == State::Running) {
        session.term.note(format!(
            "the agent was killed while it carried out deployment {} to {}",
            one.id, one.environment
        ));
    }
}

async fn send(
    session: &Session,
    config: crate::agent::config::Config,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let term = Arc::clone(&session.term);
    let log = Log::new(move |line| term.verbose(line.to_string()));
    // Nothing is received, and no command is started.
    let settings = Settings {
        config: Arc::new(config),
        secrets: Vec::new(),
        hidden: Vec::new(),
        redacted: Vec::new(),
    };
    let (setup, _connection) = agent::setup(session, settings, log, Some(CALL), None).await?;
    let origin = setup.origin.clone();
    let settled = settle(setup)
        .await
        .map_err(|error| agent::failure(&error))?;
    for (kept, report) in settled.reports {
        match &report {
            Report::Waits(Some(error)) => tally.failures.push(failure_of(error, &origin)),
            Report::Closed(Outcome::Refused) => tally.failures.push(Failure::new(
                Kind::Other,
                format!("{} refused a status", origin.root),
            )),
            _ => {}
        }
        tally.records.push(FlushRecord::settled(kept, &report));
    }
    for id in settled.going_on {
        let message = format!("the command of deployment {id} is still running without its agent");
        session.term.note(format!(
            "{message}; its result is reported once it has ended, or the agent is started, which ends it"
        ));
        tally.open.push(Failure::new(Kind::NotFinished, message));
    }
    match settled.waiting {
        0 => {}
        1 => session.term.note("1 deployment waits for the agent"),
        many => session
            .term
            .note(format!("{many} deployments wait for the agent")),
    }
    Ok(())
}
