//! Organizations and many repositories in GraphQL.

use serde_json::{Value, json};

use super::world::{World, make_each, make_repositories, text};
use crate::support::http::{Client, Reply};
use crate::support::serve::rule;

#[track_caller]
fn ask(client: &Client, query: &str) -> Reply {
    client
        .post("/graphql", &json!({"query": query}))
        .expect(200)
}

/// The data of an answer without errors.
#[track_caller]
fn data(client: &Client, query: &str) -> Value {
    let answer = ask(client, query).json();
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].clone()
}

fn names(connection: &Value) -> Vec<String> {
    let nodes = connection["nodes"].as_array().expect("nodes");
    nodes.iter().map(|one| text(one, "nameWithOwner")).collect()
}

#[test]
fn an_organization_leads_to_all_its_repositories() {
    let world = World::new();
    let client = &world.client;
    let live = json!([{"environment": "production", "state": "success"}]);
    make_repositories(
        client,
        &json!({"owner": "acme", "count": 120, "prefix": "s", "deployments": live}),
    );
    let mut found = Vec::new();
    let mut after = "null".to_owned();
    let mut requests = 0;
    loop {
        // The query of the client's documentation for a whole organization.
        let query = format!(
            "{{organization(login:\"acme\"){{repositories(first:50,after:{after},isArchived:false,
             orderBy:{{field:NAME,direction:ASC}}){{totalCount pageInfo{{hasNextPage endCursor}}
             nodes{{nameWithOwner viewerPermission environments(first:20){{totalCount nodes{{name}}}}
             deployments(first:20,environments:[\"production\"],
             orderBy:{{field:CREATED_AT,direction:DESC}}){{nodes{{id state latestEnvironment
             commitOid createdAt latestStatus{{state environmentUrl logUrl createdAt}}}}}}}}}}}}
             rateLimit{{cost nodeCount}}}}"
        );
        let answer = data(client, &query);
        requests += 1;
        assert_eq!(answer["rateLimit"], json!({"cost": 1, "nodeCount": 2050}));
        let list = &answer["organization"]["repositories"];
        assert_eq!(list["totalCount"], 120);
        for node in list["nodes"].as_array().expect("nodes") {
            assert_eq!(
                node["environments"]["nodes"],
                json!([{"name": "production"}])
            );
            assert_eq!(node["deployments"]["nodes"][0]["state"], "ACTIVE");
        }
        found.extend(names(list));
        if list["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = list["pageInfo"]["endCursor"].to_string();
    }
    assert_eq!(requests, 3);
    let expected: Vec<String> = (1..=120)
        .map(|number| format!("acme/s{number:03}"))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn lists_are_filtered_and_sorted() {
    let world = World::new();
    let client = &world.client;
    make_each(
        client,
        [
            (
                "b",
                json!({"pushed_at": "2026-01-02T00:00:00Z", "topics": ["web"]}),
            ),
            (
                "c",
                json!({"pushed_at": "2026-01-03T00:00:00Z", "visibility": "internal"}),
            ),
            (
                "a",
                json!({"pushed_at": "2026-01-01T00:00:00Z", "archived": true}),
            ),
        ],
    );
    for (arguments, expected) in [
        ("first:9", ["acme/b", "acme/c", "acme/a"].as_slice()),
        ("last:1", &["acme/a"]),
        ("first:9,isArchived:false", &["acme/b", "acme/c"]),
        ("first:9,isArchived:true", &["acme/a"]),
        ("first:9,visibility:INTERNAL", &["acme/c"]),
        ("first:9,privacy:PUBLIC", &["acme/b", "acme/a"]),
        ("first:9,isFork:true", &[]),
        ("first:9,ownerAffiliations:[COLLABORATOR]", &[]),
        (
            "first:9,affiliations:[ORGANIZATION_MEMBER],isArchived:true",
            &["acme/a"],
        ),
        (
            "first:9,orderBy:{field:PUSHED_AT,direction:DESC}",
            &["acme/c", "acme/b", "acme/a"],
        ),
        (
            "first:9,orderBy:{field:NAME,direction:ASC}",
            &["acme/a", "acme/b", "acme/c"],
        ),
    ] {
        let query = format!(
            "{{repositoryOwner(login:\"ACME\"){{__typename login
             repositories({arguments}){{nodes{{nameWithOwner}}}}}}}}"
        );
        let owner = &data(client, &query)["repositoryOwner"];
        assert_eq!(owner["__typename"], "Organization");
        assert_eq!(names(&owner["repositories"]), expected, "{arguments}");
    }
    let query =
        "{organization(login:\"acme\"){id repository(name:\"b\"){isArchived isInOrganization
        isFork visibility pushedAt owner{__typename id}
        repositoryTopics(first:10){totalCount nodes{topic{name} url}}}}}";
    let organization = data(client, query)["organization"].clone();
    let repository = &organization["repository"];
    assert_eq!(
        repository["owner"],
        json!({"__typename": "Organization", "id": organization["id"]})
    );
    assert_eq!(repository["visibility"], "PUBLIC");
    assert_eq!(repository["pushedAt"], "2026-01-02T00:00:00Z");
    assert_eq!(repository["isInOrganization"], true);
    assert_eq!(
        repository["repositoryTopics"]["nodes"][0]["topic"]["name"],
        "web"
    );
    let node = format!(
        "{{node(id:{}){{... on Organization{{login}}}}}}",
        organization["id"]
    );
    assert_eq!(data(client, &node)["node"]["login"], "acme");
    let both = "{organization(login:\"acme\"){repositories(first:1,privacy:PUBLIC,visibility:PUBLIC){totalCount}}}";
    assert_eq!(
        ask(client, both).json()["errors"][0]["type"],
        "ARGUMENT_ERROR"
    );
}

