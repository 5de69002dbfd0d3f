//! Git objects, refs and contents. The client of these tests holds each answer
//! against GitHub's description.

use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::world::{World, text};
use crate::support::git;
use crate::support::http::{Client, REPO, Reply};
use crate::support::serve::{self, Server, rule};

const ABSENT: &str = "0000000000000000000000000000000000000000";

fn post(client: &Client, path: &str, body: &Value) -> Reply {
    client.post(&format!("{REPO}/git/{path}"), body)
}

fn sha(reply: Reply) -> String {
    let made = reply.expect(201);
    assert!(made.header("location").is_some());
    text(&made.json(), "sha")
}

/// A commit without parents, with one file.
fn commit(client: &Client, content: &str) -> String {
    let entry = json!({"path": "lock.json", "mode": "100644", "type": "blob", "content": content});
    let tree = sha(post(client, "trees", &json!({"tree": [entry]})));
    let commit = json!({"message": "lock [skip ci]", "tree": tree, "parents": []});
    sha(post(client, "commits", &commit))
}

fn create_ref(client: &Client, name: &str, sha: &str) -> Reply {
    post(client, "refs", &json!({"ref": name, "sha": sha}))
}

fn ask(client: &Client, query: &str, variables: &Value) -> Value {
    let body = json!({"query": query, "variables": variables});
    client.post("/graphql", &body).expect(200).json()
}

fn repository_id(client: &Client) -> Value {
    let query = "{repository(owner:\"octocat\",name:\"hello-world\"){id}}";
    ask(client, query, &json!({}))["data"]["repository"]["id"].clone()
}

fn update(client: &Client, updates: &Value) -> Value {
    let input = json!({"repositoryId": repository_id(client), "refUpdates": updates});
    let query = "mutation($i:UpdateRefsInput!){updateRefs(input:$i){clientMutationId}}";
    ask(client, query, &json!({ "i": input }))
}

#[test]
fn a_file_is_written_and_read_back_and_the_users_repository_stays_as_it_is() {
    let world = World::new();
    let before = world.repository.snapshot();
    let client = &world.client;
    let made = commit(client, "{\"a\":1}");
    let name = "refs/heads/preview/7-branch-deploy-lock";
    let created = create_ref(client, name, &made).expect(201);
    let url = text(&created.json(), "url");
    assert_eq!(created.header("location"), Some(url.as_str()));
    let found = client.get(&format!(
        "{REPO}/git/ref/heads/preview/7-branch-deploy-lock"
    ));
    assert_eq!(found.expect(200).json()["object"]["sha"], made);
    let found = client
        .get(&format!("{REPO}/git/commits/{made}"))
        .expect(200)
        .json();
    assert_eq!(found["parents"], json!([]));
    assert_eq!(found["message"], "lock [skip ci]");
    let file = "/contents/lock.json?ref=preview/7-branch-deploy-lock";
    let file = client.get(&format!("{REPO}{file}")).expect(200).json();
    assert_eq!(file["content"], "eyJhIjoxfQ==\n");
    assert_eq!(file["size"], 7);
    let branch = client.get(&format!("{REPO}/branches/preview/7-branch-deploy-lock"));
    assert_eq!(branch.expect(200).json()["commit"]["sha"], made);
    // What is deployed can be a branch that a client made.
    drop(world.create(&json!({"ref": "preview/7-branch-deploy-lock", "auto_merge": false})));
    let listed = client
        .get(&format!("{REPO}/git/matching-refs/heads/preview"))
        .expect(200);
    assert_eq!(listed.list().len(), 1);
    let all = client
        .get(&format!("{REPO}/git/matching-refs/tags"))
        .expect(200)
        .list();
    assert!(all.iter().any(|one| one["ref"] == "refs/tags/v1.0.0"));

    let path = format!("{REPO}/git/refs/heads/preview/7-branch-deploy-lock");
    drop(client.delete(&path).expect(204));
    // GitHub's description has no body here.
    let again = client.send_unchecked("DELETE", &path, None);
    let again = again.expect(422).json();
    assert_eq!(again["message"], "Reference does not exist");
    assert_eq!(before, world.repository.snapshot());
}

