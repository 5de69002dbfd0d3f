use std::cmp::Reverse;
use std::collections::VecDeque;

use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;

use super::filter::Filter;
use super::list::list_matching;
use crate::api::{DeploymentsAnswer, DeploymentsQuery, in_order};
use crate::error::Failure;
use crate::model::{DeploymentId, DeploymentWithState};
use crate::session::{Connection, Repositories};

/// How many repositories are asked before the results are looked at.
const ROUND: usize = 100;
/// The most deployments on a page.
const PAGE: usize = 100;

/// The deployments that match a filter in many repositories.
pub(crate) struct ManyDeployments<'r> {
    pub(crate) repositories: &'r mut Repositories,
    pub(crate) filter: &'r Filter,
    /// Whether states are needed.
    pub(crate) with_state: bool,
    /// Whether something is needed that only REST has.
    pub(crate) needs_rest: bool,
}

/// A deployment, and the index of its repository.
pub(crate) type Located = (usize, DeploymentWithState);

impl ManyDeployments<'_> {
    /// The newest `limit` deployments over all repositories, newest first.
    pub(crate) async fn newest(&mut self, limit: Option<usize>) -> Result<Vec<Located>, Failure> {
        let mut newest = Newest {
            limit,
            found: Vec::new(),
        };
        let all: Vec<usize> = (0..self.repositories.connections.len()).collect();
        let by_rest = if self.needs_rest {
            all
        } else {
            self.query(all, &mut newest).await?
        };
        let Repositories {
            connections,
            unreadable,
            ..
        } = &mut *self.repositories;
        let at_once = connections
            .first()
            .map_or(1, |any| any.client.concurrency());
        let mut results = in_order(by_rest, at_once, |index| {
            let connection = &connections[index];
            let pages = list_matching(connection, self.filter, limit, self.with_state);
            async move { (index, pages.try_concat().await) }
        });
        while let Some((index, result)) = results.next().await {
            match result {
                Ok(found) => newest.add(index, found),
                Err(error) => {
                    let connection = &connections[index];
                    unreadable.add(connection, connection.explain(&error))?;
                }
            }
        }
        Ok(newest.into_sorted())
    }

    /// Reads them by GraphQL. Returns the repositories that it does not show.
    async fn query(&mut self, all: Vec<usize>, newest: &mut Newest) -> Result<Vec<usize>, Failure> {
        let mut unknown = Vec::new();
        let mut open: VecDeque<(usize, Option<String>)> =
            all.into_iter().map(|index| (index, None)).collect();
        let first = match newest.limit {
            Some(limit) if self.filter.is_left_to_server() => limit.min(PAGE),
            _ => PAGE,
        };
        while !open.is_empty() {
            let round: Vec<_> = open.drain(..open.len().min(ROUND)).collect();
            let answers = self.ask(&round, first).await?;
            let mut more = Vec::new();
            for ((index, _), answer) in round.into_iter().zip(answers) {
                let connection = &self.repositories.connections[index];
                match answer {
                    DeploymentsAnswer::NotFound => {
                        self.repositories.unreadable.add_hidden(connection)?;
                    }
                    DeploymentsAnswer::Unknown => unknown.push(index),
                    DeploymentsAnswer::Page { deployments, next } => {
                        let oldest = deployments.last().map(age_key);
                        let is_last = self.is_last(&deployments);
                        newest.add(index, self.matching(deployments));
                        if let Some(next) = next.filter(|_| !is_last) {
                            more.push((index, next, oldest));
                        }
                    }
                }
            }
            let least = newest.least();
            let more = more.into_iter().filter(|(_, _, oldest)| *oldest > least);
            open.extend(more.map(|(index, next, _)| (index, Some(next))));
        }
        // Their deployments are read from the beginning.
        newest.found.retain(|(index, _)| !unknown.contains(index));
        Ok(unknown)
    }

    async fn ask(
        &self,
        round: &[(usize, Option<String>)],
        first: usize,
    ) -> Result<Vec<DeploymentsAnswer>, Failure> {
        let connections = &self.repositories.connections;
        let Some(any) = connections.first() else {
            return Ok(Vec::new());
        };
        let queries: Vec<DeploymentsQuery> = round
            .iter()
            .map(|(index, after)| DeploymentsQuery {
                repo: &connections[*index].repo,
                after: after.clone(),
            })
            .collect();
        let environment = self.filter.exact_environment();
        let answers = any.client.newest_deployments(&queries, first, environment);
        answers.await.map_err(|error| any.explain(&error))
    }

    fn is_last(&self, deployments: &[DeploymentWithState]) -> bool {
        deployments
            .iter()
            .any(|one| self.filter.ends_before(&one.deployment))
    }

    fn matching(&self, deployments: Vec<DeploymentWithState>) -> Vec<DeploymentWithState> {
        deployments
            .into_iter()
            .filter(|one| self.filter.matches(one))
            .collect()
    }

    /// All of them, repository by repository, in constant memory.
    pub(crate) async fn for_each_page(
        &mut self,
        mut take: impl FnMut(&Connection, Vec<DeploymentWithState>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let count = self.repositories.connections.len();
        for start in (0..count).step_by(ROUND) {
            let round: Vec<_> = (start..count.min(start + ROUND))
                .map(|index| (index, None))
                .collect();
            let answers = if self.needs_rest {
                round.iter().map(|_| DeploymentsAnswer::Unknown).collect()
            } else {
                self.ask(&round, PAGE).await?
            };
            for ((index, _), answer) in round.into_iter().zip(answers) {
                self.take_all(index, answer, &mut take).await?;
            }
        }
        Ok(())
    }

    /// The deployments of one repository, of which the first page is known.
    async fn take_all(
        &mut self,
        index: usize,
        mut answer: DeploymentsAnswer,
        take: &mut impl FnMut(&Connection, Vec<DeploymentWithState>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut is_first = true;
        loop {
            let connection = &self.repositories.connections[index];
            match answer {
                DeploymentsAnswer::Page { deployments, next } => {
                    let is_last = self.is_last(&deployments);
                    take(connection, self.matching(deployments))?;
                    let Some(next) = next.filter(|_| !is_last) else {
                        return Ok(());
                    };
                    let mut answers = self.ask(&[(index, Some(next))], PAGE).await?;
                    answer = answers.pop().unwrap_or(DeploymentsAnswer::Unknown);
                    is_first = false;
                }
                DeploymentsAnswer::NotFound => {
                    self.repositories.unreadable.add_hidden(connection)?;
                    return Ok(());
                }
                DeploymentsAnswer::Unknown if is_first => break,
                DeploymentsAnswer::Unknown => {
                    let failure = connection.incomplete();
                    self.repositories.unreadable.add(connection, failure)?;
                    return Ok(());
                }
            }
        }
        let connection = &self.repositories.connections[index];
        let mut pages = Box::pin(list_matching(
            connection,
            self.filter,
            None,
            self.with_state,
        ));
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => take(connection, page)?,
                Err(error) => {
                    let failure = connection.explain(&error);
                    self.repositories.unreadable.add(connection, failure)?;
                    break;
                }
            }
        }
        Ok(())
    }
}

/// What orders deployments by age.
type AgeKey = (Timestamp, DeploymentId);

fn age_key(one: &DeploymentWithState) -> AgeKey {
    (one.deployment.created_at, one.deployment.id)
}

/// The newest deployments so far.
struct Newest {
    limit: Option<usize>,
    found: Vec<Located>,
}

impl Newest {
    fn add(&mut self, index: usize, deployments: Vec<DeploymentWithState>) {
        let found = deployments.into_iter().map(|one| (index, one));
        self.found.extend(found);
        // Sorting every time would take long.
        if self.limit.is_some_and(|limit| self.found.len() > 2 * limit) {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.found
            .sort_unstable_by_key(|(_, one)| Reverse(age_key(one)));
        if let Some(limit) = self.limit {
            self.found.truncate(limit);
        }
    }

    /// The oldest of the newest; `None` while there is room for more.
    fn least(&mut self) -> Option<AgeKey> {
        let limit = self.limit.filter(|limit| self.found.len() >= *limit)?;
        self.sort();
        self.found.get(limit - 1).map(|(_, one)| age_key(one))
    }

    fn into_sorted(mut self) -> Vec<Located> {
        self.sort();
        self.found
    }
}
