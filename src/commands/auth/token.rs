use clap::Args;

use super::server::{SANDBOX_NEEDS_NO_LOGIN, find_server};
use crate::error::{Failure, Kind};
use crate::model::Host;
use crate::session::Session;

/// Print the token that is used
///
/// Nothing else is printed to stdout. Anyone who sees the token can use it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The token for the current repository
  deployctl auth token

  # Use the token in another program
  curl -H \"Authorization: Bearer $(deployctl auth token)\" https://api.github.com/user

  # The token for another server
  deployctl auth token --hostname git.example.com")]
pub struct TokenArgs {
    /// Server (default: the server of the current repository)
    #[arg(long, value_name = "HOST")]
    pub hostname: Option<Host>,
}

pub(super) async fn run(session: &Session, args: &TokenArgs) -> anyhow::Result<()> {
    if session.is_sandbox() {
        return Err(Failure::new(Kind::NothingThere, SANDBOX_NEEDS_NO_LOGIN).into());
    }
    let server = find_server(session, args.hostname.as_ref())?;
    let (token, _) = session.find_token(&server).await?;
    session.term.line(token.expose())?;
    Ok(())
}
