use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::model::ContextState;

/// The most characters of a server's message that are kept.
pub(super) const LONGEST_TEXT: usize = 1000;

/// An error response of a server (4xx or 5xx).
///
/// All texts are the server's: escape them before you print them on a terminal.
/// See
/// <https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api>.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// The HTTP method of the request.
    pub method: String,
    /// The URL of the request, including its query.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// `message` of the body, or a short description of a body that is not
    /// JSON.
    pub message: String,
    /// `errors` of the body; empty if there are none.
    pub errors: Vec<FieldError>,
    /// `documentation_url` of the body.
    pub documentation_url: Option<String>,
    /// `x-github-request-id`, for GitHub's support.
    pub request_id: Option<String>,
    /// `x-accepted-github-permissions`: the permissions that a fine-grained
    /// token needs.
    pub accepted_permissions: Option<String>,
    /// `x-accepted-oauth-scopes`: the scopes of which a classic token needs
    /// one.
    pub accepted_scopes: Option<String>,
    /// `x-oauth-scopes`: the scopes of the token, if it is a classic one.
    pub token_scopes: Option<String>,
    /// `x-github-sso`: where to authorize the token for the organization.
    pub sso: Option<String>,
    /// `retry-after`, if the server failed (5xx).
    pub retry_after: Option<Duration>,
}

/// One entry of `errors`: an object or a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The type of the object, such as `Deployment`.
    pub resource: Option<String>,
    /// The field of the object.
    pub field: Option<String>,
    /// The reason as a code, such as `invalid` or `missing_field`.
    pub code: Option<String>,
    /// The reason as a sentence, or the whole entry if it is a text.
    pub message: Option<String>,
    /// The rejected value, as JSON.
    pub value: Option<String>,
    /// All contexts of the commit, successful ones included, if contexts were
    /// the reason.
    pub contexts: Vec<ContextState>,
}

impl ErrorResponse {
    /// The contexts that prevented a deployment, without successful ones and
    /// duplicates; empty if the server does not name them; `None` if contexts
    /// were not the reason.
    ///
    /// A merge conflict has the same status (409): only the body makes the
    /// difference.
    pub fn failed_contexts(&self) -> Option<Vec<ContextState>> {
        if self.status != 409 {
            return None;
        }
        let entry = self
            .errors
            .iter()
            .find(|error| error.field.as_deref() == Some("required_contexts"));
        let Some(entry) = entry else {
            let message = self.message.to_ascii_lowercase();
            return message.contains("status checks failed").then(Vec::new);
        };
        let mut failed: Vec<ContextState> = Vec::new();
        for context in entry.contexts.iter().filter(|context| !context.is_green()) {
            if !failed.contains(context) {
                failed.push(context.clone());
            }
        }
        Some(failed)
    }

    /// Whether the ref could not be merged with the default branch.
    pub fn is_merge_conflict(&self) -> bool {
        self.status == 409
            && self.failed_contexts().is_none()
            && self.message.to_ascii_lowercase().contains("merg")
    }

    /// Whether a deployment was not deleted because it is active (422, with a
    /// text instead of an object in `errors`).
    ///
    /// GitHub decides that by environment: the only deployment of an
    /// environment can be deleted, active or not.
    pub fn is_active_deployment(&self) -> bool {
        let says = |text: &str| text.to_ascii_lowercase().contains("active deployment");
        self.status == 422
            && (says(&self.message)
                || self
                    .errors
                    .iter()
                    .any(|error| error.message.as_deref().is_some_and(says)))
    }

    /// Whether the same request may succeed later. Some server errors are
    /// permanent: not implemented (501), HTTP version not supported (505),
    /// network login required (511).
    pub fn is_temporary(&self) -> bool {
        (500..600).contains(&self.status) && !matches!(self.status, 501 | 505 | 511)
    }

    /// Reads `message`, `errors` and `documentation_url` of a JSON body. Fields
    /// of unexpected types are ignored.
    pub(super) fn read_body(&mut self, body: &Value) {
        let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(message) = text("message").or_else(|| text("error")) {
            self.message = cut_short(&message);
        }
        self.documentation_url = text("documentation_url");
        if let Some(errors) = body.get("errors").and_then(Value::as_array) {
            self.errors = errors.iter().map(FieldError::read).collect();
        }
    }
}

impl FieldError {
    fn read(entry: &Value) -> Self {
        if let Some(message) = entry.as_str() {
            return Self {
                message: Some(cut_short(message)),
                ..Self::default()
            };
        }
        let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let contexts = entry.get("contexts").and_then(Value::as_array);
        let error = Self {
            resource: text("resource"),
            field: text("field"),
            code: text("code"),
            message: text("message").as_deref().map(cut_short),
            value: entry.get("value").map(Value::to_string),
            contexts: contexts.into_iter().flatten().filter_map(context).collect(),
        };
        if error == Self::default() {
            return Self {
                message: Some(cut_short(&entry.to_string())),
                ..error
            };
        }
        error
    }
}

/// Reads a context: an object, or its name alone.
fn context(entry: &Value) -> Option<ContextState> {
    let (name, state) = match entry {
        Value::String(name) => (Some(name.as_str()), None),
        _ => (
            entry.get("context").and_then(Value::as_str),
            entry.get("state").and_then(Value::as_str),
        ),
    };
    name.map(|name| ContextState {
        context: name.to_owned(),
        state: state.unwrap_or_default().to_owned(),
    })
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}: {} {}",
            self.method, self.url, self.status, self.message
        )?;
        for error in &self.errors {
            write!(f, "; {error}")?;
        }
        Ok(())
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(message) = &self.message {
            return f.write_str(message);
        }
        let words = [&self.resource, &self.field, &self.code];
        let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

/// Cuts a server's text if it is too long.
pub(super) fn cut_short(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
