//! The tour of the README, run line by line.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::support::cli::{Machine, binary};
use crate::support::git::{self, GitRepository};
use crate::support::readme::is_as_shown;
use crate::support::serve::Server;
use crate::support::skipped;

/// A command line with its expected output.
struct Step {
    typed: String,
    shown: Vec<String>,
}

/// The steps of all console blocks below the heading.
fn steps(text: &str, heading: &str) -> Vec<Step> {
    let section = text.split_once(heading).expect("the heading").1;
    let section = section.split("\n### ").next().expect("a section");
    let section = section.split("\n## ").next().expect("a section");
    let mut steps: Vec<Step> = Vec::new();
    for block in section.split("```console\n").skip(1) {
        let block = block.split("```").next().expect("a block");
        for line in block.lines() {
            match (
                line.strip_prefix("$ "),
                line.strip_prefix("> "),
                steps.last_mut(),
            ) {
                (Some(typed), ..) => {
                    steps.push(Step {
                        typed: typed.to_owned(),
                        shown: Vec::new(),
                    });
                }
                (None, Some(more), Some(step)) => {
                    step.typed.push('\n');
                    step.typed.push_str(more);
                }
                (None, None, Some(step)) => step.shown.push(line.to_owned()),
                (None, _, None) => panic!("a block begins with {line:?}"),
            }
        }
    }
    steps
}

fn readme() -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(readme).expect("the README")
}

#[test]
fn the_tour_is_true() {
    let steps = steps(&readme(), "## A tour");
    assert!(steps.len() > 12, "{}", steps.len());
    let machine = Machine::new().env("DEPLOYCTL_SANDBOX", "1");
    follow(&steps, machine, &git::with_branches());
}

#[test]
fn a_run_is_approved_as_shown() {
    if Command::new("curl").arg("--version").output().is_err() {
        skipped("curl");
        return;
    }
    let steps = steps(&readme(), "### Approve what waits");
    assert_eq!(steps.len(), 5);
    let repository = git::with_branches();
    let server = Server::of(&repository);
    let machine = Machine::with_server(server.url());
    follow(&steps, machine, &repository);
}

/// Runs each step in a shell of its own, and compares what it prints.
fn follow(steps: &[Step], machine: Machine, repository: &GitRepository) {
    let folder = Path::new(binary())
        .parent()
        .expect("a folder")
        .display()
        .to_string();
    let path = machine.environment()[OsStr::new("PATH")]
        .to_string_lossy()
        .into_owned();
    let machine = machine
        .env("GH_FORCE_TTY", "100")
        .env("NO_COLOR", "1")
        .env("PATH", format!("{folder}:{path}"));
    for step in steps {
        // A command with `| cat` writes to a pipe, so no terminal is forced.
        let forced = !step.typed.contains("| cat");
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(&step.typed)
            .current_dir(repository.path());
        shell.env_clear().envs(machine.environment());
        if !forced {
            shell.env_remove("GH_FORCE_TTY");
        }
        let output = shell.output().expect("a shell");
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        let lines: Vec<&str> = stdout.lines().map(str::trim_end).collect();
        let matches = lines.len() == step.shown.len()
            && lines
                .iter()
                .zip(&step.shown)
                .all(|(line, said)| is_as_shown(line, said));
        assert!(
            matches,
            "$ {}\nshows\n{stdout}\nand the README says\n{}\n(stderr: {})",
            step.typed,
            step.shown.join("\n"),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn a_wrong_tour_is_detected() {
    assert!(is_as_shown("made 44 of main", "made [..] of [..]"));
    assert!(is_as_shown("exactly", "exactly"));
    assert!(!is_as_shown("made 44 of main", "made [..] of topic"));
    assert!(!is_as_shown("exactly", "exact"));
    assert!(!is_as_shown("other", "made [..]"));
}
