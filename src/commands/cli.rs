mod deferred;
mod fields;

use std::ffi::OsString;
use std::mem::ManuallyDrop;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Error, FromArgMatches, Subcommand};

use super::{
    approve, auth, blocked, completions, create, deactivate, delete, diff, env as environments,
    freeze, help, list, lock, man, pending, promote, reap, reject, rollback, stats, status, unlock,
    wait, r#where,
};
use crate::session::{GlobalArgs, PROGRAM_NAME, program_name};

use super::help::render::{HELP_TEMPLATE, add_tip};
use deferred::Deferred;
pub(crate) use fields::fields;

/// The command line for GitHub Deployments
///
/// Request deployments, show and set their state, and wait for them, on
/// github.com, GitHub Enterprise or the embedded sandbox.
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = help::HINT,
    after_long_help = help::first_steps(),
)]
pub struct Cli {
    /// The global options.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command with its line in the list of commands. The rest of its help is
/// the doc comment of its arguments, whose first line is the same.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Request a deployment of a ref
    Create(Deferred<create::CreateArgs>),
    /// List deployments with their state, newest first
    List(Deferred<list::ListArgs>),
    /// Show a deployment and its statuses, or add a status
    Status(Deferred<status::StatusArgs>),
    /// Wait until deployments succeed or end
    Wait(Deferred<wait::WaitArgs>),
    /// Show what is between two environments, or an environment and a ref
    Diff(Deferred<diff::DiffArgs>),
    /// Deploy what is live in one environment to another
    Promote(Deferred<promote::PromoteArgs>),
    /// Deploy the previous good commit of an environment again
    Rollback(Deferred<rollback::RollbackArgs>),
    /// Show which environments a commit or pull request is live in
    Where(Deferred<r#where::WhereArgs>),
    /// Run a command that deploys, and report the result
    #[cfg(feature = "agent")]
    Run(Deferred<super::run::RunArgs>),
    /// Send statuses that could not be sent earlier
    #[cfg(feature = "agent")]
    Flush(Deferred<super::flush::FlushArgs>),
    /// Show and change environments: what is live, and what protects it
    Env(Deferred<environments::EnvArgs>),
    /// Show how often, how fast and how well a repository is deployed
    Stats(Deferred<stats::StatsArgs>),
    /// Lock environments so that nobody else can deploy to them
    Lock(Deferred<lock::LockArgs>),
    /// Remove your locks of environments
    Unlock(Deferred<unlock::UnlockArgs>),
    /// Show the times at which nothing is deployed
    Freeze(Deferred<freeze::FreezeArgs>),
    /// Mark deployments as inactive, one or thousands
    Deactivate(Deferred<deactivate::DeactivateArgs>),
    /// Delete deployments, one or thousands
    Delete(Deferred<delete::DeleteArgs>),
    /// End deployments that are stuck
    Reap(Deferred<reap::ReapArgs>),
    /// List workflow runs that wait for an approval, a timer or an app
    Pending(Deferred<pending::PendingArgs>),
    /// Approve environments that workflow runs wait for
    Approve(Deferred<approve::ApproveArgs>),
    /// Reject environments that workflow runs wait for
    Reject(Deferred<reject::RejectArgs>),
    /// Show which workflow runs hold up others
    Blocked(Deferred<blocked::BlockedArgs>),
    /// Receive deployments, run the configured commands and report the results
    #[cfg(feature = "agent")]
    Agent(Deferred<super::agent::AgentArgs>),
    /// Log in, and show which token is used
    Auth(Deferred<auth::AuthArgs>),
    /// Run the embedded GitHub
    #[cfg(feature = "sandbox")]
    Sandbox(Deferred<super::sandbox::SandboxArgs>),
    /// Print a completion script for a shell
    Completions(Deferred<completions::CompletionsArgs>),
    /// Print a man page, or write all of them to a folder
    Man(Deferred<man::ManArgs>),
    /// Print the help of a command or a topic
    Help(Deferred<help::HelpArgs>),
}

impl Cli {
    /// The whole command line.
    pub fn command() -> clap::Command {
        Self::augment_args(program())
    }

    /// Parses `args` with the command line that [`Cli::command_for`] returned for
    /// them.
    pub fn parse(
        command: &mut clap::Command,
        args: &[OsString],
    ) -> Result<(Self, ArgMatches), Error> {
        let matches = command
            .try_get_matches_from_mut(args)
            .map_err(|error| add_tip(error, args))?;
        refuse_lost_arguments(command, &matches)?;
        Ok((Self::from_arg_matches(&matches)?, matches))
    }

