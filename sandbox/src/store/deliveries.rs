//! Webhook deliveries, sent and pending.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::Hook;

/// An event to deliver.
#[derive(Debug, Clone)]
pub(crate) struct NewEvent<'a> {
    /// The id that all deliveries of it share.
    pub(crate) guid: String,
    /// The repository it happened in.
    pub(crate) repository: i64,
    /// Its name, such as `deployment`.
    pub(crate) name: &'a str,
    /// The action, such as `created`.
    pub(crate) action: Option<&'a str>,
    pub(crate) payload: String,
}

impl NewEvent<'_> {
    /// Writes it, with a delivery to each of the webhooks that is still to be
    /// sent; `now` is in seconds since the epoch.
    pub(crate) fn insert(&self, write: &Connection, hooks: &[i64], now: i64) -> Result<()> {
        let event: i64 = write
            .prepare_cached(
                "INSERT INTO hook_events (guid, repository_id, name, action, payload, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            )?
            .query_row(
                params![
                    self.guid,
                    self.repository,
                    self.name,
                    self.action,
                    self.payload,
                    now
                ],
                |row| row.get(0),
            )?;
        for hook in hooks {
            insert(write, *hook, event, false)?;
        }
        Ok(())
    }
}

fn insert(write: &Connection, hook: i64, event: i64, is_again: bool) -> Result<()> {
    write
        .prepare_cached(
            "INSERT INTO hook_deliveries (hook_id, event_id, is_again) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![hook, event, is_again])?;
    Ok(())
}

/// The result of sending a delivery.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// When it was sent, in seconds since the epoch.
    pub(crate) delivered_at: i64,
    pub(crate) duration: f64,
    /// `OK`, or the error.
    pub(crate) status: String,
    /// The status of the answer, or the one that stands for a missing answer.
    pub(crate) status_code: i64,
    /// Where it was sent.
    pub(crate) url: String,
    /// The JSON text of the headers that were sent.
    pub(crate) request_headers: String,
    /// The JSON text of the headers that came back, if there was an answer.
    pub(crate) response_headers: Option<String>,
    /// The body that came back, if there was an answer.
    pub(crate) response_payload: Option<String>,
}

impl Attempt {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            delivered_at: row.get("delivered_at")?,
            duration: row.get("duration")?,
            status: row.get("status")?,
            status_code: row.get("status_code")?,
            url: row.get("url")?,
            request_headers: row.get("request_headers")?,
            response_headers: row.get("response_headers")?,
            response_payload: row.get("response_payload")?,
        })
    }

    /// Records the result; a delivery whose webhook was deleted is skipped.
    pub(crate) fn record(&self, write: &Connection, delivery: i64) -> Result<()> {
        write
            .prepare_cached(
                "UPDATE hook_deliveries SET delivered_at = ?2, duration = ?3, status = ?4,
                    status_code = ?5, url = ?6, request_headers = ?7, response_headers = ?8,
                    response_payload = ?9
                 WHERE id = ?1",
            )?
            .execute(params![
                delivery,
                self.delivered_at,
                self.duration,
                self.status,
                self.status_code,
                self.url,
                self.request_headers,
                self.response_headers,
                self.response_payload
            ])?;
        Ok(())
    }

    /// The last one to a webhook.
    pub(crate) fn latest(read: &Connection, hook: i64) -> Result<Option<Self>> {
        read.prepare_cached(
            "SELECT * FROM hook_deliveries WHERE hook_id = ?1 AND delivered_at IS NOT NULL
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row([hook], Self::from_row)
        .optional()
    }
}

/// A delivery that was sent, as in the log.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) id: i64,
    event_id: i64,
    pub(crate) guid: String,
    pub(crate) repository: i64,
    pub(crate) event: String,
    /// The event's action.
    pub(crate) action: Option<String>,
    /// The JSON text that was sent.
    pub(crate) payload: String,
    /// Whether it is a redelivery.
    pub(crate) is_again: bool,
    pub(crate) attempt: Attempt,
}

/// The filter of a webhook's deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DeliveryFilter {
    /// The newest of the page; `None` begins with the newest of all.
    pub(crate) from: Option<i64>,
    /// Only deliveries with a status in this range.
    pub(crate) codes: Option<(i64, i64)>,
}

const SELECT: &str = "SELECT hook_deliveries.*, hook_events.guid, hook_events.repository_id,
    hook_events.name, hook_events.action, hook_events.payload
    FROM hook_deliveries JOIN hook_events ON hook_events.id = hook_deliveries.event_id
    WHERE hook_deliveries.hook_id = ?1 AND hook_deliveries.delivered_at IS NOT NULL";

