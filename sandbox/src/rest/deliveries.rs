//! Deliveries of webhooks
//! (<https://docs.github.com/rest/repos/webhooks#list-deliveries-for-a-repository-webhook>).

use serde::Serialize;
use serde_json::value::RawValue;

use super::exchange::{Exchange, Outcome};
use crate::http::{Page, Reply, refusal, timestamp};
use crate::rules::Failure;
use crate::store::{Delivery, DeliveryFilter};

/// The prefix of the id in a cursor.
const CURSOR: &str = "v1_";

/// GitHub's `hook-delivery-item`.
#[derive(Debug, Serialize)]
struct Item {
    id: i64,
    guid: String,
    delivered_at: String,
    redelivery: bool,
    duration: f64,
    status: String,
    status_code: i64,
    event: String,
    action: Option<String>,
    installation_id: Option<i64>,
    repository_id: i64,
    throttled_at: Option<String>,
}

/// GitHub's `hook-delivery`.
#[derive(Debug, Serialize)]
struct Whole {
    #[serde(flatten)]
    item: Item,
    url: String,
    request: Message<Box<RawValue>>,
    response: Message<Option<String>>,
}

/// One direction of a delivery: the headers as an object, and the body.
#[derive(Debug, Serialize)]
struct Message<T> {
    headers: Option<Box<RawValue>>,
    payload: T,
}

fn item(delivery: &Delivery) -> Item {
    Item {
        id: delivery.id,
        guid: delivery.guid.clone(),
        delivered_at: timestamp(delivery.attempt.delivered_at),
        redelivery: delivery.is_again,
        duration: delivery.attempt.duration,
        status: delivery.attempt.status.clone(),
        status_code: delivery.attempt.status_code,
        event: delivery.event.clone(),
        action: delivery.action.clone(),
        installation_id: None,
        repository_id: delivery.repository,
        throttled_at: None,
    }
}

/// JSON text that was written as such.
fn raw(text: String) -> Result<Box<RawValue>, Failure> {
    RawValue::from_string(text).map_err(|error| Failure::Internal(format!("delivery: {error}")))
}

fn whole(delivery: Delivery) -> Result<Whole, Failure> {
    let item = item(&delivery);
    let attempt = delivery.attempt;
    Ok(Whole {
        item,
        url: attempt.url,
        request: Message {
            headers: Some(raw(attempt.request_headers)?),
            payload: raw(delivery.payload)?,
        },
        response: Message {
            headers: attempt.response_headers.map(raw).transpose()?,
            payload: attempt.response_payload,
        },
    })
}

/// Reads a cursor: the id of the delivery that a page begins with.
fn cursor(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(CURSOR)?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// `GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let call = exchange.call;
    let hook = exchange.id(0)?;
    let mut filter = DeliveryFilter::default();
    if let Some(text) = call.parameter("cursor").filter(|text| !text.is_empty()) {
        let Some(from) = cursor(text) else {
            return Ok(refusal(400, "Invalid cursor", exchange.operation.docs));
        };
        filter.from = Some(from);
    }
    filter.codes = match call.parameter("status") {
        None => None,
        Some("success") => Some((200, 399)),
        Some("failure") => Some((400, 599)),
        Some(other) => {
            let choices = ["success", "failure"];
            let sentence = crate::rules::not_a_member(other, &choices);
            return Err(Failure::Schema(sentence));
        }
    };
    let most = Page::from_call(call).window().take;
    let core = &exchange.app.core;
    let page = core.deliveries(&exchange.repository, hook, filter, most)?;
    let items: Vec<Item> = page.items.iter().map(item).collect();
    let address = format!(
        "{}/hooks/{hook}/deliveries",
        call.urls.by_id(&exchange.repository)
    );
    let links: Vec<String> = [("prev", page.previous), ("next", page.next)]
        .into_iter()
        .filter_map(|(relation, id)| {
            let id = id?;
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in call.query.iter().filter(|(name, _)| name != "cursor") {
                query.append_pair(name, value);
            }
            query.append_pair("cursor", &format!("{CURSOR}{id}"));
            let query = query.finish();
            Some(format!("<{address}?{query}>; rel=\"{relation}\""))
        })
        .collect();
    let links = (!links.is_empty()).then(|| links.join(", "));
    Ok(Reply::json(200, &items).with_some("link", links))
}

/// `GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    let delivery = core.delivery(&exchange.repository, exchange.id(0)?, exchange.id(1)?)?;
    Ok(Reply::json(200, &whole(delivery)?))
}

/// `POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts`
pub(super) fn again(exchange: &Exchange<'_>) -> Outcome {
    let core = &exchange.app.core;
    core.redeliver(&exchange.repository, exchange.id(0)?, exchange.id(1)?)?;
    Ok(Reply::json(202, &serde_json::json!({})))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::cursor;

    proptest! {
        #[test]
        fn a_cursor_is_read_back(id in 0..i64::MAX) {
            prop_assert_eq!(cursor(&format!("v1_{id}")), Some(id));
        }

        #[test]
        fn any_text_is_taken_without_a_panic(text: String) {
            if let Some(id) = cursor(&text) {
                prop_assert!(id >= 0);
            }
        }
    }

    #[test]
    fn what_is_no_cursor_is_none() {
        for text in [
            "",
            "v1_",
            "v2_1",
            "v1_-1",
            "v1_+1",
            "v1_1 ",
            "v1_99999999999999999999",
        ] {
            assert_eq!(cursor(text), None, "{text:?}");
        }
    }
}