#[test]
fn folders_and_files_of_the_default_branch_are_shown() {
    let world = World::new();
    world.repository.checkout("main");
    world
        .repository
        .commit(".github/deployctl.toml", "# none\n", "Add settings");
    let client = &world.client;
    let root = client.send_unchecked("GET", &format!("{REPO}/contents"), None);
    let root = root.expect(200).list();
    let names: Vec<String> = root.iter().map(|one| text(one, "name")).collect();
    assert_eq!(names, [".github", "README.md", "app.txt"]);
    let folder = client
        .get(&format!("{REPO}/contents/.github"))
        .expect(200)
        .list();
    assert_eq!(folder[0]["path"], ".github/deployctl.toml");
    let file = client.get(&format!("{REPO}/contents/app.txt?ref=v1.0.0"));
    drop(file.expect(404));
    drop(
        client
            .get(&format!("{REPO}/contents/app.txt?ref=nothing"))
            .expect(404),
    );
    for path in ["missing", "..", ".github/../README.md"] {
        drop(client.get(&format!("{REPO}/contents/{path}")).expect(404));
    }
}

#[test]
fn a_tree_is_built_on_another_one() {
    let world = World::new();
    let client = &world.client;
    let main = client
        .get(&format!("{REPO}/branches/main"))
        .expect(200)
        .json();
    let base = main["commit"]["commit"]["tree"]["sha"].clone();
    let blob = sha(post(
        client,
        "blobs",
        &json!({"content": "aGk=", "encoding": "base64"}),
    ));
    let entries = json!([
        {"path": "a/b.txt", "mode": "100755", "type": "blob", "sha": blob},
        {"path": "app.txt", "mode": "100644", "type": "blob", "sha": null},
    ]);
    let made = post(
        client,
        "trees",
        &json!({"base_tree": base, "tree": entries}),
    );
    let tree = made.expect(201).json();
    let paths: Vec<String> = tree["tree"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| text(one, "path"))
        .collect();
    assert_eq!(paths, ["README.md", "a"]);
}

