use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::*;

/// A sink whose content a test can read.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic")).into_owned()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn shell(script: &str) -> CommandSpec {
    let mut spec = CommandSpec::new(["sh", "-c", script].map(OsString::from).to_vec());
    spec.stdout = StreamTarget::Read(OutputSink::new(io::sink()));
    spec.stderr = StreamTarget::LikeStdout;
    spec
}

async fn finish(spec: CommandSpec) -> FinishedCommand {
    run(spec, control_channel().1).await
}

/// Waits for a file that a command writes.
async fn wait_for(path: &Path) -> String {
    let began = Instant::now();
    loop {
        if let Ok(text) = std::fs::read_to_string(path)
            && text.ends_with('\n')
        {
            return text.trim().to_owned();
        }
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{}",
            path.display()
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Whether a process is running; a zombie does not count.
fn lives(pid: &str) -> bool {
    std::process::Command::new("ps")
        .args(["-o", "stat=", "-p", pid])
        .output()
        .is_ok_and(|found| {
            let state = String::from_utf8_lossy(&found.stdout);
            !state.trim().is_empty() && !state.trim_start().starts_with('Z')
        })
}

async fn wait_until_gone(pid: &str) {
    let began = Instant::now();
    while lives(pid) {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{pid} is still running"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn exit_codes_and_signals_are_reported_exactly() {
    for (script, words, code) in [
        ("exit 0", "exit code 0", 0),
        ("exit 3", "exit code 3", 3),
        ("exit 255", "exit code 255", 255),
        ("kill -KILL $$", "killed by SIGKILL", 137),
        ("kill -TERM $$", "killed by SIGTERM", 143),
    ] {
        let finished = finish(shell(script)).await;
        assert_eq!(finished.end.to_string(), words);
        assert_eq!(finished.end.exit_code(), code);
    }
}

#[tokio::test]
async fn what_cant_be_started_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = folder.path().join("plain");
    std::fs::write(&plain, "").expect("written");
    for (program, code) in [
        ("no-such-program-anywhere".to_owned(), 127),
        (plain.display().to_string(), 126),
        (folder.path().display().to_string(), 126),
    ] {
        let finished = finish(CommandSpec::new(vec![program.clone().into()])).await;
        assert!(
            matches!(finished.end, CommandEnd::NotStarted { .. }),
            "{program}"
        );
        assert_eq!(finished.end.exit_code(), code, "{program}");
    }
    assert_eq!(
        finish(CommandSpec::new(Vec::new())).await.end.exit_code(),
        126
    );
    let mut spec = shell("exit 0");
    spec.working_directory = Some(folder.path().join("missing"));
    let words = finish(spec).await.end.to_string();
    assert!(words.contains("there is no folder"), "{words}");
}

#[tokio::test]
async fn output_is_kept_in_order_and_ends_with_the_last_words() {
    let shared = Shared::default();
    let mut spec = shell("echo one; echo two >&2; echo three; printf '\\033[31mfour\\033[0m'");
    spec.stdout = StreamTarget::Read(OutputSink::new(shared.clone()));
    let finished = finish(spec).await;
    assert_eq!(shared.text(), "one\ntwo\nthree\n\u{1b}[31mfour\u{1b}[0m");
    assert_eq!(finished.last_line().as_deref(), Some("four"));

    let mut spec = shell("echo out; echo err >&2; echo later");
    spec.stderr = StreamTarget::Read(OutputSink::new(io::sink()));
    assert_eq!(finish(spec).await.last_line().as_deref(), Some("err"));
}

#[tokio::test]
async fn all_of_a_large_output_arrives() {
    let shared = Shared::default();
    let mut spec = shell("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done");
    spec.stdout = StreamTarget::Read(OutputSink::new(shared.clone()));
    let finished = finish(spec).await;
    assert_eq!(finished.last_line().as_deref(), Some("line 19999"));
    assert_eq!(shared.text().lines().count(), 20000);
}

#[tokio::test]
async fn the_environment_is_what_was_asked_for() {
    let shared = Shared::default();
    let mut spec = shell("echo \"$ADDED ${HOME-none} ${PATH:+path}\"");
    spec.set_variables = vec![("ADDED".into(), "yes".into())];
    spec.unset_variables = vec!["HOME".into()];
    spec.stdout = StreamTarget::Read(OutputSink::new(shared.clone()));
    assert!(finish(spec).await.end.is_success());
    assert_eq!(shared.text(), "yes none path\n");

    let shared = Shared::default();
    let mut spec = CommandSpec::new(vec![
        "/bin/sh".into(),
        "-c".into(),
        "echo ${HOME-none} $A".into(),
    ]);
    spec.clean_environment = true;
    spec.set_variables = vec![("A".into(), "b c; echo d".into())];
    spec.stdout = StreamTarget::Read(OutputSink::new(shared.clone()));
    assert!(finish(spec).await.end.is_success());
    assert_eq!(shared.text(), "none b c; echo d\n");
}

#[tokio::test]
async fn a_time_out_ends_the_whole_group_gently_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let (child, said) = (folder.path().join("child"), folder.path().join("said"));
    let mut spec = shell(&format!(
        "trap 'echo ended > {}; exit 7' TERM; sleep 60 & echo $! > {}; wait",
        said.display(),
        child.display()
    ));
    spec.timeout = Some(Duration::from_millis(500));
    let finished = finish(spec).await;
    assert!(
        matches!(
            finished.end,
            CommandEnd::TimedOut {
                force: Force::None,
                ..
            }
        ),
        "{:?}",
        finished.end
    );
    assert_eq!(wait_for(&said).await, "ended");
    wait_until_gone(&wait_for(&child).await).await;
}

#[tokio::test]
async fn a_command_that_ignores_sigterm_is_killed_with_all_grandchildren() {
    let folder = tempfile::tempdir().expect("a folder");
    let child = folder.path().join("child");
    let mut spec = shell(&format!(
        "trap '' TERM; (trap '' TERM; while :; do sleep 60; done) & echo $! > {}; while :; do sleep 60; done",
        child.display(),
    ));
    spec.timeout = Some(Duration::from_millis(500));
    spec.grace = Duration::from_millis(200);
    let finished = finish(spec).await;
    assert!(
        matches!(
            finished.end,
            CommandEnd::TimedOut {
                force: Force::Kill,
                ..
            }
        ),
        "{:?}",
        finished.end
    );
    assert!(finished.duration < Duration::from_secs(20));
    wait_until_gone(&wait_for(&child).await).await;
}

#[tokio::test]
async fn a_grandchild_that_outlives_the_leader_is_killed_at_the_end_of_the_grace() {
    let folder = tempfile::tempdir().expect("a folder");
    let child = folder.path().join("child");
    // The leader dies of SIGTERM at once, but the grandchild ignores it.
    let mut spec = shell(&format!(
        "(trap '' TERM; while :; do sleep 60; done) & echo $! > {}; sleep 60",
        child.display(),
    ));
    spec.timeout = Some(Duration::from_millis(500));
    spec.grace = Duration::from_millis(200);
    let finished = finish(spec).await;
    assert!(matches!(
        finished.end,
        CommandEnd::TimedOut {
            force: Force::Kill,
            ..
        }
    ));
    wait_until_gone(&wait_for(&child).await).await;
}

#[tokio::test]
async fn what_a_command_leaves_behind_is_neither_waited_for_nor_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let child = folder.path().join("child");
    let spec = shell(&format!(
        "sleep 60 & echo $! > {}; echo done",
        child.display()
    ));
    let finished = finish(spec).await;
    assert!(finished.end.is_success());
    assert_eq!(finished.last_line().as_deref(), Some("done"));
    assert!(finished.duration < Duration::from_secs(20));
    finished.remaining_output.wait().await;
    let pid = wait_for(&child).await;
    assert!(lives(&pid));
    drop(std::process::Command::new("kill").arg(&pid).status());
}

