use http::StatusCode;

use crate::webhook::{InvalidSignature, Undecodable};

/// Why a delivery is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Method,
    TooLarge,
    TooSlow,
    Incomplete,
    Busy,
    Signature(InvalidSignature),
    NoEvent,
    NoDeliveryId,
    Undecodable(Undecodable),
    Journal,
}

impl Refusal {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Signature(_) => StatusCode::UNAUTHORIZED,
            Self::Incomplete | Self::NoEvent | Self::NoDeliveryId | Self::Undecodable(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Busy | Self::Journal => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The label in metrics.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::TooLarge => "size",
            Self::TooSlow => "slow",
            Self::Incomplete => "broken",
            Self::Busy => "busy",
            Self::Signature(InvalidSignature::Missing) => "unsigned",
            Self::Signature(_) => "signature",
            Self::NoEvent | Self::NoDeliveryId => "headers",
            Self::Undecodable(_) => "garbled",
            Self::Journal => "journal",
        }
    }

    /// The reason for people, without anything of the content.
    pub(super) fn reason(self) -> String {
        match self {
            Self::Method => "only POST is accepted here".to_owned(),
            Self::TooLarge => "the body is too large".to_owned(),
            Self::TooSlow => "the body took too long".to_owned(),
            Self::Incomplete => "the body is incomplete".to_owned(),
            Self::Busy => "too many requests at the moment".to_owned(),
            Self::Signature(error) => error.to_string(),
            Self::NoEvent => "the header X-GitHub-Event is missing".to_owned(),
            Self::NoDeliveryId => "the header X-GitHub-Delivery is missing or invalid".to_owned(),
            Self::Undecodable(error) => error.to_string(),
            Self::Journal => "the journal cannot be written".to_owned(),
        }
    }
}
