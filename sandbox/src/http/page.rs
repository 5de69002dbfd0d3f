//! Pages of lists
//! (<https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api>).

use std::num::IntErrorKind;

use super::Call;
use crate::store::Window;

const DEFAULT_PAGE_SIZE: u64 = 30;
const MAX_PAGE_SIZE: u64 = 100;

/// The requested page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    number: u64,
    size: u64,
}

impl Page {
    /// Reads `page` and `per_page`. Invalid values count as left out, and more
    /// than 100 as 100; the page number has no maximum.
    pub(crate) fn from_call(call: &Call) -> Self {
        Self::sized(call, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
    }

    /// Reads the same for a list with its own default and maximum size.
    pub(crate) fn sized(call: &Call, usual: u64, most: u64) -> Self {
        let number = |name| {
            let number = match call.parameter(name)?.parse::<u64>() {
                Ok(number) => number,
                Err(error) if *error.kind() == IntErrorKind::PosOverflow => u64::MAX,
                Err(_) => return None,
            };
            (number > 0).then_some(number)
        };
        Self {
            number: number("page").unwrap_or(1),
            size: number("per_page").unwrap_or(usual).min(most),
        }
    }

    /// The same as a part of the whole.
    pub(crate) fn window(self) -> Window {
        Window {
            skip: (self.number - 1).saturating_mul(self.size),
            take: self.size,
        }
    }

    /// Whether it is the first page.
    pub(crate) fn is_first(self) -> bool {
        self.number == 1
    }

    /// The `Link` header for a list of `total` things at `address` (without a
    /// query); `None` if all of it is on this page.
    pub(crate) fn link(self, call: &Call, address: &str, total: u64) -> Option<String> {
        let last = total.div_ceil(self.size).max(1);
        let to = |number: u64, relation: &str| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in call.query.iter().filter(|(name, _)| name != "page") {
                query.append_pair(name, value);
            }
            query.append_pair("page", &number.to_string());
            format!("<{address}?{}>; rel=\"{relation}\"", query.finish())
        };
        let mut links = Vec::new();
        if self.number > 1 {
            links.push(to((self.number - 1).min(last), "prev"));
        }
        if self.number < last {
            links.push(to(self.number + 1, "next"));
        }
        if self.number != last {
            links.push(to(last, "last"));
        }
        if self.number > 1 {
            links.push(to(1, "first"));
        }
        (!links.is_empty()).then(|| links.join(", "))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use http::Request;

    use super::{Call, Page, Window};

    fn call(query: &str) -> Call {
        let request = Request::get(format!("http://h/x{query}")).header("user-agent", "t");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Call::read(&parts, Vec::new(), "h").unwrap()
    }

    fn links(query: &str, total: u64) -> Option<String> {
        let call = call(query);
        Page::from_call(&call).link(&call, "http://h/repositories/1/x", total)
    }

    #[test]
    fn sizes_are_bounded() {
        let window = |query| Page::from_call(&call(query)).window();
        assert_eq!(window(""), Window { skip: 0, take: 30 });
        assert_eq!(
            window("?per_page=500&page=3"),
            Window {
                skip: 200,
                take: 100
            }
        );
        assert_eq!(window("?per_page=0&page=-1"), Window { skip: 0, take: 30 });
        for beyond in ["18446744073709551615", "99999999999999999999"] {
            let query = format!("?per_page=1&page={beyond}");
            let window = Page::from_call(&call(&query)).window();
            assert_eq!((window.skip, window.take), (u64::MAX - 1, 1), "{beyond}");
        }
        assert_eq!(window("?per_page=99999999999999999999").take, 100);
    }

    #[test]
    fn links_lead_to_every_page_and_keep_the_query() {
        assert_eq!(links("", 30), None);
        assert_eq!(links("?per_page=1&page=1", 0), None);
        assert_eq!(
            links("?environment=a%2Fb+c&per_page=10", 25).unwrap(),
            "<http://h/repositories/1/x?environment=a%2Fb+c&per_page=10&page=2>; rel=\"next\", \
             <http://h/repositories/1/x?environment=a%2Fb+c&per_page=10&page=3>; rel=\"last\""
        );
        let middle = links("?page=2&per_page=10", 25).unwrap();
        let relations: Vec<_> = middle
            .split("rel=")
            .skip(1)
            .map(|part| &part[1..5])
            .collect();
        assert_eq!(relations, ["prev", "next", "last", "firs"]);
        let last = links("?page=3&per_page=10", 25).unwrap();
        assert!(last.contains("page=2>; rel=\"prev\"") && !last.contains("next"));
        assert!(!last.contains("rel=\"last\""));
    }

    #[test]
    fn links_lead_back_from_beyond_the_last_page() {
        for page in ["9", "99999999999999999999"] {
            assert_eq!(
                links(&format!("?per_page=1&page={page}"), 3).unwrap(),
                "<http://h/repositories/1/x?per_page=1&page=3>; rel=\"prev\", \
                 <http://h/repositories/1/x?per_page=1&page=3>; rel=\"last\", \
                 <http://h/repositories/1/x?per_page=1&page=1>; rel=\"first\""
            );
        }
    }
}
