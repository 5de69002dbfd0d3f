mod fields;

use std::ffi::OsString;

use clap::{Args, CommandFactory, Parser, Subcommand};

use super::{
    auth, completions, create, deactivate, delete, env as environments, help, list, man, status,
    wait,
};
use crate::error::{Failure, Kind};
use crate::exit;
use crate::term::ColorChoice;

pub(crate) use fields::fields;

/// The command line for GitHub Deployments
///
/// Request deployments, see their state, mark them and wait for them, on
/// github.com, GitHub Enterprise or the embedded sandbox.
#[derive(Debug, Parser)]
#[command(
    name = "deployctl",
    bin_name = "deployctl",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = help::HINT,
)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command.
#[derive(Debug, Subcommand)]
#[expect(
    missing_docs,
    reason = "the help of a command is the doc comment of its arguments"
)]
pub enum Command {
    Create(create::CreateArgs),
    List(list::ListArgs),
    Status(status::StatusArgs),
    Wait(wait::WaitArgs),
    Env(environments::EnvArgs),
    Deactivate(deactivate::DeactivateArgs),
    Delete(delete::DeleteArgs),
    Auth(auth::AuthArgs),
    #[cfg(feature = "sandbox")]
    Sandbox(super::sandbox::SandboxArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
    Help(help::HelpArgs),
}

impl Command {
    /// Whether the result is one deployment, which later steps of GitHub Actions
    /// can use.
    pub(super) fn has_github_output(&self) -> bool {
        match self {
            Self::Create(_) | Self::Wait(_) => true,
            Self::Status(args) => args.command.is_none(),
            _ => false,
        }
    }

    /// Whether the result can be a table in the summary of a run of GitHub
    /// Actions.
    pub(super) fn has_github_summary(&self) -> bool {
        self.has_github_output()
            || matches!(self, Self::List(_) | Self::Deactivate(_) | Self::Delete(_))
    }
}

/// The options of every command.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalArgs {
    /// Repository to work on
    ///
    /// Without it: DEPLOYCTL_REPO, GH_REPO, the git remotes of the working
    /// directory, GITHUB_REPOSITORY.
    #[arg(short = 'R', long, global = true, value_name = "[HOST/]OWNER/REPO")]
    pub repo: Vec<String>,

    /// Work on the embedded sandbox: no account, no token, no network
    #[arg(long, global = true)]
    pub sandbox: bool,

    /// Print JSON; with a list of fields, only these
    #[arg(
        long,
        global = true,
        value_name = "FIELDS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
    )]
    pub json: Option<String>,

    /// Print JSON, one object a line
    #[arg(
        long,
        global = true,
        value_name = "FIELDS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
    )]
    pub jsonl: Option<String>,

    /// Filter the JSON with a jq expression
    #[arg(
        short = 'q',
        long,
        global = true,
        value_name = "EXPR",
        conflicts_with = "template"
    )]
    pub jq: Option<String>,

    /// Format the JSON with a template (Jinja syntax)
    #[arg(short = 't', long, global = true, value_name = "TEMPLATE")]
    pub template: Option<String>,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub color: ColorChoice,

    /// Never ask a question
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Print no notes on stderr, only warnings and errors
    #[arg(long, global = true)]
    pub quiet: bool,

    /// Print a line for each request on stderr
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
    #[arg(long, global = true)]
    pub github_output: bool,

    /// Add a table of the result to the summary of the run, in the file that
    /// GITHUB_STEP_SUMMARY names (create, list, status, wait, deactivate, delete)
    #[arg(long, global = true)]
    pub github_summary: bool,
}

impl GlobalArgs {
    /// The repository that `-R` names.
    ///
    /// Only `sandbox serve` takes several.
    pub fn one_repo(&self) -> Result<Option<&str>, Failure> {
        match &self.repo[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(Failure::new(Kind::Usage, "--repo is given more than once")),
        }
    }

    /// Whether the result, and with it errors, are JSON.
    pub fn wants_json(&self) -> bool {
        self.json.is_some() || self.jsonl.is_some()
    }
}

impl Cli {
    /// The whole command line. The help of each command ends with the exit
    /// codes, which are a promise of all of them.
    pub fn full_command() -> clap::Command {
        with_exit_codes(Self::command().after_long_help(after_long_help()))
    }

    /// The command line that reads `args`. The long texts are made only where
    /// they are asked for.
    pub fn command_for(args: &[OsString]) -> clap::Command {
        if args.iter().any(|arg| arg == "--help") {
            Self::full_command()
        } else {
            Self::command()
        }
    }
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

/// Deferred, since a run needs the help of one command at the most.
fn with_exit_codes(command: clap::Command) -> clap::Command {
    command.mut_subcommands(|sub| sub.defer(end_with_exit_codes))
}

fn end_with_exit_codes(command: clap::Command) -> clap::Command {
    let codes = exit_codes();
    let help = match command.get_after_long_help().or(command.get_after_help()) {
        Some(examples) => format!("{examples}\n\n{codes}"),
        None => codes,
    };
    with_exit_codes(command.after_long_help(help))
}

pub(crate) fn exit_codes() -> String {
    let mut text = String::from("Exit codes:\n");
    for (code, meaning) in exit::ALL {
        text.push_str(&format!("  {code:>3}  {meaning}\n"));
    }
    text
}

fn after_long_help() -> String {
    format!(
        "{}\n\n{}\nEnvironment variables:\n{}",
        help::HINT,
        exit_codes(),
        variables()
    )
}

/// The environment variables with their meaning.
pub(crate) fn variables() -> String {
    let mut text = String::new();
    for (name, meaning) in crate::env::VARIABLES {
        text.push_str(&format!("  {name}\n          {meaning}\n"));
    }
    text
}
