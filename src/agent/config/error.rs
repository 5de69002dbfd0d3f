use std::io;
use std::path::PathBuf;

use crate::model::TomlProblem;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} is not valid", path.display())]
    Invalid {
        path: PathBuf,
        /// In the order of the lines; never empty.
        problems: Vec<TomlProblem>,
    },
}
