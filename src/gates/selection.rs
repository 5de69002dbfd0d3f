use std::collections::BTreeSet;

use super::Gate;
use crate::error::{Failure, Kind};
use crate::model::{Pattern, RunId, WorkflowRun};

/// The fewest digits of a SHA that select runs.
const MIN_SHA_DIGITS: usize = 7;

/// Reads a SHA, or the first digits of one.
pub(crate) fn parse_run_sha(text: &str) -> Result<String, String> {
    let is_sha = (MIN_SHA_DIGITS..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_sha {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(format!(
            "use a SHA, or at least {MIN_SHA_DIGITS} digits of it"
        ))
    }
}

/// Which waiting runs and environments are meant; all if nothing is set.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunSelection {
    /// The first digits of the SHA.
    pub(crate) sha: Option<String>,
    /// The number of a pull request, whose head is then read.
    pub(crate) pull_request: Option<u64>,
    /// The runs that belong to the head of the pull request.
    pub(crate) pull_request_runs: Vec<RunId>,
    /// The branch or tag.
    pub(crate) ref_name: Option<String>,
    /// The name or the file of the workflow.
    pub(crate) workflow: Option<String>,
    /// The environments.
    pub(crate) environments: Vec<Pattern>,
}

impl RunSelection {
    /// Whether a run is meant, whatever it waits for.
    pub(crate) fn fits_run(&self, run: &WorkflowRun) -> bool {
        let sha = self.sha.as_ref();
        let is_of_head = self.pull_request_runs.contains(&run.id);
        (is_of_head || sha.is_none_or(|sha| run.head_sha.starts_with(sha.as_str())))
            && self
                .ref_name
                .as_deref()
                .is_none_or(|name| run.head_branch.as_deref() == Some(short_ref(name)))
            && self
                .workflow
                .as_deref()
                .is_none_or(|workflow| is_workflow(run, workflow))
    }

    /// Whether an environment is meant.
    pub(crate) fn fits_environment(&self, name: &str) -> bool {
        self.environments.is_empty() || self.environments.iter().any(|one| one.fits(name))
    }

    /// Whether a gate is meant.
    pub(crate) fn fits(&self, gate: &Gate) -> bool {
        self.fits_run(&gate.run) && self.fits_environment(gate.environment())
    }

    /// Fails if the digits of the SHA stand for several commits.
    pub(crate) fn check_sha<'a>(
        &self,
        runs: impl Iterator<Item = &'a WorkflowRun>,
    ) -> Result<(), Failure> {
        let Some(sha) = &self.sha else {
            return Ok(());
        };
        let meant: BTreeSet<&str> = runs
            .map(|run| run.head_sha.as_str())
            .filter(|found| found.starts_with(sha.as_str()))
            .collect();
        if meant.len() < 2 {
            return Ok(());
        }
        let shas: Vec<&str> = meant.into_iter().collect();
        let what = format!("--sha {sha}: {} commits begin with it", shas.len());
        Err(Failure::new(Kind::Usage, what)
            .lines(shas.iter().map(|sha| format!("  {sha}")))
            .hint("give more digits"))
    }
}

/// A ref without `refs/heads/` or `refs/tags/`.
fn short_ref(name: &str) -> &str {
    let heads = name.strip_prefix("refs/heads/");
    heads.or(name.strip_prefix("refs/tags/")).unwrap_or(name)
}

fn is_workflow(run: &WorkflowRun, wanted: &str) -> bool {
    run.name.as_deref() == Some(wanted)
        || run.workflow_path() == wanted
        || run.workflow_file() == wanted
        || run.workflow_id.to_string() == wanted
}

#[cfg(test)]
mod tests {
    use super::super::gate::tests::run;
    use super::*;

    #[test]
    fn a_workflow_is_its_name_or_its_file() {
        let selection = |workflow: &str| RunSelection {
            workflow: Some(workflow.to_owned()),
            ..RunSelection::default()
        };
        for workflow in ["Deploy", "deploy.yml", ".github/workflows/deploy.yml", "7"] {
            assert!(selection(workflow).fits_run(&run(1, 7)), "{workflow}");
        }
        for workflow in ["deploy", "Deplo", "workflows/deploy.yml", "70"] {
            assert!(!selection(workflow).fits_run(&run(1, 7)), "{workflow}");
        }
    }

    #[test]
    fn digits_that_stand_for_two_commits_are_refused() {
        let runs = [run(0x1a, 7), run(0x1b, 7), run(0x1b, 7)];
        let selection = |sha: String| RunSelection {
            sha: Some(sha),
            ..RunSelection::default()
        };
        let failure = selection("0".repeat(38)).check_sha(runs.iter());
        assert_eq!(failure.expect_err("two commits").kind(), Kind::Usage);
        let whole = selection(format!("{:040x}", 0x1b));
        whole.check_sha(runs.iter()).expect("one commit");
        assert_eq!(runs.iter().filter(|run| whole.fits_run(run)).count(), 2);
        assert!(parse_run_sha("abcdef").is_err() && parse_run_sha("abcdefg").is_err());
        assert_eq!(parse_run_sha("ABCDEF0").as_deref(), Ok("abcdef0"));
    }

    #[test]
    fn the_runs_of_a_pull_request_need_not_have_its_head() {
        let selection = RunSelection {
            sha: Some("f".repeat(40)),
            pull_request_runs: vec![RunId(1)],
            ..RunSelection::default()
        };
        assert!(selection.fits_run(&run(1, 7)) && !selection.fits_run(&run(2, 7)));
    }
}
