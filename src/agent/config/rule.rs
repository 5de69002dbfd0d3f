use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::Template;
use crate::env::is_secret_name;
use crate::model::{Pattern, RepoSlug};

/// What chooses deployments, and what is run for them.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name: the given one, or `rule N`.
    pub name: String,
    /// Which repositories, as `OWNER/REPO`; letter case does not matter.
    pub repository: Patterns,
    /// Which environments.
    pub environment: Patterns,
    /// Which tasks, exactly.
    pub tasks: Vec<String>,
    /// Which refs, in the words of who asked.
    pub ref_name: Patterns,
    /// Whether it also takes what jobs of GitHub Actions made, which deploy by
    /// themselves.
    pub from_workflows: bool,
    /// What is run.
    pub program: Program,
    /// The working directory; with a checkout, a folder in it.
    pub directory: PathBuf,
    /// Variables for the command.
    pub env: BTreeMap<String, String>,
    /// How long the command may take.
    pub timeout: Duration,
    /// How long a command that is to stop may take to do so before it is killed.
    pub kill_after: Duration,
    /// What happens to several deployments of one environment.
    pub concurrency: Concurrency,
    /// Whether a success makes earlier deployments of the environment inactive;
    /// `None` is the server's default, which is that it does.
    pub auto_inactive: Option<bool>,
    /// Where logs are written; `None` for a folder of the agent's state.
    pub log_directory: Option<PathBuf>,
    /// The most that is kept of one command's output, in bytes.
    pub log_max_size: u64,
    /// How many logs are kept.
    pub log_keep: usize,
    /// How long a log is kept.
    pub log_keep_for: Duration,
    /// Where logs can be read.
    pub log_url: Option<Template>,
    /// Where the deployed thing can be visited.
    pub environment_url: Option<Template>,
    /// The repository that is checked out for the command: a path, or an
    /// address that git can fetch from.
    pub checkout: Option<String>,
}

/// What is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// A program and its arguments, as they are.
    Command(Vec<String>),
    /// A text for `sh -c`.
    Shell(String),
}

/// What happens when a deployment comes while another one of its environment
/// is waiting or running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Concurrency {
    /// It waits for its turn.
    #[default]
    Queue,
    /// It takes the place of the others: those that wait become inactive, the
    /// one that runs is stopped.
    Supersede,
    /// It is reported as failed.
    Reject,
}

impl Concurrency {
    /// The words, and what they mean.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("queue", Self::Queue),
        ("supersede", Self::Supersede),
        ("reject", Self::Reject),
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Supersede => "supersede",
            Self::Reject => "reject",
        }
    }
}

/// Patterns, one of which has to fit.
#[derive(Clone, Debug, Default)]
pub struct Patterns(Vec<Pattern>);

impl Patterns {
    pub(super) fn new(patterns: &[String], ignore_case: bool) -> Result<Self, String> {
        patterns
            .iter()
            .map(|text| {
                if text.is_empty() {
                    return Err("an empty pattern fits nothing".to_owned());
                }
                let pattern = Pattern::new(text);
                Ok(if ignore_case {
                    pattern.ignoring_case()
                } else {
                    pattern
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn fit(&self, text: &str) -> bool {
        self.0.iter().any(|pattern| pattern.fits(text))
    }

    /// The patterns as they were written.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Pattern::as_str)
    }
}

/// What rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The repository.
    pub repository: &'a RepoSlug,
    /// The environment.
    pub environment: &'a str,
    /// The ref, in the words of who asked.
    pub ref_name: &'a str,
    /// The commit.
    pub sha: &'a str,
    /// The kind of work.
    pub task: &'a str,
    /// Whether a job of GitHub Actions made it.
    pub by_workflow: bool,
}

impl Rule {
    /// The templates, with their keys, that values of a deployment keep from being
    /// addresses.
    pub fn unfit_templates(
        &self,
        id: u64,
        request: &Request<'_>,
        agent: &str,
    ) -> impl Iterator<Item = (&'static str, &Template)> {
        let templates = [
            ("log_url", &self.log_url),
            ("environment_url", &self.environment_url),
        ];
        templates
            .into_iter()
            .filter_map(|(key, template)| Some((key, template.as_ref()?)))
            .filter(move |(_, template)| template.address(id, request, agent).is_none())
    }

    /// The values of its variables that are secrets by their name.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = self.env.iter().filter(|(name, _)| is_secret_name(name));
        secret.map(|(_, value)| value.as_str())
    }

    /// Whether the rule is for this deployment.
    pub fn fits(&self, request: &Request<'_>) -> bool {
        self.repository.fit(&request.repository.to_string())
            && self.environment.fit(request.environment)
            && self.tasks.iter().any(|task| task == request.task)
            && self.ref_name.fit(request.ref_name)
            && (self.from_workflows || !request.by_workflow)
    }
}
