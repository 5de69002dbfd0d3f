use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::time::timeout;

use super::ownership::{Hold, Kept};
use super::{Trouble, Turn, newer_one};
use crate::agent::checkout::Checkout;
use crate::agent::config::{Program, Rule};
use crate::agent::journal::Started;
use crate::agent::leftovers::own_session;
use crate::agent::logs::{self, LogFile};
use crate::agent::service::Stage;
use crate::api::{NewStatus, Token};
use crate::env::{DEPLOYCTL_REPO, command};
use crate::model::{DeploymentId, StatusState};
use crate::outbox::claims::Standing;
use crate::process;
use crate::process::output_file::Files;
use crate::process::redact::Redactor;
use crate::process::report::{Addresses, final_status, redacted};
use crate::process::{Channel, Finished, Order, Remains, Signal, Sink, handle};

/// How long the final status waits for the checkout to be removed.
const REMOVAL: Duration = Duration::from_secs(10);

/// Why a command was ended before its own end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Superseded(DeploymentId),
    AgentEnds,
}

/// What a command runs with; it goes with this value.
pub(super) struct Prepared {
    redactor: Redactor,
    files: Files,
    checkout: Option<Checkout>,
    order: Order,
}

/// What became of a command.
pub(super) struct Executed {
    /// The final status; or how the deployment stands that is no longer this
    /// agent's.
    pub(super) status: Result<NewStatus, Standing>,
    pub(super) checkout: Option<Checkout>,
    pub(super) remains: Option<Remains>,
}

