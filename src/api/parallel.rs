use std::any::Any;

use futures_util::future::{BoxFuture, LocalBoxFuture};
use futures_util::stream::{BoxStream, LocalBoxStream};
use futures_util::{FutureExt, Stream, StreamExt, stream};

/// The value of a call. Its type is erased, so that what polls the calls is
/// compiled once and not for each type.
type Value = Box<dyn Any + Send>;

type Calls<'a> = BoxStream<'a, BoxFuture<'a, Value>>;

/// Calls `call` for each item, up to `at_once` at the same time. The values come
/// in the order of the items.
pub(crate) fn in_order<'a, I: 'a, F, T: Send + 'static>(
    items: impl IntoIterator<Item = I, IntoIter: Send + 'a>,
    at_once: usize,
    call: impl FnMut(I) -> F + Send + 'a,
) -> impl Stream<Item = T> + Send + 'a
where
    F: Future<Output = T> + Send + 'a,
{
    fn run(calls: Calls<'_>, at_once: usize) -> BoxStream<'_, Value> {
        calls.buffered(at_once).boxed()
    }
    values(run(calls(items, call), at_once))
}

/// Like [`in_order`], but each value comes as soon as it is known.
pub(crate) fn as_completed<'a, I: 'a, F, T: Send + 'static>(
    items: impl IntoIterator<Item = I, IntoIter: Send + 'a>,
    at_once: usize,
    call: impl FnMut(I) -> F + Send + 'a,
) -> impl Stream<Item = T> + Send + 'a
where
    F: Future<Output = T> + Send + 'a,
{
    fn run(calls: Calls<'_>, at_once: usize) -> BoxStream<'_, Value> {
        calls.buffer_unordered(at_once).boxed()
    }
    values(run(calls(items, call), at_once))
}

fn calls<'a, I: 'a, F>(
    items: impl IntoIterator<Item = I, IntoIter: Send + 'a>,
    mut call: impl FnMut(I) -> F + Send + 'a,
) -> Calls<'a>
where
    F: Future<Output: Send + 'static> + Send + 'a,
{
    let erase = |value| Box::new(value) as Value;
    stream::iter(items)
        .map(move |item| call(item).map(erase).boxed())
        .boxed()
}

fn values<T: Send + 'static>(values: BoxStream<'_, Value>) -> impl Stream<Item = T> + Send + '_ {
    // All values are of this type.
    values.filter_map(|value| std::future::ready(value.downcast().ok().map(|value| *value)))
}

/// Like [`in_order`], for calls that cannot be sent to another thread.
pub(crate) fn in_order_local<'a, I: 'a, F, T: 'static>(
    items: impl IntoIterator<Item = I, IntoIter: 'a>,
    at_once: usize,
    mut call: impl FnMut(I) -> F + 'a,
) -> impl Stream<Item = T> + 'a
where
    F: Future<Output = T> + 'a,
{
    fn run<'a>(
        calls: LocalBoxStream<'a, LocalBoxFuture<'a, Box<dyn Any>>>,
        at_once: usize,
    ) -> LocalBoxStream<'a, Box<dyn Any>> {
        calls.buffered(at_once).boxed_local()
    }
    let erase = |value| Box::new(value) as Box<dyn Any>;
    let calls = stream::iter(items).map(move |item| call(item).map(erase).boxed_local());
    run(calls.boxed_local(), at_once)
        .filter_map(|value| std::future::ready(value.downcast().ok().map(|value| *value)))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use tokio::time::sleep;

    use super::*;

    /// How long each call takes, in milliseconds.
    const DURATIONS: [u64; 4] = [40, 30, 20, 10];

    async fn wait(duration: u64) -> u64 {
        sleep(Duration::from_millis(duration)).await;
        duration
    }

    #[tokio::test(start_paused = true)]
    async fn values_come_in_the_order_of_their_items() {
        let running = AtomicUsize::new(0);
        let call = async |duration| {
            let before = running.fetch_add(1, Ordering::Relaxed);
            assert!(before < 3, "no more than three at the same time");
            wait(duration).await;
            running.fetch_sub(1, Ordering::Relaxed);
            duration
        };
        let began = tokio::time::Instant::now();
        let values: Vec<u64> = in_order(DURATIONS, 3, call).collect().await;
        assert_eq!(values, DURATIONS);
        // The last call began when the first was done.
        assert_eq!(began.elapsed(), Duration::from_millis(40 + 10));
    }

    #[tokio::test(start_paused = true)]
    async fn values_come_when_they_are_known() {
        let values: Vec<u64> = as_completed(DURATIONS, 4, wait).collect().await;
        assert_eq!(values, [10, 20, 30, 40]);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_stay_on_one_thread_come_in_order_too() {
        let count = Cell::new(0);
        let call = async |duration| {
            wait(duration).await;
            count.set(count.get() + 1);
            (duration, count.get())
        };
        let values: Vec<(u64, u32)> = in_order_local(DURATIONS, 4, call).collect().await;
        assert_eq!(values, [(40, 4), (30, 3), (20, 2), (10, 1)]);
    }
}
