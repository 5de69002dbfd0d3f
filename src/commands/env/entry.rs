use super::failure::refused;
use crate::api::ApiError;
use crate::error::{Failure, Kind};
use crate::session::{Connection, Permission, Session};

/// What an environment has by names.
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

    async fn delete(
        self,
        connection: &Connection,
        environment: &str,
        name: &str,
    ) -> Result<(), ApiError> {
        let (client, repo) = (&connection.client, &connection.repo);
        match self {
            Self::Variable => {
                client
                    .repo(repo)
                    .environment(environment)
                    .delete_variable(name)
                    .await
            }
            Self::Secret => {
                client
                    .repo(repo)
                    .environment(environment)
                    .delete_secret(name)
                    .await
            }
        }
    }

    /// Whether the list shows it.
    async fn is_there(
        self,
        connection: &Connection,
        environment: &str,
        name: &str,
    ) -> Result<bool, ApiError> {
        let (client, repo) = (&connection.client, &connection.repo);
        let is_it = |one: &str| one.eq_ignore_ascii_case(name);
        Ok(match self {
            Self::Variable => {
                let all = client
                    .repo(repo)
                    .environment(environment)
                    .variables()
                    .await?;
                all.iter().any(|one| is_it(&one.name))
            }
            Self::Secret => {
                let all = client.repo(repo).environment(environment).secrets().await?;
                all.iter().any(|one| is_it(&one.name))
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
    if let Err(error) = kind.delete(&connection, environment, name).await {
        let failure = not_deleted(&connection, kind, (environment, name), &error).await;
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

/// GitHub says 404 of what is not there and of what the token may not delete:
/// which of the two it is, the list tells.
async fn not_deleted(
    connection: &Connection,
    kind: EntryKind,
    (environment, name): (&str, &str),
    error: &ApiError,
) -> Failure {
    if error.status() != Some(404) || connection.explain(error).kind() != Kind::NothingThere {
        return refused(
            connection,
            environment,
            error,
            Permission::UseSecretsAndVariables,
        )
        .await;
    }
    let what = kind.word();
    match kind.is_there(connection, environment, name).await {
        Ok(true) => Failure::new(
            Kind::Forbidden,
            format!(
                "not allowed: the token can see the {what} {name:?} of {environment:?}, and not delete it"
            ),
        ),
        Ok(false) => Failure::new(
            Kind::NothingThere,
            format!("the environment {environment:?} has no {what} {name:?}"),
        ),
        Err(look) => return refused(connection, environment, &look, Permission::UseSecretsAndVariables).await,
    }
    .hint(Permission::UseSecretsAndVariables.hint())
    .detail("status", 404)
}

/// Reads the name of a variable or a secret.
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
    fn names_are_those_that_github_takes() {
        for text in ["A", "region", "_X9"] {
            assert!(parse_entry(text).is_ok(), "{text:?}");
        }
        for text in ["", "9A", "A-B", "A B", "é", "github_token", "A/B"] {
            assert!(parse_entry(text).is_err(), "{text:?}");
        }
    }
}
