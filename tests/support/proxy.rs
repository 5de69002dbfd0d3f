//! A recording HTTP proxy in front of a server: it records each request with its
//! times, and breaks the connections that a test chooses.
//!
//! Every connection carries one request. The `Host` header stays the proxy's,
//! so that the URLs in the server's answers lead through the proxy again.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::ops::{Bound, RangeBounds};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use socket2::SockRef;

/// The read timeout of a peer that sends nothing.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(60);

/// A request as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    /// When its head and body had been read.
    pub(crate) arrived: Instant,
    /// When the answer was sent, or the connection broken; `None` meanwhile.
    pub(crate) ended: Option<Instant>,
    /// The method.
    pub(crate) method: String,
    /// Path and query, as sent.
    pub(crate) target: String,
    /// The headers, with names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// The status that went to the client; `None` if none did.
    pub(crate) status: Option<u16>,
    /// The status that the server gave; `None` if it was not asked.
    pub(crate) server_status: Option<u16>,
}

impl Recorded {
    /// The path without its query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The first header of this name (in lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!(
                "the body of {} {} is no JSON: {error}",
                self.method, self.target
            )
        })
    }

    /// Whether both were in progress at the same time.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let before = |a: &Self, b: &Self| b.ended.is_none_or(|end| a.arrived < end);
        before(self, other) && before(other, self)
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// What happens to a request.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// The connection is reset; the server does not get the request.
    ResetBefore,
    /// The server performs the request, and the connection is reset before the
    /// response.
    ResetAfter,
    /// The server answers, and the connection is reset in the middle of the
    /// answer's body.
    ResetWithin,
    /// The server answers, and this many bytes of its body arrive before the
    /// connection is closed.
    Truncate(usize),
    /// The client gets this response; the server does not get the request.
    Answer(Answer),
    /// The server performs the request, but the client gets this response.
    Replace(Answer),
    /// The response has no rate limit headers, as on a GitHub Enterprise Server.
    WithoutLimits,
    /// The request is delayed for this long, then forwarded.
    Delay(Duration),
    /// The request is held back until [`Proxy::heal`], then passed on; a proxy that
    /// stops drops it.
    Hold,
    /// A request that does not carry this token is answered with 401.
    UnlessToken(String),
}

/// A response that the proxy makes.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    /// A JSON body, as GitHub's errors have it.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![(
                "content-type".to_owned(),
                "application/json; charset=utf-8".to_owned(),
            )],
            body: body.to_string().into_bytes(),
        }
    }

    /// An HTML page, as a load balancer's errors have it.
    pub(crate) fn html(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body: body.as_bytes().to_vec(),
        }
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} Of The Proxy\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        bytes.extend(format!("content-length: {}\r\n", self.body.len()).bytes());
        bytes.extend_from_slice(b"connection: close\r\n\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

struct Rule {
    method: String,
    path: String,
    first: usize,
    last: usize,
    seen: usize,
    fault: Fault,
}

#[derive(Default)]
struct Traffic {
    requests: Vec<Recorded>,
    rules: Vec<Rule>,
    in_flight: usize,
    most_in_flight: usize,
    meeting: Option<(usize, Duration)>,
}

struct Shared {
    origin: SocketAddr,
    traffic: Mutex<Traffic>,
    changed: Condvar,
    stopped: AtomicBool,
}

impl Shared {
    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic
            .lock()
            .expect("no thread of the proxy panicked")
    }
}

/// The proxy; it stops when it is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

impl Proxy {
    /// A proxy in front of `origin`, an `http://ADDRESS:PORT`.
    pub(crate) fn before(origin: &str) -> Self {
        let origin = origin
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .parse()
            .expect("an origin of the form http://ADDRESS:PORT");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            origin,
            traffic: Mutex::default(),
            changed: Condvar::new(),
            stopped: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        let listener = thread::spawn(move || {
            for client in listener.incoming() {
                if serving.stopped.load(Ordering::Acquire) {
                    return;
                }
                let Ok(client) = client else { continue };
                let shared = Arc::clone(&serving);
                thread::spawn(move || {
                    // A peer that disconnects ends its connection, not the test.
                    drop(serve(&shared, client));
                });
            }
        });
        Self {
            address,
            shared,
            listener: Some(listener),
        }
    }

