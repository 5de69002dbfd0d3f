use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use toml::Spanned;

use super::raw::{RawConfig, RawListen, RawPoll, RawRule, RawSecret, Text, Texts};
use super::rule::{Globs, Program};
use super::{
    Concurrency, Config, LARGEST_PAYLOAD, Listen, Poll, PollStart, Problem, Rule, SecretSource,
    Takeover, Template, parse_size,
};
use crate::model::{Host, parse_duration};

/// The longest name, so that a claim fits into a status.
const LONGEST_NAME: usize = 50;
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

/// Collects what is wrong while the values are read; what stands in for a
/// wrong value is never used.
struct Check<'a> {
    text: &'a str,
    folder: &'a Path,
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
    fn wrong(&mut self, span: &Range<usize>, message: impl Into<String>) {
        let problem = Problem::at(self.text, span, message);
        self.problems.push((span.start, problem));
    }

    /// Reads a value; `None` if it is left out, or wrong.
    fn read<T>(
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

    fn duration(
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

    fn path(&mut self, text: Option<&Text>) -> Option<PathBuf> {
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

    fn count(&mut self, number: Option<&Spanned<i64>>, default: usize, most: i64) -> usize {
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

    fn rule(&mut self, at: usize, rule: Spanned<RawRule>) -> Rule {
        let span = rule.span();
        let raw = rule.into_inner();
        let program = self.program(&span, &raw);
        let (directory, checkout) = self.directory(&span, &raw);
        Rule {
            name: self
                .read(raw.name.as_ref(), |text| {
                    (!text.is_empty() && !text.chars().any(char::is_control))
                        .then(|| text.to_owned())
                        .ok_or_else(|| format!("{text:?} is no name"))
                })
                .unwrap_or_else(|| format!("rule {}", at + 1)),
            repository: self.globs(raw.repository.as_ref(), true),
            environment: self.globs(raw.environment.as_ref(), false),
            tasks: self.tasks(raw.task.as_ref()),
            ref_name: self.globs(raw.ref_name.as_ref(), false),
            from_workflows: raw.from_workflows,
            program,
            directory,
            env: self.env(raw.env),
            timeout: self.duration(raw.timeout.as_ref(), HOUR, SECOND / 10, 30 * DAY),
            kill_after: self.duration(raw.kill_after.as_ref(), 10 * SECOND, Duration::ZERO, HOUR),
            concurrency: self
                .read(raw.concurrency.as_ref(), |text| {
                    let found = Concurrency::WORDS.iter().find(|(word, _)| *word == text);
                    found.map(|(_, one)| *one).ok_or_else(|| {
                        format!("{text:?} is neither \"queue\" nor \"supersede\" nor \"reject\"")
                    })
                })
                .unwrap_or_default(),
            log_directory: self.path(raw.log_directory.as_ref()),
            log_max_size: self
                .read(raw.log_max_size.as_ref(), parse_size)
                .unwrap_or(10 << 20),
            log_keep: self.count(raw.log_keep.as_ref(), 1000, 1_000_000),
            log_keep_for: self.duration(raw.log_keep_for.as_ref(), 30 * DAY, MINUTE, 36_500 * DAY),
            log_url: self.read(raw.log_url.as_ref(), Template::parse),
            environment_url: self.read(raw.environment_url.as_ref(), Template::parse),
            checkout,
        }
    }

    fn program(&mut self, span: &Range<usize>, raw: &RawRule) -> Program {
        match (&raw.command, &raw.shell) {
            (Some(command), None) => {
                let words = command.get_ref();
                let has_nul = |word: &String| word.contains('\0');
                if words.first().is_none_or(String::is_empty) || words.iter().any(has_nul) {
                    self.wrong(
                        &command.span(),
                        "a command is a program and its arguments, [\"./deploy.sh\", \"--fast\"]",
                    );
                }
                Program::Command(words.clone())
            }
            (None, Some(script)) => {
                let read = |text: &str| {
                    if text.trim().is_empty() || text.contains('\0') {
                        return Err("a script is missing".to_owned());
                    }
                    Ok(text.to_owned())
                };
                Program::Shell(self.read(Some(script), read).unwrap_or_default())
            }
            (Some(_), Some(script)) => {
                self.wrong(&script.span(), "a rule has either command or shell");
                Program::Shell(String::new())
            }
            (None, None) => {
                self.wrong(
                    span,
                    "the rule runs nothing: add command = [\"./deploy.sh\"]",
                );
                Program::Shell(String::new())
            }
        }
    }

    /// The working directory, and what is checked out into it.
    fn directory(&mut self, span: &Range<usize>, raw: &RawRule) -> (PathBuf, Option<String>) {
        if !raw.checkout {
            if let Some(source) = &raw.source {
                self.wrong(&source.span(), "source is for rules with checkout = true");
            }
            let directory = self.path(raw.directory.as_ref());
            return (directory.unwrap_or_else(|| self.folder.to_owned()), None);
        }
        let Some(source) = &raw.source else {
            self.wrong(
                span,
                "checkout needs the repository: source = \"/srv/git/shop.git\", or an address that git can fetch from",
            );
            return (PathBuf::new(), None);
        };
        let folder = self.folder.to_owned();
        let source = self.read(Some(source), |text| {
            if text.is_empty() || text.starts_with('-') || text.chars().any(char::is_control) {
                return Err(format!("{text:?} is no repository that git can fetch from"));
            }
            let is_remote = text.contains("://")
                || (text.contains(':') && !text.contains('/'))
                || text
                    .split('/')
                    .next()
                    .is_some_and(|first| first.contains(':'));
            Ok(if is_remote {
                text.to_owned()
            } else {
                folder.join(text).to_string_lossy().into_owned()
            })
        });
        let directory = self.read(raw.directory.as_ref(), |text| {
            let path = PathBuf::from(text);
            let stays = path
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
            stays.then_some(path).ok_or_else(|| {
                format!(
                    "{text:?} leaves the checkout; with checkout = true the directory is one in it"
                )
            })
        });
        (directory.unwrap_or_default(), source)
    }

    fn globs(&mut self, texts: Option<&Texts>, ignore_case: bool) -> Globs {
        let any = ["*".to_owned()];
        let (patterns, span) = match texts {
            None => (&any[..], 0..0),
            Some(texts) => (&texts.get_ref().0[..], texts.span()),
        };
        if patterns.is_empty() {
            self.wrong(&span, "an empty list fits nothing");
        }
        Globs::new(patterns, ignore_case).unwrap_or_else(|message| {
            self.wrong(&span, message);
            Globs::default()
        })
    }

    fn tasks(&mut self, texts: Option<&Texts>) -> Vec<String> {
        let Some(texts) = texts else {
            return vec!["deploy".to_owned()];
        };
        let tasks = &texts.get_ref().0;
        if tasks.is_empty() || tasks.iter().any(String::is_empty) {
            self.wrong(&texts.span(), "a task is missing, such as \"deploy\"");
        }
        if tasks.iter().any(|task| task.contains(['*', '?'])) {
            self.wrong(
                &texts.span(),
                "tasks are an exact list, without patterns: whoever may ask for a deployment names them",
            );
        }
        tasks.clone()
    }

    fn env(&mut self, env: BTreeMap<Spanned<String>, String>) -> BTreeMap<String, String> {
        for (name, value) in &env {
            self.read(Some(name), |text| {
                if text.starts_with("DEPLOYCTL_") {
                    return Err(format!("{text} is set by deployctl itself"));
                }
                variable_name(text)
            });
            if value.contains('\0') {
                self.wrong(&name.span(), "a variable can't hold a NUL");
            }
        }
        env.into_iter()
            .map(|(name, value)| (name.into_inner(), value))
            .collect()
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

fn variable_name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.is_empty()
        || text.starts_with(|c: char| c.is_ascii_digit())
        || !text.chars().all(is_plain)
    {
        return Err(format!("{text:?} is no name of an environment variable"));
    }
    Ok(text.to_owned())
}
