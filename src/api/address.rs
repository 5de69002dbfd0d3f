use url::{Host, Url};

use super::error::ApiError;

/// Rejects addresses to which the token would be sent unencrypted.
pub(super) fn check_address(url: &Url) -> Result<(), ApiError> {
    let reason = if has_user(url) {
        "it contains a user name or a password"
    } else {
        match url.scheme() {
            "https" => return Ok(()),
            "http" if is_loopback(url) => return Ok(()),
            "http" => "plain http works for loopback addresses only, use https",
            _ => "it is neither https nor http",
        }
    };
    let mut url = url.clone();
    if url.password().is_some() {
        // This fails only for URLs that cannot have a password.
        let _ = url.set_password(None);
    }
    Err(ApiError::InsecureUrl {
        url: url.to_string(),
        reason,
    })
}

/// Whether the address is a loopback address.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Whether two addresses have the same scheme, host and port.
pub(super) fn same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// Whether an address that a server sent is one of the API at `root`.
pub(super) fn is_own(url: &Url, root: &Url) -> bool {
    same_origin(url, root) && !has_user(url)
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}
