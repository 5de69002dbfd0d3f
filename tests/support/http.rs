//! A plain HTTP client that sends exactly what a test specifies, and checks every
//! response of the sandbox against GitHub's description.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::openapi::{Answered, FIRST_VERSION, SECOND_VERSION, description_of};
use super::serve::{NAME, OWNER};

/// The path of the repository of the tests.
pub(crate) const REPO: &str = "/repos/octocat/hello-world";

/// Headers of every response from GitHub.
const EVERYWHERE: &[&str] = &[
    "date",
    "x-github-api-version-selected",
    "x-github-media-type",
    "x-github-request-id",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-ratelimit-resource",
    "x-ratelimit-used",
];

/// A client of the sandbox.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    address: String,
    host: String,
    prefix: String,
    user_agent: Option<String>,
    authorization: Option<String>,
    headers: Vec<(String, String)>,
}

/// A response.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// The method of the request.
    pub(crate) method: String,
    /// The path and query of the request.
    pub(crate) target: String,
    pub(crate) status: u16,
    /// The headers, with names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// A client with a token that has all permissions.
    pub(crate) fn new(url: &str) -> Self {
        let address = url.trim_start_matches("http://").trim_end_matches('/');
        Self {
            address: address.to_owned(),
            host: address.to_owned(),
            prefix: String::new(),
            user_agent: Some("deployctl-tests".to_owned()),
            authorization: Some("Bearer a-token-of-the-tests".to_owned()),
            headers: Vec::new(),
        }
    }

    /// The same client without a token.
    pub(crate) fn anonymous(&self) -> Self {
        Self {
            authorization: None,
            ..self.clone()
        }
    }

    /// The same client with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        self.authorized(&format!("Bearer {token}"))
    }

    /// The same client with another `Authorization` header.
    pub(crate) fn authorized(&self, header: &str) -> Self {
        Self {
            authorization: Some(header.to_owned()),
            ..self.clone()
        }
    }

    /// The same client with an additional header.
    pub(crate) fn header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client without a `User-Agent` header.
    pub(crate) fn without_user_agent(&self) -> Self {
        Self {
            user_agent: None,
            ..self.clone()
        }
    }

    /// The same client with another `Host` header.
    pub(crate) fn host(&self, host: &str) -> Self {
        Self {
            host: host.to_owned(),
            ..self.clone()
        }
    }

    /// The same client below another path, such as `/api/v3`.
    pub(crate) fn below(&self, prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            ..self.clone()
        }
    }

    /// Reads something.
    #[track_caller]
    pub(crate) fn get(&self, target: &str) -> Reply {
        self.send("GET", target, None)
    }

    /// Makes something.
    #[track_caller]
    pub(crate) fn post(&self, target: &str, body: &Value) -> Reply {
        self.send("POST", target, Some(body.to_string().as_bytes()))
    }

    /// Changes something.
    #[track_caller]
    pub(crate) fn patch(&self, target: &str, body: &Value) -> Reply {
        self.send("PATCH", target, Some(body.to_string().as_bytes()))
    }

    /// Deletes something.
    #[track_caller]
    pub(crate) fn delete(&self, target: &str) -> Reply {
        self.send("DELETE", target, None)
    }

    /// Sends a request and checks the response against GitHub's description.
    #[track_caller]
    pub(crate) fn send(&self, method: &str, target: &str, body: Option<&[u8]>) -> Reply {
        let reply = self.send_unchecked(method, target, body);
        if let Err(error) = reply.check() {
            panic!("{error}\n{:?}\n{}", reply.headers, reply.text());
        }
        reply
    }

    /// Sends a request and accepts any response.
    pub(crate) fn send_unchecked(&self, method: &str, target: &str, body: Option<&[u8]>) -> Reply {
        // URLs in responses are absolute, and can be requested as they are.
        let target = match target.strip_prefix("http://") {
            Some(rest) => rest
                .find('/')
                .map_or("/", |slash| &rest[slash..])
                .to_owned(),
            None => format!("{}{target}", self.prefix),
        };
        let mut lines = vec![
            format!("{method} {target} HTTP/1.1"),
            format!("host: {}", self.host),
            "connection: close".to_owned(),
        ];
        for (name, value) in [
            ("user-agent", &self.user_agent),
            ("authorization", &self.authorization),
        ] {
            lines.extend(value.iter().map(|value| format!("{name}: {value}")));
        }
        lines.extend(
            self.headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}")),
        );
        if let Some(body) = body {
            lines.push("content-type: application/json".to_owned());
            lines.push(format!("content-length: {}", body.len()));
        }
        let mut bytes = format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes();
        bytes.extend_from_slice(body.unwrap_or_default());

        let mut stream = TcpStream::connect(&self.address).expect("the sandbox listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .expect("a time-out");
        // A server may respond and close before it has read the whole request.
        drop(stream.write_all(&bytes));
        let mut answer = Vec::new();
        if let Err(error) = stream.read_to_end(&mut answer) {
            assert!(!answer.is_empty(), "{method} {target}: {error}");
        }
        parse(method, &target, &answer)
    }
}

