use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of token it is, as its first letters tell.
///
/// See <https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenKind {
    /// `ghp_`: a personal access token with scopes.
    Classic,
    /// `github_pat_`: a personal access token with permissions.
    FineGrained,
    /// `gho_`: of an OAuth app, as the device flow gives it.
    OAuth,
    /// `ghu_`: of a GitHub App, for a user.
    AppUser,
    /// `ghs_`: of a GitHub App's installation; so is `GITHUB_TOKEN` in Actions.
    Installation,
    /// Any other, such as those of old servers.
    #[serde(other)]
    Unknown,
}

impl TokenKind {
    /// The kind of a token.
    pub(crate) fn of(token: &str) -> Self {
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

    /// The word for scripts.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::FineGrained => "fine_grained",
            Self::OAuth => "oauth",
            Self::AppUser => "app_user",
            Self::Installation => "installation",
            Self::Unknown => "unknown",
        }
    }

    /// Where on the server's web site a user revokes such a token; a path.
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
    fn the_first_letters_tell() {
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
            assert_eq!(TokenKind::of(token), kind, "{token}");
        }
    }

    #[test]
    fn the_word_is_what_is_written_down() {
        for kind in [
            TokenKind::Classic,
            TokenKind::FineGrained,
            TokenKind::AppUser,
            TokenKind::Installation,
            TokenKind::Unknown,
        ] {
            let json = serde_json::to_value(kind).expect("serializes");
            assert_eq!(json, kind.word());
            assert_eq!(serde_json::from_value::<TokenKind>(json).ok(), Some(kind));
        }
        let later = serde_json::from_str::<TokenKind>("\"of_next_year\"").ok();
        assert_eq!(later, Some(TokenKind::Unknown));
    }
}
