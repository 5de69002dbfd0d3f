//! Workflow runs. GitHub starts them from workflow files, which the sandbox does
//! not read; its administration starts them and finishes their jobs.

use serde_json::json;

use super::environments::check_name;
use super::run_scheduler::Scheduler;
use super::{Core, Failure, Witness};
use crate::git::{CommitInfo, RefKind};
use crate::http::timestamp;
use crate::store::{
    Concurrency, Deployment, Job, NewJob, NewRun, Pull, Repository, RunFilter, Setting, Slice,
    Staleness, User, Window, Workflow, WorkflowRun,
};

const MAX_JOBS: usize = 256;
const MAX_TEXT_CHARACTERS: usize = 255;
/// How long after its creation a run can be started again.
const MAX_RERUN_SECONDS: i64 = 30 * 24 * 60 * 60;

const JOBS: &str = "A run must have 1 to 256 jobs.";
const SAME_NAME: &str = "The jobs of a run must have different names.";
const NEEDS: &str = "A job can only need jobs that are listed before it.";
const TEXT: &str = "Names must have 1 to 255 characters, and no control character among them.";
const QUEUE: &str = "The queue can only be max where cancel_in_progress is false.";
const RUNNING: &str = "This workflow is already running";
const TOO_OLD: &str = "Unable to retry this workflow run because it was created over a month ago";
const COMPLETED: &str = "Cannot cancel a workflow run that is completed.";

/// The request for a run. `None` means left out.
#[derive(Debug, Clone)]
pub(crate) struct RunRequest {
    pub(crate) workflow_name: String,
    /// The path of the workflow file.
    pub(crate) workflow_path: String,
    pub(crate) event: String,
    /// A branch or tag; the default branch if left out.
    pub(crate) reference: Option<String>,
    /// The commit; that of the ref if left out.
    pub(crate) sha: Option<String>,
    /// The login of the actor; the caller if left out.
    pub(crate) actor: Option<String>,
    pub(crate) concurrency: Option<Concurrency>,
    pub(crate) jobs: Vec<NewJob>,
}

impl Core {
    /// Starts a run.
    pub(crate) fn create_run(
        &self,
        repository: &Repository,
        caller: &User,
        request: &RunRequest,
        witness: Option<&dyn Witness>,
    ) -> Result<WorkflowRun, Failure> {
        check_request(request)?;
        let git = self.history(repository)?;
        let default_branch = git.default_branch()?;
        let name = request.reference.as_deref().unwrap_or(&default_branch);
        let no_ref = |name: &str| Failure::NoRef(name.to_owned());
        let found = git.resolve(name)?.ok_or_else(|| no_ref(name))?;
        let sha = match &request.sha {
            Some(sha) => git.resolve(sha)?.ok_or_else(|| no_ref(sha))?.sha,
            None => found.sha,
        };
        let commit = git.commit_info(&sha)?.ok_or_else(|| no_ref(&sha))?;
        let actor = match &request.actor {
            Some(login) => self.user(login)?,
            None => caller.clone(),
        };
        let title = commit.message.lines().next().unwrap_or_default().to_owned();
        let now = self.now();
        let made = self.store.write(|write| {
            let path = &request.workflow_path;
            let workflow =
                Workflow::ensure(write, repository.id, path, &request.workflow_name, now)?;
            let new = NewRun {
                workflow,
                title,
                event: request.event.clone(),
                sha,
                branch: match found.kind {
                    RefKind::Commit => default_branch,
                    RefKind::Branch | RefKind::Tag => found.name,
                },
                is_tag: found.kind == RefKind::Tag,
                head_commit: head_commit(&commit),
                actor: actor.id,
                concurrency: request.concurrency.clone(),
            };
            let run = WorkflowRun::insert(write, repository.id, &new, now)?;
            for job in &request.jobs {
                job.insert(write, (run.id, 1), now)?;
            }
            let scheduler = Scheduler {
                core: self,
                write,
                repository,
                witness,
                now,
            };
            scheduler.start_run(run.id)?;
            WorkflowRun::by_id(write, repository.id, run.id)?.ok_or(Failure::NotFound)
        })?;
        self.outgoing.notify_one();
        Ok(made)
    }

