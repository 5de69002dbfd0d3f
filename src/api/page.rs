mod page_numbers;
mod recent_ids;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::RangeInclusive;

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, stream};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use url::Url;

use super::address::is_own;
use super::call::Budget;
use super::link::Links;
use super::request::Request;
use super::response::{ReadError, Response};
use super::{ApiError, Client, Unexpected};
use page_numbers::{numbered, with_page};
use recent_ids::RecentIds;

/// A list with more empty pages in a row is considered broken.
const MOST_EMPTY: u32 = 10;

/// How much of a list to get, and the size of its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// The items per page, 1 to 100; larger values count as 100.
    pub per_page: u32,
    /// The most items to get, `None` for all. Pages beyond them are not
    /// requested.
    pub max_items: Option<usize>,
    /// Whether the reader may stop before the end. If so, few pages are
    /// requested ahead of it at first, and more the longer it goes on.
    pub may_stop: bool,
}

impl Paging {
    /// The most items that GitHub puts on a page.
    pub const LARGEST_PAGE: u32 = 100;

    /// The whole list, in the largest pages.
    pub fn all() -> Self {
        Self {
            per_page: Self::LARGEST_PAGE,
            max_items: None,
            may_stop: false,
        }
    }

    /// The list until the reader stops, in the largest pages.
    pub fn until_stopped() -> Self {
        Self {
            may_stop: true,
            ..Self::all()
        }
    }

    /// The first `count` items, in as few pages as possible.
    pub fn up_to(count: usize) -> Self {
        let per_page = u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            per_page: per_page.clamp(1, Self::LARGEST_PAGE),
            max_items: Some(count),
            may_stop: false,
        }
    }

    /// Sets the items per page, 1 to 100.
    #[must_use]
    pub fn per_page(mut self, per_page: u32) -> Self {
        self.per_page = per_page;
        self
    }

    /// The items per page, within GitHub's bounds.
    pub(super) fn page_size(self) -> u32 {
        self.per_page.clamp(1, Self::LARGEST_PAGE)
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self::all()
    }
}

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

/// A page as the server sent it, with its links.
struct FetchedPage<T> {
    page: Page<T>,
    next: Option<Url>,
    last: Option<Url>,
}

enum NextPages<T> {
    One(Box<Request>),
    Many(BoxStream<'static, Result<FetchedPage<T>, ApiError>>),
    Nothing,
}

/// Reads the pages of a list in order, each of them once.
pub(super) struct PageReader<T> {
    client: Client,
    read: ReadPage<T>,
    budget: Budget,
    page_size: u32,
    may_stop: bool,
    /// How many pages are requested at the same time.
    at_once: usize,
    left: Option<usize>,
    ahead: NextPages<T>,
    /// The page after those that are requested in parallel.
    beyond: Option<Url>,
    is_first: bool,
    empty: u32,
    seen_items: RecentIds,
    /// The hashes of the URLs of all pages, which can be very many.
    seen_pages: HashSet<u64>,
}

fn hash_of(url: &Url) -> u64 {
    let mut hasher = DefaultHasher::new();
    url.as_str().hash(&mut hasher);
    hasher.finish()
}

impl<T: Item> PageReader<T> {
    /// `url` is the URL of the list with its filters, without paging.
    pub(super) fn new(
        client: &Client,
        mut url: Url,
        paging: Paging,
        budget: Budget,
        read: ReadPage<T>,
    ) -> Self {
        url.query_pairs_mut()
            .append_pair("per_page", &paging.page_size().to_string());
        Self {
            client: client.clone(),
            read,
            budget,
            page_size: paging.page_size(),
            may_stop: paging.may_stop,
            at_once: client.concurrency(),
            left: paging.max_items,
            ahead: NextPages::One(Box::new(Request::page(url))),
            beyond: None,
            is_first: true,
            empty: 0,
            seen_items: RecentIds::default(),
            seen_pages: HashSet::new(),
        }
    }

    /// How many pages are requested at the same time. Known after the first
    /// page.
    pub(super) fn at_once(&self) -> usize {
        self.at_once
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
        loop {
            if self.left == Some(0) {
                self.ahead = NextPages::Nothing;
                return None;
            }
            let leaf = match &mut self.ahead {
                NextPages::Nothing => return None,
                NextPages::One(request) => {
                    fetch(&self.client, request, self.budget, self.read).await
                }
                NextPages::Many(leaves) => {
                    if let Some(leaf) = leaves.next().await {
                        leaf
                    } else {
                        match self.beyond.take() {
                            Some(url) => self.ahead = NextPages::One(Box::new(Request::page(url))),
                            None => self.ahead = NextPages::Nothing,
                        }
                        continue;
                    }
                }
            };
            let page = leaf.and_then(|leaf| self.take(leaf));
            if page.is_err() {
                self.ahead = NextPages::Nothing;
            }
            return Some(page);
        }
    }

