//! Limits the memory for request bodies. Only received bytes count, so that a large
//! announced size reserves nothing; slow senders have a budget of their own.

use std::time::Duration;

use futures_util::StreamExt;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout, timeout_at};

use super::limited_listener::MAX_DURATION;
use super::refusal::Refusal;

/// How much every connection may receive without using the budget. Most deliveries
/// are smaller.
const FREE_BYTES: usize = 64 * 1024;
/// The budget is counted in pieces of this size, since a semaphore counts in 32
/// bits.
const PIECE_BYTES: usize = 1024;
/// How long a body may take before its sender counts as slow.
const SLOW_AFTER: Duration = Duration::from_secs(4);
/// How long a body waits for memory.
const BUDGET_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the body of a refused request is read: a client that is still sending
/// would not see the response.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(2);

/// The memory for bodies beyond [`FREE_BYTES`] each, in pieces.
pub(super) struct BodyBudget {
    prompt: Semaphore,
    slow: Semaphore,
}

/// A body, and the part of the budget that it uses.
pub(super) struct ReceivedBody<'a> {
    pub(super) bytes: Vec<u8>,
    permit: Option<SemaphorePermit<'a>>,
}

impl BodyBudget {
    /// Allows two prompt bodies and a slow one of `max_bytes` each at a time.
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            prompt: Semaphore::new(2 * pieces(max_bytes)),
            slow: Semaphore::new(pieces(max_bytes)),
        }
    }

    /// Reads a body of at most `max_bytes`.
    pub(super) async fn read(
        &self,
        body: Incoming,
        max_bytes: usize,
    ) -> Result<ReceivedBody<'_>, Refusal> {
        let mut frames = body.into_data_stream();
        let mut received = ReceivedBody {
            bytes: Vec::new(),
            permit: None,
        };
        let mut is_slow = false;
        let mut deadline = Instant::now() + SLOW_AFTER;
        loop {
            let frame = match timeout_at(deadline, frames.next()).await {
                Ok(None) => return Ok(received),
                Ok(Some(frame)) => frame.map_err(|_| Refusal::Incomplete)?,
                Err(_) if is_slow => return Err(Refusal::TooSlow),
                Err(_) => {
                    is_slow = true;
                    deadline += MAX_DURATION.saturating_sub(SLOW_AFTER);
                    let held = received
                        .permit
                        .as_ref()
                        .map_or(0, SemaphorePermit::num_permits);
                    received.permit = Some(try_acquire(&self.slow, held)?);
                    continue;
                }
            };
            let size = received.bytes.len() + frame.len();
            if size > max_bytes {
                return Err(Refusal::TooLarge);
            }
            let held = received
                .permit
                .as_ref()
                .map_or(0, SemaphorePermit::num_permits);
            let missing = pieces(size.saturating_sub(FREE_BYTES)).saturating_sub(held);
            if missing > 0 {
                let began = Instant::now();
                let more = if is_slow {
                    try_acquire(&self.slow, missing)?
                } else {
                    acquire(&self.prompt, missing).await?
                };
                // Waiting for memory is not the sender's fault.
                deadline += began.elapsed();
                match &mut received.permit {
                    Some(permit) => permit.merge(more),
                    None => received.permit = Some(more),
                }
            }
            received.bytes.extend_from_slice(&frame);
        }
    }
}

/// Reads the body of a refused request for a short time, and returns its size.
pub(super) async fn discard(body: Incoming, max_bytes: usize) -> usize {
    let mut frames = body.into_data_stream();
    let mut size = 0;
    let all = async {
        while size <= max_bytes
            && let Some(Ok(frame)) = frames.next().await
        {
            size += frame.len();
        }
    };
    let _ = timeout(DISCARD_TIMEOUT, all).await;
    size
}

async fn acquire(budget: &Semaphore, pieces: usize) -> Result<SemaphorePermit<'_>, Refusal> {
    let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
    match timeout(BUDGET_TIMEOUT, budget.acquire_many(pieces)).await {
        Ok(Ok(taken)) => Ok(taken),
        _ => Err(Refusal::Busy),
    }
}

fn try_acquire(budget: &Semaphore, pieces: usize) -> Result<SemaphorePermit<'_>, Refusal> {
    let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
    budget
        .try_acquire_many(pieces)
        .map_err(|_| Refusal::TooSlow)
}

fn pieces(bytes: usize) -> usize {
    bytes.div_ceil(PIECE_BYTES)
}
