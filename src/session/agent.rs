//! Builds an agent from its configuration, to run it or to send its reports.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::connection::Connection;
use super::session::Session;
use super::toml_problems::add_toml_problems;
use crate::agent::config::{Config, ConfigError, SecretSource};
use crate::agent::journal::{Journal, JournalError};
use crate::agent::{Log, Secret, ServiceError, Settings, Setup};
use crate::api::{Client, ClientConfig, Token, TokenRequests};
use crate::context::{GitError, resolve_server};
use crate::env::TOKENS;
use crate::error::{Failure, Kind};
use crate::model::Server;
use crate::outbox::{Origin, Outbox};

/// Reads the configuration. Problems in it are usage errors.
pub(crate) fn config(path: &Path) -> Result<Config, Failure> {
    Config::read(path).map_err(|error| {
        let failure = Failure::new(Kind::Usage, error.to_string());
        match error {
            ConfigError::Unreadable { .. } => {
                failure.hint("name the file with --config FILE; 'deployctl agent --help' shows one")
            }
            ConfigError::Invalid { path, problems } => {
                add_toml_problems(failure, path.display(), &problems)
            }
        }
    })
}

/// The server of the configuration, or else of the environment. The working directory is
/// ignored.
fn server(session: &Session, config: &Config) -> anyhow::Result<Server> {
    let nothing = || Err(GitError::Missing);
    Ok(resolve_server(
        &session.env,
        config.host.as_ref(),
        None,
        nothing,
    )?)
}

/// The name of the server in the journal, and the folder of the agent's state.
pub(crate) fn state(session: &Session, config: &Config) -> anyhow::Result<(String, PathBuf)> {
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
            Failure::new(Kind::Usage, "no folder for the journal: HOME is not set")
                .hint("set state_dir in the configuration")
        })?;
    Ok((name, folder))
}

