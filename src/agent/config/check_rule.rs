use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Component, PathBuf};
use std::time::Duration;

use toml::Spanned;

use super::check::{Checker, DAY, HOUR, MINUTE, SECOND, variable_name};
use super::raw::{RawRule, Texts};
use super::rule::{Concurrency, Patterns, Program, Rule};
use super::size::parse_size;
use super::template::Template;

impl Checker<'_> {
    pub(super) fn rule(&mut self, at: usize, rule: Spanned<RawRule>) -> Rule {
        let span = rule.span();
        let raw = rule.into_inner();
        let program = self.program(&span, &raw);
        let (directory, checkout) = self.directory(&span, &raw);
        Rule {
            name: self
                .parse(raw.name.as_ref(), |text| {
                    (!text.is_empty() && !text.chars().any(char::is_control))
                        .then(|| text.to_owned())
                        .ok_or_else(|| format!("{text:?} is not a valid name"))
                })
                .unwrap_or_else(|| format!("rule {}", at + 1)),
            repository: self.patterns(raw.repository.as_ref(), true),
            environment: self.patterns(raw.environment.as_ref(), false),
            tasks: self.tasks(raw.task.as_ref()),
            ref_name: self.patterns(raw.ref_name.as_ref(), false),
            from_workflows: raw.from_workflows,
            program,
            directory,
            env: self.env(raw.env),
            timeout: self.duration(raw.timeout.as_ref(), HOUR, SECOND / 10, 30 * DAY),
            kill_after: self.duration(raw.kill_after.as_ref(), 10 * SECOND, Duration::ZERO, HOUR),
            concurrency: self
                .parse(raw.concurrency.as_ref(), |text| {
                    let found = Concurrency::NAMES.iter().find(|(word, _)| *word == text);
                    found.map(|(_, one)| *one).ok_or_else(|| {
                        format!("{text:?} is neither \"queue\" nor \"supersede\" nor \"reject\"")
                    })
                })
                .unwrap_or_default(),
            auto_inactive: raw.auto_inactive,
            log_directory: self.path(raw.log_directory.as_ref()),
            log_max_bytes: self
                .parse(raw.log_max_size.as_ref(), parse_size)
                .unwrap_or(10 << 20),
            log_keep: self.count(raw.log_keep.as_ref(), 1000, 1_000_000),
            log_keep_for: self.duration(raw.log_keep_for.as_ref(), 30 * DAY, MINUTE, 36_500 * DAY),
            log_url: self.parse(raw.log_url.as_ref(), Template::parse),
            environment_url: self.parse(raw.environment_url.as_ref(), Template::parse),
            checkout,
        }
    }

    fn program(&mut self, span: &Range<usize>, raw: &RawRule) -> Program {
        match (&raw.command, &raw.shell) {
            (Some(command), None) => {
                let words = command.get_ref();
                let has_nul = |word: &String| word.contains('\0');
                if words.first().is_none_or(String::is_empty) || words.iter().any(has_nul) {
                    self.report(
                        &command.span(),
                        "a command is a program and its arguments, [\"./deploy.sh\", \"--fast\"]",
                    );
                }
                Program::Command(words.clone())
            }
            (None, Some(script)) => {
                let read = |text: &str| {
                    if text.trim().is_empty() || text.contains('\0') {
                        return Err("the script is empty".to_owned());
                    }
                    Ok(text.to_owned())
                };
                Program::Shell(self.parse(Some(script), read).unwrap_or_default())
            }
            (Some(_), Some(script)) => {
                self.report(&script.span(), "a rule cannot have both command and shell");
                Program::Shell(String::new())
            }
            (None, None) => {
                self.report(
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
                self.report(&source.span(), "source needs checkout = true");
            }
            let directory = self.path(raw.directory.as_ref());
            return (directory.unwrap_or_else(|| self.folder.to_owned()), None);
        }
        let Some(source) = &raw.source else {
            self.report(
                span,
                "checkout needs the repository: source = \"/srv/git/shop.git\", or a URL from which git can fetch",
            );
            return (PathBuf::new(), None);
        };
        let folder = self.folder.to_owned();
        let source = self.parse(Some(source), |text| {
            if text.is_empty() || text.starts_with('-') || text.chars().any(char::is_control) {
                return Err(format!(
                    "{text:?} is not a repository from which git can fetch"
                ));
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
        let directory = self.parse(raw.directory.as_ref(), |text| {
            let path = PathBuf::from(text);
            let stays = path
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
            stays.then_some(path).ok_or_else(|| {
                format!(
                    "{text:?} is outside the checkout; with checkout = true the directory is relative to it"
                )
            })
        });
        (directory.unwrap_or_default(), source)
    }

    fn patterns(&mut self, texts: Option<&Texts>, ignore_case: bool) -> Patterns {
        let any = ["*".to_owned()];
        let (patterns, span) = match texts {
            None => (&any[..], 0..0),
            Some(texts) => (&texts.get_ref().0[..], texts.span()),
        };
        if patterns.is_empty() {
            self.report(&span, "an empty list matches nothing");
        }
        Patterns::new(patterns, ignore_case).unwrap_or_else(|message| {
            self.report(&span, message);
            Patterns::default()
        })
    }

    fn tasks(&mut self, texts: Option<&Texts>) -> Vec<String> {
        let Some(texts) = texts else {
            return vec!["deploy".to_owned()];
        };
        let tasks = &texts.get_ref().0;
        if tasks.is_empty() || tasks.iter().any(String::is_empty) {
            self.report(
                &texts.span(),
                "a task is empty; write for example \"deploy\"",
            );
        }
        if tasks.iter().any(|task| task.contains(['*', '?'])) {
            self.report(
                &texts.span(),
                "tasks cannot be patterns, since anyone who may request a deployment chooses the task",
            );
        }
        tasks.clone()
    }

    fn env(&mut self, env: BTreeMap<Spanned<String>, String>) -> BTreeMap<String, String> {
        let mut variables = BTreeMap::new();
        for (name, value) in env {
            self.parse(Some(&name), |text| {
                if text.starts_with("DEPLOYCTL_") {
                    return Err(format!("{text} is set by deployctl itself"));
                }
                variable_name(text)
            });
            if value.contains('\0') {
                self.report(&name.span(), "a variable cannot contain a NUL");
            }
            variables.insert(name.into_inner(), value);
        }
        variables
    }
}
