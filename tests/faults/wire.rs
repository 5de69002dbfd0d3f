//! How every fault looks on the wire.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::world::World;

/// The data received over a connection.
struct Came {
    bytes: Vec<u8>,
    /// The error that ended it, or `None` if the server closed it.
    end: Option<ErrorKind>,
    elapsed: Duration,
}

impl Came {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn status(&self) -> u16 {
        let text = self.text();
        let status = text
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        status.unwrap_or_else(|| panic!("no status: {text:?}"))
    }

    fn header(&self, name: &str) -> Option<String> {
        let head = self.text();
        let head = head.split("\r\n\r\n").next().expect("a head");
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }

    fn body(&self) -> &[u8] {
        let end = self.bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        end.map_or(&[], |end| &self.bytes[end + 4..])
    }

    fn json(&self) -> Value {
        serde_json::from_slice(self.body()).expect("JSON")
    }
}

/// Sends a request, and reads until the end, `most` bytes, or a second of
/// silence.
fn send(world: &World, method: &str, path: &str, body: &str, most: usize) -> Came {
    let address = world.server.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).expect("the sandbox listens");
    let patience = Duration::from_secs(1);
    stream.set_read_timeout(Some(patience)).expect("a timeout");
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nuser-agent: test\r\n\
         authorization: Bearer SECRET\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    let began = Instant::now();
    stream.write_all(request.as_bytes()).expect("a request");
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    let end = loop {
        match stream.read(&mut buffer) {
            Ok(0) => break None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            // When a child process of the sandbox (git) exits, its signal
            // interrupts any read that has a timeout.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => break Some(error.kind()),
        }
        if bytes.len() >= most {
            break None;
        }
    };
    Came {
        bytes,
        end,
        elapsed: began.elapsed(),
    }
}

const BODY: &str = r#"{"ref":"main","auto_merge":false}"#;

/// Requests a deployment under a fault. Also returns the number of deployments
/// afterwards.
fn create(fault: &str) -> (Came, usize) {
    let world = World::new(1);
    let repository = world.repository(0);
    world.add(&[format!("POST */deployments={fault}")]);
    let path = format!("{}/deployments", repository.path());
    let came = send(&world, "POST", &path, BODY, usize::MAX);
    (came, repository.count("/deployments"))
}

/// Lists the deployments of a repository, which has one, under a fault.
fn read(fault: &str, most: usize) -> Came {
    let world = World::new(1);
    let repository = world.repository(0);
    repository.deployment();
    world.add(&[format!("GET */deployments={fault}")]);
    let path = format!("/api/v3{}/deployments?per_page=7", repository.path());
    send(&world, "GET", &path, "", most)
}

#[test]
fn a_reset_is_a_real_one_at_its_moment() {
    for (fault, made, arrived) in [
        ("reset-before", 0, false),
        ("reset-after", 1, false),
        ("reset-within", 1, true),
    ] {
        let (came, count) = create(fault);
        assert_eq!(came.end, Some(ErrorKind::ConnectionReset), "{fault}");
        assert_eq!((count, !came.bytes.is_empty()), (made, arrived), "{fault}");
        if arrived {
            let whole: usize = came
                .header("content-length")
                .expect("one")
                .parse()
                .expect("a number");
            assert!((1..whole).contains(&came.body().len()));
        }
    }
}

#[test]
fn a_hanging_server_sends_nothing() {
    for (fault, made) in [("hang-before", 0), ("hang-after", 1)] {
        let (came, count) = create(fault);
        assert!(
            matches!(came.end, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut)),
            "{fault}"
        );
        assert_eq!((came.bytes.len(), count), (0, made), "{fault}");
    }
}

#[test]
fn faults_replace_the_response_before_or_after_the_request_is_carried_out() {
    for (fault, status, kind, made) in [
        (
            "error-before:500",
            500,
            "application/json; charset=utf-8",
            0,
        ),
        ("error-after:503", 503, "application/json; charset=utf-8", 1),
        ("page-before", 502, "text/html; charset=utf-8", 0),
        ("page-after:200", 200, "text/html; charset=utf-8", 1),
        ("unauthorized", 401, "application/json; charset=utf-8", 0),
        ("forbidden", 403, "application/json; charset=utf-8", 0),
        ("not-found", 404, "application/json; charset=utf-8", 0),
        ("sso", 403, "application/json; charset=utf-8", 0),
        ("primary:429", 429, "application/json; charset=utf-8", 0),
        ("secondary", 403, "application/json; charset=utf-8", 0),
        ("redirect:308", 308, "application/json; charset=utf-8", 0),
        ("echo", 502, "text/html", 0),
    ] {
        let (came, count) = create(fault);
        assert_eq!(came.end, None, "{fault}");
        assert_eq!((came.status(), count), (status, made), "{fault}");
        assert_eq!(
            came.header("content-type").as_deref(),
            Some(kind),
            "{fault}"
        );
        assert!(came.header("x-github-request-id").is_some(), "{fault}");
        if status >= 400 && kind.starts_with("application/json") {
            assert_eq!(came.json()["status"], status.to_string(), "{fault}");
        }
    }
}

