mod agent;
mod record;
mod summary;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tokio::time::{Instant, sleep};

use crate::api::Client;
use crate::env;
use crate::error::{Failure, Kind};
use crate::model::{Server, in_words};
use crate::outbox::{ApiRoot, LostRequest, Origin, Outbox, RequestOutcome};
use crate::output::Record;
use crate::session::{
    Connection, Session, describe_lost_request, open_outbox, print_search_result, warn_of_omitted,
};

use record::FlushRecord;
use summary::{FlushSummary, REQUEST_TIMEOUT, discard, failure_of};

pub(super) const FIELDS: &[&str] = FlushRecord::FIELDS;

/// How long sending to one server may take.
const SERVER_TIMEOUT: Duration = Duration::from_secs(600);

/// Send statuses that could not be sent earlier
///
/// If the server cannot be reached at the end, 'deployctl run' stores its
/// report, and the next deployctl command for that server sends it. 'flush'
/// sends stored reports now, for all servers, or with -R or DEPLOYCTL_HOST for
/// one. It first checks whether the status has arrived after all, and never
/// overwrites another final status. A run that was killed is reported as error.
/// If it was killed while it requested its deployment, 'flush' looks for the
/// deployment and reports it only if it is certainly the one that was
/// requested.
///
/// An agent stores and sends its own reports. If it will not be started again
/// soon, --config sends them: the results of deployments that it still owns,
/// and error for those that were interrupted when it was killed.
///
/// Exit code 0 if nothing is left, 8 if the command of a killed run is still
/// running, 75 if a server could not be reached, 1 if a server refused a
/// report.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Send stored reports
  deployctl flush

  # List stored reports
  deployctl flush --list

  # Discard two of them
  deployctl flush --drop 3 4

  # Send the reports of an agent
  deployctl flush --config deployctl.toml")]
pub struct FlushArgs {
    /// List stored reports without sending them
    #[arg(long, conflicts_with = "drop")]
    pub list: bool,

    /// Discard these reports without sending them
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub drop: Vec<i64>,

