//! Every field of the schema resolves to a value of its type: all fields of one
//! object of each type that has any here.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use apollo_compiler::Schema;
use apollo_compiler::schema::FieldDefinition;
use serde_json::{Value, json};

use super::world::{World, id, text};
use crate::support::http::REPO;
use crate::support::serve::rule;

const SCHEMA: &str = include_str!("../src/graphql/schema.graphql");

const ADMIN: &str = "/_sandbox/repos/octocat/hello-world";

/// Types without objects here, which clients name in fragments.
const WITHOUT_OBJECTS: [&str; 3] = ["EnterpriseUserAccount", "Mannequin", "Tag"];

/// A world with an object of every other type.
fn world() -> World {
    let world = World::with(|config| {
        let tokens = ["alice=repo", "gate=deployments=write,actions=read"];
        config.tokens = tokens.map(rule).to_vec();
    });
    let (client, repository) = (&world.client, &world.repository);
    let alice = client.with_token("alice");
    repository.branch("feature", "main");
    repository.commit("a.txt", "1\n", "One");
    repository.checkout("main");
    let merge = repository.commit("a.txt", "1\n", "One (#5)");
    client
        .post(
            &format!("{ADMIN}/pulls"),
            &json!({"head": "feature", "number": 5}),
        )
        .expect(201);
    let merged = json!({"merged": true, "merge_commit_sha": merge});
    client
        .patch(&format!("{ADMIN}/pulls/5"), &merged)
        .expect(200);
    client
        .patch(ADMIN, &json!({"topics": ["deployments"]}))
        .expect(200);
    world.report("main", "ci", "success");

    let user = id(&client.get("/users/alice").expect(200).json());
    let team = id(&client.get("/orgs/octocat/teams/ops").expect(200).json());
    let reviewers = json!([{"type": "User", "id": user}, {"type": "Team", "id": team}]);
    let rules = json!({ "reviewers": reviewers }).to_string();
    let protect = |environment: &str| {
        let path = format!("{REPO}/environments/{environment}");
        let reply = client.send("PUT", &path, Some(rules.as_bytes()));
        id(&reply.expect(200).json())
    };
    let qa = protect("qa");
    protect("staging");
    let jobs = json!([{"name": "a", "environment": "qa"}, {"name": "b", "environment": "staging"}]);
    let run = client.post(&format!("{ADMIN}/runs"), &json!({ "jobs": jobs }));
    let path = format!(
        "{REPO}/actions/runs/{}/pending_deployments",
        id(&run.expect(201).json())
    );
    let review = json!({"environment_ids": [qa], "state": "approved", "comment": "yes"});
    alice.post(&path, &review).expect(200);
    // The newest deployment is of an app, whose bot is its creator.
    let deployment = json!({"ref": "main", "environment": "production"});
    let made = client
        .with_token("gate")
        .post(&format!("{REPO}/deployments"), &deployment);
    world.set(id(&made.expect(201).json()), "success");
    world
}

/// An object that was found: its type, and the selections that lead to it.
struct Found {
    kind: String,
    path: Vec<String>,
}

/// A field with the arguments that it needs.
fn selection(field: &FieldDefinition, ids: &[String]) -> String {
    let name = &field.name;
    let takes = |name: &str| field.arguments.iter().any(|argument| argument.name == name);
    match name.as_str() {
        "node" if takes("id") => format!("{name}(id: {:?})", ids[0]),
        "nodes" if takes("ids") => format!("{name}(ids: {ids:?})"),
        "organization" | "repositoryOwner" if takes("login") => format!("{name}(login: \"acme\")"),
        "user" if takes("login") => format!("{name}(login: \"octocat\")"),
        "repository" if takes("owner") => {
            format!("{name}(owner: \"octocat\", name: \"hello-world\")")
        }
        "repository" if takes("name") => format!("{name}(name: \"hello-world\")"),
        "environment" if takes("name") => format!("{name}(name: \"staging\")"),
        "object" if takes("expression") => format!("{name}(expression: \"main:a.txt\")"),
        "pullRequest" if takes("number") => format!("{name}(number: 5)"),
        "ref" if takes("qualifiedName") => format!("{name}(qualifiedName: \"main\")"),
        "refs" => format!("{name}(refPrefix: \"refs/heads/\", first: 5)"),
        "file" => format!("{name}(path: \"a.txt\")"),
        "deployments" => format!("{name}(last: 5)"),
        _ if takes("first") => format!("{name}(first: 5)"),
        _ => name.to_string(),
    }
}