fn parse(method: &str, target: &str, answer: &[u8]) -> Reply {
    let head_end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("{method} {target}: no answer"));
    let head = String::from_utf8_lossy(&answer[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|status| status.parse().ok())
        .expect("a status line");
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let chunked = headers
        .iter()
        .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let rest = &answer[head_end + 4..];
    Reply {
        method: method.to_owned(),
        target: target.to_owned(),
        status,
        headers,
        body: if chunked {
            unchunk(rest)
        } else {
            rest.to_vec()
        },
    }
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(line) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..line]).expect("a chunk's size");
        let size = usize::from_str_radix(size, 16).expect("a chunk's size");
        if size == 0 {
            break;
        }
        body.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 2 + size + 2..];
    }
    body
}

impl Reply {
    /// Panics unless the response has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert!(
            self.status == status,
            "{} {}: {} in place of {status}: {}",
            self.method,
            self.target,
            self.status,
            self.text()
        );
        self
    }

    /// The first header of this name (in lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A header that is a number.
    #[track_caller]
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.header(name)
            .and_then(|value| value.parse().ok())
            .unwrap_or_else(|| panic!("{name} is no number: {:?}", self.header(name)))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{} {}: {error}: {}", self.method, self.target, self.text())
        })
    }

    /// The body as a list.
    #[track_caller]
    pub(crate) fn list(&self) -> Vec<Value> {
        match self.json() {
            Value::Array(list) => list,
            other => panic!("{} {}: no list: {other}", self.method, self.target),
        }
    }

    /// The targets of the `Link` header by their relation.
    pub(crate) fn link(&self, relation: &str) -> Option<String> {
        self.header("link")?.split(", ").find_map(|link| {
            let (url, rest) = link.strip_prefix('<')?.split_once('>')?;
            (rest == format!("; rel=\"{relation}\"")).then(|| url.to_owned())
        })
    }

    /// Checks this response against GitHub's description and conventions.
    fn check(&self) -> Result<(), String> {
        let description = format!("{} {} -> {}", self.method, self.target, self.status);
        for name in EVERYWHERE {
            if self.header(name).is_none() {
                return Err(format!("{description}: no header {name}"));
            }
        }
        let read = self.method == "GET";
        if read && self.status == 200 && self.header("etag").is_none() {
            return Err(format!("{description}: no etag"));
        }
        let made = self.status == 201;
        if made && self.header("location").is_none() {
            return Err(format!("{description}: no location"));
        }
        if !self.body.is_empty() && self.header("content-type") != Some(JSON) {
            return Err(format!("{description}: {:?}", self.header("content-type")));
        }
        if self.status >= 400 {
            self.check_error(&description)?;
        }
        let path = described(&self.target);
        let version = self.header("x-github-api-version-selected");
        let version = version.filter(|v| [FIRST_VERSION, SECOND_VERSION].contains(v));
        let description = description_of(version.unwrap_or(FIRST_VERSION));
        if description.describes(&self.method, &path) {
            description.check(&Answered {
                method: &self.method,
                path: &path,
                status: self.status,
                headers: &self.headers,
                body: &self.body,
            })?;
        }
        Ok(())
    }

    /// Every error has a message, a page of the documentation, and its status
    /// as a string.
    fn check_error(&self, description: &str) -> Result<(), String> {
        let body = self.json();
        if body["status"].as_str() != Some(&self.status.to_string()) {
            return Err(format!(
                "{description}: the status in the body: {}",
                body["status"]
            ));
        }
        let page = body["documentation_url"].as_str().unwrap_or_default();
        if !page.starts_with("https://docs.github.com/") {
            return Err(format!(
                "{description}: the page of the documentation: {page:?}"
            ));
        }
        if body["message"].as_str().is_none_or(str::is_empty) {
            return Err(format!("{description}: no message"));
        }
        Ok(())
    }
}

/// The content type of GitHub's JSON.
const JSON: &str = "application/json; charset=utf-8";

/// A target in the form of the description: without its query, `/api/v3`, and
/// with the name of the repository or owner where it was given by its id.
fn described(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let path = path.strip_prefix("/api/v3").unwrap_or(path);
    if path.starts_with("/organizations/") && path.ends_with("/repos") {
        return format!("/orgs/{OWNER}/repos");
    }
    if path.starts_with("/user/") && path.ends_with("/repos") && path != "/user/repos" {
        return format!("/users/{OWNER}/repos");
    }
    match path.strip_prefix("/repositories/") {
        Some(rest) => {
            let rest = rest.find('/').map_or("", |slash| &rest[slash..]);
            format!("/repos/{OWNER}/{NAME}{rest}")
        }
        None => path.to_owned(),
    }
}
