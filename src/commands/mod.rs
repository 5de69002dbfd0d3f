//! One file per command: its help, its options, and what it does.

#[cfg(feature = "agent")]
mod agent;
mod approve;
mod auth;
mod blocked;
mod cli;
mod complete;
mod completions;
mod create;
mod deactivate;
mod delete;
mod diff;
mod env;
#[cfg(feature = "agent")]
mod flush;
mod freeze;
mod help;
mod list;
mod lock;
mod man;
mod pending;
mod promote;
mod reap;
mod reject;
mod rollback;
#[cfg(feature = "agent")]
mod run;
#[cfg(feature = "sandbox")]
mod sandbox;
mod stats;
mod status;
mod unlock;
mod wait;
mod r#where;

pub use cli::Cli;
pub(crate) use cli::{Command, VERSION, fields};
pub(crate) use complete::complete;
pub(crate) use help::files::FILES;
pub(crate) use help::names as names_for_help;
pub(crate) use help::rename::rename_commands;
pub(crate) use help::render::render_error;
pub(crate) use help::topic::{Part, Topic};
pub(crate) use help::topics::TOPICS;
pub(crate) use help::wrap::columns as help_columns;
pub use man::Page;
pub(crate) use man::pages;

use clap::ArgMatches;

use crate::session::Session;
use crate::session::step_file::{OUTPUT, SUMMARY};

/// Runs the command that `matches` selects.
pub(crate) async fn dispatch(
    session: &Session,
    matches: &ArgMatches,
    command: &Command,
) -> anyhow::Result<()> {
    let (name, own) = matches.subcommand().unzip();
    let name = name.filter(|_| own.is_none_or(|own| own.subcommand_name().is_none()));
    for file in [&OUTPUT, &SUMMARY] {
        file.check_command(&session.global, name)?;
    }
    match command {
        #[cfg(feature = "agent")]
        Command::Agent(args) => agent::run(session, args).await,
        Command::Approve(args) => approve::run(session, args).await,
        Command::Auth(args) => auth::run(session, args).await,
        Command::Blocked(args) => blocked::run(session, args).await,
        Command::Completions(args) => completions::run(session, args, Cli::command()),
        Command::Create(args) => create::run(session, args).await,
        Command::Env(args) => env::run(session, args).await,
        Command::Deactivate(args) => deactivate::run(session, args).await,
        Command::Delete(args) => delete::run(session, args).await,
        Command::Diff(args) => diff::run(session, args).await,
        #[cfg(feature = "agent")]
        Command::Flush(args) => flush::run(session, args).await,
        Command::Freeze(args) => freeze::run(session, args).await,
        Command::Help(args) => {
            let root = Cli::command().bin_name(session.program_name());
            help::run(session, args, root)
        }
        Command::List(args) => list::run(session, args).await,
        Command::Lock(args) => lock::run(session, args).await,
        Command::Man(args) => man::run(session, args, Cli::command()),
        Command::Pending(args) => pending::run(session, args).await,
        Command::Promote(args) => promote::run(session, args).await,
        Command::Reap(args) => reap::run(session, args).await,
        Command::Reject(args) => reject::run(session, args).await,
        Command::Rollback(args) => rollback::run(session, args).await,
        #[cfg(feature = "agent")]
        Command::Run(args) => run::run(session, args).await,
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => sandbox::run(session, args).await,
        Command::Stats(args) => stats::run(session, args).await,
        Command::Status(args) => status::run(session, args).await,
        Command::Unlock(args) => unlock::run(session, args).await,
        Command::Wait(args) => wait::run(session, args).await,
        Command::Where(args) => r#where::run(session, args).await,
    }
}
