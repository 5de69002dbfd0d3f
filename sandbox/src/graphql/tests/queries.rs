//! Queries.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{World, ask, data, node_id, ref_id, repository, repository_id, send_with};
use crate::ids::NodeId;
use crate::rules::{NewDeployment, NewStatus};
use crate::store::{CheckState, CommitStatus};

fn to(environment: &str) -> NewDeployment {
    NewDeployment {
        environment: Some(environment.to_owned()),
        ..NewDeployment::with_ref("main")
    }
}

#[test]
fn a_repository_is_found_and_described() {
    let world = World::sample();
    let selection = "id databaseId name nameWithOwner url resourcePath isPrivate isArchived
        isDisabled viewerPermission owner { __typename login id url ... on User { name } }
        defaultBranchRef { name prefix id } __typename";
    assert_eq!(
        repository(&world, selection),
        json!({
            "id": repository_id(&world),
            "databaseId": world.repository.id,
            "name": "hello",
            "nameWithOwner": "octo/hello",
            "url": "http://localhost:1/octo/hello",
            "resourcePath": "/octo/hello",
            "isPrivate": false,
            "isArchived": false,
            "isDisabled": false,
            "viewerPermission": "ADMIN",
            "owner": {
                "__typename": "User",
                "login": "octo",
                "id": NodeId::User(world.repository.owner.id).encode(),
                "url": "http://localhost:1/octo",
                "name": null,
            },
            "defaultBranchRef": {
                "name": "main",
                "prefix": "refs/heads/",
                "id": ref_id(&world, "refs/heads/main"),
            },
            "__typename": "Repository",
        })
    );
}

#[test]
fn a_deployment_has_all_its_fields() {
    let world = World::sample();
    let made = world.create(&NewDeployment {
        payload: Some(r#"{"n":1.10}"#.to_owned()),
        description: Some("d".to_owned()),
        ..to("staging")
    });
    let status = world.set(
        made.id,
        NewStatus {
            environment: Some("qa".to_owned()),
            log_url: Some("http://log/".to_owned()),
            ..NewStatus::with_state("in_progress")
        },
    );
    let sha = world.sha("main");
    let time = |seconds| Timestamp::from_second(seconds).unwrap().to_string();
    let selection = "deployments(first: 1) { nodes {
        __typename id databaseId commitOid commit { oid abbreviatedOid messageHeadline }
        createdAt updatedAt creator { __typename login ... on User { databaseId } ... on Bot { id } }
        description environment latestEnvironment originalEnvironment payload task state
        ref { name prefix target { oid __typename } } repository { nameWithOwner }
        latestStatus { __typename id state description environment environmentUrl logUrl createdAt
            updatedAt creator { login } deployment { id } }
        statuses(first: 5) { totalCount nodes { id } } } }";
    let answer = repository(&world, selection);
    let status_id = NodeId::DeploymentStatus(world.repository.id, status.id).encode();
    assert_eq!(
        answer["deployments"]["nodes"][0],
        json!({
            "__typename": "Deployment",
            "id": node_id(&made),
            "databaseId": null,
            "commitOid": sha,
            "commit": {
                "oid": sha,
                "abbreviatedOid": &sha[..7],
                "messageHeadline": "Use eight workers",
            },
            "createdAt": time(made.created_at),
            "updatedAt": time(status.created_at),
            "creator": {
                "__typename": "User",
                "login": "sandbox",
                "databaseId": world.user.id,
            },
            "description": "d",
            "environment": "qa",
            "latestEnvironment": "qa",
            "originalEnvironment": "staging",
            "payload": r#"{"n":1.10}"#,
            "task": "deploy",
            "state": "IN_PROGRESS",
            "ref": {
                "name": "main",
                "prefix": "refs/heads/",
                "target": {"oid": sha, "__typename": "Commit"},
            },
            "repository": {"nameWithOwner": "octo/hello"},
            "latestStatus": {
                "__typename": "DeploymentStatus",
                "id": status_id,
                "state": "IN_PROGRESS",
                "description": "",
                "environment": "qa",
                "environmentUrl": null,
                "logUrl": "http://log/",
                "createdAt": time(status.created_at),
                "updatedAt": time(status.created_at),
                "creator": {"login": "sandbox"},
                "deployment": {"id": node_id(&made)},
            },
            "statuses": {"totalCount": 1, "nodes": [{"id": status_id}]},
        })
    );
}

