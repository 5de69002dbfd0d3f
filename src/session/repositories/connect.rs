use std::collections::HashSet;
use std::time::Duration;

use futures_util::StreamExt;

use super::args::RepositoryArgs;
use super::choice::RepositoryChoice;
use super::unreadable::Unreadable;
use crate::api::{ListedRepository, in_order_local};
use crate::auth::TokenKind;
use crate::context::Target;
use crate::error::{Failure, Kind};
use crate::model::RepoSlug;
#[cfg(feature = "sandbox")]
use crate::session::sandbox::named_repository;
use crate::session::{Connection, Session};

/// The repositories that a command works on.
pub(crate) struct Repositories {
    /// A connection to each; none if the user's choice selects nothing.
    pub(crate) connections: Vec<Connection>,
    /// Whether results name the repository.
    pub(crate) is_several: bool,
    /// Those that are missing in `connections`.
    pub(crate) unreadable: Unreadable,
}

impl Repositories {
    /// The repository if there is only one, for notes that nothing was found.
    pub(crate) fn place(&self) -> String {
        match &self.connections[..] {
            [one] => one.repo.to_string(),
            _ => "the selected repositories".to_owned(),
        }
    }

    /// Fails if the options select no repository. A command that changes
    /// something never works on another one instead.
    pub(crate) fn check_any(&self, session: &Session) -> Result<(), Failure> {
        if !self.connections.is_empty() {
            return Ok(());
        }
        self.unreadable.report(session);
        if !self.unreadable.named.is_empty() {
            let text = "none of the repositories could be read";
            return Err(Failure::new(Kind::Other, text));
        }
        let text = "the options select no repository";
        Err(Failure::new(Kind::NothingThere, text)
            .hint("archived repositories are left out unless they are named"))
    }

