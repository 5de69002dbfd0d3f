use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::time::sleep;

use super::ownership::Hold;
use super::{Trouble, Turn, newer_one};
use crate::agent::checkout::Checkout;
use crate::agent::config::{Program, Rule};
use crate::agent::journal::Started;
use crate::agent::leftovers::own_session;
use crate::agent::logs::{self, LogFile};
use crate::agent::service::Stage;
use crate::api::{NewStatus, Token};
use crate::env::{DEPLOYCTL_REPO, given};
use crate::model::{DeploymentId, StatusState};
use crate::process;
use crate::process::output_file::Files;
use crate::process::redact::Redactor;
use crate::process::report::{Addresses, final_status, redacted};
use crate::process::{Channel, Finished, Order, Signal, Sink, handle};

/// The pause after a sign of life that could not be given.
const SIGN_PAUSE: Duration = Duration::from_secs(5);

/// Why a command was ended before its own end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Superseded(DeploymentId),
    AgentEnds,
    Lost,
}

/// What a command runs with; it goes with this value.
struct Prepared {
    files: Files,
    checkout: Option<Checkout>,
    order: Order,
}

impl Turn {
    /// Runs the command. Gives back the final status, or `None` once the
    /// deployment is another agent's.
    pub(super) async fn execute(
        &mut self,
        rule: &Rule,
        hold: &mut Hold,
    ) -> Result<Option<NewStatus>, Trouble> {
        let id = self.entry.id();
        let redactor = self.redactor(rule);
        let prepared = match self.prepare(rule, &redactor).await {
            Ok(prepared) => prepared,
            Err(reason) => {
                let reason = redactor.redact(&reason);
                self.agent
                    .log
                    .error("command can't be run", json!({ "id": id, "error": reason }));
                return Ok(Some(NewStatus {
                    description: Some(redacted(&redactor, &reason)),
                    log_url: self.log_url(rule),
                    ..NewStatus::new(StatusState::Error)
                }));
            }
        };
        let started = Started {
            at: Timestamp::now(),
            session: own_session(),
        };
        self.agent.journal.start(id, started).await?;
        self.agent.log.info(
            "command started",
            json!({
                "id": id,
                "rule": rule.name,
                "environment": self.entry.deployment.environment,
                "sha": self.entry.deployment.sha,
            }),
        );
        let (handle, control) = handle();
        let mut command = std::pin::pin!(process::run(prepared.order, control));
        let (finished, cut) = tokio::select! {
            finished = &mut command => (finished, None),
            cut = self.watch_over(rule, hold) => {
                handle.end(Signal::Terminate);
                (command.await, Some(cut))
            }
        };
        // What it still writes is written by somebody that it left behind.
        drop(handle);
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
        let status = self.status_of(rule, &finished, &prepared.files, cut, &redactor);
        if let Some(checkout) = prepared.checkout
            && let Err(error) = checkout.remove(&self.agent).await
        {
            self.agent.log.warn(
                "checkout is left behind",
                json!({ "id": id, "error": error }),
            );
        }
        Ok(status)
    }

    fn status_of(
        &self,
        rule: &Rule,
        finished: &Finished,
        files: &Files,
        cut: Option<Cut>,
        redactor: &Redactor,
    ) -> Option<NewStatus> {
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
        let why = match cut {
            None => return Some(status),
            Some(Cut::Lost) => return None,
            Some(Cut::Superseded(newer)) => format!("stopped: superseded by {newer}"),
            Some(Cut::AgentEnds) => "stopped: the agent was ended".to_owned(),
        };
        Some(NewStatus {
            state: StatusState::Error,
            description: Some(why),
            ..status
        })
    }

    /// Gives signs of life until there is a reason to end the command.
    async fn watch_over(&self, rule: &Rule, hold: &mut Hold) -> Cut {
        tokio::select! {
            newer = newer_one(self.superseded_by.clone()) => Cut::Superseded(newer),
            () = Stage::is_ending(self.agent.stage.clone()) => Cut::AgentEnds,
            () = self.give_signs(rule, hold) => {
                self.agent.log.error(
                    "deployment was taken over: its command is ended",
                    json!({ "id": self.entry.id() }),
                );
                Cut::Lost
            }
        }
    }

    /// Ends once the deployment is another agent's.
    async fn give_signs(&self, rule: &Rule, hold: &mut Hold) {
        loop {
            sleep(hold.next_sign()).await;
            match self.keep_hold(rule, hold).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(trouble) => {
                    self.agent.log.warn(
                        "sign of life failed",
                        json!({ "id": self.entry.id(), "error": trouble.to_string() }),
                    );
                    sleep(SIGN_PAUSE.min(hold.owner().claim.holds / 6)).await;
                }
            }
        }
    }

    /// Everything that the command needs, or why it can't be had.
    async fn prepare(&self, rule: &Rule, redactor: &Redactor) -> Result<Prepared, String> {
        let (agent, id) = (&self.agent, self.entry.id());
        let deployment = &self.entry.deployment;
        let files = Files::new(&deployment.payload)
            .map_err(|error| format!("no folder for the command's files: {error}"))?;
        let folder = rule
            .log_directory
            .clone()
            .unwrap_or_else(|| agent.state.join("logs"));
        let log = LogFile::create(&folder, id, rule.log_max_size)
            .map_err(|error| format!("no log can be written: {error}"))?;
        if let Err(error) = logs::prune(&folder, rule.log_keep, rule.log_keep_for) {
            agent
                .log
                .warn("old logs stay", json!({ "error": error.to_string() }));
        }
        let checkout = match &rule.checkout {
            Some(source) => Some(Checkout::make(agent, source, &deployment.sha, id).await?),
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
        order.unset = agent.hidden.iter().map(OsString::from).collect();
        order.stdout = Channel::Read(Sink::new(redactor.writer(log)));
        order.redactor = redactor.clone();
        order.stderr = Channel::LikeStdout;
        order.timeout = Some(rule.timeout);
        order.grace = rule.kill_after;
        Ok(Prepared {
            files,
            checkout,
            order,
        })
    }

    /// What no status and no log of the rule's command may show.
    fn redactor(&self, rule: &Rule) -> Redactor {
        let agent = &self.agent;
        let token = agent.client.token().map(Token::expose);
        let own = agent.secrets.iter().map(String::as_str);
        Redactor::new(own.chain(token).chain(rule.secrets()))
    }

    /// What the command is told: values of the deployment are data, and reach
    /// it in no other way.
    fn variables(&self, files: &Files) -> Vec<(OsString, OsString)> {
        let deployment = &self.entry.deployment;
        [
            (
                given::DEPLOYCTL_DEPLOYMENT_ID,
                deployment.id.to_string().into(),
            ),
            (DEPLOYCTL_REPO, self.entry.repository.to_string().into()),
            (
                given::DEPLOYCTL_ENVIRONMENT,
                deployment.environment.clone().into(),
            ),
            (given::DEPLOYCTL_REF, deployment.ref_name.clone().into()),
            (given::DEPLOYCTL_SHA, deployment.sha.clone().into()),
            (given::DEPLOYCTL_TASK, deployment.task.clone().into()),
            (given::DEPLOYCTL_PAYLOAD, files.payload().into_os_string()),
            (given::DEPLOYCTL_OUTPUT, files.output().into_os_string()),
            (given::DEPLOYCTL_AGENT, self.agent.journal.instance().into()),
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
