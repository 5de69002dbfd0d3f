use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::api::{ApiError, DeploymentFilter, Fetched};
use crate::error::{Failure, Kind};
use crate::history::{Follow, Goal, Watched, verdict, wait_of};
use crate::model::{Deployment, DeploymentId, Phase};
use crate::model::{parse_duration, parse_interval};
use crate::output::DeploymentRecord;
use crate::select::parse_sha;
use crate::session::{
    Connection, Session, history_failure, summarize_deployments, web_url, write_github_output,
};

/// How long one call may repeat itself before the waiting goes on with the next.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the first look may take at least.
const FIRST_LOOK: Duration = Duration::from_secs(2);

/// Wait until deployments have succeeded, or ended
///
/// The deployments are named by their ids, or the newest one is taken that
/// the filters match; it need not exist yet. Changes are told on stderr, and
/// the environment URL on stdout when a deployment has succeeded.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Wait for one deployment, and open what it deployed
  url=$(deployctl wait 4400000001) && curl -fsS \"$url\"

  # Wait for the preview of a commit, which may not be requested yet
  deployctl wait -e preview/pr-7 --sha \"$(git rev-parse HEAD)\" --timeout 10m

  # Wait until an environment is taken down
  deployctl wait -e preview/pr-7 --for inactive")]
pub struct WaitArgs {
    /// Ids of deployments
    #[arg(value_name = "ID", conflicts_with_all = ["environment", "ref_name", "sha", "task"])]
    pub ids: Vec<DeploymentId>,

    /// The newest deployment of this environment
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Option<String>,

    /// The newest deployment of this ref, in the words of the request
    #[arg(long = "ref", value_name = "REF")]
    pub ref_name: Option<String>,

    /// The newest deployment of this commit
    #[arg(long, value_parser = parse_sha)]
    pub sha: Option<String>,

    /// The newest deployment of this task
    #[arg(long)]
    pub task: Option<String>,

    /// What to wait for
    #[arg(long = "for", value_name = "END", value_enum, default_value_t)]
    pub goal: Goal,

    /// How long to wait in all
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = parse_duration)]
    pub timeout: Duration,

    /// How long to wait for a deployment to be requested
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = parse_duration)]
    pub appear_timeout: Duration,

    /// Pause between two looks; it grows while nothing changes
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = parse_interval)]
    pub interval: Duration,

    /// Exit with 0 if there is no such deployment
    #[arg(long)]
    pub ignore_missing: bool,
}

/// Waits.
pub(super) async fn run(session: &Session, args: &WaitArgs) -> anyhow::Result<()> {
    let format = session.format::<DeploymentRecord>()?;
    let filter = DeploymentFilter {
        sha: full_sha(session, args.sha.as_deref())?,
        ref_name: args.ref_name.clone(),
        task: args.task.clone(),
        environment: args.environment.clone(),
    };
    if args.ids.is_empty() && filter == DeploymentFilter::default() {
        return Err(Failure::new(Kind::Usage, "no deployment is named")
            .hint(
                "name deployments by their IDs, or the newest one with -e, --ref, --sha or --task",
            )
            .into());
    }
    let began = Instant::now();
    let deadline = began.checked_add(args.timeout);
    let connection = session
        .connect(Some(PATIENCE.min(args.timeout.max(FIRST_LOOK))))
        .await?;
    let waiting = Waiting {
        session,
        connection: &connection,
        args,
        began,
        deadline,
    };
    let found = if args.ids.is_empty() {
        waiting.appearance(&filter).await
    } else {
        waiting.named().await
    };
    let mut watched = match found {
        Ok(watched) => watched,
        Err(failure) if args.ignore_missing && failure.kind() == Kind::NothingThere => {
            session.term.note(failure.message());
            Vec::new()
        }
        Err(failure) => return Err(failure.into()),
    };
    let follow = Follow {
        term: &session.term,
        connection: &connection,
        goal: args.goal,
        deadline,
        interval: args.interval,
    };
    let followed = follow.run(&mut watched).await;
    let term = &session.term;
    let records: Vec<DeploymentRecord> = watched
        .iter()
        .map(|one| {
            let url = web_url(
                connection.client.endpoints(),
                &connection.repo,
                &one.observed.deployment,
            );
            DeploymentRecord::new(one.observed.clone(), url)
        })
        .collect();
    session.note_records(&connection, &records);
    if format.is_human() {
        for one in watched
            .iter()
            .filter(|one| one.observed.state.phase() == Phase::Succeeded)
        {
            if let Some(url) = one.environment_url() {
                term.line(url)?;
            }
        }
    } else {
        match &records[..] {
            [record] => format.one(term, record, || Ok(()))?,
            records => format.many(term, records, Vec::new(), |_| Vec::new())?,
        }
    }
    for record in &records {
        write_github_output(session, record)?;
    }
    summarize_deployments(session, "Awaited deployments", &records)?;
    term.flush()?;
    // What has failed stays failed, whatever is still under way.
    match (verdict(&watched, args.goal), followed) {
        (Some(failure), Ok(())) => Err(failure.into()),
        (Some(failure), Err(late)) if late.kind() == Kind::TimedOut => {
            Err(failure.hint(late.message()).into())
        }
        (_, followed) => Ok(followed?),
    }
}

/// The commit that is meant: the server compares whole SHAs.
fn full_sha(session: &Session, sha: Option<&str>) -> Result<Option<String>, Failure> {
    match sha {
        Some(short) if short.len() < 40 => {
            let found = session.git().ok().and_then(|git| git.commit(short));
            found.map(Some).ok_or_else(|| {
                Failure::new(
                    Kind::Usage,
                    format!("--sha {short}: no such commit is here"),
                )
                .hint("give the whole SHA")
            })
        }
        sha => Ok(sha.map(str::to_owned)),
    }
}

