//! Pull requests and the commits that they brought, over REST and GraphQL.

use serde_json::{Value, json};

use super::world::World;
use crate::support::http::REPO;

const ADMIN: &str = "/_sandbox/repos/octocat/hello-world/pulls";

/// The numbers of the pull requests of a commit, by REST.
fn numbers(world: &World, commit: &str) -> Vec<u64> {
    let path = format!("{REPO}/commits/{commit}/pulls");
    let list = world.client.get(&path).expect(200).list();
    list.iter()
        .map(|pull| pull["number"].as_u64().expect("a number"))
        .collect()
}

fn open(world: &World, body: &Value) -> Value {
    world.client.post(ADMIN, body).expect(201).json()
}

/// The data of a GraphQL answer without errors.
fn graphql(world: &World, query: &str, variables: &Value) -> Value {
    let body = json!({"query": query, "variables": variables});
    let mut answer = world.client.post("/graphql", &body).expect(200).json();
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].take()
}

#[test]
fn a_commit_has_the_pull_requests_that_brought_it() {
    let world = World::new();
    let repository = &world.repository;
    // A branch of two commits, of which a squash makes one.
    repository.branch("feature", "main");
    let first = repository.commit("a.txt", "1\n", "One");
    let second = repository.commit("a.txt", "2\n", "Two");
    // The branch that is checked out is the default branch.
    repository.checkout("main");
    open(&world, &json!({"head": "feature", "number": 5}));
    assert_eq!(numbers(&world, &first), [5]);
    assert_eq!(numbers(&world, &second), [5]);
    assert_eq!(numbers(&world, "feature"), [5]);
    assert_eq!(numbers(&world, "main"), [0_u64; 0]);

    let squash = repository.commit("a.txt", "2\n", "Feature (#5)");
    let merged = json!({"merged": true, "merge_commit_sha": squash[..10]});
    let reply = world
        .client
        .patch(&format!("{ADMIN}/5"), &merged)
        .expect(200);
    assert_eq!(reply.json()["merge_commit_sha"], squash);
    assert_eq!(numbers(&world, &squash), [5]);
    assert_eq!(numbers(&world, &first), [5]);
    let pull = world
        .client
        .get(&format!("{REPO}/pulls/5"))
        .expect(200)
        .json();
    assert_eq!(pull["merge_commit_sha"], squash);

    // One that was closed without being merged brought nothing; an open one
    // counts as long as the default branch lacks the commit.
    open(&world, &json!({"head": "topic", "number": 6}));
    open(
        &world,
        &json!({"head": "topic", "number": 7, "state": "closed"}),
    );
    assert_eq!(numbers(&world, "topic"), [6]);
    repository.git(["merge", "--quiet", "--no-edit", "topic"]);
    assert_eq!(numbers(&world, "topic"), [0_u64; 0]);
    // GitHub's description lists no refusal.
    let target = format!("{REPO}/commits/nothing/pulls");
    world
        .client
        .send_unchecked("GET", &target, None)
        .expect(422);
    let unknown = json!({"head": "topic", "merged": true, "merge_commit_sha": "nothing"});
    world.client.post(ADMIN, &unknown).expect(422);
}

#[test]
fn graphql_shows_pull_requests_and_authors_of_commits() {
    let world = World::new();
    let repository = &world.repository;
    let message = "Add it (#5)\n\nCo-authored-by: Ada <1+ada@users.noreply.github.com>";
    let squash = repository.commit("a.txt", "1\n", message);
    let merged = json!({"head": "topic", "number": 5, "title": "Add it", "merged": true,
        "merge_commit_sha": squash});
    open(&world, &merged);
    let listed = world.client.get(&format!("{REPO}/compare/v1.0.0...main"));
    let commits = listed.expect(200).json()["commits"].clone();
    let ids: Vec<&Value> = commits
        .as_array()
        .expect("a list")
        .iter()
        .map(|commit| &commit["node_id"])
        .collect();
    let query = "query($ids:[ID!]!){nodes(ids:$ids){... on Commit{oid messageHeadline \
        committedDate authors(first:5){totalCount nodes{name email user{login}}} \
        associatedPullRequests(first:3){nodes{number title url merged mergedAt \
        mergeCommit{oid} repository{nameWithOwner} author{login}}}}}}";
    let data = graphql(&world, query, &json!({"ids": ids}));
    let nodes = data["nodes"].as_array().expect("a list");
    let last = nodes.last().expect("a commit");
    assert_eq!(last["oid"], squash);
    assert_eq!(last["authors"]["totalCount"], 2);
    let authors = &last["authors"]["nodes"];
    assert_eq!(authors[0]["name"], "Mona Lisa");
    assert_eq!(authors[0]["user"], Value::Null);
    assert_eq!(authors[1]["user"]["login"], "ada");
    let pull = &last["associatedPullRequests"]["nodes"][0];
    assert_eq!(
        (&pull["number"], &pull["mergeCommit"]["oid"]),
        (&json!(5), &json!(squash))
    );
    assert_eq!(pull["repository"]["nameWithOwner"], "octocat/hello-world");
    let first = &nodes[0]["associatedPullRequests"]["nodes"];
    assert_eq!(first, &json!([]));
}

#[test]
fn a_comparison_has_250_commits_without_pages_and_all_of_them_with_pages() {
    let world = World::new();
    let repository = &world.repository;
    let base = repository.sha("main");
    let shas = repository.commit_many(260);
    let compare = |query: &str| {
        let path = format!("{REPO}/compare/{base}...main{query}");
        let reply = world.client.get(&path).expect(200);
        let body = reply.json();
        let commits = body["commits"].as_array().expect("a list");
        let found: Vec<String> = commits
            .iter()
            .map(|commit| commit["sha"].as_str().expect("a SHA").to_owned())
            .collect();
        (found, body["total_commits"].clone(), reply.link("next"))
    };
    let (newest, total, next) = compare("");
    assert_eq!(
        (newest, total, next),
        (shas[10..].to_vec(), json!(260), None)
    );
    let mut paged = Vec::new();
    for page in 1..=3 {
        let (commits, total, next) = compare(&format!("?per_page=100&page={page}"));
        assert_eq!(total, 260);
        assert_eq!(next.is_some(), page < 3);
        paged.extend(commits);
    }
    assert_eq!(paged, shas);
}
