//! Converts every error to a kind, a message, hints and an exit code.

mod failure;
mod from_api;
mod from_auth;
mod kind;

use crate::api::ApiError;
use crate::auth::{AuthError, DiskError, StoreError};
use crate::context::{GitError, RefError, TargetError};
use crate::output::FormatError;
use crate::term::PromptError;

pub use failure::Failure;
pub use from_api::Asking;
pub(crate) use kind::Kind;

impl Failure {
    /// Converts any error. Its context comes before its message.
    pub fn from_error(error: anyhow::Error) -> Self {
        let context: Vec<String> = match error.downcast_ref::<Self>() {
            Some(_) => Vec::new(),
            None => error.chain().map(ToString::to_string).collect(),
        };
        match error.downcast::<Self>() {
            Ok(failure) => failure,
            Err(error) => Self::from_other(&error, &context),
        }
    }

    fn from_other(error: &anyhow::Error, context: &[String]) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_another_kind_keeps_its_causes() {
        let error = anyhow::Error::from(std::io::Error::other("disk full")).context("writing x");
        let failure = Failure::from_error(error);
        assert_eq!(failure.kind(), Kind::Other);
        assert_eq!(failure.message(), "writing x: disk full");
    }

    #[test]
    fn a_failure_is_found_under_its_context() {
        let error = anyhow::Error::from(Failure::new(Kind::Superseded, "gone")).context("waiting");
        assert_eq!(Failure::from_error(error).kind(), Kind::Superseded);
    }
}