    /// The address to give to clients.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Applies `fault` to requests with this method (`*`: any) and path (with `*`
    /// for any text), but only to those with these numbers, counted from 1 among
    /// those that match.
    pub(crate) fn fault(
        &self,
        method: &str,
        path: &str,
        numbers: impl RangeBounds<usize>,
        fault: Fault,
    ) {
        let first = match numbers.start_bound() {
            Bound::Included(first) => *first,
            Bound::Excluded(before) => before + 1,
            Bound::Unbounded => 1,
        };
        let last = match numbers.end_bound() {
            Bound::Included(last) => *last,
            Bound::Excluded(after) => after - 1,
            Bound::Unbounded => usize::MAX,
        };
        self.shared.traffic().rules.push(Rule {
            method: method.to_owned(),
            path: path.to_owned(),
            first,
            last,
            seen: 0,
            fault,
        });
    }

    /// Forgets all faults.
    pub(crate) fn heal(&self) {
        self.shared.traffic().rules.clear();
        self.shared.changed.notify_all();
    }

    /// Waits until `count` requests of this method and path have arrived.
    pub(crate) fn wait_for(&self, method: &str, path: &str, count: usize) {
        let deadline = Instant::now() + SILENCE_TIMEOUT;
        while self.matching(method, path).len() < count {
            assert!(Instant::now() < deadline, "no {method} {path}");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// From now on a request is held until `count` are in progress at once, or for
    /// at most `patience`. Requests that a client sends at the same time then
    /// certainly overlap, and others never do.
    pub(crate) fn meet(&self, count: usize, patience: Duration) {
        self.shared.traffic().meeting = Some((count, patience));
    }

    /// The requests so far, in the order of arrival.
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.shared.traffic().requests.clone()
    }

    /// The requests with this method (`*`: any) and path (with `*` for any text).
    pub(crate) fn matching(&self, method: &str, path: &str) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|r| (method == "*" || r.method == method) && matches(path, r.path()));
        requests
    }

    /// The largest number of requests that were in progress at once.
    pub(crate) fn most_in_flight(&self) -> usize {
        self.shared.traffic().most_in_flight
    }

    /// Forgets the requests so far, and keeps the rules.
    pub(crate) fn forget(&self) {
        let mut traffic = self.shared.traffic();
        traffic.requests.clear();
        traffic.most_in_flight = traffic.in_flight;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Release);
        self.shared.changed.notify_all();
        // The connection wakes the listener, which then sees that it is over.
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            drop(listener.join());
        }
    }
}

/// Whether a path matches a pattern in which `*` stands for any text.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((start, rest)) => path.strip_prefix(start).is_some_and(|tail| {
            tail.char_indices()
                .map(|(at, _)| at)
                .chain([tail.len()])
                .any(|at| matches(rest, &tail[at..]))
        }),
    }
}

fn serve(shared: &Shared, mut client: TcpStream) -> io::Result<()> {
    client.set_read_timeout(Some(SILENCE_TIMEOUT))?;
    client.set_nodelay(true)?;
    let Some(request) = read_request(&mut client)? else {
        return Ok(());
    };
    let (number, fault) = arrive(shared, &request);
    let sent = answer(shared, &mut client, &request, number, fault);
    let mut traffic = shared.traffic();
    traffic.in_flight -= 1;
    // A test may have called `forget` in the meantime.
    if let Some(recorded) = traffic.requests.get_mut(number) {
        recorded.ended = Some(Instant::now());
    }
    sent
}

struct Request {
    recorded: Recorded,
    raw_headers: Vec<String>,
}

