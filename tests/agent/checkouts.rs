//! Rules with `checkout = true`: the checkout and what remains of it
//! afterwards.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::support::git::GitRepository;
use crate::support::{cli, skipped};
use crate::world::{Folder, Site, text, until};

/// The configuration of an agent that checks out `source` and runs `script`.
fn config(source: &Path, script: &str) -> String {
    format!(
        "settle = \"0s\"\nLISTEN\n[[rule]]\ncheckout = true\nsource = \"{}\"\nshell = '''{script}'''\n",
        source.display()
    )
}

fn deploy(site: &Site, folder: &Folder, environment: &str) -> u64 {
    let id = site.create(environment);
    let answer = folder.deliver(&format!("d-{id}"), "deployment", &site.event(id));
    assert_eq!(answer.status, 202);
    site.wait_for_ends(&[id], Duration::from_secs(50));
    id
}

fn end(site: &Site, id: u64) -> (String, String) {
    let end = &site.finals(id)[0];
    (text(end, "state"), text(end, "description"))
}

#[test]
fn tags_and_branches_are_current_even_for_a_known_commit() {
    let site = Site::new();
    let repository = &site.repository;
    let script = "{ git describe --tags; git branch --all --list 'origin/*'; } > ../../../$DEPLOYCTL_ENVIRONMENT";
    let folder = site.folder("agent", &config(repository.path(), script));
    let agent = site.start(&folder);
    let log_of = |environment: &str| {
        let id = deploy(&site, &folder, environment);
        assert_eq!(end(&site, id).0, "success", "{:?}", site.finals(id));
        fs::read_to_string(folder.path.join(environment)).expect("written")
    };
    repository.git(["tag", "v7.0.0", "main"]);
    let first = log_of("first");
    assert!(first.starts_with("v7.0.0\n"), "{first}");
    repository.git(["tag", "--delete", "v7.0.0"]);
    repository.git(["tag", "v7.0.1", "main"]);
    repository.git(["branch", "later", "main"]);
    let second = log_of("second");
    assert!(second.starts_with("v7.0.1\n"), "{second}");
    assert!(second.contains("remotes/origin/later"), "{second}");
    drop(agent.stop().expect(0));
}

#[test]
fn it_is_like_a_clone_for_fetches_and_relative_submodules() {
    let site = Site::new();
    let repository = &site.repository;
    let parent = repository.path().parent().expect("a folder");
    let part = GitRepository::new();
    let status = Command::new("cp")
        .args(["-r", &part.path().to_string_lossy()])
        .arg(parent.join("part"))
        .status();
    assert!(status.expect("cp").success());
    let modules = "[submodule \"part\"]\n\tpath = part\n\turl = ../part\n";
    fs::write(repository.path().join(".gitmodules"), modules).expect("written");
    let part = part.sha("main");
    repository.git(["checkout", "--quiet", "main"]);
    repository.git([
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("160000,{part},part"),
    ]);
    repository.git(["add", ".gitmodules"]);
    repository.git(["commit", "--quiet", "--message", "With a part"]);
    let script = "set -e
        git fetch --quiet origin
        git remote get-url origin > ../../../url
        git -c protocol.file.allow=always submodule --quiet update --init
        git -C part rev-parse HEAD > ../../../part";
    let folder = site.folder("agent", &config(repository.path(), script));
    let agent = site.start(&folder);
    let id = deploy(&site, &folder, "staging");
    let log = folder.path.join(format!("state/logs/{id}.log"));
    assert_eq!(end(&site, id).0, "success", "{:?}", fs::read_to_string(log));
    let read = |name: &str| fs::read_to_string(folder.path.join(name)).expect("written");
    assert_eq!(read("url").trim(), repository.path().to_string_lossy());
    assert_eq!(read("part").trim(), part);
    drop(agent.stop().expect(0));
}

#[test]
fn the_status_has_the_reason_and_the_log_has_the_output_of_git() {
    let site = Site::new();
    let folder = site.folder("agent", "");
    let missing = folder.path.join("no-such-repository");
    folder.configure(&config(&missing, "true"));
    let agent = site.start(&folder);
    let id = deploy(&site, &folder, "staging");
    let (state, description) = end(&site, id);
    assert_eq!(state, "error");
    assert!(
        description.starts_with("checkout failed: fatal: '"),
        "{description}"
    );
    let log = fs::read_to_string(folder.path.join(format!("state/logs/{id}.log")));
    let log = log.expect("a log");
    assert!(log.contains("does not appear to be a git"), "{log}");
    assert!(log.contains("Please make sure"), "{log}");
    drop(agent.stop().expect(0));
}

#[test]
fn what_a_command_made_read_only_is_removed() {
    let site = Site::new();
    let script = "mkdir -p cache/module && touch cache/module/file && chmod -R a-w cache";
    let folder = site.folder("agent", &config(site.repository.path(), script));
    let agent = site.start(&folder);
    let id = deploy(&site, &folder, "staging");
    assert_eq!(end(&site, id).0, "success");
    let checkouts = folder.path.join("state/checkouts");
    until("it is removed", || {
        fs::read_dir(&checkouts).is_ok_and(|left| left.count() == 0)
    });
    // The checkout of an agent that was killed is removed too.
    let left = checkouts.join("7/cache");
    fs::create_dir_all(&left).expect("made");
    let made = Command::new("chmod").arg("a-w").arg(&left).status();
    assert!(made.expect("chmod").success());
    drop(agent.stop().expect(0));
    let agent = site.start(&folder);
    assert!(!checkouts.join("7").exists());
    drop(agent.stop().expect(0));
}

#[test]
fn an_agent_starts_although_a_checkout_cannot_be_removed() {
    let site = Site::new();
    let folder = site.folder(
        "agent",
        &config(site.repository.path(), "pwd > ../../../where"),
    );
    // Not even root can remove a folder that is a mount point.
    let id = site.create_with(&json!({ "environment": "staging" }));
    let left = folder.path.join(format!("state/checkouts/{id}"));
    fs::create_dir_all(&left).expect("made");
    let namespace = ["--user", "--map-root-user", "--mount", "sh", "-c"];
    let mount = format!("mount -t tmpfs none '{}'", left.display());
    let may_mount = Command::new("unshare").args(namespace).arg(&mount).output();
    if !may_mount.is_ok_and(|done| done.status.success()) {
        return skipped("unshare that may mount");
    }
    let script = format!("{mount} && exec \"$0\" agent --log-format json --config \"$1\"");
    let mut args: Vec<OsString> = namespace.map(Into::into).into();
    args.push(script.into());
    args.push(cli::binary().into());
    args.push(folder.path.join("deployctl.toml").into());
    let mut agent = site.machine.program("unshare", args).spawn();
    let line = agent.wait_for_line("checkout is left behind");
    assert!(line.contains(&left.display().to_string()), "{line}");
    drop(agent.wait_for_line("\"listening\""));
    let answer = folder.deliver("d-1", "deployment", &site.event(id));
    assert_eq!(answer.status, 202);
    site.wait_for_ends(&[id], Duration::from_secs(50));
    assert_eq!(end(&site, id).0, "success", "{:?}", site.finals(id));
    let place = fs::read_to_string(folder.path.join("where")).expect("written");
    assert_eq!(place.trim(), format!("{}-2", left.display()));
    agent.prolong();
    agent.signal(cli::Signal::Term);
    drop(agent.finish().expect(0));
}
