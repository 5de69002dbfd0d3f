use tokio::time::Instant;

use super::latest::LatestDeployments;
use super::options::{MoveOptions, PayloadChoice, Via};
use super::plan::{Operation, Plan};
use super::record::{MoveRecord, PlanRecord};
use super::request::{RequestOptions, is_by_actions, make_request};
use super::rerun::{self, Job};
use super::show::{show_plan, show_request};
use crate::api::{EnvironmentHistory, NewDeployment};
use crate::error::{Failure, Kind};
use crate::model::{Deployment, DeploymentWithState, quote_for_shell};
use crate::output::{Format, short_sha, write_json};
use crate::request::{DeployLock, Ending, LockGuard, request_deployment};
use crate::session::{Connection, Session};

/// A command that moves a version.
pub(crate) struct Move<'a> {
    pub(crate) session: &'a Session,
    pub(crate) operation: Operation,
    pub(crate) options: &'a MoveOptions,
    pub(crate) payload: PayloadChoice,
    /// `None` for all checks of the commit.
    pub(crate) required_contexts: Option<Vec<String>>,
    /// How the commit gets there; `None` to request a deployment unless that
    /// would be in vain.
    pub(crate) via: Option<Via>,
}

/// What is sent.
pub(super) enum Step {
    Create(Box<NewDeployment>),
    Rerun(Job),
}

/// What the server has accepted.
enum Sent {
    Deployment(Box<Deployment>),
    Rerun { run_url: String },
}

