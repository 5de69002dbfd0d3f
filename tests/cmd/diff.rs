//! `diff`: what is between two environments, or an environment and a ref.

use serde_json::{Value, json};

use crate::support::git::GitRepository;
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault};
use crate::support::pty::Terminal;
use crate::world::{World, lines};

/// Deploys a ref with success.
fn deploy(world: &World, ref_name: &str, environment: &str) -> String {
    let id = world.create(&format!("--ref {ref_name} -e {environment}"));
    world.set(&id, "success");
    id
}

fn shas(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|one| one["sha"].as_str().expect("a SHA").to_owned())
        .collect()
}

/// Makes a pull request that was merged as a commit.
fn merged_pull(world: &World, number: u64, merge_commit: &str) {
    let body = json!({"head": "topic", "head_sha": world.repository.sha("topic"),
        "number": number, "title": format!("Pull {number}"), "merged": true,
        "merge_commit_sha": merge_commit});
    let client = Client::new(world.server.url());
    drop(
        client
            .post("/_sandbox/repos/octocat/hello-world/pulls", &body)
            .expect(201),
    );
}

#[test]
fn a_comparison_of_600_commits_is_whole_and_in_order() {
    let world = World::new();
    let id = deploy(&world, "main", "production");
    let base = world.repository.sha("main");
    let commits = world.repository.commit_many(600);
    world.proxy.forget();
    let line = "diff production --json=base,head,status,ahead_by,behind_by,commits,truncated";
    let outcome = world.run(line).expect(0).json();
    assert_eq!(shas(&outcome["commits"]), commits);
    assert_eq!(
        outcome["base"],
        json!({"ref": "main", "environment": "production",
            "deployment": id.parse::<u64>().expect("an ID"), "sha": base})
    );
    assert_eq!(
        outcome["head"],
        json!({"ref": "main", "environment": null, "deployment": null, "sha": commits[599]})
    );
    assert_eq!(
        (
            &outcome["status"],
            &outcome["ahead_by"],
            &outcome["behind_by"]
        ),
        (&json!("ahead"), &json!(600), &json!(0))
    );
    assert_eq!(outcome["truncated"], false);
    assert_eq!(outcome["commits"][0]["headline"], "Commit 1");
    // What is live, and a page for each hundred.
    assert_eq!(world.proxy.matching("POST", "*/graphql").len(), 1);
    let pages = world.proxy.matching("GET", "*/compare/*");
    assert_eq!(pages.len(), 6, "{:?}", lines(&pages));
    assert_eq!(world.proxy.requests().len(), 7);

    // The same again the other way round: production was rolled back.
    let rows = world.run("diff production v1.0.0").expect(0);
    assert_eq!(rows.stdout().lines().count(), 2);
    assert!(rows.stdout().lines().all(|line| line.starts_with("-\t")));
}