    /// Processes a page, and determines which pages come next.
    fn take(&mut self, leaf: FetchedPage<T>) -> Result<Page<T>, ApiError> {
        let FetchedPage {
            mut page,
            next,
            last,
        } = leaf;
        let came = page.items.len();
        self.empty = if came == 0 { self.empty + 1 } else { 0 };
        self.seen_pages.insert(hash_of(&page.url));
        let seen = &mut self.seen_items;
        page.items
            .retain(|item| item.id().is_none_or(|number| seen.insert(number)));
        if let Some(left) = &mut self.left {
            page.items.truncate(*left);
            *left -= page.items.len();
        }
        let is_loop = next
            .as_ref()
            .is_some_and(|next| self.seen_pages.contains(&hash_of(next)));
        if is_loop || self.empty > MOST_EMPTY {
            let what = if is_loop {
                "the list links back to an earlier page"
            } else {
                "the list has too many empty pages in a row"
            };
            return Err(ApiError::Unexpected(Box::new(Unexpected {
                method: "GET".to_owned(),
                url: page.url.to_string(),
                status: 200,
                request_id: None,
                what: what.to_owned(),
            })));
        }
        self.go_on(came, next, last.as_ref());
        Ok(page)
    }

    fn go_on(&mut self, came: usize, next: Option<Url>, last: Option<&Url>) {
        let is_first = std::mem::take(&mut self.is_first);
        if self.left == Some(0) {
            self.ahead = NextPages::Nothing;
            return;
        }
        if matches!(self.ahead, NextPages::Many(_)) {
            // A list that has become shorter ends before the last page.
            if next.is_none() {
                self.ahead = NextPages::Nothing;
            }
            self.beyond = next;
            return;
        }
        let Some(next) = next else {
            self.ahead = NextPages::Nothing;
            return;
        };
        let numbers = last
            .filter(|_| is_first)
            .and_then(|last| numbered(&next, last));
        let Some((mut until, template)) = numbers else {
            self.ahead = NextPages::One(Box::new(Request::page(next)));
            return;
        };
        if let Some(left) = self.left {
            // A server may put fewer items on a page than requested.
            let size = came.clamp(1, self.page_size as usize);
            let pages = u64::try_from(left.div_ceil(size)).unwrap_or(u64::MAX);
            until = until.min(pages.saturating_add(1));
        }
        let (client, budget, read) = (self.client.clone(), self.budget, self.read);
        if !self.may_stop {
            self.at_once = client.pages_at_once(until);
        }
        let at_once = self.at_once;
        let leaves =
            stream::iter(portions(until, self.may_stop, at_once)).flat_map(move |portion| {
                let (client, template) = (client.clone(), template.clone());
                stream::iter(portion)
                    .map(move |number| {
                        let client = client.clone();
                        let request = Request::page(with_page(&template, number));
                        async move { fetch(&client, &request, budget, read).await }
                    })
                    .buffered(at_once)
            });
        self.ahead = NextPages::Many(leaves.boxed());
    }
}

/// Pages 2 to `until` in groups, each of which is requested at once: all of
/// them together, or, for a reader that may stop, 1, 2, 4 and so on up to
/// `at_once` pages.
fn portions(
    until: u64,
    may_stop: bool,
    at_once: usize,
) -> impl Iterator<Item = RangeInclusive<u64>> + Send + 'static {
    let most = u64::try_from(at_once).unwrap_or(u64::MAX);
    let mut size = if may_stop { 1 } else { u64::MAX };
    let mut next = 2;
    std::iter::from_fn(move || {
        (next <= until).then(|| {
            let portion = next..=until.min(next.saturating_add(size - 1));
            next = portion.end() + 1;
            size = size.saturating_mul(2).min(most.max(1));
            portion
        })
    })
}

async fn fetch<T>(
    client: &Client,
    request: &Request,
    budget: Budget,
    read: ReadPage<T>,
) -> Result<FetchedPage<T>, ApiError> {
    let reply = client
        .call(request, budget, |response| {
            Ok((read(response)?, response.links()?))
        })
        .await?;
    let (items, Links { next, last }) = reply.value;
    let response = reply.response;
    Ok(FetchedPage {
        next: own_address(client, &response, next)?,
        last: own_address(client, &response, last)?,
        page: Page {
            items,
            server_time: response.server_time(),
            server_now: reply.server_now,
            url: response.url,
        },
    })
}

/// The URL of a `Link` header, which has to be one of the API's own.
fn own_address(
    client: &Client,
    response: &Response,
    target: Option<String>,
) -> Result<Option<Url>, ApiError> {
    let Some(target) = target else {
        return Ok(None);
    };
    let url = response.url.join(&target).map_err(|_| {
        let what = "the Link header has an invalid URL";
        ApiError::Unexpected(Box::new(response.unexpected(what)))
    })?;
    if is_own(&url, client.rest()) {
        Ok(Some(url))
    } else {
        Err(ApiError::ForeignAddress {
            pointer: "Link header",
            url: url.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_that_github_takes() {
        assert_eq!(Paging::up_to(5).page_size(), 5);
        assert_eq!(Paging::up_to(0).page_size(), 1);
        assert_eq!(Paging::up_to(250).page_size(), 100);
        let odd = Paging {
            per_page: 0,
            max_items: None,
            ..Paging::all()
        };
        assert_eq!(odd.page_size(), 1);
    }
}
