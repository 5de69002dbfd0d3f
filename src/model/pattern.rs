/// A glob pattern for names: `*` matches any characters, `/` included, `?`
/// matches one character, `[a-c]` one of these and `[!a-c]` any other; `\`
/// escapes the next character. All other characters match themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: String,
    parts: Vec<Part>,
    ignores_case: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Any characters.
    Any,
    /// Any one character.
    One,
    /// A character in one of the ranges, or, negated, in none of them.
    OneOf {
        ranges: Vec<(char, char)>,
        is_other: bool,
    },
    Itself(char),
}

impl Pattern {
    /// A case-sensitive pattern.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            parts: parts(&text),
            text,
            ignores_case: false,
        }
    }

    /// A pattern that only `name` matches, whatever characters it has.
    pub(crate) fn exact(name: impl Into<String>) -> Self {
        let text = name.into();
        Self {
            parts: text.chars().map(Part::Itself).collect(),
            text,
            ignores_case: false,
        }
    }

    /// Makes the pattern ignore case.
    #[must_use]
    pub(crate) fn ignoring_case(mut self) -> Self {
        self.parts = parts(&self.text.to_lowercase());
        self.ignores_case = true;
        self
    }

    /// Whether a text has any special characters of patterns.
    pub(crate) fn is_pattern(text: &str) -> bool {
        text.contains(['*', '?', '[', '\\'])
    }

    /// The pattern as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole name matches. A name that is written like the pattern
    /// matches too, so that every name selects itself.
    pub(crate) fn fits(&self, name: &str) -> bool {
        if name == self.text {
            return true;
        }
        let name: Vec<char> = if self.ignores_case {
            name.to_lowercase().chars().collect()
        } else {
            name.chars().collect()
        };
        fits(&self.parts, &name)
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        parts.push(match next {
            '*' => Part::Any,
            '?' => Part::One,
            '[' => match one_of(rest.as_str()) {
                Some((part, after)) => {
                    rest = after.chars();
                    part
                }
                None => Part::Itself('['),
            },
            '\\' => Part::Itself(rest.next().unwrap_or('\\')),
            other => Part::Itself(other),
        });
    }
    parts
}

/// Parses what follows `[`. `None` without the closing bracket. A `]` right at
/// the beginning stands for itself.
fn one_of(text: &str) -> Option<(Part, &str)> {
    let inside = text.strip_prefix(['!', '^']).unwrap_or(text);
    let end = inside.char_indices().skip(1).find(|(_, c)| *c == ']')?.0;
    let mut ranges = Vec::new();
    let mut rest = inside[..end].chars();
    while let Some(first) = rest.next() {
        let mut ahead = rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) => {
                ranges.push((first, last));
                rest = ahead;
            }
            _ => ranges.push((first, first)),
        }
    }
    let part = Part::OneOf {
        ranges,
        is_other: inside.len() < text.len(),
    };
    Some((part, &inside[end + 1..]))
}

impl Part {
    fn takes(&self, there: char) -> bool {
        match self {
            Self::Any => false,
            Self::One => true,
            Self::OneOf { ranges, is_other } => {
                let is_in = |(first, last): &(char, char)| (*first..=*last).contains(&there);
                ranges.iter().any(is_in) != *is_other
            }
            Self::Itself(wanted) => *wanted == there,
        }
    }
}

/// Each `*` is tried with as little as fits; only the last one that was met is
/// ever tried with more, so that no pattern takes long.
fn fits(parts: &[Part], name: &[char]) -> bool {
    let (mut part, mut at) = (0, 0);
    let mut again = None;
    loop {
        match (parts.get(part), name.get(at)) {
            (None, None) => return true,
            (Some(Part::Any), _) => {
                part += 1;
                again = Some((part, at));
            }
            (Some(one), Some(there)) if one.takes(*there) => {
                part += 1;
                at += 1;
            }
            _ => match &mut again {
                Some((after, from)) if *from < name.len() => {
                    *from += 1;
                    (part, at) = (*after, *from);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_are_those_of_shells() {
        for (pattern, name, expected) in [
            ("pr-*", "pr-7", true),
            ("pr-*", "pr-", true),
            ("pr-*", "spr-7", false),
            ("*/pr-?", "preview/eu/pr-7", true),
            ("*/pr-?", "preview/pr-77", false),
            ("*a*b", "xaxbxab", true),
            ("*a*b", "xaxbxa", false),
            ("a?c", "aöc", true),
            ("a?c", "ac", false),
            ("*", "", true),
            ("?", "", false),
            ("", "", true),
            ("pr-[2-4x]", "pr-3", true),
            ("pr-[2-4x]", "pr-x", true),
            ("pr-[2-4x]", "pr-5", false),
            ("pr-[!2-4]", "pr-5", true),
            ("pr-[^2-4]", "pr-3", false),
            ("[]]", "]", true),
            ("[a-]", "-", true),
            ("x[1", "x[1", true),
            ("[", "[", true),
            ("feat\\[1]", "feat[1]", true),
            ("feat\\[1]", "feat1", false),
            ("feat[1]", "feat[1]", true),
            ("{a,b}", "{a,b}", true),
            ("{a,b}", "a", false),
            ("a\\", "a\\", true),
        ] {
            assert_eq!(
                Pattern::new(pattern).fits(name),
                expected,
                "{pattern} {name}"
            );
        }
        assert!(Pattern::new("Acme/*").ignoring_case().fits("aCME/Shop"));
        assert!(!Pattern::new("Acme/*").fits("acme/shop"));
    }

    /// The simplest possible implementation, for comparison.
    fn plainly(parts: &[Part], name: &[char]) -> bool {
        match (parts, name) {
            ([Part::Any, rest @ ..], _) => {
                (0..=name.len()).any(|skip| plainly(rest, &name[skip..]))
            }
            ([one, rest @ ..], [there, others @ ..]) => one.takes(*there) && plainly(rest, others),
            ([], others) => others.is_empty(),
            (_, []) => false,
        }
    }

    proptest! {
        #[test]
        fn it_fits_what_it_plainly_says(pattern in r"[ab*?\[\]!-]{0,8}", name in "[abc]{0,8}") {
            let pattern = Pattern::new(pattern);
            let chars: Vec<char> = name.chars().collect();
            let expected = plainly(&pattern.parts, &chars) || name == pattern.as_str();
            prop_assert_eq!(pattern.fits(&name), expected);
        }
    }
}
