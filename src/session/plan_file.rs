use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Failure, Kind};
use crate::private_file;

/// What a plan was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlanOrigin<'a> {
    /// The command, without the name of the program.
    pub(crate) command: &'a str,
    /// `OWNER/NAME`.
    pub(crate) repository: &'a str,
    /// The name of the server; see
    /// [`Session::server_name`](super::Session::server_name).
    pub(crate) server: &'a str,
}

/// A plan that can be saved, and applied later.
pub(crate) trait SavedPlan: Serialize + DeserializeOwned {
    fn origin(&self) -> PlanOrigin<'_>;
}

/// Writes a plan file completely or not at all.
pub(crate) fn write_plan(path: &Path, plan: &impl SavedPlan) -> Result<(), Failure> {
    let written = private_file::replace_public(path, |file| {
        let mut file = BufWriter::new(file);
        serde_json::to_writer_pretty(&mut file, plan)?;
        file.write_all(b"\n")?;
        file.flush()
    });
    written.map_err(|error| {
        let text = format!("cannot write the plan {}: {error}", path.display());
        Failure::new(Kind::Other, text)
    })
}

/// Reads a plan file, and refuses one of another command, repository or server.
pub(crate) fn read_plan<P: SavedPlan>(
    path: &Path,
    expected: &PlanOrigin<'_>,
) -> Result<P, Failure> {
    let refuse = |what: String| refuse_plan(path, &what);
    let command = expected.command;
    let file = File::open(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let plan: P = serde_json::from_reader(BufReader::new(file))
        .map_err(|error| refuse(format!("is not valid for '{command}': {error}")))?;
    let origin = plan.origin();
    if origin.command != command {
        return Err(refuse(format!("was made by '{}'", origin.command)));
    }
    let is_same_repository = origin.repository.eq_ignore_ascii_case(expected.repository);
    if !is_same_repository || origin.server != expected.server {
        return Err(refuse(format!(
            "is for {} at {}, not for {} at {}",
            origin.repository, origin.server, expected.repository, expected.server
        )));
    }
    Ok(plan)
}

/// The failure for a plan file that cannot be applied.
pub(crate) fn refuse_plan(path: &Path, what: &str) -> Failure {
    Failure::new(Kind::Usage, format!("the plan {} {what}", path.display()))
}
