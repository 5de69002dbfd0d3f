use reqwest::Method;
use url::Url;

use super::concurrency::RequestClass;
use super::error::ApiError;
use super::retry::RequestKind;

/// A request, which can be sent any number of times.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    /// Whether sending it twice can do harm.
    pub(super) kind: RequestKind,
    /// The body, as JSON.
    pub(super) body: Option<Vec<u8>>,
    /// The ETag of the known value, sent unchanged.
    pub(super) etag: Option<String>,
    /// How many objects the request creates or changes; 0 for a read.
    pub(super) writes: u32,
    /// How many objects it creates, as GitHub counts created content.
    pub(super) makes: u32,
    /// The accepted media type.
    pub(super) accept: &'static str,
    /// The class of requests that it shares a concurrency limit with.
    pub(super) class: RequestClass,
}

/// The media type of the API's responses.
const GITHUB_JSON: &str = "application/vnd.github+json";

impl Request {
    pub(super) fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            kind: RequestKind::Idempotent,
            body: None,
            etag: None,
            writes: 0,
            makes: 0,
            accept: GITHUB_JSON,
            class: RequestClass::Single,
        }
    }

    /// A page of a list.
    pub(super) fn page(url: Url) -> Self {
        Self {
            class: RequestClass::Page,
            ..Self::get(url)
        }
    }

    pub(super) fn delete(url: Url) -> Self {
        Self {
            method: Method::DELETE,
            writes: 1,
            ..Self::get(url)
        }
    }

    /// A PUT, which sets all values, so that repeating it has no further
    /// effect.
    pub(super) fn put<T: serde::Serialize>(url: Url, body: &T) -> Result<Self, ApiError> {
        Ok(Self {
            method: Method::PUT,
            writes: 1,
            ..Self::query(url, body)?
        })
    }

    /// A PATCH that sets fields to given values, so that repeating it has no
    /// further effect.
    pub(super) fn patch<T: serde::Serialize>(url: Url, body: &T) -> Result<Self, ApiError> {
        Ok(Self {
            method: Method::PATCH,
            writes: 1,
            ..Self::query(url, body)?
        })
    }

    /// A POST that creates an object each time it is sent.
    pub(super) fn post<T: serde::Serialize>(url: Url, body: &T) -> Result<Self, ApiError> {
        let body = serde_json::to_vec(body).map_err(|error| ApiError::Setup(error.to_string()))?;
        Ok(Self {
            method: Method::POST,
            kind: RequestKind::Write,
            body: Some(body),
            writes: 1,
            makes: 1,
            ..Self::get(url)
        })
    }

    /// A POST that only reads, such as a GraphQL query.
    pub(super) fn query<T: serde::Serialize>(url: Url, body: &T) -> Result<Self, ApiError> {
        Ok(Self {
            kind: RequestKind::Idempotent,
            writes: 0,
            makes: 0,
            ..Self::post(url, body)?
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_requests_that_create_objects_are_not_idempotent() {
        let url: Url = "https://api.github.com/x".parse().expect("an address");
        let of = |request: Result<Request, ApiError>| {
            let request = request.expect("a request");
            (request.method.to_string(), request.kind)
        };
        for (request, method, kind) in [
            (
                Ok(Request::get(url.clone())),
                "GET",
                RequestKind::Idempotent,
            ),
            (
                Ok(Request::delete(url.clone())),
                "DELETE",
                RequestKind::Idempotent,
            ),
            (
                Request::put(url.clone(), &1),
                "PUT",
                RequestKind::Idempotent,
            ),
            (
                Request::patch(url.clone(), &1),
                "PATCH",
                RequestKind::Idempotent,
            ),
            (
                Request::query(url.clone(), &1),
                "POST",
                RequestKind::Idempotent,
            ),
            (Request::post(url.clone(), &1), "POST", RequestKind::Write),
        ] {
            assert_eq!(of(request), (method.to_owned(), kind));
        }
    }
}
