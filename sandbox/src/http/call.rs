//! A parsed request.

use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, header};
use percent_encoding::percent_decode_str;

use super::Urls;

/// The versions of the REST API that are served
/// (<https://docs.github.com/rest/about-the-rest-api/api-versions>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// `2022-11-28`, which is also the default.
    V2022,
    /// `2026-03-10`.
    V2026,
}

impl Version {
    /// All of them, oldest first.
    pub(crate) const ALL: [Self; 2] = [Self::V2022, Self::V2026];

    /// The value of the header.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V2022 => "2022-11-28",
            Self::V2026 => "2026-03-10",
        }
    }
}

/// A request that has been read completely.
#[derive(Debug)]
pub(crate) struct Call {
    /// The method; `GET` for a `HEAD`, whose answer loses its body later.
    pub(crate) method: Method,
    /// Whether it was a `HEAD`.
    pub(crate) head: bool,
    /// The path after `/api/v3`, cut at its slashes, each part decoded once.
    pub(crate) segments: Vec<String>,
    /// The decoded query, in order.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Where answers point to.
    pub(crate) urls: Urls,
    pub(crate) version: Version,
}

/// The reason why a request could not be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// No `User-Agent`.
    UserAgent,
    /// A version that is not served.
    Version(String),
    /// A path that is not UTF-8 when decoded, or has an empty part.
    Path,
}

impl Call {
    /// Parses a request; `address` replaces a missing `Host`.
    pub(crate) fn read(parts: &Parts, body: Vec<u8>, address: &str) -> Result<Self, Unreadable> {
        let headers = &parts.headers;
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if text(header::USER_AGENT)
            .unwrap_or_default()
            .trim()
            .is_empty()
        {
            return Err(Unreadable::UserAgent);
        }
        let asked = headers
            .get("x-github-api-version")
            .map(HeaderValue::as_bytes);
        let version = match asked {
            None => Version::V2022,
            Some(word) => Version::ALL
                .into_iter()
                .find(|version| version.as_str().as_bytes() == word)
                .ok_or_else(|| Unreadable::Version(String::from_utf8_lossy(word).into_owned()))?,
        };
        let host = parts.uri.authority().map_or_else(
            || text(header::HOST).unwrap_or(address).to_owned(),
            ToString::to_string,
        );
        let path = parts.uri.path();
        let (path, prefix) = match path.strip_prefix("/api/v3") {
            Some("") => ("/", "/api/v3"),
            Some(rest) if rest.starts_with('/') => (rest, "/api/v3"),
            _ => (path, ""),
        };
        let mut segments = Vec::new();
        if path != "/" {
            for segment in path.strip_prefix('/').unwrap_or(path).split('/') {
                let decoded = percent_decode_str(segment).decode_utf8();
                let decoded = decoded.map_err(|_| Unreadable::Path)?;
                if decoded.is_empty() {
                    return Err(Unreadable::Path);
                }
                segments.push(decoded.into_owned());
            }
        }
        let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        let head = parts.method == Method::HEAD;
        Ok(Self {
            method: if head {
                Method::GET
            } else {
                parts.method.clone()
            },
            head,
            segments,
            query,
            headers: headers.clone(),
            body,
            urls: Urls::new(&host, prefix),
            version,
        })
    }

    /// The value of a query parameter; the last one counts.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the request changes nothing.
    pub(crate) fn is_read(&self) -> bool {
        self.method == Method::GET
    }

    /// The value of a header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
