mod check;
mod login;
mod logout;
mod obtain;
mod record;
mod status;
mod token;

use clap::{Args, Subcommand};

use crate::context::Server;
use crate::error::{Failure, Kind};
use crate::model::Host;
use crate::output::Record;
use crate::session::{Session, wanted_of};

/// Log in, and see which token is taken
///
/// Tokens are looked for in this order: DEPLOYCTL_TOKEN, the variables that gh
/// reads for that kind of server, what 'auth login' stored, and gh's own login.
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  # Paste a token, which goes to the system's keyring
  deployctl auth login

  # From a file, on a machine without a keyring
  deployctl auth login --with-token --insecure-storage < token.txt

  # Which token is taken for which server, and why
  deployctl auth status"
)]
pub struct AuthArgs {
    /// What is to be done.
    #[command(subcommand)]
    pub command: AuthCommand,
}

/// What `auth` does.
#[derive(Debug, Subcommand)]
pub enum AuthCommand {
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Status(status::StatusArgs),
    Token(token::TokenArgs),
}

/// Runs what is asked for.
pub(super) async fn run(session: &Session, args: &AuthArgs) -> anyhow::Result<()> {
    match &args.command {
        AuthCommand::Login(args) => login::run(session, args).await,
        AuthCommand::Logout(args) => logout::run(session, args).await,
        AuthCommand::Status(args) => status::run(session, args).await,
        AuthCommand::Token(args) => token::run(session, args).await,
    }
}

/// The fields of the JSON of `login` and `logout`.
pub(super) const LOGIN_FIELDS: &[&str] = record::LoginRecord::FIELDS;
/// The fields of the JSON of `status`.
pub(super) const SOURCE_FIELDS: &[&str] = record::SourceRecord::FIELDS;

/// The server of the repository at hand, or the one that `--hostname` names: an
/// address that DEPLOYCTL_API_URL gives is no other server's.
fn server_of(session: &Session, hostname: Option<&Host>) -> anyhow::Result<Server> {
    let server = session.server(hostname)?;
    match hostname {
        Some(named) if wanted_of(&server).site().as_ref() != Some(named) => Err(Failure::new(
            Kind::Usage,
            format!(
                "the address in use, {}, is not that of {named}",
                server.endpoints.rest
            ),
        )
        .hint("unset DEPLOYCTL_API_URL, or leave --hostname out")
        .into()),
        _ => Ok(server),
    }
}

/// What is said to whoever works on the sandbox.
const SANDBOX_NEEDS_NONE: &str = "the sandbox needs no login and takes any token";
