//! The rules of creating a deployment.

use std::thread::ScopedJoinHandle;

use serde_json::{Value, json};

use super::world::{World, id, one, text};
use crate::support::http::{REPO, Reply};

/// The body of an error without `documentation_url`, which is the same in all.
fn error(body: &Value) -> Value {
    let mut body = body.clone();
    let fields = body.as_object_mut().expect("an error is an object");
    fields.remove("documentation_url");
    body
}

#[test]
fn what_is_left_out_has_the_documented_default() {
    let world = World::new();
    let reply = world.ask(&json!({"ref": "main"})).expect(201);
    let made = reply.json();
    assert_eq!(reply.header("location"), made["url"].as_str());
    for (field, expected) in [
        ("ref", json!("main")),
        ("sha", json!(world.repository.sha("main"))),
        ("task", json!("deploy")),
        ("payload", json!({})),
        ("environment", json!("production")),
        ("original_environment", json!("production")),
        ("description", Value::Null),
        ("transient_environment", json!(false)),
        ("production_environment", json!(true)),
        ("updated_at", made["created_at"].clone()),
        ("performed_via_github_app", Value::Null),
    ] {
        assert_eq!(made[field], expected, "{field}");
    }
    let url = format!("{}{}", world.server.url(), one(id(&made)));
    assert_eq!(made["url"], url);
    assert_eq!(made["statuses_url"], format!("{url}/statuses"));
    assert_eq!(
        made["repository_url"],
        format!("{}{REPO}", world.server.url())
    );
    assert!(text(&made, "created_at").ends_with('Z'));
    assert_eq!(world.deployment(id(&made)), made);
}

#[test]
fn what_is_given_is_kept() {
    let world = World::new();
    let body = json!({
        "ref": "topic", "task": "deploy:migrations", "auto_merge": false,
        "required_contexts": [], "payload": {"a": [1, {"b": null}]}, "environment": "qa é/1",
        "description": "d".repeat(1000), "transient_environment": true,
        "production_environment": true,
    });
    let made = world.create(&body);
    for field in [
        "ref",
        "task",
        "payload",
        "environment",
        "description",
        "transient_environment",
        "production_environment",
    ] {
        assert_eq!(made[field], body[field], "{field}");
    }
    assert_eq!(made["sha"], world.repository.sha("topic"));
    assert_eq!(
        world.create(&json!({"ref": "main", "description": null}))["description"],
        Value::Null
    );
}

#[test]
fn production_environment_left_out_is_true_for_production_only() {
    let world = World::new();
    for (environment, expected) in [
        ("production", true),
        ("Production", false),
        ("staging", false),
    ] {
        let made = world.create(&json!({"ref": "main", "environment": environment}));
        assert_eq!(made["production_environment"], expected, "{environment}");
    }
    let other = World::with(|config| config.production_default = false);
    let made = other.create(&json!({"ref": "main"}));
    assert_eq!(made["production_environment"], false);
}

