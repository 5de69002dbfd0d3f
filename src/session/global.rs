use std::ffi::OsString;

use clap::{Args, ValueEnum as _};

use crate::error::{Failure, Kind};
use crate::model::Pattern;
use crate::term::ColorChoice;

/// The options that every command has.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalArgs {
    /// Repository to work on (repeatable, with patterns, where --org is)
    ///
    /// Default: DEPLOYCTL_REPO, GH_REPO, the git remotes of the working
    /// directory, GITHUB_REPOSITORY. Commands with --org take several, and
    /// patterns such as 'acme/web-*'; archived repositories match no pattern.
    #[arg(short = 'R', long, global = true, value_name = "[HOST/]OWNER/REPO")]
    pub repo: Vec<String>,

    /// Work on the embedded sandbox, without an account, token or network
    #[arg(long, global = true)]
    pub sandbox: bool,

    /// Print JSON, optionally with these fields only
    #[arg(
        long,
        global = true,
        value_name = "FIELDS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
    )]
    pub json: Option<String>,

    /// Print JSON, one object per line, optionally with these fields only
    #[arg(
        long,
        global = true,
        value_name = "FIELDS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
    )]
    pub jsonl: Option<String>,

    /// Filter the JSON with a jq expression
    #[arg(
        short = 'q',
        long,
        global = true,
        value_name = "EXPR",
        conflicts_with = "template"
    )]
    pub jq: Option<String>,

    /// Format the JSON with a template (Jinja syntax)
    #[arg(short = 't', long, global = true, value_name = "TEMPLATE")]
    pub template: Option<String>,

    /// When to use colour: auto (on a terminal, unless a variable such as
    /// NO_COLOR disables it), always or never
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        hide_possible_values = true
    )]
    pub color: ColorChoice,

    /// Never prompt
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Print only warnings and errors to stderr
    #[arg(long, global = true)]
    pub quiet: bool,

    /// Print a line per request to stderr
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Also write the result to the file in GITHUB_OUTPUT (create, promote,
    /// rollback, run, status, wait)
    #[arg(long, global = true)]
    pub github_output: bool,

    /// Also add a table of the result to the file in GITHUB_STEP_SUMMARY
    /// (create, promote, rollback, list, run, status, wait, deactivate, delete,
    /// reap)
    #[arg(long, global = true)]
    pub github_summary: bool,
}

impl GlobalArgs {
    /// The repository that `-R` names, for commands that work on one.
    pub fn one_repo(&self) -> Result<Option<&str>, Failure> {
        match &self.repo[..] {
            [] => Ok(None),
            [one] if Pattern::is_pattern(one) => Err(Failure::new(
                Kind::Usage,
                format!("--repo: {one:?} is a pattern, and this command works on one repository"),
            )),
            [one] => Ok(Some(one)),
            _ => Err(Failure::new(Kind::Usage, "--repo is given more than once")
                .hint("this command works on one repository")),
        }
    }

    /// Options with `--color` alone, for output before the command line is
    /// parsed, such as help.
    pub fn with_color(args: &[OsString]) -> Self {
        let mut words = args.iter().filter_map(|arg| arg.to_str());
        let color = words.by_ref().find_map(|word| match word {
            "--color" => Some(None),
            _ => word.strip_prefix("--color=").map(Some),
        });
        let word = color.and_then(|word| word.or_else(|| words.next()));
        Self {
            color: word
                .and_then(|word| ColorChoice::from_str(word, false).ok())
                .unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Whether the result and errors are printed as JSON.
    pub fn wants_json(&self) -> bool {
        self.json.is_some() || self.jsonl.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colour_is_known_before_the_other_options() {
        let color = |line: &str| {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            GlobalArgs::with_color(&args).color
        };
        assert_eq!(
            color("deployctl list --color never --help"),
            ColorChoice::Never
        );
        assert_eq!(color("deployctl --color=always -h"), ColorChoice::Always);
        for line in ["deployctl list", "deployctl --color", "deployctl --color x"] {
            assert_eq!(color(line), ColorChoice::Auto, "{line}");
        }
    }
}
