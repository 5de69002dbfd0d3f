use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::model::quote_for_shell;

/// The path of the file in the branch.
pub(super) const PATH: &str = "lock.json";

/// The version of the format that is read and written.
const SCHEMA_VERSION: u64 = 1;

/// The program that writes a lock, in a field of our own.
pub(super) const TOOL: &str = concat!("deployctl ", env!("CARGO_PKG_VERSION"));

/// The content of `lock.json`. The fields and their order are those of
/// github/branch-deploy; the last two are additions that it ignores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct LockFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    schema_version: Option<u64>,
    reason: Value,
    pub(crate) branch: Option<String>,
    pub(crate) created_at: String,
    pub(crate) created_by: String,
    pub(crate) sticky: Option<bool>,
    pub(crate) environment: Option<String>,
    pub(crate) global: bool,
    pub(crate) unlock_command: String,
    pub(crate) link: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claim_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tool: Option<String>,
}

/// A lock file that does not say whose it is. It counts as locked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(super) String);

/// What a new lock file says.
#[derive(Clone, Debug)]
pub(super) struct NewLockFile<'a> {
    pub(super) environment: Option<&'a str>,
    pub(super) owner: &'a str,
    pub(super) reason: Option<&'a str>,
    pub(super) now: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    /// The address of the repository's page.
    pub(super) repository_url: &'a str,
    pub(super) pull_request: Option<u64>,
    /// Different for each lock, so that the ID of its commit is, too.
    pub(super) nonce: [u64; 4],
}

impl LockFile {
    pub(super) fn new(new: &NewLockFile<'_>) -> Self {
        let unlock_command = match new.environment {
            Some(name) => format!("deployctl unlock {}", quote_for_shell(name)),
            None => "deployctl unlock --global".to_owned(),
        };
        // github/branch-deploy removes the locks of a merged pull request, whose
        // number it finds between `/pull/` and `#issuecomment`.
        let page = new.repository_url.trim_end_matches('/');
        let link = match new.pull_request {
            Some(number) => format!("{page}/pull/{number}"),
            None => format!("{page}/pull/0#deployctl"),
        };
        let [a, b, c, d] = new.nonce;
        Self {
            schema_version: Some(SCHEMA_VERSION),
            reason: new.reason.map_or(Value::Null, Value::from),
            branch: None,
            created_at: new.now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            created_by: new.owner.to_owned(),
            sticky: Some(true),
            environment: new.environment.map(str::to_owned),
            global: new.environment.is_none(),
            unlock_command,
            link,
            claim_id: Some(format!("sha256:{a:016x}{b:016x}{c:016x}{d:016x}")),
            expires_at: new.expires_at,
            tool: Some(TOOL.to_owned()),
        }
    }

