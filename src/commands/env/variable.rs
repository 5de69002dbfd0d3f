use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::entry::{self, EntryKind, parse_entry};
use super::settings::parse_name;
use super::target::TargetEnvironment;
use crate::error::{Failure, Kind};
use crate::model::Variable;
use crate::output::{Cell, Column};
use crate::session::{Permission, Session, read_text};
use crate::term::{Role, Text};

/// Manage the variables of an environment
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  # The variables of production
  deployctl env variable list production

  # Create or update a variable
  deployctl env variable set production REGION eu-central-1
  deployctl env variable set production CONFIG --from-file config.json

  # Delete a variable
  deployctl env variable delete production REGION"
)]
pub struct VariableArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: VariableCommand,
}

/// The verbs of `env variable`.
#[derive(Debug, Subcommand)]
pub enum VariableCommand {
    /// List the variables with their values
    #[command(after_help = "\
Examples:
  # The variables of production
  deployctl env variable list production

  # In a form for a shell
  deployctl env variable list production --jq '.[] | \"\\(.name)=\\(.value)\"'

  # The value of a variable
  deployctl env variable list production --jq '.[] | select(.name == \"REGION\").value'")]
    List {
        /// Name of the environment
        #[arg(value_name = "ENV", value_parser = parse_name)]
        environment: String,
    },
    /// Create or update a variable
    #[command(after_help = "\
Examples:
  # Create or update a variable
  deployctl env variable set production REGION eu-central-1

  # Read the value from a file, unchanged
  deployctl env variable set production CONFIG --from-file config.json

  # Read the value from another program
  git rev-parse HEAD | deployctl env variable set production COMMIT --from-file -")]
    Set {
        /// Name of the environment
        #[arg(value_name = "ENV", value_parser = parse_name)]
        environment: String,

        /// Name of the variable; GitHub stores it in upper case
        #[arg(value_name = "NAME", value_parser = parse_entry)]
        name: String,

        /// Value of the variable, unless --from-file is given
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: Option<String>,

        /// Read the value from a file, or - for stdin
        #[arg(long, value_name = "FILE", conflicts_with = "value")]
        from_file: Option<PathBuf>,
    },
    /// Delete a variable
    #[command(after_help = "\
Examples:
  # Delete a variable
  deployctl env variable delete production REGION

  # Exit 0 even if it does not exist
  deployctl env variable delete production OLD_REGION --ignore-missing

  # All variables of an environment
  deployctl env variable list staging --jq '.[].name' |
    xargs -r -n 1 deployctl env variable delete staging")]
    Delete {
        /// Name of the environment
        #[arg(value_name = "ENV", value_parser = parse_name)]
        environment: String,

        /// Name of the variable
        #[arg(value_name = "NAME", value_parser = parse_entry)]
        name: String,

        /// Exit 0 if the variable does not exist
        #[arg(long)]
        ignore_missing: bool,
    },
}

pub(super) async fn run(session: &Session, args: &VariableArgs) -> anyhow::Result<()> {
    let term = &session.term;
    match &args.command {
        VariableCommand::List { environment } => {
            let format = session.format::<Variable>()?;
            let connection = session.connect(None).await?;
            let target = TargetEnvironment::new(&connection, environment);
            let request = target.handle().variables();
            let all = target
                .request(Permission::UseSecretsAndVariables, request)
                .await?;
            if all.is_empty() {
                term.note(format!("{environment} has no variables"));
            }
            let columns = vec![
                Column::rigid("NAME"),
                Column::flexible("VALUE", 16),
                Column::rigid("UPDATED"),
            ];
            let now = jiff::Timestamp::now();
            format.print_many(term, &all, columns, |variable| {
                vec![
                    Cell::new(variable.name.as_str()).role(Role::Id),
                    Cell::new(variable.value.as_str()),
                    Cell::age(variable.updated_at, now),
                ]
            })?;
            Ok(())
        }
        VariableCommand::Set {
            environment,
            name,
            value,
            from_file,
        } => {
            let value = match (value, from_file) {
                (Some(value), _) => value.clone(),
                (None, Some(path)) => read_text("--from-file", path)?,
                (None, None) => {
                    return Err(Failure::new(Kind::Usage, format!("{name}: no value is given"))
                        .hint(format!(
                            "run 'deployctl env variable set {environment} {name} VALUE', or give \
                             a file with --from-file (- for standard input)"
                        ))
                        .into());
                }
            };
            let connection = session.connect(None).await?;
            let target = TargetEnvironment::new(&connection, environment);
            let is_new = target.set_variable(name, &value).await?;
            let text = if is_new { "Created " } else { "Changed " };
            let text = Text::new().plain(text);
            term.note(text.with(Role::Id, name.to_ascii_uppercase()));
            Ok(())
        }
        VariableCommand::Delete {
            environment,
            name,
            ignore_missing,
        } => {
            let entry = (environment.as_str(), name.as_str());
            entry::delete(session, EntryKind::Variable, entry, *ignore_missing).await
        }
    }
}
