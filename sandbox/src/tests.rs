//! The server over real HTTP.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::git::testing::Fixture;
use super::{Config, RepositorySource, Sandbox};

/// A running sandbox and a client for it.
struct Server {
    sandbox: Sandbox,
    client: Client,
    _data: TempDir,
}

struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {:?}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn message(&self) -> String {
        self.json()["message"].as_str().unwrap().to_owned()
    }
}

fn client() -> Client {
    // The first test to get here installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent("sandbox tests")
        .no_proxy()
        .build()
        .unwrap()
}

fn config(data: &Path) -> Config {
    let mut config = Config::new(data);
    config.repositories = vec![RepositorySource {
        owner: "octo".to_owned(),
        name: "hello".to_owned(),
        path: None,
    }];
    config
}

async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

impl Server {
    async fn start(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = config(data.path());
        change(&mut config);
        let sandbox = Sandbox::start(config).await.unwrap();
        Self {
            sandbox,
            client: client(),
            _data: data,
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.sandbox.url()))
    }

    async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path).bearer_auth("any")).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_as("any", path, body).await
    }

    async fn post_as(&self, token: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).bearer_auth(token);
        answer(request.body(body.to_string())).await
    }

    async fn create(&self, body: &Value) -> Value {
        let made = self.post("/repos/octo/hello/deployments", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.json()
    }
}

const DEPLOYMENTS: &str = "/repos/octo/hello/deployments";

#[tokio::test]
async fn a_deployment_is_made_read_marked_and_deleted() {
    let server = Server::start(|_| ()).await;
    let made = server
        .post("/repos/OCTO/Hello/deployments", &json!({"ref": "main"}))
        .await;
    assert_eq!(made.status, 201);
    let body = made.json();
    assert_eq!(made.header("location"), body["url"].as_str().unwrap());
    assert!(body["id"].as_u64().unwrap() > u64::from(u32::MAX));
    assert_eq!(body["description"], Value::Null);
    assert_eq!(body["payload"], json!({}));
    assert_eq!(body["creator"]["login"], "sandbox");
    let url = body["url"]
        .as_str()
        .unwrap()
        .strip_prefix(server.sandbox.url())
        .unwrap();
    let got = server.get(url).await;
    assert_eq!(got.json(), body);
    assert!(got.header("last-modified").ends_with(" GMT"));
    let status = server
        .post(
            &format!("{url}/statuses"),
            &json!({"state": "success", "log_url": "http://l/"}),
        )
        .await;
    assert_eq!(status.status, 201);
    assert_eq!(status.json()["target_url"], "http://l/");
    assert_eq!(status.json()["environment_url"], "");
    assert_eq!(
        server.get(&format!("{url}/statuses")).await.json(),
        json!([status.json()])
    );
    server.create(&json!({"ref": "main"})).await;
    let refused = answer(server.request(Method::DELETE, url).bearer_auth("x")).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.json()["errors"][0]
            .as_str()
            .unwrap()
            .starts_with("We cannot delete an active")
    );
    server
        .post(&format!("{url}/statuses"), &json!({"state": "inactive"}))
        .await;
    let deleted = answer(server.request(Method::DELETE, url).bearer_auth("x")).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    assert_eq!(server.get(url).await.status, 404);
}

