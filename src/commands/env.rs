mod apply;
mod blueprint;
mod branch_policy;
mod create;
mod delete;
mod details;
mod diff;
mod edit;
mod entry;
mod export;
mod list;
mod protection;
mod secret;
mod settings;
mod target;
mod variable;
mod view;

use clap::{Args, Subcommand};

use crate::output::Record;
use crate::session::Session;

/// Show and change environments: what is live, and what protects it
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  # Show what is live
  deployctl env list

  # An environment with a wait timer of 30 minutes and a team as reviewer
  deployctl env create live --wait-timer 30 --reviewer acme/ops --protected-branches

  # Copy the environments to another repository
  deployctl env export | deployctl env apply - -R acme/other --yes"
)]
pub struct EnvArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: EnvCommand,
}

#[derive(Debug, Subcommand)]
pub enum EnvCommand {
    List(list::ListArgs),
    View(view::ViewArgs),
    Create(create::CreateArgs),
    Edit(edit::EditArgs),
    Delete(delete::DeleteArgs),
    BranchPolicy(branch_policy::BranchPolicyArgs),
    Protection(protection::ProtectionArgs),
    Variable(variable::VariableArgs),
    Secret(secret::SecretArgs),
    Export(export::ExportArgs),
    Apply(apply::ApplyArgs),
}

/// The fields of the JSON of `export`.
pub(super) const DOCUMENT_FIELDS: &[&str] = blueprint::Document::FIELDS;
/// The fields of the JSON of `apply`, and of a dry run of `edit`.
pub(super) const CHANGE_FIELDS: &[&str] = diff::Change::FIELDS;

pub(super) async fn run(session: &Session, args: &EnvArgs) -> anyhow::Result<()> {
    match &args.command {
        EnvCommand::List(args) => list::run(session, args).await,
        EnvCommand::View(args) => view::run(session, args).await,
        EnvCommand::Create(args) => create::run(session, args).await,
        EnvCommand::Edit(args) => edit::run(session, args).await,
        EnvCommand::Delete(args) => delete::run(session, args).await,
        EnvCommand::BranchPolicy(args) => branch_policy::run(session, args).await,
        EnvCommand::Protection(args) => protection::run(session, args).await,
        EnvCommand::Variable(args) => variable::run(session, args).await,
        EnvCommand::Secret(args) => secret::run(session, args).await,
        EnvCommand::Export(args) => export::run(session, args).await,
        EnvCommand::Apply(args) => apply::run(session, args).await,
    }
}
