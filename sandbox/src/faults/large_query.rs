//! GraphQL queries for many repositories: how many one asks for, and an answer
//! that ends after some of them
//! (<https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api>).

use std::collections::HashMap;

use apollo_compiler::ast::{Field, Selection};
use serde_json::{Map, Value, json};

use crate::document::{RequestedOperation, parse};

/// The fields at the top of an answer that cost next to nothing.
const CHEAP: [&str; 2] = ["rateLimit", "viewer"];

/// How many repositories the body of a request asks for: one for each
/// `repository(name:)`, the page size of each `repositories`, and one for each of
/// the IDs of `nodes`. Something that is no query asks for none.
pub(super) fn count_repositories(body: &[u8]) -> u64 {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return 0;
    };
    let query = body["query"].as_str().unwrap_or_default();
    let Ok(document) = parse(query) else {
        return 0;
    };
    let none = Map::new();
    let variables = body["variables"].as_object().unwrap_or(&none);
    let name = body["operationName"].as_str();
    let Some(operation) = RequestedOperation::find(&document, name, variables) else {
        return 0;
    };
    let mut count = Count {
        operation: &operation,
        fragments: HashMap::new(),
    };
    count.set(&operation.definition.selection_set)
}

struct Count<'a> {
    operation: &'a RequestedOperation<'a>,
    /// The fragments counted so far, so that one that is used often is not
    /// walked often; 0 while it is walked.
    fragments: HashMap<&'a str, u64>,
}

impl<'a> Count<'a> {
    fn set(&mut self, set: &'a [Selection]) -> u64 {
        let mut sum = 0_u64;
        for item in set {
            sum = sum.saturating_add(match item {
                Selection::Field(field) => self.field(field),
                Selection::InlineFragment(inline) => self.set(&inline.selection_set),
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name),
            });
        }
        sum
    }

    fn fragment(&mut self, name: &'a str) -> u64 {
        if let Some(known) = self.fragments.get(name) {
            return *known;
        }
        self.fragments.insert(name, 0);
        let fragment = self.operation.fragment(name);
        let count = fragment.map_or(0, |found| self.set(&found.selection_set));
        self.fragments.insert(name, count);
        count
    }

    fn field(&mut self, field: &'a Field) -> u64 {
        let argument = |name: &str| self.operation.argument(field, name);
        let number = |name: &str| argument(name).and_then(|value| value.as_u64());
        match (field.name.as_str(), argument("ids")) {
            ("repository", _) if field.arguments.iter().any(|one| one.name == "name") => 1,
            ("repositories", _) => number("first").or_else(|| number("last")).unwrap_or(0),
            ("nodes", Some(Value::Array(ids))) => u64::try_from(ids.len()).unwrap_or(u64::MAX),
            _ => self.set(&field.selection_set),
        }
    }
}

