use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::{Journal, JournalError};
use crate::agent::config::Request;
use crate::model::{Deployment, DeploymentId, RepoSlug, StatusState};

/// How far a deployment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It is known, and waits for its turn.
    Received,
    /// A claim was sent, or is about to be.
    Claimed,
    /// Its command was started, or is about to be.
    Running,
    /// Its command has ended, and its final status is kept for sending.
    Finishing,
    /// Another agent has it; looked at again from time to time.
    Watching,
    /// Nothing is left to do.
    Done,
}

impl State {
    /// Every state.
    pub(crate) const ALL: [Self; 6] = [
        Self::Received,
        Self::Claimed,
        Self::Running,
        Self::Finishing,
        Self::Watching,
        Self::Done,
    ];

    /// Its word.
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

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        let found = Self::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or(FromSqlError::InvalidType)
    }
}

/// What became of a deployment, for this agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was reported with this final status.
    Reported(StatusState),
    /// No rule fits.
    NoRule,
    /// It had come to its end before.
    Ended(StatusState),
    /// Somebody who is no agent deploys it.
    Elsewhere,
    /// Another agent had it to its end.
    Other,
    /// It no longer exists.
    Gone,
    /// The server takes no final status for it; the outbox keeps what was refused.
    Refused,
}

impl Outcome {
    /// Its word: a final state, or `no rule`, `ended before`, `elsewhere`,
    /// `other agent`, `gone`, `refused`.
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

/// Why a deployment is to end without its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A newer one took its place.
    SupersededBy(DeploymentId),
    /// Another one of its environment was waiting or running.
    Rejected,
}

impl Verdict {
    fn to_text(self) -> String {
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
pub(crate) struct Entry {
    /// The repository.
    pub repository: RepoSlug,
    /// The deployment as it was told last.
    pub deployment: Deployment,
    /// Whether a job of GitHub Actions made it, as far as the event told.
    pub by_workflow: bool,
    /// How far it has come.
    pub state: State,
    /// Whether it is to end without its command.
    pub verdict: Option<Verdict>,
    /// The session of the agent that started its command.
    pub session: Option<i32>,
    /// Why the server refused it, as long as nothing has become of it.
    pub refusal: Option<String>,
}

impl Entry {
    /// Its number.
    pub(crate) fn id(&self) -> DeploymentId {
        self.deployment.id
    }

    /// What rules look at.
    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            repository: &self.repository,
            environment: &self.deployment.environment,
            ref_name: &self.deployment.ref_name,
            sha: &self.deployment.sha,
            task: &self.deployment.task,
            by_workflow: self.by_workflow,
        }
    }

    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let repository: String = row.get("repository")?;
        let content: String = row.get("content")?;
        let verdict: Option<String> = row.get("verdict")?;
        let broken = |error: Box<dyn std::error::Error + Send + Sync>| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error)
        };
        Ok(Self {
            repository: repository
                .parse()
                .map_err(|error| broken(Box::new(error)))?,
            deployment: serde_json::from_str(&content).map_err(|error| broken(Box::new(error)))?,
            by_workflow: row.get("by_workflow")?,
            state: row.get("state")?,
            verdict: verdict.as_deref().map(Verdict::parse),
            session: row.get("session")?,
            refusal: row.get("detail")?,
        })
    }
}

/// When a command is started, and by whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started {
    /// The time.
    pub at: Timestamp,
    /// The session of this process, which tells what it started from what only
    /// looks like it; `None` where there are no sessions.
    pub session: Option<i32>,
}

