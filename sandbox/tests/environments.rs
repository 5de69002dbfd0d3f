//! Environments and everything below them, checked against the description.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};

use super::world::{World, id, text};
use crate::support::http::{REPO, Reply};
use crate::support::openapi::description;
use crate::support::serve::rule;

fn environment(name: &str) -> String {
    format!("{REPO}/environments/{name}")
}

fn send(world: &World, method: &str, target: &str, body: &Value) -> Reply {
    let body = body.to_string();
    world.client.send(method, target, Some(body.as_bytes()))
}

/// A refusal that GitHub gives but its description does not list.
#[track_caller]
fn refused(world: &World, method: &str, target: &str, body: &Value, status: u16) -> Value {
    let body = body.to_string();
    let reply = world
        .client
        .send_unchecked(method, target, Some(body.as_bytes()));
    reply.expect(status).json()
}

fn put(world: &World, name: &str, body: &Value) -> Reply {
    send(world, "PUT", &environment(name), body)
}

fn user(world: &World, login: &str) -> u64 {
    id(&world
        .client
        .get(&format!("/users/{login}"))
        .expect(200)
        .json())
}

fn team(world: &World, slug: &str) -> u64 {
    let path = format!("/orgs/octocat/teams/{slug}");
    id(&world.client.get(&path).expect(200).json())
}

fn app(world: &World, slug: &str) -> u64 {
    let body = json!({ "slug": slug });
    id(&world
        .client
        .post("/_sandbox/apps", &body)
        .expect(201)
        .json())
}

fn seal(world: &World, name: &str, value: &[u8]) -> Value {
    let path = format!("{}/secrets/public-key", environment(name));
    let key = world.client.get(&path).expect(200).json();
    let public: [u8; 32] = BASE64_STANDARD
        .decode(text(&key, "key"))
        .expect("base64")
        .try_into()
        .expect("32 bytes");
    let sealed = crypto_box::PublicKey::from(public)
        .seal(&mut crypto_box::aead::OsRng, value)
        .expect("sealed");
    json!({ "encrypted_value": BASE64_STANDARD.encode(sealed), "key_id": key["key_id"] })
}

#[test]
fn every_operation_answers_as_github_describes_it() {
    let world = World::new();
    let gate = app(&world, "gate");
    let whole = json!({
        "wait_timer": 30,
        "prevent_self_review": true,
        "reviewers": [
            {"type": "User", "id": user(&world, "mona")},
            {"type": "Team", "id": team(&world, "ops")},
        ],
        "deployment_branch_policy": {"protected_branches": false, "custom_branch_policies": true},
    });
    put(&world, "qa", &whole).expect(200);
    let at = environment("qa");
    let policy = json!({"name": "release/*"});
    let secret = seal(&world, "qa", b"hunter2");
    let policies = format!("{at}/deployment-branch-policies");
    let rules = format!("{at}/deployment_protection_rules");
    let made = id(&world.client.post(&policies, &policy).expect(200).json());
    let enabled = world.client.post(&rules, &json!({"integration_id": gate}));
    let enabled = id(&enabled.expect(201).json());
    let none = Value::Null;
    for (method, path, body, status) in [
        ("GET", at.clone(), &none, 200),
        ("GET", format!("{REPO}/environments"), &none, 200),
        ("PUT", at.clone(), &whole, 200),
        ("GET", policies.clone(), &none, 200),
        (
            "POST",
            policies.clone(),
            &json!({"name": "v*", "type": "tag"}),
            200,
        ),
        ("POST", policies.clone(), &policy, 303),
        ("GET", format!("{policies}/{made}"), &none, 200),
        (
            "PUT",
            format!("{policies}/{made}"),
            &json!({"name": "rel/*"}),
            200,
        ),
        ("DELETE", format!("{policies}/{made}"), &none, 204),
        ("GET", rules.clone(), &none, 200),
        ("GET", format!("{rules}/apps"), &none, 200),
        ("GET", format!("{rules}/{enabled}"), &none, 200),
        ("DELETE", format!("{rules}/{enabled}"), &none, 204),
        ("PUT", format!("{at}/secrets/token"), &secret, 201),
        ("PUT", format!("{at}/secrets/TOKEN"), &secret, 204),
        ("GET", format!("{at}/secrets"), &none, 200),
        ("GET", format!("{at}/secrets/Token"), &none, 200),
        ("DELETE", format!("{at}/secrets/token"), &none, 204),
        (
            "POST",
            format!("{at}/variables"),
            &json!({"name": "region", "value": "eu"}),
            201,
        ),
        ("GET", format!("{at}/variables"), &none, 200),
        ("GET", format!("{at}/variables/REGION"), &none, 200),
        (
            "PATCH",
            format!("{at}/variables/region"),
            &json!({"value": "us"}),
            204,
        ),
        ("DELETE", format!("{at}/variables/region"), &none, 204),
        ("DELETE", at.clone(), &none, 204),
    ] {
        assert!(description().describes(method, &path), "{method} {path}");
        if body.is_null() {
            world.client.send(method, &path, None).expect(status);
        } else {
            send(&world, method, &path, body).expect(status);
        }
    }
    world.client.get(&at).expect(404);
}

