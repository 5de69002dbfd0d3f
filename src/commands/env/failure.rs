use crate::api::ApiError;
use crate::error::{Failure, Kind};
use crate::session::Connection;

/// What a call needed the token to be allowed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Right {
    /// To see environments.
    See,
    /// To change environments and what protects them.
    Administer,
    /// To see or change secrets and variables.
    Entries,
}

impl Right {
    /// What a token needs for it.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::See => "a fine-grained token needs 'Actions: read', a classic one the scope repo",
            Self::Administer => {
                "a fine-grained token needs 'Administration: write', a classic one the scope repo, \
                 and its user must administer the repository"
            }
            Self::Entries => {
                "a fine-grained token needs 'Environments: write' (to list: read), a classic one \
                 the scope repo, and its user must be able to write to the repository"
            }
        }
    }
}

/// The failure for an environment that could not be seen or changed. GitHub
/// says 404 of what is not there and of what the token may not touch: which
/// of the two it is, a look tells.
pub(super) async fn refused(
    connection: &Connection,
    name: &str,
    error: &ApiError,
    right: Right,
) -> Failure {
    let failure = connection.explain(error);
    match failure.kind() {
        Kind::Forbidden => failure.hint(right.hint()),
        Kind::NothingThere => {
            if !matches!(right, Right::See)
                && connection
                    .client
                    .repo(&connection.repo)
                    .environment(name)
                    .get()
                    .await
                    .is_ok()
            {
                return Failure::new(
                    Kind::Forbidden,
                    format!("not allowed: the token can see the environment {name:?}, and no more"),
                )
                .hint(right.hint())
                .detail("status", 404);
            }
            missing(connection, name)
        }
        _ if failure.message().contains("billing plan") => failure.hint(
            "in private repositories, wait timers and reviewers need GitHub Enterprise; leave out \
             wait_timer, reviewers and prevent_self_review there",
        ),
        _ => failure,
    }
}

/// The failure for an environment that is not there.
pub(super) fn missing(connection: &Connection, name: &str) -> Failure {
    Failure::new(
        Kind::NothingThere,
        format!("there is no environment {name:?} in {}", connection.repo),
    )
    .hint(
        "'deployctl env list' shows those there are; GitHub says the same of what the token may \
         not see",
    )
    .detail("status", 404)
    .hints_more(connection.meant_instead(name))
}

/// Whether what could not be removed is gone: GitHub says 404 of that, and of
/// what the token may not remove.
pub(super) async fn is_gone<T, L: Future<Output = Result<Vec<T>, Failure>>>(
    error: &ApiError,
    list: impl Fn() -> L,
    is_it: impl Fn(&T) -> bool,
) -> Result<bool, Failure> {
    Ok(error.status() == Some(404) && !list().await?.iter().any(is_it))
}