#[tokio::test]
async fn a_noisy_background_process_does_not_delay_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let child = folder.path().join("child");
    let shared = Shared::default();
    let mut spec = shell(&format!(
        "(while :; do echo noise; done) & echo $! > {}; echo mine",
        child.display()
    ));
    spec.stdout = StreamTarget::Read(OutputSink::new(shared.clone()));
    let finished = finish(spec).await;
    finished.remaining_output.wait().await;
    assert!(finished.end.is_success());
    assert!(shared.text().contains("mine\n"));
    let pid = wait_for(&child).await;
    assert!(lives(&pid));
    drop(std::process::Command::new("kill").arg(&pid).status());
}

#[tokio::test]
async fn a_slow_reader_loses_nothing() {
    #[derive(Clone, Default)]
    struct Slow(Shared);
    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            std::thread::sleep(Duration::from_millis(400));
            self.0.write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let slow = Slow::default();
    let mut spec = shell("head -c 120000 /dev/zero");
    spec.stdout = StreamTarget::Read(OutputSink::new(slow.clone()));
    let finished = finish(spec).await;
    finished.remaining_output.wait().await;
    assert_eq!(slow.0.text().len(), 120_000);
}

#[tokio::test]
async fn it_can_be_asked_to_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let ready = folder.path().join("ready");
    let (handle, control) = control_channel();
    // While it forks, dash may lose a signal, so it forks before it reports
    // that it is ready.
    let mut spec = shell(&format!(
        "trap 'kill $!; exit 0' INT; sleep 60 & echo yes > {}; wait",
        ready.display()
    ));
    spec.grace = Duration::from_secs(30);
    let stop = async {
        wait_for(&ready).await;
        handle.signal(Signal::Interrupt);
    };
    let (finished, ()) = tokio::join!(run(spec, control), stop);
    assert!(
        matches!(
            finished.end,
            CommandEnd::Stopped {
                signal: Some(Signal::Interrupt),
                force: Force::None,
            }
        ),
        "{:?}",
        finished.end
    );
    assert_eq!(finished.end.exit_code(), 130);
}