#[test]
fn what_was_left_out_is_null() {
    let world = World::sample();
    let sha = world.sha("main");
    world.create(&NewDeployment::with_ref(sha));
    let selection = "deployments(last: 1) { nodes { description payload ref { name }
        latestStatus { id } state } }";
    assert_eq!(
        repository(&world, selection)["deployments"]["nodes"][0],
        json!({
            "description": null,
            "payload": null,
            "ref": null,
            "latestStatus": null,
            "state": "PENDING",
        })
    );
}

#[test]
fn states_are_those_of_the_docs() {
    static NOW: AtomicI64 = AtomicI64::new(1_800_000_000);
    let world = World::sample_with(|config| {
        config.clock = || Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap();
    });
    let mut cases = Vec::new();
    for (state, expected) in [
        ("success", "ACTIVE"),
        ("inactive", "INACTIVE"),
        ("in_progress", "IN_PROGRESS"),
        ("queued", "QUEUED"),
        ("pending", "PENDING"),
        ("failure", "FAILURE"),
        ("error", "ERROR"),
    ] {
        let made = world.create(&to(state));
        world.set(made.id, NewStatus::with_state(state));
        cases.push((made, expected));
    }
    let gone = world.create(&NewDeployment {
        transient: Some(true),
        ..to("gone")
    });
    world.set(gone.id, NewStatus::with_state("inactive"));
    cases.push((gone, "DESTROYED"));
    cases.push((world.create(&to("new")), "PENDING"));
    let ids: Vec<String> = cases.iter().map(|(made, _)| node_id(made)).collect();
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Deployment { state } } }";
    let states = || -> Vec<String> {
        let answer = data(send_with(&world, query, &json!({"ids": ids})));
        let nodes = answer["nodes"].as_array().unwrap().iter();
        nodes
            .map(|node| node["state"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut expected: Vec<&str> = cases.iter().map(|(_, state)| *state).collect();
    assert_eq!(states(), expected);
    NOW.fetch_add(30 * 60 - 1, Ordering::Relaxed);
    assert_eq!(states(), expected);
    NOW.fetch_add(1, Ordering::Relaxed);
    for (place, (made, _)) in cases.iter().enumerate() {
        if ["pending", "new"].contains(&made.environment.as_str()) {
            expected[place] = "ABANDONED";
        }
    }
    assert_eq!(states(), expected);
}

/// Follows a connection to its end. `step` is `first` or `last`.
fn walk(world: &World, step: &str, order: &str) -> Vec<String> {
    let (cursor, more, from) = if step == "first" {
        ("endCursor", "hasNextPage", "after")
    } else {
        ("startCursor", "hasPreviousPage", "before")
    };
    let query = format!(
        r#"query($at: String) {{ repository(owner: "octo", name: "hello") {{
            deployments({step}: 3, {from}: $at, orderBy: {{field: CREATED_AT, direction: {order}}}) {{
                totalCount nodes {{ id }} edges {{ cursor node {{ id }} }}
                pageInfo {{ {cursor} {more} }} }} }} }}"#
    );
    let (mut seen, mut at) = (Vec::new(), Value::Null);
    loop {
        let answer = data(send_with(world, &query, &json!({"at": at})));
        let page = &answer["repository"]["deployments"];
        assert_eq!(page["totalCount"], 7);
        let ids: Vec<String> = page["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["id"].as_str().unwrap().to_owned())
            .collect();
        let edges = page["edges"].as_array().unwrap();
        assert!(
            edges
                .iter()
                .zip(&ids)
                .all(|(edge, id)| edge["node"]["id"] == **id)
        );
        if step == "first" {
            seen.extend(ids);
        } else {
            seen.splice(0..0, ids);
        }
        if page["pageInfo"][more] == false {
            return seen;
        }
        at = page["pageInfo"][cursor].clone();
    }
}

