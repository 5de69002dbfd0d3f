use std::io;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error("{}: {source}", path.display())]
    Folder {
        path: PathBuf,
        source: Arc<io::Error>,
    },
    #[error("another agent uses {}{}", path.display(), pid.as_ref().map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    InUse { path: PathBuf, pid: Option<String> },
    /// It was created for another server, whose deployments have other IDs.
    #[error("{} is the journal of {theirs}, not of {ours}", path.display())]
    OtherServer {
        path: PathBuf,
        theirs: String,
        ours: String,
    },
    #[error("{} was written by a newer deployctl", .0.display())]
    Newer(PathBuf),
    #[error("there is no journal in {}", .0.display())]
    Missing(PathBuf),
    #[error("the journal cannot be used: {0}")]
    Database(Arc<rusqlite::Error>),
    /// The thread that writes has ended.
    #[error("the journal is closed")]
    Closed,
    /// The command was started or the deployment is closed: the command is never
    /// started again.
    #[error("the command was already started")]
    Started,
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}
