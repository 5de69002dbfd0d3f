use std::collections::{HashMap, HashSet};

use futures_util::{TryStreamExt, future};

use super::Match;
use crate::api::Pull;
use crate::bulk::operation::KeepReason;
use crate::error::Failure;
use crate::model::{Branch, Deployment, Pattern};
use crate::session::Connection;

/// Finds out to which pull requests a deployment belongs.
#[derive(Debug, Default)]
pub(super) struct PullIndex {
    pulls: HashMap<u64, PullState>,
    branches: HashMap<String, BranchPulls>,
    /// Branches that exist or are a pull request's base. Their deployments are
    /// kept even if a pull request that merges the branch elsewhere is closed.
    live_branches: HashSet<String>,
    patterns: Vec<NumberedPattern>,
}

#[derive(Debug)]
struct PullState {
    is_open: bool,
    /// Its branch, unless it is in a fork.
    branch: Option<String>,
}

/// A closed and an open pull request from one branch.
#[derive(Clone, Copy, Debug, Default)]
struct BranchPulls {
    closed: Option<u64>,
    open: Option<u64>,
}

/// A pattern in which `{number}` stands for the number of a pull request.
#[derive(Debug)]
struct NumberedPattern(String);

impl PullIndex {
    /// Reads all pull requests and all branches.
    pub(super) async fn fetch(
        connection: &Connection,
        patterns: &[String],
    ) -> Result<Self, Failure> {
        let mut index = Self {
            patterns: patterns.iter().cloned().map(NumberedPattern).collect(),
            ..Self::default()
        };
        let (client, repo) = (&connection.client, &connection.repo);
        let branches = async {
            client.repo(repo).branches().await.map_err(|error| {
                connection
                    .explain(&error)
                    .hint("--closed-pulls needs the permission \"Contents: read\", to keep the deployments of branches that still exist")
            })
        };
        let pulls = async {
            client
                .repo(repo)
                .pulls()
                .try_for_each(|page| {
                    for pull in &page {
                        index.add(pull);
                    }
                    future::ok(())
                })
                .await
                .map_err(|error| {
                    connection
                        .explain(&error)
                        .hint("--closed-pulls needs the permission \"Pull requests: read\"")
                })
        };
        let (branches, ()) = future::try_join(branches, pulls).await?;
        index.add_branches(branches);
        Ok(index)
    }

    fn add(&mut self, pull: &Pull) {
        let is_open = pull.is_open();
        let branch = pull.own_branch();
        self.live_branches.insert(pull.base.ref_name.clone());
        if let Some(branch) = branch {
            let known = self.branches.entry(branch.to_owned()).or_default();
            if is_open {
                known.open = Some(pull.number);
            } else {
                known.closed = Some(pull.number);
            }
        }
        let branch = branch.map(str::to_owned);
        self.pulls
            .insert(pull.number, PullState { is_open, branch });
    }

    fn add_branches(&mut self, branches: Vec<Branch>) {
        self.live_branches
            .extend(branches.into_iter().map(|branch| branch.name));
    }

    /// Whether a deployment belongs to a closed pull request, by the name of its
    /// environment or by its ref.
    pub(super) fn matches(&self, deployment: &Deployment) -> Match {
        let by_name = self.by_name(&deployment.environment);
        let by_ref = self.by_ref(&deployment.ref_name);
        let has_open = |numbers: &[u64]| numbers.iter().any(|number| self.is_open(*number));
        let is_closed = |number: &&u64| !self.is_open(**number);
        let is_named = by_name.iter().any(|number| is_closed(&number));
        let branches: Vec<&String> = by_ref
            .iter()
            .filter(is_closed)
            .filter_map(|number| self.pulls.get(number)?.branch.as_ref())
            .collect();
        let is_deleted = |branch: &&String| !self.live_branches.contains(*branch);
        if !is_named && branches.is_empty() {
            Match::No
        } else if has_open(&by_name) || has_open(&by_ref) {
            Match::Protected(KeepReason::OpenPull)
        } else if is_named {
            Match::WithEnvironment
        } else if branches.iter().any(is_deleted) {
            Match::DeploymentOnly
        } else {
            Match::Protected(KeepReason::LiveBranch)
        }
    }

    /// Whether an environment is named after closed pull requests only.
    pub(super) fn names_closed(&self, environment: &str) -> bool {
        let numbers = self.by_name(environment);
        !numbers.is_empty() && !numbers.iter().any(|number| self.is_open(*number))
    }

    fn is_open(&self, number: u64) -> bool {
        self.pulls.get(&number).is_some_and(|pull| pull.is_open)
    }

    /// The pull requests that an environment is named after.
    fn by_name(&self, environment: &str) -> Vec<u64> {
        let numbers = self
            .patterns
            .iter()
            .flat_map(|pattern| pattern.numbers_in(environment));
        numbers
            .filter(|number| self.pulls.contains_key(number))
            .collect()
    }

