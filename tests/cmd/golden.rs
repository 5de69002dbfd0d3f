//! Help, completions and manual pages are files that are looked at in review.
//!
//! `UPDATE_GOLDEN=1 cargo test --test cmd golden` writes them anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::cli::Machine;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn machine() -> Machine {
    Machine::new().env("COLUMNS", "100")
}

/// Holds the files of a folder against what they should be, all of them and
/// no others.
fn check(folder: &Path, wanted: &BTreeMap<String, String>) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        drop(std::fs::remove_dir_all(folder));
        std::fs::create_dir_all(folder).expect("a folder");
        for (name, text) in wanted {
            std::fs::write(folder.join(name), text).expect("written");
        }
    }
    let mut there: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    there.sort();
    assert_eq!(
        there,
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
    let mut wanted = BTreeMap::new();
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
        wanted.insert(file.to_owned(), script.stdout().to_owned());
    }
    check(&root().join("completions"), &wanted);
}

#[test]
fn manual_pages_are_current() {
    let machine = machine();
    drop(machine.run(["man", "--dir", "man"]).expect(0));
    let mut wanted = BTreeMap::new();
    for entry in std::fs::read_dir(machine.cwd().join("man")).expect("written") {
        let entry = entry.expect("an entry");
        let text = std::fs::read_to_string(entry.path()).expect("read");
        wanted.insert(entry.file_name().to_string_lossy().into_owned(), text);
    }
    let one = machine.run(["man", "status", "set"]).expect(0);
    assert_eq!(one.stdout(), wanted["deployctl-status-set.1"]);
    drop(machine.run(["man", "nonsense"]).expect(2));
    check(&root().join("man"), &wanted);
}

#[test]
fn help_is_current_and_shows_examples() {
    let mut wanted = BTreeMap::new();
    for page in deployctl::commands::pages().expect("rendered") {
        let name = page
            .file_name
            .strip_suffix(".1")
            .expect("a page of section 1");
        let words = page.words.iter().map(String::as_str).chain(["--help"]);
        let help = machine().run(words).expect(0);
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
        assert!(
            readme.contains(&format!("| `{name}` | {meaning} |")),
            "README: {name}"
        );
    }
}
