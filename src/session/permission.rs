use crate::error::{Failure, Kind};

/// A permission that a request needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    WriteDeployments,
    /// To create and delete the branches of locks.
    WriteContents,
    ReadEnvironments,
    /// To read workflow runs and concurrency groups.
    ReadRuns,
    /// To cancel workflow runs.
    CancelRuns,
    /// To change environments and their protection rules.
    AdministerEnvironments,
    /// To read or change secrets and variables of an environment.
    UseSecretsAndVariables,
}

impl Permission {
    /// What a token needs for it.
    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::WriteDeployments => {
                "a classic token needs the scope repo_deployment, a fine-grained one \
                 'Deployments: write'"
            }
            Self::WriteContents => {
                "a fine-grained token needs 'Contents: write', a classic one the scope repo"
            }
            Self::ReadEnvironments | Self::ReadRuns => {
                "a fine-grained token needs 'Actions: read', a classic one the scope repo"
            }
            Self::CancelRuns => {
                "a fine-grained token needs 'Actions: write', a classic one the scope repo"
            }
            Self::AdministerEnvironments => {
                "a fine-grained token needs 'Administration: write', a classic one the scope \
                 repo, and its user must administer the repository"
            }
            Self::UseSecretsAndVariables => {
                "a fine-grained token needs 'Environments: write' (to list: read), a classic one \
                 the scope repo, and its user must be able to write to the repository"
            }
        }
    }
}

/// GitHub answers 404 if a resource does not exist, and also if the token lacks
/// the permission to change it. If the answer to a write was 404, `is_visible`
/// reads the resource: if it exists, the permission is missing, and the failure
/// says that `the token can see` ... but can't do more.
///
/// `message` is the rest of the message after "not allowed: ".
pub(crate) async fn forbidden_if_visible(
    failure: Failure,
    permission: Permission,
    is_visible: impl Future<Output = bool>,
    message: impl FnOnce() -> String,
) -> Failure {
    if failure.kind() != Kind::NothingThere || !is_visible.await {
        return failure;
    }
    Failure::new(Kind::Forbidden, format!("not allowed: {}", message()))
        .hint(permission.hint())
        .detail("status", 404)
}
