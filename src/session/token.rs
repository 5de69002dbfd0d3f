use std::time::Duration;

use secrecy::ExposeSecret;

use super::Session;
use crate::api::{ApiError, Client, ClientConfig, Token};
use crate::auth::{Origin, Sources, Wanted};
use crate::context::{Server, Target, resolve_server};
use crate::env;
use crate::error::{Failure, Kind};
use crate::model::{Endpoints, Host, HostKind};

/// What a token is wanted for, of a target.
pub(crate) fn wanted(target: &Target) -> Wanted<'_> {
    Wanted {
        host: &target.host,
        endpoints: &target.endpoints,
        host_is_named: target.host_is_named,
        is_override: target.is_override,
    }
}

/// The same of a server.
pub(crate) fn wanted_of(server: &Server) -> Wanted<'_> {
    Wanted {
        host: &server.host,
        endpoints: &server.endpoints,
        host_is_named: server.host_is_named,
        is_override: server.is_override,
    }
}

impl Session {
    /// The places where tokens come from; nothing is touched yet.
    pub(crate) fn sources(&self) -> Sources<'_> {
        Sources::new(&self.env)
    }

    /// The server that `--hostname` names, else that of the repository at
    /// hand, else the usual one.
    pub(crate) fn server(&self, hostname: Option<&Host>) -> anyhow::Result<Server> {
        let flag = self.global.one_repo()?;
        Ok(resolve_server(&self.env, hostname, flag, || self.git())?)
    }

    /// The token for a server, and where it was found.
    pub(crate) async fn find_token(&self, wanted: &Wanted<'_>) -> anyhow::Result<(Token, Origin)> {
        let found = self.sources().find(wanted).await?;
        let found = found.ok_or_else(|| self.no_token(wanted))?;
        let token = Token::new(found.token.expose_secret().to_owned()).map_err(|error| {
            Failure::new(Kind::NotAuthenticated, format!("{}: {error}", found.origin))
        })?;
        Ok((token, found.origin))
    }

    /// A client of a server, which has `patience` for each call.
    pub(crate) fn client(
        &self,
        endpoints: Endpoints,
        token: Option<Token>,
        patience: Duration,
    ) -> Result<Client, ApiError> {
        let mut config = self.client_config(ClientConfig::new(endpoints), Some(patience));
        config.token = token;
        Client::new(config)
    }

    fn no_token(&self, wanted: &Wanted<'_>) -> Failure {
        let site = wanted.site();
        let name = site.as_ref().unwrap_or(wanted.host);
        let failure = Failure::new(
            Kind::NotAuthenticated,
            format!("there is no token for {name}"),
        );
        let is_unnamed = wanted.host.kind() == HostKind::Enterprise && !wanted.host_is_named;
        let failure = if self.env.get(env::DEPLOYCTL_TOKEN).is_some() && is_unnamed {
            failure.hint(format!(
                "only a git remote names that server; if it is yours, set DEPLOYCTL_HOST={name}"
            ))
        } else {
            let login = if wanted.is_override || *name == Host::github() {
                "deployctl auth login".to_owned()
            } else {
                format!("deployctl auth login --hostname {name}")
            };
            failure
                .hint(format!("log in with '{login}'"))
                .hint("or set DEPLOYCTL_TOKEN, or gh's variable for that server")
        };
        let failure = if is_unnamed && !wanted.host.as_str().contains('.') {
            failure.hint(format!(
                "only a git remote names {name}; if it is an alias of ssh, name the repository with -R OWNER/REPO"
            ))
        } else {
            failure
        };
        failure.hint("--sandbox works without a token")
    }
}