#[test]
fn a_put_replaces_all_settings() {
    let world = World::new();
    let mona = user(&world, "mona");
    let whole = json!({
        "wait_timer": 30,
        "prevent_self_review": true,
        "reviewers": [{"type": "User", "id": mona}],
        "deployment_branch_policy": {"protected_branches": true, "custom_branch_policies": false},
    });
    let made = put(&world, "qa", &whole).expect(200).json();
    assert_eq!(made["can_admins_bypass"], true);
    assert_eq!(
        made["deployment_branch_policy"],
        whole["deployment_branch_policy"]
    );
    let rules = made["protection_rules"].as_array().expect("a list").clone();
    let kinds: Vec<&str> = rules
        .iter()
        .filter_map(|rule| rule["type"].as_str())
        .collect();
    assert_eq!(kinds, ["wait_timer", "required_reviewers", "branch_policy"]);
    assert_eq!(rules[0]["wait_timer"], 30);
    assert_eq!(rules[1]["prevent_self_review"], true);
    assert_eq!(rules[1]["reviewers"][0]["type"], "User");
    assert_eq!(rules[1]["reviewers"][0]["reviewer"]["login"], "mona");
    // The same settings again change nothing, not even the rules' IDs.
    let again = put(&world, "qa", &whole).expect(200).json();
    assert_eq!(again["protection_rules"], made["protection_rules"]);
    // Omitted settings are reset, with an empty object, no body, or null.
    for body in [Some(&b"{}"[..]), None, Some(b"null")] {
        put(&world, "qa", &whole).expect(200);
        let bare = world
            .client
            .send("PUT", &environment("qa"), body)
            .expect(200)
            .json();
        assert_eq!(bare["protection_rules"], json!([]));
        assert_eq!(bare["deployment_branch_policy"], Value::Null);
        assert_eq!(bare["id"], made["id"]);
    }
}

#[test]
fn what_github_refuses_is_refused() {
    let world = World::new();
    let mona = user(&world, "mona");
    let seven: Vec<Value> = (0..7)
        .map(|_| json!({"type": "User", "id": mona}))
        .collect();
    let both = |value: bool| json!({"deployment_branch_policy": {"protected_branches": value, "custom_branch_policies": value}});
    for body in [
        both(true),
        both(false),
        json!({"wait_timer": -1}),
        json!({"wait_timer": 43201}),
        json!({"wait_timer": "30"}),
        json!({"reviewers": seven}),
        json!({"reviewers": [{"type": "User", "id": 1}]}),
        json!({"reviewers": [{"type": "Robot", "id": mona}]}),
        json!({"deployment_branch_policy": {"protected_branches": true}}),
        json!({"surprise": 1}),
    ] {
        put(&world, "qa", &body).expect(422);
    }
    put(&world, &"x".repeat(256), &json!({})).expect(422);
    assert_eq!(world.environments(), [] as [&str; 0]);
    put(&world, "qa", &json!({"wait_timer": 43200})).expect(200);
}

