use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Spanned;

use super::config::{
    Config, LARGEST_PAYLOAD_BYTES, Listen, Poll, PollStart, SecretSource, Takeover,
};
use super::error::ConfigError;
use super::raw::{RawConfig, RawListen, RawPoll, RawSecret, Text};
use super::size::parse_size;
use crate::model::{Host, TomlProblem, TomlProblems, parse_duration};

/// The longest name with which a claim fits into the description of a status.
const MAX_NAME_CHARS: usize = 50;
pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3600);
pub(super) const DAY: Duration = Duration::from_secs(86_400);

/// Collects problems while the values are read. The defaults that replace invalid
/// values are never used.
pub(super) struct Checker<'a> {
    pub(super) folder: &'a Path,
    problems: TomlProblems<'a>,
}

impl Config {
    /// Reads and checks a configuration file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let folder = absolute.parent().unwrap_or(Path::new("/"));
        Self::parse(&text, folder).map_err(|problems| ConfigError::Invalid {
            path: path.to_owned(),
            problems,
        })
    }

    /// Parses the text of a file in `folder`, to which paths are relative. The
    /// problems are in the order of their lines.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Vec<TomlProblem>> {
        let raw: RawConfig =
            toml::from_str(text).map_err(|error| vec![TomlProblem::from_toml(text, &error)])?;
        let mut checker = Checker {
            folder,
            problems: TomlProblems::new(text),
        };
        let config = checker.config(raw);
        checker.problems.finish(config)
    }
}

