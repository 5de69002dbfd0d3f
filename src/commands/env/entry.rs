use super::settings::same_name;
use super::target::TargetEnvironment;
use crate::api::ApiError;
use crate::error::{Failure, Kind};
use crate::session::{Permission, Session, forbidden_if_visible};

/// A named value of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    Variable,
    Secret,
}

impl EntryKind {
    fn word(self) -> &'static str {
        match self {
            Self::Variable => "variable",
            Self::Secret => "secret",
        }
    }

    async fn delete(self, target: TargetEnvironment<'_>, name: &str) -> Result<(), ApiError> {
        match self {
            Self::Variable => target.handle().delete_variable(name).await,
            Self::Secret => target.handle().delete_secret(name).await,
        }
    }

    async fn exists(self, target: TargetEnvironment<'_>, name: &str) -> Result<bool, ApiError> {
        Ok(match self {
            Self::Variable => {
                let all = target.handle().variables().await?;
                all.iter().any(|variable| same_name(&variable.name, name))
            }
            Self::Secret => {
                let all = target.handle().secrets().await?;
                all.iter().any(|secret| same_name(&secret.name, name))
            }
        })
    }
}

/// Deletes a variable or a secret.
pub(super) async fn delete(
    session: &Session,
    kind: EntryKind,
    (environment, name): (&str, &str),
    ignore_missing: bool,
) -> anyhow::Result<()> {
    let connection = session.connect(None).await?;
    let target = TargetEnvironment::new(&connection, environment);
    if let Err(error) = kind.delete(target, name).await {
        let failure = explain_deletion(target, kind, name, &error).await;
        if !(failure.kind() == Kind::NothingThere && ignore_missing) {
            return Err(failure.into());
        }
        session.term.note(failure.message());
        return Ok(());
    }
    session
        .term
        .note(format!("Deleted {}", name.to_ascii_uppercase()));
    Ok(())
}

/// The failure of a deletion. After a 404 the list tells whether the entry exists,
/// and so whether the token may not delete it.
async fn explain_deletion(
    target: TargetEnvironment<'_>,
    kind: EntryKind,
    name: &str,
    error: &ApiError,
) -> Failure {
    let permission = Permission::UseSecretsAndVariables;
    let failure = target.connection.explain(error);
    if error.status() != Some(404) || failure.kind() != Kind::NothingThere {
        return target.explain(error, permission).await;
    }
    let exists = match kind.exists(target, name).await {
        Ok(exists) => exists,
        Err(error) => return target.explain(&error, permission).await,
    };
    let (what, environment) = (kind.word(), target.name);
    let missing = Failure::new(
        Kind::NothingThere,
        format!("the environment {environment:?} has no {what} {name:?}"),
    )
    .hint(permission.hint())
    .detail("status", 404);
    forbidden_if_visible(missing, permission, async { exists }, || {
        format!("the token can see the {what} {name:?} of {environment:?} but can't delete it")
    })
    .await
}

/// Parses the name of a variable or a secret.
pub(super) fn parse_entry(text: &str) -> Result<String, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let begins_well = text.bytes().next().is_some_and(|b| !b.is_ascii_digit());
    if !begins_well || !text.bytes().all(fits) {
        return Err(
            "a name consists of letters, digits and _, and does not begin with a digit".to_owned(),
        );
    }
    if text.to_ascii_uppercase().starts_with("GITHUB_") {
        return Err("names that begin with GITHUB_ are reserved for GitHub".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules_of_github() {
        for text in ["A", "region", "_X9"] {
            assert!(parse_entry(text).is_ok(), "{text:?}");
        }
        for text in ["", "9A", "A-B", "A B", "é", "github_token", "A/B"] {
            assert!(parse_entry(text).is_err(), "{text:?}");
        }
    }
}
