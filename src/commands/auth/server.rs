use crate::error::{Failure, Kind};
use crate::model::{Host, Server};
use crate::session::Session;

/// The server of the repository at hand, or the one that `--hostname` names: an
/// address that DEPLOYCTL_API_URL gives is no other server's.
pub(super) fn server_of(session: &Session, hostname: Option<&Host>) -> anyhow::Result<Server> {
    let server = session.server(hostname)?;
    match hostname {
        Some(named) if server.site().as_ref() != Some(named) => Err(Failure::new(
            Kind::Usage,
            format!(
                "the address in use, {}, is not that of {named}",
                server.endpoints.rest
            ),
        )
        .hint("unset DEPLOYCTL_API_URL, or omit --hostname")
        .into()),
        _ => Ok(server),
    }
}

/// What is said to whoever works on the sandbox.
pub(super) const SANDBOX_NEEDS_NONE: &str = "the sandbox needs no login and accepts any token";
