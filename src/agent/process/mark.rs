use std::fmt;

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
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            let started = linux::started(&stat)?;
            let machine = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
            let container = std::fs::read_link("/proc/self/ns/pid").ok()?;
            Some(Self(format!(
                "{pid} {started} {} {}",
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
pub fn started_with(name: &str, value: &str) -> Option<u32> {
    #[cfg(target_os = "linux")]
    {
        let wanted = [name.as_bytes(), b"=", value.as_bytes()].concat();
        let folders = std::fs::read_dir("/proc").ok()?;
        folders.flatten().find_map(|folder| {
            let pid: u32 = folder.file_name().to_str()?.parse().ok()?;
            let environ = std::fs::read(folder.path().join("environ")).ok()?;
            let stat = std::fs::read_to_string(folder.path().join("stat")).ok()?;
            let is_it = environ.split(|byte| *byte == 0).any(|one| one == wanted);
            (is_it && linux::leads_group_alone(&stat, pid)).then_some(pid)
        })
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (name, value);
        None
    }
}

#[cfg(target_os = "linux")]
mod linux {
    /// When a process was started, by a line of `/proc/PID/stat`; `None` if it
    /// has ended and is only not yet waited for. It is the 20th field behind the
    /// name, which stands in brackets and may hold anything; the first one is the
    /// state.
    pub(super) fn started(stat: &str) -> Option<u64> {
        let (_, rest) = stat.rsplit_once(')')?;
        let mut fields = rest.split_ascii_whitespace();
        if matches!(fields.next()?, "Z" | "X") {
            return None;
        }
        fields.nth(18)?.parse().ok()
    }

    /// Whether a process leads its process group, the third field, and not its
    /// session, the fourth.
    pub(super) fn leads_group_alone(stat: &str, pid: u32) -> bool {
        let Some((_, rest)) = stat.rsplit_once(')') else {
            return false;
        };
        let fields: Vec<&str> = rest.split_ascii_whitespace().take(4).collect();
        let is = |at: usize| fields.get(at).is_some_and(|field| field.parse() == Ok(pid));
        is(2) && !is(3)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn the_time_of_the_start_is_read_whatever_the_name() {
        let stat = "12 (a) b) S 1 12 34 0 -1 4194304 89 0 0 0 0 0 0 0 20 0 1 0 4711 0";
        assert_eq!(linux::started(stat), Some(4711));
        assert_eq!(linux::started(&stat.replace(") S", ") Z")), None);
        assert_eq!(linux::started("nonsense"), None);
    }

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
        assert_eq!(started_with("MARK", &value), Some(command.id()));
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
