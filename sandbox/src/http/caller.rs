//! The sender of a request.

use http::{HeaderMap, header};

use crate::access::{Access, TokenRule};
use crate::base64;

/// The login of the user of a token without a rule.
pub(crate) const LOGIN: &str = "sandbox";

/// The sender of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The login and its rights; `None` without a token.
    pub(crate) known: Option<(String, Access)>,
    /// The key by which limits are counted.
    pub(crate) key: String,
}

/// The credentials are invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadCredentials;

impl Caller {
    /// Somebody without a token.
    pub(crate) fn anonymous() -> Self {
        Self {
            known: None,
            key: String::new(),
        }
    }

    /// Reads `Authorization`: `Bearer` or `token` with a token, or `Basic`
    /// with a token as password (or as user name, without one).
    pub(crate) fn identify(
        headers: &HeaderMap,
        rules: &[TokenRule],
    ) -> Result<Self, BadCredentials> {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(Self::anonymous());
        };
        let value = value.to_str().map_err(|_| BadCredentials)?;
        let (scheme, credentials) = value.trim().split_once(' ').ok_or(BadCredentials)?;
        let token = match scheme.to_ascii_lowercase().as_str() {
            "bearer" | "token" => credentials.trim().to_owned(),
            "basic" => {
                let bytes = base64::decode(credentials.trim()).ok_or(BadCredentials)?;
                let pair = String::from_utf8(bytes).map_err(|_| BadCredentials)?;
                let (user, password) = pair.split_once(':').ok_or(BadCredentials)?;
                let nothing = password.is_empty() || password == "x-oauth-basic";
                if nothing { user } else { password }.to_owned()
            }
            _ => return Err(BadCredentials),
        };
        if token.is_empty() {
            return Err(BadCredentials);
        }
        let known = match rules.iter().find(|rule| rule.token == token) {
            None => (LOGIN.to_owned(), Access::Full),
            Some(rule) if rule.access == Access::Revoked => return Err(BadCredentials),
            Some(rule) => (rule.token.clone(), rule.access.clone()),
        };
        Ok(Self {
            known: Some(known),
            key: token,
        })
    }

    /// The login and its rights; `None` without a token.
    pub(crate) fn identity(&self) -> Option<(&str, &Access)> {
        let known = self.known.as_ref();
        known.map(|(login, access)| (login.as_str(), access))
    }

    /// The caller's rights; `None` without a token.
    pub(crate) fn access(&self) -> Option<&Access> {
        self.known.as_ref().map(|(_, access)| access)
    }

    /// The login; `None` without a token.
    pub(crate) fn login(&self) -> Option<&str> {
        self.known.as_ref().map(|(login, _)| login.as_str())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Access, BadCredentials, Caller, HeaderMap, header};

    fn identify(value: &str) -> Result<Caller, BadCredentials> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        let rules = ["ci=repo_deployment", "old=revoked"].map(|rule| rule.parse().unwrap());
        Caller::identify(&headers, &rules)
    }

    #[test]
    fn all_forms_of_credentials_are_read() {
        for value in [
            "token ci",
            "Bearer ci",
            "bearer  ci",
            "Basic dXNlcjpjaQ==",
            "basic Y2k6",
        ] {
            let caller = identify(value).unwrap();
            assert_eq!(
                (caller.login(), caller.key.as_str()),
                (Some("ci"), "ci"),
                "{value}"
            );
        }
        let anybody = identify("Bearer whatever").unwrap();
        assert_eq!(anybody.known, Some(("sandbox".to_owned(), Access::Full)));
        for value in [
            "token old",
            "Bearer ",
            "token",
            "Digest x",
            "Basic ???",
            "Basic Y2k=",
        ] {
            assert_eq!(identify(value), Err(BadCredentials), "{value}");
        }
    }
}
