use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};

use crate::agent::config::RuleInput;
use crate::model::{Deployment, DeploymentId, RepoSlug, StatusState};

/// How far a deployment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryState {
    /// It waits for its turn.
    Received,
    /// A claim was sent, or is about to be.
    Claimed,
    /// Its command was started, or is about to be.
    Running,
    /// Its command has ended, and its final status has to be sent.
    Finishing,
    /// Another agent owns it; it is checked again from time to time.
    Watching,
    /// Nothing is left to do.
    Done,
}

impl EntryState {
    pub(crate) const ALL: [Self; 6] = [
        Self::Received,
        Self::Claimed,
        Self::Running,
        Self::Finishing,
        Self::Watching,
        Self::Done,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Claimed => "claimed",
            Self::Running => "running",
            Self::Finishing => "finishing",
            Self::Watching => "watching",
            Self::Done => "done",
        }
    }
}

impl FromSql for EntryState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        let found = Self::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or(FromSqlError::InvalidType)
    }
}

/// Why this agent has nothing left to do for a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DeploymentOutcome {
    /// This agent reported this final status.
    Reported(StatusState),
    /// No rule matches.
    NoRule,
    /// It already had this final status.
    Ended(StatusState),
    /// It is deployed without a claim, not by an agent.
    Elsewhere,
    /// Another agent deployed it.
    Other,
    /// It no longer exists.
    Gone,
    /// The server refuses its final status, which stays in the outbox.
    Refused,
}

impl DeploymentOutcome {
    /// Returns a final state, or one of the names below.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Reported(state) => state.as_str(),
            Self::NoRule => "no rule",
            Self::Ended(_) => "ended before",
            Self::Elsewhere => "elsewhere",
            Self::Other => "other agent",
            Self::Gone => "gone",
            Self::Refused => "refused",
        }
    }
}

/// Why a deployment ends without its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    SupersededBy(DeploymentId),
    /// Another deployment of its environment was waiting or running.
    Rejected,
}

impl Verdict {
    pub(super) fn to_text(self) -> String {
        match self {
            Self::SupersededBy(id) => format!("superseded by {id}"),
            Self::Rejected => "rejected".to_owned(),
        }
    }

    fn parse(text: &str) -> Self {
        match text.strip_prefix("superseded by ").map(str::parse) {
            Some(Ok(id)) => Self::SupersededBy(id),
            _ => Self::Rejected,
        }
    }
}

/// A deployment in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JournalEntry {
    pub repository: RepoSlug,
    /// The deployment as last received.
    pub deployment: Deployment,
    /// Whether the event said that a job of GitHub Actions created it.
    pub by_workflow: bool,
    pub state: EntryState,
    pub verdict: Option<Verdict>,
    /// The session of the agent that started its command.
    pub session: Option<i32>,
    /// Why the server refused the last attempt, while the entry is open.
    pub refusal: Option<String>,
}

impl JournalEntry {
    pub(crate) fn id(&self) -> DeploymentId {
        self.deployment.id
    }

    pub(crate) fn rule_input(&self) -> RuleInput<'_> {
        RuleInput::new(&self.repository, &self.deployment, self.by_workflow)
    }

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let repository: String = row.get("repository")?;
        let content: String = row.get("content")?;
        let verdict: Option<String> = row.get("verdict")?;
        let invalid = |error: Box<dyn std::error::Error + Send + Sync>| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error)
        };
        Ok(Self {
            repository: repository
                .parse()
                .map_err(|error| invalid(Box::new(error)))?,
            deployment: serde_json::from_slice(content.as_bytes())
                .map_err(|error| invalid(Box::new(error)))?,
            by_workflow: row.get("by_workflow")?,
            state: row.get("state")?,
            verdict: verdict.as_deref().map(Verdict::parse),
            session: row.get("session")?,
            refusal: row.get("detail")?,
        })
    }
}

/// When a command was started, and by which session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartedCommand {
    pub at: Timestamp,
    /// The session of this process, which distinguishes the processes that it has
    /// started from similar ones; `None` where there are no sessions.
    pub session: Option<i32>,
}

/// A deployment that is newer than another one, in any state.
#[derive(Clone, Debug)]
pub(crate) struct NewerDeployment {
    pub entry: JournalEntry,
    pub was_started: bool,
}
