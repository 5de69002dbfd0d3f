use clap::Args;

use super::{SANDBOX_NEEDS_NONE, server_of};
use crate::error::{Failure, Kind};
use crate::model::Host;
use crate::session::{Session, wanted_of};

/// Print the token that is taken
///
/// Nothing else is printed on standard output. Whoever sees the token can do
/// all that it allows.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The token for the repository at hand
  deployctl auth token

  # Call the API with another program
  curl -H \"Authorization: Bearer $(deployctl auth token)\" https://api.github.com/user

  # The token for another server
  deployctl auth token --hostname git.example.com")]
pub struct TokenArgs {
    /// Server, in place of that of the repository at hand
    #[arg(long, value_name = "HOST")]
    pub hostname: Option<Host>,
}

/// Prints it.
pub(super) async fn run(session: &Session, args: &TokenArgs) -> anyhow::Result<()> {
    if session.is_sandbox() {
        return Err(Failure::new(Kind::NothingThere, SANDBOX_NEEDS_NONE).into());
    }
    let server = server_of(session, args.hostname.as_ref())?;
    let (token, _) = session.find_token(&wanted_of(&server)).await?;
    session.term.line(token.expose())?;
    Ok(())
}
