//! Mutations.

use serde_json::{Value, json};

use super::{World, ask, ask_as, data, node_id, ref_id, repository, repository_id, send_with};
use crate::rules::{NewDeployment, NewStatus};
use crate::store::{CheckState, DeploymentFilter, Window};

const CREATE: &str = "mutation($input: CreateDeploymentInput!) { createDeployment(input: $input) {
    autoMerged clientMutationId deployment { id ref { name } environment task payload description state } } }";

fn create(world: &World, name: &str, more: &Value) -> Value {
    let mut input = json!({"repositoryId": repository_id(world), "refId": ref_id(world, name)});
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    send_with(world, CREATE, &json!({"input": input}))
}

fn only_message(answer: &Value) -> &str {
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{answer}");
    errors[0]["message"].as_str().unwrap()
}

#[test]
fn a_deployment_is_made_with_the_defaults_of_the_schema() {
    let world = World::sample();
    let made = data(create(
        &world,
        "refs/heads/main",
        &json!({"clientMutationId": "x"}),
    ));
    let mut made = made["createDeployment"].clone();
    assert!(
        made["deployment"]["id"]
            .as_str()
            .unwrap()
            .starts_with("DE_")
    );
    made["deployment"]["id"] = Value::Null;
    assert_eq!(
        made,
        json!({
            "autoMerged": false,
            "clientMutationId": "x",
            "deployment": {
                "id": null,
                "ref": {"name": "main"},
                "environment": "production",
                "task": "deploy",
                "payload": null,
                "description": null,
                "state": "PENDING",
            },
        })
    );
    let all = Window { skip: 0, take: 10 };
    let kept = world
        .core
        .deployments(&world.repository, &DeploymentFilter::default(), all)
        .unwrap()
        .items;
    assert_eq!(
        (
            kept[0].reference.as_str(),
            kept[0].payload.as_str(),
            kept[0].production
        ),
        ("main", "{}", true)
    );
}

#[test]
fn every_input_field_is_used() {
    let world = World::sample();
    let more = json!({
        "environment": "staging",
        "task": "migrate",
        "payload": r#"{"n":1.10}"#,
        "description": "d",
        "autoMerge": false,
        "requiredContexts": [],
    });
    world.report(&world.sha("v1.0.0"), "ci", CheckState::Failure);
    let made = data(create(&world, "refs/tags/v1.0.0", &more));
    let deployment = &made["createDeployment"]["deployment"];
    assert_eq!(deployment["ref"]["name"], "v1.0.0");
    assert_eq!(deployment["environment"], "staging");
    assert_eq!(deployment["task"], "migrate");
    assert_eq!(deployment["payload"], r#"{"n":1.10}"#);
    assert_eq!(deployment["description"], "d");
}

#[test]
fn an_auto_merge_makes_no_deployment() {
    let world = World::sample();
    let behind = world.sha("topic-behind");
    let answer = data(create(&world, "refs/heads/topic-behind", &json!({})));
    assert_eq!(
        answer["createDeployment"],
        json!({"autoMerged": true, "clientMutationId": null, "deployment": null})
    );
    assert_eq!(world.count(), 0);
    assert_ne!(world.sha("topic-behind"), behind);
    let again = data(create(&world, "refs/heads/topic-behind", &json!({})));
    assert_eq!(again["createDeployment"]["autoMerged"], false);
    let conflict = create(&world, "refs/heads/conflict", &json!({}));
    assert_eq!(
        only_message(&conflict),
        "Conflict merging main into conflict."
    );
    assert_eq!(conflict["data"], json!({"createDeployment": null}));
}

#[test]
fn red_contexts_and_wrong_ids_refuse_a_deployment() {
    let world = World::sample();
    world.report(&world.sha("main"), "ci", CheckState::Failure);
    let red = create(&world, "refs/heads/main", &json!({}));
    assert_eq!(
        only_message(&red),
        "Conflict: Commit status checks failed for main."
    );
    assert_eq!(red["errors"][0]["type"], "UNPROCESSABLE");
    let required = create(
        &world,
        "refs/heads/main",
        &json!({"requiredContexts": ["other"]}),
    );
    assert_eq!(only_message(&required), only_message(&red));
    let commit = world.sha("main");
    for id in [
        ref_id(&world, "refs/heads/nothing"),
        ref_id(&world, &commit),
        repository_id(&world),
        "main".to_owned(),
    ] {
        let answer = create(&world, "", &json!({"refId": id}));
        assert_eq!(
            only_message(&answer),
            format!("Could not resolve to Ref node with the global id of '{id}'.")
        );
        assert_eq!(answer["errors"][0]["type"], "NOT_FOUND");
    }
    assert_eq!(world.count(), 0);
}

#[test]
fn a_status_is_added_with_its_consequences() {
    let world = World::sample();
    let staging = NewDeployment {
        environment: Some("staging".to_owned()),
        ..NewDeployment::with_ref("main")
    };
    let (old, new) = (world.create(&staging), world.create(&staging));
    world.set(old.id, NewStatus::with_state("success"));
    let query =
        "mutation($input: CreateDeploymentStatusInput!) { createDeploymentStatus(input: $input) {
        clientMutationId deploymentStatus { state description logUrl environmentUrl environment
            deployment { state environment originalEnvironment } } } }";
    let input = json!({
        "deploymentId": node_id(&new),
        "state": "SUCCESS",
        "description": "done",
        "logUrl": "http://log/",
        "environmentUrl": "http://app/",
        "clientMutationId": "s",
    });
    let answer = data(send_with(&world, query, &json!({"input": input})));
    assert_eq!(
        answer["createDeploymentStatus"],
        json!({
            "clientMutationId": "s",
            "deploymentStatus": {
                "state": "SUCCESS",
                "description": "done",
                "logUrl": "http://log/",
                "environmentUrl": "http://app/",
                "environment": "staging",
                "deployment": {
                    "state": "ACTIVE",
                    "environment": "staging",
                    "originalEnvironment": "staging",
                },
            },
        })
    );
    assert_eq!(world.state(old.id), "inactive");
    let long = json!({
        "deploymentId": node_id(&new),
        "state": "ERROR",
        "description": "é".repeat(141),
    });
    let answer = send_with(&world, query, &json!({"input": long}));
    assert_eq!(
        only_message(&answer),
        "description is too long (maximum is 140 characters)"
    );
    let moved = json!({
        "deploymentId": node_id(&old),
        "state": "SUCCESS",
        "environment": "qa",
        "autoInactive": false,
    });
    let answer = data(send_with(&world, query, &json!({"input": moved})));
    let deployment = &answer["createDeploymentStatus"]["deploymentStatus"]["deployment"];
    assert_eq!(deployment["environment"], "qa");
    assert_eq!(deployment["originalEnvironment"], "staging");
}

