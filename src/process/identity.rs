use std::fmt;
#[cfg(target_os = "linux")]
use std::path::Path;

#[cfg(target_os = "linux")]
use super::proc_stat::{ProcStat, has_variables};

/// Identifies a process uniquely, even if its ID is reused, the machine is restarted, or
/// the process is in another container. It can be stored and checked by another process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessIdentity(String);

impl ProcessIdentity {
    /// `None` if there is no such process, or if this system cannot identify one.
    pub fn of(pid: u32) -> Option<Self> {
        #[cfg(target_os = "linux")]
        {
            let stat = ProcStat::read(Path::new(&format!("/proc/{pid}")))?;
            if stat.has_ended {
                return None;
            }
            let machine = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
            let container = std::fs::read_link("/proc/self/ns/pid").ok()?;
            Some(Self(format!(
                "{pid} {} {} {}",
                stat.started,
                machine.trim(),
                container.display()
            )))
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = pid;
            None
        }
    }

    /// Takes a text that [`ProcessIdentity::as_str`] returned.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn pid(&self) -> Option<u32> {
        self.0.split(' ').next()?.parse().ok()
    }

    /// Whether the process is still running, as far as this process can see.
    pub fn is_running(&self) -> bool {
        self.pid().and_then(Self::of).as_ref() == Some(self)
    }
}

impl fmt::Display for ProcessIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Finds the process ID of a command that [`run`](super::run) has started with a
/// variable of this value. It leads its process group but not its session, unlike daemons
/// that commands leave behind.
pub(crate) fn find_started_with(name: &str, value: &str) -> Option<u32> {
    #[cfg(target_os = "linux")]
    {
        let folders = std::fs::read_dir("/proc").ok()?;
        folders.flatten().find_map(|folder| {
            let pid: i32 = folder.file_name().to_str()?.parse().ok()?;
            let path = folder.path();
            let leads_group_alone =
                ProcStat::read(&path).is_some_and(|stat| stat.group == pid && stat.session != pid);
            let is_match = leads_group_alone && has_variables(&path, &[(name, value)]);
            is_match.then(|| pid.unsigned_abs())
        })
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (name, value);
        None
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_command_is_found_by_what_it_was_started_with() {
        use std::os::unix::process::CommandExt;
        let value = format!("/nowhere/{:016x}", fastrand::u64(..));
        let start = |is_leader: bool| {
            let mut command = Command::new("sleep");
            command.arg("60").env("MARK", &value).stdin(Stdio::null());
            if is_leader {
                command.process_group(0);
            }
            command.spawn().expect("started")
        };
        let mut left_behind = start(false);
        assert_eq!(find_started_with("MARK", &value), None);
        let mut command = start(true);
        // The environment of a new process only becomes visible a moment after
        // its start.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while find_started_with("MARK", &value) != Some(command.id()) {
            assert!(std::time::Instant::now() < deadline, "it is not found");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert_eq!(find_started_with("MARK", "/nowhere"), None);
        for child in [&mut left_behind, &mut command] {
            child.kill().expect("killed");
            child.wait().expect("waited");
        }
        assert_eq!(find_started_with("MARK", &value), None);
    }

    #[test]
    fn an_identity_belongs_to_one_process() {
        let mut child = Command::new("sleep")
            .arg("60")
            .stdin(Stdio::null())
            .spawn()
            .expect("started");
        let identity = ProcessIdentity::of(child.id()).expect("it is running");
        assert!(ProcessIdentity::from_stored(identity.as_str().to_owned()).is_running());
        assert_eq!(identity.pid(), Some(child.id()));
        let other = identity.as_str().replacen(' ', " 1", 1);
        assert!(
            !ProcessIdentity::from_stored(other).is_running(),
            "started at another time"
        );
        child.kill().expect("killed");
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while identity.is_running() {
            assert!(std::time::Instant::now() < deadline, "it is still running");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        // Until here it was a zombie, which does not count as running.
        child.wait().expect("waited");
        assert!(!identity.is_running());
        assert!(!ProcessIdentity::from_stored(String::new()).is_running());
    }
}
