//! The output of commands, in one file per deployment, named after its ID.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::model::DeploymentId;

/// Marks where the middle of a log was removed because it was too long.
const CUT_MARK: &[u8] = b"\n[deployctl: the log is too long; this part was removed]\n";
/// How much is moved at a time.
const CHUNK_BYTES: u64 = 64 * 1024;

/// The log of one command. If it is too long, its middle is removed: the end, where
/// the reason of a failure is, and the beginning stay.
#[derive(Debug)]
pub(super) struct CommandLog {
    file: File,
    len: u64,
    /// Including [`CUT_MARK`].
    max_len: u64,
}

impl CommandLog {
    /// Creates the log, or appends to an earlier one of the deployment.
    pub(super) fn open(folder: &Path, id: DeploymentId, max_bytes: u64) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o750);
        builder.create(folder)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
        let mut file = options.open(path(folder, id))?;
        let len = file.seek(SeekFrom::End(0))?;
        Ok(Self {
            file,
            len,
            max_len: max_bytes.max(4).saturating_add(CUT_MARK.len() as u64),
        })
    }

    /// Removes the middle: a quarter of the limit stays of the beginning, and half of
    /// it of the end.
    fn cut_middle(&mut self) -> io::Result<()> {
        let max = self.max_len - CUT_MARK.len() as u64;
        let head = max / 4;
        let mut to = head + CUT_MARK.len() as u64;
        let mut from = (self.len.saturating_sub(max / 2)).max(to).min(self.len);
        self.file.seek(SeekFrom::Start(head))?;
        self.file.write_all(CUT_MARK)?;
        let mut chunk = Vec::new();
        while from < self.len {
            self.file.seek(SeekFrom::Start(from))?;
            chunk.clear();
            let read = (&self.file).take(CHUNK_BYTES).read_to_end(&mut chunk)?;
            if read == 0 {
                break;
            }
            self.file.seek(SeekFrom::Start(to))?;
            self.file.write_all(&chunk)?;
            (from, to) = (from + read as u64, to + read as u64);
        }
        self.file.set_len(to)?;
        self.len = self.file.seek(SeekFrom::End(0))?;
        Ok(())
    }
}

fn path(folder: &Path, id: DeploymentId) -> PathBuf {
    folder.join(format!("{id}.log"))
}

impl Write for CommandLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.len >= self.max_len && !bytes.is_empty() {
            self.cut_middle()?;
        }
        let room = usize::try_from(self.max_len.saturating_sub(self.len)).unwrap_or(usize::MAX);
        let written = self.file.write(&bytes[..room.min(bytes.len())])?;
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Removes logs that are older than `keep_for`, and all but the newest `keep`. Other
/// files are not touched.
pub(super) fn prune(folder: &Path, keep: usize, keep_for: Duration) -> io::Result<()> {
    let mut logs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_log = name
            .to_str()
            .and_then(|name| name.strip_suffix(".log"))
            .is_some_and(|number| number.parse::<DeploymentId>().is_ok());
        // Another agent may have removed it meanwhile.
        if is_log && let Ok(metadata) = entry.metadata() {
            logs.push((metadata.modified()?, entry.path()));
        }
    }
    logs.sort_unstable_by(|a, b| b.cmp(a));
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
    fn a_log_that_is_too_long_keeps_its_beginning_and_its_end() {
        let folder = TempDir::new().expect("a folder");
        let folder = folder.path().join("a/b");
        for most in [0, 1, 10, 1000, 300_000] {
            let id = DeploymentId(most);
            let mut whole = Vec::new();
            for part in 0..3 {
                // The log continues that of an earlier attempt.
                let mut log = CommandLog::open(&folder, id, most).expect("made");
                for number in 0..50_000 {
                    let line = format!("line {part} {number}\n");
                    log.write_all(line.as_bytes()).expect("written");
                    whole.extend_from_slice(line.as_bytes());
                }
            }
            let kept = fs::read(folder.join(format!("{id}.log"))).expect("read");
            let most = usize::try_from(most.max(4)).expect("small");
            assert!(
                kept.len() <= most + CUT_MARK.len(),
                "{most}: {}",
                kept.len()
            );
            let head = most / 4;
            assert_eq!(kept[..head], whole[..head], "{most}");
            assert!(kept[head..].starts_with(CUT_MARK), "{most}");
            let tail = &kept[head + CUT_MARK.len()..];
            assert!(
                tail.len() >= most / 2 || most < 1000,
                "{most}: {}",
                tail.len()
            );
            assert!(whole.ends_with(tail), "{most}");
        }
        let mut log = CommandLog::open(&folder, DeploymentId(7), 1000).expect("made");
        log.write_all(b"short").expect("written");
        assert_eq!(fs::read(folder.join("7.log")).expect("read"), b"short");
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
