use std::sync::Arc;

use secrecy::{ExposeSecret, SecretSlice};
use tokio::sync::watch;

use super::config::Config;

/// The secret of a webhook.
#[derive(Clone, Debug)]
pub(crate) struct Secret(SecretSlice<u8>);

impl Secret {
    /// `None` if the secret is empty, which would make every forgery valid.
    pub(crate) fn new(bytes: Vec<u8>) -> Option<Self> {
        (!bytes.is_empty()).then(|| Self(bytes.into()))
    }
}

impl AsRef<[u8]> for Secret {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

/// The settings that may change while the agent runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub config: Arc<Config>,
    pub secrets: Vec<Secret>,
    /// Environment variables that commands do not get, such as those with secrets.
    pub hidden_variables: Vec<String>,
    /// What no status and no log may show, in addition to the token and the secrets
    /// of rules.
    pub redacted: Vec<String>,
}

/// Receives the current settings, for parts of the agent that outlive a reload.
pub(super) type SettingsReceiver = watch::Receiver<Arc<Settings>>;

/// Restores the settings that change only at a start, and returns their names.
pub(super) fn keep_fixed(old: &Config, new: &mut Config) -> Vec<&'static str> {
    let mut kept = Vec::new();
    let mut keep = |name, has_changed| {
        if has_changed {
            kept.push(name);
        }
    };
    keep("name", old.name != new.name);
    keep("host", old.host != new.host);
    keep("state_dir", old.state_dir != new.state_dir);
    keep("parallel", old.parallel != new.parallel);
    keep("metrics", old.metrics != new.metrics);
    match (&old.listen, &mut new.listen) {
        (Some(old), Some(new)) => {
            keep("listen.address", old.address != new.address);
            keep("listen.max_body", old.max_body_bytes != new.max_body_bytes);
            (new.address, new.max_body_bytes) = (old.address, old.max_body_bytes);
        }
        (None, None) => {}
        (old, new) => {
            keep("listen", true);
            new.clone_from(old);
        }
    }
    kept
}
