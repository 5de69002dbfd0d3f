//! Many repositories: how they are made, lists of them, and those that cannot
//! be read.

use serde_json::{Value, json};

use super::world::{World, id, make_each, make_repositories, text};
use crate::support::http::{Client, Reply};
use crate::support::serve::rule;

fn names(list: &[Value]) -> Vec<String> {
    list.iter().map(|one| text(one, "full_name")).collect()
}

#[track_caller]
fn listed(client: &Client, target: &str) -> Vec<String> {
    names(&client.get(target).expect(200).list())
}

/// Reads all pages by their links.
#[track_caller]
fn all_pages(client: &Client, first: &str) -> Vec<Reply> {
    let mut pages = vec![client.get(first).expect(200)];
    while let Some(next) = pages.last().and_then(|page| page.link("next")) {
        pages.push(client.get(&next).expect(200));
    }
    pages
}

#[test]
fn an_organization_lists_a_thousand_repositories_by_links() {
    let world = World::new();
    let made = make_repositories(
        &world.client,
        &json!({"owner": "acme", "count": 1000, "prefix": "service-"}),
    );
    assert_eq!(made.len(), 1000);
    assert_eq!(text(&made[0], "full_name"), "acme/service-0001");
    let pages = all_pages(
        &world.client,
        "/orgs/acme/repos?per_page=100&sort=full_name",
    );
    assert_eq!(pages.len(), 10);
    let id = id(&world.client.get("/orgs/acme").expect(200).json());
    let next = pages[0].link("next").expect("a next page");
    assert!(
        next.ends_with(&format!(
            "/organizations/{id}/repos?per_page=100&sort=full_name&page=2"
        )),
        "{next}"
    );
    let all: Vec<Value> = pages.iter().flat_map(Reply::list).collect();
    assert_eq!(names(&all), names(&made));
    assert_eq!(all[0]["owner"]["type"], "Organization");
    assert_eq!(all[0]["default_branch"], "main");
    // They are whole: a deployment can be requested in each.
    let deployments = "/repos/acme/service-0500/deployments";
    let request = json!({"ref": "main", "environment": "qa"});
    world.client.post(deployments, &request).expect(201);
}

#[test]
fn every_list_is_as_github_describes_it_in_both_versions() {
    let world = World::with(|config| config.tokens = vec![rule("gate=repo")]);
    make_repositories(
        &world.client,
        &json!({"owner": "acme", "names": ["api"], "topics": ["deploy", "rust"]}),
    );
    world
        .client
        .post("/_sandbox/apps", &json!({"slug": "gate"}))
        .expect(201);
    for version in ["2022-11-28", "2026-03-10"] {
        let client = world.client.header("x-github-api-version", version);
        for target in ["/orgs/acme/repos", "/users/octocat/repos", "/user/repos"] {
            let list = client.get(target).expect(200).list();
            assert!(!list.is_empty(), "{target}");
        }
        let installed = client.with_token("gate").get("/installation/repositories");
        let installed = installed.expect(200).json();
        assert_eq!(installed["total_count"], 2);
        assert_eq!(
            installed["repositories"][1]["topics"],
            json!(["deploy", "rust"])
        );
        let repository = client.get("/repos/acme/api").expect(200).json();
        assert_eq!(repository["topics"], json!(["deploy", "rust"]));
        assert_eq!(repository["organization"]["login"], "acme");
    }
}

#[test]
fn kinds_orders_and_directions() {
    let world = World::new();
    let client = &world.client;
    make_each(
        client,
        [
            ("b", json!({"pushed_at": "2026-01-02T00:00:00Z"})),
            (
                "C",
                json!({"pushed_at": "2026-01-03T00:00:00Z", "visibility": "private"}),
            ),
            (
                "a",
                json!({"pushed_at": "2026-01-01T00:00:00Z", "archived": true}),
            ),
        ],
    );
    for (query, expected) in [
        ("", ["acme/a", "acme/C", "acme/b"].as_slice()),
        ("?direction=asc", &["acme/b", "acme/C", "acme/a"]),
        ("?sort=full_name", &["acme/a", "acme/b", "acme/C"]),
        (
            "?sort=full_name&direction=desc",
            &["acme/C", "acme/b", "acme/a"],
        ),
        ("?sort=pushed", &["acme/C", "acme/b", "acme/a"]),
        ("?type=public", &["acme/a", "acme/b"]),
        ("?type=private", &["acme/C"]),
        ("?type=forks", &[]),
        (
            "?type=nonsense&sort=nonsense",
            &["acme/a", "acme/C", "acme/b"],
        ),
        ("?per_page=1&page=2", &["acme/C"]),
    ] {
        assert_eq!(
            listed(client, &format!("/orgs/acme/repos{query}")),
            expected,
            "{query}"
        );
    }
    assert_eq!(
        listed(&client.anonymous(), "/orgs/acme/repos"),
        ["acme/a", "acme/b"]
    );
    // The list of a user has public repositories only, whoever asks.
    assert_eq!(listed(client, "/users/acme/repos"), ["acme/a", "acme/b"]);
    let archived = client.get("/repos/acme/a").expect(200).json();
    assert_eq!(
        (&archived["archived"], &archived["visibility"]),
        (&json!(true), &json!("public"))
    );
}

