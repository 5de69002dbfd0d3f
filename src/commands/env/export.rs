use clap::Args;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::blueprint::{Blueprint, Document};
use super::details;
use super::failure::{missing, refused};
use crate::error::{Failure, Kind};
use crate::model::Environment;
use crate::output::EnvironmentDetails;
use crate::session::{Connection, Permission, Session};

/// How many environments are asked for at a time.
const AT_ONCE: usize = 4;

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

/// Writes them.
pub(super) async fn run(session: &Session, args: &ExportArgs) -> anyhow::Result<()> {
    let format = session.format::<Document>()?;
    let connection = session.connect(None).await?;
    let all = all(&connection).await?;
    let wanted = if args.names.is_empty() {
        all
    } else {
        chosen(&connection, all, &args.names)?
    };
    let details = of_each(&connection, wanted).await?;
    for one in &details {
        whole(&connection, one)?;
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

/// All environments of the repository.
pub(super) async fn all(connection: &Connection) -> Result<Vec<Environment>, Failure> {
    match connection
        .client
        .repo(&connection.repo)
        .environments()
        .await
    {
        Ok(all) => Ok(all),
        Err(error) => Err(refused(connection, "", &error, Permission::ReadEnvironments).await),
    }
}

/// All that belongs to environments, a few of them at a time.
pub(super) async fn of_each(
    connection: &Connection,
    environments: Vec<Environment>,
) -> Result<Vec<EnvironmentDetails>, Failure> {
    stream::iter(environments)
        .map(|environment| details::of(connection, environment))
        .buffered(AT_ONCE)
        .try_collect()
        .await
        .map_err(|error| connection.explain(&error))
}

fn chosen(
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

/// Refuses to write half of an environment as if it were the whole.
fn whole(connection: &Connection, details: &EnvironmentDetails) -> Result<(), Failure> {
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
