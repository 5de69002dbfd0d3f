//! GraphQL over real HTTP.

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Config, RepositorySource, Sandbox};

struct Server {
    sandbox: Sandbox,
    client: Client,
    _data: TempDir,
}

impl Server {
    async fn start(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config::new(data.path());
        config.repositories = vec![RepositorySource {
            owner: "octo".to_owned(),
            name: "hello".to_owned(),
            path: None,
        }];
        change(&mut config);
        // The first test to get here installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            sandbox: Sandbox::start(config).await.unwrap(),
            client: Client::builder()
                .user_agent("tests")
                .no_proxy()
                .build()
                .unwrap(),
            _data: data,
        }
    }

    async fn send(&self, method: Method, path: &str, token: &str, body: String) -> Response {
        let url = format!("{}{path}", self.sandbox.url());
        let mut request = self.client.request(method, url).body(body);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap()
    }

    async fn ask(&self, path: &str, token: &str, query: &str) -> Response {
        let body = json!({"query": query}).to_string();
        self.send(Method::POST, path, token, body).await
    }
}

async fn json(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers()[name].to_str().unwrap()
}

#[tokio::test]
async fn both_addresses_answer_and_count() {
    let server = Server::start(|_| ()).await;
    let query = "{ viewer { login url } rateLimit { used remaining } }";
    for (path, used) in [("/graphql", 1), ("/api/graphql", 2)] {
        let response = server.ask(path, "any", query).await;
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "x-ratelimit-resource"), "graphql");
        assert_eq!(header(&response, "x-ratelimit-limit"), "5000");
        assert_eq!(header(&response, "x-ratelimit-used"), used.to_string());
        assert_eq!(
            header(&response, "x-github-media-type"),
            "github.v4; format=json"
        );
        assert_eq!(
            header(&response, "content-type"),
            "application/json; charset=utf-8"
        );
        let body = json(response).await;
        assert_eq!(
            body["data"],
            json!({
                "viewer": {
                    "login": "sandbox",
                    "url": format!("{}/sandbox", server.sandbox.url()),
                },
                "rateLimit": {"used": used, "remaining": 5000 - used},
            })
        );
    }
    server.sandbox.stop().await;
}

#[tokio::test]
async fn only_authenticated_queries_are_served() {
    let server = Server::start(|config| {
        config.tokens = vec!["old=revoked".parse().unwrap(), "ci=repo".parse().unwrap()];
    })
    .await;
    let query = "{ viewer { login } }";
    let anonymous = server.ask("/graphql", "", query).await;
    assert_eq!(anonymous.status(), 403);
    assert_eq!(header(&anonymous, "x-ratelimit-limit"), "0");
    assert_eq!(
        json(anonymous).await["message"],
        "This endpoint requires you to be authenticated."
    );
    let revoked = server.ask("/graphql", "old", query).await;
    assert_eq!(revoked.status(), 401);
    let ci = server.ask("/graphql", "ci", query).await;
    assert_eq!(json(ci).await["data"]["viewer"]["login"], "ci");
    let got = server
        .send(Method::GET, "/graphql", "any", String::new())
        .await;
    assert_eq!(got.status(), 404);
    for path in ["/api/v3/graphql", "/graphql/x"] {
        assert_eq!(server.ask(path, "any", query).await.status(), 404, "{path}");
    }
    let broken = server
        .send(Method::POST, "/graphql", "any", "{".to_owned())
        .await;
    assert_eq!(broken.status(), 400);
    assert_eq!(json(broken).await["message"], "Problems parsing JSON");
    server.sandbox.stop().await;
}

#[tokio::test]
async fn rest_and_graphql_return_the_same_objects() {
    let server = Server::start(|_| ()).await;
    let body = json!({"ref": "main", "payload": {"a": 1}}).to_string();
    let path = "/repos/octo/hello/deployments";
    let made = json(server.send(Method::POST, path, "any", body).await).await;
    let id = made["node_id"].as_str().unwrap();
    let query = format!(
        r#"mutation {{ createDeploymentStatus(input: {{deploymentId: "{id}", state: SUCCESS}}) {{
            deploymentStatus {{ id createdAt deployment {{ id commitOid createdAt payload
                creator {{ login url avatarUrl ... on User {{ id }} }} }} }} }} }}"#
    );
    let answer = json(server.ask("/graphql", "any", &query).await).await;
    let status = &answer["data"]["createDeploymentStatus"]["deploymentStatus"];
    let deployment = &status["deployment"];
    let creator = &made["creator"];
    assert_eq!(
        deployment,
        &json!({
            "id": made["node_id"],
            "commitOid": made["sha"],
            "createdAt": made["created_at"],
            "payload": r#"{"a":1}"#,
            "creator": {
                "login": creator["login"],
                "url": creator["html_url"],
                "avatarUrl": creator["avatar_url"],
                "id": creator["node_id"],
            },
        })
    );
    let path = format!("/repos/octo/hello/deployments/{}/statuses", made["id"]);
    let statuses = json(server.send(Method::GET, &path, "any", String::new()).await).await;
    assert_eq!(statuses[0]["node_id"], status["id"]);
    assert_eq!(statuses[0]["state"], "success");
    server.sandbox.stop().await;
}

#[tokio::test]
async fn queries_and_mutations_spend_the_minute_differently() {
    let server = Server::start(|config| config.enforce_limits = true).await;
    // A mutation costs 5 of the 2,000 points per minute, whether it succeeds or
    // not.
    let mutation = r#"mutation { deleteDeployment(input: {id: "x"}) { clientMutationId } }"#;
    for _ in 0..399 {
        let response = server.ask("/graphql", "any", mutation).await;
        assert_eq!(response.status(), 200);
    }
    for _ in 0..5 {
        let response = server.ask("/graphql", "any", "{ viewer { login } }").await;
        assert_eq!(response.status(), 200);
    }
    let response = server.ask("/graphql", "any", "{ viewer { login } }").await;
    assert_eq!(response.status(), 403);
    assert!(header(&response, "retry-after").parse::<u64>().unwrap() <= 60);
    let message = json(response).await["message"].to_string();
    assert!(message.contains("secondary rate limit"), "{message}");
    server.sandbox.stop().await;
}
