use jiff::Timestamp;
use jiff::fmt::strtime;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::path::ApiPath;
use super::rate::text;
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, Client};

/// What a server says about the token of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenFacts {
    /// The login of its user; `None` for a token that may not ask (an app's
    /// installation). The server's text: escape it before a terminal sees it.
    pub login: Option<String>,
    /// The scopes of a classic or OAuth token (`x-oauth-scopes`); `None` for
    /// one with fine-grained permissions, of which servers tell nothing.
    pub scopes: Option<Vec<String>>,
    /// When it ends (`github-authentication-token-expiration`), if it does.
    pub expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Viewer {
    login: String,
}

impl Client {
    /// Whether the server accepts the token, and what it tells of it: by
    /// `GET /user`, or where that kind of token may not ask by
    /// `GET /rate_limit`, or where limits are switched off by `GET /meta`.
    ///
    /// See <https://docs.github.com/rest/users/users#get-the-authenticated-user>.
    ///
    /// # Errors
    /// [`ApiError::Response`] with 401 for a token that is not accepted.
    pub async fn check_token(&self) -> Result<TokenFacts, ApiError> {
        let login = |response: &Response| Ok(Some(response.json::<Viewer>()?.login));
        // Any object will do: what counts is that the token was taken.
        let nobody = |response: &Response| response.json::<IgnoredAny>().map(|_| None);
        let may_not_ask = |error: &ApiError| {
            matches!(error.status(), Some(403 | 404)) && matches!(error, ApiError::Response(_))
        };
        let first = self.facts("user", login).await;
        match first {
            Err(error) if may_not_ask(&error) => {}
            known => return known,
        }
        match self.facts("rate_limit", nobody).await {
            Err(error) if may_not_ask(&error) => self.facts("meta", nobody).await,
            known => known,
        }
    }

    async fn facts(
        &self,
        page: &'static str,
        read: impl Fn(&Response) -> Result<Option<String>, ReadError>,
    ) -> Result<TokenFacts, ApiError> {
        let request = Request::get(ApiPath::root(page).below(self.rest()));
        let reply = self.call(&request, self.budget(), read).await?;
        let headers = &reply.response.headers;
        Ok(TokenFacts {
            login: reply.value,
            scopes: scopes(headers),
            expires_at: text(headers, "github-authentication-token-expiration").and_then(time),
        })
    }
}

/// The scopes that the response names; an empty list is not the same as none.
fn scopes(headers: &HeaderMap) -> Option<Vec<String>> {
    let list = text(headers, "x-oauth-scopes")?;
    Some(
        list.split(',')
            .map(str::trim)
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect(),
    )
}

/// Reads `2026-12-31 23:59:59 UTC` and `2026-12-31 23:59:59 -0500`.
fn time(value: &str) -> Option<Timestamp> {
    let value = value.trim();
    let value = match value.strip_suffix("UTC") {
        Some(rest) => format!("{rest}+0000"),
        None => value.to_owned(),
    };
    strtime::parse("%Y-%m-%d %H:%M:%S %z", value)
        .ok()?
        .to_timestamp()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_end_are_read() {
        for value in ["2026-12-31 23:59:59 UTC", "2026-12-31 18:59:59 -0500"] {
            let read = time(value).map(|time| time.to_string());
            assert_eq!(read.as_deref(), Some("2026-12-31T23:59:59Z"), "{value}");
        }
        for value in ["", "soon", "2026-12-31", "UTC"] {
            assert_eq!(time(value), None, "{value:?}");
        }
    }

    #[test]
    fn no_scopes_are_told_apart_from_no_word_about_scopes() {
        let mut headers = HeaderMap::new();
        assert_eq!(scopes(&headers), None);
        headers.insert("x-oauth-scopes", "".parse().expect("a value"));
        assert_eq!(scopes(&headers), Some(Vec::new()));
        headers.insert("x-oauth-scopes", "repo, read:org".parse().expect("a value"));
        assert_eq!(
            scopes(&headers),
            Some(vec!["repo".to_owned(), "read:org".to_owned()])
        );
    }
}
