use axum::http::StatusCode;

use crate::webhook::{InvalidSignature, Undecodable};

/// Why a delivery is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Method,
    TooLarge,
    TooSlow,
    BrokenOff,
    Busy,
    Signature(InvalidSignature),
    NoEvent,
    NoDeliveryId,
    Garbled(Undecodable),
    Journal,
}

impl Refusal {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Signature(_) => StatusCode::UNAUTHORIZED,
            Self::BrokenOff | Self::NoEvent | Self::NoDeliveryId | Self::Garbled(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Busy | Self::Journal => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The word for metrics.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::TooLarge => "size",
            Self::TooSlow => "slow",
            Self::BrokenOff => "broken",
            Self::Busy => "busy",
            Self::Signature(InvalidSignature::Missing) => "unsigned",
            Self::Signature(_) => "signature",
            Self::NoEvent | Self::NoDeliveryId => "headers",
            Self::Garbled(_) => "garbled",
            Self::Journal => "journal",
        }
    }

    /// The reason in words, without anything of the content.
    pub(super) fn reason(self) -> String {
        match self {
            Self::Method => "only POST is taken here".to_owned(),
            Self::TooLarge => "the body is too large".to_owned(),
            Self::TooSlow => "the body took too long".to_owned(),
            Self::BrokenOff => "the body broke off".to_owned(),
            Self::Busy => "there is no room for it now".to_owned(),
            Self::Signature(error) => error.to_string(),
            Self::NoEvent => "it carries no X-GitHub-Event".to_owned(),
            Self::NoDeliveryId => "it carries no valid X-GitHub-Delivery".to_owned(),
            Self::Garbled(error) => error.to_string(),
            Self::Journal => "the journal can't be written".to_owned(),
        }
    }
}
