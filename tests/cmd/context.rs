//! The repository and server that a checkout's remotes name, and git's own
//! error if they name none.

use crate::support::cli::Machine;
use crate::support::git;

/// Stands in for ssh with a configuration that has one alias.
const SSH: &str = r#"test "$*" = "-G -- github-work" || { echo "hostname $3"; exit 0; }
printf 'user git\nhostname github.com\nport 22\n'"#;

#[test]
fn an_alias_of_ssh_is_the_host_behind_it() {
    let checkout = git::with_branches();
    for (remote, ssh, expected) in [
        (
            "git@github-work:octo/app.git",
            SSH,
            "no token for github.com\n",
        ),
        (
            "ssh://git@github-work/octo/app.git",
            SSH,
            "no token for github.com\n",
        ),
        (
            "https://github-work/octo/app.git",
            SSH,
            "no token for github-work\n",
        ),
        (
            "git@git.example.com:octo/app.git",
            "echo hostname ssh.git.example.com",
            "no token for git.example.com\n",
        ),
        (
            "git@corp:octo/app.git",
            "echo hostname git.example.com",
            "no token for git.example.com\n",
        ),
        (
            "git@corp:octo/app.git",
            "echo hostname 10.0.0.1",
            "no token for corp\n",
        ),
        (
            "git@corp:octo/app.git",
            "exit 255",
            "name the repository with -R OWNER/REPO",
        ),
    ] {
        checkout.git(["config", "remote.origin.url", remote]);
        let machine = Machine::new().at(checkout.path()).tool("ssh", ssh);
        let outcome = machine.run(["list"]).expect(4);
        let stderr = outcome.stderr();
        assert!(stderr.contains(expected), "{remote} by {ssh}: {stderr}");
    }
}

#[test]
fn what_git_advises_is_shown_as_lines() {
    let checkout = git::with_branches();
    let path = checkout.path().display();
    let whose = format!("git: fatal: detected dubious ownership in repository at '{path}'\n");
    let advice = format!("\n  git config --global --add safe.directory {path}\n");
    for line in [
        "list",
        "--sandbox list",
        "status -R octo/app",
        "create -R octo/app",
    ] {
        let machine = Machine::new()
            .at(checkout.path())
            .env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
        let outcome = machine.run(line.split(' '));
        let stderr = outcome.stderr();
        assert!(stderr.contains(&whose), "{line}: {stderr}");
        assert!(stderr.contains(&advice), "{line}: {stderr}");
        assert_ne!(outcome.code(), 0);
    }
}

#[test]
fn a_git_that_cannot_be_started_is_named() {
    let machine = Machine::new().tool("git", "");
    let path = machine.tools().join("git");
    std::fs::write(&path, "#!/no/such/interpreter\n").expect("written");
    let outcome = machine.run(["list"]).expect(2);
    let stderr = format!("'{}' could not be started", path.display());
    assert!(outcome.stderr().contains(&stderr), "{}", outcome.stderr());
}
