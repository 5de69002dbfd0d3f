mod failure;
mod redirect;
mod task;

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, IF_NONE_MATCH};
use tokio::time::Instant;
use url::Url;

use super::address::same_origin;
use super::answer::Answer;
use super::rate::number;
use super::request::Request;
use super::{ApiError, Client, Event, Unexpected};
use failure::broken;
use redirect::redirect;

/// The most bytes of a success, after decompression.
const LARGEST_BODY: usize = 32 * 1024 * 1024;
/// The most bytes of an error that are read.
const LARGEST_ERROR: usize = 1024 * 1024;
/// So many bytes are set aside at once for a body that is told to be as large.
const USUAL_BODY: usize = 1024 * 1024;
/// How many redirects in a row are followed.
const MOST_REDIRECTS: usize = 5;

impl Client {
    /// Sends a request once, follows redirects, and reads the whole answer,
    /// whatever its status. `timeout` bounds each hop, `patience` how long a
    /// limit of the server is waited for before it.
    ///
    /// It is a task of its own: a stream that waits for one request does not
    /// poll the others that it has begun, and these must not keep their places
    /// at the server from the one that is waited for.
    ///
    /// # Errors
    /// [`ApiError::Network`] if no whole answer came; [`ApiError::Unexpected`]
    /// for a success that is too large; [`ApiError::ForeignAddress`].
    pub(super) fn exchange(
        &self,
        request: &Request,
        attempt: u32,
        timeout: Duration,
        patience: Duration,
    ) -> impl Future<Output = Result<Answer, ApiError>> + use<> {
        let (client, request) = (self.clone(), request.clone());
        let task = task::run(async move {
            client
                .exchange_here(&request, attempt, timeout, patience)
                .await
        });
        async move { task.await.unwrap_or(Err(ApiError::Stopped)) }
    }

    async fn exchange_here(
        &self,
        request: &Request,
        attempt: u32,
        timeout: Duration,
        patience: Duration,
    ) -> Result<Answer, ApiError> {
        let mut url = request.url.clone();
        let mut may_renew = true;
        for _ in 0..=MOST_REDIRECTS {
            let token = self.token();
            let mut answer = self.hop(request, &url, attempt, timeout, patience).await?;
            // Who is refused has changed nothing, and may try again.
            if answer.status == 401
                && std::mem::take(&mut may_renew)
                && self.0.credential.renew(token.as_ref()).await
            {
                answer = self.hop(request, &url, attempt, timeout, patience).await?;
            }
            match redirect(&answer, &request.method)? {
                Some(next) => url = next,
                None => return Ok(answer),
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

    async fn hop(
        &self,
        request: &Request,
        url: &Url,
        attempt: u32,
        timeout: Duration,
        patience: Duration,
    ) -> Result<Answer, ApiError> {
        let _turn = self.0.lanes.enter(request.lane).await;
        let cost = self.cost(request, url);
        let grant = self.0.pacer.acquire(cost, patience).await?;
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
            Ok(response) => {
                let mut whole = whole(request, url, response).await;
                if let Some(token) = &token
                    && let Ok(answer) | Err((Some(answer), _)) = &mut whole
                {
                    // The data of a success are the user's, and stay as they are.
                    let is_data = answer.status < 300 && answer.says_json();
                    let body = (!is_data).then_some(&mut answer.body);
                    token.hide_in(&mut answer.headers, body);
                }
                whole
            }
            Err(error) => Err((None, broken(request, url, &error))),
        };
        let (answer, failure) = match result {
            Ok(answer) => (Some(answer), None),
            Err((answer, failure)) => (answer, Some(failure)),
        };
        if let Some(answer) = &answer {
            self.heed(answer, &grant, attempt);
            if is_ours && token.is_some() && answer.status < 500 {
                let is_refused = answer.status == 401;
                self.0.credential.note(is_refused, (config.clock)());
            }
        }
        drop(grant);
        let reason = failure.as_ref().map(|failure| match failure {
            ApiError::Network(error) => error.detail.clone(),
            ApiError::Unexpected(error) => error.what.clone(),
            other => other.to_string(),
        });
        self.tell(&Event::Request {
            method: request.method.as_str(),
            url: url.as_str(),
            status: answer.as_ref().map(|answer| answer.status),
            error: reason.as_deref(),
            elapsed: began.elapsed(),
            rate_remaining: answer
                .as_ref()
                .and_then(|answer| number(&answer.headers, "x-ratelimit-remaining")),
            request_id: answer.as_ref().and_then(Answer::request_id),
            attempt,
        });
        match (answer, failure) {
            (_, Some(failure)) => Err(failure),
            (Some(answer), None) => Ok(answer),
            (None, None) => Err(ApiError::Setup("no answer and no failure".to_owned())),
        }
    }
}

/// Reads the body within bounds. An error keeps what came with it.
async fn whole(
    request: &Request,
    url: &Url,
    mut response: Response,
) -> Result<Answer, (Option<Answer>, ApiError)> {
    let mut answer = Answer {
        method: request.method.clone(),
        url: url.clone(),
        status: response.status().as_u16(),
        headers: std::mem::take(response.headers_mut()),
        body: Vec::new(),
    };
    // What is told is not promised: a body may be smaller.
    let told = response.content_length().unwrap_or(0);
    let told = usize::try_from(told).unwrap_or(usize::MAX);
    answer.body.reserve_exact(told.min(USUAL_BODY));
    let is_error = answer.status >= 300;
    let bound = if is_error {
        LARGEST_ERROR
    } else {
        LARGEST_BODY
    };
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(answer),
            Ok(Some(chunk)) if answer.body.len() + chunk.len() <= bound => {
                answer.body.extend_from_slice(&chunk);
            }
            // The status of an error says enough, whatever became of its body.
            Ok(Some(_)) | Err(_) if is_error => return Ok(answer),
            Ok(Some(_)) => {
                let what = format!("the answer is larger than {} MB", bound / 1024 / 1024);
                let error = ApiError::Unexpected(Box::new(answer.unexpected(what)));
                return Err((Some(answer), error));
            }
            Err(error) => {
                let mut error = broken(request, url, &error);
                if let ApiError::Network(network) = &mut error {
                    network.status = Some(answer.status);
                }
                return Err((Some(answer), error));
            }
        }
    }
}