#[test]
fn deployments_are_paged_in_both_orders_and_directions() {
    let world = World::sample();
    let mut ids: Vec<String> = (0..7)
        .map(|_| node_id(&world.create(&to("staging"))))
        .collect();
    assert_eq!(walk(&world, "first", "ASC"), ids);
    assert_eq!(walk(&world, "last", "ASC"), ids);
    // By default the oldest deployment comes first, unlike in REST.
    let usual = repository(&world, "deployments(first: 7) { nodes { id } }");
    let usual = usual["deployments"]["nodes"].as_array().unwrap().clone();
    assert!(usual.iter().zip(&ids).all(|(node, id)| node["id"] == **id));
    ids.reverse();
    assert_eq!(walk(&world, "first", "DESC"), ids);
    assert_eq!(walk(&world, "last", "DESC"), ids);
}

#[test]
fn a_page_does_not_shift_when_something_is_made_or_deleted() {
    let world = World::sample();
    let made: Vec<_> = (0..4).map(|_| world.create(&to("staging"))).collect();
    let page = |after: &Value| {
        let query = r#"query($after: String) { repository(owner: "octo", name: "hello") {
            deployments(first: 2, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
                nodes { id } pageInfo { endCursor } } } }"#;
        data(send_with(&world, query, &json!({"after": after})))["repository"]["deployments"]
            .clone()
    };
    let first = page(&Value::Null);
    assert_eq!(first["nodes"][1]["id"], node_id(&made[2]));
    world.create(&to("staging"));
    world
        .core
        .delete_deployment(&world.repository, made[2].id)
        .unwrap();
    let second = page(&first["pageInfo"]["endCursor"]);
    assert_eq!(
        second["nodes"],
        json!([{"id": node_id(&made[1])}, {"id": node_id(&made[0])}])
    );
}

#[test]
fn deployments_are_filtered_by_any_of_several_environments() {
    let world = World::sample();
    for name in ["a", "b", "c", "a"] {
        world.create(&to(name));
    }
    let count = |environments: &str| {
        let selection =
            format!("deployments(first: 0, environments: {environments}) {{ totalCount }}");
        repository(&world, &selection)["deployments"]["totalCount"].clone()
    };
    assert_eq!(count(r#"["a", "c"]"#), 3);
    assert_eq!(count(r#""b""#), 1);
    assert_eq!(count(r#"["A"]"#), 0);
    assert_eq!(count("[]"), 4);
    assert_eq!(count("null"), 4);
}

#[test]
fn statuses_are_newest_first() {
    let world = World::sample();
    let made = world.create(&to("staging"));
    for state in ["queued", "in_progress", "success"] {
        world.set(made.id, NewStatus::with_state(state));
    }
    let states = |arguments: &str| {
        let query = format!(
            r#"{{ node(id: "{}") {{ ... on Deployment {{ statuses({arguments}) {{
                nodes {{ state }} pageInfo {{ endCursor hasNextPage }} }} }} }} }}"#,
            node_id(&made)
        );
        data(ask(&world, &query))["node"]["statuses"].clone()
    };
    let first = states("first: 2");
    assert_eq!(
        first["nodes"],
        json!([{"state": "SUCCESS"}, {"state": "IN_PROGRESS"}])
    );
    let cursor = first["pageInfo"]["endCursor"].as_str().unwrap();
    let rest = states(&format!("first: 2, after: \"{cursor}\""));
    assert_eq!(rest["nodes"], json!([{"state": "QUEUED"}]));
    assert_eq!(rest["pageInfo"]["hasNextPage"], false);
    assert_eq!(states("last: 1")["nodes"], json!([{"state": "QUEUED"}]));
}

