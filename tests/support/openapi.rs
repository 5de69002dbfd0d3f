//! Checks responses against GitHub's own description of its REST API.
//!
//! The description is in the form of `OpenAPI` 3.0; its schemas are turned into JSON Schema
//! (`nullable`, references, formats) before they are used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use url::Url;

/// Statuses that any operation may return although the description does not list
/// them: moved, not modified, bad JSON or version, not authenticated,
/// forbidden, not found, retired version, too many requests, 5xx.
const ANYWHERE: &[u16] = &[
    301, 304, 307, 400, 401, 403, 404, 410, 429, 500, 502, 503, 504,
];

/// GitHub's description of the operations around deployments.
pub(crate) struct Description {
    document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// A response to check against the description.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered<'a> {
    /// The method of the request, in upper case.
    pub(crate) method: &'a str,
    /// Its path without query and without `/api/v3`.
    pub(crate) path: &'a str,
    /// The status of the answer.
    pub(crate) status: u16,
    /// Its headers by their names in lower case.
    pub(crate) headers: &'a [(String, String)],
    /// Its body.
    pub(crate) body: &'a [u8],
}

/// The API version that the description is written for.
pub(crate) const FIRST_VERSION: &str = "2022-11-28";
/// The version that its patches lead to.
pub(crate) const SECOND_VERSION: &str = "2026-03-10";

/// The description in the fixtures, for the first version of the API.
pub(crate) fn description() -> &'static Description {
    description_of(FIRST_VERSION)
}

/// The description in the fixtures, for either version of the API.
pub(crate) fn description_of(version: &str) -> &'static Description {
    static FIRST: OnceLock<Description> = OnceLock::new();
    static SECOND: OnceLock<Description> = OnceLock::new();
    match version {
        FIRST_VERSION => FIRST.get_or_init(|| read(|_| {})),
        SECOND_VERSION => SECOND.get_or_init(|| read(patch)),
        other => panic!("there is no version {other:?} of the API"),
    }
}

fn read(change: impl FnOnce(&mut Value)) -> Description {
    let text = include_str!("../fixtures/github/openapi-deployments.json");
    let mut document: Value = serde_json::from_str(text).expect("the description is JSON");
    for text in [
        include_str!("../fixtures/github/openapi-hooks.json"),
        include_str!("../fixtures/github/openapi-actions.json"),
    ] {
        let more: Value = serde_json::from_str(text).expect("the description is JSON");
        add(&mut document["paths"], &more["paths"]);
        for (kind, components) in more["components"].as_object().into_iter().flatten() {
            add(&mut document["components"][kind], components);
        }
    }
    change(&mut document);
    Description {
        document,
        validators: Mutex::default(),
    }
}

/// Puts the fields of an object into another one.
fn add(to: &mut Value, from: &Value) {
    let from = from.as_object().into_iter().flatten();
    for (name, value) in from {
        to[name] = value.clone();
    }
}

/// Applies the changes of the second version to every schema. A property that it
/// removes must no longer be present.
fn patch(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object_mut();
    for schema in schemas.into_iter().flat_map(Map::values_mut) {
        let changes = schema["x-github-breaking-changes"].take();
        for change in changes.as_array().into_iter().flatten() {
            if change["version"] != SECOND_VERSION {
                continue;
            }
            let change = &change["patch"];
            for (name, value) in change["properties"].as_object().into_iter().flatten() {
                assert!(value.is_null(), "a property that is changed, not removed");
                schema["properties"][name] = Value::Bool(false);
            }
            if let Some(required) = change.get("required") {
                schema["required"] = required.clone();
            }
        }
    }
}

impl Description {
    /// Every operation: method (upper case) and path template.
    pub(crate) fn operations(&self) -> Vec<(String, String)> {
        let mut operations = Vec::new();
        for (template, methods) in self.paths() {
            for method in methods.as_object().into_iter().flat_map(Map::keys) {
                operations.push((method.to_uppercase(), template.clone()));
            }
        }
        operations
    }

