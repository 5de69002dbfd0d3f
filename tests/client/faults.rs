//! Reads on a bad network: which requests are retried, which are refused, and
//! where the token is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use deployctl::api::{ApiError, Client, DeploymentFilter, Fetched, NetworkKind};
use deployctl::model::{Commit, DeploymentId, StatusState};
use jiff::SignedDuration;
use serde_json::json;

use crate::github::{TOKEN, client, config, not_found, repo};
use crate::server::{Act, Response, Server};

const PATH: &str = "/repos/octo/app/commits/main";

fn commit() -> Response {
    Response::json(200, &json!({"sha": "abc"}))
}

/// A server that answers the first `count` requests with `act`, and the others
/// normally.
fn at_first(count: usize, act: impl Into<Act>) -> Server {
    let (calls, act) = (AtomicUsize::new(0), act.into());
    Server::start(move |_| match calls.fetch_add(1, Ordering::Relaxed) {
        number if number < count => act.clone(),
        _ => commit().into(),
    })
}

async fn read(server: &Server) -> Result<Commit, ApiError> {
    client(server).repo(&repo()).commit("main").await
}

#[tokio::test]
async fn temporary_failures_are_retried() {
    let limited = Response::json(429, &json!({"message": "slow down"})).with("retry-after", "0");
    for act in [
        Act::Reset,
        Act::Hang,
        Act::Cut(commit(), 5),
        Response::new(200, "application/json", "{\"sha\":").into(),
        Response::new(200, "application/json", "").into(),
        Response::json(500, &json!({"message": "Server Error"})).into(),
        Response::html(502, "<title>Unicorn!</title>").into(),
        Response::html(503, "").with("retry-after", "0").into(),
        Response::html(504, "").into(),
        limited.into(),
    ] {
        let name = format!("{act:?}");
        let server = at_first(2, act);
        let commit = read(&server)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(commit.sha, "abc");
        assert_eq!(server.received().len(), 3, "{name}");
    }
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    for (act, status) in [
        (Response::json(200, &json!({"sha": 1})), 200),
        (Response::json(200, &json!([])), 200),
        (Response::html(200, "<title>Log in</title>"), 200),
        (
            Response::new(200, "text/plain", "{}").without("Content-Type"),
            200,
        ),
        (
            Response::json(400, &json!({"message": "Problems parsing JSON"})),
            400,
        ),
        (
            Response::json(401, &json!({"message": "Bad credentials"})),
            401,
        ),
        (Response::json(410, &json!({"message": "retired"})), 410),
        (Response::html(501, ""), 501),
        (not_found(), 404),
    ] {
        let server = Server::start(move |_| act.clone().into());
        let error = read(&server).await.expect_err("an error");
        match &error {
            ApiError::Unexpected(unexpected) => assert_eq!(unexpected.status, status),
            other => assert_eq!(other.status(), Some(status)),
        }
        assert_eq!(server.received().len(), 1, "{error}");
    }
}

#[tokio::test]
async fn tries_end() {
    let server = at_first(
        100,
        Response::html(502, "<html>").with("x-github-request-id", "A:1"),
    );
    let error = read(&server).await.expect_err("an error");
    assert_eq!(server.received().len(), 5);
    let log = format!("GET {}{PATH}: 502 Bad Gateway (HTML page)", server.root);
    assert_eq!(error.to_string(), log);
    let server = at_first(100, Act::Reset);
    let error = read(&server).await.expect_err("an error");
    let ApiError::Network(network) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (network.kind, network.sent, network.attempts),
        (NetworkKind::Broken, true, 5)
    );
}

