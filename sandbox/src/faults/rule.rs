//! Which requests a fault happens to.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::fault::Fault;

/// Which requests go wrong, and how, written `[METHOD ]PATH[:WHICH]=FAULT`.
///
/// `METHOD` is an HTTP method, `*` or nothing for any. `PATH` is the path of
/// the request as it was sent, without the query and without `/api/v3`; a `*`
/// in it matches any text, slashes included. `WHICH` numbers the matching
/// requests, from 1: `2` is only the second, `2-4` the second to the fourth,
/// `2-` all but the first; without it all of them are affected. `FAULT` is one
/// of [`FAULT_KINDS`](super::FAULT_KINDS).
///
/// `POST */deployments:1=reset-after` breaks the connection after the first
/// deployment was made; `GET *=latency:2s` makes everything slow to read. Of
/// several rules that fit all apply: the first one that keeps the server from
/// acting, and every change to its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    text: String,
    method: Option<String>,
    path: String,
    which: RangeInclusive<u64>,
    pub(super) fault: Fault,
}

/// A [`FaultRule`] that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseFaultError(String);

impl FaultRule {
    /// Whether a request matches, and is therefore counted.
    pub(super) fn matches_request(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|known| known == method) && path_matches(&self.path, path)
    }

    /// Whether the fault happens to the request with this number.
    pub(super) fn applies_to(&self, number: u64) -> bool {
        self.which.contains(&number)
    }
}

impl FromStr for FaultRule {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |message: String| ParseFaultError(message);
        let (requests, fault) = text
            .trim()
            .split_once('=')
            .ok_or_else(|| error("a fault is written [METHOD ]PATH[:WHICH]=FAULT".to_owned()))?;
        let (requests, which) = match requests.rsplit_once(':') {
            Some((requests, which)) => {
                let which = range(which).ok_or_else(|| {
                    error(format!(
                        "{which:?} is not a range of requests such as 1, 2-4 or 2-"
                    ))
                })?;
                (requests, which)
            }
            None => (requests, 1..=u64::MAX),
        };
        let (method, path) = match requests.trim().split_once(' ') {
            Some((method, path)) => (method, path.trim()),
            None => ("*", requests.trim()),
        };
        if !path.starts_with(['/', '*']) || path.contains(' ') {
            return Err(error(format!(
                "{path:?} is not a path, which starts with / or *"
            )));
        }
        let is_method = method == "*" || method.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_method {
            return Err(error(format!("{method:?} is not a method such as POST")));
        }
        Ok(Self {
            text: text.trim().to_owned(),
            method: Some(method.to_owned()).filter(|method| method != "*"),
            path: path.to_owned(),
            which,
            fault: fault.parse().map_err(error)?,
        })
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// `2`, `2-4` or `2-`.
fn range(text: &str) -> Option<RangeInclusive<u64>> {
    let (first, last) = match text.split_once('-') {
        None => (text, text),
        Some((first, "")) => (first, "18446744073709551615"),
        Some(bounds) => bounds,
    };
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (1 <= first && first <= last).then_some(first..=last)
}

/// Whether a path matches a pattern in which `*` matches any text.
fn path_matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|start| path.strip_prefix(start)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        // The earliest place leaves the most for the parts that follow.
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn rule(text: &str) -> FaultRule {
        text.parse().unwrap()
    }

    #[test]
    fn a_rule_chooses_by_method_path_and_number() {
        let rule = rule("POST */deployments:2-3=reset-after");
        assert!(rule.matches_request("POST", "/repos/o/r/deployments"));
        assert!(rule.matches_request("POST", "/repositories/7/deployments"));
        assert!(!rule.matches_request("GET", "/repos/o/r/deployments"));
        assert!(!rule.matches_request("POST", "/repos/o/r/deployments/1/statuses"));
        let struck: Vec<u64> = (1..=5).filter(|number| rule.applies_to(*number)).collect();
        assert_eq!(struck, [2, 3]);
        assert_eq!(rule.to_string(), "POST */deployments:2-3=reset-after");
    }

    #[test]
    fn what_is_left_out_stands_for_anything() {
        let all = rule("*=none");
        assert!(
            all.matches_request("DELETE", "/") && all.applies_to(1) && all.applies_to(u64::MAX)
        );
        let later = rule("* /user:2-=hang-before");
        assert!(
            later.matches_request("GET", "/user") && !later.applies_to(1) && later.applies_to(9)
        );
        let url = rule("GET *:1=redirect:302,to=http://127.0.0.1:80/x=y");
        assert!(url.applies_to(1) && !url.applies_to(2));
    }

    #[test]
    fn stars_stand_for_anything_anywhere() {
        for (pattern, path, expected) in [
            ("*", "", true),
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/a*", "/a/b", true),
            ("*/b", "/a/b", true),
            ("*/b", "/a/b/c", false),
            ("/a/*/c", "/a/b/b/c", true),
            ("/a/*/c", "/a/c", false),
            ("*a*a", "a", false),
            ("*a*a", "aa", true),
            ("/x*b*b", "/xbab", true),
        ] {
            assert_eq!(path_matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "",
            "reset-after",
            "POST=none",
            "post */x=none",
            "POST x=none",
            "*:0=none",
            "*:3-2=none",
            "*:x=none",
            "*=",
            "*=nothing",
            "/a b c=none",
        ] {
            assert!(text.parse::<FaultRule>().is_err(), "{text:?}");
        }
    }
}
