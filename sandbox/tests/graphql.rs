//! GraphQL: queries, mutations, errors and limits.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::world::{World, id, one, text};
use crate::support::http::{Client, REPO, Reply};
use crate::support::serve::rule;

/// The query that lists deployments with their states.
const BIG: &str = "query($o:String!,$r:String!,$after:String,$envs:[String!]){
  repository(owner:$o,name:$r){
    deployments(first:100, after:$after, environments:$envs, orderBy:{field:CREATED_AT,direction:DESC}){
      totalCount pageInfo{hasNextPage endCursor}
      nodes{ id state task latestEnvironment originalEnvironment description payload commitOid createdAt updatedAt
        ref{name prefix} creator{__typename login}
        latestStatus{ state description environment environmentUrl logUrl createdAt creator{login} } } } }
  rateLimit{cost remaining resetAt} }";

#[track_caller]
fn ask(client: &Client, query: &str, variables: &Value) -> Reply {
    client.post("/graphql", &json!({"query": query, "variables": variables}))
}

/// The whole response, with data and errors.
#[track_caller]
fn answer(world: &World, query: &str) -> Value {
    ask(&world.client, query, &json!({})).expect(200).json()
}

/// The data of a response without errors.
#[track_caller]
fn data(world: &World, query: &str) -> Value {
    let mut answer = answer(world, query);
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].take()
}

/// The given fields of the test repository.
#[track_caller]
fn repository(world: &World, fields: &str) -> Value {
    let query = format!("{{repository(owner:\"octocat\",name:\"hello-world\"){{{fields}}}}}");
    data(world, &query)["repository"].take()
}

/// The node ID that REST returns.
fn node(world: &World, deployment: u64) -> String {
    text(&world.deployment(deployment), "node_id")
}

/// The only error of a response.
#[track_caller]
fn only_error(answer: &Value) -> Value {
    let errors = answer["errors"].as_array();
    let errors = errors.unwrap_or_else(|| panic!("no errors: {answer}"));
    assert_eq!(errors.len(), 1, "{answer}");
    errors[0].clone()
}

#[test]
fn one_query_lists_deployments_with_their_states() {
    let world = World::new();
    let bare = id(&world.create(&json!({
        "ref": "topic", "task": "migrate", "environment": "qa", "payload": {"a": 1},
        "description": "one",
    })));
    let active = world.deploy("staging");
    world.deploy("other");
    let status = json!({
        "state": "success", "description": "fine", "log_url": "https://ci.example.com/1",
        "environment_url": "https://staging.example.com/", "environment": "canary",
    });
    world.add(active, &status).expect(201);

    let variables = json!({"o": "octocat", "r": "hello-world", "envs": ["qa", "canary"]});
    let reply = ask(&world.client, BIG, &variables).expect(200);
    assert_eq!(reply.header("x-ratelimit-resource"), Some("graphql"));
    let answer = reply.json();
    assert_eq!(answer.get("errors"), None, "{answer}");
    let found = &answer["data"]["repository"]["deployments"];
    assert_eq!(found["totalCount"], 2);
    assert_eq!(found["pageInfo"]["hasNextPage"], false);
    let nodes = found["nodes"].as_array().expect("nodes");
    let rest = world.deployment(active);
    let login = rest["creator"]["login"].clone();
    let first = &nodes[0];
    for (field, expected) in [
        ("id", rest["node_id"].clone()),
        ("state", json!("ACTIVE")),
        ("task", json!("deploy")),
        ("latestEnvironment", json!("canary")),
        ("originalEnvironment", json!("staging")),
        ("commitOid", json!(world.repository.sha("main"))),
        ("ref", json!({"name": "main", "prefix": "refs/heads/"})),
        ("createdAt", rest["created_at"].clone()),
        ("updatedAt", rest["updated_at"].clone()),
    ] {
        assert_eq!(first[field], expected, "{field}");
    }
    assert_eq!(first["creator"]["login"], login);
    assert_eq!(first["latestStatus"]["state"], "SUCCESS");
    assert_eq!(first["latestStatus"]["description"], "fine");
    assert_eq!(first["latestStatus"]["environment"], "canary");
    assert_eq!(first["latestStatus"]["logUrl"], "https://ci.example.com/1");
    assert_eq!(
        first["latestStatus"]["environmentUrl"],
        "https://staging.example.com/"
    );
    assert_eq!(first["latestStatus"]["creator"]["login"], login);

    let second = &nodes[1];
    assert_eq!(second["id"], node(&world, bare));
    assert_eq!(second["state"], "PENDING");
    assert_eq!(second["task"], "migrate");
    assert_eq!(second["description"], "one");
    assert_eq!(second["latestStatus"], Value::Null);
    let payload = second["payload"].as_str().expect("a payload is a text");
    let payload: Value = serde_json::from_str(payload).expect("JSON in the text");
    assert_eq!(payload, json!({"a": 1}));

    let rate = &answer["data"]["rateLimit"];
    assert_eq!(rate["cost"], 1);
    assert_eq!(
        rate["remaining"],
        reply.number("x-ratelimit-remaining"),
        "the same as in the header"
    );
}

