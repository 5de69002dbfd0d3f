//! Room in the memory for bodies. It is counted by what has arrived, so that
//! nobody takes any by announcing much; who is slow has a share apart from those
//! who are not.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout, timeout_at};

use super::gate::LONGEST;
use super::refusal::Refusal;

/// What every connection may hold without asking, in bytes. Most deliveries are
/// smaller, and never wait for room.
const OWN_BYTES: usize = 64 * 1024;
/// The rest is counted in pieces of so many bytes, since a semaphore counts in
/// 32 bits.
const PIECE_BYTES: usize = 1024;
/// How long a body may take before its sender counts as slow.
const PROMPT: Duration = Duration::from_secs(4);
/// How long a body waits for room.
const ROOM_WAIT: Duration = Duration::from_secs(5);
/// How long the body of a request is read that is refused all the same: a
/// client that still sends would not see the answer.
const DRAIN: Duration = Duration::from_secs(2);

/// The room for what is more than [`OWN_BYTES`], in pieces.
pub(super) struct Room {
    prompt: Semaphore,
    slow: Semaphore,
}

/// A whole body, and the room that it takes.
pub(super) struct Arrived<'a> {
    pub(super) bytes: Vec<u8>,
    room: Option<SemaphorePermit<'a>>,
}

impl Room {
    /// Room for two prompt bodies and a slow one of `most` bytes at a time.
    pub(super) fn new(most: usize) -> Self {
        Self {
            prompt: Semaphore::new(2 * pieces(most)),
            slow: Semaphore::new(pieces(most)),
        }
    }

    /// Reads a body of `most` bytes or less.
    pub(super) async fn read(&self, body: Body, most: usize) -> Result<Arrived<'_>, Refusal> {
        let mut frames = body.into_data_stream();
        let mut arrived = Arrived {
            bytes: Vec::new(),
            room: None,
        };
        let mut is_slow = false;
        let mut deadline = Instant::now() + PROMPT;
        loop {
            let frame = match timeout_at(deadline, frames.next()).await {
                Ok(None) => return Ok(arrived),
                Ok(Some(frame)) => frame.map_err(|_| Refusal::BrokenOff)?,
                Err(_) if is_slow => return Err(Refusal::TooSlow),
                Err(_) => {
                    is_slow = true;
                    deadline += LONGEST.saturating_sub(PROMPT);
                    let held = arrived
                        .room
                        .as_ref()
                        .map_or(0, SemaphorePermit::num_permits);
                    arrived.room = Some(take_now(&self.slow, held)?);
                    continue;
                }
            };
            let size = arrived.bytes.len() + frame.len();
            if size > most {
                return Err(Refusal::TooLarge);
            }
            let held = arrived
                .room
                .as_ref()
                .map_or(0, SemaphorePermit::num_permits);
            let missing = pieces(size.saturating_sub(OWN_BYTES)).saturating_sub(held);
            if missing > 0 {
                let began = Instant::now();
                let more = if is_slow {
                    take_now(&self.slow, missing)?
                } else {
                    take(&self.prompt, missing).await?
                };
                // Its sender can't help that it has to wait.
                deadline += began.elapsed();
                match &mut arrived.room {
                    Some(room) => room.merge(more),
                    None => arrived.room = Some(more),
                }
            }
            arrived.bytes.extend_from_slice(&frame);
        }
    }
}

/// Reads a body that nobody wants, for a short time, and returns its size.
pub(super) async fn drain(body: Body, most: usize) -> usize {
    let mut frames = body.into_data_stream();
    let mut size = 0;
    let all = async {
        while size <= most
            && let Some(Ok(frame)) = frames.next().await
        {
            size += frame.len();
        }
    };
    // What does not come in time is not waited for.
    let _ = timeout(DRAIN, all).await;
    size
}

async fn take(room: &Semaphore, pieces: usize) -> Result<SemaphorePermit<'_>, Refusal> {
    let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
    match timeout(ROOM_WAIT, room.acquire_many(pieces)).await {
        Ok(Ok(taken)) => Ok(taken),
        _ => Err(Refusal::Busy),
    }
}

fn take_now(room: &Semaphore, pieces: usize) -> Result<SemaphorePermit<'_>, Refusal> {
    let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
    room.try_acquire_many(pieces).map_err(|_| Refusal::TooSlow)
}

fn pieces(bytes: usize) -> usize {
    bytes.div_ceil(PIECE_BYTES)
}
