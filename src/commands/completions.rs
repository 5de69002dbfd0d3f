use std::collections::BTreeSet;

use clap::{Args, Command, ValueEnum};
use clap_complete::{Shell, generate};
use clap_complete_nushell::Nushell;

use crate::session::Session;

/// Print a completion script for a shell
///
/// Load the script from your shell's start-up file, or save it where the shell
/// looks for completions. The script calls deployctl, which completes commands,
/// options, and the environments, refs, deployments, checks and repositories
/// that earlier commands have seen, without asking a server. With --static the
/// script completes commands and options only, and never calls deployctl.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # bash, for this session
  source <(deployctl completions bash)

  # bash, permanently
  mkdir -p ~/.local/share/bash-completion/completions
  deployctl completions bash > ~/.local/share/bash-completion/completions/deployctl

  # zsh, permanently, in a folder of $fpath
  mkdir -p ~/.zfunc && deployctl completions zsh > ~/.zfunc/_deployctl

  # fish, permanently
  mkdir -p ~/.config/fish/completions
  deployctl completions fish > ~/.config/fish/completions/deployctl.fish")]
pub struct CompletionsArgs {
    /// Shell
    #[arg(value_enum)]
    pub shell: CompletionShell,

    /// Print a script that never calls deployctl
    #[arg(long = "static")]
    pub is_static: bool,
}

/// The shells that have completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompletionShell {
    /// GNU bash.
    Bash,
    /// Elvish.
    Elvish,
    /// fish.
    Fish,
    /// Nushell.
    Nushell,
    /// PowerShell.
    Powershell,
    /// zsh.
    Zsh,
}

impl CompletionShell {
    /// The script that calls the program for completions.
    pub fn dynamic_script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("../../completions/deployctl.bash"),
            Self::Elvish => include_str!("../../completions/deployctl.elv"),
            Self::Fish => include_str!("../../completions/deployctl.fish"),
            Self::Powershell => include_str!("../../completions/_deployctl.ps1"),
            Self::Zsh => include_str!("../../completions/_deployctl"),
            Self::Nushell => include_str!("../../completions/deployctl.nu"),
        }
    }

    /// The script that never calls the program.
    pub fn static_script(self, mut command: Command) -> Vec<u8> {
        let mut script = Vec::new();
        let shell = match self {
            Self::Bash => Shell::Bash,
            Self::Elvish => Shell::Elvish,
            Self::Fish => Shell::Fish,
            Self::Powershell => Shell::PowerShell,
            Self::Zsh => Shell::Zsh,
            Self::Nushell => return nushell_script(command),
        };
        generate(shell, &mut command, "deployctl", &mut script);
        script
    }
}

/// The script without options such as `--json[=FIELDS]`: Nushell would pass their value
/// as an argument of its own. Options that it does not know are passed on unchanged.
fn nushell_script(mut command: Command) -> Vec<u8> {
    let mut script = Vec::new();
    generate(Nushell, &mut command, "deployctl", &mut script);
    let mut options = BTreeSet::new();
    add_options_with_equals(&command, &mut options);
    let is_kept = |line: &&str| {
        let option = line
            .strip_prefix("    --")
            .and_then(|rest| rest.split([':', '(', ' ']).next());
        option.is_none_or(|option| !options.contains(option))
    };
    let text = String::from_utf8_lossy(&script);
    let lines = text.lines().filter(is_kept);
    lines
        .flat_map(|line| [line, "\n"])
        .collect::<String>()
        .into()
}

fn add_options_with_equals(command: &Command, options: &mut BTreeSet<String>) {
    let of_command = command
        .get_arguments()
        .filter(|arg| arg.is_require_equals_set());
    options.extend(of_command.filter_map(|arg| arg.get_long().map(str::to_owned)));
    for subcommand in command.get_subcommands() {
        add_options_with_equals(subcommand, options);
    }
}

pub(super) fn run(session: &Session, args: &CompletionsArgs, root: Command) -> anyhow::Result<()> {
    if args.is_static {
        session.term.bytes(&args.shell.static_script(root))?;
    } else {
        session.term.bytes(args.shell.dynamic_script().as_bytes())?;
    }
    Ok(())
}
