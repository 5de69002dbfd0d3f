//! The progress of workflow runs: concurrency groups, jobs, and the end of
//! both.

use rusqlite::Connection;

use super::concurrency::{GroupMember, members};
use super::status::supersede;
use super::{Core, Failure, RunEvent, Witness};
use crate::store::{
    Deployment, DeploymentStatus, Job, NewStatusRow, Repository, User, WorkflowRun,
};

const BOT: &str = "github-actions[bot]";
/// How many may be pending for a group with a long queue.
const MAX_QUEUE: usize = 100;

/// Where a member of a concurrency group starts.
enum Place {
    /// At once.
    Free,
    /// Behind this holder.
    Behind(Box<GroupMember>),
    /// Nowhere: the queue is full.
    Full,
}

/// Moves the runs of a repository on, within a transaction. Every step loads
/// what it changes, because an earlier step may have changed it.
#[derive(Clone, Copy)]
pub(super) struct Scheduler<'a> {
    pub(super) core: &'a Core,
    pub(super) write: &'a Connection,
    pub(super) repository: &'a Repository,
    pub(super) witness: Option<&'a dyn Witness>,
    pub(super) now: i64,
}

impl Scheduler<'_> {
    pub(super) fn run(&self, id: i64) -> Result<WorkflowRun, Failure> {
        WorkflowRun::by_id(self.write, self.repository.id, id)?.ok_or(Failure::NotFound)
    }

    pub(super) fn job(&self, id: i64) -> Result<Job, Failure> {
        Job::by_id(self.write, id)?.ok_or(Failure::NotFound)
    }

    /// The creator of the deployments of jobs.
    pub(super) fn bot(&self) -> Result<User, Failure> {
        Ok(User::ensure(self.write, BOT, self.now)?)
    }

    pub(super) fn emit(&self, event: &RunEvent<'_>) -> Result<(), Failure> {
        self.witness
            .map_or(Ok(()), |witness| witness.run(self.write, event))
    }

    /// Starts a new run, unless its concurrency group is held.
    pub(super) fn start_run(&self, id: i64) -> Result<(), Failure> {
        let mut run = self.run(id)?;
        self.emit(&RunEvent::Requested(&run))?;
        let member = GroupMember {
            run: run.clone(),
            job: None,
        };
        match self.find_place(&member)? {
            Place::Free => self.begin_run(run),
            Place::Full => self.complete_run(run, "cancelled"),
            Place::Behind(holder) => {
                run.set_status("pending", None, self.now);
                run.update(self.write)?;
                self.cancel_holder(&member, &holder)
            }
        }
    }

    /// Starts the jobs of a run that needs no group, or whose group is free.
    fn begin_run(&self, mut run: WorkflowRun) -> Result<(), Failure> {
        if let Some(group) = &mut run.concurrency {
            group.acquired_at = Some(self.now);
        }
        run.set_status("queued", None, self.now);
        run.update(self.write)?;
        let jobs = Job::of_run(self.write, run.id)?;
        // Some are completed from the start if only a job is run again.
        let has_ended = |name: &String| {
            let mut jobs = jobs.iter();
            jobs.any(|job| job.name == *name && job.has_status("completed"))
        };
        for job in &jobs {
            if job.needs.iter().all(has_ended) {
                self.enter_job(job.id)?;
            }
        }
        self.refresh_run(run.id)
    }

    /// Finds the place of a member in its group. If the group is held, the
    /// newest member replaces those that are pending, unless the queue is long.
    fn find_place(&self, member: &GroupMember) -> Result<Place, Failure> {
        let Some(group) = member.concurrency() else {
            return Ok(Place::Free);
        };
        let mut pending = members(self.write, self.repository.id, &group.group)?;
        pending.retain(|other| !other.is_same(member));
        let holder = pending
            .iter()
            .position(|other| other.acquired_at().is_some());
        let Some(holder) = holder.map(|index| pending.remove(index)) else {
            return Ok(Place::Free);
        };
        if !group.has_long_queue {
            for other in &pending {
                self.cancel_member(other)?;
            }
        } else if pending.len() >= MAX_QUEUE {
            return Ok(Place::Full);
        }
        Ok(Place::Behind(Box::new(holder)))
    }

    fn cancel_holder(&self, member: &GroupMember, holder: &GroupMember) -> Result<(), Failure> {
        if member
            .concurrency()
            .is_some_and(|group| group.cancel_in_progress)
        {
            self.cancel_member(holder)?;
        }
        Ok(())
    }

    fn cancel_member(&self, member: &GroupMember) -> Result<(), Failure> {
        match &member.job {
            Some(job) => self.finish_job(job.id, "cancelled"),
            None => self.cancel_run(member.run.id),
        }
    }

    /// Gives a group that its holder has released to the next member.
    fn release_group(&self, group: &str) -> Result<(), Failure> {
        let members = members(self.write, self.repository.id, group)?;
        let Some(next) = members.into_iter().next() else {
            return Ok(());
        };
        if next.acquired_at().is_some() {
            return Ok(());
        }
        match next.job {
            None => self.begin_run(next.run),
            Some(job) => {
                self.acquire_for_job(job.id)?;
                self.reach_gates(job.id)?;
                self.refresh_run(next.run.id)
            }
        }
    }

    fn acquire_for_job(&self, id: i64) -> Result<(), Failure> {
        let mut job = self.job(id)?;
        if let Some(group) = &mut job.concurrency {
            group.acquired_at = Some(self.now);
        }
        job.status = Some("queued".to_owned());
        Ok(job.update(self.write)?)
    }

    /// Starts a job whose needs are met, unless its concurrency group is held.
    fn enter_job(&self, id: i64) -> Result<(), Failure> {
        let mut job = self.job(id)?;
        if job.status.is_some() {
            return Ok(());
        }
        job.created_at = self.now;
        let member = GroupMember {
            run: self.run(job.run_id)?,
            job: Some(job.clone()),
        };
        match self.find_place(&member)? {
            Place::Free => {
                job.update(self.write)?;
                self.acquire_for_job(id)?;
                self.reach_gates(id)
            }
            Place::Full => {
                job.update(self.write)?;
                self.finish_job(id, "cancelled")
            }
            Place::Behind(holder) => {
                job.status = Some("pending".to_owned());
                job.update(self.write)?;
                self.cancel_holder(&member, &holder)
            }
        }
    }

    /// A runner takes the job at once.
    pub(super) fn start_job(&self, id: i64) -> Result<(), Failure> {
        let mut job = self.job(id)?;
        job.status = Some("in_progress".to_owned());
        job.started_at = Some(self.now);
        let seconds = job.succeeds_after;
        job.due_at = seconds.map(|seconds| self.now.saturating_add(seconds));
        job.update(self.write)?;
        self.set_deployment_state(&job, "queued")?;
        self.set_deployment_state(&job, "in_progress")
    }

    /// Adds a status to the deployment of a job, if it has one.
    pub(super) fn set_deployment_state(&self, job: &Job, state: &str) -> Result<(), Failure> {
        let found = match job.deployment {
            Some(id) => Deployment::by_id(self.write, self.repository.id, id)?,
            None => None,
        };
        let Some(deployment) = found else {
            return Ok(());
        };
        let bot = self.bot()?;
        let row = NewStatusRow {
            deployment: deployment.id,
            state,
            creator: bot.id,
            description: "",
            environment: &deployment.environment,
            log_url: &job.page(),
            environment_url: "",
        };
        let id = row.insert(self.write, self.now)?;
        deployment.touch(self.write, &deployment.environment, self.now)?;
        if state == "success" {
            supersede(self.write, &deployment, &bot, self.now)?;
        }
        let status = DeploymentStatus::by_id(self.write, deployment.id, id)?;
        if let (Some(witness), Some(status)) = (self.witness, status) {
            let updated_at = self.now;
            let deployment = Deployment {
                updated_at,
                ..deployment
            };
            witness.status(self.write, &deployment, &status)?;
        }
        Ok(())
    }

    /// Completes a job, its deployment, and its run if it was the last job;
    /// starts the jobs that need it.
    pub(super) fn finish_job(&self, id: i64, conclusion: &str) -> Result<(), Failure> {
        let mut job = self.job(id)?;
        if job.has_status("completed") {
            return Ok(());
        }
        job.status = Some("completed".to_owned());
        job.conclusion = Some(conclusion.to_owned());
        job.completed_at = Some(self.now);
        job.due_at = None;
        job.update(self.write)?;
        // GitHub does not document the state after a job that was cancelled.
        let state = match conclusion {
            "success" => "success",
            "cancelled" => "error",
            _ => "failure",
        };
        self.set_deployment_state(&job, state)?;
        self.continue_after(&job)?;
        self.refresh_run(job.run_id)?;
        match job.concurrency {
            Some(group) if group.acquired_at.is_some() => self.release_group(&group.group),
            _ => Ok(()),
        }
    }

    /// Starts or skips the jobs that need a completed one.
    fn continue_after(&self, job: &Job) -> Result<(), Failure> {
        let jobs = Job::of_run(self.write, job.run_id)?;
        let conclusion_of = |name: &String| {
            let needed = jobs.iter().find(|other| other.name == *name);
            needed.and_then(|needed| needed.conclusion.as_deref())
        };
        for next in &jobs {
            if next.status.is_some() || !next.needs.contains(&job.name) {
                continue;
            }
            let conclusions: Vec<_> = next.needs.iter().map(conclusion_of).collect();
            if conclusions.iter().any(Option::is_none) {
                continue;
            }
            if conclusions.iter().all(|one| *one == Some("success")) {
                self.enter_job(next.id)?;
            } else {
                self.finish_job(next.id, "skipped")?;
            }
        }
        Ok(())
    }

    /// Derives the status of a run from its jobs.
    pub(super) fn refresh_run(&self, id: i64) -> Result<(), Failure> {
        let mut run = self.run(id)?;
        let is_queued = run
            .concurrency
            .as_ref()
            .is_some_and(|group| group.acquired_at.is_none());
        if run.is_completed() || is_queued {
            return Ok(());
        }
        let jobs = Job::of_run(self.write, id)?;
        let any = |status: &str| jobs.iter().any(|job| job.has_status(status));
        if jobs.iter().all(|job| job.has_status("completed")) {
            return self.complete_run(run, conclusion(&jobs));
        }
        let status = ["in_progress", "waiting", "pending"]
            .into_iter()
            .find(|status| any(status))
            .unwrap_or("queued");
        if run.status != status {
            run.set_status(status, None, self.now);
            run.update(self.write)?;
            if status == "in_progress" {
                self.emit(&RunEvent::InProgress(&run))?;
            }
        }
        Ok(())
    }

    fn complete_run(&self, mut run: WorkflowRun, conclusion: &str) -> Result<(), Failure> {
        run.set_status("completed", Some(conclusion), self.now);
        run.update(self.write)?;
        self.emit(&RunEvent::Completed(&run))?;
        match run.concurrency {
            Some(group) if group.acquired_at.is_some() => self.release_group(&group.group),
            _ => Ok(()),
        }
    }

    /// Cancels a run and its jobs. A run that is pending has none yet.
    pub(super) fn cancel_run(&self, id: i64) -> Result<(), Failure> {
        let run = self.run(id)?;
        let group = run.concurrency.as_ref();
        if group.is_some_and(|group| group.acquired_at.is_none()) {
            return self.complete_run(run, "cancelled");
        }
        for job in Job::of_run(self.write, id)? {
            self.finish_job(job.id, "cancelled")?;
        }
        Ok(())
    }
}

/// The conclusion of a run whose jobs are all completed.
fn conclusion(jobs: &[Job]) -> &'static str {
    let any = |conclusion: &str| {
        let conclusions = jobs.iter().filter_map(|job| job.conclusion.as_deref());
        conclusions.into_iter().any(|one| one == conclusion)
    };
    if any("failure") || any("timed_out") {
        "failure"
    } else if any("cancelled") {
        "cancelled"
    } else if any("success") || any("neutral") {
        "success"
    } else {
        "skipped"
    }
}