#[tokio::test]
async fn a_payload_comes_back_byte_for_byte() {
    let server = Server::start(|_| ()).await;
    for payload in [
        r#"{"n": 1.10, "big":123456789012345678901234567890, "z":{"b":1,"a":2}}"#,
        r#""{ \"deploy\": \"migrate\" }""#,
        r#""""#,
        "{}",
    ] {
        let request = server.request(Method::POST, DEPLOYMENTS).bearer_auth("x");
        let made = answer(request.body(format!(r#"{{"ref":"main","payload":{payload}}}"#))).await;
        assert!(
            made.text.contains(&format!("\"payload\":{payload},")),
            "{}",
            made.text
        );
        assert!(server.get(DEPLOYMENTS).await.text.contains(payload));
    }
}

#[tokio::test]
async fn lists_are_paged_by_links_that_lead_through_the_id() {
    let server = Server::start(|_| ()).await;
    let mut made = Vec::new();
    for number in 0..25 {
        let environment = if number % 5 == 0 { "a/b c" } else { "qa" };
        let body = json!({"ref": "main", "environment": environment, "auto_merge": false});
        made.push(server.create(&body).await["id"].as_u64().unwrap());
    }
    made.reverse();
    let mut path = format!("{DEPLOYMENTS}?per_page=10");
    let mut seen = Vec::new();
    loop {
        let page = server.get(&path).await;
        seen.extend(
            page.json()
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["id"].as_u64().unwrap()),
        );
        let next = page
            .header("link")
            .split(", ")
            .find(|link| link.contains("rel=\"next\""));
        let Some(next) = next.map(str::to_owned) else {
            break;
        };
        let url = next[1..next.find('>').unwrap()].to_owned();
        assert!(
            url.contains("/repositories/900000001/deployments?per_page=10&page="),
            "{url}"
        );
        path = url.strip_prefix(server.sandbox.url()).unwrap().to_owned();
    }
    assert_eq!(seen, made);
    let filtered = server
        .get(&format!("{DEPLOYMENTS}?environment=a%2Fb+c&per_page=100"))
        .await;
    assert_eq!(filtered.json().as_array().unwrap().len(), 5);
    assert_eq!(filtered.header("link"), "");
    for nothing in [
        "ref=nope",
        "task=nope",
        "sha=nope",
        "environment=a",
        "page=9",
    ] {
        assert_eq!(
            server.get(&format!("{DEPLOYMENTS}?{nothing}")).await.json(),
            json!([])
        );
    }
    let environment = server.get("/repos/octo/hello/environments/a%2Fb%20c").await;
    assert_eq!(environment.json()["name"], "a/b c");
    assert_eq!(
        server
            .get("/repos/octo/hello/environments/a/b%20c")
            .await
            .status,
        404
    );
    assert_eq!(
        server
            .get("/repos/octo/hello/environments/a%252Fb%20c")
            .await
            .status,
        404
    );
    assert_eq!(
        server.get("/repos/octo/hello/environments").await.json()["total_count"],
        2
    );
}

#[tokio::test]
async fn what_is_known_already_costs_nothing() {
    let server = Server::start(|_| ()).await;
    let first = server.get(DEPLOYMENTS).await;
    let tag = first.header("etag").to_owned();
    assert_eq!(first.header("x-ratelimit-remaining"), "4999");
    for known in [
        tag.clone(),
        tag.replace("W/", ""),
        format!("\"x\", {tag}"),
        "*".to_owned(),
    ] {
        let again = answer(
            server
                .request(Method::GET, DEPLOYMENTS)
                .bearer_auth("any")
                .header("if-none-match", known),
        )
        .await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        assert_eq!(again.header("etag"), tag);
        assert_eq!(again.header("x-ratelimit-remaining"), "4999");
    }
    server.create(&json!({"ref": "main"})).await;
    let changed = answer(
        server
            .request(Method::GET, DEPLOYMENTS)
            .bearer_auth("any")
            .header("if-none-match", tag),
    )
    .await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.header("x-ratelimit-used"), "3");
    let limits = server.get("/rate_limit").await.json();
    assert_eq!(limits["resources"]["core"]["used"], 3);
    assert_eq!(limits["rate"], limits["resources"]["core"]);
}

#[tokio::test]
async fn every_answer_has_githubs_headers() {
    let server = Server::start(|_| ()).await;
    let mut ids = BTreeSet::new();
    for path in [
        DEPLOYMENTS,
        "/nothing",
        "/repos/octo/hello/",
        "/repos/no/body",
    ] {
        let got = server.get(path).await;
        for name in [
            "x-github-media-type",
            "x-ratelimit-limit",
            "x-ratelimit-reset",
            "date",
            "server",
        ] {
            assert_ne!(got.header(name), "", "{path} {name}");
        }
        assert_eq!(
            got.header("content-type"),
            "application/json; charset=utf-8"
        );
        assert_eq!(got.header("x-github-api-version-selected"), "2022-11-28");
        assert!(ids.insert(got.header("x-github-request-id").to_owned()));
        if got.status == 404 {
            assert_eq!(got.json()["status"], "404");
        }
    }
    let head = answer(server.request(Method::HEAD, DEPLOYMENTS)).await;
    assert_eq!(
        (
            head.status,
            head.text.as_str(),
            head.header("content-length")
        ),
        (200, "", "2")
    );
    let newer = server.request(Method::GET, "/repos/octo/hello");
    let newer = answer(newer.header("x-github-api-version", "2026-03-10")).await;
    assert_eq!(newer.header("x-github-api-version-selected"), "2026-03-10");
    assert_eq!(newer.json().get("has_downloads"), None);
    let unknown = server
        .request(Method::GET, "/user")
        .header("x-github-api-version", "2020-01-01");
    assert_eq!(answer(unknown).await.status, 400);
    let nobody = Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(server.sandbox.url());
    assert_eq!(answer(nobody).await.status, 403);
    let large = server.request(Method::POST, DEPLOYMENTS).bearer_auth("x");
    let large = answer(large.body(" ".repeat(1024 * 1024 + 1))).await;
    assert_eq!(large.status, 413);
}

#[tokio::test]
async fn addresses_follow_the_request() {
    let server = Server::start(|_| ()).await;
    let request = server.request(Method::GET, "/api/v3/repos/octo/hello");
    let body = answer(request.header("host", "github.example:99"))
        .await
        .json();
    assert_eq!(
        body["url"],
        "http://github.example:99/api/v3/repos/octo/hello"
    );
    assert_eq!(body["html_url"], "http://github.example:99/octo/hello");
    assert_eq!(body["default_branch"], "main");
}

#[tokio::test]
async fn tokens_have_the_rights_of_their_rules() {
    let rules = [
        "none=read:org",
        "deployer=repo_deployment",
        "reader=deployments=read",
        "old=revoked",
    ];
    let server = Server::start(|config| {
        config.tokens = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    })
    .await;
    let body = json!({"ref": "main"});
    let stranger = answer(
        server
            .request(Method::POST, DEPLOYMENTS)
            .body(body.to_string()),
    )
    .await;
    assert_eq!(
        (stranger.status, stranger.message().as_str()),
        (401, "Requires authentication")
    );
    assert_eq!(stranger.header("x-ratelimit-limit"), "60");
    let old = server.post_as("old", DEPLOYMENTS, &body).await;
    assert_eq!(
        (old.status, old.message().as_str()),
        (401, "Bad credentials")
    );
    let none = server.post_as("none", DEPLOYMENTS, &body).await;
    assert_eq!(none.status, 403);
    assert_eq!(none.header("x-oauth-scopes"), "read:org");
    assert_eq!(
        none.header("x-accepted-oauth-scopes"),
        "repo, repo_deployment"
    );
    let reader = server.post_as("reader", DEPLOYMENTS, &body).await;
    assert_eq!(
        reader.message(),
        "Resource not accessible by personal access token"
    );
    assert_eq!(
        reader.header("x-accepted-github-permissions"),
        "deployments=write"
    );
    assert_eq!(reader.header("x-oauth-scopes"), "");
    let deployer = server.post_as("deployer", DEPLOYMENTS, &body).await;
    assert_eq!(deployer.json()["creator"]["login"], "deployer");
    let sha = deployer.json()["sha"].as_str().unwrap().to_owned();
    let check = format!("/repos/octo/hello/statuses/{sha}");
    assert_eq!(
        server
            .post_as("deployer", &check, &json!({"state": "success"}))
            .await
            .status,
        403
    );
    let user = answer(
        server
            .request(Method::GET, "/user")
            .basic_auth("me", Some("deployer")),
    )
    .await;
    assert_eq!(user.json()["login"], "deployer");
}

#[tokio::test]
async fn a_private_repository_is_not_there_for_strangers() {
    let server = Server::start(|config| {
        config.private = true;
        config.tokens = vec![
            "few=public_repo".parse().unwrap(),
            "fine=contents=read".parse().unwrap(),
        ];
    })
    .await;
    let status = |token: &'static str| {
        let request = server.request(Method::GET, DEPLOYMENTS);
        answer(if token.is_empty() {
            request
        } else {
            request.bearer_auth(token)
        })
    };
    assert_eq!(status("").await.status, 404);
    assert_eq!(status("few").await.status, 404);
    assert_eq!(status("fine").await.status, 403);
    assert_eq!(status("any").await.status, 200);
}

