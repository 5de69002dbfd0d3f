use std::str::FromStr;

use url::Url;

use super::{Host, ParseRepositoryError, RepoSlug, Repository};

/// The repository that the URL of a git remote refers to, with its host.
///
/// Accepts `https`, `http`, `ssh`, `git` and `git+ssh` URLs and the form
/// `user@host:path`. Ports count for web URLs only: the port of an ssh URL says
/// nothing about the API. `None` for a local path, or for a path that is not an
/// owner and a name.
pub(crate) fn remote_repository(address: &str) -> Option<Repository> {
    let address = address.trim();
    let (host, path) = if address.contains("://") {
        let url = Url::parse(address).ok()?;
        let name = url.host_str()?;
        let host = match (url.scheme(), url.port()) {
            ("http" | "https", Some(port)) => format!("{name}:{port}"),
            ("http" | "https" | "ssh" | "git" | "git+ssh" | "ssh+git" | "git+https", _) => {
                name.to_owned()
            }
            _ => return None,
        };
        (host, url.path().to_owned())
    } else {
        let (before, path) = address.split_once(':')?;
        if before.contains('/') || before.contains('\\') || path.starts_with('\\') {
            return None;
        }
        let name = before.rsplit('@').next()?;
        // A single letter before a colon is a drive letter of Windows.
        if name.len() < 2 {
            return None;
        }
        (name.to_owned(), path.to_owned())
    };
    let path = path.trim_matches('/');
    let (owner, name) = path.split_once('/')?;
    let name = name.strip_suffix(".git").unwrap_or(name);
    Some(Repository {
        host: Some(host.parse::<Host>().ok()?),
        slug: RepoSlug::new(owner, name)?,
    })
}

impl FromStr for Repository {
    type Err = ParseRepositoryError;

    /// Parses `OWNER/REPO`, `HOST/OWNER/REPO`, or the URL of a repository.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(repository) = remote_repository(text) {
            return Ok(repository);
        }
        let error = || ParseRepositoryError {
            text: text.to_owned(),
        };
        let parts: Vec<&str> = text.split('/').collect();
        let (host, owner, name) = match parts[..] {
            [owner, name] => (None, owner, name),
            [host, owner, name] => (Some(host.parse().map_err(|_| error())?), owner, name),
            _ => return Err(error()),
        };
        let name = name.strip_suffix(".git").unwrap_or(name);
        let slug = RepoSlug::new(owner, name).ok_or_else(error)?;
        Ok(Self { host, slug })
    }
}

/// Whether git uses ssh for the URL of a remote, so that its host may be an
/// alias from ssh's configuration.
pub(crate) fn is_over_ssh(address: &str) -> bool {
    match address.trim().split_once("://") {
        Some((scheme, _)) => matches!(scheme, "ssh" | "git+ssh" | "ssh+git"),
        None => remote_repository(address).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(address: &str) -> Option<String> {
        remote_repository(address).map(|repository| repository.to_string())
    }

    #[test]
    fn every_form_of_git_is_read() {
        for (address, repository) in [
            ("https://github.com/acme/shop.git", "github.com/acme/shop"),
            ("https://github.com/acme/shop/", "github.com/acme/shop"),
            (
                "https://user:secret@github.com/acme/shop",
                "github.com/acme/shop",
            ),
            ("git@github.com:acme/my.repo.git", "github.com/acme/my.repo"),
            ("github.com:acme/shop", "github.com/acme/shop"),
            ("org-123@github.com:/acme/shop.git", "github.com/acme/shop"),
            (
                "ssh://git@ssh.github.com:443/acme/shop.git",
                "github.com/acme/shop",
            ),
            (
                "ssh://git@git.example.com:2222/acme/shop.git",
                "git.example.com/acme/shop",
            ),
            (
                "https://git.example.com:8443/acme/shop",
                "git.example.com:8443/acme/shop",
            ),
            ("git://github.com/acme/shop", "github.com/acme/shop"),
            (
                "git+ssh://git@github.com/acme/a-b_c.d",
                "github.com/acme/a-b_c.d",
            ),
            (
                "https://acme.ghe.com/team/shop.git",
                "acme.ghe.com/team/shop",
            ),
        ] {
            assert_eq!(read(address).as_deref(), Some(repository), "{address}");
        }
    }

    #[test]
    fn a_local_path_is_no_repository_of_a_host() {
        for address in [
            "/srv/git/shop.git",
            "../shop",
            "file:///srv/git/shop.git",
            "C:\\code\\shop",
            "C:/code/shop",
            "https://github.com/acme",
            "https://github.com/acme/shop/tree/main",
            "",
        ] {
            assert_eq!(read(address), None, "{address}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(address in "\\PC*") {
            let _ = remote_repository(&address);
        }

        #[test]
        fn all_forms_agree(owner in "[a-z0-9][a-z0-9-]{0,20}", name in "[a-z0-9_-][a-z0-9._-]{0,20}") {
            prop_assume!(name.strip_suffix(".git").is_none() && name != "..");
            let forms = [
                format!("https://git.example.com/{owner}/{name}.git"),
                format!("git@git.example.com:{owner}/{name}.git"),
                format!("ssh://git@git.example.com/{owner}/{name}"),
            ];
            for form in forms {
                prop_assert_eq!(read(&form), Some(format!("git.example.com/{owner}/{name}")));
            }
        }
    }
}
