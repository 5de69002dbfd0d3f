use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of a token, which its prefix shows.
///
/// See <https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenKind {
    /// `ghp_`: a personal access token with scopes.
    Classic,
    /// `github_pat_`: a personal access token with permissions.
    FineGrained,
    /// `gho_`: a token of an OAuth app, as from the device flow.
    OAuth,
    /// `ghu_`: a user token of a GitHub App.
    AppUser,
    /// `ghs_`: an installation token of a GitHub App, such as `GITHUB_TOKEN` in
    /// GitHub Actions.
    Installation,
    /// Any other token, such as that of an old server.
    #[serde(other)]
    Unknown,
}

impl TokenKind {
    pub(crate) fn from_token(token: &str) -> Self {
        const KINDS: [(&str, TokenKind); 5] = [
            ("ghp_", TokenKind::Classic),
            ("github_pat_", TokenKind::FineGrained),
            ("gho_", TokenKind::OAuth),
            ("ghu_", TokenKind::AppUser),
            ("ghs_", TokenKind::Installation),
        ];
        KINDS
            .into_iter()
            .find(|(start, _)| token.starts_with(start))
            .map_or(Self::Unknown, |(_, kind)| kind)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::FineGrained => "fine_grained",
            Self::OAuth => "oauth",
            Self::AppUser => "app_user",
            Self::Installation => "installation",
            Self::Unknown => "unknown",
        }
    }

    /// The path of the page where a user can revoke such a token.
    pub(crate) fn settings_page(self) -> &'static str {
        match self {
            Self::FineGrained => "/settings/personal-access-tokens",
            Self::OAuth => "/settings/applications",
            Self::AppUser | Self::Installation => "/settings/apps/authorizations",
            Self::Classic | Self::Unknown => "/settings/tokens",
        }
    }
}

impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Classic => "classic personal access token",
            Self::FineGrained => "fine-grained personal access token",
            Self::OAuth => "token of an OAuth app",
            Self::AppUser => "token of a GitHub App for a user",
            Self::Installation => "token of a GitHub App's installation",
            Self::Unknown => "token of an unknown kind",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_determines_the_kind() {
        for (token, kind) in [
            ("ghp_abc", TokenKind::Classic),
            ("github_pat_11A_b", TokenKind::FineGrained),
            ("gho_abc", TokenKind::OAuth),
            ("ghu_abc", TokenKind::AppUser),
            ("ghs_abc", TokenKind::Installation),
            (
                "0123456789abcdef0123456789abcdef01234567",
                TokenKind::Unknown,
            ),
            ("", TokenKind::Unknown),
        ] {
            assert_eq!(TokenKind::from_token(token), kind, "{token}");
        }
    }

    #[test]
    fn the_name_is_also_the_stored_value() {
        for kind in [
            TokenKind::Classic,
            TokenKind::FineGrained,
            TokenKind::AppUser,
            TokenKind::Installation,
            TokenKind::Unknown,
        ] {
            let json = serde_json::to_value(kind).expect("serializes");
            assert_eq!(json, kind.as_str());
            assert_eq!(serde_json::from_value::<TokenKind>(json).ok(), Some(kind));
        }
        let later = serde_json::from_str::<TokenKind>("\"of_next_year\"").ok();
        assert_eq!(later, Some(TokenKind::Unknown));
    }
}
