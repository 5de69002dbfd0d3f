use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{RawJson, or_default};

/// A user or bot: the login, and GitHub's object as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User(Arc<Known>);

#[derive(Debug, PartialEq, Eq)]
struct Known {
    login: String,
    object: RawJson,
}

/// The bot that deployments of GitHub Actions are made by.
const ACTIONS_BOT: &str = "github-actions[bot]";

/// How many users are kept for reuse.
const REMEMBERED: usize = 8;

thread_local! {
    /// The users that were read most recently. A list repeats the same few
    /// users, and each is larger than the rest of a deployment.
    static LATELY: RefCell<VecDeque<User>> = const { RefCell::new(VecDeque::new()) };
}

#[derive(Serialize, Deserialize)]
struct Login {
    #[serde(default, deserialize_with = "or_default")]
    login: String,
}

impl User {
    /// A user with only a login.
    pub fn from_login(login: impl Into<String>) -> serde_json::Result<Self> {
        let login = Login {
            login: login.into(),
        };
        Ok(Self(Arc::new(Known {
            object: RawJson::of(&login)?,
            login: login.login,
        })))
    }

    /// The login; that of a bot ends in `[bot]`.
    pub fn login(&self) -> &str {
        &self.0.login
    }

    /// Whether it is the bot of GitHub Actions.
    pub(crate) fn is_actions_bot(&self) -> bool {
        self.login() == ACTIONS_BOT
    }
}

impl Serialize for User {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.object.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for User {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = RawJson::deserialize(deserializer)?;
        LATELY.with_borrow_mut(|lately| {
            if let Some(known) = lately.iter().find(|user| user.0.object == object) {
                return Ok(known.clone());
            }
            let Login { login } =
                serde_json::from_slice(object.as_str().as_bytes()).map_err(de::Error::custom)?;
            let user = Self(Arc::new(Known { login, object }));
            lately.push_front(user.clone());
            lately.truncate(REMEMBERED);
            Ok(user)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_object_is_kept() {
        let text = r#"{"login":"octocat","id":1,"site_admin":false,"new_field":[1]}"#;
        let user: User = serde_json::from_str(text).expect("valid");
        assert_eq!(user.login(), "octocat");
        assert_eq!(serde_json::to_string(&user).expect("serializes"), text);
    }

    #[test]
    fn many_users_are_each_read_as_they_were_sent() {
        let text = |number: usize| format!(r#"{{"login":"user-{number}","id":{number}}}"#);
        let numbers = (0..3 * REMEMBERED).chain(0..3).chain([0, 0]);
        for number in numbers {
            let user: User = serde_json::from_str(&text(number)).expect("valid");
            assert_eq!(user.login(), format!("user-{number}"));
            assert_eq!(
                serde_json::to_string(&user).expect("serializes"),
                text(number)
            );
        }
    }

    #[test]
    fn a_login_alone_is_a_user() {
        let user = User::from_login("a\"b").expect("serializes");
        assert_eq!(
            serde_json::to_string(&user).expect("serializes"),
            r#"{"login":"a\"b"}"#
        );
    }

    #[test]
    fn a_user_without_a_login_has_an_empty_one() {
        for text in [r#"{"id":1}"#, r#"{"login":null}"#] {
            let user: User = serde_json::from_str(text).expect("valid");
            assert_eq!(user.login(), "");
            assert_eq!(serde_json::to_string(&user).expect("serializes"), text);
        }
        assert!(serde_json::from_str::<User>("7").is_err());
    }
}
