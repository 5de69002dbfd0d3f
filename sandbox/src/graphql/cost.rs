//! The cost of a query, computed before it runs
//! (<https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api>).

use std::collections::HashMap;

use apollo_compiler::ast::{Field, OperationDefinition, Selection};
use serde_json::Value;

use super::problem::{Problem, Result};
use crate::document::RequestedOperation;

/// The most nodes that one query may ask for.
const MAX_NODES: u64 = 500_000;

/// The most fields that one query may write down, fragments unfolded.
const MAX_FIELDS: u64 = 20_000;

/// The maximum depth of a query. Introspection by the usual tools needs about
/// 15.
const MAX_DEPTH: u64 = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// Points of the hour's limit: one for each hundred requests that the
    /// connections would take, at least one.
    pub(super) points: u64,
    /// Nodes that it may answer with.
    pub(super) nodes: u64,
    /// Whether only the cost is requested.
    pub(super) dry_run: bool,
    /// Whether it changes something.
    pub(super) mutation: bool,
    /// How many objects it creates.
    pub(super) creations: usize,
}

impl Cost {
    /// The points that are deducted from the hour's limit.
    pub(super) fn charged(&self) -> u64 {
        if self.dry_run { 0 } else { self.points }
    }
}

/// The sum over a part of a query.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    /// How many fields are inside each other.
    depth: u64,
    fields: u64,
    requests: u64,
    nodes: u64,
}

impl Weight {
    fn and(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            requests: self.requests.saturating_add(other.requests),
            nodes: self.nodes.saturating_add(other.nodes),
        }
    }

    /// The same part once for each of `count` nodes.
    fn repeated(self, count: u64) -> Self {
        Self {
            depth: self.depth,
            fields: self.fields,
            requests: self.requests.saturating_mul(count),
            nodes: self.nodes.saturating_add(1).saturating_mul(count),
        }
    }
}

/// Computes the cost of a query. A query without an operation of the requested
/// name costs a point; running it reports the error.
pub(super) fn estimate(operation: Option<&RequestedOperation<'_>>) -> Result<Cost> {
    let mut weight = Weight::default();
    let mut dry_run = false;
    let mut mutation = false;
    if let Some(operation) = operation {
        let mut count = Count {
            operation,
            fragments: HashMap::new(),
            dry_run: false,
        };
        weight = count.set(&operation.definition.selection_set);
        dry_run = count.dry_run;
        mutation = operation.definition.operation_type.is_mutation();
    }
    if weight.fields > MAX_FIELDS {
        let message = "Query is too complex.";
        return Err(Problem::new("RESOURCE_LIMITS_EXCEEDED", message));
    }
    if weight.nodes > MAX_NODES {
        let message = format!(
            "This query requests up to {} possible nodes which exceeds the maximum limit of \
             500,000.",
            grouped(weight.nodes)
        );
        return Err(Problem::new("MAX_NODE_LIMIT_EXCEEDED", message));
    }
    if weight.depth > MAX_DEPTH {
        let message = format!(
            "Query has depth of {}, which exceeds max depth of {MAX_DEPTH}",
            weight.depth
        );
        return Err(Problem::new("", message));
    }
    Ok(Cost {
        points: (weight.requests.saturating_add(50) / 100).max(1),
        nodes: weight.nodes,
        dry_run,
        mutation,
        creations: operation.map_or(0, |operation| count_creations(operation.definition)),
    })
}

/// The fields of a mutation that make something.
fn count_creations(operation: &OperationDefinition) -> usize {
    let is_creation = |selection: &&Selection| {
        let field = selection.as_field();
        field.is_some_and(|field| field.name.starts_with("create"))
    };
    if operation.operation_type.is_mutation() {
        operation.selection_set.iter().filter(is_creation).count()
    } else {
        0
    }
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

struct Count<'a> {
    operation: &'a RequestedOperation<'a>,
    /// The fragments added up so far, so that one that is used often is not
    /// walked often; nothing while it is walked.
    fragments: HashMap<&'a str, Weight>,
    dry_run: bool,
}