#[test]
fn aliases_run_in_order_and_their_failures_map_back() {
    let world = World::sample();
    let of = |name: &str| {
        world.create(&NewDeployment {
            environment: Some(name.to_owned()),
            ..NewDeployment::with_ref("main")
        })
    };
    let (first, second) = (of("staging"), of("staging"));
    world.set(second.id, NewStatus::with_state("success"));
    // The second deployment can be deleted after an earlier field makes it
    // inactive.
    let query = format!(
        r#"mutation {{
            tooEarly: deleteDeployment(input: {{id: "{second}"}}) {{ clientMutationId }}
            off: createDeploymentStatus(input: {{deploymentId: "{second}", state: INACTIVE}}) {{
                deploymentStatus {{ state }} }}
            unknown: deleteDeployment(input: {{id: "DE_x"}}) {{ clientMutationId }}
            a: deleteDeployment(input: {{id: "{second}", clientMutationId: "a"}}) {{ clientMutationId }}
            b: deleteDeployment(input: {{id: "{first}"}}) {{ clientMutationId }}
            twice: deleteDeployment(input: {{id: "{first}"}}) {{ clientMutationId }}
        }}"#,
        first = node_id(&first),
        second = node_id(&second),
    );
    let answer = ask(&world, &query);
    assert_eq!(
        answer["data"],
        json!({
            "tooEarly": null,
            "off": {"deploymentStatus": {"state": "INACTIVE"}},
            "unknown": null,
            "a": {"clientMutationId": "a"},
            "b": {"clientMutationId": null},
            "twice": null,
        })
    );
    let keys: Vec<&String> = answer["data"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["tooEarly", "off", "unknown", "a", "b", "twice"]);
    let told: Vec<(&str, &str)> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["path"][0].as_str().unwrap(),
                error["type"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("tooEarly", "UNPROCESSABLE"),
            ("unknown", "NOT_FOUND"),
            ("twice", "NOT_FOUND")
        ]
    );
    assert_eq!(
        answer["errors"][0]["message"],
        "We cannot delete an active deployment unless it is the only deployment in a given environment."
    );
    assert_eq!(world.count(), 0);
}

#[test]
fn a_token_without_the_right_changes_nothing() {
    let world = World::sample();
    let made = world.create(&NewDeployment::with_ref("main"));
    let query = format!(
        r#"mutation {{ createDeploymentStatus(input: {{deploymentId: "{}", state: SUCCESS}}) {{
            deploymentStatus {{ id }} }} }}"#,
        node_id(&made)
    );
    let fine = ask_as(&world, "ci=deployments=read", &query);
    assert_eq!(
        fine,
        json!({
            "data": {"createDeploymentStatus": null},
            "errors": [{
                "type": "FORBIDDEN",
                "path": ["createDeploymentStatus"],
                "extensions": {"saml_failure": false},
                "locations": [{"line": 1, "column": 12}],
                "message": "Resource not accessible by personal access token",
            }],
        })
    );
    let classic = ask_as(&world, "ci=read:org", &query);
    assert_eq!(
        only_message(&classic),
        "sandbox does not have the correct permissions to execute `CreateDeploymentStatus`"
    );
    assert_eq!(world.core.latest_statuses(&[made.id]).unwrap(), []);
    data(ask_as(&world, "ci=deployments=write", &query));
    data(ask_as(&world, "ci=repo_deployment", &query));
    let permission = r#"{ repository(owner: "octo", name: "hello") { viewerPermission } }"#;
    let answer = data(ask_as(&world, "ci=deployments=read", permission));
    assert_eq!(answer["repository"]["viewerPermission"], "READ");
}

#[test]
fn a_ref_that_shares_its_name_is_deployed_by_its_full_name() {
    let fixture = crate::git::testing::Fixture::new();
    fixture.commit("one");
    fixture.git(&["tag", "both"]);
    fixture.commit("two");
    fixture.git(&["branch", "both"]);
    let world = World::sample_with(|config| {
        config.repositories[0].path = Some(fixture.path());
    });
    let more = json!({"autoMerge": false});
    data(create(&world, "refs/tags/both", &more));
    data(create(&world, "refs/heads/both", &more));
    let nodes = repository(
        &world,
        "deployments(first: 5) { nodes { ref { prefix name } } }",
    );
    assert_eq!(
        nodes["deployments"]["nodes"],
        json!([
            {"ref": {"prefix": "refs/tags/", "name": "both"}},
            {"ref": {"prefix": "refs/heads/", "name": "both"}},
        ])
    );
}
