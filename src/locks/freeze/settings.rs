use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::window::{Moment, Occurrence, WeeklySpan, Window};
use crate::locks::held::SETTINGS_PATH;
use crate::model::{Pattern, TomlProblem, TomlProblems};

/// The settings of a repository: its freezes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) freezes: Vec<Freeze>,
}

/// A time in which nothing is deployed to some environments.
#[derive(Clone, Debug)]
pub(crate) struct Freeze {
    pub(crate) name: Option<String>,
    /// The environments; none means all.
    pub(crate) environments: Vec<Pattern>,
    pub(crate) window: Window,
    /// The name of its time zone, such as `Europe/Berlin`.
    pub(crate) zone_name: String,
    zone: TimeZone,
    pub(crate) reason: Option<String>,
    /// The tasks that are deployed nevertheless.
    pub(crate) allowed_tasks: Vec<Pattern>,
}

/// The settings are not valid. Nothing that respects freezes is deployed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{SETTINGS_PATH} of the default branch is not valid")]
pub(crate) struct SettingsError {
    /// In the order of the lines; empty if the file is no text.
    pub(crate) problems: Vec<TomlProblem>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    #[serde(default)]
    freeze: Vec<Spanned<RawFreeze>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFreeze {
    name: Option<String>,
    environment: Option<Spanned<Vec<String>>>,
    from: Option<Spanned<Datetime>>,
    until: Option<Spanned<Datetime>>,
    weekly: Option<Spanned<Vec<Spanned<String>>>>,
    time_zone: Option<Spanned<String>>,
    reason: Option<String>,
    allow_task: Option<Vec<String>>,
}

impl Freeze {
    /// Whether it is about deployments of a task to an environment; `None` stands
    /// for any environment.
    pub(crate) fn is_about(&self, environment: Option<&str>, task: &str) -> bool {
        let is_environment = self.environments.is_empty()
            || environment.is_none_or(|name| self.environments.iter().any(|one| one.fits(name)));
        is_environment && !self.allowed_tasks.iter().any(|one| one.fits(task))
    }

    /// The occurrence at `now`, or else the next one; `None` if it is over.
    pub(crate) fn occurrence(&self, now: Timestamp) -> Option<Occurrence> {
        self.window.occurrence(now, &self.zone)
    }

    /// The occurrence at `now`.
    pub(crate) fn in_force(&self, now: Timestamp) -> Option<Occurrence> {
        self.occurrence(now).filter(|one| one.contains(now))
    }
}

impl Settings {
    /// Parses the text of the file.
    pub(crate) fn parse(text: &str) -> Result<Self, SettingsError> {
        let raw: RawSettings = toml::from_str(text).map_err(|error| SettingsError {
            problems: vec![TomlProblem::from_toml(text, &error)],
        })?;
        let mut checker = Checker {
            database: TimeZoneDatabase::bundled(),
            problems: TomlProblems::new(text),
        };
        let freezes = raw.freeze.into_iter();
        let freezes = freezes.filter_map(|one| checker.freeze(one)).collect();
        checker
            .problems
            .finish(Self { freezes })
            .map_err(|problems| SettingsError { problems })
    }

    /// The freeze that forbids a deployment at `now`, the one that lasts longest.
    pub(crate) fn frozen(
        &self,
        environment: Option<&str>,
        task: &str,
        now: Timestamp,
    ) -> Option<(&Freeze, Occurrence)> {
        self.freezes
            .iter()
            .filter(|freeze| freeze.is_about(environment, task))
            .filter_map(|freeze| Some((freeze, freeze.in_force(now)?)))
            .max_by_key(|(_, one)| one.end.unwrap_or(Timestamp::MAX))
    }
}

/// Collects problems while the values are read.
struct Checker<'a> {
    database: TimeZoneDatabase,
    problems: TomlProblems<'a>,
}

