//! Callers and their rights: tokens, classic scopes, fine-grained permissions
//! (<https://docs.github.com/rest/authentication>).

use std::collections::BTreeMap;
use std::str::FromStr;

/// The level of a fine-grained permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// May read.
    Read,
    /// May read and write.
    Write,
}

impl Level {
    /// The value in `X-Accepted-GitHub-Permissions`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// The rights of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Access {
    Full,
    /// The rights that these OAuth scopes grant.
    Classic(Vec<String>),
    /// The rights that these permissions grant.
    FineGrained(BTreeMap<String, Level>),
    /// Nothing: the token was revoked.
    Revoked,
}

/// A token with limited rights, written `NAME=SCOPES`.
///
/// `NAME` is the token itself and the login of its user. `SCOPES` is a comma
/// separated list of classic scopes (`repo_deployment,read:org`; it may be
/// empty), of fine-grained permissions (`deployments=read,contents=read`, or
/// with `:` in place of `=`), or the single word `revoked`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRule {
    pub(crate) token: String,
    pub(crate) access: Access,
}

/// A [`TokenRule`] that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseTokenRuleError(String);

/// The permissions that only fine-grained tokens have. One of these with a
/// level is never a classic scope.
const PERMISSIONS: [&str; 11] = [
    "actions",
    "administration",
    "checks",
    "contents",
    "deployments",
    "environments",
    "metadata",
    "pull_requests",
    "repository_hooks",
    "statuses",
    WEBHOOKS,
];

/// The name that GitHub's pages use for the permission `repository_hooks`.
const WEBHOOKS: &str = "webhooks";

impl FromStr for TokenRule {
    type Err = ParseTokenRuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |message: String| ParseTokenRuleError(message);
        let (token, scopes) = text
            .split_once('=')
            .ok_or_else(|| error("a token rule is written NAME=SCOPES".to_owned()))?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if token.is_empty() || !token.bytes().all(fits) {
            return Err(error(format!(
                "{token:?} is not a token name, which has only letters, digits, '.', '-' and '_'"
            )));
        }
        let words: Vec<&str> = scopes
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect();
        if words == ["revoked"] {
            return Ok(Self {
                token: token.to_owned(),
                access: Access::Revoked,
            });
        }
        let mut permissions = BTreeMap::new();
        let mut classic = Vec::new();
        for word in words {
            match word.split_once(['=', ':']) {
                Some((name, level)) if word.contains('=') || PERMISSIONS.contains(&name) => {
                    if !PERMISSIONS.contains(&name) {
                        let known = PERMISSIONS.join(", ");
                        return Err(error(format!(
                            "{name:?} is not a permission; use one of {known}"
                        )));
                    }
                    let level = match level {
                        "read" => Level::Read,
                        "write" => Level::Write,
                        _ => {
                            return Err(error(format!(
                                "{name} is \"read\" or \"write\", not {level:?}"
                            )));
                        }
                    };
                    let name = if name == WEBHOOKS {
                        "repository_hooks"
                    } else {
                        name
                    };
                    permissions.insert(name.to_owned(), level);
                }
                _ => classic.push(word.to_owned()),
            }
        }
        let access = match (permissions.is_empty(), classic.is_empty()) {
            (true, _) => Access::Classic(classic),
            (false, true) => Access::FineGrained(permissions),
            (false, false) => {
                return Err(error(
                    "a token has classic scopes or fine-grained permissions, not both".to_owned(),
                ));
            }
        };
        Ok(Self {
            token: token.to_owned(),
            access,
        })
    }
}

/// The right that an operation requires.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    /// The classic scopes of which one is needed.
    pub(crate) scopes: &'static [&'static str],
    /// The fine-grained permission.
    pub(crate) permission: &'static str,
    /// The minimum level.
    pub(crate) level: Level,
}

/// Reading that a repository exists.
pub(crate) const METADATA: Need = Need {
    scopes: &["repo", "repo_deployment", "repo:status"],
    permission: "metadata",
    level: Level::Read,
};

impl Need {
    /// Whether even reading public data requires the right: settings, webhooks
    /// and the names of secrets.
    pub(crate) fn is_guarded(self) -> bool {
        matches!(
            self.permission,
            "administration" | "environments" | "repository_hooks"
        )
    }
}

impl Access {
    /// Whether this token satisfies `need` in a repository that is `private` or
    /// public. Public data is readable with any token.
    pub(crate) fn allows(&self, need: Need, private: bool) -> bool {
        if !private && need.level == Level::Read && !need.is_guarded() {
            return *self != Self::Revoked;
        }
        match self {
            Self::Full => true,
            Self::Revoked => false,
            Self::Classic(scopes) => scopes.iter().any(|scope| {
                need.scopes.contains(&scope.as_str()) || (!private && scope == "public_repo")
            }),
            Self::FineGrained(permissions) => {
                // Every fine-grained token may read metadata.
                (need.permission == "metadata" && need.level == Level::Read)
                    || permissions
                        .get(need.permission)
                        .is_some_and(|level| *level >= need.level)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Access, Level, Need, TokenRule};

    const DEPLOY: Need = Need {
        scopes: &["repo", "repo_deployment"],
        permission: "deployments",
        level: Level::Write,
    };

    fn access(rule: &str) -> Access {
        rule.parse::<TokenRule>().unwrap().access
    }

    #[test]
    fn scopes_and_permissions_are_distinguished() {
        assert!(
            matches!(access("a=repo_deployment,read:org,repo:status"), Access::Classic(list) if list.len() == 3)
        );
        assert!(
            matches!(access("a=deployments:write,contents=read"), Access::FineGrained(map) if map.len() == 2)
        );
        assert_eq!(access("a=revoked"), Access::Revoked);
        assert_eq!(access("a="), Access::Classic(Vec::new()));
        for bad in [
            "a",
            "=repo",
            "a b=repo",
            "a=deployments=admin",
            "a=nothing=read",
            "a=repo,contents=read",
        ] {
            assert!(bad.parse::<TokenRule>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_write_needs_its_right_and_reading_in_public_none() {
        assert!(access("a=repo_deployment").allows(DEPLOY, true));
        assert!(access("a=public_repo").allows(DEPLOY, false));
        assert!(!access("a=public_repo").allows(DEPLOY, true));
        assert!(!access("a=deployments=read").allows(DEPLOY, false));
        assert!(access("a=deployments=write").allows(DEPLOY, true));
        let read = Need {
            level: Level::Read,
            ..DEPLOY
        };
        assert!(access("a=").allows(read, false));
        assert!(!access("a=").allows(read, true));
        assert!(access("a=deployments=write").allows(read, true));
        let secrets = Need {
            scopes: &["repo"],
            permission: "environments",
            level: Level::Read,
        };
        assert!(!access("a=deployments=write").allows(secrets, false));
        assert!(access("a=environments=read").allows(secrets, false));
    }
}
