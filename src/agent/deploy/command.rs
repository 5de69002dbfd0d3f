use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::time::timeout;

use super::attempt::Attempt;
use super::claim::{HeldClaim, WithClaim};
use super::error::DeployError;
use crate::agent::checkout::Checkout;
use crate::agent::command_log::{self, CommandLog};
use crate::agent::config::{Program, Rule};
use crate::agent::journal::StartedCommand;
use crate::agent::leftover_processes::own_session;
use crate::agent::stage::Stage;
use crate::api::{NewStatus, Token};
use crate::env::{DEPLOYCTL_REPO, command as variables};
use crate::model::{DeploymentId, StatusState};
use crate::outbox::claims::Ownership;
use crate::process;
use crate::process::output_file::CommandFiles;
use crate::process::redact::Redactor;
use crate::process::report::{StatusUrls, final_status, redacted_description};
use crate::process::{
    CommandSpec, FinishedCommand, OutputSink, RemainingProcesses, Signal, StreamTarget,
    control_channel,
};

/// How long the final status waits for the removal of the checkout.
const REMOVAL_TIMEOUT: Duration = Duration::from_secs(10);

/// Why the agent ends a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StopReason {
    Superseded(DeploymentId),
    AgentEnds,
}

/// A command that is ready to run, with its files.
pub(super) struct PreparedCommand {
    redactor: Redactor,
    files: CommandFiles,
    checkout: Option<Checkout>,
    spec: CommandSpec,
}

/// The result of a command.
pub(super) struct CommandResult {
    /// The final status; or the state of a deployment that is no longer this
    /// agent's.
    pub(super) status: Result<NewStatus, Ownership>,
    pub(super) checkout: Option<Checkout>,
    pub(super) remains: Option<RemainingProcesses>,
}

impl Attempt {
    pub(super) async fn execute(
        &self,
        rule: &Rule,
        held: &mut HeldClaim,
        prepared: PreparedCommand,
    ) -> Result<CommandResult, DeployError> {
        let id = self.entry.id();
        let input = self.entry.rule_input();
        for (key, template) in rule.unusable_templates(id.0, &input, &self.agent.name) {
            self.agent.log.warn(
                "URL template gives no valid URL",
                json!({
                    "id": id,
                    "key": key,
                    "template": template.to_string(),
                    "environment": input.environment,
                    "hint": "use {environment_slug} where the URL needs a host name label",
                }),
            );
        }
        let started = StartedCommand {
            at: Timestamp::now(),
            session: own_session(),
        };
        if let Err(error) = self.agent.journal.set_running(id, started).await {
            self.discard(prepared).await;
            return Err(error.into());
        }
        self.agent.log.info(
            "command started",
            json!({
                "id": id,
                "rule": rule.name,
                "environment": self.entry.deployment.environment,
                "sha": self.entry.deployment.sha,
            }),
        );
        let PreparedCommand {
            redactor,
            files,
            checkout,
            spec,
        } = prepared;
        let (finished, stop_reason) = self.run_command(rule, held, spec).await;
        self.log_end(&finished);
        let status = match stop_reason {
            Ok(reason) => Ok(self.status_of(rule, &finished, &files, reason, &redactor)),
            Err(ownership) => Err(ownership),
        };
        Ok(CommandResult {
            status,
            checkout,
            remains: finished.remaining_processes,
        })
    }