#[test]
fn what_is_refused_is_refused_in_githubs_words() {
    let world = World::new();
    let client = &world.client;
    let made = commit(client, "{}");
    let main = world.repository.sha("main");
    let (blob, kind) = (
        sha(post(client, "blobs", &json!({"content": "x"}))),
        "100644",
    );
    for (path, body, said) in [
        (
            "refs",
            json!({"ref": "heads/x", "sha": made}),
            "Reference name must start with",
        ),
        (
            "refs",
            json!({"ref": "refs/x", "sha": made}),
            "Reference name must start with",
        ),
        (
            "refs",
            json!({"ref": "refs/heads/a b", "sha": made}),
            "is not a valid ref name",
        ),
        (
            "refs",
            json!({"ref": "refs/heads/x", "sha": "0".repeat(40)}),
            "Object does not exist",
        ),
        (
            "refs",
            json!({"ref": "refs/heads/x", "sha": blob}),
            "Object does not exist",
        ),
        (
            "refs",
            json!({"ref": "refs/heads/main", "sha": made}),
            "Reference already exists",
        ),
        (
            "refs",
            json!({"ref": "refs/heads/main/x", "sha": made}),
            "is not a valid ref name",
        ),
        ("refs", json!({"ref": 7}), "is not a string"),
        ("trees", json!({}), "wasn't supplied"),
        ("trees", json!({"tree": []}), "Invalid tree info"),
        (
            "trees",
            json!({"tree": [{"path": "x", "mode": "1", "content": ""}]}),
            "valid tree.mode",
        ),
        (
            "trees",
            json!({"tree": [{"path": "../x", "mode": kind, "content": ""}]}),
            "malformed path",
        ),
        (
            "trees",
            json!({"tree": [{"path": "x", "mode": kind}]}),
            "tree.sha or tree.content",
        ),
        (
            "trees",
            json!({"tree": [{"path": "x", "mode": kind, "sha": main, "content": ""}]}),
            "tree.sha or",
        ),
        ("trees", json!({"base_tree": "x", "tree": []}), "base_tree"),
        (
            "commits",
            json!({"message": "x", "tree": main}),
            "Tree SHA does not exist",
        ),
        (
            "commits",
            json!({"message": "x", "tree": "--all"}),
            "Tree SHA does not exist",
        ),
        ("commits", json!({"tree": "x"}), "wasn't supplied"),
        ("blobs", json!({}), "wasn't supplied"),
        (
            "blobs",
            json!({"content": "*", "encoding": "base64"}),
            "Base64",
        ),
    ] {
        // A refusal of a blob fits two forms of the description at once.
        let bytes = body.to_string();
        let target = format!("{REPO}/git/{path}");
        let refused = client.send_unchecked("POST", &target, Some(bytes.as_bytes()));
        let refused = refused.expect(422).json();
        let message = text(&refused, "message");
        assert!(message.contains(said), "{path} {body}: {message}");
    }
    let parent = json!({"message": "x", "tree": "x", "parents": [blob]});
    drop(post(client, "commits", &parent).expect(422));
    let path = format!("{REPO}/git/refs/heads/main");
    let moved = client
        .patch(&path, &json!({"sha": made}))
        .expect(422)
        .json();
    assert_eq!(moved["message"], "Update is not a fast forward");
    drop(
        client
            .patch(&path, &json!({"sha": made, "force": true}))
            .expect(200),
    );
    drop(
        client
            .patch(&path, &json!({"sha": main, "force": true}))
            .expect(200),
    );
    let missing = format!("{REPO}/git/refs/heads/missing");
    drop(client.patch(&missing, &json!({"sha": made})).expect(422));
    drop(client.send_unchecked("DELETE", &path, None).expect(422));
    drop(
        client
            .get(&format!("{REPO}/git/ref/heads/missing"))
            .expect(404),
    );
    drop(
        client
            .get(&format!("{REPO}/git/commits/{blob}"))
            .expect(404),
    );
}

#[test]
fn writing_needs_the_right_to_write_contents() {
    let world = World::with(|config| {
        config.tokens = [
            "deployer=repo_deployment",
            "writer=contents:write",
            "reader=contents:read",
        ]
        .map(rule)
        .to_vec();
    });
    let made = commit(&world.client.with_token("writer"), "{}");
    for token in ["deployer", "reader"] {
        let client = world.client.with_token(token);
        let refused = create_ref(&client, "refs/heads/x", &made);
        // The description lists no 403 here, but GitHub sends it.
        assert_eq!(refused.status, 403, "{token}");
        let updates = json!([{"name": "refs/heads/x", "beforeOid": ABSENT, "afterOid": made}]);
        let answer = update(&client, &updates);
        assert_eq!(answer["errors"][0]["type"], "FORBIDDEN", "{token}");
    }
    let client = world.client.with_token("writer");
    drop(create_ref(&client, "refs/heads/x", &made).expect(201));
}

