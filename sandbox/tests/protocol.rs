//! Headers: versions, the user agent, conditional requests, HEAD.

use std::collections::BTreeSet;

use serde_json::json;

use super::world::{World, one, statuses};
use crate::support::http::{Client, REPO};

const VERSION: &str = "x-github-api-version";
const SELECTED: &str = "x-github-api-version-selected";

#[test]
fn both_api_versions_are_spoken_and_no_other() {
    let world = World::new();
    for version in ["2022-11-28", "2026-03-10"] {
        let reply = world.client.header(VERSION, version).get(REPO).expect(200);
        assert_eq!(reply.header(SELECTED), Some(version));
    }
    let reply = world.client.get(REPO).expect(200);
    assert_eq!(reply.header(SELECTED), Some("2022-11-28"));
    for version in ["2021-01-01", "newest", ""] {
        let client = world.client.header(VERSION, version);
        let path = format!("{REPO}/deployments");
        for reply in [
            client.send_unchecked("GET", &path, None),
            client.send_unchecked("POST", &path, Some(b"{\"ref\":\"main\"}")),
        ] {
            assert_eq!(reply.status, 400, "{version:?}");
            assert_eq!(reply.json()["status"], "400");
        }
    }
    let list = world.client.get(&format!("{REPO}/deployments")).expect(200);
    assert_eq!(list.list().len(), 0);
}

#[test]
fn a_request_without_a_user_agent_is_forbidden() {
    let world = World::new();
    let reply = world
        .client
        .without_user_agent()
        .send_unchecked("GET", REPO, None);
    assert_eq!(reply.status, 403);
    assert!(
        reply
            .text()
            .contains("Missing or invalid User Agent string"),
        "{}",
        reply.text()
    );
    assert_ne!(
        reply.header("content-type"),
        Some("application/json; charset=utf-8")
    );
}

#[test]
fn credentials_come_before_versions_and_after_the_user_agent() {
    let world = World::with(|config| {
        config.tokens = vec!["gone=revoked".parse().expect("a rule")];
    });
    let gone = world.client.with_token("gone").header(VERSION, "newest");
    let reply = gone.send_unchecked("GET", REPO, None);
    assert_eq!(reply.status, 401);
    assert_eq!(reply.json()["message"], "Bad credentials");
    let nameless = world.client.with_token("gone").without_user_agent();
    assert_eq!(nameless.send_unchecked("GET", REPO, None).status, 403);
    // The token's rate limit is counted.
    world.client.get(REPO).expect(200);
    for (client, status) in [
        (world.client.header(VERSION, "newest"), 400),
        (world.client.without_user_agent(), 403),
    ] {
        let reply = client.send_unchecked("GET", REPO, None);
        assert_eq!(reply.status, status);
        assert_eq!(reply.number("x-ratelimit-limit"), 5000);
        assert_eq!(reply.number("x-ratelimit-used"), 1);
    }
    let nobody = world.client.anonymous().header(VERSION, "newest");
    let reply = nobody.send_unchecked("GET", REPO, None);
    assert_eq!(reply.number("x-ratelimit-limit"), 60);
}

#[test]
fn an_unchanged_answer_is_304_and_costs_nothing() {
    let world = World::new();
    let deployment = world.deploy("staging");
    for path in [
        format!("{REPO}/deployments"),
        one(deployment),
        statuses(deployment),
        REPO.to_owned(),
    ] {
        let first = world.client.get(&path).expect(200);
        let tag = first.header("etag").expect("a tag").to_owned();
        let strong = tag.trim_start_matches("W/").to_owned();
        for condition in [
            tag.clone(),
            strong.clone(),
            format!("W/{strong}"),
            format!("\"another\", {tag}"),
            "*".to_owned(),
        ] {
            let again = world.client.header("if-none-match", &condition).get(&path);
            let again = again.expect(304);
            assert_eq!(again.header("etag"), Some(tag.as_str()), "{condition}");
            assert_eq!(
                again.number("x-ratelimit-used"),
                first.number("x-ratelimit-used"),
                "{path}: {condition}"
            );
        }
        let other = world
            .client
            .header("if-none-match", "\"another\"")
            .get(&path);
        other.expect(200);
    }
}

#[test]
fn what_is_not_modified_since_is_304_and_costs_nothing() {
    let world = World::new();
    let path = one(world.deploy("staging"));
    let first = world.client.get(&path).expect(200);
    let modified = first.header("last-modified").expect("a date").to_owned();
    let tag = first.header("etag").expect("a tag").to_owned();
    let since = |date: &str| world.client.header("if-modified-since", date);
    for date in [modified.as_str(), "Thu, 31 Dec 9998 23:59:59 GMT"] {
        let again = since(date).get(&path).expect(304);
        assert_eq!(again.text(), "");
        assert_eq!(again.header("last-modified"), Some(modified.as_str()));
        assert_eq!(
            again.number("x-ratelimit-used"),
            first.number("x-ratelimit-used")
        );
    }
    for date in ["Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", ""] {
        since(date).get(&path).expect(200);
    }
    // An ETag takes precedence over a date.
    let both = |date: &str, tag: &str| since(date).header("if-none-match", tag).get(&path);
    both(&modified, "\"another\"").expect(200);
    both("Thu, 01 Jan 1970 00:00:00 GMT", &tag).expect(304);
    // A list has no modification time.
    since(&modified)
        .get(&format!("{REPO}/deployments"))
        .expect(200);
}

#[test]
fn a_changed_answer_has_another_tag() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let mut tags = BTreeSet::new();
    for path in [format!("{REPO}/deployments"), statuses(deployment)] {
        let before = world.client.get(&path).expect(200);
        let tag = before.header("etag").expect("a tag").to_owned();
        world.set(deployment, "queued");
        world.deploy("staging");
        let after = world.client.header("if-none-match", &tag).get(&path);
        let after = after.expect(200);
        assert_ne!(after.header("etag"), Some(tag.as_str()));
        tags.insert(tag);
    }
    assert_eq!(tags.len(), 2);
}

#[test]
fn a_single_deployment_tells_when_it_was_changed() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let reply = world.client.get(&one(deployment)).expect(200);
    let modified = reply.header("last-modified").expect("a date");
    assert!(modified.ends_with(" GMT"), "{modified}");
}

#[test]
fn head_is_get_without_the_body() {
    let world = World::new();
    let path = one(world.deploy("staging"));
    let full = world.client.get(&path).expect(200);
    let head = world.client.send_unchecked("HEAD", &path, None).expect(200);
    assert_eq!(head.text(), "");
    for name in ["etag", "content-type"] {
        assert_eq!(head.header(name), full.header(name), "{name}");
    }
    let missing = world.client.send_unchecked("HEAD", &one(1), None);
    assert_eq!((missing.status, missing.text()), (404, String::new()));
}

#[test]
fn every_answer_has_an_id_of_its_own() {
    let world = World::new();
    let ids: BTreeSet<String> = (0..20)
        .map(|_| {
            let reply = world.client.get(REPO).expect(200);
            reply
                .header("x-github-request-id")
                .expect("an id")
                .to_owned()
        })
        .collect();
    assert_eq!(ids.len(), 20);
}

#[test]
fn answers_are_the_same_for_many_at_once() {
    let world = World::new();
    let path = one(world.deploy("staging"));
    let expected = world.client.get(&path).expect(200).json();
    let client: &Client = &world.client;
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(client.get(&path).expect(200).json(), expected);
                }
            });
        }
    });
    world.create(&json!({"ref": "main"}));
}
