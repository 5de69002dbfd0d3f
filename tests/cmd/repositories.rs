//! Many repositories: which ones are selected, and what is said about those that
//! cannot be read.

use serde_json::{Value, json};

use crate::support::cli::{Machine, Outcome};
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault, Proxy};
use crate::support::serve::Server;
use deployctl::sandbox::RepositorySource;

/// A sandbox with three repositories of acme, behind a proxy that lists them.
struct Team {
    _server: Server,
    proxy: Proxy,
    machine: Machine,
}

impl Team {
    fn new() -> Self {
        let server = Server::with(|config| {
            config.repositories = ["shop", "web", "old"]
                .map(|name| RepositorySource {
                    owner: "acme".to_owned(),
                    name: name.to_owned(),
                    path: None,
                })
                .to_vec();
        });
        let proxy = Proxy::before(server.url());
        let machine = Machine::with_server(&proxy.url());
        let team = Self {
            _server: server,
            proxy,
            machine,
        };
        for name in ["shop", "web", "old"] {
            let line = format!("lock qa -m of-{name} -R acme/{name}");
            let _ = team.run(&line).expect(0);
        }
        team.proxy.forget();
        team
    }

    fn run(&self, line: &str) -> Outcome {
        self.machine.run(line.split_whitespace())
    }

    /// Lets the server list these repositories of acme, with their topics.
    fn list(&self, repositories: &[(&str, bool, &str)]) {
        let list: Vec<Value> = repositories
            .iter()
            .enumerate()
            .map(|(id, (name, archived, topic))| {
                json!({"id": id, "full_name": format!("acme/{name}"), "archived": archived,
                    "topics": [topic]})
            })
            .collect();
        self.list_is(Answer::json(200, &json!(list)));
    }

    fn list_is(&self, answer: Answer) {
        let fault = Fault::Answer(answer);
        self.proxy
            .fault("GET", "/orgs/*/repos", 1..=usize::MAX, fault);
    }

    /// The repositories whose locks a command prints.
    fn repositories(&self, line: &str, code: i32) -> Vec<String> {
        let outcome = self.run(line).expect(code);
        let lines = outcome.stdout().lines();
        lines
            .map(|line| line.split('\t').next().expect("a column").to_owned())
            .collect()
    }
}

const ALL: &[(&str, bool, &str)] = &[
    ("old", true, "shop"),
    ("shop", false, "shop"),
    ("web", false, "web"),
];

#[test]
fn names_patterns_files_and_organizations_add_up_and_each_repository_counts_once() {
    let team = Team::new();
    team.list(ALL);
    let file = team.machine.file(
        "repos.txt",
        "# ours\nacme/web # the web\n\nACME/Shop\nacme/w*\n",
    );
    let file = file.display();
    for (options, expected) in [
        (
            "-R acme/web -R acme/shop".to_owned(),
            &["acme/web", "acme/shop"][..],
        ),
        (
            "-R acme/Shop -R acme/shop -R ACME/SHOP".to_owned(),
            &["acme/shop"],
        ),
        ("-R acme/*".to_owned(), &["acme/shop", "acme/web"]),
        ("-R acme/W?b".to_owned(), &["acme/web"]),
        ("--org acme".to_owned(), &["acme/shop", "acme/web"]),
        ("--org ACME --topic web".to_owned(), &["acme/web"]),
        // A named repository is read even if it is archived or has another topic.
        (
            "--org acme --topic web -R acme/old".to_owned(),
            &["acme/old", "acme/web"],
        ),
        (format!("--repos {file}"), &["acme/web", "acme/shop"]),
        (
            format!("--repos {file} --org acme"),
            &["acme/web", "acme/shop"],
        ),
    ] {
        let found = team.repositories(&format!("lock list {options}"), 0);
        assert_eq!(found, expected, "{options}");
    }
    // With one name alone nothing changes.
    let one = team.run("lock list -R acme/shop --json").expect(0).json();
    assert_eq!(one[0]["reason"], "of-shop");
    assert!(one[0].get("repository").is_none(), "{one}");
    let several = team.run("lock list -R acme/sh* --json=repository,reason");
    assert_eq!(
        several.expect(0).stdout(),
        "[{\"repository\":\"acme/shop\",\"reason\":\"of-shop\"}]\n"
    );
}