#[test]
fn both_sides_of_a_diverged_comparison_are_shown() {
    let world = World::new();
    deploy(&world, "behind", "production");
    deploy(&world, "topic", "staging");
    world.proxy.forget();
    let outcome = world.run("diff production staging --json").expect(0).json();
    let sha = |name: &str| world.repository.sha(name);
    assert_eq!(outcome["status"], "diverged");
    assert_eq!(
        (&outcome["ahead_by"], &outcome["behind_by"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(shas(&outcome["commits"]), [sha("main"), sha("topic")]);
    assert_eq!(shas(&outcome["behind_commits"]), [sha("behind")]);
    let files: Vec<&Value> = outcome["files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| &file["filename"])
        .collect();
    assert_eq!(files, ["app.txt", "topic.txt"]);
    let url = outcome["compare_url"].as_str().expect("a URL");
    let end = format!(
        "/octocat/hello-world/compare/{}...{}",
        sha("behind"),
        sha("topic")
    );
    assert!(url.ends_with(&end), "{url}");

    let rows = world.run("diff production staging").expect(0);
    let marks: Vec<(&str, &str)> = rows
        .stdout()
        .lines()
        .map(|line| {
            let mut cells = line.split('\t');
            (cells.next().expect("a mark"), cells.next().expect("a SHA"))
        })
        .collect();
    let (behind, main, topic) = (sha("behind"), sha("main"), sha("topic"));
    let expected = [("-", behind.as_str()), ("+", &main), ("+", &topic)];
    assert_eq!(marks, expected);
    let summary = "staging (";
    assert!(rows.stderr().contains(summary), "{}", rows.stderr());

    // Rolled back: what is live is older.
    deploy(&world, "v1.0.0", "staging");
    let outcome = world.run("diff production staging --json").expect(0).json();
    assert_eq!(outcome["status"], "behind");
    assert_eq!(outcome["commits"], json!([]));
    assert_eq!(outcome["behind_commits"].as_array().map(Vec::len), Some(2));
}

#[test]
fn pull_requests_are_listed_with_their_authors() {
    let world = World::new();
    deploy(&world, "main", "production");
    let message = "Add it (#5)\n\nCo-authored-by: Ada <1+ada@users.noreply.github.com>";
    let squash = world.repository.commit("a.txt", "1\n", message);
    world.repository.commit("b.txt", "1\n", "Directly to main");
    merged_pull(&world, 5, &squash);
    // Merged before.
    merged_pull(&world, 4, &world.repository.sha("v1.0.0"));
    world.proxy.forget();
    let rows = world.run("diff production --pulls").expect(0);
    let line = rows.stdout().trim_end();
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.starts_with("+\t#5\tMona Lisa, ada\t"), "{line}");
    assert!(line.ends_with("\tPull 5"), "{line}");
    // What is live, the comparison, and the pull requests of 100 commits.
    assert_eq!(world.proxy.requests().len(), 3);

    let outcome = world
        .run("diff production --json=pulls,authors")
        .expect(0)
        .json();
    let pull = &outcome["pulls"][0];
    assert_eq!(pull["number"], 5);
    assert_eq!(pull["merge_commit_sha"], squash);
    assert_eq!(pull["authors"], json!(["Mona Lisa", "ada"]));
    assert_eq!(
        outcome["authors"],
        json!([{"name": "Mona Lisa", "login": null, "commits": 2},
            {"name": "Ada", "login": "ada", "commits": 1}])
    );

    // Without GraphQL, with a request for each commit.
    let gone = Fault::Answer(Answer::json(404, &json!({"message": "Not Found"})));
    world.proxy.fault("POST", "*/graphql", 1.., gone);
    let outcome = world
        .run("diff production --json=pulls,base")
        .expect(0)
        .json();
    assert_eq!(outcome["pulls"][0]["number"], 5);
    assert_eq!(outcome["pulls"][0]["authors"], json!(["Mona Lisa"]));
    assert_eq!(outcome["base"]["environment"], "production");
}

#[test]
fn exit_codes_say_whether_there_is_something_to_deploy() {
    let world = World::new();
    deploy(&world, "main", "production");
    deploy(&world, "topic", "staging");
    deploy(&world, "main", "topic");
    let failed = world.create("--ref main -e qa");
    world.set(&failed, "failure");
    for (line, code) in [
        ("diff production --exit-status", 0),
        ("diff production main --exit-status", 0),
        ("diff production staging --exit-status", 8),
        ("diff production staging", 0),
        ("diff production v1.0.0 --exit-status", 8),
        // The environment of this name comes before the branch.
        ("diff production topic --exit-status", 0),
        ("diff production refs/heads/topic --exit-status", 8),
        ("diff nowhere", 3),
        ("diff production nowhere", 3),
        ("diff qa", 3),
        ("diff production staging --task seed", 3),
        ("diff production --pulls --stat", 2),
        ("diff production --json=nothing", 2),
        ("diff", 2),
    ] {
        let outcome = world.run(line);
        assert_eq!(outcome.code(), code, "{line}: {}", outcome.stderr());
        drop(outcome);
    }
    let similar = world.run("diff productoin").expect(3);
    assert!(
        similar.stderr().contains("\"production\""),
        "{}",
        similar.stderr()
    );
    // The same commit on both sides needs no comparison.
    world.proxy.forget();
    drop(world.run("diff production main --json").expect(0));
    assert_eq!(lines(&world.proxy.requests()), ["POST /graphql"]);
}

#[test]
fn a_failed_or_pending_deployment_is_not_live() {
    let world = World::new();
    deploy(&world, "main", "production");
    let pending = world.create("--ref topic -e production");
    let failed = world.create("--ref topic -e production");
    world.set(&failed, "failure");
    let live = world
        .run("diff production main --json=base,status")
        .expect(0)
        .json();
    assert_eq!(live["base"]["sha"], world.repository.sha("main"));
    assert_eq!(live["status"], "identical");
    world.set(&pending, "success");
    let live = world
        .run("diff production main --json=base")
        .expect(0)
        .json();
    assert_eq!(live["base"]["sha"], world.repository.sha("topic"));
    // Another task is live besides; the newest success decides.
    let seed = world.create("--ref v1.0.0 -e production --task seed");
    world.set(&seed, "success");
    let live = world
        .run("diff production main --json=base")
        .expect(0)
        .json();
    assert_eq!(live["base"]["sha"], world.repository.sha("v1.0.0"));
    let live = world
        .run("diff production main --task deploy --json=base")
        .expect(0)
        .json();
    assert_eq!(live["base"]["sha"], world.repository.sha("topic"));
}

#[test]
fn files_numbers_and_the_page_have_views_of_their_own() {
    let world = World::new();
    deploy(&world, "v1.0.0", "production");
    world.proxy.forget();
    let files = world.run("diff production topic --files").expect(0);
    assert_eq!(
        files.stdout(),
        "added\t1\t0\tapp.txt\nadded\t1\t0\ttopic.txt\n"
    );
    // What is live, and one page that need not have the commits.
    assert_eq!(world.proxy.requests().len(), 2);
    let stat = world.run("diff production topic --stat").expect(0);
    for line in [
        "status\tahead",
        "ahead\t3",
        "behind\t0",
        "files\t2",
        "added\t2",
    ] {
        assert!(
            stat.stdout().lines().any(|one| one == line),
            "{}",
            stat.stdout()
        );
    }
    world.proxy.forget();
    let web = world.run("diff production topic -w").expect(0);
    let end = format!("...{}\n", world.repository.sha("topic"));
    assert!(web.stdout().ends_with(&end), "{}", web.stdout());
    assert_eq!(world.proxy.requests().len(), 1);
    let terminal = Terminal::start(&world.machine, ["diff", "production", "topic"]);
    let ending = terminal.finish().expect(0);
    assert!(
        ending.screen.contains("Work on a topic"),
        "{}",
        ending.screen
    );
    assert!(
        ending.screen.contains("3 commits ahead of production"),
        "{}",
        ending.screen
    );
}

#[test]
fn an_older_live_deployment_is_found_on_a_later_page() {
    let world = World::new();
    deploy(&world, "main", "production");
    for _ in 0..101 {
        let body = json!({"ref": "topic", "auto_merge": false, "required_contexts": [],
            "environment": "production"});
        world.post("/deployments", &body);
    }
    world.proxy.forget();
    let live = world
        .run("diff production main --json=base")
        .expect(0)
        .json();
    assert_eq!(live["base"]["sha"], world.repository.sha("main"));
    assert_eq!(world.proxy.requests().len(), 2);
}

/// Makes commits and merges on branches by a sequence of numbers that looks
/// random; the names of the branches.
fn grow(repository: &GitRepository, mut seed: u32) -> Vec<String> {
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) as usize % below
    };
    let mut branches = vec!["main".to_owned()];
    for step in 0..28 {
        let branch = branches[next(branches.len())].clone();
        repository.checkout(&branch);
        match next(6) {
            0 if branches.len() < 5 => {
                let name = format!("grown-{step}");
                repository.branch(&name, &branch);
                branches.push(name);
            }
            1 if branches.len() > 1 => {
                let other = &branches[next(branches.len())];
                repository.git(["merge", "--quiet", "--no-edit", "-X", "ours", other]);
            }
            2 => {
                let files = repository.git(["ls-files", "*.txt"]);
                let files: Vec<&str> = files.lines().collect();
                let file = files[next(files.len())];
                repository.git(["mv", file, &format!("moved-{step}.txt")]);
                repository.git(["commit", "--quiet", "--message", "Move"]);
            }
            3 => {
                let lines = "a line\n".repeat(1 + next(9));
                let message = format!("Rewrite\n\n{step}");
                repository.commit(&format!("{}.txt", next(4)), &lines, &message);
            }
            _ => {
                let line = format!("{step}\n");
                let lines = line.repeat(3) + &"another\n".repeat(9);
                repository.commit(&format!("{}.txt", next(4)), &lines, "Write");
            }
        }
    }
    branches
}

/// A file that is moved and changed, one that is removed, and a binary one on
/// one side; another line of work on the other, merged once.
fn merges_and_renames(repository: &GitRepository) -> Vec<String> {
    repository.checkout("main");
    let lines = ('a'..='t').map(|letter| format!("{letter}\n"));
    let lines = lines.collect::<Vec<_>>().concat();
    repository.commit("long.txt", &lines, "Add a long file");
    repository.branch("renamed", "main");
    repository.git(["mv", "long.txt", "a name.txt"]);
    repository.commit("a name.txt", &lines.replace("g\n", "seven\n"), "Move it");
    repository.git(["rm", "--quiet", "README.md"]);
    repository.commit("binary", "\0\u{1}\0", "Add binary\n\nand remove");
    repository.branch("merged", "main");
    repository.commit("other.txt", "1\n", "Elsewhere");
    repository.git(["merge", "--quiet", "--no-ff", "--no-edit", "renamed"]);
    repository.commit("other.txt", "1\n2\n", "Go on");
    ["main", "renamed", "merged", "behind", "conflict"]
        .map(str::to_owned)
        .to_vec()
}

/// The files of these only the server can list.
fn only_the_server(repository: &GitRepository) -> Vec<String> {
    repository.checkout("main");
    // Each has merged the other: both of their first commits are a common ancestor.
    repository.branch("left", "main");
    let left = repository.commit("left.txt", "1\n", "Left");
    repository.branch("right", "main");
    repository.commit("right.txt", "1\n", "Right");
    repository.git(["merge", "--quiet", "--no-edit", &left]);
    repository.commit("right.txt", "2\n", "Right again");
    repository.checkout("left");
    repository.git(["merge", "--quiet", "--no-edit", "right~2"]);
    repository.branch("mode", "main");
    repository.git(["update-index", "--chmod=+x", "README.md"]);
    repository.git(["commit", "--quiet", "--message", "Make it a program"]);
    ["left", "right", "mode"].map(str::to_owned).to_vec()
}

#[test]
fn git_answers_as_the_server_does_without_a_request_for_the_comparison() {
    type Grow = fn(&GitRepository) -> Vec<String>;
    let table: [(Grow, bool); 4] = [
        (merges_and_renames, true),
        (|repository| grow(repository, 1), true),
        (|repository| grow(repository, 20), true),
        (only_the_server, false),
    ];
    for (grow, has_files) in table {
        let mut world = World::new();
        let branches = grow(&world.repository);
        merged_pull(&world, 5, &world.repository.sha(&branches[1]));
        for branch in &branches {
            deploy(&world, &world.repository.sha(branch), branch);
        }
        let mut lines = Vec::new();
        for (at, head) in branches.iter().enumerate() {
            for apart in [1, 2] {
                let base = &branches[(at + apart) % branches.len()];
                let fields = "status,ahead_by,behind_by,pulls,behind_pulls,authors,truncated";
                let json = format!("diff {base} {head} --json={fields},files");
                lines.push((format!("diff {base} {head}"), true));
                lines.push((json, has_files));
            }
        }
        let run = |world: &World| -> Vec<(String, usize)> {
            let all = lines.iter().map(|(line, _)| {
                world.proxy.forget();
                let outcome = world.run(line).expect(0);
                let compared = world.proxy.matching("GET", "*/compare/*").len();
                (outcome.stdout().to_owned(), compared)
            });
            all.collect()
        };
        let by_server = run(&world);
        world.enter_clone(false);
        let by_git = run(&world);
        let mut asked = 0;
        for (((line, is_local), server), git) in lines.iter().zip(by_server).zip(by_git) {
            assert_eq!(git.0, server.0, "{line}");
            if *is_local {
                assert_eq!(git.1, 0, "{line}");
            }
            asked += git.1;
        }
        assert_eq!(asked > 0, !has_files);
    }
}

#[test]
fn a_checkout_saves_the_requests_that_it_can_answer() {
    let mut world = World::new();
    deploy(&world, "main", "production");
    let commits = world.repository.commit_many(600);
    world.enter_clone(false);
    let details = 600 / 100;
    let pages = 600 / 100;
    for (line, asked, compared) in [
        ("diff production main", 1, 0),
        ("diff production main --files", 1, 0),
        ("diff production main --stat", 1, 0),
        ("diff production main --exit-status --json=ahead_by", 1, 0),
        ("diff production main --pulls", 1 + details, 0),
        ("diff production main --json=authors", 1 + details, 0),
        // The accounts of the authors.
        ("diff production main --json=commits", 1, pages),
        ("diff production main --json", 1 + details, pages),
    ] {
        world.proxy.forget();
        let outcome = world.run(line);
        assert!(matches!(outcome.code(), 0 | 8), "{}", outcome.stderr());
        drop(outcome);
        let requests = world.proxy.requests();
        assert_eq!(
            world.proxy.matching("POST", "*/graphql").len(),
            asked,
            "{line}"
        );
        assert_eq!(
            requests.len(),
            asked + compared,
            "{line}: {:?}",
            lines(&requests)
        );
    }
    let rows = world.run("diff production main").expect(0);
    let listed: Vec<&str> = rows
        .stdout()
        .lines()
        .filter_map(|line| line.split('\t').nth(1))
        .collect();
    assert_eq!(listed, commits);

    // A checkout that lacks a part of the history, or one of the commits.
    let mut world = World::new();
    deploy(&world, "main", "production");
    deploy(&world, "v1.0.0", "staging");
    world.enter_clone(true);
    world.proxy.forget();
    drop(world.run("diff production staging").expect(0));
    assert_eq!(world.proxy.matching("GET", "*/compare/*").len(), 2);
    let mut world = World::new();
    deploy(&world, "main", "production");
    world.enter_clone(false);
    world.repository.checkout("main");
    world
        .repository
        .commit("later.txt", "1\n", "Not fetched yet");
    world.proxy.forget();
    let rows = world.run("diff production main").expect(0);
    assert!(rows.stdout().contains("Not fetched yet"));
    assert_eq!(world.proxy.matching("GET", "*/compare/*").len(), 1);
}