#[test]
fn names_of_any_kind_are_one_environment_each() {
    let world = World::new();
    let names = [
        "test/env",
        "with space",
        "50%",
        "a%2Fb",
        "é🚀",
        "q?#&",
        "Production",
    ];
    for (name, encoded) in names.into_iter().zip([
        "test%2Fenv",
        "with%20space",
        "50%25",
        "a%252Fb",
        "%C3%A9%F0%9F%9A%80",
        "q%3F%23%26",
        "Production",
    ]) {
        let made = put(&world, encoded, &json!({})).expect(200).json();
        assert_eq!(made["name"], name);
        let variables = format!("{}/variables", environment(encoded));
        world
            .client
            .post(&variables, &json!({"name": "a", "value": name}))
            .expect(201);
        let list = world.client.get(&variables).expect(200).json();
        assert_eq!(list["variables"][0]["value"], name);
    }
    let mut sorted = names;
    sorted.sort_unstable();
    assert_eq!(world.environments(), sorted);
    // As recorded: the slash is raw in one URL and encoded in the other.
    let made = world
        .client
        .get(&environment("test%2Fenv"))
        .expect(200)
        .json();
    assert!(text(&made, "url").ends_with("/environments/test/env"));
    assert!(text(&made, "html_url").ends_with("environments_filter=test%2Fenv"));
}

#[test]
fn patterns_are_there_only_with_custom_policies() {
    let world = World::new();
    let at = format!("{}/deployment-branch-policies", environment("qa"));
    let pattern = json!({"name": "main"});
    refused(&world, "POST", &at, &pattern, 404);
    put(&world, "qa", &json!({})).expect(200);
    refused(&world, "POST", &at, &pattern, 404);
    let custom = json!({"deployment_branch_policy": {"protected_branches": false, "custom_branch_policies": true}});
    put(&world, "qa", &custom).expect(200);
    let made = world.client.post(&at, &pattern).expect(200).json();
    assert_eq!(
        (text(&made, "name"), text(&made, "type")),
        ("main".into(), "branch".into())
    );
    assert_eq!(world.client.post(&at, &pattern).expect(303).text(), "");
    // The same pattern for tags is a different policy.
    world
        .client
        .post(&at, &json!({"name": "main", "type": "tag"}))
        .expect(200);
    let list = world.client.get(&format!("{at}?per_page=1")).expect(200);
    assert_eq!(list.json()["total_count"], 2);
    let next = list.link("next").expect("a next page");
    assert!(
        next.contains("/repositories/") && next.contains("/environments/qa/"),
        "{next}"
    );
    let rest = world.client.get(&next).expect(200).json();
    assert_eq!(rest["branch_policies"][0]["type"], "tag");
    for body in [
        json!({}),
        json!({"name": ""}),
        json!({"name": "x", "type": "moon"}),
    ] {
        refused(&world, "POST", &at, &body, 422);
    }
    let one = format!("{at}/{}", id(&made));
    send(&world, "PUT", &one, &json!({"name": "trunk"})).expect(200);
    world.client.delete(&one).expect(204);
    world.client.delete(&one).expect(404);
    world.client.get(&one).expect(404);
}

#[test]
fn an_app_gates_an_environment_once() {
    let world = World::new();
    put(&world, "qa", &json!({})).expect(200);
    let at = format!("{}/deployment_protection_rules", environment("qa"));
    let gate = app(&world, "gate");
    app(&world, "other-gate");
    let apps = world.client.get(&format!("{at}/apps")).expect(200).json();
    assert_eq!(apps["total_count"], 2);
    let body = json!({"integration_id": gate});
    let made = world.client.post(&at, &body).expect(201).json();
    assert_eq!(made["enabled"], true);
    assert_eq!(made["app"]["slug"], "gate");
    refused(&world, "POST", &at, &body, 422);
    refused(&world, "POST", &at, &json!({"integration_id": 1}), 404);
    assert_eq!(world.client.get(&at).expect(200).json()["total_count"], 1);
    // Settings and apps do not affect each other.
    put(&world, "qa", &json!({"wait_timer": 5})).expect(200);
    let one = format!("{at}/{}", id(&made));
    world.client.get(&one).expect(200);
    let shown = world.client.get(&environment("qa")).expect(200).json();
    assert_eq!(shown["protection_rules"].as_array().map(Vec::len), Some(1));
    world.client.delete(&one).expect(204);
    world.client.delete(&one).expect(404);
}

