use std::collections::HashSet;

use super::record::{AuthorRecord, CommitRecord, DiffRecord, Ends, FileRecord, PullRecord};
use crate::api::{
    ApiError, AssociatedPull, ChangedFile, CommitAuthor, CommitDetails, ComparedCommit, Comparison,
};
use crate::context::{GitCommit, GitFile};
use crate::error::{Failure, Kind};
use crate::output::short_sha;
use crate::session::{Connection, Session};

/// What of a comparison is printed, apart from the numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    pub(super) commits: bool,
    /// The accounts of the commits' authors.
    pub(super) logins: bool,
    /// Pull requests and authors, which takes the commits.
    pub(super) pulls: bool,
    pub(super) files: bool,
}

/// Two commits that are not the same, compared.
struct Compared {
    ahead_by: u64,
    behind_by: u64,
    /// The commits that only the head has, oldest first.
    commits: Vec<CommitRecord>,
    /// The commits that only the base has, oldest first.
    behind_commits: Vec<CommitRecord>,
    files: Vec<FileRecord>,
    truncated: bool,
}

/// The commits of one side, with their pull requests and authors.
#[derive(Default)]
struct Range {
    commits: Vec<CommitRecord>,
    details: Vec<CommitDetails>,
}

/// Compares the ends: in the checkout if it has both with their history, else
/// with one request, or one for each 100 commits where they are needed, of each
/// side. One more for each 100 with pull requests or authors.
pub(super) async fn compare(
    session: &Session,
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
    let compared = match compare_in_checkout(session, connection, base, head, needs) {
        Some(compared) => compared,
        None => request_comparison(connection, base, head, needs).await?,
    };
    let status = match (compared.ahead_by, compared.behind_by) {
        (0, 0) => "identical",
        (_, 0) => "ahead",
        (0, _) => "behind",
        _ => "diverged",
    };
    let ahead = range(connection, compared.commits, needs.pulls).await?;
    let behind = range(connection, compared.behind_commits, needs.pulls).await?;
    Ok(DiffRecord {
        status: status.to_owned(),
        ahead_by: compared.ahead_by,
        behind_by: compared.behind_by,
        pulls: ahead.pulls(),
        behind_pulls: behind.pulls(),
        authors: ahead.authors(),
        commits: ahead.commits,
        behind_commits: behind.commits,
        files: compared.files,
        truncated: compared.truncated,
        ..same
    })
}

/// `None` if only the server can answer. It alone knows the accounts of authors,
/// and sends them with the commits, so that asking git would save no request.
fn compare_in_checkout(
    session: &Session,
    connection: &Connection,
    base: &str,
    head: &str,
    needs: Needs,
) -> Option<Compared> {
    // Without GraphQL, the comparison is where the authors of pull requests are from.
    let needs_authors = needs.pulls && !connection.client.can_use_graphql();
    if needs.logins || needs_authors {
        return None;
    }
    let git = session.git().ok()?;
    let comparison = git.compare(base, head)?;
    let list = |base, head| {
        let commits = git.log_between(base, head)?.into_iter();
        Some(commits.map(|one| from_git(connection, one)).collect())
    };
    let (mut commits, mut behind_commits, mut files) = (Vec::new(), Vec::new(), Vec::new());
    if needs.commits {
        commits = list(base, head)?;
        behind_commits = list(head, base)?;
    }
    if needs.files {
        let found = git.changed_files(&comparison, head)?.into_iter();
        files = found.map(FileRecord::from).collect();
    }
    Some(Compared {
        ahead_by: comparison.ahead_by,
        behind_by: comparison.behind_by,
        commits,
        behind_commits,
        files,
        truncated: false,
    })
}

fn from_git(connection: &Connection, commit: GitCommit) -> CommitRecord {
    let endpoints = connection.client.endpoints();
    let url = endpoints.repository_page(&connection.repo, &["commit", &commit.sha]);
    CommitRecord {
        sha: commit.sha,
        headline: commit.headline,
        author: commit.author,
        login: None,
        committed_at: commit.committed_at,
        url: url.into(),
    }
}

async fn request_comparison(
    connection: &Connection,
    base: &str,
    head: &str,
    needs: Needs,
) -> Result<Compared, Failure> {
    let comparison = request(connection, base, head, needs.commits).await?;
    let list = |commits: &[ComparedCommit]| commits.iter().map(CommitRecord::from).collect();
    let (mut commits, mut behind_commits, mut files) = (Vec::new(), Vec::new(), Vec::new());
    let mut truncated = false;
    if needs.files {
        truncated |= !comparison.has_all_files();
        files = comparison.files.into_iter().map(FileRecord::from).collect();
    }
    if needs.commits {
        if comparison.behind_by > 0 {
            behind_commits = list(&request(connection, head, base, true).await?.commits);
        }
        commits = list(&comparison.commits);
        truncated |= is_short(&commits, comparison.ahead_by)
            || is_short(&behind_commits, comparison.behind_by);
    }
    Ok(Compared {
        ahead_by: comparison.ahead_by,
        behind_by: comparison.behind_by,
        commits,
        behind_commits,
        files,
        truncated,
    })
}

fn is_short(found: &[CommitRecord], counted: u64) -> bool {
    u64::try_from(found.len()).is_ok_and(|found| found < counted)
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
    commits: Vec<CommitRecord>,
    with_details: bool,
) -> Result<Range, Failure> {
    let mut details = Vec::new();
    if with_details && !commits.is_empty() {
        let shas: Vec<&str> = commits.iter().map(|commit| commit.sha.as_str()).collect();
        let found = connection.repo().commit_details(&shas).await;
        details = found.map_err(|error| connection.explain(&error))?;
    }
    for (commit, details) in commits.iter().zip(&mut details) {
        if details.authors.is_empty() {
            details.authors.push(CommitAuthor {
                name: commit.author.clone(),
                login: commit.login.clone(),
            });
        }
    }
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

impl From<GitFile> for FileRecord {
    fn from(file: GitFile) -> Self {
        Self {
            filename: file.path,
            status: file.status.to_owned(),
            additions: file.additions,
            deletions: file.deletions,
            previous_filename: file.previous,
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
    use super::*;

    fn commit(sha: &str) -> CommitRecord {
        CommitRecord {
            sha: sha.to_owned(),
            headline: "One".to_owned(),
            author: String::new(),
            login: None,
            committed_at: None,
            url: String::new(),
        }
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
