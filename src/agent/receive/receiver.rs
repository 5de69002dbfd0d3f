use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedSender;

use super::body_budget::{BodyBudget, discard};
use super::limited_listener::LimitedListener;
use super::refusal::Refusal;
use super::refusal_log::RefusalLog;
use crate::agent::config::{LARGEST_PAYLOAD_BYTES, RuleInput};
use crate::agent::http::{json_response, text_response};
use crate::agent::journal::{DeliveryResult, Journal};
use crate::agent::log::Log;
use crate::agent::metrics::Metrics;
use crate::agent::monitoring::Monitoring;
use crate::agent::settings::{Secret, Settings, SettingsReceiver};
use crate::model::DeploymentId;
use crate::webhook::{DeploymentEvent, Event, InvalidSignature, decode, verify};

/// Receives deliveries.
pub(in crate::agent) struct Receiver {
    pub(in crate::agent) settings: SettingsReceiver,
    pub(in crate::agent) journal: Journal,
    pub(in crate::agent) metrics: Arc<Metrics>,
    pub(in crate::agent) log: Log,
    /// Passes new deployments to the dispatcher.
    pub(in crate::agent) new_deployments: UnboundedSender<DeploymentId>,
    pub(in crate::agent) monitoring: Arc<Monitoring>,
}

struct Server {
    receiver: Receiver,
    body_budget: BodyBudget,
    refusal_log: RefusalLog,
}

/// Receives deliveries on `listener`.
pub(in crate::agent) async fn serve(
    listener: TcpListener,
    receiver: Receiver,
    max_body_bytes: usize,
) -> io::Result<()> {
    let server = Arc::new(Server {
        receiver,
        body_budget: BodyBudget::new(max_body_bytes.max(LARGEST_PAYLOAD_BYTES)),
        refusal_log: RefusalLog::default(),
    });
    serve_each(listener, move |peer, request| {
        respond(Arc::clone(&server), peer, request)
    })
    .await
}

/// Serves only health and metrics on `listener`.
pub(in crate::agent) async fn serve_monitoring(
    listener: TcpListener,
    monitoring: Arc<Monitoring>,
) -> io::Result<()> {
    serve_each(listener, move |_, request| {
        let monitoring = Arc::clone(&monitoring);
        async move {
            let (method, path) = (request.method(), request.uri().path());
            match monitoring.respond(method, path).await {
                Some(response) => response,
                None => text_response(StatusCode::NOT_FOUND, "not found\n"),
            }
        }
    })
    .await
}

