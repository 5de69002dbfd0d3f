use std::time::Duration;

use tokio::time::Instant;

use super::session::Session;
use crate::api::Client;
use crate::model::DeploymentId;
use crate::outbox::{
    ApiRoot, Delivery, DeliveryOutcome, LostRequest, Outbox, OutboxError, RequestOutcome,
};
use crate::term::Term;

/// How long a command about something else may spend on sending stored reports.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long one call may take with its retries: if the server does not respond
/// now, the command itself will find out.
const CALL_TIMEOUT: Duration = Duration::from_secs(3);

/// The outbox of the user, if there is one.
pub(crate) fn open_outbox(session: &Session) -> Result<Option<Outbox>, OutboxError> {
    match Outbox::location(&session.env) {
        Some(path) => Outbox::open_existing(&path),
        None => Ok(None),
    }
}

/// Sends the reports that earlier runs have stored for this server. It never
/// fails: a report that can't be sent now is left for the next command.
pub(super) async fn deliver(session: &Session, client: &Client, root: &ApiRoot) {
    let term = &session.term;
    match try_deliver(session, client, root).await {
        Ok(deliveries) => {
            let sent = deliveries
                .iter()
                .filter(|delivery| delivery.outcome.is_done())
                .count();
            match sent {
                0 => {}
                1 => term.note("sent a status that an earlier run had stored"),
                many => term.note(format!("sent {many} statuses that earlier runs had stored")),
            }
            for delivery in &deliveries {
                warn_of_omitted(term, delivery);
                let Delivery {
                    stored, outcome, ..
                } = delivery;
                if let DeliveryOutcome::Refused(error) = outcome {
                    term.warn(format!(
                        "the server refuses the stored {} of deployment {}: {error}; run 'deployctl flush --list' to see it",
                        stored.status.state, stored.deployment.id
                    ));
                }
            }
        }
        Err(error) => term.verbose(format!("stored statuses were not sent: {error}")),
    }
}

/// Warns that the server accepted a status only without its URL or description.
pub(crate) fn warn_of_omitted(term: &Term, delivery: &Delivery) {
    if let Some(omitted) = &delivery.omitted {
        term.warn(format!(
            "the {} of deployment {} is {omitted}",
            delivery.stored.status.state, delivery.stored.deployment.id
        ));
    }
}

async fn try_deliver(
    session: &Session,
    client: &Client,
    root: &ApiRoot,
) -> anyhow::Result<Vec<Delivery>> {
    let Some(outbox) = open_outbox(session)? else {
        return Ok(Vec::new());
    };
    outbox.report_killed_runs()?;
    let requests = outbox.lost_requests(Some(root))?;
    let are_in_flight = requests.iter().all(|lost| !lost.settles_in().is_zero());
    let are_sent = |outbox: &Outbox| -> Result<bool, OutboxError> {
        let entries = outbox.stored_statuses(Some(root))?;
        Ok(entries.iter().all(|entry| entry.is_refused))
    };
    if are_in_flight && are_sent(&outbox)? {
        return Ok(Vec::new());
    }
    let client = client.with_deadline(CALL_TIMEOUT)?;
    let deadline = Instant::now() + DELIVERY_TIMEOUT;
    for (request, sought) in outbox.resolve_requests(&client, root, deadline).await? {
        print_search_result(&session.term, &request, &sought);
    }
    if are_sent(&outbox)? {
        return Ok(Vec::new());
    }
    Ok(outbox.deliver(&client, root, deadline).await?)
}

/// Prints what became of a request whose run ended before it got the response.
pub(crate) fn print_search_result(term: &Term, request: &LostRequest, sought: &RequestOutcome) {
    let what = describe_lost_request(request);
    match sought {
        RequestOutcome::Found(id) => {
            term.note(format!("{what}: it is deployment {id}, which is reported as error"));
        }
        RequestOutcome::AlreadyReported(id) => {
            term.verbose(format!("{what}: it is deployment {id}, on which another deployer reports"));
        }
        RequestOutcome::Absent => term.verbose(format!("{what}: none was created")),
        RequestOutcome::Ambiguous(ids) => {
            let ids: Vec<String> = ids.iter().map(DeploymentId::to_string).collect();
            term.warn(format!(
                "{what}, and it is unclear whether it is deployment {}",
                ids.join(" or ")
            ));
            term.hint("if it stays pending, end it with 'deployctl status set ID error'");
        }
        RequestOutcome::TooOld => term.warn(format!(
            "{what}; for a day it could not be found out whether it exists, so it is no longer searched for"
        )),
        RequestOutcome::Waiting(error) => {
            let cause = error.as_ref();
            let cause = cause.map_or_else(String::new, |error| format!(" ({error})"));
            term.verbose(format!(
                "{what}; it is not known yet whether it exists{cause}"
            ));
        }
    }
}

/// Describes a request whose run ended before it got the response.
pub(crate) fn describe_lost_request(request: &LostRequest) -> String {
    format!(
        "a deployctl run was killed or gave up while it requested a deployment of {} to {} in {}",
        request.new.ref_name, request.new.environment, request.repo
    )
}
