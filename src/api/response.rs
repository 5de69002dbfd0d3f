use jiff::Timestamp;
use memchr::memchr2;
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, LINK};
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::error_response::cut_short;
use super::link::Links;
use super::rate::{date, text};
use super::{ErrorResponse, Unexpected};

/// The deepest nesting of a response's JSON. GitHub's is below 10; payloads
/// that are kept as sent will be read by parsers with lower limits.
const DEEPEST: usize = 120;
/// How many bytes of an error are searched for a text.
const MOST_TEXT_BYTES: usize = 8192;
/// The longest title of an HTML page that is shown, in characters.
const LONGEST_TITLE: usize = 80;

/// A complete response of a server.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) method: Method,
    /// The URL that responded, after redirects.
    pub(super) url: Url,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Why a body cannot be read.
#[derive(Debug)]
pub(super) struct ReadError {
    /// Whether the body seems to be cut off, so that another attempt may get
    /// the whole.
    pub(super) truncated: bool,
    pub(super) what: String,
}

impl ReadError {
    pub(super) fn because(what: impl Into<String>) -> Self {
        Self {
            truncated: false,
            what: what.into(),
        }
    }
}

impl From<serde_json::Error> for ReadError {
    fn from(error: serde_json::Error) -> Self {
        Self {
            truncated: error.is_eof() || error.is_syntax(),
            what: format!("the response cannot be read: {error}"),
        }
    }
}

impl Response {
    /// Accepts a response without content: GitHub's 204, or another status that
    /// the endpoint uses. Another success, such as the page of a proxy, does
    /// not confirm anything. A 404 gets here only if it means that a repeated
    /// DELETE is done.
    pub(super) fn done(&self, also: &[u16]) -> Result<(), ReadError> {
        if matches!(self.status, 204 | 404) || also.contains(&self.status) {
            return Ok(());
        }
        Err(ReadError::because(
            "the response does not confirm that it was done",
        ))
    }

    /// Parses the body, if its content type is JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ReadError> {
        serde_json::from_slice(self.json_body()?).map_err(ReadError::from)
    }

    fn json_body(&self) -> Result<&[u8], ReadError> {
        if self.body.is_empty() {
            return Err(ReadError {
                truncated: true,
                what: "the response has no body".to_owned(),
            });
        }
        if !self.says_json() {
            return Err(ReadError::because(match self.page() {
                Some(page) => format!("the response is not JSON ({page})"),
                None => "the response is not JSON".to_owned(),
            }));
        }
        if is_deeper_than(&self.body, DEEPEST) {
            return Err(ReadError::because("the response is nested too deeply"));
        }
        Ok(&self.body)
    }

    /// The `Date` of the response.
    pub(super) fn server_time(&self) -> Option<Timestamp> {
        date(&self.headers, "date")
    }

    pub(super) fn etag(&self) -> Option<String> {
        text(&self.headers, ETAG.as_str()).map(str::to_owned)
    }

    pub(super) fn links(&self) -> Result<Links, ReadError> {
        let mut joined = String::new();
        for value in self.headers.get_all(LINK) {
            let value = value
                .to_str()
                .map_err(|_| ReadError::because(super::link::BadLink.to_string()))?;
            joined.push_str(value);
            joined.push(',');
        }
        Links::parse(&joined).map_err(|bad| ReadError::because(bad.to_string()))
    }

    /// Reads an error response.
    pub(super) fn error_response(&self) -> ErrorResponse {
        let header = |name: &str| {
            text(&self.headers, name)
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
        };
        let reason = StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("unknown status");
        let mut error_response = ErrorResponse {
            method: self.method.to_string(),
            url: self.url.to_string(),
            status: self.status,
            message: match self.page() {
                Some(page) => format!("{reason} ({page})"),
                None => self.plain_text().unwrap_or_else(|| reason.to_owned()),
            },
            errors: Vec::new(),
            documentation_url: None,
            request_id: self.request_id().map(str::to_owned),
            accepted_permissions: header("x-accepted-github-permissions"),
            accepted_scopes: header("x-accepted-oauth-scopes"),
            token_scopes: text(&self.headers, "x-oauth-scopes").map(str::to_owned),
            sso: header("x-github-sso"),
            retry_after: None,
        };
        // GitHub sends some errors as JSON with another content type.
        let is_object = self.body.trim_ascii_start().starts_with(b"{");
        if is_object {
            match serde_json::from_slice::<Value>(&self.body) {
                Ok(body) => error_response.read_body(&body),
                Err(_) => error_response
                    .message
                    .extend(self.message_of_a_part().map(|part| format!(": {part}"))),
            }
        }
        error_response
    }

    /// The message of an error that is neither JSON nor HTML.
    fn plain_text(&self) -> Option<String> {
        let text = self.start_as_text()?.trim();
        let is_text = !text.is_empty() && !text.starts_with(['{', '[', '<']);
        is_text.then(|| cut_short(text))
    }

    /// The `message` of a JSON object that was cut off, as far as it goes.
    fn message_of_a_part(&self) -> Option<String> {
        let (_, rest) = self.start_as_text()?.split_once("\"message\":")?;
        let rest = rest.trim_start().strip_prefix('"')?;
        let end = end_of_text(rest.as_bytes(), 0);
        let text = rest.get(..end)?.trim_end_matches('"');
        // An escape sequence may be cut off too.
        let whole = text.rfind('\\').and_then(|at| text.get(..at));
        [Some(text), whole].into_iter().flatten().find_map(|text| {
            let text: String = serde_json::from_str(&format!("\"{text}\"")).ok()?;
            (!text.is_empty()).then(|| cut_short(&text))
        })
    }

    /// The start of the body, if it is text.
    fn start_as_text(&self) -> Option<&str> {
        let start = self.body.get(..self.body.len().min(MOST_TEXT_BYTES))?;
        match std::str::from_utf8(start) {
            Ok(text) => Some(text),
            // A character was cut in the middle.
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(start.get(..error.valid_up_to())?).ok()
            }
            Err(_) => None,
        }
    }

    pub(super) fn unexpected(&self, what: impl Into<String>) -> Unexpected {
        Unexpected {
            method: self.method.to_string(),
            url: self.url.to_string(),
            status: self.status,
            request_id: self.request_id().map(str::to_owned),
            what: what.into(),
        }
    }

    pub(super) fn request_id(&self) -> Option<&str> {
        text(&self.headers, "x-github-request-id")
    }

    pub(super) fn says_json(&self) -> bool {
        let Some(kind) = text(&self.headers, CONTENT_TYPE.as_str()) else {
            return false;
        };
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
    }

    /// Describes a body that is an HTML page, with the page's title.
    fn page(&self) -> Option<String> {
        let start = self.body.get(..self.body.len().min(8192))?;
        let start = String::from_utf8_lossy(start);
        if !start.trim_start().starts_with('<') {
            return None;
        }
        let lower = start.to_ascii_lowercase();
        let between = |tag: &str| {
            let from = lower.find(&format!("<{tag}>"))? + tag.len() + 2;
            let to = from + lower.get(from..)?.find("</")?;
            let title = start.get(from..to)?.replace("&middot;", "·");
            let words: Vec<&str> = title.split_whitespace().collect();
            let title: String = words.join(" ").chars().take(LONGEST_TITLE).collect();
            Some(title).filter(|title| !title.is_empty())
        };
        Some(match between("title").or_else(|| between("h1")) {
            Some(title) => format!("HTML page: {title}"),
            None => "HTML page".to_owned(),
        })
    }
}

