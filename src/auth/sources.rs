use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;

use super::{
    DiskError, Entry, Found, Gh, Login, LoginFile, Logins, Origin, OsKeyring, Storage, StoreError,
    TokenFile, Vault, environment_token, environment_tokens,
};
use crate::env::Env;
use crate::model::{Host, Server};

/// Stored tokens could not be reached. No message holds a token.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// A token is stored, and its store gives no answer.
    #[error("the token of {entry} can't be read: {error}")]
    Store {
        /// Whose token.
        entry: Entry,
        /// Why not.
        error: StoreError,
    },
    /// The file of the logins.
    #[error("the list of logins: {0}")]
    Logins(#[from] DiskError),
}

/// One place that may have a token for a host, for `auth status`.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// The place.
    pub origin: Origin,
    /// What it has.
    pub holding: Holding,
    /// What was noted when the token was stored.
    pub login: Option<Login>,
}

/// What a place has for a host.
#[derive(Debug)]
pub(crate) enum Holding {
    /// This token.
    Token(SecretString),
    /// A token that was not read, since another is taken in its place.
    Unread,
    /// A token that can't be read.
    Unreadable(StoreError),
    /// Nothing: what was stored is gone.
    Gone,
    /// The token of a user who is not the active one of the host.
    OtherUser,
}

/// The places where tokens come from, in their order.
pub(crate) struct Sources<'e> {
    env: &'e Env,
    logins: Option<LoginFile>,
    vault: Vault,
    gh: Option<Gh>,
}

impl<'e> Sources<'e> {
    /// The places of the user whose environment this is. Nothing is touched
    /// yet.
    pub(crate) fn new(env: &'e Env) -> Self {
        let vault = Vault::new(Arc::new(OsKeyring::new(env)), Arc::new(TokenFile::new(env)));
        Self::with_vault(env, vault)
    }

    /// The same with other stores.
    pub(crate) fn with_vault(env: &'e Env, vault: Vault) -> Self {
        Self {
            env,
            logins: LoginFile::new(env),
            vault,
            gh: Gh::new(env),
        }
    }

    /// The stores.
    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The file of the logins; `None` without a home.
    pub(crate) fn login_file(&self) -> Option<&LoginFile> {
        self.logins.as_ref()
    }

    /// Who is logged in where.
    pub(crate) fn logins(&self) -> Result<Logins, DiskError> {
        self.logins
            .as_ref()
            .map_or_else(|| Ok(Logins::default()), LoginFile::read)
    }

    /// The first token for a server; `None` where no source has one.
    ///
    /// A host that only a checkout's remote names gets what is stored for
    /// exactly this host, by `auth login` or by gh: that is the user's own
    /// word for it.
    ///
    /// # Errors
    /// A token is stored, and can't be read: no other is taken in its place,
    /// since it may be somebody else's.
    pub(crate) async fn find(&self, server: &Server) -> Result<Option<Found>, AuthError> {
        if let Some(found) = environment_token(self.env, server) {
            return Ok(Some(found));
        }
        let Some(site) = server.site() else {
            return Ok(None);
        };
        if let Some(found) = self.stored(&site).await? {
            return Ok(Some(found));
        }
        Ok(self.of_gh(&site).await)
    }

    async fn stored(&self, site: &Host) -> Result<Option<Found>, AuthError> {
        let logins = self.logins()?;
        let Some((user, login)) = logins.active(site) else {
            return Ok(None);
        };
        let storage = login.storage;
        let entry = entry(site, user);
        match self.vault.get(storage, &entry).await {
            Ok(token) => Ok(token.map(|token| Found {
                token,
                origin: stored_origin(storage, user),
            })),
            Err(error) => Err(AuthError::Store { entry, error }),
        }
    }

    async fn of_gh(&self, site: &Host) -> Option<Found> {
        let token = self.gh.as_ref()?.token(site).await?;
        Some(Found {
            token,
            origin: Origin::Gh,
        })
    }

    /// Every place that has something for a server, in order. Stored tokens
    /// are read only where they would be taken.
    pub(crate) async fn survey(&self, server: &Server) -> Result<Vec<Candidate>, AuthError> {
        let mut candidates: Vec<Candidate> = environment_tokens(self.env, server)
            .map(|found| Candidate {
                origin: found.origin,
                holding: Holding::Token(found.token),
                login: None,
            })
            .collect();
        let Some(site) = server.site() else {
            return Ok(candidates);
        };
        let logins = self.logins()?;
        if let Some((user, login)) = logins.active(&site) {
            let holding = if candidates.is_empty() {
                match self.vault.get(login.storage, &entry(&site, user)).await {
                    Ok(Some(token)) => Holding::Token(token),
                    Ok(None) => Holding::Gone,
                    Err(error) => Holding::Unreadable(error),
                }
            } else {
                Holding::Unread
            };
            let others = logins.on(&site).map(|on| on.users.iter()).into_iter();
            let others = others.flatten().filter(|(name, _)| *name != user);
            candidates.push(Candidate {
                origin: stored_origin(login.storage, user),
                holding,
                login: Some(login.clone()),
            });
            candidates.extend(others.map(|(name, login)| Candidate {
                origin: stored_origin(login.storage, name),
                holding: Holding::OtherUser,
                login: Some(login.clone()),
            }));
        }
        if let Some(found) = self.of_gh(&site).await {
            candidates.push(Candidate {
                origin: found.origin,
                holding: Holding::Token(found.token),
                login: None,
            });
        }
        Ok(candidates)
    }
}

impl fmt::Debug for Sources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("logins", &self.logins)
            .field("gh", &self.gh)
            .finish_non_exhaustive()
    }
}

fn entry(host: &Host, user: &str) -> Entry {
    Entry {
        host: host.clone(),
        user: user.to_owned(),
    }
}

fn stored_origin(storage: Storage, user: &str) -> Origin {
    Origin::Stored {
        storage,
        user: user.to_owned(),
    }
}

#[cfg(test)]
mod tests;
