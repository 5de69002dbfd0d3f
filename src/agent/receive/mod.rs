//! Takes deliveries of webhooks: checks them, writes them into the journal,
//! and only then says so. What has to be done is done afterwards.
//!
//! What is refused is logged with its reason, its sender and its size, and
//! never with its content.

mod gate;
mod refusal;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretSlice};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use self::gate::{Gate, LONGEST, Peer};
use self::refusal::Refusal;
use super::config::{Config, LARGEST_PAYLOAD, Listen};
use super::journal::{Journal, Taken};
use super::log::Log;
use super::metrics::Metrics;
use super::observe::Watch;
use crate::model::DeploymentId;
use crate::webhook::{DeploymentEvent, Event, decode, verify};

/// Bodies are counted in pieces of so many bytes, since a semaphore counts in
/// 32 bits.
const PIECE: usize = 1024;
/// How long a delivery waits for room in the memory.
const ROOM_PATIENCE: Duration = Duration::from_secs(5);

/// A secret of a webhook.
#[derive(Clone, Debug)]
pub struct Secret(SecretSlice<u8>);

impl Secret {
    /// A secret as it is. An empty one would make every forgery valid.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (!bytes.is_empty()).then(|| Self(bytes.into()))
    }
}

impl AsRef<[u8]> for Secret {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

/// What takes deliveries.
pub(super) struct Receiver {
    pub(super) config: Arc<Config>,
    pub(super) listen: Listen,
    pub(super) secrets: Vec<Secret>,
    pub(super) journal: Journal,
    pub(super) metrics: Arc<Metrics>,
    pub(super) log: Log,
    /// Who is told of new deployments.
    pub(super) news: UnboundedSender<DeploymentId>,
    pub(super) watch: Arc<Watch>,
}

struct Served {
    receiver: Receiver,
    /// Room for bodies, in pieces.
    room: Semaphore,
}

/// Serves on `listener` for ever.
pub(super) async fn serve(listener: TcpListener, receiver: Receiver) -> io::Result<()> {
    let room = receiver.listen.max_body.max(LARGEST_PAYLOAD) * 2 / PIECE;
    let served = Arc::new(Served {
        room: Semaphore::new(room),
        receiver,
    });
    let router = Router::new()
        .fallback(handle)
        .with_state(served)
        .into_make_service_with_connect_info::<Peer>();
    axum::serve(Gate::new(listener), router).await
}

/// Serves health and metrics alone on `listener`, for ever.
pub(super) async fn serve_metrics(listener: TcpListener, watch: Arc<Watch>) -> io::Result<()> {
    let router = Router::new()
        .fallback(
            |State(watch): State<Arc<Watch>>, request: Request| async move {
                match watch.answer(request.method(), request.uri().path()).await {
                    Some(response) => response,
                    None => text(StatusCode::NOT_FOUND, "not found\n"),
                }
            },
        )
        .with_state(watch)
        .into_make_service_with_connect_info::<Peer>();
    axum::serve(Gate::new(listener), router).await
}

async fn handle(
    State(served): State<Arc<Served>>,
    ConnectInfo(Peer(peer)): ConnectInfo<Peer>,
    request: Request,
) -> Response<Body> {
    let receiver = &served.receiver;
    let path = request.uri().path();
    if path != receiver.listen.path {
        if let Some(response) = receiver.watch.answer(request.method(), path).await {
            return response;
        }
        // Whoever looks for open doors is counted, and gets no line of the log.
        receiver.metrics.refused("path");
        return text(StatusCode::NOT_FOUND, "not found\n");
    }
    let (parts, body) = request.into_parts();
    let mut size = declared_size(&parts.headers);
    let taken = served
        .take(&parts.method, &parts.headers, body, &mut size)
        .await;
    match taken {
        Ok(word) => {
            let status = if word == "pong" {
                StatusCode::OK
            } else {
                StatusCode::ACCEPTED
            };
            json_answer(status, &json!({ "status": word }))
        }
        Err(refusal) => {
            receiver.refuse(refusal, peer, &parts.headers, size);
            let mut response = json_answer(
                refusal.status(),
                &json!({ "status": "refused", "reason": refusal.reason() }),
            );
            if refusal == Refusal::Method {
                let allow = HeaderValue::from_static("POST");
                response.headers_mut().insert(header::ALLOW, allow);
            }
            response
        }
    }
}

impl Served {
    /// Takes a delivery into the journal; gives back what is done with it.
    async fn take(
        &self,
        method: &Method,
        headers: &HeaderMap,
        body: Body,
        size: &mut Option<usize>,
    ) -> Result<&'static str, Refusal> {
        let receiver = &self.receiver;
        if method != Method::POST {
            return Err(Refusal::Method);
        }
        let most = receiver.listen.max_body;
        if size.is_some_and(|size| size > most) {
            return Err(Refusal::TooLarge);
        }
        let _room = self.room(size.unwrap_or(most)).await?;
        let body = match timeout(LONGEST, to_bytes(body, most)).await {
            Ok(Ok(body)) => body,
            Ok(Err(error)) => return Err(Refusal::of_body(&error)),
            Err(_) => return Err(Refusal::TooSlow),
        };
        *size = Some(body.len());
        receiver.take(headers, &body).await
    }

