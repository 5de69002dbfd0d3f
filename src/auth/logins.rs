use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::TokenKind;
use super::disk::{self, DiskError, Lock};
use crate::env::Env;
use crate::model::Host;

/// Where a token is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Storage {
    /// The system's keyring.
    Keyring,
    /// A file that only the user can read (`--insecure-storage`).
    File,
}

impl Storage {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::File => "file",
        }
    }
}

/// What is known about a stored token, without any secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Login {
    pub storage: Storage,
    pub kind: TokenKind,
    /// The scopes at the time of the login; `None` for fine-grained
    /// permissions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// The logins on one host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HostLogins {
    /// The user whose token is used.
    pub active: String,
    /// By the user's login.
    pub users: BTreeMap<String, Login>,
}

/// All logins, without their tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Logins {
    /// By host.
    #[serde(default)]
    pub hosts: BTreeMap<String, HostLogins>,
}

impl Logins {
    /// The login whose token is used on a host.
    pub(crate) fn active(&self, host: &Host) -> Option<(&str, &Login)> {
        let logins = self.hosts.get(host.as_str())?;
        let login = logins.users.get(&logins.active)?;
        Some((&logins.active, login))
    }

    pub(crate) fn host_logins(&self, host: &Host) -> Option<&HostLogins> {
        self.hosts.get(host.as_str())
    }

    /// Adds a login and makes it the active one of its host.
    pub(crate) fn add(&mut self, host: &Host, user: &str, login: Login) {
        let logins = self.hosts.entry(host.as_str().to_owned()).or_default();
        user.clone_into(&mut logins.active);
        logins.users.insert(user.to_owned(), login);
    }

    /// Removes a login. If it was the active one, another user of the host
    /// becomes active and is returned.
    pub(crate) fn remove(&mut self, host: &Host, user: &str) -> Option<String> {
        let logins = self.hosts.get_mut(host.as_str())?;
        logins.users.remove(user);
        let Some(first) = logins.users.keys().next().cloned() else {
            self.hosts.remove(host.as_str());
            return None;
        };
        if logins.users.contains_key(&logins.active) {
            return None;
        }
        logins.active.clone_from(&first);
        Some(first)
    }
}

/// The file of the logins, `$XDG_CONFIG_HOME/deployctl/hosts.json`.
#[derive(Clone, Debug)]
pub(crate) struct LoginFile {
    path: PathBuf,
}

impl LoginFile {
    /// `None` without a home folder.
    pub(crate) fn new(env: &Env) -> Option<Self> {
        Some(Self {
            path: env.config_home()?.join("deployctl/hosts.json"),
        })
    }

    /// Reads the logins; there are none without a file.
    pub(crate) fn read(&self) -> Result<Logins, DiskError> {
        match disk::read(&self.path, false)? {
            None => Ok(Logins::default()),
            Some(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| DiskError::garbled(&self.path, &error)),
        }
    }

    /// Changes the logins. A lock keeps other processes from changing them at
    /// the same time.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Logins) -> T) -> Result<T, DiskError> {
        let _lock = Lock::acquire(&self.path)?;
        let mut logins = self.read()?;
        let result = change(&mut logins);
        let text = serde_json::to_vec_pretty(&logins)
            .map_err(|error| DiskError::garbled(&self.path, &error))?;
        disk::replace(&self.path, &text)?;
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::XDG_CONFIG_HOME;

    fn login(storage: Storage) -> Login {
        Login {
            storage,
            kind: TokenKind::Classic,
            scopes: Some(vec!["repo".to_owned()]),
            expires_at: None,
        }
    }

    fn file() -> (tempfile::TempDir, LoginFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_str().expect("Unicode").to_owned();
        let env = Env::from_pairs([(XDG_CONFIG_HOME.to_owned(), path)]);
        (folder, LoginFile::new(&env).expect("a place"))
    }

    #[test]
    fn the_last_login_is_the_active_one() {
        let (_folder, file) = file();
        let host = Host::github();
        assert_eq!(file.read().expect("no file is no error"), Logins::default());
        for user in ["mona", "hubot"] {
            file.change(|logins| logins.add(&host, user, login(Storage::Keyring)))
                .expect("written");
        }
        let logins = file.read().expect("read");
        assert_eq!(
            logins.active(&host),
            Some(("hubot", &login(Storage::Keyring)))
        );
        assert_eq!(
            logins.active(&"git.example.com".parse().expect("a host")),
            None
        );
    }

    #[test]
    fn after_a_removal_another_user_is_active_or_the_host_is_gone() {
        let host = Host::github();
        let mut logins = Logins::default();
        for user in ["a", "b", "c"] {
            logins.add(&host, user, login(Storage::File));
        }
        assert_eq!(logins.remove(&host, "a"), None, "the active one stays");
        assert_eq!(logins.remove(&host, "c").as_deref(), Some("b"));
        assert_eq!(logins.remove(&host, "gone"), None);
        assert_eq!(logins.remove(&host, "b"), None);
        assert_eq!(logins, Logins::default());
    }

    #[test]
    fn a_file_of_a_later_version_is_read() {
        let (_folder, file) = file();
        let text = r#"{"of_later":1,"hosts":{"github.com":{"active":"mona","users":{"mona":{"storage":"keyring","kind":"of_later","more":[]}}}}}"#;
        std::fs::create_dir_all(file.path.parent().expect("a folder")).expect("made");
        std::fs::write(&file.path, text).expect("written");
        let logins = file.read().expect("read");
        let (user, login) = logins.active(&Host::github()).expect("there");
        assert_eq!((user, login.kind), ("mona", TokenKind::Unknown));
        std::fs::write(&file.path, "{").expect("written");
        assert!(matches!(file.read(), Err(DiskError::Garbled { .. })));
    }
}
