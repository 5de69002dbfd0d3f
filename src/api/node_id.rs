use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// The number at the end of a GraphQL id, which REST uses. GraphQL itself has
/// only `databaseId`, which is too narrow for it.
///
/// The ids have two forms: `EN_kwDO…` is a kind and a msgpack array that ends
/// in the number, and `MDExOkVudmlyb25tZW50NTY3ODA0Mjg=` is the text
/// `011:Environment56780428`.
pub(super) fn number_in(node_id: &str) -> Option<u64> {
    if let Some((_, data)) = node_id.split_once('_') {
        return last_of_array(&URL_SAFE_NO_PAD.decode(data.trim_end_matches('=')).ok()?);
    }
    let text = String::from_utf8(STANDARD.decode(node_id).ok()?).ok()?;
    let (_, name) = text.split_once(':')?;
    let number = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    number.parse().ok()
}

/// The last element of a msgpack array of unsigned numbers.
fn last_of_array(bytes: &[u8]) -> Option<u64> {
    let (&head, mut rest) = bytes.split_first()?;
    if head & 0xf0 != 0x90 {
        return None;
    }
    let mut last = None;
    for _ in 0..head & 0x0f {
        let (&kind, after) = rest.split_first()?;
        let size = match kind {
            0x00..=0x7f => {
                last = Some(u64::from(kind));
                rest = after;
                continue;
            }
            0xcc => 1,
            0xcd => 2,
            0xce => 4,
            0xcf => 8,
            _ => return None,
        };
        let (number, after) = after.split_at_checked(size)?;
        let number = number
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        last = Some(number);
        rest = after;
    }
    last.filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_forms_contain_the_number() {
        assert_eq!(number_in("DE_kwDOHjNddM5sfT5s"), Some(1_820_147_308));
        let old = "MDExOkVudmlyb25tZW50NTY3ODA0Mjg=";
        assert_eq!(number_in(old), Some(56_780_428));
    }

    #[test]
    fn a_wide_number_is_read_whole() {
        let mut bytes = vec![0x93, 0, 0xcd, 1, 0, 0xcf];
        bytes.extend(9_000_000_000_u64.to_be_bytes());
        let id = format!("EN_{}", URL_SAFE_NO_PAD.encode(bytes));
        assert_eq!(number_in(&id), Some(9_000_000_000));
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in "(EN_)?[A-Za-z0-9_=-]{0,24}") {
            let _ = number_in(&text);
        }
    }
}
