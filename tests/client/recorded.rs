//! Recorded responses of github.com are replayed: the client reads every
//! response, and sends the same requests as in the recording.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use deployctl::api::{
    ApiError, Client, Created, DeploymentFilter, NewDeployment, NewStatus, Paging,
};
use deployctl::model::{Deployment, DeploymentId, Payload, RawJson, RepoSlug, Status};
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use url::Url;

use crate::github::{client, config, new_deployment, repo};
use crate::server::{Act, ReceivedRequest, Response, Server};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/github/recorded")
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a file");
    serde_json::from_str(&text).expect("JSON")
}

/// A recorded response, with links that point to the server that replays it.
fn response(recorded: &Value, root: &str) -> Response {
    let status = recorded["status"].as_u64().expect("a status");
    let body = match &recorded["body"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut response = Response::new(u16::try_from(status).expect("a status"), "", body);
    if response.body.first() == Some(&b'{') {
        response = response.with("Content-Type", "application/json; charset=utf-8");
    }
    for (name, value) in recorded["headers"].as_object().into_iter().flatten() {
        if matches!(
            name.as_str(),
            "content-encoding" | "transfer-encoding" | "content-length"
        ) {
            continue;
        }
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        response = response.with(name, value.replace("https://api.github.com", root));
    }
    response
}

/// A server that answers every request with the same recorded response.
fn replay(recorded: &Value) -> Server {
    let recorded = recorded.clone();
    Server::start(move |received| {
        let root = format!("http://{}", received.header("host").expect("a host"));
        response(&recorded, &root).into()
    })
}

fn opt(body: &Value, name: &str) -> Option<String> {
    body.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn new_from(body: &Value) -> NewDeployment {
    let payload = body
        .get("payload")
        .map(|payload| Payload::new(RawJson::parse(&payload.to_string()).expect("JSON")));
    let mut new = new_deployment();
    new.ref_name = opt(body, "ref").expect("a ref");
    new.environment = opt(body, "environment").unwrap_or_else(|| "production".to_owned());
    new.description = opt(body, "description");
    new.payload = payload;
    new
}

/// Sends the recorded request, and returns the parsed response as JSON.
async fn ask(client: &Client, method: &str, url: &Url, body: &Value) -> Option<Value> {
    let parts: Vec<&str> = url.path_segments().expect("a path").collect();
    let repo: RepoSlug = format!("{}/{}", parts[1], parts[2])
        .parse()
        .expect("a repository");
    let id = parts
        .get(4)
        .map(|id| DeploymentId(id.parse().expect("an id")));
    let query = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    match (method, id, parts.len()) {
        ("GET", None, _) => {
            let mut filter = DeploymentFilter::new();
            filter.ref_name = query("ref");
            filter.environment = query("environment");
            let pages = client.repo(&repo).deployments(&filter, Paging::up_to(100));
            let all: Vec<Deployment> = pages.try_concat().await.expect("deployments");
            Some(json!(all))
        }
        ("GET", Some(id), 5) => Some(json!(
            client
                .repo(&repo)
                .deployment(id)
                .get()
                .await
                .expect("a deployment")
        )),
        ("GET", Some(id), 6) => {
            let pages = client
                .repo(&repo)
                .deployment(id)
                .statuses(Paging::up_to(100));
            let all: Vec<Status> = pages.try_concat().await.expect("statuses");
            Some(json!(all))
        }
        ("POST", None, _) => {
            match client
                .repo(&repo)
                .create_deployment(&new_from(body))
                .await
                .expect("made")
            {
                Created::Deployment(deployment) => Some(json!(deployment)),
                Created::Merged { message } => panic!("{message}"),
            }
        }
        ("POST", Some(id), 6) => {
            let state = serde_json::from_value(body["state"].clone()).expect("a state");
            let mut new = NewStatus::new(state);
            new.log_url = opt(body, "log_url").or_else(|| opt(body, "target_url"));
            new.description = opt(body, "description");
            new.environment = opt(body, "environment");
            new.environment_url = opt(body, "environment_url");
            Some(json!(
                client
                    .repo(&repo)
                    .deployment(id)
                    .create_status(&new)
                    .await
                    .expect("made")
            ))
        }
        ("DELETE", Some(id), 5) => {
            client
                .repo(&repo)
                .deployment(id)
                .delete()
                .await
                .expect("deleted");
            None
        }
        _ => panic!("{method} {url}"),
    }
}

/// Asserts that `came` has every recorded value unchanged.
fn assert_kept(recorded: &Value, came: &Value, place: &str) {
    match (recorded, came) {
        (Value::Array(recorded), Value::Array(came)) => {
            assert_eq!(recorded.len(), came.len(), "{place}");
            for (recorded, came) in recorded.iter().zip(came) {
                assert_kept(recorded, came, place);
            }
        }
        (Value::Object(recorded), Value::Object(came)) => {
            for (name, value) in recorded {
                // Times are the same moments in the same format.
                let kept = came
                    .get(name)
                    .unwrap_or_else(|| panic!("{place}: {name} is missing"));
                assert_eq!(kept, value, "{place}: {name}");
            }
        }
        (recorded, came) => assert_eq!(recorded, came, "{place}"),
    }
}

/// Asserts that the request equals the recorded one: method, path, query and
/// body.
fn assert_asked(received: &ReceivedRequest, method: &str, url: &Url, body: &Value, place: &str) {
    assert!(
        received.is(method, url.path()),
        "{place}: {}",
        received.line()
    );
    for (name, value) in url.query_pairs() {
        assert_eq!(
            received.query(&name).as_deref(),
            Some(value.as_ref()),
            "{place}"
        );
    }
    if method != "POST" {
        assert!(received.body.is_empty(), "{place}");
        return;
    }
    for (name, value) in body.as_object().expect("an object") {
        // The old name of `log_url`, which the server sets itself.
        let name = if name == "target_url" {
            "log_url"
        } else {
            name
        };
        assert_eq!(&received.json()[name], value, "{place}: {name}");
    }
}

#[tokio::test]
async fn recorded_deployments_and_statuses_are_read_and_asked_for_alike() {
    let mut replayed = 0;
    for origin in ["hub4j", "octokit.rb"] {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder().join(origin))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        for file in files {
            for interaction in read(&file)["interactions"]
                .as_array()
                .expect("interactions")
            {
                let request = &interaction["request"];
                let path = request["path"].as_str().expect("a path");
                if !path.contains("/deployments") {
                    continue;
                }
                let method = request["method"].as_str().expect("a method");
                let place = format!("{} {method} {path}", file.display());
                let url: Url = format!("http://127.0.0.1{path}")
                    .parse()
                    .expect("an address");
                let server = replay(&interaction["response"]);
                let came = ask(&client(&server), method, &url, &request["body"]).await;
                if let Some(came) = came {
                    assert_kept(&interaction["response"]["body"], &came, &place);
                }
                let received = server.received();
                assert_eq!(received.len(), 1, "{place}");
                assert_asked(&received[0], method, &url, &request["body"], &place);
                replayed += 1;
            }
        }
    }
    assert_eq!(replayed, 23);
}

#[tokio::test]
async fn recorded_environments_are_read() {
    let file = folder().join("octokit.rb/Environments--lists_environments.json");
    let recording = read(&file);
    let list = &recording["interactions"][1]["response"];
    let server = replay(list);
    let names = client(&server)
        .repo(&repo())
        .environment_names()
        .await
        .expect("names");
    let expected: Vec<&str> = list["body"]["environments"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|environment| environment["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, expected);
    assert!(!names.is_empty());
    let whole = client(&server)
        .repo(&repo())
        .environments()
        .await
        .expect("a list");
    assert_eq!(
        serde_json::to_value(&whole).expect("serializes"),
        list["body"]["environments"]
    );
}

#[tokio::test]
async fn a_recorded_change_of_an_environment_is_read_and_asked_for_alike() {
    let file = folder().join("octokit.rb/Environments--updates_the_environment.json");
    let recording = read(&file);
    let mut replayed = 0;
    for interaction in recording["interactions"].as_array().expect("a list") {
        let (request, response) = (&interaction["request"], &interaction["response"]);
        if request["method"] != "PUT" {
            continue;
        }
        let wanted = &request["body"]["deployment_branch_policy"];
        let server = replay(response);
        let mut settings = deployctl::api::EnvironmentSettings::new();
        settings.deployment_branch_policy =
            Some(serde_json::from_value(wanted.clone()).expect("a policy"));
        let environment = client(&server)
            .repo(&repo())
            .environment("octokit-environment")
            .put(&settings)
            .await
            .expect("an environment");
        assert_eq!(
            serde_json::to_value(&environment).expect("serializes"),
            response["body"]
        );
        let sent = server.received().remove(0).json();
        assert_eq!(sent["deployment_branch_policy"], *wanted);
        replayed += 1;
    }
    assert_eq!(replayed, 2);
}

/// States come from REST if GraphQL returns a recorded error.
async fn fall_back(entry: &Value) {
    let recorded = entry.clone();
    let server = Server::start(move |received| match received.path() {
        "/graphql" => response(&recorded, "").into(),
        _ => Response::json(200, &json!([])).into(),
    });
    let in_hand = serde_json::from_value(crate::pages::deployment(1)).expect("a deployment");
    let observed = client(&server)
        .repo(&repo())
        .add_states(vec![in_hand])
        .await;
    assert_eq!(observed.expect("states").len(), 1, "{entry}");
    assert_eq!(
        server.count("GET", "/repos/octo/app/deployments/1/statuses"),
        1
    );
}

/// The error that a call returns for a recorded response.
async fn error_of(entry: &Value) -> Result<Option<ApiError>, Created> {
    let method = match entry["status"].as_u64() {
        // A write that only ever gets these responses has an unknown outcome.
        Some(500..) => "GET",
        _ => entry["method"].as_str().expect("a method"),
    };
    let moved = Mutex::new(false);
    let recorded = Arc::new(entry.clone());
    let server = Server::start(move |received: &ReceivedRequest| {
        // The server does not know the new path of a renamed repository.
        let gone = Response::json(404, &json!({"message": "Not Found"}));
        if std::mem::replace(&mut *moved.lock().expect("no panic"), true)
            && matches!(recorded["status"].as_u64(), Some(301 | 307))
        {
            return Act::from(gone);
        }
        let root = format!("http://{}", received.header("host").expect("a host"));
        response(&recorded, &root).into()
    });
    let (mut config, _) = config(&server.root);
    // Shorter than the wait of any recorded limit.
    config.deadline = std::time::Duration::from_secs(3);
    let client = Client::new(config).expect("a client");
    Ok(match method {
        "GET" => client.repo(&repo()).commit("main").await.err(),
        "DELETE" => client
            .repo(&repo())
            .deployment(DeploymentId(1))
            .delete()
            .await
            .err(),
        _ => match client
            .repo(&repo())
            .create_deployment(&new_deployment())
            .await
        {
            Ok(created) => return Err(created),
            Err(error) => Some(error),
        },
    })
}

#[tokio::test]
async fn every_recorded_error_is_reported_as_what_it_is() {
    let errors = read(&folder().join("errors.json"));
    let mut classes: Vec<&str> = Vec::new();
    for entry in errors["errors"].as_array().expect("a list") {
        let Some(method) = entry["method"].as_str() else {
            panic!("{entry}");
        };
        let status = u16::try_from(entry["status"].as_u64().expect("a status")).expect("small");
        let body = &entry["body"];
        let place = format!("{method} {status} {body}");
        let message = body["message"].as_str().unwrap_or_default();
        if body.get("data").is_some() {
            fall_back(entry).await;
            classes.push("graphql");
            continue;
        }
        if status == 200 {
            // The device flow's errors do not concern this client.
            assert!(body["error"].is_string(), "{place}");
            continue;
        }
        let error = match error_of(entry).await {
            Err(Created::Merged { message: came }) => {
                assert_eq!((status, came.as_str()), (202, message), "{place}");
                classes.push("merged");
                continue;
            }
            Err(Created::Deployment(deployment)) => panic!("{place}: {deployment:?}"),
            Ok(error) => error.unwrap_or_else(|| panic!("{place}: no error")),
        };
        let refusal = error
            .error_response()
            .unwrap_or_else(|| panic!("{place}: {error:?}"));
        let lower = message.to_lowercase();
        if matches!(status, 301 | 307) {
            assert_eq!(refusal.status, 404, "{place}");
            assert!(
                refusal.url.contains("/repositories/1000"),
                "{place}: {}",
                refusal.url
            );
            classes.push("moved");
            continue;
        }
        assert_eq!(refusal.status, status, "{place}");
        let is_limit = lower.contains("rate limit") || lower.contains("abuse");
        assert_eq!(
            matches!(error, ApiError::RateLimited(_)),
            is_limit,
            "{place}"
        );
        if let Some(message) = body["message"].as_str() {
            assert_eq!(refusal.message, message, "{place}");
        }
        let count = body["errors"].as_array().map_or(0, Vec::len);
        assert_eq!(refusal.errors.len(), count, "{place}");
        assert!(
            refusal
                .errors
                .iter()
                .all(|error| !error.to_string().is_empty()),
            "{place}"
        );
        let field = &body["errors"][0]["field"];
        assert_eq!(
            refusal.failed_contexts().is_some(),
            *field == "required_contexts",
            "{place}"
        );
        classes.push(match status {
            _ if is_limit => "limit",
            409 if refusal.is_merge_conflict() => "conflict",
            409 => "checks",
            500.. => {
                assert!(error.is_temporary());
                "failed"
            }
            403 if refusal.sso.is_some() => "sso",
            _ => "refused",
        });
    }
    for class in [
        "merged", "moved", "graphql", "limit", "conflict", "checks", "failed", "sso", "refused",
    ] {
        assert!(classes.contains(&class), "no {class}");
    }
    assert!(classes.len() > 30, "{}", classes.len());
}