#[test]
fn deployments_come_oldest_first_unless_asked_otherwise() {
    let world = World::new();
    let made: Vec<String> = (0..3)
        .map(|_| {
            let deployment = world.deploy("staging");
            node(&world, deployment)
        })
        .collect();
    let ids = |arguments: &str| -> Vec<String> {
        let found = repository(&world, &format!("deployments({arguments}){{nodes{{id}}}}"));
        let nodes = found["deployments"]["nodes"]
            .as_array()
            .expect("nodes")
            .clone();
        nodes.iter().map(|node| text(node, "id")).collect()
    };
    assert_eq!(ids("first:10"), made);
    assert_eq!(
        ids("first:10, orderBy:{field:CREATED_AT,direction:ASC}"),
        made
    );
    assert_eq!(ids("first:2"), made[..2]);
    assert_eq!(ids("last:2"), made[1..]);
    let mut reversed = made;
    reversed.reverse();
    assert_eq!(
        ids("first:10, orderBy:{field:CREATED_AT,direction:DESC}"),
        reversed
    );
}

#[test]
fn pages_hold_each_deployment_once() {
    let world = World::new();
    let made: Vec<String> = (0..25)
        .map(|_| {
            let deployment = world.deploy("staging");
            node(&world, deployment)
        })
        .collect();
    let (mut seen, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let fields = format!(
            "deployments(first:10{after}){{totalCount edges{{cursor node{{id}}}} \
             pageInfo{{hasNextPage hasPreviousPage startCursor endCursor}}}}"
        );
        let found = repository(&world, &fields)["deployments"].take();
        pages += 1;
        assert_eq!(found["totalCount"], 25);
        let edges = found["edges"].as_array().expect("edges");
        seen.extend(edges.iter().map(|edge| text(&edge["node"], "id")));
        let info = &found["pageInfo"];
        assert_eq!(info["hasPreviousPage"], pages > 1);
        assert_eq!(info["startCursor"], edges[0]["cursor"]);
        let end = edges.last().expect("an edge")["cursor"].clone();
        assert_eq!(info["endCursor"], end);
        if info["hasNextPage"] == false {
            break;
        }
        after = format!(", after:{end}");
    }
    assert_eq!((pages, seen), (3, made));
}

#[test]
fn a_connection_needs_a_bound_from_1_to_100() {
    let world = World::new();
    for (arguments, kind) in [
        ("", "MISSING_PAGINATION_BOUNDARIES"),
        (
            "(orderBy:{field:CREATED_AT,direction:DESC})",
            "MISSING_PAGINATION_BOUNDARIES",
        ),
        ("(first:101)", "EXCESSIVE_PAGINATION"),
        ("(last:101)", "EXCESSIVE_PAGINATION"),
    ] {
        let query = format!(
            "{{repository(owner:\"octocat\",name:\"hello-world\"){{deployments{arguments}{{totalCount}}}}}}"
        );
        let error = only_error(&answer(&world, &query));
        assert_eq!(error["type"], kind, "{arguments}: {error}");
        assert_eq!(error["path"], json!(["repository", "deployments"]));
    }
}

