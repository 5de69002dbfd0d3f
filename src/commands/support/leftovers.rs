use std::time::Duration;

use tokio::time::Instant;

use super::{Connection, Session};
use crate::agent::outbox::{ApiRoot, Delivery, Origin, Outbox, OutboxError, Outcome};
use crate::model::{Endpoints, Host};

/// What sending leftovers may take of a command that is about something else.
const IN_PASSING: Duration = Duration::from_secs(10);
/// The same for one call, with its repeats: a server that is away now is asked
/// by the command itself.
const CALL: Duration = Duration::from_secs(3);

/// The server that statuses are kept for.
pub(super) fn origin_of(endpoints: &Endpoints, host: Host, host_is_named: bool) -> Origin {
    Origin {
        root: ApiRoot::of(endpoints),
        host,
        host_is_named,
    }
}

/// The embedded sandbox, for the same.
#[cfg(feature = "sandbox")]
pub(super) fn sandbox_origin() -> Origin {
    Origin {
        root: ApiRoot::sandbox(),
        host: Host::github(),
        host_is_named: false,
    }
}

/// The outbox of the user, if there is one.
pub(crate) fn open_outbox(session: &Session) -> Result<Option<Outbox>, OutboxError> {
    match Outbox::location(&session.env) {
        Some(path) => Outbox::open_if_there(&path),
        None => Ok(None),
    }
}

/// Sends what earlier runs kept for this server. It never fails: what can't be
/// sent now stays for the next command.
pub(super) async fn deliver(session: &Session, connection: &Connection) {
    let term = &session.term;
    match try_deliver(session, connection).await {
        Ok(deliveries) => {
            let sent = deliveries
                .iter()
                .filter(|delivery| delivery.outcome.is_done())
                .count();
            match sent {
                0 => {}
                1 => term.note("sent a status that was kept from an earlier run"),
                many => term.note(format!(
                    "sent {many} statuses that were kept from earlier runs"
                )),
            }
            for Delivery { entry, outcome } in &deliveries {
                if let Outcome::Refused(error) = outcome {
                    term.warn(format!(
                        "the {} of deployment {} that was kept is refused: {error}; 'deployctl flush --list' shows it",
                        entry.status.state, entry.place.deployment
                    ));
                }
            }
        }
        Err(error) => term.verbose(format!("what earlier runs kept was not sent: {error}")),
    }
}

async fn try_deliver(session: &Session, connection: &Connection) -> anyhow::Result<Vec<Delivery>> {
    let Some(outbox) = open_outbox(session)? else {
        return Ok(Vec::new());
    };
    let root = &connection.origin.root;
    outbox.sweep()?;
    if outbox
        .entries(Some(root))?
        .iter()
        .all(|entry| entry.is_refused)
    {
        return Ok(Vec::new());
    }
    let client = connection.client.with_patience(CALL)?;
    Ok(outbox
        .deliver(&client, root, Instant::now() + IN_PASSING)
        .await?)
}
