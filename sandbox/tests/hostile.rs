//! Input that no honest client sends. The sandbox answers all of it, and never
//! with a 5xx.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::world::World;
use crate::support::http::REPO;
use crate::support::openapi::description;

/// Refs that must not be passed to git, or for which git fails.
fn refs() -> Vec<String> {
    let texts = [
        "",
        " ",
        "\0",
        "main\0",
        "main\n",
        "main\r\nx",
        "\u{7f}",
        "-",
        "--all",
        "--upload-pack=x",
        "-main",
        "@",
        "@{0}",
        "@{-1}",
        "@{upstream}",
        "main@{0}",
        "main^{tree}",
        "main~1",
        "main:README.md",
        ":/first",
        "main..topic",
        "*",
        "refs/heads/*",
        "refs/heads/",
        "refs/",
        "heads/",
        "/main",
        "main/",
        "a//b",
        ".",
        "..",
        "../../config",
        ".main",
        "main.lock",
        "refs/heads/main\0",
        "refs/tags/-v1",
        "refs/remotes/origin/main",
        "\u{202e}niam",
        "é\u{301}",
        "0000000000000000000000000000000000000000",
        "ffffffff",
        "dead",
    ];
    let long = [256, 4_096, 70_000, 200_000].map(|length| "a".repeat(length));
    let deep = ["a/".repeat(2_000) + "a", "refs/heads/".repeat(400)];
    let digits = [64, 65, 200_000].map(|length| "0".repeat(length));
    let texts = texts.map(str::to_owned);
    texts
        .into_iter()
        .chain(long)
        .chain(deep)
        .chain(digits)
        .collect()
}

#[test]
fn a_hostile_ref_is_422_as_one_that_does_not_exist() {
    let world = World::new();
    for reference in refs() {
        for auto_merge in [false, true] {
            let body = json!({"ref": reference, "auto_merge": auto_merge});
            let body = world.ask(&body).expect(422).json();
            let message = format!("No ref found for: {reference}");
            assert_eq!(body["message"], message);
        }
    }
    world.deploy("staging");
}

#[test]
fn a_node_id_that_was_made_up_gives_git_no_option() {
    let world = World::new();
    let target = world.repository.path().join("written");
    let option = format!("--output={}", target.display());
    // The node ID of a commit: a msgpack array of 0, the repository and its
    // name.
    let mut bytes = vec![0x93, 0, 0xce];
    bytes.extend(900_000_001_u32.to_be_bytes());
    bytes.push(0xda);
    bytes.extend(
        u16::try_from(option.len())
            .expect("a short path")
            .to_be_bytes(),
    );
    bytes.extend(option.as_bytes());
    let id = format!("C_{}", BASE64_URL_SAFE_NO_PAD.encode(bytes));
    let query = "query($id: ID!) { node(id: $id) { id } }";
    let reply = world.client.post(
        "/graphql",
        &json!({"query": query, "variables": {"id": id}}),
    );
    assert_eq!(reply.expect(200).json()["data"]["node"], Value::Null);
    assert!(!target.exists(), "git took the name for an option");
}

/// A request to send.
#[derive(Debug, Clone)]
struct Request {
    method: String,
    target: String,
    body: Vec<u8>,
}

/// Every operation that GitHub describes, including those that the sandbox does
/// not serve, and the operations that it serves in addition.
fn operations() -> Vec<(String, String)> {
    let beside = [
        ("GET", "/"),
        ("GET", "/versions"),
        ("GET", "/users/{username}"),
        ("GET", "/repos/{owner}/{repo}/branches"),
        ("GET", "/repos/{owner}/{repo}/branches/{branch}"),
        ("GET", "/repos/{owner}/{repo}/commits/{ref}/statuses"),
        ("GET", "/repos/{owner}/{repo}/statuses/{ref}"),
        ("POST", "/graphql"),
        ("POST", "/api/graphql"),
        ("GET", "/repos/{owner}/{repo}/actions/jobs/{job_id}"),
        ("GET", "/orgs/{org}"),
        ("GET", "/organizations/{id}/repos"),
        ("POST", "/_sandbox/repos"),
        ("POST", "/_sandbox/orgs"),
        ("POST", "/_sandbox/apps"),
        ("POST", "/_sandbox/teams"),
        ("PUT", "/_sandbox/clock"),
        ("POST", "/_sandbox/clock"),
        ("PUT", "/_sandbox/runs"),
        ("POST", "/_sandbox/repos/{owner}/{repo}/runs"),
        ("PATCH", "/_sandbox/repos/{owner}/{repo}/jobs/{job_id}"),
        ("POST", "/_sandbox/repos/{owner}/{repo}/pulls"),
        (
            "PATCH",
            "/_sandbox/repos/{owner}/{repo}/pulls/{pull_number}",
        ),
        ("PATCH", "/_sandbox/repos/{owner}/{repo}"),
    ];
    let beside = beside.map(|(method, path)| (method.to_owned(), path.to_owned()));
    let mut all = description().operations();
    all.extend(beside);
    all
}

