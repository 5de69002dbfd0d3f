//! The scalars of GitHub's schema
//! (<https://docs.github.com/graphql/reference/scalars>).

use std::ops::Deref;

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::ExtendedType;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// An `ID`, which a client may also write as a number.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Value")]
pub(super) struct Id(String);

impl From<Value> for Id {
    fn from(value: Value) -> Self {
        Self(match value {
            Value::String(text) => text,
            number => number.to_string(),
        })
    }
}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A `DateTime` from seconds since the epoch.
pub(super) fn time(seconds: i64) -> String {
    let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_string()
}

/// An `Int`, which GitHub's ids have long outgrown: null where it is too large.
pub(super) fn short(number: impl TryInto<i32>) -> Option<i32> {
    number.try_into().ok()
}

/// An `Int`, at most the largest.
pub(super) fn capped(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

/// The part of a value of this type that is no valid `GitObjectID`, with which
/// the library accepts any text.
pub(super) fn invalid_object_id<'v>(
    schema: &Schema,
    ty: &Type,
    value: &'v Value,
) -> Option<&'v str> {
    match value {
        Value::Array(items) => {
            let mut items = items.iter();
            items.find_map(|item| invalid_object_id(schema, ty.item_type(), item))
        }
        Value::Object(fields) => {
            let Some(ExtendedType::InputObject(input)) = schema.types.get(ty.inner_named_type())
            else {
                return None;
            };
            fields.iter().find_map(|(name, value)| {
                invalid_object_id(schema, &input.fields.get(name.as_str())?.ty, value)
            })
        }
        Value::String(text) if ty.inner_named_type() == "GitObjectID" => {
            let is_valid =
                [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            (!is_valid).then_some(text.as_str())
        }
        _ => None,
    }
}
