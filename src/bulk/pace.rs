//! How much of a server's limits was used, kept from one run to the next: an
//! interrupted run is likely to be repeated at once, while the server still
//! counts the requests of the first one.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::api::{Client, RateUsage};
use crate::private_file;
use crate::session::Session;

/// By the server's address. The user is not recorded: at worst, the limits of
/// another user are respected for a minute too long.
type UsageByServer = BTreeMap<String, RateUsage>;

/// Has the client count the requests of earlier runs, if they are known.
pub(super) fn restore_usage(session: &Session, client: &Client) {
    let Some(path) = file_path(session) else {
        return;
    };
    let server = client.endpoints().rest.as_str();
    if let Some(spent) = read(&path).get(server) {
        client.add_usage(spent);
    }
}

pub(super) fn save_usage(session: &Session, client: &Client) {
    let Some(path) = file_path(session) else {
        return;
    };
    let now = Timestamp::now();
    let mut usage = read(&path);
    usage.retain(|_, spent| !spent.is_over(now));
    let server = client.endpoints().rest.to_string();
    usage.insert(server, client.usage());
    if let Err(error) = write(&path, &usage) {
        session
            .term
            .verbose(format!("cannot write {}: {error}", path.display()));
    }
}

/// The embedded sandbox has no limits, and a new address each time.
fn file_path(session: &Session) -> Option<PathBuf> {
    if session.is_sandbox() {
        return None;
    }
    let home = session.env.state_home()?;
    Some(home.join("deployctl").join("pace.json"))
}

fn read(path: &Path) -> UsageByServer {
    let bytes = fs::read(path).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn write(path: &Path, usage: &UsageByServer) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        private_file::create_folder(folder)?;
    }
    private_file::replace(path, |file| file.write_all(&serde_json::to_vec(usage)?))
}
