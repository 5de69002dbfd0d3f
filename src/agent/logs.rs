//! The output of commands, in one file for each deployment. Its name is the
//! deployment's number and nothing else.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::model::DeploymentId;

/// The log of one command; what is more than it may have is dropped.
#[derive(Debug)]
pub(super) struct LogFile {
    file: File,
    room: u64,
    is_full: bool,
}

impl LogFile {
    /// Makes the log, or goes on with it where the deployment had one before.
    pub(super) fn create(folder: &Path, id: DeploymentId, most: u64) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o750);
        builder.create(folder)?;
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
        let file = options.open(path(folder, id))?;
        let room = most.saturating_sub(file.metadata()?.len());
        Ok(Self {
            file,
            room,
            is_full: false,
        })
    }
}

/// Where the log of a deployment is.
fn path(folder: &Path, id: DeploymentId) -> PathBuf {
    folder.join(format!("{id}.log"))
}

impl Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let kept = usize::try_from(self.room).map_or(bytes.len(), |room| room.min(bytes.len()));
        self.file.write_all(&bytes[..kept])?;
        self.room -= kept as u64;
        if kept < bytes.len() && !self.is_full {
            self.is_full = true;
            self.file
                .write_all(b"\n[deployctl: the log is full; the rest is not kept]\n")?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Removes logs that are older than `keep_for`, and all but the newest `keep`.
/// Other files stay.
pub(super) fn prune(folder: &Path, keep: usize, keep_for: Duration) -> io::Result<()> {
    let mut logs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_log = name
            .to_str()
            .and_then(|name| name.strip_suffix(".log"))
            .is_some_and(|number| number.parse::<DeploymentId>().is_ok());
        // One that another agent removed meanwhile is gone.
        if is_log && let Ok(metadata) = entry.metadata() {
            logs.push((metadata.modified()?, entry.path()));
        }
    }
    logs.sort_by(|a, b| b.cmp(a));
    let oldest = SystemTime::now().checked_sub(keep_for);
    for (at, (modified, path)) in logs.into_iter().enumerate() {
        let is_old = oldest.is_some_and(|oldest| modified < oldest);
        if at >= keep || is_old {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("read")
            .map(|entry| {
                entry
                    .expect("read")
                    .file_name()
                    .into_string()
                    .expect("text")
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_log_keeps_no_more_than_it_may() {
        let folder = TempDir::new().expect("a folder");
        let folder = folder.path().join("a/b");
        let mut log = LogFile::create(&folder, DeploymentId(7), 10).expect("made");
        log.write_all(b"1234567").expect("written");
        log.write_all(b"890ab").expect("written");
        log.write_all(b"cd").expect("written");
        let text = fs::read_to_string(folder.join("7.log")).expect("read");
        assert_eq!(
            text,
            "1234567890\n[deployctl: the log is full; the rest is not kept]\n"
        );
    }

    #[test]
    fn the_newest_stay_and_other_files_are_not_touched() {
        let folder = TempDir::new().expect("a folder");
        let day = Duration::from_secs(86_400);
        for id in 1..=4_u32 {
            let path = folder.path().join(format!("{id}.log"));
            let file = File::create(path).expect("made");
            let modified = SystemTime::now() - day * (5 - id);
            file.set_modified(modified).expect("set");
        }
        for name in ["x.log", "5.txt", "+1.log"] {
            fs::write(folder.path().join(name), "").expect("written");
        }
        prune(folder.path(), 3, day * 10).expect("pruned");
        assert_eq!(
            names(folder.path()),
            ["+1.log", "2.log", "3.log", "4.log", "5.txt", "x.log"]
        );
        prune(folder.path(), 3, day * 2).expect("pruned");
        assert_eq!(names(folder.path()), ["+1.log", "4.log", "5.txt", "x.log"]);
    }
}
