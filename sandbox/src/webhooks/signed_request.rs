//! The headers and the body of a delivery
//! (<https://docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers>).

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use sha1::Sha1;
use sha2::Sha256;

use crate::store::{ContentType, PendingDelivery};

/// A delivery, ready to be sent.
#[derive(Debug)]
pub(super) struct SignedRequest {
    /// The headers, as GitHub writes their names.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body, which is signed byte for byte.
    pub(super) body: Vec<u8>,
}

impl SignedRequest {
    /// Writes and signs a delivery.
    pub(super) fn new(pending: &PendingDelivery) -> Self {
        let set = &pending.hook.settings;
        let (content_type, body) = match set.content_type {
            ContentType::Json => ("application/json", pending.payload.clone()),
            ContentType::Form => (
                "application/x-www-form-urlencoded",
                url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("payload", &pending.payload)
                    .finish(),
            ),
        };
        let body = body.into_bytes();
        let mut headers = vec![
            ("Accept", "*/*".to_owned()),
            ("Content-Type", content_type.to_owned()),
            ("User-Agent", "GitHub-Hookshot/sandbox".to_owned()),
            ("X-GitHub-Delivery", pending.guid.clone()),
            ("X-GitHub-Event", pending.event.clone()),
            ("X-GitHub-Hook-ID", pending.hook.id.to_string()),
            (
                "X-GitHub-Hook-Installation-Target-ID",
                pending.repository.to_string(),
            ),
            (
                "X-GitHub-Hook-Installation-Target-Type",
                "repository".to_owned(),
            ),
        ];
        if let Some(secret) = &set.secret {
            let secret = secret.expose_secret().as_bytes();
            let (old, new) = (
                mac::<Hmac<Sha1>>(secret, &body),
                mac::<Hmac<Sha256>>(secret, &body),
            );
            headers.push(("X-Hub-Signature", format!("sha1={old}")));
            headers.push(("X-Hub-Signature-256", format!("sha256={new}")));
        }
        Self { headers, body }
    }

    /// The headers as the log has them.
    pub(super) fn headers_as_json(&self) -> String {
        let headers: Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
            .collect();
        Value::Object(headers).to_string()
    }
}

/// The signature of a body in hexadecimal digits
/// (<https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries>).
fn mac<M: Mac + KeyInit>(secret: &[u8], body: &[u8]) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = <M as Mac>::new_from_slice(secret).expect("a key of any length");
    mac.update(body);
    let mut text = String::new();
    for byte in mac.finalize().into_bytes() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Hmac, Sha1, Sha256, mac};

    #[test]
    fn the_documented_vectors_hold() {
        // From GitHub's documentation, and from RFC 2202, test case 2.
        assert_eq!(
            mac::<Hmac<Sha256>>(b"It's a Secret to Everybody", b"Hello, World!"),
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        );
        assert_eq!(
            mac::<Hmac<Sha1>>(b"Jefe", b"what do ya want for nothing?"),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
    }
}
