//! Changes to the server's own answers.

use std::io;
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, HeaderName, HeaderValue, Response, header};
use http_body_util::{BodyExt, Collected};
use hyper::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Number, Value};
use tokio::time::sleep;

use super::bomb::bomb;
use super::connection::Connection;
use super::fault::Fault;
use super::large_query::end_after;
use super::request::FaultRequest;
use crate::http::{Body, http_date, streamed_body, whole_body};

/// The time for sent data to arrive before a reset, which discards data in
/// flight.
const ARRIVAL: Duration = Duration::from_millis(50);

/// The content of padding bodies.
const BLANKS: Bytes = Bytes::from_static(&[b' '; 64 * 1024]);

/// Changes an answer according to a fault.
pub(super) async fn spoil(
    fault: &Fault,
    response: Response<Body>,
    request: &FaultRequest<'_>,
    connection: &Connection,
) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let headers = &mut parts.headers;
    let body = match fault {
        Fault::Link { to } => {
            let link = format!("<{to}{}>; rel=\"next\"", request.target);
            set(headers, header::LINK, &link);
            body
        }
        Fault::PartialSso(ids) => {
            let header = format!("partial-results; organizations={ids}");
            set(headers, HeaderName::from_static("x-github-sso"), &header);
            body
        }
        Fault::ResourceLimits(repositories) => {
            let bytes = whole(body).await;
            let Ok(answer) = serde_json::from_slice(&bytes) else {
                return Response::from_parts(parts, whole_body(bytes));
            };
            whole_body(end_after(answer, *repositories).to_string())
        }
        Fault::ContentType(kind) => {
            set(headers, header::CONTENT_TYPE, kind);
            body
        }
        Fault::Date(off) => {
            set_date(headers, request.now, *off);
            body
        }
        Fault::Skew(off) => {
            set_date(headers, request.now, *off);
            shift_reset(headers, *off);
            let bytes = whole(body).await;
            whole_body(change(&bytes, |value| shift(value, *off)))
        }
        Fault::WrongTypes => {
            let bytes = whole(body).await;
            whole_body(change(&bytes, mistype))
        }
        Fault::Garble => {
            let mut bytes = whole(body).await.to_vec();
            let half = bytes.len() / 2;
            for byte in &mut bytes[half..] {
                *byte |= 0x80;
            }
            whole_body(bytes)
        }
        Fault::Empty => whole_body(Vec::new()),
        Fault::Bomb { megabytes } => {
            set(headers, header::CONTENT_ENCODING, "gzip");
            whole_body(bomb(*megabytes))
        }
        Fault::Deep { levels } => {
            whole_body(format!("{}{}", "[".repeat(*levels), "]".repeat(*levels)))
        }
        Fault::Truncate => {
            let bytes = whole(body).await;
            announce(headers, bytes.len() as u64);
            streamed_body(half_of(bytes, || {}))
        }
        Fault::ResetWithin => {
            let bytes = whole(body).await;
            announce(headers, bytes.len() as u64);
            let connection = connection.clone();
            streamed_body(half_of(bytes, move || connection.cut()))
        }
        Fault::Drip {
            pause,
            bytes: at_once,
        } => {
            let bytes = whole(body).await;
            announce(headers, bytes.len() as u64);
            streamed_body(drip(bytes, *pause, *at_once))
        }
        Fault::Endless => streamed_body(stream::repeat(BLANKS).map(Ok)),
        Fault::Large { megabytes } => {
            let bytes = whole(body).await;
            announce(headers, megabytes * 1024 * 1024 + bytes.len() as u64);
            let blanks = usize::try_from(megabytes * 16).unwrap_or(usize::MAX);
            let padded = stream::repeat(BLANKS)
                .take(blanks)
                .chain(stream::iter([bytes]));
            streamed_body(padded.map(Ok))
        }
        _ => body,
    };
    Response::from_parts(parts, body)
}

async fn whole(body: Body) -> Bytes {
    body.collect()
        .await
        .map(Collected::to_bytes)
        .unwrap_or_default()
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Sets the content length.
fn announce(headers: &mut HeaderMap, length: u64) {
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
}

fn set_date(headers: &mut HeaderMap, now: i64, off: SignedDuration) {
    if let Some(date) = http_date(now.saturating_add(off.as_secs())) {
        set(headers, header::DATE, &date);
    }
}

fn shift_reset(headers: &mut HeaderMap, off: SignedDuration) {
    const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
    let reset = headers
        .get(&RESET)
        .and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    if let Some(reset) = reset {
        set(
            headers,
            RESET,
            &reset.saturating_add(off.as_secs()).to_string(),
        );
    }
}

/// Half of a body, then `cut`, then the end before its time.
fn half_of(
    bytes: Bytes,
    cut: impl FnOnce() + Send + 'static,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let half = bytes.slice(..bytes.len() / 2);
    let break_off = async move {
        sleep(ARRIVAL).await;
        cut();
        let rest = bytes.slice(bytes.len() / 2..);
        Ok(rest.slice(..rest.len().min(1)))
    };
    let end = async {
        sleep(ARRIVAL).await;
        Err(io::ErrorKind::ConnectionAborted.into())
    };
    stream::iter([Ok(half)])
        .chain(stream::once(break_off))
        .chain(stream::once(end))
}

fn drip(
    bytes: Bytes,
    pause: Duration,
    at_once: usize,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::unfold(bytes, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        sleep(pause).await;
        let drop = left.split_to(at_once.min(left.len()));
        Some((Ok(drop), left))
    })
}

/// Changes every value of a JSON body; other bodies are returned unchanged.
fn change(bytes: &Bytes, change: impl Fn(&mut Value)) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(bytes) else {
        return bytes.to_vec();
    };
    each(&mut value, &change);
    value.to_string().into_bytes()
}

fn each(value: &mut Value, change: &impl Fn(&mut Value)) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| each(value, change)),
        Value::Object(fields) => fields.values_mut().for_each(|value| each(value, change)),
        _ => change(value),
    }
}

fn mistype(value: &mut Value) {
    *value = match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::String(text) => Value::Number(Number::from(text.len())),
        Value::Bool(is) => Value::String(is.to_string()),
        _ => return,
    };
}

fn shift(value: &mut Value, off: SignedDuration) {
    if let Value::String(text) = value
        && let Ok(time) = text.parse::<Timestamp>()
        && let Ok(then) = time.checked_add(off)
    {
        *text = then.to_string();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_swapped_and_times_shifted_at_every_depth() {
        let bytes =
            Bytes::from_static(br#"[{"id":7,"at":"2026-11-01T00:00:00Z","no":null,"is":true}]"#);
        assert_eq!(
            change(&bytes, mistype),
            br#"[{"id":"7","at":20,"no":null,"is":"true"}]"#
        );
        let later = change(&bytes, |value| shift(value, SignedDuration::from_hours(-1)));
        assert_eq!(
            later,
            br#"[{"id":7,"at":"2026-10-31T23:00:00Z","no":null,"is":true}]"#
        );
        assert_eq!(change(&Bytes::from_static(b"no"), mistype), b"no");
    }
}
