use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::OutboxError;
use crate::private_file;

/// When the file of a process that died is removed.
const MAX_AGE: Duration = Duration::from_secs(24 * 3600);

/// A file that this process keeps locked as long as it runs.
#[derive(Debug)]
pub(super) struct ProcessLock {
    name: String,
    /// `None` for an outbox that no other process can see.
    file: Option<(PathBuf, File)>,
}

impl ProcessLock {
    pub(super) fn new(folder: &Path) -> Result<Self, OutboxError> {
        private_file::create_folder(folder).map_err(OutboxError::file(folder))?;
        remove_old_files(folder);
        loop {
            let name = format!("{}-{:016x}", std::process::id(), fastrand::u64(..));
            let path = folder.join(&name);
            let file = match private_file::create(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(OutboxError::file(&path)(error)),
            };
            file.lock().map_err(OutboxError::file(&path))?;
            return Ok(Self {
                name,
                file: Some((path, file)),
            });
        }
    }

    /// For an outbox in memory.
    pub(super) fn in_memory() -> Self {
        Self {
            name: format!("{}-memory", std::process::id()),
            file: None,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for ProcessLock {
    fn drop(&mut self) {
        if let Some((path, _locked)) = &self.file {
            // A process without its file counts as ended.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether a process still keeps the lock.
pub(super) fn is_held(folder: &Path, name: &str) -> bool {
    let path = folder.join(name);
    match OpenOptions::new().write(true).open(&path) {
        Ok(file) => match file.try_lock() {
            Ok(()) => {
                let _ = fs::remove_file(&path);
                false
            }
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => true,
        },
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// Removes the files of processes that died without owning anything.
fn remove_old_files(folder: &Path) {
    let Ok(files) = fs::read_dir(folder) else {
        return;
    };
    for file in files.flatten() {
        let age = file
            .metadata()
            .and_then(|found| found.modified())
            .map(|made| made.elapsed().unwrap_or_default());
        if age.is_ok_and(|age| age > MAX_AGE) {
            // The check removes the file of a process that has ended.
            is_held(folder, &file.file_name().to_string_lossy());
        }
    }
}