impl Delivery {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            event_id: row.get("event_id")?,
            guid: row.get("guid")?,
            repository: row.get("repository_id")?,
            event: row.get("name")?,
            action: row.get("action")?,
            payload: row.get("payload")?,
            is_again: row.get("is_again")?,
            attempt: Attempt::from_row(row)?,
        })
    }

    /// Finds a delivery of a webhook, once it was tried.
    pub(crate) fn by_id(read: &Connection, hook: i64, id: i64) -> Result<Option<Self>> {
        read.prepare_cached(&format!("{SELECT} AND hook_deliveries.id = ?2"))?
            .query_row([hook, id], Self::from_row)
            .optional()
    }

    /// Some of a webhook's deliveries, newest first.
    pub(crate) fn list(
        read: &Connection,
        hook: i64,
        filter: DeliveryFilter,
        most: u64,
    ) -> Result<Vec<Self>> {
        let (low, high) = filter.codes.unwrap_or((i64::MIN, i64::MAX));
        let query = format!(
            "{SELECT} AND hook_deliveries.id <= ?2
             AND hook_deliveries.status_code BETWEEN ?3 AND ?4
             ORDER BY hook_deliveries.id DESC LIMIT ?5"
        );
        read.prepare_cached(&query)?
            .query_map(
                params![
                    hook,
                    filter.from.unwrap_or(i64::MAX),
                    low,
                    high,
                    i64::try_from(most).unwrap_or(i64::MAX)
                ],
                Self::from_row,
            )?
            .collect()
    }

    /// The newest delivery of the page that ends right before `id`, if there is
    /// any newer delivery than that.
    pub(crate) fn page_before(
        read: &Connection,
        hook: i64,
        id: i64,
        filter: DeliveryFilter,
        most: u64,
    ) -> Result<Option<i64>> {
        let (low, high) = filter.codes.unwrap_or((i64::MIN, i64::MAX));
        read.prepare_cached(
            "SELECT max(id) FROM (SELECT id FROM hook_deliveries
             WHERE hook_id = ?1 AND id > ?2 AND delivered_at IS NOT NULL
                AND status_code BETWEEN ?3 AND ?4
             ORDER BY id LIMIT ?5)",
        )?
        .query_row(
            params![hook, id, low, high, i64::try_from(most).unwrap_or(i64::MAX)],
            |row| row.get(0),
        )
    }

    /// Has its event sent to the webhook once more.
    pub(crate) fn send_again(&self, write: &Connection, hook: i64) -> Result<()> {
        insert(write, hook, self.event_id, true)
    }
}

/// A delivery that has not been sent, with the data that sending it needs.
#[derive(Debug)]
pub(crate) struct PendingDelivery {
    pub(crate) hook: Hook,
    pub(crate) guid: String,
    pub(crate) repository: i64,
    pub(crate) event: String,
    pub(crate) payload: String,
}

