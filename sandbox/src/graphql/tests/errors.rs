//! Errors of queries.

use serde_json::{Value, json};

use super::{Access, QueryRejection, World, ask, ask_as, node_id, send, viewer};
use crate::rules::NewDeployment;

#[test]
fn an_unknown_repository_is_null_and_an_error() {
    let world = World::sample();
    let query = "{\n      repository(owner: \"o\", name: \"r\") { id }\n}";
    assert_eq!(
        ask(&world, query).to_string(),
        json!({
            "data": {"repository": null},
            "errors": [{
                "type": "NOT_FOUND",
                "path": ["repository"],
                "locations": [{"line": 2, "column": 7}],
                "message": "Could not resolve to a Repository with the name 'o/r'.",
            }],
        })
        .to_string()
    );
}

#[test]
fn where_all_fields_are_skipped_the_object_is_empty() {
    let world = World::sample();
    for (query, data) in [
        ("{ viewer @skip(if: true) { login } }", json!({})),
        (
            "{ viewer { login @include(if: false) } }",
            json!({"viewer": {}}),
        ),
    ] {
        assert_eq!(ask(&world, query), json!({ "data": data }), "{query}");
    }
}

#[test]
fn unknown_nodes_are_null_in_their_places() {
    let world = World::sample();
    let id = node_id(&world.create(&NewDeployment::with_ref("main")));
    let query = format!(
        r#"{{ nodes(ids: ["x", "{id}", "DE_kwDOHjNddM5sfT5s"]) {{ id }} node(id: "y") {{ id }} }}"#
    );
    let answer = ask(&world, &query);
    assert_eq!(
        answer["data"],
        json!({"nodes": [null, {"id": id}, null], "node": null})
    );
    let mut told: Vec<(String, &str, &str)> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["path"].to_string(),
                error["type"].as_str().unwrap(),
                error["message"].as_str().unwrap(),
            )
        })
        .collect();
    told.sort();
    let message = "Could not resolve to a node with the global id of";
    assert_eq!(
        told,
        [
            (
                r#"["node"]"#.to_owned(),
                "NOT_FOUND",
                format!("{message} 'y'.").as_str()
            ),
            (
                r#"["nodes",0]"#.to_owned(),
                "NOT_FOUND",
                &format!("{message} 'x'.")
            ),
            (
                r#"["nodes",2]"#.to_owned(),
                "NOT_FOUND",
                &format!("{message} 'DE_kwDOHjNddM5sfT5s'.")
            ),
        ]
    );
    let number = ask(&world, "{ node(id: 5) { id } }");
    assert_eq!(number["errors"][0]["message"], format!("{message} '5'."));
    let many = vec!["\"x\""; 101].join(",");
    let answer = ask(&world, &format!("{{ nodes(ids: [{many}]) {{ id }} }}"));
    assert_eq!(answer["data"], Value::Null);
    assert_eq!(answer["errors"][0]["type"], "ARGUMENT_LIMIT");
    assert_eq!(
        answer["errors"][0]["message"],
        "You may not provide more than 100 node ids; you provided 101."
    );
}

#[test]
fn pages_must_be_bounded() {
    let world = World::sample();
    let of = |arguments: &str| {
        let query = format!(
            r#"{{ viewer {{ login }} repository(owner: "octo", name: "hello") {{
                name deployments{arguments} {{ totalCount }} }} }}"#
        );
        ask(&world, &query)
    };
    let unbounded = of("");
    // A repository's connection cannot be null, so the repository is null.
    assert_eq!(
        unbounded["data"],
        json!({"viewer": {"login": "sandbox"}, "repository": null})
    );
    assert_eq!(unbounded["errors"].as_array().unwrap().len(), 1);
    for (arguments, kind, message) in [
        (
            "",
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate the `deployments` \
             connection.",
        ),
        (
            "(first: 101)",
            "EXCESSIVE_PAGINATION",
            "Requesting 101 records on the `deployments` connection exceeds the `first` limit of \
             100 records.",
        ),
        (
            "(last: 1000)",
            "EXCESSIVE_PAGINATION",
            "Requesting 1000 records on the `deployments` connection exceeds the `last` limit of \
             100 records.",
        ),
        (
            "(first: -1)",
            "INVALID_PAGINATION",
            "`first` on the `deployments` connection cannot be less than zero.",
        ),
        (
            "(first: 1, last: 1)",
            "AMBIGUOUS_PAGINATION",
            "Passing both `first` and `last` to paginate the `deployments` connection is not \
             supported.",
        ),
        (
            "(first: 1, after: \"nonsense\")",
            "INVALID_CURSOR_ARGUMENTS",
            "`nonsense` does not appear to be a valid cursor.",
        ),
    ] {
        let error = &of(arguments)["errors"][0];
        assert_eq!(error["path"], json!(["repository", "deployments"]));
        assert_eq!(
            (&error["type"], &error["message"]),
            (&json!(kind), &json!(message))
        );
    }
}