#[test]
fn limits_and_refusals_say_what_github_says() {
    let (primary, _) = create("primary:403,reset=60,retry-after=7");
    assert_eq!(
        primary.header("x-ratelimit-remaining").as_deref(),
        Some("0")
    );
    assert_eq!(primary.header("retry-after").as_deref(), Some("7"));
    let reset: i64 = primary
        .header("x-ratelimit-reset")
        .expect("one")
        .parse()
        .expect("a number");
    let left = reset - jiff::Timestamp::now().as_second();
    assert!((55..=60).contains(&left), "{left}");
    let (secondary, _) = create("secondary:429");
    assert_eq!(secondary.header("retry-after"), None);
    assert!(
        secondary.json()["message"]
            .as_str()
            .expect("text")
            .contains("secondary rate limit")
    );
    let (sso, _) = create("sso");
    assert!(
        sso.header("x-github-sso")
            .expect("a header")
            .starts_with("required; url=https://")
    );
    let (forbidden, _) = create("forbidden");
    let needed = forbidden.header("x-accepted-github-permissions");
    assert_eq!(needed.as_deref(), Some("deployments=write"));
    let (echo, _) = create("echo");
    assert!(echo.text().contains("Bearer SECRET"));
}

#[test]
fn a_redirect_leads_past_the_fault_or_to_another_server() {
    let world = World::new(1);
    let path = format!("{}/deployments", world.repository(0).path());
    world.add(&["POST *=redirect".to_owned()]);
    let came = send(
        &world,
        "POST",
        &format!("/api/v3{path}?a=b"),
        BODY,
        usize::MAX,
    );
    let location = came.header("location").expect("a header");
    let expected = format!("{}/_sandbox/direct/api/v3{path}?a=b", world.server.url());
    assert_eq!((came.status(), &location), (307, &expected));
    let target = location.trim_start_matches(world.server.url()).to_owned();
    assert_eq!(
        send(&world, "POST", &target, BODY, usize::MAX).status(),
        201
    );

    let (came, _) = create("redirect:302,to=http://127.0.0.1:9");
    let location = came.header("location").expect("a header");
    assert_eq!(location, format!("http://127.0.0.1:9{path}"));
}

#[test]
fn each_fault_spoils_its_part_of_the_response() {
    let whole = read("none", usize::MAX);
    assert_eq!(whole.json()[0]["ref"], "main");

    let cut = read("truncate", usize::MAX);
    assert_eq!((cut.status(), cut.end), (200, None));
    let announced: usize = cut
        .header("content-length")
        .expect("one")
        .parse()
        .expect("a number");
    assert!(cut.body().len() < announced && !cut.body().is_empty());

    let garbled = read("garble", usize::MAX);
    assert!(std::str::from_utf8(garbled.body()).is_err());
    assert_eq!(garbled.body().len(), whole.body().len());
    assert_eq!(read("empty", usize::MAX).body(), b"");

    let mistyped = read("wrong-types", usize::MAX).json();
    assert!(mistyped[0]["id"].is_string() && mistyped[0]["ref"].is_number());
    let kind = read("content-type:text/plain", usize::MAX).header("content-type");
    assert_eq!(kind.as_deref(), Some("text/plain"));

    let deep = read("deep:100000", usize::MAX);
    assert!(deep.body().starts_with(b"[[[") && deep.body().len() == 200_000);
    let link = read("link:to=http://127.0.0.1:9/", usize::MAX).header("link");
    let link = link.expect("a header");
    assert!(link.starts_with(
        "<http://127.0.0.1:9/api/v3/repos/octocat/r0/deployments?per_page=7>; rel=\"next\""
    ));
}

#[test]
fn answers_come_slowly_or_without_end() {
    let slow = read("latency:400ms", usize::MAX);
    assert!(slow.elapsed >= Duration::from_millis(400));
    assert_eq!(slow.json()[0]["ref"], "main");
    let drip = read("drip:50ms", 1500);
    assert!(drip.elapsed >= Duration::from_millis(500));
    let much = 5 * 1024 * 1024;
    let endless = read("endless", much);
    assert!(endless.bytes.len() >= much && endless.header("content-length").is_none());
    let large = read("large:3", usize::MAX);
    assert!(large.body().len() > 3 * 1024 * 1024);
    assert_eq!(large.json()[0]["ref"], "main");
}

#[test]
fn a_wrong_clock_affects_every_time_or_only_the_date_header() {
    let ago = |came: &Came, field: &str| {
        let time = came.json()[0][field]
            .as_str()
            .expect("a time")
            .parse::<jiff::Timestamp>();
        (jiff::Timestamp::now().as_second() - time.expect("a time").as_second()) / 60
    };
    let date = |came: &Came| {
        let date = came.header("date").expect("a date");
        let date = jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(&date)
            .expect("a date");
        (jiff::Timestamp::now().as_second() - date.as_second()) / 60
    };
    let skewed = read("skew:-2h", usize::MAX);
    assert_eq!((ago(&skewed, "created_at"), date(&skewed)), (120, 120));
    let ahead = read("skew:+2h", usize::MAX);
    assert!((-120..=-119).contains(&ago(&ahead, "created_at")));
    let dated = read("date:-2h", usize::MAX);
    assert_eq!((ago(&dated, "created_at"), date(&dated)), (0, 120));
}