    /// Changes runs within one transaction.
    pub(super) fn schedule<T>(
        &self,
        repository: &Repository,
        witness: Option<&dyn Witness>,
        work: impl FnOnce(Scheduler<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let now = self.now();
        let result = self.store.write(|write| {
            work(Scheduler {
                core: self,
                write,
                repository,
                witness,
                now,
            })
        })?;
        self.outgoing.notify_one();
        Ok(result)
    }

    /// Completes a job that is in progress.
    pub(crate) fn finish_job(
        &self,
        repository: &Repository,
        id: i64,
        conclusion: &str,
        witness: Option<&dyn Witness>,
    ) -> Result<Job, Failure> {
        let (_, job) = self.run_job(repository, id)?;
        if !job.has_status("in_progress") {
            return Err(Failure::Refused("Only a job in progress can be finished."));
        }
        self.schedule(repository, witness, |scheduler| {
            scheduler.finish_job(id, conclusion)?;
            Job::by_id(scheduler.write, id)?.ok_or(Failure::NotFound)
        })
    }

    /// Cancels a run.
    pub(crate) fn cancel_run(
        &self,
        repository: &Repository,
        id: i64,
        witness: Option<&dyn Witness>,
    ) -> Result<(), Failure> {
        self.schedule(repository, witness, |scheduler| {
            let run = WorkflowRun::by_id(scheduler.write, repository.id, id)?;
            if run.ok_or(Failure::NotFound)?.is_completed() {
                return Err(Failure::Exists(COMPLETED));
            }
            scheduler.cancel_run(id)
        })
    }

    /// Starts a completed run again: all its jobs, or `only` the job with this
    /// name and those that need it. The others keep their results.
    pub(crate) fn rerun(
        &self,
        repository: &Repository,
        id: i64,
        only: Option<&str>,
        witness: Option<&dyn Witness>,
    ) -> Result<(), Failure> {
        self.schedule(repository, witness, |scheduler| {
            let (write, now) = (scheduler.write, scheduler.now);
            let run = WorkflowRun::by_id(write, repository.id, id)?;
            let mut run = run.ok_or(Failure::NotFound)?;
            if !run.is_completed() {
                return Err(Failure::Forbidden(RUNNING));
            }
            if now.saturating_sub(run.created_at) > MAX_RERUN_SECONDS {
                return Err(Failure::Forbidden(TOO_OLD));
            }
            run.attempt += 1;
            run.started_at = now;
            run.set_status("queued", None, now);
            if let Some(group) = &mut run.concurrency {
                group.acquired_at = None;
            }
            run.update(write)?;
            let mut again: Vec<String> = Vec::new();
            for job in Job::of_run(write, id)? {
                let new = NewJob {
                    name: job.name,
                    environment: job.environment,
                    needs: job.needs,
                    concurrency: job.concurrency,
                    succeeds_after: job.succeeds_after,
                };
                let mut made = new.insert(write, (id, run.attempt), now)?;
                let is_needed = new.needs.iter().any(|name| again.contains(name));
                if is_needed || only.is_none_or(|name| name == new.name) {
                    again.push(new.name);
                    continue;
                }
                made.status = job.status;
                made.conclusion = job.conclusion;
                made.created_at = job.created_at;
                made.started_at = job.started_at;
                made.completed_at = job.completed_at;
                made.update(write)?;
            }
            scheduler.start_run(id)
        })
    }

    /// The ids of the jobs that the clock changes now, and of their repositories.
    pub(crate) fn due_jobs(&self) -> Result<Vec<(i64, i64)>, Failure> {
        let now = self.now();
        self.store.read(|read| Ok(Job::due(read, now)?))
    }

    /// Starts, fails or completes a job by the clock.
    pub(crate) fn settle_job(
        &self,
        repository: &Repository,
        id: i64,
        witness: Option<&dyn Witness>,
    ) -> Result<(), Failure> {
        self.schedule(repository, witness, |scheduler| {
            if scheduler.job(id)?.has_status("in_progress") {
                scheduler.finish_job(id, "success")
            } else {
                scheduler.check_gates(id)
            }
        })
    }

    /// A run of a repository.
    pub(crate) fn run(&self, repository: &Repository, id: i64) -> Result<WorkflowRun, Failure> {
        self.store
            .read(|read| WorkflowRun::by_id(read, repository.id, id))?
            .ok_or(Failure::NotFound)
    }

    /// A page of a repository's runs, newest first.
    pub(crate) fn runs(
        &self,
        repository: &Repository,
        filter: &RunFilter,
        window: Window,
    ) -> Result<Slice<WorkflowRun>, Failure> {
        let now = self.now();
        self.store.read(|read| {
            let seconds = Setting::StaleList.get(read)?;
            let since = now.saturating_sub(seconds);
            let staleness = Staleness { since };
            Ok(WorkflowRun::list(
                read,
                repository.id,
                filter,
                staleness,
                window,
            )?)
        })
    }

    /// A workflow by id or file name.
    pub(crate) fn workflow(
        &self,
        repository: &Repository,
        text: &str,
    ) -> Result<Workflow, Failure> {
        self.store
            .read(|read| Workflow::find(read, repository.id, text))?
            .ok_or(Failure::NotFound)
    }

    /// The listed jobs of a run, of its latest attempt or of all of them.
    pub(crate) fn jobs(&self, run: &WorkflowRun, all: bool) -> Result<Vec<Job>, Failure> {
        self.store.read(|read| {
            let mut jobs = if all {
                Job::of_all_attempts(read, run.id)?
            } else {
                Job::of_run(read, run.id)?
            };
            jobs.retain(|job| job.status.is_some());
            Ok(jobs)
        })
    }

    /// A listed job of a repository, and its run.
    pub(crate) fn run_job(
        &self,
        repository: &Repository,
        id: i64,
    ) -> Result<(WorkflowRun, Job), Failure> {
        self.store.read(|read| {
            let job = Job::by_id(read, id)?.filter(|job| job.status.is_some());
            let job = job.ok_or(Failure::NotFound)?;
            let run = WorkflowRun::by_id(read, repository.id, job.run_id)?;
            Ok((run.ok_or(Failure::NotFound)?, job))
        })
    }

    /// The runs of a commit, oldest first.
    pub(crate) fn runs_of_commit(
        &self,
        repository: &Repository,
        sha: &str,
    ) -> Result<Vec<WorkflowRun>, Failure> {
        self.store
            .read(|read| Ok(WorkflowRun::of_commit(read, repository.id, sha)?))
    }

    /// The open pull requests of a branch.
    pub(crate) fn open_pulls(
        &self,
        repository: &Repository,
        branch: &str,
    ) -> Result<Vec<Pull>, Failure> {
        self.store
            .read(|read| Ok(Pull::open_of_branch(read, repository.id, branch)?))
    }

    /// The deployments of these jobs.
    pub(crate) fn deployments_of(
        &self,
        repository: &Repository,
        jobs: &[Job],
    ) -> Result<Vec<Deployment>, Failure> {
        let ids: Vec<i64> = jobs.iter().filter_map(|job| job.deployment).collect();
        self.deployments_by_ids(repository, &ids)
    }
}

fn check_request(request: &RunRequest) -> Result<(), Failure> {
    let texts = [
        &request.workflow_name,
        &request.workflow_path,
        &request.event,
    ];
    let logins = request.actor.iter();
    let jobs = request.jobs.iter();
    let groups = jobs
        .clone()
        .filter_map(|job| job.concurrency.as_ref())
        .chain(&request.concurrency);
    let names = jobs.map(|job| &job.name);
    if groups
        .clone()
        .any(|group| group.has_long_queue && group.cancel_in_progress)
    {
        return Err(Failure::Refused(QUEUE));
    }
    let groups = groups.map(|concurrency| &concurrency.group);
    for text in texts.into_iter().chain(logins).chain(names).chain(groups) {
        let length = text.chars().count();
        if !(1..=MAX_TEXT_CHARACTERS).contains(&length) || text.chars().any(char::is_control) {
            return Err(Failure::Refused(TEXT));
        }
    }
    if !(1..=MAX_JOBS).contains(&request.jobs.len()) {
        return Err(Failure::Refused(JOBS));
    }
    for (index, job) in request.jobs.iter().enumerate() {
        let earlier = &request.jobs[..index];
        if earlier.iter().any(|other| other.name == job.name) {
            return Err(Failure::Refused(SAME_NAME));
        }
        let is_earlier = |name: &String| earlier.iter().any(|other| other.name == *name);
        if !job.needs.iter().all(is_earlier) {
            return Err(Failure::Refused(NEEDS));
        }
        if let Some(environment) = &job.environment {
            check_name(environment)?;
        }
    }
    Ok(())
}

/// GitHub's `simple-commit`.
fn head_commit(commit: &CommitInfo) -> String {
    let person = |name: &str, email: &str| json!({ "name": name, "email": email });
    json!({
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": timestamp(commit.committer.seconds),
        "author": person(&commit.author.name, &commit.author.email),
        "committer": person(&commit.committer.name, &commit.committer.email),
    })
    .to_string()
}
