use clap::Command;

use crate::session::{EXTENSION_NAME, PROGRAM_NAME};

/// A text with its commands as users of the extension type them: `deployctl list`
/// becomes `gh deployctl list`. Sentences about deployctl stay.
/// `root` has every command.
pub(crate) fn rename_commands(text: &str, root: &Command) -> String {
    let is_command = |after: &str| {
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '-');
        let word = &after[..end.unwrap_or(after.len())];
        after.starts_with(['-', '<', '['])
            || root.find_subcommand(word).is_some()
            || (!word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase()))
    };
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(PROGRAM_NAME) {
        renamed.push_str(&rest[..at]);
        rest = &rest[at + PROGRAM_NAME.len()..];
        let follows_a_word = renamed.ends_with(|c: char| c.is_alphanumeric() || "-_./".contains(c));
        let has_prefix = renamed.ends_with("gh ");
        let is_call = rest.strip_prefix(' ').is_some_and(is_command);
        let is_extended = is_call && !follows_a_word && !has_prefix;
        renamed.push_str(if is_extended {
            EXTENSION_NAME
        } else {
            PROGRAM_NAME
        });
    }
    renamed.push_str(rest);
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::Cli;

    #[test]
    fn commands_are_renamed_and_sentences_are_not() {
        let root = Cli::command();
        for (text, expected) in [
            (
                "run 'deployctl list' to see",
                "run 'gh deployctl list' to see",
            ),
            (
                "  deployctl list | deployctl --sandbox list",
                "  gh deployctl list | gh deployctl --sandbox list",
            ),
            ("id=$(deployctl create)", "id=$(gh deployctl create)"),
            ("'deployctl help COMMAND'", "'gh deployctl help COMMAND'"),
            ("deployctl COMMAND --help", "gh deployctl COMMAND --help"),
            (
                "Usage: deployctl [OPTIONS]",
                "Usage: gh deployctl [OPTIONS]",
            ),
            ("gh deployctl list", "gh deployctl list"),
            (
                "deployctl uses the first token",
                "deployctl uses the first token",
            ),
            (
                "the next deployctl command sends it",
                "the next deployctl command sends it",
            ),
            ("/usr/bin/deployctl list", "/usr/bin/deployctl list"),
            (
                "see deployctl.toml, or deployctl",
                "see deployctl.toml, or deployctl",
            ),
        ] {
            assert_eq!(rename_commands(text, &root), expected);
        }
    }
}
