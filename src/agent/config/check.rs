use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Spanned;

use super::raw::{RawConfig, RawListen, RawPoll, RawSecret, Text};
use super::{
    Config, LARGEST_PAYLOAD, Listen, Poll, PollStart, Problem, SecretSource, Takeover, parse_size,
};
use crate::model::{Host, parse_duration};

/// The longest name, so that a claim fits into a status.
const LONGEST_NAME: usize = 50;
pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3600);
pub(super) const DAY: Duration = Duration::from_secs(86_400);

/// Collects what is wrong while the values are read; what stands in for a
/// wrong value is never used.
pub(super) struct Check<'a> {
    text: &'a str,
    pub(super) folder: &'a Path,
    problems: Vec<(usize, Problem)>,
}

pub(super) fn config(text: &str, folder: &Path) -> Result<Config, Vec<Problem>> {
    let raw: RawConfig =
        toml::from_str(text).map_err(|error| vec![Problem::of_toml(text, &error)])?;
    let mut check = Check {
        text,
        folder,
        problems: Vec::new(),
    };
    let config = check.config(raw);
    if check.problems.is_empty() {
        return Ok(config);
    }
    check.problems.sort_by_key(|(at, _)| *at);
    Err(check
        .problems
        .into_iter()
        .map(|(_, problem)| problem)
        .collect())
}

impl Check<'_> {
    pub(super) fn wrong(&mut self, span: &Range<usize>, message: impl Into<String>) {
        let problem = Problem::at(self.text, span, message);
        self.problems.push((span.start, problem));
    }

    /// Reads a value; `None` if it is left out, or wrong.
    pub(super) fn read<T>(
        &mut self,
        text: Option<&Text>,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = text?;
        match read(text.get_ref()) {
            Ok(value) => Some(value),
            Err(message) => {
                self.wrong(&text.span(), message);
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
                return Err(format!("{text:?} is too short; {least:?} at least"));
            }
            if duration > most {
                return Err(format!(
                    "{text:?} is too long; {} days at most",
                    most.as_secs() / 86_400
                ));
            }
            Ok(duration)
        };
        self.read(text, read).unwrap_or(default)
    }

    pub(super) fn path(&mut self, text: Option<&Text>) -> Option<PathBuf> {
        let folder = self.folder.to_owned();
        self.read(text, |text| {
            if text.is_empty() {
                return Err("a path is missing".to_owned());
            }
            Ok(folder.join(text))
        })
    }

    fn address(&mut self, text: &Text) -> SocketAddr {
        let read = |text: &str| {
            text.parse()
                .map_err(|_| format!("{text:?} is no address; write 127.0.0.1:8090 or [::]:8090"))
        };
        self.read(Some(text), read)
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    fn config(&mut self, raw: RawConfig) -> Config {
        if raw.listen.is_none() && raw.poll.is_none() {
            self.wrong(
                &(0..0),
                "nothing brings deployments: add [listen] for webhooks, [poll], or both",
            );
        }
        if raw.rule.is_empty() {
            self.wrong(&(0..0), "there is no [[rule]]: nothing would ever be run");
        }
        Config {
            name: self.read(raw.name.as_ref(), agent_name),
            host: self.read(raw.host.as_ref(), |text| {
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
                .read(raw.takeover.as_ref(), |text| match text {
                    "report" => Ok(Takeover::Report),
                    "run" => Ok(Takeover::Run),
                    _ => Err(format!("{text:?} is neither \"report\" nor \"run\"")),
                })
                .unwrap_or_default(),
            settle: self.duration(raw.settle.as_ref(), SECOND, Duration::ZERO, MINUTE),
            parallel: self.count(raw.parallel.as_ref(), 10, 1000),
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
            self.wrong(&number.span(), format!("{value} is not from 1 to {most}"));
        }
        usize::try_from(value).unwrap_or(default)
    }

    fn listen(&mut self, listen: &Spanned<RawListen>) -> Listen {
        let span = listen.span();
        let listen = listen.get_ref();
        let address = self.address(&listen.address);
        let path = self
            .read(listen.path.as_ref(), |path| {
                let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
                if !path.starts_with('/') || !path.chars().all(is_plain) {
                    return Err(format!("{path:?} is no path such as /webhook"));
                }
                if matches!(path, "/healthz" | "/metrics") {
                    return Err(format!("{path} is taken; choose another path"));
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
            self.wrong(
                &span,
                "deliveries could be forged: name the webhook's secret, secrets = [{ env = \"NAME\" }]; on loopback insecure = true does without",
            );
        }
        if listen.insecure && !address.ip().is_loopback() {
            self.wrong(
                &listen.address.span(),
                "insecure = true is for loopback addresses only",
            );
        }
        if listen.insecure && !listen.secrets.is_empty() {
            self.wrong(&span, "insecure = true and secrets exclude each other");
        }
        let max_body = self.read(listen.max_body.as_ref(), |text| {
            let size = parse_size(text)?;
            usize::try_from(size)
                .ok()
                .filter(|size| (1024..=4 * LARGEST_PAYLOAD).contains(size))
                .ok_or_else(|| format!("{text:?} is not from 1KB to 100MB"))
        });
        Listen {
            address,
            path,
            secrets,
            max_body: max_body.unwrap_or(LARGEST_PAYLOAD),
            insecure: listen.insecure,
        }
    }

    fn secret(&mut self, secret: &Spanned<RawSecret>) -> Option<SecretSource> {
        let raw = secret.get_ref();
        match (&raw.env, &raw.file) {
            (Some(name), None) => self
                .read(Some(name), variable_name)
                .map(SecretSource::Variable),
            (None, Some(file)) => self.path(Some(file)).map(SecretSource::File),
            _ => {
                self.wrong(
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
            self.wrong(&span, "repositories names none");
        }
        let repositories = poll
            .repositories
            .iter()
            .filter_map(|name| {
                self.read(Some(name), |text| {
                    text.parse()
                        .map_err(|_| format!("{text:?} is no repository; write OWNER/REPO"))
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
                .read(poll.start.as_ref(), |text| match text {
                    "now" => Ok(PollStart::Now),
                    "all" => Ok(PollStart::All),
                    _ => parse_duration(text).map(PollStart::Ago).map_err(|_| {
                        format!("{text:?} is neither \"now\" nor \"all\" nor a length of time such as 1h")
                    }),
                })
                .unwrap_or_default(),
        }
    }
}

/// A name that fits into a claim and can be told from what stands around it.
pub(super) fn agent_name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    if text.is_empty() || text.len() > LONGEST_NAME || !text.chars().all(is_plain) {
        return Err(format!(
            "{text:?} is no name for an agent: {LONGEST_NAME} letters, digits, dots, dashes and underscores at most"
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
        return Err(format!("{text:?} is no name of an environment variable"));
    }
    Ok(text.to_owned())
}