#[test]
fn an_organization_is_no_user() {
    let world = World::new();
    let client = &world.client;
    client.get("/orgs/octocat").expect(404);
    client.get("/orgs/octocat/repos").expect(404);
    client.get("/orgs/nobody/repos").expect(404);
    let owner = client.get("/repos/octocat/hello-world").expect(200).json()["owner"].clone();
    assert_eq!(owner["type"], "User");
    client
        .post("/_sandbox/orgs", &json!({"login": "octocat"}))
        .expect(200);
    assert_eq!(
        listed(client, "/orgs/octocat/repos"),
        ["octocat/hello-world"]
    );
    let owner = client.get("/repos/octocat/hello-world").expect(200).json()["owner"].clone();
    assert_eq!(owner["type"], "Organization");
    let organization = client.get("/orgs/octocat").expect(200).json();
    assert_eq!(
        (&organization["id"], &organization["node_id"]),
        (&owner["id"], &owner["node_id"])
    );
    assert_eq!(organization["public_repos"], 1);
}

#[test]
fn the_lists_of_the_caller() {
    let world = World::with(|config| config.tokens = vec![rule("mona=repo")]);
    let client = world.client.with_token("mona");
    make_repositories(
        &client,
        &json!({"owner": "mona", "owner_type": "User", "names": ["dots"], "visibility": "private"}),
    );
    make_repositories(&client, &json!({"owner": "acme", "names": ["api"]}));
    let all = ["acme/api", "mona/dots", "octocat/hello-world"];
    for (query, expected) in [
        ("", all.as_slice()),
        ("?affiliation=owner", &["mona/dots"]),
        (
            "?affiliation=owner,organization_member",
            &["acme/api", "mona/dots"],
        ),
        ("?type=owner", &["mona/dots"]),
        ("?type=member", &["acme/api", "octocat/hello-world"]),
        ("?visibility=private", &["mona/dots"]),
        ("?type=public", &["acme/api", "octocat/hello-world"]),
        ("?since=2000-01-01T00:00:00Z", &all),
        ("?before=2000-01-01T00:00:00Z", &[]),
    ] {
        assert_eq!(
            listed(&client, &format!("/user/repos{query}")),
            expected,
            "{query}"
        );
    }
    let refused = client
        .get("/user/repos?type=owner&visibility=all")
        .expect(422)
        .json();
    assert!(
        refused["errors"][0]["message"]
            .as_str()
            .is_some_and(|why| why.contains("cannot specify type"))
    );
    client.anonymous().get("/user/repos").expect(401);
}

#[test]
fn only_an_installation_lists_its_repositories() {
    let world = World::with(|config| config.tokens = vec![rule("gate=repo")]);
    let client = &world.client;
    for (name, reader) in [("api", "gate"), ("web", "other")] {
        make_repositories(
            client,
            &json!({"owner": "acme", "names": [name], "readers": [reader]}),
        );
    }
    let target = "/installation/repositories?per_page=1";
    client.anonymous().get(target).expect(401);
    let app = client.with_token("gate");
    let message = text(&app.get(target).expect(403).json(), "message");
    assert!(message.contains("installation access token"), "{message}");
    client
        .post("/_sandbox/apps", &json!({"slug": "gate"}))
        .expect(201);
    let pages = all_pages(&app, target);
    let repositories = |page: &Reply| {
        let body = page.json();
        assert_eq!(body["total_count"], 2);
        names(body["repositories"].as_array().expect("a list"))
    };
    let seen: Vec<String> = pages.iter().flat_map(repositories).collect();
    assert_eq!(seen, ["octocat/hello-world", "acme/api"]);
    let message = text(&app.get("/user/repos").expect(403).json(), "message");
    assert_eq!(message, "Resource not accessible by integration");
}

