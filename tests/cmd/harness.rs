//! Tests of the harness itself: the other tests are only as good as it is.

use crate::support::cli::{Machine, Signal};
use crate::support::git::{self, GitRepository};
use crate::support::pty::Terminal;

#[test]
fn a_repository_depends_on_nothing_of_the_machine() {
    let (one, other) = (git::with_branches(), git::with_branches());
    assert_eq!(one.git(["for-each-ref"]), other.git(["for-each-ref"]));
    assert_eq!(one.sha("v1.0.0"), one.sha("main~2"));
}

#[test]
fn a_snapshot_sees_a_new_ref_a_new_object_and_a_new_file() {
    let repository = GitRepository::new();
    let before = repository.snapshot();
    assert_eq!(before, repository.snapshot());

    repository.git(["branch", "other"]);
    let with_ref = repository.snapshot();
    assert_ne!(before, with_ref);

    repository.git(["commit-tree", "-m", "Loose", "HEAD^{tree}"]);
    let with_object = repository.snapshot();
    assert_ne!(with_ref, with_object);

    std::fs::write(repository.path().join("new"), "").expect("a file");
    assert_ne!(with_object, repository.snapshot());
}

#[test]
fn a_branch_can_be_pushed_to_a_remote() {
    let (repository, remote) = (GitRepository::new(), GitRepository::bare());
    repository.push_to("origin", &remote, "main");
    assert_eq!(remote.sha("main"), repository.head());
    assert_eq!(repository.sha("origin/main"), repository.head());
}

#[test]
fn the_version_is_printed_on_a_fresh_machine() {
    let outcome = Machine::new().run(["--version"]).expect(0);
    assert_eq!(
        outcome.stdout(),
        concat!("deployctl ", env!("CARGO_PKG_VERSION"), "\n")
    );
    assert_eq!(outcome.stderr(), "");
}

#[test]
#[should_panic(expected = "exit code 0 in place of 9")]
fn a_wrong_exit_code_fails_the_test() {
    drop(Machine::new().run(["--version"]).expect(9));
}

#[test]
fn a_terminal_shows_a_screen_and_keeps_every_byte() {
    let terminal = Terminal::start_sized(&Machine::new(), 10, 40, ["--version"]);
    let ending = terminal.finish().expect(0);
    let version = concat!("deployctl ", env!("CARGO_PKG_VERSION"));
    assert_eq!(ending.screen.trim_end(), version);
    assert!(ending.sent(version.as_bytes()));
    assert!(!ending.sent(b"\x1b]8;;"));
}

#[test]
#[should_panic(expected = "did not appear on the screen")]
fn a_text_that_never_appears_fails_the_test() {
    let terminal = Terminal::start(&Machine::new(), ["--version"]);
    terminal.wait_for("deployctl of another name");
}

#[test]
fn a_run_can_be_waited_for_and_killed() {
    let machine = Machine::new();
    let mut running = machine.command(["sandbox", "serve"]).spawn();
    let line = running.wait_for_line("export DEPLOYCTL_API_URL=");
    assert!(line.contains("http://127.0.0.1:"), "{line}");
    assert!(running.runs());
    running.signal(Signal::Kill);
    assert_eq!(running.finish().code(), 137);
}
