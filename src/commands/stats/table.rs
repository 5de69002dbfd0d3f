use std::io;

use super::record::{StatsRecord, title};
use crate::env::Env;
use crate::output::{Cell, Column, RepositoryRecord, Table};
use crate::stats::{Period, PeriodLength, percent, span, sparkline};
use crate::term::{Role, Term, visible, width};

/// Prints a row for each environment; on a terminal also its bars.
pub(super) fn print(
    term: &Term,
    env: &Env,
    records: &[RepositoryRecord<StatsRecord>],
    by: PeriodLength,
) -> io::Result<()> {
    let several = records.iter().any(|one| one.place().is_some());
    let columns = RepositoryRecord::<StatsRecord>::columns(several, columns());
    let mut table = Table::new(columns);
    for record in records {
        table.push(term, record.row(row))?;
    }
    table.print(term)?;
    if term.stdout_is_tty() && records.iter().any(|one| !one.record().is_empty()) {
        print_bars(term, env, records, by)?;
    }
    Ok(())
}

fn columns() -> Vec<Column> {
    vec![
        Column::flexible("ENVIRONMENT", 12),
        Column::rigid("DEPLOYED").right(),
        Column::rigid("PER DAY").right(),
        Column::rigid("LEAD TIME").right(),
        Column::rigid("FAILED").right(),
        Column::rigid("ROLLED BACK").right().optional(),
        Column::rigid("RECOVERY").right().optional(),
        Column::rigid("DURATION").right().optional(),
        Column::rigid("WAITED").right().optional(),
    ]
}

fn row(record: &StatsRecord) -> Vec<Cell> {
    let figures = record.figures();
    vec![
        Cell::new(record.environment()),
        Cell::new(figures.frequency.count.to_string()),
        Cell::new(format!("{:.2}", figures.frequency.per_day))
            .piped(figures.frequency.per_day.to_string()),
        time(figures.lead_time.median),
        rate(figures.failure_rate.rate),
        rate(figures.change_failure_rate.rate),
        time(figures.recovery_time.median),
        time(figures.duration.median),
        time(figures.waiting.median),
    ]
}

fn time(seconds: Option<i64>) -> Cell {
    match seconds {
        Some(seconds) => Cell::new(span(seconds)).piped(seconds.to_string()),
        None => nothing(),
    }
}

fn rate(fraction: Option<f64>) -> Cell {
    match fraction {
        Some(fraction) => Cell::new(percent(fraction)).piped(fraction.to_string()),
        None => nothing(),
    }
}

fn nothing() -> Cell {
    Cell::new("-").piped("").role(Role::Dim)
}

/// Prints a line of bars for each environment, with the newest periods that fit.
fn print_bars(
    term: &Term,
    env: &Env,
    records: &[RepositoryRecord<StatsRecord>],
    by: PeriodLength,
) -> io::Result<()> {
    let names: Vec<String> = records
        .iter()
        .map(|one| visible(&title(one)).into_owned())
        .collect();
    let widest = names
        .iter()
        .map(|name| width(name))
        .max()
        .unwrap_or_default();
    let room = term
        .width()
        .saturating_sub(widest + "  (most: 1000)".len())
        .max(1);
    let starts = records.first().map(periods).unwrap_or_default();
    let skipped = starts.len().saturating_sub(room);
    let Some(first) = starts.get(skipped) else {
        return Ok(());
    };
    let from = first.start.strftime("%Y-%m-%d");
    let weeks = match by {
        PeriodLength::Week => ", weeks from Monday",
        PeriodLength::Day | PeriodLength::Month => "",
    };
    let by = by.as_str();
    term.line("")?;
    term.line(format!(
        "Commits deployed per {by} since {from} (in UTC{weeks})"
    ))?;
    for (record, name) in records.iter().zip(&names) {
        let shown = periods(record).iter().skip(skipped);
        let counts: Vec<usize> = shown.map(|period| period.count).collect();
        let most = counts.iter().copied().max().unwrap_or_default();
        let bars = sparkline(&counts, most, env.is_unicode());
        let blanks = " ".repeat(widest - width(name));
        term.line(format!("{name}{blanks}  {bars}  (most: {most})"))?;
    }
    Ok(())
}

fn periods(record: &RepositoryRecord<StatsRecord>) -> &[Period] {
    &record.record().figures().frequency.periods
}