impl Move<'_> {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let session = self.session;
        let format = if self.options.dry_run {
            session.format::<PlanRecord<'_>>()?
        } else {
            session.format::<MoveRecord>()?
        };
        let began = Instant::now();
        let connection = session.connect(self.options.wait.call_timeout()).await?;
        let mut histories = self.read(&connection).await?;
        let plan = self.plan(&connection, &histories)?;
        if plan.is_done() {
            return self.finish_done(&connection, &format, &plan, began).await;
        }
        let latest = self.recheck(&connection, &plan, &mut histories).await?;
        let mut step = self.make_step(&connection, &plan, &latest).await?;
        let undo = self.undo(&plan, &step);
        let now = connection.client.server_now();
        show_plan(&session.term, &self.operation, &plan, now);
        if let Step::Create(new) = &step {
            show_request(&session.term, &self.operation, new);
        }
        if self.options.dry_run {
            return self.print_dry_run(&connection, &format, &plan, &step, undo.as_deref());
        }
        let guard = self.options.locks.read(session, &connection).await?;
        match &mut step {
            Step::Create(new) => guard.admit(new)?,
            // A job that runs again has no description to note an ignored lock in.
            Step::Rerun(_) => {
                guard.check(&plan.environment, &plan.task)?;
                guard.ignored_note(&plan.environment, &plan.task, None)?;
            }
        }
        if !self.options.yes {
            self.confirm(&plan, &step).await?;
            // The answer may have taken a while.
            self.recheck(&connection, &plan, &mut histories).await?;
        }
        let own_lock = &self.options.take_lock;
        let own_lock = own_lock
            .take(session, &connection, &plan.environment)
            .await?;
        let sent = match self.send(&connection, &guard, &step).await {
            Ok(sent) => sent,
            Err(error) => return Err(give_back(session, own_lock, error).await),
        };
        if let Some(undo) = &undo {
            session.term.note(format!("undo: {undo}"));
        }
        self.suggest_lock(&plan);
        match sent {
            Sent::Deployment(deployment) => {
                let now = deployment.last_change();
                let observed = DeploymentWithState::from_latest_status(*deployment, None, now);
                self.finish(&connection, &format, observed, undo, began)
                    .await
            }
            Sent::Rerun { run_url } => {
                let record = MoveRecord {
                    deployment: None,
                    undo,
                    run_url: Some(run_url.clone()),
                };
                let term = &session.term;
                Ok(format.print_one(term, &record, || term.line(run_url))?)
            }
        }
    }

    async fn read(&self, connection: &Connection) -> Result<Vec<EnvironmentHistory>, Failure> {
        let task = self.options.task.as_deref();
        let histories = self.operation.read(connection, task).await?;
        self.session.update_cache(connection, |cache| {
            for history in &histories {
                if !history.deployments.is_empty() {
                    cache.add_environment(&history.environment);
                }
            }
        });
        Ok(histories)
    }

    fn plan(
        &self,
        connection: &Connection,
        histories: &[EnvironmentHistory],
    ) -> Result<Plan, Failure> {
        let now = connection.client.server_now();
        let MoveOptions { task, anyway, .. } = self.options;
        self.operation
            .plan(histories, task.as_deref(), *anyway, now)
    }

    /// Checks whether the plan still holds. If something may have changed, it is
    /// made again from the histories of now.
    ///
    /// # Errors
    /// If another commit would be deployed, or another one is live, than before.
    async fn recheck(
        &self,
        connection: &Connection,
        plan: &Plan,
        histories: &mut Vec<EnvironmentHistory>,
    ) -> Result<LatestDeployments, Failure> {
        let latest = LatestDeployments::list(connection, plan, histories).await;
        let latest = latest.map_err(|error| connection.explain(&error))?;
        if !latest.may_have_changed {
            return Ok(latest);
        }
        *histories = self.read(connection).await?;
        match self.plan(connection, histories) {
            Ok(later) if plan.is_same(&later) => Ok(latest),
            Err(failure) if failure.kind() == Kind::NotFinished => Err(failure),
            Ok(_) | Err(_) => Err(self.changed(plan)),
        }
    }

    fn changed(&self, plan: &Plan) -> Failure {
        let message = match &self.operation {
            Operation::Promote { from, to, .. } => format!(
                "what is live in {from} or {to} has changed since deployment {} was chosen",
                plan.source.id
            ),
            Operation::Rollback { environment, .. } => format!(
                "the deployments of {environment} have changed since deployment {} was chosen",
                plan.source.id
            ),
        };
        Failure::new(Kind::Other, message)
            .hint("nothing was requested; run the command again to see what is live now")
    }

    /// Decides what is sent.
    async fn make_step(
        &self,
        connection: &Connection,
        plan: &Plan,
        latest: &LatestDeployments,
    ) -> Result<Step, Failure> {
        if self.via == Some(Via::Rerun) {
            return Ok(Step::Rerun(Job::of_source(connection, plan)?));
        }
        let source = latest.deployment(connection, plan.source.id).await;
        let source =
            source.map_err(|error| connection.explain_for_deployment(plan.source.id, &error))?;
        let is_by_actions = plan.source.is_by_actions() || is_by_actions(&source);
        if is_by_actions && self.operation.is_rollback() && self.via.is_none() {
            return Err(by_actions(plan));
        }
        let options = RequestOptions {
            payload: &self.payload,
            required_contexts: self.required_contexts.as_deref(),
        };
        let new =
            make_request(connection, &self.operation, plan, latest, &source, &options).await?;
        Ok(Step::Create(Box::new(new)))
    }

    async fn confirm(&self, plan: &Plan, step: &Step) -> anyhow::Result<()> {
        let environment = &plan.environment;
        let question = match (&self.operation, step) {
            (Operation::Promote { from, .. }, _) => format!("Promote {from} to {environment}?"),
            (Operation::Rollback { .. }, Step::Create(_)) => format!("Roll back {environment}?"),
            (Operation::Rollback { .. }, Step::Rerun(job)) => {
                format!(
                    "Roll back {environment} by running the job {} again?",
                    job.id
                )
            }
        };
        self.session.confirm(question).await
    }

    /// The next deployment may undo a rollback.
    fn suggest_lock(&self, plan: &Plan) {
        if self.operation.is_rollback() && self.options.take_lock.lock.is_none() {
            let environment = quote_for_shell(&plan.environment);
            self.session.term.hint(format!(
                "the next deployment undoes this unless you lock the environment: use --lock, or run 'deployctl lock {environment}'"
            ));
        }
    }

    fn print_dry_run(
        &self,
        connection: &Connection,
        format: &Format,
        plan: &Plan,
        step: &Step,
        undo: Option<&str>,
    ) -> anyhow::Result<()> {
        let term = &self.session.term;
        let (request, run_url) = match step {
            Step::Create(new) => (Some(new.as_ref()), None),
            Step::Rerun(job) => (None, Some(job.run_url(connection))),
        };
        let record = PlanRecord {
            request,
            run_url: run_url.as_deref(),
            undo,
            ..PlanRecord::new(plan)
        };
        format.print_one(term, &record, || match (request, &run_url) {
            (Some(new), _) => write_json(term, new),
            (None, Some(url)) => term.line(url.as_str()),
            (None, None) => Ok(()),
        })?;
        term.note("dry run: nothing was sent");
        Ok(())
    }

    /// Ends a command whose commit is live already.
    async fn finish_done(
        &self,
        connection: &Connection,
        format: &Format,
        plan: &Plan,
        began: Instant,
    ) -> anyhow::Result<()> {
        let Some(live) = &plan.live else {
            return Ok(());
        };
        self.session.term.note(format!(
            "{} is live in {} already, with deployment {}",
            short_sha(&live.sha),
            plan.environment,
            live.id
        ));
        if self.options.dry_run {
            let record = PlanRecord::new(plan);
            return Ok(format.print_one(&self.session.term, &record, || Ok(()))?);
        }
        let history = connection.repo().deployment(live.id).history().await;
        let history =
            history.map_err(|error| connection.explain_for_deployment(live.id, &error))?;
        let observed = history.deployment_with_state();
        self.finish(connection, format, observed, None, began).await
    }

    async fn finish(
        &self,
        connection: &Connection,
        format: &Format,
        observed: DeploymentWithState,
        undo: Option<String>,
        began: Instant,
    ) -> anyhow::Result<()> {
        let ending = Ending {
            session: self.session,
            connection,
            format,
            title: match self.operation {
                Operation::Promote { .. } => "Promoted deployment",
                Operation::Rollback { .. } => "Rollback",
            },
            wait: self.options.wait,
            began,
        };
        let to_record = |deployment| MoveRecord {
            deployment: Some(deployment),
            undo,
            run_url: None,
        };
        ending.finish(observed, to_record).await
    }

    /// Requests the deployment, or runs the job again. A deployment that a lock or
    /// a freeze came in after was ended.
    async fn send(
        &self,
        connection: &Connection,
        guard: &LockGuard<'_>,
        step: &Step,
    ) -> anyhow::Result<Sent> {
        match step {
            Step::Create(new) => {
                let deployment = request_deployment(self.session, connection, new).await?;
                guard.confirm(&deployment).await?;
                Ok(Sent::Deployment(Box::new(deployment)))
            }
            Step::Rerun(job) => {
                let run_url = job.run_url(connection);
                let write = connection.repo().rerun_job(job.run, job.id);
                let done = self
                    .session
                    .track_write("the job may run again", write)
                    .await;
                done.map_err(|error| rerun::explain(connection, &error, &run_url))?;
                Ok(Sent::Rerun { run_url })
            }
        }
    }
}

/// Gives the lock back after an error, unless something may have been deployed.
async fn give_back(session: &Session, lock: DeployLock<'_>, error: anyhow::Error) -> anyhow::Error {
    let failure = error.downcast_ref::<Failure>();
    if failure.is_none_or(|failure| failure.kind() != Kind::OutcomeUnknown) {
        lock.give_back().await;
    } else if lock.is_taken() {
        let what = "the environment stays locked, because the deployment may exist";
        session.term.warn(what);
    }
    error
}

fn by_actions(plan: &Plan) -> Failure {
    let message = format!(
        "deployment {} was made by a job of GitHub Actions, and no job starts for one that is requested in place of it",
        plan.source.id
    );
    Failure::new(Kind::Other, message)
        .hint("--via rerun runs its job again, with the same commit")
        .hint("--via deployment requests a deployment, if a deployer listens for it")
}
