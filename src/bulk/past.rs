//! What was spent of a server's limits, from one run to the next: an
//! interrupted run is likely to be run again at once, while the server still
//! counts what the first one sent.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::api::Spent;
use crate::private_file;
use crate::session::{Connection, Session};

/// By the server's address. Whose token it was is not written down: limits of
/// another user would be kept a minute too long, and no more.
type Past = BTreeMap<String, Spent>;

/// Has the client count what earlier runs sent. Where nothing can be read, it
/// counts from nothing.
pub(super) fn recall(session: &Session, connection: &Connection) {
    let Some(path) = path(session) else { return };
    let server = connection.client.endpoints().rest.as_str();
    if let Some(spent) = read(&path).get(server) {
        connection.client.remember(spent);
    }
}

/// Writes down what was sent, for the next run.
pub(super) fn note(session: &Session, connection: &Connection) {
    let Some(path) = path(session) else { return };
    let now = Timestamp::now();
    let mut past = read(&path);
    past.retain(|_, spent| !spent.is_over(now));
    let server = connection.client.endpoints().rest.to_string();
    past.insert(server, connection.client.spent());
    if let Err(error) = write(&path, &past) {
        session
            .term
            .verbose(format!("cannot keep {}: {error}", path.display()));
    }
}

/// The embedded sandbox has no limits and another address each time.
fn path(session: &Session) -> Option<PathBuf> {
    if session.is_sandbox() {
        return None;
    }
    let home = session.env.state_home()?;
    Some(home.join("deployctl").join("pace.json"))
}

fn read(path: &Path) -> Past {
    let bytes = fs::read(path).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn write(path: &Path, past: &Past) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        private_file::create_folder(folder)?;
    }
    private_file::replace(path, |file| file.write_all(&serde_json::to_vec(past)?))
}