impl PendingDelivery {
    /// Whether there are pending deliveries.
    pub(crate) fn any(read: &Connection) -> Result<bool> {
        read.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM hook_deliveries WHERE delivered_at IS NULL)",
        )?
        .query_row([], |row| row.get(0))
    }

    /// The ids of pending deliveries, oldest first: for each webhook at most
    /// `most` minus its deliveries in flight, after the last one that was
    /// started. `taken` maps a webhook to both, the number in flight first.
    pub(crate) fn due(
        read: &Connection,
        taken: &HashMap<i64, (u64, i64)>,
        most: u64,
    ) -> Result<Vec<(i64, i64)>> {
        let hooks: Vec<i64> = read
            .prepare_cached(
                "SELECT DISTINCT hook_id FROM hook_deliveries WHERE delivered_at IS NULL",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_>>()?;
        let mut due = Vec::new();
        for hook in hooks {
            let (in_flight, last) = taken.get(&hook).copied().unwrap_or_default();
            let free = most.saturating_sub(in_flight);
            if free == 0 {
                continue;
            }
            let mut query = read.prepare_cached(
                "SELECT id FROM hook_deliveries
                 WHERE hook_id = ?1 AND id > ?2 AND delivered_at IS NULL ORDER BY id LIMIT ?3",
            )?;
            let free = i64::try_from(free).unwrap_or(i64::MAX);
            let ids = query.query_map([hook, last, free], |row| row.get::<_, i64>(0))?;
            for id in ids {
                due.push((hook, id?));
            }
        }
        Ok(due)
    }

    /// Finds one that is still to be sent.
    pub(crate) fn by_id(read: &Connection, id: i64) -> Result<Option<Self>> {
        read.prepare_cached(
            "SELECT hooks.*, hook_events.guid AS guid, hook_events.repository_id AS event_repository,
                hook_events.name AS event_name, hook_events.payload AS payload
             FROM hook_deliveries
             JOIN hooks ON hooks.id = hook_deliveries.hook_id
             JOIN hook_events ON hook_events.id = hook_deliveries.event_id
             WHERE hook_deliveries.id = ?1 AND hook_deliveries.delivered_at IS NULL",
        )?
        .query_row([id], |row| {
            Ok(Self {
                hook: Hook::from_row(row)?,
                guid: row.get("guid")?,
                repository: row.get("event_repository")?,
                event: row.get("event_name")?,
                payload: row.get("payload")?,
            })
        })
        .optional()
    }

    /// Whether there are events older than `time`.
    pub(crate) fn any_before(read: &Connection, time: i64) -> Result<bool> {
        let oldest: Option<i64> = read
            .prepare_cached("SELECT created_at FROM hook_events ORDER BY id LIMIT 1")?
            .query_row([], |row| row.get(0))
            .optional()?;
        Ok(oldest.is_some_and(|oldest| oldest < time))
    }

    /// Deletes events older than `time`, except for those with pending
    /// deliveries.
    pub(crate) fn forget_before(write: &Connection, time: i64) -> Result<()> {
        write
            .prepare_cached(
                "DELETE FROM hook_events WHERE created_at < ?1 AND NOT EXISTS
                 (SELECT 1 FROM hook_deliveries
                  WHERE event_id = hook_events.id
                    AND (delivered_at IS NULL OR delivered_at >= ?1))",
            )?
            .execute([time])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::collections::HashMap;

    use rusqlite::Connection;

    use super::super::{ContentType, NewHook, Repository, Store, testing};
    use super::{Attempt, Delivery, DeliveryFilter, Hook, NewEvent, PendingDelivery};

    fn tried(time: i64) -> Attempt {
        Attempt {
            delivered_at: time,
            duration: 0.01,
            status: "OK".to_owned(),
            status_code: 200,
            url: "http://a/".to_owned(),
            request_headers: "{}".to_owned(),
            response_headers: None,
            response_payload: None,
        }
    }

    fn tell(write: &Connection, repository: i64, hooks: &[i64], time: i64) {
        let event = NewEvent {
            guid: format!("guid-{time}"),
            repository,
            name: "deployment",
            action: Some("created"),
            payload: "{}".to_owned(),
        };
        event.insert(write, hooks, time).unwrap();
    }

    /// A store with two webhooks of a repository. Returns the IDs as well.
    fn world(data: &std::path::Path) -> (Store, i64, [i64; 2]) {
        let store = testing::open(data);
        let (repository, hooks) = store
            .write(|write| {
                let repository = Repository::ensure(write, "o", "r", None, 1)?.id;
                let new = NewHook {
                    active: true,
                    events: vec!["*".to_owned()],
                    url: "http://a/".to_owned(),
                    content_type: ContentType::Json,
                    secret: None,
                    insecure_ssl: false,
                    is_given: false,
                };
                let one = Hook::insert(write, repository, &new, 1)?.id;
                let other = Hook::insert(write, repository, &new, 1)?.id;
                Ok::<_, rusqlite::Error>((repository, [one, other]))
            })
            .unwrap();
        (store, repository, hooks)
    }

    #[test]
    fn old_deliveries_are_deleted_unless_they_are_pending() {
        let data = tempfile::tempdir().unwrap();
        let (store, repository, hooks) = world(data.path());
        let left = store
            .write(|write| {
                for time in [10, 20, 30] {
                    tell(write, repository, &hooks[..1], time);
                }
                let due = PendingDelivery::due(write, &HashMap::new(), 9)?;
                tried(10).record(write, due[0].1)?;
                tried(30).record(write, due[2].1)?;
                assert!(PendingDelivery::any_before(write, 11)?);
                assert!(!PendingDelivery::any_before(write, 10)?);
                PendingDelivery::forget_before(write, 25)?;
                let log = Delivery::list(write, hooks[0], DeliveryFilter::default(), 9)?;
                let logged: Vec<String> = log.into_iter().map(|one| one.guid).collect();
                let due = PendingDelivery::due(write, &HashMap::new(), 9)?;
                let due = PendingDelivery::by_id(write, due[0].1)?.map(|pending| pending.guid);
                Ok::<_, rusqlite::Error>((logged, due))
            })
            .unwrap();
        assert_eq!(
            left,
            (vec!["guid-30".to_owned()], Some("guid-20".to_owned()))
        );
    }

    #[test]
    fn each_webhook_has_separate_slots() {
        let data = tempfile::tempdir().unwrap();
        let (store, repository, hooks) = world(data.path());
        store
            .write(|write| {
                for time in 0..5 {
                    tell(write, repository, &hooks, time);
                }
                let all = PendingDelivery::due(write, &HashMap::new(), 9)?;
                assert_eq!(all.len(), 10);
                let first = PendingDelivery::due(write, &HashMap::new(), 2)?;
                let of = |due: &[(i64, i64)], hook: i64| {
                    let ids = due.iter().filter(|(own, _)| *own == hook);
                    ids.map(|(_, id)| *id).collect::<Vec<_>>()
                };
                let (one, other) = (of(&all, hooks[0]), of(&all, hooks[1]));
                assert_eq!(of(&first, hooks[0]), one[..2]);
                // The first webhook has no slot free; the second has one again.
                let taken = HashMap::from([(hooks[0], (2, one[1])), (hooks[1], (1, other[1]))]);
                let next = PendingDelivery::due(write, &taken, 2)?;
                assert_eq!(next, [(hooks[1], other[2])]);
                Ok::<_, rusqlite::Error>(())
            })
            .unwrap();
    }
}
