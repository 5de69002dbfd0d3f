//! Every error becomes a kind, a message, hints and an exit code here.

mod from_api;
mod from_auth;
mod kind;

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::api::ApiError;
use crate::auth::{AuthError, DiskError, StoreError};
use crate::context::{GitError, RefError, TargetError};
use crate::output::FormatError;
use crate::term::PromptError;

pub use from_api::Asking;
pub(crate) use kind::Kind;

/// Why a command did not reach what was asked, in words for a person and in
/// fields for a script.
#[derive(Debug)]
pub struct Failure(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: Kind,
    exit_code: Option<u8>,
    message: String,
    lines: Vec<String>,
    hints: Vec<String>,
    details: Map<String, Value>,
}

impl Failure {
    /// A failure of a kind. The message says what is wrong, without a full stop.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            kind,
            exit_code: None,
            message: message.into(),
            lines: Vec::new(),
            hints: Vec::new(),
            details: Map::new(),
        }))
    }

    /// Adds lines that a person sees below the message, such as a table.
    #[must_use]
    pub fn lines(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.0.lines.extend(lines);
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    /// Adds what to do next, if there is something.
    #[must_use]
    pub fn hints_more(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.0.hints.extend(hints);
        self
    }

    /// Adds a field for scripts. A value that has no JSON is left out.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.0.details.insert(name.to_owned(), value);
        }
        self
    }

    /// Gives it an exit code of its own in place of its kind's: that of a
    /// command that was run.
    #[must_use]
    pub fn exit(mut self, code: u8) -> Self {
        self.0.exit_code = Some(code);
        self
    }

    /// The exit code of the program.
    pub fn exit_code(&self) -> u8 {
        self.0.exit_code.unwrap_or(self.0.kind.exit_code())
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What a person sees below the message. Each may hold the server's text
    /// and is a line of its own.
    pub fn below(&self) -> &[String] {
        &self.0.lines
    }

    /// What to do next.
    pub fn hints(&self) -> &[String] {
        &self.0.hints
    }

    /// The failure as `--json` prints it.
    pub fn to_json(&self) -> Value {
        let mut error = json!({
            "code": self.0.kind.code(),
            "message": self.0.message,
            "exit_code": self.exit_code(),
        });
        if let Some(object) = error.as_object_mut() {
            if !self.0.hints.is_empty() {
                object.insert("hint".to_owned(), self.0.hints.join("\n").into());
            }
            object.extend(self.0.details.clone());
        }
        json!({ "error": error })
    }

    /// The failure that an error of any kind stands for. The context that was
    /// added to it stands before its message.
    pub fn of(error: anyhow::Error) -> Self {
        let context: Vec<String> = match error.downcast_ref::<Self>() {
            Some(_) => Vec::new(),
            None => error.chain().map(ToString::to_string).collect(),
        };
        match error.downcast::<Self>() {
            Ok(failure) => failure,
            Err(error) => Self::of_other(&error, &context),
        }
    }

    fn of_other(error: &anyhow::Error, context: &[String]) -> Self {
        if let Some(error) = error.downcast_ref::<ApiError>() {
            return Self::from_api(error, &Asking::default());
        }
        if let Some(error) = error.downcast_ref::<AuthError>() {
            return Self::from_auth(error);
        }
        if let Some(error) = error.downcast_ref::<StoreError>() {
            return Self::from_store(error);
        }
        if let Some(error) = error.downcast_ref::<DiskError>() {
            return Self::from_disk(error);
        }
        if let Some(error) = error.downcast_ref::<TargetError>() {
            return Self::from_target(error);
        }
        if let Some(error) = error.downcast_ref::<RefError>() {
            return Self::from_ref(error);
        }
        if let Some(error) = error.downcast_ref::<FormatError>() {
            return Self::new(Kind::Usage, error.to_string())
                .lines(error.caret().into_iter().flatten());
        }
        if let Some(error) = error.downcast_ref::<PromptError>() {
            return Self::from_prompt(error);
        }
        let mut failure = Self::new(Kind::Other, context.join(": "));
        if let Some(error) = error.downcast_ref::<GitError>() {
            failure = failure.lines(error.advice().iter().cloned());
        }
        #[cfg(feature = "sandbox")]
        let failure = failure.with_sandbox_hint(error);
        failure
    }

    #[cfg(feature = "sandbox")]
    fn with_sandbox_hint(self, error: &anyhow::Error) -> Self {
        use deployctl_sandbox::SandboxError;
        match error.downcast_ref::<SandboxError>() {
            Some(SandboxError::Data { .. } | SandboxError::Database(_)) => self.hint(
                "its data is under XDG_STATE_HOME or ~/.local/state; 'sandbox serve' takes --data DIR",
            ),
            Some(SandboxError::Git(_)) => self.hint("the sandbox needs git 2.38 or newer on the PATH"),
            Some(SandboxError::Listen { .. }) => self.hint("choose another --port, or omit it"),
            _ => self,
        }
    }

    fn from_target(error: &TargetError) -> Self {
        let failure = Self::new(Kind::Usage, error.to_string());
        match error {
            TargetError::NoRepository { advice, .. } => failure
                .lines(advice.iter().cloned())
                .hint("name it with -R OWNER/REPO, or set DEPLOYCTL_REPO")
                .hint("--sandbox works without a repository on a server"),
            TargetError::Repository { .. }
            | TargetError::Host { .. }
            | TargetError::Address { .. } => failure,
        }
    }

    fn from_ref(error: &RefError) -> Self {
        let failure = Self::new(Kind::Usage, error.to_string());
        match error {
            RefError::NotPushed(branch) => failure.hint(format!(
                "push it (git push -u origin {branch}), or name a ref with --ref"
            )),
            RefError::Differs { .. } => {
                failure.hint("push or pull first, or select what to deploy with --ref")
            }
            RefError::NoCheckout(error) => failure
                .lines(error.advice().iter().cloned())
                .hint("use --ref with a branch, tag or SHA"),
            RefError::Detached
            | RefError::Unborn(_)
            | RefError::NoCommit(_)
            | RefError::NoPayload(_) => failure.hint("use --ref with a branch, tag or SHA"),
            RefError::Elsewhere { .. } => failure
                .hint("name the repository with -R, or a branch, tag or SHA of it with --ref"),
        }
    }

    fn from_prompt(error: &PromptError) -> Self {
        let kind = match error {
            PromptError::NotAllowed { .. } => Kind::Usage,
            PromptError::Interrupted => Kind::Interrupted,
            PromptError::Io(_) => Kind::Other,
        };
        Self::new(kind, error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_code_message_hint_and_details() {
        let failure = Failure::new(Kind::ChecksNotGreen, "not green")
            .hint("wait")
            .hint("or skip")
            .detail("status", 409);
        let json = failure.to_json();
        assert_eq!(
            json,
            json!({"error": {
                "code": "checks_not_green",
                "message": "not green",
                "exit_code": 6,
                "hint": "wait\nor skip",
                "status": 409,
            }})
        );
    }

    #[test]
    fn an_error_of_another_kind_keeps_its_causes() {
        let error = anyhow::Error::from(std::io::Error::other("disk full")).context("writing x");
        let failure = Failure::of(error);
        assert_eq!(failure.kind(), Kind::Other);
        assert_eq!(failure.message(), "writing x: disk full");
    }

    #[test]
    fn a_failure_is_found_under_its_context() {
        let error = anyhow::Error::from(Failure::new(Kind::Superseded, "gone")).context("waiting");
        assert_eq!(Failure::of(error).kind(), Kind::Superseded);
    }
}