#[test]
fn nodes_keep_their_order_and_unknown_ones_are_null() {
    let world = World::new();
    let (a, b) = (world.deploy("a"), world.deploy("b"));
    let (node_a, node_b) = (node(&world, a), node(&world, b));
    world.client.delete(&one(a)).expect(204);
    let query = format!(
        "{{nodes(ids:[\"{node_b}\",\"{node_a}\",\"nonsense\",\"{node_b}\"])\
         {{__typename id ... on Deployment{{state environment}}}}}}"
    );
    let answer = answer(&world, &query);
    let expected = json!({
        "__typename": "Deployment", "id": node_b, "state": "PENDING", "environment": "b",
    });
    assert_eq!(
        answer["data"]["nodes"],
        json!([expected, null, null, expected])
    );
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 2, "{answer}");
    for (error, place) in errors.iter().zip([1, 2]) {
        assert_eq!(error["type"], "NOT_FOUND");
        assert_eq!(error["path"], json!(["nodes", place]));
        let message = text(error, "message");
        assert!(
            message.starts_with("Could not resolve to a node"),
            "{message}"
        );
    }
}

/// The clock of [`the_states_are_those_of_the_docs`].
static NOW: AtomicI64 = AtomicI64::new(1_767_225_600);

fn set_clock() -> Timestamp {
    Timestamp::from_second(NOW.load(Ordering::SeqCst)).expect("a time")
}

#[test]
fn the_states_are_those_of_the_docs() {
    let world = World::with(|config| config.clock = set_clock);
    let state = |deployment: u64| {
        let query = format!(
            "{{node(id:\"{}\"){{... on Deployment{{state}}}}}}",
            node(&world, deployment)
        );
        text(&data(&world, &query)["node"], "state")
    };
    let bare = world.deploy("bare");
    let pending = world.deploy("pending");
    world.set(pending, "pending");
    assert_eq!(state(bare), "PENDING");
    assert_eq!(state(pending), "PENDING");
    let mut with_status = Vec::new();
    for (status, expected) in [
        ("success", "ACTIVE"),
        ("inactive", "INACTIVE"),
        ("error", "ERROR"),
        ("failure", "FAILURE"),
        ("queued", "QUEUED"),
        ("in_progress", "IN_PROGRESS"),
    ] {
        let deployment = world.deploy(status);
        world.set(deployment, status);
        assert_eq!(state(deployment), expected);
        with_status.push((deployment, expected));
    }
    let transient = id(&world.create(&json!({
        "ref": "main", "environment": "review", "transient_environment": true,
    })));
    world.set(transient, "success");
    assert_eq!(state(transient), "ACTIVE");
    world.set(transient, "inactive");
    assert_eq!(state(transient), "DESTROYED");

    // A waiting deployment is abandoned after half an hour without an update.
    NOW.fetch_add(31 * 60, Ordering::SeqCst);
    assert_eq!(state(bare), "ABANDONED");
    assert_eq!(state(pending), "ABANDONED");
    for (deployment, expected) in with_status {
        assert_eq!(state(deployment), expected);
    }
    assert_eq!(state(transient), "DESTROYED");
}

#[test]
fn a_database_id_that_does_not_fit_is_null() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let query = format!(
        "{{node(id:\"{}\"){{... on Deployment{{databaseId}}}}}}",
        node(&world, deployment)
    );
    assert_eq!(data(&world, &query)["node"]["databaseId"], Value::Null);
}

#[test]
fn an_empty_payload_is_null_and_a_text_stays_a_text() {
    let world = World::new();
    let payload = |sent: Value| {
        let mut body = json!({"ref": "main"});
        body["payload"] = sent;
        let made = world.create(&body);
        let query = format!(
            "{{node(id:{}){{... on Deployment{{payload}}}}}}",
            made["node_id"]
        );
        data(&world, &query)["node"]["payload"].clone()
    };
    assert_eq!(payload(json!({})), Value::Null);
    let object = payload(json!({"a": [1]}));
    let object: Value = serde_json::from_str(object.as_str().expect("a text")).expect("JSON");
    assert_eq!(object, json!({"a": [1]}));
    let string = payload(json!("plain"));
    assert!(string.as_str().expect("a text").contains("plain"));
}

/// The node IDs of the repository and of a branch.
fn ids_for(world: &World, branch: &str) -> (String, String) {
    let fields =
        format!("id ref(qualifiedName:\"refs/heads/{branch}\"){{id name prefix target{{oid}}}}");
    let found = repository(world, &fields);
    assert_eq!(found["ref"]["name"], branch);
    assert_eq!(found["ref"]["target"]["oid"], world.repository.sha(branch));
    (text(&found, "id"), text(&found["ref"], "id"))
}

