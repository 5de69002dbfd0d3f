//! A request on its way through the rules.

use http::Response;
use tokio::time::sleep;

use super::connection::Connection;
use super::fault::{Fault, When};
use super::request::{ADMIN_PATH, FaultRequest};
use super::rule_set::FaultRules;
use super::{answers, spoil};
use crate::http::{Body, whole_body};

/// Answers a request by the rules; `answer` is the server's own.
pub(crate) async fn serve(
    rules: &FaultRules,
    connection: &Connection,
    request: &FaultRequest<'_>,
    answer: impl Future<Output = Response<Body>>,
) -> Response<Body> {
    if request.path == ADMIN_PATH {
        return answers::finish(rules.administer(request.method, request.body));
    }
    let faults = rules.count_request(request);
    if faults.is_empty() {
        return answer.await;
    }
    for fault in &faults {
        if let Fault::Latency(time) = fault {
            sleep(*time).await;
        }
    }
    let mut response = match faults
        .iter()
        .find_map(|fault| replacement_for(fault, request))
    {
        None => answer.await,
        Some(Replacement::Answer(response)) => *response,
        Some(Replacement::Reset) => return reset(connection),
        Some(Replacement::Silence) => std::future::pending().await,
    };
    for fault in &faults {
        response = match fault {
            Fault::Reset(When::After) => return reset(connection),
            Fault::Hang(When::After) => std::future::pending().await,
            Fault::Error(When::After, status) => answers::error(*status),
            Fault::Page(When::After, status) => answers::page(*status),
            other => spoil::spoil(other, response, request, connection).await,
        };
    }
    response
}

/// The replacement for the server's own answer.
enum Replacement {
    Answer(Box<Response<Body>>),
    Reset,
    Silence,
}

fn replacement_for(fault: &Fault, request: &FaultRequest<'_>) -> Option<Replacement> {
    let response = match fault {
        Fault::Reset(When::Before) => return Some(Replacement::Reset),
        Fault::Hang(When::Before) => return Some(Replacement::Silence),
        Fault::Error(When::Before, status) => answers::error(*status),
        Fault::Page(When::Before, status) => answers::page(*status),
        Fault::Limited(limited) => answers::limited(*limited, request.now),
        Fault::Unauthorized => answers::unauthorized(),
        Fault::Forbidden => answers::forbidden(),
        Fault::NotFound => answers::not_found(),
        Fault::Sso => answers::sso(),
        Fault::TooLarge(too_large) => answers::too_large(*too_large),
        Fault::Redirect { status, to } => answers::redirect(*status, to.as_deref(), request),
        Fault::Echo => answers::echo(request),
        _ => return None,
    };
    Some(Replacement::Answer(Box::new(response)))
}

/// Resets the connection. The reset happens when the answer is written.
fn reset(connection: &Connection) -> Response<Body> {
    connection.cut();
    Response::new(whole_body(Vec::new()))
}