/// Ends an answer after some repositories: the ones after them are null, each
/// with an error.
pub(super) fn end_after(mut answer: Value, repositories: u64) -> Value {
    let mut left = repositories;
    let mut dropped = Vec::new();
    let mut keep_or_drop = |value: &mut Value, path: Vec<Value>| {
        if value.is_null() {
            return;
        }
        if left == 0 {
            *value = Value::Null;
            dropped.push(path);
        } else {
            left -= 1;
        }
    };
    for (key, value) in answer["data"].as_object_mut().into_iter().flatten() {
        if CHEAP.contains(&key.as_str()) {
            continue;
        }
        let mut path = vec![json!(key)];
        let nodes = if value.get("repositories").is_some() {
            path.extend([json!("repositories"), json!("nodes")]);
            value["repositories"]["nodes"].as_array_mut()
        } else if value.is_array() {
            value.as_array_mut()
        } else {
            keep_or_drop(value, path);
            continue;
        };
        for (index, node) in nodes.into_iter().flatten().enumerate() {
            let mut path = path.clone();
            path.push(json!(index));
            keep_or_drop(node, path);
        }
    }
    let errors = dropped.into_iter().map(|path| {
        json!({
            "type": "RESOURCE_LIMITS_EXCEEDED",
            "path": path,
            "message": "Resource limits for this query exceeded.",
        })
    });
    let known = answer["errors"].take();
    let mut all: Vec<Value> = known.as_array().cloned().unwrap_or_default();
    all.extend(errors);
    if let Some(answer) = answer.as_object_mut() {
        answer.shift_remove("errors");
        if !all.is_empty() {
            answer.insert("errors".to_owned(), all.into());
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{count_repositories, end_after};

    fn count(query: &str, variables: &Value) -> u64 {
        let body = json!({"query": query, "variables": variables});
        count_repositories(body.to_string().as_bytes())
    }

    #[test]
    fn repositories_are_counted_by_name_page_and_id() {
        let none = json!({});
        for (query, variables, expected) in [
            ("{viewer{login} rateLimit{cost}}", &none, 0),
            (
                "{a:repository(owner:\"o\",name:\"a\"){id} b:repository(owner:\"o\",name:\"b\"){id}}",
                &none,
                2,
            ),
            (
                "{organization(login:\"o\"){repositories(first:50){nodes{id}}}}",
                &none,
                50,
            ),
            (
                "query($n:Int=7){user(login:\"o\"){repositories(last:$n){nodes{id}}}}",
                &none,
                7,
            ),
            (
                "query($n:Int=7){user(login:\"o\"){repositories(last:$n){nodes{id}}}}",
                &json!({"n": 9}),
                9,
            ),
            (
                "query($i:[ID!]!){nodes(ids:$i){id}}",
                &json!({"i": ["a", "b", "c"]}),
                3,
            ),
            (
                "{...F} fragment F on Query{repository(owner:\"o\",name:\"a\"){id}}",
                &none,
                1,
            ),
            (
                "{node(id:\"x\"){... on Deployment{repository{id}}}}",
                &none,
                0,
            ),
            ("no query", &none, 0),
        ] {
            assert_eq!(count(query, variables), expected, "{query}");
        }
        assert_eq!(count_repositories(b"no JSON"), 0);
    }

    #[test]
    fn fragments_that_double_each_other_come_to_an_end() {
        let fragments: Vec<String> = (0..60)
            .map(|level| {
                let next = level + 1;
                format!(
                    "fragment F{level} on Query {{ a: x {{ ...F{next} }} b: x {{ ...F{next} }} }}"
                )
            })
            .collect();
        let query = format!(
            "{{ ...F0 }} fragment F60 on Query {{ repository(name: \"r\") {{ id }} }} {}",
            fragments.join(" ")
        );
        assert_eq!(count(&query, &json!({})), 1 << 60);
        let circle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
        assert_eq!(count(circle, &json!({})), 0);
    }

    #[test]
    fn an_answer_ends_after_some_repositories() {
        let answer = json!({
            "data": {"r0": {"id": 0}, "r1": null, "r2": {"id": 2}, "r3": {"id": 3}, "rateLimit": {"cost": 1}},
            "errors": [{"type": "NOT_FOUND", "path": ["r1"]}],
        });
        let ended = end_after(answer.clone(), 1);
        let expected =
            json!({"r0": {"id": 0}, "r1": null, "r2": null, "r3": null, "rateLimit": {"cost": 1}});
        assert_eq!(ended["data"], expected);
        assert_eq!(ended["errors"].as_array().map(Vec::len), Some(3));
        assert_eq!(ended["errors"][2]["path"], json!(["r3"]));
        assert_eq!(end_after(answer.clone(), 9), answer);
        let list =
            json!({"data": {"organization": {"repositories": {"nodes": [{"id": 1}, {"id": 2}]}}}});
        let ended = end_after(list.clone(), 1);
        let error = &ended["errors"][0];
        assert_eq!(
            error["path"],
            json!(["organization", "repositories", "nodes", 1])
        );
        assert_eq!(error["message"], "Resource limits for this query exceeded.");
        assert_eq!(end_after(list.clone(), 2), list);
    }
}
