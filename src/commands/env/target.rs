use super::diff;
use super::settings::{Settings, same_name};
use crate::api::{ApiError, EnvironmentHandle};
use crate::error::{Failure, Kind};
use crate::model::{BranchPolicy, CustomRule, Environment, Integration, PatternKind};
use crate::session::{Connection, Permission, forbidden_if_visible};

/// An environment on the server, whose errors are explained: a 404 may mean that
/// it does not exist, or that the token lacks a permission.
#[derive(Clone, Copy)]
pub(super) struct TargetEnvironment<'a> {
    pub(super) connection: &'a Connection,
    pub(super) name: &'a str,
}

impl<'a> TargetEnvironment<'a> {
    pub(super) fn new(connection: &'a Connection, name: &'a str) -> Self {
        Self { connection, name }
    }

    pub(super) fn handle(self) -> EnvironmentHandle<'a> {
        let Connection { client, repo, .. } = self.connection;
        client.repo(repo).environment(self.name)
    }

    /// Awaits a request that needs a permission, and explains its error.
    pub(super) async fn request<T>(
        self,
        permission: Permission,
        request: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<T, Failure> {
        match request.await {
            Ok(response) => Ok(response),
            Err(error) => Err(self.explain(&error, permission).await),
        }
    }

    /// The failure for an error of a request that needs a permission.
    pub(super) async fn explain(self, error: &ApiError, permission: Permission) -> Failure {
        let failure = self.connection.explain(error);
        match failure.kind() {
            Kind::Forbidden => failure.hint(permission.hint()),
            Kind::NothingThere if permission == Permission::ReadEnvironments => self.missing(),
            Kind::NothingThere => {
                let is_visible = async { self.handle().get().await.is_ok() };
                forbidden_if_visible(self.missing(), permission, is_visible, || {
                    format!(
                        "the token can see the environment {:?}, and no more",
                        self.name
                    )
                })
                .await
            }
            _ if failure.message().contains("billing plan") => failure.hint(
                "in private repositories, wait timers and reviewers need GitHub Enterprise; leave \
                 out wait_timer, reviewers and prevent_self_review there",
            ),
            _ => failure,
        }
    }

    /// The failure for an environment that does not exist.
    pub(super) fn missing(self) -> Failure {
        missing(self.connection, self.name)
    }

    pub(super) async fn get(self) -> Result<Environment, Failure> {
        self.request(Permission::ReadEnvironments, self.handle().get())
            .await
    }

    /// Sends changed settings, and checks that the server has accepted them: a
    /// server may leave some out. An error of the
    /// request is returned as it is, since its meaning differs.
    pub(super) async fn put(
        self,
        before: &Settings,
        settings: &Settings,
    ) -> Result<Result<Environment, ApiError>, Failure> {
        let environment = match self.handle().put(&settings.request(before)).await {
            Ok(environment) => environment,
            Err(error) => return Ok(Err(error)),
        };
        let accepted = Settings::of(&environment);
        if accepted.is_same(settings) {
            return Ok(Ok(environment));
        }
        let lines = diff::settings(self.name, settings, &accepted);
        Err(Failure::new(
            Kind::Other,
            format!(
                "the server accepted the settings of {:?}, but returned others",
                self.name
            ),
        )
        .lines(lines.iter().map(|change| format!("  {change}")))
        .hint("not every plan of GitHub has every protection of private repositories"))
    }

    /// The failure if a new environment can't be created: the repository does not
    /// exist, or the token lacks the permission.
    pub(super) fn cannot_create(self) -> Failure {
        Failure::new(
            Kind::Forbidden,
            format!(
                "not allowed: the environment {:?} cannot be created in {}",
                self.name, self.connection.repo
            ),
        )
        .hint(Permission::AdministerEnvironments.hint())
        .hint(
            "check the repository's name; GitHub gives the same answer if the token cannot see it",
        )
        .detail("status", 404)
    }

    pub(super) async fn branch_policies(self) -> Result<Vec<BranchPolicy>, Failure> {
        let request = self.handle().branch_policies();
        self.request(Permission::ReadEnvironments, request).await
    }

    pub(super) async fn add_patterns(
        self,
        patterns: &[(PatternKind, String)],
    ) -> Result<(), Failure> {
        for (kind, pattern) in patterns {
            let request = self.handle().add_branch_policy(kind, pattern);
            self.request(Permission::AdministerEnvironments, request)
                .await?;
        }
        Ok(())
    }

    /// The enabled apps.
    pub(super) async fn apps(self) -> Result<Vec<CustomRule>, Failure> {
        let request = self.handle().custom_rules();
        self.request(Permission::ReadEnvironments, request).await
    }

    /// The installed apps that can gate the environment.
    pub(super) async fn available_apps(self) -> Result<Vec<Integration>, Failure> {
        let request = self.handle().available_integrations();
        self.request(Permission::AdministerEnvironments, request)
            .await
    }

    /// Enables one of the available apps, by its slug or ID.
    pub(super) async fn enable_app<'i>(
        self,
        available: &'i [Integration],
        app: &str,
    ) -> Result<&'i Integration, Failure> {
        let name = self.name;
        let found = available.iter().find(|available| is_app(available, app));
        let found = found.ok_or_else(|| {
            Failure::new(
                Kind::NothingThere,
                format!("no app {app:?} is installed that could gate {name:?}"),
            )
            .hint(format!(
                "run 'deployctl env protection list {name} --available' to see the available apps"
            ))
        })?;
        let request = self.handle().enable_custom_rule(found.id);
        self.request(Permission::AdministerEnvironments, request)
            .await?;
        Ok(found)
    }

    /// Creates or updates a variable. Returns whether it is new.
    pub(super) async fn set_variable(self, name: &str, value: &str) -> Result<bool, Failure> {
        let permission = Permission::UseSecretsAndVariables;
        match self.handle().update_variable(name, value).await {
            Ok(()) => return Ok(false),
            Err(error) if error.status() == Some(404) => {}
            Err(error) => return Err(self.explain(&error, permission).await),
        }
        match self.handle().create_variable(name, value).await {
            Ok(()) => Ok(true),
            // Another process has created it meanwhile.
            Err(error) if error.status() == Some(409) => {
                let request = self.handle().update_variable(name, value);
                self.request(permission, request).await?;
                Ok(false)
            }
            Err(error) => Err(self.explain(&error, permission).await),
        }
    }
}

/// Whether an app has this slug or ID.
pub(super) fn is_app(app: &Integration, slug_or_id: &str) -> bool {
    same_name(&app.slug, slug_or_id) || slug_or_id.parse() == Ok(app.id)
}

/// The failure for an environment that does not exist.
pub(super) fn missing(connection: &Connection, name: &str) -> Failure {
    Failure::new(
        Kind::NothingThere,
        format!("there is no environment {name:?} in {}", connection.repo),
    )
    .hint(
        "run 'deployctl env list' to see the existing environments; GitHub gives the same answer \
         if the token cannot see it",
    )
    .detail("status", 404)
    .with_hints(connection.suggest_cached_environment(name))
}

/// Whether something that could not be removed no longer exists. GitHub answers 404
/// also if the token may not remove it, so `list` has to tell.
pub(super) async fn is_gone<T, L: Future<Output = Result<Vec<T>, Failure>>>(
    error: &ApiError,
    list: impl Fn() -> L,
    is_it: impl Fn(&T) -> bool,
) -> Result<bool, Failure> {
    Ok(error.status() == Some(404) && !list().await?.iter().any(is_it))
}
