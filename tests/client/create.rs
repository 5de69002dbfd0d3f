//! Writes take effect exactly once, whatever happens to the response.

use std::sync::Arc;
use std::time::Duration;

use deployctl::api::{ApiError, Client, Created, NetworkKind, NewDeployment, NewStatus};
use deployctl::model::{DeploymentId, RawJson, StatusState};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::github::{Fault, LIST, TOKEN, World, client, config, faulty, new_deployment, repo};
use crate::server::{Act, Response, Server};

/// Replaces the response to a request that was carried out.
type Replace = fn(Response) -> Act;

/// A response that repeats the request's `Authorization`.
type Repeat = fn(&str) -> Response;

const PAGE: &str = "<html><title>Unicorn!</title>";

/// Creates a deployment and returns its ID.
async fn create(client: &Client, new: &NewDeployment) -> Result<DeploymentId, ApiError> {
    match client.repo(&repo()).create_deployment(new).await? {
        Created::Deployment(deployment) => Ok(deployment.id),
        Created::Merged { message } => panic!("merged: {message}"),
    }
}

#[tokio::test]
async fn a_create_is_one_request_with_just_what_is_set() {
    let world = World::shared();
    let server = faulty(&world, |_, _| Fault::None);
    let mut new = new_deployment();
    create(&client(&server), &new).await.expect("made");
    new.required_contexts = Some(Vec::new());
    new.description = Some("why".to_owned());
    new.payload = Some(deployctl::model::Payload::new(
        RawJson::parse(r#""{\"a\":1}""#).expect("JSON"),
    ));
    create(&client(&server), &new).await.expect("made");

    let requests = server.received();
    assert_eq!(
        server.lines(),
        [format!("POST {LIST}"), format!("POST {LIST}")]
    );
    assert_eq!(
        requests[0].json(),
        json!({"ref": "main", "task": "deploy", "auto_merge": false, "environment": "staging",
               "transient_environment": false, "production_environment": false})
    );
    assert_eq!(requests[1].json()["required_contexts"], json!([]));
    assert_eq!(requests[1].json()["payload"], json!(r#"{"a":1}"#));
    for (name, value) in [
        ("authorization", format!("Bearer {TOKEN}")),
        ("accept", "application/vnd.github+json".to_owned()),
        ("x-github-api-version", "2022-11-28".to_owned()),
        (
            "user-agent",
            format!("deployctl/{}", env!("CARGO_PKG_VERSION")),
        ),
        ("content-type", "application/json".to_owned()),
        ("accept-encoding", "gzip".to_owned()),
    ] {
        assert_eq!(requests[0].header(name), Some(value.as_str()), "{name}");
    }
}

#[tokio::test]
async fn only_a_deployment_of_that_time_and_request_matches() {
    let world = World::shared();
    let server = faulty(&world, |_, _| Fault::None);
    let client = client(&server);
    let new = new_deployment();
    let id = create(&client, &new).await.expect("made");
    let mut other = new_deployment();
    other.description = Some("another".to_owned());
    create(&client, &other).await.expect("made");
    let now = Timestamp::now();
    let ago = |seconds| now - SignedDuration::from_secs(seconds);
    let ids = async |made| {
        let alike = client
            .repo(&repo())
            .find_matching_deployments(&new, &made)
            .await;
        let alike = alike.expect("found");
        assert!(alike.are_by_viewer);
        let ids: Vec<_> = alike.deployments.iter().map(|found| found.id).collect();
        ids
    };
    assert_eq!(ids(ago(2)..=now).await, [id]);
    assert_eq!(ids(ago(60)..=ago(30)).await, []);
    assert_eq!(
        ids(now + SignedDuration::from_secs(30)..=now + SignedDuration::from_secs(60)).await,
        []
    );
}

#[tokio::test]
async fn after_a_lost_response_the_deployment_is_looked_up() {
    let faults: [(&str, Replace); 9] = [
        ("reset", |_| Act::Reset),
        ("time-out", |_| Act::Hang),
        ("cut short", |whole| Act::Cut(whole, 40)),
        ("no body", |_| Response::json(201, &json!(null)).into()),
        ("empty", |_| {
            Response::new(201, "application/json", "").into()
        }),
        ("wrong type", |_| {
            Response::json(201, &json!({"id": "x"})).into()
        }),
        ("garbage", |_| {
            Response::new(201, "application/json", "{\"id\":]").into()
        }),
        ("HTML", |_| Response::html(200, PAGE).into()),
        ("502", |_| Response::html(502, PAGE).into()),
    ];
    for (name, replace) in faults {
        let world = World::shared();
        let server = faulty(&world, move |request, count| {
            match request.method.as_str() {
                "POST" if count == 0 => Fault::After(replace),
                _ => Fault::None,
            }
        });
        let id = create(&client(&server), &new_deployment()).await;
        let id = id.unwrap_or_else(|error| panic!("{name}: {error}"));
        let deployments = world.lock().expect("no panic").deployments.clone();
        assert_eq!(deployments.len(), 1, "{name}");
        assert_eq!(deployments[0]["id"], json!(id.0), "{name}");
        assert_eq!(server.count("POST", LIST), 1, "{name}");
        assert_eq!(
            server.received().len(),
            3,
            "{name}: POST, /user and the list"
        );
    }
}

#[tokio::test]
async fn a_request_that_never_arrived_is_sent_again() {
    for act in [
        Act::Reset,
        Act::Hang,
        Response::html(503, PAGE).into(),
        Response::json(500, &json!({"message": "Server Error"})).into(),
        Response::json(429, &json!({"message": "slow down"}))
            .with("retry-after", "0")
            .into(),
        Response::json(
            403,
            &json!({"message": "You have exceeded a secondary rate limit"}),
        )
        .with("retry-after", "0")
        .into(),
    ] {
        let world = World::shared();
        let name = format!("{act:?}");
        let server = faulty(&world, move |request, count| {
            match request.method.as_str() {
                "POST" if count == 0 => Fault::Before(act.clone()),
                _ => Fault::None,
            }
        });
        create(&client(&server), &new_deployment())
            .await
            .expect("made");
        assert_eq!(
            world.lock().expect("no panic").deployments.len(),
            1,
            "{name}"
        );
        assert_eq!(server.count("POST", LIST), 2, "{name}");
    }
}

#[tokio::test]
async fn a_result_that_appears_late_is_found_by_the_second_check() {
    let world = World::shared();
    let server = faulty(&world, move |request, count| {
        match request.method.as_str() {
            "POST" if count == 0 => Fault::After(|_| Act::Reset),
            "GET" if request.path() == LIST && count == 1 => {
                Fault::Before(Response::json(200, &json!([])).into())
            }
            _ => Fault::None,
        }
    });
    create(&client(&server), &new_deployment())
        .await
        .expect("found");
    assert_eq!(world.lock().expect("no panic").deployments.len(), 1);
    assert_eq!(server.count("POST", LIST), 1);
}

#[tokio::test]
async fn what_only_looks_the_same_is_not_taken() {
    type Change = fn(&mut serde_json::Value);
    let changes: [(&str, Change); 6] = [
        ("another's", |d| d["creator"]["login"] = json!("hubot")),
        ("older", |d| {
            d["created_at"] = json!(Timestamp::now() - SignedDuration::from_secs(30));
        }),
        ("elsewhere", |d| d["original_environment"] = json!("prod")),
        ("described", |d| d["description"] = json!("x")),
        ("loaded", |d| d["payload"] = json!({"a": 1})),
        ("transient", |d| d["transient_environment"] = json!(true)),
    ];
    for (name, change) in changes {
        let world = World::shared();
        {
            let mut world = world.lock().expect("no panic");
            world.deploy(&serde_json::to_value(new_deployment()).expect("JSON"));
            change(&mut world.deployments[0]);
        }
        let server = faulty(&world, |request, count| match request.method.as_str() {
            "POST" if count == 0 => Fault::Before(Act::Reset),
            _ => Fault::None,
        });
        create(&client(&server), &new_deployment())
            .await
            .expect("made");
        assert_eq!(
            world.lock().expect("no panic").deployments.len(),
            2,
            "{name}"
        );
        assert_eq!(server.count("POST", LIST), 2, "{name}");
    }
}

#[tokio::test]
async fn the_check_uses_the_servers_clock() {
    for hours in [-5, 5] {
        let world = World::shared();
        world.lock().expect("no panic").ahead = SignedDuration::from_hours(hours);
        let server = faulty(&world, |request, count| match request.method.as_str() {
            "POST" if count == 0 => Fault::After(|_| Act::Reset),
            _ => Fault::None,
        });
        create(&client(&server), &new_deployment())
            .await
            .expect("found");
        assert_eq!(
            world.lock().expect("no panic").deployments.len(),
            1,
            "{hours}"
        );
    }
}

#[tokio::test]
async fn a_deployment_of_half_an_hour_ago_is_old_even_if_the_servers_clock_is_ahead() {
    let world = World::shared();
    {
        let mut world = world.lock().expect("no panic");
        world.ahead = SignedDuration::from_hours(1);
        world.deploy(&serde_json::to_value(new_deployment()).expect("JSON"));
        let then = world.now() - SignedDuration::from_mins(30);
        world.deployments[0]["created_at"] = json!(then);
    }
    let old = world.lock().expect("no panic").deployments[0]["id"].clone();
    let server = faulty(&world, |request, count| match request.method.as_str() {
        "POST" if count == 0 => Fault::Before(Act::Reset),
        _ => Fault::None,
    });
    let made = create(&client(&server), &new_deployment()).await;
    assert_ne!(json!(made.expect("made")), old);
    assert_eq!(server.count("POST", LIST), 2);
    assert_eq!(world.lock().expect("no panic").deployments.len(), 2);
}

#[tokio::test]
async fn a_date_that_is_not_the_servers_clock_is_not_relied_on() {
    // Only the header is wrong, because a proxy wrote it. Another request could
    // create a second deployment, and an existing one may be older than the
    // request.
    for (hours, done, old) in [(2, true, false), (-2, true, false), (-2, false, true)] {
        let world = World::shared();
        if old {
            let mut world = world.lock().expect("no panic");
            world.deploy(&serde_json::to_value(new_deployment()).expect("JSON"));
            let hour = Timestamp::now() - SignedDuration::from_mins(60);
            world.deployments[0]["created_at"] = json!(hour);
        }
        let off = Timestamp::now() + SignedDuration::from_hours(hours);
        let date = jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&off)
            .expect("a date");
        let inner = Arc::clone(&world);
        let server = Server::start(move |request| {
            let post = request.method == "POST";
            if post && !done {
                return Act::Reset;
            }
            let response = inner.lock().expect("no panic").act(request);
            if post {
                return Act::Reset;
            }
            response.with("Date", date.clone()).into()
        });
        let error = create(&client(&server), &new_deployment())
            .await
            .expect_err("the outcome is unknown");
        assert!(matches!(error, ApiError::Ambiguous { .. }), "{error:?}");
        assert_eq!(server.count("POST", LIST), 1, "{hours}");
        assert_eq!(world.lock().expect("no panic").deployments.len(), 1);
    }
}

#[tokio::test]
async fn a_token_that_the_server_repeats_is_shown_to_nobody() {
    let bearer = |request: &crate::server::ReceivedRequest| {
        request
            .header("authorization")
            .unwrap_or_default()
            .to_owned()
    };
    let repeats: [Repeat; 5] = [
        |text| Response::html(502, &format!("<title>Bad Gateway for {text}</title>")),
        |text| Response::json(422, &json!({"message": text, "errors": [text]})),
        |text| Response::json(403, &json!({"message": "no"})).with("x-github-sso", text),
        |text| Response::html(200, &format!("<h1>{text}</h1>")),
        |text| {
            let token = text.trim_start_matches("Bearer ");
            Response::json(201, &json!({"id": token, "x": token}))
        },
    ];
    for repeat in repeats {
        let server = Server::start(move |request| repeat(&bearer(request)).into());
        let (config, log) = config(&server.root);
        let client = Client::new(config).expect("a client");
        let error = create(&client, &new_deployment()).await.expect_err("no");
        let log = log.lock().expect("no panic").join("\n");
        let all = format!("{error} {error:?} {log}");
        assert!(!all.contains(TOKEN), "{all}");
    }
}

#[tokio::test]
async fn a_token_that_may_not_ask_who_it_is_still_looks() {
    let world = World::shared();
    let server = faulty(&world, |request, count| match request.path() {
        "/user" => Fault::Before(
            Response::json(
                403,
                &json!({"message": "Resource not accessible by integration"}),
            )
            .into(),
        ),
        _ if request.method == "POST" && count == 0 => Fault::After(|_| Act::Reset),
        _ => Fault::None,
    });
    create(&client(&server), &new_deployment())
        .await
        .expect("found");
    assert_eq!(world.lock().expect("no panic").deployments.len(), 1);
}

#[tokio::test]
async fn if_the_check_fails_the_outcome_is_unknown_and_nothing_is_sent_again() {
    for act in [
        Act::Reset,
        Response::html(502, PAGE).into(),
        Response::json(200, &json!([])).without("Date").into(),
    ] {
        let world = World::shared();
        let server = faulty(&world, move |request, _| match request.method.as_str() {
            "POST" => Fault::After(|_| Act::Reset),
            "GET" if request.path() == LIST => Fault::Before(act.clone()),
            _ => Fault::None,
        });
        let error = create(&client(&server), &new_deployment())
            .await
            .expect_err("unknown");
        assert!(matches!(error, ApiError::Ambiguous { .. }), "{error:?}");
        assert!(!error.is_temporary());
        assert_eq!(server.count("POST", LIST), 1);
    }
}

#[tokio::test]
async fn a_request_that_is_never_carried_out_is_sent_three_times() {
    let world = World::shared();
    let server = faulty(&world, |request, _| match request.method.as_str() {
        "POST" => Fault::Before(
            Response::html(502, PAGE)
                .with("x-github-request-id", "AB:1")
                .into(),
        ),
        _ => Fault::None,
    });
    let error = create(&client(&server), &new_deployment())
        .await
        .expect_err("failed");
    let refusal = error.error_response().expect("a refusal");
    assert_eq!(refusal.status, 502);
    assert_eq!(refusal.message, "Bad Gateway (HTML page: Unicorn!)");
    assert_eq!(refusal.request_id.as_deref(), Some("AB:1"));
    assert!(error.is_temporary());
    assert_eq!(server.count("POST", LIST), 3);
    assert_eq!(server.count("GET", LIST), 6);
    assert_eq!(server.count("GET", "/user"), 1);
}

#[tokio::test]
async fn refusals_are_final() {
    for (status, message) in [
        (401, "Bad credentials"),
        (403, "Resource not accessible by integration"),
        (404, "Not Found"),
        (409, "Conflict merging master into topic."),
        (422, "Validation Failed"),
    ] {
        let server = Server::start(move |_| {
            let response = Response::json(status, &json!({"message": message}));
            response
                .with("x-accepted-github-permissions", "deployments=write")
                .into()
        });
        let error = create(&client(&server), &new_deployment())
            .await
            .expect_err("refused");
        assert!(matches!(error, ApiError::Response(_)), "{error:?}");
        let refusal = error.error_response().expect("a refusal");
        assert_eq!(
            (refusal.status, refusal.message.as_str()),
            (status, message)
        );
        assert_eq!(
            refusal.accepted_permissions.as_deref(),
            Some("deployments=write")
        );
        assert_eq!(server.received().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_merge_is_distinguished_from_a_deployment() {
    let message = "Auto-merged master into topic on deployment.";
    let server = Server::start(move |_| Response::json(202, &json!({"message": message})).into());
    let created = client(&server)
        .repo(&repo())
        .create_deployment(&new_deployment())
        .await;
    let expected = Created::Merged {
        message: message.to_owned(),
    };
    assert_eq!(created.expect("an answer"), expected);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn without_a_server_nothing_was_sent() {
    // The port is free again once the listener is closed.
    let root = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    let (config, log) = config(&root);
    let client = Client::new(config).expect("a client");
    let error = create(&client, &new_deployment())
        .await
        .expect_err("no server");
    let ApiError::Network(network) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (network.kind, network.sent, network.attempts),
        (NetworkKind::Connect, false, 5)
    );
    assert!(network.detail.contains("refused"), "{}", network.detail);
    assert!(error.is_temporary());
    let log = log.lock().expect("no panic").join("\n");
    assert_eq!(log.matches("Request {").count(), 5, "{log}");
    assert_eq!(log.matches("Retry {").count(), 4, "{log}");
    assert!(log.contains("tried 5 times"), "{log}");
    assert!(!log.contains(TOKEN));
}

#[tokio::test]
async fn a_limit_longer_than_the_deadline_is_reported_at_once() {
    let server = Server::start(|_| {
        let response = Response::json(
            403,
            &json!({"message": "API rate limit exceeded for user ID 1."}),
        );
        response
            .with("Date", "Sun, 01 Nov 2026 00:00:00 GMT")
            .with("x-ratelimit-remaining", "0")
            .with("x-ratelimit-reset", "1793492999")
            .into()
    });
    let error = create(&client(&server), &new_deployment())
        .await
        .expect_err("limited");
    let ApiError::RateLimited(limited) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(limited.wait, Duration::from_secs(1800));
    assert_eq!(limited.until.to_string(), "2026-11-01T00:30:00Z");
    assert!(!limited.secondary);
    assert!(error.is_temporary());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_limit_beyond_all_reason_is_reported_at_once() {
    for (name, value) in [
        ("retry-after", "99999999999999999999"),
        ("x-ratelimit-reset", "1793492999000"),
        ("x-ratelimit-reset", "99999999999999999999"),
    ] {
        let server = Server::start(move |_| {
            let response = Response::json(403, &json!({"message": "API rate limit exceeded"}));
            response
                .with("x-ratelimit-remaining", "0")
                .with(name, value)
                .into()
        });
        let error = create(&client(&server), &new_deployment())
            .await
            .expect_err("limited");
        let ApiError::RateLimited(limited) = &error else {
            panic!("{error:?}");
        };
        assert!(limited.is_beyond_reason(), "{limited:?}");
        assert_eq!(server.received().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn after_a_lost_response_the_status_is_looked_up() {
    let path = format!("{LIST}/7/statuses");
    let new = NewStatus::new(StatusState::Success)
        .description("done")
        .log_url("https://ci/1");
    for done in [true, false] {
        let world = World::shared();
        let server = faulty(&world, move |request, count| {
            match request.method.as_str() {
                "POST" if count == 0 && done => Fault::After(|_| Act::Reset),
                "POST" if count == 0 => Fault::Before(Act::Reset),
                _ => Fault::None,
            }
        });
        let made = client(&server)
            .repo(&repo())
            .deployment(DeploymentId(7))
            .create_status(&new)
            .await;
        let statuses = world.lock().expect("no panic").statuses.clone();
        assert_eq!(statuses.len(), 1);
        assert_eq!(json!(made.expect("made").id), statuses[0]["id"]);
        assert_eq!(server.count("POST", &path), if done { 1 } else { 2 });
        let body = server.received()[0].json();
        let sent = json!({"state": "success", "log_url": "https://ci/1", "description": "done"});
        assert_eq!(body, sent);
    }
}

#[tokio::test]
async fn an_equal_earlier_status_is_not_taken_for_the_new_one() {
    let world = World::shared();
    let server = faulty(&world, |request, count| match request.method.as_str() {
        "POST" if count == 1 => Fault::Before(Act::Reset),
        _ => Fault::None,
    });
    let client = client(&server);
    let new = NewStatus::new(StatusState::InProgress);
    client
        .repo(&repo())
        .deployment(DeploymentId(7))
        .create_status(&new)
        .await
        .expect("made");
    let before = json!(Timestamp::now() - SignedDuration::from_secs(60));
    world.lock().expect("no panic").statuses[0]["created_at"] = before;
    client
        .repo(&repo())
        .deployment(DeploymentId(7))
        .create_status(&new)
        .await
        .expect("made");
    assert_eq!(world.lock().expect("no panic").statuses.len(), 2);
}

#[tokio::test]
async fn a_delete_whose_answer_was_lost_is_done_when_nothing_is_left() {
    for act in [(|_| Act::Reset) as Replace, |_| {
        Response::html(502, PAGE).into()
    }] {
        let world = World::shared();
        let body = serde_json::to_value(new_deployment()).expect("JSON");
        let id = world.lock().expect("no panic").deploy(&body)["id"].as_u64();
        let id = DeploymentId(id.expect("an id"));
        let server = faulty(&world, move |_, count| match count {
            0 => Fault::After(act),
            _ => Fault::None,
        });
        let client = client(&server);
        client
            .repo(&repo())
            .deployment(id)
            .delete()
            .await
            .expect("deleted");
        assert_eq!(server.received().len(), 2);
        let error = client
            .repo(&repo())
            .deployment(id)
            .delete()
            .await
            .expect_err("not there");
        assert_eq!(error.status(), Some(404));
        assert_eq!(server.received().len(), 3);
    }
}

#[tokio::test]
async fn a_write_follows_a_renamed_repository() {
    for status in [301, 302, 307, 308] {
        let world = World::shared();
        let server = faulty(&world, move |request, _| match request.path() {
            LIST => Fault::Before(
                Response::json(status, &json!({}))
                    .with("Location", "/repositories/1000/deployments")
                    .into(),
            ),
            _ => Fault::None,
        });
        // The world only knows the old path, so this ends with 404; the test is
        // about the requests.
        let error = create(&client(&server), &new_deployment())
            .await
            .expect_err("404");
        assert_eq!(error.status(), Some(404));
        let requests = server.received();
        assert_eq!(requests[1].line(), "POST /repositories/1000/deployments");
        assert_eq!(requests[1].body, requests[0].body);
        assert!(requests[1].header("authorization").is_some());
        assert_eq!(requests.len(), 2, "{status}");
    }
}

#[tokio::test]
async fn a_write_does_not_follow_to_another_server() {
    let other = Arc::new(Server::start(|_| Response::json(201, &json!({})).into()));
    let target = format!("{}{LIST}", other.root);
    let server = Server::start(move |_| {
        Response::json(307, &json!({}))
            .with("Location", target.clone())
            .into()
    });
    let error = create(&client(&server), &new_deployment())
        .await
        .expect_err("foreign");
    assert!(
        matches!(error, ApiError::ForeignAddress { .. }),
        "{error:?}"
    );
    assert!(other.received().is_empty());
    assert_eq!(server.received().len(), 1);
}
