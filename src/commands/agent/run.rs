use std::io;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;

#[cfg(unix)]
use super::init;
use super::options::{ConfigArgs, LogFormat};
use crate::agent::{Level, Log, LogLine, Service};
use crate::error::Failure;
use crate::session::Session;
use crate::session::agent;
use crate::term::{Role, Term, Text};

/// Run the agent
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Same as 'deployctl agent': run with deployctl.toml in this folder
  deployctl agent run

  # Run with another configuration
  deployctl agent run --config staging.toml

  # Log as JSON, for a log collector
  deployctl agent run --log-format json")]
pub struct RunArgs {
    #[command(flatten)]
    pub config: ConfigArgs,

    /// Format of the log on stderr
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
}

pub(super) async fn run(session: &Session, args: &RunArgs) -> anyhow::Result<()> {
    #[cfg(unix)]
    if init::is_needed() {
        return init::run(session).await;
    }
    let path = &args.config.config;
    let config = agent::config(path)?;
    let settings = agent::settings(session, config)?;
    let config = Arc::clone(&settings.config);
    session.term.write_errors_behind()?;
    let log = log(Arc::clone(&session.term), args.log_format);
    // Before the agent says that it is ready, since signals may arrive at once.
    let mut hangups = Hangups::listen()?;
    let (token_sender, mut token_requests) = unbounded_channel();
    let (setup, _sandbox) =
        agent::setup(session, settings, log.clone(), None, Some(token_sender)).await?;
    let client = setup.client.clone();
    let service = Service::start(setup)
        .await
        .map_err(|error| agent::failure(&error))?;
    let interrupted = session.signals().subscribe();
    let mut signal = None;
    let stop = async { signal = Some(interrupted.wait().await) };
    let (settings_sender, reloads) = unbounded_channel();
    let token = async || match agent::token(session, &config).await {
        Ok(token) => token,
        Err(error) => {
            log.error(
                "token cannot be read",
                json!({ "error": error.to_string() }),
            );
            None
        }
    };
    let answering = async {
        while let Some(reply) = token_requests.recv().await {
            let token = token().await;
            log.warn(
                "the server refused the token; reading it again",
                json!({ "found": token.is_some() }),
            );
            // The request may have been abandoned.
            let _ = reply.send(token);
        }
    };
    let reloading = async {
        loop {
            hangups.next().await;
            if let Some(token) = token().await
                && client.replace_token(token)
            {
                log.info("using another token", json!({}));
            }
            match agent::config(path).and_then(|config| agent::settings(session, config)) {
                Ok(settings) => {
                    // The service may have ended.
                    let _ = settings_sender.send(settings);
                }
                Err(failure) => log.error(
                    "configuration could not be reloaded",
                    json!({ "error": failure.message(), "problems": failure.below() }),
                ),
            }
        }
    };
    let stopped = tokio::select! {
        stopped = service.run(stop, reloads) => stopped,
        () = reloading => return Ok(()),
        // This ends only with the service.
        () = answering => return Ok(()),
    };
    let stopped = stopped.map_err(|error| agent::failure(&error))?;
    match signal {
        Some(kind) if stopped.ended_commands => {
            Err(Failure::new(kind, "stopped, and ended running commands").into())
        }
        _ => Ok(()),
    }
}

/// Receives SIGHUP, which asks for a reload. Ignores signals that would end a program
/// without handlers for them.
struct Hangups {
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
    #[cfg(unix)]
    _ignored: [tokio::signal::unix::Signal; 3],
}

impl Hangups {
    #[cfg(unix)]
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            _ignored: [
                signal(SignalKind::user_defined1())?,
                signal(SignalKind::user_defined2())?,
                signal(SignalKind::alarm())?,
            ],
        })
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
    fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        self.hangup.recv().await;
        #[cfg(not(unix))]
        std::future::pending::<()>().await;
    }
}

fn log(term: Arc<Term>, format: LogFormat) -> Log {
    let write = move |term: &Term, line: &LogLine| match format {
        LogFormat::Json => term.always_note(line.to_json()),
        LogFormat::Text => term.always_note(colored(line)),
    };
    Log::new(move |line| {
        let dropped = term.take_dropped();
        if dropped > 0 {
            write(&term, &LogLine::for_dropped(dropped));
        }
        write(&term, line);
    })
}

fn colored(line: &LogLine) -> Text {
    let role = match line.level {
        Level::Info => return Text::from(line.to_string()),
        Level::Warn => Role::Warning,
        Level::Error => Role::Error,
    };
    Text::new().with(role, line.to_string())
}
