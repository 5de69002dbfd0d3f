use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::api::{ApiError, Client, ClientConfig, SignInPage};
use crate::model::Endpoints;

/// The poll interval if the server returns none; GitHub's own.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
/// The lifetime of a code if the server returns none.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(900);
/// The longest time to wait for a code, whatever the server returns.
const MAX_LIFETIME: Duration = Duration::from_secs(3600);
/// Added to each interval: a server that is polled exactly at its interval
/// keeps answering "slow down", and the login is never seen.
const POLL_MARGIN: Duration = Duration::from_secs(1);
/// Added to the interval on "slow down" without a new interval.
const SLOW_DOWN_STEP: Duration = Duration::from_secs(5);

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Logs a user in with OAuth's device flow, through a browser on any machine.
///
/// See <https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow>.
#[derive(Clone, Debug)]
pub(crate) struct DeviceFlow {
    client: Client,
    client_id: String,
}

/// A code that the user enters on a page of the server.
pub(crate) struct DeviceCode {
    /// Identifies the request for the token.
    secret: SecretString,
    /// The code to enter, such as `WDJB-MJHT`. Text from the server.
    pub user_code: String,
    /// The page to enter it on. Text from the server: check it before opening
    /// it.
    pub verification_uri: String,
    pub lifetime: Duration,
    /// The shortest time between two polls.
    pub interval: Duration,
}

/// Why the device flow failed. No message contains a code or a token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeviceError {
    /// The server does not know the client ID, or does not support the device
    /// flow.
    #[error("the server does not know an OAuth app with this client ID")]
    UnknownApp,
    #[error("the OAuth app does not allow the device flow")]
    Disabled,
    #[error("the login was refused in the browser")]
    Denied,
    #[error("the code expired before it was used")]
    Expired,
    #[error("the server refused the login: {0}")]
    Refused(String),
    /// The response is not valid in the device flow.
    #[error("the server's response to the login is invalid")]
    Garbled,
    #[error(transparent)]
    Api(#[from] ApiError),
}

#[derive(Serialize)]
struct CodeRequest<'a> {
    client_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    scope: &'a str,
}

#[derive(Serialize)]
struct TokenRequest<'a> {
    client_id: &'a str,
    device_code: &'a str,
    grant_type: &'static str,
}

impl DeviceFlow {
    /// A device flow for the OAuth app `client_id` on the server at
    /// `config.endpoints.web`. A token in `config` is not sent.
    ///
    /// # Errors
    /// [`ApiError::InsecureUrl`] for plain http to another machine.
    pub(crate) fn new(mut config: ClientConfig, client_id: String) -> Result<Self, ApiError> {
        let web = config.endpoints.web.clone();
        config.token = None;
        config.endpoints = Endpoints {
            rest: web.clone(),
            graphql: web.clone(),
            web,
        };
        Ok(Self {
            client: Client::new(config)?,
            client_id,
        })
    }

    /// Requests a code. `scopes` may be empty, as for a GitHub App.
    pub(crate) async fn begin(&self, scopes: &[String]) -> Result<DeviceCode, DeviceError> {
        let request = CodeRequest {
            client_id: &self.client_id,
            scope: &scopes.join(" "),
        };
        let answer = self.ask(SignInPage::DeviceCode, &request).await?;
        if let Some(error) = refusal(&answer) {
            return Err(error);
        }
        DeviceCode::read(&answer).ok_or(DeviceError::Garbled)
    }

