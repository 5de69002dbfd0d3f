use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::RawJson;

/// Who did something: a login, and the rest of GitHub's object as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    login: String,
    object: RawJson,
}

#[derive(Serialize, Deserialize)]
struct Login {
    login: String,
}

impl User {
    /// A user of whom only the login is known.
    pub fn from_login(login: impl Into<String>) -> serde_json::Result<Self> {
        let login = Login {
            login: login.into(),
        };
        Ok(Self {
            object: RawJson::of(&login)?,
            login: login.login,
        })
    }

    /// The name that the user signs in with; a bot's ends in `[bot]`.
    pub fn login(&self) -> &str {
        &self.login
    }
}

impl Serialize for User {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.object.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for User {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = RawJson::deserialize(deserializer)?;
        let Login { login } = serde_json::from_str(object.as_str()).map_err(de::Error::custom)?;
        Ok(Self { login, object })
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
    fn a_login_alone_is_a_user() {
        let user = User::from_login("a\"b").expect("serializes");
        assert_eq!(
            serde_json::to_string(&user).expect("serializes"),
            r#"{"login":"a\"b"}"#
        );
    }

    #[test]
    fn a_user_without_a_login_is_refused() {
        assert!(serde_json::from_str::<User>(r#"{"id":1}"#).is_err());
    }
}
