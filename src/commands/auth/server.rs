use crate::error::{Failure, Kind};
use crate::model::{Host, Server};
use crate::session::Session;

/// The server that `--hostname` names, otherwise that of the current
/// repository. DEPLOYCTL_API_URL must not point to a server other than
/// `--hostname`.
pub(super) fn find_server(session: &Session, hostname: Option<&Host>) -> anyhow::Result<Server> {
    let server = session.server(hostname)?;
    match hostname {
        Some(named) if server.site().as_ref() != Some(named) => Err(Failure::new(
            Kind::Usage,
            format!(
                "the URL in use, {}, does not belong to {named}",
                server.endpoints.rest
            ),
        )
        .hint("unset DEPLOYCTL_API_URL, or omit --hostname")
        .into()),
        _ => Ok(server),
    }
}

pub(super) const SANDBOX_NEEDS_NO_LOGIN: &str = "the sandbox needs no login and accepts any token";
