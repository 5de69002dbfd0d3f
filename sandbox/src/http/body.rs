//! The bodies of answers.

use std::convert::Infallible;
use std::io;

use futures_util::{Stream, TryStreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame};

/// The body of an answer; it is whole, unless a fault sends it in pieces.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A body that is sent at once.
pub(crate) fn whole_body(bytes: impl Into<Bytes>) -> Body {
    let never = |error: Infallible| match error {};
    Full::new(bytes.into()).map_err(never).boxed_unsync()
}

/// A body that is sent in pieces.
pub(crate) fn streamed_body(
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> Body {
    StreamBody::new(pieces.map_ok(Frame::data)).boxed_unsync()
}
