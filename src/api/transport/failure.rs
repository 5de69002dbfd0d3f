use std::error::Error;
use std::io;

use url::Url;

use super::super::certificates::lasting_fault;
use super::super::http::root_cause;
use super::super::request::Request;
use super::super::{ApiError, NetworkError, NetworkKind, Unexpected};

/// Converts an error of reqwest. Only if there was no connection is it certain
/// that the request was not sent.
pub(super) fn network_error(request: &Request, url: &Url, error: &reqwest::Error) -> ApiError {
    let cause = root_cause(error);
    if is_not_http(&cause) {
        return ApiError::Unexpected(Box::new(Unexpected {
            method: request.method.to_string(),
            url: url.to_string(),
            status: 0,
            request_id: None,
            what: format!("the response is not HTTP ({cause})"),
        }));
    }
    let (kind, detail) = match (error.is_connect(), error.is_timeout()) {
        (true, _) => no_connection(error, &cause),
        (false, true) => (
            NetworkKind::TimedOut,
            "the response took too long".to_owned(),
        ),
        (false, false) => (
            NetworkKind::Broken,
            format!("the response was cut off: {cause}"),
        ),
    };
    ApiError::Network(Box::new(NetworkError {
        method: request.method.to_string(),
        url: url.to_string(),
        kind,
        sent: !error.is_connect(),
        status: None,
        detail,
        attempts: 1,
    }))
}

/// Whether the response is not HTTP, such as that of another kind of server.
fn is_not_http(cause: &str) -> bool {
    cause.starts_with("invalid HTTP ") || cause == "message head is too large"
}

fn no_connection(error: &reqwest::Error, cause: &str) -> (NetworkKind, String) {
    if let Some(fault) = tls_error(error).and_then(lasting_fault) {
        return (NetworkKind::Tls, format!("TLS failed: {fault}"));
    }
    // The connector's error type for this is private.
    if cause.ends_with("proxy authorization required") {
        let what = "the proxy requires a user name and a password (HTTP 407)";
        return (NetworkKind::Proxy, what.to_owned());
    }
    (NetworkKind::Connect, format!("no connection: {cause}"))
}

fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        let found = error.downcast_ref::<rustls::Error>();
        if found.is_some() {
            return found;
        }
        // The error inside an I/O error is not its source.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}
