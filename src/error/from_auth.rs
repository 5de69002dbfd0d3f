use super::{Failure, Kind};
use crate::auth::{AuthError, DeviceError, DiskError, StoreError};

impl Failure {
    pub(crate) fn from_auth(error: &AuthError) -> Self {
        let failure = Self::new(Kind::NotAuthenticated, error.to_string());
        match error {
            AuthError::Store { error, .. } => failure.with_cures_of(error),
            AuthError::Logins(error) => Self::from_disk(error),
        }
    }

    pub(crate) fn from_store(error: &StoreError) -> Self {
        Self::new(Kind::Other, error.to_string()).with_cures_of(error)
    }

    pub(crate) fn from_disk(error: &DiskError) -> Self {
        let failure = Self::new(Kind::Other, error.to_string());
        match error {
            DiskError::Exposed(path) => failure.hint(format!("chmod 600 '{}'", path.display())),
            DiskError::Garbled { .. } => {
                failure.hint("repair it, or remove it and log in again with 'deployctl auth login'")
            }
            DiskError::Io { .. } => failure,
        }
    }

    pub(crate) fn from_device(error: &DeviceError) -> Self {
        let failure = |kind| Self::new(kind, error.to_string());
        match error {
            DeviceError::Api(error) => Self::from_api(error, &super::Asking::default()),
            DeviceError::UnknownApp => failure(Kind::NotAuthenticated)
                .hint("each server registers its own apps: check --client-id and --hostname"),
            DeviceError::Disabled => failure(Kind::NotAuthenticated)
                .hint("switch 'Enable Device Flow' on in the settings of the OAuth app"),
            DeviceError::Expired => {
                failure(Kind::NotAuthenticated).hint("run the command again for a new code")
            }
            DeviceError::Denied | DeviceError::Refused(_) => failure(Kind::NotAuthenticated),
            DeviceError::Garbled => failure(Kind::UnexpectedAnswer),
        }
    }

    fn with_cures_of(self, error: &StoreError) -> Self {
        const INSTEAD: &str = "without a keyring: set DEPLOYCTL_TOKEN, or 'deployctl auth login --insecure-storage' keeps the token in a file that only you can read";
        match error {
            StoreError::Unavailable(_) => self.hint(INSTEAD),
            StoreError::TimedOut(_) => self
                .hint("if it is locked, unlock it and run the command again")
                .hint(INSTEAD),
            StoreError::Locked(_) => self
                .hint("unlock it and run the command again")
                .hint(INSTEAD),
            StoreError::Disk(DiskError::Exposed(path)) => {
                self.hint(format!("chmod 600 '{}'", path.display()))
            }
            StoreError::NoPlace => self.hint("set HOME or XDG_STATE_HOME"),
            StoreError::Disk(_) | StoreError::Failed(_) => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::auth::TokenKey;
    use crate::model::Host;

    #[test]
    fn without_a_keyring_the_other_ways_are_named() {
        for error in [
            StoreError::Unavailable("no bus".to_owned()),
            StoreError::TimedOut(Duration::from_millis(2500)),
            StoreError::Locked("locked".to_owned()),
        ] {
            let failure = Failure::from_store(&error);
            let hints = failure.hints().join("\n");
            for way in ["--insecure-storage", "DEPLOYCTL_TOKEN"] {
                assert!(hints.contains(way), "{error}: {hints}");
            }
            let entry = TokenKey {
                host: Host::github(),
                user: "mona".to_owned(),
            };
            let failure = Failure::from_auth(&AuthError::Store { entry, error });
            assert_eq!(failure.kind(), Kind::NotAuthenticated);
            assert!(failure.hints().join("\n").contains("DEPLOYCTL_TOKEN"));
        }
    }
}
