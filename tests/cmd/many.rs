//! Many deployments: memory use stays constant, and a partial list never passes
//! for a complete one.

use rusqlite::Connection;
use serde_json::json;

use crate::support::cli::Machine;
use crate::support::proxy::{Answer, Fault, Proxy};
use crate::support::serve::Server;

/// A sandbox with `count` inactive deployments in 300 environments.
fn filled(count: usize) -> Server {
    let server = Server::sample();
    let store = Connection::open(server.data().join("sandbox.sqlite3")).expect("the store");
    store
        .execute_batch(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO deployments (repository_id, sha, ref, task, payload, original_environment,
                environment, description, creator_id, transient_environment,
                production_environment, created_at, updated_at)
            SELECT (SELECT id FROM repositories), printf('%040x', i), 'main', 'deploy', '{{}}',
                'preview/' || (i % 300), 'preview/' || (i % 300), 'a build of the preview',
                200000001, 1, 0, 1767603600 + i, 1767603600 + i FROM n;
            INSERT INTO deployment_statuses (deployment_id, state, creator_id, description,
                environment, log_url, environment_url, created_at)
            SELECT id, 'inactive', 200000001, '', environment, '', '', created_at
            FROM deployments;"
        ))
        .expect("filled");
    server
}

#[test]
fn an_incomplete_array_is_not_printed_but_lines_are() {
    let server = filled(250);
    let proxy = Proxy::before(server.url());
    let no = Answer::json(
        403,
        &json!({"message": "Resource not accessible by integration"}),
    );
    for (line, printed) in [
        ("list --limit all --json=id", 0..=0),
        ("list --limit all --jq .[].id", 0..=0),
        ("list --limit all --jsonl=id", 100..=200),
    ] {
        let lists = proxy.matching("GET", "*").len();
        // The second and the third page are requested at the same time.
        proxy.fault("GET", "*", 3..=3, Fault::Answer(no.clone()));
        let machine = Machine::with_server(&proxy.url());
        let outcome = machine.run(line.split(' ')).expect(5);
        assert_eq!(proxy.matching("GET", "*").len() - lists, 3);
        let count = outcome.stdout().lines().count();
        assert!(printed.contains(&count), "{line}: {count}");
        assert!(
            outcome.stderr().contains("not accessible"),
            "{}",
            outcome.stderr()
        );
    }
}

#[test]
fn a_summary_counts_all_that_it_does_not_show() {
    let server = filled(1150);
    let machine = Machine::with_server(server.url());
    let summary = machine.file("summary.md", "before");
    let machine = machine.env("GITHUB_STEP_SUMMARY", &summary);
    let line = "list --limit all --jsonl=id --github-summary";
    let outcome = machine.run(line.split(' ')).expect(0);
    assert_eq!(outcome.stdout().lines().count(), 1150);
    let text = std::fs::read_to_string(summary).expect("written");
    assert!(text.starts_with("before\n### Deployments\n"), "{text}");
    assert_eq!(text.matches("\n| [").count(), 500);
    assert!(text.ends_with("\nand 650 more\n\n"), "{text}");
}
