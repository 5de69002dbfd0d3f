use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::disk::{self, DiskError, Lock};
use super::{SecretStore, StoreError, TokenKey};
use crate::env::Env;

/// Tokens by host and user.
type Tokens = BTreeMap<String, BTreeMap<String, String>>;

/// Tokens in a file that only the user can read, for machines without a
/// keyring. They are not encrypted; a file that others can read is refused.
///
/// It is stored with the program's state, because settings are often shared
/// between machines or kept in a repository.
#[derive(Clone, Debug)]
pub(crate) struct TokenFile {
    path: Option<PathBuf>,
}

impl TokenFile {
    /// The file `$XDG_STATE_HOME/deployctl/tokens.json`.
    pub(crate) fn new(env: &Env) -> Self {
        Self {
            path: env
                .state_home()
                .map(|home| home.join("deployctl/tokens.json")),
        }
    }

    pub(crate) fn path(&self) -> Result<&Path, StoreError> {
        self.path.as_deref().ok_or(StoreError::NoPlace)
    }

    fn read(&self) -> Result<Tokens, StoreError> {
        let path = self.path()?;
        match disk::read(path, true)? {
            None => Ok(Tokens::new()),
            Some(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| DiskError::garbled(path, &error).into()),
        }
    }

    fn write(&self, tokens: &Tokens) -> Result<(), StoreError> {
        let text = serde_json::to_vec_pretty(tokens)
            .map_err(|_| StoreError::Failed("the tokens have no JSON".to_owned()))?;
        Ok(disk::replace(self.path()?, &text)?)
    }
}

impl SecretStore for TokenFile {
    fn get(&self, entry: &TokenKey) -> Result<Option<SecretString>, StoreError> {
        let mut tokens = self.read()?;
        let found = tokens
            .get_mut(entry.host.as_str())
            .and_then(|users| users.remove(&entry.user));
        Ok(found.map(SecretString::from))
    }

    fn set(&self, entry: &TokenKey, token: &SecretString) -> Result<(), StoreError> {
        let _lock = Lock::acquire(self.path()?)?;
        let mut tokens = self.read()?;
        tokens
            .entry(entry.host.as_str().to_owned())
            .or_default()
            .insert(entry.user.clone(), token.expose_secret().to_owned());
        self.write(&tokens)
    }

    fn delete(&self, entry: &TokenKey) -> Result<bool, StoreError> {
        let path = self.path()?;
        if !path.exists() {
            return Ok(false);
        }
        let _lock = Lock::acquire(path)?;
        let mut tokens = self.read()?;
        let Some(users) = tokens.get_mut(entry.host.as_str()) else {
            return Ok(false);
        };
        let was_there = users.remove(&entry.user).is_some();
        if users.is_empty() {
            tokens.remove(entry.host.as_str());
        }
        if was_there {
            self.write(&tokens)?;
        }
        Ok(was_there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(host: &str, user: &str) -> TokenKey {
        TokenKey {
            host: host.parse().expect("a host"),
            user: user.to_owned(),
        }
    }

    fn file() -> (tempfile::TempDir, TokenFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = TokenFile {
            path: Some(folder.path().join("deployctl/tokens.json")),
        };
        (folder, file)
    }

    #[test]
    fn what_is_stored_is_found_and_what_is_deleted_is_gone() {
        let (_folder, file) = file();
        let (one, other) = (
            entry("github.com", "mona"),
            entry("git.example.com", "mona"),
        );
        assert!(file.get(&one).expect("no file is no error").is_none());
        assert!(!file.delete(&one).expect("no file is no error"));
        file.set(&one, &SecretString::from("first"))
            .expect("stored");
        file.set(&one, &SecretString::from("second"))
            .expect("stored");
        file.set(&other, &SecretString::from("third"))
            .expect("stored");
        let token = file.get(&one).expect("read").expect("there");
        assert_eq!(token.expose_secret(), "second");
        assert!(file.delete(&one).expect("deleted"));
        assert!(file.get(&one).expect("read").is_none());
        assert!(file.get(&other).expect("read").is_some());
        let text = std::fs::read_to_string(file.path().expect("a path")).expect("read");
        assert!(
            !text.contains("second") && !text.contains("github.com"),
            "{text}"
        );
    }

    #[test]
    fn a_garbled_file_is_an_error_that_repeats_nothing_of_it() {
        let (_folder, file) = file();
        file.set(&entry("github.com", "mona"), &SecretString::from("x"))
            .expect("stored");
        disk::replace(
            file.path().expect("a path"),
            br#"{"github.com": "ghp_secret"}"#,
        )
        .expect("written");
        let error = file.get(&entry("github.com", "mona")).expect_err("garbled");
        assert!(error.to_string().contains("line 1"), "{error}");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[test]
    fn without_a_home_there_is_no_place() {
        let file = TokenFile::new(&Env::from_pairs([]));
        assert!(matches!(
            file.get(&entry("github.com", "mona")),
            Err(StoreError::NoPlace)
        ));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_the_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, file) = file();
        file.set(&entry("github.com", "mona"), &SecretString::from("x"))
            .expect("stored");
        let path = file.path().expect("a path");
        let mode = |path: &Path| {
            let permissions = std::fs::metadata(path).expect("there").permissions();
            permissions.mode() & 0o777
        };
        assert_eq!(mode(path), 0o600);
        assert_eq!(mode(path.parent().expect("a folder")), 0o700);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).expect("changed");
        for error in [
            file.get(&entry("github.com", "mona")).err(),
            file.set(&entry("github.com", "mona"), &SecretString::from("y"))
                .err(),
            file.delete(&entry("github.com", "mona")).err(),
        ] {
            assert!(matches!(
                error.expect("refused"),
                StoreError::Disk(DiskError::Exposed(_))
            ));
        }
    }
}
