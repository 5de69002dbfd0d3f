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
