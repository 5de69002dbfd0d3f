use std::collections::{HashMap, HashSet};

use futures_util::{TryStreamExt, future};

use super::selection::Selection;
use super::words::Reason;
use crate::api::Pull;
use crate::error::Failure;
use crate::model::{Branch, Deployment, Pattern};
use crate::session::Connection;

/// Which deployments belong to pull requests, and whether those are closed.
#[derive(Debug, Default)]
pub(super) struct PullIndex {
    pulls: HashMap<u64, PullState>,
    /// The pull requests of a branch: one that is closed, and one that is open.
    branches: HashMap<String, [Option<u64>; 2]>,
    /// Branches that exist or are merged into. A deployment of one is alive,
    /// whatever becomes of the pull requests that merge it elsewhere.
    alive: HashSet<String>,
    patterns: Vec<NumberedPattern>,
}

#[derive(Debug)]
struct PullState {
    is_open: bool,
    /// Its branch, unless that is a fork's.
    branch: Option<String>,
}

#[derive(Debug)]
struct NumberedPattern(String);

impl PullIndex {
    /// Reads all pull requests and all branches.
    pub(super) async fn fetch(connection: &Connection, patterns: &[&str]) -> Result<Self, Failure> {
        let mut index = Self {
            patterns: patterns
                .iter()
                .map(|text| NumberedPattern((*text).to_owned()))
                .collect(),
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
        self.alive.insert(pull.base.ref_name.clone());
        if let Some(branch) = branch {
            let known = self.branches.entry(branch.to_owned()).or_default();
            known[usize::from(is_open)] = Some(pull.number);
        }
        let branch = branch.map(str::to_owned);
        self.pulls
            .insert(pull.number, PullState { is_open, branch });
    }

    fn add_branches(&mut self, branches: Vec<Branch>) {
        self.alive.extend(branches.into_iter().map(|one| one.name));
    }

    /// Whether a deployment is selected, by the name of its environment or by
    /// its ref, because its pull request is closed.
    pub(super) fn select(&self, deployment: &Deployment) -> Selection {
        let by_name = self.by_name(&deployment.environment);
        let by_ref = self.by_ref(&deployment.ref_name);
        let has_open = |numbers: &[u64]| numbers.iter().any(|number| self.is_open(*number));
        let closed = |number: &&u64| !self.is_open(**number);
        let is_named = by_name.iter().any(|number| closed(&number));
        let branches: Vec<&String> = by_ref
            .iter()
            .filter(closed)
            .filter_map(|number| self.pulls.get(number)?.branch.as_ref())
            .collect();
        let is_deleted = branches.iter().any(|name| !self.alive.contains(*name));
        let kept_for = |reason| Selection {
            is_selected: true,
            kept_for: Some(reason),
            names_environment: false,
        };
        if !is_named && branches.is_empty() {
            Selection::NONE
        } else if has_open(&by_name) || has_open(&by_ref) {
            kept_for(Reason::OpenPull)
        } else if is_named || is_deleted {
            Selection {
                names_environment: is_named,
                ..Selection::CHOSEN
            }
        } else {
            kept_for(Reason::LiveBranch)
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

    /// The pull requests whose branch the ref is. GitHub Actions deploys
    /// `refs/pull/N/merge`, too.
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
        known.into_iter().flatten().collect()
    }
}

impl NumberedPattern {
    /// The numbers in a name in whose place `{number}` stands.
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
            // pr-007 is no name that is made after pull request 7.
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

    fn selection(index: &PullIndex, ref_name: &str, environment: &str) -> &'static str {
        let text = format!(
            r#"{{"id":1,"sha":"abc","ref":"{ref_name}","environment":"{environment}",
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}}"#
        );
        let deployment = serde_json::from_str(&text).expect("a deployment");
        let selection = index.select(&deployment);
        match (selection.is_selected, selection.kept_for) {
            (false, _) => "none",
            (true, Some(reason)) => reason.word(),
            (true, None) if selection.names_environment => "by name",
            (true, None) => "by ref",
        }
    }

    #[test]
    fn a_closed_one_is_known_by_its_name_or_by_a_branch_that_is_deleted() {
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
                selection(&index, ref_name, environment),
                expected,
                "{ref_name} {environment}"
            );
        }
    }
}
