use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::{Shell, generate};
use clap_complete_nushell::Nushell;

use super::Cli;
use super::support::Session;

/// Print a completion script for a shell
///
/// Load it from the shell's start file, or put it where the shell looks for
/// completions.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # bash, for this session
  source <(deployctl completions bash)

  # zsh, for good, in a folder of $fpath
  deployctl completions zsh > ~/.zfunc/_deployctl

  # fish, for good
  deployctl completions fish > ~/.config/fish/completions/deployctl.fish")]
pub struct CompletionsArgs {
    /// Shell to write for
    #[arg(value_enum)]
    pub shell: CompletionShell,
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
    /// The name of the script's file, as the shell looks for it.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Bash => "deployctl.bash",
            Self::Elvish => "deployctl.elv",
            Self::Fish => "deployctl.fish",
            Self::Nushell => "deployctl.nu",
            Self::Powershell => "_deployctl.ps1",
            Self::Zsh => "_deployctl",
        }
    }

    /// The completion script.
    pub fn script(self) -> Vec<u8> {
        let mut command = Cli::command();
        let mut script = Vec::new();
        let shell = match self {
            Self::Bash => Shell::Bash,
            Self::Elvish => Shell::Elvish,
            Self::Fish => Shell::Fish,
            Self::Powershell => Shell::PowerShell,
            Self::Zsh => Shell::Zsh,
            Self::Nushell => {
                generate(Nushell, &mut command, "deployctl", &mut script);
                return script;
            }
        };
        generate(shell, &mut command, "deployctl", &mut script);
        script
    }
}

/// Prints the script.
pub(super) fn run(session: &Session, args: &CompletionsArgs) -> anyhow::Result<()> {
    session.term.bytes(&args.shell.script())?;
    Ok(())
}
