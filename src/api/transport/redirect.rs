use reqwest::Method;
use reqwest::header::LOCATION;
use url::Url;

use super::super::ApiError;
use super::super::address::{is_loopback, same_origin};
use super::super::response::Response;

/// The target of a redirect, if the response is one. The method is kept: a
/// write that was redirected was not done, and must not become a read.
pub(super) fn redirect_target(
    response: &Response,
    method: &Method,
) -> Result<Option<Url>, ApiError> {
    if !matches!(response.status, 301 | 302 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers.get(LOCATION) else {
        return Ok(None);
    };
    let target = location
        .to_str()
        .ok()
        .and_then(|location| response.url.join(location).ok());
    let Some(mut next) = target else {
        let what = "the redirect has an invalid URL";
        return Err(ApiError::Unexpected(Box::new(response.unexpected(what))));
    };
    // A user name in the URL would be sent instead of the token.
    let had_name = !next.username().is_empty() || next.password().is_some();
    let clean = !had_name || (next.set_username("").is_ok() && next.set_password(None).is_ok());
    let reads_elsewhere = *method == Method::GET
        && (next.scheme() == "https" || (next.scheme() == "http" && is_loopback(&next)))
        && !(response.url.scheme() == "https" && next.scheme() == "http");
    if clean && (same_origin(&response.url, &next) || reads_elsewhere) {
        Ok(Some(next))
    } else {
        Err(ApiError::ForeignAddress {
            pointer: "redirect",
            url: next.to_string(),
        })
    }
}
