mod deferred;
mod ending;
mod fields;

use std::ffi::OsString;
use std::mem::ManuallyDrop;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Error, FromArgMatches, Subcommand};

use super::{
    auth, completions, create, deactivate, delete, env as environments, help, list, man, reap,
    status, wait,
};
use crate::session::GlobalArgs;

use deferred::Deferred;
use ending::HELP;
pub(crate) use ending::with_ending;
pub(crate) use ending::{exit_codes, help_of, variables};
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
    /// What holds for every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command, with the line that the list of commands shows. The rest of
/// its help is the doc comment of its arguments, whose first line is the same.
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
    /// Run a command that deploys, and report the result
    #[cfg(feature = "agent")]
    Run(Deferred<super::run::RunArgs>),
    /// Send statuses that could not be sent earlier
    #[cfg(feature = "agent")]
    Flush(Deferred<super::flush::FlushArgs>),
    /// Show and change environments: what is live, and what protects it
    Env(Deferred<environments::EnvArgs>),
    /// Mark deployments as inactive, one or thousands
    Deactivate(Deferred<deactivate::DeactivateArgs>),
    /// Delete deployments, one or thousands
    Delete(Deferred<delete::DeleteArgs>),
    /// End deployments that are stuck
    Reap(Deferred<reap::ReapArgs>),
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

impl Command {
    /// Whether the result is one deployment, which later steps of GitHub Actions
    /// can use.
    pub(super) fn has_github_output(&self) -> bool {
        match self {
            Self::Create(_) | Self::Wait(_) => true,
            #[cfg(feature = "agent")]
            Self::Run(_) => true,
            Self::Status(args) => args.command.is_none(),
            _ => false,
        }
    }

    /// Whether the result can be a table in the summary of a run of GitHub
    /// Actions.
    pub(super) fn has_github_summary(&self) -> bool {
        self.has_github_output()
            || matches!(
                self,
                Self::List(_) | Self::Deactivate(_) | Self::Delete(_) | Self::Reap(_)
            )
    }
}

impl Cli {
    /// The whole command line.
    pub fn command() -> clap::Command {
        Self::augment_args(program())
    }

    /// Reads `args` with what [`Cli::command_for`] gave for them.
    pub fn read(
        command: &mut clap::Command,
        args: &[OsString],
    ) -> Result<(Self, ArgMatches), Error> {
        let matches = command
            .try_get_matches_from_mut(args)
            .map_err(|error| ending::with_tip(error, args))?;
        refuse_what_is_lost(command, &matches)?;
        Ok((Self::from_arg_matches(&matches)?, matches))
    }

    /// The command line that reads `args`: of the commands only the one that
    /// they begin with, if they do, since each that is there costs a copy of the
    /// options of every command; a list of commands needs none of these copies.
    pub fn command_for(args: &[OsString]) -> clap::Command {
        match args.get(1).and_then(|first| first.to_str()) {
            Some("-h" | "--help") => Self::command().mut_args(|arg| arg.global(false)),
            Some(name) => one_command(name).unwrap_or_else(Self::command),
            None => Self::command(),
        }
    }
}

/// Refuses what belongs to a command that can be run by itself, such as the ID
/// of `status`, where one below it is run. clap's own rule for it would refuse
/// the options of every command there too.
fn refuse_what_is_lost(command: &mut clap::Command, matches: &ArgMatches) -> Result<(), Error> {
    let Some((above, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let Some((below, _)) = matches.subcommand() else {
        return Ok(());
    };
    let Some(command) = command.find_subcommand_mut(above) else {
        return Ok(());
    };
    let is_of_every_command = |argument: &Arg| {
        let all = GlobalArgs::augment_args(clap::Command::new(""));
        all.get_arguments()
            .any(|one| one.get_id() == argument.get_id())
    };
    let is_lost = |argument: &&Arg| {
        let source = matches.value_source(argument.get_id().as_str());
        source == Some(ValueSource::CommandLine) && !is_of_every_command(argument)
    };
    let Some(lost) = command.get_arguments().find(is_lost) else {
        return Ok(());
    };
    let message = format!("the argument '{lost}' cannot be used with '{above} {below}'");
    Err(command.error(ErrorKind::ArgumentConflict, message))
}

/// What `--version` prints.
pub(crate) const VERSION: &str = concat!("deployctl ", env!("CARGO_PKG_VERSION"), "\n");

/// What the program is, and what holds for all commands, without any of them.
fn program() -> clap::Command {
    clap::Command::new("deployctl")
        .bin_name("deployctl")
        .version(env!("CARGO_PKG_VERSION"))
        .max_term_width(100)
        .help_template(HELP)
        .disable_help_subcommand(true)
}

/// The command line as if there were no other command than `name`.
fn one_command(name: &str) -> Option<clap::Command> {
    // They are not taken apart again, as the one that is made of them is not.
    let all = ManuallyDrop::new(Command::augment_subcommands(clap::Command::new("")));
    let command = all.find_subcommand(name)?.clone();
    Some(GlobalArgs::augment_args(program()).subcommand(command))
}

/// The words of a command line that name its command.
pub(crate) fn command_path<'w>(words: impl Iterator<Item = &'w str>) -> Vec<&'w str> {
    let mut command = Cli::command();
    command.build();
    let mut path = Vec::new();
    for word in words {
        if let Some(found) = command.find_subcommand(word).cloned() {
            command = found;
            path.push(word);
        }
    }
    path
}

/// What may follow after `help` and the words `before`: the commands
/// there are, and at first the topics.
pub(crate) fn names_for_help(before: &[&str]) -> Vec<String> {
    let mut command = Cli::command();
    command.build();
    for word in before {
        match command.find_subcommand(word).cloned() {
            Some(found) => command = found,
            None => return Vec::new(),
        }
    }
    let commands = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let mut names: Vec<String> = commands.map(|sub| sub.get_name().to_owned()).collect();
    if before.is_empty() {
        names.extend(help::TOPICS.iter().map(|topic| topic.name.to_owned()));
    }
    names
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{Cli, with_ending};

    #[test]
    fn a_command_alone_is_what_it_is_among_the_others() {
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
                let said = [Cli::command(), alone].map(|mut command| {
                    match Cli::read(&mut command, &args) {
                        Ok((read, _)) => format!("{read:?}"),
                        Err(error) => with_ending(&error, &command, &args),
                    }
                });
                assert_eq!(said[0], said[1], "{name} {arguments}");
            }
        }
    }

    #[test]
    fn options_of_every_command_may_stand_before_a_command_below() {
        let read = |line: &str| {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let read = Cli::read(&mut Cli::command_for(&args), &args);
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
    fn a_configuration_that_would_not_be_read_is_refused() {
        let args = ["deployctl", "agent", "--config", "a", "check"].map(OsString::from);
        let refusal = Cli::read(&mut Cli::command_for(&args), &args).expect_err("refused");
        let what = "'--config <FILE>' cannot be used with 'agent check'";
        assert!(refusal.to_string().contains(what), "{refusal}");
    }

    #[test]
    fn the_version_is_that_of_the_command_line() {
        assert_eq!(super::VERSION, Cli::command().render_version());
    }

    #[test]
    fn the_list_of_commands_says_what_each_command_says_of_itself() {
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
