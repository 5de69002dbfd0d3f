use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::private_file;

/// The largest file that is read, far larger than any list of logins.
const LARGEST_BYTES: u64 = 1024 * 1024;
/// How long to wait for another process to release the lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// A file of the program could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiskError {
    #[error("{path} can't be {action}: {error}", path = path.display())]
    Io {
        path: PathBuf,
        /// `read`, `written` or `locked`.
        action: &'static str,
        error: io::Error,
    },
    /// Other users of the machine can read or change the file.
    #[error("{path} can be read by other users of this machine", path = .0.display())]
    Exposed(PathBuf),
    /// The file was not written by this program.
    #[error("{path} is not understood: {what}", path = path.display())]
    Garbled {
        path: PathBuf,
        /// The reason, without any content of the file.
        what: String,
    },
}

impl DiskError {
    fn io(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io {
            path,
            action,
            error,
        }
    }

    /// A file with invalid JSON. The message has the position, but not the
    /// content, which could be a token.
    pub(super) fn garbled(path: &Path, error: &serde_json::Error) -> Self {
        Self::Garbled {
            path: path.to_owned(),
            what: format!(
                "invalid JSON at line {}, column {}",
                error.line(),
                error.column()
            ),
        }
    }
}

/// Reads a file; `None` if it does not exist. With `private`, a file that other
/// users can read is refused.
pub(super) fn read(path: &Path, private: bool) -> Result<Option<Vec<u8>>, DiskError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(DiskError::io(path, "read")(error)),
    };
    if private && is_exposed(&file).map_err(DiskError::io(path, "read"))? {
        return Err(DiskError::Exposed(path.to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(DiskError::io(path, "read"))?;
    if bytes.len() as u64 > LARGEST_BYTES {
        return Err(DiskError::Garbled {
            path: path.to_owned(),
            what: "it is too large".to_owned(),
        });
    }
    Ok(Some(bytes))
}

/// Replaces a private file. The caller holds the lock.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    private_file::remove_unfinished(path);
    private_file::replace(path, |file| {
        file.write_all(bytes)?;
        file.sync_all()
    })
    .map_err(DiskError::io(path, "written"))
}

/// Prevents other processes from changing a file until it is dropped.
pub(super) struct Lock(#[expect(dead_code, reason = "the lock ends with the file")] File);

impl Lock {
    /// Locks a file, which may not exist yet, and creates its folder.
    pub(super) fn acquire(path: &Path) -> Result<Self, DiskError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let lock = path.with_file_name(format!(".{name}.lock"));
        if let Some(folder) = path.parent() {
            private_file::create_folder(folder).map_err(DiskError::io(folder, "written"))?;
        }
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock)
            .map_err(DiskError::io(&lock, "locked"))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if began.elapsed() < LOCK_TIMEOUT => {
                    thread::sleep(Duration::from_millis(10));
                }
                Err(error) => return Err(DiskError::io(&lock, "locked")(error.into())),
            }
        }
    }
}

#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// On other systems the user's folder is private already.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature is that of the others"
)]
fn is_exposed(_file: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_for_the_user_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deeper/hosts.json");
        assert_eq!(read(&path, true).expect("no file is no error"), None);
        let lock = Lock::acquire(&path).expect("locked");
        replace(&path, b"first").expect("written");
        replace(&path, b"second").expect("written");
        drop(lock);
        assert_eq!(
            read(&path, true).expect("read").as_deref(),
            Some(&b"second"[..])
        );
        let names: Vec<_> = fs::read_dir(path.parent().expect("a folder"))
            .expect("listed")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(names.len(), 2, "the file and its lock: {names:?}");
    }

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hosts.json");
        let left = folder.path().join(".hosts.json.a1b2c3.new");
        fs::write(&left, "half").expect("written");
        replace(&path, b"whole").expect("written");
        assert!(!left.exists());
        assert_eq!(
            read(&path, false).expect("read").as_deref(),
            Some(&b"whole"[..])
        );
    }

    #[test]
    fn a_second_process_waits_for_the_lock() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hosts.json");
        let lock = Lock::acquire(&path).expect("locked");
        let other = {
            let path = path.clone();
            thread::spawn(move || Lock::acquire(&path).map(|_| Instant::now()))
        };
        thread::sleep(Duration::from_millis(60));
        let released = Instant::now();
        drop(lock);
        let taken = other.join().expect("no panic").expect("locked");
        assert!(taken >= released);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.json");
        replace(&path, b"{}").expect("written");
        assert!(read(&path, true).is_ok());
        for mode in [0o640, 0o604, 0o660, 0o610] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("changed");
            assert!(
                matches!(read(&path, true), Err(DiskError::Exposed(_))),
                "{mode:o}"
            );
            assert!(read(&path, false).is_ok(), "{mode:o}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (real, link) = (
            folder.path().join("real.json"),
            folder.path().join("hosts.json"),
        );
        fs::write(&real, "old").expect("written");
        std::os::unix::fs::symlink(&real, &link).expect("linked");
        replace(&link, b"new").expect("written");
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(fs::read(&real).expect("read"), b"new");
    }
}
