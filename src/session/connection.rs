use std::path::PathBuf;
use std::pin::pin;
#[cfg(feature = "sandbox")]
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::maybe_done;

use super::completion_cache::{CacheKey, CompletionCache, MAX_REPOSITORIES, cache_file};
use super::session::Session;
#[cfg(feature = "agent")]
use super::stored_reports;
use crate::api::{ApiError, Client, ClientConfig, RepoHandle, Token};
use crate::auth::TokenOrigin;
use crate::context::{GitError, Target, resolve_server};
use crate::error::{Asking, Failure, Kind};
use crate::model::{Deployment, DeploymentId, DeploymentWithState, RepoSlug, Server};
use crate::output::DeploymentRecord;

/// A repository on a server, with a client that may use it.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) repo: RepoSlug,
    /// The server for which statuses that can't be sent are stored.
    #[cfg(feature = "agent")]
    pub(crate) origin: crate::outbox::Origin,
    /// Where the token was found, such as `GH_TOKEN`.
    pub(crate) token_origin: String,
    pub(crate) in_actions: bool,
    pub(super) cache_key: CacheKey,
    /// The file of the completion cache; `None` without a home.
    pub(super) cache_file: Option<PathBuf>,
    /// Whether the user named the repository, or nothing selected another one;
    /// false if an organization or a pattern selected it.
    pub(crate) is_named: bool,
    #[cfg(feature = "sandbox")]
    sandbox: Option<Arc<deployctl_sandbox::Sandbox>>,
}

/// How long one of many requests may wait for a limit: an hour's quota is
/// restored within this time.
const QUOTA_WAIT: Duration = Duration::from_secs(65 * 60);

impl Session {
    /// Connects to the server. `call_timeout` limits each call with its retries,
    /// if the default is too long. Reports that earlier runs have stored for this
    /// server are sent now.
    pub(crate) async fn connect(
        &self,
        call_timeout: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        let (connection, ()) = self.connect_while(call_timeout, || Ok(())).await?;
        Ok(connection)
    }

