//! The agent as a whole: it starts the parts that receive and dispatch deployments,
//! and stops them in order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::agent::{Agent, Setup};
use super::dispatch::Dispatcher;
use super::error::ServiceError;
use super::journal::JournalEntry;
use super::monitoring::Monitoring;
use super::poll::Poller;
use super::receive::{self, Receiver};
use super::recover::recover;
use super::settings::Settings;
use super::stage::Stage;
use crate::model::{DeploymentId, RepoSlug};

/// How long final statuses may take once the agent ends; the others stay in the
/// outbox.
const LAST_REPORTS_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// Whether running commands had to be ended.
    pub ended_commands: bool,
}

/// An agent whose addresses are open.
pub(crate) struct Service {
    agent: Arc<Agent>,
    listener: Option<TcpListener>,
    metrics_listener: Option<TcpListener>,
    stage: watch::Sender<Stage>,
}

impl Service {
    /// Opens the addresses. Nothing is received before [`Service::run`].
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
        let (agent, stage) = Agent::new(setup)?;
        Ok(Self {
            agent: Arc::new(agent),
            listener,
            metrics_listener,
            stage,
        })
    }

    /// Runs until `stop` completes. Running commands then have the grace time to
    /// end before they are sent a signal. If the future is dropped, commands are
    /// killed, and the next start reports them.
    ///
    /// Settings that arrive through `reloads` replace the current ones.
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
        let (sender, new_deployments) = unbounded_channel();
        let mut inputs = JoinSet::new();
        listen(&agent, listener, metrics_listener, &sender, &mut inputs);
        let mut repositories = Vec::new();
        poll(&agent, &sender, &mut repositories, &mut inputs);
        let outbox_agent = Arc::clone(&agent);
        inputs.spawn(async move { outbox_agent.run_outbox_loop().await });
        let mut dispatcher = tokio::spawn(dispatch(&agent, entries, new_deployments));
        let mut stop = std::pin::pin!(stop);
        let failure = loop {
            break tokio::select! {
            () = &mut stop => None,
            Some(settings) = reloads.recv() => {
                agent.reload(settings);
                poll(&agent, &sender, &mut repositories, &mut inputs);
                continue;
            }
            done = &mut dispatcher => return Err(ended_early(done)),
            Some(done) = inputs.join_next() => Some(match done {
                Ok(Err(error)) => error.to_string(),
                Ok(Ok(())) => "a listener has stopped".to_owned(),
                Err(error) => error.to_string(),
            }),
            };
        };
        let config = agent.config();
        agent.log.info(
            "agent is stopping",
            json!({ "grace_s": config.grace.as_secs() }),
        );
        stage.send_replace(Stage::Draining);
        let mut ended_commands = false;
        let mut done = timeout(config.grace, &mut dispatcher).await.ok();
        if done.is_none() {
            // A failing journal cannot say whether commands are running.
            let counts = agent.journal.counts().await;
            ended_commands = counts.map_or(true, |counts| counts.running > 0);
            stage.send_replace(Stage::Ending);
            let rules = config.rules.iter();
            let longest = rules.map(|rule| rule.kill_after).max().unwrap_or_default();
            done = timeout(longest + LAST_REPORTS_TIMEOUT, &mut dispatcher)
                .await
                .ok();
        }
        inputs.shutdown().await;
        match done {
            Some(Ok(())) => {}
            Some(done) => return Err(ended_early(done)),
            None => {
                dispatcher.abort();
                agent.log.warn(
                    "some final statuses were not sent and stay in the outbox",
                    json!({}),
                );
            }
        }
        agent.log.info("agent stopped", json!({}));
        match failure {
            None => Ok(Stopped { ended_commands }),
            Some(error) => Err(ServiceError::Failed(error)),
        }
    }
}

fn dispatch(
    agent: &Arc<Agent>,
    entries: Vec<JournalEntry>,
    new_deployments: UnboundedReceiver<DeploymentId>,
) -> impl Future<Output = ()> + use<> {
    let stage = agent.stage.clone();
    Dispatcher::new(Arc::clone(agent)).run(entries, new_deployments, stage)
}

fn ended_early(done: Result<(), tokio::task::JoinError>) -> ServiceError {
    match done {
        Ok(()) => ServiceError::Failed("the dispatcher has stopped".to_owned()),
        Err(error) => ServiceError::Failed(error.to_string()),
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
    sender: &UnboundedSender<DeploymentId>,
    inputs: &mut JoinSet<io::Result<()>>,
) {
    let monitoring = Arc::new(Monitoring {
        client: agent.client.clone(),
        journal: agent.journal.clone(),
        metrics: Arc::clone(&agent.metrics),
        outboxes: [Arc::clone(&agent.outbox), Arc::clone(&agent.memory_outbox)],
        stage: agent.stage.clone(),
    });
    let log_address = |event: &'static str, listener: &TcpListener, path: &str| {
        let address = listener.local_addr().map(|address| address.to_string());
        agent
            .log
            .info(event, json!({ "address": address.ok(), "path": path }));
    };
    if let (Some(listener), Some(listen)) = (listener, &agent.config().listen) {
        log_address("listening", &listener, &listen.path);
        let receiver = Receiver {
            settings: agent.settings.subscribe(),
            journal: agent.journal.clone(),
            metrics: Arc::clone(&agent.metrics),
            log: agent.log.clone(),
            new_deployments: sender.clone(),
            monitoring: Arc::clone(&monitoring),
        };
        inputs.spawn(receive::serve(listener, receiver, listen.max_body_bytes));
    }
    if let Some(listener) = metrics_listener {
        log_address("listening for metrics", &listener, "/metrics");
        inputs.spawn(receive::serve_monitoring(listener, monitoring));
    }
}

/// Starts to poll the repositories that are not in `started` yet.
fn poll(
    agent: &Arc<Agent>,
    sender: &UnboundedSender<DeploymentId>,
    started: &mut Vec<RepoSlug>,
    inputs: &mut JoinSet<io::Result<()>>,
) {
    let config = agent.config();
    let Some(poll) = &config.poll else {
        return;
    };
    for repository in &poll.repositories {
        if started.contains(repository) {
            continue;
        }
        started.push(repository.clone());
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
            new_deployments: sender.clone(),
        };
        inputs.spawn(async move {
            poller.run().await;
            Ok(())
        });
    }
}