#[test]
fn owners_are_found_by_their_kind() {
    let world = World::new();
    let client = &world.client;
    make_repositories(client, &json!({"owner": "acme", "names": ["api"]}));
    let query = "{a:organization(login:\"acme\"){login} b:user(login:\"acme\"){login}
        c:organization(login:\"octocat\"){login} d:user(login:\"octocat\"){login}
        e:repositoryOwner(login:\"octocat\"){__typename} f:repositoryOwner(login:\"nobody\"){login}}";
    let answer = ask(client, query).json();
    let expected = json!({"a": {"login": "acme"}, "b": null, "c": null,
        "d": {"login": "octocat"}, "e": {"__typename": "User"}, "f": null});
    assert_eq!(answer["data"], expected);
    let errors = answer["errors"].as_array().expect("errors");
    let messages: Vec<String> = errors.iter().map(|error| text(error, "message")).collect();
    assert_eq!(
        messages,
        [
            "Could not resolve to a User with the login of 'acme'.",
            "Could not resolve to an Organization with the login of 'octocat'.",
        ]
    );
}

/// A query for many repositories by their names.
fn many(names: &[String]) -> String {
    let aliases: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            format!(
                "r{index}:repository(owner:\"acme\",name:\"{name}\"){{nameWithOwner
                 deployments(first:1){{nodes{{state}}}} environments(first:20){{totalCount}}}}"
            )
        })
        .collect();
    format!("{{{} rateLimit{{cost}}}}", aliases.join(" "))
}

#[test]
fn one_that_cannot_be_read_damages_its_alias_only() {
    let world = World::with(|config| {
        config.tokens = vec![rule("few=public_repo"), rule("fine=contents=read")];
    });
    let client = &world.client;
    make_repositories(
        client,
        &json!({"owner": "acme", "count": 80, "prefix": "s",
        "deployments": [{"environment": "qa", "state": "success"}]}),
    );
    client
        .patch(
            "/_sandbox/repos/acme/s07",
            &json!({"visibility": "private"}),
        )
        .expect(200);
    let names: Vec<String> = (1..=80).map(|number| format!("s{number:02}")).collect();
    let whole = data(client, &many(&names));
    assert_eq!(whole["r6"]["nameWithOwner"], "acme/s07");
    // Two connections of 80 repositories are 160 requests.
    assert_eq!(whole["rateLimit"]["cost"], 2);
    let answer = ask(&client.with_token("few"), &many(&names)).json();
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["type"], "NOT_FOUND");
    assert_eq!(errors[0]["path"], json!(["r6"]));
    assert_eq!(
        errors[0]["message"],
        "Could not resolve to a Repository with the name 'acme/s07'."
    );
    for index in 0..80 {
        let one = &answer["data"][format!("r{index}")];
        assert_eq!(one.is_null(), index == 6, "{index}");
    }
    // A token that sees the private one without reading its deployments.
    let answer = ask(&client.with_token("fine"), &many(&names)).json();
    let errors = answer["errors"].as_array().expect("errors");
    assert!(
        errors
            .iter()
            .all(|error| error["type"] == "FORBIDDEN" && error["path"][0] == "r6")
    );
    assert_eq!(answer["data"]["r6"], Value::Null);
    assert_eq!(answer["data"]["r7"]["environments"]["totalCount"], 1);
}

