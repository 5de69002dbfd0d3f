use clap::{Args, CommandFactory, Parser, Subcommand};

use super::{
    auth, completions, create, deactivate, delete, env as environments, list, man, status, wait,
};
use crate::error::{Failure, Kind};
use crate::exit;
use crate::term::ColorChoice;

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
    disable_help_subcommand = false,
    after_help = "Run 'deployctl help COMMAND' for the options and examples of a command.",
    after_long_help = after_long_help(),
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
    #[cfg(feature = "agent")]
    Run(super::run::RunArgs),
    #[cfg(feature = "agent")]
    Flush(super::flush::FlushArgs),
    Env(environments::EnvArgs),
    Deactivate(deactivate::DeactivateArgs),
    Delete(delete::DeleteArgs),
    #[cfg(feature = "agent")]
    Agent(super::agent::AgentArgs),
    Auth(auth::AuthArgs),
    #[cfg(feature = "sandbox")]
    Sandbox(super::sandbox::SandboxArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
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

    /// Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    #[arg(long, global = true)]
    pub github_output: bool,
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
        with_exit_codes(Self::command())
    }
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

fn exit_codes() -> String {
    let mut text = String::from("Exit codes:\n");
    for (code, meaning) in exit::ALL {
        text.push_str(&format!("  {code:>3}  {meaning}\n"));
    }
    text
}

fn after_long_help() -> String {
    let mut text = exit_codes();
    text.push_str("\nEnvironment variables:\n");
    for (name, meaning) in crate::env::VARIABLES {
        text.push_str(&format!("  {name}\n          {meaning}\n"));
    }
    text
}
