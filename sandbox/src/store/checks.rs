//! Commit statuses, which continuous integration reports.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Slice, User, Window};

/// The state of a context, or of a commit as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckState {
    /// The check itself broke.
    Error,
    /// The check failed.
    Failure,
    /// The check goes on.
    Pending,
    /// The check succeeded.
    Success,
}

impl CheckState {
    /// All of them, in the order of GitHub's documentation.
    pub(crate) const NAMES: [&str; 4] = ["error", "failure", "pending", "success"];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Failure => "failure",
            Self::Pending => "pending",
            Self::Success => "success",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Error, Self::Failure, Self::Pending, Self::Success]
            .into_iter()
            .find(|state| state.as_str() == word)
    }

    /// The state of a commit whose contexts have these states: `failure` if
    /// one failed, `pending` if one is or if there are none, else `success`.
    pub(crate) fn combined(states: impl IntoIterator<Item = Self>) -> Self {
        let mut combined = None;
        for state in states {
            combined = Some(match (state, combined) {
                (Self::Error | Self::Failure, _) | (_, Some(Self::Failure)) => Self::Failure,
                (Self::Pending, _) | (_, Some(Self::Pending)) => Self::Pending,
                _ => Self::Success,
            });
        }
        combined.unwrap_or(Self::Pending)
    }
}

/// A stored commit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommitStatus {
    pub(crate) id: i64,
    pub(crate) sha: String,
    /// Which system reported it; its case does not count.
    pub(crate) context: String,
    pub(crate) state: CheckState,
    pub(crate) description: Option<String>,
    /// The address of the details, if one was sent.
    pub(crate) target_url: Option<String>,
    pub(crate) creator: User,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
}

/// A commit status that is about to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewCommitStatus {
    pub(crate) sha: String,
    pub(crate) context: String,
    pub(crate) state: CheckState,
    pub(crate) description: Option<String>,
    pub(crate) target_url: Option<String>,
}

const SELECT: &str = "SELECT commit_statuses.*, users.login AS creator_login,
    users.created_at AS creator_created_at
    FROM commit_statuses JOIN users ON users.id = commit_statuses.creator_id";

impl CommitStatus {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let state: String = row.get("state")?;
        Ok(Self {
            id: row.get("id")?,
            sha: row.get("sha")?,
            context: row.get("context")?,
            state: CheckState::parse(&state).unwrap_or(CheckState::Error),
            description: row.get("description")?,
            target_url: row.get("target_url")?,
            creator: User {
                id: row.get("creator_id")?,
                login: row.get("creator_login")?,
                created_at: row.get("creator_created_at")?,
            },
            created_at: row.get("created_at")?,
        })
    }

    /// Writes a status.
    pub(crate) fn insert(
        write: &Connection,
        repository: i64,
        creator: i64,
        new: &NewCommitStatus,
        now: i64,
    ) -> Result<Self> {
        let id: i64 = write
            .prepare_cached(
                "INSERT INTO commit_statuses (repository_id, sha, context, state, description,
                    target_url, creator_id, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
            )?
            .query_row(
                params![
                    repository,
                    new.sha,
                    new.context,
                    new.state.as_str(),
                    new.description,
                    new.target_url,
                    creator,
                    now
                ],
                |row| row.get(0),
            )?;
        let query = format!("{SELECT} WHERE commit_statuses.id = ?1");
        write
            .prepare_cached(&query)?
            .query_row([id], Self::from_row)
    }

    /// Finds a commit status of a repository.
    pub(crate) fn by_id(read: &Connection, repository: i64, id: i64) -> Result<Option<Self>> {
        let query = format!(
            "{SELECT} WHERE commit_statuses.id = ?1 AND commit_statuses.repository_id = ?2"
        );
        read.prepare_cached(&query)?
            .query_row([id, repository], Self::from_row)
            .optional()
    }

    /// The number of statuses of a context of a commit.
    pub(crate) fn count(
        read: &Connection,
        repository: i64,
        sha: &str,
        context: &str,
    ) -> Result<u64> {
        let count: i64 = read
            .prepare_cached(
                "SELECT count(*) FROM commit_statuses
                 WHERE repository_id = ?1 AND sha = ?2 AND context = ?3",
            )?
            .query_row(params![repository, sha, context], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// The newest status of each context of a commit, in the order in which
    /// the contexts were first reported.
    pub(crate) fn contexts(read: &Connection, repository: i64, sha: &str) -> Result<Vec<Self>> {
        let query = format!(
            "{SELECT} JOIN (SELECT max(id) AS newest, min(id) AS first FROM commit_statuses
                WHERE repository_id = ?1 AND sha = ?2 GROUP BY context) AS heads
             ON commit_statuses.id = heads.newest ORDER BY heads.first"
        );
        read.prepare_cached(&query)?
            .query_map(params![repository, sha], Self::from_row)?
            .collect()
    }

    /// A page of all statuses of a commit, newest first.
    pub(crate) fn list(
        read: &Connection,
        repository: i64,
        sha: &str,
        window: Window,
    ) -> Result<Slice<Self>> {
        let total: i64 = read
            .prepare_cached(
                "SELECT count(*) FROM commit_statuses WHERE repository_id = ?1 AND sha = ?2",
            )?
            .query_row(params![repository, sha], |row| row.get(0))?;
        let query = format!(
            "{SELECT} WHERE commit_statuses.repository_id = ?1 AND commit_statuses.sha = ?2
             ORDER BY commit_statuses.id DESC LIMIT ?3 OFFSET ?4"
        );
        let (skip, take) = window.bounds();
        let items = read
            .prepare_cached(&query)?
            .query_map(params![repository, sha, take, skip], Self::from_row)?
            .collect::<Result<_>>()?;
        Ok(Slice {
            items,
            total: u64::try_from(total).unwrap_or(0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CheckState::{self, Error, Failure, Pending, Success};

    #[test]
    fn the_combined_state_follows_the_docs() {
        assert_eq!(CheckState::combined([]), Pending);
        assert_eq!(CheckState::combined([Success, Success]), Success);
        assert_eq!(CheckState::combined([Success, Pending]), Pending);
        assert_eq!(CheckState::combined([Pending, Error, Success]), Failure);
        assert_eq!(CheckState::combined([Failure, Pending]), Failure);
    }
}