    /// Runs the command to its end while heartbeats are sent. Returns why the
    /// agent ended it, if it did; or the state of the deployment, if it is no
    /// longer this agent's.
    async fn run_command(
        &self,
        rule: &Rule,
        held: &mut HeldClaim,
        spec: CommandSpec,
    ) -> (FinishedCommand, Result<Option<StopReason>, Ownership>) {
        let (handle, control) = control_channel();
        let mut command = pin!(process::run(spec, control));
        let mut stop_reason = None;
        loop {
            let is_stopping = stop_reason.is_some();
            let result = {
                let command = command.as_mut();
                let work = async {
                    tokio::select! {
                        finished = command => Ok(finished),
                        reason = self.reason_to_stop(), if !is_stopping => Err(reason),
                    }
                };
                self.renew_while(rule, held, work).await
            };
            // Output after the command's end comes from processes that it left
            // behind. They are not ended, since the handle is dropped here.
            match result {
                WithClaim::Done(Ok(finished)) => return (finished, Ok(stop_reason)),
                WithClaim::Done(Err(reason)) => {
                    stop_reason = Some(reason);
                    handle.signal(Signal::Terminate);
                }
                WithClaim::Lost(ownership, done) => {
                    self.agent.log.error(
                        "deployment was taken over or has ended: stopping its command",
                        json!({ "id": self.entry.id() }),
                    );
                    if let Some(Ok(finished)) = done {
                        return (finished, Err(ownership));
                    }
                    handle.signal(Signal::Terminate);
                    return (command.await, Err(ownership));
                }
            }
        }
    }

    /// Cleans up after a command that is not run.
    pub(super) async fn discard(&self, prepared: PreparedCommand) {
        self.remove_checkout(prepared.checkout).await;
    }

    pub(super) async fn remove_checkout(&self, checkout: Option<Checkout>) {
        let Some(checkout) = checkout else {
            return;
        };
        let removed = timeout(REMOVAL_TIMEOUT, checkout.remove()).await;
        if let Err(error) = removed.unwrap_or_else(|_| Err(io::Error::other("it took too long"))) {
            self.agent.log.warn(
                "checkout is left behind",
                json!({ "id": self.entry.id(), "error": error.to_string() }),
            );
        }
    }

    fn log_end(&self, finished: &FinishedCommand) {
        let id = self.entry.id();
        self.agent.log.info(
            "command ended",
            json!({
                "id": id,
                "end": finished.end.to_string(),
                "seconds": finished.duration.as_secs_f64(),
            }),
        );
        if let Some(error) = finished.remaining_output.take_error() {
            self.agent.log.warn(
                "log is incomplete",
                json!({ "id": id, "error": error.to_string() }),
            );
        }
    }

    /// The status of a deployment whose command cannot be run.
    pub(super) fn status_of_failed_start(&self, rule: &Rule, reason: &str) -> NewStatus {
        let redactor = self.redactor(rule);
        let reason = redactor.redact(reason);
        self.agent.log.error(
            "command cannot be run",
            json!({ "id": self.entry.id(), "error": reason }),
        );
        NewStatus {
            description: Some(redacted_description(&redactor, &reason)),
            log_url: self.log_url(rule),
            ..NewStatus::new(StatusState::Error)
        }
    }

    fn status_of(
        &self,
        rule: &Rule,
        finished: &FinishedCommand,
        files: &CommandFiles,
        stop_reason: Option<StopReason>,
        redactor: &Redactor,
    ) -> NewStatus {
        let written = files.read_output();
        for warning in &written.warnings {
            self.agent.log.warn(
                "output file",
                json!({ "id": self.entry.id(), "warning": redactor.redact(warning) }),
            );
        }
        let addresses = StatusUrls {
            log_url: self.log_url(rule),
            environment_url: self.environment_url(rule),
        };
        let mut status = final_status(finished, &written, &addresses, redactor);
        if status.state != StatusState::Success && written.environment_url.is_none() {
            // The environment may not have been changed at all.
            status.environment_url = None;
        }
        status.auto_inactive = rule.auto_inactive;
        let mut description = match stop_reason {
            None => return status,
            Some(StopReason::Superseded(newer)) => format!("stopped: superseded by {newer}"),
            Some(StopReason::AgentEnds) => "stopped: the agent was ended".to_owned(),
        };
        if finished.remaining_processes.is_some() {
            description.push_str("; the command could not be ended");
        }
        NewStatus {
            state: StatusState::Error,
            description: Some(description),
            ..status
        }
    }

    /// Waits until there is a reason to end the command.
    async fn reason_to_stop(&self) -> StopReason {
        tokio::select! {
            newer = self.superseding() => StopReason::Superseded(newer),
            () = Stage::ending(self.agent.stage.clone()) => StopReason::AgentEnds,
        }
    }

