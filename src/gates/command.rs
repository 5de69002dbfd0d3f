use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use tokio::time::Instant;

use super::conclusion::{conclude, words};
use super::entry::Entry;
use super::find::Finder;
use super::gate::Gate;
use super::record::ReviewRecord;
use super::review::Reviewer;
use super::selection::{RunSelection, parse_run_sha};
use crate::error::{Failure, Kind};
use crate::model::{Pattern, ReviewState, RunId};
use crate::output::{Cell, Column, Format, counted, short_sha};
use crate::request::LockOptions;
use crate::session::Session;
use crate::term::{Role, Term};

const WHOLE_SHA_DIGITS: usize = 40;

/// Which runs and environments to review, and how.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReviewArgs {
    /// Workflow runs, by ID or URL
    #[arg(value_name = "RUN", conflicts_with_all = ["sha", "pull_request"])]
    pub(crate) runs: Vec<RunId>,

    /// All waiting runs of this commit, by its SHA or at least 7 digits of it
    #[arg(long, value_parser = parse_run_sha)]
    pub(crate) sha: Option<String>,

    /// All waiting runs of the commit at the head of this pull request
    #[arg(long = "pr", value_name = "NUMBER")]
    pub(crate) pull_request: Option<u64>,

    /// Only these environments, by name or by a pattern with *, ? and [abc]
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) environment: Vec<String>,

    /// Comment of the review
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,

    /// Show what would be reviewed, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Do not ask for confirmation
    #[arg(short, long)]
    pub(crate) yes: bool,

    /// Exit 0 if nothing waits
    #[arg(long)]
    pub(crate) ignore_missing: bool,
}

/// A command that reviews what runs wait for.
pub(crate) struct ReviewCommand<'a> {
    pub(crate) args: &'a ReviewArgs,
    /// Whether locks and freezes matter; `None` if they never do.
    pub(crate) locks: Option<&'a LockOptions>,
    /// Approved or rejected.
    pub(crate) state: ReviewState,
    /// Only runs that a newer waiting run supersedes.
    pub(crate) superseded: bool,
    /// Only runs that have waited for longer than this.
    pub(crate) older_than: Option<Duration>,
    /// For how long to keep approving later environments of the same commits.
    pub(crate) follow: Option<Duration>,
}

