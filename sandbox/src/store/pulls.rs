//! Pull requests.

use rusqlite::{Connection, OptionalExtension, Result, Row, ToSql, params};

use super::{Slice, User, Window};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pull {
    pub(crate) id: i64,
    /// The number within the repository.
    pub(crate) number: i64,
    pub(crate) title: String,
    /// The branch to be merged, which may no longer exist.
    pub(crate) head: String,
    pub(crate) head_sha: String,
    pub(crate) base: String,
    pub(crate) base_sha: String,
    /// The commit that it was merged as, by a merge, a squash or a rebase.
    pub(crate) merge_commit_sha: Option<String>,
    pub(crate) user: User,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
    /// Seconds since the epoch.
    pub(crate) updated_at: i64,
    /// Seconds since the epoch; `None` while it is open.
    pub(crate) closed_at: Option<i64>,
    /// Seconds since the epoch; `None` unless it was merged.
    pub(crate) merged_at: Option<i64>,
}

/// A pull request that is about to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewPull {
    pub(crate) number: Option<i64>,
    pub(crate) title: String,
    pub(crate) head: String,
    pub(crate) head_sha: String,
    pub(crate) base: String,
    pub(crate) base_sha: String,
    /// The commits that it brings.
    pub(crate) commits: Vec<String>,
    pub(crate) user: i64,
}

/// Whether a pull request is closed, and how it was merged.
#[derive(Debug, Clone, Default)]
pub(crate) struct PullState {
    pub(crate) is_closed: bool,
    pub(crate) is_merged: bool,
    pub(crate) merge_commit_sha: Option<String>,
}

/// The filter and order of pull requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct PullFilter {
    /// Open ones (`true`), closed ones (`false`), or both.
    pub(crate) open: Option<bool>,
    pub(crate) head: Option<String>,
    pub(crate) base: Option<String>,
    /// A commit that it brings, or that it was merged as.
    pub(crate) commit: Option<String>,
    /// By the time of the last change, not by that of the beginning.
    pub(crate) by_change: bool,
    /// Oldest first.
    pub(crate) ascending: bool,
}

const SELECT: &str = "SELECT pulls.*, users.login AS user_login,
    users.created_at AS user_created_at FROM pulls JOIN users ON users.id = pulls.user_id";

