//! The listener and its life.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use http::request::Parts;
use http::{Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};

use super::app::App;
use super::config::Config;
use super::dispatch::answer;
use super::error::SandboxError;
use super::faults::{self, Connection, DIRECT_PREFIX, FaultRequest, FaultRules, FaultyStream};
use super::http::{Body, LOGIN, Limits, Urls, whole_body};
use super::rules::{Core, Failure};
use super::webhooks::{Dispatcher, EventRecorder};

/// The largest body of a request, in bytes.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How many requests are processed at once. More wait, so that the number of
/// connections to the database and of git processes stays bounded.
const MAX_CONCURRENT_REQUESTS: usize = 32;

/// The pause after the system has refused a connection, for example because file
/// descriptors ran out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// How long requests in flight may take once the server stops.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

/// A running server. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    dispatcher: Option<Dispatcher>,
}

impl Sandbox {
    /// Opens the data directory, registers the repositories and starts to
    /// listen. The server and the delivery of webhooks run on the current tokio
    /// runtime, of either flavour.
    ///
    /// # Errors
    ///
    /// If the data directory, the database, a repository or the address
    /// cannot be used.
    pub async fn start(config: Config) -> Result<Self, SandboxError> {
        let (core, config) = spawn_blocking(move || Core::open(&config).map(|core| (core, config)))
            .await
            .map_err(|error| SandboxError::Broken(error.to_string()))??;
        let requested = SocketAddr::new(config.listen, config.port);
        let fail = |source| SandboxError::Listen {
            address: requested.to_string(),
            source,
        };
        let listener = TcpListener::bind(requested).await.map_err(fail)?;
        let address = reachable(listener.local_addr().map_err(fail)?).to_string();
        let core = Arc::new(core);
        if config.webhooks.is_some() {
            let (core, config) = (Arc::clone(&core), config.clone());
            let urls = Urls::new(&address, "");
            spawn_blocking(move || set_webhooks(&core, &config, &urls))
                .await
                .map_err(|error| SandboxError::Broken(error.to_string()))??;
        }
        let dispatcher = config
            .delivers
            .then(|| Dispatcher::open(Arc::clone(&core), config.webhook_timeout));
        let app = Arc::new(App {
            core,
            limits: Limits::new(config.enforce_limits, config.enforce_content_limits),
            tokens: config.tokens,
            address: address.clone(),
            requests: AtomicU64::new(0),
        });
        let state = Arc::new(ServerState {
            app,
            permits: Arc::new(Semaphore::new(MAX_CONCURRENT_REQUESTS)),
            faults: FaultRules::new(config.faults),
        });
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(listener, state, stopped));
        Ok(Self {
            url: format!("http://{address}"),
            stop,
            task,
            dispatcher,
        })
    }

    /// Where the server is, such as `http://127.0.0.1:8080`. The same API is
    /// also under `/api/v3`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops accepting requests and waits for requests and webhook deliveries
    /// in flight, for about two seconds at most. Deliveries that are not sent
    /// by then are sent by the next server on the same data.
    pub async fn stop(self) {
        let Self {
            stop,
            mut task,
            dispatcher,
            ..
        } = self;
        // The receiver is dropped only if the server has already ended.
        let _ = stop.send(());
        let served = async {
            if timeout(SHUTDOWN_GRACE, &mut task).await.is_err() {
                task.abort();
            }
        };
        let sent = async {
            if let Some(dispatcher) = dispatcher {
                dispatcher.close(SHUTDOWN_GRACE).await;
            }
        };
        tokio::join!(served, sent);
    }
}

/// Gives the served repositories the webhooks of the set-up.
fn set_webhooks(core: &Core, config: &Config, urls: &Urls) -> Result<(), SandboxError> {
    let broken = |failure: Failure| SandboxError::Webhooks(failure.detail());
    let given = config.webhooks.as_deref().unwrap_or_default();
    let user = core.user(LOGIN).map_err(broken)?;
    for source in &config.repositories {
        let found = core.repository(&source.owner, &source.name);
        let Some(repository) = found.map_err(broken)? else {
            continue;
        };
        let recorder = EventRecorder::new(core, urls, &repository, &user).map_err(broken)?;
        core.sync_configured_hooks(&repository, given, |write, hook| {
            recorder.record_first_ping(write, hook)
        })
        .map_err(broken)?;
    }
    Ok(())
}

/// An address that a client on this machine can connect to.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

struct ServerState {
    app: Arc<App>,
    permits: Arc<Semaphore>,
    faults: FaultRules,
}

/// Serves until `stopped` receives or its sender is dropped, and then until the
/// requests in flight are answered.
async fn serve(listener: TcpListener, state: Arc<ServerState>, mut stopped: oneshot::Receiver<()>) {
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => break,
        };
        let Ok((stream, _)) = accepted else {
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let stream = FaultyStream::new(stream);
        let (state, connection) = (Arc::clone(&state), stream.connection());
        let service = service_fn(move |request| {
            let answer = handle(Arc::clone(&state), connection.clone(), request);
            async { Ok::<_, Infallible>(answer.await) }
        });
        let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // It fails when the client goes away.
        tokio::spawn(connections.watch(served));
    }
    drop(listener);
    connections.shutdown().await;
}

async fn handle(
    state: Arc<ServerState>,
    connection: Connection,
    request: Request<Incoming>,
) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await;
    let body = body.ok().map(|body| body.to_bytes().into());
    if let Some(uri) = without_faults(&parts.uri) {
        parts.uri = uri;
        return state.answer(parts, body).await;
    }
    let (uri, headers) = (parts.uri.clone(), parts.headers.clone());
    let method = parts.method.clone();
    let text = body.clone().unwrap_or_default();
    let path = uri.path();
    let fault_request = FaultRequest {
        method: &method,
        path: path
            .strip_prefix("/api/v3")
            .filter(|rest| rest.starts_with('/'))
            .unwrap_or(path),
        target: uri.path_and_query().map_or(path, |target| target.as_str()),
        headers: &headers,
        body: &text,
        host: headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or(&state.app.address),
        now: state.app.core.now(),
    };
    faults::serve(
        &state.faults,
        &connection,
        &fault_request,
        state.answer(parts, body),
    )
    .await
}

impl ServerState {
    async fn answer(&self, parts: Parts, body: Option<Vec<u8>>) -> Response<Body> {
        // The semaphore is never closed. The blocking task holds the permit
        // until it ends, even if the client disconnects.
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let app = Arc::clone(&self.app);
        let work = spawn_blocking(move || {
            let _permit = permit;
            answer(&app, &parts, body)
        });
        work.await.unwrap_or_else(|_| {
            let mut response = Response::new(whole_body(Vec::new()));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        })
    }
}

/// The target of a request below [`DIRECT_PREFIX`], which no fault affects.
fn without_faults(uri: &Uri) -> Option<Uri> {
    let target = uri.path_and_query()?.as_str().strip_prefix(DIRECT_PREFIX)?;
    target.starts_with('/').then(|| target.parse().ok())?
}
