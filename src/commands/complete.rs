//! The candidates for the word at the cursor, for the completion scripts.
//!
//! Completion is fast and silent: it reads the refs of the checkout and the
//! completion cache, and uses neither a server nor the keyring.

mod paths;
mod sources;
mod words;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::env::Env;
use crate::term::{is_harmful, visible};

use sources::Sources;

/// A shell that waits longer seems to hang, so no candidates are offered then.
const COMPLETION_TIMEOUT: Duration = Duration::from_secs(1);

/// The candidates for the last of `words`, one per line, each with a tab and a
/// description if it has one. The first word is the program's own name; the words
/// are as they were typed in `shell`.
pub(crate) fn complete(shell: &str, words: Vec<OsString>, env: Env, root: Command) -> String {
    // In quotes, `~` is an ordinary character.
    let has_home = words
        .last()
        .is_some_and(|last| last.to_string_lossy().starts_with("~/"));
    let words: Vec<OsString> = words
        .into_iter()
        .map(|word| words::unquote(shell, word))
        .collect();
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let (sender, answer) = mpsc::channel();
    thread::spawn(move || {
        // The receiver is gone after the timeout.
        let _ = sender.send(candidates(&words, has_home, env, folder, root));
    });
    answer.recv_timeout(COMPLETION_TIMEOUT).unwrap_or_default()
}

fn candidates(
    words: &[OsString],
    has_home: bool,
    env: Env,
    folder: PathBuf,
    mut root: Command,
) -> String {
    let Some(last) = words.last().cloned() else {
        return String::new();
    };
    // This also constructs the deferred arguments of all commands.
    root.build();
    let sources = Arc::new(Sources::new(env, folder, words, has_home, root.clone()));
    let mut command = with_sources(root, &sources);
    let words = words::without_bare_options(&command, words);
    let index = words.len() - 1;
    let here = Some(sources.folder());
    let found = clap_complete::engine::complete(&mut command, words, index, here);
    lines(found.unwrap_or_default(), &last)
}

/// A line for each candidate that is safe to print. Options are offered if the
/// word starts with a dash, or if there are no other candidates.
fn lines(mut found: Vec<CompletionCandidate>, last: &OsStr) -> String {
    let is_option = |one: &CompletionCandidate| one.get_value().to_string_lossy().starts_with('-');
    let starts_option = last.to_string_lossy().starts_with('-');
    if !starts_option && !found.iter().all(is_option) {
        found.retain(|one| !is_option(one));
    }
    let mut text = String::new();
    for one in found {
        let Some(value) = one.get_value().to_str() else {
            continue;
        };
        if value.is_empty() || value.contains(is_harmful) {
            continue;
        }
        text.push_str(value);
        let help = one.get_help().map(ToString::to_string).unwrap_or_default();
        if let Some(first) = help.lines().next().filter(|line| !line.is_empty()) {
            text.push('\t');
            text.push_str(&visible(first));
        }
        text.push('\n');
    }
    text
}

/// Adds a source of candidates to each argument. The name of a value in the help
/// determines its source: `ENV` is an environment.
fn with_sources(command: Command, sources: &Arc<Sources>) -> Command {
    command
        .mut_args(|arg| match completer(&arg, sources) {
            Some(completer) => arg.add(completer),
            None => arg,
        })
        .mut_subcommands(|sub| with_sources(sub, sources))
}

