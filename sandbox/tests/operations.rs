//! Every operation that the sandbox serves: its success and its documented
//! errors. The client of these tests checks the status, headers and body of
//! each response against GitHub's description.

use serde_json::{Value, json};

use super::world::{World, id, one, statuses, text};
use crate::support::git::GitRepository;
use crate::support::http::{Client, REPO};
use crate::support::openapi::description;
use crate::support::serve::Server;

/// The operations of the description that a sandbox can carry out, each with a
/// path for which it succeeds.
fn served(world: &World) -> Vec<(&'static str, String, u16, Option<Value>)> {
    let spare = world.deploy("spare");
    let deployment = world.deploy("staging");
    let status = id(&world.set(deployment, "queued"));
    let sha = world.repository.sha("main");
    vec![
        ("GET", "/meta".to_owned(), 200, None),
        ("GET", "/rate_limit".to_owned(), 200, None),
        ("GET", "/user".to_owned(), 200, None),
        ("GET", REPO.to_owned(), 200, None),
        ("GET", format!("{REPO}/branches/main"), 200, None),
        ("GET", format!("{REPO}/commits"), 200, None),
        (
            "GET",
            format!("{REPO}/commits?sha=topic&per_page=2"),
            200,
            None,
        ),
        ("GET", format!("{REPO}/commits/main"), 200, None),
        ("GET", format!("{REPO}/commits/v1.0.0"), 200, None),
        ("GET", format!("{REPO}/commits/{sha}"), 200, None),
        ("GET", format!("{REPO}/commits/main/status"), 200, None),
        ("GET", format!("{REPO}/commits/topic/pulls"), 200, None),
        ("GET", format!("{REPO}/compare/main...topic"), 200, None),
        ("GET", format!("{REPO}/deployments"), 200, None),
        (
            "POST",
            format!("{REPO}/deployments"),
            201,
            Some(json!({"ref": "main"})),
        ),
        (
            "POST",
            format!("{REPO}/deployments"),
            202,
            Some(json!({"ref": "behind"})),
        ),
        ("GET", one(deployment), 200, None),
        ("GET", statuses(deployment), 200, None),
        (
            "POST",
            statuses(deployment),
            201,
            Some(json!({"state": "queued"})),
        ),
        (
            "GET",
            format!("{}/{status}", statuses(deployment)),
            200,
            None,
        ),
        ("DELETE", one(spare), 204, None),
        ("GET", format!("{REPO}/environments"), 200, None),
        ("GET", format!("{REPO}/environments/staging"), 200, None),
        (
            "POST",
            format!("{REPO}/statuses/{sha}"),
            201,
            Some(json!({"state": "success", "context": "ci", "description": "fine"})),
        ),
    ]
}

#[test]
fn every_answer_is_as_github_describes_it() {
    let world = World::new();
    world.report("main", "lint", "success");
    for (method, target, status, body) in served(&world) {
        let path = target.split('?').next().unwrap_or_default();
        assert!(description().describes(method, path), "{method} {target}");
        for version in ["2022-11-28", "2026-03-10"] {
            let once = matches!(method, "DELETE") || status == 202;
            if once && version == "2026-03-10" {
                continue;
            }
            let client = world.client.header("x-github-api-version", version);
            let body = body.as_ref().map(|body| body.to_string().into_bytes());
            client.send(method, &target, body.as_deref()).expect(status);
        }
    }
}

#[test]
fn what_is_not_served_is_404() {
    let world = World::new();
    for path in [
        "/git/tags/1",
        "/labels",
        "/actions/runs/1/approvals",
        "/actions/runs/1/pending_deployments",
    ] {
        world.client.get(&format!("{REPO}{path}")).expect(404);
    }
    world.client.get("/gists").expect(404);
}

