use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::watch;

use super::journal::Journal;
use super::metrics::Metrics;
use super::receive::answer;
use super::service::Stage;
use crate::api::Client;
use crate::outbox::Outbox;

/// How long the server may refuse the token before nothing is well: another one may
/// be on its way.
const LOCKED_OUT: SignedDuration = SignedDuration::from_secs(30);

/// What answers questions after the agent's health and its metrics.
pub(super) struct Watch {
    pub(super) client: Client,
    pub(super) journal: Journal,
    pub(super) metrics: Arc<Metrics>,
    /// The one on disk, and the one in memory.
    pub(super) outboxes: [Arc<Outbox>; 2],
    pub(super) stage: watch::Receiver<Stage>,
}

impl Watch {
    /// Whether the server has refused the token for a while.
    fn is_locked_out(&self) -> bool {
        let since = self.client.token_rejections().since;
        since.is_some_and(|since| Timestamp::now().duration_since(since) >= LOCKED_OUT)
    }

    /// The answer to `GET /healthz` and `GET /metrics`; `None` for anything
    /// else.
    pub(super) async fn answer(&self, method: &Method, path: &str) -> Option<Response<Body>> {
        if !matches!(path, "/healthz" | "/metrics") {
            return None;
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            return Some(answer(
                status,
                "text/plain; charset=utf-8",
                "only GET\n".to_owned(),
            ));
        }
        // Both stand on the journal: without it nothing is well.
        let counts = self.journal.counts().await;
        Some(match counts {
            Err(error) => {
                let body = json!({ "status": "failing", "error": error.to_string() });
                let status = StatusCode::SERVICE_UNAVAILABLE;
                answer(status, "application/json", format!("{body}\n"))
            }
            Ok(_) if path == "/healthz" && *self.stage.borrow() != Stage::Working => {
                let body = json!({ "status": "stopping" });
                let status = StatusCode::SERVICE_UNAVAILABLE;
                answer(status, "application/json", format!("{body}\n"))
            }
            Ok(_) if path == "/healthz" && self.is_locked_out() => {
                let error = "the server refuses the token";
                let body = json!({ "status": "failing", "error": error });
                let status = StatusCode::SERVICE_UNAVAILABLE;
                answer(status, "application/json", format!("{body}\n"))
            }
            Ok(counts) if path == "/healthz" => {
                let body = json!({
                    "status": "ok",
                    "queued": counts.queued,
                    "running": counts.running,
                });
                answer(StatusCode::OK, "application/json", format!("{body}\n"))
            }
            Ok(counts) => {
                let count =
                    |outbox: &Arc<Outbox>| outbox.entries(None).map_or(0, |entries| entries.len());
                let unsent = self.outboxes.iter().map(count).sum();
                let kind = "text/plain; version=0.0.4; charset=utf-8";
                answer(StatusCode::OK, kind, {
                    let refusals = self.client.token_rejections();
                    self.metrics.text(counts, unsent, refusals)
                })
            }
        })
    }
}
