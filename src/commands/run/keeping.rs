use tempfile::TempDir;

use crate::outbox::{Outbox, OutboxError};
use crate::session::Session;

/// The outbox that a run keeps itself in.
pub(super) struct Keeping {
    pub(super) outbox: Outbox,
    /// Where it is if it is not the user's: gone with the process.
    own: Option<TempDir>,
}

impl Keeping {
    /// The user's; if it can't be used one of its own, with a warning.
    pub(super) fn open(session: &Session) -> anyhow::Result<Self> {
        let opened = match Outbox::location(&session.env) {
            Some(path) => Outbox::open(&path).map_err(|error| error.to_string()),
            None => Err("HOME is not set".to_owned()),
        };
        match opened {
            Ok(outbox) => Ok(Self { outbox, own: None }),
            Err(error) => Self::for_now(session, &error),
        }
    }

    fn for_now(session: &Session, error: &str) -> anyhow::Result<Self> {
        session.term.warn(format!(
            "nothing can be kept for later ({error}): if the server is away at the end, or this is killed, the deployment's end is not reported"
        ));
        let folder = tempfile::tempdir()?;
        Ok(Self {
            outbox: Outbox::open(&folder.path().join("outbox.db"))?,
            own: Some(folder),
        })
    }

    /// Writes into it.
    pub(super) fn write<T>(
        &mut self,
        session: &Session,
        write: impl Fn(&Outbox) -> Result<T, OutboxError>,
    ) -> anyhow::Result<T> {
        match write(&self.outbox) {
            Err(error) if self.is_kept() => {
                *self = Self::for_now(session, &error.to_string())?;
                Ok(write(&self.outbox)?)
            }
            done => Ok(done?),
        }
    }

    /// Whether what is in it outlives this process.
    pub(super) fn is_kept(&self) -> bool {
        self.own.is_none()
    }
}
