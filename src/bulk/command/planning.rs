use std::cell::Cell;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::{BulkCommand, StuckRule};
use crate::bulk::connections::Connections;
use crate::bulk::name::Name;
use crate::bulk::plan::{Plan, Policy, UnreadableRepository, make_decisions};
use crate::bulk::selection::{Search, Selection};
use crate::error::{Failure, Kind};
use crate::session::{Connection, Repositories, SavedPlan, Session};

impl BulkCommand<'_> {
    /// Connects to the repositories that the options select. `None` if that is
    /// none, and is to be ignored.
    pub(super) async fn select(&self, session: &Session) -> anyhow::Result<Option<Repositories>> {
        let timeout = self.plan.timeout;
        let repositories = session.connect_all(self.repositories, timeout).await?;
        match repositories.check_any(session) {
            Ok(()) => Ok(Some(repositories)),
            Err(failure) => {
                let is_ignored =
                    self.selector.ignore_missing && failure.kind() == Kind::NothingThere;
                if is_ignored {
                    Ok(None)
                } else {
                    Err(failure.into())
                }
            }
        }
    }

    /// Connects to the repositories of a saved plan.
    pub(super) async fn connect_to_plan(
        &self,
        session: &Session,
        path: &Path,
        plan: &Plan,
    ) -> anyhow::Result<Connections> {
        let origin = plan.origin();
        let all = session.connect_to_plan(path, &origin, self.plan.timeout);
        let names = plan.repositories().into_iter().cloned().collect();
        let names = plan.is_for_several().then_some(names);
        Ok(Connections::new(all.await?, names))
    }

    /// Finds the deployments, and decides what to do. Changes nothing. The plan
    /// lacks repositories that the token may not read.
    pub(super) async fn make_plan(
        &self,
        session: &Session,
        repositories: &mut Repositories,
    ) -> Result<Plan, Failure> {
        let spinner = session.term.spinner("asking for deployments");
        let total = Cell::new(0);
        let progress = |more| {
            total.set(total.get() + more);
            spinner.set(format!("asking for deployments: {}", total.get()));
        };
        let several = repositories.is_several;
        let first = &repositories.connections[0];
        let only = (!several).then(|| Name::of_repository(first));
        let mut plan = Plan::new(self.operation, only, session.server_name(&first.client));
        plan.description = self.description.map(str::to_owned);
        plan.end_as = self.stuck.as_ref().map(|rule| rule.end_as.clone());
        let read = async |connection: &Connection| {
            let mut selection = self.search(connection, progress).await?;
            selection.repository = several.then(|| Name::of_repository(connection));
            let policy = self.policy(connection.client.server_now());
            Ok(make_decisions(selection, policy))
        };
        let found = repositories.read_each_to_change(read).await;
        for (_, decisions) in found.map_err(Failure::from_error)? {
            plan.add(decisions);
        }
        let unreadable = repositories.unreadable.named.iter();
        plan.unreadable = unreadable
            .map(|(repo, failure)| UnreadableRepository {
                repository: Name::new(&repo.to_string()),
                reason: failure.message().to_owned(),
            })
            .collect();
        Ok(plan)
    }

    async fn search(
        &self,
        connection: &Connection,
        progress: impl Fn(usize),
    ) -> Result<Selection, Failure> {
        let search = Search {
            connection,
            selector: &self.selector,
            with_environment: self.with_environment,
            include_production: self.include_production,
            in_full: self.with_environment || self.plan.plan_out.is_some() || self.stuck.is_some(),
        };
        search.run(progress).await
    }

    /// `now` is, like the times of deployments, by the server's clock.
    fn policy(&self, now: Timestamp) -> Policy {
        Policy {
            operation: self.operation,
            force: self.force,
            include_production: self.include_production,
            with_environment: self.with_environment,
            stuck_before: self.stuck.as_ref().map(|rule| rule.stuck_before(now)),
            now,
        }
    }
}

impl StuckRule {
    fn stuck_before(&self, now: Timestamp) -> Timestamp {
        SignedDuration::try_from(self.older_than)
            .ok()
            .and_then(|age| now.checked_sub(age).ok())
            .unwrap_or(Timestamp::MIN)
    }
}
