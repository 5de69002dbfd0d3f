//! Where tokens come from.
//!
//! [`Sources`] looks in order at environment variables, at the tokens that
//! `auth login` stored (in the system's keyring or a private file), and at the
//! login of gh. A source is accessed only if the ones before it have no token:
//! with a token in the environment, the keyring is never accessed. Nothing here
//! prints, and no token appears in `Debug` output, in an error or in an
//! argument of a child process.

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
pub(crate) use found::{FoundToken, TokenOrigin};
pub(crate) use gh::{Gh, gh_hosts};
pub(crate) use keyring::OsKeyring;
pub(crate) use kind::TokenKind;
pub(crate) use logins::{Login, LoginFile, Logins, Storage};
pub(crate) use scopes::{lacks_deployments, too_wide};
pub(crate) use sources::{AuthError, Candidate, CandidateState, Sources};
pub(crate) use store::{SecretStore, StoreError, TokenKey, TokenStores};
