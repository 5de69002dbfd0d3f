use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::options::ConfigArgs;
use crate::agent::config::{Config, Program, Rule, RuleInput};
use crate::model::in_words;
use crate::output::{Cell, Column, Record};
use crate::session::Session;
use crate::session::agent;

/// Check the configuration and print its rules in order
///
/// The first rule that matches a deployment is used. A secret, program or
/// folder that the configuration names but that does not exist is reported as a
/// warning. Exit code 2 if the configuration is invalid.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Check deployctl.toml in this folder
  deployctl agent check

  # Check another file before a restart
  deployctl agent check --config staging.toml

  # List the commands that can be run
  deployctl agent check --jq '.[].command'")]
pub struct CheckArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// A rule as it is printed.
#[derive(Debug, Serialize)]
struct RuleRecord {
    order: usize,
    name: String,
    repository: Vec<String>,
    environment: Vec<String>,
    task: Vec<String>,
    #[serde(rename = "ref")]
    ref_name: Vec<String>,
    command: Option<Vec<String>>,
    shell: Option<String>,
    directory: String,
    concurrency: &'static str,
    timeout_seconds: f64,
    checkout: Option<String>,
}

pub(super) const FIELDS: &[&str] = RuleRecord::FIELDS;

impl Record for RuleRecord {
    const FIELDS: &'static [&'static str] = &[
        "order",
        "name",
        "repository",
        "environment",
        "task",
        "ref",
        "command",
        "shell",
        "directory",
        "concurrency",
        "timeout_seconds",
        "checkout",
    ];
}

impl RuleRecord {
    fn new(index: usize, rule: &Rule) -> Self {
        let list = |texts: &mut dyn Iterator<Item = &str>| texts.map(str::to_owned).collect();
        let (command, shell) = match &rule.program {
            Program::Command(words) => (Some(words.clone()), None),
            Program::Shell(script) => (None, Some(script.clone())),
        };
        Self {
            order: index + 1,
            name: rule.name.clone(),
            repository: list(&mut rule.repository.texts()),
            environment: list(&mut rule.environment.texts()),
            task: rule.tasks.clone(),
            ref_name: list(&mut rule.ref_name.texts()),
            command,
            shell,
            directory: rule.directory.display().to_string(),
            concurrency: rule.concurrency.as_str(),
            timeout_seconds: rule.timeout.as_secs_f64(),
            checkout: rule.checkout.clone(),
        }
    }

    fn command_text(&self) -> String {
        match (&self.command, &self.shell) {
            (Some(words), _) => words.join(" "),
            (None, script) => script.clone().unwrap_or_default(),
        }
    }
}

pub(super) fn run(session: &Session, args: &CheckArgs) -> anyhow::Result<()> {
    let format = session.format::<RuleRecord>()?;
    let config = agent::config(&args.config.config)?;
    let records: Vec<RuleRecord> = config
        .rules
        .iter()
        .enumerate()
        .map(|(index, rule)| RuleRecord::new(index, rule))
        .collect();
    let term = &session.term;
    let columns = vec![
        Column::rigid("#").right(),
        Column::flexible("RULE", 8),
        Column::flexible("REPOSITORY", 10),
        Column::flexible("ENVIRONMENT", 8),
        Column::flexible("TASK", 6),
        Column::flexible("REF", 4),
        Column::flexible("COMMAND", 12),
        Column::rigid("CONCURRENCY").optional(),
        Column::rigid("TIMEOUT").optional(),
    ];
    format.print_many(term, &records, columns, |record| {
        let timeout = std::time::Duration::from_secs_f64(record.timeout_seconds);
        vec![
            Cell::new(record.order.to_string()),
            Cell::new(record.name.as_str()),
            Cell::new(record.repository.join(" ")),
            Cell::new(record.environment.join(" ")),
            Cell::new(record.task.join(" ")),
            Cell::new(record.ref_name.join(" ")),
            Cell::new(record.command_text()),
            Cell::new(record.concurrency),
            Cell::new(in_words(timeout)),
        ]
    })?;
    if let Some(listen) = &config.listen {
        term.note(format!(
            "listens on {}, path {}",
            listen.address, listen.path
        ));
    }
    if let Some(poll) = &config.poll {
        let names: Vec<String> = poll.repositories.iter().map(ToString::to_string).collect();
        term.note(format!(
            "polls {} every {}",
            names.join(", "),
            in_words(poll.interval)
        ));
    }
    for warning in warnings(session, &config) {
        term.warn(warning);
    }
    Ok(())
}

/// Warns of secrets, programs and folders that do not exist, and of templates that give
/// no URL.
fn warnings(session: &Session, config: &Config) -> Vec<String> {
    let mut warnings: Vec<String> = config
        .listen
        .iter()
        .flat_map(|listen| &listen.secrets)
        .filter_map(|source| agent::secret(session, source).err())
        .collect();
    for rule in &config.rules {
        if rule.checkout.is_some() {
            if session.env.find_program("git").is_none() {
                warnings.push(format!(
                    "{}: checkout needs git, which is not on the PATH",
                    rule.name
                ));
            }
        } else if !rule.directory.is_dir() {
            warnings.push(format!(
                "{}: the folder {} does not exist",
                rule.name,
                rule.directory.display()
            ));
        }
        for (key, name) in unusable_templates(rule) {
            warnings.push(format!(
                "{}: {key} gives no valid URL for the environment {name}; use {{environment_slug}} where the URL needs a host name label",
                rule.name
            ));
        }
        if let Some(missing) = missing_program(session, rule) {
            warnings.push(format!("{}: {missing}", rule.name));
        }
    }
    warnings
}

/// The keys of templates that give no valid URL for an environment of the rule, with the
/// name of such an environment.
fn unusable_templates(rule: &Rule) -> BTreeMap<&'static str, String> {
    let Ok(repository) = "owner/repository".parse() else {
        return BTreeMap::new();
    };
    let names = rule.environment.texts().map(|text| text.replace('*', "x"));
    let mut unusable = BTreeMap::new();
    for name in names.filter(|name| !name.contains(['?', '[', '\\'])) {
        let input = RuleInput {
            repository: &repository,
            environment: &name,
            ref_name: "main",
            sha: "0",
            task: "deploy",
            by_workflow: false,
        };
        for (key, _) in rule.unusable_templates(1, &input, "agent") {
            unusable.entry(key).or_insert_with(|| name.clone());
        }
    }
    unusable
}

fn missing_program(session: &Session, rule: &Rule) -> Option<String> {
    let Program::Command(words) = &rule.program else {
        return None;
    };
    let program = words.first()?;
    let path = Path::new(program);
    if path.components().count() == 1 && !program.starts_with('.') {
        let exists = session.env.find_program(program).is_some();
        return (!exists).then(|| format!("{program} is not on the PATH"));
    }
    if rule.checkout.is_some() && path.is_relative() {
        return None;
    }
    let path = rule.directory.join(path);
    if !path.is_file() {
        return Some(format!("{} does not exist", path.display()));
    }
    (!is_executable(&path)).then(|| format!("{} is not executable", path.display()))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_path: &Path) -> bool {
    true
}
