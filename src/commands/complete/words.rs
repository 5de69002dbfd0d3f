use std::ffi::OsString;

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