#[tokio::test]
async fn the_deadline_bounds_a_call_with_all_its_tries() {
    for act in [Act::Hang, Act::Drip(commit(), Duration::from_millis(300))] {
        let server = at_first(100, act);
        let (mut config, _) = config(&server.root);
        config.deadline = Duration::from_millis(1500);
        let began = Instant::now();
        let client = Client::new(config).expect("a client");
        let error = client
            .repo(&repo())
            .commit("main")
            .await
            .expect_err("too slow");
        let ApiError::Network(network) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(network.kind, NetworkKind::TimedOut);
        assert!(began.elapsed() < Duration::from_secs(4));
        assert!(server.received().len() > 1);
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let line = " ".repeat(64 * 1024);
    let endless = move |status| Response::new(status, "application/json", line.clone());
    let server = Server::start(move |request| match request.path() {
        PATH => Act::Endless(endless(200)),
        _ => Act::Endless(endless(404)),
    });
    let (mut config, _) = config(&server.root);
    config.request_timeout = Duration::from_secs(30);
    let client = Client::new(config).expect("a client");
    let error = client
        .repo(&repo())
        .commit("main")
        .await
        .expect_err("too large");
    assert!(error.to_string().contains("larger than 32 MB"), "{error}");
    let error = client
        .repo(&repo())
        .commit("other")
        .await
        .expect_err("refused");
    assert_eq!(error.status(), Some(404));
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn compressed_answers_are_read() {
    const GZIP: [u8; 33] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 206, 72, 84, 178, 82, 74, 76, 74, 86, 170, 5,
        0, 244, 65, 101, 67, 13, 0, 0, 0,
    ];
    let server = Server::start(|_| {
        let response = Response::new(200, "application/json", GZIP);
        response.with("Content-Encoding", "gzip").into()
    });
    assert_eq!(read(&server).await.expect("a commit").sha, "abc");
}

#[tokio::test]
async fn deep_nesting_is_refused() {
    let server = Server::start(|_| {
        let deep = format!(
            "{{\"sha\":\"a\",\"x\":{}{}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        Response::new(200, "application/json", deep).into()
    });
    let error = read(&server).await.expect_err("too deep");
    assert!(error.to_string().contains("nested too deeply"), "{error}");
}

#[tokio::test]
async fn names_reach_the_server_as_one_part_of_the_path() {
    let server = Server::start(|_| {
        Response::json(200, &json!({"name": "x", "commit": {"sha": "abc"}})).into()
    });
    let client = client(&server);
    client
        .repo(&repo())
        .branch("feature/../a?b")
        .await
        .expect("a branch");
    assert_eq!(
        server.lines(),
        ["GET /repos/octo/app/branches/feature%2F..%2Fa%3Fb"]
    );
    for name in ["", ".", ".."] {
        let error = client
            .repo(&repo())
            .branch(name)
            .await
            .expect_err("no name");
        assert!(matches!(error, ApiError::InvalidName { .. }));
    }
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn limits_are_obeyed_by_the_servers_clock() {
    // The server's clock is years behind: its reset is a second away.
    let response = Response::json(403, &json!({"message": "API rate limit exceeded"}))
        .with("Date", "Mon, 01 Jan 2024 00:00:00 GMT")
        .with("x-ratelimit-remaining", "0")
        .with("x-ratelimit-reset", "1704067200");
    let server = at_first(1, response);
    let began = Instant::now();
    read(&server).await.expect("a commit");
    assert!(began.elapsed() >= Duration::from_secs(1));

    let secondary = Response::json(
        403,
        &json!({"message": "You have exceeded a secondary rate limit."}),
    );
    let server = at_first(1, secondary);
    let error = read(&server).await.expect_err("a minute is too long");
    let ApiError::RateLimited(limited) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (limited.wait, limited.secondary),
        (Duration::from_secs(60), true)
    );
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_renamed_repository_is_followed_with_the_token() {
    for status in [301, 302, 307, 308] {
        let server = Server::start(move |request| match request.path() {
            PATH => Response::json(status, &json!({}))
                .with(
                    "Location",
                    format!("http://{}/moved", request.header("host").expect("a host")),
                )
                .into(),
            _ => commit().into(),
        });
        read(&server).await.expect("a commit");
        let requests = server.received();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[1].line(), "GET /moved");
        assert!(requests[1].header("authorization").is_some());
    }
}

#[tokio::test]
async fn no_token_goes_to_another_server() {
    let other = Arc::new(Server::start(|_| commit().into()));
    // Not even the credentials in the address itself.
    let target = other.root.replace("http://", "http://user:secret@");
    let server = Server::start(move |_| {
        Response::json(302, &json!({}))
            .with("Location", target.clone())
            .into()
    });
    let (config, log) = config(&server.root);
    let client = Client::new(config).expect("a client");
    assert_eq!(
        client
            .repo(&repo())
            .commit("main")
            .await
            .expect("a commit")
            .sha,
        "abc"
    );
    let requests = other.received();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("authorization"), None);
    let log = log.lock().expect("no panic").join("\n");
    assert!(!log.contains(TOKEN) && !log.contains("secret"), "{log}");
}

#[tokio::test]
async fn redirects_to_plain_http_or_in_a_circle_fail() {
    let server = Server::start(|_| {
        Response::json(301, &json!({}))
            .with("Location", "http://192.0.2.1/x")
            .into()
    });
    let error = read(&server).await.expect_err("plain http");
    assert!(
        matches!(error, ApiError::ForeignAddress { .. }),
        "{error:?}"
    );

    let server = Server::start(|_| {
        Response::json(301, &json!({}))
            .with("Location", PATH)
            .into()
    });
    let error = read(&server).await.expect_err("a circle");
    assert!(error.to_string().contains("redirects in a row"), "{error}");
    assert_eq!(server.received().len(), 6);

    let server = Server::start(|_| Response::json(301, &json!({"message": "Moved"})).into());
    let error = read(&server).await.expect_err("nowhere to go");
    assert_eq!(error.status(), Some(301));
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    const ETAG: &str = "W/\"d256e649\"";
    const DATE: &str = "Sun, 01 Nov 2026 00:00:00 GMT";
    let server = Server::start(|request| {
        let made = "2026-11-01T00:00:00Z";
        let statuses = json!([{"id": 1, "state": "queued", "created_at": made}]);
        let response = if request.header("if-none-match") == Some(ETAG) {
            Response::new(304, "", "")
        } else if request.path().ends_with("/statuses") {
            Response::json(200, &statuses)
        } else {
            Response::json(200, &json!([]))
        };
        response.with("ETag", ETAG).with("Date", DATE).into()
    });
    let client = client(&server);
    let first = client
        .repo(&repo())
        .deployment(DeploymentId(7))
        .statuses_since(None)
        .await
        .expect("statuses");
    let Fetched::Fresh {
        value,
        etag,
        server_now,
    } = first
    else {
        panic!("{first:?}");
    };
    assert_eq!(value[0].state, StatusState::Queued);
    let again = client
        .repo(&repo())
        .deployment(DeploymentId(7))
        .statuses_since(etag.as_deref())
        .await;
    assert_eq!(
        again.expect("an answer"),
        Fetched::NotModified { server_now }
    );
    let filter = DeploymentFilter::default();
    let list = client
        .repo(&repo())
        .deployments_since(&filter, 500, etag.as_deref())
        .await;
    assert_eq!(
        list.expect("an answer"),
        Fetched::NotModified { server_now }
    );
    let other = client
        .repo(&repo())
        .deployments_since(&filter, 5, Some("\"x\""))
        .await;
    assert!(matches!(other, Ok(Fetched::Fresh { .. })));
    let targets: Vec<String> = server
        .received()
        .into_iter()
        .map(|request| request.target)
        .collect();
    let base = "/repos/octo/app/deployments";
    assert_eq!(
        targets,
        [
            format!("{base}/7/statuses?per_page=30"),
            format!("{base}/7/statuses?per_page=30"),
            format!("{base}?per_page=100"),
            format!("{base}?per_page=5"),
        ]
    );
}

#[tokio::test]
async fn the_user_is_requested_once() {
    let server = Server::start(|_| Response::json(200, &json!({"login": "octocat"})).into());
    let client = client(&server);
    let copy = client.clone();
    assert_eq!(
        client.viewer_login().await.expect("a login").as_deref(),
        Some("octocat")
    );
    assert_eq!(
        copy.viewer_login().await.expect("a login").as_deref(),
        Some("octocat")
    );
    assert_eq!(server.lines(), ["GET /user"]);
}

#[tokio::test]
async fn a_server_that_does_not_tell_the_time_gets_ours() {
    let server = Server::start(|_| Response::json(200, &json!([])).without("Date").into());
    let (mut config, _) = config(&server.root);
    let now = "2026-11-01T00:00:00Z".parse().expect("a time");
    config.clock = Arc::new(move || now + SignedDuration::ZERO);
    let client = Client::new(config).expect("a client");
    let fetched = client
        .repo(&repo())
        .deployment(DeploymentId(7))
        .statuses_since(None)
        .await
        .expect("an answer");
    let Fetched::Fresh { server_now, .. } = fetched else {
        panic!("{fetched:?}");
    };
    assert_eq!(server_now, now);
}

#[tokio::test]
async fn every_request_is_reported_with_its_place_in_the_call() {
    let response = Response::html(502, "<html>")
        .with("x-github-request-id", "AB:CD")
        .with("x-ratelimit-remaining", "42");
    let server = at_first(1, response);
    let (config, log) = config(&server.root);
    let client = Client::new(config).expect("a client");
    client.repo(&repo()).commit("main").await.expect("a commit");
    let log = log.lock().expect("no panic").clone();
    assert_eq!(log.len(), 3, "{log:?}");
    for part in [
        "method: \"GET\"",
        PATH,
        "status: Some(502)",
        "rate_remaining: Some(42)",
        "request_id: Some(\"AB:CD\")",
        "attempt: 1",
    ] {
        assert!(log[0].contains(part), "{part}: {}", log[0]);
    }
    assert!(log[1].contains("the server failed with 502"), "{}", log[1]);
    assert!(log[2].contains("attempt: 2"), "{}", log[2]);
}

#[tokio::test]
async fn a_failed_tls_handshake_has_sent_nothing() {
    let server = Server::start(|_| commit().into());
    let (mut config, _) = config(&server.root.replace("http://", "https://"));
    config.connect_timeout = Duration::from_millis(200);
    let client = Client::new(config).expect("a client");
    let error = client
        .repo(&repo())
        .commit("main")
        .await
        .expect_err("no TLS");
    let ApiError::Network(network) = &error else {
        panic!("{error:?}");
    };
    assert_eq!((network.kind, network.sent), (NetworkKind::Connect, false));
    assert!(server.received().is_empty());
}
