use clap::Args;

use super::blueprint::{Blueprint, Document};
use super::details;
use super::target::missing;
use crate::error::{Failure, Kind};
use crate::model::Environment;
use crate::output::EnvironmentDetails;
use crate::session::{Connection, Session};

/// Export environments as a document for 'env apply'
///
/// The document uses names instead of IDs, so that it can be applied to another
/// repository. Values of secrets cannot be read; the document has their names.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Keep the environments in the repository
  deployctl env export > environments.json

  # A single environment
  deployctl env export production > production.json

  # Copy the environments to another repository
  deployctl env export | deployctl env apply - -R acme/other --yes")]
pub struct ExportArgs {
    /// Environments to export (default: all)
    #[arg(value_name = "ENV")]
    pub names: Vec<String>,
}

pub(super) async fn run(session: &Session, args: &ExportArgs) -> anyhow::Result<()> {
    let format = session.format::<Document>()?;
    let connection = session.connect(None).await?;
    let all = details::environments(&connection).await?;
    let wanted = if args.names.is_empty() {
        all
    } else {
        select_named(&connection, all, &args.names)?
    };
    let details = details::load_all(&connection, wanted).await?;
    for one in &details {
        check_complete(&connection, one)?;
    }
    let document = Document::new(details.iter().map(Blueprint::of).collect());
    let term = &session.term;
    format.print_one(term, &document, || {
        let mut text = serde_json::to_string_pretty(&document)?;
        text.push('\n');
        term.bytes(text.as_bytes())
    })?;
    Ok(())
}

fn select_named(
    connection: &Connection,
    all: Vec<Environment>,
    names: &[String],
) -> Result<Vec<Environment>, Failure> {
    for name in names {
        if !all.iter().any(|environment| environment.name == *name) {
            return Err(missing(connection, name));
        }
    }
    let is_named = |environment: &Environment| names.contains(&environment.name);
    Ok(all.into_iter().filter(is_named).collect())
}

/// Refuses to export an environment of which only a part is visible.
fn check_complete(connection: &Connection, details: &EnvironmentDetails) -> Result<(), Failure> {
    if details.variables.is_some() && details.secrets.is_some() {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Forbidden,
        format!(
            "not allowed: the token may not see the variables and secrets of {:?} in {}",
            details.environment.name, connection.repo
        ),
    )
    .hint("a fine-grained token needs 'Environments: read', a classic one the scope repo"))
}