#[test]
fn a_repository_without_rights_is_hidden_everywhere() {
    let world = World::with(|config| {
        config.tokens = vec![
            rule("ci=repo"),
            rule("few=public_repo"),
            rule("fine=deployments=read"),
        ];
    });
    let client = &world.client;
    make_repositories(client, &json!({"owner": "acme", "names": ["open"]}));
    make_repositories(
        client,
        &json!({"owner": "acme", "names": ["secret"], "visibility": "private"}),
    );
    make_repositories(
        client,
        &json!({"owner": "acme", "names": ["ours"], "readers": ["ci"]}),
    );
    make_repositories(
        client,
        &json!({"owner": "acme", "names": ["none"], "readers": []}),
    );
    let seen = |client: &Client| listed(client, "/orgs/acme/repos?sort=full_name");
    assert_eq!(seen(client), ["acme/open", "acme/secret"]);
    assert_eq!(
        seen(&client.with_token("ci")),
        ["acme/open", "acme/ours", "acme/secret"]
    );
    assert_eq!(seen(&client.with_token("few")), ["acme/open"]);
    assert_eq!(
        seen(&client.with_token("fine")),
        ["acme/open", "acme/secret"]
    );
    for (token, name, status) in [
        ("ci", "ours", 200),
        ("ci", "none", 404),
        ("few", "secret", 404),
        ("few", "ours", 404),
        ("fine", "secret", 200),
    ] {
        for below in ["", "/deployments"] {
            let reply = client
                .with_token(token)
                .get(&format!("/repos/acme/{name}{below}"));
            assert_eq!(reply.status, status, "{token} {name}{below}");
        }
    }
    // A fine-grained token lacks the permission for environments.
    client
        .with_token("fine")
        .get("/repos/acme/secret/environments")
        .expect(403);
    let nobody = client.anonymous();
    assert_eq!(seen(&nobody), ["acme/open"]);
    nobody.get("/repos/acme/secret").expect(404);
}

#[test]
fn a_renamed_repository_moves() {
    let world = World::new();
    let client = &world.client;
    let made = make_repositories(client, &json!({"owner": "acme", "names": ["old"]}));
    let changed = client.patch("/_sandbox/repos/acme/old", &json!({"name": "new"}));
    assert_eq!(text(&changed.expect(200).json(), "full_name"), "acme/new");
    let place = format!("/repositories/{}", id(&made[0]));
    for (below, expected) in [
        ("", ""),
        (
            "/deployments?environment=a%2Fb&per_page=5",
            "/deployments?environment=a%2Fb&per_page=5",
        ),
        ("/environments/a%2Fb", "/environments/a%2Fb"),
    ] {
        let reply = client.get(&format!("/repos/acme/old{below}")).expect(301);
        let location = reply.header("location").expect("a location").to_owned();
        assert!(
            location.ends_with(&format!("{place}{expected}")),
            "{location}"
        );
        assert_eq!(reply.json()["url"], location);
    }
    let reply = client.get("/repos/acme/old").expect(301);
    let found = client
        .get(reply.header("location").expect("a location"))
        .expect(200)
        .json();
    assert_eq!(found["full_name"], "acme/new");
    let request = json!({"ref": "main"});
    client
        .post("/repos/acme/old/deployments", &request)
        .expect(307);
    // A new repository may take the old name.
    make_repositories(client, &json!({"owner": "acme", "names": ["old"]}));
    client.get("/repos/acme/old").expect(200);
    client
        .patch("/_sandbox/repos/acme/old", &json!({"name": "new"}))
        .expect(422);
    // A transfer is a rename, too.
    client
        .patch("/_sandbox/repos/acme/new", &json!({"owner": "other"}))
        .expect(200);
    client.get("/repos/acme/new").expect(301);
    client.get("/repos/other/new").expect(200);
}

#[test]
fn an_archived_repository_is_read_only() {
    let world = World::new();
    let client = &world.client;
    make_repositories(
        client,
        &json!({"owner": "acme", "names": ["api"],
        "deployments": [{"environment": "qa", "state": "success"}]}),
    );
    client
        .patch("/_sandbox/repos/acme/api", &json!({"archived": true}))
        .expect(200);
    let deployments = "/repos/acme/api/deployments";
    let list = client.get(deployments).expect(200).list();
    let one = format!("{deployments}/{}", id(&list[0]));
    for reply in [
        client.post(deployments, &json!({"ref": "main"})),
        client.post(&format!("{one}/statuses"), &json!({"state": "inactive"})),
        client.delete(&one),
    ] {
        let message = text(&reply.expect(403).json(), "message");
        assert_eq!(message, "Repository was archived so is read-only.");
    }
    client
        .patch("/_sandbox/repos/acme/api", &json!({"archived": false}))
        .expect(200);
    client
        .post(deployments, &json!({"ref": "main"}))
        .expect(201);
}

