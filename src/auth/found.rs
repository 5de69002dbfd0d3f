use std::fmt;

use secrecy::SecretString;

use super::Storage;

/// Where a token was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A variable of the environment, such as `GH_TOKEN`.
    Variable(&'static str),
    /// What `auth login` stored.
    Stored {
        /// Where it is.
        storage: Storage,
        /// Whose it is.
        user: String,
    },
    /// gh's own login.
    Gh,
}

impl Origin {
    /// The word for scripts: the variable, `keyring`, `file` or `gh`.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Variable(name) => name,
            Self::Stored { storage, .. } => storage.word(),
            Self::Gh => "gh",
        }
    }
}

impl fmt::Display for Origin {
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
            } => write!(f, "the file of tokens ({user})"),
            Self::Gh => f.write_str("gh (gh auth token)"),
        }
    }
}

/// A token and where it was found.
#[derive(Debug)]
pub(crate) struct Found {
    /// The token.
    pub token: SecretString,
    /// The source.
    pub origin: Origin,
}