#[test]
fn what_cannot_be_selected_is_refused_before_any_request() {
    let team = Team::new();
    let broken = team
        .machine
        .file("broken.txt", "# ours\nacme/shop\nacme shop\n");
    let file = team.machine.file("repos.txt", "acme/web\n");
    let (broken, file) = (broken.display(), file.display());
    for (line, said) in [
        (
            "lock list -R acme/shop -R git.example.com/acme/shop".to_owned(),
            "two hosts".to_owned(),
        ),
        (
            "lock list --topic web".to_owned(),
            "--topic needs".to_owned(),
        ),
        (
            "lock list -R acme/shop --topic web".to_owned(),
            "--topic needs".to_owned(),
        ),
        (
            format!("lock list --repos {file} --topic web"),
            "--topic needs".to_owned(),
        ),
        (
            format!("lock list --repos {broken}"),
            format!("{broken}:3: \"acme shop\""),
        ),
        (
            "lock list --repos missing.txt".to_owned(),
            "missing.txt".to_owned(),
        ),
        ("lock list -R */shop".to_owned(), "not its owner".to_owned()),
        (
            "lock list --org a/b".to_owned(),
            "not the name of an organization".to_owned(),
        ),
        (
            "create --ref main -R acme/shop -R acme/web".to_owned(),
            "more than once".to_owned(),
        ),
        (
            "create --ref main -R acme/*".to_owned(),
            "is a pattern".to_owned(),
        ),
        ("create --org acme".to_owned(), "--org".to_owned()),
        (
            "pending --org acme --watch".to_owned(),
            "cannot be used".to_owned(),
        ),
        (
            "pending --org acme --web".to_owned(),
            "cannot be used".to_owned(),
        ),
        (
            "list --org acme --web".to_owned(),
            "cannot be used".to_owned(),
        ),
        (
            "env list --repos repos.txt --web".to_owned(),
            "cannot be used".to_owned(),
        ),
        (
            "pending --org acme --pr 7".to_owned(),
            "one repository".to_owned(),
        ),
        (
            "blocked 7 --org acme".to_owned(),
            "one repository".to_owned(),
        ),
    ] {
        let outcome = team.run(&line).expect(2);
        assert!(
            outcome.stderr().contains(&said),
            "{line}: {}",
            outcome.stderr()
        );
    }
    assert_eq!(team.proxy.requests().len(), 0);
}

