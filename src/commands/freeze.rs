mod check;
mod list;
mod settings;

use clap::{Args, Subcommand};

use crate::session::Session;

/// Show the times at which nothing is deployed
///
/// Freezes are defined in .github/deployctl.toml of the default branch; see
/// 'deployctl help freezes'.
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  # Show the freezes and when they are in force
  deployctl freeze list

  # Check whether production is frozen
  deployctl freeze check -e production

  # Check whether a release on Christmas Eve is possible
  deployctl freeze check -e production --at 2026-12-24T18:00:00+01:00"
)]
pub struct FreezeArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: FreezeCommand,
}

#[derive(Debug, Subcommand)]
pub enum FreezeCommand {
    List(list::ListArgs),
    Check(check::CheckArgs),
}

/// The fields of the JSON of `list`.
pub(super) const LIST_FIELDS: &[&str] = list::FIELDS;
/// The fields of the JSON of `check`.
pub(super) const CHECK_FIELDS: &[&str] = check::FIELDS;

pub(super) async fn run(session: &Session, args: &FreezeArgs) -> anyhow::Result<()> {
    match &args.command {
        FreezeCommand::List(args) => list::run(session, args).await,
        FreezeCommand::Check(args) => check::run(session, args).await,
    }
}
