use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::Window;
use crate::model::CommitNode;

/// Commits with their parents, as far as they were read.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommitGraph {
    commits: HashMap<String, CommitNode>,
}

impl CommitGraph {
    pub(crate) fn add(&mut self, commits: impl IntoIterator<Item = CommitNode>) {
        let named = commits.into_iter().map(|one| (one.sha.clone(), one));
        self.commits.extend(named);
    }

    pub(crate) fn contains(&self, sha: &str) -> bool {
        self.commits.contains_key(sha)
    }

    /// Whether all commits are here that `heads` contain and `bases` do not.
    pub(crate) fn is_complete<'a>(
        &'a self,
        heads: impl IntoIterator<Item = &'a str>,
        bases: impl IntoIterator<Item = &'a str>,
    ) -> bool {
        let mut seen = HashSet::new();
        for base in bases {
            self.walk(base, &mut seen, |_, _| {});
        }
        let mut is_complete = true;
        for head in heads {
            self.walk(head, &mut seen, |_, found| is_complete &= found.is_some());
        }
        is_complete
    }

    /// Visits a commit and its ancestors, apart from those in `seen`, also those
    /// that were not read.
    fn walk<'a>(
        &'a self,
        from: &'a str,
        seen: &mut HashSet<&'a str>,
        mut visit: impl FnMut(&'a str, Option<&'a CommitNode>),
    ) {
        let mut open = vec![from];
        while let Some(sha) = open.pop() {
            if !seen.insert(sha) {
                continue;
            }
            let found = self.commits.get(sha);
            visit(sha, found);
            if let Some(commit) = found {
                open.extend(commit.parents.iter().map(String::as_str));
            }
        }
    }

    /// The lead times of the commits that first succeeded within the window, in
    /// seconds. `successes` are in the order of time. A commit that is
    /// dated after its deployment, by a wrong clock, is left out.
    pub(super) fn lead_times(&self, successes: &[(Timestamp, &str)], window: Window) -> Vec<i64> {
        let mut seen = HashSet::new();
        let mut times = Vec::new();
        for (at, sha) in successes {
            // The walk borrows from the graph, which has the same texts.
            let Some((sha, _)) = self.commits.get_key_value(*sha) else {
                continue;
            };
            self.walk(sha, &mut seen, |_, commit| {
                let Some(commit) = commit.filter(|_| window.contains(*at)) else {
                    return;
                };
                let time = at.as_second() - commit.committed_at.as_second();
                if time >= 0 {
                    times.push(time);
                }
            });
        }
        times
    }
}
