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
