//! Permissions: no token, any token, limited tokens, rate limits.

use serde_json::json;

use super::world::{World, one, statuses, text};
use crate::support::http::{Client, REPO, Reply};
use crate::support::serve::{Server, rule};

fn limited(rules: &[&str]) -> World {
    World::with(|config| config.tokens = rules.iter().map(|text| rule(text)).collect())
}

#[track_caller]
fn ask(client: &Client) -> Reply {
    client.post(&format!("{REPO}/deployments"), &json!({"ref": "main"}))
}

#[test]
fn without_a_token_one_may_read_and_not_write() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let nobody = world.client.anonymous();
    let read = nobody.get(&one(deployment)).expect(200);
    assert_eq!(read.number("x-ratelimit-limit"), 60);
    for reply in [
        ask(&nobody),
        nobody.delete(&one(deployment)),
        nobody.post(&statuses(deployment), &json!({"state": "success"})),
        nobody.get("/user"),
    ] {
        let body = reply.expect(401).json();
        assert_eq!(body["message"], "Requires authentication");
    }
    assert_eq!(world.states(deployment), [] as [&str; 0]);
}

#[test]
fn any_token_has_all_rights_in_any_form() {
    let world = World::new();
    // The base64 of `anybody:secret`.
    for header in [
        "Bearer anything",
        "bearer anything",
        "token anything",
        "Basic YW55Ym9keTpzZWNyZXQ=",
    ] {
        let client = world.client.authorized(header);
        assert_eq!(ask(&client).expect(201).number("x-ratelimit-limit"), 5000);
    }
    let login = world.client.get("/user").expect(200).json()["login"].clone();
    let made = world.create(&json!({"ref": "main"}));
    assert_eq!(made["creator"]["login"], login);
}

#[test]
fn the_user_of_a_limited_token_bears_its_name() {
    let world = limited(&["mona=repo_deployment"]);
    let mona = world.client.with_token("mona");
    let made = ask(&mona).expect(201).json();
    assert_eq!(made["creator"]["login"], "mona");
    assert_eq!(mona.get("/user").expect(200).json(), {
        let mut user = mona.get("/user").expect(200).json();
        user["login"] = json!("mona");
        user
    });
}

#[test]
fn a_revoked_token_is_refused_everywhere() {
    let world = limited(&["gone=revoked"]);
    let gone = world.client.with_token("gone");
    for reply in [ask(&gone), gone.get(REPO), gone.get("/user")] {
        let reply = reply.expect(401);
        assert_eq!(reply.json()["message"], "Bad credentials");
        assert_eq!(reply.number("x-ratelimit-limit"), 60);
    }
}

#[test]
fn a_fine_grained_token_needs_the_permission() {
    let world = limited(&[
        "reads=deployments=read,contents=read",
        "writes=deployments=write",
        "other=contents=read",
    ]);
    let deployment = world.deploy("staging");
    let reads = world.client.with_token("reads");
    reads.get(&one(deployment)).expect(200);
    for reply in [
        ask(&reads),
        reads.delete(&one(deployment)),
        reads.post(&statuses(deployment), &json!({"state": "queued"})),
        ask(&world.client.with_token("other")),
    ] {
        let reply = reply.expect(403);
        assert_eq!(
            reply.json()["message"],
            "Resource not accessible by personal access token"
        );
        assert_eq!(
            reply.header("x-accepted-github-permissions"),
            Some("deployments=write")
        );
    }
    let writes = world.client.with_token("writes");
    ask(&writes).expect(201);
    writes
        .post(&statuses(deployment), &json!({"state": "queued"}))
        .expect(201);
    // Commit statuses need another permission.
    let path = format!("{REPO}/statuses/{}", world.repository.sha("main"));
    let reply = writes.post(&path, &json!({"state": "success"})).expect(403);
    assert_eq!(
        reply.header("x-accepted-github-permissions"),
        Some("statuses=write")
    );
}

