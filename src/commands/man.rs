mod related;
mod roff;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Command};
use clap_mangen::Man;

use super::{FILES, Part, TOPICS, Topic};
use crate::error::{Failure, Kind};
use crate::session::Session;
use crate::{env, exit};
use related::related_pages;

/// Print a man page, or write all of them to a folder
///
/// Each command has a page in section 1, each topic of 'deployctl help' one in
/// section 7.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Read the page of a command
  deployctl man create | man -l -

  # The page of a subcommand, and of a topic
  deployctl man status set > deployctl-status-set.1
  deployctl man exit-codes > deployctl-exit-codes.7

  # Install all pages where man finds them
  deployctl man --dir ~/.local/share/man")]
pub struct ManArgs {
    /// Command, such as 'status set', or topic
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,

    /// Write all pages to the folders man1 and man7 in DIR
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub dir: Option<PathBuf>,
}

/// When the text of the pages was last revised.
const DATE: &str = "2026-11-26";

/// A man page.
pub struct Page {
    /// The words of the command after `deployctl`, which may have dashes.
    /// Empty for a topic.
    pub words: Vec<String>,
    /// Such as `deployctl-create.1`; the end is the section.
    pub file_name: String,
    /// The text in roff.
    pub text: Vec<u8>,
}

pub(super) fn run(session: &Session, args: &ManArgs, root: Command) -> anyhow::Result<()> {
    if let Some(dir) = &args.dir {
        for page in pages(root)? {
            let section = page.file_name.rsplit('.').next().unwrap_or_default();
            let folder = dir.join(format!("man{section}"));
            std::fs::create_dir_all(&folder)
                .with_context(|| format!("creating {}", folder.display()))?;
            let path = folder.join(&page.file_name);
            std::fs::write(&path, page.text)
                .with_context(|| format!("writing {}", path.display()))?;
        }
        return Ok(());
    }
    let wanted = std::iter::once("deployctl")
        .chain(args.command.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("-");
    let page = pages(root)?
        .into_iter()
        .find(|page| {
            page.file_name
                .rsplit_once('.')
                .is_some_and(|(name, _)| name == wanted)
        })
        .ok_or_else(|| {
            Failure::new(
                Kind::Usage,
                format!("there is no command or topic {:?}", args.command.join(" ")),
            )
            .hint("run 'deployctl help' to list the commands and topics")
        })?;
    session.term.bytes(&page.text)?;
    Ok(())
}

/// The pages of all commands below `root` and of all topics.
pub(crate) fn pages(mut root: Command) -> std::io::Result<Vec<Page>> {
    root.build();
    let mut pages = Vec::new();
    collect(&root, &root, &[], &mut pages)?;
    pages.extend(TOPICS.iter().map(topic_page));
    Ok(pages)
}

fn collect(
    root: &Command,
    command: &Command,
    words: &[&str],
    pages: &mut Vec<Page>,
) -> std::io::Result<()> {
    pages.push(page(root, command, words)?);
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        collect(root, sub, &[words, &[sub.get_name()]].concat(), pages)?;
    }
    Ok(())
}

fn page(root: &Command, command: &Command, words: &[&str]) -> std::io::Result<Page> {
    let name = [&["deployctl"], words].concat().join("-");
    let after = command
        .get_after_long_help()
        .or(command.get_after_help())
        .map(ToString::to_string)
        .unwrap_or_default();
    let display = command
        .clone()
        .name(name.clone())
        .display_name(name.clone())
        .mut_args(|arg| match arg.get_id().as_str() {
            // clap's text explains two forms of the help.
            "help" => arg.help("Print help").long_help("Print help"),
            _ => arg,
        });
    let man = Man::new(display);
    let mut body = Vec::new();
    man.render_name_section(&mut body)?;
    body.extend(synopsis(command).into_bytes());
    man.render_description_section(&mut body)?;
    man.render_options_section(&mut body)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut body)?;
    }
    let mut text = title(&name, '1');
    text.push_str(&String::from_utf8_lossy(&body));
    let (notes, examples) = after.split_once("Examples:\n").unwrap_or((&after, ""));
    if !notes.is_empty() {
        text.push_str(".SH NOTES\n");
        text.push_str(&roff::unfilled(notes.trim_end()));
    }
    if !examples.is_empty() {
        text.push_str(".SH EXAMPLES\n");
        let lines = examples
            .lines()
            .map(|line| format!("{}\n", line.strip_prefix("  ").unwrap_or(line)));
        text.push_str(&roff::unfilled(&lines.collect::<String>()));
    }
    text.push_str(".SH \"EXIT STATUS\"\n");
    text.push_str(&exit_codes());
    text.push_str(".SH ENVIRONMENT\n");
    text.push_str(&listed(env::VARIABLES.iter().copied()));
    text.push_str(".SH FILES\n");
    text.push_str(&listed(FILES.iter().copied()));
    let related = related_pages(words)
        .iter()
        .filter(|name| is_command(root, name))
        .copied();
    text.push_str(&see_also(&name, words, related));
    Ok(Page {
        words: words.iter().map(ToString::to_string).collect(),
        file_name: format!("{name}.1"),
        text: roff::tidy(&text).into_bytes(),
    })
}