#[test]
fn the_neighbours_that_are_not_described_answer_too() {
    let world = World::new();
    world.report("main", "ci", "success");
    let versions = world.client.get("/versions").expect(200).list();
    assert_eq!(versions.len(), 2);
    assert!(world.client.get("/").expect(200).json().is_object());
    let branches = world
        .client
        .get(&format!("{REPO}/branches"))
        .expect(200)
        .list();
    let mut names: Vec<String> = branches.iter().map(|one| text(one, "name")).collect();
    names.sort();
    assert_eq!(names, ["behind", "conflict", "main", "topic"]);
    // By the description, this would be a commit named `main/statuses`.
    let path = format!("{REPO}/commits/main/statuses");
    let list = world.client.send_unchecked("GET", &path, None);
    assert_eq!(list.expect(200).list().len(), 1);
}

#[test]
fn a_repository_has_its_default_branch() {
    let world = World::new();
    let repository = world.client.get(REPO).expect(200).json();
    assert_eq!(repository["default_branch"], "main");
    assert_eq!(repository["full_name"], "octocat/hello-world");
    assert_eq!(repository["private"], false);
}

#[test]
fn the_default_branch_is_the_remotes() {
    let (repository, remote) = (GitRepository::new(), GitRepository::bare());
    repository.branch("trunk", "main");
    let sha = repository.commit("a", "a", "On trunk");
    repository.push_to("origin", &remote, "trunk");
    repository.git(["remote", "set-head", "origin", "trunk"]);
    repository.checkout("main");
    let server = Server::of(&repository);
    let client = Client::new(server.url());
    assert_eq!(
        client.get(REPO).expect(200).json()["default_branch"],
        "trunk"
    );
    let merged = client.post(&format!("{REPO}/deployments"), &json!({"ref": "main"}));
    assert_eq!(
        merged.expect(202).json()["message"],
        "Auto-merged trunk into main on deployment."
    );
    let commit = client
        .get(&format!("{REPO}/commits/trunk"))
        .expect(200)
        .json();
    assert_eq!(commit["sha"], sha);
}

#[test]
fn a_commit_is_reported_as_git_has_it() {
    let world = World::new();
    let commit = world
        .client
        .get(&format!("{REPO}/commits/topic"))
        .expect(200)
        .json();
    assert_eq!(commit["sha"], world.repository.sha("topic"));
    assert_eq!(commit["commit"]["message"], "Work on a topic");
    assert_eq!(commit["commit"]["author"]["name"], "Mona Lisa");
    assert_eq!(commit["commit"]["author"]["email"], "mona@example.com");
    assert_eq!(commit["parents"][0]["sha"], world.repository.sha("main"));
    assert_eq!(commit["files"][0]["filename"], "topic.txt");
    assert_eq!(commit["files"][0]["status"], "added");
    assert_eq!(commit["stats"]["additions"], 1);
    for unknown in ["nowhere", "0123456789012345678901234567890123456789"] {
        let reply = world.client.get(&format!("{REPO}/commits/{unknown}"));
        assert!(
            matches!(reply.status, 404 | 422),
            "{unknown}: {}",
            reply.status
        );
    }
}

#[test]
fn commits_come_newest_first_and_from_any_branch() {
    let world = World::new();
    let list = world
        .client
        .get(&format!("{REPO}/commits"))
        .expect(200)
        .list();
    let messages: Vec<&str> = list
        .iter()
        .filter_map(|commit| commit["commit"]["message"].as_str())
        .collect();
    assert_eq!(messages, ["Change the app", "Add the app", "First commit"]);
    let page = world
        .client
        .get(&format!("{REPO}/commits?sha=topic&per_page=1"));
    let page = page.expect(200);
    assert_eq!(page.list()[0]["sha"], world.repository.sha("topic"));
    assert!(page.link("next").is_some());
}

