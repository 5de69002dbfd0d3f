use secrecy::ExposeSecret;

use super::session::Session;
use crate::api::Token;
use crate::auth::{Sources, TokenOrigin};
use crate::env;
use crate::error::{Failure, Kind};
use crate::model::{Host, HostKind, Server};

impl Session {
    /// The sources of tokens; none is read yet.
    pub(crate) fn token_sources(&self) -> Sources<'_> {
        Sources::new(&self.env)
    }

    /// The token for a server, and where it was found.
    pub(crate) async fn find_token(&self, server: &Server) -> anyhow::Result<(Token, TokenOrigin)> {
        let found = self.token_sources().find(server).await?;
        let found = found.ok_or_else(|| self.no_token(server))?;
        let token = Token::new(found.token.expose_secret().to_owned()).map_err(|error| {
            Failure::new(Kind::NotAuthenticated, format!("{}: {error}", found.origin))
        })?;
        Ok((token, found.origin))
    }

    fn no_token(&self, server: &Server) -> Failure {
        let site = server.site();
        let name = site.as_ref().unwrap_or(&server.host);
        let mut failure = Failure::new(
            Kind::NotAuthenticated,
            format!("there is no token for {name}"),
        );
        let is_unnamed = server.host.kind() == HostKind::Enterprise && !server.host_is_named;
        failure = if self.env.get(env::DEPLOYCTL_TOKEN).is_some() && is_unnamed {
            failure.hint(format!(
                "only a git remote names that server; if it is yours, set DEPLOYCTL_HOST={name}"
            ))
        } else {
            let login = if server.is_override || *name == Host::github() {
                "deployctl auth login".to_owned()
            } else {
                format!("deployctl auth login --hostname {name}")
            };
            failure
                .hint(format!("log in with '{login}'"))
                .hint("or set DEPLOYCTL_TOKEN, or gh's variable for that server")
        };
        if is_unnamed && !server.host.as_str().contains('.') {
            failure = failure.hint(format!(
                "only a git remote names {name}; if it is an alias of ssh, name the repository with -R OWNER/REPO"
            ));
        }
        failure.hint("--sandbox works without a token")
    }
}