impl<'a> Count<'a> {
    fn set(&mut self, set: &'a [Selection]) -> Weight {
        let mut sum = Weight::default();
        for item in set {
            let weight = match item {
                Selection::Field(field) => self.field(field),
                Selection::InlineFragment(fragment) => self.set(&fragment.selection_set),
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name),
            };
            sum = sum.and(weight);
        }
        sum
    }

    fn fragment(&mut self, name: &'a str) -> Weight {
        if let Some(known) = self.fragments.get(name) {
            // One that contains itself is refused when it is validated.
            return *known;
        }
        self.fragments.insert(name, Weight::default());
        let fragment = self.operation.fragment(name);
        let weight = fragment.map_or_else(Weight::default, |found| self.set(&found.selection_set));
        self.fragments.insert(name, weight);
        weight
    }

    fn field(&mut self, field: &'a Field) -> Weight {
        let inner = self.set(&field.selection_set);
        let operation = self.operation;
        let argument = |name: &str| operation.argument(field, name);
        let count = |name: &str| match argument(name) {
            Some(Value::Number(number)) => Some(number.as_u64().unwrap_or(0)),
            _ => None,
        };
        let weight = if let Some(count) = count("first").or_else(|| count("last")) {
            let connection = Weight {
                requests: 1,
                ..Weight::default()
            };
            inner.repeated(count).and(connection)
        } else if let Some(Value::Array(ids)) = argument("ids") {
            inner.repeated(u64::try_from(ids.len()).unwrap_or(u64::MAX))
        } else {
            inner
        };
        if argument("dryRun") == Some(Value::Bool(true)) {
            self.dry_run = true;
        }
        let itself = Weight {
            fields: 1,
            ..Weight::default()
        };
        let weight = weight.and(itself);
        Weight {
            depth: inner.depth + 1,
            ..weight
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use serde_json::{Map, Value, json};

    use super::{Cost, estimate, grouped};
    use crate::document::{RequestedOperation, parse};
    use crate::graphql::problem::Result;

    fn estimated(query: &str, variables: &Value) -> Result<Cost> {
        let document = parse(query).unwrap();
        let none = Map::new();
        let variables = variables.as_object().unwrap_or(&none);
        estimate(RequestedOperation::find(&document, None, variables).as_ref())
    }

    fn cost(query: &str) -> (u64, u64) {
        let Cost { points, nodes, .. } = estimated(query, &Value::Null).unwrap();
        (points, nodes)
    }

    #[test]
    fn the_examples_of_the_docs() {
        assert_eq!(cost("{ viewer { login } }"), (1, 0));
        assert_eq!(
            cost("{ r { deployments(first: 100) { nodes { id } } } }"),
            (1, 100)
        );
        let nested =
            "{ r { deployments(first: 100) { nodes { statuses(last: 10) { totalCount } } } } }";
        assert_eq!(cost(nested), (1, 1_100));
        let rules = "{ r { environments(first: 100) { nodes { protectionRules(first: 10) { nodes
            { reviewers(first: 6) { totalCount } } } } } } }";
        assert_eq!(cost(rules), (11, 7_100));
        assert_eq!(cost(r#"{ nodes(ids: ["a", "b"]) { id } }"#), (1, 2));
        // GitHub's own example: 5,101 requests.
        let example = "{ viewer { repositories(first: 100) { edges { repository: node { issues(first: 50)
            { edges { issue: node { labels(first: 60) { edges { label: node { id } } } } } } } } } } }";
        assert_eq!(cost(example), (51, 305_100));
    }

    #[test]
    fn variables_defaults_and_fragments_count() {
        let query =
            "query A($n: Int = 10, $d: Boolean) { rateLimit(dryRun: $d) { cost } r { ...F } }
            fragment F on R { deployments(first: $n) { nodes { id } } }";
        let cost_with = |variables: Value| estimated(query, &variables).unwrap();
        assert_eq!(
            (cost_with(json!({})).nodes, cost_with(json!({"n": 7})).nodes),
            (10, 7)
        );
        assert!(!cost_with(json!({})).dry_run);
        assert!(cost_with(json!({"d": true})).dry_run);
    }

    #[test]
    fn too_much_is_refused_before_it_is_run() {
        let query = "{ a(first: 100) { b(first: 100) { c(first: 100) { d } } } }";
        let problem = estimated(query, &Value::Null).unwrap_err();
        assert_eq!(problem.kind, "MAX_NODE_LIMIT_EXCEEDED");
        assert!(problem.message.contains("1,010,100 possible nodes"));
        // Each fragment doubles the previous one: 2^40 fields in a short query.
        let doubled: Vec<String> = (0..40)
            .map(|level| {
                let next = level + 1;
                format!("fragment F{level} on Q {{ x {{ ...F{next} }} y {{ ...F{next} }} }}")
            })
            .collect();
        let query = format!(
            "{{ ...F0 }} fragment F40 on Q {{ a }} {}",
            doubled.join(" ")
        );
        let problem = estimated(&query, &Value::Null).unwrap_err();
        assert_eq!(problem.kind, "RESOURCE_LIMITS_EXCEEDED");
        let cycle = "{ ...A } fragment A on Q { ...B } fragment B on Q { ...A }";
        assert!(estimated(cycle, &Value::Null).is_ok());
        assert_eq!(grouped(123), "123");
    }
}
