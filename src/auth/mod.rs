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

pub(crate) use device::{DeviceError, DeviceFlow};
pub(crate) use disk::DiskError;
pub(crate) use environment::{environment_token, environment_tokens};
pub(crate) use file::TokenFile;
pub(crate) use found::{Found, Origin};
pub(crate) use gh::Gh;
pub(crate) use keyring::OsKeyring;
pub(crate) use kind::TokenKind;
pub(crate) use logins::{Login, LoginFile, Logins, Storage};
pub(crate) use scopes::{lacks_deployments, too_wide};
pub(crate) use sources::{AuthError, Candidate, Holding, Sources};
pub(crate) use store::{Entry, SecretStore, StoreError, Vault};
