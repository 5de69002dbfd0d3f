use jiff::{SignedDuration, Timestamp};

use crate::api::TokenFacts;
use crate::auth::{TokenKind, lacks_deployments, too_wide};

/// A token that expires within this time gets a warning.
const EXPIRES_SOON: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Warnings about a token, one sentence each.
pub(super) fn warnings(kind: TokenKind, facts: &TokenFacts, now: Timestamp) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(scopes) = &facts.scopes {
        if lacks_deployments(scopes) && kind != TokenKind::FineGrained {
            warnings.push(format!(
                "the token can't write deployments: it has {}, and needs the scope repo_deployment",
                join_scopes(scopes)
            ));
        }
        let wide = too_wide(scopes);
        if !wide.is_empty() {
            warnings.push(format!(
                "the token can do far more than deploy ({}): repo_deployment is enough",
                wide.join(", ")
            ));
        }
    }
    if let Some(end) = facts.expires_at {
        if end <= now {
            warnings.push(format!("the token expired at {end}"));
        } else if now.checked_add(EXPIRES_SOON).is_ok_and(|soon| end <= soon) {
            warnings.push(format!("the token expires soon, at {end}"));
        }
    }
    warnings
}

pub(super) fn join_scopes(scopes: &[String]) -> String {
    if scopes.is_empty() {
        "no scope".to_owned()
    } else {
        scopes.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warned(kind: TokenKind, scopes: Option<&str>, end: Option<&str>) -> String {
        let facts = TokenFacts {
            login: None,
            scopes: scopes.map(|list| list.split_whitespace().map(str::to_owned).collect()),
            expires_at: end.map(|time| time.parse().expect("a time")),
        };
        let now = "2026-06-01T00:00:00Z".parse().expect("a time");
        warnings(kind, &facts, now).join("\n")
    }

    #[test]
    fn missing_and_dangerous_scopes_are_named() {
        let lacking = warned(TokenKind::Classic, Some("gist read:org"), None);
        assert!(lacking.contains("it has gist, read:org, and needs the scope repo_deployment"));
        assert!(warned(TokenKind::Classic, Some(""), None).contains("it has no scope"));
        let wide = warned(TokenKind::OAuth, Some("repo admin:org delete_repo"), None);
        assert!(wide.contains("(admin:org, delete_repo)"), "{wide}");
        assert_eq!(
            warned(TokenKind::Classic, Some("repo_deployment"), None),
            ""
        );
        assert_eq!(warned(TokenKind::FineGrained, None, None), "");
        assert_eq!(warned(TokenKind::FineGrained, Some(""), None), "");
    }

    #[test]
    fn an_end_that_is_near_is_reported() {
        for (end, words) in [
            (
                "2026-05-31T00:00:00Z",
                "the token expired at 2026-05-31T00:00:00Z",
            ),
            (
                "2026-06-05T00:00:00Z",
                "the token expires soon, at 2026-06-05T00:00:00Z",
            ),
            ("2026-12-31T00:00:00Z", ""),
        ] {
            assert_eq!(warned(TokenKind::FineGrained, None, Some(end)), words);
        }
    }
}
