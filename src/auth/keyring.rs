use keyring::Error;
use secrecy::{ExposeSecret, SecretString};

use super::{SecretStore, StoreError, TokenKey};
#[cfg(all(unix, not(target_os = "macos")))]
use crate::env;
use crate::env::Env;

/// The system's keyring: the Secret Service on Linux, Keychain on macOS,
/// Credential Manager on Windows. Nothing is reached before the first call.
#[derive(Clone, Debug)]
pub(crate) struct OsKeyring {
    /// Why there is no keyring, if that is known in advance.
    missing: Option<String>,
}

impl OsKeyring {
    pub(crate) fn new(env: &Env) -> Self {
        Self {
            missing: unavailable_reason(env),
        }
    }

    fn entry(&self, entry: &TokenKey) -> Result<keyring::Entry, StoreError> {
        if let Some(reason) = &self.missing {
            return Err(StoreError::Unavailable(reason.clone()));
        }
        keyring::Entry::new(&entry.service(), &entry.user).map_err(|error| store_error(&error))
    }
}

impl SecretStore for OsKeyring {
    fn get(&self, entry: &TokenKey) -> Result<Option<SecretString>, StoreError> {
        match self.entry(entry)?.get_password() {
            Ok(token) => Ok(Some(SecretString::from(token))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(store_error(&error)),
        }
    }

    fn set(&self, entry: &TokenKey, token: &SecretString) -> Result<(), StoreError> {
        self.entry(entry)?
            .set_password(token.expose_secret())
            .map_err(|error| store_error(&error))
    }

    fn delete(&self, entry: &TokenKey) -> Result<bool, StoreError> {
        match self.entry(entry)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(store_error(&error)),
        }
    }
}

/// Converts an error; a message that may contain the stored token is not
/// repeated.
fn store_error(error: &Error) -> StoreError {
    match error {
        Error::PlatformFailure(cause) => StoreError::Unavailable(cause.to_string()),
        Error::NoStorageAccess(cause) => StoreError::Locked(cause.to_string()),
        Error::Ambiguous(_) => StoreError::Failed(
            "the keyring has several entries for one host and user; remove them by hand".to_owned(),
        ),
        Error::BadEncoding(_) => {
            StoreError::Failed("the keyring's entry is not a token".to_owned())
        }
        Error::TooLong(_, most) => {
            StoreError::Failed(format!("the keyring takes at most {most} characters"))
        }
        other => StoreError::Failed(format!("the keyring refused: {other}")),
    }
}

/// Without a session bus there is no Secret Service, and none is started.
#[cfg(all(unix, not(target_os = "macos")))]
fn unavailable_reason(env: &Env) -> Option<String> {
    if env.get(env::DBUS_SESSION_BUS_ADDRESS).is_some() {
        return None;
    }
    let socket = env
        .get(env::XDG_RUNTIME_DIR)
        .map(|folder| std::path::Path::new(folder).join("bus"));
    match socket {
        Some(socket) if socket.exists() => None,
        _ => Some("this session has no D-Bus (DBUS_SESSION_BUS_ADDRESS is not set)".to_owned()),
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn unavailable_reason(_env: &Env) -> Option<String> {
    None
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;
    use crate::model::Host;

    #[test]
    fn without_a_session_bus_nothing_is_tried() {
        let entry = TokenKey {
            host: Host::github(),
            user: "mona".to_owned(),
        };
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = folder.path().to_str().expect("Unicode").to_owned();
        for pairs in [
            vec![],
            vec![(env::XDG_RUNTIME_DIR.to_owned(), runtime.clone())],
        ] {
            let keyring = OsKeyring::new(&Env::from_pairs(pairs));
            let error = keyring.get(&entry).expect_err("there is none");
            assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        }
        std::fs::write(folder.path().join("bus"), "").expect("written");
        let with_socket = Env::from_pairs([(env::XDG_RUNTIME_DIR.to_owned(), runtime)]);
        assert_eq!(OsKeyring::new(&with_socket).missing, None);
    }

    #[test]
    fn no_message_repeats_what_was_stored() {
        let error = Error::BadEncoding(b"ghp_secret".to_vec());
        let failure = store_error(&error);
        assert!(!format!("{failure} {failure:?}").contains("secret"));
        assert!(!format!("{failure:?}").contains("103, 104, 112"));
    }
}
