use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use secrecy::SecretSlice;

use super::entry::{self, EntryKind, parse_entry};
use super::settings::parse_name;
use super::target::TargetEnvironment;
use crate::error::{Failure, Kind};
use crate::model::Secret;
use crate::output::{Cell, Column};
use crate::session::{Permission, Session};
use crate::term::{Role, Text};

/// Manage the secrets of an environment
///
/// Values are encrypted with the public key of the environment before they are
/// sent. They cannot be read again, except by GitHub Actions jobs.
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  # The names; values cannot be read
  deployctl env secret list production

  # Type the value without showing it
  deployctl env secret set production DEPLOY_KEY

  # Read the value from a password manager
  pass show deploy-key | deployctl env secret set production DEPLOY_KEY

  # Read the value from a file, unchanged
  deployctl env secret set production DEPLOY_KEY --from-file id_ed25519"
)]
pub struct SecretArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: SecretCommand,
}

/// The verbs of `env secret`.
#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// List the names of the secrets
    #[command(after_help = "\
Examples:
  # The names; values cannot be read
  deployctl env secret list production

  # The names, one per line
  deployctl env secret list production --jq '.[].name'

  # When each was last updated, as JSON
  deployctl env secret list production --json=name,updated_at")]
    List {
        /// Name of the environment
        #[arg(value_name = "ENV", value_parser = parse_name)]
        environment: String,
    },
    /// Create or update a secret
    ///
    /// The value is read from stdin (without a line break at its end), from
    /// --from-file, or from a hidden prompt; never from the command line, which
    /// others can see.
    #[command(after_help = "\
Examples:
  # Type the value without showing it
  deployctl env secret set production DEPLOY_KEY

  # Read the value from a password manager
  pass show deploy-key | deployctl env secret set production DEPLOY_KEY

  # Read the value from a file, unchanged
  deployctl env secret set production DEPLOY_KEY --from-file id_ed25519

  # A random value
  head -c 32 /dev/urandom | base64 | deployctl env secret set staging SESSION_KEY")]
    Set {
        /// Name of the environment
        #[arg(value_name = "ENV", value_parser = parse_name)]
        environment: String,

        /// Name of the secret; GitHub stores it in upper case
        #[arg(value_name = "NAME", value_parser = parse_entry)]
        name: String,

        /// Read the value from a file, unchanged
        #[arg(long, value_name = "FILE")]
        from_file: Option<PathBuf>,
    },
    /// Delete a secret
    #[command(after_help = "\
Examples:
  # Delete a secret
  deployctl env secret delete production DEPLOY_KEY

  # Exit 0 even if it does not exist
  deployctl env secret delete production OLD_KEY --ignore-missing

  # All secrets of a preview
  deployctl env secret list preview/pr-7 --jq '.[].name' |
    xargs -r -n 1 deployctl env secret delete preview/pr-7")]
    Delete {
        /// Name of the environment
        #[arg(value_name = "ENV", value_parser = parse_name)]
        environment: String,

        /// Name of the secret
        #[arg(value_name = "NAME", value_parser = parse_entry)]
        name: String,

        /// Exit 0 if the secret does not exist
        #[arg(long)]
        ignore_missing: bool,
    },
}

pub(super) async fn run(session: &Session, args: &SecretArgs) -> anyhow::Result<()> {
    let term = &session.term;
    match &args.command {
        SecretCommand::List { environment } => list(session, environment).await,
        SecretCommand::Set {
            environment,
            name,
            from_file,
        } => {
            let value = value(session, name, from_file.as_ref())?;
            let connection = session.connect(None).await?;
            let target = TargetEnvironment::new(&connection, environment);
            let request = target.handle().put_secret(name, &value);
            let is_new = target
                .request(Permission::UseSecretsAndVariables, request)
                .await?;
            let text = Text::new().plain(if is_new { "Created " } else { "Changed " });
            term.note(text.with(Role::Id, name.to_ascii_uppercase()));
            Ok(())
        }
        SecretCommand::Delete {
            environment,
            name,
            ignore_missing,
        } => {
            let entry = (environment.as_str(), name.as_str());
            entry::delete(session, EntryKind::Secret, entry, *ignore_missing).await
        }
    }
}

async fn list(session: &Session, environment: &str) -> anyhow::Result<()> {
    let format = session.format::<Secret>()?;
    let connection = session.connect(None).await?;
    let target = TargetEnvironment::new(&connection, environment);
    let all = target
        .request(
            Permission::UseSecretsAndVariables,
            target.handle().secrets(),
        )
        .await?;
    if all.is_empty() {
        session.term.note(format!("{environment} has no secrets"));
    }
    let columns = vec![Column::rigid("NAME"), Column::rigid("UPDATED")];
    let now = jiff::Timestamp::now();
    format.print_many(&session.term, &all, columns, |secret| {
        vec![
            Cell::new(secret.name.as_str()).role(Role::Id),
            Cell::age(secret.updated_at, now),
        ]
    })?;
    Ok(())
}

/// The value of a secret, which must not appear in a list of processes or in the
/// shell history.
fn value(
    session: &Session,
    name: &str,
    from_file: Option<&PathBuf>,
) -> anyhow::Result<SecretSlice<u8>> {
    let bytes = if let Some(path) = from_file {
        std::fs::read(path).map_err(|error| {
            let path = path.display();
            Failure::new(
                Kind::Usage,
                format!("--from-file: the file {path} can't be read: {error}"),
            )
        })?
    } else if std::io::stdin().is_terminal() {
        let question = format!("Value of {}", name.to_ascii_uppercase());
        let typed = session.term.prompter().password(&question, "--from-file")?;
        typed.into_bytes()
    } else {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(|error| {
            Failure::new(
                Kind::Usage,
                format!("standard input can't be read: {error}"),
            )
        })?;
        without_line_break(bytes)
    };
    if bytes.is_empty() {
        return Err(
            Failure::new(Kind::Usage, "the value of the secret is empty")
                .hint("pipe it into the command, or pass a file with --from-file")
                .into(),
        );
    }
    Ok(bytes.into())
}

/// `echo` and password managers end what they print with a line break that is
/// not part of it.
fn without_line_break(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::without_line_break;

    #[test]
    fn one_line_break_at_the_end_does_not_count() {
        for (piped, value) in [
            (&b"a\n"[..], &b"a"[..]),
            (b"a\r\n", b"a"),
            (b"a\n\n", b"a\n"),
            (b"a\nb", b"a\nb"),
            (b"\n", b""),
            (b"a\r", b"a\r"),
        ] {
            assert_eq!(without_line_break(piped.to_vec()), value);
        }
    }
}
