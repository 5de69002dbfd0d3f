use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::{DiskError, Storage};
use crate::model::Host;

/// How long a store may take. A keyring that waits, for example for a password,
/// must not block the program: with this limit a command ends within 3 s, even
/// on a slow machine.
pub(super) const KEYRING_TIMEOUT: Duration = Duration::from_secs(2);

/// Identifies a stored token: there is one for each host and user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenKey {
    /// The host, as [`Wanted::site`](super::Wanted::site) names it.
    pub host: Host,
    pub user: String,
}

impl TokenKey {
    /// The service name in a keyring, such as `deployctl:github.com`.
    pub(crate) fn service(&self) -> String {
        format!("deployctl:{}", self.host)
    }
}

impl fmt::Display for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.user, self.host)
    }
}

/// A store of tokens. Calls may block.
pub(crate) trait SecretStore: Send + Sync {
    /// `None` if there is no such token.
    fn get(&self, entry: &TokenKey) -> Result<Option<SecretString>, StoreError>;
    /// Stores a token and replaces an existing one.
    fn set(&self, entry: &TokenKey, token: &SecretString) -> Result<(), StoreError>;
    /// Returns whether there was a token.
    fn delete(&self, entry: &TokenKey) -> Result<bool, StoreError>;
}

/// A failure of a store. No message contains a token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// There is no keyring, or it cannot be reached.
    #[error("no keyring can be reached: {0}")]
    Unavailable(String),
    /// The keyring is locked, or access was denied.
    #[error("the keyring is locked or denies access: {0}")]
    Locked(String),
    #[error("the keyring did not answer within {:.1} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// There is no home folder for the token file.
    #[error("a token file cannot be stored: HOME is not set")]
    NoPlace,
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{0}")]
    Failed(String),
}

/// The stores of tokens. Each call runs on a thread of its own and has a
/// timeout.
#[derive(Clone)]
pub(crate) struct TokenStores {
    keyring: Arc<dyn SecretStore>,
    file: Arc<dyn SecretStore>,
    timeout: Duration,
}

impl TokenStores {
    /// Two stores; each call may take 2 s.
    pub(crate) fn new(keyring: Arc<dyn SecretStore>, file: Arc<dyn SecretStore>) -> Self {
        Self {
            keyring,
            file,
            timeout: KEYRING_TIMEOUT,
        }
    }

    #[cfg(test)]
    pub(super) fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// `None` if there is no such token.
    pub(crate) async fn get(
        &self,
        storage: Storage,
        entry: &TokenKey,
    ) -> Result<Option<SecretString>, StoreError> {
        let entry = entry.clone();
        self.call_with_timeout(storage, move |store| store.get(&entry))
            .await
    }

    /// Stores a token and replaces an existing one.
    pub(crate) async fn set(
        &self,
        storage: Storage,
        entry: &TokenKey,
        token: &SecretString,
    ) -> Result<(), StoreError> {
        let (entry, token) = (entry.clone(), token.clone());
        self.call_with_timeout(storage, move |store| store.set(&entry, &token))
            .await
    }

    /// Returns whether there was a token.
    pub(crate) async fn delete(
        &self,
        storage: Storage,
        entry: &TokenKey,
    ) -> Result<bool, StoreError> {
        let entry = entry.clone();
        self.call_with_timeout(storage, move |store| store.delete(&entry))
            .await
    }

    /// A call that exceeds the timeout keeps its thread, which ends with the
    /// process.
    async fn call_with_timeout<T: Send + 'static>(
        &self,
        storage: Storage,
        call: impl FnOnce(&dyn SecretStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(match storage {
            Storage::Keyring => &self.keyring,
            Storage::File => &self.file,
        });
        let called = tokio::task::spawn_blocking(move || call(store.as_ref()));
        match tokio::time::timeout(self.timeout, called).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(StoreError::Failed("the keyring library crashed".to_owned())),
            Err(_) => Err(StoreError::TimedOut(self.timeout)),
        }
    }
}