impl ReviewCommand<'_> {
    pub(crate) async fn run(&self, session: &Session) -> anyhow::Result<()> {
        let format = session.format::<ReviewRecord>()?;
        self.check(session)?;
        let connection = session.connect(None).await?;
        let finder = Finder {
            session,
            connection: &connection,
        };
        let comment = self.comment();
        let reviewer = Reviewer {
            finder: &finder,
            locks: self.locks,
            state: self.state.clone(),
            comment: &comment,
        };
        let began = Instant::now();
        let (mut entries, head) = self.entries(&finder).await?;
        reviewer.settle_unreviewable(&mut entries).await?;
        if entries.is_empty() {
            return self.nothing(session, &format);
        }
        self.show_plan(&session.term, &entries);
        if self.args.dry_run {
            return self.print(session, &format, &entries, &comment);
        }
        self.confirm(session, &entries).await?;
        // What was found by a list or shown for a question is read again.
        let read_at = (!self.args.runs.is_empty()).then_some(began);
        reviewer.carry_out(&mut entries, read_at).await;
        self.warn_of_moved_head(&finder, head.as_deref()).await;
        let followed = match self.follow {
            Some(timeout) => {
                let selection = self.selection();
                let deadline = began + timeout;
                reviewer.follow(&mut entries, &selection, deadline).await
            }
            None => Ok(()),
        };
        self.print(session, &format, &entries, &comment)?;
        followed?;
        conclude(&entries, &self.state, self.follow.is_some())?;
        Ok(())
    }

    fn approves(&self) -> bool {
        self.state == ReviewState::Approved
    }

    fn verb(&self) -> &'static str {
        if self.approves() { "approve" } else { "reject" }
    }

    fn comment(&self) -> String {
        let default = || format!("{} with deployctl", self.state);
        self.args.message.clone().unwrap_or_else(default)
    }

    fn selection(&self) -> RunSelection {
        RunSelection {
            sha: self.args.sha.clone(),
            pull_request: self.args.pull_request,
            environments: self.args.environment.iter().map(Pattern::new).collect(),
            ..RunSelection::default()
        }
    }

    fn check(&self, session: &Session) -> Result<(), Failure> {
        let args = self.args;
        let narrows = self.superseded || self.older_than.is_some();
        let selects = !args.runs.is_empty() || args.sha.is_some() || args.pull_request.is_some();
        if !selects && !narrows {
            let what = format!("no run to {} is selected", self.verb());
            return Err(Failure::new(Kind::Usage, what)
                .hint("name runs by their IDs, or select those of a commit with --sha or of a pull request with --pr")
                .hint("a branch alone is not enough: it moves; run 'deployctl pending' to see the runs that wait"));
        }
        if !args.yes && !args.dry_run && !session.term.may_prompt() {
            let what = format!("cannot ask here whether to {}; use --yes", self.verb());
            return Err(
                Failure::new(Kind::Usage, what).hint("--dry-run shows what would be reviewed")
            );
        }
        Ok(())
    }

    /// The entries of the plan, and the head of the pull request.
    async fn entries(&self, finder: &Finder<'_>) -> anyhow::Result<(Vec<Entry>, Option<String>)> {
        let selection = self.selection();
        let narrows = self.superseded || self.older_than.is_some();
        if !self.args.runs.is_empty() && !narrows {
            let mut ids = self.args.runs.clone();
            let mut known = std::collections::HashSet::new();
            ids.retain(|id| known.insert(*id));
            let shows_runs = !self.args.yes || self.follow.is_some();
            let entries = finder.entries_by_id(&ids, &selection, &self.state, shows_runs);
            return Ok((entries.await?, None));
        }
        let (selection, head) = finder.with_head(&selection).await?;
        if let (Some(number), Some(head)) = (self.args.pull_request, &head) {
            let what = format!("the head of pull request {number} is {head}");
            finder.session.term.note(what);
        }
        // The head is known by now.
        let selection = RunSelection {
            pull_request: None,
            ..selection
        };
        let mut gates = finder.settled_gates(&selection).await?;
        let is_named =
            |gate: &Gate| self.args.runs.is_empty() || self.args.runs.contains(&gate.run.id);
        let now = finder.connection.client.server_now();
        gates.retain(|gate| {
            is_named(gate)
                && (!self.superseded || gate.superseded_by.is_some())
                && self
                    .older_than
                    .is_none_or(|age| gate.is_older_than(age, now))
        });
        let leaves_out = self.approves();
        if leaves_out {
            finder.add_behind_live(&mut gates).await;
        }
        let mut entries: Vec<Entry> = gates
            .iter()
            .map(|gate| Entry::from_gate(gate, leaves_out))
            .collect();
        if entries.is_empty()
            && !narrows
            && let Some(sha) = whole_sha(finder.session, selection.sha.as_deref())
        {
            entries = finder
                .reviewed_before(&sha, &selection, &self.state)
                .await?;
        }
        Ok((entries, head))
    }

    /// Warns if the pull request has got another head since the plan was made.
    async fn warn_of_moved_head(&self, finder: &Finder<'_>, head: Option<&str>) {
        let (Some(number), Some(head)) = (self.args.pull_request, head) else {
            return;
        };
        let selection = RunSelection {
            pull_request: Some(number),
            ..RunSelection::default()
        };
        if let Ok((_, Some(now))) = finder.with_head(&selection).await
            && now != head
        {
            let what = format!("the head of pull request {number} has moved to {now}");
            finder.session.term.warn(what);
        }
    }

    fn nothing(&self, session: &Session, format: &Format) -> anyhow::Result<()> {
        let what = "no selected run waits for a review";
        if !self.args.ignore_missing {
            return Err(Failure::new(Kind::NothingThere, what)
                .hint("run 'deployctl pending' to see the runs that wait")
                .into());
        }
        session.term.note(what);
        format.print_many(&session.term, &[] as &[ReviewRecord], columns(), |_| {
            Vec::new()
        })?;
        Ok(())
    }

    /// Shows what is going to be done, and what is not and why.
    fn show_plan(&self, term: &Term, entries: &[Entry]) {
        for entry in entries {
            let mut line = format!("  run {}", entry.run_id);
            if let Some(run) = &entry.run {
                let name = run.head_branch.as_deref().unwrap_or_default();
                let sha = short_sha(&run.head_sha);
                line.push_str(&format!(" ({}, {name} {sha})", run.workflow()));
            }
            line.push_str(&format!(", {}: ", entry.environment()));
            match (&entry.result, &entry.message) {
                (None, _) => line.push_str(self.verb()),
                (Some(result), None) => line.push_str(result.as_str()),
                (Some(result), Some(message)) => {
                    line.push_str(&format!("{}: {message}", words(*result)));
                }
            }
            term.note(line);
        }
    }

    async fn confirm(&self, session: &Session, entries: &[Entry]) -> anyhow::Result<()> {
        let open: Vec<&Entry> = entries.iter().filter(|entry| entry.is_open()).collect();
        if open.is_empty() || self.args.yes {
            return Ok(());
        }
        let runs: std::collections::HashSet<RunId> = open.iter().map(|one| one.run_id).collect();
        let verb = if self.approves() { "Approve" } else { "Reject" };
        let question = format!(
            "{verb} {} of {}?",
            counted(open.len(), "environment"),
            counted(runs.len(), "run")
        );
        session.confirm(question).await
    }

    fn print(
        &self,
        session: &Session,
        format: &Format,
        entries: &[Entry],
        comment: &str,
    ) -> anyhow::Result<()> {
        let records: Vec<ReviewRecord> = entries.iter().map(|one| one.record(comment)).collect();
        let planned = if self.approves() {
            "would approve"
        } else {
            "would reject"
        };
        format.print_many(&session.term, &records, columns(), |record| {
            let (result, role) = match record.result {
                None => (planned, Role::Pending),
                Some(result) if result.is_done() => (result.as_str(), Role::Success),
                Some(result) => (result.as_str(), Role::Failure),
            };
            vec![
                Cell::new(record.run_id.to_string()).role(Role::Id),
                Cell::new(record.environment.as_str()),
                Cell::new(result).role(role),
            ]
        })?;
        session.term.flush()?;
        Ok(())
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::rigid("RUN"),
        Column::flexible("ENVIRONMENT", 11),
        Column::rigid("RESULT"),
    ]
}

/// The whole SHA, from the checkout if only some digits are known.
fn whole_sha(session: &Session, sha: Option<&str>) -> Option<String> {
    let sha = sha?;
    if sha.len() >= WHOLE_SHA_DIGITS {
        return Some(sha.to_owned());
    }
    session.git().ok()?.commit(sha)
}