#[tokio::test]
async fn a_kill_does_not_wait_for_the_grace() {
    let folder = tempfile::tempdir().expect("a folder");
    let ready = folder.path().join("ready");
    let (handle, control) = control_channel();
    let mut spec = shell(&format!(
        "trap '' TERM; echo yes > {}; while :; do sleep 60; done",
        ready.display()
    ));
    spec.grace = Duration::from_secs(3600);
    let stop = async {
        wait_for(&ready).await;
        handle.signal(Signal::Terminate);
        handle.kill();
    };
    let (finished, ()) = tokio::join!(run(spec, control), stop);
    assert!(
        matches!(
            finished.end,
            CommandEnd::Stopped {
                signal: Some(Signal::Terminate),
                force: Force::Kill,
            }
        ),
        "{:?}",
        finished.end
    );
}

#[tokio::test]
async fn a_run_that_is_dropped_leaves_nothing_running() {
    let folder = tempfile::tempdir().expect("a folder");
    let ready = folder.path().join("ready");
    let spec = shell(&format!("echo $$ > {}; sleep 60; true", ready.display()));
    let running = run(spec, control_channel().1);
    let pid = tokio::select! {
        _ = running => panic!("it does not end"),
        pid = wait_for(&ready) => pid,
    };
    wait_until_gone(&pid).await;
}

#[tokio::test]
async fn a_sink_that_is_gone_closes_the_pipe() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut spec = shell("while :; do echo more || exit 9; done");
    spec.stdout = StreamTarget::Read(OutputSink::new(Gone));
    spec.stderr = StreamTarget::Read(OutputSink::new(io::sink()));
    let finished = finish(spec).await;
    // Killed by SIGPIPE, or a shell that reports the write error.
    assert!(
        [141, 9, 2].contains(&finished.end.exit_code()),
        "{:?}",
        finished.end
    );
    assert!(finished.remaining_output.take_error().is_some());
}
