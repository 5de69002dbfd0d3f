//! The served schema: the part of GitHub's published one that deployments need,
//! with its descriptions and defaults. A test verifies that.

use std::sync::LazyLock;

use apollo_compiler::Name;
use apollo_compiler::Schema;
use apollo_compiler::collections::HashMap;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;

pub(super) struct ServedSchema {
    pub(super) schema: Valid<Schema>,
    pub(super) implementers: HashMap<Name, Implementers>,
}

pub(super) const TEXT: &str = include_str!("schema.graphql");

pub(super) static SCHEMA: LazyLock<ServedSchema> = LazyLock::new(|| {
    // A test verifies that it is valid, which takes longer than reading it.
    let schema = Schema::parse(TEXT, "schema.graphql").unwrap_or_else(|invalid| invalid.partial);
    ServedSchema {
        implementers: schema.implementers_map(),
        schema: Valid::assume_valid(schema),
    }
});
