//! The commit that the event of a GitHub Actions run is about. `GITHUB_SHA` is
//! often a different one; see
//! <https://docs.github.com/actions/reference/events-that-trigger-workflows>.

use std::fs;

use serde_json::Value;

use super::{DefaultRef, RefError};
use crate::env::{self, Env};
use crate::model::RepoSlug;

/// Events whose `GITHUB_SHA` is not the commit that they are about, with the
/// JSON pointers of that commit and its repository in the payload.
const WITH_COMMIT: &[(&str, &str, &str)] = &[
    ("pull_request", HEAD_SHA, HEAD_REPOSITORY),
    ("pull_request_target", HEAD_SHA, HEAD_REPOSITORY),
    ("pull_request_review", HEAD_SHA, HEAD_REPOSITORY),
    ("pull_request_review_comment", HEAD_SHA, HEAD_REPOSITORY),
    (
        "workflow_run",
        "/workflow_run/head_sha",
        "/workflow_run/head_repository/full_name",
    ),
    ("check_run", "/check_run/head_sha", OWN_REPOSITORY),
    ("check_suite", "/check_suite/head_sha", OWN_REPOSITORY),
];
const HEAD_SHA: &str = "/pull_request/head/sha";
const HEAD_REPOSITORY: &str = "/pull_request/head/repo/full_name";
const OWN_REPOSITORY: &str = "/repository/full_name";

/// Events that are about no commit. Their `GITHUB_SHA` is the newest commit of
/// the default branch.
const WITHOUT_COMMIT: &[&str] = &[
    "branch_protection_rule",
    "delete",
    "discussion",
    "discussion_comment",
    "fork",
    "gollum",
    "issue_comment",
    "issues",
    "label",
    "milestone",
    "page_build",
    "public",
    "watch",
];

/// The commit that the event is about, otherwise `GITHUB_SHA`; `None` without
/// either.
///
/// # Errors
/// If the event is about no commit, or about one in a repository other than
/// `repo`.
pub(super) fn find_event_commit(
    env: &Env,
    repo: Option<&RepoSlug>,
) -> Result<Option<DefaultRef>, RefError> {
    let event = env.get(env::GITHUB_EVENT_NAME).unwrap_or_default();
    let run_sha = env.get(env::GITHUB_SHA);
    if WITHOUT_COMMIT.contains(&event) {
        return Err(RefError::NoCommit(event.to_owned()));
    }
    let place = WITH_COMMIT.iter().find(|(name, ..)| *name == event);
    let (sha, repository, note) = match (place, run_sha) {
        (Some((_, sha, repository)), _) => {
            let payload = payload(env).ok_or_else(|| RefError::NoPayload(event.to_owned()))?;
            let text = |pointer: &str| payload.pointer(pointer)?.as_str().map(str::to_owned);
            let sha = text(sha).ok_or_else(|| RefError::NoPayload(event.to_owned()))?;
            let note = run_sha.filter(|run_sha| *run_sha != sha).map(|run_sha| {
                format!("the event {event} is about commit {sha}, not GITHUB_SHA ({run_sha})")
            });
            (sha, text(repository), note)
        }
        (None, Some(sha)) => (sha.to_owned(), None, None),
        (None, None) => return Ok(None),
    };
    let is_of = |name: &str| {
        let slug: Option<RepoSlug> = name.parse().ok();
        slug.as_ref() == repo
    };
    let run_repository = env.get(env::GITHUB_REPOSITORY);
    if let (Some(repo), Some(run_repository)) = (repo, run_repository)
        && !is_of(run_repository)
        && !repository.as_deref().is_some_and(is_of)
    {
        return Err(RefError::Elsewhere {
            sha,
            sha_repository: repository.unwrap_or_else(|| run_repository.to_owned()),
            repository: repo.to_string(),
        });
    }
    Ok(Some(DefaultRef {
        name: sha.clone(),
        sha,
        note,
    }))
}

fn payload(env: &Env) -> Option<Value> {
    let text = fs::read(env.get(env::GITHUB_EVENT_PATH)?).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RUN: &str = "1111111111111111111111111111111111111111";
    const HEAD: &str = "2222222222222222222222222222222222222222";

    fn commit(event: &str, payload: &Value, repo: &str) -> Result<Option<DefaultRef>, RefError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("event.json");
        fs::write(&path, payload.to_string()).expect("written");
        let env = Env::from_pairs(
            [
                (env::GITHUB_EVENT_NAME, event),
                (env::GITHUB_EVENT_PATH, &path.to_string_lossy()),
                (env::GITHUB_REPOSITORY, "acme/shop"),
                (env::GITHUB_SHA, RUN),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        find_event_commit(&env, repo.parse().ok().as_ref())
    }

    #[test]
    fn each_event_means_a_commit_or_none() {
        let pull = json!({"pull_request": {"head": {"sha": HEAD, "repo": null}}});
        let run = json!({"workflow_run": {"head_sha": HEAD}});
        for (event, payload, sha) in [
            ("pull_request", &pull, Some(HEAD)),
            ("pull_request_target", &pull, Some(HEAD)),
            ("workflow_run", &run, Some(HEAD)),
            ("push", &pull, Some(RUN)),
            ("workflow_dispatch", &run, Some(RUN)),
            ("", &run, Some(RUN)),
            ("issue_comment", &pull, None),
            ("pull_request", &run, None),
        ] {
            let found = commit(event, payload, "Acme/Shop").ok().flatten();
            let (name, noted) = found.map_or((None, false), |found| {
                assert_eq!(found.name, found.sha);
                (Some(found.name), found.note.is_some())
            });
            assert_eq!(name.as_deref(), sha, "{event}");
            assert_eq!(noted, sha == Some(HEAD), "{event}");
        }
    }

    #[test]
    fn the_commit_and_the_repository_are_of_one_place() {
        let pull =
            json!({"pull_request": {"head": {"sha": HEAD, "repo": {"full_name": "me/shop"}}}});
        assert!(commit("pull_request", &pull, "acme/shop").is_ok());
        assert!(commit("pull_request", &pull, "me/shop").is_ok());
        for (event, repo, named) in [
            ("push", "me/shop", "acme/shop"),
            ("pull_request", "you/shop", "me/shop"),
        ] {
            let error = commit(event, &pull, repo).expect_err(event).to_string();
            assert!(error.contains(repo) && error.contains(named), "{error}");
        }
    }
}
