//! A request on its way through the rules.

use axum::body::Body;
use axum::http::Response;
use tokio::time::sleep;

use super::asked::Asked;
use super::fault::{Fault, When};
use super::wire::Cable;
use super::{ADMIN, Book, answers, spoil};

/// Answers a request by the rules; `answer` is the server's own.
pub(crate) async fn serve(
    book: &Book,
    cable: &Cable,
    asked: &Asked<'_>,
    answer: impl Future<Output = Response<Body>>,
) -> Response<Body> {
    if asked.path == ADMIN {
        return answers::finish(book.administer(asked.method, asked.body));
    }
    let faults = book.meet(asked.method.as_str(), asked.path);
    if faults.is_empty() {
        return answer.await;
    }
    for fault in &faults {
        if let Fault::Latency(time) = fault {
            sleep(*time).await;
        }
    }
    let mut response = match faults.iter().find_map(|fault| in_place(fault, asked)) {
        None => answer.await,
        Some(Instead::Answer(response)) => *response,
        Some(Instead::Reset) => return reset(cable),
        Some(Instead::Silence) => std::future::pending().await,
    };
    for fault in &faults {
        response = match fault {
            Fault::Reset(When::After) => return reset(cable),
            Fault::Hang(When::After) => std::future::pending().await,
            Fault::Error(When::After, status) => answers::error(*status),
            Fault::Page(When::After, status) => answers::page(*status),
            other => spoil::spoil(other, response, asked, cable).await,
        };
    }
    response
}

/// What comes in place of the server's doing.
enum Instead {
    Answer(Box<Response<Body>>),
    Reset,
    Silence,
}

fn in_place(fault: &Fault, asked: &Asked<'_>) -> Option<Instead> {
    let response = match fault {
        Fault::Reset(When::Before) => return Some(Instead::Reset),
        Fault::Hang(When::Before) => return Some(Instead::Silence),
        Fault::Error(When::Before, status) => answers::error(*status),
        Fault::Page(When::Before, status) => answers::page(*status),
        Fault::Limited(limited) => answers::limited(*limited, asked.now),
        Fault::Unauthorized => answers::unauthorized(),
        Fault::Forbidden => answers::forbidden(),
        Fault::NotFound => answers::not_found(),
        Fault::Sso => answers::sso(),
        Fault::Redirect { status, to } => answers::redirect(*status, to.as_deref(), asked),
        Fault::Echo => answers::echo(asked),
        _ => return None,
    };
    Some(Instead::Answer(Box::new(response)))
}

/// Cuts the connection; the answer is what makes something be written.
fn reset(cable: &Cable) -> Response<Body> {
    cable.cut();
    Response::new(Body::empty())
}