fn read_request(client: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = find(&bytes, b"\r\n\r\n") {
            break at;
        }
        if !read_more(client, &mut bytes)? {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut body = bytes.split_off(head_end + 4);
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let method = first.next().unwrap_or_default().to_owned();
    let target = first.next().unwrap_or_default().to_owned();
    let raw_headers: Vec<String> = lines.map(str::to_owned).collect();
    let headers = parse_headers(raw_headers.iter().map(String::as_str));
    if let Some(length) = header(&headers, "content-length") {
        let length: usize = length.parse().map_err(io::Error::other)?;
        while body.len() < length && read_more(client, &mut body)? {}
    } else if header(&headers, "transfer-encoding").is_some() {
        while !body.ends_with(b"0\r\n\r\n") && read_more(client, &mut body)? {}
    }
    Ok(Some(Request {
        recorded: Recorded {
            arrived: Instant::now(),
            ended: None,
            method,
            target,
            headers,
            body,
            status: None,
            server_status: None,
        },
        raw_headers,
    }))
}

fn parse_headers<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}

fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<bool> {
    let mut buffer = [0; 16 * 1024];
    let read = loop {
        match stream.read(&mut buffer) {
            // A child of the sandbox that ends, a git, interrupts any read that
            // has a time-out.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    bytes.extend_from_slice(&buffer[..read]);
    Ok(read > 0)
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// Records a request, waits for others if necessary, and chooses its fault.
fn arrive(shared: &Shared, request: &Request) -> (usize, Option<Fault>) {
    let mut traffic = shared.traffic();
    traffic.in_flight += 1;
    traffic.most_in_flight = traffic.most_in_flight.max(traffic.in_flight);
    traffic.requests.push(request.recorded.clone());
    let number = traffic.requests.len() - 1;
    let mut fault = None;
    for rule in &mut traffic.rules {
        let method = rule.method == "*" || rule.method == request.recorded.method;
        if method && matches(&rule.path, request.recorded.path()) {
            rule.seen += 1;
            if fault.is_none() && (rule.first..=rule.last).contains(&rule.seen) {
                fault = Some(rule.fault.clone());
            }
        }
    }
    shared.changed.notify_all();
    if let Some((count, patience)) = traffic.meeting {
        let deadline = Instant::now() + patience;
        // Once enough requests have met, all continue, including late ones.
        while traffic.most_in_flight < count {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            traffic = shared
                .changed
                .wait_timeout(traffic, left)
                .expect("no thread of the proxy panicked")
                .0;
        }
    }
    (number, fault)
}

fn answer(
    shared: &Shared,
    client: &mut TcpStream,
    request: &Request,
    number: usize,
    fault: Option<Fault>,
) -> io::Result<()> {
    let fault = match fault {
        Some(Fault::ResetBefore) => return reset(client),
        Some(Fault::Answer(own)) => {
            note(shared, number, |r| r.status = Some(own.status));
            return send(client, &own.bytes());
        }
        Some(Fault::UnlessToken(token)) => {
            let carries = format!("bearer {token}");
            let mut headers = request.raw_headers.iter();
            if !headers.any(|line| line.to_lowercase().ends_with(&carries)) {
                let refused = serde_json::json!({ "message": "Bad credentials" });
                note(shared, number, |r| r.status = Some(401));
                return send(client, &Answer::json(401, &refused).bytes());
            }
            None
        }
        Some(Fault::Delay(time)) => {
            thread::sleep(time);
            None
        }
        Some(Fault::Hold) => {
            let is_held = |traffic: &mut Traffic| {
                let stopped = shared.stopped.load(Ordering::Acquire);
                !stopped && !traffic.rules.is_empty()
            };
            drop(
                shared
                    .changed
                    .wait_timeout_while(shared.traffic(), SILENCE_TIMEOUT, is_held),
            );
            if shared.stopped.load(Ordering::Acquire) {
                return reset(client);
            }
            None
        }
        other => other,
    };
    let reply = forward(shared.origin, request)?;
    let status = status_of(&reply);
    note(shared, number, |r| r.server_status = status);
    let body = find(&reply, b"\r\n\r\n").map_or(reply.len(), |at| at + 4);
    match fault {
        Some(Fault::ResetAfter) => reset(client),
        Some(Fault::ResetWithin) => {
            client.write_all(&reply[..body + (reply.len() - body) / 2])?;
            client.flush()?;
            // The half must have arrived, because a reset discards the rest.
            thread::sleep(Duration::from_millis(50));
            reset(client)
        }
        Some(Fault::WithoutLimits) => {
            note(shared, number, |r| r.status = status);
            send(client, &without_limits(&reply, body))
        }
        Some(Fault::Truncate(length)) => send(client, &reply[..reply.len().min(body + length)]),
        Some(Fault::Replace(own)) => {
            note(shared, number, |r| r.status = Some(own.status));
            send(client, &own.bytes())
        }
        _ => {
            note(shared, number, |r| r.status = status);
            send(client, &reply)
        }
    }
}

fn note(shared: &Shared, number: usize, change: impl FnOnce(&mut Recorded)) {
    if let Some(recorded) = shared.traffic().requests.get_mut(number) {
        change(recorded);
    }
}

/// Forwards a request and returns the whole response, with `Connection: close`.
fn forward(origin: SocketAddr, request: &Request) -> io::Result<Vec<u8>> {
    let mut server = TcpStream::connect(origin)?;
    server.set_read_timeout(Some(SILENCE_TIMEOUT))?;
    let Recorded {
        method,
        target,
        body,
        ..
    } = &request.recorded;
    let mut bytes = format!("{method} {target} HTTP/1.1\r\n").into_bytes();
    for line in &request.raw_headers {
        if !is_about_connection(line) {
            bytes.extend_from_slice(line.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
    }
    bytes.extend_from_slice(b"connection: close\r\n\r\n");
    bytes.extend_from_slice(body);
    server.write_all(&bytes)?;
    let mut reply = Vec::new();
    server.read_to_end(&mut reply)?;
    let head_end = find(&reply, b"\r\n\r\n")
        .ok_or_else(|| io::Error::other("the server closed without an answer"))?;
    let head = String::from_utf8_lossy(&reply[..head_end]).into_owned();
    let mut passed = Vec::with_capacity(reply.len() + 32);
    for line in head.split("\r\n").filter(|line| !is_about_connection(line)) {
        passed.extend_from_slice(line.as_bytes());
        passed.extend_from_slice(b"\r\n");
    }
    passed.extend_from_slice(b"connection: close\r\n\r\n");
    passed.extend_from_slice(&reply[head_end + 4..]);
    Ok(passed)
}

/// Removes the rate limit headers of a response whose body begins at `body`.
fn without_limits(reply: &[u8], body: usize) -> Vec<u8> {
    let head = String::from_utf8_lossy(&reply[..body]).into_owned();
    let mut kept = Vec::with_capacity(reply.len());
    for line in head.split_inclusive("\r\n") {
        if !line.to_ascii_lowercase().starts_with("x-ratelimit-") {
            kept.extend_from_slice(line.as_bytes());
        }
    }
    kept.extend_from_slice(&reply[body..]);
    kept
}

fn is_about_connection(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    name.eq_ignore_ascii_case("connection") || name.eq_ignore_ascii_case("keep-alive")
}

fn status_of(reply: &[u8]) -> Option<u16> {
    let line = reply.split(|byte| *byte == b'\r').next()?;
    std::str::from_utf8(line)
        .ok()?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

fn send(client: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    client.write_all(bytes)?;
    client.flush()?;
    client.shutdown(Shutdown::Write)
}

/// Ends a connection with a real RST.
fn reset(client: &mut TcpStream) -> io::Result<()> {
    SockRef::from(&*client).set_linger(Some(Duration::ZERO))
}
