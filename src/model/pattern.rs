/// A pattern of names: `*` stands for any characters, `/` included, `?` for
/// one, and all else for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    ignores_case: bool,
}

impl Pattern {
    /// A pattern that upper and lower case are different for.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ignores_case: false,
        }
    }

    /// The same for names of which upper and lower case are the same.
    #[must_use]
    pub fn ignoring_case(mut self) -> Self {
        self.ignores_case = true;
        self
    }

    /// Whether a text stands for more than itself.
    pub fn is_one(text: &str) -> bool {
        text.contains(['*', '?'])
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a name fits, all of it.
    pub fn fits(&self, name: &str) -> bool {
        if self.ignores_case {
            fits(&self.text.to_lowercase(), &name.to_lowercase())
        } else {
            fits(&self.text, name)
        }
    }
}

/// Each `*` is tried with as little as fits; only the last one that was met is
/// ever tried with more, so that no pattern takes long.
fn fits(pattern: &str, name: &str) -> bool {
    let (mut wanted, mut there) = (pattern.chars(), name.chars());
    let mut again = None;
    loop {
        let left = there.clone();
        match (wanted.next(), there.next()) {
            (Some('*'), _) => {
                again = Some((wanted.clone(), left.clone()));
                there = left;
            }
            (None, None) => return true,
            (Some('?'), Some(_)) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => {
                let Some((after, from)) = &mut again else {
                    return false;
                };
                if from.next().is_none() {
                    return false;
                }
                (wanted, there) = (after.clone(), from.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_others() {
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
            ("feat[1]", "feat[1]", true),
            ("feat[1]", "feat1", false),
            ("{a,b}*", "{a,b}c", true),
            ("{a,b}*", "ac", false),
            ("a\\*", "a\\bc", true),
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

    /// The same in as few words as can be.
    fn plainly(pattern: &[char], name: &[char]) -> bool {
        match (pattern, name) {
            (['*', rest @ ..], _) => (0..=name.len()).any(|skip| plainly(rest, &name[skip..])),
            (['?', rest @ ..], [_, others @ ..]) => plainly(rest, others),
            ([one, rest @ ..], [other, others @ ..]) => one == other && plainly(rest, others),
            ([], others) => others.is_empty(),
            (_, []) => false,
        }
    }

    proptest! {
        #[test]
        fn it_fits_what_it_plainly_says(pattern in "[ab*?]{0,8}", name in "[abc]{0,8}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(
                Pattern::new(pattern.as_str()).fits(&name),
                plainly(&chars(&pattern), &chars(&name))
            );
        }
    }
}
