use std::collections::HashSet;

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::page::{Item, PageReader};
use super::response::{ReadError, Response};
use super::{ApiError, Paging, RepoHandle};
use crate::model::{User, or_default};

/// The most files that GitHub lists in a comparison.
const MAX_FILES: usize = 300;

/// How two commits relate.
///
/// See <https://docs.github.com/rest/commits/commits#compare-two-commits>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Comparison {
    /// `ahead`, `behind`, `identical` or `diverged`: where the head is, as seen
    /// from the base.
    pub status: String,
    /// How many commits only the head has.
    #[serde(default)]
    pub ahead_by: u64,
    /// How many commits only the base has.
    #[serde(default)]
    pub behind_by: u64,
    /// The commits that only the head has, oldest first. [`RepoHandle::compare`]
    /// gets one at most.
    #[serde(default)]
    pub commits: Vec<ComparedCommit>,
    /// The files that differ from the common ancestor to the head, 300 at most.
    #[serde(default)]
    pub files: Vec<ChangedFile>,
}

/// A commit of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ComparedCommit {
    /// The full SHA.
    pub sha: String,
    /// The node ID.
    #[serde(default, deserialize_with = "or_default")]
    pub node_id: String,
    /// The page of the commit.
    #[serde(default, deserialize_with = "or_default")]
    pub html_url: String,
    /// What git knows of the commit.
    pub commit: CommitText,
    /// The account of the author, if GitHub knows one for the email address.
    #[serde(default)]
    pub author: Option<User>,
}

/// The message and the author of a commit, from git.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CommitText {
    /// The whole message.
    #[serde(default, deserialize_with = "or_default")]
    pub message: String,
    /// The author.
    #[serde(default)]
    pub author: Option<CommitPerson>,
    /// The committer, whose date is that of the commit.
    #[serde(default)]
    pub committer: Option<CommitPerson>,
}

/// The author or committer of a commit, from git.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CommitPerson {
    /// The name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// When the commit was authored or committed.
    #[serde(default)]
    pub date: Option<Timestamp>,
}

/// A file that differs between two commits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ChangedFile {
    /// The path.
    pub filename: String,
    /// `added`, `removed`, `modified`, `renamed` and so on.
    pub status: String,
    /// How many lines were added.
    #[serde(default)]
    pub additions: u64,
    /// How many lines were removed.
    #[serde(default)]
    pub deletions: u64,
    /// The path before a renaming.
    #[serde(default)]
    pub previous_filename: Option<String>,
}

impl Comparison {
    /// Whether the base contains the head.
    pub fn is_contained(&self) -> bool {
        matches!(self.status.as_str(), "behind" | "identical")
    }

    /// Whether all files are listed; false if GitHub may have left out some.
    pub fn has_all_files(&self) -> bool {
        self.files.len() < MAX_FILES
    }
}

impl ComparedCommit {
    /// The first line of the message.
    pub fn headline(&self) -> &str {
        self.commit.message.lines().next().unwrap_or_default()
    }

    /// The name of the author, from git.
    pub fn author_name(&self) -> &str {
        let author = self.commit.author.as_ref();
        author
            .map(|author| author.name.as_str())
            .unwrap_or_default()
    }

    /// The login of the author, if GitHub knows the account.
    pub fn author_login(&self) -> Option<&str> {
        let login = self.author.as_ref().map(User::login);
        login.filter(|login| !login.is_empty())
    }

    /// When it was committed.
    pub fn committed_at(&self) -> Option<Timestamp> {
        self.commit.committer.as_ref()?.date
    }
}

/// Each page is the whole comparison, with a part of the commits.
impl Item for Comparison {
    fn id(&self) -> Option<u64> {
        None
    }
}

impl RepoHandle<'_> {
    /// Compares two commits, without a list of what is between them. Needs the
    /// permission "Contents: read".
    ///
    /// # Errors
    /// 404 as [`ApiError::Response`] if one does not exist, or if they have no
    /// common ancestor.
    ///
    /// See <https://docs.github.com/rest/commits/commits#compare-two-commits>.
    pub async fn compare(self, base: &str, head: &str) -> Result<Comparison, ApiError> {
        let mut url = self.compare_url(base, head)?;
        url.query_pairs_mut().append_pair("per_page", "1");
        self.client.get_within(url, self.client.budget()).await
    }

    /// Compares two commits, with all commits that only the head has, oldest
    /// first, however many there are: a request for each 100. Without paging
    /// GitHub leaves out all but the last 250. Needs the permission "Contents:
    /// read".
    ///
    /// # Errors
    /// Those of [`compare`](Self::compare).
    pub async fn compare_whole(self, base: &str, head: &str) -> Result<Comparison, ApiError> {
        let url = self.compare_url(base, head)?;
        let budget = self.client.budget();
        let mut pages = PageReader::new(self.client, url, Paging::all(), budget, page);
        let mut whole: Option<Comparison> = None;
        let mut known = HashSet::new();
        while let Some(page) = pages.next_page().await {
            for mut part in page?.items {
                part.commits
                    .retain(|commit| known.insert(commit.sha.clone()));
                match &mut whole {
                    None => whole = Some(part),
                    Some(whole) => whole.commits.append(&mut part.commits),
                }
            }
        }
        whole.ok_or_else(|| ApiError::Setup("a comparison without a first page".to_owned()))
    }

    fn compare_url(self, base: &str, head: &str) -> Result<Url, ApiError> {
        let path = self
            .path()?
            .then("compare")
            .segment(&format!("{base}...{head}"))?;
        Ok(path.below(self.client.rest()))
    }
}

fn page(response: &Response) -> Result<Vec<Comparison>, ReadError> {
    Ok(vec![response.json()?])
}
