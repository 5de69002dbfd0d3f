//! Lists with states: REST's pages and GraphQL's states, requested at the same
//! time.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use deployctl::api::{ApiError, Client, DeploymentFilter, Paging};
use deployctl::model::{Deployment, DeploymentId, DeploymentWithState, User};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::github::{LIST, Log, config, not_found, patient, repo};
use crate::pages::{deployment, page, page_of};
use crate::server::{Act, ReceivedRequest, Response, Server};

const STATE: &str = "IN_PROGRESS";

fn node(id: &str) -> Value {
    json!({"id": id, "state": STATE, "latestStatus": {
        "id": format!("S_{id}"), "state": STATE, "description": null, "environment": "staging",
        "environmentUrl": "https://app", "logUrl": null, "createdAt": "2026-11-01T00:00:01Z",
        "updatedAt": "2026-11-01T00:00:01Z", "creator": {"__typename": "Bot", "login": "robot"}}})
}

/// GraphQL's response about `total` deployments.
fn graphql(request: &ReceivedRequest, total: u64) -> Response {
    let variables = request.json()["variables"].clone();
    let data = if let Some(ids) = variables["ids"].as_array() {
        let nodes: Vec<Value> = ids.iter().filter_map(Value::as_str).map(node).collect();
        json!({"nodes": nodes})
    } else {
        let first = variables["first"].as_u64().expect("a number");
        let newest = (1..=total)
            .rev()
            .take(usize::try_from(first).expect("small"));
        let nodes: Vec<Value> = newest.map(|number| node(&format!("N_{number}"))).collect();
        json!({"repository": {"deployments": {"nodes": nodes}}})
    };
    Response::json(200, &json!({"data": data}))
}

fn statuses() -> Response {
    let made = "2026-11-01T00:00:02Z";
    Response::json(
        200,
        &json!([{"id": 1, "state": "success", "created_at": made}]),
    )
}

fn client(server: &Server) -> (Client, Log) {
    let (config, log) = patient(&server.root);
    (Client::new(config).expect("a client"), log)
}

async fn list(client: &Client, paging: Paging) -> Result<Vec<DeploymentWithState>, ApiError> {
    let filter = DeploymentFilter::default();
    client
        .repo(&repo())
        .deployments_with_state(&filter, paging)
        .try_concat()
        .await
}

fn numbers(observed: &[DeploymentWithState]) -> Vec<u64> {
    observed
        .iter()
        .map(|observed| observed.deployment.id.0)
        .collect()
}

#[tokio::test]
async fn a_page_with_states_is_two_requests_at_the_same_time() {
    let server = Server::start(|request| {
        let response = match request.path() {
            "/graphql" => graphql(request, 1000),
            _ => page(request, 1000, true),
        };
        Act::After(Duration::from_millis(50), Box::new(response.into()))
    });
    let (client, _) = client(&server);
    let observed = list(&client, Paging::up_to(30)).await.expect("a list");
    assert_eq!(numbers(&observed), (971..=1000).rev().collect::<Vec<u64>>());
    assert_eq!(server.received().len(), 2);
    assert_eq!(server.most_at_once(), 2);
    let first = &observed[0];
    assert_eq!(first.state.as_str(), "in_progress");
    let latest = first.latest_status.as_ref().expect("a status");
    assert_eq!(latest.state.as_str(), "in_progress");
    assert_eq!(latest.environment_url(), Some("https://app"));
    assert_eq!(latest.log_url.as_deref(), Some(""));
    assert_eq!(latest.creator.as_ref().map(User::login), Some("robot[bot]"));
    assert_eq!(latest.node_id.as_deref(), Some("S_N_1000"));
    let requested = server.received();
    let requested = requested
        .iter()
        .find(|request| request.path() == "/graphql")
        .expect("a query")
        .json();
    let variables = json!({"owner": "octo", "name": "app", "first": 30, "environments": null});
    assert_eq!(requested["variables"], variables);
}