#[test]
fn environments_are_listed_by_name() {
    let world = World::sample();
    for name in ["b", "c", "a"] {
        world.create(&to(name));
    }
    let done = world.create(&to("b"));
    world.set(done.id, NewStatus::with_state("failure"));
    world.create(&to("b"));
    let selection = r#"
        all: environments(first: 10) { totalCount nodes { name } }
        some: environments(first: 1, names: ["c", "a"], orderBy: {field: NAME, direction: DESC}) {
            totalCount pageInfo { hasNextPage } nodes { name } }
        pinned: environments(first: 10, pinnedEnvironmentFilter: ONLY) { totalCount }
        environment(name: "b") { id name databaseId isPinned pinnedPosition
            latestCompletedDeployment { id state }
            protectionRules(first: 5) { totalCount nodes { type timeout } } }
        nothing: environment(name: "B") { id }"#;
    let answer = repository(&world, selection);
    let row = world
        .core
        .environment(&world.repository, "b")
        .unwrap()
        .unwrap();
    assert_eq!(
        answer,
        json!({
            "all": {"totalCount": 3, "nodes": [{"name": "a"}, {"name": "b"}, {"name": "c"}]},
            "some": {"totalCount": 2, "pageInfo": {"hasNextPage": true}, "nodes": [{"name": "c"}]},
            "pinned": {"totalCount": 0},
            "environment": {
                "id": NodeId::Environment(world.repository.id, row.id).encode(),
                "name": "b",
                "databaseId": null,
                "isPinned": false,
                "pinnedPosition": null,
                "latestCompletedDeployment": {"id": node_id(&done), "state": "FAILURE"},
                "protectionRules": {"totalCount": 0, "nodes": []},
            },
            "nothing": null,
        })
    );
}

#[test]
fn commits_and_refs_lead_to_deployments_and_checks() {
    let world = World::sample();
    let sha = world.sha("main");
    world.create(&to("staging"));
    world.create(&NewDeployment {
        auto_merge: false,
        ..NewDeployment::with_ref("v1.0.0")
    });
    world.report(&sha, "ci", CheckState::Failure);
    let selection = format!(
        r#"object(oid: "{sha}") {{ __typename oid id ... on Commit {{ url
            deployments(first: 5) {{ totalCount nodes {{ commitOid }} }}
            status {{ state contexts {{ context state targetUrl }} }} statusCheckRollup {{ state }} }} }}
        expression: object(expression: "v1.0.0") {{ ... on Commit {{ messageHeadline status {{ state }} }} }}
        nothing: object(expression: "no such thing") {{ id }}
        tag: ref(qualifiedName: "refs/tags/v1.0.0") {{ name prefix id target {{ abbreviatedOid }} }}
        short: ref(qualifiedName: "feature/login") {{ name prefix repository {{ name }} }}
        commit: ref(qualifiedName: "{sha}") {{ name }}"#
    );
    assert_eq!(
        repository(&world, &selection),
        json!({
            "object": {
                "__typename": "Commit",
                "oid": sha,
                "id": NodeId::Commit(world.repository.id, sha.clone()).encode(),
                "url": format!("http://localhost:1/octo/hello/commit/{sha}"),
                "deployments": {"totalCount": 1, "nodes": [{"commitOid": sha}]},
                "status": {
                    "state": "FAILURE",
                    "contexts": [{"context": "ci", "state": "FAILURE", "targetUrl": null}],
                },
                "statusCheckRollup": {"state": "FAILURE"},
            },
            "expression": {"messageHeadline": "Add a health check", "status": null},
            "nothing": null,
            "tag": {
                "name": "v1.0.0",
                "prefix": "refs/tags/",
                "id": ref_id(&world, "refs/tags/v1.0.0"),
                "target": {"abbreviatedOid": &world.sha("v1.0.0")[..7]},
            },
            "short": {
                "name": "feature/login",
                "prefix": "refs/heads/",
                "repository": {"name": "hello"},
            },
            "commit": null,
        })
    );
}

