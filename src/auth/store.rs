use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::{DiskError, Storage};
use crate::model::Host;

/// How long a store may take. A keyring that waits for something, such as a
/// password that nobody types, must not hold the program: with this much the
/// whole command is over within 3 s, on a slow machine too.
pub(super) const KEYRING_TIMEOUT: Duration = Duration::from_secs(2);

/// What a token is stored under: one entry a host and user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The host, as [`Wanted::site`](super::Wanted::site) names it.
    pub host: Host,
    /// The login of the token's user.
    pub user: String,
}

impl Entry {
    /// The name of the service that a keyring lists, such as
    /// `deployctl:github.com`.
    pub fn service(&self) -> String {
        format!("deployctl:{}", self.host)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.user, self.host)
    }
}

/// A place for tokens. Its calls may block.
pub(crate) trait SecretStore: Send + Sync {
    /// The token of an entry; `None` where there is no such entry.
    fn get(&self, entry: &Entry) -> Result<Option<SecretString>, StoreError>;
    /// Stores a token in place of what was there.
    fn set(&self, entry: &Entry, token: &SecretString) -> Result<(), StoreError>;
    /// Removes an entry; whether there was one.
    fn delete(&self, entry: &Entry) -> Result<bool, StoreError>;
}

/// A store that gave no answer, or a bad one. No message holds a token.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no keyring here, or no way to it.
    #[error("no keyring can be reached: {0}")]
    Unavailable(String),
    /// The keyring is locked, or access was denied.
    #[error("the keyring is locked or denies access: {0}")]
    Locked(String),
    /// It did not answer in time.
    #[error("the keyring did not answer within {:.1} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// There is no folder for the file of tokens: no home.
    #[error("a token file cannot be stored: HOME is not set")]
    NoPlace,
    /// The file of tokens.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Anything else, in words.
    #[error("{0}")]
    Failed(String),
}

impl StoreError {
    /// The file that others can read, if that is why.
    pub fn exposed(&self) -> Option<&PathBuf> {
        match self {
            Self::Disk(DiskError::Exposed(path)) => Some(path),
            _ => None,
        }
    }
}

/// The stores, asked on threads of their own and within a time.
#[derive(Clone)]
pub(crate) struct Vault {
    keyring: Arc<dyn SecretStore>,
    file: Arc<dyn SecretStore>,
    timeout: Duration,
}

impl Vault {
    /// A vault of two stores, each of which has 2 s for an answer.
    pub(crate) fn new(keyring: Arc<dyn SecretStore>, file: Arc<dyn SecretStore>) -> Self {
        Self {
            keyring,
            file,
            timeout: KEYRING_TIMEOUT,
        }
    }

    /// The same with another time, for tests of what never answers.
    #[cfg(test)]
    pub(super) fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// The token of an entry; `None` where there is no such entry.
    pub(crate) async fn get(
        &self,
        storage: Storage,
        entry: &Entry,
    ) -> Result<Option<SecretString>, StoreError> {
        let entry = entry.clone();
        self.within(storage, move |store| store.get(&entry)).await
    }

    /// Stores a token in place of what was there.
    pub(crate) async fn set(
        &self,
        storage: Storage,
        entry: &Entry,
        token: &SecretString,
    ) -> Result<(), StoreError> {
        let (entry, token) = (entry.clone(), token.clone());
        self.within(storage, move |store| store.set(&entry, &token))
            .await
    }

    /// Removes an entry; whether there was one.
    pub(crate) async fn delete(&self, storage: Storage, entry: &Entry) -> Result<bool, StoreError> {
        let entry = entry.clone();
        self.within(storage, move |store| store.delete(&entry))
            .await
    }

