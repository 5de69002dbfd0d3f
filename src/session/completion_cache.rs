//! What commands have seen of a repository, kept for completion and for
//! "did you mean": names and states, never a token. It is a courtesy: nothing
//! depends on it, and no failure of it is told.

mod disk;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Connection, Session};
use crate::model::{Deployment, DeploymentId, DeploymentState, RepoSlug};
use crate::output::DeploymentRecord;

use std::path::PathBuf;

pub(crate) use disk::{file, read, repositories};

/// What was not seen for so long is forgotten.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);
/// So many deployments, environments and contexts are kept of a repository.
const MOST: usize = 100;
/// The longest name in bytes that is kept: GitHub's own limit.
const LONGEST: usize = 255;

/// A repository on a server. The embedded sandbox, whose address is another
/// each time, is the server `sandbox`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The root of the API.
    pub(crate) root: String,
    /// `OWNER/REPO`.
    pub(crate) repo: String,
}

impl Place {
    /// The repository at a root of the API; `None` for the sandbox.
    pub(crate) fn new(root: Option<&url::Url>, repo: &RepoSlug) -> Self {
        Self {
            root: root.map_or_else(|| "sandbox".to_owned(), ToString::to_string),
            repo: repo.to_string(),
        }
    }
}

/// What is known of one repository, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    #[serde(flatten)]
    place: Place,
    environments: Vec<Name>,
    contexts: Vec<Name>,
    deployments: Vec<SeenDeployment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Name {
    name: String,
    seen: Timestamp,
}

/// A deployment as it was when it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenDeployment {
    pub(crate) id: DeploymentId,
    pub(crate) environment: String,
    #[serde(rename = "ref")]
    pub(crate) ref_name: String,
    pub(crate) creator: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) created: Timestamp,
    seen: Timestamp,
}

impl Seen {
    fn nothing(place: Place) -> Self {
        Self {
            place,
            environments: Vec::new(),
            contexts: Vec::new(),
            deployments: Vec::new(),
        }
    }

    /// The names of environments: those that were listed, then those that
    /// deployments went to.
    pub(crate) fn environments(&self) -> Vec<&str> {
        let listed = self.environments.iter().map(|one| one.name.as_str());
        let deployed = self.deployments.iter().map(|one| one.environment.as_str());
        let mut names: Vec<&str> = Vec::new();
        for name in listed.chain(deployed) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The contexts that were required, or not green.
    pub(crate) fn contexts(&self) -> impl Iterator<Item = &str> {
        self.contexts.iter().map(|one| one.name.as_str())
    }

    /// The deployments, the newest first.
    pub(crate) fn deployments(&self) -> &[SeenDeployment] {
        &self.deployments
    }

    fn note_deployment(
        &mut self,
        deployment: &Deployment,
        state: Option<&DeploymentState>,
        now: Timestamp,
    ) {
        let before = self.forget_deployment(deployment.id);
        let noted = SeenDeployment {
            id: deployment.id,
            environment: deployment.environment.clone(),
            ref_name: deployment.ref_name.clone(),
            creator: deployment.creator_login().map(str::to_owned),
            state: state
                .map(ToString::to_string)
                .or_else(|| before.and_then(|before| before.state)),
            created: deployment.created_at,
            seen: now,
        };
        let texts = [Some(&noted.environment), Some(&noted.ref_name)];
        let rest = [noted.creator.as_ref(), noted.state.as_ref()];
        if texts
            .into_iter()
            .chain(rest)
            .flatten()
            .any(|text| text.len() > LONGEST)
        {
            return;
        }
        let at = self.deployments.partition_point(|one| one.id > noted.id);
        self.deployments.insert(at, noted);
        self.deployments.truncate(MOST);
    }

    fn forget_deployment(&mut self, id: DeploymentId) -> Option<SeenDeployment> {
        let at = self.deployments.iter().position(|one| one.id == id)?;
        Some(self.deployments.remove(at))
    }

    fn forget_environment(&mut self, name: &str) {
        self.environments.retain(|one| one.name != name);
        self.deployments.retain(|one| one.environment != name);
    }

    /// Drops what is too old.
    fn forget_old(&mut self, now: Timestamp) {
        let Ok(oldest) = now.checked_sub(KEPT_FOR) else {
            return;
        };
        self.environments.retain(|one| one.seen >= oldest);
        self.contexts.retain(|one| one.seen >= oldest);
        self.deployments.retain(|one| one.seen >= oldest);
    }
}

fn note_name(list: &mut Vec<Name>, name: &str, now: Timestamp) {
    list.retain(|one| one.name != name);
    if !name.is_empty() && name.len() <= LONGEST {
        list.insert(
            0,
            Name {
                name: name.to_owned(),
                seen: now,
            },
        );
    }
    list.truncate(MOST);
}

/// What this run has seen, on top of what was known before.
#[derive(Debug)]
pub(crate) struct Notebook {
    seen: Seen,
    file: PathBuf,
    now: Timestamp,
}

impl Notebook {
    /// Notes a deployment, and its state where that is known.
    pub(crate) fn deployment(&mut self, deployment: &Deployment, state: Option<&DeploymentState>) {
        self.seen.note_deployment(deployment, state, self.now);
    }

