//! Help, completions and manual pages are files that are reviewed with the
//! code.
//!
//! `UPDATE_GOLDEN=1 cargo test --test cmd golden` rewrites them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::cli::Machine;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn machine() -> Machine {
    Machine::new().env("COLUMNS", "100")
}

/// The names of the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder exists")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Checks that a folder has exactly these files with these contents.
fn check(folder: &Path, wanted: &BTreeMap<String, String>) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(folder).expect("a folder");
        for stale in files(folder) {
            if !wanted.contains_key(&stale) {
                std::fs::remove_file(folder.join(stale)).expect("removed");
            }
        }
        for (name, text) in wanted {
            std::fs::write(folder.join(name), text).expect("written");
        }
    }
    assert_eq!(
        files(folder),
        wanted.keys().cloned().collect::<Vec<_>>(),
        "{}",
        folder.display()
    );
    for (name, text) in wanted {
        let found = std::fs::read_to_string(folder.join(name)).expect("read");
        assert!(
            found == *text,
            "{} is out of date; UPDATE_GOLDEN=1 cargo test --test cmd golden",
            folder.join(name).display()
        );
    }
}

#[test]
fn completions_are_current() {
    let (mut asking, mut fixed) = (BTreeMap::new(), BTreeMap::new());
    for (shell, file) in [
        ("bash", "deployctl.bash"),
        ("elvish", "deployctl.elv"),
        ("fish", "deployctl.fish"),
        ("nushell", "deployctl.nu"),
        ("powershell", "_deployctl.ps1"),
        ("zsh", "_deployctl"),
    ] {
        let script = machine().run(["completions", shell]).expect(0);
        assert!(script.stdout().contains("deployctl"), "{shell}");
        let alone = machine().run(["completions", shell, "--static"]).expect(0);
        assert!(alone.stdout().contains("required-context"), "{shell}");
        assert!(!alone.stdout().contains("DEPLOYCTL_COMPLETE="), "{shell}");
        assert!(script.stdout().contains("DEPLOYCTL_COMPLETE"), "{shell}");
        fixed.insert(file.to_owned(), alone.stdout().to_owned());
        asking.insert(file.to_owned(), script.stdout().to_owned());
    }
    check(&root().join("completions"), &asking);
    check(&root().join("completions/static"), &fixed);
}

#[test]
fn manual_pages_are_current() {
    let machine = machine();
    drop(machine.run(["man", "--dir", "man"]).expect(0));
    let mut wanted = BTreeMap::new();
    for section in ["man1", "man7"] {
        let folder = machine.cwd().join("man").join(section);
        for entry in std::fs::read_dir(folder).expect("written") {
            let entry = entry.expect("an entry");
            let text = std::fs::read_to_string(entry.path()).expect("read");
            wanted.insert(entry.file_name().to_string_lossy().into_owned(), text);
        }
    }
    let one = machine.run(["man", "status", "set"]).expect(0);
    assert_eq!(one.stdout(), wanted["deployctl-status-set.1"]);
    let topic = machine.run(["man", "exit-codes"]).expect(0);
    assert_eq!(topic.stdout(), wanted["deployctl-exit-codes.7"]);
    let run = &wanted["deployctl-run.1"];
    for part in [".SH NOTES", "DEPLOYCTL_OUTPUT", ".SH EXAMPLES"] {
        assert!(run.contains(part), "missing from the page: {part}");
    }
    drop(machine.run(["man", "nonsense"]).expect(2));
    check(&root().join("man"), &wanted);
}

/// mandoc has no complaints about the manual pages.
#[test]
fn manual_pages_are_clean() {
    let folder = root().join("man");
    let pages = std::fs::read_dir(folder).expect("the folder exists");
    let pages = pages.map(|entry| entry.expect("an entry").path());
    let checked = std::process::Command::new("mandoc")
        .args(["-Tlint", "-Wstyle"])
        .args(pages)
        .output();
    let output = match checked {
        Ok(output) => output,
        Err(error) => {
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
            crate::support::skipped("mandoc");
            return;
        }
    };
    let roff = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    // A reference to a page that is not installed here is not an error.
    let roff: Vec<&str> = roff
        .lines()
        .filter(|line| !line.contains("referenced manual not found"))
        .collect();
    assert!(roff.is_empty(), "{}", roff.join("\n"));
}

#[test]
fn help_is_current_and_shows_examples() {
    let mut wanted = BTreeMap::new();
    for page in deployctl::internals::pages().expect("rendered") {
        let (name, section) = page.file_name.rsplit_once('.').expect("a section");
        let words = page.words.iter().map(String::as_str);
        let help = if section == "1" {
            let help = machine().run(words.clone().chain(["--help"])).expect(0);
            let same = machine().run(["help"].into_iter().chain(words)).expect(0);
            assert_eq!(same.stdout(), help.stdout(), "help of {name}");
            help
        } else {
            let topic = name.strip_prefix("deployctl-").expect("a topic");
            let help = machine().run(["help", topic]).expect(0);
            wanted.insert(format!("{name}.txt"), help.stdout().to_owned());
            continue;
        };
        assert_eq!(help.stderr(), "");
        let is_group = help.stdout().contains("<COMMAND>");
        assert!(is_group || help.stdout().contains("Examples:"), "{name}");
        assert!(help.stdout().contains("Exit codes:"), "{name}");
        wanted.insert(format!("{name}.txt"), help.stdout().to_owned());
    }
    assert!(wanted.len() > 8);
    check(&root().join("tests/golden/help"), &wanted);
}

#[test]
fn exit_codes_and_variables_are_in_help_manual_and_readme() {
    let help = machine().run(["--help"]).expect(0);
    let readme = std::fs::read_to_string(root().join("README.md")).expect("read");
    let manual = machine().run(["man"]).expect(0);
    let topic = machine().run(["help", "environment"]).expect(0);
    let topic = topic
        .stdout()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    for (code, meaning) in deployctl::exit::ALL {
        let line = format!("{code:>3}  {meaning}");
        assert!(help.stdout().contains(&line), "{line}");
        assert!(
            readme.contains(&format!("| {code} | {meaning} |")),
            "README: {line}"
        );
        assert!(
            manual.stdout().contains(&format!("\\fB{code}\\fR")),
            "man: {line}"
        );
    }
    for (name, meaning) in deployctl::env::VARIABLES {
        assert!(help.stdout().contains(name), "{name}");
        assert!(manual.stdout().contains(name), "{name}");
        assert!(topic.contains(&format!("{name} {meaning}")), "{name}");
    }
}
