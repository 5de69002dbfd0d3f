use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::OutboxError;
use crate::private_file;

/// What a process that died left is removed once it is so old.
const LEFT: Duration = Duration::from_secs(24 * 3600);

/// The mark of this process: a file that it holds locked as long as it lives.
#[derive(Debug)]
pub(super) struct Owner {
    name: String,
    /// `None` for the owner of an outbox that no other process can see.
    file: Option<(PathBuf, File)>,
}

impl Owner {
    pub(super) fn new(folder: &Path) -> Result<Self, OutboxError> {
        private_file::create_folder(folder).map_err(OutboxError::file(folder))?;
        clear(folder);
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

    /// The owner of an outbox in memory.
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

impl Drop for Owner {
    fn drop(&mut self) {
        if let Some((path, _locked)) = &self.file {
            // Without its file an owner counts as gone, which it is.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether the process with this mark lives.
pub(super) fn is_alive(folder: &Path, name: &str) -> bool {
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

/// Removes what processes left that died without owning anything.
fn clear(folder: &Path) {
    let Ok(files) = fs::read_dir(folder) else {
        return;
    };
    for file in files.flatten() {
        let age = file
            .metadata()
            .and_then(|found| found.modified())
            .map(|made| made.elapsed().unwrap_or_default());
        if age.is_ok_and(|age| age > LEFT) {
            // Asking removes the file of a process that is gone.
            is_alive(folder, &file.file_name().to_string_lossy());
        }
    }
}
