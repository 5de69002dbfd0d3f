//! Sends one delivery.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use super::letter::Letter;
use crate::store::{Attempt, Parcel};

/// How much of an answer's body is kept, in bytes.
const LARGEST_ANSWER: usize = 64 * 1024;

/// What stands in the log in place of a status where no answer came.
const NO_CONNECTION: i64 = 502;
const NO_ANSWER: i64 = 504;

/// What a client depends on. Each is made when it is first needed, since
/// reading the system's certificates takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Kind {
    /// Whether there is TLS.
    secure: bool,
    /// Whether any certificate is good enough.
    insecure_ssl: bool,
    /// Whether it is for this machine, which no proxy stands before.
    local: bool,
}

/// Sends deliveries.
#[derive(Debug)]
pub(super) struct Carrier {
    clients: Mutex<HashMap<Kind, Client>>,
    patience: Duration,
}

/// What came back.
struct Answer {
    status: i64,
    headers: String,
    body: String,
}

impl Carrier {
    /// A carrier that waits so long for an answer.
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            clients: Mutex::default(),
            patience,
        }
    }

    /// Sends a delivery once; `now` is in seconds since the epoch.
    pub(super) async fn send(&self, parcel: &Parcel, letter: &Letter, now: i64) -> Attempt {
        let began = Instant::now();
        let sent = self.exchange(parcel, letter, began + self.patience).await;
        let (status_code, status, answer) = match sent {
            Ok(answer) => {
                let status = match answer.status {
                    200..300 => "OK".to_owned(),
                    other => format!("Invalid HTTP Response: {other}"),
                };
                (answer.status, status, Some(answer))
            }
            Err((code, status)) => (code, status, None),
        };
        let (response_headers, response_payload) = match answer {
            Some(answer) => (Some(answer.headers), Some(answer.body)),
            None => (None, None),
        };
        Attempt {
            delivered_at: now,
            duration: hundredths(began.elapsed()),
            status,
            status_code,
            url: parcel.hook.set.url.clone(),
            request_headers: letter.headers_as_json(),
            response_headers,
            response_payload,
        }
    }

    async fn exchange(
        &self,
        parcel: &Parcel,
        letter: &Letter,
        deadline: Instant,
    ) -> Result<Answer, (i64, String)> {
        let set = &parcel.hook.set;
        let no_connection = |cause: String| (NO_CONNECTION, cause);
        let url: Url = set
            .url
            .parse()
            .map_err(|error: url::ParseError| no_connection(error.to_string()))?;
        let client = self
            .client(&url, set.insecure_ssl)
            .map_err(|error| no_connection(error.to_string()))?;
        let mut request = client.post(url).body(letter.body.clone());
        for (name, value) in &letter.headers {
            request = request.header(*name, value);
        }
        match timeout_at(deadline, request.send()).await {
            Ok(Ok(response)) => Ok(read(response, deadline).await),
            Ok(Err(error)) => Err(no_connection(cause(&error))),
            Err(_) => Err((NO_ANSWER, "timed out".to_owned())),
        }
    }

    fn client(&self, url: &Url, insecure_ssl: bool) -> Result<Client, reqwest::Error> {
        let secure = url.scheme() == "https";
        let kind = Kind {
            secure,
            insecure_ssl: secure && insecure_ssl,
            local: is_loopback(url),
        };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&kind) {
            return Ok(client.clone());
        }
        // Another part of the process may have chosen one already: as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Nothing is sent that the log does not tell of, but for what HTTP
        // itself needs. No connection is kept: a receiver that closed one meanwhile would
        // make a failure of what is none.
        let mut builder = Client::builder()
            .http1_only()
            .http1_title_case_headers()
            .no_gzip()
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        if !kind.secure {
            builder = builder.tls_certs_only([]);
        }
        if kind.insecure_ssl {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        if kind.local {
            builder = builder.no_proxy();
        }
        let client = builder.build()?;
        clients.insert(kind, client.clone());
        Ok(client)
    }
}

/// Reads an answer as far as it is kept. Its status stands, whatever becomes of
/// its body.
async fn read(mut response: Response, deadline: Instant) -> Answer {
    let status = i64::from(response.status().as_u16());
    let mut headers = Map::new();
    for (name, value) in response.headers() {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers.insert(name.as_str().to_owned(), Value::String(value));
    }
    let mut body = Vec::new();
    while body.len() < LARGEST_ANSWER
        && let Ok(Ok(Some(chunk))) = timeout_at(deadline, response.chunk()).await
    {
        body.extend_from_slice(&chunk);
    }
    body.truncate(LARGEST_ANSWER);
    Answer {
        status,
        headers: Value::Object(headers).to_string(),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// What the log says of a failure, in GitHub's words where they are known.
fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    let detail = innermost.to_string();
    if error.is_connect() {
        format!("failed to connect to host: {detail}")
    } else {
        format!("no answer: {detail}")
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Seconds with two digits after the point, as GitHub has them.
fn hundredths(time: Duration) -> f64 {
    (time.as_secs_f64() * 100.0).round() / 100.0
}