#[test]
fn every_node_is_found_by_its_id() {
    let world = World::sample();
    let made = world.create(&to("staging"));
    let status = world.set(made.id, NewStatus::with_state("success"));
    let environment = world
        .core
        .environment(&world.repository, "staging")
        .unwrap()
        .unwrap();
    let owner = world.repository.id;
    let sha = world.sha("main");
    world.report(&sha, "ci", CheckState::Success);
    let checks = world
        .core
        .store
        .read(|read| CommitStatus::contexts(read, owner, &sha));
    let check = checks
        .map_err(|error: rusqlite::Error| error)
        .unwrap()
        .remove(0);
    let ids = [
        node_id(&made),
        NodeId::DeploymentStatus(owner, status.id).encode(),
        NodeId::Environment(owner, environment.id).encode(),
        repository_id(&world),
        NodeId::User(world.user.id).encode(),
        ref_id(&world, "refs/heads/feature/login"),
        NodeId::Commit(owner, world.sha("main")).encode(),
        NodeId::CommitStatus(owner, check.id).encode(),
    ];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let answer = data(send_with(&world, query, &json!({"ids": ids})));
    let kinds = [
        "Deployment",
        "DeploymentStatus",
        "Environment",
        "Repository",
        "User",
        "Ref",
        "Commit",
        "StatusContext",
    ];
    let expected: Vec<Value> = kinds
        .iter()
        .zip(&ids)
        .map(|(kind, id)| json!({"__typename": kind, "id": id}))
        .collect();
    assert_eq!(answer["nodes"], Value::Array(expected));
}

#[test]
fn the_rate_limit_counts_this_query() {
    let world = World::sample();
    world.create(&to("staging"));
    let query = |dry: bool| {
        format!(
            r#"{{ viewer {{ login id }} repository(owner: "octo", name: "hello") {{
                environments(first: 100) {{ nodes {{ protectionRules(first: 10) {{ totalCount }} }} }} }}
                rateLimit(dryRun: {dry}) {{ cost limit nodeCount remaining resetAt used }} }}"#
        )
    };
    let answer = data(ask(&world, &query(false)));
    assert_eq!(
        answer["rateLimit"],
        json!({
            "cost": 1,
            "limit": 5000,
            "nodeCount": 1100,
            "remaining": 4992,
            "resetAt": "2027-01-15T09:00:00Z",
            "used": 8,
        })
    );
    assert_eq!(answer["viewer"]["login"], "sandbox");
    let dry = data(ask(&world, &query(true)));
    assert_eq!(dry["rateLimit"]["used"], 7);
    assert_eq!(dry["repository"], Value::Null);
}

#[test]
fn operations_fragments_directives_and_introspection_work() {
    let world = World::sample();
    let query = "query A { viewer { login } }
        query B($with: Boolean!, $owner: String = \"octo\") {
            repository(owner: $owner, name: \"hello\") { ...R url @include(if: $with) id @skip(if: true) } }
        fragment R on Repository { ...N full: nameWithOwner } fragment N on Node { __typename }";
    let body = json!({"query": query, "operationName": "B", "variables": {"with": false}});
    let viewer = super::viewer(&world, super::Access::Full);
    let (_, answer) = super::send(&world, viewer, &body);
    assert_eq!(
        data(answer)["repository"],
        json!({"__typename": "Repository", "full": "octo/hello"})
    );
    // As deep as the introspection queries of common tools.
    let query =
        "{ __schema { queryType { name } types { kind fields(includeDeprecated: true) { args
        { type { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType
        { name } } } } } } } } } } } } possibleTypes { name } } directives { name } } }";
    let answer = data(ask(&world, query));
    assert_eq!(answer["__schema"]["queryType"]["name"], "Query");
}
