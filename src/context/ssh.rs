use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Git;
use super::git::Remote;
use crate::env::TOKENS;
use crate::model::{Host, HostKind, Repository, is_over_ssh, remote_repository};

/// The repositories of the remotes, by the name of the remote. An SSH host
/// alias is replaced by its host.
pub(super) fn repositories<'a>(git: &Git, remotes: &'a [Remote]) -> Vec<(&'a str, Repository)> {
    let mut known: HashMap<Host, Host> = HashMap::new();
    let mut real = |alias: Host| match &git.ssh {
        Some(ssh) if alias.kind() == HostKind::Enterprise => known
            .entry(alias)
            .or_insert_with_key(|alias| host_behind(ssh, alias))
            .clone(),
        _ => alias,
    };
    remotes
        .iter()
        .filter_map(|remote| {
            let mut repository = remote_repository(&remote.address)?;
            if is_over_ssh(&remote.address) {
                repository.host = repository.host.map(&mut real);
            }
            Some((remote.name.as_str(), repository))
        })
        .collect()
}

/// The host that ssh connects to for `alias`. The name of a real server may be
/// configured with an address of its SSH service only, so a result is used only
/// if it is a GitHub host, or if `alias` cannot be a host name.
fn host_behind(ssh: &Path, alias: &Host) -> Host {
    let mut command = Command::new(ssh);
    for name in TOKENS {
        command.env_remove(name);
    }
    let output = command
        .args(["-G", "--", alias.as_str()])
        .stdin(Stdio::null())
        .output();
    let found = output.ok().filter(|output| output.status.success());
    let found = found.and_then(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let name = text
            .lines()
            .find_map(|line| line.strip_prefix("hostname "))?;
        name.trim().parse::<Host>().ok()
    });
    let is_name = |host: &Host| {
        let name = host.as_str();
        name.contains('.') && name.parse::<std::net::IpAddr>().is_err()
    };
    let is_taken = |host: &Host| match host.kind() {
        HostKind::DotCom | HostKind::Tenant => true,
        HostKind::Enterprise | HostKind::Localhost => !is_name(alias) && is_name(host),
    };
    found.filter(is_taken).unwrap_or_else(|| alias.clone())
}