impl Checker<'_> {
    pub(super) fn report(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.problems.report(span, message);
    }

    /// Parses a value; `None` if it is missing or invalid.
    pub(super) fn parse<T>(
        &mut self,
        text: Option<&Text>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = text?;
        match parse(text.get_ref()) {
            Ok(value) => Some(value),
            Err(message) => {
                self.report(&text.span(), message);
                None
            }
        }
    }

    pub(super) fn duration(
        &mut self,
        text: Option<&Text>,
        default: Duration,
        least: Duration,
        most: Duration,
    ) -> Duration {
        let read = |text: &str| {
            let duration = parse_duration(text)?;
            if duration < least {
                return Err(format!("{text:?} is too short; the minimum is {least:?}"));
            }
            if duration > most {
                return Err(format!(
                    "{text:?} is too long; the maximum is {} days",
                    most.as_secs() / 86_400
                ));
            }
            Ok(duration)
        };
        self.parse(text, read).unwrap_or(default)
    }

    pub(super) fn path(&mut self, text: Option<&Text>) -> Option<PathBuf> {
        let folder = self.folder.to_owned();
        self.parse(text, |text| {
            if text.is_empty() {
                return Err("the path is empty".to_owned());
            }
            Ok(folder.join(text))
        })
    }

    fn address(&mut self, text: &Text) -> SocketAddr {
        let read = |text: &str| {
            text.parse().map_err(|_| {
                format!("{text:?} is not an address; write 127.0.0.1:8090 or [::]:8090")
            })
        };
        self.parse(Some(text), read)
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    fn config(&mut self, raw: RawConfig) -> Config {
        if raw.listen.is_none() && raw.poll.is_none() {
            self.report(
                &(0..0),
                "the agent would receive no deployments: add [listen] for webhooks, [poll], or both",
            );
        }
        if raw.rule.is_empty() {
            self.report(&(0..0), "there is no [[rule]]: the agent would run nothing");
        }
        Config {
            name: self.parse(raw.name.as_ref(), agent_name),
            host: self.parse(raw.host.as_ref(), |text| {
                text.parse::<Host>().map_err(|error| error.clone())
            }),
            state_dir: self.path(raw.state_dir.as_ref()),
            grace: self.duration(raw.grace.as_ref(), 30 * SECOND, Duration::ZERO, DAY),
            takeover_after: self.duration(
                raw.takeover_after.as_ref(),
                10 * MINUTE,
                3 * SECOND,
                30 * DAY,
            ),
            takeover: self
                .parse(raw.takeover.as_ref(), |text| match text {
                    "report" => Ok(Takeover::Report),
                    "run" => Ok(Takeover::Run),
                    _ => Err(format!("{text:?} is neither \"report\" nor \"run\"")),
                })
                .unwrap_or_default(),
            settle: self.duration(raw.settle.as_ref(), SECOND, Duration::ZERO, MINUTE),
            parallel: self.count(raw.parallel.as_ref(), 10, 1000),
            respect_locks: raw.respect_locks,
            listen: raw.listen.map(|listen| self.listen(&listen)),
            poll: raw.poll.map(|poll| self.poll(&poll)),
            metrics: raw.metrics.map(|metrics| self.address(&metrics.address)),
            rules: raw
                .rule
                .into_iter()
                .enumerate()
                .map(|(at, rule)| self.rule(at, rule))
                .collect(),
        }
    }

    pub(super) fn count(
        &mut self,
        number: Option<&Spanned<i64>>,
        default: usize,
        most: i64,
    ) -> usize {
        let Some(number) = number else {
            return default;
        };
        let value = *number.get_ref();
        if !(1..=most).contains(&value) {
            self.report(
                &number.span(),
                format!("{value} is not between 1 and {most}"),
            );
        }
        usize::try_from(value).unwrap_or(default)
    }

    fn listen(&mut self, listen: &Spanned<RawListen>) -> Listen {
        let span = listen.span();
        let listen = listen.get_ref();
        let address = self.address(&listen.address);
        let path = self
            .parse(listen.path.as_ref(), |path| {
                let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
                if !path.starts_with('/') || !path.chars().all(is_plain) {
                    return Err(format!("{path:?} is not a path such as /webhook"));
                }
                if matches!(path, "/healthz" | "/metrics") {
                    return Err(format!("{path} is reserved; choose another path"));
                }
                Ok(path.to_owned())
            })
            .unwrap_or_else(|| "/webhook".to_owned());
        let secrets: Vec<SecretSource> = listen
            .secrets
            .iter()
            .filter_map(|secret| self.secret(secret))
            .collect();
        if listen.secrets.is_empty() && !listen.insecure {
            self.report(
                &span,
                "deliveries could be forged: name the webhook's secret, secrets = [{ env = \"NAME\" }]; on a loopback address, insecure = true needs no secret",
            );
        }
        if listen.insecure && !address.ip().is_loopback() {
            self.report(
                &listen.address.span(),
                "insecure = true is for loopback addresses only",
            );
        }
        if listen.insecure && !listen.secrets.is_empty() {
            self.report(&span, "insecure = true and secrets exclude each other");
        }
        let max_body = self.parse(listen.max_body.as_ref(), |text| {
            let size = parse_size(text)?;
            usize::try_from(size)
                .ok()
                .filter(|size| (1024..=4 * LARGEST_PAYLOAD_BYTES).contains(size))
                .ok_or_else(|| format!("{text:?} is not between 1KB and 100MB"))
        });
        Listen {
            address,
            path,
            secrets,
            max_body_bytes: max_body.unwrap_or(LARGEST_PAYLOAD_BYTES),
            insecure: listen.insecure,
        }
    }

    fn secret(&mut self, secret: &Spanned<RawSecret>) -> Option<SecretSource> {
        let raw = secret.get_ref();
        match (&raw.env, &raw.file) {
            (Some(name), None) => self
                .parse(Some(name), variable_name)
                .map(SecretSource::Variable),
            (None, Some(file)) => self.path(Some(file)).map(SecretSource::File),
            _ => {
                self.report(
                    &secret.span(),
                    "a secret is either { env = \"NAME\" } or { file = \"PATH\" }",
                );
                None
            }
        }
    }

    fn poll(&mut self, poll: &Spanned<RawPoll>) -> Poll {
        let span = poll.span();
        let poll = poll.get_ref();
        if poll.repositories.is_empty() {
            self.report(&span, "repositories is empty");
        }
        let repositories = poll
            .repositories
            .iter()
            .filter_map(|name| {
                self.parse(Some(name), |text| {
                    text.parse()
                        .map_err(|_| format!("{text:?} is not a repository; write OWNER/REPO"))
                })
            })
            .collect();
        Poll {
            interval: self.duration(
                poll.interval.as_ref(),
                30 * SECOND,
                Duration::from_millis(100),
                DAY,
            ),
            repositories,
            start: self
                .parse(poll.start.as_ref(), |text| match text {
                    "now" => Ok(PollStart::Now),
                    "all" => Ok(PollStart::All),
                    _ => parse_duration(text).map(PollStart::Ago).map_err(|_| {
                        format!("{text:?} is neither \"now\" nor \"all\" nor a duration such as 1h")
                    }),
                })
                .unwrap_or_default(),
        }
    }
}

/// Checks that a name can be part of a claim.
pub(super) fn agent_name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    if text.is_empty() || text.len() > MAX_NAME_CHARS || !text.chars().all(is_plain) {
        return Err(format!(
            "{text:?} is not a valid name for an agent: at most {MAX_NAME_CHARS} letters, digits, dots, dashes and underscores"
        ));
    }
    Ok(text.to_owned())
}

pub(super) fn variable_name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.is_empty()
        || text.starts_with(|c: char| c.is_ascii_digit())
        || !text.chars().all(is_plain)
    {
        return Err(format!(
            "{text:?} is not a valid name for an environment variable"
        ));
    }
    Ok(text.to_owned())
}
