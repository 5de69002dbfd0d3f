//! Reviews of waiting deployments
//! (<https://docs.github.com/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run>).

use rusqlite::Connection;

use super::run_scheduler::Scheduler;
use super::{Core, Failure, RunEvent, Witness};
use crate::store::{
    Deployment, Environment, Integration, Job, NewRunReview, Repository, Reviewer, Rule, RuleKind,
    RunReview, Setting, Team, User, WorkflowRun,
};

/// How many reports an app may make about one deployment.
const MAX_REPORTS: u64 = 10;
const MAX_REPORT_CHARACTERS: usize = 1024;

const NOT_PENDING: &str = "An environment has no pending deployment in this run to review.";
const NO_ENVIRONMENT: &str = "There are no environments to review.";
const NOT_REVIEWER: &str = "You are not a required reviewer of this deployment.";
const SELF_REVIEW: &str = "You cannot review a deployment that you requested.";
const NOT_APP: &str =
    "Resource not accessible by this token: it is not that of an app that gates the environment.";
const TOO_MANY_REPORTS: &str = "An app can report on a deployment up to 10 times.";
const TOO_LONG_REPORT: &str = "A report can have up to 1024 characters.";

/// An environment that a run waits for.
#[derive(Debug, Clone)]
pub(crate) struct PendingDeployment {
    pub(crate) environment: Environment,
    /// Minutes; 0 without a timer.
    pub(crate) wait_timer: i64,
    /// Seconds since the epoch.
    pub(crate) wait_timer_started_at: Option<i64>,
    pub(crate) can_approve: bool,
    pub(crate) reviewers: Vec<Reviewer>,
}

/// A review of some environments of a run.
#[derive(Debug, Clone)]
pub(crate) struct ReviewRequest {
    pub(crate) environments: Vec<i64>,
    /// Whether it approves; otherwise it rejects.
    pub(crate) approves: bool,
    pub(crate) comment: String,
}

/// The answer of an app to its gate.
#[derive(Debug, Clone)]
pub(crate) struct AppReview {
    pub(crate) environment: String,
    /// Whether it approves; `None` is a report without a decision.
    pub(crate) approves: Option<bool>,
    pub(crate) comment: String,
}

/// The waiting jobs of an environment, with its rules.
struct WaitingEnvironment {
    environment: Environment,
    jobs: Vec<Job>,
    rules: Vec<Rule>,
}

impl WaitingEnvironment {
    /// The reviewers, and whether self-review is prevented; `None` without the
    /// rule.
    fn reviewers(&self) -> Option<(&[Reviewer], bool)> {
        self.rules.iter().find_map(|rule| match &rule.kind {
            RuleKind::RequiredReviewers {
                prevent_self_review,
                reviewers,
            } => Some((reviewers.as_slice(), *prevent_self_review)),
            _ => None,
        })
    }

    fn wait_timer(&self) -> i64 {
        let timer = self.rules.iter().find_map(|rule| match rule.kind {
            RuleKind::WaitTimer(minutes) => Some(minutes),
            _ => None,
        });
        timer.unwrap_or(0)
    }

    /// Fails unless a user may review the jobs now.
    fn check(&self, read: &Connection, run: &WorkflowRun, user: &User) -> Result<(), Failure> {
        let is_open = self.jobs.iter().any(|job| !job.is_approved);
        let Some((reviewers, prevents_self_review)) = self.reviewers().filter(|_| is_open) else {
            return Err(Failure::Refused(NOT_PENDING));
        };
        let mut is_reviewer = false;
        for reviewer in reviewers {
            is_reviewer |= match reviewer {
                Reviewer::User(reviewer) => reviewer.id == user.id,
                Reviewer::Team(team) => team.has_member(read, user.id)?,
            };
        }
        if !is_reviewer {
            return Err(Failure::Forbidden(NOT_REVIEWER));
        }
        if prevents_self_review && run.actor.id == user.id {
            return Err(Failure::Forbidden(SELF_REVIEW));
        }
        Ok(())
    }
}

/// The environments that a run waits for, in the order of its jobs.
fn waiting(read: &Connection, run: &WorkflowRun) -> Result<Vec<WaitingEnvironment>, Failure> {
    let mut all: Vec<WaitingEnvironment> = Vec::new();
    for job in Job::of_run(read, run.id)? {
        let Some(name) = job
            .environment
            .clone()
            .filter(|_| job.has_status("waiting"))
        else {
            continue;
        };
        if let Some(known) = all.iter_mut().find(|known| known.environment.name == name) {
            known.jobs.push(job);
        } else if let Some(environment) = Environment::by_name(read, run.repository_id, &name)? {
            all.push(WaitingEnvironment {
                rules: Rule::list(read, environment.id)?,
                environment,
                jobs: vec![job],
            });
        }
    }
    Ok(all)
}

impl Core {
    /// The environments that a run waits for, as `viewer` sees them.
    pub(crate) fn pending_deployments(
        &self,
        run: &WorkflowRun,
        viewer: Option<&User>,
    ) -> Result<Vec<PendingDeployment>, Failure> {
        let now = self.now();
        self.store.read(|read| {
            let late = Setting::LatePendingDeployments.get(read)?;
            let mut pending = Vec::new();
            for waiting in waiting(read, run)? {
                let since = waiting
                    .jobs
                    .iter()
                    .filter_map(|job| job.waiting_since)
                    .min();
                if since.is_some_and(|since| since.saturating_add(late) > now) {
                    continue;
                }
                let can_approve = match viewer {
                    Some(user) => waiting.check(read, run, user).is_ok(),
                    None => false,
                };
                let wait_timer = waiting.wait_timer();
                pending.push(PendingDeployment {
                    wait_timer,
                    wait_timer_started_at: since.filter(|_| wait_timer > 0),
                    can_approve,
                    reviewers: waiting
                        .reviewers()
                        .map_or(Vec::new(), |(reviewers, _)| reviewers.to_vec()),
                    environment: waiting.environment,
                });
            }
            Ok(pending)
        })
    }

