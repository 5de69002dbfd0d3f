use jiff::Timestamp;

use super::connection::Connection;
use super::permission::{Permission, forbidden_if_visible};
use super::session::Session;
use super::toml_problems::add_toml_problems;
use crate::api::ApiError;
use crate::env;
use crate::error::{Failure, Kind};
use crate::locks::{
    Blocked, Lock, LockError, LockFile, Locks, Restrictions, SETTINGS_PATH, SettingsError,
};
use crate::output::{LockRecord, LockState};

impl Connection {
    /// Reads the locks of the repository.
    pub(crate) async fn read_locks(&self) -> Result<Locks, Failure> {
        match Locks::read(&self.client, &self.repo).await {
            Ok(locks) => Ok(locks),
            Err(error) => Err(explain_lock_error(self, &error).await),
        }
    }

    /// Reads the locks and freezes of the repository.
    pub(crate) async fn read_restrictions(&self) -> Result<Restrictions, Failure> {
        self.read_locks().await.map(Restrictions::new)
    }
}

/// The login under which locks are taken, and which its own locks do not stop:
/// in GitHub Actions the user who started the run, otherwise the token's user.
pub(crate) fn lock_owner(session: &Session, locks: &Locks) -> Result<String, Failure> {
    let actor = session.env.get(env::GITHUB_ACTOR);
    let actor = actor.filter(|_| session.env.in_actions());
    actor
        .or(locks.viewer.as_deref())
        .map(str::to_owned)
        .ok_or_else(|| {
            Failure::new(
                Kind::Other,
                "it is not known whose token this is, so nobody could own the lock",
            )
        })
}

/// The record of a lock, as its owner `login` or somebody else sees it.
pub(crate) fn lock_record(lock: &Lock, login: Option<&str>, now: Timestamp) -> LockRecord {
    let file = lock.file.as_ref();
    let state = match file {
        Err(_) => LockState::Unreadable,
        Ok(_) if lock.is_expired(now) => LockState::Expired,
        Ok(_) => LockState::Locked,
    };
    LockRecord {
        environment: lock.target.environment().map(str::to_owned),
        state,
        is_yours: login.is_some_and(|login| lock.is_owned_by(login)),
        created_by: lock.owner().map(str::to_owned),
        created_at: file.ok().and_then(LockFile::created_at),
        expires_at: file.ok().and_then(|file| file.expires_at),
        reason: file.map_or_else(|error| Some(error.to_string()), LockFile::reason),
        link: file.ok().map(|file| file.link.clone()),
        sticky: file.ok().and_then(|file| file.sticky),
        tool: file.ok().and_then(|file| file.tool.clone()),
        ref_name: format!("refs/heads/{}", lock.branch),
        sha: lock.oid.clone(),
    }
}

/// The failure for an error while locks are read, taken or removed.
pub(crate) async fn explain_lock_error(connection: &Connection, error: &LockError) -> Failure {
    let repo = &connection.repo;
    match error {
        LockError::Api(error) => explain_api_error(connection, error).await,
        LockError::NoRepository => Failure::new(
            Kind::NothingThere,
            format!("there is no repository {repo}, or the token cannot see it"),
        ),
        LockError::Refused { kind, .. } => {
            let failure = if kind == "FORBIDDEN" {
                Failure::new(Kind::Forbidden, error.to_string())
                    .hint(Permission::WriteContents.hint())
            } else {
                Failure::new(Kind::Other, error.to_string())
            };
            failure.hint(RULESETS)
        }
        LockError::Kept { .. } => Failure::new(Kind::OutcomeUnknown, error.to_string()).hint(
            "run 'deployctl lock list' to see the locks, and 'deployctl unlock' to remove yours",
        ),
        LockError::KeepChanging | LockError::Lost(_) => {
            Failure::new(Kind::Other, error.to_string())
                .hint("run 'deployctl lock list' to see the locks, then run the command again")
        }
    }
}

const RULESETS: &str =
    "a ruleset or branch protection may forbid branches named '*-branch-deploy-lock': exempt them";

async fn explain_api_error(connection: &Connection, error: &ApiError) -> Failure {
    let repo = &connection.repo;
    if let ApiError::Ambiguous { .. } = error {
        return Failure::new(Kind::OutcomeUnknown, error.to_string())
            .hint("run 'deployctl lock list' to see whether the lock is yours");
    }
    let failure = connection.explain(error);
    let url = error.error_response().map(|refusal| refusal.url.as_str());
    let is_graphql = url == Some(connection.client.endpoints().graphql.as_str());
    if is_graphql && failure.kind() == Kind::NothingThere {
        return Failure::new(
            Kind::Other,
            "the server has no GraphQL API, without which locks cannot be read and removed safely",
        )
        .hint("without locks, leave out --respect-locks, or set DEPLOYCTL_LOCKS=0")
        .detail("status", 404);
    }
    let failure = match failure.kind() {
        Kind::Forbidden => failure
            .hint(Permission::WriteContents.hint())
            .hint(RULESETS),
        Kind::Invalid => failure.hint(RULESETS),
        _ => failure,
    };
    let is_visible = async { matches!(connection.client.repo(repo).is_visible().await, Ok(true)) };
    forbidden_if_visible(failure, Permission::WriteContents, is_visible, || {
        format!("the token can see {repo} but can't lock its environments")
    })
    .await
}

/// The failure for settings that are not valid, with the line and column of each
/// mistake.
pub(crate) fn explain_settings_error(error: &SettingsError) -> Failure {
    let failure = Failure::new(Kind::Other, error.to_string());
    add_toml_problems(failure, SETTINGS_PATH, &error.problems)
        .hint("nothing that respects freezes is deployed until the file is mended")
}

/// The failure for a lock of somebody else.
pub(crate) fn held_failure(held: Box<Lock>) -> Failure {
    let target = held.target.to_string();
    locked_failure(&Blocked::Locked(held), &target)
}

/// The failure for a lock or a freeze that is in the way.
pub(crate) fn locked_failure(blocked: &Blocked, environment: &str) -> Failure {
    let failure = Failure::new(Kind::Locked, blocked.describe(environment))
        .detail("environment", environment)
        .detail("reason", blocked.reason());
    match blocked {
        Blocked::Locked(lock) => failure
            .detail("created_by", lock.owner())
            .detail("global", lock.target.environment().is_none()),
        Blocked::Frozen { until, .. } => failure.detail("ends_at", until),
    }
}