/// Reads a secret, or says why that is impossible.
pub(crate) fn secret(session: &Session, source: &SecretSource) -> Result<Secret, String> {
    let bytes = match source {
        SecretSource::Variable(name) => session
            .env
            .named(name)
            .map(String::into_bytes)
            .ok_or_else(|| format!("the variable {name} for the webhook's secret is not set"))?,
        SecretSource::File(path) => {
            let mut bytes = std::fs::read(path).map_err(|error| {
                format!("cannot read the secret in {}: {error}", path.display())
            })?;
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

pub(crate) fn settings(session: &Session, config: Config) -> Result<Settings, Failure> {
    let sources = config.listen.iter().flat_map(|listen| &listen.secrets);
    let secrets = sources
        .map(|source| secret(session, source))
        .collect::<Result<_, _>>()
        .map_err(|problem| Failure::new(Kind::Usage, problem))?;
    Ok(Settings {
        secrets,
        hidden_variables: hidden_variables(&config),
        redacted: known_secrets(session, &config),
        config: Arc::new(config),
    })
}

/// Builds an agent and locks its journal. The connection, if there is one, has to live
/// as long as the agent.
pub(crate) async fn setup(
    session: &Session,
    settings: Settings,
    log: Log,
    patience: Option<Duration>,
    token_requests: Option<TokenRequests>,
) -> anyhow::Result<(Setup, Option<Connection>)> {
    let config = &settings.config;
    let (server_name, state_dir) = state(session, config)?;
    let (client, origin, connection) = client(session, config, patience, token_requests).await?;
    // Before the outbox, since it makes the folder private.
    let journal =
        Journal::open(&state_dir, &server_name).map_err(|error| failure(&error.into()))?;
    let outbox = Outbox::open(&outbox_path(&state_dir)).and_then(Outbox::for_agent);
    if outbox.is_ok() && is_open_to_others(&state_dir) {
        log.warn(
            "state_dir is accessible to other users and belongs to another user",
            json!({ "path": state_dir, "hint": "use a folder of the agent's own inside it" }),
        );
    }
    let setup = Setup {
        name: config.name.clone().unwrap_or_else(host_name),
        journal,
        outbox: outbox.map_err(|error| failure(&error.into()))?,
        shared_outbox: Outbox::location(&session.env),
        git: session.env.find_program("git"),
        log,
        client,
        origin,
        state_dir,
        settings,
    };
    Ok((setup, connection))
}

/// Whether other users have access to a folder.
fn is_open_to_others(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        folder
            .metadata()
            .is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        false
    }
}

/// The outbox of the agent whose state is in `folder`.
pub(crate) fn outbox_path(folder: &Path) -> PathBuf {
    folder.join("outbox.db")
}

/// The variables that commands do not get: tokens and the secrets of webhooks.
fn hidden_variables(config: &Config) -> Vec<String> {
    let sources = config.listen.iter().flat_map(|listen| &listen.secrets);
    let secrets = sources.filter_map(|source| match source {
        SecretSource::Variable(name) => Some(name.clone()),
        SecretSource::File(_) => None,
    });
    TOKENS
        .map(str::to_owned)
        .into_iter()
        .chain(secrets)
        .collect()
}

/// What no status and no log may show: the secrets of the environment and of webhooks.
fn known_secrets(session: &Session, config: &Config) -> Vec<String> {
    let variables = hidden_variables(config)
        .into_iter()
        .filter_map(|name| session.env.named(&name));
    let sources = config.listen.iter().flat_map(|listen| &listen.secrets);
    let files = sources.filter_map(|source| match source {
        SecretSource::File(path) => std::fs::read_to_string(path).ok(),
        SecretSource::Variable(_) => None,
    });
    let named = session.env.secrets();
    variables.chain(files).chain(named).collect()
}

/// A client of the server, and its origin for the outbox. The connection, if there is
/// one, has to live as long as the client.
async fn client(
    session: &Session,
    config: &Config,
    patience: Option<Duration>,
    token_requests: Option<TokenRequests>,
) -> anyhow::Result<(Client, Origin, Option<Connection>)> {
    if session.is_sandbox() {
        let connection = session.connect(patience).await?;
        return Ok((
            connection.client.clone(),
            Origin::sandbox(),
            Some(connection),
        ));
    }
    let server = server(session, config)?;
    let (token, _) = session.find_token(&server).await?;
    let origin = Origin::new(&server);
    let mut client = session.client_config(ClientConfig::new(server.endpoints), patience);
    client.token = Some(token);
    client.token_requests = token_requests;
    Ok((Client::new(client)?, origin, None))
}

/// The token for the agent's server as it is stored now; `None` for the sandbox, which
/// needs none.
pub(crate) async fn token(session: &Session, config: &Config) -> anyhow::Result<Option<Token>> {
    if session.is_sandbox() {
        return Ok(None);
    }
    let server = server(session, config)?;
    let (token, _) = session.find_token(&server).await?;
    Ok(Some(token))
}

/// Adds hints to the error of an agent.
pub(crate) fn failure(error: &ServiceError) -> anyhow::Error {
    let failure = Failure::new(Kind::Other, error.to_string());
    match error {
        ServiceError::Listen { .. } => failure.hint("choose another address in the configuration"),
        ServiceError::Journal(JournalError::InUse { .. }) => {
            failure.hint("each agent needs a state_dir of its own")
        }
        ServiceError::Journal(JournalError::OtherServer { .. }) => {
            failure.hint("set another state_dir for this server")
        }
        _ => failure,
    }
    .into()
}

/// The name of this machine as the name of an agent.
fn host_name() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    let name = String::new();
    valid_agent_name(&name)
}

/// Replaces characters that the name of an agent may not have.
fn valid_agent_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-._".contains(c) {
                c
            } else {
                '-'
            }
        })
        .take(50)
        .collect();
    if plain.is_empty() {
        "agent".to_owned()
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::valid_agent_name;

    #[test]
    fn any_name_becomes_one_that_an_agent_may_have() {
        for (name, expected) in [
            ("web-1.example", "web-1.example"),
            ("a b (é)", "a-b----"),
            ("", "agent"),
        ] {
            assert_eq!(valid_agent_name(name), expected);
        }
        assert_eq!(valid_agent_name(&"x".repeat(80)).len(), 50);
    }
}
