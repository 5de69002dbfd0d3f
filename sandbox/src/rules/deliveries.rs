//! The deliveries of a webhook
//! (<https://docs.github.com/rest/repos/webhooks#list-deliveries-for-a-repository-webhook>).

use super::{Core, Failure};
use crate::store::{Delivery, DeliveryFilter, Hook, Repository};

impl Core {
    /// Some of a webhook's deliveries, newest first, and where the next and
    /// the previous page begin.
    pub(crate) fn deliveries(
        &self,
        repository: &Repository,
        hook: i64,
        filter: DeliveryFilter,
        most: u64,
    ) -> Result<DeliveryPage, Failure> {
        self.store.read(|read| {
            Hook::by_id(read, repository.id, hook)?.ok_or(Failure::NotFound)?;
            let mut items = Delivery::list(read, hook, filter, most.saturating_add(1))?;
            let next = usize::try_from(most)
                .ok()
                .and_then(|most| items.get(most))
                .map(|delivery| delivery.id);
            items.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            let previous = match filter.from {
                Some(from) => Delivery::page_before(read, hook, from, filter, most)?,
                None => None,
            };
            Ok(DeliveryPage {
                items,
                next,
                previous,
            })
        })
    }

    /// A delivery that was tried.
    pub(crate) fn delivery(
        &self,
        repository: &Repository,
        hook: i64,
        id: i64,
    ) -> Result<Delivery, Failure> {
        self.store.read(|read| {
            Hook::by_id(read, repository.id, hook)?.ok_or(Failure::NotFound)?;
            Delivery::by_id(read, hook, id)?.ok_or(Failure::NotFound)
        })
    }

    /// Sends the event of a delivery to its webhook once more.
    pub(crate) fn redeliver(
        &self,
        repository: &Repository,
        hook: i64,
        id: i64,
    ) -> Result<(), Failure> {
        self.store.write(|write| {
            Hook::by_id(write, repository.id, hook)?.ok_or(Failure::NotFound)?;
            let delivery = Delivery::by_id(write, hook, id)?.ok_or(Failure::NotFound)?;
            Ok::<_, Failure>(delivery.send_again(write, hook)?)
        })?;
        self.outgoing.notify_one();
        Ok(())
    }
}

/// A page of deliveries.
#[derive(Debug)]
pub(crate) struct DeliveryPage {
    /// Newest first.
    pub(crate) items: Vec<Delivery>,
    /// The start of the next page, if there is one.
    pub(crate) next: Option<i64>,
    /// The start of the previous page, if there is one.
    pub(crate) previous: Option<i64>,
}
