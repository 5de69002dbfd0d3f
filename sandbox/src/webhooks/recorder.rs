//! Notes events for the webhooks of a repository.

use rusqlite::Connection;

use crate::http::Urls;
use crate::rules::{Core, Failure, RunEvent, Witness};
use crate::store::{
    Deployment, DeploymentStatus, Hook, NewEvent, Pull, Repository, User, WorkflowRun,
};
use crate::wire::events::EventContext;
use crate::wire::run_events::ReviewedJobs;

/// Records the events of a repository for its webhooks.
#[derive(Debug)]
pub(crate) struct EventRecorder<'a> {
    core: &'a Core,
    urls: &'a Urls,
    repository: &'a Repository,
    sender: &'a User,
    default_branch: String,
}

impl<'a> EventRecorder<'a> {
    /// A herald; `None` if the repository has no active webhook, which is all
    /// that a repository without any has to pay.
    pub(crate) fn for_active_hooks(
        core: &'a Core,
        urls: &'a Urls,
        repository: &'a Repository,
        sender: &'a User,
    ) -> Result<Option<Self>, Failure> {
        let heard = core
            .store
            .read(|read| Hook::any_active(read, repository.id))?;
        if !heard {
            return Ok(None);
        }
        Self::new(core, urls, repository, sender).map(Some)
    }

    /// A recorder for a repository with or without webhooks. It asks git for
    /// the default branch here, because it must not do so in an open
    /// transaction.
    pub(crate) fn new(
        core: &'a Core,
        urls: &'a Urls,
        repository: &'a Repository,
        sender: &'a User,
    ) -> Result<Self, Failure> {
        Ok(Self {
            core,
            urls,
            repository,
            sender,
            default_branch: core.default_branch(repository)?,
        })
    }

    fn context(&self) -> EventContext<'_> {
        EventContext {
            urls: self.urls,
            repository: self.repository,
            visibility: self.core.visibility(self.repository),
            default_branch: &self.default_branch,
            sender: self.sender,
        }
    }

    fn event<'e>(&self, name: &'e str, action: Option<&'e str>, payload: String) -> NewEvent<'e> {
        NewEvent {
            guid: guid(),
            repository: self.repository.id,
            name,
            action,
            payload,
        }
    }

    /// Records an event for every webhook that receives it.
    fn record(
        &self,
        write: &Connection,
        (name, action): (&str, &str),
        payload: impl FnOnce(&EventContext<'_>) -> Result<String, Failure>,
    ) -> Result<(), Failure> {
        let mut hooks = Hook::all(write, self.repository.id)?;
        hooks.retain(|hook| hook.settings.active && hook.settings.hears_of(name));
        if hooks.is_empty() {
            return Ok(());
        }
        let hooks: Vec<i64> = hooks.into_iter().map(|hook| hook.id).collect();
        let payload = payload(&self.context())?;
        self.event(name, Some(action), payload)
            .insert(write, &hooks, self.core.now())?;
        Ok(())
    }

    /// Notes a ping for a webhook.
    fn record_ping(&self, write: &Connection, hook: &Hook) -> Result<(), Failure> {
        let payload = self.context().ping(hook)?;
        self.event("ping", None, payload)
            .insert(write, &[hook.id], self.core.now())?;
        Ok(())
    }

    /// Notes the ping that a new webhook gets, if it is active.
    pub(crate) fn record_first_ping(&self, write: &Connection, hook: &Hook) -> Result<(), Failure> {
        if hook.settings.active {
            self.record_ping(write, hook)?;
        }
        Ok(())
    }

    /// Sends a ping to a webhook, whatever events it receives.
    pub(crate) fn ping(&self, hook: &Hook) -> Result<(), Failure> {
        self.core
            .store
            .write(|write| self.record_ping(write, hook))?;
        self.core.outgoing.notify_one();
        Ok(())
    }
}

impl Witness for EventRecorder<'_> {
    fn deployment(
        &self,
        write: &Connection,
        made: &Deployment,
        run: Option<&WorkflowRun>,
    ) -> Result<(), Failure> {
        self.record(write, ("deployment", "created"), |context| {
            let pulls = match run {
                Some(run) => Pull::open_of_branch(write, run.repository_id, &run.branch)?,
                None => Vec::new(),
            };
            context.deployment_created(made, run.map(|run| (run, pulls.as_slice())))
        })
    }

    fn status(
        &self,
        write: &Connection,
        deployment: &Deployment,
        status: &DeploymentStatus,
    ) -> Result<(), Failure> {
        // GitHub sends no event for these.
        if status.state == "inactive" {
            return Ok(());
        }
        self.record(write, ("deployment_status", "created"), |context| {
            context.status_created(deployment, status)
        })
    }

    fn run(&self, write: &Connection, event: &RunEvent<'_>) -> Result<(), Failure> {
        let pulls = |run: &WorkflowRun| -> Result<Vec<Pull>, Failure> {
            Ok(Pull::open_of_branch(write, run.repository_id, &run.branch)?)
        };
        let (run, action) = match *event {
            RunEvent::Requested(run) => (run, "requested"),
            RunEvent::InProgress(run) => (run, "in_progress"),
            RunEvent::Completed(run) => (run, "completed"),
            RunEvent::ReviewRequested {
                run,
                job,
                environment,
                reviewers,
            } => {
                let name = ("deployment_review", "requested");
                return self.record(write, name, |context| {
                    let pulls = pulls(run)?;
                    Ok(context.review_requested(run, job, environment, reviewers, &pulls))
                });
            }
            RunEvent::Reviewed {
                run,
                jobs,
                approves,
                approver,
                comment,
                reviewers,
            } => {
                let action = if approves { "approved" } else { "rejected" };
                let review = ReviewedJobs {
                    jobs,
                    approves,
                    approver,
                    comment,
                    reviewers,
                    now: self.core.now(),
                };
                return self.record(write, ("deployment_review", action), |context| {
                    Ok(context.reviewed(run, review, &pulls(run)?))
                });
            }
            RunEvent::RuleRequested {
                run,
                environment,
                deployment,
            } => {
                let name = ("deployment_protection_rule", "requested");
                return self.record(write, name, |context| {
                    context.rule_requested(run, environment, deployment)
                });
            }
        };
        self.record(write, ("workflow_run", action), |context| {
            Ok(context.workflow_run(action, run, &pulls(run)?))
        })
    }
}

/// A random id in the form of a UUID.
fn guid() -> String {
    // The version (4) and the variant of RFC 9562.
    let bits = fastrand::u128(..) & !(0xf << 76 | 0x3 << 62) | (0x4 << 76 | 0x2 << 62);
    let hex = format!("{bits:032x}");
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

#[cfg(test)]
mod tests {
    use super::guid;

    #[test]
    fn ids_of_events_are_random_uuids() {
        let one = guid();
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&one[14..15], "4");
        assert!(["8", "9", "a", "b"].contains(&&one[19..20]), "{one}");
        assert_ne!(one, guid());
    }
}
