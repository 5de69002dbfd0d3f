use std::collections::HashSet;

use super::record::{AuthorRecord, CommitRecord, DiffRecord, Ends, FileRecord, PullRecord};
use crate::api::{
    ApiError, AssociatedPull, ChangedFile, CommitDetails, ComparedCommit, Comparison,
};
use crate::error::{Failure, Kind};
use crate::output::short_sha;
use crate::session::Connection;

/// What of a comparison is printed, apart from the numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    pub(super) commits: bool,
    /// Pull requests and authors, which takes the commits.
    pub(super) pulls: bool,
    pub(super) files: bool,
}

/// The commits of one side, with their pull requests and authors.
#[derive(Default)]
struct Range {
    commits: Vec<ComparedCommit>,
    details: Vec<CommitDetails>,
}

/// Compares the ends: one request, or one for each 100 commits where they are
/// needed, of each side; one more for each 100 with pull requests or authors.
pub(super) async fn compare(
    connection: &Connection,
    ends: Ends,
    needs: Needs,
    compare_url: String,
) -> anyhow::Result<DiffRecord> {
    let same = DiffRecord::identical(ends, compare_url);
    if !same.differs() {
        return Ok(same);
    }
    let (base, head) = (&same.base.sha, &same.head.sha);
    let comparison = request(connection, base, head, needs.commits).await?;
    let (mut commits, mut behind, mut files) = (Vec::new(), Vec::new(), Vec::new());
    let mut truncated = false;
    if needs.files {
        truncated |= !comparison.has_all_files();
        files = comparison.files;
    }
    if needs.commits {
        if comparison.behind_by > 0 {
            behind = request(connection, head, base, true).await?.commits;
        }
        commits = comparison.commits;
        truncated |= is_short(commits.len(), comparison.ahead_by)
            || is_short(behind.len(), comparison.behind_by);
    }
    let ahead = range(connection, commits, needs.pulls).await?;
    let behind = range(connection, behind, needs.pulls).await?;
    Ok(DiffRecord {
        status: comparison.status,
        ahead_by: comparison.ahead_by,
        behind_by: comparison.behind_by,
        pulls: ahead.pulls(),
        behind_pulls: behind.pulls(),
        authors: ahead.authors(),
        commits: ahead.commits.iter().map(CommitRecord::from).collect(),
        behind_commits: behind.commits.iter().map(CommitRecord::from).collect(),
        files: files.into_iter().map(FileRecord::from).collect(),
        truncated,
        ..same
    })
}

fn is_short(found: usize, counted: u64) -> bool {
    u64::try_from(found).is_ok_and(|found| found < counted)
}

async fn request(
    connection: &Connection,
    base: &str,
    head: &str,
    with_commits: bool,
) -> Result<Comparison, Failure> {
    let repo = connection.repo();
    let found = if with_commits {
        repo.compare_whole(base, head).await
    } else {
        repo.compare(base, head).await
    };
    found.map_err(|error| explain(connection, base, head, &error))
}

fn explain(connection: &Connection, base: &str, head: &str, error: &ApiError) -> Failure {
    let failure = connection.explain(error);
    let Some(refusal) = error
        .error_response()
        .filter(|refusal| refusal.status == 404)
    else {
        return failure;
    };
    if failure.kind() != Kind::NothingThere {
        return failure;
    }
    let (base, head) = (short_sha(base), short_sha(head));
    let message = format!("{base} and {head} cannot be compared: {}", refusal.message);
    Failure::new(Kind::NothingThere, message)
        .hint("a commit that was replaced by a forced push is deleted after some time")
        .detail("status", 404)
}

async fn range(
    connection: &Connection,
    commits: Vec<ComparedCommit>,
    with_details: bool,
) -> Result<Range, Failure> {
    let details = if with_details && !commits.is_empty() {
        let found = connection.repo().commit_details(&commits).await;
        found.map_err(|error| connection.explain(&error))?
    } else {
        Vec::new()
    };
    Ok(Range { commits, details })
}