#[tokio::test]
async fn limits_are_enforced_when_asked() {
    let server = Server::start(|config| config.enforce_limits = true).await;
    for _ in 0..60 {
        assert_eq!(
            answer(server.request(Method::GET, "/versions"))
                .await
                .status,
            200
        );
    }
    let last = answer(server.request(Method::GET, "/versions")).await;
    assert_eq!(
        (last.status, last.header("x-ratelimit-remaining")),
        (403, "0")
    );
    assert!(last.message().starts_with("API rate limit exceeded"));
    assert_eq!(
        answer(server.request(Method::GET, "/rate_limit"))
            .await
            .status,
        200
    );
    let mut refused = None;
    for _ in 0..181 {
        let reply = server.post("/repos/octo/hello/nothing", &json!({})).await;
        if reply.status == 403 {
            refused = Some(reply);
        }
    }
    let refused = refused.expect("the 181st write goes beyond 900 points");
    assert!(
        refused
            .message()
            .starts_with("You have exceeded a secondary rate limit")
    );
    assert!((1..=60).contains(&refused.header("retry-after").parse::<u64>().unwrap()));
}

#[tokio::test]
async fn checks_and_merges_are_distinguished() {
    let server = Server::start(|_| ()).await;
    let branch = server
        .get("/repos/octo/hello/branches/feature/login")
        .await
        .json();
    let sha = branch["commit"]["sha"].as_str().unwrap();
    let check = format!("/repos/octo/hello/statuses/{sha}");
    let status = server
        .post(&check, &json!({"state": "pending", "context": "ci"}))
        .await;
    assert_eq!(status.status, 201);
    let combined = server
        .get("/repos/octo/hello/commits/feature%2Flogin/status")
        .await
        .json();
    assert_eq!(
        (&combined["state"], &combined["sha"]),
        (&json!("pending"), &json!(sha))
    );
    let failed = server
        .post(DEPLOYMENTS, &json!({"ref": "feature/login"}))
        .await;
    assert_eq!(failed.status, 409);
    let error = &failed.json()["errors"][0];
    assert_eq!(
        error["contexts"],
        json!([{"context": "ci", "state": "pending"}])
    );
    assert_eq!(error["field"], "required_contexts");
    let conflict = server.post(DEPLOYMENTS, &json!({"ref": "conflict"})).await;
    assert_eq!(
        (conflict.status, conflict.json().get("errors")),
        (409, None)
    );
    let merged = server
        .post(DEPLOYMENTS, &json!({"ref": "topic-behind"}))
        .await;
    assert_eq!(
        merged.json(),
        json!({"message": "Auto-merged main into topic-behind on deployment."})
    );
    assert_eq!(merged.status, 202);
    let between = server
        .get("/repos/octo/hello/compare/main...topic-behind")
        .await
        .json();
    assert_eq!(
        (&between["status"], &between["ahead_by"]),
        (&json!("ahead"), &json!(2))
    );
    let named = server
        .post(
            "/repos/octo/hello/statuses/main",
            &json!({"state": "success"}),
        )
        .await;
    assert_eq!(named.message(), "No commit found for SHA: main");
}

