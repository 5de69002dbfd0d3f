use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use serde::Serialize;

use super::figures::{Figures, Period};
use super::window::{PeriodLength, Window};
use crate::output::counted;

const TEMPLATE: &str = include_str!("page.html");

/// The chart, in the units of its `viewBox`.
const CHART_WIDTH: f64 = 720.0;
const CHART_HEIGHT: f64 = 160.0;
/// Where the bars stand, and the space for a number above the highest.
const BASE: f64 = 136.0;
const TOP: f64 = 16.0;
/// With more bars there is no room for a number above each.
const MAX_COUNTS: usize = 32;
/// How many dates there is room for.
const MAX_STARTS: usize = 12;

/// A page that could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("the report could not be rendered: {0}")]
pub(crate) struct PageError(#[from] minijinja::Error);

/// An environment of the report.
#[derive(Clone, Debug)]
pub(crate) struct ReportedEnvironment<'a> {
    pub(crate) name: String,
    pub(crate) figures: &'a Figures,
    pub(crate) notes: &'a [String],
}

#[derive(Serialize)]
struct Section<'a> {
    name: &'a str,
    notes: &'a [String],
    rows: Vec<Row>,
    bars: Vec<Bar>,
    most: usize,
}

/// A figure: what it is, its value, and what it is computed from.
#[derive(Serialize)]
struct Row {
    label: &'static str,
    value: String,
    detail: String,
}

#[derive(Serialize)]
struct Bar {
    start: String,
    short_start: String,
    count: usize,
    left: f64,
    middle: f64,
    top: f64,
    width: f64,
    height: f64,
    count_y: f64,
    has_count: bool,
    has_start: bool,
}

/// The report as one HTML page that loads nothing and has no script. All texts
/// are escaped.
pub(crate) fn render(
    title: &str,
    window: Window,
    by: PeriodLength,
    environments: &[ReportedEnvironment<'_>],
) -> Result<String, PageError> {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.add_template("page", TEMPLATE)?;
    let sections: Vec<Section> = environments.iter().map(section).collect();
    let chart = context! {
        width => CHART_WIDTH, height => CHART_HEIGHT, base => BASE, label_y => CHART_HEIGHT - 8.0,
    };
    let page = templates.get_template("page")?.render(context! {
        title, chart,
        since => minute(window.since),
        until => minute(window.until),
        by => by.as_str(),
        environments => Value::from(Serde(&sections)),
    })?;
    Ok(page)
}

fn section<'a>(environment: &'a ReportedEnvironment<'_>) -> Section<'a> {
    let figures = environment.figures;
    let periods = &figures.frequency.periods;
    let most = periods
        .iter()
        .map(|one| one.count)
        .max()
        .unwrap_or_default();
    Section {
        name: &environment.name,
        notes: environment.notes,
        rows: rows(figures),
        bars: bars(periods, most),
        most,
    }
}

fn rows(figures: &Figures) -> Vec<Row> {
    let row = |label, value: Option<String>, detail: String| Row {
        label,
        value: value.unwrap_or_else(|| "-".to_owned()),
        detail,
    };
    let p90 = |p90: Option<i64>, of: &str| match p90 {
        Some(seconds) => format!("median; 90th percentile {}{of}", span(seconds)),
        None => String::new(),
    };
    let Figures {
        frequency,
        lead_time,
        failure_rate,
        change_failure_rate,
        recovery_time,
        duration,
        waiting,
    } = figures;
    vec![
        row(
            "Commits deployed",
            Some(frequency.count.to_string()),
            format!("{:.2} per day", frequency.per_day),
        ),
        row(
            "Lead time for changes",
            lead_time.median.map(span),
            match lead_time.commits {
                Some(commits) => {
                    let commits = counted(commits, "commit");
                    p90(lead_time.p90, &format!(", {commits}"))
                }
                None => "the commits are not known".to_owned(),
            },
        ),
        row(
            "Deployment failure rate",
            failure_rate.rate.map(percent),
            format!("{} of {} failed", failure_rate.failed, failure_rate.ended),
        ),
        row(
            "Change failure rate (proxy)",
            change_failure_rate.rate.map(percent),
            format!(
                "{}, {}",
                counted(change_failure_rate.rollbacks, "rollback"),
                counted(change_failure_rate.changes, "change")
            ),
        ),
        row(
            "Recovery time (proxy)",
            recovery_time.median.map(span),
            match recovery_time.count {
                0 => String::new(),
                count => format!("median of {}", counted(count, "recovery time")),
            },
        ),
        row("Duration", duration.median.map(span), p90(duration.p90, "")),
        row(
            "Time waited at gates",
            waiting.median.map(span),
            p90(
                waiting.p90,
                &format!(", {}", counted(waiting.count, "deployment")),
            ),
        ),
    ]
}

fn bars(periods: &[Period], most: usize) -> Vec<Bar> {
    let share = CHART_WIDTH / to_float(periods.len().max(1));
    let width = (share * 0.7).min(60.0);
    let between_starts = periods.len().div_ceil(MAX_STARTS).max(1);
    let bar = |(index, period): (usize, &Period)| {
        let middle = share * (to_float(index) + 0.5);
        let height = (BASE - TOP) * to_float(period.count) / to_float(most.max(1));
        let day = TimeZone::UTC.to_datetime(period.start).date();
        Bar {
            start: day.to_string(),
            short_start: format!("{:02}-{:02}", day.month(), day.day()),
            count: period.count,
            left: round(middle - width / 2.0),
            middle: round(middle),
            top: round(BASE - height),
            width: round(width),
            height: round(height),
            count_y: round(BASE - height - 4.0),
            has_count: periods.len() <= MAX_COUNTS,
            has_start: index % between_starts == 0,
        }
    };
    periods.iter().enumerate().map(bar).collect()
}

fn to_float(count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let float = count as f64;
    float
}

/// Hundredths are enough for a chart.
fn round(length: f64) -> f64 {
    (length * 100.0).round() / 100.0
}

fn minute(time: Timestamp) -> String {
    let time = TimeZone::UTC.to_datetime(time);
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

/// A length of time in its two largest units: `45s`, `2m 40s`, `3d 4h`.
pub(crate) fn span(seconds: i64) -> String {
    const UNITS: [(i64, &str, i64, &str); 3] = [
        (86_400, "d", 3600, "h"),
        (3600, "h", 60, "m"),
        (60, "m", 1, "s"),
    ];
    for (unit, name, smaller, smaller_name) in UNITS {
        if seconds >= unit {
            return match seconds % unit / smaller {
                0 => format!("{}{name}", seconds / unit),
                rest => format!("{}{name} {rest}{smaller_name}", seconds / unit),
            };
        }
    }
    format!("{seconds}s")
}

/// A fraction in percent, with one digit after the point where it is not zero.
pub(crate) fn percent(fraction: f64) -> String {
    let text = format!("{:.1}", fraction * 100.0);
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_rates_are_short() {
        for (seconds, text) in [
            (0, "0s"),
            (59, "59s"),
            (60, "1m"),
            (160, "2m 40s"),
            (3600, "1h"),
            (3999, "1h 6m"),
            (86_400, "1d"),
            (275_000, "3d 4h"),
        ] {
            assert_eq!(span(seconds), text);
        }
        for (fraction, text) in [
            (0.0, "0%"),
            (0.5, "50%"),
            (1.0 / 3.0, "33.3%"),
            (1.0, "100%"),
        ] {
            assert_eq!(percent(fraction), text);
        }
    }
}
