//! A small server that answers from a script, records its requests, and can
//! break off a connection at any point.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::Value;

/// A request as received.
#[derive(Clone, Debug)]
pub(crate) struct ReceivedRequest {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl ReceivedRequest {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path() == path
    }

    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the request has JSON")
    }

    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let date = DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&Timestamp::now())
            .expect("a date");
        Self {
            status,
            headers: vec![
                ("Content-Type".to_owned(), kind.to_owned()),
                ("Date".to_owned(), date),
            ],
            body: body.into(),
        }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    pub(crate) fn html(status: u16, body: &str) -> Self {
        Self::new(status, "text/html", body)
    }

    /// Sets a header, replacing one of the same name.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        self
    }

    fn head(&self, length: Option<usize>) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} X\r\n", self.status);
        for (name, value) in &self.headers {
            head.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
        }
        match length {
            _ if matches!(self.status, 204 | 304) => {}
            Some(length) => head.extend(["Content-Length: ", &length.to_string(), "\r\n"]),
            None => head.push_str("Connection: close\r\n"),
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// The server's reaction to a request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Answer(Response),
    /// Waits, then performs the other action.
    After(Duration, Box<Act>),
    /// Breaks the connection with a reset, without a response.
    Reset,
    /// Announces the whole body and closes the connection after this many bytes
    /// of it.
    Cut(Response, usize),
    /// Repeats the body until the client closes the connection.
    Endless(Response),
    /// Sends the body byte by byte, with pauses.
    Drip(Response, Duration),
    /// Sends nothing until the client closes the connection.
    Hang,
}

impl From<Response> for Act {
    fn from(response: Response) -> Self {
        Self::Answer(response)
    }
}

type Script = dyn Fn(&ReceivedRequest) -> Act + Send + Sync;

#[derive(Default)]
struct Log {
    requests: Vec<ReceivedRequest>,
    under_way: usize,
    most_at_once: usize,
}

pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`.
    pub(crate) root: String,
    log: Arc<Mutex<Log>>,
}

impl Server {
    pub(crate) fn start(script: impl Fn(&ReceivedRequest) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let root = format!("http://{}", listener.local_addr().expect("an address"));
        let log = Arc::new(Mutex::new(Log::default()));
        let (script, kept): (Arc<Script>, _) = (Arc::new(script), Arc::clone(&log));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, log) = (Arc::clone(&script), Arc::clone(&log));
                thread::spawn(move || serve(stream, script.as_ref(), &log));
            }
        });
        Self { root, log: kept }
    }

    pub(crate) fn received(&self) -> Vec<ReceivedRequest> {
        self.log.lock().expect("no panic").requests.clone()
    }

    /// The requests, as `METHOD TARGET`.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.received().iter().map(ReceivedRequest::line).collect()
    }

    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        let requests = self.received();
        requests
            .iter()
            .filter(|request| request.is(method, path))
            .count()
    }

    /// The largest number of requests in flight at the same time.
    pub(crate) fn most_at_once(&self) -> usize {
        self.log.lock().expect("no panic").most_at_once
    }
}

fn serve(mut stream: TcpStream, script: &Script, log: &Mutex<Log>) {
    while let Some((request, length)) = peek(&stream) {
        {
            let mut log = log.lock().expect("no panic");
            log.requests.push(request.clone());
            log.under_way += 1;
            log.most_at_once = log.most_at_once.max(log.under_way);
        }
        let goes_on = act(&mut stream, script(&request), length);
        log.lock().expect("no panic").under_way -= 1;
        if !goes_on {
            return;
        }
    }
}

/// Reads a whole request but leaves it in the socket: closing a socket with
/// unread data is what sends a reset.
fn peek(stream: &TcpStream) -> Option<(ReceivedRequest, usize)> {
    let mut buffer = vec![0; 256 * 1024];
    let patience = Instant::now() + Duration::from_secs(30);
    while Instant::now() < patience {
        let length = stream.peek(&mut buffer).ok().filter(|length| *length > 0)?;
        let text = &buffer[..length];
        let end = text.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&text[..end]).into_owned();
            let mut lines = head.lines();
            let mut first = lines.next()?.split(' ');
            let mut request = ReceivedRequest {
                method: first.next()?.to_owned(),
                target: first.next()?.to_owned(),
                headers: lines
                    .filter_map(|line| line.split_once(':'))
                    .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
                    .collect(),
                body: Vec::new(),
            };
            let announced = request.header("content-length");
            let body = announced.map_or(0, |length| length.parse().expect("a length"));
            let whole = end + 4 + body;
            if length >= whole {
                request.body = text[end + 4..whole].to_vec();
                return Some((request, whole));
            }
        }
        thread::sleep(Duration::from_millis(1));
    }
    None
}

/// Returns whether the connection can carry another request.
fn act(stream: &mut TcpStream, act: Act, length: usize) -> bool {
    if let Act::After(wait, then) = act {
        thread::sleep(wait);
        return self::act(stream, *then, length);
    }
    if matches!(act, Act::Reset) {
        return false;
    }
    let mut consumed = vec![0; length];
    if stream.read_exact(&mut consumed).is_err() {
        return false;
    }
    match act {
        Act::Answer(response) => {
            let mut bytes = response.head(Some(response.body.len()));
            bytes.extend_from_slice(&response.body);
            stream.write_all(&bytes).is_ok()
        }
        Act::Cut(response, length) => {
            let mut bytes = response.head(Some(response.body.len()));
            bytes.extend_from_slice(&response.body[..length]);
            let _ = stream.write_all(&bytes);
            false
        }
        Act::Endless(response) => {
            let _ = stream.write_all(&response.head(None));
            while stream.write_all(&response.body).is_ok() {}
            false
        }
        Act::Drip(response, pause) => {
            let _ = stream.write_all(&response.head(Some(response.body.len())));
            for byte in &response.body {
                thread::sleep(pause);
                if stream.write_all(&[*byte]).is_err() {
                    return false;
                }
            }
            true
        }
        Act::Hang => {
            let _ = stream.read(&mut [0]);
            false
        }
        Act::After(..) | Act::Reset => false,
    }
}