#[test]
fn an_error_below_a_nullable_field_stays_there() {
    let world = World::sample();
    world.create(&NewDeployment::with_ref("main"));
    let query = r#"{ repository(owner: "octo", name: "hello") { name
        deployments(first: 1) { nodes { task statuses { totalCount } } }
        environments(first: 1) { nodes { name protectionRules { totalCount } } } } }"#;
    let answer = ask(&world, query);
    assert_eq!(
        answer["data"]["repository"],
        json!({
            "name": "hello",
            // `statuses` is nullable.
            "deployments": {"nodes": [{"task": "deploy", "statuses": null}]},
            // `protectionRules` is not nullable, but the node is.
            "environments": {"nodes": [null]},
        })
    );
    let paths: Vec<String> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["path"].to_string())
        .collect();
    assert_eq!(
        paths,
        [
            r#"["repository","deployments","nodes",0,"statuses"]"#,
            r#"["repository","environments","nodes",0,"protectionRules"]"#,
        ]
    );
}

#[test]
fn an_invalid_query_has_no_data() {
    let world = World::sample();
    let unknown = ask(&world, "{ viewer { login nonsense } }");
    assert_eq!(
        unknown,
        json!({"errors": [{
            "extensions": {"code": "undefinedField", "typeName": "User", "fieldName": "nonsense"},
            "locations": [{"line": 1, "column": 18}],
            "message": "Field 'nonsense' doesn't exist on type 'User'",
        }]})
    );
    let argument = ask(&world, "{ viewer(a: 1) { login } }");
    assert_eq!(
        argument["errors"][0]["message"],
        "Field 'viewer' doesn't accept argument 'a'"
    );
    let syntax = ask(&world, "{ viewer { login }");
    assert_eq!(
        syntax,
        json!({"errors": [{
            "locations": [{"line": 1, "column": 19}],
            "message": "Parse error on end of document at [1, 19]",
        }]})
    );
    let brace = ask(&world, "{ viewer }\nquery {{ x }");
    assert_eq!(
        brace["errors"][0]["message"],
        "Parse error on \"{\" at [2, 8]"
    );
    let variable = ask(&world, "query($x: ID!) { node(id: $x) { id } }");
    assert_eq!(variable.get("data"), None);
    assert_eq!(
        variable["errors"][0]["message"],
        "Variable $x of type ID! was provided invalid value"
    );
    let query = r#"query($n: Int) { repository(owner: "octo", name: "hello") {
        deployments(first: $n) { totalCount } } }"#;
    let answer = super::send_with(&world, query, &json!({"n": "many"}));
    assert_eq!(answer.get("data"), None, "{answer}");
    for query in [
        r#"{ repository(owner: "o") { id } }"#,
        "query($x: Nonsense) { viewer { login } node(id: $x) { id } }",
        "{ node(id: \"x\") { login } }",
        "{ viewer }",
        r#"{ repository(owner: "octo", name: "hello") { object(oid: "xyz") { id } } }"#,
        "subscription { x }",
    ] {
        let answer = ask(&world, query);
        assert_eq!(answer.get("data"), None, "{query}: {answer}");
        assert!(answer["errors"][0]["message"].is_string(), "{query}");
    }
}

