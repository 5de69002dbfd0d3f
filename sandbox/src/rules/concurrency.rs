//! Concurrency groups: who holds them, and who is pending
//! (<https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency>).

use rusqlite::Connection;

use super::{Core, Failure};
use crate::store::{Concurrency, Job, Repository, WorkflowRun};

/// A run or a job that holds a concurrency group, or is pending for it.
#[derive(Debug, Clone)]
pub(crate) struct GroupMember {
    pub(crate) run: WorkflowRun,
    /// The job, if the group is that of a job.
    pub(crate) job: Option<Job>,
}

impl GroupMember {
    pub(crate) fn concurrency(&self) -> Option<&Concurrency> {
        match &self.job {
            Some(job) => job.concurrency.as_ref(),
            None => self.run.concurrency.as_ref(),
        }
    }

    /// When the group was acquired; `None` while pending.
    pub(crate) fn acquired_at(&self) -> Option<i64> {
        self.concurrency().and_then(|group| group.acquired_at)
    }

    fn queue_key(&self) -> (bool, i64, i64) {
        let queued_at = match &self.job {
            Some(job) => (job.created_at, job.id),
            None => (self.run.started_at, self.run.id),
        };
        (self.acquired_at().is_none(), queued_at.0, queued_at.1)
    }

    /// Whether both are the same run, or the same job.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let job_id = |member: &Self| member.job.as_ref().map(|job| job.id);
        self.run.id == other.run.id && job_id(self) == job_id(other)
    }
}

/// The members of a group: the holder first, then those that are pending,
/// oldest first.
pub(super) fn members(
    read: &Connection,
    repository: i64,
    group: &str,
) -> Result<Vec<GroupMember>, Failure> {
    let mut members: Vec<GroupMember> = WorkflowRun::in_group(read, repository, group)?
        .into_iter()
        .map(|run| GroupMember { run, job: None })
        .collect();
    for job in Job::in_group(read, repository, group)? {
        if let Some(run) = WorkflowRun::by_id(read, repository, job.run_id)? {
            let job = Some(job);
            members.push(GroupMember { run, job });
        }
    }
    members.sort_unstable_by_key(GroupMember::queue_key);
    Ok(members)
}

impl Core {
    /// The names of the concurrency groups in use, each with its members.
    pub(crate) fn concurrency_groups(
        &self,
        repository: &Repository,
    ) -> Result<Vec<(String, Vec<GroupMember>)>, Failure> {
        self.store.read(|read| {
            Job::groups_in_use(read, repository.id)?
                .into_iter()
                .map(|group| {
                    let members = members(read, repository.id, &group)?;
                    Ok((group, members))
                })
                .collect()
        })
    }

    /// The members of a concurrency group; nothing if it is idle.
    pub(crate) fn concurrency_group(
        &self,
        repository: &Repository,
        group: &str,
    ) -> Result<Vec<GroupMember>, Failure> {
        self.store.read(|read| members(read, repository.id, group))
    }

    /// The groups of a run and its jobs, each with its members.
    pub(crate) fn concurrency_groups_of_run(
        &self,
        repository: &Repository,
        run: i64,
    ) -> Result<Vec<(String, Vec<GroupMember>)>, Failure> {
        self.run(repository, run)?;
        let mut groups = self.concurrency_groups(repository)?;
        groups.retain(|(_, members)| members.iter().any(|member| member.run.id == run));
        Ok(groups)
    }
}
