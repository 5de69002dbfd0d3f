//! What Linux says about a process.

use std::path::Path;

/// Fields of `/proc/PID/stat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProcStat {
    /// Whether it has ended and its parent has not waited for it.
    pub(crate) has_ended: bool,
    /// Its process group.
    pub(crate) group: i32,
    /// 0 if the leader of the session is outside the container.
    pub(crate) session: i32,
    /// When it was started, in ticks since the machine was booted.
    pub(crate) started: u64,
}

impl ProcStat {
    /// Reads the folder of a process in `/proc`; `None` if it does not exist.
    pub(crate) fn read(folder: &Path) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(folder.join("stat")).ok()?)
    }

    /// The fields follow the name, which is in parentheses and may contain anything.
    fn parse(line: &str) -> Option<Self> {
        let (_, rest) = line.rsplit_once(')')?;
        let mut fields = rest.split_ascii_whitespace();
        let state = fields.next()?;
        let group = fields.nth(1)?.parse().ok()?;
        let session = fields.next()?.parse().ok()?;
        let started = fields.nth(15)?.parse().ok()?;
        Some(Self {
            has_ended: matches!(state, "Z" | "X"),
            group,
            session,
            started,
        })
    }
}

/// Whether the process with this folder in `/proc` was started with all of these
/// variables. False once it has ended.
pub(crate) fn has_variables(folder: &Path, variables: &[(&str, &str)]) -> bool {
    let Ok(environ) = std::fs::read(folder.join("environ")) else {
        return false;
    };
    variables.iter().all(|(name, value)| {
        let wanted = [name.as_bytes(), b"=", value.as_bytes()].concat();
        environ
            .split(|byte| *byte == 0)
            .any(|variable| variable == wanted)
    })
}

/// Whether every process of a group has ended. If no parent waits for them, as in a
/// container whose first process is not an init, they exist forever.
pub(crate) fn has_group_ended(group: i32) -> bool {
    let Ok(folders) = std::fs::read_dir("/proc") else {
        return false;
    };
    folders
        .flatten()
        .filter_map(|folder| ProcStat::read(&folder.path()))
        .all(|stat| stat.group != group || stat.has_ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_read_whatever_the_name() {
        let line = "12 (a) b) S 1 13 34 0 -1 4194304 89 0 0 0 0 0 0 0 20 0 1 0 4711 0";
        let stat = ProcStat {
            has_ended: false,
            group: 13,
            session: 34,
            started: 4711,
        };
        assert_eq!(ProcStat::parse(line), Some(stat));
        let ended = ProcStat::parse(&line.replace(") S", ") Z")).expect("one");
        assert!(ended.has_ended);
        assert_eq!(ProcStat::parse("nonsense"), None);
    }

    #[test]
    fn a_group_has_ended_when_each_of_it_has() {
        use std::os::unix::process::CommandExt;
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .process_group(0)
            .spawn()
            .expect("started");
        let group = i32::try_from(child.id()).expect("a number");
        assert!(!has_group_ended(group));
        child.kill().expect("killed");
        // The process is not waited for, so it stays as a zombie.
        let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while !has_group_ended(group) && std::time::Instant::now() < end {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(has_group_ended(group));
        child.wait().expect("waited");
    }
}