#[test]
fn a_text_that_is_no_object_id_is_refused_before_anything_is_run() {
    let world = World::sample();
    let literal = r#"mutation { updateRefs(input: {repositoryId: "x", refUpdates: [
        {name: "refs/heads/a", afterOid: "xyz"}]}) { clientMutationId } }"#;
    let answer = ask(&world, literal);
    assert_eq!(answer.get("data"), None, "{answer}");
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "argumentLiteralsIncompatible"
    );
    let variable = "mutation($i: UpdateRefsInput!) { updateRefs(input: $i) { clientMutationId } }";
    let update = json!({"name": "refs/heads/a", "afterOid": "xyz"});
    let input = json!({"repositoryId": "x", "refUpdates": [update]});
    let answer = super::send_with(&world, variable, &json!({ "i": input }));
    assert_eq!(answer.get("data"), None, "{answer}");
    assert_eq!(
        answer["errors"][0]["message"],
        "Variable $i of type UpdateRefsInput! was provided invalid value"
    );
}

#[test]
fn a_body_that_is_no_query_is_reported() {
    let world = World::sample();
    let of = |body: Value| send(&world, viewer(&world, Access::Full), &body);
    for body in [
        json!({}),
        json!([]),
        json!({"query": 1}),
        json!({"query": ""}),
    ] {
        assert_eq!(
            of(body),
            (
                200,
                json!({"errors": [{
                    "message": "A query attribute must be specified and must be a string.",
                }]})
            )
        );
    }
    let (status, answer) = of(json!({"query": "{ viewer { login } }", "variables": [1]}));
    assert_eq!((status, answer.get("data")), (200, None));
    let Err(QueryRejection::NotJson(body)) = super::ParsedQuery::read(b"{\"query\": ") else {
        panic!("it is not JSON");
    };
    assert_eq!(body["message"], "Problems parsing JSON");
}

#[test]
fn depth_and_size_are_limited() {
    let world = World::sample();
    let mut deep = "id".to_owned();
    for _ in 0..15 {
        deep = format!("repository {{ defaultBranchRef {{ {deep} }} }}");
    }
    let query = format!(
        r#"{{ repository(owner: "octo", name: "hello") {{ defaultBranchRef {{ {deep} }} }} }}"#
    );
    let answer = ask(&world, &query);
    assert_eq!(answer.get("data"), None);
    assert!(answer["errors"][0]["message"].is_string(), "{answer}");
    let brackets = format!("{{ {}", "a {".repeat(50_000));
    assert_eq!(ask(&world, &brackets).get("data"), None);
    let nodes = r#"{ repository(owner: "octo", name: "hello") { a: deployments(first: 100) { nodes {
        repository { deployments(first: 100) { nodes { repository { deployments(first: 100) {
        totalCount } } } } } } } } }"#;
    let answer = ask(&world, nodes);
    assert_eq!(answer.get("data"), None);
    assert_eq!(answer["errors"][0]["type"], "MAX_NODE_LIMIT_EXCEEDED");
}

#[test]
fn private_objects_are_hidden_from_tokens_without_permission() {
    let world = World::sample_with(|config| config.private = true);
    let id = node_id(&world.create(&NewDeployment::with_ref("main")));
    let query = format!(
        r#"{{ repository(owner: "octo", name: "hello") {{ isPrivate }} node(id: "{id}") {{ id }} }}"#
    );
    let stranger = ask_as(&world, "ci=read:org", &query);
    assert_eq!(stranger["data"], json!({"repository": null, "node": null}));
    let kinds: Vec<&Value> = stranger["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["type"])
        .collect();
    assert_eq!(kinds, ["NOT_FOUND", "NOT_FOUND"]);
    // A token that can see a repository cannot necessarily read its
    // deployments.
    let other = ask_as(&world, "ci=contents=read", &query);
    assert_eq!(
        other["data"],
        json!({"repository": {"isPrivate": true}, "node": null})
    );
    assert_eq!(other["errors"][0]["type"], "FORBIDDEN");
    let known = ask_as(&world, "ci=deployments=read", &query);
    assert_eq!(known["data"]["node"]["id"], id);
}

#[test]
fn an_exhausted_quota_is_a_graphql_error() {
    let world = World::sample();
    let mut viewer = viewer(&world, Access::Full);
    viewer.points.used = 5000;
    let body = json!({"query": "{ viewer { login } }"});
    let (_, answer) = send(&world, viewer.clone(), &body);
    assert_eq!(answer["data"]["viewer"]["login"], "sandbox");
    viewer.points.enforced = true;
    let (status, answer) = send(&world, viewer, &body);
    assert_eq!(
        (status, &answer["errors"][0]["type"]),
        (200, &json!("RATE_LIMITED"))
    );
}
