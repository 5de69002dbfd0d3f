//! Processes of a command whose agent was killed. They are ended only if they
//! certainly belong to it.

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;
#[cfg(target_os = "linux")]
use std::path::Path;
use std::time::Duration;

#[cfg(target_os = "linux")]
use crate::env::command::{DEPLOYCTL_AGENT as MARK, DEPLOYCTL_DEPLOYMENT_ID as ID};
use crate::model::DeploymentId;
#[cfg(target_os = "linux")]
use crate::process::proc_stat::{ProcStat, has_variables};

/// How long the system may take to end a process after SIGKILL.
#[cfg(target_os = "linux")]
const KILL_TIMEOUT: Duration = Duration::from_secs(5);

/// What was left behind, and whether it was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "only Linux can tell")
)]
pub(super) enum Leftovers {
    Nothing,
    /// The number of processes that were ended.
    Ended(usize),
    /// The number of processes that could not be ended.
    Remains(usize),
    /// This system cannot tell.
    Unknown,
}

/// The session of this process. Processes in sessions of their own, such as daemons,
/// are not ended.
///
/// It is read from `/proc`, like those of other processes: it is 0 there if the
/// leader of the session is outside the container, for all of its processes.
pub(super) fn own_session() -> Option<i32> {
    #[cfg(target_os = "linux")]
    {
        ProcStat::read(Path::new("/proc/self")).map(|stat| stat.session)
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Ends the processes of a deployment's command: SIGTERM, and SIGKILL after
/// `grace`. They are recognized by the environment with which they were started and
/// by the session of the agent that started them.
#[cfg(target_os = "linux")]
pub(super) async fn end(
    instance: &str,
    id: DeploymentId,
    session: Option<i32>,
    grace: Duration,
) -> Leftovers {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{Signal, pidfd_send_signal};
    let Some(mut found) = find(instance, id, session) else {
        return Leftovers::Unknown;
    };
    // A process that has ended exists until its parent has waited for it.
    let still_runs = |process: &OwnedFd| {
        let events = &mut [PollFd::new(process, PollFlags::IN)];
        poll(events, Some(&Timespec::default())).is_ok_and(|ready| ready == 0)
    };
    let count = found.len();
    // A stopped process has to continue to receive the signal.
    for (signals, timeout) in [
        (&[Signal::TERM, Signal::CONT][..], grace),
        (&[Signal::KILL][..], KILL_TIMEOUT),
    ] {
        for (process, signal) in found
            .iter()
            .flat_map(|process| signals.iter().map(move |signal| (process, signal)))
        {
            // It may have ended just now, or belong to another user.
            let _ = pidfd_send_signal(process, *signal);
        }
        let end = tokio::time::Instant::now() + timeout;
        while !found.is_empty() && tokio::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(50)).await;
            found.retain(&still_runs);
        }
    }
    match (count, found.len()) {
        (0, _) => Leftovers::Nothing,
        (_, 0) => Leftovers::Ended(count),
        (_, remaining) => Leftovers::Remains(remaining),
    }
}

/// Whether processes of a deployment's command exist; `None` where this system
/// cannot tell.
pub(super) fn exist(instance: &str, id: DeploymentId, session: Option<i32>) -> Option<bool> {
    #[cfg(target_os = "linux")]
    {
        find(instance, id, session).map(|found| !found.is_empty())
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (instance, id, session);
        None
    }
}

#[cfg(target_os = "linux")]
fn find(instance: &str, id: DeploymentId, session: Option<i32>) -> Option<Vec<OwnedFd>> {
    use rustix::process::{PidfdFlags, pidfd_open};
    let session = session?;
    let deployment = id.to_string();
    let folders = std::fs::read_dir("/proc").ok()?;
    let mut found = Vec::new();
    for folder in folders.flatten() {
        let number = folder
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        let Some(pid) = number.and_then(rustix::process::Pid::from_raw) else {
            continue;
        };
        // Opened before the check, so that a reused process ID cannot be mistaken
        // for it.
        let Ok(process) = pidfd_open(pid, PidfdFlags::empty()) else {
            continue;
        };
        let path = folder.path();
        let is_marked = has_variables(&path, &[(MARK, instance), (ID, &deployment)]);
        if is_marked && ProcStat::read(&path).is_some_and(|stat| stat.session == session) {
            found.push(process);
        }
    }
    Some(found)
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "the signature is that of Linux")]
pub(super) async fn end(
    _instance: &str,
    _id: DeploymentId,
    _session: Option<i32>,
    _grace: Duration,
) -> Leftovers {
    Leftovers::Unknown
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::process::CommandExt;
    use std::path::PathBuf;
    use std::process::{Command, Stdio};

    use super::*;

    #[tokio::test]
    async fn only_what_is_ours_is_ended() {
        let id = DeploymentId(4_442_074_271);
        let start = |instance: &str, id: u64| {
            let id = id.to_string();
            let child = Command::new("sleep")
                .arg("60")
                .env(MARK, instance)
                .env(ID, &id)
                .stdin(Stdio::null())
                .process_group(0)
                .spawn()
                .expect("started");
            // Linux shows the variables of a process a moment after its start.
            let folder = PathBuf::from(format!("/proc/{}", child.id()));
            while !has_variables(&folder, &[(MARK, instance), (ID, &id)]) {
                std::thread::sleep(Duration::from_millis(1));
            }
            child
        };
        let mut ours = start("mine", id.0);
        let mut other_agent = start("theirs", id.0);
        let mut other_deployment = start("mine", 7);
        let session = own_session();
        let grace = Duration::from_secs(5);
        assert_eq!(end("mine", id, Some(-1), grace).await, Leftovers::Nothing);
        assert_eq!(end("mine", id, None, grace).await, Leftovers::Unknown);
        // The process has not been waited for yet, so it stays as a zombie
        // after it has ended.
        assert_eq!(end("mine", id, session, grace).await, Leftovers::Ended(1));
        ours.wait().expect("waited");
        for other in [&mut other_agent, &mut other_deployment] {
            assert!(other.try_wait().expect("asked").is_none());
            other.kill().expect("killed");
            other.wait().expect("waited");
        }
    }
}