#[test]
fn a_deployment_is_created_marked_and_deleted_by_mutations() {
    let world = World::new();
    let (repository, reference) = ids_for(&world, "topic");
    let create = "mutation($input:CreateDeploymentInput!){createDeployment(input:$input){
        clientMutationId autoMerged deployment{id state environment task description payload commitOid}}}";
    let input = json!({"input": {
        "repositoryId": repository, "refId": reference, "environment": "qa", "task": "migrate",
        "description": "by mutation", "payload": "{\"a\":1}", "clientMutationId": "m-1",
    }});
    let answer = ask(&world.client, create, &input).expect(200).json();
    assert_eq!(answer.get("errors"), None, "{answer}");
    let made = &answer["data"]["createDeployment"];
    assert_eq!(made["clientMutationId"], "m-1");
    assert_ne!(made["autoMerged"], true);
    let deployment = &made["deployment"];
    assert_eq!(deployment["environment"], "qa");
    assert_eq!(deployment["state"], "PENDING");
    let node_id = text(deployment, "id");

    let list = world
        .client
        .get(&format!("{REPO}/deployments"))
        .expect(200)
        .list();
    assert_eq!(list.len(), 1);
    let rest = &list[0];
    for (field, expected) in [
        ("node_id", json!(node_id)),
        ("ref", json!("topic")),
        ("sha", json!(world.repository.sha("topic"))),
        ("task", json!("migrate")),
        ("environment", json!("qa")),
        ("description", json!("by mutation")),
    ] {
        assert_eq!(rest[field], expected, "{field}");
    }
    let number = id(rest);

    let status = format!(
        "mutation{{createDeploymentStatus(input:{{deploymentId:\"{node_id}\",state:SUCCESS,\
         description:\"done\",logUrl:\"https://ci.example.com/1\",clientMutationId:\"m-2\"}})\
         {{clientMutationId deploymentStatus{{id state description logUrl deployment{{state}}}}}}}}"
    );
    let made = data(&world, &status)["createDeploymentStatus"].take();
    assert_eq!(made["clientMutationId"], "m-2");
    assert_eq!(made["deploymentStatus"]["state"], "SUCCESS");
    assert_eq!(made["deploymentStatus"]["deployment"]["state"], "ACTIVE");
    assert_eq!(world.states(number), ["success"]);

    let delete = format!(
        "mutation{{deleteDeployment(input:{{id:\"{node_id}\",clientMutationId:\"m-3\"}}){{clientMutationId}}}}"
    );
    assert_eq!(
        data(&world, &delete),
        json!({"deleteDeployment": {"clientMutationId": "m-3"}})
    );
    world.client.get(&one(number)).expect(404);
}

#[test]
fn an_auto_merge_is_reported_by_a_field() {
    let world = World::new();
    let (repository, reference) = ids_for(&world, "behind");
    let create = format!(
        "mutation{{createDeployment(input:{{repositoryId:\"{repository}\",refId:\"{reference}\"}})\
         {{autoMerged deployment{{id}}}}}}"
    );
    assert_eq!(
        data(&world, &create)["createDeployment"],
        json!({"autoMerged": true, "deployment": null})
    );
    let made = data(&world, &create)["createDeployment"].take();
    assert_ne!(made["autoMerged"], true);
    assert!(made["deployment"]["id"].is_string());
}

#[test]
fn a_refused_mutation_is_an_error_with_its_path() {
    let world = World::new();
    world.report("topic", "ci", "failure");
    for (branch, message) in [
        ("conflict", "Conflict merging main into conflict."),
        ("topic", "Conflict: Commit status checks failed for topic."),
    ] {
        let (repository, reference) = ids_for(&world, branch);
        let answer = answer(
            &world,
            &format!(
                "mutation{{createDeployment(input:{{repositoryId:\"{repository}\",refId:\"{reference}\"}})\
             {{deployment{{id}}}}}}"
            ),
        );
        assert_eq!(answer["data"]["createDeployment"], Value::Null);
        let error = only_error(&answer);
        assert_eq!(error["path"], json!(["createDeployment"]));
        assert!(text(&error, "message").contains(message), "{error}");
    }
    let list = world
        .client
        .get(&format!("{REPO}/deployments"))
        .expect(200)
        .list();
    assert_eq!(list.len(), 0);
}

