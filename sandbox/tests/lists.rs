//! Lists: order, filters and pages.

use serde_json::{Value, json};

use super::world::{World, id, ids, statuses, text};
use crate::support::http::Client;
use crate::support::http::REPO;
use crate::support::serve::Server;

fn list(world: &World, query: &str) -> Vec<u64> {
    let path = format!("{REPO}/deployments{query}");
    ids(&world.client.get(&path).expect(200).list())
}

#[test]
fn deployments_come_newest_first() {
    let world = World::new();
    let mut made: Vec<u64> = (0..5).map(|_| world.deploy("staging")).collect();
    made.reverse();
    assert_eq!(list(&world, ""), made);
}

#[test]
fn filters_are_exact_and_all_must_fit() {
    let world = World::new();
    let make = |reference: &str, task: &str, environment: &str| {
        id(&world.create(&json!({"ref": reference, "task": task, "environment": environment})))
    };
    let a = make("main", "deploy", "staging");
    let b = make("main", "migrate", "staging");
    let c = make("topic", "deploy", "qa 1/é");
    let main = world.repository.sha("main");
    let d = make(&main, "deploy", "Staging");
    for (query, expected) in [
        ("?environment=staging", vec![b, a]),
        ("?environment=Staging", vec![d]),
        ("?environment=stag", vec![]),
        ("?environment=qa%201%2F%C3%A9", vec![c]),
        ("?environment=qa+1/%C3%A9", vec![c]),
        ("?ref=main", vec![b, a]),
        ("?ref=refs/heads/main", vec![]),
        (&format!("?sha={main}"), vec![d, b, a]),
        (&format!("?ref={main}"), vec![d]),
        (&format!("?sha={}", &main[..10]), vec![]),
        ("?task=migrate", vec![b]),
        ("?task=deploy&environment=staging", vec![a]),
        ("?task=migrate&ref=topic", vec![]),
        ("?unknown=thing", vec![d, c, b, a]),
    ] {
        assert_eq!(list(&world, query), expected, "{query}");
    }
}

#[test]
fn the_environment_filter_follows_a_deployment_that_was_moved() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let body = json!({"state": "success", "environment": "canary"});
    world.add(deployment, &body).expect(201);
    assert_eq!(list(&world, "?environment=canary"), [deployment]);
}

#[test]
fn pages_of_250_hold_each_deployment_once_and_in_order() {
    let server = Server::sample();
    let client = Client::new(server.url());
    let path = format!("{REPO}/deployments");
    let mut made: Vec<u64> = (0..250)
        .map(|_| {
            let body = json!({"ref": "main", "environment": "bulk"});
            id(&client.post(&path, &body).expect(201).json())
        })
        .collect();
    made.reverse();
    let repository = id(&client.get(REPO).expect(200).json());

    assert_eq!(client.get(&path).expect(200).list().len(), 30);
    let capped = client.get(&format!("{path}?per_page=1000")).expect(200);
    assert_eq!(capped.list().len(), 100);

    let mut next = Some(format!("{path}?per_page=60&environment=bulk"));
    let (mut seen, mut pages) = (Vec::new(), 0);
    while let Some(page) = next {
        let reply = client.get(&page).expect(200);
        pages += 1;
        seen.extend(ids(&reply.list()));
        let numbered = |page: u32| {
            let base = format!("{}/repositories/{repository}/deployments", server.url());
            (base, page)
        };
        let link = |relation| reply.link(relation).map(|url| split(&url));
        let last = numbered(5);
        assert_eq!(link("next"), (pages < 5).then(|| numbered(pages + 1)));
        assert_eq!(link("last"), (pages < 5).then_some(last));
        assert_eq!(link("prev"), (pages > 1).then(|| numbered(pages - 1)));
        assert_eq!(link("first"), (pages > 1).then(|| numbered(1)));
        next = reply.link("next");
    }
    assert_eq!(pages, 5);
    assert_eq!(seen, made);

    let beyond = client
        .get(&format!("{path}?page=9&per_page=100"))
        .expect(200);
    assert_eq!(beyond.list(), [] as [Value; 0]);
}

/// Splits a page's URL into the part before the query and the page number, and
/// asserts that the rest of the query was kept.
fn split(url: &str) -> (String, u32) {
    let (base, query) = url.split_once('?').expect("a query");
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let value = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("{name} in {url}")).1
    };
    assert_eq!(value("per_page"), "60");
    assert_eq!(value("environment"), "bulk");
    (base.to_owned(), value("page").parse().expect("a number"))
}

#[test]
fn there_is_no_link_when_everything_fits() {
    let world = World::new();
    for _ in 0..3 {
        world.deploy("staging");
    }
    let path = format!("{REPO}/deployments");
    let reply = world.client.get(&format!("{path}?per_page=3")).expect(200);
    assert_eq!(reply.header("link"), None);
    let reply = world.client.get(&format!("{path}?per_page=2")).expect(200);
    assert!(reply.link("next").is_some());
    let empty = world.client.get(&format!("{path}?environment=none-such"));
    assert_eq!(empty.expect(200).header("link"), None);
}

#[test]
fn statuses_and_environments_have_pages_too() {
    let world = World::new();
    let deployment = world.deploy("env-0");
    for number in 1..=4 {
        world.set(deployment, "queued");
        world.deploy(&format!("env-{number}"));
    }
    let reply = world
        .client
        .get(&format!("{}?per_page=3", statuses(deployment)));
    let reply = reply.expect(200);
    assert_eq!(reply.list().len(), 3);
    let second = world.client.get(&reply.link("next").expect("a next page"));
    assert_eq!(second.expect(200).list().len(), 1);

    let first = world
        .client
        .get(&format!("{REPO}/environments?per_page=3"))
        .expect(200);
    let second = world
        .client
        .get(&first.link("next").expect("a next page"))
        .expect(200);
    let mut names: Vec<String> = Vec::new();
    for page in [first, second] {
        let body = page.json();
        assert_eq!(body["total_count"], 5);
        let list = body["environments"].as_array().expect("a list").clone();
        names.extend(list.iter().map(|one| text(one, "name")));
    }
    names.sort();
    assert_eq!(names, ["env-0", "env-1", "env-2", "env-3", "env-4"]);
}

#[test]
fn strange_page_numbers_do_no_harm() {
    let world = World::new();
    let deployment = world.deploy("staging");
    for query in ["?page=0", "?page=-1", "?page=x", "?per_page=x", "?page="] {
        let reply = world.client.get(&format!("{REPO}/deployments{query}"));
        assert_eq!(ids(&reply.expect(200).list()), [deployment], "{query}");
    }
    for list in [
        format!("{REPO}/deployments"),
        format!("{REPO}/commits"),
        format!("{REPO}/branches"),
        statuses(deployment),
    ] {
        for page in ["9", "18446744073709551615", "99999999999999999999"] {
            let reply = world
                .client
                .get(&format!("{list}?per_page=100&page={page}"));
            let reply = reply.expect(200);
            assert_eq!(reply.list(), [] as [Value; 0], "{list} {page}");
            for relation in ["prev", "last", "first"] {
                let link = reply.link(relation).expect("a link back");
                assert!(link.ends_with("?per_page=100&page=1"), "{link}");
            }
            assert_eq!(reply.link("next"), None);
        }
    }
}