impl fmt::Debug for TokenStores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenStores")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(super) mod testing {
    use std::sync::Mutex;

    use super::*;

    /// A store in memory that counts calls and can be made to fail.
    #[derive(Default)]
    pub(in crate::auth) struct MemoryStore {
        entries: Mutex<Vec<(TokenKey, SecretString)>>,
        pub(in crate::auth) asked: Mutex<usize>,
        broken: bool,
    }

    impl MemoryStore {
        pub(in crate::auth) fn broken() -> Self {
            Self {
                broken: true,
                ..Self::default()
            }
        }

        pub(in crate::auth) fn asked(&self) -> usize {
            *self.asked.lock().expect("no panic before")
        }

        fn ask(&self) -> Result<(), StoreError> {
            *self.asked.lock().expect("no panic before") += 1;
            if self.broken {
                return Err(StoreError::Unavailable("there is none".to_owned()));
            }
            Ok(())
        }
    }

    impl SecretStore for MemoryStore {
        fn get(&self, entry: &TokenKey) -> Result<Option<SecretString>, StoreError> {
            self.ask()?;
            let entries = self.entries.lock().expect("no panic before");
            let found = entries.iter().find(|(known, _)| known == entry);
            Ok(found.map(|(_, token)| token.clone()))
        }

        fn set(&self, entry: &TokenKey, token: &SecretString) -> Result<(), StoreError> {
            self.delete(entry)?;
            let mut entries = self.entries.lock().expect("no panic before");
            entries.push((entry.clone(), token.clone()));
            Ok(())
        }

        fn delete(&self, entry: &TokenKey) -> Result<bool, StoreError> {
            self.ask()?;
            let mut entries = self.entries.lock().expect("no panic before");
            let before = entries.len();
            entries.retain(|(known, _)| known != entry);
            Ok(entries.len() < before)
        }
    }

    pub(in crate::auth) struct SilentStore(
        pub(in crate::auth) Mutex<std::sync::mpsc::Receiver<()>>,
    );

    impl SilentStore {
        fn wait(&self) -> StoreError {
            // The test ends the call by dropping the sender.
            let _ = self.0.lock().expect("no panic before").recv();
            StoreError::Failed("the test is over".to_owned())
        }
    }

    impl SecretStore for SilentStore {
        fn get(&self, _: &TokenKey) -> Result<Option<SecretString>, StoreError> {
            Err(self.wait())
        }

        fn set(&self, _: &TokenKey, _: &SecretString) -> Result<(), StoreError> {
            Err(self.wait())
        }

        fn delete(&self, _: &TokenKey) -> Result<bool, StoreError> {
            Err(self.wait())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc};
    use std::time::Instant;

    use secrecy::ExposeSecret;

    use super::testing::{MemoryStore, SilentStore};
    use super::*;

    fn entry(user: &str) -> TokenKey {
        TokenKey {
            host: Host::github(),
            user: user.to_owned(),
        }
    }

    #[tokio::test]
    async fn each_user_has_an_entry_in_each_store() {
        let stores = TokenStores::new(
            Arc::new(MemoryStore::default()),
            Arc::new(MemoryStore::default()),
        );
        let (mona, hubot) = (entry("mona"), entry("hubot"));
        for (storage, entry, token) in [
            (Storage::Keyring, &mona, "one"),
            (Storage::Keyring, &hubot, "two"),
            (Storage::File, &mona, "three"),
        ] {
            stores
                .set(storage, entry, &SecretString::from(token))
                .await
                .expect("stored");
        }
        let got = stores
            .get(Storage::Keyring, &mona)
            .await
            .expect("read")
            .expect("there");
        assert_eq!(got.expose_secret(), "one");
        assert!(
            stores
                .delete(Storage::Keyring, &mona)
                .await
                .expect("deleted")
        );
        assert!(
            !stores
                .delete(Storage::Keyring, &mona)
                .await
                .expect("gone already")
        );
        assert!(
            stores
                .get(Storage::Keyring, &mona)
                .await
                .expect("read")
                .is_none()
        );
        assert!(
            stores
                .get(Storage::File, &mona)
                .await
                .expect("read")
                .is_some()
        );
    }

    #[tokio::test]
    async fn a_store_that_never_answers_is_given_up() {
        let (keep, never) = mpsc::channel();
        let silent = Arc::new(SilentStore(Mutex::new(never)));
        let stores = TokenStores::new(silent, Arc::new(MemoryStore::default()))
            .with_timeout(Duration::from_millis(80));
        let began = Instant::now();
        let error = stores
            .get(Storage::Keyring, &entry("mona"))
            .await
            .expect_err("no answer");
        assert!(matches!(error, StoreError::TimedOut(_)), "{error}");
        assert!(began.elapsed() < Duration::from_secs(2));
        drop(keep);
    }

    #[test]
    fn the_timeout_leaves_room_within_the_three_seconds_of_the_promise() {
        assert!(KEYRING_TIMEOUT <= Duration::from_millis(2500));
    }
}
