//! Inside GitHub Actions: annotations, the summary, and text that must not act
//! as a workflow command.

use serde_json::json;

use crate::support::cli::{Machine, Outcome};
use crate::world::World;

fn in_actions(world: &World) -> Machine {
    let machine = Machine::with_server(world.server.url())
        .env("GITHUB_ACTIONS", "true")
        .env("CI", "true");
    let summary = machine.cwd().join("summary.md");
    machine.env("GITHUB_STEP_SUMMARY", summary)
}

/// The lines that the runner would take for workflow commands, of both forms.
fn commands(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| line.trim_start().starts_with("::") || line.contains("##["))
        .collect()
}

fn run(machine: &Machine, line: &str) -> Outcome {
    machine.run(line.split(' '))
}

#[test]
fn errors_and_warnings_are_annotations() {
    let world = World::new();
    let machine = in_actions(&world);
    let lost = run(&machine, "create --ref nowhere").expect(1);
    let annotations = commands(lost.stderr());
    assert_eq!(annotations.len(), 1, "{}", lost.stderr());
    assert!(
        annotations[0]
            .starts_with("::error title=deployctl create::No ref found for: nowhere (HTTP 422")
            && annotations[0].contains("%0Ahint: does a branch"),
        "{annotations:?}"
    );
    assert!(lost.stderr().starts_with("error: No ref found"));
    assert_eq!(commands(lost.stdout()), [""; 0]);

    let wrong = run(&machine, "list --nonsense").expect(2);
    assert_eq!(commands(wrong.stderr()).len(), 1, "{}", wrong.stderr());

    // A caller that reads errors as JSON gets nothing else.
    let json = run(&machine, "create --ref nowhere --json").expect(1);
    let _: serde_json::Value = serde_json::from_str(json.stderr()).expect("JSON alone");

    let outside = Machine::with_server(world.server.url());
    let lost = run(&outside, "create --ref nowhere").expect(1);
    assert_eq!(commands(lost.stderr()), [""; 0]);
}

#[test]
fn a_server_cannot_command_the_runner() {
    let world = World::new();
    let hostile = "::error::x ##[add-mask]production";
    let made = world.post(
        "/deployments",
        &json!({
            "ref": "main", "environment": "::stop-commands::x", "description": hostile,
            "required_contexts": [], "auto_merge": false,
        }),
    );
    let id = made["id"].to_string();
    let machine = in_actions(&world);
    for line in [
        "list".to_owned(),
        "list -e nowhere".to_owned(),
        format!("status {id}"),
        "env list".to_owned(),
        "env view ::stop-commands::x".to_owned(),
        "delete -e ::stop-commands::x --force --dry-run".to_owned(),
    ] {
        for forced in [false, true] {
            let machine = if forced {
                in_actions(&world).env("GH_FORCE_TTY", "200")
            } else {
                in_actions(&world)
            };
            let outcome = run(&machine, &line);
            for text in [outcome.stdout(), outcome.stderr()] {
                let found: Vec<_> = commands(text)
                    .into_iter()
                    .filter(|line| !line.starts_with("::error title=deployctl"))
                    .collect();
                assert_eq!(found, [""; 0], "{line}");
            }
        }
    }
    // JSON is printed so that it contains no workflow command, but keeps the
    // server's text.
    let json = run(&machine, "list --json=environment,description").expect(0);
    assert_eq!(commands(json.stdout()), [""; 0]);
    assert_eq!(
        json.json(),
        json!([{"environment": "::stop-commands::x", "description": hostile}])
    );
}

#[test]
fn a_summary_is_a_table_that_is_added() {
    let world = World::new();
    let machine = in_actions(&world);
    let read = |machine: &Machine| {
        std::fs::read_to_string(machine.cwd().join("summary.md")).unwrap_or_default()
    };
    let made = run(&machine, "create --ref main -e a|b --github-summary").expect(0);
    let id = made.stdout().trim().to_owned();
    let first = read(&machine);
    assert!(
        first.starts_with("### Requested deployment\n\n| Deployment | State | Environment |"),
        "{first}"
    );
    assert!(
        first.contains(&format!("| [{id}](")) && first.contains(r"| a\|b | main |"),
        "{first}"
    );

    drop(run(&machine, "list").expect(0));
    assert_eq!(read(&machine), first, "only with --github-summary");
    drop(
        run(
            &machine,
            &format!("status set {id} success --environment-url https://x.example/"),
        )
        .expect(0),
    );
    drop(run(&machine, &format!("wait {id} --github-summary")).expect(0));
    drop(run(&machine, &format!("status {id} --github-summary")).expect(0));
    drop(run(&machine, "list --github-summary").expect(0));
    drop(run(&machine, "list -e nowhere --github-summary").expect(0));
    drop(
        run(
            &machine,
            &format!("delete {id} --force --yes --github-summary"),
        )
        .expect(0),
    );
    let all = read(&machine);
    assert!(all.starts_with(&first));
    for heading in [
        "Awaited deployments",
        "Deployment",
        "Deployments",
        "Deleted deployments",
    ] {
        assert!(
            all.contains(&format!("### {heading}\n\n| Deployment |")),
            "{heading}: {all}"
        );
    }
    assert!(all.contains("](https://x.example/) |"), "{all}");
    assert!(all.contains("### Deployments\n\nNothing.\n"), "{all}");
    assert!(all.contains("| done | deleted |"), "{all}");
}

#[test]
fn a_failed_deployment_is_in_the_summary_too() {
    let world = World::new();
    let machine = in_actions(&world);
    let id = world.create("--ref main -e staging");
    world.set(&id, "failure");
    drop(run(&machine, &format!("wait {id} --github-summary")).expect(9));
    let text = std::fs::read_to_string(machine.cwd().join("summary.md")).expect("written");
    assert!(text.contains("| failure | staging |"), "{text}");
}

#[test]
fn a_summary_that_cannot_be_is_refused_before_anything_is_done() {
    let world = World::new();
    let outside = Machine::with_server(&world.proxy.url());
    drop(run(&outside, "create --ref main --github-summary").expect(2));
    let nowhere =
        Machine::with_server(&world.proxy.url()).env("GITHUB_STEP_SUMMARY", "no/such/folder");
    drop(run(&nowhere, "create --ref main --github-summary").expect(2));
    drop(run(&in_actions(&world), "env list --github-summary").expect(2));
    assert!(world.proxy.requests().is_empty());
}