impl Checker<'_> {
    /// `None` after a report.
    fn freeze(&mut self, raw: Spanned<RawFreeze>) -> Option<Freeze> {
        let (span, raw) = (raw.span(), raw.into_inner());
        let zone = self.zone(&span, raw.time_zone);
        let window = self.window(&span, raw.from, raw.until, raw.weekly);
        if let Some(names) = &raw.environment
            && names.get_ref().is_empty()
        {
            self.problems
                .report(&names.span(), "an empty list matches nothing");
        }
        let (zone_name, zone) = zone?;
        let patterns = |texts: Vec<String>| texts.into_iter().map(Pattern::new).collect();
        Some(Freeze {
            name: raw.name,
            environments: raw
                .environment
                .map(|names| patterns(names.into_inner()))
                .unwrap_or_default(),
            window: window?,
            zone_name,
            zone,
            reason: raw.reason,
            allowed_tasks: raw.allow_task.map(patterns).unwrap_or_default(),
        })
    }

    fn zone(
        &mut self,
        span: &Range<usize>,
        given: Option<Spanned<String>>,
    ) -> Option<(String, TimeZone)> {
        let Some(name) = given else {
            let message = "a freeze needs a time_zone, such as \"Europe/Berlin\" or \"UTC\"";
            self.problems.report(span, message);
            return None;
        };
        if let Ok(zone) = self.database.get(name.get_ref()) {
            return Some((name.into_inner(), zone));
        }
        let message = format!("there is no time zone {:?}", name.get_ref());
        self.problems.report(&name.span(), message);
        None
    }

    fn window(
        &mut self,
        span: &Range<usize>,
        from: Option<Spanned<Datetime>>,
        until: Option<Spanned<Datetime>>,
        weekly: Option<Spanned<Vec<Spanned<String>>>>,
    ) -> Option<Window> {
        let Some(weekly) = weekly else {
            if from.is_none() && until.is_none() {
                self.problems
                    .report(span, "a freeze needs from and until, or weekly");
                return None;
            }
            let last = until.as_ref().or(from.as_ref()).map(Spanned::span);
            let before = self.problems.count();
            let (from, until) = (self.moment(from), self.moment(until));
            let window = Window::Once { from, until };
            if window.is_empty() {
                let message = "this freeze never happens: it ends before it begins";
                self.problems.report(&last.unwrap_or_default(), message);
            }
            return (self.problems.count() == before).then_some(window);
        };
        if let Some(other) = from.or(until) {
            self.problems.report(
                &other.span(),
                "a freeze has either from and until, or weekly",
            );
            return None;
        }
        let (list, before) = (weekly.span(), self.problems.count());
        let spans: Vec<WeeklySpan> = weekly
            .into_inner()
            .into_iter()
            .filter_map(|text| match text.get_ref().parse() {
                Ok(span) => Some(span),
                Err(message) => {
                    self.problems.report(&text.span(), message);
                    None
                }
            })
            .collect();
        let window = Window::Weekly(spans);
        if window.is_empty() && self.problems.count() == before {
            self.problems.report(&list, "this freeze never happens");
        }
        (self.problems.count() == before).then_some(window)
    }

    fn moment(&mut self, given: Option<Spanned<Datetime>>) -> Option<Moment> {
        let given = given?;
        let found = moment(given.get_ref());
        if found.is_none() {
            let message = "write a date or a local date-time, such as 2026-12-20 or 2026-12-20T18:00:00, without an offset";
            self.problems.report(&given.span(), message);
        }
        found
    }
}