    /// Polls until the user has accepted or refused, or the code has expired.
    /// Network failures and server errors are retried.
    pub(crate) async fn wait(&self, code: &DeviceCode) -> Result<SecretString, DeviceError> {
        let request = TokenRequest {
            client_id: &self.client_id,
            device_code: code.secret.expose_secret(),
            grant_type: GRANT_TYPE,
        };
        let until = Instant::now() + code.lifetime;
        let mut interval = code.interval;
        loop {
            let next = Instant::now() + interval + POLL_MARGIN;
            if next > until {
                tokio::time::sleep_until(until).await;
                return Err(DeviceError::Expired);
            }
            tokio::time::sleep_until(next).await;
            match self.ask(SignInPage::AccessToken, &request).await {
                Ok(answer) => match step(&answer, interval)? {
                    Step::Done(token) => return Ok(token),
                    Step::Again(pause) => interval = pause,
                },
                Err(DeviceError::Api(ApiError::RateLimited(limited))) => {
                    interval = interval.max(limited.wait).min(MAX_LIFETIME);
                }
                Err(DeviceError::Api(error)) if error.is_temporary() => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn ask(&self, page: SignInPage, fields: &impl Serialize) -> Result<Value, DeviceError> {
        match self.client.sign_in(page, fields).await {
            Ok(answer) => Ok(answer),
            Err(ApiError::Response(refusal)) if refusal.status == 404 => {
                Err(DeviceError::UnknownApp)
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl DeviceCode {
    fn read(answer: &Value) -> Option<Self> {
        let text = |name| {
            answer
                .get(name)
                .and_then(Value::as_str)
                .filter(|t| !t.is_empty())
        };
        let seconds = |name| {
            answer
                .get(name)
                .and_then(Value::as_u64)
                .map(Duration::from_secs)
        };
        Some(Self {
            secret: SecretString::from(text("device_code")?),
            user_code: text("user_code")?.to_owned(),
            verification_uri: text("verification_uri")?.to_owned(),
            lifetime: seconds("expires_in")
                .unwrap_or(DEFAULT_LIFETIME)
                .min(MAX_LIFETIME),
            interval: seconds("interval")
                .unwrap_or(DEFAULT_INTERVAL)
                .min(MAX_LIFETIME),
        })
    }
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCode")
            .field("verification_uri", &self.verification_uri)
            .field("life", &self.lifetime)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
enum Step {
    Done(SecretString),
    /// Not yet; the interval to use from now on.
    Again(Duration),
}

/// Interprets a response to the request for the token.
fn step(answer: &Value, interval: Duration) -> Result<Step, DeviceError> {
    match answer.get("error").and_then(Value::as_str) {
        Some("authorization_pending") => return Ok(Step::Again(interval)),
        Some("slow_down") => {
            let named = answer.get("interval").and_then(Value::as_u64);
            let slower = named.map_or(interval + SLOW_DOWN_STEP, Duration::from_secs);
            return Ok(Step::Again(slower.max(interval).min(MAX_LIFETIME)));
        }
        _ => {}
    }
    if let Some(error) = refusal(answer) {
        return Err(error);
    }
    let text = |name| answer.get(name).and_then(Value::as_str);
    let token = text("access_token").filter(|token| !token.is_empty());
    let token = token.ok_or(DeviceError::Garbled)?;
    Ok(Step::Done(SecretString::from(token)))
}

/// The error in a response; GitHub sends it with status 200.
fn refusal(answer: &Value) -> Option<DeviceError> {
    let code = answer.get("error")?.as_str().unwrap_or_default();
    Some(match code {
        "expired_token" | "token_expired" => DeviceError::Expired,
        "access_denied" => DeviceError::Denied,
        "device_flow_disabled" => DeviceError::Disabled,
        "incorrect_client_credentials" | "Not Found" => DeviceError::UnknownApp,
        code => {
            let description = answer.get("error_description").and_then(Value::as_str);
            DeviceError::Refused(description.unwrap_or(code).to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIVE: Duration = Duration::from_secs(5);

    #[test]
    fn every_answer_of_the_flow_is_known() {
        for (answer, pause) in [
            (json!({"error": "authorization_pending"}), 5),
            (json!({"error": "slow_down", "interval": 10}), 10),
            (json!({"error": "slow_down"}), 10),
            // A shorter interval is ignored.
            (json!({"error": "slow_down", "interval": 1}), 5),
        ] {
            match step(&answer, FIVE) {
                Ok(Step::Again(next)) => assert_eq!(next.as_secs(), pause, "{answer}"),
                other => panic!("{answer}: {other:?}"),
            }
        }
        for (code, message) in [
            ("expired_token", "expired"),
            ("token_expired", "expired"),
            ("access_denied", "refused in the browser"),
            ("device_flow_disabled", "does not allow"),
            ("incorrect_client_credentials", "does not know an OAuth app"),
            ("Not Found", "does not know an OAuth app"),
            ("incorrect_device_code", "incorrect_device_code"),
            ("unsupported_grant_type", "unsupported_grant_type"),
        ] {
            let error = step(&json!({ "error": code }), FIVE).expect_err(code);
            assert!(error.to_string().contains(message), "{code}: {error}");
        }
        let error = step(
            &json!({"error": "x", "error_description": "Not today."}),
            FIVE,
        );
        assert!(
            error
                .expect_err("refused")
                .to_string()
                .ends_with("Not today.")
        );
    }

    #[test]
    fn a_token_is_taken_and_shown_nowhere() {
        let answer =
            json!({"access_token": "gho_secret", "token_type": "bearer", "scope": "repo,gist"});
        let step = step(&answer, FIVE).expect("granted");
        assert!(!format!("{step:?}").contains("secret"));
        let Step::Done(token) = step else {
            panic!("not done")
        };
        assert_eq!(token.expose_secret(), "gho_secret");
    }

    #[test]
    fn what_is_no_answer_of_the_flow_is_refused() {
        for answer in [
            json!({}),
            json!([]),
            json!(null),
            json!({"access_token": ""}),
            json!({"access_token": 1}),
        ] {
            let error = step(&answer, FIVE).expect_err("refused");
            assert!(matches!(error, DeviceError::Garbled), "{answer}");
        }
        assert!(DeviceCode::read(&json!({"user_code": "A"})).is_none());
    }

    #[test]
    fn a_code_has_bounds_and_its_secret_part_is_not_shown() {
        let code = DeviceCode::read(&json!({
            "device_code": "secret-part", "user_code": "WDJB-MJHT",
            "verification_uri": "https://github.com/login/device",
            "expires_in": u64::MAX, "interval": 7,
        }))
        .expect("a code");
        assert_eq!((code.lifetime, code.interval.as_secs()), (MAX_LIFETIME, 7));
        let shown = format!("{code:?}");
        assert!(
            !shown.contains("secret-part") && !shown.contains("WDJB"),
            "{shown}"
        );
        let code = DeviceCode::read(
            &json!({"device_code": "a", "user_code": "b", "verification_uri": "c"}),
        );
        let code = code.expect("a code");
        assert_eq!(
            (code.lifetime, code.interval),
            (DEFAULT_LIFETIME, DEFAULT_INTERVAL)
        );
    }
}
