//! The served schema, checked against GitHub's published one.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};

use super::not_served::NOT_SERVED;
use crate::graphql::answer::testing::sdl;

const PUBLISHED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tests/fixtures/github/graphql-deployments.graphql"
));

/// A line for every definition of a schema, by its path.
type Lines = BTreeMap<String, String>;

fn argument(lines: &mut Lines, path: &str, argument: &Positioned<InputValueDefinition>) {
    let argument = &argument.node;
    let mut text = argument.ty.node.to_string();
    if let Some(default) = &argument.default_value {
        let mut default = default.node.clone().into_json().unwrap();
        default.sort_all_objects();
        text = format!("{text} = {default}");
    }
    lines.insert(format!("{path}.{}", argument.name.node), text);
}

fn fields(lines: &mut Lines, path: &str, fields: &[Positioned<FieldDefinition>]) {
    for field in fields {
        let field = &field.node;
        let path = format!("{path}.{}", field.name.node);
        for one in &field.arguments {
            argument(lines, &path, one);
        }
        lines.insert(path, field.ty.node.to_string());
    }
}

fn read(sdl: &str) -> BTreeMap<String, Lines> {
    let document = parse_schema(sdl).unwrap();
    let mut types = BTreeMap::new();
    for definition in &document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let TypeDefinition { name, kind, .. } = &definition.node;
        let name = name.node.to_string();
        let mut lines = Lines::new();
        let mut say = |path: String, text: &str| {
            lines.insert(path, text.to_owned());
        };
        match kind {
            TypeKind::Scalar => say(name.clone(), "scalar"),
            TypeKind::Object(object) => {
                say(name.clone(), "type");
                for interface in &object.implements {
                    say(format!("{name} implements {}", interface.node), "");
                }
                fields(&mut lines, &name, &object.fields);
            }
            TypeKind::Interface(interface) => {
                say(name.clone(), "interface");
                fields(&mut lines, &name, &interface.fields);
            }
            TypeKind::Union(union) => {
                say(name.clone(), "union");
                for member in &union.members {
                    say(format!("{name} = {}", member.node), "");
                }
            }
            TypeKind::Enum(values) => {
                say(name.clone(), "enum");
                for value in &values.values {
                    say(format!("{name}.{}", value.node.value.node), "");
                }
            }
            TypeKind::InputObject(input) => {
                say(name.clone(), "input");
                for field in &input.fields {
                    argument(&mut lines, &name, field);
                }
            }
        }
        types.insert(name, lines);
    }
    types
}

#[test]
fn everything_served_is_githubs() {
    let (served, published) = (read(&sdl()), read(PUBLISHED));
    assert!(served.len() > 40, "{:?}", served.keys());
    for (name, lines) in &served {
        let theirs = published
            .get(name)
            .unwrap_or_else(|| panic!("GitHub has no type {name}"));
        for (path, text) in lines {
            assert_eq!(Some(text), theirs.get(path), "{path}");
        }
    }
}

#[test]
fn what_is_missing_of_served_types_is_known() {
    let (served, published) = (read(&sdl()), read(PUBLISHED));
    let mut missing = BTreeSet::new();
    for (name, lines) in &served {
        for path in published[name].keys() {
            if !lines.contains_key(path) {
                missing.insert(path.clone());
            }
        }
    }
    // A missing field is listed without its arguments.
    missing.retain(|path| {
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        !NOT_SERVED.contains(&parent)
    });
    let known: BTreeSet<String> = NOT_SERVED.map(str::to_owned).into_iter().collect();
    assert_eq!(missing, known);
}
