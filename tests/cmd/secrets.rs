//! The statuses of `run` never show secrets.

use serde_json::Value;

use crate::support::cli::{Machine, Outcome};
use crate::support::http::Client;
use crate::world::{REPO, World};

const TOKEN: &str = "ghp_0123456789abcdefghij";

/// Runs a script that fails, with a token and a secret in the environment.
/// Returns its output and the status that reports its end.
fn fail(world: &World, options: &[&str], script: &str) -> (Outcome, Value) {
    let machine = Machine::with_server(&world.proxy.url())
        .env("DEPLOYCTL_TOKEN", TOKEN)
        .env("NPM_TOKEN", "npm_9876543210")
        .env("GITHUB_TOKEN", "ghs_of_the_job");
    let summary = machine.cwd().join("summary");
    let machine = machine.env("GITHUB_STEP_SUMMARY", summary);
    let mut args = vec!["run", "-e", "staging", "--ref", "main", "--github-summary"];
    args.extend(options);
    args.extend(["--", "sh", "-c", script]);
    let ended = machine.run(args).expect(1);
    let client = Client::new(world.server.url());
    let newest = client.get(&format!("{REPO}/deployments?per_page=1"));
    let id = newest.expect(200).list()[0]["id"].to_string();
    let statuses = client.get(&format!("{REPO}/deployments/{id}/statuses"));
    let statuses = statuses.expect(200).list();
    for status in &statuses {
        let text = status.to_string();
        for secret in ["hunter", "ghp_0", "npm_9", "ghs_of", "x-access-token"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    let summary = std::fs::read_to_string(machine.cwd().join("summary")).expect("a summary");
    assert!(!summary.contains("hunter"), "{summary}");
    (ended, statuses[0].clone())
}

#[test]
fn the_last_words_of_a_command_show_no_secret() {
    let world = World::new();
    for (script, description) in [
        (
            "echo \"fatal: unable to access 'https://x-access-token:hunter2@example.com/': 403\" >&2",
            "fatal: unable to access 'https://***@example.com/': 403",
        ),
        (
            "echo \"bad $DEPLOYCTL_TOKEN, $NPM_TOKEN and $GITHUB_TOKEN\" >&2",
            "bad ***, *** and ***",
        ),
        // Masked on one stream, printed on the other.
        (
            "echo '::add-mask::hunter2'; echo 'no room for hunter2' >&2",
            "no room for ***",
        ),
        ("printf '::add-mask::hunter2' >&2", "::add-mask::***"),
        (
            "echo '::add-mask::hunter2' >&2; echo description=hunter2 is out >> $DEPLOYCTL_OUTPUT",
            "*** is out",
        ),
    ] {
        let (_, status) = fail(&world, &[], &format!("{script}; exit 1"));
        let said = status["description"].as_str().unwrap_or_default();
        let said = said.strip_prefix("exit code 1: ").unwrap_or(said);
        assert_eq!(said, description, "{script}");
    }
}

#[test]
fn no_url_of_a_status_shows_a_secret() {
    let world = World::new();
    let options = [
        "--log-url",
        "https://user:hunter2@log.example/1",
        "--environment-url-from-stdout",
    ];
    let script = "echo https://user:hunter2@app.example/?key=$NPM_TOKEN; exit 1";
    let (ended, status) = fail(&world, &options, script);
    assert_eq!(status["log_url"], "https://***@log.example/1");
    assert_eq!(
        status["environment_url"],
        "https://***@app.example/?key=***"
    );
    // The command's own output is not masked.
    assert!(ended.stdout().contains("hunter2"), "{}", ended.stdout());

    let script = "echo environment_url=no:hunter2@one >> $DEPLOYCTL_OUTPUT
        echo log_url=https://a:hunter2@log.example >> $DEPLOYCTL_OUTPUT; exit 1";
    let (_, status) = fail(&world, &[], script);
    assert_eq!(status["log_url"], "https://***@log.example");
}

#[test]
fn what_is_kept_for_later_shows_no_secret_either() {
    let world = World::new();
    world.proxy.fault(
        "POST",
        "*/statuses",
        2..,
        crate::support::proxy::Fault::ResetBefore,
    );
    let script = "echo \"rejected $DEPLOYCTL_TOKEN\" >&2; exit 1";
    let machine = Machine::with_server(&world.proxy.url()).env("DEPLOYCTL_TOKEN", TOKEN);
    let running = machine
        .command(["run", "--ref", "main", "--", "sh", "-c", script])
        .spawn();
    drop(running.finish().expect(1));
    let listed = machine.run(["flush", "--list", "--json"]).expect(0);
    assert_eq!(listed.json()[0]["description"], "exit code 1: rejected ***");
}
