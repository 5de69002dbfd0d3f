//! The scalars of GitHub's schema
//! (<https://docs.github.com/graphql/reference/scalars>).

use async_graphql::{InputValueError, InputValueResult, NewType, Scalar, ScalarType, Value};
use jiff::Timestamp;

/// An RFC 3986, RFC 3987, and RFC 6570 (level 4) compliant URI string.
#[derive(Debug, Clone, PartialEq, Eq, NewType)]
#[graphql(name = "URI")]
pub(super) struct Uri(pub(super) String);

/// An ISO-8601 encoded UTC date string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateTime(Timestamp);

impl DateTime {
    /// A time in seconds since the epoch.
    pub(super) fn from_seconds(seconds: i64) -> Self {
        Self(Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(text.parse()?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A Git object ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GitObjectId(pub(super) String);

#[Scalar(name = "GitObjectID")]
impl ScalarType for GitObjectId {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) if is_object_id(&text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(text) if is_object_id(text))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A fully qualified reference name (e.g. `refs/heads/master`).
#[derive(Debug, Clone, PartialEq, Eq, NewType)]
#[graphql(name = "GitRefname")]
pub(super) struct GitRefName(pub(super) String);

fn is_object_id(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