fn topic_page(topic: &Topic) -> Page {
    let name = format!("deployctl-{}", topic.name);
    let mut text = title(&name, '7');
    text.push_str(&format!(
        ".SH NAME\n{} \\- {}",
        roff::line(&name).trim_end(),
        roff::line(topic.about)
    ));
    text.push_str(".SH DESCRIPTION\n");
    let mut has_text = false;
    for part in topic.parts {
        match part {
            Part::Heading(heading) => {
                text.push_str(&format!(".SH \"{}\"\n", heading.to_uppercase()));
                has_text = false;
                continue;
            }
            Part::Text(paragraph) => {
                if has_text {
                    text.push_str(".PP\n");
                }
                text.extend(paragraph.lines().map(roff::line));
            }
            Part::Lines(lines) => text.push_str(&roff::unfilled(lines)),
            Part::Generated(make) => text.push_str(&roff::unfilled(&make())),
        }
        has_text = true;
    }
    text.push_str(&see_also(&name, &[], std::iter::empty()));
    Page {
        words: Vec::new(),
        file_name: format!("{name}.7"),
        text: roff::tidy(&text).into_bytes(),
    }
}

fn title(name: &str, section: char) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        ".TH {} {section} {DATE} \"deployctl {version}\" \"deployctl manual\"\n.ds Aq \\(aq\n",
        name.to_uppercase()
    )
}

fn exit_codes() -> String {
    let codes = exit::ALL
        .iter()
        .map(|(code, meaning)| (code.to_string(), *meaning));
    let codes: Vec<(String, &str)> = codes.collect();
    listed(
        codes
            .iter()
            .map(|(code, meaning)| (code.as_str(), *meaning)),
    )
}

fn listed<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, meaning) in rows {
        let (name, meaning) = (roff::line(name), roff::line(meaning));
        text.push_str(&format!(".TP\n\\fB{}\\fR\n{meaning}", name.trim_end()));
    }
    text
}

/// The forms of calling a command, one per line. Its options are in a section of
/// their own.
fn synopsis(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage:").unwrap_or(&usage);
    let forms: Vec<String> = usage
        .lines()
        .map(|form| {
            let form = form.trim();
            let rest = form.strip_prefix(name).unwrap_or(form);
            let (name, rest) = (roff::line(name), roff::line(rest));
            format!("\\fB{}\\fR{rest}", name.trim_end())
        })
        .collect();
    format!(".SH SYNOPSIS\n{}", forms.join(".br\n"))
}

/// Whether a command with this name (its words joined by dashes) is in this build.
fn is_command(within: &Command, name: &str) -> bool {
    within.get_subcommands().any(|sub| {
        let rest = name.strip_prefix(sub.get_name());
        rest.is_some_and(|rest| {
            let below = rest.strip_prefix('-');
            rest.is_empty() || below.is_some_and(|below| is_command(sub, below))
        })
    })
}

/// The pages of the parent command, of related commands and of topics.
fn see_also<'a>(name: &str, words: &[&str], related: impl Iterator<Item = &'a str>) -> String {
    let mut pages = vec![("deployctl".to_owned(), '1')];
    if let [parents @ .., _] = words
        && !parents.is_empty()
    {
        pages.push((format!("deployctl-{}", parents.join("-")), '1'));
    }
    pages.extend(related.map(|page| (format!("deployctl-{page}"), '1')));
    pages.extend(
        TOPICS
            .iter()
            .map(|topic| (format!("deployctl-{}", topic.name), '7')),
    );
    pages.retain(|(page, _)| page != name);
    let last = pages.len() - 1;
    let mut text = String::from(".SH \"SEE ALSO\"\n");
    for (at, (page, section)) in pages.iter().enumerate() {
        let end = if at == last { "" } else { "," };
        text.push_str(&format!(
            ".BR {} ({section}){end}\n",
            page.replace('-', "\\-")
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::Cli;

    #[test]
    fn every_command_and_topic_has_a_page() {
        let names: Vec<String> = pages(Cli::command())
            .expect("rendered")
            .into_iter()
            .map(|page| page.file_name)
            .collect();
        for name in [
            "deployctl.1",
            "deployctl-create.1",
            "deployctl-status-set.1",
            "deployctl-help.1",
            "deployctl-exit-codes.7",
            "deployctl-selectors.7",
        ] {
            assert!(
                names.iter().any(|found| found == name),
                "{name} in {names:?}"
            );
        }
    }

    #[test]
    fn a_synopsis_is_the_usage() {
        let mut root = Cli::command();
        root.build();
        let of = |name: &str| synopsis(root.find_subcommand(name).expect("a command"));
        assert_eq!(
            of("create"),
            ".SH SYNOPSIS\n\\fBdeployctl create\\fR [OPTIONS]\n"
        );
        assert_eq!(
            of("status"),
            ".SH SYNOPSIS\n\\fBdeployctl status\\fR [OPTIONS] [ID]\n.br\n\
             \\fBdeployctl status\\fR <COMMAND>\n"
        );
        assert_eq!(
            synopsis(&root),
            ".SH SYNOPSIS\n\\fBdeployctl\\fR [OPTIONS] <COMMAND>\n"
        );
    }

    #[cfg(all(feature = "agent", feature = "sandbox"))]
    #[test]
    fn every_command_has_related_pages_that_exist() {
        let pages = pages(Cli::command()).expect("rendered");
        let mut names: Vec<String> = pages.iter().map(|page| page.words.join("-")).collect();
        names.retain(|name| !name.is_empty());
        for name in &names {
            let entries = related::RELATED.iter();
            let entries = entries.filter(|(command, _)| command == name);
            assert_eq!(entries.count(), 1, "{name}");
        }
        assert_eq!(related::RELATED.len(), names.len());
        for (command, related) in related::RELATED {
            for page in *related {
                assert!(names.iter().any(|name| name == page), "{command}: {page}");
                assert_ne!(command, page);
            }
        }
    }
}