/// Responds to each request by `respond`.
async fn serve_each<F>(
    listener: TcpListener,
    respond: impl Fn(SocketAddr, Request<Incoming>) -> F + Clone + Send + Sync + 'static,
) -> io::Result<()>
where
    F: Future<Output = Response<Full<Bytes>>> + Send,
{
    let mut listener = LimitedListener::new(listener);
    loop {
        let (stream, peer) = listener.accept().await;
        let respond = respond.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let response = respond(peer, request);
                async { Ok::<_, Infallible>(response.await) }
            });
            // It fails when the client goes away or is too slow.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn respond(
    server: Arc<Server>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let receiver = &server.receiver;
    let path = request.uri().path();
    let settings = Arc::clone(&receiver.settings.borrow());
    let listen = settings.config.listen.as_ref();
    if listen.is_none_or(|listen| path != listen.path) {
        if let Some(response) = receiver.monitoring.respond(request.method(), path).await {
            return response;
        }
        // Scanners are counted, but not logged.
        receiver.metrics.count_refused("path");
        return text_response(StatusCode::NOT_FOUND, "not found\n");
    }
    let (parts, body) = request.into_parts();
    let mut size = declared_size(&parts.headers);
    let accepted = server
        .check_and_accept(&settings, &parts.method, &parts.headers, body, &mut size)
        .await;
    match accepted {
        Ok(result) => {
            let status = if result == "pong" {
                StatusCode::OK
            } else {
                StatusCode::ACCEPTED
            };
            json_response(status, &json!({ "status": result }))
        }
        Err(refusal) => {
            server.log_refusal(refusal, peer, &parts.headers, size);
            let mut response = json_response(
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

impl Server {
    /// Checks a request, and writes its delivery to the journal. Returns what is done
    /// with it.
    async fn check_and_accept(
        &self,
        settings: &Settings,
        method: &Method,
        headers: &HeaderMap,
        body: Incoming,
        size: &mut Option<usize>,
    ) -> Result<&'static str, Refusal> {
        let receiver = &self.receiver;
        if method != Method::POST {
            return Err(Refusal::Method);
        }
        let listen = settings.config.listen.as_ref();
        let max_bytes = listen.map_or(LARGEST_PAYLOAD_BYTES, |listen| listen.max_body_bytes);
        let is_insecure = listen.is_some_and(|listen| listen.insecure);
        if size.is_some_and(|size| size > max_bytes) {
            return Err(Refusal::TooLarge);
        }
        let signature = text(headers, "x-hub-signature-256");
        // Without a well-formed signature the body need not be read.
        let no_secrets: &[Secret] = &[];
        if !is_insecure
            && let Err(error @ (InvalidSignature::Missing | InvalidSignature::Malformed)) =
                verify(no_secrets, signature, b"")
        {
            *size = Some(discard(body, max_bytes).await);
            return Err(Refusal::Signature(error));
        }
        let body = self.body_budget.read(body, max_bytes).await?;
        *size = Some(body.bytes.len());
        if !is_insecure {
            verify(&settings.secrets, signature, &body.bytes).map_err(Refusal::Signature)?;
        }
        receiver.accept(settings, headers, &body.bytes).await
    }

    fn log_refusal(
        &self,
        refusal: Refusal,
        peer: SocketAddr,
        headers: &HeaderMap,
        size: Option<usize>,
    ) {
        let receiver = &self.receiver;
        receiver.metrics.count_refused(refusal.label());
        let Some(not_logged) = self.refusal_log.count(refusal.label(), Instant::now()) else {
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
    async fn accept(
        &self,
        settings: &Settings,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<&'static str, Refusal> {
        let name = text(headers, "x-github-event").ok_or(Refusal::NoEvent)?;
        let delivery = delivery_id(headers).ok_or(Refusal::NoDeliveryId)?;
        let event =
            decode(name, text(headers, "content-type"), body).map_err(Refusal::Undecodable)?;
        let wanted = match &event {
            Event::Ping { hook_id } => {
                self.metrics.count_delivery(false);
                self.log
                    .info("ping", json!({ "delivery": delivery, "hook": hook_id }));
                return Ok("pong");
            }
            Event::Deployment(event) => self.match_rule(settings, event, delivery)?,
            Event::DeploymentStatus(_) | Event::Other(_) => None,
        };
        let recorded = self
            .journal
            .record_delivery(
                delivery,
                name,
                wanted.map(|event| (&event.repository, &event.deployment, event.by_workflow)),
                Timestamp::now(),
            )
            .await;
        let recorded = recorded.map_err(|error| {
            self.log
                .error("journal failed", json!({ "error": error.to_string() }));
            Refusal::Journal
        })?;
        self.metrics
            .count_delivery(recorded == DeliveryResult::Repeated);
        Ok(match (recorded, wanted) {
            (DeliveryResult::New, Some(event)) => {
                self.log
                    .info("deployment received", log_fields(event, Some(delivery)));
                // When the agent stops, nothing receives it any more; the journal
                // keeps it for the next start.
                let _ = self.new_deployments.send(event.deployment.id);
                "queued"
            }
            (DeliveryResult::Irrelevant, _) => "ignored",
            _ => "known",
        })
    }

    /// Returns the event if a rule matches it.
    fn match_rule<'a>(
        &self,
        settings: &Settings,
        event: &'a DeploymentEvent,
        delivery: &str,
    ) -> Result<Option<&'a DeploymentEvent>, Refusal> {
        if event.action != "created" {
            return Ok(None);
        }
        if i64::try_from(event.deployment.id.0).is_err() {
            return Err(Refusal::Undecodable(
                crate::webhook::Undecodable::WrongShape,
            ));
        }
        let input = RuleInput::new(&event.repository, &event.deployment, event.by_workflow);
        if settings.config.rule_for(&input).is_none() {
            self.log
                .info("no rule for deployment", log_fields(event, Some(delivery)));
            return Ok(None);
        }
        Ok(Some(event))
    }
}

fn log_fields(event: &DeploymentEvent, delivery: Option<&str>) -> Value {
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

/// The delivery's ID, if it consists of letters, digits and dashes as those of
/// GitHub do.
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
