use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;

use super::{
    DiskError, FoundToken, Gh, Login, LoginFile, Logins, OsKeyring, Storage, StoreError, TokenFile,
    TokenKey, TokenOrigin, TokenStores, environment_token, environment_tokens,
};
use crate::env::Env;
use crate::model::{Host, Server};

/// Stored tokens could not be read. No message contains a token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// A token is stored, but its store failed.
    #[error("the token of {entry} can't be read: {error}")]
    Store { entry: TokenKey, error: StoreError },
    #[error("the list of logins: {0}")]
    Logins(#[from] DiskError),
}

/// A source that may have a token for a server, for `auth status`.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub origin: TokenOrigin,
    pub state: CandidateState,
    /// The entry of a stored token in the list of logins.
    pub login: Option<Login>,
}

/// What a source has for a server.
#[derive(Debug)]
pub(crate) enum CandidateState {
    Token(SecretString),
    /// A token that was not read, because another one takes precedence.
    Unread,
    Unreadable(StoreError),
    /// The stored token no longer exists.
    Gone,
    /// The token of a user who is not active on the host.
    OtherUser,
}

/// The sources of tokens, in order of precedence.
pub(crate) struct Sources<'e> {
    env: &'e Env,
    logins: Option<LoginFile>,
    stores: TokenStores,
    gh: Option<Gh>,
}

impl<'e> Sources<'e> {
    /// Nothing is accessed yet.
    pub(crate) fn new(env: &'e Env) -> Self {
        let stores = TokenStores::new(Arc::new(OsKeyring::new(env)), Arc::new(TokenFile::new(env)));
        Self::with_stores(env, stores)
    }

    pub(crate) fn with_stores(env: &'e Env, stores: TokenStores) -> Self {
        Self {
            env,
            logins: LoginFile::new(env),
            stores,
            gh: Gh::new(env),
        }
    }

    pub(crate) fn stores(&self) -> &TokenStores {
        &self.stores
    }

    /// `None` without a home folder.
    pub(crate) fn login_file(&self) -> Option<&LoginFile> {
        self.logins.as_ref()
    }

    pub(crate) fn logins(&self) -> Result<Logins, DiskError> {
        self.logins
            .as_ref()
            .map_or_else(|| Ok(Logins::default()), LoginFile::read)
    }

    /// Finds the first token for a server; `None` if no source has one.
    ///
    /// A host that only a git remote names gets a token that `auth login` or gh
    /// stored for exactly this host, because the user has confirmed the host by
    /// that.
    ///
    /// # Errors
    /// If a stored token cannot be read. No other token is used instead,
    /// because it could belong to another user.
    pub(crate) async fn find(&self, server: &Server) -> Result<Option<FoundToken>, AuthError> {
        if let Some(found) = environment_token(self.env, server) {
            return Ok(Some(found));
        }
        let Some(site) = server.site() else {
            return Ok(None);
        };
        if let Some(found) = self.stored(&site).await? {
            return Ok(Some(found));
        }
        Ok(self.find_in_gh(&site).await)
    }

    async fn stored(&self, site: &Host) -> Result<Option<FoundToken>, AuthError> {
        let logins = self.logins()?;
        let Some((user, login)) = logins.active(site) else {
            return Ok(None);
        };
        let storage = login.storage;
        let entry = entry(site, user);
        match self.stores.get(storage, &entry).await {
            Ok(token) => Ok(token.map(|token| FoundToken {
                token,
                origin: stored_origin(storage, user),
            })),
            Err(error) => Err(AuthError::Store { entry, error }),
        }
    }

    async fn find_in_gh(&self, site: &Host) -> Option<FoundToken> {
        let token = self.gh.as_ref()?.token(site).await?;
        Some(FoundToken {
            token,
            origin: TokenOrigin::Gh,
        })
    }

    /// Every source that has a token for a server, in order of precedence.
    /// Stored tokens are read only if they would be used.
    pub(crate) async fn candidates(&self, server: &Server) -> Result<Vec<Candidate>, AuthError> {
        let mut candidates: Vec<Candidate> = environment_tokens(self.env, server)
            .map(|found| Candidate {
                origin: found.origin,
                state: CandidateState::Token(found.token),
                login: None,
            })
            .collect();
        let Some(site) = server.site() else {
            return Ok(candidates);
        };
        let logins = self.logins()?;
        if let Some((user, login)) = logins.active(&site) {
            let state = if candidates.is_empty() {
                match self.stores.get(login.storage, &entry(&site, user)).await {
                    Ok(Some(token)) => CandidateState::Token(token),
                    Ok(None) => CandidateState::Gone,
                    Err(error) => CandidateState::Unreadable(error),
                }
            } else {
                CandidateState::Unread
            };
            let others = logins
                .host_logins(&site)
                .map(|on| on.users.iter())
                .into_iter();
            let others = others.flatten().filter(|(name, _)| *name != user);
            candidates.push(Candidate {
                origin: stored_origin(login.storage, user),
                state,
                login: Some(login.clone()),
            });
            candidates.extend(others.map(|(name, login)| Candidate {
                origin: stored_origin(login.storage, name),
                state: CandidateState::OtherUser,
                login: Some(login.clone()),
            }));
        }
        if let Some(found) = self.find_in_gh(&site).await {
            candidates.push(Candidate {
                origin: found.origin,
                state: CandidateState::Token(found.token),
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

fn entry(host: &Host, user: &str) -> TokenKey {
    TokenKey {
        host: host.clone(),
        user: user.to_owned(),
    }
}

fn stored_origin(storage: Storage, user: &str) -> TokenOrigin {
    TokenOrigin::Stored {
        storage,
        user: user.to_owned(),
    }
}

#[cfg(test)]
mod tests;
