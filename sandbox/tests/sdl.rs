//! The served GraphQL schema, checked against GitHub's published one.

use apollo_compiler::ast::{Definition, Document, InputValueDefinition, Value as Constant};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};
use serde_json::{Value, json};

use super::world::World;

const INTROSPECTION: &str = "{__schema{queryType{name} mutationType{name} types{
  kind name
  fields(includeDeprecated:true){name args{name defaultValue type{...T}} type{...T}}
  inputFields{name defaultValue type{...T}}
  interfaces{name} possibleTypes{name}
  enumValues(includeDeprecated:true){name}}}}
fragment T on __Type{kind name ofType{kind name ofType{kind name ofType{kind name}}}}";

const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

fn published() -> Valid<Schema> {
    let text = include_str!("../../tests/fixtures/github/graphql-deployments.graphql");
    Schema::parse_and_validate(text, "published").expect("the published schema")
}

/// The differences between a served schema and the published one.
fn differences(schema: &Value, published: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    for served in list(&schema["types"]) {
        let name = name(served);
        match published.types.get(name) {
            _ if BUILT_IN.contains(&name) || name.starts_with("__") => {}
            Some(kind) => compare(served, kind, &mut found),
            None => found.push(format!("{name} is not published")),
        }
    }
    found
}

fn compare(served: &Value, published: &ExtendedType, found: &mut Vec<String>) {
    let name = name(served);
    let kind = match published {
        ExtendedType::Scalar(_) => "SCALAR",
        ExtendedType::Object(_) => "OBJECT",
        ExtendedType::Interface(_) => "INTERFACE",
        ExtendedType::Union(_) => "UNION",
        ExtendedType::Enum(_) => "ENUM",
        ExtendedType::InputObject(_) => "INPUT_OBJECT",
    };
    if served["kind"] != kind {
        found.push(format!("{name} is no {}", served["kind"]));
        return;
    }
    let (fields, interfaces) = match published {
        ExtendedType::Object(object) => (&object.fields, &object.implements_interfaces),
        ExtendedType::Interface(interface) => (&interface.fields, &interface.implements_interfaces),
        ExtendedType::Enum(published) => {
            let mut known: Vec<&str> = published.values.keys().map(Name::as_str).collect();
            let mut served_as: Vec<&str> =
                list(&served["enumValues"]).iter().map(self::name).collect();
            known.sort_unstable();
            served_as.sort_unstable();
            if known != served_as {
                found.push(format!(
                    "{name} has the values {served_as:?}, not {known:?}"
                ));
            }
            return;
        }
        ExtendedType::InputObject(input) => {
            let known: Vec<_> = input.fields.values().map(|field| &***field).collect();
            inputs(name, &served["inputFields"], &known, found);
            return;
        }
        ExtendedType::Union(union) => {
            for member in list(&served["possibleTypes"]).iter().map(self::name) {
                if !union.members.contains(member) {
                    found.push(format!("{member} is no {name}"));
                }
            }
            return;
        }
        ExtendedType::Scalar(_) => return,
    };
    for interface in list(&served["interfaces"]).iter().map(self::name) {
        if !interfaces.contains(interface) {
            found.push(format!("{name} is no {interface}"));
        }
    }
    for field in list(&served["fields"]) {
        let place = format!("{name}.{}", self::name(field));
        let Some(known) = fields.get(self::name(field)) else {
            found.push(format!("{place} is not published"));
            continue;
        };
        let (served_as, known_type) = (written(&field["type"]), known.ty.to_string());
        if served_as != known_type {
            found.push(format!("{place} is a {served_as}, not a {known_type}"));
        }
        let known: Vec<_> = known.arguments.iter().map(|argument| &**argument).collect();
        inputs(&place, &field["args"], &known, found);
    }
}

/// Arguments and input fields must be the same: the sandbox must accept every
/// one that GitHub accepts.
fn inputs(place: &str, served: &Value, known: &[&InputValueDefinition], found: &mut Vec<String>) {
    let served = list(served);
    for input in served {
        let place = format!("{place}({})", name(input));
        let Some(known) = known.iter().find(|known| known.name == name(input)) else {
            found.push(format!("{place} is not published"));
            continue;
        };
        let (served_as, known_type) = (written(&input["type"]), known.ty.to_string());
        if served_as != known_type {
            found.push(format!("{place} is a {served_as}, not a {known_type}"));
        }
        let served_as = input["defaultValue"].as_str().map(constant);
        let known = known.default_value.as_deref().cloned();
        if served_as != known {
            found.push(format!(
                "{place} is {served_as:?} by default, not {known:?}"
            ));
        }
    }
    for known in known {
        if !served.iter().any(|input| known.name == name(input)) {
            found.push(format!("{place}({}) is missing", known.name));
        }
    }
}