struct Waiting<'a> {
    session: &'a Session,
    connection: &'a Connection,
    args: &'a WaitArgs,
    began: Instant,
    deadline: Option<Instant>,
}

impl Waiting<'_> {
    /// The deployments that are named by their ids.
    async fn named(&self) -> Result<Vec<Watched>, Failure> {
        let mut ids = self.args.ids.clone();
        ids.sort_unstable();
        ids.dedup();
        let histories = join_all(ids.into_iter().map(|id| self.history(id))).await;
        let mut watched = Vec::new();
        for history in histories {
            match history {
                Ok(one) => watched.push(one),
                Err(failure)
                    if self.args.ignore_missing && failure.kind() == Kind::NothingThere =>
                {
                    self.session.term.note(failure.message());
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(watched)
    }

    async fn history(&self, id: DeploymentId) -> Result<Watched, Failure> {
        let connection = self.connection;
        loop {
            let history = self
                .in_time(connection.client.observed(&connection.repo, id))
                .await?;
            match history {
                Ok(history) => {
                    return Ok(Watched::new(
                        history.deployment,
                        history.statuses,
                        history.server_now,
                    ));
                }
                Err(error) => {
                    self.after(&error, |error| history_failure(connection, id, error))
                        .await?;
                }
            }
        }
    }

    /// The newest deployment that matches, as soon as there is one.
    async fn appearance(&self, filter: &DeploymentFilter) -> Result<Vec<Watched>, Failure> {
        let connection = self.connection;
        let (client, repo) = (&connection.client, &connection.repo);
        let appear = Instant::now().checked_add(self.args.appear_timeout);
        let mut etag = None;
        let mut spinner = None;
        loop {
            let answer = self
                .in_time(client.deployments_since(repo, filter, 1, etag.as_deref()))
                .await?;
            match answer {
                Ok(Fetched::Fresh {
                    value, etag: newer, ..
                }) => {
                    if let Some(deployment) = value.into_iter().next() {
                        drop(spinner);
                        return self.statuses_of(deployment).await.map(|one| vec![one]);
                    }
                    etag = newer;
                }
                Ok(Fetched::NotModified { .. }) => {}
                Err(error) => {
                    self.after(&error, |error| connection.explain(error))
                        .await?;
                }
            }
            if spinner.is_none() {
                spinner = Some(
                    self.session
                        .term
                        .spinner("waiting for a deployment to be requested"),
                );
                self.session
                    .term
                    .progress("no such deployment yet; waiting for one to be requested");
            }
            let next = Instant::now() + self.args.interval;
            if self.is_past(next) {
                return Err(self.time_is_up().await);
            }
            if let Some(appear) = appear.filter(|appear| *appear <= next) {
                sleep_until(appear).await;
                return Err(Failure::new(
                    Kind::NothingThere,
                    format!("no such deployment was requested in {}", connection.repo),
                )
                .hint(
                    "'deployctl list' shows those there are; --appear-timeout waits longer for one",
                )
                .hints_more(self.meant_instead()));
            }
            sleep_until(next).await;
        }
    }

    async fn statuses_of(&self, deployment: Deployment) -> Result<Watched, Failure> {
        let connection = self.connection;
        let id = deployment.id;
        loop {
            let answer = connection.client.statuses_since(&connection.repo, id, None);
            match self.in_time(answer).await? {
                Ok(Fetched::Fresh {
                    value, server_now, ..
                }) => {
                    return Ok(Watched::new(deployment, value, server_now));
                }
                Ok(Fetched::NotModified { server_now }) => {
                    return Ok(Watched::new(deployment, Vec::new(), server_now));
                }
                Err(error) => {
                    self.after(&error, |error| history_failure(connection, id, error))
                        .await?;
                }
            }
        }
    }

    /// Lets a call go on to the deadline at the longest.
    ///
    /// The first look gets a moment even with `--timeout 0`, which is a way to
    /// ask how things are.
    async fn in_time<T>(&self, call: impl Future<Output = T>) -> Result<T, Failure> {
        let deadline = self
            .deadline
            .map(|deadline| deadline.max(self.began + FIRST_LOOK));
        match deadline {
            Some(deadline) => match timeout_at(deadline, call).await {
                Ok(value) => Ok(value),
                Err(_) => Err(self.time_is_up().await),
            },
            None => Ok(call.await),
        }
    }

    /// Waits out what waiting can mend; anything else ends the command.
    async fn after(
        &self,
        error: &ApiError,
        explain: impl Fn(&ApiError) -> Failure,
    ) -> Result<(), Failure> {
        if !error.is_temporary() {
            return Err(explain(error));
        }
        self.session.term.verbose(format!("trying on: {error}"));
        let next = Instant::now() + wait_of(error).max(self.args.interval);
        if self.is_past(next) {
            return Err(match error {
                ApiError::RateLimited(_) => explain(error),
                _ => self.time_is_up().await,
            });
        }
        sleep_until(next).await;
        Ok(())
    }

    /// What a name of an environment was a slip of, if it was one.
    fn meant_instead(&self) -> Option<String> {
        let name = self.args.environment.as_deref()?;
        self.connection.meant_instead(name)
    }

    fn is_past(&self, moment: Instant) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= moment)
    }

    /// The failure for the deadline, once it is there.
    async fn time_is_up(&self) -> Failure {
        if let Some(deadline) = self.deadline {
            sleep_until(deadline).await;
        }
        Failure::new(
            Kind::TimedOut,
            "time is up, and the deployment was not seen",
        )
        .hint("--timeout gives it longer; -v shows each request")
    }
}
