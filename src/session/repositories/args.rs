use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::model::Pattern;
use crate::session::GlobalArgs;

/// The options that select many repositories, besides `-R`.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
#[command(next_help_heading = "Several repositories")]
#[group(id = "repositories", multiple = true)]
pub struct RepositoryArgs {
    /// All repositories of an organization or user that are not archived
    /// (repeatable)
    #[arg(long, value_name = "ORG", value_parser = NonEmptyStringValueParser::new())]
    pub org: Vec<String>,

    /// Only those with this topic, of --org and of patterns
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub topic: Option<String>,

    /// File with a repository or pattern per line ('-' for stdin); # begins a
    /// comment
    #[arg(long, value_name = "FILE")]
    pub repos: Option<PathBuf>,
}

impl RepositoryArgs {
    /// Whether any of the options is given.
    pub(crate) fn is_given(&self) -> bool {
        *self != Self::default()
    }

    /// Whether results name the repository: several repositories are selected,
    /// or may be.
    pub(crate) fn selects_several(&self, global: &GlobalArgs) -> bool {
        let repos = &global.repo;
        self.is_given() || repos.len() > 1 || repos.iter().any(|text| Pattern::is_pattern(text))
    }
}
