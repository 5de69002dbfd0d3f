use std::fmt::Write as _;

/// The text that sets outputs of a GitHub Actions step, to be appended to the
/// file that `GITHUB_OUTPUT` names. A value may have several lines and cannot
/// set other outputs: its delimiter is different from each of its lines.
///
/// `random` returns numbers to make delimiters from. See
/// <https://docs.github.com/actions/reference/workflow-commands#multiline-strings>.
pub(crate) fn github_output(values: &[(&str, &str)], mut random: impl FnMut() -> u64) -> String {
    let mut text = String::new();
    for (name, value) in values {
        let mut word = format!("ghadelimiter_{:016x}", random());
        while value.contains(&word) {
            let _ = write!(word, "{:016x}", random());
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "{name}<<{word}\n{value}\n{word}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Parses the file like the runner does.
    fn read(text: &str) -> Vec<(String, String)> {
        let mut outputs = Vec::new();
        let mut lines = text.split('\n');
        while let Some((name, word)) = lines.next().and_then(|line| line.split_once("<<")) {
            let value: Vec<_> = lines.by_ref().take_while(|line| *line != word).collect();
            outputs.push((name.to_owned(), value.join("\n")));
        }
        outputs
    }

    #[test]
    fn a_value_cannot_close_itself() {
        let hostile = "x\nghadelimiter_0000000000000001\nid<<ghadelimiter_0000000000000001\n9";
        let mut counter = 0;
        let text = github_output(&[("url", hostile), ("id", "5")], || {
            counter += 1;
            counter
        });
        assert_eq!(
            read(&text),
            [("url".into(), hostile.into()), ("id".into(), "5".into())]
        );
    }

    proptest! {
        #[test]
        fn values_are_read_back(one in any::<String>(), other in any::<String>(), seed: u64) {
            let text = github_output(&[("a", &one), ("b", &other)], || seed);
            prop_assert_eq!(read(&text), vec![("a".to_owned(), one), ("b".to_owned(), other)]);
        }
    }
}
