//! The sandbox in this process, on a thread and a runtime of its own, so that
//! tests without a runtime can use it.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use deployctl_sandbox::{Config, RepositorySource, Sandbox, TokenRule};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::git::GitRepository;

/// The repository that every sandbox of the tests serves.
pub(crate) const OWNER: &str = "octocat";
/// Its name.
pub(crate) const NAME: &str = "hello-world";

/// A running sandbox; it stops when it is dropped.
pub(crate) struct Server {
    url: String,
    data: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    own_data: Option<TempDir>,
}

impl Server {
    /// A sandbox with the sample repository and an empty store.
    pub(crate) fn sample() -> Self {
        Self::with(|_| {})
    }

    /// A sandbox whose repository is a real one.
    pub(crate) fn of(repository: &GitRepository) -> Self {
        Self::with(|config| serve(config, repository))
    }

    /// A sandbox with a changed configuration and its own store.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let data = TempDir::with_prefix("sandbox-").expect("a temporary directory");
        let mut server = Self::on(data.path(), change);
        server.own_data = Some(data);
        server
    }

    /// A sandbox on an existing or shared store.
    pub(crate) fn on(data: &Path, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(data);
        config.repositories = vec![RepositorySource {
            owner: OWNER.to_owned(),
            name: NAME.to_owned(),
            path: None,
        }];
        change(&mut config);
        let (started, url) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let sandbox = Sandbox::start(config).await;
                let url = sandbox.as_ref().map(|sandbox| sandbox.url().to_owned());
                started
                    .send(url.map_err(ToString::to_string))
                    .expect("the test waits for the start");
                if let Ok(sandbox) = sandbox {
                    // A dropped sender means that the test is over, too.
                    drop(stopped.await);
                    sandbox.stop().await;
                }
            });
        });
        let url = url
            .recv()
            .expect("the sandbox starts or says why not")
            .unwrap_or_else(|error| panic!("the sandbox did not start: {error}"));
        Self {
            url,
            data: data.to_path_buf(),
            stop: Some(stop),
            thread: Some(thread),
            own_data: None,
        }
    }

    /// The address, `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The directory of the store.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended already; the join below reports why.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Makes a sandbox serve a real repository instead of the sample.
pub(crate) fn serve(config: &mut Config, repository: &GitRepository) {
    config.repositories[0].path = Some(repository.path().to_path_buf());
}

/// A token with limited permissions, `NAME=SCOPES`.
pub(crate) fn rule(text: &str) -> TokenRule {
    text.parse().expect("a token rule")
}