    /// The review log of a run, oldest first.
    pub(crate) fn run_reviews(&self, run: &WorkflowRun) -> Result<Vec<RunReview>, Failure> {
        self.store.read(|read| Ok(RunReview::of_run(read, run.id)?))
    }

    /// Approves or rejects the waiting deployments of some environments.
    pub(crate) fn review_run(
        &self,
        repository: &Repository,
        user: &User,
        run: i64,
        review: &ReviewRequest,
        witness: Option<&dyn Witness>,
    ) -> Result<Vec<Deployment>, Failure> {
        let jobs = self.schedule(repository, witness, |scheduler| {
            let run = WorkflowRun::by_id(scheduler.write, repository.id, run)?;
            let run = run.ok_or(Failure::NotFound)?;
            if review.environments.is_empty() {
                return Err(Failure::Refused(NO_ENVIRONMENT));
            }
            let mut chosen = waiting(scheduler.write, &run)?;
            chosen.retain(|waiting| review.environments.contains(&waiting.environment.id));
            let is_chosen = |id: &i64| chosen.iter().any(|waiting| waiting.environment.id == *id);
            if !review.environments.iter().all(is_chosen) {
                return Err(Failure::Refused(NOT_PENDING));
            }
            for waiting in &chosen {
                waiting.check(scheduler.write, &run, user)?;
            }
            let log = NewRunReview {
                run: run.id,
                state: if review.approves {
                    "approved"
                } else {
                    "rejected"
                },
                comment: &review.comment,
                user: user.id,
                environments: &review.environments,
            };
            log.insert(scheduler.write)?;
            decide(&scheduler, &run, user, review, &chosen)
        })?;
        self.deployments_of(repository, &jobs)
    }

    /// Records the answer of the app named `slug` to its gate.
    pub(crate) fn review_as_app(
        &self,
        repository: &Repository,
        slug: &str,
        run: i64,
        review: &AppReview,
        witness: Option<&dyn Witness>,
    ) -> Result<(), Failure> {
        if review.comment.chars().count() > MAX_REPORT_CHARACTERS {
            return Err(Failure::Refused(TOO_LONG_REPORT));
        }
        let bot = self.user(&format!("{slug}[bot]"))?;
        self.schedule(repository, witness, |scheduler| {
            let write = scheduler.write;
            let run = WorkflowRun::by_id(write, repository.id, run)?.ok_or(Failure::NotFound)?;
            let all = waiting(write, &run)?;
            let found = all
                .iter()
                .find(|waiting| waiting.environment.name == review.environment);
            let waiting = found.ok_or(Failure::Refused(NOT_PENDING))?;
            let app = gate_of(&waiting.rules, slug).ok_or(Failure::Forbidden(NOT_APP))?;
            let log = NewRunReview {
                run: run.id,
                state: match review.approves {
                    Some(true) => "approved",
                    Some(false) => "rejected",
                    None => "pending",
                },
                comment: &review.comment,
                user: bot.id,
                environments: &[waiting.environment.id],
            };
            log.insert(write)?;
            for job in &waiting.jobs {
                if review.approves == Some(false) {
                    scheduler.finish_job(job.id, "failure")?;
                    continue;
                }
                let is_report = review.approves.is_none();
                if is_report && RunReview::count_reports(write, job.id, app.id)? >= MAX_REPORTS {
                    return Err(Failure::Refused(TOO_MANY_REPORTS));
                }
                RunReview::record_app(write, job.id, app.id, !is_report)?;
                scheduler.check_gates(job.id)?;
            }
            Ok(())
        })
    }

    /// Adds users to a team.
    pub(crate) fn add_team_members(&self, team: &Team, logins: &[String]) -> Result<(), Failure> {
        let now = self.now();
        self.store.write(|write| {
            for login in logins {
                let user = User::ensure(write, login, now)?;
                team.add_member(write, user.id)?;
            }
            Ok(())
        })
    }
}

fn gate_of<'a>(rules: &'a [Rule], slug: &str) -> Option<&'a Integration> {
    rules.iter().find_map(|rule| match &rule.kind {
        RuleKind::App(app) if app.slug.eq_ignore_ascii_case(slug) => Some(app),
        _ => None,
    })
}

/// Carries out a review, and returns the jobs that it concerns.
fn decide(
    scheduler: &Scheduler<'_>,
    run: &WorkflowRun,
    user: &User,
    review: &ReviewRequest,
    chosen: &[WaitingEnvironment],
) -> Result<Vec<Job>, Failure> {
    let mut jobs = Vec::new();
    for waiting in chosen {
        let (reviewers, _) = waiting.reviewers().unwrap_or_default();
        let open: Vec<Job> = waiting
            .jobs
            .iter()
            .filter(|job| !job.is_approved)
            .cloned()
            .collect();
        for job in &open {
            if review.approves {
                let mut job = job.clone();
                job.is_approved = true;
                job.update(scheduler.write)?;
                scheduler.check_gates(job.id)?;
            } else {
                scheduler.finish_job(job.id, "failure")?;
            }
        }
        scheduler.emit(&RunEvent::Reviewed {
            run,
            jobs: &open,
            approves: review.approves,
            approver: user,
            comment: &review.comment,
            reviewers,
        })?;
        jobs.extend(open);
    }
    Ok(jobs)
}