#[test]
fn graphql_shows_refs_and_files() {
    let world = World::new();
    let client = &world.client;
    let made = commit(client, "{\"a\":1}");
    for name in ["qa-branch-deploy-lock", "live-branch-deploy-lock"] {
        drop(create_ref(client, &format!("refs/heads/{name}"), &made).expect(201));
    }
    let bare = "refs/heads/bare-branch-deploy-lock";
    drop(create_ref(client, bare, &world.repository.sha("main")).expect(201));
    let query =
        "query($file:String!,$after:String){repository(owner:\"octocat\",name:\"hello-world\"){
        object(expression:$file){... on Blob{text isTruncated}}
        refs(refPrefix:\"refs/heads/\",query:\"branch-deploy-lock\",first:2,after:$after){
        totalCount pageInfo{hasNextPage endCursor}
        nodes{name target{oid ... on Commit{file(path:\"lock.json\"){name type object{
        ... on Blob{text byteSize isBinary isTruncated}}}}}}}}}";
    let first = ask(client, query, &json!({"file": "HEAD:app.txt"}));
    let found = &first["data"]["repository"];
    assert_eq!(
        found["object"],
        json!({"text": "two\n", "isTruncated": false})
    );
    assert_eq!(found["refs"]["totalCount"], 3);
    let nodes = &found["refs"]["nodes"];
    assert_eq!(nodes[0]["name"], "bare-branch-deploy-lock");
    assert_eq!(nodes[0]["target"]["file"], Value::Null);
    assert_eq!(nodes[1]["target"]["oid"], made);
    assert_eq!(nodes[1]["target"]["file"]["object"]["text"], "{\"a\":1}");
    let after = &found["refs"]["pageInfo"]["endCursor"];
    let next = ask(
        client,
        query,
        &json!({"file": "HEAD:missing", "after": after}),
    );
    let found = &next["data"]["repository"];
    assert_eq!(found["object"], Value::Null);
    assert_eq!(found["refs"]["nodes"][0]["name"], "qa-branch-deploy-lock");
    assert_eq!(found["refs"]["pageInfo"]["hasNextPage"], false);
}

#[test]
fn several_refs_are_updated_together_or_not_at_all() {
    let world = World::new();
    let client = &world.client;
    let (one, two) = (commit(client, "1"), commit(client, "2"));
    let change = |name: &str, before: &str, after: &str| json!({"name": format!("refs/heads/{name}"), "beforeOid": before, "afterOid": after});
    let done = json!({"updateRefs": {"clientMutationId": null}});
    let both = json!([change("a", ABSENT, &one), change("b", ABSENT, &one)]);
    assert_eq!(update(client, &both)["data"], done);
    let refused = |updates: &Value| {
        let answer = update(client, updates);
        assert_eq!(answer["data"]["updateRefs"], Value::Null, "{updates}");
        assert_eq!(answer["errors"][0]["type"], "UNPROCESSABLE", "{updates}");
    };
    refused(&json!([
        change("c", ABSENT, &one),
        change("b", ABSENT, &two)
    ]));
    drop(client.get(&format!("{REPO}/git/ref/heads/c")).expect(404));
    refused(&json!([change("a", &two, ABSENT)]));
    // Another history is only accepted by force.
    refused(&json!([change("a", &one, &two)]));
    let mut forced = change("a", &one, &two);
    forced["force"] = json!(true);
    assert_eq!(update(client, &json!([forced]))["data"], done);
    refused(&json!([change("x", ABSENT, &"1".repeat(40))]));
    let away = json!([change("a", &two, ABSENT), change("b", &one, ABSENT)]);
    assert_eq!(update(client, &away)["data"], done);
    refused(&away);
    // A ref that must not exist, and is not created, is a guard.
    let guarded = json!([change("guard", ABSENT, ABSENT), change("a", ABSENT, &one)]);
    assert_eq!(update(client, &guarded)["data"], done);
}

#[test]
fn a_ref_is_created_by_one_of_two_sandboxes() {
    let data = TempDir::new().expect("a directory");
    let repository = git::with_branches();
    let servers =
        [(); 2].map(|()| Server::on(data.path(), |config| serve::serve(config, &repository)));
    let clients = servers.each_ref().map(|server| Client::new(server.url()));
    let commits = [commit(&clients[0], "1"), commit(&clients[1], "2")];
    for round in 0..20 {
        let (name, start) = (format!("refs/heads/r{round}"), Barrier::new(2));
        let mut statuses: Vec<u16> = thread::scope(|scope| {
            let racers: Vec<_> = (0..2)
                .map(|number| {
                    let (client, sha) = (&clients[number], &commits[number]);
                    let (name, start) = (&name, &start);
                    scope.spawn(move || {
                        start.wait();
                        create_ref(client, name, sha).status
                    })
                })
                .collect();
            racers
                .into_iter()
                .map(|racer| racer.join().expect("a racer"))
                .collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422], "round {round}");
    }
}
