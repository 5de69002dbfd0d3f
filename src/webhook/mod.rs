//! Webhooks as GitHub sends them: their signatures and their events.
//!
//! See <https://docs.github.com/webhooks>.
//!
//! ```
//! use deployctl::webhook::{sign, verify};
//!
//! let body = br#"{"action":"created"}"#;
//! let header = sign(b"a secret", body);
//! assert!(verify(&["a secret"], Some(&header), body).is_ok());
//! assert!(verify(&["a secret"], Some(&header), b"another body").is_err());
//! assert!(verify(&["a secret"], None, body).is_err());
//! ```

mod event;
mod signature;

pub use event::{DeploymentEvent, DeploymentStatusEvent, Event, Undecodable, decode};
pub use signature::{InvalidSignature, sign, verify};
