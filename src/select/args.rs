use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use url::Url;

use super::filter::Filter;
use super::selector::{NamedDeployment, Selector};
use crate::error::{Failure, Kind};
use crate::model::{DeploymentState, parse_age, parse_moment};

/// How similar two words are (0 to 1) if one may be a typing error for the other.
const SIMILARITY: f64 = 0.8;

/// The options that filter deployments.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Filters")]
pub struct FilterArgs {
    /// Environment, or a pattern with *, ? and [abc] (repeatable)
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Vec<String>,

    /// Ref, exactly as it was requested
    #[arg(long = "ref", value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    pub ref_name: Option<String>,

    /// Commit SHA, or the first digits of it
    #[arg(long, value_parser = parse_sha)]
    pub sha: Option<String>,

    /// Task
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub task: Option<String>,

    /// State, such as active or failure (repeatable)
    #[arg(long, value_parser = parse_state)]
    pub state: Vec<DeploymentState>,

    /// Only what is live; same as --state active
    #[arg(long, conflicts_with = "state")]
    pub active: bool,

    /// User who requested the deployment, by login
    #[arg(long, value_name = "LOGIN", value_parser = NonEmptyStringValueParser::new())]
    pub creator: Option<String>,

    /// Only deployments to transient environments; with =false all others
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub transient: Option<bool>,

    /// Only deployments to production environments; with =false all others
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub production: Option<bool>,

    /// Only deployments requested since then: 7d, 12h, 2026-01-31
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,

    /// Only deployments requested before then
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
}

/// The options that select deployments, by ID or with filters.
#[derive(Args, Clone, Debug)]
pub struct SelectorArgs {
    /// Deployments, by ID or API URL
    #[arg(value_name = "ID|URL", value_parser = parse_named)]
    pub named: Vec<NamedDeployment>,

    /// Filters.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Only deployments requested longer ago than this: 30d, 12h
    #[arg(long, value_name = "TIME", value_parser = parse_age, help_heading = "Filters")]
    pub older_than: Option<Duration>,

    /// Keep the newest N of each environment, regardless of other filters
    #[arg(long, value_name = "N", help_heading = "Filters")]
    pub keep: Option<usize>,

    /// Only those of closed pull requests, known by the environment's name, or
    /// by the ref if its branch no longer exists
    #[arg(long, help_heading = "Filters")]
    pub closed_pulls: bool,

    /// Pattern of environment names for pull requests, with * and ?
    /// (repeatable) [default: pr-{number} and */pr-{number}]
    #[arg(
        long,
        value_name = "PATTERN",
        requires = "closed_pulls",
        value_parser = parse_pull_pattern,
        help_heading = "Filters"
    )]
    pub pull_pattern: Vec<String>,

    /// Exit 0 if there is nothing to act on
    #[arg(long)]
    pub ignore_missing: bool,
}

impl FilterArgs {
    pub(crate) fn to_filter(&self) -> Result<Filter, Failure> {
        self.to_filter_at(&self.reference_time())
    }

    /// `now` is the time that ages refer to.
    pub(super) fn to_filter_at(&self, now: &Zoned) -> Result<Filter, Failure> {
        let moment = |flag: &str, text: &Option<String>| {
            text.as_deref()
                .map(|text| parse_moment(text, now))
                .transpose()
                .map_err(|error| Failure::new(Kind::Usage, format!("{flag}: {error}")))
        };
        let mut states = self.state.clone();
        if self.active {
            states.push(DeploymentState::Active);
        }
        let mut filter = Filter {
            states,
            creator: self.creator.clone(),
            is_transient: self.transient,
            is_production: self.production,
            since: moment("--since", &self.since)?,
            until: moment("--until", &self.until)?,
            ..Filter::default()
        };
        filter.set_environments(&self.environment);
        filter.set_sha(self.sha.as_deref());
        filter.query.ref_name.clone_from(&self.ref_name);
        filter.query.task.clone_from(&self.task);
        Ok(filter)
    }

