use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A variable of an environment.
///
/// See <https://docs.github.com/rest/actions/variables>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name; GitHub writes it in capitals.
    pub name: String,
    /// Its value, at most 48 KB.
    pub value: String,
    /// When it came into being.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
}

/// A secret of an environment. GitHub never tells its value.
///
/// See <https://docs.github.com/rest/actions/secrets>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Its name; GitHub writes it in capitals.
    pub name: String,
    /// When it came into being.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
}

/// The key that the secrets of an environment are sealed with.
///
/// See <https://docs.github.com/rest/actions/secrets#get-an-environment-public-key>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// Its name, which goes with what was sealed.
    pub key_id: String,
    /// The 32 bytes of an X25519 key, in base64.
    pub key: String,
}