    /// The pull requests of a branch, or of `refs/pull/N/merge`, which GitHub
    /// Actions deploys.
    fn by_ref(&self, ref_name: &str) -> Vec<u64> {
        let short = ref_name.strip_prefix("refs/").unwrap_or(ref_name);
        if let Some(number) = short
            .strip_prefix("pull/")
            .and_then(|rest| rest.strip_suffix("/merge").or(rest.strip_suffix("/head")))
            .and_then(|number| number.parse().ok())
        {
            let is_known = self.pulls.contains_key(&number);
            return is_known.then_some(number).into_iter().collect();
        }
        let branch = short.strip_prefix("heads/").unwrap_or(ref_name);
        let known = self.branches.get(branch).copied().unwrap_or_default();
        known.closed.into_iter().chain(known.open).collect()
    }
}

impl NumberedPattern {
    /// The numbers with which the pattern matches a name.
    fn numbers_in(&self, name: &str) -> Vec<u64> {
        let mut numbers = Vec::new();
        let bytes = name.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_digit() {
                at += 1;
                continue;
            }
            let begin = at;
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
            let digits = &name[begin..at];
            // pr-007 is not named after pull request 7.
            if let Ok(number) = digits.parse::<u64>()
                && number.to_string() == digits
                && Pattern::new(self.0.replace("{number}", digits)).fits(name)
            {
                numbers.push(number);
            }
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pull(number: u64, state: &str, head: &str, base: &str, head_repo: u64) -> Pull {
        let text = format!(
            r#"{{"number":{number},"state":"{state}","head":{{"ref":"{head}","repo":{{"id":{head_repo}}}}},
            "base":{{"ref":"{base}","repo":{{"id":1}}}}}}"#
        );
        serde_json::from_str(&text).expect("a pull request")
    }

    fn index(pulls: &[Pull], branches: &[&str], patterns: &[&str]) -> PullIndex {
        let mut index = PullIndex {
            patterns: patterns
                .iter()
                .map(|text| NumberedPattern((*text).to_owned()))
                .collect(),
            ..PullIndex::default()
        };
        for pull in pulls {
            index.add(pull);
        }
        let branch = |name: &&str| {
            let text = format!(r#"{{"name":"{name}","commit":{{"sha":"abc"}}}}"#);
            serde_json::from_str(&text).expect("a branch")
        };
        index.add_branches(branches.iter().map(branch).collect());
        index
    }

    fn match_of(index: &PullIndex, ref_name: &str, environment: &str) -> &'static str {
        let text = format!(
            r#"{{"id":1,"sha":"abc","ref":"{ref_name}","environment":"{environment}",
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}}"#
        );
        let deployment = serde_json::from_str(&text).expect("a deployment");
        match index.matches(&deployment) {
            Match::No => "none",
            Match::Protected(reason) => reason.as_str(),
            Match::WithEnvironment => "by name",
            Match::DeploymentOnly => "by ref",
        }
    }

    #[test]
    fn a_closed_pull_request_is_found_by_name_or_by_its_deleted_branch() {
        let index = index(
            &[
                pull(7, "closed", "topic", "main", 1),
                pull(8, "closed", "reused", "main", 1),
                pull(9, "open", "reused", "main", 1),
                pull(10, "closed", "forks", "main", 2),
                pull(11, "closed", "develop", "main", 1),
                pull(12, "closed", "fix", "develop", 1),
                pull(13, "closed", "main", "stable", 1),
                pull(14, "closed", "rejected", "main", 1),
            ],
            &["main", "develop", "rejected"],
            &["pr-{number}", "*/pr-{number}"],
        );
        for (ref_name, environment, expected) in [
            ("topic", "qa", "by ref"),
            ("refs/heads/topic", "qa", "by ref"),
            ("refs/pull/7/merge", "qa", "by ref"),
            ("pull/9/head", "qa", "none"),
            ("refs/pull/99/merge", "qa", "none"),
            ("reused", "qa", "open_pull"),
            ("abc", "pr-7", "by name"),
            ("abc", "preview/pr-7", "by name"),
            ("abc", "pr-9", "none"),
            ("reused", "pr-7", "open_pull"),
            ("topic", "pr-9", "open_pull"),
            ("abc", "pr-77", "none"),
            ("abc", "pr-07", "none"),
            ("abc", "xpr-7", "none"),
            ("forks", "qa", "none"),
            ("refs/pull/10/merge", "qa", "none"),
            ("forks", "pr-10", "by name"),
            ("develop", "qa", "live_branch"),
            ("main", "qa", "live_branch"),
            ("main", "pr-7", "by name"),
            ("rejected", "qa", "live_branch"),
            ("refs/pull/14/merge", "qa", "live_branch"),
            ("rejected", "pr-14", "by name"),
        ] {
            assert_eq!(
                match_of(&index, ref_name, environment),
                expected,
                "{ref_name} {environment}"
            );
        }
    }
}
