//! What is sent: the headers and the body of a delivery
//! (<https://docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers>).

use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use crate::sandbox::store::{ContentType, Parcel};
use crate::webhook::{sign, sign_sha1};

/// A delivery, ready to be sent.
#[derive(Debug)]
pub(super) struct Letter {
    /// The headers, as GitHub writes their names.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body; the signatures are those of exactly these bytes.
    pub(super) body: Vec<u8>,
}

impl Letter {
    /// Writes and signs a delivery.
    pub(super) fn of(parcel: &Parcel) -> Self {
        let set = &parcel.hook.set;
        let (content_type, body) = match set.content_type {
            ContentType::Json => ("application/json", parcel.payload.clone()),
            ContentType::Form => (
                "application/x-www-form-urlencoded",
                url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("payload", &parcel.payload)
                    .finish(),
            ),
        };
        let body = body.into_bytes();
        let mut headers = vec![
            ("Accept", "*/*".to_owned()),
            ("Content-Type", content_type.to_owned()),
            ("User-Agent", "GitHub-Hookshot/sandbox".to_owned()),
            ("X-GitHub-Delivery", parcel.guid.clone()),
            ("X-GitHub-Event", parcel.event.clone()),
            ("X-GitHub-Hook-ID", parcel.hook.id.to_string()),
            (
                "X-GitHub-Hook-Installation-Target-ID",
                parcel.repository.to_string(),
            ),
            (
                "X-GitHub-Hook-Installation-Target-Type",
                "repository".to_owned(),
            ),
        ];
        if let Some(secret) = &set.secret {
            let secret = secret.expose_secret().as_bytes();
            headers.push(("X-Hub-Signature", sign_sha1(secret, &body)));
            headers.push(("X-Hub-Signature-256", sign(secret, &body)));
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
