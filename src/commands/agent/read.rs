use std::path::{Path, PathBuf};

use crate::agent::Secret;
use crate::agent::config::{Config, ConfigError, SecretSource};
use crate::commands::Session;
use crate::context::{GitError, Server, resolve_server};
use crate::error::{Failure, Kind};

/// Reads the configuration; what is wrong in it is wrong usage.
pub(super) fn config(path: &Path) -> Result<Config, Failure> {
    Config::read(path).map_err(|error| {
        let failure = Failure::new(Kind::Usage, error.to_string());
        match error {
            ConfigError::Unreadable { .. } => {
                failure.hint("name the file with --config FILE; 'deployctl agent --help' shows one")
            }
            ConfigError::Wrong { path, problems } => {
                let problems: Vec<String> = problems
                    .iter()
                    .map(|problem| format!("{}:{problem}", path.display()))
                    .collect();
                failure
                    .lines(problems.iter().map(|problem| format!("  {problem}")))
                    .detail("problems", problems)
            }
        }
    })
}

/// The server of the configuration, else the one that is named in the
/// environment; the working directory says nothing.
pub(super) fn server(session: &Session, config: &Config) -> anyhow::Result<Server> {
    let nothing = || Err(GitError::Missing);
    Ok(resolve_server(
        &session.env,
        config.host.as_ref(),
        None,
        nothing,
    )?)
}

/// How the journal names the server, and the folder of the agent's state.
pub(super) fn state(session: &Session, config: &Config) -> anyhow::Result<(String, PathBuf)> {
    let (name, folder) = if session.is_sandbox() {
        ("sandbox".to_owned(), "sandbox".to_owned())
    } else {
        let rest = server(session, config)?.endpoints.rest;
        let host = rest.host_str().unwrap_or("server");
        let folder = match rest.port() {
            Some(port) => format!("{host}_{port}"),
            None => host.to_owned(),
        };
        (rest.to_string(), folder.replace([':', '[', ']'], "_"))
    };
    let folder = config
        .state_dir
        .clone()
        .or_else(|| {
            Some(
                session
                    .env
                    .state_home()?
                    .join("deployctl/agent")
                    .join(folder),
            )
        })
        .ok_or_else(|| {
            Failure::new(
                Kind::Usage,
                "there is no place for the journal: HOME is not set",
            )
            .hint("set state_dir in the configuration")
        })?;
    Ok((name, folder))
}

/// A secret, or why it can't be had. It is never shown.
pub(super) fn secret(session: &Session, source: &SecretSource) -> Result<Secret, String> {
    let bytes = match source {
        SecretSource::Variable(name) => session
            .env
            .named(name)
            .map(String::into_bytes)
            .ok_or_else(|| format!("the variable {name}, which is to hold a secret, is not set"))?,
        SecretSource::File(path) => {
            let mut bytes = std::fs::read(path)
                .map_err(|error| format!("the secret in {}: {error}", path.display()))?;
            if bytes.ends_with(b"\n") {
                bytes.pop();
                if bytes.ends_with(b"\r") {
                    bytes.pop();
                }
            }
            bytes
        }
    };
    Secret::new(bytes).ok_or_else(|| "a secret is empty".to_owned())
}
