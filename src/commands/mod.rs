//! One file a command: its help, its options, and what it does.

mod cli;
mod completions;
mod create;
mod list;
mod man;
#[cfg(feature = "sandbox")]
mod sandbox;
mod status;
mod support;
mod wait;

pub use cli::{Cli, Command, GlobalArgs};
pub use completions::CompletionShell;
pub use man::{Page, pages};
pub use support::Session;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub use support::fuzzing;

/// Runs a command.
pub async fn dispatch(session: &Session, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Completions(args) => completions::run(session, args),
        Command::Create(args) => create::run(session, args).await,
        Command::List(args) => list::run(session, args).await,
        Command::Man(args) => man::run(session, args),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => sandbox::run(session, args).await,
        Command::Status(args) => status::run(session, args).await,
        Command::Wait(args) => wait::run(session, args).await,
    }
}
