use std::fmt::Write as _;

use super::{Failure, Kind};
use crate::api::{ApiError, ErrorResponse, NetworkKind};
use crate::model::ContextState;

/// What the program knows of the call that failed, for better hints.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asking<'a> {
    /// Where the token came from, such as `GH_TOKEN`.
    pub token_origin: Option<&'a str>,
    /// Whether the program runs inside GitHub Actions.
    pub in_actions: bool,
    /// The ref that is to be deployed.
    pub ref_name: Option<&'a str>,
}

impl Failure {
    /// The failure that an error of the client stands for.
    pub fn from_api(error: &ApiError, asking: &Asking<'_>) -> Self {
        match error {
            ApiError::Response(refusal) => from_refusal(refusal, asking),
            ApiError::RateLimited(limited) => {
                let kind = if limited.secondary {
                    "secondary rate limit"
                } else {
                    "rate limit"
                };
                let (end, next) = if limited.is_beyond_reason() {
                    let next = "try again in an hour".to_owned();
                    (
                        "for a day or more, according to the server".to_owned(),
                        next,
                    )
                } else {
                    let seconds = limited.wait.as_secs().max(1);
                    let next = format!("run the command again in {seconds} s");
                    (format!("until {}", limited.until), next)
                };
                let message = format!("the {kind} is used up {end}");
                with_refusal(
                    Self::new(Kind::RateLimited, message),
                    &limited.error_response,
                )
                .detail("retry_at", limited.until)
                .hint(format!("nothing was done; {next}"))
            }
            ApiError::Network(network) => {
                let kind = match network.kind {
                    NetworkKind::Tls => Kind::Tls,
                    NetworkKind::Proxy => Kind::Proxy,
                    _ => Kind::Network,
                };
                let failure = Self::new(kind, network.to_string());
                match network.kind {
                    NetworkKind::Connect => failure.hint(
                        "check the connection, the host's name and HTTPS_PROXY; --sandbox needs no network",
                    ),
                    NetworkKind::Tls if network.to_string().contains("No CA certificates") => failure
                        .hint("install the system's certificates, often the package ca-certificates, or name a file of them in SSL_CERT_FILE"),
                    NetworkKind::Tls => failure
                        .hint("to trust a server of your own, name the file with its authority's certificate, or with its own, in SSL_CERT_FILE"),
                    NetworkKind::Proxy => failure
                        .hint("HTTPS_PROXY takes them as http://USER:PASSWORD@HOST:PORT"),
                    _ => failure.hint("the network or the server failed; run the command again"),
                }
            }
            ApiError::Unexpected(unexpected) => {
                let mut failure = Self::new(Kind::UnexpectedAnswer, unexpected.to_string());
                if unexpected.status > 0 {
                    failure = failure.detail("status", unexpected.status);
                }
                if let Some(id) = &unexpected.request_id {
                    failure = failure.detail("request_id", id);
                }
                failure.hint("is this URL the API of a GitHub server?")
            }
            ApiError::Ambiguous { cause, .. } => {
                let mut failure = Self::new(Kind::OutcomeUnknown, error.to_string())
                    .hint("run 'deployctl list' or 'deployctl status' to see whether it exists before you run this again")
                    .hint("use 'deployctl create --unique' to avoid a second one");
                if let Some(refusal) = cause.error_response() {
                    failure = failure.detail("status", refusal.status);
                }
                failure
            }
            ApiError::InsecureUrl { .. } | ApiError::InvalidName { .. } => {
                Self::new(Kind::Usage, error.to_string())
            }
            _ => Self::new(Kind::Other, error.to_string()),
        }
    }
}

fn from_refusal(refusal: &ErrorResponse, asking: &Asking<'_>) -> Failure {
    let failure = match refusal.status {
        401 => unauthenticated(refusal, asking),
        403 => forbidden(refusal, asking),
        404 => not_found(refusal),
        409 => conflict(refusal, asking),
        400 | 422 => invalid(refusal, asking),
        410 => Failure::new(Kind::Other, said(refusal)).hint(
            "the server no longer has this version of the API: a newer deployctl may be needed",
        ),
        _ if refusal.is_temporary() => Failure::new(Kind::ServerError, said(refusal))
            .hint("the server failed; run the command again later"),
        _ => Failure::new(Kind::Other, said(refusal)),
    };
    with_refusal(failure, refusal)
}

/// The most entries of a refusal's `errors` that are shown.
const MOST_ERRORS: usize = 20;

/// What the server said, and to which request.
fn said(refusal: &ErrorResponse) -> String {
    let mut text = refusal.message.replace("\n\n", " ");
    for error in refusal.errors.iter().take(MOST_ERRORS) {
        // Writing to a string cannot fail.
        let _ = write!(text, "; {error}");
    }
    let more = refusal.errors.len().saturating_sub(MOST_ERRORS);
    if more > 0 {
        let _ = write!(text, "; and {more} more");
    }
    let _ = write!(
        text,
        " (HTTP {}, {} {}",
        refusal.status, refusal.method, refusal.url
    );
    if let Some(id) = &refusal.request_id {
        let _ = write!(text, ", request id {id}");
    }
    text.push(')');
    text
}