    /// The command line that can parse `args`. It contains only the command that
    /// they start with, since clap copies the global options to every command; a
    /// list of commands needs no such copies.
    pub fn command_for(args: &[OsString]) -> clap::Command {
        let command = match args.get(1).and_then(|first| first.to_str()) {
            Some("-h" | "--help") => Self::command().mut_args(|arg| arg.global(false)),
            Some(name) => one_command(name).unwrap_or_else(Self::command),
            None => Self::command(),
        };
        command.bin_name(program_name(args))
    }
}

/// Refuses arguments of a command, such as the ID of `status`, if a subcommand of
/// it is run, which would ignore them. clap's own rule would also refuse global
/// options.
fn refuse_lost_arguments(command: &mut clap::Command, matches: &ArgMatches) -> Result<(), Error> {
    let Some((above, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let Some((below, _)) = matches.subcommand() else {
        return Ok(());
    };
    let Some(command) = command.find_subcommand_mut(above) else {
        return Ok(());
    };
    let is_global = |argument: &Arg| {
        let all = GlobalArgs::augment_args(clap::Command::new(""));
        all.get_arguments()
            .any(|global| global.get_id() == argument.get_id())
    };
    let is_lost = |argument: &&Arg| {
        let source = matches.value_source(argument.get_id().as_str());
        source == Some(ValueSource::CommandLine) && !is_global(argument)
    };
    let Some(lost) = command.get_arguments().find(is_lost) else {
        return Ok(());
    };
    let message = format!("the argument '{lost}' cannot be used with '{above} {below}'");
    Err(command.error(ErrorKind::ArgumentConflict, message))
}

/// What `--version` prints.
pub(crate) const VERSION: &str = concat!("deployctl ", env!("CARGO_PKG_VERSION"), "\n");

/// The program without commands and options.
fn program() -> clap::Command {
    clap::Command::new(PROGRAM_NAME)
        .bin_name(PROGRAM_NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .help_template(HELP_TEMPLATE)
        .disable_help_subcommand(true)
}

/// The command line with `name` as its only command.
fn one_command(name: &str) -> Option<clap::Command> {
    // Never dropped: the process ends soon, and dropping takes time.
    let all = ManuallyDrop::new(Command::augment_subcommands(clap::Command::new("")));
    let command = all.find_subcommand(name)?.clone();
    Some(GlobalArgs::augment_args(program()).subcommand(command))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::Cli;
    use crate::commands::help::render::render_error;

    #[test]
    fn a_command_behaves_the_same_without_the_others() {
        let names: Vec<String> = Cli::command()
            .get_subcommands()
            .map(|command| command.get_name().to_owned())
            .collect();
        for name in &names {
            for arguments in ["--help", "-h", "--no-such-option", "--repo", "a b c d"] {
                let args: Vec<OsString> = ["deployctl", name]
                    .into_iter()
                    .chain(arguments.split(' '))
                    .map(OsString::from)
                    .collect();
                let alone = Cli::command_for(&args);
                assert_eq!(alone.get_subcommands().count(), 1, "{name}");
                let texts = [Cli::command(), alone].map(|mut command| {
                    match Cli::parse(&mut command, &args) {
                        Ok((read, _)) => format!("{read:?}"),
                        Err(error) => render_error(&error, &command, &args, 80),
                    }
                });
                assert_eq!(texts[0], texts[1], "{name} {arguments}");
            }
        }
    }

    #[test]
    fn global_options_may_precede_a_subcommand() {
        let read = |line: &str| {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let read = Cli::parse(&mut Cli::command_for(&args), &args);
            read.map(|(cli, _)| cli.global.repo)
                .map_err(|error| error.to_string())
        };
        let repo = Ok(vec!["a/b".to_owned()]);
        assert_eq!(read("deployctl status -R a/b set 5 success"), repo);
        assert_eq!(read("deployctl env -R a/b protection list live"), repo);
        assert_eq!(read("deployctl -R a/b env protection list live"), repo);
        for (line, what) in [
            (
                "status 5 set 6 success",
                "'[ID]' cannot be used with 'status set'",
            ),
            (
                "status --watch set 6 success",
                "'--watch' cannot be used with 'status set'",
            ),
        ] {
            let refusal = read(&format!("deployctl {line}")).expect_err(line);
            assert!(refusal.contains(what), "{refusal}");
            assert!(
                refusal.contains("Usage: deployctl status [OPTIONS] [ID]"),
                "{refusal}"
            );
        }
    }

    #[cfg(feature = "agent")]
    #[test]
    fn a_configuration_that_would_be_ignored_is_refused() {
        let args = ["deployctl", "agent", "--config", "a", "check"].map(OsString::from);
        let refusal = Cli::parse(&mut Cli::command_for(&args), &args).expect_err("refused");
        let what = "'--config <FILE>' cannot be used with 'agent check'";
        assert!(refusal.to_string().contains(what), "{refusal}");
    }

    #[test]
    fn the_version_is_that_of_the_command_line() {
        assert_eq!(super::VERSION, Cli::command().render_version());
    }

    #[test]
    fn the_list_of_commands_has_the_first_line_of_each_help() {
        let listed = Cli::command();
        let mut built = Cli::command();
        built.build();
        for command in listed.get_subcommands() {
            let name = command.get_name();
            let line = command.get_about().map(ToString::to_string);
            let own = built
                .find_subcommand(name)
                .and_then(clap::Command::get_about);
            assert!(line.is_some(), "{name} has no line in the list");
            assert_eq!(line, own.map(ToString::to_string), "{name}");
        }
    }
}