#[test]
fn a_comparison_counts_both_ways() {
    let world = World::new();
    for (range, status, ahead, behind) in [
        ("main...topic", "ahead", 1, 0),
        ("topic...main", "behind", 0, 1),
        ("main...behind", "diverged", 1, 1),
        ("main...main", "identical", 0, 0),
    ] {
        let body = world
            .client
            .get(&format!("{REPO}/compare/{range}"))
            .expect(200)
            .json();
        assert_eq!(body["status"], status, "{range}");
        assert_eq!(body["ahead_by"], ahead, "{range}");
        assert_eq!(body["behind_by"], behind, "{range}");
        assert_eq!(body["total_commits"], ahead, "{range}");
    }
    world
        .client
        .get(&format!("{REPO}/compare/main...nowhere"))
        .expect(404);
}

#[test]
fn a_combined_status_is_the_worst_of_the_newest() {
    let world = World::new();
    let state = |world: &World| {
        let body = world
            .client
            .get(&format!("{REPO}/commits/main/status"))
            .expect(200)
            .json();
        (text(&body, "state"), body["total_count"].clone())
    };
    assert_eq!(state(&world), ("pending".to_owned(), json!(0)));
    world.report("main", "ci", "success");
    assert_eq!(state(&world), ("success".to_owned(), json!(1)));
    world.report("main", "lint", "pending");
    assert_eq!(state(&world), ("pending".to_owned(), json!(2)));
    world.report("main", "lint", "error");
    assert_eq!(state(&world), ("failure".to_owned(), json!(2)));
    world.report("main", "lint", "success");
    assert_eq!(state(&world), ("success".to_owned(), json!(2)));
}

#[test]
fn a_commit_status_needs_a_commit_and_a_state() {
    let world = World::new();
    let path = format!("{REPO}/statuses/{}", world.repository.sha("main"));
    for body in [json!({}), json!({"state": "queued"}), json!({"state": 1})] {
        let reply = world
            .client
            .send_unchecked("POST", &path, Some(body.to_string().as_bytes()));
        assert_eq!(reply.status, 422, "{body}");
    }
    let reply = world
        .client
        .post(&path, &json!({"state": "success"}))
        .expect(201);
    assert_eq!(reply.json()["context"], "default");
    let nowhere = format!("{REPO}/statuses/0123456789012345678901234567890123456789");
    let reply = world
        .client
        .send_unchecked("POST", &nowhere, Some(b"{\"state\":\"success\"}"));
    assert!(matches!(reply.status, 404 | 422), "{}", reply.status);
}

#[test]
fn a_branch_that_is_not_there_is_404() {
    let world = World::new();
    let body = world
        .client
        .get(&format!("{REPO}/branches/nowhere"))
        .expect(404)
        .json();
    assert_eq!(body["message"], "Branch not found");
}

#[test]
fn a_repository_without_commits_says_so() {
    let repository = GitRepository::empty();
    let server = Server::of(&repository);
    let client = Client::new(server.url());
    let body = client.get(&format!("{REPO}/commits")).expect(409).json();
    assert_eq!(body["message"], "Git Repository is empty.");
    let reply = client.post(&format!("{REPO}/deployments"), &json!({"ref": "main"}));
    assert!(matches!(reply.status, 409 | 422), "{}", reply.status);
    assert_eq!(
        client
            .get(&format!("{REPO}/deployments"))
            .expect(200)
            .list()
            .len(),
        0
    );
}

#[test]
fn the_sample_repository_has_a_case_for_every_rule() {
    let server = Server::sample();
    let client = Client::new(server.url());
    let ask = |reference: &str| {
        client
            .post(&format!("{REPO}/deployments"), &json!({"ref": reference}))
            .status
    };
    assert_eq!(ask("main"), 201);
    assert_eq!(ask("feature/login"), 201);
    assert_eq!(ask("conflict"), 409);
    assert_eq!(ask("topic-behind"), 202);
    assert_eq!(ask("topic-behind"), 201);
    assert_eq!(ask("v1.0.0"), 409);
    assert_eq!(ask("nowhere"), 422);
}