/// `SQLite` has 64 bits with a sign; GitHub's numbers are far from its end.
pub(super) fn number(id: DeploymentId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

/// Adds a deployment; false if it was known.
pub(super) fn insert(
    connection: &Connection,
    repository: &RepoSlug,
    deployment: &Deployment,
    by_workflow: bool,
    source: &str,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let content = serde_json::to_string(deployment)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let added = connection
        .prepare_cached(
            "INSERT INTO deployments
                (id, repository, environment, content, by_workflow, source, state, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'received', ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            number(deployment.id),
            repository.to_string(),
            deployment.environment,
            content,
            by_workflow,
            source,
            now.as_second(),
        ])?;
    Ok(added > 0)
}

impl Journal {
    /// What is not done, the oldest deployment first.
    pub(crate) async fn open_entries(&self) -> Result<Vec<Entry>, JournalError> {
        self.write(|connection| {
            connection
                .prepare_cached("SELECT * FROM deployments WHERE state <> 'done' ORDER BY id")?
                .query_map([], Entry::read)?
                .collect()
        })
        .await
    }

    /// One deployment, if it is known.
    pub(crate) async fn entry(&self, id: DeploymentId) -> Result<Option<Entry>, JournalError> {
        self.write(move |connection| {
            connection
                .prepare_cached("SELECT * FROM deployments WHERE id = ?1")?
                .query_row([number(id)], Entry::read)
                .optional()
        })
        .await
    }

    /// Notes what GitHub has of a deployment now, which differs from what was
    /// told.
    pub(crate) async fn correct(&self, deployment: &Deployment) -> Result<(), JournalError> {
        let deployment = deployment.clone();
        self.write(move |connection| {
            let content = serde_json::to_string(&deployment)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
            connection
                .prepare_cached(
                    "UPDATE deployments SET content = ?2, environment = ?3 WHERE id = ?1",
                )?
                .execute(params![
                    number(deployment.id),
                    content,
                    deployment.environment
                ])?;
            Ok(())
        })
        .await
    }

    /// Notes that a deployment is to end without its command, unless it has
    /// started.
    pub(crate) async fn judge(
        &self,
        id: DeploymentId,
        verdict: Verdict,
    ) -> Result<bool, JournalError> {
        self.write(move |connection| {
            let judged = connection
                .prepare_cached(
                    "UPDATE deployments SET verdict = ?2
                     WHERE id = ?1 AND verdict IS NULL AND state IN ('received', 'claimed', 'watching')",
                )?
                .execute(params![number(id), verdict.to_text()])?;
            Ok(judged > 0)
        })
        .await
    }

    /// Notes that a claim is about to be sent.
    ///
    /// # Errors
    /// [`JournalError::Started`] if its command was started before.
    pub(crate) async fn claim(&self, id: DeploymentId) -> Result<(), JournalError> {
        self.change_unstarted("UPDATE deployments SET state = 'claimed'", [number(id)])
            .await
    }

    /// Notes that another agent has it, and when to look again.
    ///
    /// # Errors
    /// [`JournalError::Started`] if its command was started before.
    pub(crate) async fn watch(
        &self,
        id: DeploymentId,
        look_at: Timestamp,
    ) -> Result<(), JournalError> {
        self.change_unstarted(
            "UPDATE deployments SET state = 'watching', look_at = ?2",
            (number(id), look_at.as_second()),
        )
        .await
    }

    /// Notes that the command is about to start: from now on it is never
    /// started again.
    ///
    /// # Errors
    /// [`JournalError::Started`] if it was started before.
    pub(crate) async fn start(
        &self,
        id: DeploymentId,
        started: Started,
    ) -> Result<(), JournalError> {
        self.change_unstarted(
            "UPDATE deployments SET state = 'running', started_at = ?2, session = ?3",
            (number(id), started.at.as_second(), started.session),
        )
        .await
    }

    /// Changes a deployment, the first of the values, whose command was not
    /// started.
    pub(super) async fn change_unstarted(
        &self,
        update: &'static str,
        values: impl Params + Send + 'static,
    ) -> Result<(), JournalError> {
        let changed = self
            .write(move |connection| {
                connection
                    .prepare_cached(&format!(
                        "{update} WHERE id = ?1 AND state IN ('received', 'claimed', 'watching')"
                    ))?
                    .execute(values)
            })
            .await?;
        (changed > 0).then_some(()).ok_or(JournalError::Started)
    }

    /// Notes that the final status is kept for sending.
    pub(crate) async fn finish(&self, id: DeploymentId) -> Result<(), JournalError> {
        self.set_state(id, State::Finishing).await
    }

    /// Notes that nothing is left to do, and why.
    pub(crate) async fn done(
        &self,
        id: DeploymentId,
        outcome: Outcome,
        detail: Option<String>,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "UPDATE deployments SET state = 'done', outcome = ?2, detail = ?3,
                        ended_at = ?4, content = json_remove(content, '$.payload')
                     WHERE id = ?1",
                )?
                .execute(params![
                    number(id),
                    outcome.as_str(),
                    detail,
                    now.as_second()
                ])?;
            Ok(())
        })
        .await
    }

    async fn set_state(&self, id: DeploymentId, state: State) -> Result<(), JournalError> {
        self.write(move |connection| {
            connection
                .prepare_cached("UPDATE deployments SET state = ?2 WHERE id = ?1")?
                .execute(params![number(id), state.as_str()])?;
            Ok(())
        })
        .await
    }
}
