use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::JoinHandle;

/// Runs a future as a task that makes progress whether it is polled or not, and
/// that is aborted when the returned handle is dropped. `None` if the runtime
/// ends.
pub(super) fn run<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> Task<T> {
    Task(tokio::spawn(future))
}

pub(super) struct Task<T>(JoinHandle<T>);

impl<T> Future for Task<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|done| match done {
            Ok(value) => Some(value),
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(_) => None,
        })
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::{StreamExt, stream};
    use tokio::sync::Semaphore;

    use super::*;

    /// Two stages of a stream that share one permit: the first has started the
    /// request that the second waits for, and is not polled meanwhile.
    #[tokio::test(start_paused = true)]
    async fn a_stage_that_is_not_polled_does_not_block_another() {
        static PLACES: Semaphore = Semaphore::const_new(2);
        async fn request() {
            run(async {
                let _place = PLACES.acquire().await.expect("open");
                tokio::time::sleep(Duration::from_millis(1)).await;
            })
            .await
            .expect("done");
        }
        let count = stream::iter(0..100)
            .map(|_| request())
            .buffered(2)
            .map(|()| request())
            .buffered(2)
            .count();
        let counted = tokio::time::timeout(Duration::from_secs(60), count).await;
        assert_eq!(counted, Ok(100));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_no_longer_awaited_is_aborted() {
        let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
        let task = Box::pin(run(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            // The receiver may have been dropped.
            let _ = sender.send(());
        }));
        let waited = tokio::time::timeout(Duration::from_millis(10), task).await;
        assert!(waited.is_err());
        assert!(receiver.await.is_err(), "it was not sent");
    }
}
