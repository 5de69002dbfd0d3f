//! The web pages that people see: what the `web_url` of a deployment leads to.

mod deployments;
mod html;
mod serve;

pub(crate) use serve::serve;
