use crate::api::ApiError;
use crate::session::{Connection, Session};
use crate::stats::{CommitGraph, EnvironmentHistory, Window};

/// How many pages of 100 commits are requested at most for one repository.
const MAX_PAGES: usize = 100;

/// Reads commits from the checkout if it has them, and else from the server.
pub(super) struct CommitReader<'a> {
    session: &'a Session,
    connection: &'a Connection,
    pages_left: usize,
    /// What the server has sent so far.
    graph: CommitGraph,
}

impl<'a> CommitReader<'a> {
    pub(super) fn new(session: &'a Session, connection: &'a Connection) -> Self {
        Self {
            session,
            connection,
            pages_left: MAX_PAGES,
            graph: CommitGraph::default(),
        }
    }

    /// The commits that went live in an environment within the window. `None` if
    /// they are not all available: too many, removed from the repository, or
    /// hidden from the token.
    pub(super) async fn read(
        &mut self,
        history: &EnvironmentHistory,
        window: Window,
    ) -> anyhow::Result<Option<CommitGraph>> {
        let (heads, bases) = history.heads_and_bases(window);
        if heads.is_empty() {
            return Ok(Some(CommitGraph::default()));
        }
        let git = self.session.git();
        if let Some(commits) = git.ok().and_then(|git| git.commits_between(&heads, &bases)) {
            let mut graph = CommitGraph::default();
            graph.add(commits);
            return Ok(Some(graph));
        }
        let is_complete = self.request(&heads, &bases).await?;
        Ok(is_complete.then(|| self.graph.clone()))
    }

    /// Requests commits until all are there that `heads` contain and `bases` do
    /// not. Returns whether they are.
    async fn request(&mut self, heads: &[&str], bases: &[&str]) -> anyhow::Result<bool> {
        let mut base = bases.first().map(|sha| CommitPages::new(sha));
        for head in heads {
            let mut pages = CommitPages::new(head);
            loop {
                let one = std::iter::once(*head);
                if self.graph.is_complete(one, bases.iter().copied()) {
                    break;
                }
                if !self.request_page(&mut pages).await? {
                    return Ok(false);
                }
                // The two histories meet where the base left that of the head.
                if let Some(base) = &mut base
                    && !self.graph.contains(base.sha)
                {
                    self.request_page(base).await?;
                }
            }
        }
        Ok(true)
    }

    /// Whether there was another page.
    async fn request_page(&mut self, pages: &mut CommitPages<'_>) -> anyhow::Result<bool> {
        let Some(page) = pages.next.filter(|_| self.pages_left > 0) else {
            return Ok(false);
        };
        self.pages_left -= 1;
        match self.connection.repo().commit_page(pages.sha, page).await {
            Ok((commits, has_more)) => {
                self.graph.add(commits);
                pages.next = has_more.then_some(page + 1);
                Ok(true)
            }
            Err(error) if is_missing(&error) => {
                pages.next = None;
                Ok(false)
            }
            Err(error) => Err(self.connection.explain(&error).into()),
        }
    }
}

/// The ancestors of a commit, page by page.
struct CommitPages<'a> {
    sha: &'a str,
    next: Option<u32>,
}

impl<'a> CommitPages<'a> {
    fn new(sha: &'a str) -> Self {
        Self { sha, next: Some(1) }
    }
}

/// Whether the commit no longer exists, or the token may not read it.
fn is_missing(error: &ApiError) -> bool {
    matches!(error, ApiError::Response(refusal) if matches!(refusal.status, 403 | 404 | 409 | 422))
}