/// The IDs of the first run and its job.
const RUN_ID: &str = "17000000001";
const JOB_ID: &str = "48000000001";

/// Texts that may trip up git, the database or a parser.
fn text() -> impl Strategy<Value = String> {
    let nasty = [
        "\0",
        "main\0",
        "-x",
        "../x",
        "/x",
        "@{0}",
        "9223372036854775807",
    ];
    let long = [300, 200_000].map(|length| "a".repeat(length));
    let nasty: Vec<String> = nasty.map(str::to_owned).into_iter().chain(long).collect();
    let usual = [
        "main",
        "topic",
        "staging",
        "1",
        "success",
        "*",
        "deployment",
    ];
    prop_oneof![
        4 => select(nasty),
        1 => select(refs()),
        1 => any::<String>(),
        1 => select(usual.map(str::to_owned).to_vec()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::from),
        1 => select(vec![i64::MIN, -1, 0, 1, i64::from(i32::MAX), i64::MAX]).prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let names = select(vec!["id", "type", "url", "secret", "content_type", "x"]);
        let names = names.prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names, inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A valid body with all the fields of an operation, to be spoiled.
fn honest(template: &str) -> Value {
    match template.rsplit('/').next().unwrap_or_default() {
        "deployments" => json!({
            "ref": "main", "auto_merge": false, "required_contexts": [], "task": "deploy",
            "payload": {}, "environment": "staging", "description": "",
            "transient_environment": false, "production_environment": false,
        }),
        "statuses" => json!({
            "state": "success", "target_url": "", "log_url": "", "description": "",
            "environment": "staging", "environment_url": "", "auto_inactive": false,
        }),
        "{sha}" => json!({
            "state": "success", "target_url": "", "description": "", "context": "ci",
        }),
        "{environment_name}" => json!({
            "wait_timer": 1, "prevent_self_review": false,
            "reviewers": [{"type": "User", "id": 1}],
            "deployment_branch_policy": {
                "protected_branches": false, "custom_branch_policies": true,
            },
        }),
        "deployment-branch-policies" | "{branch_policy_id}" => {
            json!({"name": "main", "type": "branch"})
        }
        "deployment_protection_rules" => json!({"integration_id": 1}),
        "{secret_name}" => json!({"encrypted_value": "eA==", "key_id": "1"}),
        "variables" | "{name}" => json!({"name": "A", "value": "x"}),
        "hooks" | "{hook_id}" => json!({
            "name": "web", "active": true, "events": ["deployment"],
            "config": {"url": "http://127.0.0.1:9/", "content_type": "json", "secret": "x"},
        }),
        "config" => json!({"url": "http://127.0.0.1:9/", "content_type": "json", "secret": "x"}),
        "pulls" => json!({
            "head": "topic", "head_sha": "x", "base": "main", "title": "x",
            "state": "open", "merged": false, "merge_commit_sha": "main",
        }),
        "{pull_number}" => json!({
            "state": "open", "merged": false, "merge_commit_sha": "main",
        }),
        "repos" => json!({
            "owner": "acme", "owner_type": "Organization", "names": ["api"], "count": 1,
            "prefix": "s", "archived": false, "topics": ["web"], "visibility": "public",
            "readers": ["ci"], "pushed_at": "2030-01-01T00:00:00Z", "path": "/",
            "deployments": [{"environment": "qa", "ref": "main", "state": "success"}],
        }),
        "{repo}" => json!({
            "topics": ["web"], "visibility": "public", "pushed_at": "2030-01-01T00:00:00Z",
        }),
        "orgs" => json!({"login": "acme", "type": "Organization", "sso": false}),
        "apps" => json!({"slug": "gate"}),
        "teams" => json!({"organization": "octocat", "slug": "ops", "members": ["alice"]}),
        "clock" => json!({"now": "2030-01-01T00:00:00Z", "advance_seconds": 1}),
        "runs" => json!({
            "workflow": "Deploy", "path": ".github/workflows/deploy.yml", "event": "push",
            "ref": "main", "sha": "main", "actor": "alice", "concurrency": {"group": "g"},
            "jobs": [{"name": "deploy", "environment": "staging", "concurrency": {"group": "h"}}],
            "stale_list_seconds": 0, "late_pending_deployments_seconds": 0,
        }),
        "{job_id}" => json!({"conclusion": "success"}),
        "pending_deployments" => json!({
            "environment_ids": [4_310_000_001_u64], "state": "approved", "comment": "x",
        }),
        "deployment_protection_rule" => json!({
            "environment_name": "staging", "state": "approved", "comment": "x",
        }),
        "graphql" => json!({"query": QUERY, "variables": {"a": "main", "b": "x"}}),
        _ => json!({}),
    }
}

const QUERY: &str = "query($a: String!, $b: ID!) {
    node(id: $b) { id }
    repository(owner: \"octocat\", name: \"hello-world\") {
        ref(qualifiedName: $a) { name }
        object(expression: $a) { oid }
        environment(name: $a) { name }
        deployments(environments: [$a], first: 1, after: $a) { totalCount }
    }
}";

fn body(template: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let honest = honest(template);
    let names = honest
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.keys().cloned());
    let names: Vec<String> = names.chain(["number".to_owned()]).collect();
    let variables = (text(), text()).prop_map(|(a, b)| json!({"a": a, "b": b}));
    let change = prop_oneof![
        3 => (select(names), value()),
        1 => (Just("variables".to_owned()), variables),
    ];
    let spoiled = prop::collection::vec(change, 1..4).prop_map(move |changes| {
        let mut body = honest.clone();
        for (name, value) in changes {
            body[name] = value;
        }
        body.to_string().into_bytes()
    });
    prop_oneof![
        8 => spoiled,
        2 => value().prop_map(|value| value.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..64),
    ]
}