#[tokio::test]
async fn further_pages_do_not_wait_for_the_states_of_the_first() {
    let requested = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        let before = requested.fetch_add(1, Ordering::SeqCst);
        if request.path() != "/graphql" {
            return page(request, 1000, true).into();
        }
        if request.json()["variables"]["ids"].is_null() {
            // The states of the first page arrive after all other requests have
            // been sent.
            let patience = Instant::now() + Duration::from_secs(10);
            while requested.load(Ordering::SeqCst) < 20 && Instant::now() < patience {
                std::thread::sleep(Duration::from_millis(1));
            }
            assert!(before < 2, "the states are requested first");
        }
        graphql(request, 1000).into()
    });
    let (client, _) = client(&server);
    let filter = DeploymentFilter::default();
    let pages = client
        .repo(&repo())
        .deployments_with_state(&filter, Paging::all());
    let mut pages = std::pin::pin!(pages);
    let first = pages.next().await.expect("a page").expect("a page");
    assert_eq!(numbers(&first), (901..=1000).rev().collect::<Vec<u64>>());
    assert_eq!(server.received().len(), 20, "{:?}", server.lines());
    let rest: Vec<DeploymentWithState> = pages.try_concat().await.expect("a list");
    assert_eq!(numbers(&rest), (1..=900).rev().collect::<Vec<u64>>());
    assert_eq!(server.received().len(), 20);
}

#[tokio::test]
async fn a_first_page_that_fails_is_asked_for_once() {
    let server = Server::start(|request| match request.path() {
        "/graphql" => graphql(request, 1000).into(),
        _ => not_found().into(),
    });
    let (client, _) = client(&server);
    let error = list(&client, Paging::all()).await.expect_err("refused");
    assert_eq!(error.status(), Some(404));
    assert_eq!(server.count("GET", LIST), 1);
}

#[tokio::test]
async fn each_further_page_has_its_states_by_id() {
    let server = Server::start(|request| match request.path() {
        "/graphql" => graphql(request, 1000).into(),
        _ => page(request, 1000, true).into(),
    });
    let (client, _) = client(&server);
    let observed = list(&client, Paging::up_to(250)).await.expect("a list");
    assert_eq!(numbers(&observed), (751..=1000).rev().collect::<Vec<u64>>());
    assert!(
        observed
            .iter()
            .all(|observed| observed.state.as_str() == "in_progress")
    );
    assert_eq!(server.count("POST", "/graphql"), 3);
    assert_eq!(server.received().len(), 6);
}

#[tokio::test]
async fn what_graphql_does_not_filter_by_is_asked_by_id() {
    let server = Server::start(|request| match request.path() {
        "/graphql" => graphql(request, 3).into(),
        _ => page(request, 3, true).into(),
    });
    let (client, _) = client(&server);
    for filter in [
        DeploymentFilter::new().ref_name("main"),
        DeploymentFilter::new().sha("abc"),
        DeploymentFilter::new().task("deploy"),
    ] {
        let before = server.received().len();
        let pages = client
            .repo(&repo())
            .deployments_with_state(&filter, Paging::all());
        let observed: Vec<DeploymentWithState> = pages.try_concat().await.expect("a list");
        assert_eq!(observed.len(), 3);
        let requests = server.received().split_off(before);
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[0].path(), LIST);
        assert_eq!(
            requests[1].json()["variables"]["ids"],
            json!(["N_3", "N_2", "N_1"])
        );
    }
    let filter = DeploymentFilter::new().environment("staging");
    let before = server.received().len();
    let pages = client
        .repo(&repo())
        .deployments_with_state(&filter, Paging::all());
    let _: Vec<DeploymentWithState> = pages.try_concat().await.expect("a list");
    let requests = server.received().split_off(before);
    let requested = requests
        .iter()
        .find(|request| request.path() == "/graphql")
        .expect("a query")
        .json();
    assert_eq!(requested["variables"]["environments"], json!(["staging"]));
    assert_eq!(requests.len(), 2);
}

