use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use super::Cli;
use super::support::Session;
use crate::error::{Failure, Kind};
use crate::{env, exit};

/// Print a manual page, or write all of them
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Read the page of a command
  deployctl man create | man -l -

  # Write every page into a folder
  deployctl man --dir ~/.local/share/man/man1")]
pub struct ManArgs {
    /// Command whose page is meant, such as 'status set'
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,

    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub dir: Option<PathBuf>,
}

/// A manual page: the name of its file and its text in roff.
pub struct Page {
    /// The words of the command after `deployctl`, which may have dashes.
    pub words: Vec<String>,
    /// Such as `deployctl-create.1`.
    pub file_name: String,
    /// The text.
    pub text: Vec<u8>,
}

/// Prints a page, or writes all.
pub(super) fn run(session: &Session, args: &ManArgs) -> anyhow::Result<()> {
    if let Some(dir) = &args.dir {
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
        for page in pages()? {
            let path = dir.join(&page.file_name);
            std::fs::write(&path, page.text)
                .with_context(|| format!("writing {}", path.display()))?;
        }
        return Ok(());
    }
    let wanted = std::iter::once("deployctl")
        .chain(args.command.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("-");
    let page = pages()?
        .into_iter()
        .find(|page| page.file_name == format!("{wanted}.1"))
        .ok_or_else(|| {
            Failure::new(
                Kind::Usage,
                format!("there is no command {:?}", args.command.join(" ")),
            )
            .hint("'deployctl help' lists the commands")
        })?;
    session.term.bytes(&page.text)?;
    Ok(())
}

/// The pages of all commands.
pub fn pages() -> std::io::Result<Vec<Page>> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let mut pages = Vec::new();
    collect(&root, &[], &mut pages)?;
    Ok(pages)
}

fn collect(command: &Command, words: &[&str], pages: &mut Vec<Page>) -> std::io::Result<()> {
    pages.push(page(command, words)?);
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        collect(sub, &[words, &[sub.get_name()]].concat(), pages)?;
    }
    Ok(())
}

fn page(command: &Command, words: &[&str]) -> std::io::Result<Page> {
    let name = [&["deployctl"], words].concat().join("-");
    let examples = command.get_after_help().map(ToString::to_string);
    let display = command
        .clone()
        .name(name.clone())
        .display_name(name.clone());
    let man = Man::new(display)
        .title(name.to_uppercase())
        .manual("deployctl manual");
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    let examples = examples
        .as_deref()
        .and_then(|help| help.strip_prefix("Examples:\n"));
    if let Some(examples) = examples {
        text.extend(b".SH EXAMPLES\n.nf\n");
        for line in examples.lines() {
            text.extend(roff_line(line.strip_prefix("  ").unwrap_or(line)).into_bytes());
        }
        text.extend(b".fi\n");
    }
    text.extend(b".SH \"EXIT STATUS\"\n");
    for (code, meaning) in exit::ALL {
        text.extend(format!(".TP\n\\fB{code}\\fR\n{}", roff_line(meaning)).into_bytes());
    }
    text.extend(b".SH ENVIRONMENT\n");
    for (variable, meaning) in env::VARIABLES {
        text.extend(format!(".TP\n\\fB{variable}\\fR\n{}", roff_line(meaning)).into_bytes());
    }
    Ok(Page {
        words: words.iter().map(ToString::to_string).collect(),
        file_name: format!("{name}.1"),
        text,
    })
}

/// A line of text that roff takes as text.
fn roff_line(line: &str) -> String {
    let escaped = line.replace('\\', "\\e").replace('-', "\\-");
    let guard = if escaped.starts_with(['.', '\'']) {
        "\\&"
    } else {
        ""
    };
    format!("{guard}{escaped}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_never_a_request() {
        assert_eq!(roff_line(".TH x"), "\\&.TH x\n");
        assert_eq!(roff_line("a\\b --c"), "a\\eb \\-\\-c\n");
    }

    #[test]
    fn every_command_has_a_page() {
        let names: Vec<String> = pages()
            .expect("rendered")
            .into_iter()
            .map(|page| page.file_name)
            .collect();
        for name in [
            "deployctl.1",
            "deployctl-create.1",
            "deployctl-status-set.1",
        ] {
            assert!(
                names.iter().any(|found| found == name),
                "{name} in {names:?}"
            );
        }
    }
}