fn query(template: &str) -> impl Strategy<Value = String> + use<> {
    let own: &[&str] = match template.rsplit('/').next().unwrap_or_default() {
        "commits" => &["author", "committer", "path", "sha", "since", "until"],
        "deployments" => &["environment", "ref", "sha", "task"],
        "pulls" => &["base", "direction", "head", "sort", "state"],
        "deliveries" => &["cursor", "redelivery", "status"],
        "repos" => &[
            "affiliation",
            "before",
            "direction",
            "since",
            "sort",
            "type",
            "visibility",
        ],
        "runs" => &[
            "actor",
            "branch",
            "check_suite_id",
            "created",
            "event",
            "head_sha",
            "status",
        ],
        "concurrency_groups" => &["after"],
        "{concurrency_group_name}" => &["ahead_of_job", "ahead_of_run"],
        _ => &["protected"],
    };
    let names: Vec<&str> = own.iter().copied().chain(["page", "per_page"]).collect();
    prop::collection::vec((select(names), text()), 0..4).prop_map(|pairs| {
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    })
}

fn encode(text: &str) -> String {
    // The server refuses longer targets before they reach the sandbox.
    let cut = text
        .char_indices()
        .nth(4_000)
        .map_or(text, |(end, _)| &text[..end]);
    percent_encode(cut.as_bytes(), NON_ALPHANUMERIC).to_string()
}

fn request(method: &str, template: &str) -> impl Strategy<Value = Request> + use<> {
    let parameter = prop_oneof![
        2 => text().prop_map(|text| encode(&text)),
        2 => select(vec![
            "1",
            "staging",
            "main",
            "main...topic",
            RUN_ID,
            JOB_ID,
        ]).prop_map(str::to_owned),
        1 => Just("%ff%00".to_owned()),
    ];
    let (method, template) = (method.to_owned(), template.to_owned());
    let parts = (
        prop::collection::vec(parameter, 3),
        query(&template),
        body(&template),
    );
    parts.prop_map(move |(parameters, query, body)| {
        let mut parameters = parameters.into_iter();
        let parts = template.split('/').map(|part| match part {
            "{owner}" => "octocat".to_owned(),
            "{repo}" => "hello-world".to_owned(),
            part if part.starts_with('{') => parameters.next().unwrap_or_default(),
            part => part.to_owned(),
        });
        let path = parts.collect::<Vec<_>>().join("/");
        Request {
            target: format!("{path}?{query}"),
            body: if method == "GET" { Vec::new() } else { body },
            method: method.clone(),
        }
    })
}

#[test]
fn no_input_is_answered_with_5xx() {
    let world = World::with(|config| config.delivers = false);
    world.deploy("staging");
    let runs = "/_sandbox/repos/octocat/hello-world/runs";
    let body = json!({"jobs": [{"name": "deploy", "environment": "staging"}]});
    let run = world.client.post(runs, &body).expect(201).json();
    assert_eq!(run["id"].to_string(), RUN_ID);
    assert_eq!(run["jobs"][0]["id"].to_string(), JOB_ID);
    // An equal share for each of about 130 operations.
    let cases = Config::default().cases / 20;
    for (method, template) in operations() {
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        });
        let result = runner.run(&request(&method, &template), |request| {
            let Request {
                method,
                target,
                body,
            } = &request;
            let reply = world.client.send_unchecked(method, target, Some(body));
            let text = reply.text();
            prop_assert!(reply.status < 500, "{}: {text}", reply.status);
            prop_assert!(!text.contains("Something went wrong"), "{text}");
            Ok(())
        });
        if let Err(error) = result {
            panic!("{method} {template}: {error}");
        }
    }
    world.client.get(REPO).expect(200);
}