#[test]
fn a_choice_that_finds_nothing_never_falls_back_to_the_default_repository() {
    let team = Team::new();
    team.list(ALL);
    let machine = Machine::with_server(&team.proxy.url()).env("DEPLOYCTL_REPO", "acme/shop");
    let empty = team.machine.file("empty.txt", "# nothing\n");
    let empty = empty.display().to_string();
    for options in [
        vec!["-R", "acme/nothing-*"],
        vec!["--org", "acme", "--topic", "none"],
        vec!["--repos", &empty],
    ] {
        for command in [
            &["lock", "list"][..],
            &["pending"],
            &["blocked"],
            &["list"],
            &["env", "list"],
        ] {
            let line = [command, &options, &["--json"]].concat();
            let outcome = machine.run(&line).expect(0);
            assert_eq!(outcome.stdout(), "[]\n", "{line:?}");
        }
    }
    let paths = team.proxy.requests();
    let strays: Vec<&str> = paths
        .iter()
        .map(crate::support::proxy::Recorded::path)
        .filter(|path| *path != "/orgs/acme/repos")
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
fn a_named_repository_that_is_missing_fails_the_command_and_the_others_are_printed() {
    let team = Team::new();
    let names = team.repositories("lock list -R acme/gone -R acme/web", 1);
    assert_eq!(names, ["acme/web"]);
    let outcome = team.run("lock list -R acme/gone -R acme/web --json=reason");
    let outcome = outcome.expect(1);
    assert_eq!(outcome.stdout(), "[{\"reason\":\"of-web\"}]\n");
    let error: Value = serde_json::from_str(outcome.stderr()).expect("an error in JSON");
    assert_eq!(error["error"]["repository"], "acme/gone");
    assert_eq!(error["error"]["code"], "nothing_there");
    // A repository that an organization lists is only counted.
    team.list(&[("gone", false, ""), ("web", false, "")]);
    for line in [
        "pending --org acme",
        "blocked --org acme",
        "list --org acme",
        "list --org acme -L all --jsonl",
        "env list --org acme",
    ] {
        let outcome = team.run(line).expect(0);
        let said = outcome.stderr();
        assert!(
            said.contains("1 repository could not be read"),
            "{line}: {said}"
        );
    }
}

#[test]
fn single_sign_on_is_a_warning_or_the_end() {
    let team = Team::new();
    let listed = json!([{"id": 1, "full_name": "acme/web", "archived": false}]);
    let partial = "partial-results; organizations=9919,1342004";
    team.list_is(Answer::json(200, &listed).header("x-github-sso", partial));
    let outcome = team.run("lock list --org acme").expect(0);
    assert!(outcome.stdout().starts_with("acme/web\t"));
    let said = outcome.stderr();
    assert!(
        said.contains("warning:") && said.contains("1342004, 9919"),
        "{said}"
    );
    team.proxy.heal();
    let refusal = json!({"message": "Resource protected by organization SAML enforcement."});
    let url = "https://github.com/orgs/acme/sso?authorization_request=A";
    let required = format!("required; url={url}");
    team.list_is(Answer::json(403, &refusal).header("x-github-sso", &required));
    let outcome = team.run("lock list --org acme").expect(5);
    assert!(outcome.stderr().contains(url), "{}", outcome.stderr());
    assert_eq!(outcome.stdout(), "");
}

#[test]
fn named_repositories_are_found_without_graphql_too() {
    let team = Team::new();
    let no = Answer::json(404, &json!({"message": "Not Found"}));
    team.proxy
        .fault("POST", "/graphql", 1..=usize::MAX, Fault::Answer(no));
    let outcome = team.run("blocked -R acme/web -R acme/gone").expect(1);
    assert!(
        outcome.stderr().contains("acme/gone"),
        "{}",
        outcome.stderr()
    );
    let asked = team.proxy.matching("GET", "/repos/acme/*");
    assert!(asked.iter().any(|one| one.path() == "/repos/acme/web"));
}

/// Deployments in shop and web, by turns, the last of each environment live.
fn deployed(team: &Team) -> Vec<String> {
    let mut ids = Vec::new();
    for (repository, environment, state) in [
        ("shop", "qa", "success"),
        ("web", "qa", "success"),
        ("shop", "live", "success"),
        ("web", "live", "success"),
        ("shop", "live", "failure"),
        ("web", "qa", "success"),
    ] {
        let line = format!("create --ref main -e {environment} -R acme/{repository}");
        let id = team.run(&line).expect(0).stdout().trim().to_owned();
        let line = format!("status set {id} {state} -R acme/{repository}");
        let _ = team.run(&line).expect(0);
        ids.push(id);
    }
    team.proxy.forget();
    ids
}

#[test]
fn a_list_is_newest_first_over_all_repositories_and_its_limit_is_over_the_whole() {
    let team = Team::new();
    let ids = deployed(&team);
    let both = "-R acme/shop -R acme/web";
    let printed = |line: &str| -> Vec<String> {
        let outcome = team.run(line).expect(0);
        outcome.stdout().lines().map(str::to_owned).collect()
    };
    let newest = |count: usize| -> Vec<String> { ids.iter().rev().take(count).cloned().collect() };
    for (options, count) in [("", 6), ("-L 4", 4), ("-L 1", 1), ("-L all", 6)] {
        team.proxy.forget();
        let line = format!("list {both} {options} --json=id --jq .[].id");
        assert_eq!(printed(&line), newest(count), "{options}");
        // The names, and the deployments of both.
        assert_eq!(team.proxy.requests().len(), 2, "{options}");
    }
    let live = printed(&format!("list {both} -e qa --active --json=id --jq .[].id"));
    assert_eq!(live, [ids[5].clone(), ids[0].clone()]);
    let lines = printed(&format!("list {both} --limit all --jsonl=repository,id"));
    let object =
        |name: &str, at: usize| format!("{{\"repository\":\"acme/{name}\",\"id\":{}}}", ids[at]);
    assert_eq!(
        lines,
        [
            object("shop", 4),
            object("shop", 2),
            object("shop", 0),
            object("web", 5),
            object("web", 3),
            object("web", 1)
        ]
    );
    // What only REST has is null, unless it is named.
    let some = team
        .run(&format!("list {both} -L 1 --json"))
        .expect(0)
        .json();
    assert_eq!(some[0]["repository"], "acme/web");
    assert_eq!(some[0]["ref"], "main");
    assert_eq!(some[0]["production_environment"], Value::Null);
    assert_eq!(some[0]["state"], "active");
    let named = format!("list {both} -L 1 --json=id,production_environment");
    let named = team.run(&named).expect(0).json();
    assert_eq!(named[0]["production_environment"], false);
    let filtered = format!("list {both} --ref main --production=false --json=id --jq .[].id");
    assert_eq!(printed(&filtered), newest(6));
    let rows = printed(&format!("list {both} -L 2"));
    assert!(rows[0].starts_with(&format!("acme/web\t{}\tactive\tqa\tmain\t", ids[5])));
    assert!(rows[1].starts_with(&format!("acme/shop\t{}\tfailure\tlive\t", ids[4])));
}

#[test]
fn environments_show_what_is_live_in_each_repository() {
    let team = Team::new();
    let ids = deployed(&team);
    let line = "env list -R acme/shop -R acme/web --json=repository,name,state,live,latest";
    let found = team.run(line).expect(0).json();
    let rows: Vec<_> = found
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let text = |field: &str| one[field].as_str().expect("a text").to_owned();
            (text("repository"), text("name"), text("state"))
        })
        .collect();
    let row = |repository: &str, name: &str| {
        (
            format!("acme/{repository}"),
            name.to_owned(),
            "active".to_owned(),
        )
    };
    assert_eq!(
        rows,
        [
            row("shop", "live"),
            row("shop", "qa"),
            row("web", "live"),
            row("web", "qa")
        ]
    );
    // The newest of shop's live has failed; an older one is live.
    assert_ne!(found[0]["live"]["node_id"], found[0]["latest"]["node_id"]);
    // The names, the environments of both, and the search below the failed one.
    assert_eq!(team.proxy.requests().len(), 3);
    let one = "env list -R acme/shop --jq .[]|select(.name==\"live\").live.node_id";
    let one = team.run(one).expect(0);
    assert_eq!(found[0]["live"]["node_id"], one.stdout().trim());
    let named = "env list -R acme/shop -R acme/web --json=name,protection_rules";
    let named = team.run(named).expect(0).json();
    assert_eq!(named[0]["protection_rules"], json!([]));
    let unnamed = team.run("env list -R acme/w* -R acme/shop --json");
    assert_eq!(unnamed.json()[0]["protection_rules"], Value::Null);
    assert_eq!(ids.len(), 6);
}

