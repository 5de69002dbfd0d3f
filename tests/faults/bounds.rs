//! Responses that are too large are refused within bounded memory and time.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::cli::{Machine, binary};
use crate::world::World;

/// The most resident memory that the binary may use, in kB.
const MOST_MEMORY: u64 = 120 * 1024;

/// The longest that a run may take. A refusal is due within a second; the rest
/// is slack for a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

/// The peak resident memory of a process in kB, if it still runs.
fn peak(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Runs `list` under a fault. Returns the exit code, stderr, the peak memory
/// and the time.
fn list(fault: &str) -> (Option<i32>, String, u64, Duration) {
    let world = World::new(1);
    world.repository(0).deployment();
    world.add(&[format!("GET */deployments={fault}")]);
    let machine = Machine::with_server(world.server.url());
    let began = Instant::now();
    let mut child = Command::new(binary())
        .args(["list", "-R", "octocat/r0", "--json"])
        .env_clear()
        .envs(machine.environment())
        .current_dir(machine.cwd())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut most = 0;
    while child.try_wait().expect("a child").is_none() {
        most = most.max(peak(child.id()).unwrap_or(0));
        assert!(began.elapsed() < LONGEST * 2, "{fault}: it hangs");
        thread::sleep(Duration::from_millis(2));
    }
    let elapsed = began.elapsed();
    let output = child.wait_with_output().expect("its output");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), stderr, most, elapsed)
}

#[test]
#[cfg(target_os = "linux")]
#[expect(clippy::print_stdout, reason = "the figures are for who asks for them")]
fn what_is_too_large_is_refused_within_bounds() {
    for (fault, why) in [
        ("large:200", "larger than 32 MB"),
        ("endless", "larger than 32 MB"),
        ("bomb:200", "larger than 32 MB"),
        ("deep:100000", "nested too deeply"),
        ("deep:15000000", "nested too deeply"),
    ] {
        let (code, stderr, peak, elapsed) = list(fault);
        println!("{fault}: peak {} MB, {elapsed:?}", peak / 1024);
        assert_eq!(code, Some(1), "{fault}: {stderr}");
        assert!(stderr.contains(why), "{fault}: {stderr}");
        assert!(peak > 1024, "{fault}: the peak was not measured");
        assert!(peak <= MOST_MEMORY, "{fault}: {peak} kB");
        assert!(elapsed <= LONGEST, "{fault}: {elapsed:?}");
    }
}
