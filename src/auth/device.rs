use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::api::{ApiError, Client, ClientConfig, SignInPage};
use crate::model::Endpoints;

/// GitHub's pace where the server tells none.
const USUAL_INTERVAL: Duration = Duration::from_secs(5);
/// How long a code is good where the server does not tell.
const USUAL_LIFE: Duration = Duration::from_secs(900);
/// No code is waited for longer, whatever the server says.
const LONGEST_LIFE: Duration = Duration::from_secs(3600);
/// So much later than the interval is asked: exact asking is told to slow down
/// again and again, and a login that was agreed to is not seen.
const MARGIN: Duration = Duration::from_secs(1);
/// What "slow down" adds where the server names no new interval.
const SLOWER: Duration = Duration::from_secs(5);

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Signs a user in through a browser anywhere, by OAuth's device flow.
///
/// See <https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow>.
#[derive(Clone, Debug)]
pub(crate) struct DeviceFlow {
    client: Client,
    client_id: String,
}

/// A code that the user types in on a page of the server.
pub(crate) struct DeviceCode {
    /// What the token is asked for with.
    secret: SecretString,
    /// What the user types, such as `WDJB-MJHT`. The server's text.
    pub user_code: String,
    /// Where it is typed in. The server's text: check it before it is opened.
    pub verification_uri: String,
    /// How long the code is good.
    pub life: Duration,
    /// The pause between two questions, at least.
    pub interval: Duration,
}

/// Why the device flow gave no token. No message holds a code or a token.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The server knows no app of this client id, or has no device flow.
    #[error("the server does not know an OAuth app with this client ID")]
    UnknownApp,
    /// The app may not use the device flow.
    #[error("the OAuth app does not allow the device flow")]
    Disabled,
    /// The user said no.
    #[error("the login was refused in the browser")]
    Denied,
    /// The user said nothing in time.
    #[error("the code expired before it was used")]
    Expired,
    /// The server said something else.
    #[error("the server refused the login: {0}")]
    Refused(String),
    /// The answer is none that the flow knows.
    #[error("the server's response to the login is invalid")]
    Garbled,
    /// The server could not be asked.
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
    /// A flow for the OAuth app `client_id` on the server whose web pages
    /// `config.endpoints` names. A token in `config` is not sent.
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

    /// Asks for a code. `scopes` may be empty (a GitHub App has none).
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

    /// Asks until the user agreed or refused, or the code is no longer good.
    /// A network or a server that gives out is asked again.
    pub(crate) async fn wait(&self, code: &DeviceCode) -> Result<SecretString, DeviceError> {
        let request = TokenRequest {
            client_id: &self.client_id,
            device_code: code.secret.expose_secret(),
            grant_type: GRANT_TYPE,
        };
        let until = Instant::now() + code.life;
        let mut interval = code.interval;
        loop {
            let next = Instant::now() + interval + MARGIN;
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
                    interval = interval.max(limited.wait).min(LONGEST_LIFE);
                }
                Err(DeviceError::Api(error)) if error.is_temporary() => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn ask(&self, page: SignInPage, fields: &impl Serialize) -> Result<Value, DeviceError> {
        match self.client.sign_in(page, fields).await {
            Ok(answer) => Ok(answer),
            Err(ApiError::Refused(refusal)) if refusal.status == 404 => {
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
            life: seconds("expires_in")
                .unwrap_or(USUAL_LIFE)
                .min(LONGEST_LIFE),
            interval: seconds("interval")
                .unwrap_or(USUAL_INTERVAL)
                .min(LONGEST_LIFE),
        })
    }
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCode")
            .field("verification_uri", &self.verification_uri)
            .field("life", &self.life)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
enum Step {
    Done(SecretString),
    /// Not yet; the pause from now on, which lasts.
    Again(Duration),
}

/// What an answer to the question for the token means.
fn step(answer: &Value, interval: Duration) -> Result<Step, DeviceError> {
    match answer.get("error").and_then(Value::as_str) {
        Some("authorization_pending") => return Ok(Step::Again(interval)),
        Some("slow_down") => {
            let named = answer.get("interval").and_then(Value::as_u64);
            let slower = named.map_or(interval + SLOWER, Duration::from_secs);
            return Ok(Step::Again(slower.max(interval).min(LONGEST_LIFE)));
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

/// The error that an answer carries, with status 200 as GitHub sends it.
fn refusal(answer: &Value) -> Option<DeviceError> {
    let code = answer.get("error")?.as_str().unwrap_or_default();
    Some(match code {
        "expired_token" | "token_expired" => DeviceError::Expired,
        "access_denied" => DeviceError::Denied,
        "device_flow_disabled" => DeviceError::Disabled,
        "incorrect_client_credentials" | "Not Found" => DeviceError::UnknownApp,
        code => {
            let said = answer.get("error_description").and_then(Value::as_str);
            DeviceError::Refused(said.unwrap_or(code).to_owned())
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
            // A server that wants it faster is not believed.
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
        assert_eq!((code.life, code.interval.as_secs()), (LONGEST_LIFE, 7));
        let shown = format!("{code:?}");
        assert!(
            !shown.contains("secret-part") && !shown.contains("WDJB"),
            "{shown}"
        );
        let code = DeviceCode::read(
            &json!({"device_code": "a", "user_code": "b", "verification_uri": "c"}),
        );
        let code = code.expect("a code");
        assert_eq!((code.life, code.interval), (USUAL_LIFE, USUAL_INTERVAL));
    }
}
