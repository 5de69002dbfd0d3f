use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt;

use crate::api::Pull;
use crate::error::Failure;
use crate::model::{Deployment, Pattern};
use crate::session::Connection;

/// Which deployments belong to pull requests, and whether those are closed.
#[derive(Debug, Default)]
pub(super) struct PullIndex {
    /// Whether the pull request of a number is open.
    is_open: HashMap<u64, bool>,
    /// The pull requests of a branch: one that is closed, and one that is open.
    branches: HashMap<String, [Option<u64>; 2]>,
    /// Branches that are merged into: they outlive pull requests.
    lasting: HashSet<String>,
    patterns: Vec<NumberedPattern>,
}

#[derive(Debug)]
struct NumberedPattern(String);

/// What a deployment has to do with pull requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Belonging {
    /// Nothing.
    None,
    /// It is of a closed one.
    Closed,
    /// It is of a closed one, and of an open one, too.
    Reused,
}

impl PullIndex {
    /// Asks for all pull requests.
    pub(super) async fn fetch(connection: &Connection, patterns: &[&str]) -> Result<Self, Failure> {
        let mut index = Self {
            patterns: patterns
                .iter()
                .map(|text| NumberedPattern((*text).to_owned()))
                .collect(),
            ..Self::default()
        };
        let mut pages = Box::pin(connection.client.pulls(&connection.repo));
        while let Some(page) = pages.try_next().await.map_err(|error| {
            connection
                .explain(&error)
                .hint("--closed-pulls needs the right to read pull requests")
        })? {
            for pull in &page {
                index.add(pull);
            }
        }
        Ok(index)
    }

    fn add(&mut self, pull: &Pull) {
        let is_open = pull.is_open();
        self.is_open.insert(pull.number, is_open);
        self.lasting.insert(pull.base.ref_name.clone());
        if let Some(default) = pull
            .base
            .repo
            .as_ref()
            .and_then(|r| r.default_branch.clone())
        {
            self.lasting.insert(default);
        }
        if let Some(branch) = pull.own_branch() {
            let known = self.branches.entry(branch.to_owned()).or_default();
            known[usize::from(is_open)] = Some(pull.number);
        }
    }

    /// What a deployment has to do with pull requests, by its ref and by the
    /// name of its environment.
    pub(super) fn belonging(&self, deployment: &Deployment) -> Belonging {
        let mut pulls = self.by_ref(&deployment.ref_name);
        for pattern in &self.patterns {
            pulls.extend(
                pattern
                    .numbers_in(&deployment.environment)
                    .into_iter()
                    .filter_map(|number| Some((number, *self.is_open.get(&number)?))),
            );
        }
        let has = |wanted: bool| pulls.iter().any(|(_, is_open)| *is_open == wanted);
        match (has(false), has(true)) {
            (false, _) => Belonging::None,
            (true, false) => Belonging::Closed,
            (true, true) => Belonging::Reused,
        }
    }

    /// The pull requests whose branch the ref is. GitHub Actions deploys
    /// `refs/pull/N/merge`, too.
    fn by_ref(&self, ref_name: &str) -> Vec<(u64, bool)> {
        let short = ref_name.strip_prefix("refs/").unwrap_or(ref_name);
        if let Some(number) = short
            .strip_prefix("pull/")
            .and_then(|rest| rest.strip_suffix("/merge").or(rest.strip_suffix("/head")))
            .and_then(|number| number.parse().ok())
        {
            let known = self.is_open.get(&number);
            return known
                .map(|is_open| (number, *is_open))
                .into_iter()
                .collect();
        }
        let branch = short.strip_prefix("heads/").unwrap_or(ref_name);
        if self.lasting.contains(branch) {
            return Vec::new();
        }
        let known = self.branches.get(branch).copied().unwrap_or_default();
        [false, true]
            .into_iter()
            .filter_map(|is_open| Some((known[usize::from(is_open)]?, is_open)))
            .collect()
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
            "base":{{"ref":"{base}","repo":{{"id":1,"default_branch":"main"}}}}}}"#
        );
        serde_json::from_str(&text).expect("a pull request")
    }

    fn index(pulls: &[Pull], patterns: &[&str]) -> PullIndex {
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
        index
    }

    fn belonging(index: &PullIndex, ref_name: &str, environment: &str) -> Belonging {
        let text = format!(
            r#"{{"id":1,"sha":"abc","ref":"{ref_name}","environment":"{environment}",
            "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}}"#
        );
        let deployment = serde_json::from_str(&text).expect("a deployment");
        index.belonging(&deployment)
    }

    #[test]
    fn a_closed_one_is_known_by_branch_and_by_name() {
        let index = index(
            &[
                pull(7, "closed", "topic", "main", 1),
                pull(8, "closed", "reused", "main", 1),
                pull(9, "open", "reused", "main", 1),
                pull(10, "closed", "forks", "main", 2),
                pull(11, "closed", "develop", "main", 1),
                pull(12, "closed", "fix", "develop", 1),
                pull(13, "closed", "main", "stable", 1),
            ],
            &["pr-{number}", "*/pr-{number}"],
        );
        for (ref_name, environment, expected) in [
            ("topic", "qa", Belonging::Closed),
            ("refs/heads/topic", "qa", Belonging::Closed),
            ("refs/pull/7/merge", "qa", Belonging::Closed),
            ("pull/9/head", "qa", Belonging::None),
            ("refs/pull/99/merge", "qa", Belonging::None),
            ("reused", "qa", Belonging::Reused),
            ("abc", "pr-7", Belonging::Closed),
            ("abc", "preview/pr-7", Belonging::Closed),
            ("abc", "pr-9", Belonging::None),
            ("reused", "pr-7", Belonging::Reused),
            ("topic", "pr-9", Belonging::Reused),
            ("abc", "pr-77", Belonging::None),
            ("abc", "pr-07", Belonging::None),
            ("abc", "xpr-7", Belonging::None),
            ("forks", "qa", Belonging::None),
            ("develop", "qa", Belonging::None),
            ("main", "qa", Belonging::None),
        ] {
            assert_eq!(
                belonging(&index, ref_name, environment),
                expected,
                "{ref_name} {environment}"
            );
        }
    }
}
