mod failure;
mod redirect;
mod task;

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, IF_NONE_MATCH};
use tokio::time::Instant;
use url::Url;

use super::address::same_origin;
use super::rate::number;
use super::request::Request;
use super::response::Response;
use super::{ApiError, Client, Event, Unexpected};
use failure::network_error;
use redirect::redirect_target;

/// The size limit of a success's body, after decompression.
const LARGEST_BODY: usize = 32 * 1024 * 1024;
/// The size limit of an error's body.
const LARGEST_ERROR: usize = 1024 * 1024;
/// The most bytes that are reserved in advance for a body with a
/// `Content-Length`.
const USUAL_BODY: usize = 1024 * 1024;
/// How many consecutive redirects are followed.
const MOST_REDIRECTS: usize = 5;

impl Client {
    /// Sends a request once, follows redirects, and reads the complete
    /// response, whatever its status. `timeout` bounds each hop; `patience`
    /// bounds how long a rate limit is waited for first.
    ///
    /// This runs as a task of its own: a stream that waits for one request does
    /// not poll the others that it has started, and these must not hold the
    /// permits that the awaited one needs.
    ///
    /// # Errors
    /// [`ApiError::Network`] if no complete response arrived;
    /// [`ApiError::Unexpected`] for a success that is too large;
    /// [`ApiError::ForeignAddress`].
    pub(super) fn send(
        &self,
        request: &Request,
        attempt: u32,
        timeout: Duration,
        patience: Duration,
    ) -> impl Future<Output = Result<Response, ApiError>> + use<> {
        let (client, request) = (self.clone(), request.clone());
        let task = task::run(async move {
            client
                .send_following_redirects(&request, attempt, timeout, patience)
                .await
        });
        async move { task.await.unwrap_or(Err(ApiError::Stopped)) }
    }

    async fn send_following_redirects(
        &self,
        request: &Request,
        attempt: u32,
        timeout: Duration,
        patience: Duration,
    ) -> Result<Response, ApiError> {
        let mut url = request.url.clone();
        let mut may_renew = true;
        for _ in 0..=MOST_REDIRECTS {
            let token = self.token();
            let mut response = self
                .send_once(request, &url, attempt, timeout, patience)
                .await?;
            // A request that was rejected with 401 has changed nothing, and can
            // be sent again.
            if response.status == 401
                && std::mem::take(&mut may_renew)
                && self.0.credential.renew(token.as_ref()).await
            {
                response = self
                    .send_once(request, &url, attempt, timeout, patience)
                    .await?;
            }
            match redirect_target(&response, &request.method)? {
                Some(next) => url = next,
                None => return Ok(response),
            }
        }
        Err(ApiError::Unexpected(Box::new(Unexpected {
            method: request.method.to_string(),
            url: url.to_string(),
            status: 307,
            request_id: None,
            what: format!("more than {MOST_REDIRECTS} redirects in a row"),
        })))
    }

    async fn send_once(
        &self,
        request: &Request,
        url: &Url,
        attempt: u32,
        timeout: Duration,
        patience: Duration,
    ) -> Result<Response, ApiError> {
        let _turn = self.0.concurrency.acquire(request.class).await;
        let cost = self.cost(request, url);
        let permit = self.0.rate_limiter.acquire(cost, patience).await?;
        let began = Instant::now();
        let config = &self.0.config;
        let mut builder = self
            .0
            .http
            .for_url(url, config)?
            .request(request.method.clone(), url.clone())
            .timeout(timeout)
            .header(ACCEPT, request.accept)
            .header("x-github-api-version", "2022-11-28");
        let is_ours = [&config.endpoints.rest, &config.endpoints.graphql]
            .into_iter()
            .any(|own| same_origin(own, url));
        let token = self.token();
        if is_ours && let Some(token) = &token {
            let value = token
                .authorization()
                .ok_or_else(|| ApiError::Setup("the token cannot be sent".to_owned()))?;
            builder = builder.header(AUTHORIZATION, value);
        }
        if let Some(body) = &request.body {
            builder = builder
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        if let Some(etag) = &request.etag
            && let Ok(etag) = HeaderValue::from_str(etag)
        {
            builder = builder.header(IF_NONE_MATCH, etag);
        }
        let result = match builder.send().await {
            Ok(incoming) => {
                let mut whole = read_response(request, url, incoming).await;
                if let Some(token) = &token
                    && let Ok(response) | Err((Some(response), _)) = &mut whole
                {
                    // The data of a success belongs to the user, and stays as
                    // it is.
                    let is_data = response.status < 300 && response.says_json();
                    let body = (!is_data).then_some(&mut response.body);
                    token.hide_in(&mut response.headers, body);
                }
                whole
            }
            Err(error) => Err((None, network_error(request, url, &error))),
        };
        let (response, failure) = match result {
            Ok(response) => (Some(response), None),
            Err((response, failure)) => (response, Some(failure)),
        };
        if let Some(response) = &response {
            self.note_limits(response, &permit, attempt);
            if is_ours && token.is_some() && response.status < 500 {
                let is_rejected = response.status == 401;
                self.0.credential.note(is_rejected, (config.clock)());
            }
        }
        drop(permit);
        let reason = failure.as_ref().map(|failure| match failure {
            ApiError::Network(error) => error.detail.clone(),
            ApiError::Unexpected(error) => error.what.clone(),
            other => other.to_string(),
        });
        self.notify(&Event::Request {
            method: request.method.as_str(),
            url: url.as_str(),
            status: response.as_ref().map(|response| response.status),
            error: reason.as_deref(),
            elapsed: began.elapsed(),
            rate_remaining: response
                .as_ref()
                .and_then(|response| number(&response.headers, "x-ratelimit-remaining")),
            request_id: response.as_ref().and_then(Response::request_id),
            attempt,
        });
        match (response, failure) {
            (_, Some(failure)) => Err(failure),
            (Some(response), None) => Ok(response),
            (None, None) => Err(ApiError::Setup("no response and no failure".to_owned())),
        }
    }
}

/// Reads the body, up to the size limit. An error keeps what was received with
/// it.
async fn read_response(
    request: &Request,
    url: &Url,
    mut incoming: reqwest::Response,
) -> Result<Response, (Option<Response>, ApiError)> {
    let mut response = Response {
        method: request.method.clone(),
        url: url.clone(),
        status: incoming.status().as_u16(),
        headers: std::mem::take(incoming.headers_mut()),
        body: Vec::new(),
    };
    // The header is only a claim: the body may be smaller.
    let reported = incoming.content_length().unwrap_or(0);
    let reported = usize::try_from(reported).unwrap_or(usize::MAX);
    response.body.reserve_exact(reported.min(USUAL_BODY));
    let is_error = response.status >= 300;
    let bound = if is_error {
        LARGEST_ERROR
    } else {
        LARGEST_BODY
    };
    loop {
        match incoming.chunk().await {
            Ok(None) => return Ok(response),
            Ok(Some(chunk)) if response.body.len() + chunk.len() <= bound => {
                response.body.extend_from_slice(&chunk);
            }
            // The status of an error is enough, whatever happened to its body.
            Ok(Some(_)) | Err(_) if is_error => return Ok(response),
            Ok(Some(_)) => {
                let what = format!("the response is larger than {} MB", bound / 1024 / 1024);
                let error = ApiError::Unexpected(Box::new(response.unexpected(what)));
                return Err((Some(response), error));
            }
            Err(error) => {
                let mut error = network_error(request, url, &error);
                if let ApiError::Network(network) = &mut error {
                    network.status = Some(response.status);
                }
                return Err((Some(response), error));
            }
        }
    }
}