    /// Prepares everything that the command needs, or says why that is impossible.
    pub(super) async fn prepare(&self, rule: &Rule) -> Result<PreparedCommand, String> {
        let redactor = self.redactor(rule);
        let (agent, id) = (&self.agent, self.entry.id());
        let deployment = &self.entry.deployment;
        let files = CommandFiles::new(&deployment.payload).map_err(|error| {
            format!("the folder for the command's files cannot be created: {error}")
        })?;
        let folder = rule
            .log_directory
            .clone()
            .unwrap_or_else(|| agent.state_dir.join("logs"));
        let log = CommandLog::open(&folder, id, rule.log_max_bytes)
            .map_err(|error| format!("the log cannot be written: {error}"))?;
        let mut log = redactor.writer(log);
        if let Err(error) = command_log::prune(&folder, rule.log_keep, rule.log_keep_for) {
            agent.log.warn(
                "old logs could not be removed",
                json!({ "error": error.to_string() }),
            );
        }
        let checkout = match &rule.checkout {
            Some(source) => match agent.checkouts.create(source, &deployment.sha, id).await {
                Ok(checkout) => Some(checkout),
                Err(error) => {
                    // A status has room for only one line of it.
                    let _ = log.write_all(error.output.as_bytes());
                    return Err(error.to_string());
                }
            },
            None => None,
        };
        let folder = match &checkout {
            Some(checkout) => resolve_inside(checkout.path(), &rule.directory)
                .map_err(|error| format!("the directory is not in the checkout: {error}"))?,
            None => rule.directory.clone(),
        };
        let mut spec = CommandSpec::new(argv(&rule.program, &folder));
        spec.working_directory = Some(folder);
        spec.set_variables = files.variables(deployment);
        spec.set_variables.extend([
            (
                DEPLOYCTL_REPO.into(),
                self.entry.repository.to_string().into(),
            ),
            (
                variables::DEPLOYCTL_AGENT.into(),
                agent.journal.instance().into(),
            ),
        ]);
        spec.set_variables.extend(
            rule.env
                .iter()
                .map(|(name, value)| (name.into(), value.into())),
        );
        spec.unset_variables = agent
            .settings()
            .hidden_variables
            .iter()
            .map(OsString::from)
            .collect();
        spec.stdout = StreamTarget::Read(OutputSink::new(log));
        spec.redactor = redactor.clone();
        spec.stderr = StreamTarget::LikeStdout;
        spec.timeout = Some(rule.timeout);
        spec.grace = rule.kill_after;
        Ok(PreparedCommand {
            redactor,
            files,
            checkout,
            spec,
        })
    }

    /// Knows everything that no status and no log of the rule's command may show.
    fn redactor(&self, rule: &Rule) -> Redactor {
        let agent = &self.agent;
        let token = agent.client.token();
        let token = token.as_ref().map(Token::expose);
        let settings = agent.settings();
        let own = settings.redacted.iter().map(String::as_str);
        Redactor::new(own.chain(token).chain(rule.secrets()))
    }
}

/// Resolves a folder of the checkout. Fails if a link leads out of it.
fn resolve_inside(checkout: &Path, folder: &Path) -> io::Result<PathBuf> {
    let checkout = checkout.canonicalize()?;
    let folder = checkout.join(folder).canonicalize()?;
    if folder.starts_with(&checkout) {
        Ok(folder)
    } else {
        Err(io::Error::other("a link leads out of it"))
    }
}

/// The program and its arguments. A relative path of a program starts at the
/// working directory.
fn argv(program: &Program, folder: &Path) -> Vec<OsString> {
    match program {
        Program::Shell(script) => ["sh", "-c", script].map(OsString::from).into(),
        Program::Command(words) => {
            let mut argv: Vec<OsString> = words.iter().map(OsString::from).collect();
            if let Some(first) = argv.first_mut()
                && Path::new(&*first).components().count() > 1
            {
                *first = folder.join(&*first).into_os_string();
            }
            argv
        }
    }
}