#[tokio::test]
async fn what_graphql_left_out_is_asked_once_more() {
    let server = Server::start(|request| match request.path() {
        "/graphql" if request.json()["variables"]["ids"].is_null() => graphql(request, 2).into(),
        "/graphql" => graphql(request, 3).into(),
        _ => page(request, 4, true).into(),
    });
    let (client, _) = client(&server);
    let observed = list(&client, Paging::all()).await.expect("a list");
    assert_eq!(numbers(&observed), [4, 3, 2, 1]);
    let requests = server.received();
    assert_eq!(requests.len(), 3);
    assert_eq!(
        requests[2].json()["variables"]["ids"],
        json!(["N_4", "N_3"])
    );
}

#[tokio::test]
async fn without_graphql_each_state_comes_by_rest() {
    let refusals: [(&str, Act); 8] = [
        ("401", Response::json(401, &json!({"message": "Bad credentials"})).into()),
        ("403", Response::json(403, &json!({"message": "Forbidden"})).into()),
        ("404", not_found().into()),
        ("HTML", Response::html(200, "<title>Log in</title>").into()),
        ("502", Response::html(502, "<title>Unicorn!</title>").into()),
        ("FORBIDDEN", Response::json(200, &json!({"data": {"repository": null},
            "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible by personal access token"}]})).into()),
        ("null", Response::json(200, &json!({"data": null, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]})).into()),
        ("reset", Act::Reset),
    ];
    for (name, act) in refusals {
        let server = Server::start(move |request| match request.path() {
            "/graphql" => act.clone(),
            path if path.ends_with("/statuses") => statuses().into(),
            _ => page(request, 5, true).into(),
        });
        let (client, log) = client(&server);
        let observed = list(&client, Paging::all()).await;
        let observed = observed.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(numbers(&observed), [5, 4, 3, 2, 1], "{name}");
        assert!(
            observed
                .iter()
                .all(|observed| observed.state.as_str() == "active"),
            "{name}"
        );
        let requested = server.count("POST", "/graphql");
        assert!((1..=2).contains(&requested), "{name}: {requested}");
        let requests = server.received();
        let statuses = requests
            .iter()
            .filter(|request| request.path().ends_with("/statuses"));
        assert!(
            statuses
                .clone()
                .all(|request| request.query("per_page").as_deref() == Some("1"))
        );
        assert_eq!(statuses.count(), 5, "{name}");

        list(&client, Paging::all()).await.expect("a list");
        assert_eq!(
            server.count("POST", "/graphql"),
            requested,
            "{name}: not asked again"
        );
        let log = log.lock().expect("no panic").join("\n");
        assert_eq!(
            log.matches("GraphQL is not available").count(),
            1,
            "{name}: {log}"
        );
    }
}

