use std::sync::Arc;
use std::time::Duration;

use super::session::Session;
use crate::api::{ApiError, Client, ClientConfig, Event, Token};
use crate::model::Endpoints;

/// A pause before a retry is shown if it is at least this long: a program that is
/// silent for longer seems to hang.
const MIN_SHOWN_PAUSE: Duration = Duration::from_secs(3);

impl Session {
    /// A client for a server. `call_timeout` limits each call with its retries.
    pub(crate) fn client(
        &self,
        endpoints: Endpoints,
        token: Option<Token>,
        call_timeout: Duration,
    ) -> Result<Client, ApiError> {
        let mut config = self.client_config(ClientConfig::new(endpoints), Some(call_timeout));
        config.token = token;
        Client::new(config)
    }

    /// Completes a configuration with the time limit for each call and its
    /// retries, and with the log that `-v` shows.
    pub(crate) fn client_config(
        &self,
        mut config: ClientConfig,
        call_timeout: Option<Duration>,
    ) -> ClientConfig {
        if let Some(timeout) = call_timeout {
            config.deadline = timeout;
        }
        let term = Arc::clone(&self.term);
        config.observer = Some(Arc::new(move |event| match event {
            _ if term.is_verbose() => term.verbose(describe(event)),
            Event::Retry { reason, delay } if *delay >= MIN_SHOWN_PAUSE => {
                term.progress(format!("{reason}: continuing in {} s", delay.as_secs()));
            }
            _ => {}
        }));
        config
    }
}

/// One line for `-v`.
fn describe(event: &Event<'_>) -> String {
    match event {
        Event::Request {
            method,
            url,
            status,
            error,
            elapsed,
            rate_remaining,
            request_id,
            attempt,
        } => {
            let mut line = format!("{method} {url} ");
            match (status, error) {
                (Some(status), Some(error)) => line.push_str(&format!("{status} ({error})")),
                (Some(status), None) => line.push_str(&status.to_string()),
                (None, error) => line.push_str(error.unwrap_or("no answer")),
            }
            line.push_str(&format!(" {} ms", elapsed.as_millis()));
            if let Some(left) = rate_remaining {
                line.push_str(&format!(", rate left {left}"));
            }
            if let Some(id) = request_id {
                line.push_str(&format!(", request id {id}"));
            }
            if *attempt > 1 {
                line.push_str(&format!(", attempt {attempt}"));
            }
            line
        }
        Event::Retry { reason, delay } => {
            format!("again in {:.1} s: {reason}", delay.as_secs_f64())
        }
        Event::GiveUp { reason } => format!("not again: {reason}"),
        Event::Note(text) => (*text).to_owned(),
    }
}