#[test]
fn a_secret_must_be_sealed_and_is_never_reported() {
    let world = World::new();
    put(&world, "qa", &json!({})).expect(200);
    put(&world, "other", &json!({})).expect(200);
    let at = format!("{}/secrets", environment("qa"));
    let one = format!("{at}/deploy_key");
    let sealed = seal(&world, "qa", b"hunter2");
    send(&world, "PUT", &one, &sealed).expect(201);
    let shown = world.client.get(&format!("{at}/Deploy_Key")).expect(200);
    assert_eq!(shown.json()["name"], "DEPLOY_KEY");
    assert!(
        !shown
            .text()
            .contains(sealed["encrypted_value"].as_str().expect("text"))
    );
    let mut wrong_key = sealed.clone();
    wrong_key["key_id"] = json!("1");
    for body in [
        wrong_key,
        // Encrypted for another environment, not encrypted, not base64,
        // missing.
        json!({"encrypted_value": seal(&world, "other", b"x")["encrypted_value"], "key_id": sealed["key_id"]}),
        json!({"encrypted_value": BASE64_STANDARD.encode("plain"), "key_id": sealed["key_id"]}),
        json!({"encrypted_value": "!", "key_id": sealed["key_id"]}),
        json!({}),
    ] {
        refused(&world, "PUT", &one, &body, 422);
    }
    for name in ["9a", "a-b", "github_x", "a%20b"] {
        let path = format!("{at}/{name}");
        refused(&world, "PUT", &path, &sealed, 422);
    }
    world.client.get(&format!("{at}/other")).expect(404);
    world.client.delete(&format!("{at}/other")).expect(404);
    world
        .client
        .get(&format!("{}/secrets", environment("none")))
        .expect(404);
}

#[test]
fn variables_come_ten_a_page_and_thirty_at_most() {
    let world = World::new();
    put(&world, "qa", &json!({})).expect(200);
    let at = format!("{}/variables", environment("qa"));
    for number in 0..35 {
        let body = json!({"name": format!("v{number:02}"), "value": ""});
        world.client.post(&at, &body).expect(201);
    }
    let count = |query: &str| {
        let list = world.client.get(&format!("{at}{query}")).expect(200).json();
        assert_eq!(list["total_count"], 35);
        list["variables"].as_array().expect("a list").len()
    };
    assert_eq!(
        (
            count(""),
            count("?per_page=100"),
            count("?per_page=100&page=2")
        ),
        (10, 30, 5)
    );
    let taken = json!({"name": "V00", "value": "x"});
    let taken = refused(&world, "POST", &at, &taken, 409);
    assert_eq!(taken["message"], "Already exists - Variable already exists");
    let one = format!("{at}/v00");
    send(
        &world,
        "PATCH",
        &one,
        &json!({"name": "renamed", "value": "x"}),
    )
    .expect(204);
    world.client.get(&one).expect(404);
    let renamed = format!("{at}/renamed");
    let shown = world.client.get(&renamed).expect(200).json();
    assert_eq!(
        (text(&shown, "name"), text(&shown, "value")),
        ("RENAMED".into(), "x".into())
    );
    refused(&world, "PATCH", &renamed, &json!({"name": "v01"}), 409);
    refused(&world, "PATCH", &one, &json!({"value": "x"}), 404);
    let large = "x".repeat(48 * 1024 + 1);
    refused(
        &world,
        "POST",
        &at,
        &json!({"name": "large", "value": large}),
        422,
    );
}

#[test]
fn with_an_environment_goes_all_but_its_deployments() {
    let world = World::new();
    let deployment = world.deploy("qa");
    let at = environment("qa");
    put(&world, "qa", &json!({"wait_timer": 5})).expect(200);
    send(
        &world,
        "PUT",
        &format!("{at}/secrets/a"),
        &seal(&world, "qa", b"x"),
    )
    .expect(201);
    world
        .client
        .post(
            &format!("{at}/variables"),
            &json!({"name": "a", "value": "x"}),
        )
        .expect(201);
    world.client.delete(&at).expect(204);
    world.client.delete(&at).expect(404);
    assert_eq!(world.deployment(deployment)["environment"], "qa");
    assert_eq!(world.environments(), [] as [&str; 0]);
    // A new environment of the same name starts empty.
    let made = put(&world, "qa", &json!({})).expect(200).json();
    assert_eq!(made["protection_rules"], json!([]));
    for list in ["secrets", "variables"] {
        assert_eq!(
            world.client.get(&format!("{at}/{list}")).expect(200).json()["total_count"],
            0
        );
    }
}