    /// The time zones of a system are many files, so the user's zone is looked up
    /// only if an option contains a date.
    fn reference_time(&self) -> Zoned {
        let has_date = [&self.since, &self.until]
            .into_iter()
            .flatten()
            .any(|text| text.trim().parse::<Date>().is_ok());
        let zone = if has_date {
            TimeZone::system()
        } else {
            TimeZone::UTC
        };
        Timestamp::now().to_zoned(zone)
    }
}

impl SelectorArgs {
    pub(crate) fn to_selector(&self) -> Result<Selector, Failure> {
        let mut filter = self.filter.to_filter()?;
        if let Some(age) = self.older_than {
            let moment = SignedDuration::try_from(age)
                .ok()
                .and_then(|age| Timestamp::now().checked_sub(age).ok())
                .ok_or_else(|| Failure::new(Kind::Usage, "--older-than: that is too long ago"))?;
            filter = filter.before(moment);
        }
        Ok(Selector {
            named: self.named.clone(),
            filter,
            keep_newest: self.keep,
            closed_pulls: self.closed_pulls.then(|| self.pull_patterns()),
            ignore_missing: self.ignore_missing,
        })
    }

    fn pull_patterns(&self) -> Vec<String> {
        if self.pull_pattern.is_empty() {
            return ["pr-{number}", "*/pr-{number}"].map(str::to_owned).to_vec();
        }
        self.pull_pattern.clone()
    }
}

pub(crate) fn parse_named(text: &str) -> Result<NamedDeployment, String> {
    if let Ok(id) = text.parse() {
        return Ok(NamedDeployment::Id(id));
    }
    match Url::parse(text) {
        Ok(url) if url.has_host() => Ok(NamedDeployment::Url(url)),
        _ => Err("use an ID such as 4442074271, or a URL that ends in /deployments/ID".to_owned()),
    }
}

fn parse_pull_pattern(text: &str) -> Result<String, String> {
    if text.matches("{number}").count() == 1 {
        Ok(text.to_owned())
    } else {
        Err("write {number} once, in place of the pull request's number".to_owned())
    }
}

pub(crate) fn parse_sha(text: &str) -> Result<String, String> {
    let is_sha = (4..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_sha {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("use a SHA, or at least 4 digits of it".to_owned())
    }
}

/// Accepts `success` for `active`, since statuses call it that.
pub(crate) fn parse_state(text: &str) -> Result<DeploymentState, String> {
    match DeploymentState::from_word(text) {
        DeploymentState::Success => Ok(DeploymentState::Active),
        DeploymentState::Other(word) => {
            let word = word.to_lowercase();
            let nearest = DeploymentState::KNOWN
                .iter()
                .map(|known| (strsim::jaro_winkler(&word, known), known))
                .filter(|(similarity, _)| *similarity >= SIMILARITY)
                .max_by(|(a, _), (b, _)| a.total_cmp(b));
            let meant = nearest.map_or_else(String::new, |(_, state)| {
                format!("did you mean {state:?}? ")
            });
            let known = DeploymentState::KNOWN.join(", ");
            Err(format!("{meant}the states are {known}"))
        }
        state => Ok(state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DeploymentId;

    #[test]
    fn a_deployment_is_named_by_its_id_or_url() {
        assert_eq!(parse_named("7"), Ok(NamedDeployment::Id(DeploymentId(7))));
        assert!(matches!(
            parse_named("https://x.example/1"),
            Ok(NamedDeployment::Url(_))
        ));
        for text in ["", "0", "-1", "main", "repos/o/r/deployments/1"] {
            assert!(parse_named(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_pattern_has_one_number() {
        assert!(parse_pull_pattern("*/pr-{number}").is_ok());
        for text in ["", "pr-7", "{number}-{number}"] {
            assert!(parse_pull_pattern(text).is_err(), "{text:?}");
        }
    }
}