    /// A call that runs over its time is left behind: its thread ends with the
    /// process, which does not wait for it.
    async fn within<T: Send + 'static>(
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
            Ok(Err(_)) => Err(StoreError::Failed(
                "the keyring's library broke down".to_owned(),
            )),
            Err(_) => Err(StoreError::TimedOut(self.timeout)),
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(super) mod testing {
    use std::sync::Mutex;

    use super::*;

    /// A store in memory, which counts how often it is asked and can be broken.
    #[derive(Default)]
    pub(in crate::auth) struct MemoryStore {
        entries: Mutex<Vec<(Entry, SecretString)>>,
        pub(in crate::auth) asked: Mutex<usize>,
        broken: bool,
    }

    impl MemoryStore {
        /// One that can't be reached.
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
        fn get(&self, entry: &Entry) -> Result<Option<SecretString>, StoreError> {
            self.ask()?;
            let entries = self.entries.lock().expect("no panic before");
            let found = entries.iter().find(|(known, _)| known == entry);
            Ok(found.map(|(_, token)| token.clone()))
        }

        fn set(&self, entry: &Entry, token: &SecretString) -> Result<(), StoreError> {
            self.delete(entry)?;
            let mut entries = self.entries.lock().expect("no panic before");
            entries.push((entry.clone(), token.clone()));
            Ok(())
        }

        fn delete(&self, entry: &Entry) -> Result<bool, StoreError> {
            self.ask()?;
            let mut entries = self.entries.lock().expect("no panic before");
            let before = entries.len();
            entries.retain(|(known, _)| known != entry);
            Ok(entries.len() < before)
        }
    }

    /// A store that never answers.
    pub(in crate::auth) struct SilentStore(
        pub(in crate::auth) Mutex<std::sync::mpsc::Receiver<()>>,
    );

    impl SilentStore {
        fn wait(&self) -> StoreError {
            // The test ends it by dropping the sender.
            let _ = self.0.lock().expect("no panic before").recv();
            StoreError::Failed("the test is over".to_owned())
        }
    }

    impl SecretStore for SilentStore {
        fn get(&self, _: &Entry) -> Result<Option<SecretString>, StoreError> {
            Err(self.wait())
        }

        fn set(&self, _: &Entry, _: &SecretString) -> Result<(), StoreError> {
            Err(self.wait())
        }

        fn delete(&self, _: &Entry) -> Result<bool, StoreError> {
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

    fn entry(user: &str) -> Entry {
        Entry {
            host: Host::github(),
            user: user.to_owned(),
        }
    }

    #[tokio::test]
    async fn each_user_has_an_entry_in_each_store() {
        let vault = Vault::new(
            Arc::new(MemoryStore::default()),
            Arc::new(MemoryStore::default()),
        );
        let (mona, hubot) = (entry("mona"), entry("hubot"));
        for (storage, entry, token) in [
            (Storage::Keyring, &mona, "one"),
            (Storage::Keyring, &hubot, "two"),
            (Storage::File, &mona, "three"),
        ] {
            vault
                .set(storage, entry, &SecretString::from(token))
                .await
                .expect("stored");
        }
        let got = vault
            .get(Storage::Keyring, &mona)
            .await
            .expect("read")
            .expect("there");
        assert_eq!(got.expose_secret(), "one");
        assert!(
            vault
                .delete(Storage::Keyring, &mona)
                .await
                .expect("deleted")
        );
        assert!(
            !vault
                .delete(Storage::Keyring, &mona)
                .await
                .expect("gone already")
        );
        assert!(
            vault
                .get(Storage::Keyring, &mona)
                .await
                .expect("read")
                .is_none()
        );
        assert!(
            vault
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
        let vault = Vault::new(silent, Arc::new(MemoryStore::default()))
            .with_timeout(Duration::from_millis(80));
        let began = Instant::now();
        let error = vault
            .get(Storage::Keyring, &entry("mona"))
            .await
            .expect_err("no answer");
        assert!(matches!(error, StoreError::TimedOut(_)), "{error}");
        assert!(began.elapsed() < Duration::from_secs(2));
        drop(keep);
    }

    #[test]
    fn the_patience_leaves_room_within_the_three_seconds_of_the_promise() {
        assert!(KEYRING_TIMEOUT <= Duration::from_millis(2500));
    }
}