impl Pull {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            title: row.get("title")?,
            head: row.get("head")?,
            head_sha: row.get("head_sha")?,
            base: row.get("base")?,
            base_sha: row.get("base_sha")?,
            merge_commit_sha: row.get("merge_commit_sha")?,
            user: User {
                id: row.get("user_id")?,
                login: row.get("user_login")?,
                created_at: row.get("user_created_at")?,
            },
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            closed_at: row.get("closed_at")?,
            merged_at: row.get("merged_at")?,
        })
    }

    /// Finds a pull request of a repository.
    pub(crate) fn by_number(
        read: &Connection,
        repository: i64,
        number: i64,
    ) -> Result<Option<Self>> {
        let query = format!("{SELECT} WHERE pulls.repository_id = ?1 AND pulls.number = ?2");
        read.prepare_cached(&query)?
            .query_row([repository, number], Self::from_row)
            .optional()
    }

    /// Finds a pull request of a repository by id.
    pub(crate) fn by_id(read: &Connection, repository: i64, id: i64) -> Result<Option<Self>> {
        let query = format!("{SELECT} WHERE pulls.repository_id = ?1 AND pulls.id = ?2");
        read.prepare_cached(&query)?
            .query_row([repository, id], Self::from_row)
            .optional()
    }

    /// The open pull requests of a branch, newest first.
    pub(crate) fn open_of_branch(
        read: &Connection,
        repository: i64,
        branch: &str,
    ) -> Result<Vec<Self>> {
        let filter = PullFilter {
            open: Some(true),
            head: Some(branch.to_owned()),
            ..PullFilter::default()
        };
        let all = Window {
            skip: 0,
            take: u64::MAX,
        };
        Ok(Self::list(read, repository, &filter, all)?.items)
    }

    /// A page of a repository's pull requests.
    pub(crate) fn list(
        read: &Connection,
        repository: i64,
        filter: &PullFilter,
        window: Window,
    ) -> Result<Slice<Self>> {
        let mut conditions = "pulls.repository_id = ?".to_owned();
        let mut values: Vec<&dyn ToSql> = vec![&repository];
        match filter.open {
            Some(true) => conditions.push_str(" AND closed_at IS NULL"),
            Some(false) => conditions.push_str(" AND closed_at IS NOT NULL"),
            None => {}
        }
        for (column, value) in [("head", &filter.head), ("base", &filter.base)] {
            if let Some(value) = value {
                conditions.push_str(&format!(" AND {column} = ?"));
                values.push(value);
            }
        }
        if let Some(commit) = &filter.commit {
            conditions.push_str(
                " AND (merge_commit_sha = ? OR pulls.id IN
                    (SELECT pull_id FROM pull_commits WHERE sha = ?))",
            );
            values.extend([commit as &dyn ToSql, commit]);
        }
        let count = format!("SELECT count(*) FROM pulls WHERE {conditions}");
        let total: i64 = read
            .prepare_cached(&count)?
            .query_row(values.as_slice(), |row| row.get(0))?;
        let column = if filter.by_change {
            "updated_at"
        } else {
            "created_at"
        };
        let order = if filter.ascending { "ASC" } else { "DESC" };
        let query = format!(
            "{SELECT} WHERE {conditions}
             ORDER BY pulls.{column} {order}, pulls.number {order} LIMIT ? OFFSET ?"
        );
        let (skip, take) = window.bounds();
        values.push(&take);
        values.push(&skip);
        let items = read
            .prepare_cached(&query)?
            .query_map(values.as_slice(), Self::from_row)?
            .collect::<Result<_>>()?;
        Ok(Slice {
            items,
            total: u64::try_from(total).unwrap_or(0),
        })
    }

    /// Writes a new one, with the next number unless it names one.
    pub(crate) fn insert(
        write: &Connection,
        repository: i64,
        new: &NewPull,
        now: i64,
    ) -> Result<Self> {
        let number = match new.number {
            Some(number) => number,
            None => write
                .prepare_cached(
                    "SELECT coalesce(max(number), 0) + 1 FROM pulls WHERE repository_id = ?1",
                )?
                .query_row([repository], |row| row.get(0))?,
        };
        write
            .prepare_cached(
                "INSERT INTO pulls (repository_id, number, title, head, head_sha, base, base_sha,
                    user_id, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
            )?
            .execute(params![
                repository,
                number,
                new.title,
                new.head,
                new.head_sha,
                new.base,
                new.base_sha,
                new.user,
                now
            ])?;
        let made = Self::by_number(write, repository, number)?
            .ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let mut insert = write
            .prepare_cached("INSERT OR IGNORE INTO pull_commits (pull_id, sha) VALUES (?1, ?2)")?;
        for sha in &new.commits {
            insert.execute(params![made.id, sha])?;
        }
        Ok(made)
    }

    /// Notes whether it is closed and merged.
    pub(crate) fn set_state(
        &mut self,
        write: &Connection,
        state: &PullState,
        now: i64,
    ) -> Result<()> {
        self.closed_at = (state.is_closed || state.is_merged).then_some(now);
        self.merged_at = state.is_merged.then_some(now);
        self.merge_commit_sha.clone_from(&state.merge_commit_sha);
        self.updated_at = now;
        write
            .prepare_cached(
                "UPDATE pulls SET closed_at = ?2, merged_at = ?3, updated_at = ?4,
                    merge_commit_sha = ?5 WHERE id = ?1",
            )?
            .execute(params![
                self.id,
                self.closed_at,
                self.merged_at,
                now,
                self.merge_commit_sha
            ])?;
        Ok(())
    }
}
