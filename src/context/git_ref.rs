use super::event::find_event_commit;
use super::git::{Remote, TrackingRef};
use super::{DefaultRef, Git, GitError, RefError};
use crate::env::{self, Env};
use crate::model::{RepoSlug, remote_repository};

/// Finds the ref to deploy without `--ref`: in GitHub Actions the commit that
/// the event is about, otherwise the current branch, if it has been pushed as
/// it is.
///
/// The remote branch is looked up on the remotes of `repo`, if there are any; a
/// fork is another repository. Without `repo`, the server reads this checkout,
/// so every branch exists there.
pub(crate) fn default_ref(
    env: &Env,
    git: Result<&Git, GitError>,
    repo: Option<&RepoSlug>,
) -> Result<DefaultRef, RefError> {
    if env.in_actions()
        && let Some(found) = find_event_commit(env, repo)?
    {
        return Ok(found);
    }
    let git = git.map_err(RefError::NoCheckout)?;
    let branch = git
        .current_branch()
        .map_err(RefError::NoCheckout)?
        .ok_or(RefError::Detached)?;
    let sha = git
        .commit(&format!("refs/heads/{branch}"))
        .ok_or_else(|| RefError::Unborn(branch.clone()))?;
    let Some(repo) = repo else {
        return Ok(DefaultRef {
            name: branch,
            sha,
            note: None,
        });
    };
    let remotes = git.remotes().map_err(RefError::NoCheckout)?;
    let own: Vec<&str> = remotes
        .iter()
        .filter(|remote| is_remote_of(remote, repo))
        .map(|remote| remote.name.as_str())
        .collect();
    let tracking: Vec<TrackingRef> = git
        .tracking_refs(&branch)
        .into_iter()
        .filter(|tracking| own.is_empty() || own.contains(&tracking.remote.as_str()))
        .collect();
    let Some(first) = tracking.first() else {
        return Err(RefError::NotPushed(branch));
    };
    if git.commit(&first.full_name()) == Some(sha.clone()) {
        return Ok(DefaultRef {
            name: first.branch.clone(),
            sha,
            note: None,
        });
    }
    Err(RefError::Differs {
        branch,
        remote: format!("{}/{}", first.remote, first.branch),
    })
}

/// Finds the checked-out commit, which a command in the working directory
/// deploys. `None` if `named` is not a branch at that commit, or if the
/// checkout is of another repository.
///
/// In GitHub Actions it is the commit that the event is about, unless the
/// workflow chose another one: the default checkout is often a temporary merge
/// commit, or the default branch with the deployment scripts.
pub(crate) fn checked_out_ref(
    env: &Env,
    git: Result<&Git, GitError>,
    repo: Option<&RepoSlug>,
    named: Option<&str>,
) -> Result<Option<DefaultRef>, RefError> {
    let head = match &git {
        Ok(git) if !is_checkout_of_another(git, repo) => git.commit("HEAD"),
        _ => None,
    };
    let checked_out = head.as_ref().map(|sha| DefaultRef {
        name: sha.clone(),
        sha: sha.clone(),
        note: None,
    });
    if let Some(named) = named {
        let is_here = git.is_ok_and(|git| is_checked_out(git, named, head.as_deref()));
        return Ok(checked_out.filter(|_| is_here));
    }
    let is_chosen = head.as_deref() != env.get(env::GITHUB_SHA);
    let found = match (checked_out, env.in_actions()) {
        (Some(checked_out), true) if is_chosen => match find_event_commit(env, repo) {
            Ok(Some(of_event)) if of_event.sha == checked_out.sha => of_event,
            Ok(None) => checked_out,
            Ok(Some(_)) | Err(_) => DefaultRef {
                note: Some(format!(
                    "the commit {} is deployed, which is checked out",
                    checked_out.sha
                )),
                ..checked_out
            },
        },
        (Some(checked_out), false) => checked_out,
        _ => default_ref(env, git, repo)?,
    };
    Ok(Some(found))
}

/// Whether a local or remote-tracking branch points to the checked-out commit.
fn is_checked_out(git: &Git, named: &str, head: Option<&str>) -> bool {
    let branch = named.strip_prefix("refs/heads/").unwrap_or(named);
    let is_current = || matches!(git.current_branch(), Ok(Some(current)) if current == branch);
    let is_at_head = |name: &str| head.is_some() && git.commit(name).as_deref() == head;
    let mut tracked = git.tracking_refs(branch).into_iter();
    named == "HEAD"
        || is_current()
        || is_at_head(&format!("refs/heads/{branch}"))
        || tracked.any(|tracking| is_at_head(&tracking.full_name()))
}

/// Whether the checkout has remotes on servers, but none of them is `repo`.
fn is_checkout_of_another(git: &Git, repo: Option<&RepoSlug>) -> bool {
    let (Some(repo), Ok(remotes)) = (repo, git.remotes()) else {
        return false;
    };
    let is_known = |remote: &Remote| remote_repository(&remote.address).is_some();
    remotes.iter().any(is_known) && !remotes.iter().any(|remote| is_remote_of(remote, repo))
}

/// Whether a file exists in the working directory of a checkout of `repo`, or of
/// any repository if the server reads this checkout. `path` is relative to the
/// top folder.
pub(crate) fn checkout_has_file(git: &Git, repo: Option<&RepoSlug>, path: &str) -> bool {
    let top = git.top_folder().ok().flatten();
    top.is_some_and(|top| top.join(path).is_file()) && !is_checkout_of_another(git, repo)
}

fn is_remote_of(remote: &Remote, repo: &RepoSlug) -> bool {
    remote_repository(&remote.address).is_some_and(|one| one.slug == *repo)
}

/// The commit of a local branch.
pub(crate) fn local_commit(git: &Git, ref_name: &str) -> Option<String> {
    let name = ref_name.strip_prefix("refs/heads/").unwrap_or(ref_name);
    git.commit(&format!("refs/heads/{name}"))
}