#[test]
fn every_field_resolves() {
    let schema = Schema::parse_and_validate(SCHEMA, "schema").expect("a valid schema");
    let world = world();
    let acme = json!({"owner": "acme", "owner_type": "Organization", "names": ["hello-world"]});
    world.client.post("/_sandbox/repos", &acme).expect(201);
    let repository = world.client.get(REPO).expect(200).json();
    let ids = [text(&repository, "node_id")];

    let mut waiting = VecDeque::from([Found {
        kind: "Query".to_owned(),
        path: Vec::new(),
    }]);
    let mut known = BTreeSet::from(["Query".to_owned()]);
    while let Some(Found { kind, path }) = waiting.pop_front() {
        let object = schema.get_object(&kind).expect("an object type");
        let mut fields = BTreeMap::new();
        for field in object.fields.values() {
            let selection = selection(field, &ids);
            let inner = schema.types.get(field.ty.inner_named_type());
            let is_leaf = inner.is_some_and(|kind| kind.is_scalar() || kind.is_enum());
            let tail = if is_leaf { "" } else { " { __typename }" };
            fields.insert(field.name.to_string(), (selection, tail));
        }
        let asked = fields
            .iter()
            .map(|(name, (field, tail))| format!("{name}: {field}{tail}"));
        let asked = asked.collect::<Vec<_>>().join(" ");
        let query = path.iter().rev().fold(asked, |inner, outer| {
            format!("__typename {outer} {{ {inner} }}")
        });
        let body = json!({"query": format!("{{ {query} }}")});
        let answer = world.client.post("/graphql", &body).expect(200).json();
        assert_eq!(answer.get("errors"), None, "{kind}: {query}\n{answer}");
        let object = find(&answer["data"], &kind, path.len()).expect("the object again");
        for (name, (field, _)) in &fields {
            for inner in elements(&object[name]) {
                let Some(inner) = inner["__typename"].as_str() else {
                    continue;
                };
                if known.insert(inner.to_owned()) {
                    let mut path = path.clone();
                    path.extend([format!("{name}: {field}"), format!("... on {inner}")]);
                    let kind = inner.to_owned();
                    waiting.push_back(Found { kind, path });
                }
            }
        }
    }
    let objects = schema.types.iter().filter(|(_, kind)| kind.is_object());
    let unknown: Vec<&str> = objects
        .map(|(name, _)| name.as_str())
        // Those of mutations have tests of their own.
        .filter(|name| !name.starts_with("__") && !name.ends_with("Payload") && *name != "Mutation")
        .filter(|name| !known.contains(*name))
        .collect();
    assert_eq!(unknown, WITHOUT_OBJECTS);
}

/// A value, or each element of a list.
fn elements(value: &Value) -> Vec<&Value> {
    value
        .as_array()
        .map_or_else(|| vec![value], |list| list.iter().collect())
}

/// The object of a type in an answer, below so many selections.
fn find<'a>(answer: &'a Value, kind: &str, levels: usize) -> Option<&'a Value> {
    if levels == 0 {
        return Some(answer);
    }
    let inner = answer.as_object()?.values().flat_map(elements);
    let mut inner = inner.filter(|value| value.is_object());
    inner.find_map(|value| match levels {
        2 if value["__typename"] != kind => None,
        // A field, and the fragment on its type.
        _ => find(value, kind, levels - 2),
    })
}
