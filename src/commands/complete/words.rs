use std::ffi::OsString;

use clap::Command;

/// A word without the quotes and backslashes with which a shell keeps it
/// together. bash and fish hand on what was typed; the last word may be in
/// quotes that are still open.
pub(super) fn unquoted(shell: &str, word: OsString) -> OsString {
    let Some(text) = word.to_str().filter(|_| matches!(shell, "bash" | "fish")) else {
        return word;
    };
    if !text.contains(['\\', '\'', '"']) {
        return word;
    }
    let mut bare = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => bare.extend(chars.next()),
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (c, _) => bare.push(c),
        }
    }
    bare.into()
}

/// The words without options that have no value because none follows after `=`,
/// such as a bare `--json`: they take no word, which the engine thinks they do.
/// The last word is the one that is completed, and stays.
pub(super) fn without_finished(command: &Command, words: &[OsString]) -> Vec<OsString> {
    let Some((last, before)) = words.split_last() else {
        return Vec::new();
    };
    let longs = with_equals(command);
    let end = before.iter().position(|word| word == "--");
    let (options, rest) = before.split_at(end.unwrap_or(before.len()));
    let is_finished = |word: &&OsString| {
        let long = word.to_str().and_then(|word| word.strip_prefix("--"));
        long.is_some_and(|long| longs.iter().any(|one| one == long))
    };
    options
        .iter()
        .filter(|word| !is_finished(word))
        .chain(rest)
        .chain([last])
        .cloned()
        .collect()
}

/// The options whose value is taken after `=` only.
fn with_equals(command: &Command) -> Vec<String> {
    let own = command
        .get_arguments()
        .filter(|arg| arg.is_require_equals_set())
        .filter_map(|arg| arg.get_long().map(str::to_owned));
    own.chain(command.get_subcommands().flat_map(with_equals))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_what_the_shell_makes_of_it() {
        for (typed, meant) in [
            ("plain/pr-7", "plain/pr-7"),
            (r"my\ e", "my e"),
            ("'my e", "my e"),
            (r#""my \"e"#, "my \"e"),
            (r"it\'s", "it's"),
            (r"--environment='a b'", "--environment=a b"),
        ] {
            assert_eq!(unquoted("bash", typed.into()), meant, "{typed}");
        }
        assert_eq!(unquoted("zsh", r"a\ b".into()), r"a\ b");
    }
}
