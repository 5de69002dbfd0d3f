use jiff::Timestamp;
use serde::Serialize;

use crate::output::{Record, RepositoryRecord};
use crate::stats::{Figures, PeriodLength, Window};

/// The figures of an environment, as `stats --json` prints them.
#[derive(Debug, Serialize)]
pub(super) struct StatsRecord {
    environment: String,
    since: Timestamp,
    until: Timestamp,
    by: &'static str,
    time_zone: &'static str,
    #[serde(flatten)]
    figures: Figures,
    notes: Vec<String>,
}

pub(crate) const FIELDS: &[&str] = &[
    "environment",
    "since",
    "until",
    "by",
    "time_zone",
    "frequency",
    "lead_time",
    "failure_rate",
    "change_failure_rate",
    "recovery_time",
    "duration",
    "waiting",
    "notes",
];

impl Record for StatsRecord {
    const FIELDS: &'static [&'static str] = FIELDS;
}

impl StatsRecord {
    pub(super) fn new(
        environment: String,
        window: Window,
        by: PeriodLength,
        figures: Figures,
        notes: Vec<String>,
    ) -> Self {
        Self {
            environment,
            since: window.since,
            until: window.until,
            by: by.as_str(),
            time_zone: "UTC",
            figures,
            notes,
        }
    }

    pub(super) fn environment(&self) -> &str {
        &self.environment
    }

    pub(super) fn figures(&self) -> &Figures {
        &self.figures
    }

    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }
}

/// The environment, and the repository if there may be several.
pub(super) fn title(record: &RepositoryRecord<StatsRecord>) -> String {
    let environment = record.record().environment();
    match record.place() {
        Some(place) => format!("{environment} ({place})"),
        None => environment.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::stats::Samples;

    // The fields are repeated here on purpose, because scripts rely on them: a
    // field may be added, but never renamed or removed.
    #[test]
    fn the_fields_are_pinned() {
        let window = Window {
            since: "2026-11-02T00:00:00Z".parse().expect("a time"),
            until: "2026-11-09T00:00:00Z".parse().expect("a time"),
        };
        let by = PeriodLength::Week;
        let figures = Samples::default().into_figures(window, by);
        let record = StatsRecord::new("qa".to_owned(), window, by, figures, Vec::new());
        let json = serde_json::to_value(&record).expect("serializes");
        let keys = |value: &Value| -> Vec<String> {
            value
                .as_object()
                .expect("an object")
                .keys()
                .cloned()
                .collect()
        };
        assert_eq!(keys(&json), FIELDS);
        for (field, parts) in [
            ("frequency", &["count", "per_day", "periods"][..]),
            ("lead_time", &["median", "p90", "commits"]),
            ("failure_rate", &["rate", "failed", "ended"]),
            (
                "change_failure_rate",
                &["rate", "rollbacks", "changes", "proxy"],
            ),
            ("recovery_time", &["median", "count", "proxy"]),
            ("duration", &["median", "p90"]),
            ("waiting", &["median", "p90", "count"]),
        ] {
            assert_eq!(keys(&json[field]), parts, "{field}");
        }
        assert_eq!(keys(&json["frequency"]["periods"][0]), ["start", "count"]);
        assert_eq!(
            json["frequency"]["periods"][0]["start"],
            "2026-11-02T00:00:00Z"
        );
    }
}