    async fn room(&self, bytes: usize) -> Result<SemaphorePermit<'_>, Refusal> {
        let pieces = u32::try_from(bytes.div_ceil(PIECE)).unwrap_or(u32::MAX);
        match timeout(ROOM_PATIENCE, self.room.acquire_many(pieces)).await {
            Ok(Ok(room)) => Ok(room),
            _ => Err(Refusal::Busy),
        }
    }
}

impl Receiver {
    async fn take(&self, headers: &HeaderMap, body: &Bytes) -> Result<&'static str, Refusal> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if !self.listen.insecure {
            verify(&self.secrets, text("x-hub-signature-256"), body).map_err(Refusal::Signature)?;
        }
        let name = text("x-github-event").ok_or(Refusal::NoEvent)?;
        let delivery = delivery_id(headers).ok_or(Refusal::NoDeliveryId)?;
        let event = decode(name, text("content-type"), body).map_err(Refusal::Garbled)?;
        let told = match &event {
            Event::Ping { hook_id } => {
                self.metrics.received(false);
                self.log
                    .info("ping", json!({ "delivery": delivery, "hook": hook_id }));
                return Ok("pong");
            }
            Event::Deployment(event) => self.wanted(event, delivery)?,
            Event::DeploymentStatus(_) | Event::Other(_) => None,
        };
        let taken = self
            .journal
            .take(
                delivery,
                name,
                told.map(|event| (&event.repository, &event.deployment, event.by_workflow)),
                Timestamp::now(),
            )
            .await;
        let taken = taken.map_err(|error| {
            self.log
                .error("journal failed", json!({ "error": error.to_string() }));
            Refusal::Journal
        })?;
        self.metrics.received(taken == Taken::Again);
        Ok(match (taken, told) {
            (Taken::New, Some(event)) => {
                self.log
                    .info("deployment received", about(event, Some(delivery)));
                // Nobody listens any more once the agent ends; the journal
                // keeps it for the next start.
                let _ = self.news.send(event.deployment.id);
                "queued"
            }
            (Taken::Nothing, _) => "ignored",
            _ => "known",
        })
    }

    /// The event, if a rule is for it.
    fn wanted<'a>(
        &self,
        event: &'a DeploymentEvent,
        delivery: &str,
    ) -> Result<Option<&'a DeploymentEvent>, Refusal> {
        if event.action != "created" {
            return Ok(None);
        }
        if i64::try_from(event.deployment.id.0).is_err() {
            return Err(Refusal::Garbled(crate::webhook::Undecodable::WrongShape));
        }
        let request = super::config::Request {
            repository: &event.repository,
            environment: &event.deployment.environment,
            ref_name: &event.deployment.ref_name,
            sha: &event.deployment.sha,
            task: &event.deployment.task,
            by_workflow: event.by_workflow,
        };
        if self.config.rule_for(&request).is_none() {
            self.log
                .info("no rule for deployment", about(event, Some(delivery)));
            return Ok(None);
        }
        Ok(Some(event))
    }

    fn refuse(&self, refusal: Refusal, peer: SocketAddr, headers: &HeaderMap, size: Option<usize>) {
        self.metrics.refused(refusal.label());
        self.log.warn(
            "delivery refused",
            json!({
                "reason": refusal.reason(),
                "peer": peer.to_string(),
                "delivery": delivery_id(headers),
                "size": size,
            }),
        );
    }
}

fn about(event: &DeploymentEvent, delivery: Option<&str>) -> Value {
    let deployment = &event.deployment;
    json!({
        "id": deployment.id,
        "repository": event.repository.to_string(),
        "environment": deployment.environment,
        "ref": deployment.ref_name,
        "task": deployment.task,
        "delivery": delivery,
    })
}

/// The delivery's id, if it is one that GitHub could have made: letters,
/// digits and dashes.
fn delivery_id(headers: &HeaderMap) -> Option<&str> {
    headers
        .get("x-github-delivery")
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (1..=100).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

fn declared_size(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
}

fn json_answer(status: StatusCode, body: &Value) -> Response<Body> {
    answer(status, "application/json", format!("{body}\n"))
}

fn text(status: StatusCode, body: &str) -> Response<Body> {
    answer(status, "text/plain; charset=utf-8", body.to_owned())
}

/// Every connection carries one request: so each can have a fixed time.
pub(super) fn answer(status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
