mod agent;
mod record;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use crate::api::{ApiError, Client};
use crate::env;
use crate::error::{Asking, Failure, Kind};
use crate::model::{Server, in_words};
use crate::outbox::{ApiRoot, Entry, EntryId, LostRequest, Origin, Outbox, Sought};
use crate::output::{Format, Record};
use crate::session::{
    Connection, Session, describe_lost_request, open_outbox, print_search_result, warn_of_omitted,
};

use record::{FlushRecord, columns, row};

/// The fields of its JSON.
pub(super) const FIELDS: &[&str] = FlushRecord::FIELDS;

/// How long one call may take with its repeats.
const CALL: Duration = Duration::from_secs(30);
/// How long sending to one server may take.
const SERVER: Duration = Duration::from_secs(600);

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

/// What is told in the end.
#[derive(Default)]
struct Tally {
    records: Vec<FlushRecord>,
    /// Why some of them are still kept.
    failures: Vec<Failure>,
    /// What else is not done.
    open: Vec<Failure>,
}

/// Sends, shows or forgets.
pub(super) async fn run(session: &Session, args: &FlushArgs) -> anyhow::Result<()> {
    let format = session.format::<FlushRecord>()?;
    if let Some(config) = &args.config {
        return agent::run(session, args, config, &format).await;
    }
    let outbox = open_outbox(session)?;
    if !args.drop.is_empty() {
        return forget(session, outbox.as_ref(), &args.drop);
    }
    let mut tally = Tally::default();
    if let Some(outbox) = &outbox {
        outbox.sweep()?;
        let only = only_root(session)?;
        let is_wanted = |root: &ApiRoot| only.as_ref().is_none_or(|only| only == root);
        if !args.list {
            for origin in outbox.origins()? {
                if is_wanted(&origin.root) {
                    send(session, outbox, &origin, &mut tally).await?;
                }
            }
        }
        for entry in outbox.entries(None)? {
            if is_wanted(&entry.place.origin.root) {
                tally.keep(entry);
            }
        }
        for (place, pid) in outbox.orphans()? {
            if is_wanted(&place.origin.root) {
                let message = format!(
                    "the command of deployment {} is still running as process {pid}, although its deployctl was killed",
                    place.deployment
                );
                session.term.note(format!(
                    "{message}; its result is reported once it has ended"
                ));
                tally.open.push(Failure::new(Kind::NotFinished, message));
            }
        }
        for request in outbox.lost_requests(None)? {
            if !args.list && request.is_too_old() {
                // Its server could not be asked at all.
                outbox.forget_request(&request)?;
                print_search_result(&session.term, &request, &Sought::TooOld);
            } else if is_wanted(&request.origin.root) {
                let message = format!(
                    "{}; it is not known yet whether it exists",
                    describe_lost_request(&request)
                );
                session.term.note(message.as_str());
                tally.open.push(Failure::new(Kind::Network, message));
            }
        }
    }
    tally.conclude(session, &format, args.list)
}

impl Tally {
    /// Adds what is still kept, unless it was told before.
    fn keep(&mut self, entry: Entry) {
        if self.records.iter().any(|record| record.is_of(&entry)) {
            return;
        }
        if entry.is_refused {
            let failure = Failure::new(Kind::Other, "a server refused a stored report");
            self.failures.push(failure);
        }
        self.records.push(FlushRecord::kept(entry));
    }

    /// Prints it, and fails if something is left that was to be sent.
    fn conclude(self, session: &Session, format: &Format, is_list: bool) -> anyhow::Result<()> {
        let Self {
            records,
            failures,
            open,
        } = self;
        let now = Timestamp::now();
        if records.is_empty() && open.is_empty() {
            session.term.note("nothing is kept");
        }
        format.print_many(&session.term, &records, columns(), |record| {
            row(record, now)
        })?;
        session.term.flush()?;
        let left = records.iter().filter(|record| !record.is_done()).count();
        if is_list || (left == 0 && open.is_empty()) {
            return Ok(());
        }
        let worst = failures
            .into_iter()
            .chain(open)
            .min_by_key(|failure| rank(failure.kind()));
        Err(match worst {
            Some(failure) if left > 0 => failure
                .hint("run 'deployctl flush --list' to see stored reports, 'deployctl flush --drop ID' to discard one")
                .detail("left", left),
            Some(failure) => failure,
            // Another process is at it.
            None => Failure::new(
                Kind::Network,
                format!("{left} statuses are being sent by another process"),
            ),
        }
        .into())
    }
}

