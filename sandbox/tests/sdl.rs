//! The served GraphQL schema, checked against GitHub's published one.

use std::collections::BTreeMap;

use async_graphql::Value as Constant;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use serde_json::{Value, json};

use super::world::World;

const INTROSPECTION: &str = "{__schema{queryType{name} mutationType{name} types{
  kind name
  fields(includeDeprecated:true){name args{name defaultValue type{...T}} type{...T}}
  inputFields{name defaultValue type{...T}}
  interfaces{name} possibleTypes{name}
  enumValues(includeDeprecated:true){name}}}}
fragment T on __Type{kind name ofType{kind name ofType{kind name ofType{kind name}}}}";

/// GitHub's types by name.
fn published() -> BTreeMap<String, TypeDefinition> {
    let text = include_str!("../../tests/fixtures/github/graphql-deployments.graphql");
    let document = parse_schema(text).expect("the published schema");
    document
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => {
                Some((definition.node.name.node.to_string(), definition.node))
            }
            _ => None,
        })
        .collect()
}

/// The differences between a served schema and the published one.
fn differences(schema: &Value, published: &BTreeMap<String, TypeDefinition>) -> Vec<String> {
    let mut found = Vec::new();
    for served in list(&schema["types"]) {
        let name = name(served);
        let built_in = ["Boolean", "Float", "ID", "Int", "String"].contains(&name);
        if name.starts_with("__") || built_in {
            continue;
        }
        match published.get(name) {
            Some(definition) => compare(served, definition, &mut found),
            None => found.push(format!("{name} is not published")),
        }
    }
    found
}

fn compare(served: &Value, published: &TypeDefinition, found: &mut Vec<String>) {
    let name = name(served);
    let kind = match &published.kind {
        TypeKind::Scalar => "SCALAR",
        TypeKind::Object(_) => "OBJECT",
        TypeKind::Interface(_) => "INTERFACE",
        TypeKind::Union(_) => "UNION",
        TypeKind::Enum(_) => "ENUM",
        TypeKind::InputObject(_) => "INPUT_OBJECT",
    };
    if served["kind"] != kind {
        found.push(format!("{name} is no {}", served["kind"]));
        return;
    }
    let (fields, interfaces) = match &published.kind {
        TypeKind::Object(object) => (&object.fields, &object.implements),
        TypeKind::Interface(interface) => (&interface.fields, &interface.implements),
        TypeKind::Enum(values) => {
            let mut known: Vec<&str> = values
                .values
                .iter()
                .map(|v| v.node.value.node.as_str())
                .collect();
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
        TypeKind::InputObject(input) => {
            let known: Vec<_> = input.fields.iter().map(|field| &field.node).collect();
            inputs(name, &served["inputFields"], &known, found);
            return;
        }
        TypeKind::Union(union) => {
            for member in list(&served["possibleTypes"]) {
                if !union
                    .members
                    .iter()
                    .any(|known| known.node == self::name(member))
                {
                    found.push(format!("{} is no {name}", self::name(member)));
                }
            }
            return;
        }
        TypeKind::Scalar => return,
    };
    for interface in list(&served["interfaces"]) {
        if !interfaces
            .iter()
            .any(|known| known.node == self::name(interface))
        {
            found.push(format!("{name} is no {}", self::name(interface)));
        }
    }
    for field in list(&served["fields"]) {
        let place = format!("{name}.{}", self::name(field));
        let known = fields
            .iter()
            .find(|known| known.node.name.node == self::name(field));
        let Some(known) = known else {
            found.push(format!("{place} is not published"));
            continue;
        };
        let (served_as, known_type) = (written(&field["type"]), known.node.ty.node.to_string());
        if served_as != known_type {
            found.push(format!("{place} is a {served_as}, not a {known_type}"));
        }
        let known: Vec<_> = known
            .node
            .arguments
            .iter()
            .map(|argument| &argument.node)
            .collect();
        inputs(&place, &field["args"], &known, found);
    }
}

/// Arguments and input fields must be the same: the sandbox must accept every
/// one that GitHub accepts.
fn inputs(place: &str, served: &Value, known: &[&InputValueDefinition], found: &mut Vec<String>) {
    let served = list(served);
    for input in served {
        let place = format!("{place}({})", name(input));
        let Some(known) = known.iter().find(|known| known.name.node == name(input)) else {
            found.push(format!("{place} is not published"));
            continue;
        };
        let (served_as, known_type) = (written(&input["type"]), known.ty.node.to_string());
        if served_as != known_type {
            found.push(format!("{place} is a {served_as}, not a {known_type}"));
        }
        let served_as = input["defaultValue"].as_str().map(constant);
        let known = known.default_value.as_ref().map(|value| value.node.clone());
        if served_as != known {
            found.push(format!(
                "{place} is {served_as:?} by default, not {known:?}"
            ));
        }
    }
    for known in known {
        if !served.iter().any(|input| known.name.node == name(input)) {
            found.push(format!("{place}({}) is missing", known.name.node));
        }
    }
}

/// Parses a default value from introspection.
fn constant(text: &str) -> Constant {
    let document = parse_schema(format!("input X {{ x: Int = {text} }}")).expect("a default value");
    let Some(TypeSystemDefinition::Type(definition)) = document.definitions.into_iter().next()
    else {
        panic!("{text} defines no type");
    };
    let TypeKind::InputObject(input) = definition.node.kind else {
        panic!("{text} defines no input object");
    };
    let value = input.fields[0].node.default_value.clone();
    value.expect("the value that was written").node
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
        let TypeKind::Object(object) = &published[name_of_type].kind else {
            panic!("{name_of_type} is not an object type");
        };
        let types = list(&schema["types"]);
        let kind = types.iter().find(|kind| name(kind) == name_of_type);
        let kind = kind.unwrap_or_else(|| panic!("{name_of_type} is not served"));
        for field in &object.fields {
            let field = field.node.name.node.as_str();
            let served = list(&kind["fields"]).iter().any(|kind| name(kind) == field);
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
            "Deployment.statuses(first) is Some(Number(Number(3))) by default, not None",
            "Deployment.statuses(after) is missing",
            "Deployment.statuses(before) is missing",
            "Deployment.statuses(last) is missing",
            "OrderDirection has the values [\"ASC\"], not [\"ASC\", \"DESC\"]",
        ]
    );
}
