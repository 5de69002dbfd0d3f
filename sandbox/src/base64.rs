//! Base64 for node ids (URL alphabet, no padding), the contents of files, and
//! `Basic` credentials (either alphabet, with or without padding).

const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Encodes with the URL alphabet and without padding.
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0u32, |word, (place, &byte)| {
            word | u32::from(byte) << (16 - 8 * place)
        });
        for place in 0..=chunk.len() {
            let index = word >> (18 - 6 * place) & 0x3f;
            text.push(char::from(URL[index as usize]));
        }
    }
    text
}

/// Encodes with the usual alphabet and padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = encode_url(bytes).replace('-', "+").replace('_', "/");
    text.extend(std::iter::repeat_n('=', (4 - text.len() % 4) % 4));
    text
}

/// Decodes either alphabet; `None` for any other character or a cut text.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    if text.is_empty() || text.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut word = 0u32;
        for (place, &byte) in chunk.iter().enumerate() {
            let index = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'-' | b'+' => 62,
                b'_' | b'/' => 63,
                _ => return None,
            };
            word |= u32::from(index) << (18 - 6 * place);
        }
        bytes.extend(&word.to_be_bytes()[1..chunk.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, encode_url};

    #[test]
    fn known_texts() {
        assert_eq!(encode_url(b"user:token"), "dXNlcjp0b2tlbg");
        assert_eq!(
            decode("dXNlcjp0b2tlbg==").as_deref(),
            Some(&b"user:token"[..])
        );
        assert_eq!(encode_url(&[0xfb, 0xff]), "-_8");
        assert_eq!(decode("+/8=").as_deref(), Some(&[0xfb, 0xff][..]));
        assert_eq!(encode(b"user:token"), "dXNlcjp0b2tlbg==");
        assert_eq!(encode(&[0xfb, 0xff]), "+/8=");
        assert_eq!(encode(b""), "");
        assert_eq!(decode("a"), None);
        assert_eq!(decode("a*bc"), None);
    }
}
