use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    #[error("{path} cannot be used: {error}", path = path.display())]
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("the outbox cannot be used: {0}")]
    Database(#[from] rusqlite::Error),
    /// Its content was not written by this program.
    #[error("the outbox cannot be read: {0}")]
    Invalid(String),
    #[error("the outbox was written by a newer deployctl (version {0} of the file)")]
    Newer(i64),
}

impl OutboxError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path, error }
    }
}