    /// A deployment that is no more.
    pub(crate) fn deleted(&mut self, id: DeploymentId) {
        self.seen.forget_deployment(id);
    }

    /// Notes an environment.
    pub(crate) fn environment(&mut self, name: &str) {
        note_name(&mut self.seen.environments, name, self.now);
    }

    /// Notes the names of all environments there are.
    pub(crate) fn all_environments<'a>(&mut self, names: impl DoubleEndedIterator<Item = &'a str>) {
        self.seen.environments.clear();
        for name in names.rev() {
            self.environment(name);
        }
    }

    /// An environment that is no more.
    pub(crate) fn deleted_environment(&mut self, name: &str) {
        self.seen.forget_environment(name);
    }

    /// Notes a context of commit statuses or checks.
    pub(crate) fn context(&mut self, name: &str) {
        note_name(&mut self.seen.contexts, name, self.now);
    }
}

impl Session {
    /// Notes what is seen of the repository, for completion. Where nobody
    /// completes, as in CI, nothing is noted.
    pub(crate) fn note_seen(&self, connection: &Connection, note: impl FnOnce(&mut Notebook)) {
        if self.env.in_actions() || self.env.is_on(crate::env::CI) {
            return;
        }
        let place = &connection.place;
        let Some(file) = file(&self.env, place) else {
            return;
        };
        let mut noted = self.noted.borrow_mut();
        let book = noted.get_or_insert_with(|| {
            let now = Timestamp::now();
            let mut seen = read(&file, place).unwrap_or_else(|| Seen::nothing(place.clone()));
            seen.forget_old(now);
            Notebook { seen, file, now }
        });
        if book.seen.place == *place {
            note(book);
        }
    }

    /// The same of deployments that were printed.
    pub(crate) fn note_records<'a>(
        &self,
        connection: &Connection,
        records: impl IntoIterator<Item = &'a DeploymentRecord>,
    ) {
        self.note_seen(connection, |book| {
            for record in records {
                book.deployment(record.deployment(), record.state());
            }
        });
    }

    /// Keeps what was noted. It is a courtesy, so a disk that is full or not
    /// there is nothing to speak of.
    pub(crate) fn remember(&self) {
        if let Some(book) = self.noted.borrow_mut().take() {
            let _ = disk::write(&book.file, &book.seen);
        }
    }
}

impl Connection {
    /// Says which environment is probably meant by a name that nothing was
    /// found for. Only what was seen before is looked at: no request is made.
    pub(crate) fn meant_instead(&self, name: &str) -> Option<String> {
        let seen = read(self.seen_file.as_ref()?, &self.place)?;
        let meant = super::environment::nearest(name, &seen.environments())?;
        Some(format!("did you mean the environment {meant:?}?"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(id: u64, environment: &str) -> Deployment {
        serde_json::from_value(serde_json::json!({
            "id": id, "environment": environment, "ref": "main", "sha": "a",
            "created_at": "2026-01-31T12:00:00Z", "updated_at": "2026-01-31T12:00:00Z",
        }))
        .expect("a deployment")
    }

    fn book() -> Notebook {
        let place = Place {
            root: "sandbox".to_owned(),
            repo: "o/r".to_owned(),
        };
        Notebook {
            seen: Seen::nothing(place),
            file: PathBuf::new(),
            now: "2026-02-01T12:00:00Z".parse().expect("a time"),
        }
    }

    #[test]
    fn the_newest_deployments_are_kept_each_once_and_not_too_many() {
        let mut book = book();
        for id in (1..=150).chain([7, 90]) {
            book.deployment(&deployment(id, "staging"), Some(&DeploymentState::Active));
        }
        book.deployment(&deployment(120, "staging"), None);
        let ids: Vec<u64> = book.seen.deployments().iter().map(|one| one.id.0).collect();
        assert_eq!(ids, (51..=150).rev().collect::<Vec<u64>>());
        let known = &book.seen.deployments()[30];
        assert_eq!(known.state.as_deref(), Some("active"), "a state is kept");
        book.deleted(DeploymentId(150));
        assert_eq!(book.seen.deployments()[0].id.0, 149);
    }

    #[test]
    fn environments_come_from_lists_and_deployments() {
        let mut book = book();
        book.deployment(&deployment(1, "preview/pr-7"), None);
        book.environment("gone");
        book.all_environments(["production", "staging"].into_iter());
        book.environment("staging");
        assert_eq!(
            book.seen.environments(),
            ["staging", "production", "preview/pr-7"]
        );
        book.deleted_environment("preview/pr-7");
        book.environment(&"x".repeat(300));
        assert_eq!(book.seen.environments(), ["staging", "production"]);
    }

    #[test]
    fn what_is_old_is_forgotten() {
        let mut book = book();
        book.environment("staging");
        book.context("ci/build");
        book.deployment(&deployment(1, "staging"), None);
        let day = |text: &str| format!("{text}T12:00:01Z").parse().expect("a time");
        book.seen.forget_old(day("2026-03-02"));
        assert_eq!(book.seen.environments(), ["staging"]);
        book.seen.forget_old(day("2026-03-04"));
        assert!(book.seen.environments().is_empty());
        assert_eq!(book.seen.contexts().count(), 0);
    }
}