    /// Connects while other work is done that needs no server, such as running
    /// git. If both fail, the error of the work is returned.
    pub(crate) async fn connect_while<T>(
        &self,
        call_timeout: Option<Duration>,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<(Connection, T)> {
        let (connection, done) = if self.is_sandbox() {
            let done = work()?;
            (self.connect_sandbox(call_timeout).await?, done)
        } else {
            self.connect_server(call_timeout, work).await?
        };
        #[cfg(feature = "agent")]
        stored_reports::deliver(self, &connection.client, &connection.origin.root).await;
        Ok((connection, done))
    }

    /// The keyring, or gh, is asked for the token of the most likely server while
    /// git tells which server it is.
    async fn connect_server<T>(
        &self,
        call_timeout: Option<Duration>,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<(Connection, T)> {
        let likely = self.likely_server();
        let mut search = pin!(maybe_done(async {
            match &likely {
                Some(server) => Some(self.find_token(server).await),
                None => None,
            }
        }));
        // This starts the search, which goes on in another thread or process.
        let _ = search.as_mut().now_or_never();
        let done = work()?;
        let target = self.target()?;
        let mut found = None;
        if likely.as_ref() == Some(&target.server) {
            search.as_mut().await;
            found = search.take_output().flatten();
        }
        let token = match found {
            Some(found) => found?,
            None => self.find_token(&target.server).await?,
        };
        Ok((self.connect_with(token, target, call_timeout)?, done))
    }

    /// Connects to the server of a repository, if `target` is known already.
    /// Reports that earlier runs have stored for this server are sent now.
    pub(super) async fn connect_target(
        &self,
        target: Target,
        call_timeout: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        let token = self.find_token(&target.server).await?;
        let connection = self.connect_with(token, target, call_timeout)?;
        #[cfg(feature = "agent")]
        stored_reports::deliver(self, &connection.client, &connection.origin.root).await;
        Ok(connection)
    }

    fn connect_with(
        &self,
        (token, token_origin): (Token, TokenOrigin),
        target: Target,
        call_timeout: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        let endpoints = target.server.endpoints.clone();
        let mut config = self.client_config(ClientConfig::new(endpoints), call_timeout);
        config.token = Some(token);
        let cache_key = CacheKey::new(Some(&target.server.endpoints.rest), &target.slug);
        Ok(Connection {
            #[cfg(feature = "agent")]
            origin: crate::outbox::Origin::new(&target.server),
            cache_file: cache_file(&self.env, &cache_key),
            cache_key,
            client: Client::new(config)?,
            repo: target.slug,
            token_origin: token_origin.to_string(),
            in_actions: self.env.in_actions(),
            is_named: true,
            #[cfg(feature = "sandbox")]
            sandbox: None,
        })
    }

    /// The server that is used unless git names another one: the one that an
    /// option or variable names, otherwise the only one with a login, otherwise
    /// github.com.
    fn likely_server(&self) -> Option<Server> {
        let flag = self.global.one_repo().ok()?;
        let mut server = resolve_server(&self.env, None, flag, || Err(GitError::Missing)).ok()?;
        if !server.host_is_named && !server.is_override {
            let logins = self.token_sources().logins().unwrap_or_default();
            if let [only] = &logins.hosts.keys().collect::<Vec<_>>()[..] {
                server.host = only.parse().ok()?;
                server.endpoints = server.host.endpoints().ok()?;
            }
        }
        Some(server)
    }

    #[cfg(feature = "sandbox")]
    pub(crate) async fn connect_sandbox(
        &self,
        call_timeout: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        let source = super::sandbox::sandbox_repository(self)?;
        self.connect_sandbox_with(vec![source], call_timeout).await
    }

    /// Starts a sandbox with repositories, and connects to the first one.
    #[cfg(feature = "sandbox")]
    pub(super) async fn connect_sandbox_with(
        &self,
        sources: Vec<deployctl_sandbox::RepositorySource>,
        call_timeout: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        let repo = sources
            .first()
            .and_then(|source| RepoSlug::new(&source.owner, &source.name))
            .ok_or_else(|| Failure::new(Kind::Other, "the sandbox has no such repository"))?;
        let data = super::sandbox::sandbox_data_folder(self, None)?;
        let mut config = deployctl_sandbox::Config::new(data);
        config.repositories = sources;
        // A command ends before a delivery is complete, and an interrupted
        // delivery would be sent twice. A later `sandbox serve` delivers them.
        config.delivers = false;
        let sandbox = deployctl_sandbox::Sandbox::start(config).await?;
        let endpoints = crate::model::Endpoints::from_rest(&sandbox.url().parse()?);
        let mut config = self.client_config(ClientConfig::new(endpoints), call_timeout);
        // This sandbox has no rate limits to stay within.
        config.points_limit = None;
        config.token = Some(Token::new("sandbox".to_owned())?);
        let cache_key = CacheKey::new(None, &repo);
        Ok(Connection {
            #[cfg(feature = "agent")]
            origin: crate::outbox::Origin::sandbox(),
            cache_file: cache_file(&self.env, &cache_key),
            cache_key,
            client: Client::new(config)?,
            repo,
            token_origin: "the sandbox".to_owned(),
            in_actions: false,
            is_named: true,
            sandbox: Some(Arc::new(sandbox)),
        })
    }

    #[cfg(not(feature = "sandbox"))]
    #[expect(
        clippy::unused_async,
        reason = "the signature is that of the build with a sandbox"
    )]
    pub(crate) async fn connect_sandbox(
        &self,
        _call_timeout: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        Err(Failure::new(Kind::Usage, "this deployctl was built without the sandbox").into())
    }

