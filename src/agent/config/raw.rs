//! The file as it is written, before its values are checked.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use toml::Spanned;

pub(super) type Text = Spanned<String>;
pub(super) type Texts = Spanned<OneOrMany>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfig {
    pub(super) name: Option<Text>,
    pub(super) host: Option<Text>,
    pub(super) state_dir: Option<Text>,
    pub(super) grace: Option<Text>,
    pub(super) takeover_after: Option<Text>,
    pub(super) takeover: Option<Text>,
    pub(super) settle: Option<Text>,
    pub(super) parallel: Option<Spanned<i64>>,
    #[serde(default)]
    pub(super) respect_locks: bool,
    pub(super) listen: Option<Spanned<RawListen>>,
    pub(super) poll: Option<Spanned<RawPoll>>,
    pub(super) metrics: Option<RawMetrics>,
    #[serde(default)]
    pub(super) rule: Vec<Spanned<RawRule>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawListen {
    pub(super) address: Text,
    pub(super) path: Option<Text>,
    #[serde(default)]
    pub(super) secrets: Vec<Spanned<RawSecret>>,
    pub(super) max_body: Option<Text>,
    #[serde(default)]
    pub(super) insecure: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSecret {
    pub(super) env: Option<Text>,
    pub(super) file: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPoll {
    pub(super) interval: Option<Text>,
    pub(super) repositories: Vec<Text>,
    pub(super) start: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMetrics {
    pub(super) address: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) name: Option<Text>,
    pub(super) repository: Option<Texts>,
    pub(super) environment: Option<Texts>,
    pub(super) task: Option<Texts>,
    #[serde(rename = "ref")]
    pub(super) ref_name: Option<Texts>,
    #[serde(default)]
    pub(super) from_workflows: bool,
    pub(super) command: Option<Spanned<Vec<String>>>,
    pub(super) shell: Option<Text>,
    pub(super) directory: Option<Text>,
    #[serde(default)]
    pub(super) env: BTreeMap<Spanned<String>, String>,
    pub(super) timeout: Option<Text>,
    pub(super) kill_after: Option<Text>,
    pub(super) concurrency: Option<Text>,
    pub(super) auto_inactive: Option<bool>,
    pub(super) log_directory: Option<Text>,
    pub(super) log_max_size: Option<Text>,
    pub(super) log_keep: Option<Spanned<i64>>,
    pub(super) log_keep_for: Option<Text>,
    pub(super) log_url: Option<Text>,
    pub(super) environment_url: Option<Text>,
    #[serde(default)]
    pub(super) checkout: bool,
    pub(super) source: Option<Text>,
}

/// A string, or a list of strings.
#[derive(Debug)]
pub(super) struct OneOrMany(pub(super) Vec<String>);

struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany(vec![text.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMany, A::Error> {
        let mut all = Vec::new();
        while let Some(text) = list.next_element()? {
            all.push(text);
        }
        Ok(OneOrMany(all))
    }
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}
