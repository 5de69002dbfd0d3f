//! Objects, the fields that a query asks them for, and what a field resolves to.

use std::sync::Arc;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::JsonValue;
use serde::de::DeserializeOwned;

use super::problem::{Problem, Result};

/// An object of a type of the schema.
pub(super) trait Object: Send + Sync + 'static {
    /// The name of its type.
    fn kind(&self) -> &str;

    /// Resolves a field. The library refuses a value that does not fit the
    /// field's type in the schema.
    fn resolve(&self, field: Field<'_>) -> Result<Output>;
}

/// What a field resolves to.
#[derive(Clone)]
pub(super) enum Output {
    /// A scalar, the name of an enum's value, or null.
    Leaf(JsonValue),
    Object(Arc<dyn Object>),
    List(Vec<Output>),
}

/// Values of an object by the names of its fields.
pub(super) type Values = Vec<(&'static str, Output)>;

/// A field that a query asks for.
#[derive(Clone, Copy)]
pub(super) struct Field<'a>(pub(super) &'a ResolveInfo<'a>);

impl<'a> Field<'a> {
    pub(super) fn name(self) -> &'a str {
        self.0.field_name()
    }

    /// The name of the type of its value, or of the elements of a list.
    pub(super) fn kind(self) -> &'a str {
        self.0.field_definition().ty.inner_named_type()
    }

    /// An argument, with the schema's default.
    pub(super) fn argument<T: DeserializeOwned>(self, name: &str) -> Result<T> {
        let value = self.0.arguments().get(name).unwrap_or(&JsonValue::Null);
        read(value)
    }

    /// All arguments, with the schema's defaults.
    pub(super) fn arguments<T: DeserializeOwned>(self) -> Result<T> {
        read(&JsonValue::Object(self.0.arguments().clone()))
    }

    /// An object of this field's type that has nothing but these values.
    pub(super) fn record(self, values: impl Into<Values>) -> Output {
        Record {
            kind: self.kind().to_owned(),
            values: values.into(),
        }
        .into()
    }

    /// The error for a field that the schema has and an object lacks, which the
    /// tests of the schema rule out.
    pub(super) fn unknown(self) -> Problem {
        Problem::internal(&format!("nothing resolves the field {}", self.name()))
    }
}

/// Reads an argument, which the library has held against the schema.
fn read<T: DeserializeOwned>(value: &JsonValue) -> Result<T> {
    let value = serde_json::to_value(value).and_then(serde_json::from_value);
    value.map_err(|error| Problem::internal(&error.to_string()))
}

/// An object whose values are all known.
struct Record {
    kind: String,
    values: Values,
}

impl Object for Record {
    fn kind(&self) -> &str {
        &self.kind
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let found = self.values.iter().find(|(name, _)| *name == field.name());
        found
            .map(|(_, value)| value.clone())
            .ok_or_else(|| field.unknown())
    }
}

impl Output {
    pub(super) const NULL: Self = Self::Leaf(JsonValue::Null);
}

impl<T: Object> From<T> for Output {
    fn from(object: T) -> Self {
        Self::Object(Arc::new(object))
    }
}

impl<T: Into<Self>> From<Option<T>> for Output {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::NULL, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Output {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl From<&str> for Output {
    fn from(text: &str) -> Self {
        Self::Leaf(text.into())
    }
}

impl From<String> for Output {
    fn from(text: String) -> Self {
        Self::Leaf(text.into())
    }
}

impl From<bool> for Output {
    fn from(value: bool) -> Self {
        Self::Leaf(value.into())
    }
}

impl From<i32> for Output {
    fn from(number: i32) -> Self {
        Self::Leaf(number.into())
    }
}

/// An object in the form that the library runs queries on.
pub(super) struct Resolver(pub(super) Arc<dyn Object>);

impl ObjectValue for Resolver {
    fn type_name(&self) -> &str {
        self.0.kind()
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> std::result::Result<ResolvedValue<'a>, FieldError> {
        let resolved = self.0.resolve(Field(info));
        resolved.map(resolved_value).map_err(|problem| FieldError {
            message: problem.encode(),
        })
    }
}

fn resolved_value<'a>(output: Output) -> ResolvedValue<'a> {
    match output {
        Output::Leaf(value) => ResolvedValue::Leaf(value),
        Output::Object(object) => ResolvedValue::object(Resolver(object)),
        Output::List(list) => ResolvedValue::list(list.into_iter().map(resolved_value)),
    }
}
