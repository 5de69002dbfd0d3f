//! Secrets and variables of environments
//! (<https://docs.github.com/rest/actions/secrets>,
//! <https://docs.github.com/rest/actions/variables>).

use base64::prelude::{BASE64_STANDARD, Engine as _};
use crypto_box::SecretKey;

use super::{Core, Failure};
use crate::store::{Entry, EntryKind, Environment, Repository, Slice, Window};

/// How many secrets, and how many variables, an environment may have.
const MAX_ENTRIES: u64 = 100;
const MAX_VALUE_BYTES: usize = 48 * 1024;

const NAME_RULE: &str = "names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or \
    underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or \
    underscores (_).";

impl EntryKind {
    fn resource(self) -> &'static str {
        match self {
            Self::Secret => "Secret",
            Self::Variable => "Variable",
        }
    }

    fn invalid(self, field: &'static str, message: impl Into<String>) -> Failure {
        Failure::Invalid {
            resource: self.resource(),
            field,
            message: message.into(),
        }
    }

    /// The name in capitals, if it is one.
    fn name(self, name: &str) -> Result<String, Failure> {
        let resource = self.resource();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let begins_well = name.bytes().next().is_some_and(|b| !b.is_ascii_digit());
        if !begins_well || !name.bytes().all(fits) {
            return Err(self.invalid("name", format!("{resource} {NAME_RULE}")));
        }
        let name = name.to_ascii_uppercase();
        if name.starts_with("GITHUB_") {
            let message = format!("{resource} names must not start with GITHUB_.");
            return Err(self.invalid("name", message));
        }
        Ok(name)
    }
}

/// The id and the secret half of an environment's key. Both follow from the
/// environment's id: nothing in a sandbox is a secret.
fn key(environment: &Environment) -> (String, SecretKey) {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&environment.repository_id.to_be_bytes());
    bytes[8..16].copy_from_slice(&environment.id.to_be_bytes());
    let id = 568_250_000_000_000_000 + environment.id;
    (id.to_string(), SecretKey::from(bytes))
}

impl Core {
    /// The id and the public half of an environment's key, in base64.
    pub(crate) fn public_key(
        &self,
        repository: &Repository,
        environment: &str,
    ) -> Result<(String, String), Failure> {
        self.read_environment(repository, environment, |_, environment| {
            let (id, secret) = key(environment);
            Ok((id, BASE64_STANDARD.encode(secret.public_key().as_bytes())))
        })
    }

    /// A page of an environment's secrets or variables, by name.
    pub(crate) fn entries(
        &self,
        repository: &Repository,
        environment: &str,
        kind: EntryKind,
        window: Window,
    ) -> Result<Slice<Entry>, Failure> {
        self.read_environment(repository, environment, |read, environment| {
            Ok(Entry::list(read, environment.id, kind, window)?)
        })
    }

    /// A secret or a variable of an environment, by a name of any case.
    pub(crate) fn entry(
        &self,
        repository: &Repository,
        environment: &str,
        kind: EntryKind,
        name: &str,
    ) -> Result<Entry, Failure> {
        let name = name.to_ascii_uppercase();
        self.read_environment(repository, environment, |read, environment| {
            Entry::by_name(read, environment.id, kind, &name)?.ok_or(Failure::NotFound)
        })
    }

    /// Writes a secret; whether it is a new one. The box must be sealed for
    /// the environment's key.
    pub(crate) fn put_secret(
        &self,
        repository: &Repository,
        environment: &str,
        name: &str,
        (key_id, sealed): (&str, &str),
    ) -> Result<bool, Failure> {
        let kind = EntryKind::Secret;
        let name = kind.name(name)?;
        let now = self.now();
        self.change_environment(repository, environment, |write, environment| {
            let (id, secret) = key(environment);
            if key_id != id {
                let message = "The key ID does not match that of the environment's public key.";
                return Err(kind.invalid("key_id", message));
            }
            let opened = BASE64_STANDARD
                .decode(sealed)
                .ok()
                .and_then(|sealed| secret.unseal(&sealed).ok());
            let Some(value) = opened else {
                let message = "The value is not encrypted with the environment's public key.";
                return Err(kind.invalid("encrypted_value", message));
            };
            check_value(kind, value.len())?;
            let known = Entry::by_name(write, environment.id, kind, &name)?;
            if known.is_none() && Entry::count(write, environment.id, kind)? >= MAX_ENTRIES {
                return Err(Failure::Refused(
                    "An environment may have up to 100 secrets.",
                ));
            }
            Entry::put(write, environment.id, kind, (&name, sealed), now)?;
            Ok(known.is_none())
        })
    }

    /// Makes a variable.
    pub(crate) fn create_variable(
        &self,
        repository: &Repository,
        environment: &str,
        (name, value): (&str, &str),
    ) -> Result<Entry, Failure> {
        let kind = EntryKind::Variable;
        let name = kind.name(name)?;
        check_value(kind, value.len())?;
        let now = self.now();
        self.change_environment(repository, environment, |write, environment| {
            if Entry::by_name(write, environment.id, kind, &name)?.is_some() {
                return Err(Failure::Exists("Already exists - Variable already exists"));
            }
            if Entry::count(write, environment.id, kind)? >= MAX_ENTRIES {
                return Err(Failure::Refused(
                    "An environment may have up to 100 variables.",
                ));
            }
            Entry::put(write, environment.id, kind, (&name, value), now)?;
            Entry::by_name(write, environment.id, kind, &name)?.ok_or(Failure::NotFound)
        })
    }

    /// Gives a variable another name or value.
    pub(crate) fn update_variable(
        &self,
        repository: &Repository,
        environment: &str,
        name: &str,
        (new_name, value): (Option<&str>, Option<&str>),
    ) -> Result<(), Failure> {
        let kind = EntryKind::Variable;
        let name = name.to_ascii_uppercase();
        let new_name = new_name.map(|name| kind.name(name)).transpose()?;
        check_value(kind, value.map_or(0, str::len))?;
        let now = self.now();
        self.change_environment(repository, environment, |write, environment| {
            let id = environment.id;
            let known = Entry::by_name(write, id, kind, &name)?.ok_or(Failure::NotFound)?;
            let value = value.unwrap_or(&known.value);
            Entry::put(write, id, kind, (&name, value), now)?;
            if let Some(new_name) = new_name.filter(|new_name| *new_name != name) {
                if Entry::by_name(write, id, kind, &new_name)?.is_some() {
                    return Err(Failure::Exists("Already exists - Variable already exists"));
                }
                Entry::rename(write, id, kind, (&name, &new_name))?;
            }
            Ok(())
        })
    }

    /// Removes a secret or a variable.
    pub(crate) fn delete_entry(
        &self,
        repository: &Repository,
        environment: &str,
        kind: EntryKind,
        name: &str,
    ) -> Result<(), Failure> {
        let name = name.to_ascii_uppercase();
        self.change_environment(repository, environment, |write, environment| {
            if Entry::delete(write, environment.id, kind, &name)? {
                Ok(())
            } else {
                Err(Failure::NotFound)
            }
        })
    }
}

fn check_value(kind: EntryKind, length: usize) -> Result<(), Failure> {
    if length > MAX_VALUE_BYTES {
        return Err(kind.invalid("value", "The value must not be larger than 48 KB."));
    }
    Ok(())
}
