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

impl FromStr for DeploymentId {
    type Err = String;

    /// Takes a number greater than zero, in digits alone.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse() {
            Ok(id) if digits && id > 0 => Ok(Self(id)),
            _ => Err("a deployment id is a number such as 4442074271".to_owned()),
        }
    }
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
}