/// Whether arrays and objects in `json` are nested deeper than `deepest`.
///
/// `serde_json` limits the nesting of what it parses, but not of what it skips
/// or keeps as it is.
fn is_deeper_than(json: &[u8], deepest: usize) -> bool {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'"' => at = end_of_text(json, at),
            b'[' | b'{' => {
                depth += 1;
                if depth > deepest {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// The end of the string whose first byte is at `at`. Most of a response is
/// strings, so they are skipped at once.
fn end_of_text(json: &[u8], mut at: usize) -> usize {
    while let Some(rest) = json.get(at..)
        && let Some(found) = memchr2(b'"', b'\\', rest)
    {
        if rest[found] == b'"' {
            return at + found + 1;
        }
        at += found + 2;
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;
    use crate::model::Payload;

    fn response(status: u16, kind: &'static str, body: &str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(
            HeaderName::from_static("x-github-request-id"),
            HeaderValue::from_static("ABC:1"),
        );
        Response {
            method: Method::GET,
            url: "https://api.github.com/x?y=1".parse().expect("an address"),
            status,
            headers,
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn only_what_says_that_it_is_json_is_parsed() {
        for kind in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/vnd.github+json",
        ] {
            assert_eq!(
                response(200, kind, "[1]").json::<Vec<u8>>().ok(),
                Some(vec![1])
            );
        }
        for kind in ["text/html", "text/json", "application/octet-stream", ""] {
            assert!(
                response(200, kind, "[1]").json::<Vec<u8>>().is_err(),
                "{kind}"
            );
        }
        let page = response(200, "text/html", "<html><TITLE>Log\n in</title>");
        let error = page.json::<Vec<u8>>().expect_err("no JSON");
        assert_eq!(error.what, "the response is not JSON (HTML page: Log in)");
        assert!(!error.truncated);
    }

    #[test]
    fn a_body_cut_short_may_come_whole_next_time_and_a_wrong_type_not() {
        for (body, truncated) in [
            ("[1,", true),
            ("", true),
            ("[1}", true),
            (r#"["a"]"#, false),
        ] {
            let error = response(200, "application/json", body).json::<Vec<u8>>();
            assert_eq!(error.expect_err("unusable").truncated, truncated, "{body}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_even_in_what_is_kept_as_sent() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let error = response(200, "application/json", &deep).json::<Payload>();
        assert_eq!(
            error.expect_err("too deep").what,
            "the response is nested too deeply"
        );
        let error_response =
            response(500, "application/json", &format!("{{\"a\":{deep}}}")).error_response();
        assert_eq!(error_response.message, "Internal Server Error");
        assert!(
            response(200, "application/json", "[[[1]]]")
                .json::<Payload>()
                .is_ok()
        );
    }

    #[test]
    fn errors_of_every_shape_are_reported() {
        let page = "<!DOCTYPE html>\n<title>Unicorn! &middot; GitHub</title>";
        for (status, body, message) in [
            (502, page, "Bad Gateway (HTML page: Unicorn! · GitHub)"),
            (
                503,
                "<html><body><h1>503 Service Unavailable</h1>No",
                "Service Unavailable (HTML page: 503 Service Unavailable)",
            ),
            (502, "<html>", "Bad Gateway (HTML page)"),
            (502, r#"{"error":"Server Error"}"#, "Server Error"),
            (404, r#"{"message":"Not Found","errors":7}"#, "Not Found"),
            (404, r#"{"message":["a"]}"#, "Not Found"),
            (418, "", "I'm a teapot"),
            (599, "[1]", "unknown status"),
        ] {
            let error_response = response(status, "text/plain", body).error_response();
            assert_eq!(error_response.message, message, "{body}");
            assert_eq!(error_response.request_id.as_deref(), Some("ABC:1"));
            assert_eq!(error_response.url, "https://api.github.com/x?y=1");
        }
    }

    #[test]
    fn a_long_message_is_cut_and_not_dropped() {
        let long = "é".repeat(5000);
        let cut = format!("{}…", "é".repeat(crate::api::error_response::LONGEST_TEXT));
        let message = |kind, body: &str| response(502, kind, body).error_response().message;
        assert_eq!(message("text/plain", &long), cut);
        let json = format!(r#"{{"message":"{long}","errors":["{long}"]}}"#);
        assert_eq!(message("application/json", &json), cut);
        let errors = response(502, "application/json", &json)
            .error_response()
            .errors;
        assert_eq!(errors[0].to_string(), cut);
        let broken_off = r#"{"status":"502","message": "the back\"end is \u00"#;
        assert_eq!(
            message("application/json", broken_off),
            "Bad Gateway: the back\"end is "
        );
        let broken_off = r#"{"message":"down","errors":["#;
        assert_eq!(message("application/json", broken_off), "Bad Gateway: down");
        assert_eq!(message("application/json", r#"{"message":"#), "Bad Gateway");
    }

    #[test]
    fn errors_are_objects_or_texts_or_anything() {
        let body = r#"{"message":"no","errors":["text",{"resource":"Deployment","field":"ref","code":"invalid","value":[1]},[2],{"field":3}]}"#;
        let error_response = response(422, "application/json", body).error_response();
        let texts: Vec<String> = error_response
            .errors
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            texts,
            ["text", "Deployment ref invalid", "[2]", r#"{"field":3}"#]
        );
        assert_eq!(error_response.errors[1].value.as_deref(), Some("[1]"));
    }

    #[test]
    fn the_body_tells_the_two_conflicts_apart() {
        let body = r#"{"message":"Conflict: Commit status checks failed for topic.","errors":[{"contexts":[{"context":"ci","state":"failure"},{"context":"ok","state":"success"},{"context":"ci","state":"failure"},{"context":"late","state":"pending"}],"resource":"Deployment","field":"required_contexts","code":"invalid"}]}"#;
        let checks = response(409, "application/json", body).error_response();
        let names: Option<Vec<String>> = checks
            .failed_contexts()
            .map(|contexts| contexts.into_iter().map(|c| c.context).collect());
        assert_eq!(names, Some(vec!["ci".to_owned(), "late".to_owned()]));
        assert!(!checks.is_merge_conflict());
        let body = r#"{"message":"Conflict: Commit status checks failed for topic."}"#;
        let unnamed = response(409, "application/json", body).error_response();
        assert_eq!(unnamed.failed_contexts(), Some(Vec::new()));
        let body = r#"{"message":"Conflict merging master into topic."}"#;
        let merge = response(409, "application/json", body).error_response();
        assert!(merge.is_merge_conflict());
        assert_eq!(merge.failed_contexts(), None);
        let empty = response(
            409,
            "application/json",
            r#"{"message":"Git Repository is empty."}"#,
        );
        assert!(!empty.error_response().is_merge_conflict());
    }

    proptest! {
        #[test]
        fn any_error_body_is_reported(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut response = response(500, "text/html", "");
            response.body = body;
            prop_assert!(!response.error_response().message.is_empty());
        }

        #[test]
        fn any_html_is_reported(body in "<(title|h1|TITLE)>[a<>é/&;\\s]{0,30}(</title>)?") {
            prop_assert!(response(502, "text/html", &body).error_response().message.starts_with("Bad"));
        }

        #[test]
        fn depth_counts_brackets_outside_of_strings(text in "[\\[\\]{}\"\\\\a]{0,40}", deep in 1_usize..20) {
            let value = serde_json::to_string(&text).expect("serializes");
            let json = format!("{}{value}{}", "[".repeat(deep), "]".repeat(deep));
            prop_assert!(is_deeper_than(json.as_bytes(), deep - 1));
            prop_assert!(!is_deeper_than(json.as_bytes(), deep));
        }
    }
}
