//! The agent as a whole: what takes deployments in, what gives them their
//! turn, and how it all comes to its end.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::checkout::Sources;
use super::deploy::Agent;
use super::dispatch::Dispatcher;
use super::journal::{Entry, Journal, JournalError};
use super::log::Log;
use super::metrics::Metrics;
use super::observe::Watch;
use super::poll::Poller;
use super::receive::{self, Receiver};
use super::recover::recover;
use super::settings::Settings;
use crate::api::Client;
use crate::model::{DeploymentId, RepoSlug};
use crate::outbox::{Origin, Outbox, OutboxError};

/// How long final statuses may take once the agent ends; what is not sent by
/// then stays in the outbox.
const LAST_WORDS: Duration = Duration::from_secs(30);

/// What the agent is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It starts what there is to do.
    Working,
    /// It starts nothing more, and what runs may come to its end.
    Draining,
    /// What still runs is ended.
    Ending,
}

impl Stage {
    /// Waits until the agent starts nothing more.
    pub(super) async fn is_left(mut stage: watch::Receiver<Self>) {
        // Without a sender the agent is gone, and this task with it.
        let _ = stage.wait_for(|stage| *stage != Self::Working).await;
    }

    /// Waits until what runs is ended.
    pub(super) async fn is_ending(mut stage: watch::Receiver<Self>) {
        let _ = stage.wait_for(|stage| *stage == Self::Ending).await;
    }
}

/// All that an agent is made of.
pub(crate) struct Setup {
    /// What it listens to and what it runs.
    pub settings: Settings,
    /// Its name.
    pub name: String,
    /// The server.
    pub client: Client,
    /// How the outbox names that server.
    pub origin: Origin,
    /// Its journal.
    pub journal: Journal,
    /// Where its final statuses are kept until they are sent. It is the agent's
    /// own: before one is sent that had to wait, the agent has to make sure that
    /// the deployment is still its own.
    pub outbox: Outbox,
    /// The outbox of the user, from which it sends what others kept there.
    pub shared_outbox: Option<PathBuf>,
    /// The folder of its files.
    pub state: PathBuf,
    /// Where git is, for checkouts.
    pub git: Option<PathBuf>,
    /// Where it says how things go.
    pub log: Log,
}

/// The agent can't go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServiceError {
    /// An address is taken, or not of this machine.
    #[error("can't listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The outbox.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// A part of the agent broke off.
    #[error("the agent broke off: {0}")]
    Broken(String),
}

/// How the agent ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// Whether commands had to be ended before their own end.
    pub was_cut: bool,
}

impl Agent {
    /// Puts it together; what it is to do comes through the other end of its
    /// stage.
    ///
    /// # Errors
    /// If there is no memory for an outbox.
    pub(super) fn assemble(setup: Setup) -> Result<(Self, watch::Sender<Stage>), OutboxError> {
        let (stage, stage_of) = watch::channel(Stage::Working);
        let agent = Self {
            places: Arc::new(Semaphore::new(setup.settings.config.parallel)),
            settings: watch::Sender::new(Arc::new(setup.settings)),
            name: setup.name,
            client: setup.client,
            origin: setup.origin,
            journal: setup.journal,
            outbox: Arc::new(setup.outbox),
            memory: Arc::new(Outbox::in_memory()?),
            shared_outbox: setup.shared_outbox,
            metrics: Arc::new(Metrics::new(Timestamp::now())),
            log: setup.log,
            state: setup.state,
            stage: stage_of,
            sources: Sources::default(),
            git: setup.git,
        };
        Ok((agent, stage))
    }
}

/// An agent that listens.
pub(crate) struct Service {
    agent: Arc<Agent>,
    listener: Option<TcpListener>,
    metrics_listener: Option<TcpListener>,
    stage: watch::Sender<Stage>,
}

