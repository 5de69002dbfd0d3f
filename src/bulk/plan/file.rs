use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use super::Plan;
use crate::bulk::operation::Operation;
use crate::error::{Failure, Kind};
use crate::private_file;

/// Writes a plan file completely or not at all.
pub(in crate::bulk) fn write_plan(path: &Path, plan: &Plan) -> Result<(), Failure> {
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
pub(in crate::bulk) fn read_plan(
    path: &Path,
    operation: Operation,
    repository: &str,
    server: &str,
) -> Result<Plan, Failure> {
    let refuse =
        |what: String| Failure::new(Kind::Usage, format!("the plan {} {what}", path.display()));
    let file = File::open(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let mut plan: Plan = serde_json::from_reader(BufReader::new(file))
        .map_err(|error| refuse(format!("is not valid: {error}")))?;
    if plan.command != operation {
        return Err(refuse(format!("was made by '{}'", plan.command.verb())));
    }
    if !plan.repository.eq_ignore_ascii_case(repository) || plan.server != server {
        return Err(refuse(format!(
            "is for {} at {}, not for {repository} at {server}",
            plan.repository, plan.server
        )));
    }
    if let Some(step) = plan
        .deployments
        .iter()
        .find(|step| !operation.allows(step.action))
    {
        return Err(refuse(format!(
            "has a step for {} that '{}' does not do: {}",
            step.id,
            operation.verb(),
            step.action.label()
        )));
    }
    plan.found_any = !plan.deployments.is_empty() || !plan.kept.is_empty();
    Ok(plan)
}