#[test]
fn each_part_needs_its_own_right() {
    let rules = [
        "deployer=deployments=write,actions=read",
        "admin=administration=write",
        "entries=environments=write",
        "classic=repo_deployment",
    ];
    let world = World::with(|config| config.tokens = rules.map(rule).to_vec());
    put(&world, "qa", &json!({})).expect(200);
    let at = environment("qa");
    let variable = json!({"name": "a", "value": "x"});
    let may = |token: &str, status: (u16, u16, u16)| {
        let client = world.client.with_token(token);
        let put = client.send("PUT", &at, Some(b"{}")).expect(status.0);
        if status.0 == 403 && token == "deployer" {
            let needs = put.header("x-accepted-github-permissions");
            assert_eq!(needs, Some("administration=write"));
        }
        client.get(&format!("{at}/secrets")).expect(status.1);
        client
            .post(&format!("{at}/variables"), &variable)
            .expect(status.2);
    };
    may("deployer", (403, 403, 403));
    may("admin", (200, 403, 403));
    may("classic", (403, 403, 403));
    may("entries", (403, 200, 201));
    // Anyone can see a public repository's environment, but not its secrets.
    let nobody = world.client.anonymous();
    nobody.get(&at).expect(200);
    nobody.get(&format!("{at}/secrets")).expect(401);
    nobody.delete(&at).expect(401);
}

#[test]
fn pull_requests_are_made_by_the_administration() {
    let world = World::new();
    let admin = "/_sandbox/repos/octocat/hello-world/pulls";
    let open = world
        .client
        .post(admin, &json!({"head": "topic"}))
        .expect(201)
        .json();
    assert_eq!(
        (open["number"].clone(), open["state"].clone()),
        (json!(1), json!("open"))
    );
    let closed = json!({"head": "gone", "head_sha": world.repository.sha("main"), "number": 7, "state": "closed"});
    world.client.post(admin, &closed).expect(201);
    world.client.post(admin, &closed).expect(409);
    for number in [0, -1, i64::MAX] {
        let body = json!({"head": "topic", "number": number});
        world.client.post(admin, &body).expect(422);
    }
    world
        .client
        .post(admin, &json!({"head": "nowhere"}))
        .expect(422);
    let numbers = |query: &str| -> Vec<u64> {
        let path = format!("{REPO}/pulls{query}");
        let list = world.client.get(&path).expect(200).list();
        list.iter()
            .map(|pull| pull["number"].as_u64().expect("a number"))
            .collect()
    };
    assert_eq!(numbers(""), [1]);
    assert_eq!(numbers("?state=closed"), [7]);
    assert_eq!(numbers("?state=all&direction=asc"), [1, 7]);
    assert_eq!(numbers("?state=all&head=octocat:topic"), [1]);
    assert_eq!(numbers("?state=odd"), [1]);
    assert_eq!(numbers("?state="), [1]);
    for version in ["2022-11-28", "2026-03-10"] {
        let client = world.client.header("x-github-api-version", version);
        let pull = client.get(&format!("{REPO}/pulls/1")).expect(200).json();
        assert_eq!(pull["head"]["sha"], world.repository.sha("topic"));
        client.get(&format!("{REPO}/pulls")).expect(200);
    }
    world.client.get(&format!("{REPO}/pulls/2")).expect(404);
    send(
        &world,
        "PATCH",
        &format!("{admin}/1"),
        &json!({"state": "closed", "merged": true}),
    )
    .expect(200);
    let merged = world
        .client
        .get(&format!("{REPO}/pulls/1"))
        .expect(200)
        .json();
    assert_eq!(
        (merged["state"].clone(), merged["merged"].clone()),
        (json!("closed"), json!(true))
    );
}

