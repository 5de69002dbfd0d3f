use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;

use super::config::Config;
use super::deploy::Agent;
use super::receive::Secret;

/// What may change while the agent works.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// What it listens to and what it runs.
    pub config: Arc<Config>,
    /// The secrets of the webhook.
    pub secrets: Vec<Secret>,
    /// Variables that no command gets, such as those that hold secrets.
    pub hidden: Vec<String>,
    /// What no status and no log may show, beside the token and the secrets of
    /// rules.
    pub redacted: Vec<String>,
}

/// The settings as they are now, for parts of the agent that outlive a reload.
pub(super) type Current = watch::Receiver<Arc<Settings>>;

impl Agent {
    /// The settings as they are now.
    pub(super) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.borrow())
    }

    /// The configuration as it is now. What runs keeps the one that it was started
    /// with.
    pub(super) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.settings.borrow().config)
    }

    /// Works with other settings from now on. What only a start can change stays
    /// as it is, with a warning.
    pub(super) fn reload(&self, new: Settings) {
        let old = self.config();
        let mut config = Config::clone(&new.config);
        let kept = keep_fixed(&old, &mut config);
        let (rules, secrets) = (config.rules.len(), new.secrets.len());
        self.settings.send_replace(Arc::new(Settings {
            config: Arc::new(config),
            ..new
        }));
        self.log.info(
            "configuration reloaded",
            json!({ "rules": rules, "secrets": secrets }),
        );
        if !kept.is_empty() {
            self.log.warn(
                "some settings change only at the next start",
                json!({ "settings": kept }),
            );
        }
    }
}

/// Puts back what belongs to the agent as it was started, and names it.
fn keep_fixed(old: &Config, new: &mut Config) -> Vec<&'static str> {
    let mut kept = Vec::new();
    let mut keep = |name, is_other| {
        if is_other {
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
            keep("listen.max_body", old.max_body != new.max_body);
            (new.address, new.max_body) = (old.address, old.max_body);
        }
        (None, None) => {}
        (old, new) => {
            keep("listen", true);
            new.clone_from(old);
        }
    }
    kept
}
