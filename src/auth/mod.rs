//! Where tokens come from.
//!
//! [`Sources`] asks in order: the environment's variables, what
//! `auth login` stored (the system's keyring, or a private file), and gh's own
//! login. Each source is touched only when those before it have nothing: with
//! a token in the environment no keyring is ever reached. Nothing here prints,
//! and a token shows itself in no `Debug`, no error and no argument of a child.

mod device;
mod disk;
mod environment;
mod file;
mod found;
mod gh;
mod keyring;
mod kind;
mod logins;
mod scopes;
mod sources;
mod store;
mod wanted;

pub use device::{DeviceCode, DeviceError, DeviceFlow, Grant};
pub use disk::DiskError;
pub use environment::{environment_token, environment_tokens};
pub use file::TokenFile;
pub use found::{Found, Origin};
pub use gh::Gh;
pub use keyring::OsKeyring;
pub use kind::TokenKind;
pub use logins::{HostLogins, Login, LoginFile, Logins, Storage};
pub use scopes::{lacks_deployments, too_wide};
pub use sources::{AuthError, Candidate, Holding, Sources};
pub use store::{Entry, SecretStore, StoreError, Vault};
pub use wanted::Wanted;
