//! Connections: cursors, pages and their limits
//! (<https://docs.github.com/graphql/guides/using-pagination-in-the-graphql-api>).

use serde::Deserialize;

use super::object::{Field, Object, Output};
use super::problem::{Problem, Result};
use super::scalars::capped;
use crate::base64;
use crate::store::Window;

/// The most records that one page may have.
const MAX_PAGE_SIZE: i32 = 100;

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum OrderDirection {
    Asc,
    Desc,
}

/// The order of a list that can be ordered by one field.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Order {
    pub(super) direction: OrderDirection,
}

/// The arguments of every connection.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct PageArguments {
    pub(super) after: Option<String>,
    pub(super) before: Option<String>,
    pub(super) first: Option<i32>,
    pub(super) last: Option<i32>,
}

/// The end of a list from which a page is taken, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    First(u64),
    Last(u64),
}

/// A validated page request.
#[derive(Debug, Clone)]
pub(super) struct PageRequest {
    side: Side,
    pub(super) after: Option<Cursor>,
    pub(super) before: Option<Cursor>,
}

/// A position in a list, given by the sort key of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor(String);

impl Cursor {
    const START: &str = "cursor:v2:";

    /// A position with this sort key.
    pub(super) fn new(place: impl Into<String>) -> Self {
        Self(place.into())
    }

    /// The sort key.
    pub(super) fn place(&self) -> &str {
        &self.0
    }

    /// The text that the API answers with; opaque to clients.
    pub(super) fn encode(&self) -> String {
        base64::encode_url(format!("{}{}", Self::START, self.0).as_bytes())
    }

    fn decode(text: &str) -> Result<Self> {
        let place = base64::decode(text)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| text.strip_prefix(Self::START).map(str::to_owned));
        place.map(Self).ok_or_else(|| Self::refused(text))
    }

    /// A cursor that this list never made.
    pub(super) fn refused(text: &str) -> Problem {
        let message = format!("`{text}` does not appear to be a valid cursor.");
        Problem::new("INVALID_CURSOR_ARGUMENTS", message)
    }
}

impl PageArguments {
    /// Holds the arguments of a connection against GitHub's limits.
    pub(super) fn check(&self, connection: &str) -> Result<PageRequest> {
        let side = match (self.first, self.last) {
            (None, None) => {
                return Err(Problem::new(
                    "MISSING_PAGINATION_BOUNDARIES",
                    format!(
                        "You must provide a `first` or `last` value to properly paginate the \
                         `{connection}` connection."
                    ),
                ));
            }
            (Some(_), Some(_)) => {
                return Err(Problem::new(
                    "AMBIGUOUS_PAGINATION",
                    format!(
                        "Passing both `first` and `last` to paginate the `{connection}` \
                         connection is not supported."
                    ),
                ));
            }
            (Some(count), None) => Side::First(check_count("first", count, connection)?),
            (None, Some(count)) => Side::Last(check_count("last", count, connection)?),
        };
        let read = |cursor: &Option<String>| {
            let text = cursor.as_deref().filter(|text| !text.is_empty());
            text.map(Cursor::decode).transpose()
        };
        Ok(PageRequest {
            side,
            after: read(&self.after)?,
            before: read(&self.before)?,
        })
    }
}

fn check_count(argument: &str, count: i32, connection: &str) -> Result<u64> {
    if count > MAX_PAGE_SIZE {
        let message = format!(
            "Requesting {count} records on the `{connection}` connection exceeds the \
             `{argument}` limit of {MAX_PAGE_SIZE} records."
        );
        return Err(Problem::new("EXCESSIVE_PAGINATION", message));
    }
    u64::try_from(count).map_err(|_| {
        let message =
            format!("`{argument}` on the `{connection}` connection cannot be less than zero.");
        Problem::new("INVALID_PAGINATION", message)
    })
}

/// The start and end of a page in a list, and the length of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    start: u64,
    end: u64,
    total: u64,
}

impl PageRequest {
    /// Selects the page in a list of `total` records, of which `through` are up
    /// to and including the `after` cursor, and `below` before the `before`
    /// cursor.
    pub(super) fn span(&self, total: u64, through: Option<u64>, below: Option<u64>) -> Span {
        let start = through.unwrap_or(0).min(total);
        let end = below.unwrap_or(total).clamp(start, total);
        let (start, end) = match self.side {
            Side::First(count) => (start, end.min(start.saturating_add(count))),
            Side::Last(count) => (start.max(end.saturating_sub(count)), end),
        };
        Span { start, end, total }
    }