#[tokio::test]
async fn the_users_repository_is_only_read() {
    let fixture = Fixture::new();
    let path = fixture.path();
    let server = Server::start(|config| config.repositories[0].path = Some(path)).await;
    let empty = server.get("/repos/octo/hello/commits").await;
    assert_eq!(
        (empty.status, empty.message().as_str()),
        (409, "Git Repository is empty.")
    );
    assert_eq!(
        server
            .post(DEPLOYMENTS, &json!({"ref": "main"}))
            .await
            .status,
        422
    );
    fixture.commit("one");
    fixture.git(&["checkout", "-q", "-b", "topic"]);
    fixture.commit("topic");
    fixture.git(&["checkout", "-q", "main"]);
    fixture.commit("two");
    let state = || fixture.git(&["for-each-ref"]) + &fixture.git(&["count-objects", "-v"]);
    let before = state();
    assert_eq!(
        server
            .post(DEPLOYMENTS, &json!({"ref": "topic"}))
            .await
            .status,
        202
    );
    let made = server.create(&json!({"ref": "topic"})).await;
    assert_eq!(state(), before);
    let commit = format!(
        "/repos/octo/hello/commits/{}",
        made["sha"].as_str().unwrap()
    );
    assert_eq!(
        server.get(&commit).await.json()["parents"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn two_servers_share_one_directory() {
    let data = tempfile::tempdir().unwrap();
    let (one, two) = tokio::join!(
        Sandbox::start(config(data.path())),
        Sandbox::start(config(data.path()))
    );
    let servers = [one.unwrap(), two.unwrap()];
    let client = client();
    let requests = (0..60).map(|number| {
        let url = format!("{}{DEPLOYMENTS}", servers[number % 2].url());
        answer(
            client
                .post(url)
                .bearer_auth("x")
                .body(r#"{"ref":"main","auto_merge":false}"#),
        )
    });
    let answers = futures_util::future::join_all(requests).await;
    let ids: BTreeSet<u64> = answers
        .iter()
        .map(|made| made.json()["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids.len(), 60);
    for server in servers {
        let url = format!("{}{DEPLOYMENTS}?per_page=100", server.url());
        let listed = answer(client.get(url)).await.json();
        assert_eq!(listed.as_array().unwrap().len(), 60);
        server.stop().await;
    }
    // A server that starts later finds all the data.
    let later = Sandbox::start(config(data.path())).await.unwrap();
    let url = format!("{}{DEPLOYMENTS}?per_page=100", later.url());
    assert_eq!(
        answer(client.get(url))
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        60
    );
}

#[tokio::test]
async fn stopping_does_not_wait_for_idle_connections() {
    let server = Server::start(|_| ()).await;
    server.get("/").await;
    let url = server.sandbox.url().to_owned();
    let begin = Instant::now();
    server.sandbox.stop().await;
    assert!(begin.elapsed() < Duration::from_secs(2));
    assert!(server.client.get(url).send().await.is_err());
}

#[tokio::test]
async fn a_failed_start_is_explained() {
    let data = tempfile::tempdir().unwrap();
    let mut wrong = config(data.path());
    wrong.repositories[0].owner = "a/b".to_owned();
    assert!(
        Sandbox::start(wrong)
            .await
            .unwrap_err()
            .to_string()
            .contains("is not a repository")
    );
    let mut wrong = config(data.path());
    wrong.repositories[0].path = Some(data.path().to_owned());
    let error = Sandbox::start(wrong).await.unwrap_err().to_string();
    assert!(error.contains("is not in a git repository"), "{error}");
    let mut wrong = config(data.path());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    wrong.port = taken.local_addr().unwrap().port();
    assert!(
        Sandbox::start(wrong)
            .await
            .unwrap_err()
            .to_string()
            .contains("cannot listen on")
    );
}
