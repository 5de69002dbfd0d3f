//! Several sandboxes on one store, at the same time and one after another.

use std::collections::BTreeSet;
use std::thread;

use serde_json::json;
use tempfile::TempDir;

use super::world::{id, ids, one, statuses, text};
use crate::support::git::{self, GitRepository};
use crate::support::http::{Client, REPO};
use crate::support::serve::{self, Server};

fn create(client: &Client, environment: &str) -> u64 {
    let body = json!({"ref": "main", "environment": environment});
    id(&client
        .post(&format!("{REPO}/deployments"), &body)
        .expect(201)
        .json())
}

#[test]
fn two_at_once_write_to_one_store_and_lose_nothing() {
    let data = TempDir::new().expect("a directory");
    // They also start at the same time, and neither finds a store.
    let (one, other) = thread::scope(|scope| {
        let one = scope.spawn(|| Server::on(data.path(), |_| {}));
        let other = scope.spawn(|| Server::on(data.path(), |_| {}));
        (
            one.join().expect("the first starts"),
            other.join().expect("the second starts"),
        )
    });
    let (one, other) = (Client::new(one.url()), Client::new(other.url()));
    let made: Vec<u64> = thread::scope(|scope| {
        let writers: Vec<_> = [&one, &other, &one, &other]
            .map(|client| {
                scope.spawn(move || {
                    (0..25)
                        .map(|_| create(client, "shared"))
                        .collect::<Vec<_>>()
                })
            })
            .into();
        writers
            .into_iter()
            .flat_map(|writer| writer.join().expect("a writer"))
            .collect()
    });
    let distinct: BTreeSet<u64> = made.iter().copied().collect();
    assert_eq!(distinct.len(), 100);
    for client in [&one, &other] {
        let list = client.get(&format!("{REPO}/deployments?per_page=100"));
        let listed = ids(&list.expect(200).list());
        assert!(
            listed.is_sorted_by(|a, b| a > b),
            "newest first: {listed:?}"
        );
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), distinct);
    }
}

#[test]
fn what_one_writes_the_other_sees() {
    let data = TempDir::new().expect("a directory");
    let (one_server, other) = (
        Server::on(data.path(), |_| {}),
        Server::on(data.path(), |_| {}),
    );
    let (here, there) = (Client::new(one_server.url()), Client::new(other.url()));
    let deployment = create(&here, "shared");
    let path = statuses(deployment);
    there.post(&path, &json!({"state": "success"})).expect(201);
    assert_eq!(here.get(&path).expect(200).list().len(), 1);
    // The rules apply across both.
    let next = create(&there, "shared");
    here.post(&statuses(next), &json!({"state": "success"}))
        .expect(201);
    there.get(&one(next)).expect(200);
}

#[test]
fn two_merges_of_one_branch_at_once_leave_one_merge() {
    let data = TempDir::new().expect("a directory");
    let repository = git::with_branches();
    let set_up = |config: &mut deployctl_sandbox::Config| serve::serve(config, &repository);
    let servers = [
        Server::on(data.path(), set_up),
        Server::on(data.path(), set_up),
    ];
    let body = json!({"ref": "behind", "environment": "merged"});
    let path = format!("{REPO}/deployments");
    let mut answers: Vec<u16> = thread::scope(|scope| {
        let askers: Vec<_> = servers
            .iter()
            .map(|server| {
                let client = Client::new(server.url());
                let (body, path) = (&body, &path);
                scope.spawn(move || client.post(path, body).status)
            })
            .collect();
        askers
            .into_iter()
            .map(|asker| asker.join().expect("an answer"))
            .collect()
    });
    answers.sort_unstable();
    assert!(
        answers == [201, 202] || answers == [202, 202],
        "{answers:?}"
    );
    let client = Client::new(servers[0].url());
    let made = client.post(&path, &body).expect(201).json();
    let commit = client
        .get(&format!("{REPO}/commits/{}", text(&made, "sha")))
        .expect(200)
        .json();
    assert_eq!(commit["parents"][0]["sha"], repository.sha("behind"));
}

#[test]
fn a_restart_keeps_everything() {
    let data = TempDir::new().expect("a directory");
    let repository = git::with_branches();
    let set_up = |config: &mut deployctl_sandbox::Config| serve::serve(config, &repository);
    let read = |client: &Client, deployment: u64| {
        let mut all = Vec::new();
        for path in [
            REPO.to_owned(),
            one(deployment),
            statuses(deployment),
            format!("{REPO}/environments"),
            format!("{REPO}/branches/behind"),
            format!("{REPO}/commits/main/status"),
            "/user".to_owned(),
        ] {
            all.push(client.get(&path).expect(200).json());
        }
        all
    };
    let first = Server::on(data.path(), set_up);
    let client = Client::new(first.url());
    let deployment = create(&client, "kept");
    client
        .post(&statuses(deployment), &json!({"state": "success"}))
        .expect(201);
    client
        .post(&format!("{REPO}/deployments"), &json!({"ref": "behind"}))
        .expect(202);
    let checks = format!("{REPO}/statuses/{}", repository.sha("main"));
    client
        .post(&checks, &json!({"state": "success"}))
        .expect(201);
    // URLs contain the port, so both requests use the same host name.
    let before = read(&client.host("sandbox.test"), deployment);
    drop(first);

    let second = Server::on(data.path(), set_up);
    let client = Client::new(second.url());
    assert_eq!(read(&client.host("sandbox.test"), deployment), before);
    assert!(create(&client, "kept") > deployment);
}

#[test]
fn a_worktree_and_a_bare_repository_work_too() {
    let repository = git::with_branches();
    let bare = GitRepository::bare();
    repository.push_to("origin", &bare, "main");
    let worktree = TempDir::new().expect("a directory");
    let path = worktree.path().join("tree");
    repository.git([
        "worktree",
        "add",
        "--quiet",
        &path.to_string_lossy(),
        "topic",
    ]);
    let in_worktree = Server::with(|config| config.repositories[0].path = Some(path.clone()));
    let made = Client::new(in_worktree.url()).post(
        &format!("{REPO}/deployments"),
        &json!({"ref": "topic", "auto_merge": false}),
    );
    assert_eq!(made.expect(201).json()["sha"], repository.sha("topic"));
    let on_bare = Server::of(&bare);
    let made =
        Client::new(on_bare.url()).post(&format!("{REPO}/deployments"), &json!({"ref": "main"}));
    assert_eq!(made.expect(201).json()["sha"], repository.sha("main"));
}
