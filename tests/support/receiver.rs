//! A receiver of webhooks that behaves as a test specifies and records its
//! requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha1::Sha1;
use sha2::Sha256;

/// How long a test waits for a request.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(60);

/// A complete request.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Its method.
    pub(crate) method: String,
    /// Its path.
    pub(crate) path: String,
    /// Its headers, with names as they were sent.
    pub(crate) headers: Vec<(String, String)>,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

impl Received {
    /// The header of this name, of any case.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} twice: {:?}", self.headers);
        value
    }

    /// The name of the event.
    #[track_caller]
    pub(crate) fn event(&self) -> &str {
        self.header("x-github-event").expect("an event")
    }

    /// The id of the event.
    #[track_caller]
    pub(crate) fn guid(&self) -> &str {
        self.header("x-github-delivery").expect("an id")
    }

    /// Whether the body is signed with this secret, in both headers.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let (secret, body) = (secret.as_bytes(), self.body.as_slice());
        let (new, old) = (
            digest::<Hmac<Sha256>>(secret, body),
            digest::<Hmac<Sha1>>(secret, body),
        );
        self.header("x-hub-signature-256") == Some(&format!("sha256={new}"))
            && self.header("x-hub-signature") == Some(&format!("sha1={old}"))
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

fn digest<M: Mac + KeyInit>(secret: &[u8], body: &[u8]) -> String {
    let mut mac = <M as Mac>::new_from_slice(secret).expect("a key of any length");
    mac.update(body);
    let mut text = String::new();
    for byte in mac.finalize().into_bytes() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// What the receiver does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// Answers with these bytes.
    Answer(String),
    /// Never answers.
    Hang,
}

impl Behaviour {
    /// A minimal response with this status.
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer(format!(
            "HTTP/1.1 {status} Some Reason\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\
             connection: close\r\n\r\nok"
        ))
    }
}

#[derive(Debug)]
struct State {
    received: Vec<Received>,
    behaviour: Behaviour,
    is_over: bool,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// A running receiver; it stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// A receiver that responds with 200 to every request.
    pub(crate) fn new() -> Self {
        Self::at("127.0.0.1:0".parse().expect("an address"))
    }

    /// A receiver on an address that another one has released.
    pub(crate) fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).expect("an address to listen on");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                received: Vec::new(),
                behaviour: Behaviour::status(200),
                is_over: false,
            }),
            changed: Condvar::new(),
        });
        let known = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if known.lock().is_over {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let known = Arc::clone(&known);
                thread::spawn(move || known.serve(&stream));
            }
        });
        Self {
            address,
            shared,
            thread: Some(thread),
        }
    }

    /// The address on which it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL for webhooks.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Changes its behaviour.
    pub(crate) fn behave(&self, behaviour: Behaviour) {
        self.shared.lock().behaviour = behaviour;
        self.shared.changed.notify_all();
    }

    /// The requests so far.
    pub(crate) fn all(&self) -> Vec<Received> {
        self.shared.lock().received.clone()
    }

    /// Waits for this many requests and returns all.
    #[track_caller]
    pub(crate) fn wait_for(&self, number: usize) -> Vec<Received> {
        let deadline = Instant::now() + DELIVERY_TIMEOUT;
        let mut state = self.shared.lock();
        while state.received.len() < number {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{} of {number} requests came",
                state.received.len()
            );
            state = self
                .shared
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        state.received.clone()
    }

    /// Waits for this many requests and returns those for an event.
    #[track_caller]
    pub(crate) fn events(&self, number: usize, event: &str) -> Vec<Received> {
        let mut all = self.wait_for(number);
        all.retain(|one| one.event() == event);
        all
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A test that fails while it holds the lock reports its own panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, mut stream: &TcpStream) {
        let Some(received) = read(stream) else { return };
        let mut state = self.lock();
        state.received.push(received);
        self.changed.notify_all();
        let behaviour = state.behaviour.clone();
        match behaviour {
            Behaviour::Answer(answer) => {
                drop(state);
                // The sender may have disconnected.
                drop(stream.write_all(answer.as_bytes()));
            }
            Behaviour::Hang => {
                while state.behaviour == Behaviour::Hang && !state.is_over {
                    let changed = self.changed.wait(state);
                    state = changed.unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        Some(line.trim_end().to_owned())
    };
    let first = line()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.parse().ok())?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        method,
        path,
        headers,
        body,
    })
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.changed.notify_all();
        // Wakes the listening thread.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
