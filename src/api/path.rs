use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::ApiError;
use crate::model::RepoSlug;

/// All characters except for those that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The path of a request below the root of the API: the only way for names to
/// become part of a URL. Each segment is percent-encoded once, a slash as
/// `%2F`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApiPath(String);

impl ApiPath {
    /// `/NAME` for a fixed name.
    pub(super) fn root(name: &'static str) -> Self {
        Self(String::new()).then(name)
    }

    /// `/repos/OWNER/NAME`.
    pub(super) fn repo(repo: &RepoSlug) -> Result<Self, ApiError> {
        Self::root("repos")
            .segment(repo.owner())?
            .segment(repo.name())
    }

    /// Appends a fixed part of the path, such as `deployments`.
    #[must_use]
    pub(super) fn then(mut self, fixed: &'static str) -> Self {
        self.0.push('/');
        self.0.push_str(fixed);
        self
    }

    /// Appends a number.
    #[must_use]
    pub(super) fn number(mut self, number: u64) -> Self {
        self.0.push('/');
        self.0.push_str(&number.to_string());
        self
    }

    /// Appends a name. Empty names are rejected, and so are `.` and `..`, which
    /// URL parsers resolve as relative paths.
    pub(super) fn segment(mut self, name: &str) -> Result<Self, ApiError> {
        let reason = match name {
            "" => "it is empty",
            "." | ".." => "it would be a relative path",
            _ => {
                self.0.push('/');
                self.0.extend(utf8_percent_encode(name, RESERVED));
                return Ok(self);
            }
        };
        Err(ApiError::InvalidName {
            name: name.to_owned(),
            reason,
        })
    }

    /// The URL of the path below `root`, whose own path is kept.
    pub(super) fn below(&self, root: &Url) -> Url {
        let mut url = root.clone();
        let path = format!("{}{}", root.path().trim_end_matches('/'), self.0);
        url.set_path(&path);
        url
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn root() -> Url {
        "https://github.example/api/v3".parse().expect("an address")
    }

    fn branch(name: &str) -> Result<Url, ApiError> {
        let repo = "octo/hello.world".parse().expect("a repository");
        let path = ApiPath::repo(&repo)?.then("branches").segment(name)?;
        Ok(path.below(&root()))
    }

    #[test]
    fn names_are_encoded_once() {
        for (name, encoded) in [
            ("main", "main"),
            ("feature/a b", "feature%2Fa%20b"),
            ("50%", "50%25"),
            ("a%2Fb", "a%252Fb"),
            ("..%2f..", "..%252f.."),
            ("%2e%2e", "%252e%252e"),
            ("../../user", "..%2F..%2Fuser"),
            ("a?b#c", "a%3Fb%23c"),
            ("a\\b", "a%5Cb"),
            ("ü\n", "%C3%BC%0A"),
            ("...", "..."),
        ] {
            let url = branch(name).expect("a name");
            let path = format!("/api/v3/repos/octo/hello.world/branches/{encoded}");
            assert_eq!(url.path(), path, "{name:?}");
        }
    }

    #[test]
    fn relative_path_segments_are_not_names() {
        for name in ["", ".", ".."] {
            assert!(matches!(branch(name), Err(ApiError::InvalidName { .. })));
        }
    }

    #[test]
    fn a_root_with_or_without_a_slash_is_the_same() {
        let repo = "o/r".parse().expect("a repository");
        let path = ApiPath::repo(&repo)
            .expect("a path")
            .then("deployments")
            .number(7);
        let plain: Url = "http://127.0.0.1:80".parse().expect("an address");
        assert_eq!(
            path.below(&plain).as_str(),
            "http://127.0.0.1/repos/o/r/deployments/7"
        );
        let slash: Url = "https://h/api/v3/".parse().expect("an address");
        assert_eq!(path.below(&slash).path(), "/api/v3/repos/o/r/deployments/7");
    }

    proptest! {
        #[test]
        fn any_name_is_one_segment_and_comes_back(name in "\\PC{1,40}|[./%?#\\\\ a-c\n]{1,12}") {
            prop_assume!(name != "." && name != "..");
            let url = branch(&name).expect("a name");
            let reparsed: Url = url.as_str().parse().expect("an address");
            prop_assert_eq!(&reparsed, &url);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
            let segments: Vec<&str> = url.path_segments().expect("a path").collect();
            prop_assert_eq!(segments.len(), 7);
            let back = percent_encoding::percent_decode_str(segments[6]).decode_utf8();
            prop_assert_eq!(back.expect("UTF-8"), name);
        }
    }
}
