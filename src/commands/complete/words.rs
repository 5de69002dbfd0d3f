use std::ffi::OsString;

use clap::Command;

/// Removes the quotes and backslashes of a shell from a word. bash and fish pass
/// words as they were typed; the quotes of the last word may still be open.
pub(super) fn unquote(shell: &str, word: OsString) -> OsString {
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

/// Removes options such as `--json` whose value, if any, follows after `=`: the
/// engine expects their value in the next word. The last word is the one that is
/// completed, and stays.
pub(super) fn without_bare_options(command: &Command, words: &[OsString]) -> Vec<OsString> {
    let Some((last, before)) = words.split_last() else {
        return Vec::new();
    };
    let longs = options_with_equals(command);
    let end = before.iter().position(|word| word == "--");
    let (options, rest) = before.split_at(end.unwrap_or(before.len()));
    let is_bare_option = |word: &&OsString| {
        let long = word.to_str().and_then(|word| word.strip_prefix("--"));
        long.is_some_and(|long| longs.iter().any(|one| one == long))
    };
    options
        .iter()
        .filter(|word| !is_bare_option(word))
        .chain(rest)
        .chain([last])
        .cloned()
        .collect()
}

/// The options whose value follows only after `=`.
fn options_with_equals(command: &Command) -> Vec<String> {
    let own = command
        .get_arguments()
        .filter(|arg| arg.is_require_equals_set())
        .filter_map(|arg| arg.get_long().map(str::to_owned));
    own.chain(command.get_subcommands().flat_map(options_with_equals))
        .collect()
}

/// The words of a command line that name its command. `root` has been built.
pub(super) fn command_path<'w>(
    root: &Command,
    words: impl Iterator<Item = &'w str>,
) -> Vec<&'w str> {
    let mut command = root;
    let mut path = Vec::new();
    for word in words {
        if let Some(found) = command.find_subcommand(word) {
            command = found;
            path.push(word);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_unquoted_as_the_shell_does() {
        for (typed, meant) in [
            ("plain/pr-7", "plain/pr-7"),
            (r"my\ e", "my e"),
            ("'my e", "my e"),
            (r#""my \"e"#, "my \"e"),
            (r"it\'s", "it's"),
            (r"--environment='a b'", "--environment=a b"),
        ] {
            assert_eq!(unquote("bash", typed.into()), meant, "{typed}");
        }
        assert_eq!(unquote("zsh", r"a\ b".into()), r"a\ b");
    }
}