#[test]
fn each_of_many_repositories_gets_the_same_deployments() {
    let world = World::new();
    let client = &world.client;
    let deployments = json!([
        {"environment": "production", "state": "success", "environment_url": "https://x.example"},
        {"environment": "qa", "ref": "v1.0.0", "state": "failure"},
        {"environment": "qa"},
    ]);
    make_repositories(
        client,
        &json!({"owner": "acme", "names": ["a", "b"], "deployments": deployments}),
    );
    for name in ["a", "b"] {
        let list = client
            .get(&format!("/repos/acme/{name}/deployments"))
            .expect(200)
            .list();
        let environments: Vec<String> = list.iter().map(|one| text(one, "environment")).collect();
        assert_eq!(environments, ["qa", "qa", "production"]);
        let statuses = client
            .get(&text(&list[2], "statuses_url"))
            .expect(200)
            .list();
        assert_eq!(statuses.len(), 1);
        assert_eq!(text(&statuses[0], "environment_url"), "https://x.example");
        let none = client
            .get(&text(&list[0], "statuses_url"))
            .expect(200)
            .list();
        assert_eq!(none.len(), 0);
    }
    for wrong in [
        json!({"owner": "acme"}),
        json!({"owner": "a b", "names": ["x"]}),
        json!({"owner": "acme", "names": ["x/y"]}),
        json!({"owner": "acme", "names": ["x"], "topics": ["Loud Words"]}),
        json!({"owner": "acme", "names": ["x"], "visibility": "hidden"}),
        json!({"owner": "acme", "names": ["x"], "owner_type": "Bot"}),
        json!({"owner": "acme", "names": ["x"], "deployments": [{"environment": "qa", "state": "nice"}]}),
        json!({"owner": "acme", "names": ["x"], "deployments": [{"environment": "qa", "ref": "nowhere"}]}),
        json!({"owner": "acme", "names": ["x"], "colour": "red"}),
        json!({"owner": "acme", "count": 1_000_000}),
    ] {
        client.post("/_sandbox/repos", &wrong).expect(422);
    }
    client
        .anonymous()
        .post("/_sandbox/repos", &json!({"owner": "acme", "names": ["x"]}))
        .expect(401);
}

#[test]
fn a_list_that_has_not_changed_costs_nothing() {
    let world = World::new();
    make_repositories(&world.client, &json!({"owner": "acme", "names": ["api"]}));
    let first = world.client.get("/orgs/acme/repos").expect(200);
    let tag = first.header("etag").expect("an etag").to_owned();
    let again = world.client.header("if-none-match", &tag);
    let unchanged = again.get("/orgs/acme/repos").expect(304);
    assert_eq!(
        unchanged.number("x-ratelimit-used"),
        first.number("x-ratelimit-used")
    );
    world
        .client
        .patch("/_sandbox/repos/acme/api", &json!({"topics": ["deploy"]}))
        .expect(200);
    again.get("/orgs/acme/repos").expect(200);
}

#[test]
fn single_sign_on_hides_an_organization_and_says_so() {
    let world = World::new();
    let client = &world.client;
    make_repositories(client, &json!({"owner": "acme", "names": ["api"]}));
    let organization = client.post("/_sandbox/orgs", &json!({"login": "acme", "sso": true}));
    let number = id(&organization.expect(200).json());
    for target in [
        "/orgs/acme",
        "/orgs/acme/repos",
        "/repos/acme/api",
        "/repos/acme/api/deployments",
    ] {
        let reply = client.get(target).expect(403);
        let header = reply.header("x-github-sso").expect("the header");
        assert!(header.starts_with("required; url=http://"), "{header}");
        assert!(
            header.contains("/orgs/acme/sso?authorization_request="),
            "{header}"
        );
        assert!(text(&reply.json(), "message").contains("SAML enforcement"));
    }
    let partial = client.get("/user/repos").expect(200);
    assert_eq!(names(&partial.list()), ["octocat/hello-world"]);
    let header = format!("partial-results; organizations={number}");
    assert_eq!(partial.header("x-github-sso"), Some(header.as_str()));
    client
        .post("/_sandbox/orgs", &json!({"login": "acme", "sso": false}))
        .expect(200);
    assert_eq!(listed(client, "/orgs/acme/repos"), ["acme/api"]);
    assert_eq!(
        client.get("/user/repos").expect(200).header("x-github-sso"),
        None
    );
}
