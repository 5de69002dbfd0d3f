//! The support code that these tests share with the tests of deployctl.

#![allow(dead_code, reason = "the tests of deployctl use the rest")]

#[path = "../../../tests/support/git.rs"]
pub(crate) mod git;
#[path = "../../../tests/support/http.rs"]
pub(crate) mod http;
#[path = "../../../tests/support/openapi.rs"]
pub(crate) mod openapi;
pub(crate) mod payloads;
#[path = "../../../tests/support/proxy.rs"]
pub(crate) mod proxy;
#[path = "../../../tests/support/receiver.rs"]
pub(crate) mod receiver;
#[path = "../../../tests/support/serve.rs"]
pub(crate) mod serve;
