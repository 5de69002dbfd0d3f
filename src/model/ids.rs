use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The number of a deployment. GitHub's have passed 2³², so it is 64 bits wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeploymentId(pub u64);

/// The number of a deployment status, 64 bits wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StatusId(pub u64);

/// The number of a workflow run. GitHub's have passed 2³², so it is 64 bits wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub u64);

impl fmt::Display for DeploymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for StatusId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl RunId {
    /// The run that the address of its page, or of one of its jobs, names.
    pub fn from_url(url: &str) -> Option<Self> {
        let (_, rest) = url.split_once("/actions/runs/")?;
        let digits = rest.split(['/', '?', '#']).next()?;
        digits.parse().ok()
    }
}

impl FromStr for DeploymentId {
    type Err = String;

    /// Takes a number greater than zero, in digits alone.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = parse_number(text).map(Self);
        number.ok_or_else(|| "a deployment id is a number such as 4442074271".to_owned())
    }
}

impl FromStr for RunId {
    type Err = String;

    /// Takes a number greater than zero, in digits alone, or the address of the
    /// run's page.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("https://") || text.starts_with("http://") {
            return Self::from_url(text)
                .ok_or_else(|| "the URL of a workflow run ends in /actions/runs/ID".to_owned());
        }
        let number = parse_number(text).map(Self);
        number.ok_or_else(|| "the ID of a workflow run is a number such as 30433642".to_owned())
    }
}

/// A number greater than zero, in digits alone.
fn parse_number(text: &str) -> Option<u64> {
    let is_digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|number| is_digits && *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_wider_than_32_bits() {
        assert_eq!("4442074271".parse(), Ok(DeploymentId(4_442_074_271)));
        assert_eq!(
            u64::MAX.to_string().parse(),
            Ok(DeploymentId(u64::MAX)),
            "the whole range is an id"
        );
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "0",
            "-1",
            "+1",
            "1.0",
            "0x1",
            " 1",
            "18446744073709551616",
            "abc",
        ] {
            assert!(text.parse::<DeploymentId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_run_is_named_by_its_number_or_its_page() {
        assert_eq!("30433642".parse(), Ok(RunId(30_433_642)));
        assert_eq!(
            "18446744073709551615".parse(),
            Ok(RunId(u64::MAX)),
            "the whole range is an ID"
        );
        for url in [
            "https://github.com/acme/shop/actions/runs/5000000001",
            "https://github.com/acme/shop/actions/runs/5000000001/job/7",
            "https://github.com/acme/shop/actions/runs/5000000001?pr=3#summary",
        ] {
            assert_eq!(url.parse(), Ok(RunId(5_000_000_001)), "{url}");
        }
        for text in [
            "",
            "0",
            "-1",
            "+1",
            "1.0",
            "x",
            "https://github.com/acme/shop",
        ] {
            assert!(text.parse::<RunId>().is_err(), "{text:?}");
        }
    }
}
