//! Answers, and the shape of GitHub's refusals.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Urls;
use crate::failure::Failure;

/// The `documentation_url` where no specific page is known.
pub(crate) const DOCS: &str = "https://docs.github.com/rest";

/// An answer before the headers that all have.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// Headers of this answer in particular.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The media type; empty if there is no body.
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

const JSON: &str = "application/json; charset=utf-8";

impl Reply {
    /// A JSON answer.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self {
                content_type: JSON,
                ..Self::raw(status, "", body)
            },
            Err(error) => Self::raw(500, "text/plain", error.to_string().into_bytes()),
        }
    }

    /// An answer with any body.
    pub(crate) fn raw(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            headers: Vec::new(),
            content_type,
            body,
        }
    }

    /// `204 No Content`.
    pub(crate) fn nothing() -> Self {
        Self::raw(204, "", Vec::new())
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a header if there is a value.
    pub(crate) fn with_some(self, name: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

/// A refusal with a message only.
pub(crate) fn refusal(status: u16, message: &str, docs: &str) -> Reply {
    refusal_with(status, message, None, docs)
}

/// The message to a token that is not authorized for an organization.
pub(crate) const SSO_MESSAGE: &str = "Resource protected by organization SAML enforcement. You \
    must grant your Personal Access token access to this organization.";

/// The header for a caller whose token is not authorized for an organization.
pub(crate) fn sso_header(urls: &Urls, organization: &str) -> String {
    let web = &urls.web;
    format!("required; url={web}/orgs/{organization}/sso?authorization_request=A1B2")
}

/// The refusal for a token that is not authorized for an organization.
pub(crate) fn sso_refusal(urls: &Urls, organization: &str) -> Reply {
    let docs = "https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/";
    refusal(403, SSO_MESSAGE, docs).with("x-github-sso", sso_header(urls, organization))
}

fn refusal_with(status: u16, message: &str, errors: Option<Value>, docs: &str) -> Reply {
    let mut body = Map::new();
    body.insert("message".to_owned(), message.into());
    if let Some(errors) = errors {
        body.insert("errors".to_owned(), errors);
    }
    body.insert("documentation_url".to_owned(), docs.into());
    // A string, in GitHub's answers since about 2024.
    body.insert("status".to_owned(), status.to_string().into());
    Reply::json(status, &body)
}

impl Failure {
    /// The answer that REST gives.
    pub(crate) fn reply(&self, docs: &str) -> Reply {
        let message = self.message();
        match self {
            Self::NotFound => refusal(404, &message, docs),
            Self::Forbidden(_) => refusal(403, &message, docs),
            Self::EmptyRepository | Self::Exists(_) | Self::MergeConflict { .. } => {
                refusal(409, &message, docs)
            }
            Self::Schema(_) | Self::NoRef(_) => refusal(422, &message, docs),
            Self::Invalid {
                resource,
                field,
                message: why,
            } => {
                let mut error = Map::new();
                error.insert("resource".to_owned(), (*resource).into());
                error.insert("code".to_owned(), "custom".into());
                if !field.is_empty() {
                    error.insert("field".to_owned(), (*field).into());
                }
                error.insert("message".to_owned(), why.as_str().into());
                refusal_with(422, &message, Some(json!([error])), docs)
            }
            Self::Refused(why) => refusal_with(422, &message, Some(json!([why])), docs),
            Self::ContextsFailed { contexts, .. } => {
                let contexts: Vec<Value> = contexts
                    .iter()
                    .map(|one| json!({"context": one.context, "state": one.state}))
                    .collect();
                let error = json!({
                    "contexts": contexts,
                    "resource": "Deployment",
                    "field": "required_contexts",
                    "code": "invalid",
                });
                refusal_with(409, &message, Some(json!([error])), docs)
            }
            // GitHub does not show the cause, but the user of a sandbox needs
            // it.
            Self::Internal(why) => refusal(500, &format!("{message}: {why}"), docs),
        }
    }
}