    /// Whether there is such an operation.
    pub(crate) fn describes(&self, method: &str, path: &str) -> bool {
        self.template(method, path).is_some()
    }

    /// The official examples of an operation's success: status and body.
    pub(crate) fn examples(&self, method: &str, template: &str) -> Vec<(u16, Value)> {
        let mut examples = Vec::new();
        let Some(operation) = self.operation(method, template) else {
            return examples;
        };
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let response = self.resolve(response);
            let listed = response["content"]["application/json"]["examples"].as_object();
            for example in listed.into_iter().flat_map(Map::values) {
                let value = &self.resolve(example)["value"];
                let status = status.parse().expect("a status is a number");
                examples.push((status, value.clone()));
            }
        }
        examples
    }

    fn paths(&self) -> &Map<String, Value> {
        self.document["paths"]
            .as_object()
            .expect("the description has paths")
    }

    fn operation(&self, method: &str, template: &str) -> Option<&Value> {
        self.paths().get(template)?.get(method.to_lowercase())
    }

    /// The template that matches a path best: the one with the most fixed segments.
    fn template(&self, method: &str, path: &str) -> Option<&str> {
        let parts: Vec<&str> = path.split('/').collect();
        self.paths()
            .iter()
            .filter(|(_, methods)| methods.get(method.to_lowercase()).is_some())
            .map(|(template, _)| template.as_str())
            .filter(|template| fits(&template.split('/').collect::<Vec<_>>(), &parts))
            .max_by_key(|template| {
                template
                    .split('/')
                    .filter(|part| !is_variable(part))
                    .count()
            })
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self
                .document
                .pointer(reference.trim_start_matches('#'))
                .expect("the description has no dangling reference"),
            None => value,
        }
    }

    /// Checks a response against the description.
    pub(crate) fn check(&self, answered: &Answered<'_>) -> Result<(), String> {
        let Answered {
            method,
            path,
            status,
            body,
            ..
        } = *answered;
        let template = self
            .template(method, path)
            .ok_or_else(|| format!("{method} {path} is not described"))?;
        let description = format!("{method} {template} -> {status}");
        let operation = self
            .operation(method, template)
            .expect("the template was found by its operation");
        let Some(response) = operation["responses"].get(status.to_string()) else {
            if !ANYWHERE.contains(&status) {
                return Err(format!("{description}: the status is not listed"));
            }
            return self.check_unlisted(&description, answered);
        };
        let response = self.resolve(response);
        for name in response["headers"]
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
        {
            // `Link` is there only if there is more than one page.
            if name != "Link" && answered.header(&name.to_lowercase()).is_none() {
                return Err(format!("{description}: the header {name} is missing"));
            }
        }
        match response["content"].as_object() {
            Some(content) => {
                let kind = answered.media_type();
                let schema = content
                    .get(&kind)
                    .or_else(|| is_json(&kind).then(|| content.get("application/json"))?)
                    .ok_or_else(|| {
                        format!("{description}: the content type {kind:?} is not listed")
                    })?;
                if is_json(&kind) {
                    self.validate(&description, &schema["schema"], body)?;
                }
                Ok(())
            }
            None if status == 409 => self.check_unlisted(&description, answered),
            None if body.is_empty() => Ok(()),
            None => Err(format!("{description}: a body where none is described")),
        }
    }

    /// An error without a schema of its own still has GitHub's common form.
    fn check_unlisted(&self, description: &str, answered: &Answered<'_>) -> Result<(), String> {
        if answered.status == 304 {
            return if answered.body.is_empty() {
                Ok(())
            } else {
                Err(format!("{description}: a body on 304"))
            };
        }
        if !is_json(&answered.media_type()) {
            return Err(format!(
                "{description}: an error of the type {:?}",
                answered.media_type()
            ));
        }
        let error = json!({
            "allOf": [{"$ref": "#/components/schemas/basic-error"}],
            "type": "object",
            "required": ["message"],
        });
        self.validate(description, &error, answered.body)
    }

    fn validate(&self, description: &str, schema: &Value, body: &[u8]) -> Result<(), String> {
        let instance: Value = serde_json::from_slice(body)
            .map_err(|error| format!("{description}: the body is no JSON: {error}"))?;
        let validator = self.validator(schema);
        let errors: Vec<String> = validator
            .iter_errors(&instance)
            .map(|error| {
                format!(
                    "{description}: {} at {:?}",
                    error,
                    error.instance_path().as_str()
                )
            })
            .collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.join("\n"))
        }
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let key = schema.to_string();
        let mut validators = self.validators.lock().expect("no validation panicked");
        let made = validators.entry(key).or_insert_with(|| {
            let mut definitions = Map::new();
            let mut root = self.translate(schema, &mut definitions);
            root.as_object_mut()
                .expect("a schema is an object")
                .insert("$defs".to_owned(), Value::Object(definitions));
            let validator = jsonschema::options()
                .with_draft(Draft::Draft202012)
                .should_validate_formats(true)
                .with_format("uri", is_uri_or_empty)
                .build(&root)
                .expect("the description's schemas are valid");
            Arc::new(validator)
        });
        Arc::clone(made)
    }

    /// One schema as JSON Schema; the schemas that it refers to are added to
    /// `definitions`.
    fn translate(&self, schema: &Value, definitions: &mut Map<String, Value>) -> Value {
        let Some(object) = schema.as_object() else {
            return schema.clone();
        };
        if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            let name = reference
                .rsplit('/')
                .next()
                .expect("a reference ends in a name");
            if !definitions.contains_key(name) {
                // Inserted first, because a schema may refer to itself.
                definitions.insert(name.to_owned(), Value::Bool(true));
                let translated = self.translate(self.resolve(schema), definitions);
                definitions.insert(name.to_owned(), translated);
            }
            return json!({"$ref": format!("#/$defs/{name}")});
        }
        let mut translated = Map::new();
        for (keyword, value) in object {
            let value = match keyword.as_str() {
                "nullable" | "example" | "examples" | "deprecated" => continue,
                "properties" => {
                    let properties = value.as_object().into_iter().flatten();
                    properties
                        .map(|(name, schema)| (name.clone(), self.translate(schema, definitions)))
                        .collect::<Map<_, _>>()
                        .into()
                }
                "oneOf" | "anyOf" | "allOf" => {
                    let schemas = value.as_array().into_iter().flatten();
                    schemas
                        .map(|schema| self.translate(schema, definitions))
                        .collect::<Vec<_>>()
                        .into()
                }
                "items" | "additionalProperties" | "not" => self.translate(value, definitions),
                _ => value.clone(),
            };
            translated.insert(keyword.clone(), value);
        }
        if object.get("nullable") == Some(&Value::Bool(true)) {
            json!({"anyOf": [{"type": "null"}, translated]})
        } else {
            Value::Object(translated)
        }
    }
}

impl Answered<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn media_type(&self) -> String {
        let full = self.header("content-type").unwrap_or_default();
        full.split(';').next().unwrap_or_default().trim().to_owned()
    }
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// Whether the segments of a path match those of a template. A ref may contain
/// slashes, so it matches as many segments as it needs.
fn fits(template: &[&str], parts: &[&str]) -> bool {
    let (Some((pattern, templates)), Some((part, rest))) =
        (template.split_first(), parts.split_first())
    else {
        return template.is_empty() && parts.is_empty();
    };
    let fits_here = pattern == part || (is_variable(pattern) && !part.is_empty());
    let more = matches!(*pattern, "{branch}" | "{basehead}" | "{ref}");
    fits_here && (fits(templates, rest) || (more && fits(template, rest)))
}

fn is_variable(part: &str) -> bool {
    part.starts_with('{')
}

/// Unset URLs of GitHub are empty strings, although its schemas call them URIs.
fn is_uri_or_empty(text: &str) -> bool {
    text.is_empty() || (Url::parse(text).is_ok() && !text.contains(char::is_whitespace))
}
