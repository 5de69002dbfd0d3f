use crate::error::{Failure, Kind};
use crate::exit;
use crate::model::RepoSlug;
use crate::output::write_json_error;
use crate::session::{Connection, Session};

/// The repositories of a command that could not be read.
#[derive(Debug, Default)]
pub(crate) struct Unreadable {
    /// Those that the user named, with the reasons.
    pub(crate) named: Vec<(RepoSlug, Failure)>,
    /// How many of those that an organization or a pattern selected.
    pub(crate) others: usize,
}

impl Unreadable {
    /// Adds a repository that could not be read.
    ///
    /// # Errors
    /// The failure itself, if it would stop the command for every repository.
    pub(crate) fn add(&mut self, connection: &Connection, failure: Failure) -> Result<(), Failure> {
        let is_its_own = matches!(
            failure.kind(),
            Kind::NothingThere
                | Kind::Forbidden
                | Kind::Invalid
                | Kind::ServerError
                | Kind::UnexpectedAnswer
                | Kind::Other
        );
        if !is_its_own {
            return Err(failure);
        }
        if connection.is_named {
            let repo = &connection.repo;
            let failure = failure.detail("repository", repo.to_string());
            self.named.push((repo.clone(), failure));
        } else {
            self.others += 1;
        }
        Ok(())
    }

    /// Adds a repository that GraphQL does not show, like [`add`](Self::add).
    pub(crate) fn add_hidden(&mut self, connection: &Connection) -> Result<(), Failure> {
        self.add(connection, hidden(&connection.repo))
    }

    /// Reports which repositories are missing in the result. The command then
    /// exits with 1 if the user named one of them.
    pub(crate) fn report(&self, session: &Session) {
        let term = &session.term;
        match self.others {
            0 => {}
            1 => term.progress("1 repository could not be read"),
            many => term.progress(format!("{many} repositories could not be read")),
        }
        for (repo, failure) in &self.named {
            if session.global.wants_json() && write_json_error(term, &failure.to_json()).is_ok() {
                continue;
            }
            term.error(format!("{repo}: {}", failure.message()), failure.hints());
        }
        if !self.named.is_empty() {
            session.exit_with(exit::FAILURE);
        }
    }
}

/// The failure for a repository that GraphQL does not show.
fn hidden(repo: &RepoSlug) -> Failure {
    Failure::new(
        Kind::NothingThere,
        format!("there is no repository {repo}, or the token cannot see it"),
    )
}