impl Range {
    /// The pull requests whose merge or head is in the range, in the order of
    /// their first commits.
    fn pulls(&self) -> Vec<PullRecord> {
        let shas: HashSet<&str> = self.commits.iter().map(|one| one.sha.as_str()).collect();
        let is_in = |pull: &AssociatedPull| {
            let merge = pull.merge_commit.as_deref();
            shas.contains(merge.unwrap_or(&pull.head_sha))
        };
        let mut found: Vec<PullRecord> = Vec::new();
        for details in &self.details {
            for pull in details.pulls.iter().filter(|pull| is_in(pull)) {
                let known = found.iter().position(|one| one.number == pull.number);
                let index = known.unwrap_or_else(|| {
                    found.push(PullRecord::from(pull));
                    found.len() - 1
                });
                for author in &details.authors {
                    let name = author.login.as_ref().unwrap_or(&author.name);
                    let names = &mut found[index].authors;
                    if !names.contains(name) {
                        names.push(name.clone());
                    }
                }
            }
        }
        found
    }

    /// The authors, those of the most commits first.
    fn authors(&self) -> Vec<AuthorRecord> {
        let mut found: Vec<AuthorRecord> = Vec::new();
        for author in self.details.iter().flat_map(|details| &details.authors) {
            let is_same = |one: &AuthorRecord| match (&one.login, &author.login) {
                (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                (None, None) => one.name == author.name,
                _ => false,
            };
            match found.iter_mut().find(|one| is_same(one)) {
                Some(one) => one.commits += 1,
                None => found.push(AuthorRecord {
                    name: author.name.clone(),
                    login: author.login.clone(),
                    commits: 1,
                }),
            }
        }
        found.sort_by_key(|author| std::cmp::Reverse(author.commits));
        found
    }
}

impl From<&ComparedCommit> for CommitRecord {
    fn from(commit: &ComparedCommit) -> Self {
        Self {
            sha: commit.sha.clone(),
            headline: commit.headline().to_owned(),
            author: commit.author_name().to_owned(),
            login: commit.author_login().map(str::to_owned),
            committed_at: commit.committed_at(),
            url: commit.html_url.clone(),
        }
    }
}

impl From<ChangedFile> for FileRecord {
    fn from(file: ChangedFile) -> Self {
        Self {
            filename: file.filename,
            status: file.status,
            additions: file.additions,
            deletions: file.deletions,
            previous_filename: file.previous_filename,
        }
    }
}

impl From<&AssociatedPull> for PullRecord {
    fn from(pull: &AssociatedPull) -> Self {
        Self {
            number: pull.number,
            title: pull.title.clone(),
            url: pull.url.clone(),
            author: pull.author.clone(),
            authors: Vec::new(),
            merged_at: pull.merged_at,
            merge_commit_sha: pull.merge_commit.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::CommitAuthor;

    fn commit(sha: &str) -> ComparedCommit {
        let json = json!({"sha": sha, "commit": {"message": "One\n\nTwo"}});
        serde_json::from_value(json).expect("a commit")
    }

    fn pull(number: u64, merge: Option<&str>, head: &str) -> AssociatedPull {
        AssociatedPull {
            number,
            title: String::new(),
            url: String::new(),
            author: None,
            head_sha: head.to_owned(),
            merge_commit: merge.map(str::to_owned),
            merged_at: None,
        }
    }

    fn author(name: &str, login: Option<&str>) -> CommitAuthor {
        CommitAuthor {
            name: name.to_owned(),
            login: login.map(str::to_owned),
        }
    }

    #[test]
    fn pull_requests_count_where_their_merge_or_open_head_is_in_the_range() {
        let range = Range {
            commits: ["a", "b", "c"].map(commit).to_vec(),
            details: vec![
                // Merged by the commit b; a is one of its commits.
                CommitDetails {
                    authors: vec![author("Ada", Some("ada"))],
                    pulls: vec![pull(7, Some("b"), "a")],
                },
                CommitDetails {
                    authors: vec![author("Bob", None)],
                    pulls: vec![pull(7, Some("b"), "a"), pull(8, Some("x"), "b")],
                },
                CommitDetails {
                    authors: vec![author("A. L.", Some("ADA")), author("Bob", None)],
                    pulls: vec![pull(9, None, "c")],
                },
            ],
        };
        let pulls: Vec<(u64, Vec<String>)> = range
            .pulls()
            .into_iter()
            .map(|pull| (pull.number, pull.authors))
            .collect();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(
            pulls,
            [(7, names(&["ada", "Bob"])), (9, names(&["ADA", "Bob"]))]
        );
        let authors: Vec<(String, u64)> = range
            .authors()
            .into_iter()
            .map(|author| (author.name, author.commits))
            .collect();
        assert_eq!(authors, [("Ada".to_owned(), 2), ("Bob".to_owned(), 2)]);
    }
}