#[test]
fn a_payload_comes_back_as_it_was_sent() {
    let world = World::new();
    for payload in [
        r#"{"n":12345678901234567890123,"f":1.10,"e":1E2,"text":"é\u0041"}"#,
        r#""{\"json\": \"in a string\"}""#,
        r#""""#,
        "{}",
    ] {
        let body = format!(r#"{{"ref":"main","payload":{payload}}}"#);
        let path = format!("{REPO}/deployments");
        let reply = world.client.send("POST", &path, Some(body.as_bytes()));
        let made = reply.expect(201);
        let part = format!("\"payload\":{payload}");
        assert!(made.text().contains(&part), "{part} in {}", made.text());
        let read = world.client.get(&one(id(&made.json()))).expect(200);
        assert!(read.text().contains(&part), "{part} in {}", read.text());
    }
}

#[test]
fn a_ref_is_a_branch_a_tag_or_a_commit_in_any_form() {
    let world = World::new();
    let sha = world.repository.sha("topic");
    for reference in [
        "topic",
        "heads/topic",
        "refs/heads/topic",
        sha.as_str(),
        &sha[..10],
    ] {
        let made = world.create(&json!({"ref": reference}));
        assert_eq!(made["ref"], reference);
        assert_eq!(made["sha"], sha, "{reference}");
    }
    let tag = world.repository.sha("v1.0.0");
    for reference in ["v1.0.0", "tags/v1.0.0", "refs/tags/v1.0.0"] {
        let made = world.create(&json!({"ref": reference, "auto_merge": false}));
        assert_eq!(made["ref"], reference);
        assert_eq!(made["sha"], tag, "{reference}");
    }
}

#[test]
fn an_unknown_ref_is_refused() {
    let world = World::new();
    for reference in [
        "nowhere",
        "refs/heads/nowhere",
        "0123456789012345678901234567890123456789",
        "--upload-pack=x",
        "-",
        "HEAD~1",
        "main:README.md",
        "a..b",
        "main\n",
        "",
    ] {
        let body = world.ask(&json!({"ref": reference})).expect(422).json();
        if !reference.is_empty() {
            assert_eq!(body["message"], format!("No ref found for: {reference}"));
        }
    }
}

#[test]
fn a_missing_ref_is_refused() {
    let world = World::new();
    let body = world.ask(&json!({"task": "deploy"})).expect(422).json();
    assert_eq!(
        error(&body),
        json!({"message": "Invalid request.\n\n\"ref\" wasn't supplied.", "status": "422"})
    );
}

#[test]
fn a_branch_that_is_behind_is_merged_and_nothing_is_deployed() {
    let world = World::new();
    let path = format!("{REPO}/deployments");
    let merged = world.ask(&json!({"ref": "behind"})).expect(202).json();
    assert_eq!(
        merged,
        json!({"message": "Auto-merged main into behind on deployment."})
    );
    assert_eq!(world.client.get(&path).expect(200).list(), [] as [Value; 0]);

    // The second request finds the branch up to date.
    let made = world.create(&json!({"ref": "behind"}));
    let sha = text(&made, "sha");
    assert_ne!(sha, world.repository.sha("behind"));
    let commit = world.client.get(&format!("{REPO}/commits/{sha}"));
    let parents = commit.expect(200).json()["parents"].clone();
    assert_eq!(parents[0]["sha"], world.repository.sha("behind"));
    assert_eq!(parents[1]["sha"], world.repository.sha("main"));
    let branch = world.client.get(&format!("{REPO}/branches/behind"));
    assert_eq!(branch.expect(200).json()["commit"]["sha"], sha);
}

#[test]
fn of_concurrent_auto_merges_one_is_reported_and_the_others_deploy() {
    let world = World::new();
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let client = &world.client;
        let body = json!({"ref": "behind", "environment": "staging"});
        let ask = move || client.post(&format!("{REPO}/deployments"), &body);
        let askers: Vec<_> = (0..6).map(|_| scope.spawn(ask.clone())).collect();
        let join = |asker: ScopedJoinHandle<'_, Reply>| asker.join().expect("an answer");
        askers.into_iter().map(join).collect()
    });
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 201, 201, 202]);
    let branch = world.client.get(&format!("{REPO}/branches/behind"));
    let head = branch.expect(200).json()["commit"]["sha"].clone();
    for reply in replies.iter().filter(|reply| reply.status == 201) {
        assert_eq!(reply.json()["sha"], head);
    }
}

#[test]
fn a_branch_that_is_behind_is_deployed_as_it_is_without_auto_merge() {
    let world = World::new();
    let made = world.create(&json!({"ref": "behind", "auto_merge": false}));
    assert_eq!(made["sha"], world.repository.sha("behind"));
}

#[test]
fn a_branch_that_is_only_ahead_is_not_merged() {
    let world = World::new();
    let made = world.create(&json!({"ref": "topic"}));
    assert_eq!(made["sha"], world.repository.sha("topic"));
}

