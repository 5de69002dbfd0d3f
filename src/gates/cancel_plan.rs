use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Failure, Kind};
use crate::model::RunId;
use crate::private_file;

const COMMAND: &str = "reap --waiting";

/// A run that has waited at a gate for too long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WaitingRun {
    pub(super) run_id: RunId,
    pub(super) run_url: String,
    pub(super) workflow: String,
    /// The environments that it waits for.
    pub(super) environments: Vec<String>,
    /// The start of its newest attempt.
    pub(super) since: Timestamp,
}

/// The runs to cancel, as `--plan-out` saves them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CancelPlan {
    command: String,
    repository: String,
    server: String,
    pub(super) runs: Vec<WaitingRun>,
}

impl CancelPlan {
    pub(super) fn new(repository: String, server: String, runs: Vec<WaitingRun>) -> Self {
        Self {
            command: COMMAND.to_owned(),
            repository,
            server,
            runs,
        }
    }

    /// Writes a file completely or not at all.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let written = private_file::replace_public(path, |file| {
            serde_json::to_writer_pretty(&mut *file, self)?;
            file.write_all(b"\n")
        });
        written.map_err(|error| {
            let text = format!("cannot write the plan {}: {error}", path.display());
            Failure::new(Kind::Other, text)
        })
    }

    /// Reads a file, and refuses one of another command, repository or server.
    pub(super) fn read(path: &Path, repository: &str, server: &str) -> Result<Self, Failure> {
        let refuse =
            |what: String| Failure::new(Kind::Usage, format!("the plan {} {what}", path.display()));
        let file = File::open(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
        let plan: Self = serde_json::from_reader(BufReader::new(file))
            .map_err(|error| refuse(format!("is not valid for '{COMMAND}': {error}")))?;
        if plan.command != COMMAND {
            return Err(refuse(format!("was made by '{}'", plan.command)));
        }
        if !plan.repository.eq_ignore_ascii_case(repository) || plan.server != server {
            return Err(refuse(format!(
                "is for {} at {}, not for {repository} at {server}",
                plan.repository, plan.server
            )));
        }
        Ok(plan)
    }
}
