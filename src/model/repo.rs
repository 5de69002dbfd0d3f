use std::fmt;
use std::str::FromStr;

use super::Host;

/// The owner and the name of a repository, compared without regard to case, as
/// GitHub does.
#[derive(Clone, Debug)]
pub struct RepoSlug {
    owner: String,
    name: String,
}

/// A repository, optionally with its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// The host, if it was given.
    pub host: Option<Host>,
    /// The owner and the name.
    pub slug: RepoSlug,
}

/// The text is not a repository.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a repository: write OWNER/REPO or HOST/OWNER/REPO")]
pub struct ParseRepositoryError {
    pub(super) text: String,
}

impl RepoSlug {
    /// A slug with these parts; `None` if they are not valid on GitHub.
    pub fn new(owner: &str, name: &str) -> Option<Self> {
        let owner_is_valid = !owner.is_empty()
            && owner.len() <= 100
            && !owner.starts_with(['-', '.'])
            && owner
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        let name_is_valid = !name.is_empty()
            && name.len() <= 100
            && !matches!(name, "." | "..")
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        (owner_is_valid && name_is_valid).then(|| Self {
            owner: owner.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The user or organization.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The repository's name without its owner.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl PartialEq for RepoSlug {
    fn eq(&self, other: &Self) -> bool {
        self.owner.eq_ignore_ascii_case(&other.owner) && self.name.eq_ignore_ascii_case(&other.name)
    }
}

impl Eq for RepoSlug {}

impl fmt::Display for RepoSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl FromStr for RepoSlug {
    type Err = ParseRepositoryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_once('/')
            .and_then(|(owner, name)| Self::new(owner, name))
            .ok_or_else(|| ParseRepositoryError {
                text: text.to_owned(),
            })
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Some(host) => write!(f, "{host}/{}", self.slug),
            None => self.slug.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_host_may_stand_before() {
        let repository: Repository = "git.example.com/acme/my.repo-1".parse().expect("valid");
        assert_eq!(
            repository.host,
            Some("git.example.com".parse().expect("a host"))
        );
        assert_eq!(repository.slug.owner(), "acme");
        assert_eq!(repository.slug.name(), "my.repo-1");
        assert_eq!(repository.to_string(), "git.example.com/acme/my.repo-1");
    }

    #[test]
    fn an_address_is_taken_too() {
        for text in [
            "https://github.com/acme/shop",
            "git@github.com:acme/shop.git",
        ] {
            let repository: Repository = text.parse().expect("valid");
            assert_eq!(repository.to_string(), "github.com/acme/shop", "{text}");
        }
    }

    #[test]
    fn letter_case_does_not_matter() {
        let (a, b): (RepoSlug, RepoSlug) = (
            "Acme/Shop".parse().expect("valid"),
            "acme/shop".parse().expect("valid"),
        );
        assert_eq!(a, b);
        assert_eq!(a.to_string(), "Acme/Shop");
    }

    #[test]
    fn what_is_no_repository_is_refused() {
        for text in [
            "",
            "acme",
            "acme/",
            "/shop",
            "a/b/c/d",
            "acme/..",
            "acme/.",
            "a b/c",
            "acme/shop?x",
            "acme/sh%2Fop",
            "-acme/shop",
            "host:port/acme/shop",
            "acme/shop\n",
        ] {
            assert!(text.parse::<Repository>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_slug_survives_a_round_trip(owner in "[A-Za-z0-9][A-Za-z0-9-]{0,38}", name in "[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}") {
            let slug = RepoSlug::new(&owner, &name).expect("valid");
            prop_assert_eq!(slug.to_string().parse::<RepoSlug>().expect("valid"), slug);
        }

        #[test]
        fn any_text_is_refused_or_read_without_panic(text in "\\PC*") {
            if let Ok(repository) = text.parse::<Repository>() {
                prop_assert_eq!(repository.to_string().parse::<Repository>(), Ok(repository));
            }
        }
    }
}
