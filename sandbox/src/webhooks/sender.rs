//! Sends one delivery.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use super::signed_request::SignedRequest;
use crate::store::{Attempt, PendingDelivery};

/// How much of a response body is kept.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// The statuses in the log that stand for a missing response.
const NO_CONNECTION: i64 = 502;
const NO_ANSWER: i64 = 504;

/// The settings that a client depends on. Each client is created on first use,
/// because reading the system's certificates is slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ClientKey {
    /// Whether it uses TLS.
    secure: bool,
    /// Whether any certificate is good enough.
    insecure_ssl: bool,
    /// Whether the receiver is on this machine, which is reached without a
    /// proxy.
    local: bool,
}

/// Sends deliveries.
#[derive(Debug)]
pub(super) struct Sender {
    clients: Mutex<HashMap<ClientKey, Client>>,
    timeout: Duration,
}

struct HookResponse {
    status: i64,
    headers: String,
    body: String,
}

impl Sender {
    /// A sender that waits for a response until the timeout.
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            clients: Mutex::default(),
            timeout,
        }
    }

    /// Sends a delivery once; `now` is in seconds since the epoch.
    pub(super) async fn send(
        &self,
        pending: &PendingDelivery,
        signed_request: &SignedRequest,
        now: i64,
    ) -> Attempt {
        let began = Instant::now();
        let sent = self
            .exchange(pending, signed_request, began + self.timeout)
            .await;
        let (status_code, status, response) = match sent {
            Ok(response) => {
                let status = match response.status {
                    200..300 => "OK".to_owned(),
                    other => format!("Invalid HTTP Response: {other}"),
                };
                (response.status, status, Some(response))
            }
            Err((code, status)) => (code, status, None),
        };
        let (response_headers, response_payload) = match response {
            Some(response) => (Some(response.headers), Some(response.body)),
            None => (None, None),
        };
        Attempt {
            delivered_at: now,
            duration: hundredths(began.elapsed()),
            status,
            status_code,
            url: pending.hook.settings.url.clone(),
            request_headers: signed_request.headers_as_json(),
            response_headers,
            response_payload,
        }
    }

    async fn exchange(
        &self,
        pending: &PendingDelivery,
        signed_request: &SignedRequest,
        deadline: Instant,
    ) -> Result<HookResponse, (i64, String)> {
        let set = &pending.hook.settings;
        let no_connection = |cause: String| (NO_CONNECTION, cause);
        let url: Url = set
            .url
            .parse()
            .map_err(|error: url::ParseError| no_connection(error.to_string()))?;
        let client = self
            .client(&url, set.insecure_ssl)
            .map_err(|error| no_connection(error.to_string()))?;
        let mut request = client.post(url).body(signed_request.body.clone());
        for (name, value) in &signed_request.headers {
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
        let key = ClientKey {
            secure,
            insecure_ssl: secure && insecure_ssl,
            local: is_loopback(url),
        };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        // Another part of the process may have chosen one already: as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The request has only the headers in the log, plus those that HTTP
        // requires. No connection is kept: one that the receiver has closed
        // meanwhile would make a delivery fail.
        let mut builder = Client::builder()
            .http1_only()
            .http1_title_case_headers()
            .no_gzip()
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        if !key.secure {
            builder = builder.tls_certs_only([]);
        }
        if key.insecure_ssl {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        if key.local {
            builder = builder.no_proxy();
        }
        let client = builder.build()?;
        clients.insert(key, client.clone());
        Ok(client)
    }
}

/// Reads a response up to the limit. Its status counts even if reading the body
/// fails.
async fn read(mut response: Response, deadline: Instant) -> HookResponse {
    let status = i64::from(response.status().as_u16());
    let mut headers = Map::new();
    for (name, value) in response.headers() {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers.insert(name.as_str().to_owned(), Value::String(value));
    }
    let mut body = Vec::new();
    while body.len() < MAX_RESPONSE_BYTES
        && let Ok(Ok(Some(chunk))) = timeout_at(deadline, response.chunk()).await
    {
        body.extend_from_slice(&chunk);
    }
    body.truncate(MAX_RESPONSE_BYTES);
    HookResponse {
        status,
        headers: Value::Object(headers).to_string(),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// The log's description of a failure, in GitHub's wording where it is known.
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
