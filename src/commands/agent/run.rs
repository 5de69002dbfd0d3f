use std::sync::Arc;

use clap::Args;

use super::{ConfigArgs, LogFormat};
use crate::agent::config::Config;
use crate::agent::{Level, Line, Log, Secret, Service};
use crate::commands::Session;
use crate::error::{Failure, Kind};
use crate::session::agent;
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
    let config = agent::config(&args.config.config)?;
    let secrets = secrets(session, &config)?;
    let log = log(Arc::clone(&session.term), args.log_format);
    let (setup, _sandbox) = agent::setup(session, config, log, None).await?;
    let service = Service::start(setup, secrets)
        .await
        .map_err(|error| agent::failure(&error))?;
    let interrupted = session.interruption().take_over();
    let mut signal = None;
    let stop = async { signal = Some(interrupted.wait().await) };
    let stopped = service
        .run(stop)
        .await
        .map_err(|error| agent::failure(&error))?;
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
        .map(|source| agent::secret(session, source))
        .collect::<Result<_, _>>()
        .map_err(|problem| Failure::new(Kind::Usage, problem))
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