    /// Send the reports of the agent with this configuration, which must not be
    /// running
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

pub(super) async fn run(session: &Session, args: &FlushArgs) -> anyhow::Result<()> {
    let format = session.format::<FlushRecord>()?;
    if let Some(config) = &args.config {
        return agent::run(session, config, args.list, &args.drop, &format).await;
    }
    let outbox = open_outbox(session)?;
    if !args.drop.is_empty() {
        return discard(session, outbox.as_ref(), &args.drop);
    }
    let mut summary = FlushSummary::default();
    if let Some(outbox) = &outbox {
        outbox.report_killed_runs()?;
        let only = only_root(session)?;
        let is_wanted = |root: &ApiRoot| only.as_ref().is_none_or(|only| only == root);
        if !args.list {
            for origin in outbox.origins()? {
                if is_wanted(&origin.root) {
                    send(session, outbox, &origin, &mut summary).await?;
                }
            }
        }
        for stored in outbox.stored_statuses(None)? {
            if is_wanted(&stored.deployment.origin.root) {
                summary.add_stored(stored);
            }
        }
        for (deployment, pid) in outbox.orphans()? {
            if is_wanted(&deployment.origin.root) {
                let message = format!(
                    "the command of deployment {} is still running as process {pid}, although its deployctl was killed",
                    deployment.id
                );
                session.term.note(format!(
                    "{message}; its result is reported once it has ended"
                ));
                summary
                    .unfinished
                    .push(Failure::new(Kind::NotFinished, message));
            }
        }
        for request in outbox.lost_requests(None)? {
            if !args.list && request.is_too_old() {
                // Its server could not be reached at all.
                outbox.forget_request(&request)?;
                print_search_result(&session.term, &request, &RequestOutcome::TooOld);
            } else if is_wanted(&request.origin.root) {
                let message = format!(
                    "{}; it is not known yet whether it exists",
                    describe_lost_request(&request)
                );
                session.term.note(message.as_str());
                summary
                    .unfinished
                    .push(Failure::new(Kind::Network, message));
            }
        }
    }
    summary.finish(session, &format, args.list)
}

/// Sends everything that is stored for one server.
async fn send(
    session: &Session,
    outbox: &Outbox,
    origin: &Origin,
    summary: &mut FlushSummary,
) -> anyhow::Result<()> {
    let has_unsent = outbox
        .stored_statuses(Some(&origin.root))?
        .into_iter()
        .any(|stored| !stored.is_refused);
    let requests = outbox.lost_requests(Some(&origin.root))?;
    if !has_unsent && requests.is_empty() {
        return Ok(());
    }
    // The sandbox ends with its connection.
    let (client, _connection) = match connect(session, origin).await {
        Ok(connected) => connected,
        Err(error) => {
            summary.failures.push(Failure::from_error(error));
            return Ok(());
        }
    };
    let deadline = Instant::now() + SERVER_TIMEOUT;
    if let Some(settling) = requests.iter().map(LostRequest::settles_in).max() {
        if !settling.is_zero() {
            session.term.note(format!(
                "a run was killed while it requested a deployment: looking for it in {}",
                in_words(settling)
            ));
        }
        sleep(settling).await;
    }
    for (request, outcome) in outbox
        .resolve_requests(&client, &origin.root, deadline)
        .await?
    {
        print_search_result(&session.term, &request, &outcome);
        match &outcome {
            RequestOutcome::Waiting(Some(error)) => {
                summary.failures.push(failure_of(error, origin));
            }
            RequestOutcome::Ambiguous(_) => summary.unfinished.push(Failure::new(
                Kind::Other,
                "cannot find out which deployment a run requested",
            )),
            _ => {}
        }
    }
    let deliveries = outbox.deliver(&client, &origin.root, deadline).await?;
    for delivery in deliveries {
        if let Some(error) = record::error_of(&delivery.outcome) {
            summary.failures.push(failure_of(error, origin));
        }
        warn_of_omitted(&session.term, &delivery);
        summary.records.push(FlushRecord::delivered(delivery));
    }
    Ok(())
}

/// Connects to a server for which something is stored.
async fn connect(
    session: &Session,
    origin: &Origin,
) -> anyhow::Result<(Client, Option<Connection>)> {
    if origin.root.is_sandbox() {
        let connection = session.connect_sandbox(Some(REQUEST_TIMEOUT)).await?;
        return Ok((connection.client.clone(), Some(connection)));
    }
    let current = session.server(None)?;
    let server = if ApiRoot::of(&current.endpoints) == origin.root {
        current
    } else {
        let stored = Server {
            endpoints: origin.host.endpoints()?,
            host: origin.host.clone(),
            host_is_named: origin.host_is_named,
            is_override: false,
        };
        if ApiRoot::of(&stored.endpoints) != origin.root {
            return Err(Failure::new(
                Kind::NotAuthenticated,
                format!(
                    "sending the reports for {} needs its URL and token",
                    origin.root
                ),
            )
            .hint(format!("set {}={}", env::DEPLOYCTL_API_URL, origin.root))
            .into());
        }
        stored
    };
    let (token, _) = session.find_token(&server).await?;
    let client = session.client(server.endpoints, Some(token), REQUEST_TIMEOUT)?;
    Ok((client, None))
}

/// The server to which the command is limited, if the user named one.
fn only_root(session: &Session) -> anyhow::Result<Option<ApiRoot>> {
    if session.is_sandbox() {
        return Ok(Some(ApiRoot::sandbox()));
    }
    let is_named = session.global.one_repo()?.is_some()
        || [env::DEPLOYCTL_HOST, env::GH_HOST]
            .into_iter()
            .any(|name| session.env.get(name).is_some());
    if !is_named {
        return Ok(None);
    }
    Ok(Some(ApiRoot::of(&session.server(None)?.endpoints)))
}