/// A date with or without a time, and without an offset.
fn moment(given: &Datetime) -> Option<Moment> {
    if given.offset.is_some() {
        return None;
    }
    let date = given.date?;
    let year = i16::try_from(date.year).ok()?;
    let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
    let date = Date::new(year, month, day).ok()?;
    if given.time.is_none() {
        return Some(Moment::Date(date));
    }
    given
        .to_string()
        .parse::<DateTime>()
        .ok()
        .map(Moment::DateTime)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREEZES: &str = r#"
[[freeze]]
name = "weekends"
environment = ["production", "live-*"]
weekly = ["Fri 16:00 - Mon 08:00"]
time_zone = "Europe/Berlin"
reason = "nobody is on call"
allow_task = ["hotfix"]

[[freeze]]
from = 2026-12-20
until = 2027-01-02
time_zone = "America/New_York"
"#;

    fn problem(text: &str) -> String {
        let error = Settings::parse(text).expect_err(text);
        error
            .problems
            .first()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    #[test]
    fn a_freeze_is_about_its_environments_and_not_the_allowed_tasks() {
        let settings = Settings::parse(FREEZES).expect("valid");
        let frozen = |environment: Option<&str>, task: &str, now: &str| {
            let now = now.parse().expect("a time");
            let found = settings.frozen(environment, task, now);
            found.map(|(freeze, _)| freeze.name.clone().unwrap_or_default())
        };
        let saturday = "2026-06-13T12:00:00Z";
        let weekends = Some("weekends".to_owned());
        assert_eq!(frozen(Some("production"), "deploy", saturday), weekends);
        assert_eq!(frozen(Some("live-eu"), "deploy", saturday), weekends);
        assert_eq!(frozen(None, "deploy", saturday), weekends);
        assert_eq!(frozen(Some("production"), "hotfix", saturday), None);
        assert_eq!(frozen(Some("staging"), "deploy", saturday), None);
        assert_eq!(
            frozen(Some("production"), "deploy", "2026-06-15T06:00:00Z"),
            None
        );
        // New Year lasts longer than the weekend in it.
        let new_year = Some(String::new());
        assert_eq!(
            frozen(Some("production"), "deploy", "2026-12-26T12:00:00Z"),
            new_year
        );
        assert_eq!(
            frozen(Some("staging"), "hotfix", "2027-01-03T04:59:59Z"),
            new_year
        );
        assert_eq!(
            frozen(Some("staging"), "hotfix", "2027-01-03T05:00:00Z"),
            None
        );
    }

    #[test]
    fn a_file_without_freezes_freezes_nothing() {
        for text in ["", "# nothing\n"] {
            assert!(Settings::parse(text).expect("valid").freezes.is_empty());
        }
    }

    #[test]
    fn every_mistake_has_its_line_and_column() {
        let zone = "time_zone = \"UTC\"\n";
        for (text, expected) in [
            ("[[freeze]\n", "1:"),
            (
                "freezes = 1\n",
                "1:1: unknown key \"freezes\"; did you mean \"freeze\"?",
            ),
            (
                "[[freeze]]\nfrom = 2026-01-01\nuntil = 2026-01-02\n",
                "1:1: a freeze needs a time_zone",
            ),
            (
                "[[freeze]]\nfrom = 2026-01-01\ntime_zone = \"Europe/Berlln\"\n",
                "3:13: there is no time zone \"Europe/Berlln\"",
            ),
            (
                "[[freeze]]\ntime_zone = \"UTC\"\n",
                "1:1: a freeze needs from and until, or weekly",
            ),
            (
                &format!("[[freeze]]\n{zone}from = 2026-01-02\nuntil = 2026-01-01\n"),
                "4:9: this freeze never happens",
            ),
            (
                &format!("[[freeze]]\n{zone}weekly = []\n"),
                "3:10: this freeze never happens",
            ),
            (
                &format!("[[freeze]]\n{zone}weekly = [\"Fri 16:00 - Fri 16:00\"]\n"),
                "3:11: \"Fri 16:00 - Fri 16:00\" never happens",
            ),
            (
                &format!("[[freeze]]\n{zone}weekly = [\"weekends\"]\n"),
                "3:11: \"weekends\" is no part of a week",
            ),
            (
                &format!(
                    "[[freeze]]\n{zone}weekly = [\"Fri 16:00 - Mon 08:00\"]\nuntil = 2026-01-01\n"
                ),
                "4:9: a freeze has either",
            ),
            (
                &format!("[[freeze]]\n{zone}from = 2026-01-02T00:00:00Z\n"),
                "3:8: write a date or a local date-time",
            ),
            (
                &format!("[[freeze]]\n{zone}from = 10:00:00\n"),
                "3:8: write a date",
            ),
            (
                &format!("[[freeze]]\n{zone}from = \"2026-01-02\"\n"),
                "3:8:",
            ),
            (&format!("[[freeze]]\n{zone}from = 2026-02-30\n"), "3:8:"),
            (
                &format!("[[freeze]]\n{zone}from = 2026-02-01\nenvironment = []\n"),
                "4:15: an empty list",
            ),
            (
                &format!("[[freeze]]\n{zone}from = 2026-02-01\nenvironments = [\"a\"]\n"),
                "4:1: unknown key \"environments\"; did you mean \"environment\"?",
            ),
        ] {
            let found = problem(text);
            assert!(found.starts_with(expected), "{text}: {found}");
        }
        let two =
            Settings::parse("[[freeze]]\nfrom = 2026-01-01\n[[freeze]]\ntime_zone = \"UTC\"\n");
        assert_eq!(two.expect_err("two").problems.len(), 2);
    }
}