#[test]
fn a_classic_token_needs_the_scope() {
    let world = limited(&[
        "deployer=repo_deployment",
        "public=public_repo",
        "whole=repo",
        "elsewhere=read:org,gist",
        "none=",
    ]);
    for name in ["deployer", "whole", "public"] {
        let reply = ask(&world.client.with_token(name)).expect(201);
        assert!(reply.header("x-oauth-scopes").is_some(), "{name}");
        let accepted = reply.header("x-accepted-oauth-scopes").unwrap_or_default();
        assert!(accepted.contains("repo_deployment"), "{name}: {accepted:?}");
    }
    for name in ["elsewhere", "none"] {
        let reply = ask(&world.client.with_token(name));
        assert!(
            matches!(reply.status, 403 | 404),
            "{name}: {}",
            reply.status
        );
    }
    let scopes = world.client.with_token("elsewhere").get(REPO).expect(200);
    let scopes = scopes
        .header("x-oauth-scopes")
        .unwrap_or_default()
        .to_owned();
    assert!(
        scopes.contains("gist") && scopes.contains("read:org"),
        "{scopes}"
    );
}

#[test]
fn the_rate_is_counted_for_each_token_by_itself() {
    let world = World::new();
    let (one, other) = (
        world.client.with_token("one"),
        world.client.with_token("other"),
    );
    let first = one.get(REPO).expect(200);
    let second = one.get(REPO).expect(200);
    assert_eq!(first.header("x-ratelimit-resource"), Some("core"));
    assert_eq!(
        second.number("x-ratelimit-used"),
        first.number("x-ratelimit-used") + 1
    );
    for reply in [&first, &second] {
        assert_eq!(
            reply.number("x-ratelimit-used") + reply.number("x-ratelimit-remaining"),
            reply.number("x-ratelimit-limit")
        );
        assert!(reply.number("x-ratelimit-reset") > 1_767_225_600);
    }
    let fresh = other.get(REPO).expect(200);
    assert_eq!(fresh.number("x-ratelimit-used"), 1);
}

#[test]
fn asking_for_the_rate_costs_nothing() {
    let world = World::new();
    let used = |reply: &Reply| reply.number("x-ratelimit-used");
    let before = used(&world.client.get(REPO).expect(200));
    let asked = world.client.get("/rate_limit").expect(200);
    assert_eq!(asked.json()["resources"]["core"]["used"], before);
    world.client.get("/rate_limit").expect(200);
    assert_eq!(used(&world.client.get(REPO).expect(200)), before + 1);
}

#[test]
fn limits_are_only_counted_unless_they_are_to_be_enforced() {
    let server = Server::sample();
    let nobody = Client::new(server.url()).anonymous();
    for _ in 0..65 {
        nobody.get(REPO).expect(200);
    }
    assert_eq!(
        nobody.get(REPO).expect(200).number("x-ratelimit-remaining"),
        0
    );
}

#[test]
fn the_primary_limit_is_reported_by_header_and_message() {
    let server = Server::with(|config| config.enforce_limits = true);
    let nobody = Client::new(server.url()).anonymous();
    for _ in 0..60 {
        nobody.get(REPO).expect(200);
    }
    let reply = nobody.get(REPO);
    assert!(matches!(reply.status, 403 | 429));
    assert_eq!(reply.number("x-ratelimit-remaining"), 0);
    let message = text(&reply.json(), "message");
    assert!(
        message.starts_with("API rate limit exceeded for "),
        "{message}"
    );
    // A token has a rate limit of its own.
    Client::new(server.url()).get(REPO).expect(200);
}

#[test]
fn the_secondary_limit_is_900_points_a_minute() {
    let server = Server::with(|config| config.enforce_limits = true);
    let client = Client::new(server.url());
    let mut points = 0;
    let refused = loop {
        let reply = ask(&client);
        if reply.status != 201 {
            break reply;
        }
        points += 5;
        assert!(points <= 900, "more than 900 points were accepted");
    };
    assert!(points >= 850, "refused after {points} points");
    assert!(matches!(refused.status, 403 | 429));
    assert!(refused.number("retry-after") > 0);
    assert!(refused.number("x-ratelimit-remaining") > 0);
    let message = text(&refused.json(), "message");
    assert!(message.contains("secondary rate limit"), "{message}");
}

#[test]
fn a_private_repository_is_hidden_without_a_token() {
    let world = World::with(|config| config.private = true);
    let deployment = world.deploy("staging");
    let nobody = world.client.anonymous();
    for path in [REPO.to_owned(), one(deployment)] {
        let body = nobody.get(&path).expect(404).json();
        assert_eq!(body["message"], "Not Found");
    }
    assert_eq!(world.client.get(REPO).expect(200).json()["private"], true);
}
