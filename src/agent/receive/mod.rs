//! Takes deliveries of webhooks: checks them, writes them into the journal,
//! and only then says so. What has to be done is done afterwards.
//!
//! What is refused is logged with its reason, its sender and its size, and
//! never with its content.

mod gate;
mod refusal;
mod refused;
mod room;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretSlice};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedSender;

use self::gate::{Gate, Peer};
use self::refusal::Refusal;
use self::refused::Refused;
use self::room::{Room, drain};
use super::config::LARGEST_PAYLOAD;
use super::journal::{Journal, Taken};
use super::log::Log;
use super::metrics::Metrics;
use super::observe::Watch;
use super::settings::{Current, Settings};
use crate::model::DeploymentId;
use crate::webhook::{DeploymentEvent, Event, InvalidSignature, decode, verify};

/// A secret of a webhook.
#[derive(Clone, Debug)]
pub(crate) struct Secret(SecretSlice<u8>);

impl Secret {
    /// A secret as it is. An empty one would make every forgery valid.
    pub(crate) fn new(bytes: Vec<u8>) -> Option<Self> {
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
    pub(super) settings: Current,
    pub(super) journal: Journal,
    pub(super) metrics: Arc<Metrics>,
    pub(super) log: Log,
    /// Who is told of new deployments.
    pub(super) news: UnboundedSender<DeploymentId>,
    pub(super) watch: Arc<Watch>,
}

struct Served {
    receiver: Receiver,
    room: Room,
    refused: Refused,
}

/// Serves on `listener` for ever; the largest body has `max_body` bytes.
pub(super) async fn serve(
    listener: TcpListener,
    receiver: Receiver,
    max_body: usize,
) -> io::Result<()> {
    let served = Arc::new(Served {
        receiver,
        room: Room::new(max_body.max(LARGEST_PAYLOAD)),
        refused: Refused::default(),
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
                    None => plain(StatusCode::NOT_FOUND, "not found\n"),
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
    let settings = Arc::clone(&receiver.settings.borrow());
    let listen = settings.config.listen.as_ref();
    if listen.is_none_or(|listen| path != listen.path) {
        if let Some(response) = receiver.watch.answer(request.method(), path).await {
            return response;
        }
        // Whoever looks for open doors is counted, and gets no line of the log.
        receiver.metrics.refused("path");
        return plain(StatusCode::NOT_FOUND, "not found\n");
    }
    let (parts, body) = request.into_parts();
    let mut size = declared_size(&parts.headers);
    let taken = served
        .take(&settings, &parts.method, &parts.headers, body, &mut size)
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
            served.refuse(refusal, peer, &parts.headers, size);
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
        settings: &Settings,
        method: &Method,
        headers: &HeaderMap,
        body: Body,
        size: &mut Option<usize>,
    ) -> Result<&'static str, Refusal> {
        let receiver = &self.receiver;
        if method != Method::POST {
            return Err(Refusal::Method);
        }
        let listen = settings.config.listen.as_ref();
        let most = listen.map_or(LARGEST_PAYLOAD, |listen| listen.max_body);
        let is_insecure = listen.is_some_and(|listen| listen.insecure);
        if size.is_some_and(|size| size > most) {
            return Err(Refusal::TooLarge);
        }
        let signature = text(headers, "x-hub-signature-256");
        // Without a signature that could be one the body is of no use.
        let no_secrets: &[Secret] = &[];
        if !is_insecure
            && let Err(error @ (InvalidSignature::Missing | InvalidSignature::Malformed)) =
                verify(no_secrets, signature, b"")
        {
            *size = Some(drain(body, most).await);
            return Err(Refusal::Signature(error));
        }
        let body = self.room.read(body, most).await?;
        *size = Some(body.bytes.len());
        if !is_insecure {
            verify(&settings.secrets, signature, &body.bytes).map_err(Refusal::Signature)?;
        }
        receiver.take(settings, headers, &body.bytes).await
    }

    fn refuse(&self, refusal: Refusal, peer: SocketAddr, headers: &HeaderMap, size: Option<usize>) {
        let receiver = &self.receiver;
        receiver.metrics.refused(refusal.label());
        let Some(not_logged) = self.refused.count(refusal.label(), Instant::now()) else {
            return;
        };
        receiver.log.warn(
            "delivery refused",
            json!({
                "reason": refusal.reason(),
                "peer": peer.to_string(),
                "delivery": delivery_id(headers),
                "size": size,
                "not_logged": (not_logged > 0).then_some(not_logged),
            }),
        );
    }
}

impl Receiver {
    async fn take(
        &self,
        settings: &Settings,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<&'static str, Refusal> {
        let name = text(headers, "x-github-event").ok_or(Refusal::NoEvent)?;
        let delivery = delivery_id(headers).ok_or(Refusal::NoDeliveryId)?;
        let event = decode(name, text(headers, "content-type"), body).map_err(Refusal::Garbled)?;
        let told = match &event {
            Event::Ping { hook_id } => {
                self.metrics.received(false);
                self.log
                    .info("ping", json!({ "delivery": delivery, "hook": hook_id }));
                return Ok("pong");
            }
            Event::Deployment(event) => self.wanted(settings, event, delivery)?,
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
        settings: &Settings,
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
        if settings.config.rule_for(&request).is_none() {
            self.log
                .info("no rule for deployment", about(event, Some(delivery)));
            return Ok(None);
        }
        Ok(Some(event))
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
    text(headers, "x-github-delivery").filter(|id| {
        (1..=100).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
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

fn plain(status: StatusCode, body: &str) -> Response<Body> {
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
