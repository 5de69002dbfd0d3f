//! The token never appears in any output or in a child process's environment.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::cli::{Machine, Signal};
use crate::world::World;

const TOKEN: &str = "ghp_LEAK0123456789abcdefABCDEF0123456789";

/// Every command, in ways that succeed and in ways that fail.
const COMMANDS: &[&str] = &[
    "create --ref main",
    "create --ref main --dry-run",
    "create --ref main --wait --timeout 1s",
    "create --ref nothing-like-that",
    "list",
    "list --json",
    "list -e nowhere",
    "list --since yesterday",
    "status ID",
    "status -e production",
    "status 1",
    "status set ID in_progress --description because",
    "status set 1 success",
    "wait ID --timeout 1s",
    "wait 1",
    "completions bash",
    "man",
    "help",
    "--version",
    "nonsense",
    "list --nonsense",
];

#[test]
fn no_command_prints_the_token() {
    let world = World::new(1);
    let id = world.repository(0).deployment().to_string();
    let machine = Machine::with_server(world.server.url())
        .env("DEPLOYCTL_TOKEN", TOKEN)
        .env("DEPLOYCTL_REPO", "octocat/r0");
    for command in COMMANDS {
        for extra in [&[][..], &["-v"], &["-v", "--json"], &["-v", "--sandbox"]] {
            let args = command
                .split(' ')
                .map(|word| if word == "ID" { id.as_str() } else { word });
            let outcome = machine.run(args.chain(extra.iter().copied()));
            for text in [outcome.stdout(), outcome.stderr()] {
                assert!(!text.contains(TOKEN), "{command} {extra:?}: {text}");
            }
        }
    }
    let serving = machine.command(["sandbox", "serve", "-v"]).spawn();
    let _ = serving.wait_for_line("DEPLOYCTL_API_URL");
    serving.signal(Signal::Term);
    let outcome = serving.finish();
    assert!(!outcome.stdout().contains(TOKEN) && !outcome.stderr().contains(TOKEN));
}

#[test]
fn a_token_that_cannot_be_sent_is_not_printed_either() {
    let world = World::new(1);
    for token in ["ghp_LEAK\n0123456789", "ghp_LEAK\u{e9}0123456789"] {
        let machine = Machine::with_server(world.server.url()).env("DEPLOYCTL_TOKEN", token);
        let outcome = machine.run(["list", "-R", "octocat/r0", "-v", "--json"]);
        assert_ne!(outcome.code(), 0);
        let output = format!("{}{}", outcome.stdout(), outcome.stderr());
        assert!(
            !output.contains("LEAK") && !output.contains("0123456789"),
            "{output}"
        );
    }
}

#[test]
fn git_does_not_get_the_token() {
    let world = World::new(1);
    let machine = Machine::with_server(world.server.url())
        .env("DEPLOYCTL_TOKEN", TOKEN)
        .env("GH_TOKEN", TOKEN)
        .env("GITHUB_TOKEN", TOKEN)
        .env("GH_ENTERPRISE_TOKEN", TOKEN)
        .env("GITHUB_ENTERPRISE_TOKEN", TOKEN)
        .without("DEPLOYCTL_REPO");
    let environments = machine.cwd().join("environments");
    let git = machine.file(
        "git",
        format!("#!/bin/sh\nenv >> '{}'\nexit 1\n", environments.display()),
    );
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).expect("an executable file");
    let path = machine.environment()[OsStr::new("PATH")].clone();
    let mut folders = OsString::from(machine.cwd());
    folders.push(":");
    folders.push(path);
    let machine = machine.env("PATH", folders);
    let outcome = machine.run(["list"]);
    assert_ne!(outcome.code(), 0);
    let environments = fs::read_to_string(environments).expect("git was called");
    assert!(!environments.contains(TOKEN), "{environments}");
}
