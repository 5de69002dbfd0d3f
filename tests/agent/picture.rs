//! Runs the section "The whole picture" of the README in one shell.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::cli::{Machine, binary};
use crate::support::git;
use crate::support::readme::is_as_shown;
use crate::world::free_port;

/// Separates the output of two command lines.
const MARK: &str = "-- next --";

fn section() -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).expect("the README");
    let section = readme
        .split_once("## The whole picture\n")
        .expect("the section")
        .1;
    section.split("\n## ").next().expect("a section").to_owned()
}

/// Returns the first code block of a language.
fn block(section: &str, kind: &str) -> String {
    let from = section
        .split_once(&format!("```{kind}\n"))
        .expect("a block")
        .1;
    from.split("```").next().expect("a block").to_owned()
}

#[test]
fn the_whole_picture_is_true() {
    let section = section();
    let repository = git::with_branches();
    let (github, agent) = (free_port().to_string(), free_port().to_string());
    let ported = |text: &str| text.replace("8080", &github).replace("8090", &agent);
    let folder = repository.path();
    std::fs::write(folder.join("deploy.sh"), block(&section, "sh")).expect("written");
    std::fs::write(
        folder.join("deployctl.toml"),
        ported(&block(&section, "toml")),
    )
    .expect("written");
    let made = Command::new("chmod")
        .args(["+x", "deploy.sh"])
        .current_dir(folder)
        .status();
    assert!(made.expect("chmod").success());

    let console = block(&section, "console");
    let mut script = String::new();
    let mut shown: Vec<Vec<String>> = Vec::new();
    for line in console.lines() {
        let Some(typed) = line.strip_prefix("$ ") else {
            shown
                .last_mut()
                .expect("a line that was typed")
                .push(line.to_owned());
            continue;
        };
        // A busy machine needs longer than a second.
        let ready = match shown.len() {
            2 => "until [ -s github.env ]; do sleep 0.1; done",
            _ => "until grep -q listening agent.log; do sleep 0.1; done",
        };
        script.push_str(&ported(typed).replace("sleep 1", ready));
        script.push_str(&format!("\necho '{MARK}'\n"));
        shown.push(Vec::new());
    }
    assert!(shown.len() >= 9, "{}", shown.len());

    let machine = Machine::new();
    let path = machine.environment()[OsStr::new("PATH")]
        .to_string_lossy()
        .into_owned();
    let tools = Path::new(binary())
        .parent()
        .expect("a folder")
        .display()
        .to_string();
    let machine = machine.env("PATH", format!("{tools}:{path}"));
    let output = Command::new("sh")
        .arg("-c")
        .arg(&script)
        .current_dir(folder)
        .env_clear()
        .envs(machine.environment())
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    let log = std::fs::read_to_string(folder.join("agent.log")).unwrap_or_default();
    let parts: Vec<&str> = stdout.split(&format!("{MARK}\n")).collect();
    assert_eq!(parts.len(), shown.len() + 1, "{stdout}\n{log}");
    for (part, said) in parts.iter().zip(&shown) {
        let lines: Vec<&str> = part.lines().collect();
        let fits = lines.len() == said.len()
            && lines
                .iter()
                .zip(said)
                .all(|(line, said)| is_as_shown(line, said));
        assert!(
            fits,
            "shown\n{part}\nand the README says\n{}\n{}\n{log}",
            said.join("\n"),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert!(log.contains("agent stopped"), "{log}");
}

#[test]
fn a_wrong_picture_is_detected() {
    assert!(is_as_shown("made 44 of main", "made [..] of [..]"));
    assert!(is_as_shown("x", "[..]"));
    assert!(!is_as_shown("made 44 of main", "made [..] of topic"));
    assert!(!is_as_shown("exactly", "exact"));
}