#[tokio::test]
async fn without_a_token_graphql_is_not_asked() {
    let server = Server::start(|request| match request.path() {
        path if path.ends_with("/statuses") => statuses().into(),
        _ => page(request, 2, true).into(),
    });
    let (mut config, _) = config(&server.root);
    config.token = None;
    let client = Client::new(config).expect("a client");
    assert_eq!(list(&client, Paging::all()).await.expect("a list").len(), 2);
    assert_eq!(server.count("POST", "/graphql"), 0);
    assert!(
        server
            .received()
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
}

#[tokio::test]
async fn a_part_of_graphqls_answer_is_used_and_the_rest_comes_by_rest() {
    let server = Server::start(|request| match request.path() {
        "/graphql" => {
            // The second node looks complete, but its status could not be read.
            let mut spoilt = node("N_2");
            spoilt["latestStatus"] = json!(null);
            let (nodes, path) = if request.json()["variables"]["ids"].is_null() {
                let data =
                    json!({"repository": {"deployments": {"nodes": [node("N_3"), spoilt, null]}}});
                (
                    data,
                    json!(["repository", "deployments", "nodes", 1, "latestStatus"]),
                )
            } else {
                (
                    json!({"nodes": [spoilt, {}]}),
                    json!(["nodes", 0, "latestStatus"]),
                )
            };
            let errors = json!([{"message": "Something went wrong", "path": path}]);
            Response::json(200, &json!({"data": nodes, "errors": errors})).into()
        }
        path if path.ends_with("/1/statuses") => not_found().into(),
        path if path.ends_with("/statuses") => statuses().into(),
        _ => page(request, 3, true).into(),
    });
    let (client, _) = client(&server);
    let observed = list(&client, Paging::all()).await.expect("a list");
    let states: Vec<(u64, &str)> = observed
        .iter()
        .map(|observed| (observed.deployment.id.0, observed.state.as_str()))
        .collect();
    // The first deployment was deleted in the meantime and is no longer listed.
    assert_eq!(states, [(3, "in_progress"), (2, "active")]);
}

#[tokio::test]
async fn a_list_that_is_refused_does_not_wait_for_states() {
    let server = Server::start(|request| match request.path() {
        "/graphql" => Act::Hang,
        _ => not_found().into(),
    });
    let (client, _) = client(&server);
    let began = Instant::now();
    let error = list(&client, Paging::all()).await.expect_err("refused");
    assert_eq!(error.status(), Some(404));
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn deployments_in_hand_are_observed_by_one_request() {
    let server = Server::start(|request| graphql(request, 0).into());
    let (client, _) = client(&server);
    let in_hand = |count: u64| -> Vec<Deployment> {
        let read = |number| serde_json::from_value(deployment(number)).expect("a deployment");
        (1..=count).map(read).collect()
    };
    let observed = client
        .repo(&repo())
        .add_states(in_hand(3))
        .await
        .expect("states");
    assert_eq!(numbers(&observed), [1, 2, 3]);
    assert_eq!(server.received().len(), 1);
    let observed = client
        .repo(&repo())
        .add_states(in_hand(250))
        .await
        .expect("states");
    assert_eq!(observed.len(), 250);
    assert_eq!(server.received().len(), 4);
    assert!(
        client
            .repo(&repo())
            .add_states(Vec::new())
            .await
            .expect("none")
            .is_empty()
    );
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn a_deployment_and_its_history_are_asked_for_at_the_same_time() {
    let server = Server::start(|request| {
        let status =
            |id: u64, at: &str, state: &str| json!({"id": id, "state": state, "created_at": at});
        let response = match request.path() {
            path if path.ends_with("/statuses") && page_of(request) == 1 => {
                let link = format!("<{}?per_page=100&page=2>; rel=\"next\"", request.path());
                let statuses = json!([
                    status(2, "2026-11-01T00:00:02Z", "in_progress"),
                    status(3, "2026-11-01T00:00:02Z", "success"),
                ]);
                Response::json(200, &statuses).with("Link", link)
            }
            path if path.ends_with("/statuses") => {
                Response::json(200, &json!([status(1, "2026-11-01T00:00:01Z", "queued")]))
            }
            _ => Response::json(200, &deployment(7)),
        };
        let response = response.with("Date", "Sun, 01 Nov 2026 00:10:00 GMT");
        Act::After(Duration::from_millis(50), Box::new(response.into()))
    });
    let (client, _) = client(&server);
    let history = client
        .repo(&repo())
        .deployment(DeploymentId(7))
        .history()
        .await
        .expect("a history");
    let states: Vec<&str> = history.statuses.iter().map(|s| s.state.as_str()).collect();
    assert_eq!(states, ["success", "in_progress", "queued"]);
    assert_eq!(history.server_now.to_string(), "2026-11-01T00:10:00Z");
    assert_eq!(history.deployment_with_state().state.as_str(), "active");
    assert_eq!(server.most_at_once(), 2);
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn no_deployment_no_history() {
    let server = Server::start(|_| not_found().into());
    let (client, _) = client(&server);
    let error = client
        .repo(&repo())
        .deployment(DeploymentId(7))
        .history()
        .await
        .expect_err("not there");
    let refusal = error.error_response().expect("a refusal");
    assert!(refusal.url.ends_with("/deployments/7"), "{}", refusal.url);
}

/// The fields of each type in GitHub's schema, with their types.
fn schema() -> Vec<(String, Vec<(String, String)>)> {
    let text = include_str!("../fixtures/github/graphql-deployments.graphql");
    let mut types: Vec<(String, Vec<(String, String)>)> = Vec::new();
    let mut depth = 0;
    let mut in_text = false;
    for line in text.lines() {
        let line = line.trim();
        let was_in_text = in_text;
        if line.matches("\"\"\"").count() == 1 {
            in_text = !in_text;
        }
        if was_in_text || in_text || line.starts_with('"') || line.starts_with('#') {
            continue;
        }
        let name = |text: &str| -> String {
            text.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        };
        if let Some(rest) = line
            .strip_prefix("type ")
            .or(line.strip_prefix("interface "))
        {
            types.push((name(rest), Vec::new()));
        } else if line.ends_with('{') {
            types.push((String::new(), Vec::new()));
        } else if depth == 0 && !line.is_empty() && !line.starts_with('}') {
            if let Some((field, kind)) = line.split_once(':') {
                let fields = &mut types.last_mut().expect("a type").1;
                fields.push((name(field), name(kind.trim_start_matches(['[', ' ']))));
            } else if line.ends_with('(') {
                let fields = &mut types.last_mut().expect("a type").1;
                fields.push((name(line), String::new()));
            }
        }
        if line.ends_with('(') {
            depth += 1;
        }
        if let Some(rest) = line.strip_prefix("):") {
            depth -= 1;
            let fields = &mut types.last_mut().expect("a type").1;
            fields.last_mut().expect("a field").1 = name(rest.trim_start_matches(['[', ' ']));
        }
    }
    types
}

/// Checks the selections of a query against the schema. Returns their number.
fn check_query(query: &str) -> usize {
    let schema = schema();
    let field_type = |kind: &str, field: &str| -> String {
        let (_, fields) = schema
            .iter()
            .find(|(name, _)| name == kind)
            .unwrap_or_else(|| panic!("no type {kind}"));
        let found = fields.iter().find(|(name, _)| name == field);
        let (_, kind) = found.unwrap_or_else(|| panic!("no field {field} in {kind}"));
        kind.clone()
    };
    let (_, selections) = query.split_once('{').expect("a selection");
    let mut tokens = Vec::new();
    let mut arguments = 0;
    let mut word = String::new();
    for c in selections.chars() {
        if arguments == 0 && (c.is_alphanumeric() || c == '_' || c == '.') {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
        }
        match c {
            '(' => arguments += 1,
            ')' => arguments -= 1,
            '{' | '}' if arguments == 0 => tokens.push(c.to_string()),
            _ => {}
        }
    }
    let mut stack = vec!["Query".to_owned()];
    let mut next = String::new();
    let mut checked = 0;
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token.as_str() {
            "{" => stack.push(next.clone()),
            "}" => {
                stack.pop();
            }
            "..." => {
                assert_eq!(tokens.next().as_deref(), Some("on"));
                next = tokens.next().expect("a type");
            }
            "__typename" => {}
            field => {
                next = field_type(stack.last().expect("a type"), field);
                checked += 1;
            }
        }
    }
    assert!(stack.is_empty());
    checked
}

#[tokio::test]
async fn what_is_asked_of_graphql_is_in_its_schema() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |request| match request.path() {
        "/graphql" if count.fetch_add(1, Ordering::Relaxed) == 0 => graphql(request, 0).into(),
        "/graphql" => graphql(request, 3).into(),
        _ => page(request, 3, true).into(),
    });
    let (client, _) = client(&server);
    list(&client, Paging::all()).await.expect("a list");
    let queries: HashSet<String> = server
        .received()
        .iter()
        .filter(|request| request.path() == "/graphql")
        .map(|request| {
            request.json()["query"]
                .as_str()
                .expect("a query")
                .to_owned()
        })
        .collect();
    assert_eq!(queries.len(), 2);
    for query in &queries {
        assert!(check_query(query) >= 13, "{query}");
        assert!(!query.contains("databaseId"));
    }
    assert!(queries.iter().any(|query| query.contains("direction:DESC")));
}

#[test]
#[should_panic(expected = "no field colour in Deployment")]
fn a_field_that_the_schema_lacks_is_noticed() {
    check_query("query{nodes(ids:[]){... on Deployment{id colour}}}");
}
