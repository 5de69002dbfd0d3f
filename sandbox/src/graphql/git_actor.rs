//! Authors of commits
//! (<https://docs.github.com/graphql/reference/objects#gitactor>).

use std::sync::Arc;

use super::object::{Field, Object, Output};
use super::owner::Owner;
use super::page::{Connection, PageArguments};
use super::problem::Result;
use super::session::Session;
use crate::git::{CommitInfo, Signature};

/// The trailer of a message that names another author.
const CO_AUTHOR: &str = "co-authored-by:";

/// The end of the address that GitHub gives to an account.
const NO_REPLY: &str = "@users.noreply.github.com";

/// An author, as git or a message names them.
#[derive(Debug, Clone)]
pub(super) struct GitActor {
    session: Arc<Session>,
    name: String,
    email: String,
}

impl GitActor {
    pub(super) fn new(session: &Arc<Session>, signature: &Signature) -> Self {
        Self {
            session: Arc::clone(session),
            name: signature.name.clone(),
            email: signature.email.clone(),
        }
    }

    /// A page of the authors of a commit, each once.
    pub(super) fn list(
        session: &Arc<Session>,
        info: &CommitInfo,
        arguments: &PageArguments,
    ) -> Result<Connection<Self>> {
        let requested = arguments.check("authors")?;
        let mut authors = vec![Self::new(session, &info.author)];
        for (name, email) in co_authors(&info.message) {
            if authors.iter().all(|known| known.email != email) {
                authors.push(Self {
                    session: Arc::clone(session),
                    name,
                    email,
                });
            }
        }
        Ok(requested.cut_by_position(authors))
    }
}

/// The names and addresses in the trailers of a message.
fn co_authors(message: &str) -> Vec<(String, String)> {
    let trailer = |line: &str| {
        let (key, value) = line.trim().split_at_checked(CO_AUTHOR.len())?;
        let (name, rest) = value.split_once('<')?;
        let (email, _) = rest.split_once('>')?;
        key.eq_ignore_ascii_case(CO_AUTHOR)
            .then(|| (name.trim().to_owned(), email.trim().to_owned()))
    };
    message.lines().filter_map(trailer).collect()
}

impl Object for GitActor {
    fn kind(&self) -> &'static str {
        "GitActor"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        Ok(match field.name() {
            "email" => self.email.as_str().into(),
            "name" => self.name.as_str().into(),
            "user" => {
                // The number of the account stands before its login.
                let account = self.email.strip_suffix(NO_REPLY);
                let account =
                    account.map(|own| own.split_once('+').map_or(own, |(_, login)| login));
                let row = account.map(|login| self.session.core.user(login));
                let row = row.transpose()?;
                row.map(|row| Owner::user(&self.session, row)).into()
            }
            _ => return Err(field.unknown()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::co_authors;

    #[test]
    fn trailers_name_other_authors() {
        let message = "Add it\n\nCo-authored-by: Ada L. <ada@example.com>\n\
            co-authored-by: <x@example.com>\nCo-authored-by: nobody\n";
        let pair = |name: &str, email: &str| (name.to_owned(), email.to_owned());
        assert_eq!(
            co_authors(message),
            [pair("Ada L.", "ada@example.com"), pair("", "x@example.com")]
        );
    }
}
