/// Puts a word in quotes unless it consists of letters and characters that have
/// no meaning for a shell.
pub(crate) fn quote_for_shell(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quote_for_shell;

    #[test]
    fn a_word_stays_one_word_in_a_shell() {
        assert_eq!(quote_for_shell("--keep=1"), "--keep=1");
        assert_eq!(quote_for_shell("preview/*"), "'preview/*'");
        assert_eq!(quote_for_shell(""), "''");
        assert_eq!(quote_for_shell("it's $HOME"), r"'it'\''s $HOME'");
    }
}
