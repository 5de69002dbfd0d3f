mod fetcher;
mod page_numbers;
mod recent_ids;

use std::marker::PhantomData;
use std::sync::Arc;

use futures_util::{Stream, stream};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use url::Url;

use super::call::Budget;
use super::response::{ReadError, Response};
use super::{ApiError, Client, Paging};
use fetcher::{Items, PageFetcher, PageHead};
use recent_ids::RecentIds;

/// An item of a list.
pub(super) trait Item: Send + 'static {
    /// What identifies the item if it appears on two pages, since lists can
    /// shift while they are read.
    fn id(&self) -> Option<u64>;
}

/// Reads the items of one page.
pub(super) type ReadPage<T> = fn(&Response) -> Result<Vec<T>, ReadError>;

/// A page that is an array of its items.
pub(super) fn array<T: DeserializeOwned>(response: &Response) -> Result<Vec<T>, ReadError> {
    response.json()
}

/// The items of one page, without those of earlier pages.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// The URL that responded.
    pub(super) url: Url,
    /// The server's time, if it sent any.
    pub(super) server_time: Option<Timestamp>,
    /// The server's time, or else the client's.
    pub(super) server_now: Timestamp,
}

/// Reads the pages of a list in order, each of them once.
pub(super) struct PageReader<T> {
    pages: PageFetcher,
    seen_items: RecentIds,
    item: PhantomData<fn() -> T>,
}

impl<T: Item> PageReader<T> {
    /// `url` is the URL of the list with its filters, without paging.
    pub(super) fn new(
        client: &Client,
        url: Url,
        paging: Paging,
        budget: Budget,
        read: ReadPage<T>,
    ) -> Self {
        let read = move |response: &Response| Ok(Box::new(read(response)?) as Items);
        Self {
            pages: PageFetcher::new(client, url, paging, budget, Arc::new(read)),
            seen_items: RecentIds::default(),
            item: PhantomData,
        }
    }

    /// How many pages are requested at the same time. Known after the first
    /// page.
    pub(super) fn at_once(&self) -> usize {
        self.pages.at_once
    }

    /// The remaining pages.
    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Page<T>, ApiError>> + use<T> {
        stream::unfold(self, |mut pages| async move {
            let page = pages.next_page().await?;
            Some((page, pages))
        })
    }

    /// The items of the remaining pages.
    pub(super) async fn all(mut self) -> Result<Vec<T>, ApiError> {
        let mut items = Vec::new();
        while let Some(page) = self.next_page().await {
            items.extend(page?.items);
        }
        Ok(items)
    }

    /// The next page; `None` after the last page and after an error.
    pub(super) async fn next_page(&mut self) -> Option<Result<Page<T>, ApiError>> {
        let fetched = self.pages.next().await?;
        Some(fetched.and_then(|(items, head)| self.page(items, head)))
    }

    /// The items of a page that are new and wanted.
    fn page(&mut self, items: Items, head: PageHead) -> Result<Page<T>, ApiError> {
        // It is what the function given to `new` returned.
        let mut items: Vec<T> = items.downcast().map(|items| *items).unwrap_or_default();
        let came = items.len();
        let seen = &mut self.seen_items;
        items.retain(|item| item.id().is_none_or(|number| seen.insert(number)));
        if let Some(left) = self.pages.left {
            items.truncate(left);
        }
        self.pages.go_on(&head, came, items.len())?;
        Ok(Page {
            items,
            url: head.url,
            server_time: head.server_time,
            server_now: head.server_now,
        })
    }
}
