use std::any::Any;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::RangeInclusive;
use std::sync::Arc;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use url::Url;

use super::page_numbers::{numbered, with_page};
use crate::api::address::is_own;
use crate::api::call::Budget;
use crate::api::link::Links;
use crate::api::request::Request;
use crate::api::response::{ReadError, Response};
use crate::api::{ApiError, Client, Paging, Unexpected};

/// A list with more empty pages in a row is considered broken.
const MOST_EMPTY: u32 = 10;

/// The items of a page: a `Vec` of a type that the fetcher does not know.
pub(super) type Items = Box<dyn Any + Send>;

/// Reads the items of one page.
pub(super) type ReadItems = dyn Fn(&Response) -> Result<Items, ReadError> + Send + Sync;

/// What a page says besides its items.
pub(super) struct PageHead {
    /// The URL that responded.
    pub(super) url: Url,
    pub(super) server_time: Option<Timestamp>,
    pub(super) server_now: Timestamp,
    next: Option<Url>,
    last: Option<Url>,
}

enum NextPages {
    One(Box<Request>),
    Many(BoxStream<'static, Result<(Items, PageHead), ApiError>>),
    Nothing,
}

/// Fetches the pages of a list in order, whatever its items are.
pub(super) struct PageFetcher {
    client: Client,
    read: Arc<ReadItems>,
    budget: Budget,
    page_size: u32,
    may_stop: bool,
    /// How many pages are requested at the same time. Known after the first
    /// page.
    pub(super) at_once: usize,
    /// How many items are still wanted, `None` for all.
    pub(super) left: Option<usize>,
    ahead: NextPages,
    /// The page after those that are requested in parallel.
    beyond: Option<Url>,
    is_first: bool,
    empty: u32,
    /// The hashes of the URLs of all pages, which can be very many.
    seen_pages: HashSet<u64>,
}

fn hash_of(url: &Url) -> u64 {
    let mut hasher = DefaultHasher::new();
    url.as_str().hash(&mut hasher);
    hasher.finish()
}

impl PageFetcher {
    /// `url` is the URL of the list with its filters, without paging.
    pub(super) fn new(
        client: &Client,
        mut url: Url,
        paging: Paging,
        budget: Budget,
        read: Arc<ReadItems>,
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
            seen_pages: HashSet::new(),
        }
    }

    /// The next page; `None` after the last page and after an error.
    pub(super) async fn next(&mut self) -> Option<Result<(Items, PageHead), ApiError>> {
        loop {
            if self.left == Some(0) {
                self.ahead = NextPages::Nothing;
            }
            let page = match &mut self.ahead {
                NextPages::Nothing => return None,
                NextPages::One(request) => {
                    fetch(&self.client, request, self.budget, self.read.as_ref()).await
                }
                NextPages::Many(pages) => {
                    if let Some(page) = pages.next().await {
                        page
                    } else {
                        match self.beyond.take() {
                            Some(url) => self.ahead = NextPages::One(Box::new(Request::page(url))),
                            None => self.ahead = NextPages::Nothing,
                        }
                        continue;
                    }
                }
            };
            if page.is_err() {
                self.ahead = NextPages::Nothing;
            }
            return Some(page);
        }
    }

    /// Determines which pages come after one of whose `came` items `kept` are
    /// wanted.
    pub(super) fn go_on(
        &mut self,
        page: &PageHead,
        came: usize,
        kept: usize,
    ) -> Result<(), ApiError> {
        self.empty = if came == 0 { self.empty + 1 } else { 0 };
        self.seen_pages.insert(hash_of(&page.url));
        if let Some(left) = &mut self.left {
            *left -= kept;
        }
        let next = page.next.as_ref();
        let is_loop = next.is_some_and(|next| self.seen_pages.contains(&hash_of(next)));
        if is_loop || self.empty > MOST_EMPTY {
            self.ahead = NextPages::Nothing;
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
        let is_first = std::mem::take(&mut self.is_first);
        if self.left == Some(0) {
            self.ahead = NextPages::Nothing;
            return Ok(());
        }
        if matches!(self.ahead, NextPages::Many(_)) {
            // A list that has become shorter ends before the last page.
            if next.is_none() {
                self.ahead = NextPages::Nothing;
            }
            self.beyond = next.cloned();
            return Ok(());
        }
        let Some(next) = next else {
            self.ahead = NextPages::Nothing;
            return Ok(());
        };
        let numbers = page
            .last
            .as_ref()
            .filter(|_| is_first)
            .and_then(|last| numbered(next, last));
        self.ahead = match numbers {
            Some((until, template)) => self.numbered_pages(until, template, came),
            None => NextPages::One(Box::new(Request::page(next.clone()))),
        };
        Ok(())
    }

    /// Pages 2 to `until`, requested in parallel as far as they are wanted.
    fn numbered_pages(&mut self, mut until: u64, template: Url, came: usize) -> NextPages {
        if let Some(left) = self.left {
            // A server may put fewer items on a page than requested.
            let size = came.clamp(1, self.page_size as usize);
            let pages = u64::try_from(left.div_ceil(size)).unwrap_or(u64::MAX);
            until = until.min(pages.saturating_add(1));
        }
        if !self.may_stop {
            self.at_once = self.client.pages_at_once(until);
        }
        let (client, budget, read) = (self.client.clone(), self.budget, Arc::clone(&self.read));
        let at_once = self.at_once;
        let pages =
            stream::iter(portions(until, self.may_stop, at_once)).flat_map(move |portion| {
                let (client, read, template) =
                    (client.clone(), Arc::clone(&read), template.clone());
                stream::iter(portion)
                    .map(move |number| {
                        let (client, read) = (client.clone(), Arc::clone(&read));
                        let request = Request::page(with_page(&template, number));
                        async move { fetch(&client, &request, budget, read.as_ref()).await }
                    })
                    .buffered(at_once)
            });
        NextPages::Many(pages.boxed())
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

async fn fetch(
    client: &Client,
    request: &Request,
    budget: Budget,
    read: &ReadItems,
) -> Result<(Items, PageHead), ApiError> {
    let reply = client
        .call(request, budget, |response| {
            Ok((read(response)?, response.links()?))
        })
        .await?;
    let (items, Links { next, last }) = reply.value;
    let response = reply.response;
    let head = PageHead {
        next: own_address(client, &response, next)?,
        last: own_address(client, &response, last)?,
        server_time: response.server_time(),
        server_now: reply.server_now,
        url: response.url,
    };
    Ok((items, head))
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