#[test]
fn a_conflict_with_the_default_branch_is_409() {
    let world = World::new();
    let tag = world.repository.sha("v1.0.0");
    for reference in ["conflict", "v1.0.0", &tag] {
        let body = world.ask(&json!({"ref": reference})).expect(409).json();
        assert_eq!(
            error(&body),
            json!({"message": format!("Conflict merging main into {reference}."), "status": "409"})
        );
    }
}

#[test]
fn red_contexts_are_409_and_all_contexts_are_reported() {
    let world = World::new();
    world.report("main", "ci", "success");
    world.report("main", "lint", "failure");
    world.report("main", "scan", "pending");
    let body = world.ask(&json!({"ref": "main"})).expect(409).json();
    let mut contexts = body["errors"][0]["contexts"]
        .as_array()
        .expect("a list")
        .clone();
    contexts.sort_by_key(|one| text(one, "context"));
    assert_eq!(
        contexts,
        [
            json!({"context": "ci", "state": "success"}),
            json!({"context": "lint", "state": "failure"}),
            json!({"context": "scan", "state": "pending"}),
        ]
    );
    let mut rest = error(&body);
    rest["errors"][0]["contexts"] = json!(null);
    assert_eq!(
        rest,
        json!({
            "message": "Conflict: Commit status checks failed for main.",
            "errors": [{
                "contexts": null, "resource": "Deployment",
                "field": "required_contexts", "code": "invalid",
            }],
            "status": "409",
        })
    );
}

#[test]
fn required_contexts_have_three_forms() {
    let world = World::new();
    world.report("main", "ci", "success");
    world.report("main", "lint", "error");
    // Omitted: all contexts are required.
    world.ask(&json!({"ref": "main"})).expect(409);
    // Empty: no contexts are required.
    world.create(&json!({"ref": "main", "required_contexts": []}));
    // Named: only these are required.
    world.create(&json!({"ref": "main", "required_contexts": ["ci"]}));
    for red in [
        json!(["lint"]),
        json!(["ci", "lint"]),
        json!(["never-reported"]),
    ] {
        world
            .ask(&json!({"ref": "main", "required_contexts": red}))
            .expect(409);
    }
    // A commit without statuses has no failed contexts.
    world.create(&json!({"ref": "topic"}));
    // The latest status of a context counts.
    world.report("main", "lint", "success");
    world.create(&json!({"ref": "main"}));
    world.report("main", "ci", "pending");
    world.ask(&json!({"ref": "main"})).expect(409);
}

#[test]
fn the_merge_comes_before_the_contexts() {
    let world = World::new();
    world.report("behind", "ci", "failure");
    world.report("conflict", "ci", "failure");
    world.ask(&json!({"ref": "behind"})).expect(202);
    let body = world.ask(&json!({"ref": "conflict"})).expect(409).json();
    assert_eq!(body["message"], "Conflict merging main into conflict.");
}

#[test]
fn ids_are_past_32_bits_and_rise() {
    let world = World::new();
    let (first, second) = (world.deploy("a"), world.deploy("a"));
    assert!(u64::from(u32::MAX) < first && first < second);
    let status = world.set(first, "success");
    assert!(id(&status) > u64::from(u32::MAX));
}

#[test]
fn node_ids_are_made_as_githubs() {
    let world = World::new();
    let repository = id(&world.client.get(REPO).expect(200).json());
    let deployment = world.deploy("a");
    let node = text(&world.deployment(deployment), "node_id");
    let packed = unpack(node.strip_prefix("DE_").expect("a deployment's node id"));
    assert_eq!(packed, [0, repository, deployment]);
    let status = world.set(deployment, "success");
    let node = text(&status, "node_id");
    let packed = unpack(node.strip_prefix("DES_").expect("a status's node id"));
    assert_eq!((packed[1], packed[2]), (repository, id(&status)));
    assert_eq!(unpack("kwDOHjNddM5sfT5s"), [0, 506_682_740, 1_820_147_308]);
}