    /// Reads every repository, some at the same time. Returns what `read` finds
    /// in each, in order, without those that cannot be read.
    ///
    /// # Errors
    /// Failures that are not those of one of several repositories.
    pub(crate) async fn read_each<T: 'static>(
        &mut self,
        read: impl AsyncFn(&Connection) -> anyhow::Result<T>,
    ) -> anyhow::Result<Vec<(&Connection, T)>> {
        self.read_unless(read, |_| false).await
    }

    /// Like [`read_each`](Self::read_each), for what a command is going to change:
    /// only repositories that the token may not read are left out. Any other
    /// failure may not happen again, so it is one of the whole command.
    pub(crate) async fn read_each_to_change<T: 'static>(
        &mut self,
        read: impl AsyncFn(&Connection) -> anyhow::Result<T>,
    ) -> anyhow::Result<Vec<(&Connection, T)>> {
        let is_refusal =
            |failure: &Failure| matches!(failure.kind(), Kind::Forbidden | Kind::NothingThere);
        self.read_unless(read, |failure| !is_refusal(failure)).await
    }

    async fn read_unless<T: 'static>(
        &mut self,
        read: impl AsyncFn(&Connection) -> anyhow::Result<T>,
        is_fatal: impl Fn(&Failure) -> bool,
    ) -> anyhow::Result<Vec<(&Connection, T)>> {
        let at_once = self
            .connections
            .first()
            .map_or(1, |any| any.client.concurrency());
        let mut results = in_order_local(&self.connections, at_once, |one| read(one));
        let mut connections = self.connections.iter();
        let mut found = Vec::new();
        while let (Some(result), Some(connection)) = (results.next().await, connections.next()) {
            match result {
                Ok(value) => found.push((connection, value)),
                Err(error) if self.is_several => {
                    let failure = Failure::from_error(error);
                    if is_fatal(&failure) {
                        return Err(failure.into());
                    }
                    self.unreadable.add(connection, failure)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }
}

impl Session {
    /// Connects to all repositories that the options select, each once, under
    /// its current name. They share a client, and so its limits. Without such
    /// options it connects to the command's repository, as
    /// [`connect`](Self::connect) does.
    ///
    /// # Errors
    /// `Usage` for options that cannot be used, before any request; `Forbidden`
    /// for an organization that the token may not read.
    pub(crate) async fn connect_all(
        &self,
        args: &RepositoryArgs,
        call_timeout: Option<Duration>,
    ) -> anyhow::Result<Repositories> {
        if !args.selects_several(&self.global) {
            return Ok(Repositories {
                connections: vec![self.connect(call_timeout).await?],
                is_several: false,
                unreadable: Unreadable::default(),
            });
        }
        let mut choice = RepositoryChoice::read(self, args)?;
        let mut repositories = Repositories {
            connections: Vec::new(),
            is_several: true,
            unreadable: Unreadable::default(),
        };
        let Some(target) = choice.target.take() else {
            return Ok(repositories);
        };
        let any = self.connect_any(&choice, target, call_timeout).await?;
        let mut known = HashSet::new();
        for repo in self.find_named(&any, &choice, &mut repositories).await? {
            if known.insert(repo.to_string().to_ascii_lowercase()) {
                let connection = any.for_repo(self, repo);
                repositories.connections.push(connection);
            }
        }
        for repo in find_selected(&any, &choice).await? {
            if known.insert(repo.to_string().to_ascii_lowercase()) {
                let mut connection = any.for_repo(self, repo);
                connection.is_named = false;
                repositories.connections.push(connection);
            }
        }
        self.warn_of_single_sign_on(&any);
        Ok(repositories)
    }

    /// Connects to the server on which all repositories are, with any of them.
    async fn connect_any(
        &self,
        choice: &RepositoryChoice,
        target: Target,
        call_timeout: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        if !self.is_sandbox() {
            return self.connect_target(target, call_timeout).await;
        }
        #[cfg(feature = "sandbox")]
        {
            let named = choice.named.iter();
            let any = if choice.named.is_empty() {
                Some(&target.slug)
            } else {
                None
            };
            let sources = named.chain(any).map(|repo| named_repository(self, repo));
            self.connect_sandbox_with(sources.collect(), call_timeout)
                .await
        }
        #[cfg(not(feature = "sandbox"))]
        {
            let _ = choice;
            self.connect_sandbox(call_timeout).await
        }
    }

    /// The current names of the repositories that the user names.
    async fn find_named(
        &self,
        any: &Connection,
        choice: &RepositoryChoice,
        repositories: &mut Repositories,
    ) -> Result<Vec<RepoSlug>, Failure> {
        if choice.named.is_empty() {
            return Ok(Vec::new());
        }
        let names = any.client.current_names(&choice.named).await;
        let names = names.map_err(|error| any.explain(&error))?;
        let mut found = Vec::new();
        for (repo, name) in choice.named.iter().zip(names) {
            let connection = any.for_repo(self, repo.clone());
            match name {
                Ok(Some(name)) => found.push(name),
                Ok(None) => repositories.unreadable.add_hidden(&connection)?,
                Err(error) => {
                    let failure = connection.explain(&error);
                    repositories.unreadable.add(&connection, failure)?;
                }
            }
        }
        Ok(found)
    }

    /// Warns of organizations that the server leaves out of its responses.
    fn warn_of_single_sign_on(&self, any: &Connection) {
        let hidden = any.client.hidden_organizations();
        if !hidden.is_empty() {
            let ids: Vec<String> = hidden.into_iter().collect();
            self.term.warn(format!(
                "the result is incomplete: the token is not authorized for the single sign-on of \
                 the organizations with the IDs {}",
                ids.join(", ")
            ));
        }
    }
}

/// The repositories that organizations and patterns select.
async fn find_selected(
    any: &Connection,
    choice: &RepositoryChoice,
) -> Result<Vec<RepoSlug>, Failure> {
    let client = &any.client;
    let explain = |error| any.explain(&error);
    let token = client.token();
    let is_installation =
        token.is_some_and(|token| TokenKind::from_token(token.expose()) == TokenKind::Installation);
    let mut installed = None;
    if is_installation && !choice.owners.is_empty() {
        // The other lists have public repositories only.
        installed = Some(client.installation_repositories().await.map_err(explain)?);
    }
    let mut selected = Vec::new();
    for owner in &choice.owners {
        let listed = match &installed {
            Some(installed) => installed.clone(),
            None => client
                .repositories_of(&owner.owner)
                .await
                .map_err(explain)?
                .ok_or_else(|| unknown_owner(&owner.owner))?,
        };
        let has_topic = |one: &ListedRepository| {
            let wanted = choice.topic.as_deref();
            wanted.is_none_or(|topic| one.topics.iter().any(|one| one == topic))
        };
        let found = listed
            .iter()
            .filter(|one| !one.archived && has_topic(one))
            .filter_map(ListedRepository::slug)
            .filter(|repo| owner.selects(repo));
        selected.extend(found);
    }
    Ok(selected)
}

fn unknown_owner(owner: &str) -> Failure {
    Failure::new(
        Kind::NothingThere,
        format!("there is no organization or user {owner}"),
    )
    .hint("GitHub gives the same answer if the token cannot see it")
}
