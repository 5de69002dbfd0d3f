//! The recording proxy in front of a small server: other tests rely on its
//! record of requests.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::proxy::{Answer, Fault, Proxy};

const BODY: &str = "0123456789";

/// A server that answers every request with the same ten bytes. Also returns
/// the number of requests.
fn server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            counter.fetch_add(1, Ordering::SeqCst);
            let mut bytes = Vec::new();
            let mut buffer = [0; 1024];
            while !bytes.ends_with(b"\r\n\r\n") && !bytes.ends_with(b"}") {
                let read = stream.read(&mut buffer).expect("a request");
                bytes.extend_from_slice(&buffer[..read]);
            }
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\r\n{BODY}",
                BODY.len()
            )
            .expect("an answer");
        }
    });
    (url, count)
}

/// Sends one request and reads until the connection is closed.
fn ask(proxy: &Proxy, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(proxy.url().trim_start_matches("http://"))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn get(proxy: &Proxy, target: &str) -> std::io::Result<String> {
    ask(proxy, &format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"))
}

#[test]
fn a_request_is_passed_on_and_recorded() {
    let (url, count) = server();
    let proxy = Proxy::before(&url);
    let answer = ask(
        &proxy,
        "POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nX-Thing: y\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    )
    .expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with(BODY), "{answer}");
    assert_eq!(count.load(Ordering::SeqCst), 1);

    let [request] = &proxy.requests()[..] else {
        panic!("one request was sent");
    };
    assert_eq!(
        (
            request.method.as_str(),
            request.target.as_str(),
            request.path()
        ),
        ("POST", "/a/b?c=d", "/a/b")
    );
    assert_eq!(request.header("x-thing"), Some("y"));
    assert_eq!(request.json(), json!({"a": 1}));
    assert_eq!(
        (request.status, request.server_status),
        (Some(200), Some(200))
    );
    assert_eq!(proxy.matching("POST", "/a/*").len(), 1);
    assert_eq!(proxy.matching("GET", "/a/*").len(), 0);
    assert_eq!(proxy.matching("*", "/a").len(), 0);
}

#[test]
fn a_reset_before_never_reaches_the_server() {
    let (url, count) = server();
    let proxy = Proxy::before(&url);
    proxy.fault("GET", "/*/x", 2..=2, Fault::ResetBefore);
    get(&proxy, "/a/x").expect("the first passes");
    let error = get(&proxy, "/a/x").expect_err("the second is reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    get(&proxy, "/a/x").expect("the third passes");
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let statuses: Vec<_> = proxy.requests().iter().map(|r| r.status).collect();
    assert_eq!(statuses, [Some(200), None, Some(200)]);
}

#[test]
fn a_reset_after_comes_when_the_server_has_answered() {
    let (url, count) = server();
    let proxy = Proxy::before(&url);
    proxy.fault("*", "/x", .., Fault::ResetAfter);
    let error = get(&proxy, "/x").expect_err("the answer is lost");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let request = &proxy.requests()[0];
    assert_eq!((request.status, request.server_status), (None, Some(200)));
}

#[test]
fn a_reset_within_and_a_cut_body_lose_the_rest() {
    let (url, _) = server();
    let proxy = Proxy::before(&url);
    proxy.fault("*", "/within", .., Fault::ResetWithin);
    proxy.fault("*", "/cut", .., Fault::Truncate(3));
    let error = get(&proxy, "/within").expect_err("a reset in the body");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let answer = get(&proxy, "/cut").expect("a clean end, too early");
    assert!(answer.contains("Content-Length: 10\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n012"), "{answer}");
}

#[test]
fn an_answer_of_its_own_replaces_the_servers() {
    let (url, count) = server();
    let proxy = Proxy::before(&url);
    let busy = Answer::json(429, &json!({"message": "slow down"})).header("retry-after", "1");
    proxy.fault("GET", "/before", 1.., Fault::Answer(busy));
    proxy.fault(
        "GET",
        "/after",
        1..,
        Fault::Replace(Answer::html(502, "<h1>Unicorn</h1>")),
    );
    let answer = get(&proxy, "/before").expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    assert_eq!(count.load(Ordering::SeqCst), 0);
    let answer = get(&proxy, "/after").expect("an answer");
    assert!(answer.ends_with("<h1>Unicorn</h1>"), "{answer}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn requests_sent_together_are_seen_to_overlap_and_others_are_not() {
    let (url, _) = server();
    let proxy = Proxy::before(&url);
    // Long enough for a loaded machine: requests that meet do not wait for the
    // timeout.
    let patience = Duration::from_secs(20);
    proxy.meet(2, patience);
    let started = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| get(&proxy, "/1").expect("an answer"));
        scope.spawn(|| get(&proxy, "/2").expect("an answer"));
    });
    let both = proxy.requests();
    assert!(both[0].overlaps(&both[1]));
    assert_eq!(proxy.most_in_flight(), 2);
    assert!(started.elapsed() < patience);

    proxy.forget();
    proxy.meet(1, patience);
    get(&proxy, "/1").expect("an answer");
    // The client gets its response a moment before the proxy records that it
    // was sent.
    while proxy.requests()[0].ended.is_none() {
        thread::sleep(Duration::from_millis(1));
    }
    get(&proxy, "/2").expect("an answer");
    let both = proxy.requests();
    assert!(!both[0].overlaps(&both[1]));
    assert_eq!(proxy.most_in_flight(), 1);
}

#[test]
fn a_delay_holds_a_request_back() {
    let (url, _) = server();
    let proxy = Proxy::before(&url);
    proxy.fault(
        "GET",
        "/slow",
        1..=1,
        Fault::Delay(Duration::from_millis(100)),
    );
    let started = Instant::now();
    get(&proxy, "/slow").expect("an answer");
    assert!(started.elapsed() >= Duration::from_millis(100));
}