    /// Reads a lock file by the rules of github/branch-deploy.
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let unreadable = |what: String| Unreadable(format!("lock.json {what}"));
        let value: Value = serde_json::from_str(text)
            .map_err(|error| unreadable(format!("is not JSON: {error}")))?;
        let Value::Object(fields) = value else {
            return Err(unreadable("is not a JSON object".to_owned()));
        };
        let field = |name: &str| {
            let found = fields.get(name);
            found.ok_or_else(|| unreadable(format!("has no field {name:?}")))
        };
        let wrong = |name: &str| unreadable(format!("has a wrong value in {name:?}"));
        let text = |name: &str| {
            let found = field(name)?.as_str().map(str::to_owned);
            found.ok_or_else(|| wrong(name))
        };
        let text_or_null = |name: &str| match field(name)? {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            _ => Err(wrong(name)),
        };
        let schema_version = match fields.get("schema_version") {
            None => None,
            Some(version) if version.as_u64() == Some(SCHEMA_VERSION) => Some(SCHEMA_VERSION),
            Some(version) => {
                return Err(unreadable(format!(
                    "has the schema version {version}, and only {SCHEMA_VERSION} is known"
                )));
            }
        };
        let claim_id = match fields.get("claim_id") {
            None => None,
            Some(Value::String(id)) if is_claim_id(id) => Some(id.clone()),
            Some(_) => return Err(wrong("claim_id")),
        };
        let own_text = |name: &str| fields.get(name).and_then(Value::as_str);
        Ok(Self {
            schema_version,
            reason: field("reason")?.clone(),
            branch: text_or_null("branch")?,
            created_at: text("created_at")?,
            created_by: text("created_by")?,
            sticky: match field("sticky")? {
                Value::Null => None,
                Value::Bool(sticky) => Some(*sticky),
                _ => return Err(wrong("sticky")),
            },
            environment: text_or_null("environment")?,
            global: field("global")?.as_bool().ok_or_else(|| wrong("global"))?,
            unlock_command: text("unlock_command")?,
            link: text("link")?,
            claim_id,
            // A time that cannot be read is no reason to give the lock up.
            expires_at: own_text("expires_at").and_then(|time| time.parse().ok()),
            tool: own_text("tool").map(str::to_owned),
        })
    }

    /// The compact JSON of the file.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Why it was locked; `None` if nobody said so.
    pub(crate) fn reason(&self) -> Option<String> {
        match &self.reason {
            Value::Null => None,
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// When it was locked, if that can be read.
    pub(crate) fn created_at(&self) -> Option<Timestamp> {
        self.created_at.parse().ok()
    }
}

fn is_claim_id(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|digits| {
        digits.len() == 64
            && digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// A lock as github/branch-deploy writes it.
    const THEIRS: &str = r#"{"schema_version":1,"reason":"Testing my new feature with lots of cats","branch":"octocats-everywhere","created_at":"2026-06-14T21:12:14.041Z","created_by":"octocat","sticky":true,"environment":"production","global":false,"unlock_command":".unlock production","link":"https://github.com/test-org/test-repo/pull/2#issuecomment-456","claim_id":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}"#;

    /// The fields that its readers require.
    const REQUIRED: [&str; 9] = [
        "reason",
        "branch",
        "created_at",
        "created_by",
        "sticky",
        "environment",
        "global",
        "unlock_command",
        "link",
    ];

    fn new(environment: Option<&str>, pull_request: Option<u64>) -> LockFile {
        LockFile::new(&NewLockFile {
            environment,
            owner: "octocat",
            reason: Some("the database moves"),
            now: "2026-06-14T21:12:14.0417Z".parse().expect("a time"),
            expires_at: None,
            repository_url: "https://github.com/acme/shop",
            pull_request,
            nonce: [1, 2, 3, u64::MAX],
        })
    }

    fn theirs() -> Value {
        serde_json::from_str(THEIRS).expect("JSON")
    }

    fn parse(value: &Value) -> Result<LockFile, Unreadable> {
        LockFile::parse(&value.to_string())
    }

    #[test]
    fn a_lock_of_branch_deploy_is_read_and_written_unchanged() {
        let lock = LockFile::parse(THEIRS).expect("a lock");
        assert_eq!(lock.created_by, "octocat");
        assert_eq!(lock.environment.as_deref(), Some("production"));
        assert_eq!(
            lock.reason().as_deref(),
            Some("Testing my new feature with lots of cats")
        );
        assert!(lock.created_at().is_some());
        assert_eq!(lock.to_json(), THEIRS);
        // Locks of older versions lack two fields.
        let mut old = theirs();
        let fields = old.as_object_mut().expect("an object");
        fields.shift_remove("schema_version");
        fields.shift_remove("claim_id");
        assert_eq!(parse(&old).expect("a lock").to_json(), old.to_string());
        // And github/lock writes no branch.
        old["branch"] = json!("headless mode");
        old["reason"] = json!({"any": "value"});
        old["environment"] = Value::Null;
        old["global"] = json!(true);
        assert!(parse(&old).is_ok());
    }

    #[test]
    fn a_field_that_readers_require_is_required_with_its_type() {
        for name in REQUIRED {
            let mut lock = theirs();
            lock.as_object_mut().expect("an object").remove(name);
            let refused = parse(&lock).expect_err(name);
            assert!(refused.to_string().contains(name), "{refused}");
        }
        for (name, wrong) in [
            ("branch", json!(1)),
            ("created_at", json!(null)),
            ("created_by", json!(null)),
            ("sticky", json!("yes")),
            ("environment", json!(7)),
            ("global", json!(null)),
            ("unlock_command", json!([])),
            ("link", json!(null)),
            ("schema_version", json!(2)),
            ("schema_version", json!(null)),
            ("claim_id", json!(null)),
            ("claim_id", json!("sha256:ABC")),
        ] {
            let mut lock = theirs();
            lock[name] = wrong;
            assert!(parse(&lock).is_err(), "{name}");
        }
        for name in ["reason", "branch", "sticky", "environment"] {
            let mut lock = theirs();
            lock[name] = Value::Null;
            assert!(parse(&lock).is_ok(), "{name}");
        }
        for text in ["", "{", "[]", "null", "not json"] {
            assert!(LockFile::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_new_lock_has_what_readers_require() {
        for (environment, pull_request) in [(Some("production"), Some(7)), (None, None)] {
            let lock = new(environment, pull_request);
            let value: Value = serde_json::from_str(&lock.to_json()).expect("JSON");
            for name in REQUIRED {
                assert!(value.get(name).is_some(), "{name}");
            }
            assert_eq!(value["schema_version"], 1);
            assert_eq!(value["sticky"], true);
            assert_eq!(value["global"], environment.is_none());
            assert_eq!(value["created_at"], "2026-06-14T21:12:14.041Z");
            assert!(is_claim_id(value["claim_id"].as_str().expect("a text")));
            assert_eq!(LockFile::parse(&lock.to_json()), Ok(lock));
        }
        let keys: Vec<String> =
            serde_json::from_str::<serde_json::Map<_, _>>(&new(Some("a"), None).to_json())
                .expect("an object")
                .keys()
                .cloned()
                .collect();
        let order = theirs();
        let order: Vec<&String> = order.as_object().expect("an object").keys().collect();
        assert_eq!(keys[..11].iter().collect::<Vec<_>>(), order);
        assert_eq!(keys[11..], ["tool"]);
    }

    #[test]
    fn the_link_suits_the_reader_that_takes_it_apart() {
        // link.split('/pull/')[1].split('#issuecomment')[0]
        let number = |lock: &LockFile| {
            let rest = lock.link.split("/pull/").nth(1).map(str::to_owned);
            rest.and_then(|rest| rest.split("#issuecomment").next().map(str::to_owned))
        };
        assert_eq!(number(&new(None, Some(7))).as_deref(), Some("7"));
        assert_eq!(
            new(None, None).link,
            "https://github.com/acme/shop/pull/0#deployctl"
        );
        assert_eq!(number(&new(None, None)).as_deref(), Some("0#deployctl"));
    }

    #[test]
    fn the_command_names_the_environment_as_one_word() {
        for (environment, command) in [
            (Some("my env"), "deployctl unlock 'my env'"),
            (Some("preview/pr-7"), "deployctl unlock preview/pr-7"),
            (Some("a;b's"), r"deployctl unlock 'a;b'\''s'"),
            (None, "deployctl unlock --global"),
        ] {
            assert_eq!(new(environment, None).unlock_command, command);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_lock_or_unreadable(text in ".{0,200}") {
            let _ = LockFile::parse(&text);
        }

        #[test]
        fn what_is_written_is_read_back(owner in ".{0,20}", why in proptest::option::of(".{0,40}"), environment in proptest::option::of(".{1,20}")) {
            let lock = LockFile::new(&NewLockFile {
                owner: &owner,
                reason: why.as_deref(),
                environment: environment.as_deref(),
                now: Timestamp::UNIX_EPOCH,
                expires_at: Some(Timestamp::MAX),
                repository_url: "https://github.com/a/b/",
                pull_request: None,
                nonce: [0; 4],
            });
            prop_assert_eq!(LockFile::parse(&lock.to_json()), Ok(lock));
        }
    }
}