#[test]
fn figures_are_those_of_all_repositories_and_of_each() {
    let team = Team::new();
    let _ = deployed(&team);
    let both = "-R acme/shop -R acme/web";
    let rows = |line: &str| -> Vec<Value> {
        let outcome = team.run(line).expect(0);
        outcome.json().as_array().expect("a list").clone()
    };
    let row = |one: &Value| {
        let failure = &one["failure_rate"];
        json!([
            one["repository"],
            one["environment"],
            one["frequency"]["count"],
            failure["failed"],
            failure["ended"]
        ])
    };
    let all = rows(&format!("stats {both} --json"));
    assert_eq!(
        all.iter().map(row).collect::<Vec<_>>(),
        [
            json!([null, "live", 2, 1, 3]),
            json!(["acme/shop", "live", 1, 1, 2]),
            json!(["acme/web", "live", 1, 0, 1]),
            json!([null, "qa", 2, 0, 3]),
            json!(["acme/shop", "qa", 1, 0, 1]),
            json!(["acme/web", "qa", 1, 0, 2]),
        ]
    );
    assert_eq!(
        all[0]
            .as_object()
            .expect("one")
            .keys()
            .next()
            .expect("a key"),
        "repository"
    );
    let piped = team.run(&format!("stats {both} -e qa")).expect(0);
    let first: Vec<String> = piped
        .stdout()
        .lines()
        .map(|line| line.split('\t').take(3).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(first, ["all qa 2", "acme/shop qa 1", "acme/web qa 1"]);
    // One of the repositories need not have the environment.
    let _ = team.run("env create only -R acme/shop").expect(0);
    let only = rows(&format!("stats {both} -e only --json"));
    let places: Vec<&Value> = only.iter().map(|one| &one["repository"]).collect();
    assert_eq!(places, [&Value::Null, &json!("acme/shop")]);
    let nowhere = team.run(&format!("stats {both} -e nowhere")).expect(3);
    assert!(
        nowhere.stderr().contains("\"nowhere\""),
        "{}",
        nowhere.stderr()
    );
    let missing = team.run("stats -R acme/shop -R acme/none -e qa").expect(1);
    assert!(
        missing.stderr().contains("acme/none"),
        "{}",
        missing.stderr()
    );
    assert_eq!(missing.stdout().lines().count(), 2);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.html");
    let report = path.to_str().expect("a path");
    let _ = team
        .run(&format!("stats {both} -e qa --html {report}"))
        .expect(0);
    let page = std::fs::read_to_string(&path).expect("written");
    for title in ["qa (all)", "qa (acme&#x2f;shop)", "qa (acme&#x2f;web)"] {
        assert!(page.contains(title), "{title}");
    }
    // The names, and the deployments of both; commits once for each.
    team.proxy.forget();
    let _ = rows(&format!("stats {both} -e qa --json=frequency"));
    assert_eq!(team.proxy.requests().len(), 3);
}

#[test]
fn a_repository_that_lacks_the_commit_is_unknown() {
    let team = Team::new();
    deployed(&team);
    let both = "-R acme/shop -R acme/web";
    let sha = team.run(&format!("list {both} -L 1 --json=sha --jq .[].sha"));
    let sha = sha.expect(0).stdout().trim().to_owned();
    let rows = |line: &str, code: i32| -> Vec<String> {
        let outcome = team.run(line).expect(code);
        outcome.stdout().lines().map(str::to_owned).collect()
    };
    let contained = "--json --jq .[]|[.repository,.environment,.contained]|tostring";
    let row = |repository: &str, name: &str, contained: &str| {
        format!("[\"acme/{repository}\",\"{name}\",{contained}]")
    };
    let mut found = rows(&format!("where {sha} {both} {contained}"), 0);
    found.sort();
    assert_eq!(
        found,
        [
            row("shop", "live", "true"),
            row("shop", "qa", "true"),
            row("web", "live", "true"),
            row("web", "qa", "true")
        ]
    );
    // One of both lacks the commit.
    let no = Answer::json(
        200,
        &json!({"data": {"repository": {
            "environments": {"pageInfo": {"hasNextPage": false, "endCursor": null},
                "nodes": [{"name": "qa", "latestCompletedDeployment": null}]},
            "object": null}}}),
    );
    team.proxy
        .fault("POST", "/graphql", 2..=2, Fault::Answer(no));
    let found = rows(&format!("where {sha} {both} -e qa {contained}"), 8);
    let ends = |end: &str| found.iter().filter(|row| row.ends_with(end)).count();
    assert_eq!((ends(",true]"), ends(",null]")), (1, 1), "{found:?}");
    let nowhere = "0123456789012345678901234567890123456789";
    for (commit, code) in [
        (nowhere, 3),
        ("#7", 2),
        ("https://github.com/acme/shop/pull/7", 2),
    ] {
        assert!(rows(&format!("where {commit} {both}"), code).is_empty());
    }
}

#[test]
fn many_repositories_are_read_without_graphql_too() {
    let team = Team::new();
    let ids = deployed(&team);
    let both = "-R acme/shop -R acme/web";
    let lines = [
        format!("env list {both} --json=repository,name,state --jq sort_by(.repository,.name)"),
        format!("list {both} -L 3 --json=repository,id,state"),
        format!("list {both} -L all --jsonl=repository,id,state"),
    ];
    let before = lines
        .each_ref()
        .map(|line| team.run(line).expect(0).stdout().to_owned());
    let no = Answer::json(404, &json!({"message": "Not Found"}));
    team.proxy
        .fault("POST", "/graphql", 1..=usize::MAX, Fault::Answer(no));
    for (line, before) in lines.iter().zip(before) {
        let outcome = team.run(line).expect(0);
        assert_eq!(outcome.stdout(), before, "{line}");
        assert!(outcome.stdout().contains("acme/web"), "{line}");
    }
    assert_eq!(ids.len(), 6);
}

#[test]
fn a_query_that_is_too_large_is_split_and_the_size_that_worked_is_kept() {
    let team = Team::new();
    deployed(&team);
    let line = "list -R acme/shop -R acme/web -R acme/old -L all --json=id --jq length";
    for (status, body) in [
        (
            502,
            json!({"message": "We couldn't respond to your request in time."}),
        ),
        (504, json!({"message": "Gateway Timeout"})),
        (
            200,
            json!({"data": null, "errors": [{"message": "Timeout on validation of query"}]}),
        ),
        (
            200,
            json!({"data": {"r0": null}, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED",
                "path": ["r0"], "message": "Resource limits for this query exceeded."}]}),
        ),
    ] {
        team.proxy.forget();
        team.proxy.heal();
        // The second query reads the deployments of all three.
        let answer = Answer::json(status, &body);
        team.proxy
            .fault("POST", "/graphql", 2..=2, Fault::Answer(answer));
        assert_eq!(team.run(line).expect(0).stdout(), "6\n", "{body}");
        let queries = team.proxy.matching("POST", "/graphql");
        let sizes: Vec<usize> = queries
            .iter()
            .map(|one| {
                let body = one.json();
                body["query"]
                    .as_str()
                    .expect("a query")
                    .matches(":repository(")
                    .count()
            })
            .collect();
        assert_eq!(sizes, [3, 3, 1, 1, 1], "{body}");
        assert_eq!(team.proxy.requests().len(), 5, "{body}");
    }
}

