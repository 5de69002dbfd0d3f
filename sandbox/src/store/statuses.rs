//! Statuses of deployments.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Slice, User, Window};

/// A stored status of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeploymentStatus {
    /// The id; above 2^32.
    pub(crate) id: i64,
    /// The deployment it belongs to.
    pub(crate) deployment_id: i64,
    /// The state, in REST's words.
    pub(crate) state: String,
    pub(crate) creator: User,
    /// The description; empty if it was left out.
    pub(crate) description: String,
    /// Where the deployment counts from here on.
    pub(crate) environment: String,
    /// The log, also known as the target; empty if it was left out.
    pub(crate) log_url: String,
    /// Where the result can be seen; empty if it was left out.
    pub(crate) environment_url: String,
    /// Seconds since the epoch.
    pub(crate) created_at: i64,
}

/// A status that is about to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewStatusRow<'a> {
    pub(crate) deployment: i64,
    pub(crate) state: &'a str,
    pub(crate) creator: i64,
    pub(crate) description: &'a str,
    pub(crate) environment: &'a str,
    pub(crate) log_url: &'a str,
    pub(crate) environment_url: &'a str,
}

impl NewStatusRow<'_> {
    /// Writes it and returns its id; `now` is in seconds since the epoch.
    pub(crate) fn insert(&self, write: &Connection, now: i64) -> Result<i64> {
        write
            .prepare_cached(
                "INSERT INTO deployment_statuses (deployment_id, state, creator_id, description,
                    environment, log_url, environment_url, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
            )?
            .query_row(
                params![
                    self.deployment,
                    self.state,
                    self.creator,
                    self.description,
                    self.environment,
                    self.log_url,
                    self.environment_url,
                    now
                ],
                |row| row.get(0),
            )
    }
}

/// Columns are read by position; looking up their names takes longer.
const SELECT: &str = "SELECT deployment_statuses.id, deployment_statuses.deployment_id,
    deployment_statuses.state, deployment_statuses.creator_id, users.login, users.created_at,
    deployment_statuses.description, deployment_statuses.environment,
    deployment_statuses.log_url, deployment_statuses.environment_url,
    deployment_statuses.created_at
    FROM deployment_statuses JOIN users ON users.id = deployment_statuses.creator_id";

impl DeploymentStatus {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            deployment_id: row.get(1)?,
            state: row.get(2)?,
            creator: User {
                id: row.get(3)?,
                login: row.get(4)?,
                created_at: row.get(5)?,
            },
            description: row.get(6)?,
            environment: row.get(7)?,
            log_url: row.get(8)?,
            environment_url: row.get(9)?,
            created_at: row.get(10)?,
        })
    }

    /// Finds a status of a deployment.
    pub(crate) fn by_id(read: &Connection, deployment: i64, id: i64) -> Result<Option<Self>> {
        let query = format!(
            "{SELECT} WHERE deployment_statuses.id = ?1 AND deployment_statuses.deployment_id = ?2"
        );
        read.prepare_cached(&query)?
            .query_row([id, deployment], Self::from_row)
            .optional()
    }

    /// Finds a status of a repository by its id alone.
    pub(crate) fn of_repository(
        read: &Connection,
        repository: i64,
        id: i64,
    ) -> Result<Option<Self>> {
        let query = format!(
            "{SELECT} JOIN deployments ON deployments.id = deployment_statuses.deployment_id
             WHERE deployment_statuses.id = ?1 AND deployments.repository_id = ?2"
        );
        read.prepare_cached(&query)?
            .query_row([id, repository], Self::from_row)
            .optional()
    }

    /// The newest status of a deployment.
    pub(crate) fn latest(read: &Connection, deployment: i64) -> Result<Option<Self>> {
        Ok(Self::latest_of(read, &[deployment])?.pop())
    }

    /// The newest status of each of these deployments that has one.
    pub(crate) fn latest_of(read: &Connection, deployments: &[i64]) -> Result<Vec<Self>> {
        let query = format!(
            "{SELECT} WHERE deployment_statuses.deployment_id = ?1
             ORDER BY deployment_statuses.id DESC LIMIT 1"
        );
        let mut statement = read.prepare_cached(&query)?;
        let found = deployments.iter().filter_map(|deployment| {
            let found = statement.query_row([*deployment], Self::from_row);
            found.optional().transpose()
        });
        found.collect()
    }

    /// A page of a deployment's statuses, newest first.
    pub(crate) fn list(read: &Connection, deployment: i64, window: Window) -> Result<Slice<Self>> {
        let total: i64 = read
            .prepare_cached("SELECT count(*) FROM deployment_statuses WHERE deployment_id = ?1")?
            .query_row([deployment], |row| row.get(0))?;
        let query = format!(
            "{SELECT} WHERE deployment_statuses.deployment_id = ?1
             ORDER BY deployment_statuses.id DESC LIMIT ?2 OFFSET ?3"
        );
        let (skip, take) = window.bounds();
        let items = read
            .prepare_cached(&query)?
            .query_map([deployment, take, skip], Self::from_row)?
            .collect::<Result<_>>()?;
        Ok(Slice {
            items,
            total: u64::try_from(total).unwrap_or(0),
        })
    }
}