    /// Cuts the page out of a whole list, whose records have these places in
    /// their order.
    pub(super) fn cut<T>(
        &self,
        records: Vec<T>,
        cursor: impl Fn(&T) -> Cursor,
        is_before: impl Fn(&T, &str) -> bool,
    ) -> Connection<T> {
        let count = |place: &str, through: bool| {
            let stands = |record: &&T| {
                is_before(record, place) || (through && cursor(record).place() == place)
            };
            length(records.iter().filter(stands).count())
        };
        let through = self.after.as_ref().map(|after| count(after.place(), true));
        let below = self
            .before
            .as_ref()
            .map(|before| count(before.place(), false));
        let span = self.span(length(records.len()), through, below);
        let page = span.window().cut(records).items.into_iter();
        Connection::new(span, page.map(|record| (cursor(&record), record)).collect())
    }

    /// Cuts the page out of a whole list, whose cursors are the positions of its
    /// records.
    pub(super) fn cut_by_position<T>(&self, records: impl IntoIterator<Item = T>) -> Connection<T> {
        let page = self.cut(
            records.into_iter().enumerate().collect(),
            |(index, _)| Cursor::new(index.to_string()),
            |(index, _), key| key.parse().is_ok_and(|key: usize| *index < key),
        );
        page.map(|(_, record)| record)
    }
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl Span {
    /// The page as the store counts.
    pub(super) fn window(self) -> Window {
        Window {
            skip: self.start,
            take: self.end - self.start,
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub(super) struct Connection<T> {
    span: Span,
    records: Vec<(Cursor, T)>,
}

impl<T> Connection<T> {
    /// A page with its records in order.
    pub(super) fn new(span: Span, records: Vec<(Cursor, T)>) -> Self {
        Self { span, records }
    }

    /// Turns each record into something else.
    pub(super) fn map<U>(self, convert: impl Fn(T) -> U) -> Connection<U> {
        let records = self.records.into_iter();
        Connection {
            span: self.span,
            records: records
                .map(|(cursor, record)| (cursor, convert(record)))
                .collect(),
        }
    }
}

impl<T: Into<Output>> Connection<T> {
    /// The page as the value of a field.
    pub(super) fn output(self, field: Field<'_>) -> Output {
        Page {
            kind: field.kind().to_owned(),
            connection: self.map(Into::into),
        }
        .into()
    }
}

/// The object of a connection, of the type that its field has.
struct Page {
    kind: String,
    connection: Connection<Output>,
}

impl Object for Page {
    fn kind(&self) -> &str {
        &self.kind
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let Connection { span, records } = &self.connection;
        let cursor =
            |record: Option<&(Cursor, Output)>| Output::from(record.map(|(one, _)| one.encode()));
        Ok(match field.name() {
            "edges" => {
                let edges = records.iter().map(|(cursor, node)| {
                    field.record([("cursor", cursor.encode().into()), ("node", node.clone())])
                });
                Output::List(edges.collect())
            }
            "nodes" => Output::List(records.iter().map(|(_, node)| node.clone()).collect()),
            "pageInfo" => field.record([
                ("endCursor", cursor(records.last())),
                ("hasNextPage", (span.end < span.total).into()),
                ("hasPreviousPage", (span.start > 0).into()),
                ("startCursor", cursor(records.first())),
            ]),
            "totalCount" => capped(span.total).into(),
            _ => return Err(field.unknown()),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Cursor, PageArguments, Span};

    fn span(
        first: Option<i32>,
        last: Option<i32>,
        through: Option<u64>,
        below: Option<u64>,
    ) -> (u64, u64) {
        let arguments = PageArguments {
            first,
            last,
            ..PageArguments::default()
        };
        let Span { start, end, total } = arguments.check("x").unwrap().span(10, through, below);
        assert_eq!(total, 10);
        (start, end)
    }

    #[test]
    fn pages_are_cut_from_either_end() {
        assert_eq!(span(Some(3), None, None, None), (0, 3));
        assert_eq!(span(Some(3), None, Some(9), None), (9, 10));
        assert_eq!(span(Some(3), None, Some(4), Some(6)), (4, 6));
        assert_eq!(span(None, Some(3), None, None), (7, 10));
        assert_eq!(span(None, Some(3), None, Some(2)), (0, 2));
        assert_eq!(span(None, Some(3), Some(1), Some(8)), (5, 8));
        // Cursors in the wrong order select nothing.
        assert_eq!(span(Some(3), None, Some(8), Some(2)), (8, 8));
        assert_eq!(span(Some(0), None, None, None), (0, 0));
    }

    #[test]
    fn cursors_are_read_back_and_others_refused() {
        let cursor = Cursor::new("7 é");
        assert_eq!(Cursor::decode(&cursor.encode()).unwrap(), cursor);
        for bad in ["x", "!!!", "Zm9v"] {
            let problem = Cursor::decode(bad).unwrap_err();
            assert_eq!(problem.kind, "INVALID_CURSOR_ARGUMENTS", "{bad}");
        }
    }
}