fn with_refusal(failure: Failure, refusal: &ErrorResponse) -> Failure {
    let mut failure = failure
        .detail("status", refusal.status)
        .detail("server_message", &refusal.message);
    if let Some(id) = &refusal.request_id {
        failure = failure.detail("request_id", id);
    }
    if let Some(url) = &refusal.documentation_url {
        failure = failure.detail("documentation_url", url);
    }
    if !refusal.errors.is_empty() {
        let errors: Vec<String> = refusal.errors.iter().map(ToString::to_string).collect();
        failure = failure.detail("errors", errors);
    }
    failure
}

fn unauthenticated(refusal: &ErrorResponse, asking: &Asking<'_>) -> Failure {
    let failure = Failure::new(
        Kind::NotAuthenticated,
        format!("the server does not accept the token: {}", said(refusal)),
    );
    match asking.token_origin {
        Some(origin) => failure.hint(format!(
            "the token came from {origin}; it may be wrong, expired or revoked"
        )),
        None => failure.hint("set DEPLOYCTL_TOKEN or GH_TOKEN to a token of that server"),
    }
}

fn forbidden(refusal: &ErrorResponse, asking: &Asking<'_>) -> Failure {
    let mut failure = Failure::new(Kind::Forbidden, format!("not allowed: {}", said(refusal)));
    if let Some(sso) = &refusal.sso {
        let url = sso.split_once("url=").map_or(sso.as_str(), |(_, url)| url);
        failure = failure
            .hint(format!("authorize the token for the organization: {url}"))
            .detail("sso_url", url);
    }
    if let Some(permissions) = &refusal.accepted_permissions {
        failure = failure
            .hint(format!("the token needs the permission {permissions}"))
            .detail("missing_permission", permissions);
    }
    if let Some(scopes) = lacking_scopes(refusal) {
        failure = failure
            .hint(format!("the token needs one of the scopes: {scopes}"))
            .detail("missing_scope", scopes);
    }
    if asking.in_actions && refusal.message.contains("integration") {
        failure = failure.hint(
            "in GitHub Actions give the job 'permissions: deployments: write'; a run of a fork's pull request never gets it",
        );
    }
    failure
}

fn invalid(refusal: &ErrorResponse, asking: &Asking<'_>) -> Failure {
    let failure = Failure::new(Kind::Invalid, said(refusal));
    match asking.ref_name {
        Some(name) if refusal.message.to_ascii_lowercase().contains("ref") => failure.hint(
            format!("does a branch, tag or commit {name} exist on the server? push it first"),
        ),
        _ => failure,
    }
}

/// The scopes of which the token has none, if that is why it was refused.
fn lacking_scopes(refusal: &ErrorResponse) -> Option<&str> {
    let accepted = refusal
        .accepted_scopes
        .as_deref()
        .filter(|scopes| !scopes.is_empty())?;
    let held = refusal.token_scopes.as_deref()?;
    let words = |list: &'_ str| {
        list.split(',')
            .map(|word| word.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let held = words(held);
    let has_one = words(accepted).iter().any(|scope| held.contains(scope));
    (!has_one).then_some(accepted)
}

fn not_found(refusal: &ErrorResponse) -> Failure {
    if let Some(scopes) = lacking_scopes(refusal) {
        return Failure::new(
            Kind::Forbidden,
            format!("not found, or not allowed: {}", said(refusal)),
        )
        .hint(format!("the token needs one of the scopes: {scopes}"))
        .detail("missing_scope", scopes);
    }
    Failure::new(Kind::NothingThere, format!("not found: {}", said(refusal)))
        .hint("check the name; GitHub gives the same answer if the token cannot see it")
}

fn conflict(refusal: &ErrorResponse, asking: &Asking<'_>) -> Failure {
    let ref_name = asking.ref_name.unwrap_or("the ref");
    if let Some(contexts) = refusal.failed_contexts() {
        let text = format!("required checks of {ref_name} are not green");
        return Failure::new(Kind::ChecksNotGreen, text)
            .lines(context_lines(&contexts))
            .hint("wait for the checks, select others with --required-context, or skip them with --no-required-contexts")
            .detail("contexts", &contexts);
    }
    if refusal.is_merge_conflict() {
        return Failure::new(
            Kind::MergeConflict,
            format!("nothing was deployed: {}", said(refusal)),
        )
        .hint(format!(
            "merge the default branch into {ref_name} and push, or omit --auto-merge"
        ));
    }
    Failure::new(Kind::Other, said(refusal))
}

fn context_lines(contexts: &[ContextState]) -> Vec<String> {
    let width = contexts
        .iter()
        .map(|context| context.context.chars().count())
        .max()
        .unwrap_or(0);
    contexts
        .iter()
        .map(|context| {
            let state = if context.state.is_empty() {
                "not reported"
            } else {
                &context.state
            };
            format!("  {:width$}  {state}", context.context)
        })
        .collect()
}
