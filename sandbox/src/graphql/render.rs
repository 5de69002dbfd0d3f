//! Answers and errors in GitHub's shape: an error's `type` is at its top level,
//! and an invalid query has no `data`.

use apollo_compiler::ast::VariableDefinition;
use apollo_compiler::executable::Field;
use apollo_compiler::parser::LineColumn;
use apollo_compiler::response::{ExecutionResponse, GraphQLError, JsonValue};
use apollo_compiler::validation::DiagnosticList;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::problem::Problem;
use crate::http::SSO_MESSAGE;

/// The body of an answer.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<JsonValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Value>,
}

/// The answer to a request that was not run.
pub(super) fn refusal(problem: &Problem) -> Answer {
    let mut error = Map::new();
    if !problem.kind.is_empty() {
        error.insert("type".to_owned(), problem.kind.into());
    }
    error.insert("message".to_owned(), problem.message.as_str().into());
    only(Value::Object(error))
}

/// The answer of an error alone.
fn only(error: Value) -> Answer {
    Answer {
        data: None,
        errors: vec![error],
    }
}

/// The answer to a text that cannot be parsed.
pub(super) fn syntax(query: &str, errors: &DiagnosticList) -> Answer {
    let Some(error) = errors.iter().next() else {
        return refusal(&Problem::new("", "The query cannot be parsed."));
    };
    let error = error.to_json();
    let message = match error.locations.first() {
        Some(place) if error.message.starts_with("syntax error") => {
            let what = match word(query, *place) {
                Some(word) => format!("{word:?}"),
                None => "end of document".to_owned(),
            };
            let LineColumn { line, column } = place;
            format!("Parse error on {what} at [{line}, {column}]")
        }
        _ => error.message,
    };
    only(json!({ "locations": error.locations, "message": message }))
}

/// The answer to a query that lacks the value of a required variable.
pub(super) fn no_value(variable: &VariableDefinition, place: Option<LineColumn>) -> Answer {
    provided_invalid(variable, place, "Expected value to not be null")
}

/// The answer to a variable with a value that its type does not have.
pub(super) fn invalid_value(variable: &VariableDefinition, place: Option<LineColumn>) -> Answer {
    let why = format!(
        "Could not coerce value to {}",
        variable.ty.inner_named_type()
    );
    provided_invalid(variable, place, &why)
}

fn provided_invalid(variable: &VariableDefinition, place: Option<LineColumn>, why: &str) -> Answer {
    let VariableDefinition { name, ty, .. } = variable;
    only(json!({
        "extensions": { "value": null, "problems": [{ "path": [], "explanation": why }] },
        "locations": place.as_slice(),
        "message": format!("Variable ${name} of type {ty} was provided invalid value"),
    }))
}

/// The answer to a literal that is no object ID.
pub(super) fn invalid_object_id(
    field: &Field,
    argument: &str,
    text: &str,
    place: Option<LineColumn>,
) -> Answer {
    let name = &field.name;
    only(json!({
        "extensions": {
            "code": "argumentLiteralsIncompatible",
            "typeName": "Field",
            "argumentName": argument,
        },
        "locations": place.as_slice(),
        "message": format!(
            "Argument '{argument}' on Field '{name}' has an invalid value ({text:?}). \
             Expected type 'GitObjectID'."
        ),
    }))
}

/// The word or sign at a position.
fn word(query: &str, place: LineColumn) -> Option<String> {
    let line = query.split('\n').nth(place.line.checked_sub(1)?)?;
    let rest: String = line.chars().skip(place.column.checked_sub(1)?).collect();
    let first = rest.chars().next()?;
    let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    match end {
        Some(0) => Some(first.to_string()),
        Some(end) => Some(rest[..end].to_owned()),
        None => Some(rest),
    }
}

/// The answer to a query that was run.
pub(super) fn response(response: ExecutionResponse) -> Answer {
    Answer {
        data: Some(response.data.map_or(JsonValue::Null, JsonValue::Object)),
        errors: response.errors.iter().map(field_error).collect(),
    }
}

fn field_error(error: &GraphQLError) -> Value {
    let (kind, message) = Problem::decode(&error.message);
    let mut body = Map::new();
    if !kind.is_empty() {
        body.insert("type".to_owned(), kind.into());
    }
    body.insert("path".to_owned(), json!(error.path));
    if kind == "FORBIDDEN" {
        let extensions = json!({ "saml_failure": message == SSO_MESSAGE });
        body.insert("extensions".to_owned(), extensions);
    }
    body.insert("locations".to_owned(), json!(error.locations));
    body.insert("message".to_owned(), message.into());
    Value::Object(body)
}

/// The answer to a request whose operation or variables do not fit.
pub(super) fn request_error(error: &GraphQLError) -> Answer {
    only(json!({ "locations": error.locations, "message": error.message }))
}

/// The answer to a query that does not fit the schema.
pub(super) fn invalid(errors: &DiagnosticList) -> Answer {
    Answer {
        data: None,
        errors: errors
            .iter()
            .map(|error| misfit(&error.to_json()))
            .collect(),
    }
}

/// An unknown name in GitHub's wording. Clients use its code to detect that a
/// server is too old for a field.
fn misfit(error: &GraphQLError) -> Value {
    let parts: Vec<&str> = error.message.split('`').collect();
    let (message, extensions) = match parts.as_slice() {
        ["type ", kind, " does not have a field ", field, ""] => (
            format!("Field '{field}' doesn't exist on type '{kind}'"),
            json!({ "code": "undefinedField", "typeName": kind, "fieldName": field }),
        ),
        [
            "the argument ",
            argument,
            " is not supported by ",
            place,
            "",
        ] => {
            let (kind, field) = place.split_once('.').unwrap_or_default();
            (
                format!("Field '{field}' doesn't accept argument '{argument}'"),
                json!({
                    "code": "argumentNotAccepted",
                    "name": field,
                    "typeName": "Field",
                    "argumentName": argument,
                    "parentTypeName": kind,
                }),
            )
        }
        _ => return json!({ "locations": error.locations, "message": error.message }),
    };
    json!({ "extensions": extensions, "locations": error.locations, "message": message })
}
