use jiff::Timestamp;
use jiff::fmt::strtime;
use reqwest::header::HeaderMap;
use serde::de::IgnoredAny;

use super::path::ApiPath;
use super::rate::text;
use super::request::Request;
use super::response::{ReadError, Response};
use super::viewer::Login;
use super::{ApiError, Client};

/// What the server reports about the token of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenFacts {
    /// The login of its user; `None` for an app's installation token, which
    /// cannot ask for it. This is the server's text: escape it before you print
    /// it on a terminal.
    pub login: Option<String>,
    /// The scopes of a classic or OAuth token (`x-oauth-scopes`); `None` for a
    /// token with fine-grained permissions, which servers do not report.
    pub scopes: Option<Vec<String>>,
    /// When it expires (`github-authentication-token-expiration`), if it does.
    pub expires_at: Option<Timestamp>,
}

impl Client {
    /// Checks whether the server accepts the token: by `GET /user`, or for
    /// tokens that may not use that by `GET /rate_limit`, or if limits are
    /// disabled by `GET /meta`.
    ///
    /// See <https://docs.github.com/rest/users/users#get-the-authenticated-user>.
    ///
    /// # Errors
    /// [`ApiError::Response`] with 401 if the server does not accept the token.
    pub async fn check_token(&self) -> Result<TokenFacts, ApiError> {
        let login = |response: &Response| Ok(Some(response.json::<Login>()?.login));
        // Any JSON will do: what counts is that the token was accepted.
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

/// The scopes in the response; an empty list is not the same as `None`.
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

/// Parses `2026-12-31 23:59:59 UTC` and `2026-12-31 23:59:59 -0500`.
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
    fn both_formats_of_the_expiration_are_parsed() {
        for value in ["2026-12-31 23:59:59 UTC", "2026-12-31 18:59:59 -0500"] {
            let read = time(value).map(|time| time.to_string());
            assert_eq!(read.as_deref(), Some("2026-12-31T23:59:59Z"), "{value}");
        }
        for value in ["", "soon", "2026-12-31", "UTC"] {
            assert_eq!(time(value), None, "{value:?}");
        }
    }

    #[test]
    fn no_scopes_are_distinguished_from_unknown_scopes() {
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
