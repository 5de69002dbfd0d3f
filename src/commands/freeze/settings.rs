use jiff::Timestamp;

use crate::locks::Settings;
use crate::session::{Connection, explain_settings_error};

/// Reads the freezes, and the time by the server's clock.
pub(super) async fn read_settings(
    connection: &Connection,
) -> anyhow::Result<(Settings, Timestamp)> {
    let restrictions = connection.read_restrictions().await?;
    match restrictions.settings {
        Ok(settings) => Ok((settings, restrictions.locks.now)),
        Err(error) => Err(explain_settings_error(&error).into()),
    }
}
