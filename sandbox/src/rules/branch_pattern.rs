//! Name patterns of deployment branches and tags, as Ruby's `File.fnmatch`
//! reads them.

/// Whether a name matches a pattern: `*` matches any text without a slash,
/// `**` any text, and `?` any character but a slash.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    // `reached[n]` says whether the pattern so far matches the first `n`
    // characters.
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    let mut pattern = pattern.chars().peekable();
    while let Some(token) = pattern.next() {
        let mut next = vec![false; name.len() + 1];
        if token == '*' {
            let any = pattern.next_if_eq(&'*').is_some();
            let mut open = false;
            for (at, is_reached) in reached.iter().enumerate() {
                if at > 0 && !any && name[at - 1] == '/' {
                    open = false;
                }
                open |= is_reached;
                next[at] = open;
            }
        } else {
            for (at, letter) in name.iter().enumerate() {
                let fits = if token == '?' {
                    *letter != '/'
                } else {
                    *letter == token
                };
                next[at + 1] = reached[at] && fits;
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stops_at_a_slash() {
        for (pattern, name, expected) in [
            ("main", "main", true),
            ("main", "maintenance", false),
            ("release/*", "release/1.0", true),
            ("release/*", "release/1/0", false),
            ("release/**", "release/1/0", true),
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("v?.*", "v1.2", true),
            ("v?.*", "v/.2", false),
            ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