#[test]
fn of_many_mutations_in_one_request_those_that_can_be_done_are_done() {
    let world = World::new();
    let made: Vec<u64> = (0..4).map(|_| world.deploy("bulk")).collect();
    world.set(made[1], "success");
    let mut query = String::from("mutation{");
    for (number, deployment) in made.iter().enumerate() {
        let node = node(&world, *deployment);
        query += &format!(
            "d{number}:deleteDeployment(input:{{id:\"{node}\",clientMutationId:\"{number}\"}}){{clientMutationId}} "
        );
    }
    query += "gone:deleteDeployment(input:{id:\"nonsense\"}){clientMutationId}}";
    let answer = answer(&world, &query);
    for number in [0, 2, 3] {
        let alias = format!("d{number}");
        assert_eq!(
            answer["data"][&alias]["clientMutationId"],
            number.to_string()
        );
    }
    assert_eq!(answer["data"]["d1"], Value::Null);
    assert_eq!(answer["data"]["gone"], Value::Null);
    let errors = answer["errors"].as_array().expect("errors");
    let paths: Vec<&Value> = errors.iter().map(|error| &error["path"]).collect();
    assert_eq!(paths, [&json!(["d1"]), &json!(["gone"])], "{answer}");
    assert_eq!(errors[1]["type"], "NOT_FOUND");
    let list = world
        .client
        .get(&format!("{REPO}/deployments"))
        .expect(200)
        .list();
    assert_eq!(list.iter().map(id).collect::<Vec<_>>(), [made[1]]);
}

#[test]
fn mutations_run_one_after_the_other_and_by_the_rules() {
    let world = World::new();
    let (prior, new) = (world.deploy("staging"), world.deploy("staging"));
    let set = |alias: &str, deployment: u64, state: &str| {
        format!(
            "{alias}:createDeploymentStatus(input:{{deploymentId:\"{}\",state:{state}}}){{deploymentStatus{{state}}}} ",
            node(&world, deployment)
        )
    };
    let query = format!(
        "mutation{{{}{}}}",
        set("a", prior, "SUCCESS"),
        set("b", new, "SUCCESS")
    );
    data(&world, &query);
    assert_eq!(world.states(prior), ["inactive", "success"]);
    assert_eq!(world.states(new), ["success"]);
    let long = format!(
        "mutation{{createDeploymentStatus(input:{{deploymentId:\"{}\",state:QUEUED,description:\"{}\"}}){{clientMutationId}}}}",
        node(&world, new),
        "é".repeat(141)
    );
    let error = only_error(&answer(&world, &long));
    assert!(text(&error, "message").contains("140"), "{error}");
    assert_eq!(world.states(new), ["success"]);
}

#[test]
fn an_unknown_repository_is_an_error_with_200() {
    let world = World::new();
    let answer = answer(
        &world,
        "{repository(owner:\"octocat\",name:\"nowhere\"){id}}",
    );
    assert_eq!(answer["data"], json!({"repository": null}));
    assert_eq!(
        only_error(&answer),
        json!({
            "type": "NOT_FOUND", "path": ["repository"],
            "locations": [{"line": 1, "column": 2}],
            "message": "Could not resolve to a Repository with the name 'octocat/nowhere'.",
        })
    );
}

#[test]
fn a_query_that_is_wrong_has_no_data() {
    let world = World::new();
    for query in [
        "{",
        "{nothing}",
        "{viewer{login",
        "query($a:Int!){rateLimit{cost}}",
        "{repository{id}}",
    ] {
        let answer = answer(&world, query);
        assert_eq!(answer.get("data"), None, "{query}: {answer}");
        assert!(answer["errors"][0]["message"].is_string(), "{query}");
    }
}

#[test]
fn what_is_no_query_is_refused() {
    let world = World::new();
    let reply = world
        .client
        .send("POST", "/graphql", Some(b"{"))
        .expect(400);
    assert_eq!(reply.json()["message"], "Problems parsing JSON");
    let reply = world.client.post("/graphql", &json!({"nothing": 1}));
    assert!(reply.text().contains("query"), "{}", reply.text());
    world
        .client
        .send_unchecked("GET", "/graphql", None)
        .expect(404);
}