    /// Updates the completion cache for the repository. In CI, where nobody uses
    /// completion, nothing is stored.
    pub(crate) fn update_cache(
        &self,
        connection: &Connection,
        update: impl FnOnce(&mut CompletionCache),
    ) {
        if self.env.in_actions() || self.env.is_on(crate::env::CI) {
            return;
        }
        let key = &connection.cache_key;
        let Some(file) = &connection.cache_file else {
            return;
        };
        let mut caches = self.completion_caches.borrow_mut();
        // The last one is the most likely.
        let position = caches.iter().rposition(|cache| cache.is_for(key));
        let position = position.unwrap_or(caches.len());
        if position >= MAX_REPOSITORIES {
            return;
        }
        if position == caches.len() {
            caches.push(CompletionCache::open(file.clone(), key));
        }
        update(&mut caches[position]);
    }

    /// Adds deployments to the completion cache.
    pub(crate) fn cache_deployments<'a>(
        &self,
        connection: &Connection,
        records: impl IntoIterator<Item = &'a DeploymentRecord>,
    ) {
        self.update_cache(connection, |cache| {
            for record in records {
                cache.add_deployment(record.deployment(), record.state());
            }
        });
    }

    /// The server's name in a plan. The embedded sandbox has a new address each
    /// time.
    pub(crate) fn server_name(&self, client: &Client) -> String {
        if self.is_sandbox() {
            return "sandbox".to_owned();
        }
        client.endpoints().rest.to_string()
    }
}

impl Connection {
    /// A connection to another repository on the same server, with the same
    /// client.
    pub(crate) fn for_repo(&self, session: &Session, repo: RepoSlug) -> Self {
        let cache_key = CacheKey {
            root: self.cache_key.root.clone(),
            repo: repo.to_string(),
        };
        Self {
            client: self.client.clone(),
            #[cfg(feature = "agent")]
            origin: self.origin.clone(),
            token_origin: self.token_origin.clone(),
            in_actions: self.in_actions,
            cache_file: cache_file(&session.env, &cache_key),
            cache_key,
            repo,
            is_named: self.is_named,
            #[cfg(feature = "sandbox")]
            sandbox: self.sandbox.clone(),
        }
    }

    /// Lets each request wait until an hour's quota is restored, for commands
    /// that send many.
    pub(crate) fn allow_quota_wait(&self) {
        self.client.set_deadline(QUOTA_WAIT);
    }

    pub(crate) fn repo(&self) -> RepoHandle<'_> {
        self.client.repo(&self.repo)
    }

    /// The failure for an error of the client, with hints about the token.
    pub(crate) fn explain(&self, error: &ApiError) -> Failure {
        self.explain_for_ref(error, None)
    }

    /// The failure for an error while a ref is deployed.
    pub(crate) fn explain_for_ref(&self, error: &ApiError, ref_name: Option<&str>) -> Failure {
        let asking = Asking {
            token_origin: Some(&self.token_origin),
            in_actions: self.in_actions,
            ref_name,
        };
        Failure::from_api(error, &asking)
    }

    /// The failure for an error while a deployment is read.
    pub(crate) fn explain_for_deployment(&self, id: DeploymentId, error: &ApiError) -> Failure {
        let failure = self.explain(error);
        if error.status() != Some(404) || failure.kind() != Kind::NothingThere {
            return failure;
        }
        Failure::new(
            Kind::NothingThere,
            format!("there is no deployment {id} in {}", self.repo),
        )
        .hint("run 'deployctl list' to see the existing deployments; GitHub gives the same answer if the token cannot see it")
        .detail("status", 404)
    }

    /// The failure for a list that GraphQL stopped to show before its end.
    pub(crate) fn incomplete(&self) -> Failure {
        let what = format!("not all deployments of {} could be read", self.repo);
        Failure::new(Kind::UnexpectedAnswer, what)
    }

    /// The page of the deployment's environment.
    pub(crate) fn web_url(&self, deployment: &Deployment) -> String {
        let endpoints = self.client.endpoints();
        let page = endpoints.environment_page(&self.repo, &deployment.environment);
        page.into()
    }

    /// The record of a deployment, with the URL of its page.
    pub(crate) fn record(&self, observed: DeploymentWithState) -> DeploymentRecord {
        let url = self.web_url(&observed.deployment);
        DeploymentRecord::new(observed, url)
    }
}
