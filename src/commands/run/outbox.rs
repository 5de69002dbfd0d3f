use tempfile::TempDir;

use crate::outbox::{Outbox, OutboxError};
use crate::session::Session;

/// The outbox in which a run records itself.
pub(super) struct RunOutbox {
    pub(super) outbox: Outbox,
    /// The folder of a temporary outbox, which is deleted with the process.
    temporary: Option<TempDir>,
}

impl RunOutbox {
    /// Opens the user's outbox; if it can't be used, a temporary one, with a
    /// warning.
    pub(super) fn open(session: &Session) -> anyhow::Result<Self> {
        let opened = match Outbox::location(&session.env) {
            Some(path) => Outbox::open(&path).map_err(|error| error.to_string()),
            None => Err("HOME is not set".to_owned()),
        };
        match opened {
            Ok(outbox) => Ok(Self {
                outbox,
                temporary: None,
            }),
            Err(error) => Self::open_temporary(session, &error),
        }
    }

    fn open_temporary(session: &Session, error: &str) -> anyhow::Result<Self> {
        session.term.warn(format!(
            "reports cannot be stored ({error}): if the server is unreachable at the end, or deployctl is killed, the result is not reported"
        ));
        let folder = tempfile::tempdir()?;
        Ok(Self {
            outbox: Outbox::open(&folder.path().join("outbox.db"))?,
            temporary: Some(folder),
        })
    }

    pub(super) fn write<T>(
        &mut self,
        session: &Session,
        write: impl Fn(&Outbox) -> Result<T, OutboxError>,
    ) -> anyhow::Result<T> {
        match write(&self.outbox) {
            Err(error) if self.is_persistent() => {
                *self = Self::open_temporary(session, &error.to_string())?;
                Ok(write(&self.outbox)?)
            }
            done => Ok(done?),
        }
    }

    /// Whether its reports outlive this process.
    pub(super) fn is_persistent(&self) -> bool {
        self.temporary.is_none()
    }
}
