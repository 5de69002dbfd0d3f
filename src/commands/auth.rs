mod check;
mod login;
mod logout;
mod obtain;
mod record;
mod server;
mod status;
mod token;

use clap::{Args, Subcommand};

use crate::output::Record;
use crate::session::Session;

/// Log in, and show which token is used
///
/// deployctl uses the first token that it finds in DEPLOYCTL_TOKEN, gh's
/// variables for that kind of server, the tokens stored by 'auth login', and gh
/// itself.
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  # Store a token in the system's keyring
  deployctl auth login

  # Read the token from a file, on a machine without a keyring
  deployctl auth login --with-token --insecure-storage < token.txt

  # Show which token is used for each server, and why
  deployctl auth status"
)]
pub struct AuthArgs {
    #[command(subcommand)]
    pub command: AuthCommand,
}

#[derive(Debug, Subcommand)]
pub enum AuthCommand {
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Status(status::StatusArgs),
    Token(token::TokenArgs),
}

pub(super) async fn run(session: &Session, args: &AuthArgs) -> anyhow::Result<()> {
    match &args.command {
        AuthCommand::Login(args) => login::run(session, args).await,
        AuthCommand::Logout(args) => logout::run(session, args).await,
        AuthCommand::Status(args) => status::run(session, args).await,
        AuthCommand::Token(args) => token::run(session, args).await,
    }
}

/// The JSON fields of `login` and `logout`.
pub(super) const LOGIN_FIELDS: &[&str] = record::LoginRecord::FIELDS;
/// The JSON fields of `status`.
pub(super) const SOURCE_FIELDS: &[&str] = record::SourceRecord::FIELDS;