#[test]
fn graphql_reads_and_changes_the_same_data() {
    let world = World::new();
    let ask = |query: &str, variables: Value| -> Value {
        let body = json!({"query": query, "variables": variables});
        world.client.post("/graphql", &body).expect(200).json()
    };
    let repository = text(&world.client.get(REPO).expect(200).json(), "node_id");
    let made = ask(
        "mutation($r:ID!){createEnvironment(input:{repositoryId:$r,name:\"qa\"}){environment{id name}}}",
        json!({"r": repository}),
    );
    let environment_id = made["data"]["createEnvironment"]["environment"]["id"].clone();
    let mona = world.client.get("/users/mona").expect(200).json()["node_id"].clone();
    let ops = world
        .client
        .get("/orgs/octocat/teams/ops")
        .expect(200)
        .json()["node_id"]
        .clone();
    put(&world, "qa", &json!({"deployment_branch_policy": {"protected_branches": true, "custom_branch_policies": false}}))
        .expect(200);
    let changed = ask(
        "mutation($e:ID!,$r:[ID!]){updateEnvironment(input:{environmentId:$e,waitTimer:9,reviewers:$r,preventSelfReview:true}){
           environment{protectionRules(first:10){totalCount nodes{type timeout preventSelfReview
             reviewers(first:6){nodes{__typename ... on User{login} ... on Team{combinedSlug}}}}}}}}",
        json!({"e": environment_id, "r": [mona, ops]}),
    );
    let rules = &changed["data"]["updateEnvironment"]["environment"]["protectionRules"];
    assert_eq!(rules["totalCount"], 3, "{changed}");
    let shown = world.client.get(&environment("qa")).expect(200).json();
    assert_eq!(shown["protection_rules"].as_array().map(Vec::len), Some(3));
    let nodes = rules["nodes"].as_array().expect("a list");
    let review = nodes
        .iter()
        .find(|rule| rule["type"] == "REQUIRED_REVIEWERS")
        .expect("a rule");
    assert_eq!(review["preventSelfReview"], true);
    assert_eq!(
        review["reviewers"]["nodes"],
        json!([{"__typename": "User", "login": "mona"}, {"__typename": "Team", "combinedSlug": "octocat/ops"}])
    );
    assert!(
        nodes
            .iter()
            .any(|rule| rule["type"] == "WAIT_TIMER" && rule["timeout"] == 9)
    );
    let gone = ask(
        "mutation($e:ID!){deleteEnvironment(input:{id:$e}){clientMutationId}}",
        json!({"e": environment_id}),
    );
    assert_eq!(gone.get("errors"), None, "{gone}");
    world.client.get(&environment("qa")).expect(404);
    let again = ask(
        "mutation($e:ID!){deleteEnvironment(input:{id:$e}){clientMutationId}}",
        json!({"e": environment_id}),
    );
    assert_eq!(again["errors"][0]["type"], "NOT_FOUND");
}

#[test]
fn a_missing_environment_is_reported_before_what_is_wrong_with_the_body() {
    let world = World::new();
    let missing = format!("{REPO}/environments/none-such");
    let empty = json!({});
    let odd = json!({"name": 1, "value": [], "key_id": null, "integration_id": "x"});
    for (method, below) in [
        ("POST", "variables"),
        ("PATCH", "variables/NAME"),
        ("PUT", "secrets/NAME"),
        ("POST", "deployment-branch-policies"),
        ("PUT", "deployment-branch-policies/1"),
        ("POST", "deployment_protection_rules"),
    ] {
        for body in [&empty, &odd] {
            // GitHub's description lists no errors at all for most of these.
            let (path, body) = (format!("{missing}/{below}"), body.to_string());
            let body = Some(body.as_bytes());
            let reply = world.client.send_unchecked(method, &path, body);
            assert_eq!(reply.expect(404).json()["message"], "Not Found", "{below}");
        }
    }
    world.deploy("staging");
    let there = format!("{REPO}/environments/staging/variables");
    let reply = world.client.send_unchecked("POST", &there, Some(b"{}"));
    reply.expect(422);
    assert_eq!(world.environments(), ["staging"]);
}