fn completer(arg: &Arg, sources: &Arc<Sources>) -> Option<ArgValueCompleter> {
    let of = |source: fn(&Sources, &str) -> Vec<CompletionCandidate>| {
        let sources = Arc::clone(sources);
        Some(ArgValueCompleter::new(move |current: &OsStr| {
            current
                .to_str()
                .map(|current| source(&sources, current))
                .unwrap_or_default()
        }))
    };
    let names = arg.get_value_names()?;
    let is_path = arg.get_value_hint() == ValueHint::AnyPath;
    match (names.first()?.as_str(), arg.get_id().as_str()) {
        ("FIELDS", _) => of(Sources::fields),
        ("ENV" | "FROM" | "TO", _) => of(Sources::environments),
        ("REF", _) => of(Sources::refs),
        ("ENV|REF", _) => of(Sources::environments_and_refs),
        ("SHA|#PR|URL|REF", _) => of(Sources::refs),
        ("CONTEXT", _) => of(Sources::contexts),
        ("LOGIN", "creator") => of(Sources::creators),
        #[cfg(feature = "agent")]
        ("ID", "drop") => of(Sources::stored_reports),
        ("ID", id) if id != "client_id" => of(Sources::deployments),
        ("ID|URL" | "ID|SHA|-N", _) => of(Sources::deployments),
        ("RUN", _) => of(Sources::waiting_runs),
        ("NUMBER", "pull_request") => of(Sources::pull_requests),
        ("STATE", "state") if arg.get_value_parser().possible_values().is_none() => {
            of(Sources::states)
        }
        ("[HOST/]OWNER/REPO", _) => of(paths::repositories),
        ("COMMAND", _) => of(Sources::commands),
        ("JSON|@FILE|-", _) => of(paths::files_behind_at),
        ("CMD", _) => of(paths::words_of_command),
        ("DIR", _) => of(paths::folders),
        _ if is_path => of(paths::files),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::Cli;

    fn offered(line: &str) -> Vec<String> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let text = candidates(
            &words,
            false,
            Env::from_pairs([]),
            PathBuf::from("/"),
            Cli::command(),
        );
        let value = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
        text.lines().map(value).collect()
    }

    #[test]
    fn what_is_known_without_asking_is_offered() {
        assert_eq!(offered("deployctl crea"), ["create"]);
        assert_eq!(offered("deployctl status s"), ["set"]);
        assert_eq!(
            offered("deployctl list --json=id,environ"),
            ["--json=id,environment"]
        );
        assert_eq!(offered("deployctl list --state act"), ["active"]);
        assert_eq!(offered("deployctl man status s"), ["set"]);
        assert_eq!(offered("deployctl help exit"), ["exit-codes"]);
        assert_eq!(offered("deployctl list --envir"), ["--environment"]);
        assert!(offered("deployctl status set 1 ").contains(&"success".to_owned()));
        assert!(offered("deployctl completions --static b").contains(&"bash".to_owned()));
    }

    #[test]
    fn options_come_where_they_are_begun() {
        let commands = offered("deployctl ");
        assert!(commands.contains(&"create".to_owned()));
        assert!(
            commands.iter().all(|word| !word.starts_with('-')),
            "{commands:?}"
        );
        assert!(offered("deployctl --").contains(&"--repo".to_owned()));
        assert!(offered("deployctl list ").contains(&"--state".to_owned()));
    }

    #[test]
    fn a_value_that_needs_an_equals_sign_is_offered_behind_one() {
        assert_eq!(
            offered("deployctl list --transient="),
            ["--transient=true", "--transient=false"]
        );
        for line in ["list --transient ", "create --production ", "wait --jsonl "] {
            let words = offered(&format!("deployctl {line}"));
            let is_value = |word: &String| !word.starts_with('-');
            assert!(!words.iter().any(is_value), "{line}: {words:?}");
        }
        // The option takes no value from the next argument.
        assert_eq!(offered("deployctl status --json s"), ["set"]);
        let states = offered("deployctl status set --json 1 succ");
        assert_eq!(states, ["success"]);
    }

    #[test]
    fn what_could_harm_a_terminal_is_not_offered() {
        let candidates = vec![
            CompletionCandidate::new("good").help(Some("a\u{202e}\nb".into())),
            CompletionCandidate::new("b\x1b[2Jad"),
            CompletionCandidate::new("b\nad"),
        ];
        assert_eq!(lines(candidates, OsStr::new("")), "good\ta\\u{202e}\n");
    }
}