#[test]
fn names_cost_one_request_for_each_hundred() {
    let team = Team::new();
    let _ = team.run("lock list -R acme/web -R acme/shop").expect(0);
    // The names, and the locks of each.
    assert_eq!(team.proxy.matching("POST", "/graphql").len(), 3);
    assert_eq!(team.proxy.requests().len(), 3);
}

/// An organization whose repositories have 20 environments each. In 20 of them
/// the newest deployment of an environment has failed.
fn organization(server: &Server, count: usize) {
    let client = Client::new(server.url());
    let deployments: Vec<Value> = (0..20)
        .map(|at| json!({"environment": format!("env-{at:02}"), "state": "success"}))
        .collect();
    let mut failed = deployments.clone();
    failed.push(json!({"environment": "env-07", "state": "failure"}));
    for (prefix, count, deployments) in [("ok-", count - 20, deployments), ("bad-", 20, failed)] {
        let body = json!({"owner": "acme", "count": count, "prefix": prefix,
            "deployments": deployments});
        client.post("/_sandbox/repos", &body).expect(201);
    }
}

#[test]
fn what_is_live_in_a_thousand_repositories_takes_at_most_sixty_requests() {
    let server = Server::sample();
    organization(&server, 1000);
    let proxy = Proxy::before(server.url());
    let machine = Machine::with_server(&proxy.url());
    let line = "env list --org acme --jsonl=repository,name,live";
    let outcome = machine.run(line.split(' ')).expect(0);
    assert_eq!(outcome.stdout().lines().count(), 20_000);
    let nothing = outcome
        .stdout()
        .lines()
        .filter(|line| line.contains("\"live\":null"));
    assert_eq!(nothing.count(), 0);
    // Ten pages of names, 40 of environments, and one for those that failed.
    let lists = proxy.matching("GET", "*").len();
    let queries = proxy.matching("POST", "/graphql").len();
    assert_eq!((lists, queries), (10, 41));
    assert_eq!(proxy.requests().len(), 51);
    // The newest over all of them: one page of each.
    proxy.forget();
    let line = "list --org acme --json=repository,id,state";
    let newest = machine.run(line.split(' ')).expect(0).json();
    assert_eq!(newest.as_array().expect("a list").len(), 30);
    assert_eq!(newest[0]["state"], "failure");
    assert_eq!(proxy.requests().len(), 50);
}
