use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::rule_input::RuleInput;
use super::template::Template;
use crate::env::is_secret_name;
use crate::model::Pattern;

/// Selects deployments, and says what is run for them.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The given name, or `rule N`.
    pub name: String,
    /// Patterns for `OWNER/REPO`, without regard to letter case.
    pub repository: Patterns,
    pub environment: Patterns,
    pub tasks: Vec<String>,
    /// Patterns for the ref as it was requested.
    pub ref_name: Patterns,
    /// Whether the rule also applies to deployments that jobs of GitHub Actions
    /// created, which deploy themselves.
    pub from_workflows: bool,
    pub program: Program,
    /// The working directory; with a checkout, relative to it.
    pub directory: PathBuf,
    /// Environment variables for the command.
    pub env: BTreeMap<String, String>,
    pub timeout: Duration,
    /// How long a command may take to stop before it is killed.
    pub kill_after: Duration,
    pub concurrency: Concurrency,
    /// Whether a success makes earlier deployments of the environment inactive;
    /// `None` is the server's default, which is that it does.
    pub auto_inactive: Option<bool>,
    /// `None` is a folder in the agent's state.
    pub log_directory: Option<PathBuf>,
    /// How much of one command's output is kept.
    pub log_max_bytes: u64,
    pub log_keep: usize,
    pub log_keep_for: Duration,
    pub log_url: Option<Template>,
    pub environment_url: Option<Template>,
    /// The repository that is checked out for the command: a path, or a URL from
    /// which git can fetch.
    pub checkout: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// A program and its arguments.
    Command(Vec<String>),
    /// A script for `sh -c`.
    Shell(String),
}

/// What happens to a new deployment while another one of its environment waits or
/// runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Concurrency {
    /// It waits for its turn.
    #[default]
    Queue,
    /// It replaces the others: those that wait become inactive, and the running
    /// one is stopped.
    Supersede,
    /// It is reported as failed.
    Reject,
}

impl Concurrency {
    /// The values in the configuration.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("queue", Self::Queue),
        ("supersede", Self::Supersede),
        ("reject", Self::Reject),
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Supersede => "supersede",
            Self::Reject => "reject",
        }
    }
}

/// Patterns, one of which has to match.
#[derive(Clone, Debug, Default)]
pub struct Patterns(Vec<Pattern>);

impl Patterns {
    pub(super) fn new(patterns: &[String], ignore_case: bool) -> Result<Self, String> {
        patterns
            .iter()
            .map(|text| {
                if text.is_empty() {
                    return Err("an empty pattern matches nothing".to_owned());
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

    fn any_matches(&self, text: &str) -> bool {
        self.0.iter().any(|pattern| pattern.fits(text))
    }

    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Pattern::as_str)
    }
}

impl Rule {
    /// The templates, with their keys, that give no valid URL for a deployment.
    pub fn unusable_templates(
        &self,
        id: u64,
        input: &RuleInput<'_>,
        agent: &str,
    ) -> impl Iterator<Item = (&'static str, &Template)> {
        let templates = [
            ("log_url", &self.log_url),
            ("environment_url", &self.environment_url),
        ];
        templates
            .into_iter()
            .filter_map(|(key, template)| Some((key, template.as_ref()?)))
            .filter(move |(_, template)| template.url(id, input, agent).is_none())
    }

    /// The values of variables whose names say that they are secrets.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = self.env.iter().filter(|(name, _)| is_secret_name(name));
        secret.map(|(_, value)| value.as_str())
    }

    pub fn matches(&self, input: &RuleInput<'_>) -> bool {
        self.repository.any_matches(&input.repository.to_string())
            && self.environment.any_matches(input.environment)
            && self.tasks.iter().any(|task| task == input.task)
            && self.ref_name.any_matches(input.ref_name)
            && (self.from_workflows || !input.by_workflow)
    }
}
