//! Requests and answers: the parts that all operations share.

mod body;
mod call;
mod caller;
mod fields;
mod limits;
mod page;
mod reply;
mod urls;

pub(crate) use body::{Body, streamed_body, whole_body};
pub(crate) use call::{Call, Unreadable, Version};
pub(crate) use caller::{BadCredentials, Caller, LOGIN};
pub(crate) use fields::Fields;
pub(crate) use limits::{Budget, Exceeded, Limits, Resource};
pub(crate) use page::Page;
pub(crate) use reply::{DOCS, Reply, SSO_MESSAGE, refusal, sso_header, sso_refusal};
pub(crate) use urls::{Urls, encode_path, encode_segment, http_date, timestamp};
