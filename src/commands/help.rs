pub(super) mod files;
pub(super) mod rename;
pub(super) mod render;
pub(super) mod topic;
pub(super) mod topics;
pub(super) mod wrap;

use clap::builder::Styles;
use clap::{Args, Command};

use crate::error::{Failure, Kind};
use crate::session::Session;

use render::render_long_help;
use topic::Topic;
use topics::TOPICS;
use wrap::columns;

/// The last part of the short help.
pub(super) const HINT: &str = "\
Run 'deployctl help COMMAND' for the options and examples of a command, and
'deployctl help TOPIC' to read about:
  exit-codes    the meaning of each exit code, and how scripts use them
  environment   environment variables, and where files are stored
  formatting    tables, tab-separated lines, JSON, jq and templates
  selectors     how deployments are selected
  freezes       times at which nothing is deployed, and locks
  actions       GitHub Actions
  agent-config  the configuration file of the agent";

/// The last part of the long help.
pub(super) fn first_steps() -> String {
    format!("{HINT}\n\n{FIRST_STEPS}")
}

const FIRST_STEPS: &str = "\
Examples:
  # Try it without an account or a network
  deployctl --sandbox create --ref main -e staging
  deployctl --sandbox list

  # Request a deployment of the current branch and wait until it ends
  deployctl create -e staging --wait

  # Run a command that deploys, and report the result
  deployctl run -e staging -- ./deploy.sh

  # Show what is live, and the newest deployment to production
  deployctl list --active
  deployctl status -e production";

/// The similarity (0 to 1) from which one word may be a typo of another.
const MIN_SIMILARITY: f64 = 0.7;

/// Print the help of a command or a topic
///
/// The topics are exit-codes, environment, formatting, selectors, freezes,
/// actions and agent-config.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The options and examples of a command
  deployctl help create

  # The help of a subcommand
  deployctl help status set

  # The meaning of the exit codes
  deployctl help exit-codes

  # How deployments are selected, page by page
  deployctl help selectors | less")]
pub struct HelpArgs {
    /// Command, such as 'status set', or topic
    #[arg(value_name = "COMMAND")]
    pub words: Vec<String>,
}

pub(super) fn run(session: &Session, args: &HelpArgs, mut root: Command) -> anyhow::Result<()> {
    session.term.page();
    if let [word] = &args.words[..]
        && let Some(topic) = topic(word)
    {
        let text = topic.text();
        session.term.bytes(session.term.renamed(&text).as_bytes())?;
        return Ok(());
    }
    if !session.term.palette().color() {
        root = root.styles(Styles::plain());
    }
    root = root.term_width(columns(session.term.width()));
    root.build();
    let mut command = &root;
    for (at, word) in args.words.iter().enumerate() {
        let Some(found) = command.find_subcommand(word) else {
            return Err(unknown(&root, &args.words[..at], word).into());
        };
        command = found;
    }
    let help = render_long_help(&mut command.clone(), session.term.width());
    session.term.bytes(session.term.renamed(&help).as_bytes())?;
    Ok(())
}

fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

/// The names that may follow `help` and the words `before`: the subcommands, and
/// the topics as the first word. `root` has been built.
pub(crate) fn names(root: &Command, before: &[&str]) -> Vec<String> {
    let mut command = root;
    for word in before {
        match command.find_subcommand(word) {
            Some(found) => command = found,
            None => return Vec::new(),
        }
    }
    let commands = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let mut names: Vec<String> = commands.map(|sub| sub.get_name().to_owned()).collect();
    if before.is_empty() {
        names.extend(TOPICS.iter().map(|topic| topic.name.to_owned()));
    }
    names
}

fn unknown(root: &Command, before: &[String], word: &str) -> Failure {
    let known: Vec<&str> = before.iter().map(String::as_str).collect();
    let names = names(root, &known);
    let nearest = names
        .iter()
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let what = [&known[..], &[word]].concat().join(" ");
    let failure = Failure::new(
        Kind::Usage,
        format!("there is no command or topic {what:?}"),
    );
    match nearest {
        Some((_, name)) => {
            let meant = [&known[..], &[name.as_str()]].concat().join(" ");
            failure.hint(format!("did you mean 'deployctl help {meant}'?"))
        }
        None => failure.hint("run 'deployctl help' to list the commands and topics"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::Cli;

    #[test]
    fn a_typo_gets_a_suggestion() {
        let mut root = Cli::command();
        root.build();
        let hints = |before: &[&str], word: &str| {
            let before: Vec<String> = before.iter().map(ToString::to_string).collect();
            unknown(&root, &before, word).hints().to_vec()
        };
        assert_eq!(
            hints(&[], "creat"),
            ["did you mean 'deployctl help create'?"]
        );
        assert_eq!(
            hints(&[], "exit-code"),
            ["did you mean 'deployctl help exit-codes'?"]
        );
        assert_eq!(
            hints(&["status"], "sets"),
            ["did you mean 'deployctl help status set'?"]
        );
        assert_eq!(
            hints(&[], "xyz"),
            ["run 'deployctl help' to list the commands and topics"]
        );
    }

    #[test]
    fn the_short_help_names_every_topic() {
        for topic in TOPICS {
            assert!(
                HINT.contains(&format!("\n  {} ", topic.name)),
                "{}",
                topic.name
            );
        }
    }
}
