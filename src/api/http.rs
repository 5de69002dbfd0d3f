use std::error::Error;
use std::sync::OnceLock;

use url::Url;

use super::address::is_loopback;
use super::certificates::tls;
use super::config::ClientConfig;
use super::error::ApiError;

/// reqwest's clients, each created when it is first needed: reading the
/// system's certificates takes longer than everything else.
#[derive(Default)]
pub(super) struct HttpClients {
    /// Plain http, for loopback addresses only: no certificates, no proxy.
    plain: OnceLock<reqwest::Client>,
    /// https to loopback addresses: no proxy.
    local: OnceLock<reqwest::Client>,
    remote: OnceLock<reqwest::Client>,
}

impl HttpClients {
    pub(super) fn for_url(
        &self,
        url: &Url,
        config: &ClientConfig,
    ) -> Result<&reqwest::Client, ApiError> {
        let plain = url.scheme() == "http";
        let (index, local) = match (plain, is_loopback(url)) {
            (true, local) => (&self.plain, local),
            (false, true) => (&self.local, true),
            (false, false) => (&self.remote, false),
        };
        if let Some(client) = index.get() {
            return Ok(client);
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("deployctl/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .gzip(true)
            .tls_backend_preconfigured(tls(!plain)?);
        if local {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|error| ApiError::Setup(root_cause(&error)))?;
        Ok(index.get_or_init(|| client))
    }
}

/// The innermost cause; the outer ones only say which part met it.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
