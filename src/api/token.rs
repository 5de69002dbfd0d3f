use std::fmt;

use reqwest::header::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// Replaces the token where a server repeated it.
const HIDDEN: &str = "[token]";
/// Shorter tokens are not GitHub's, and may be ordinary words.
const SHORTEST_SECRET: usize = 8;

/// A token that authenticates requests. It never appears in `Debug` output,
/// errors or events.
///
/// See <https://docs.github.com/rest/authentication/authenticating-to-the-rest-api>.
#[derive(Clone)]
pub struct Token(SecretString);

/// The text cannot be a token. This error does not contain the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// The text is empty.
    #[error("the token is empty")]
    Empty,
    /// The text has white space, control characters or letters outside ASCII.
    #[error(
        "the token has invalid characters (white space, a line break or a letter outside ASCII)"
    )]
    Characters,
}

impl Token {
    /// Creates a token. Only visible ASCII characters are allowed.
    pub fn new(text: String) -> Result<Self, InvalidToken> {
        if text.is_empty() {
            return Err(InvalidToken::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidToken::Characters);
        }
        Ok(Self(SecretString::from(text)))
    }

    /// The token's text, for the few places that need it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Removes the token from a text of a server: some servers repeat what they
    /// were sent in their errors. `None` if the text does not contain it.
    pub(super) fn hidden_in(&self, text: &str) -> Option<String> {
        let token = self.expose();
        let is_secret = token.len() >= SHORTEST_SECRET && text.contains(token);
        is_secret.then(|| text.replace(token, HIDDEN))
    }

    /// Removes the token from the headers and the body of a response.
    pub(super) fn hide_in(&self, headers: &mut HeaderMap, body: Option<&mut Vec<u8>>) {
        for value in headers.values_mut() {
            let Ok(text) = value.to_str() else { continue };
            if let Some(hidden) = self.hidden_in(text)
                && let Ok(hidden) = HeaderValue::from_str(&hidden)
            {
                *value = hidden;
            }
        }
        if let Some(body) = body
            && let Some(hidden) = self.hidden_in(&String::from_utf8_lossy(body))
        {
            *body = hidden.into_bytes();
        }
    }

    /// The value of the `Authorization` header, marked as sensitive.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.expose())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_header_can_carry_is_refused() {
        for text in ["a b", "a\nb", "a\r", "tökén", "\u{7f}", "\t"] {
            assert_eq!(
                Token::new(text.to_owned()).err(),
                Some(InvalidToken::Characters),
                "{text:?}"
            );
        }
        assert_eq!(Token::new(String::new()).err(), Some(InvalidToken::Empty));
    }

    #[test]
    fn a_token_that_the_server_repeats_is_redacted() {
        let token = Token::new("ghp_secret".to_owned()).expect("valid");
        let mut headers = HeaderMap::new();
        headers.insert("location", HeaderValue::from_static("/x?ghp_secret=1"));
        headers.insert("etag", HeaderValue::from_static("kept"));
        let mut body = b"Bearer ghp_secret \xff ghp_secret".to_vec();
        token.hide_in(&mut headers, Some(&mut body));
        assert_eq!(headers["location"], "/x?[token]=1");
        assert_eq!(headers["etag"], "kept");
        assert_eq!(body, "Bearer [token] \u{fffd} [token]".as_bytes());
        let mut other = b"\xff ghp_secre".to_vec();
        token.hide_in(&mut headers, Some(&mut other));
        assert_eq!(other, b"\xff ghp_secre");
        assert_eq!(token.hidden_in("no"), None);
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        let token = Token::new("ghp_secret".to_owned()).expect("valid");
        let header = token.authorization().expect("a header");
        assert_eq!(format!("{token:?}"), "Token([redacted])");
        assert!(!format!("{header:?}").contains("secret"));
        assert_eq!(token.expose(), "ghp_secret");
    }
}