/// A refusal is worse than a token, and that worse than a network.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::NotFinished => 3,
        Kind::Network | Kind::ServerError | Kind::RateLimited => 2,
        Kind::NotAuthenticated | Kind::Forbidden => 1,
        _ => 0,
    }
}

/// Sends what is kept for one server.
async fn send(
    session: &Session,
    outbox: &Outbox,
    origin: &Origin,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let waits = outbox
        .entries(Some(&origin.root))?
        .into_iter()
        .any(|entry| !entry.is_refused);
    let requests = outbox.lost_requests(Some(&origin.root))?;
    if !waits && requests.is_empty() {
        return Ok(());
    }
    // The sandbox lives as long as its connection.
    let (client, _connection) = match reach(session, origin).await {
        Ok(reached) => reached,
        Err(error) => {
            tally.failures.push(Failure::from_error(error));
            return Ok(());
        }
    };
    let deadline = Instant::now() + SERVER;
    if let Some(settling) = requests.iter().map(LostRequest::settles_in).max() {
        if !settling.is_zero() {
            session.term.note(format!(
                "a run was killed while it requested a deployment: looking for it in {}",
                in_words(settling)
            ));
        }
        sleep(settling).await;
    }
    for (request, sought) in outbox.seek(&client, &origin.root, deadline).await? {
        print_search_result(&session.term, &request, &sought);
        match &sought {
            Sought::Waits(Some(error)) => tally.failures.push(failure_of(error, origin)),
            Sought::Unclear(_) => tally.open.push(Failure::new(
                Kind::Other,
                "cannot find out which deployment a run requested",
            )),
            _ => {}
        }
    }
    let deliveries = outbox.deliver(&client, &origin.root, deadline).await?;
    for delivery in deliveries {
        if let Some(error) = record::error_of(&delivery.outcome) {
            tally.failures.push(failure_of(error, origin));
        }
        warn_of_omitted(&session.term, &delivery);
        tally.records.push(FlushRecord::delivered(delivery));
    }
    Ok(())
}

fn failure_of(error: &ApiError, origin: &Origin) -> Failure {
    match Failure::from_api(error, &Asking::default()) {
        // There is something, and the server refuses it.
        failure if matches!(failure.kind(), Kind::NothingThere | Kind::Invalid) => Failure::new(
            Kind::Other,
            format!("{} refused a status: {}", origin.root, failure.message()),
        ),
        failure => failure,
    }
}

/// A client of a server that something is kept for.
async fn reach(session: &Session, origin: &Origin) -> anyhow::Result<(Client, Option<Connection>)> {
    if origin.root.is_sandbox() {
        let connection = session.connect_sandbox(Some(CALL)).await?;
        return Ok((connection.client.clone(), Some(connection)));
    }
    let at_hand = session.server(None)?;
    let server = if ApiRoot::of(&at_hand.endpoints) == origin.root {
        at_hand
    } else {
        let own = Server {
            endpoints: origin.host.endpoints()?,
            host: origin.host.clone(),
            host_is_named: origin.host_is_named,
            is_override: false,
        };
        if ApiRoot::of(&own.endpoints) != origin.root {
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
        own
    };
    let (token, _) = session.find_token(&server).await?;
    let client = session.client(server.endpoints, Some(token), CALL)?;
    Ok((client, None))
}

/// The one server that is asked for, if one is.
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

fn forget(session: &Session, outbox: Option<&Outbox>, ids: &[i64]) -> anyhow::Result<()> {
    let mut missing = Vec::new();
    for id in ids {
        match outbox {
            Some(outbox) if outbox.remove(EntryId(*id))? => {
                session.term.note(format!("forgot {id}"));
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
