//! The served schema: against GitHub's published one, and that all of it is
//! resolved. The tests of the crate hold the rest of it against the published one.

use std::collections::BTreeSet;

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;

use super::not_served::NOT_SERVED;
use crate::graphql::schema::TEXT;

const PUBLISHED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tests/fixtures/github/graphql-deployments.graphql"
));

/// The fields and interfaces of a type, and the arguments of the fields.
fn members(definition: &ExtendedType) -> BTreeSet<String> {
    let name = definition.name();
    let (fields, interfaces) = match definition {
        ExtendedType::Object(object) => (&object.fields, &object.implements_interfaces),
        ExtendedType::Interface(interface) => (&interface.fields, &interface.implements_interfaces),
        _ => return BTreeSet::new(),
    };
    let implements = interfaces
        .iter()
        .map(|one| format!("{name} implements {one}"));
    let fields = fields.values().flat_map(|field| {
        let path = format!("{name}.{}", field.name);
        let arguments = field.arguments.iter();
        let arguments: Vec<String> = arguments
            .map(|one| format!("{path}.{}", one.name))
            .collect();
        std::iter::once(path).chain(arguments)
    });
    implements.chain(fields).collect()
}

#[test]
fn what_is_missing_of_served_types_is_known() {
    let served = Schema::parse_and_validate(TEXT, "served").unwrap();
    let published = Schema::parse_and_validate(PUBLISHED, "published").unwrap();
    let mut missing = BTreeSet::new();
    for (name, definition) in served.types.iter().filter(|(_, one)| !one.is_built_in()) {
        let theirs = published.types.get(name).unwrap();
        missing.extend(&members(theirs) - &members(definition));
    }
    // A missing field is listed without its arguments.
    missing.retain(|path| {
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        !NOT_SERVED.contains(&parent)
    });
    let known: BTreeSet<String> = NOT_SERVED.map(str::to_owned).into_iter().collect();
    assert_eq!(missing, known);
}
