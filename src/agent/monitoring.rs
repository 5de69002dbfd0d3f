use std::sync::Arc;

use http::{Method, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::watch;

use super::http::{json_response, respond, text_response};
use super::journal::Journal;
use super::metrics::Metrics;
use super::stage::Stage;
use crate::api::Client;
use crate::outbox::Outbox;

/// How long the server may refuse the token before the agent counts as failing:
/// the token may be about to be replaced.
const TOKEN_GRACE: SignedDuration = SignedDuration::from_secs(30);

/// Serves the agent's health and its metrics.
pub(super) struct Monitoring {
    pub(super) client: Client,
    pub(super) journal: Journal,
    pub(super) metrics: Arc<Metrics>,
    /// On disk and in memory.
    pub(super) outboxes: [Arc<Outbox>; 2],
    pub(super) stage: watch::Receiver<Stage>,
}

impl Monitoring {
    /// Whether the server has refused the token for a while.
    fn is_token_refused(&self) -> bool {
        let since = self.client.token_rejections().since;
        since.is_some_and(|since| Timestamp::now().duration_since(since) >= TOKEN_GRACE)
    }

    /// Responds to `GET /healthz` and `GET /metrics`; `None` for anything else.
    pub(super) async fn respond(
        &self,
        method: &Method,
        path: &str,
    ) -> Option<Response<Full<Bytes>>> {
        if !matches!(path, "/healthz" | "/metrics") {
            return None;
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Some(text_response(
                StatusCode::METHOD_NOT_ALLOWED,
                "only GET is allowed\n",
            ));
        }
        // Without its journal the agent counts as failing.
        let counts = self.journal.counts().await;
        Some(match counts {
            Err(error) => {
                let body = json!({ "status": "failing", "error": error.to_string() });
                json_response(StatusCode::SERVICE_UNAVAILABLE, &body)
            }
            Ok(_) if path == "/healthz" && *self.stage.borrow() != Stage::Working => {
                let body = json!({ "status": "stopping" });
                json_response(StatusCode::SERVICE_UNAVAILABLE, &body)
            }
            Ok(_) if path == "/healthz" && self.is_token_refused() => {
                let error = "the server refuses the token";
                let body = json!({ "status": "failing", "error": error });
                json_response(StatusCode::SERVICE_UNAVAILABLE, &body)
            }
            Ok(counts) if path == "/healthz" => {
                let body = json!({
                    "status": "ok",
                    "queued": counts.queued,
                    "running": counts.running,
                });
                json_response(StatusCode::OK, &body)
            }
            Ok(counts) => {
                let count = |outbox: &Arc<Outbox>| {
                    outbox
                        .stored_statuses(None)
                        .map_or(0, |stored| stored.len())
                };
                let unsent = self.outboxes.iter().map(count).sum();
                let refusals = self.client.token_rejections();
                let text = self.metrics.text(counts, unsent, refusals);
                let content_type = "text/plain; version=0.0.4; charset=utf-8";
                respond(StatusCode::OK, content_type, text)
            }
        })
    }
}