impl Turn {
    /// Runs the command.
    pub(super) async fn execute(
        &self,
        rule: &Rule,
        hold: &mut Hold,
        prepared: Prepared,
    ) -> Result<Executed, Trouble> {
        let id = self.entry.id();
        let request = self.entry.request();
        for (key, template) in rule.unfit_templates(id.0, &request, &self.agent.name) {
            self.agent.log.warn(
                "an address can't be made",
                json!({
                    "id": id,
                    "key": key,
                    "template": template.to_string(),
                    "environment": request.environment,
                    "hint": "{environment_slug} makes a host label of an environment",
                }),
            );
        }
        let started = Started {
            at: Timestamp::now(),
            session: own_session(),
        };
        if let Err(error) = self.agent.journal.start(id, started).await {
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
        let Prepared {
            redactor,
            files,
            checkout,
            order,
        } = prepared;
        let (finished, cut) = self.run_command(rule, hold, order).await;
        self.log_end(&finished);
        let status = match cut {
            Ok(cut) => Ok(self.status_of(rule, &finished, &files, cut, &redactor)),
            Err(standing) => Err(standing),
        };
        Ok(Executed {
            status,
            checkout,
            remains: finished.remains,
        })
    }

    /// Runs the command to its end, and gives signs of life meanwhile. Gives back
    /// why it was cut short; or how the deployment stands, if it is no longer
    /// this agent's.
    async fn run_command(
        &self,
        rule: &Rule,
        hold: &mut Hold,
        order: Order,
    ) -> (Finished, Result<Option<Cut>, Standing>) {
        let (handle, control) = handle();
        let mut command = pin!(process::run(order, control));
        let mut cut = None;
        loop {
            let is_cut = cut.is_some();
            let kept = {
                let command = command.as_mut();
                let work = async {
                    tokio::select! {
                        finished = command => Ok(finished),
                        cut = self.reason_to_end(), if !is_cut => Err(cut),
                    }
                };
                self.keep_while(rule, hold, work).await
            };
            // What the command writes after its end is written by somebody that
            // it left behind: the handle goes with this function.
            match kept {
                Kept::Done(Ok(finished)) => return (finished, Ok(cut)),
                Kept::Done(Err(reason)) => {
                    cut = Some(reason);
                    handle.end(Signal::Terminate);
                }
                Kept::Lost(standing, done) => {
                    self.agent.log.error(
                        "deployment was taken over or has ended: its command is ended",
                        json!({ "id": self.entry.id() }),
                    );
                    if let Some(Ok(finished)) = done {
                        return (finished, Err(standing));
                    }
                    handle.end(Signal::Terminate);
                    return (command.await, Err(standing));
                }
            }
        }
    }

    /// Removes what was prepared for a command that is not run.
    pub(super) async fn discard(&self, prepared: Prepared) {
        self.remove(prepared.checkout).await;
    }

    pub(super) async fn remove(&self, checkout: Option<Checkout>) {
        let Some(checkout) = checkout else {
            return;
        };
        let removed = timeout(REMOVAL, checkout.remove(&self.agent)).await;
        if let Err(error) = removed.unwrap_or_else(|_| Err("it took too long".to_owned())) {
            self.agent.log.warn(
                "checkout is left behind",
                json!({ "id": self.entry.id(), "error": error }),
            );
        }
    }

    fn log_end(&self, finished: &Finished) {
        let id = self.entry.id();
        self.agent.log.info(
            "command ended",
            json!({
                "id": id,
                "end": finished.end.to_string(),
                "seconds": finished.took.as_secs_f64(),
            }),
        );
        if let Some(error) = finished.rest.error() {
            self.agent.log.warn(
                "log is incomplete",
                json!({ "id": id, "error": error.to_string() }),
            );
        }
    }

    /// The status of a deployment whose command cannot be run.
    pub(super) fn not_run(&self, rule: &Rule, reason: &str) -> NewStatus {
        let redactor = self.redactor(rule);
        let reason = redactor.redact(reason);
        self.agent.log.error(
            "command can't be run",
            json!({ "id": self.entry.id(), "error": reason }),
        );
        NewStatus {
            description: Some(redacted(&redactor, &reason)),
            log_url: self.log_url(rule),
            ..NewStatus::new(StatusState::Error)
        }
    }

    fn status_of(
        &self,
        rule: &Rule,
        finished: &Finished,
        files: &Files,
        cut: Option<Cut>,
        redactor: &Redactor,
    ) -> NewStatus {
        let written = files.written();
        for warning in &written.warnings {
            self.agent.log.warn(
                "output file",
                json!({ "id": self.entry.id(), "warning": redactor.redact(warning) }),
            );
        }
        let addresses = Addresses {
            log_url: self.log_url(rule),
            environment_url: self.environment_url(rule),
        };
        let mut status = final_status(finished, &written, &addresses, redactor);
        if status.state != StatusState::Success && written.environment_url.is_none() {
            // Nothing says that anything is there.
            status.environment_url = None;
        }
        status.auto_inactive = rule.auto_inactive;
        let mut why = match cut {
            None => return status,
            Some(Cut::Superseded(newer)) => format!("stopped: superseded by {newer}"),
            Some(Cut::AgentEnds) => "stopped: the agent was ended".to_owned(),
        };
        if finished.remains.is_some() {
            why.push_str("; the command could not be ended");
        }
        NewStatus {
            state: StatusState::Error,
            description: Some(why),
            ..status
        }
    }

    /// Waits until there is a reason to end the command.
    async fn reason_to_end(&self) -> Cut {
        tokio::select! {
            newer = newer_one(self.superseded_by.clone()) => Cut::Superseded(newer),
            () = Stage::is_ending(self.agent.stage.clone()) => Cut::AgentEnds,
        }
    }

    /// Everything that the command needs, or why it can't be had.
    pub(super) async fn prepare(&self, rule: &Rule) -> Result<Prepared, String> {
        let redactor = self.redactor(rule);
        let (agent, id) = (&self.agent, self.entry.id());
        let deployment = &self.entry.deployment;
        let files = Files::new(&deployment.payload)
            .map_err(|error| format!("no folder for the command's files: {error}"))?;
        let folder = rule
            .log_directory
            .clone()
            .unwrap_or_else(|| agent.state.join("logs"));
        let mut log = LogFile::create(&folder, id, rule.log_max_size)
            .map_err(|error| format!("no log can be written: {error}"))?;
        if let Err(error) = logs::prune(&folder, rule.log_keep, rule.log_keep_for) {
            agent
                .log
                .warn("old logs stay", json!({ "error": error.to_string() }));
        }
        let checkout = match &rule.checkout {
            Some(source) => match Checkout::make(agent, source, &deployment.sha, id).await {
                Ok(checkout) => Some(checkout),
                Err(error) => {
                    // The status has room for a line of it.
                    let _ = log.write_all(redactor.redact(&error.output).as_bytes());
                    return Err(error.to_string());
                }
            },
            None => None,
        };
        let folder = match &checkout {
            Some(checkout) => inside(checkout.path(), &rule.directory)
                .map_err(|error| format!("the directory is not in the checkout: {error}"))?,
            None => rule.directory.clone(),
        };
        let mut order = Order::new(argv(&rule.program, &folder));
        order.folder = Some(folder);
        order.set = self.variables(&files);
        order.set.extend(
            rule.env
                .iter()
                .map(|(name, value)| (name.into(), value.into())),
        );
        order.unset = agent.settings().hidden.iter().map(OsString::from).collect();
        order.stdout = Channel::Read(Sink::new(redactor.writer(log)));
        order.redactor = redactor.clone();
        order.stderr = Channel::LikeStdout;
        order.timeout = Some(rule.timeout);
        order.grace = rule.kill_after;
        Ok(Prepared {
            redactor,
            files,
            checkout,
            order,
        })
    }

    /// What no status and no log of the rule's command may show.
    fn redactor(&self, rule: &Rule) -> Redactor {
        let agent = &self.agent;
        let token = agent.client.token();
        let token = token.as_ref().map(Token::expose);
        let settings = agent.settings();
        let own = settings.redacted.iter().map(String::as_str);
        Redactor::new(own.chain(token).chain(rule.secrets()))
    }

    /// What the command is told: values of the deployment are data, and reach
    /// it in no other way.
    fn variables(&self, files: &Files) -> Vec<(OsString, OsString)> {
        let deployment = &self.entry.deployment;
        [
            (
                command::DEPLOYCTL_DEPLOYMENT_ID,
                deployment.id.to_string().into(),
            ),
            (DEPLOYCTL_REPO, self.entry.repository.to_string().into()),
            (
                command::DEPLOYCTL_ENVIRONMENT,
                deployment.environment.clone().into(),
            ),
            (command::DEPLOYCTL_REF, deployment.ref_name.clone().into()),
            (command::DEPLOYCTL_SHA, deployment.sha.clone().into()),
            (command::DEPLOYCTL_TASK, deployment.task.clone().into()),
            (command::DEPLOYCTL_PAYLOAD, files.payload().into_os_string()),
            (command::DEPLOYCTL_OUTPUT, files.output().into_os_string()),
            (
                command::DEPLOYCTL_AGENT,
                self.agent.journal.instance().into(),
            ),
        ]
        .map(|(name, value): (&str, OsString)| (name.into(), value))
        .into()
    }
}

/// The folder `below` in the checkout, also where links lead elsewhere.
fn inside(checkout: &Path, below: &Path) -> io::Result<PathBuf> {
    let checkout = checkout.canonicalize()?;
    let folder = checkout.join(below).canonicalize()?;
    if folder.starts_with(&checkout) {
        Ok(folder)
    } else {
        Err(io::Error::other("a link leads out of it"))
    }
}

/// The program and its arguments. One that is named by a path is looked for
/// from the working directory on.
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
