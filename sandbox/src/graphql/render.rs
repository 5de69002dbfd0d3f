//! Answers and errors in GitHub's shape: an error's `type` is at its top level,
//! and an invalid query has no `data`.

use async_graphql::parser::Error as ParseError;
use async_graphql::parser::types::VariableDefinition;
use async_graphql::{Pos, Positioned, Response, ServerError, Value as Data};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::problem::{KIND, Problem};

/// The body of an answer.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data>,
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
pub(super) fn syntax(query: &str, error: &ParseError) -> Answer {
    let places: Vec<Pos> = error.positions().collect();
    let message = match (error, places.first()) {
        (ParseError::Syntax { .. }, Some(place)) => {
            let what = match word(query, *place) {
                Some(word) => format!("{word:?}"),
                None => "end of document".to_owned(),
            };
            format!(
                "Parse error on {what} at [{}, {}]",
                place.line, place.column
            )
        }
        _ => error.to_string(),
    };
    only(json!({ "locations": locations(&places), "message": message }))
}

/// The answer to a query that lacks the value of a required variable.
pub(super) fn no_value(variable: &Positioned<VariableDefinition>) -> Answer {
    let VariableDefinition { name, var_type, .. } = &variable.node;
    only(json!({
        "extensions": {
            "value": null,
            "problems": [{ "path": [], "explanation": "Expected value to not be null" }],
        },
        "locations": locations(&[variable.pos]),
        "message": format!(
            "Variable ${} of type {} was provided invalid value",
            name.node, var_type.node
        ),
    }))
}

/// The word or sign at a position.
fn word(query: &str, place: Pos) -> Option<String> {
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

/// The answer to a query that was run, or found not to be valid.
pub(super) fn response(response: Response) -> Answer {
    // Errors of the query as a whole have no path.
    let was_run =
        response.errors.is_empty() || response.errors.iter().any(|error| !error.path.is_empty());
    let has_data = was_run || response.data != Data::Null;
    Answer {
        data: has_data.then_some(response.data),
        errors: response.errors.into_iter().map(error).collect(),
    }
}

fn error(error: ServerError) -> Value {
    let mut extensions = error
        .extensions
        .and_then(|extensions| serde_json::to_value(extensions).ok())
        .and_then(|value| match value {
            Value::Object(extensions) => Some(extensions),
            _ => None,
        })
        .unwrap_or_default();
    let mut body = Map::new();
    if let Some(kind) = extensions.shift_remove(KIND) {
        body.insert("type".to_owned(), kind);
    }
    let mut message = error.message;
    if error.path.is_empty() {
        if let Some((better, more)) = invalid(&message) {
            message = better;
            extensions.extend(more);
        }
    } else {
        body.insert("path".to_owned(), json!(error.path));
    }
    if !extensions.is_empty() {
        body.insert("extensions".to_owned(), Value::Object(extensions));
    }
    body.insert("locations".to_owned(), locations(&error.locations));
    body.insert("message".to_owned(), message.into());
    Value::Object(body)
}

/// The library's message about an unknown name in GitHub's wording. Clients use
/// its code to detect that a server is too old for a field.
fn invalid(message: &str) -> Option<(String, Map<String, Value>)> {
    let parts: Vec<&str> = message.split('"').collect();
    let (message, extensions) = match parts.as_slice() {
        ["Unknown field ", field, " on type ", kind, "."] => (
            format!("Field '{field}' doesn't exist on type '{kind}'"),
            json!({ "code": "undefinedField", "typeName": kind, "fieldName": field }),
        ),
        [
            "Unknown argument ",
            argument,
            " on field ",
            field,
            " of type ",
            kind,
            ".",
        ] => (
            format!("Field '{field}' doesn't accept argument '{argument}'"),
            json!({
                "code": "argumentNotAccepted",
                "name": field,
                "typeName": "Field",
                "argumentName": argument,
                "parentTypeName": kind,
            }),
        ),
        _ => return None,
    };
    match extensions {
        Value::Object(extensions) => Some((message, extensions)),
        _ => None,
    }
}

fn locations(places: &[Pos]) -> Value {
    let place = |place: &Pos| json!({ "line": place.line, "column": place.column });
    places.iter().map(place).collect()
}
