use std::sync::Arc;

use clap::Args;

use super::host_name::host_name;
use super::{ConfigArgs, LogFormat, read};
use crate::agent::config::{Config, SecretSource};
use crate::agent::journal::{Journal, JournalError};
use crate::agent::outbox::{ApiRoot, Origin, Outbox};
use crate::agent::{Level, Line, Log, Secret, Service, ServiceError, Setup};
use crate::api::{Client, ClientConfig};
use crate::commands::Session;
use crate::commands::support::{Connection, wanted_of};
use crate::env::TOKENS;
use crate::error::{Failure, Kind};
use crate::model::Host;
use crate::term::{Role, Term, Text};

/// Work with a configuration
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The same as 'deployctl agent': with the file in this folder, deployctl.toml
  deployctl agent run

  # With another configuration
  deployctl agent run --config staging.toml

  # With a log for a program that collects logs
  deployctl agent run --log-format json")]
pub struct RunArgs {
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigArgs,

    /// How the log on stderr is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// Works until a signal.
pub(super) async fn run(session: &Session, args: &RunArgs) -> anyhow::Result<()> {
    let config = read::config(&args.config.config)?;
    let secrets = secrets(session, &config)?;
    let (server_name, state) = read::state(session, &config)?;
    let (client, origin, _sandbox) = client(session, &config).await?;
    // After the journal, whose folder is made private.
    let journal = Journal::open(&state, &server_name).map_err(|error| failure(&error.into()))?;
    let outbox = Outbox::open(&state.join("outbox.db")).map(Outbox::of_agent);
    let service = Service::start(Setup {
        name: config.name.clone().unwrap_or_else(host_name),
        journal,
        outbox: outbox.map_err(|error| failure(&error.into()))?,
        shared_outbox: Outbox::location(&session.env),
        hidden: hidden(&config),
        git: session.env.find_program("git"),
        log: log(Arc::clone(&session.term), args.log_format),
        client,
        origin,
        state,
        secrets,
        config,
    })
    .await
    .map_err(|error| failure(&error))?;
    let interrupted = session.interruption().take_over();
    let mut signal = None;
    let stop = async { signal = Some(interrupted.wait().await) };
    let stopped = service.run(stop).await.map_err(|error| failure(&error))?;
    match signal {
        Some(kind) if stopped.was_cut => {
            Err(Failure::new(kind, "ended before all commands had ended by themselves").into())
        }
        _ => Ok(()),
    }
}

fn secrets(session: &Session, config: &Config) -> Result<Vec<Secret>, Failure> {
    let sources = config.listen.iter().flat_map(|listen| &listen.secrets);
    sources
        .map(|source| read::secret(session, source))
        .collect::<Result<_, _>>()
        .map_err(|problem| Failure::new(Kind::Usage, problem))
}

/// What no command gets: what signs in, and what signs webhooks.
fn hidden(config: &Config) -> Vec<String> {
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

/// A client of the server, how the outbox names it, and what has to live as
/// long as it is used.
async fn client(
    session: &Session,
    config: &Config,
) -> anyhow::Result<(Client, Origin, Option<Connection>)> {
    if session.is_sandbox() {
        let connection = session.connect(None).await?;
        let origin = Origin {
            root: ApiRoot::sandbox(),
            host: Host::github(),
            host_is_named: false,
        };
        return Ok((connection.client.clone(), origin, Some(connection)));
    }
    let server = read::server(session, config)?;
    let (token, _) = session.find_token(&wanted_of(&server)).await?;
    let origin = Origin {
        root: ApiRoot::of(&server.endpoints),
        host: server.host.clone(),
        host_is_named: server.host_is_named,
    };
    let mut client = session.client_config(ClientConfig::new(server.endpoints), None);
    client.token = Some(token);
    Ok((Client::new(client)?, origin, None))
}

fn log(term: Arc<Term>, format: LogFormat) -> Log {
    Log::new(move |line| match format {
        LogFormat::Json => term.must_say(line.to_json()),
        LogFormat::Text => term.must_say(painted(line)),
    })
}

fn painted(line: &Line) -> Text {
    let role = match line.level {
        Level::Info => return Text::from(line.to_string()),
        Level::Warn => Role::Warning,
        Level::Error => Role::Error,
    };
    Text::new().with(role, line.to_string())
}

fn failure(error: &ServiceError) -> anyhow::Error {
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
