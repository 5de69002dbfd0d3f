//! What a command left behind whose agent was killed. It is ended only where
//! there is no doubt whose it is.

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;
#[cfg(target_os = "linux")]
use std::path::Path;
use std::time::Duration;

#[cfg(target_os = "linux")]
use crate::env::command::{DEPLOYCTL_AGENT as MARK, DEPLOYCTL_DEPLOYMENT_ID as ID};
use crate::model::DeploymentId;
#[cfg(target_os = "linux")]
use crate::process::proc_stat::{Stat, has_variables};

/// How long the system may take to end what got SIGKILL.
#[cfg(target_os = "linux")]
const KILLED: Duration = Duration::from_secs(5);

/// What became of what was left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "only Linux tells")
)]
pub(super) enum Left {
    /// Nothing was there.
    Nothing,
    /// So many processes were ended.
    Ended(usize),
    /// So many processes could not be ended.
    Remains(usize),
    /// It can't be told on this system.
    Unknown,
}

/// The session of this process. What makes a session of its own, as daemons
/// do, is left alone.
///
/// It is read where those of other processes are read: the number is 0 where the
/// session's leader lives outside of the container, and then it is 0 for all who
/// have made none of their own.
pub(super) fn own_session() -> Option<i32> {
    #[cfg(target_os = "linux")]
    {
        Stat::of(Path::new("/proc/self")).map(|stat| stat.session)
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Ends the processes of a deployment's command: SIGTERM, and SIGKILL after
/// `grace`. They are known by the variables that they were started with, and by
/// the session of the agent that started them.
#[cfg(target_os = "linux")]
pub(super) async fn end(
    instance: &str,
    id: DeploymentId,
    session: Option<i32>,
    grace: Duration,
) -> Left {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{Signal, pidfd_send_signal};
    let Some(mut found) = find(instance, id, session) else {
        return Left::Unknown;
    };
    // A process that has ended stays until it is asked how, if anyone asks.
    let still_runs = |process: &OwnedFd| {
        let look = &mut [PollFd::new(process, PollFlags::IN)];
        poll(look, Some(&Timespec::default())).is_ok_and(|ended| ended == 0)
    };
    let count = found.len();
    // One that is stopped is woken for it.
    for (signals, patience) in [
        (&[Signal::TERM, Signal::CONT][..], grace),
        (&[Signal::KILL][..], KILLED),
    ] {
        for (process, signal) in found
            .iter()
            .flat_map(|one| signals.iter().map(move |signal| (one, signal)))
        {
            // It may have ended just now, or be another user's.
            let _ = pidfd_send_signal(process, *signal);
        }
        let end = tokio::time::Instant::now() + patience;
        while !found.is_empty() && tokio::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(50)).await;
            found.retain(&still_runs);
        }
    }
    match (count, found.len()) {
        (0, _) => Left::Nothing,
        (_, 0) => Left::Ended(count),
        (_, remains) => Left::Remains(remains),
    }
}

/// Whether something of a deployment's command is left; `None` where it can't
/// be told.
pub(super) fn is_left(instance: &str, id: DeploymentId, session: Option<i32>) -> Option<bool> {
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

/// The processes of a deployment's command.
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
        // Opened before the look, so that a number that is given anew in
        // between can't be taken for it.
        let Ok(process) = pidfd_open(pid, PidfdFlags::empty()) else {
            continue;
        };
        let path = folder.path();
        let is_marked = has_variables(&path, &[(MARK, instance), (ID, &deployment)]);
        if is_marked && Stat::of(&path).is_some_and(|stat| stat.session == session) {
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
) -> Left {
    Left::Unknown
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

    use super::*;

    #[tokio::test]
    async fn only_what_is_ours_is_ended() {
        let id = DeploymentId(4_442_074_271);
        let start = |instance: &str, id: u64| {
            Command::new("sleep")
                .arg("60")
                .env(MARK, instance)
                .env(ID, id.to_string())
                .stdin(Stdio::null())
                .process_group(0)
                .spawn()
                .expect("started")
        };
        let mut ours = start("mine", id.0);
        let mut other_agent = start("theirs", id.0);
        let mut other_deployment = start("mine", 7);
        let session = own_session();
        let grace = Duration::from_secs(5);
        assert_eq!(end("mine", id, Some(-1), grace).await, Left::Nothing);
        assert_eq!(end("mine", id, None, grace).await, Left::Unknown);
        // It is not waited for until then, so that it stays when it has ended.
        assert_eq!(end("mine", id, session, grace).await, Left::Ended(1));
        ours.wait().expect("waited");
        for other in [&mut other_agent, &mut other_deployment] {
            assert!(other.try_wait().expect("asked").is_none());
            other.kill().expect("killed");
            other.wait().expect("waited");
        }
    }
}
