use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const ELLIPSIS: &str = "…";
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// The number of terminal columns of `text`.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Truncates `text` to `max` columns; truncated text ends in `…`.
///
/// It cuts between visible characters: an accent stays with its letter, and a
/// joined emoji stays whole.
pub(crate) fn truncate(text: &str, max: usize) -> Cow<'_, str> {
    if width(text) <= max {
        return Cow::Borrowed(text);
    }
    if max == 0 {
        return Cow::Borrowed("");
    }
    let room = max - width(ELLIPSIS);
    let mut kept = 0;
    let mut used = 0;
    for cluster in clusters(text) {
        used += width(cluster);
        if used > room {
            break;
        }
        kept += cluster.len();
    }
    let cut = format!("{}{ELLIPSIS}", &text[..kept]);
    Cow::Owned(cut)
}

/// Base characters, each with the characters that combine with it.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut joined = true;
        let end = rest
            .char_indices()
            .find(|&(_, c)| {
                let belongs = joined || c.width().unwrap_or(0) == 0;
                joined = c == ZERO_WIDTH_JOINER;
                !belongs
            })
            .map_or(rest.len(), |(at, _)| at);
        let (cluster, after) = rest.split_at(end);
        rest = after;
        (!cluster.is_empty()).then_some(cluster)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_cuts_by_columns_not_by_bytes() {
        for (text, max, cut) in [
            ("deploy", 6, "deploy"),
            ("deploy", 5, "depl…"),
            ("deploy", 1, "…"),
            ("deploy", 0, ""),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("👩\u{200d}🚀 up", 3, "👩\u{200d}🚀…"),
            ("👩\u{200d}🚀 up", 2, "…"),
        ] {
            assert_eq!(truncate(text, max), cut, "{text:?} to {max}");
        }
    }

    proptest! {
        #[test]
        fn it_never_takes_more_than_it_may(text in "\\PC{0,40}", max in 0usize..50) {
            let cut = truncate(&text, max);
            prop_assert!(width(&cut) <= max, "{cut:?} is {} wide", width(&cut));
            if width(&text) <= max {
                prop_assert_eq!(cut.as_ref(), text.as_str());
            }
        }

        #[test]
        fn clusters_lose_nothing(text in any::<String>()) {
            prop_assert_eq!(clusters(&text).collect::<String>(), text);
        }
    }
}