/// The numbers of a msgpack array in base64url.
fn unpack(text: &str) -> Vec<u64> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for byte in text.bytes() {
        let digit = alphabet.iter().position(|c| *c == byte).expect("base64url");
        bits = bits << 6 | u32::try_from(digit).expect("a digit");
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(bits >> held & 0xff);
            bits &= (1 << held) - 1;
        }
    }
    let mut bytes = bytes.into_iter();
    let count = bytes.next().expect("an array") & 0x0f;
    let number = |bytes: &mut std::vec::IntoIter<u32>| {
        let width = match bytes.next().expect("a number") {
            0xcc => 1,
            0xcd => 2,
            0xce => 4,
            0xcf => 8,
            small => return u64::from(small),
        };
        bytes
            .take(width)
            .fold(0, |value, byte| value << 8 | u64::from(byte))
    };
    (0..count).map(|_| number(&mut bytes)).collect()
}

#[test]
fn environments_are_created_and_kept() {
    let world = World::new();
    assert_eq!(world.environments(), [] as [&str; 0]);
    let first = world.deploy("review/1");
    world.deploy("staging");
    world.deploy("Staging");
    assert_eq!(world.environments(), ["Staging", "review/1", "staging"]);
    world.set(first, "inactive");
    world.client.delete(&one(first)).expect(204);
    assert_eq!(world.environments(), ["Staging", "review/1", "staging"]);
    // A status that moves its deployment creates an environment too.
    let moved = world.deploy("staging");
    world
        .add(moved, &json!({"state": "queued", "environment": "moved"}))
        .expect(201);
    assert_eq!(
        world.environments(),
        ["Staging", "moved", "review/1", "staging"]
    );
}

#[test]
fn the_users_repository_is_left_as_it_was() {
    let world = World::new();
    let before = world.repository.snapshot();
    world.ask(&json!({"ref": "behind"})).expect(202);
    world.ask(&json!({"ref": "conflict"})).expect(409);
    world.create(&json!({"ref": "behind"}));
    world.create(&json!({"ref": "main"}));
    assert_eq!(world.repository.snapshot(), before);
}

#[test]
fn a_branch_that_the_user_moves_on_is_seen() {
    let world = World::new();
    world.ask(&json!({"ref": "behind"})).expect(202);
    world.repository.checkout("topic");
    let sha = world.repository.commit("more.txt", "more\n", "Go on");
    assert_eq!(world.create(&json!({"ref": "topic"}))["sha"], sha);
    // On a branch that was merged here, the user's own new commits count.
    world.repository.checkout("behind");
    let sha = world.repository.commit("behind.txt", "on\n", "Go on");
    let made = world.create(&json!({"ref": "behind", "auto_merge": false}));
    assert_eq!(made["sha"], sha);
}

#[test]
fn a_branch_that_the_user_resets_is_seen() {
    let world = World::new();
    let before = world.repository.sha("behind");
    world.repository.checkout("behind");
    world.repository.commit("mistake.txt", "no\n", "A mistake");
    world.repository.checkout("main");
    world.ask(&json!({"ref": "behind"})).expect(202);
    world
        .repository
        .git(["branch", "--force", "behind", &before]);
    let head = |branch: &str| {
        let found = world.client.get(&format!("{REPO}/branches/{branch}"));
        found.expect(200).json()["commit"]["sha"].clone()
    };
    assert_eq!(head("behind"), before);
    // It is behind again, and is merged from its current head.
    world.ask(&json!({"ref": "behind"})).expect(202);
    let made = world.create(&json!({"ref": "behind"}));
    let commit = world
        .client
        .get(&format!("{REPO}/commits/{}", text(&made, "sha")));
    assert_eq!(commit.expect(200).json()["parents"][0]["sha"], before);
}
