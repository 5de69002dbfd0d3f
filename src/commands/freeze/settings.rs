use jiff::Timestamp;

use crate::locks::{Restrictions, Settings};
use crate::session::{Connection, explain_lock_error, explain_settings_error};

/// Reads the freezes, and the time by the server's clock.
pub(super) async fn read_settings(
    connection: &Connection,
) -> anyhow::Result<(Settings, Timestamp)> {
    match Restrictions::read(&connection.client, &connection.repo).await {
        Ok(Restrictions { locks, settings }) => match settings {
            Ok(settings) => Ok((settings, locks.now)),
            Err(error) => Err(explain_settings_error(&error).into()),
        },
        Err(error) => Err(explain_lock_error(connection, &error).await.into()),
    }
}