/// Parses a default value from introspection.
fn constant(text: &str) -> Constant {
    let document = format!("input X {{ x: Int = {text} }}");
    let document = Document::parse(document, "default").expect("a default value");
    let [Definition::InputObjectTypeDefinition(input)] = document.definitions.as_slice() else {
        panic!("{text} defines no input object");
    };
    let value = input.fields[0].default_value.as_deref();
    value.expect("the value that was written").clone()
}

/// A type in the syntax of the schema language.
fn written(kind: &Value) -> String {
    match kind["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&kind["ofType"])),
        Some("LIST") => format!("[{}]", written(&kind["ofType"])),
        _ => name(kind).to_owned(),
    }
}

fn name(thing: &Value) -> &str {
    thing["name"].as_str().expect("a name")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn served(world: &World) -> Value {
    let body = json!({"query": INTROSPECTION});
    let answer = world.client.post("/graphql", &body).expect(200).json();
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"]["__schema"].clone()
}

#[test]
fn every_served_type_and_field_is_published() {
    let schema = served(&World::new());
    assert_eq!(schema["queryType"]["name"], "Query");
    assert_eq!(schema["mutationType"]["name"], "Mutation");
    let found = differences(&schema, &published());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    let names: Vec<&str> = list(&schema["types"]).iter().map(name).collect();
    for needed in [
        "Deployment",
        "DeploymentConnection",
        "DeploymentState",
        "DeploymentStatus",
        "DeploymentStatusState",
        "CreateDeploymentInput",
        "CreateDeploymentStatusInput",
        "DeleteDeploymentInput",
        "RateLimit",
        "Ref",
        "Repository",
    ] {
        assert!(names.contains(&needed), "{needed} is not served");
    }
}

#[test]
fn the_deployments_are_served_whole() {
    let schema = served(&World::new());
    let published = published();
    for name_of_type in [
        "CreateDeploymentPayload",
        "CreateDeploymentStatusPayload",
        "DeleteDeploymentPayload",
        "Deployment",
        "DeploymentConnection",
        "DeploymentStatus",
        "PageInfo",
        "RateLimit",
    ] {
        let object = published.get_object(name_of_type).expect("an object type");
        let types = list(&schema["types"]);
        let kind = types.iter().find(|kind| name(kind) == name_of_type);
        let kind = kind.unwrap_or_else(|| panic!("{name_of_type} is not served"));
        for field in object.fields.keys() {
            let served = list(&kind["fields"]).iter().any(|kind| field == name(kind));
            assert!(served, "{name_of_type}.{field} is not served");
        }
    }
}

#[test]
fn a_schema_that_differs_is_seen() {
    let published = published();
    let string = json!({"kind": "SCALAR", "name": "String"});
    let argument = |name: &str, default: Value| json!({"name": name, "type": {"kind": "SCALAR", "name": "Int"}, "defaultValue": default});
    let types = json!({"types": [
        {"kind": "OBJECT", "name": "Rocket", "fields": []},
        {"kind": "INTERFACE", "name": "Ref", "fields": []},
        {"kind": "OBJECT", "name": "Deployment", "interfaces": [{"name": "Actor"}], "fields": [
            {"name": "id", "type": string, "args": []},
            {"name": "fuel", "type": string, "args": []},
            {"name": "task", "type": string, "args": [argument("first", Value::Null)]},
            {"name": "statuses", "args": [argument("first", json!("3"))],
             "type": {"kind": "OBJECT", "name": "DeploymentStatusConnection"}},
        ]},
        {"kind": "ENUM", "name": "OrderDirection", "enumValues": [{"name": "ASC"}]},
    ]});
    assert_eq!(
        differences(&types, &published),
        [
            "Rocket is not published",
            "Ref is no \"INTERFACE\"",
            "Deployment is no Actor",
            "Deployment.id is a String, not a ID!",
            "Deployment.fuel is not published",
            "Deployment.task(first) is not published",
            "Deployment.statuses(first) is Some(Int(3)) by default, not None",
            "Deployment.statuses(after) is missing",
            "Deployment.statuses(before) is missing",
            "Deployment.statuses(last) is missing",
            "OrderDirection has the values [\"ASC\"], not [\"ASC\", \"DESC\"]",
        ]
    );
}
