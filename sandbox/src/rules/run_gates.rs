//! The gates that a job of a workflow run passes before it deploys
//! (<https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments>).

use super::run_scheduler::Scheduler;
use super::{Failure, RunEvent, branch_pattern};
use crate::store::{
    BranchPolicy, Branches, Environment, Job, NewDeploymentRow, PatternKind, Rule, RuleKind,
    RunReview, Window, WorkflowRun,
};

/// How long a job may wait for its gates before it fails.
const MAX_WAIT_SECONDS: i64 = 30 * 24 * 60 * 60;

impl Scheduler<'_> {
    /// Creates the deployment of a job, and starts the job unless a gate of its
    /// environment is closed.
    pub(super) fn reach_gates(&self, id: i64) -> Result<(), Failure> {
        let mut job = self.job(id)?;
        let Some(name) = job.environment.clone() else {
            return self.start_job(id);
        };
        let run = self.run(job.run_id)?;
        let environment = Environment::ensure(self.write, self.repository.id, &name, self.now)?;
        let rules = Rule::list(self.write, environment.id)?;
        if !self.is_branch_allowed(&run, &environment, &rules)? {
            return self.finish_job(id, "failure");
        }
        let row = NewDeploymentRow {
            repository: self.repository.id,
            sha: run.sha.clone(),
            reference: run.branch.clone(),
            task: "deploy".to_owned(),
            payload: "{}".to_owned(),
            production: self.core.production_default && name == "production",
            environment: name,
            description: None,
            creator: self.bot()?.id,
            transient: false,
        };
        let deployment = row.insert(self.write, self.now)?;
        if let Some(witness) = self.witness {
            witness.deployment(self.write, &deployment, Some(&run))?;
        }
        job.deployment = Some(deployment.id);
        job.waiting_since = Some(self.now);
        job.update(self.write)?;
        if !self.has_closed_gate(&job, &rules)? {
            return self.start_job(id);
        }
        job.status = Some("waiting".to_owned());
        job.due_at = Some(self.due_at(&job, &rules));
        job.update(self.write)?;
        self.set_deployment_state(&job, "waiting")?;
        for rule in &rules {
            match &rule.kind {
                RuleKind::RequiredReviewers { reviewers, .. } => {
                    self.emit(&RunEvent::ReviewRequested {
                        run: &run,
                        job: &job,
                        environment: &environment.name,
                        reviewers,
                    })?;
                }
                RuleKind::App(_) => self.emit(&RunEvent::RuleRequested {
                    run: &run,
                    environment: &environment.name,
                    deployment: &deployment,
                })?,
                RuleKind::WaitTimer(_) | RuleKind::BranchPolicy(_) => {}
            }
        }
        Ok(())
    }

    /// No branch is protected here, and then GitHub allows all of them for
    /// `protected_branches`.
    fn is_branch_allowed(
        &self,
        run: &WorkflowRun,
        environment: &Environment,
        rules: &[Rule],
    ) -> Result<bool, Failure> {
        let has_patterns = rules
            .iter()
            .any(|rule| rule.kind == RuleKind::BranchPolicy(Branches::Custom));
        if !has_patterns {
            return Ok(true);
        }
        let all = Window {
            skip: 0,
            take: u64::MAX,
        };
        let kind = if run.is_tag {
            PatternKind::Tag
        } else {
            PatternKind::Branch
        };
        let patterns = BranchPolicy::list(self.write, environment.id, all)?.items;
        Ok(patterns.iter().any(|pattern| {
            pattern.kind == kind && branch_pattern::matches(&pattern.name, &run.branch)
        }))
    }

    fn has_closed_gate(&self, job: &Job, rules: &[Rule]) -> Result<bool, Failure> {
        for rule in rules {
            let is_closed = match &rule.kind {
                RuleKind::WaitTimer(minutes) => self.now < timer_end(job, *minutes),
                RuleKind::RequiredReviewers { .. } => !job.is_approved,
                RuleKind::App(app) => !RunReview::is_approved_by_app(self.write, job.id, app.id)?,
                RuleKind::BranchPolicy(_) => false,
            };
            if is_closed {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The end of the timer, if it is running, or else the time at which the
    /// job expires.
    fn due_at(&self, job: &Job, rules: &[Rule]) -> i64 {
        let mut due_at = expiry(job);
        for rule in rules {
            if let RuleKind::WaitTimer(minutes) = rule.kind {
                let end = timer_end(job, minutes);
                if end > self.now {
                    due_at = due_at.min(end);
                }
            }
        }
        due_at
    }

    /// Starts a waiting job if all its gates are open, and fails it if it has
    /// expired.
    pub(super) fn check_gates(&self, id: i64) -> Result<(), Failure> {
        let mut job = self.job(id)?;
        if !job.has_status("waiting") {
            return Ok(());
        }
        let name = job.environment.clone().unwrap_or_default();
        let rules = match Environment::by_name(self.write, self.repository.id, &name)? {
            Some(environment) => Rule::list(self.write, environment.id)?,
            None => Vec::new(),
        };
        if !self.has_closed_gate(&job, &rules)? {
            self.start_job(id)?;
            self.refresh_run(job.run_id)
        } else if self.now >= expiry(&job) {
            self.finish_job(id, "failure")
        } else {
            job.due_at = Some(self.due_at(&job, &rules));
            Ok(job.update(self.write)?)
        }
    }
}

fn timer_end(job: &Job, minutes: i64) -> i64 {
    job.waiting_since
        .unwrap_or_default()
        .saturating_add(minutes * 60)
}

fn expiry(job: &Job) -> i64 {
    job.waiting_since
        .unwrap_or_default()
        .saturating_add(MAX_WAIT_SECONDS)
}