#[test]
fn queries_need_a_token() {
    let world = World::with(|config| config.tokens = vec![rule("gone=revoked")]);
    let reply = ask(&world.client.anonymous(), "{viewer{login}}", &json!({}));
    assert!(matches!(reply.status, 401 | 403), "{}", reply.status);
    let rate = world
        .client
        .anonymous()
        .get("/rate_limit")
        .expect(200)
        .json();
    assert_eq!(rate["resources"]["graphql"]["limit"], 0);
    let reply = ask(
        &world.client.with_token("gone"),
        "{viewer{login}}",
        &json!({}),
    );
    assert_eq!(reply.expect(401).json()["message"], "Bad credentials");
}

#[test]
fn a_token_without_the_right_may_read_and_not_write() {
    let world = World::with(|config| {
        config.tokens = vec![rule("reads=deployments=read,contents=read")];
    });
    let deployment = world.deploy("staging");
    let reads = world.client.with_token("reads");
    let node = node(&world, deployment);
    let query = format!("{{node(id:\"{node}\"){{id}} viewer{{login}}}}");
    let answer = ask(&reads, &query, &json!({})).expect(200).json();
    assert_eq!(answer["data"]["node"]["id"], node);
    assert_eq!(answer["data"]["viewer"]["login"], "reads");
    let query =
        format!("mutation{{deleteDeployment(input:{{id:\"{node}\"}}){{clientMutationId}}}}");
    let answer = ask(&reads, &query, &json!({})).expect(200).json();
    assert_eq!(answer["data"]["deleteDeployment"], Value::Null);
    assert_eq!(only_error(&answer)["type"], "FORBIDDEN");
    world.client.get(&one(deployment)).expect(200);
}

#[test]
fn the_cost_is_counted_separately_and_can_be_queried() {
    let world = World::new();
    let core = |world: &World| {
        world
            .client
            .get(REPO)
            .expect(200)
            .number("x-ratelimit-used")
    };
    let before = core(&world);
    let first = ask(
        &world.client,
        "{rateLimit{cost limit used remaining nodeCount}}",
        &json!({}),
    );
    let first = first.expect(200);
    let rate = first.json()["data"]["rateLimit"].clone();
    assert_eq!(rate["cost"], 1);
    assert_eq!(rate["limit"], 5000);
    assert_eq!(rate["used"], first.number("x-ratelimit-used"));
    // One page of statuses for each of 100 deployments: 101 requests, one point.
    let query = "{repository(owner:\"octocat\",name:\"hello-world\"){deployments(first:100)\
                 {nodes{statuses(first:10){nodes{id}}}}} rateLimit{cost}}";
    assert_eq!(data(&world, query)["rateLimit"]["cost"], 1);
    assert_eq!(core(&world), before + 1);
}

#[test]
fn graphql_is_below_api_too() {
    let world = World::new();
    let body =
        json!({"query": "query A{viewer{login}} query B{rateLimit{cost}}", "operationName": "B"});
    let reply = world.client.post("/api/graphql", &body).expect(200);
    assert_eq!(reply.json()["data"], json!({"rateLimit": {"cost": 1}}));
}

#[test]
fn the_connections_of_a_node_can_be_followed() {
    let world = World::new();
    let deployment = world.deploy("staging");
    world.set(deployment, "queued");
    world.set(deployment, "success");
    let query = format!(
        "query{{node(id:\"{}\"){{...D}}}} fragment D on Deployment{{
           repository{{nameWithOwner owner{{login}} defaultBranchRef{{name}} isPrivate}}
           commit{{oid}} statuses(first:10){{totalCount nodes{{state}}}}
           creator{{login ... on User{{id}}}} latestStatus{{deployment{{id}}}}}}",
        node(&world, deployment)
    );
    let found = data(&world, &query)["node"].take();
    assert_eq!(found["repository"]["nameWithOwner"], "octocat/hello-world");
    assert_eq!(found["repository"]["owner"]["login"], "octocat");
    assert_eq!(found["repository"]["defaultBranchRef"]["name"], "main");
    assert_eq!(found["commit"]["oid"], world.repository.sha("main"));
    assert_eq!(found["statuses"]["totalCount"], 2);
    assert_eq!(
        found["latestStatus"]["deployment"]["id"],
        node(&world, deployment)
    );
}
