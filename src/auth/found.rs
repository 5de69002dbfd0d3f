use std::fmt;

use secrecy::SecretString;

use super::Storage;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenOrigin {
    /// An environment variable, such as `GH_TOKEN`.
    Variable(&'static str),
    /// Stored by `auth login`.
    Stored { storage: Storage, user: String },
    /// The login of gh.
    Gh,
}

impl TokenOrigin {
    /// For scripts: the variable, `keyring`, `file` or `gh`.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Variable(name) => name,
            Self::Stored { storage, .. } => storage.as_str(),
            Self::Gh => "gh",
        }
    }
}

impl fmt::Display for TokenOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::Stored {
                storage: Storage::Keyring,
                user,
            } => write!(f, "the keyring ({user})"),
            Self::Stored {
                storage: Storage::File,
                user,
            } => write!(f, "the token file ({user})"),
            Self::Gh => f.write_str("gh (gh auth token)"),
        }
    }
}

/// A token and where it was found.
#[derive(Debug)]
pub(crate) struct FoundToken {
    pub token: SecretString,
    pub origin: TokenOrigin,
}
