use std::path::{Path, PathBuf};

use super::completion_cache::CacheKey;
use super::session::Session;
use crate::context::{Git, Target, TargetError, resolve_target};
use crate::error::{Failure, Kind};
use crate::model::RepoSlug;
use deployctl_sandbox::RepositorySource;

/// The folder with the sandbox's data: the given one, otherwise one in the user's
/// state folder.
pub(crate) fn sandbox_data_folder(
    session: &Session,
    given: Option<PathBuf>,
) -> Result<PathBuf, Failure> {
    given
        .or_else(|| Some(session.env.state_home()?.join("deployctl").join("sandbox")))
        .ok_or_else(|| {
            Failure::new(
                Kind::Usage,
                "there is no folder for the sandbox's data: HOME is not set",
            )
            .hint("set HOME or XDG_STATE_HOME; 'sandbox serve' takes --data DIR")
        })
}

/// The repository that the sandbox serves: the git repository of the working
/// directory, otherwise the sample. Its name is that of its remote, otherwise that
/// of its folder.
pub(crate) fn sandbox_repository(session: &Session) -> anyhow::Result<RepositorySource> {
    let path = match session.git() {
        Ok(git) => git.top_folder()?,
        Err(_) => None,
    };
    if let Some(slug) = session.repository() {
        let (owner, name) = (slug.owner().to_owned(), slug.name().to_owned());
        return Ok(RepositorySource { owner, name, path });
    }
    let flag = session.global.one_repo()?;
    let target = resolve_target(&session.env, flag, || session.git());
    let (owner, name) = repository_name(target, path.as_deref())?;
    Ok(RepositorySource { owner, name, path })
}

/// The sandbox's repository with this name: the git repository of the working
/// directory if it has that name, otherwise the sample.
pub(crate) fn named_repository(session: &Session, repo: &RepoSlug) -> RepositorySource {
    let current = resolve_target(&session.env, None, || session.git());
    let is_current = current.is_ok_and(|target| target.slug == *repo);
    let top = || session.git().ok()?.top_folder().ok().flatten();
    RepositorySource {
        owner: repo.owner().to_owned(),
        name: repo.name().to_owned(),
        path: is_current.then(top).flatten(),
    }
}

/// The key of that repository in the completion cache.
pub(crate) fn sandbox_cache_key(
    git: Option<&Git>,
    target: Result<Target, TargetError>,
) -> Option<CacheKey> {
    let top = git.and_then(|git| git.top_folder().ok().flatten());
    let (owner, name) = repository_name(target, top.as_deref()).ok()?;
    Some(CacheKey::new(None, &RepoSlug::new(&owner, &name)?))
}

/// Owner and name of the repository at `path`.
fn repository_name(
    target: Result<Target, TargetError>,
    path: Option<&Path>,
) -> Result<(String, String), TargetError> {
    match target {
        Ok(Target { slug, .. }) => Ok((slug.owner().to_owned(), slug.name().to_owned())),
        Err(TargetError::NoRepository { .. }) => Ok((
            "sandbox".to_owned(),
            path.map_or_else(|| "sample".to_owned(), folder_name),
        )),
        Err(error) => Err(error),
    }
}

/// The last part of a path, with `-` for characters that a repository's name may
/// not have.
fn folder_name(path: &Path) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    let name: String = name
        .strip_suffix(".git")
        .unwrap_or(&name)
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .take(100)
        .collect();
    if name.trim_matches('.').is_empty() {
        "repository".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_folder_gives_a_valid_repository_name() {
        for (path, name) in [
            ("/srv/shop", "shop"),
            ("/srv/shop.git", "shop"),
            ("/srv/my shop é", "my-shop--"),
            ("/", "repository"),
            ("/srv/..git", "repository"),
        ] {
            let found = folder_name(Path::new(path));
            assert_eq!(found, name, "{path}");
            assert!(RepoSlug::new("sandbox", &found).is_some(), "{path}");
        }
    }
}
