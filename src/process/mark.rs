use std::fmt;
#[cfg(target_os = "linux")]
use std::path::Path;

#[cfg(target_os = "linux")]
use crate::process::proc_stat::{Stat, has_variables};

/// What tells a process from all others, also from a later one with the same
/// number, one after a restart of the machine, and one of another container. It
/// can be written down, and asked by another process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark(String);

impl Mark {
    /// The mark of a process; `None` if there is no such process, or where none
    /// can be told from another.
    pub fn of(pid: u32) -> Option<Self> {
        #[cfg(target_os = "linux")]
        {
            let stat = Stat::of(Path::new(&format!("/proc/{pid}")))?;
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

    /// As it was written down.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// For writing it down.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of the process.
    pub fn pid(&self) -> Option<u32> {
        self.0.split(' ').next()?.parse().ok()
    }

    /// Whether that process has not come to its end, as far as can be seen from
    /// here.
    pub fn is_alive(&self) -> bool {
        self.pid().and_then(Self::of).as_ref() == Some(self)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of a command that [`run`](super::run) has started with a variable of
/// this value; `None` where none can be told. It leads its process group and not
/// its session, as daemons do that commands leave behind.
pub(crate) fn started_with(name: &str, value: &str) -> Option<u32> {
    #[cfg(target_os = "linux")]
    {
        let folders = std::fs::read_dir("/proc").ok()?;
        folders.flatten().find_map(|folder| {
            let pid: i32 = folder.file_name().to_str()?.parse().ok()?;
            let path = folder.path();
            let leads_group_alone =
                Stat::of(&path).is_some_and(|stat| stat.group == pid && stat.session != pid);
            let is_it = leads_group_alone && has_variables(&path, &[(name, value)]);
            is_it.then(|| pid.unsigned_abs())
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
        assert_eq!(started_with("MARK", &value), None);
        let mut command = start(true);
        // The system goes on with who starts a program a moment before it tells
        // what that was started with.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while started_with("MARK", &value) != Some(command.id()) {
            assert!(std::time::Instant::now() < deadline, "it is not found");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert_eq!(started_with("MARK", "/nowhere"), None);
        for child in [&mut left_behind, &mut command] {
            child.kill().expect("killed");
            child.wait().expect("waited");
        }
        assert_eq!(started_with("MARK", &value), None);
    }

    #[test]
    fn a_mark_is_of_one_process_and_goes_with_it() {
        let mut child = Command::new("sleep")
            .arg("60")
            .stdin(Stdio::null())
            .spawn()
            .expect("started");
        let mark = Mark::of(child.id()).expect("it lives");
        assert!(Mark::stored(mark.as_str().to_owned()).is_alive());
        assert_eq!(mark.pid(), Some(child.id()));
        let other = mark.as_str().replacen(' ', " 1", 1);
        assert!(!Mark::stored(other).is_alive(), "started at another time");
        child.kill().expect("killed");
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while mark.is_alive() {
            assert!(std::time::Instant::now() < deadline, "it lives on");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        // Not only once it was waited for.
        child.wait().expect("waited");
        assert!(!mark.is_alive());
        assert!(!Mark::stored(String::new()).is_alive());
    }
}
