//! Freezes: times in which nothing is deployed to some environments, in
//! `.github/deployctl.toml`.

mod settings;
mod window;

pub(crate) use settings::{Freeze, Settings, SettingsError};
pub(crate) use window::Window;
