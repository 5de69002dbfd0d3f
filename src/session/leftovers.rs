use std::time::Duration;

use tokio::time::Instant;

use super::{Connection, Session};
use crate::model::{DeploymentId, Endpoints, Host};
use crate::outbox::{ApiRoot, Delivery, LostRequest, Origin, Outbox, OutboxError, Outcome, Sought};
use crate::term::Term;

/// What sending leftovers may take of a command that is about something else.
const IN_PASSING: Duration = Duration::from_secs(10);
/// The same for one call, with its repeats: a server that is away now is asked
/// by the command itself.
const CALL: Duration = Duration::from_secs(3);

/// The server that statuses are kept for.
pub(crate) fn origin_of(endpoints: &Endpoints, host: Host, host_is_named: bool) -> Origin {
    Origin {
        root: ApiRoot::of(endpoints),
        host,
        host_is_named,
    }
}

/// The embedded sandbox, for the same.
#[cfg(feature = "sandbox")]
pub(crate) fn sandbox_origin() -> Origin {
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
pub(crate) async fn deliver(session: &Session, connection: &Connection) {
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
            for delivery in &deliveries {
                warn_of_omitted(term, delivery);
                let Delivery { entry, outcome, .. } = delivery;
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

/// Warns of a status that the server took only without its URL or description.
pub(crate) fn warn_of_omitted(term: &Term, delivery: &Delivery) {
    if let Some(omitted) = &delivery.omitted {
        term.warn(format!(
            "the {} of deployment {} is {omitted}",
            delivery.entry.status.state, delivery.entry.place.deployment
        ));
    }
}

async fn try_deliver(session: &Session, connection: &Connection) -> anyhow::Result<Vec<Delivery>> {
    let Some(outbox) = open_outbox(session)? else {
        return Ok(Vec::new());
    };
    let root = &connection.origin.root;
    outbox.sweep()?;
    let requests = outbox.lost_requests(Some(root))?;
    let is_known = requests.iter().all(|lost| !lost.settles_in().is_zero());
    let is_sent = |outbox: &Outbox| -> Result<bool, OutboxError> {
        let entries = outbox.entries(Some(root))?;
        Ok(entries.iter().all(|entry| entry.is_refused))
    };
    if is_known && is_sent(&outbox)? {
        return Ok(Vec::new());
    }
    let client = connection.client.with_patience(CALL)?;
    let deadline = Instant::now() + IN_PASSING;
    for (request, sought) in outbox.seek(&client, root, deadline).await? {
        tell(&session.term, &request, &sought);
    }
    if is_sent(&outbox)? {
        return Ok(Vec::new());
    }
    Ok(outbox.deliver(&client, root, deadline).await?)
}

/// Tells what became of a request of a run that ended before it heard of it.
pub(crate) fn tell(term: &Term, request: &LostRequest, sought: &Sought) {
    let what = requested(request);
    match sought {
        Sought::Found(id) => {
            term.note(format!("{what}: it is {id}, and is reported as error"));
        }
        Sought::InHand(id) => {
            term.verbose(format!("{what}: it is {id}, and somebody reports on it"));
        }
        Sought::Absent => term.verbose(format!("{what}: none was made")),
        Sought::Unclear(ids) => {
            let ids: Vec<String> = ids.iter().map(DeploymentId::to_string).collect();
            term.warn(format!(
                "{what}, and it can't be told whether it is {}",
                ids.join(" or ")
            ));
            term.hint("if it stays pending, end it with 'deployctl status set ID error'");
        }
        Sought::TooOld => term.warn(format!(
            "{what}; for a day it could not be found out whether it is there: now it is forgotten"
        )),
        Sought::Waits(error) => {
            let why = error.as_ref();
            let why = why.map_or_else(String::new, |error| format!(" ({error})"));
            term.verbose(format!(
                "{what}; it is not known yet whether it is there{why}"
            ));
        }
    }
}

/// Tells of a request of a run that ended before it heard of it.
pub(crate) fn requested(request: &LostRequest) -> String {
    format!(
        "a deployctl run was killed or gave up while it requested a deployment of {} to {} in {}",
        request.new.ref_name, request.new.environment, request.repo
    )
}
