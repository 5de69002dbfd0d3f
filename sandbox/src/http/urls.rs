//! The addresses and times in answers.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::store::Repository;

/// The characters that need no encoding in a segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same, with the slash.
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

/// Encodes a text as one part of a path or a query value.
pub(crate) fn encode_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Where answers point to: the host that the request was sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Urls {
    /// The API, without a slash at the end.
    pub(crate) api: String,
    /// The web pages, without a slash at the end.
    pub(crate) web: String,
    /// Host and port alone.
    pub(crate) host: String,
}

impl Urls {
    /// Addresses on `host`; `prefix` is the prefix of the API's paths.
    pub(crate) fn new(host: &str, prefix: &str) -> Self {
        let web = format!("http://{host}");
        Self {
            api: format!("{web}{prefix}"),
            web,
            host: host.to_owned(),
        }
    }

    /// A repository's address in the API.
    pub(crate) fn repository(&self, repository: &Repository) -> String {
        format!("{}/repos/{}", self.api, repository.full_name())
    }

    /// A repository's address by id, which `Link` headers use.
    pub(crate) fn by_id(&self, repository: &Repository) -> String {
        format!("{}/repositories/{}", self.api, repository.id)
    }

    /// A repository's web page.
    pub(crate) fn web_page(&self, repository: &Repository) -> String {
        format!("{}/{}", self.web, repository.full_name())
    }

    /// The address of a log. That of a job is noted without the repository's web
    /// page, because its host is that of each request.
    pub(crate) fn log(&self, repository: &Repository, noted: &str) -> String {
        if noted.starts_with("actions/") {
            format!("{}/{noted}", self.web_page(repository))
        } else {
            noted.to_owned()
        }
    }

    /// An environment's address. GitHub leaves the slashes of its name as
    /// they are here, although it wants them encoded in requests.
    pub(crate) fn environment(&self, repository: &Repository, name: &str) -> String {
        let mut url = format!("{}/environments/", self.repository(repository));
        // Writing to a String cannot fail.
        let _ = write!(url, "{}", utf8_percent_encode(name, PATH));
        url
    }
}

/// A path that names a ref, encoded except for its slashes.
pub(crate) fn encode_path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// Seconds since the epoch as RFC 3339 in UTC.
pub(crate) fn timestamp(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}

/// Seconds since the epoch as an HTTP date.
pub(crate) fn http_date(seconds: i64) -> Option<String> {
    let time = Timestamp::from_second(seconds).ok()?;
    DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&time)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::{encode_path, encode_segment, http_date, timestamp};

    #[test]
    fn texts_and_times_are_written_for_urls_and_headers() {
        assert_eq!(encode_segment("test/env é%"), "test%2Fenv%20%C3%A9%25");
        assert_eq!(encode_path("feature/a#b"), "feature/a%23b");
        assert_eq!(timestamp(1_800_000_000), "2027-01-15T08:00:00Z");
        assert_eq!(
            http_date(0).as_deref(),
            Some("Thu, 01 Jan 1970 00:00:00 GMT")
        );
    }
}