#[test]
fn a_renamed_repository_answers_under_its_old_name() {
    let world = World::new();
    let client = &world.client;
    make_repositories(client, &json!({"owner": "acme", "names": ["old"]}));
    client
        .patch(
            "/_sandbox/repos/acme/old",
            &json!({"name": "new", "owner": "other"}),
        )
        .expect(200);
    let query = "{a:repository(owner:\"acme\",name:\"old\"){nameWithOwner}
        b:repository(owner:\"other\",name:\"new\"){nameWithOwner}
        c:repository(owner:\"acme\",name:\"old\",followRenames:false){nameWithOwner}}";
    let answer = ask(client, query).json();
    let new = json!({"nameWithOwner": "other/new"});
    assert_eq!(answer["data"], json!({"a": new, "b": new, "c": null}));
    assert_eq!(answer["errors"][0]["type"], "NOT_FOUND");
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_archived_repository_takes_no_mutation() {
    let world = World::new();
    let client = &world.client;
    make_repositories(
        client,
        &json!({"owner": "acme", "names": ["api"], "archived": true,
        "deployments": [{"environment": "qa", "state": "success"}]}),
    );
    let query = "{repository(owner:\"acme\",name:\"api\"){deployments(first:1){nodes{id}}}}";
    let id = data(client, query)["repository"]["deployments"]["nodes"][0]["id"].clone();
    let query = format!("mutation{{deleteDeployment(input:{{id:{id}}}){{clientMutationId}}}}");
    let answer = ask(client, &query).json();
    assert_eq!(
        answer["errors"][0]["message"],
        "Repository was archived so is read-only."
    );
}

#[test]
fn single_sign_on_is_an_error_of_the_organization_and_a_header() {
    let world = World::new();
    let client = &world.client;
    make_repositories(client, &json!({"owner": "acme", "names": ["api"]}));
    client
        .post("/_sandbox/orgs", &json!({"login": "acme", "sso": true}))
        .expect(200);
    let query = "{a:repository(owner:\"acme\",name:\"api\"){id} b:organization(login:\"acme\"){id}
        c:repository(owner:\"octocat\",name:\"hello-world\"){nameWithOwner}}";
    let reply = ask(client, query);
    let header = reply.header("x-github-sso").expect("the header");
    assert!(header.starts_with("required; url=http"), "{header}");
    let answer = reply.json();
    assert_eq!(answer["data"]["c"]["nameWithOwner"], "octocat/hello-world");
    assert_eq!(
        (&answer["data"]["a"], &answer["data"]["b"]),
        (&Value::Null, &Value::Null)
    );
    for error in answer["errors"].as_array().expect("errors") {
        assert_eq!(error["type"], "FORBIDDEN");
        assert_eq!(error["extensions"]["saml_failure"], true);
    }
    let reply = ask(client, "{viewer{login}}");
    assert_eq!(reply.header("x-github-sso"), None);
}

/// Sets the faults.
#[track_caller]
fn set_faults(client: &Client, rules: &[&str]) {
    let body = json!({"faults": rules}).to_string();
    let reply = client.send_unchecked("PUT", "/_sandbox/faults", Some(body.as_bytes()));
    reply.expect(200);
}

/// Sends a query that meets a fault.
fn ask_unchecked(client: &Client, query: &str) -> Reply {
    let body = json!({"query": query}).to_string();
    client.send_unchecked("POST", "/graphql", Some(body.as_bytes()))
}

#[test]
fn refs_are_those_of_each_repository() {
    let world = World::new();
    let client = &world.client;
    let live = json!([{"environment": "qa", "state": "success"}]);
    make_repositories(
        client,
        &json!({"owner": "acme", "count": 9, "prefix": "s", "deployments": live}),
    );
    let main = "repository(owner:\"acme\",name:\"s1\"){ref(qualifiedName:\"main\"){target{oid}}}";
    let old = data(client, &format!("{{{main}}}"))["repository"]["ref"]["target"]["oid"].clone();
    let tag = client
        .get("/repos/acme/s2/commits/v1.0.0")
        .expect(200)
        .json()["sha"]
        .clone();
    client
        .patch(
            "/repos/acme/s2/git/refs/heads/main",
            &json!({"sha": tag, "force": true}),
        )
        .expect(200);
    let query = "{organization(login:\"acme\"){repositories(first:9){nodes{name
        ref(qualifiedName:\"main\"){target{oid}} deployments(first:1){nodes{ref{name}}}}}}}";
    let found = data(client, query);
    let nodes = found["organization"]["repositories"]["nodes"].as_array();
    for node in nodes.expect("nodes") {
        let expected = if node["name"] == "s2" { &tag } else { &old };
        assert_eq!(&node["ref"]["target"]["oid"], expected, "{}", node["name"]);
        assert_eq!(node["deployments"]["nodes"][0]["ref"]["name"], "main");
    }
}

#[test]
fn a_query_for_too_many_repositories_takes_too_long() {
    let world = World::new();
    let client = &world.client;
    make_repositories(
        client,
        &json!({"owner": "acme", "count": 30, "prefix": "s"}),
    );
    let names = |count: usize| -> Vec<String> {
        (1..=count).map(|number| format!("s{number:02}")).collect()
    };
    let list = "{organization(login:\"acme\"){repositories(first:26){nodes{nameWithOwner}}}}";
    for (fault, status, is_page) in [
        ("too-large:25", 502, false),
        ("too-large:25,504", 504, false),
        ("too-large:25,html", 502, true),
        ("too-large:25,504,html", 504, true),
    ] {
        set_faults(client, &[&format!("POST /graphql={fault}")]);
        data(client, &many(&names(25)));
        for query in [many(&names(26)), list.to_owned()] {
            let reply = ask_unchecked(client, &query).expect(status);
            if is_page {
                assert!(reply.text().contains("Unicorn!"), "{}", reply.text());
                continue;
            }
            let answer = reply.json();
            assert_eq!(answer["data"], Value::Null);
            let message = text(&answer["errors"][0], "message");
            assert!(message.starts_with("Something went wrong while executing your query."));
        }
    }
    // Queries that are small enough do not count.
    set_faults(client, &["POST /graphql:1=too-large:25"]);
    data(client, &many(&names(2)));
    ask_unchecked(client, list).expect(502);
    data(client, list);
}

#[test]
fn a_query_that_meets_a_resource_limit_answers_in_part() {
    let world = World::new();
    let client = &world.client;
    make_repositories(
        client,
        &json!({"owner": "acme", "names": ["a", "b", "c", "d"]}),
    );
    set_faults(client, &["POST /graphql=resource-limits:2"]);
    let names: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).into();
    let answer = ask(client, &many(&names)).json();
    let names_of = ["r0", "r1", "r2", "r3"].map(|key| answer["data"][key]["nameWithOwner"].clone());
    let null = Value::Null;
    assert_eq!(
        names_of,
        [json!("acme/a"), json!("acme/b"), null.clone(), null]
    );
    assert_eq!(answer["data"]["rateLimit"]["cost"], 1);
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 2);
    assert_eq!(
        errors[0],
        json!({"type": "RESOURCE_LIMITS_EXCEEDED", "path": ["r2"],
            "message": "Resource limits for this query exceeded."})
    );
    data(client, &many(&names[..2]));
}

#[test]
fn any_list_can_say_that_it_lacks_organizations() {
    let world = World::new();
    let client = &world.client;
    make_repositories(client, &json!({"owner": "acme", "names": ["a"]}));
    set_faults(client, &["GET /orgs/*=sso-partial:9919,1342004"]);
    let reply = client.get("/orgs/acme/repos").expect(200);
    assert_eq!(reply.list().len(), 1);
    assert_eq!(
        reply.header("x-github-sso"),
        Some("partial-results; organizations=9919,1342004")
    );
}
