use std::fmt;

use crate::model::{DeploymentId, Endpoints, Host, RepoSlug, Server};

/// The root URL of a server's API. A status is sent only to the root at which its
/// deployment was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApiRoot(String);

impl ApiRoot {
    const SANDBOX: &'static str = "sandbox";

    /// The root of a server with these endpoints.
    pub fn of(endpoints: &Endpoints) -> Self {
        Self(endpoints.rest.as_str().trim_end_matches('/').to_owned())
    }

    /// Takes a text that [`ApiRoot::as_str`] returned.
    pub(super) fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The embedded sandbox, whose URL changes with every start.
    pub fn sandbox() -> Self {
        Self(Self::SANDBOX.to_owned())
    }

    /// Whether this is [`ApiRoot::sandbox`].
    pub fn is_sandbox(&self) -> bool {
        self.0 == Self::SANDBOX
    }

    /// Returns the URL, or `sandbox`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A server for which statuses are stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    pub root: ApiRoot,
    /// The name by which its token is found.
    pub host: Host,
    /// Whether the user named the host when the status was stored. A token of the
    /// environment is sent only to such a host.
    pub host_is_named: bool,
}

impl Origin {
    pub(crate) fn new(server: &Server) -> Self {
        Self {
            root: ApiRoot::of(&server.endpoints),
            host: server.host.clone(),
            host_is_named: server.host_is_named,
        }
    }

    pub(crate) fn sandbox() -> Self {
        Self {
            root: ApiRoot::sandbox(),
            host: Host::github(),
            host_is_named: false,
        }
    }
}

/// A deployment on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentRef {
    /// The server.
    pub origin: Origin,
    /// The repository.
    pub repo: RepoSlug,
    /// The ID of the deployment.
    pub id: DeploymentId,
}

impl DeploymentRef {
    /// A deployment on a server whose host name is not needed, since its statuses are
    /// sent with an existing client.
    pub fn new(root: ApiRoot, repo: RepoSlug, id: DeploymentId) -> Self {
        Self {
            origin: Origin {
                root,
                host: Host::github(),
                host_is_named: false,
            },
            repo,
            id,
        }
    }

    /// Adds the host name by which `deployctl flush` finds a token.
    #[must_use]
    pub fn with_host(mut self, host: Host, host_is_named: bool) -> Self {
        self.origin.host = host;
        self.origin.host_is_named = host_is_named;
        self
    }
}
