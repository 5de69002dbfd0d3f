use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A variable of an environment.
///
/// See <https://docs.github.com/rest/actions/variables>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// The name; GitHub converts it to upper case.
    pub name: String,
    /// The value, at most 48 KB.
    pub value: String,
    /// When it was created.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
}

/// A secret of an environment. GitHub never returns its value.
///
/// See <https://docs.github.com/rest/actions/secrets>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// The name; GitHub converts it to upper case.
    pub name: String,
    /// When it was created.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
}

/// The public key that the secrets of an environment are encrypted with.
///
/// See <https://docs.github.com/rest/actions/secrets#get-an-environment-public-key>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// The ID of the key, which is sent with encrypted values.
    pub key_id: String,
    /// The 32 bytes of an X25519 key, in base64.
    pub key: String,
}
