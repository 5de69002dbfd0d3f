//! Names in paths, and the URLs in responses.

use serde_json::json;

use super::world::{World, id, one, statuses, text};
use crate::support::http::REPO;

#[test]
fn owner_and_name_have_no_case() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let read = world.client.get(&one(deployment)).expect(200).json();
    let path = format!("/repos/OCTOCAT/Hello-World/deployments/{deployment}");
    assert_eq!(world.client.get(&path).expect(200).json(), read);
    world
        .client
        .post(
            "/repos/Octocat/HELLO-WORLD/deployments",
            &json!({"ref": "main"}),
        )
        .expect(201);
}

#[test]
fn a_repository_is_found_by_its_id() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let repository = world.client.get(REPO).expect(200).json();
    let by_id = format!("/repositories/{}", id(&repository));
    assert_eq!(world.client.get(&by_id).expect(200).json(), repository);
    let read = world
        .client
        .get(&format!("{by_id}/deployments"))
        .expect(200);
    assert_eq!(id(&read.list()[0]), deployment);
    let path = format!("{by_id}/deployments/{deployment}/statuses");
    world
        .client
        .post(&path, &json!({"state": "queued"}))
        .expect(201);
    assert_eq!(world.states(deployment), ["queued"]);
    world.client.get("/repositories/1/deployments").expect(404);
}

#[test]
fn what_is_not_there_is_404_as_githubs() {
    let world = World::new();
    let deployment = world.deploy("staging");
    for path in [
        "/repos/octocat/other/deployments".to_owned(),
        "/repos/other/hello-world".to_owned(),
        one(1),
        one(u64::from(u32::MAX)),
        format!("{REPO}/deployments/not-a-number"),
        format!("{REPO}/deployments/99999999999999999999999"),
        format!("{REPO}/deployments/-1"),
        format!("{REPO}/deployments/"),
        format!("{}/", one(deployment)),
        format!("{REPO}/deploymints"),
        format!("{REPO}/environments/none-such"),
        "/nothing/here".to_owned(),
    ] {
        let reply = world.client.send_unchecked("GET", &path, None).expect(404);
        let body = reply.json();
        assert_eq!(body["message"], "Not Found", "{path}");
        assert_eq!(body["status"], "404", "{path}");
    }
}

#[test]
fn a_method_that_is_not_there_is_404() {
    let world = World::new();
    let deployment = world.deploy("staging");
    for (method, path) in [
        ("PUT", one(deployment)),
        ("PATCH", one(deployment)),
        ("POST", one(deployment)),
        ("DELETE", format!("{REPO}/deployments")),
        ("DELETE", statuses(deployment)),
    ] {
        let reply = world.client.send_unchecked(method, &path, Some(b"{}"));
        assert_eq!(reply.status, 404, "{method} {path}");
    }
}

#[test]
fn names_are_decoded_once() {
    let world = World::new();
    for (name, encoded) in [
        ("plain", "plain"),
        ("with space", "with%20space"),
        ("a/b", "a%2Fb"),
        ("per%2Fcent", "per%252Fcent"),
        ("é🚀", "%C3%A9%F0%9F%9A%80"),
        ("a+b", "a+b"),
        ("q?#&", "q%3F%23%26"),
    ] {
        world.deploy(name);
        let path = format!("{REPO}/environments/{encoded}");
        let body = world.client.get(&path).expect(200).json();
        assert_eq!(body["name"], name);
    }
}

#[test]
fn refs_with_slashes_are_found_raw_and_encoded() {
    let world = World::new();
    world.repository.branch("feature/login", "main");
    let sha = world.repository.head();
    for path in [
        "branches/feature/login",
        "branches/feature%2Flogin",
        "commits/feature/login",
        "commits/feature%2Flogin",
        "commits/feature/login/status",
        "commits/feature%2Flogin/status",
    ] {
        let body = world
            .client
            .get(&format!("{REPO}/{path}"))
            .expect(200)
            .json();
        let found = match body.get("commit").and_then(|commit| commit.get("sha")) {
            Some(sha) => sha.clone(),
            None => body["sha"].clone(),
        };
        assert_eq!(found, sha, "{path}");
    }
    let path = format!("{REPO}/compare/main...feature/login");
    assert_eq!(
        world.client.get(&path).expect(200).json()["status"],
        "identical"
    );
}

#[test]
fn addresses_in_answers_follow_the_host_that_was_asked() {
    let world = World::new();
    let client = world.client.host("sandbox.example:8443");
    let reply = client.post(&format!("{REPO}/deployments"), &json!({"ref": "main"}));
    let made = reply.expect(201);
    let url = format!("http://sandbox.example:8443{}", one(id(&made.json())));
    assert_eq!(made.json()["url"], url);
    assert_eq!(made.header("location"), Some(url.as_str()));
}

#[test]
fn the_same_api_is_below_api_v3() {
    let world = World::new();
    let client = world.client.below("/api/v3");
    for number in 0..3 {
        world.deploy(&format!("env-{number}"));
    }
    let list = client
        .get(&format!("{REPO}/deployments?per_page=2"))
        .expect(200);
    let newest = list.list().swap_remove(0);
    let url = format!("{}/api/v3{}", world.server.url(), one(id(&newest)));
    assert_eq!(newest["url"], url);
    let next = list.link("next").expect("a next page");
    let expected = format!("{}/api/v3/repositories/", world.server.url());
    assert!(next.starts_with(&expected), "{next}");
    assert_eq!(client.get(&next).expect(200).list().len(), 1);
    let made = client.post(
        &format!("{REPO}/deployments/{}/statuses", id(&newest)),
        &json!({"state": "queued"}),
    );
    let location = made.expect(201).header("location").map(str::to_owned);
    assert!(location.expect("a location").contains("/api/v3/repos/"));
}

#[test]
fn every_address_in_an_answer_leads_somewhere() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let status = world.set(deployment, "queued");
    let made = world.deployment(deployment);
    for (thing, field) in [
        (&made, "url"),
        (&made, "statuses_url"),
        (&made, "repository_url"),
        (&status, "url"),
        (&status, "deployment_url"),
        (&status, "repository_url"),
    ] {
        world.client.get(&text(thing, field)).expect(200);
    }
}

#[test]
fn what_is_not_served_below_a_commit_is_not_taken_for_its_name() {
    let world = World::new();
    for below in [
        "branches-where-head",
        "check-runs",
        "check-suites",
        "comments",
    ] {
        let path = format!("{REPO}/commits/main/{below}");
        let reply = world.client.send_unchecked("GET", &path, None);
        assert_eq!(reply.status, 404, "{below}");
        assert_eq!(reply.json()["message"], "Not Found");
        let whole = world.client.get(&format!("{REPO}/commits/main%2F{below}"));
        let message = format!("No commit found for SHA: main/{below}");
        assert_eq!(whole.expect(422).json()["message"], message);
    }
    world.repository.branch("pulls", "topic");
    let found = world.client.get(&format!("{REPO}/commits/pulls"));
    assert_eq!(
        found.expect(200).json()["sha"],
        world.repository.sha("topic")
    );
}