impl Service {
    /// Opens the addresses. Nothing is taken in before [`Service::run`].
    pub(crate) async fn start(setup: Setup) -> Result<Self, ServiceError> {
        let config = &setup.settings.config;
        let listener = match &config.listen {
            Some(listen) => Some(bind(listen.address).await?),
            None => None,
        };
        let metrics_listener = match config.metrics {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        let (agent, stage) = Agent::assemble(setup)?;
        Ok(Self {
            agent: Arc::new(agent),
            listener,
            metrics_listener,
            stage,
        })
    }

    /// Works until `stop` comes, and then until what runs has ended: by itself
    /// within the grace time, else by a signal. If the future is dropped,
    /// commands are killed, and the next start reports them.
    ///
    /// What comes through `reloads` are the settings from then on.
    pub(crate) async fn run(
        self,
        stop: impl Future<Output = ()>,
        mut reloads: UnboundedReceiver<Settings>,
    ) -> Result<Stopped, ServiceError> {
        let Self {
            agent,
            listener,
            metrics_listener,
            stage,
        } = self;
        let entries = recover(&agent).await?;
        let (tell, news) = unbounded_channel();
        let mut intake = JoinSet::new();
        listen(&agent, listener, metrics_listener, &tell, &mut intake);
        let mut known = Vec::new();
        poll(&agent, &tell, &mut known, &mut intake);
        let courier = Arc::clone(&agent);
        intake.spawn(async move { Err(io::Error::other(courier.carry().await)) });
        let mut work = tokio::spawn(dispatch(&agent, entries, news));
        let mut stop = std::pin::pin!(stop);
        let broken = loop {
            break tokio::select! {
            () = &mut stop => None,
            Some(settings) = reloads.recv() => {
                agent.reload(settings);
                poll(&agent, &tell, &mut known, &mut intake);
                continue;
            }
            done = &mut work => return Err(ended_early(done)),
            Some(done) = intake.join_next() => Some(match done {
                Ok(Err(error)) => error.to_string(),
                Ok(Ok(())) => "it no longer listens".to_owned(),
                Err(error) => error.to_string(),
            }),
            };
        };
        let config = agent.config();
        agent
            .log
            .info("agent stops", json!({ "grace_s": config.grace.as_secs() }));
        stage.send_replace(Stage::Draining);
        let mut was_cut = false;
        let mut done = timeout(config.grace, &mut work).await.ok();
        if done.is_none() {
            // Something is left; a journal that fails does not say what.
            let counts = agent.journal.counts().await;
            was_cut = counts.map_or(true, |counts| counts.running > 0);
            stage.send_replace(Stage::Ending);
            let rules = config.rules.iter();
            let longest = rules.map(|rule| rule.kill_after).max().unwrap_or_default();
            done = timeout(longest + LAST_WORDS, &mut work).await.ok();
        }
        intake.shutdown().await;
        match done {
            Some(Ok(())) => {}
            Some(done) => return Err(ended_early(done)),
            None => {
                work.abort();
                agent
                    .log
                    .warn("some final statuses are left in the outbox", json!({}));
            }
        }
        agent.log.info("agent stopped", json!({}));
        match broken {
            None => Ok(Stopped { was_cut }),
            Some(error) => Err(ServiceError::Broken(error)),
        }
    }
}

fn dispatch(
    agent: &Arc<Agent>,
    entries: Vec<Entry>,
    news: UnboundedReceiver<DeploymentId>,
) -> impl Future<Output = ()> + use<> {
    let stage = agent.stage.clone();
    Dispatcher::new(Arc::clone(agent)).run(entries, news, stage)
}

fn ended_early(done: Result<(), tokio::task::JoinError>) -> ServiceError {
    match done {
        Ok(()) => ServiceError::Broken("nothing is left to do".to_owned()),
        Err(error) => ServiceError::Broken(error.to_string()),
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ServiceError> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| ServiceError::Listen { address, source })
}

fn listen(
    agent: &Arc<Agent>,
    listener: Option<TcpListener>,
    metrics_listener: Option<TcpListener>,
    news: &UnboundedSender<DeploymentId>,
    intake: &mut JoinSet<io::Result<()>>,
) {
    let watch = Arc::new(Watch {
        client: agent.client.clone(),
        journal: agent.journal.clone(),
        metrics: Arc::clone(&agent.metrics),
        outboxes: [Arc::clone(&agent.outbox), Arc::clone(&agent.memory)],
        stage: agent.stage.clone(),
    });
    let tell = |what: &'static str, listener: &TcpListener, path: &str| {
        let address = listener.local_addr().map(|address| address.to_string());
        agent
            .log
            .info(what, json!({ "address": address.ok(), "path": path }));
    };
    if let (Some(listener), Some(listen)) = (listener, &agent.config().listen) {
        tell("listening", &listener, &listen.path);
        let receiver = Receiver {
            settings: agent.settings.subscribe(),
            journal: agent.journal.clone(),
            metrics: Arc::clone(&agent.metrics),
            log: agent.log.clone(),
            news: news.clone(),
            watch: Arc::clone(&watch),
        };
        intake.spawn(receive::serve(listener, receiver, listen.max_body));
    }
    if let Some(listener) = metrics_listener {
        tell("metrics listening", &listener, "/metrics");
        intake.spawn(receive::serve_metrics(listener, watch));
    }
}

/// Begins to poll the repositories that are not in `known` yet.
fn poll(
    agent: &Arc<Agent>,
    news: &UnboundedSender<DeploymentId>,
    known: &mut Vec<RepoSlug>,
    intake: &mut JoinSet<io::Result<()>>,
) {
    let config = agent.config();
    let Some(poll) = &config.poll else {
        return;
    };
    for repository in &poll.repositories {
        if known.contains(repository) {
            continue;
        }
        known.push(repository.clone());
        agent.log.info(
            "polling",
            json!({
                "repository": repository.to_string(),
                "interval_s": poll.interval.as_secs_f64(),
            }),
        );
        let poller = Poller {
            client: agent.client.clone(),
            repository: repository.clone(),
            settings: agent.settings.subscribe(),
            journal: agent.journal.clone(),
            metrics: Arc::clone(&agent.metrics),
            log: agent.log.clone(),
            news: news.clone(),
        };
        intake.spawn(async move {
            poller.run().await;
            Ok(())
        });
    }
}
