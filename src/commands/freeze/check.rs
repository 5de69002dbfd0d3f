use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::settings::read_settings;
use crate::exit;
use crate::locks::Blocked;
use crate::output::{Record, record};
use crate::session::Session;

/// Check whether an environment is frozen
///
/// Exits 11 if it is, and 0 otherwise. Without -e, a freeze of any environment
/// counts. Locks do not count; 'lock check' checks both.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Check whether production is frozen now
  deployctl freeze check -e production

  # Check a time in the future
  deployctl freeze check -e production --at 2026-12-24T18:00:00+01:00

  # Check whether a hotfix is allowed, as JSON
  deployctl freeze check -e production --task hotfix --json")]
pub struct CheckArgs {
    /// Environment to check
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Option<String>,

    /// Time to check: RFC 3339, or a date with or without a time, in the time
    /// zone of this machine
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub at: Option<Timestamp>,

    /// Task to deploy, which a freeze may allow
    #[arg(long, default_value = "deploy", value_parser = NonEmptyStringValueParser::new())]
    pub task: String,
}

/// Whether an environment is frozen, as `--json` prints it.
struct CheckRecord {
    environment: Option<String>,
    at: Timestamp,
    is_frozen: bool,
    name: Option<String>,
    reason: Option<String>,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

record!(CheckRecord, |record| {
    "environment": record.environment,
    "at": record.at,
    "frozen": record.is_frozen,
    "name": record.name,
    "reason": record.reason,
    "starts_at": record.starts_at,
    "ends_at": record.ends_at,
});

pub(super) const FIELDS: &[&str] = CheckRecord::FIELDS;

pub(super) async fn run(session: &Session, args: &CheckArgs) -> anyhow::Result<()> {
    let format = session.format::<CheckRecord>()?;
    let connection = session.connect(None).await?;
    let (settings, now) = read_settings(&connection).await?;
    let at = args.at.unwrap_or(now);
    let found = settings.frozen(args.environment.as_deref(), &args.task, at);
    let record = CheckRecord {
        environment: args.environment.clone(),
        at,
        is_frozen: found.is_some(),
        name: found.and_then(|(freeze, _)| freeze.name.clone()),
        reason: found.and_then(|(freeze, _)| freeze.reason.clone()),
        starts_at: found.and_then(|(_, one)| one.start),
        ends_at: found.and_then(|(_, one)| one.end),
    };
    if record.is_frozen {
        session.exit_with(exit::LOCKED);
    }
    let term = &session.term;
    format.print_one(term, &record, || {
        let what = args.environment.as_deref().unwrap_or("the repository");
        term.line(match found {
            Some((freeze, one)) => Blocked::frozen(freeze, one.end).describe(what),
            None => format!("{what} is not frozen"),
        })
    })?;
    Ok(())
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    let wrong = || {
        format!(
            "{text:?} is no time; write 2026-12-24, 2026-12-24T18:00 or 2026-12-24T18:00:00+01:00"
        )
    };
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    // A date without a time is its beginning.
    let civil = text.parse::<DateTime>().map_err(|_| wrong())?;
    let zoned = civil.to_zoned(TimeZone::system()).map_err(|_| wrong())?;
    Ok(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        let same = parse_time("2026-12-24T18:00:00+01:00");
        assert_eq!(same, parse_time("2026-12-24T17:00:00Z"));
        let local = |text: &str| parse_time(text).map(|time| time.to_zoned(TimeZone::system()));
        for (text, hour) in [
            ("2026-12-24", 0),
            ("2026-12-24T18:00", 18),
            ("2026-12-24 18:00:30", 18),
        ] {
            assert_eq!(local(text).map(|time| time.hour()), Ok(hour), "{text}");
        }
        for text in ["", "7d", "tomorrow", "2026-13-01"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }
}
