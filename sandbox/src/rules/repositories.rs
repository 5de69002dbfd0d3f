//! Repositories: who may see them, and how the sandbox's own operations make and
//! change them.

use std::path::PathBuf;

use rusqlite::Connection;

use super::create::check_environment;
use super::status::{STATES, not_a_member};
use super::{Core, Failure};
use crate::access::{Access, Need};
use crate::store::{
    Environment, Integration, NewDeploymentRow, NewStatusRow, Owner, Repository, User, Visibility,
};

/// The order of a list of repositories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RepositoryOrder {
    Created,
    Updated,
    Pushed,
    FullName,
}

impl RepositoryOrder {
    pub(crate) fn sort(self, list: &mut [Repository], descending: bool) {
        list.sort_by_cached_key(|repository| {
            let (time, name) = match self {
                Self::Created => (repository.created_at, String::new()),
                Self::Updated => (repository.updated_at, String::new()),
                Self::Pushed => (repository.pushed_at, String::new()),
                Self::FullName => (0, repository.full_name().to_lowercase()),
            };
            (time, name, repository.id)
        });
        if descending {
            list.reverse();
        }
    }
}

/// What to change about the readers of a repository.
#[derive(Debug, Clone, Default)]
pub(crate) enum ReadersEdit {
    #[default]
    Keep,
    /// All whom the visibility admits.
    All,
    /// These logins only.
    Only(Vec<String>),
}

/// What to change about a repository; the rest stays as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct RepositoryEdit {
    pub(crate) is_archived: Option<bool>,
    pub(crate) topics: Option<Vec<String>>,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) readers: ReadersEdit,
    /// Seconds since the epoch.
    pub(crate) pushed_at: Option<i64>,
}

impl RepositoryEdit {
    fn check(&self) -> Result<(), Failure> {
        let fits = |topic: &String| {
            let fits =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            (1..=50).contains(&topic.len()) && topic.bytes().all(fits)
        };
        if let Some(topic) = self.topics.iter().flatten().find(|topic| !fits(topic)) {
            return Err(Failure::Schema(format!(
                "{topic:?} is not a topic: lowercase letters, digits and hyphens, at most 50."
            )));
        }
        if let ReadersEdit::Only(readers) = &self.readers
            && let Some(login) = readers.iter().find(|login| login.contains(','))
        {
            return Err(Failure::Schema(format!("{login:?} is not a login.")));
        }
        Ok(())
    }

    /// Changes a repository. One with readers becomes private.
    fn apply(&self, write: &Connection, repository: &mut Repository) -> Result<(), Failure> {
        let settings = &mut repository.settings;
        if let Some(is_archived) = self.is_archived {
            settings.is_archived = is_archived;
        }
        if let Some(topics) = &self.topics {
            settings.topics.clone_from(topics);
        }
        match &self.readers {
            ReadersEdit::Keep => {}
            ReadersEdit::All => settings.readers = None,
            ReadersEdit::Only(readers) => {
                settings.readers = Some(readers.clone());
                settings.visibility = Some(Visibility::Private);
            }
        }
        settings.visibility = self.visibility.or(settings.visibility);
        repository.pushed_at = self.pushed_at.unwrap_or(repository.pushed_at);
        Ok(repository.update(write)?)
    }
}

/// A deployment that each of several new repositories gets.
#[derive(Debug, Clone)]
pub(crate) struct SeedDeployment {
    pub(crate) environment: String,
    pub(crate) reference: String,
    pub(crate) task: String,
    pub(crate) description: Option<String>,
    /// The state of its only status; `None` for a deployment without one.
    pub(crate) state: Option<String>,
    pub(crate) environment_url: String,
}

/// Repositories to make. Those that exist are changed.
#[derive(Debug, Clone)]
pub(crate) struct NewRepositories {
    pub(crate) owner: String,
    /// Whether the owner is an organization; if `None`, a new owner is one.
    pub(crate) is_organization: Option<bool>,
    pub(crate) names: Vec<String>,
    /// Where the git repository of new ones is; `None` for the sample.
    pub(crate) path: Option<PathBuf>,
    pub(crate) edit: RepositoryEdit,
    pub(crate) deployments: Vec<SeedDeployment>,
}

impl Core {
    /// The visibility of a repository.
    pub(crate) fn visibility(&self, repository: &Repository) -> Visibility {
        repository.settings.visibility.unwrap_or(self.visibility)
    }

    /// Whether a repository exists for a caller, who has `None` without a token.
    /// A caller with a token needs a right to see a private one.
    pub(crate) fn is_visible(
        &self,
        repository: &Repository,
        caller: Option<(&str, &Access)>,
        need: Need,
    ) -> bool {
        let private = self.visibility(repository).is_private();
        repository.admits(caller.map(|(login, _)| login))
            && caller.map_or(!private, |(_, access)| access.allows(need, private))
    }

    /// The repositories of one owner, or all, that exist for a caller.
    pub(crate) fn visible_repositories(
        &self,
        owner: Option<&User>,
        caller: Option<(&str, &Access)>,
        need: Need,
    ) -> Result<Vec<Repository>, Failure> {
        let owner = owner.map(|owner| owner.id);
        let mut found = self
            .store
            .read(|read| Repository::all(read, owner).map_err(Failure::from))?;
        found.retain(|repository| self.is_visible(repository, caller, need));
        Ok(found)
    }

    /// The repository that had this name until it was renamed.
    pub(crate) fn renamed_repository(
        &self,
        owner: &str,
        name: &str,
    ) -> Result<Option<Repository>, Failure> {
        self.store
            .read(|read| Ok(Repository::by_old_name(read, owner, name)?))
    }

    /// An owner of repositories, with or without any.
    pub(crate) fn owner(&self, login: &str) -> Result<Option<Owner>, Failure> {
        self.store.read(|read| Ok(Owner::by_login(read, login)?))
    }

    /// An owner by id.
    pub(crate) fn owner_by_id(&self, id: i64) -> Result<Option<Owner>, Failure> {
        self.store.read(|read| Ok(Owner::by_id(read, id)?))
    }

    /// Whether a login is that of an app, whose tokens are those of its
    /// installation.
    pub(crate) fn is_app(&self, login: &str) -> Result<bool, Failure> {
        self.store
            .read(|read| Ok(Integration::exists(read, login)?))
    }

    /// Makes an owner if needed, and sets what kind it is.
    pub(crate) fn set_owner(
        &self,
        login: &str,
        is_organization: Option<bool>,
        requires_sso: Option<bool>,
    ) -> Result<Owner, Failure> {
        check_name(login)?;
        let now = self.now();
        self.store.write(|write| {
            let mut owner = ensure_owner(write, login, is_organization, now)?;
            owner.requires_sso = requires_sso.unwrap_or(owner.requires_sso);
            owner.update(write)?;
            Ok(owner)
        })
    }

    /// Makes repositories, and changes those that exist. Their git data is set up
    /// when it is needed.
    pub(crate) fn make_repositories(
        &self,
        new: &NewRepositories,
        creator: &User,
    ) -> Result<Vec<Repository>, Failure> {
        for name in std::iter::once(&new.owner).chain(&new.names) {
            check_name(name)?;
        }
        new.edit.check()?;
        let refused = |error: crate::error::SandboxError| Failure::Schema(error.to_string());
        let path = new.path.as_deref().map(|path| self.find_source(path));
        let path = path.transpose().map_err(refused)?;
        let now = self.now();
        let made = self.store.write(|write| {
            let owner = ensure_owner(write, &new.owner, new.is_organization, now)?.user;
            let mut made = Vec::new();
            for name in &new.names {
                let known = Repository::by_name(write, &owner.login, name)?;
                let mut repository = match known {
                    Some(known) => known,
                    None => Repository::ensure(write, &owner.login, name, path.as_deref(), now)?,
                };
                new.edit.apply(write, &mut repository)?;
                made.push(repository);
            }
            Ok::<_, Failure>(made)
        })?;
        self.seed(&made, &new.deployments, creator)?;
        Ok(made)
    }

    /// Gives each repository the same deployments. They all have the same git
    /// repository, so that a ref is the same commit in all of them.
    fn seed(
        &self,
        repositories: &[Repository],
        deployments: &[SeedDeployment],
        creator: &User,
    ) -> Result<(), Failure> {
        let Some(first) = repositories.first().filter(|_| !deployments.is_empty()) else {
            return Ok(());
        };
        let mut rows = Vec::new();
        for seed in deployments {
            if seed.environment.is_empty() {
                return Err(Failure::Schema("An environment is empty.".to_owned()));
            }
            check_environment("Deployment", &seed.environment)?;
            if let Some(state) = seed.state.as_deref().filter(|one| !STATES.contains(one)) {
                return Err(Failure::Schema(not_a_member(state, &STATES)));
            }
            let found = self.resolve(first, &seed.reference)?;
            let sha = found
                .ok_or_else(|| Failure::NoRef(seed.reference.clone()))?
                .sha;
            let row = NewDeploymentRow {
                repository: first.id,
                sha,
                reference: seed.reference.clone(),
                task: seed.task.clone(),
                payload: "{}".to_owned(),
                environment: seed.environment.clone(),
                description: seed.description.clone(),
                creator: creator.id,
                transient: false,
                production: self.production_default && seed.environment == "production",
            };
            rows.push((seed, row));
        }
        let now = self.now();
        self.store.write(|write| {
            for repository in repositories {
                for (seed, row) in &mut rows {
                    row.repository = repository.id;
                    Environment::ensure(write, repository.id, &row.environment, now)?;
                    let made = row.insert(write, now)?;
                    let Some(state) = &seed.state else {
                        continue;
                    };
                    let status = NewStatusRow {
                        deployment: made.id,
                        state,
                        creator: creator.id,
                        description: "",
                        environment: &row.environment,
                        log_url: "",
                        environment_url: &seed.environment_url,
                    };
                    status.insert(write, now)?;
                }
            }
            Ok(())
        })
    }

    /// Changes a repository, and gives it another owner or name if they differ.
    pub(crate) fn change_repository(
        &self,
        mut repository: Repository,
        edit: &RepositoryEdit,
        owner: Option<&str>,
        name: Option<&str>,
    ) -> Result<Repository, Failure> {
        edit.check()?;
        let owner = owner.unwrap_or(&repository.owner.login).to_owned();
        let name = name.unwrap_or(&repository.name).to_owned();
        check_name(&owner)?;
        check_name(&name)?;
        let now = self.now();
        self.store.write(|write| {
            repository.updated_at = now;
            edit.apply(write, &mut repository)?;
            if (&owner, &name) != (&repository.owner.login, &repository.name) {
                let taken = Repository::by_name(write, &owner, &name)?;
                if taken.is_some_and(|other| other.id != repository.id) {
                    return Err(Failure::Refused("name already exists on this account"));
                }
                let owner = ensure_owner(write, &owner, None, now)?.user;
                repository.rename(write, &owner, &name)?;
            }
            Repository::by_id(write, repository.id)?.ok_or(Failure::NotFound)
        })
    }
}

/// Finds an owner or makes one, and sets whether it is an organization. A new
/// one is.
fn ensure_owner(
    write: &Connection,
    login: &str,
    is_organization: Option<bool>,
    now: i64,
) -> Result<Owner, Failure> {
    let known = Owner::by_login(write, login)?;
    let is_organization =
        is_organization.unwrap_or(known.as_ref().is_none_or(|known| known.is_organization));
    let user = match known {
        Some(known) if known.is_organization == is_organization => return Ok(known),
        Some(known) => known.user,
        None => User::ensure(write, login, now)?,
    };
    let owner = Owner {
        user,
        is_organization,
        requires_sso: false,
    };
    owner.update(write)?;
    Ok(owner)
}

/// Refuses what cannot be the name of an owner or a repository.
fn check_name(name: &str) -> Result<(), Failure> {
    if super::core::is_name(name) {
        return Ok(());
    }
    Err(Failure::Schema(format!(
        "{name:?} is not a name: letters, digits, '.', '-' and '_'."
    )))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::testing::World;
    use super::{
        Failure, NewRepositories, ReadersEdit, RepositoryEdit, RepositoryOrder, Visibility,
    };
    use crate::access::{METADATA, TokenRule};

    fn new(names: &[&str]) -> NewRepositories {
        NewRepositories {
            owner: "acme".to_owned(),
            is_organization: None,
            names: names.iter().map(|&name| name.to_owned()).collect(),
            path: None,
            edit: RepositoryEdit::default(),
            deployments: Vec::new(),
        }
    }

    #[test]
    fn an_order_is_total_and_has_two_directions() {
        let world = World::sample();
        let made = world
            .core
            .make_repositories(&new(&["b", "A", "c"]), &world.user);
        let mut list = made.unwrap();
        let mut sorted = |order: RepositoryOrder, descending| -> Vec<String> {
            order.sort(&mut list, descending);
            list.iter().map(|one| one.name.clone()).collect()
        };
        assert_eq!(sorted(RepositoryOrder::FullName, false), ["A", "b", "c"]);
        assert_eq!(sorted(RepositoryOrder::Created, false), ["b", "A", "c"]);
        assert_eq!(sorted(RepositoryOrder::Created, true), ["c", "A", "b"]);
    }

    #[test]
    fn a_repository_is_seen_by_its_readers_and_by_rights() {
        let world = World::sample();
        let core = &world.core;
        let made = |readers: Option<&[&str]>, visibility| {
            let mut new = new(&["x"]);
            new.edit.readers = match readers {
                None => ReadersEdit::All,
                Some(all) => ReadersEdit::Only(all.iter().map(|&one| one.to_owned()).collect()),
            };
            new.edit.visibility = visibility;
            core.make_repositories(&new, &world.user).unwrap().remove(0)
        };
        let few = "few=public_repo".parse::<TokenRule>().unwrap().access;
        let all = "ci=repo".parse::<TokenRule>().unwrap().access;
        for (readers, visibility, expected) in [
            (None, Some(Visibility::Public), [true, true, true]),
            (None, Some(Visibility::Internal), [false, false, true]),
            (Some(&["ci"][..]), None, [false, false, true]),
            (Some(&["few"]), None, [false, false, false]),
            (
                Some(&["few"]),
                Some(Visibility::Public),
                [false, true, false],
            ),
            (Some(&[]), None, [false, false, false]),
        ] {
            let repository = made(readers, visibility);
            let callers = [None, Some(("few", &few)), Some(("ci", &all))];
            let seen = callers.map(|caller| core.is_visible(&repository, caller, METADATA));
            assert_eq!(seen, expected, "{readers:?} {visibility:?}");
        }
    }

    #[test]
    fn a_name_that_is_taken_is_refused_and_an_old_name_may_be_taken() {
        let world = World::sample();
        let core = &world.core;
        let made = core
            .make_repositories(&new(&["one", "two"]), &world.user)
            .unwrap();
        let rename = |index: usize, name| {
            let edit = RepositoryEdit::default();
            core.change_repository(made[index].clone(), &edit, None, Some(name))
        };
        assert!(matches!(rename(0, "TWO"), Err(Failure::Refused(_))));
        assert_eq!(rename(0, "three").unwrap().full_name(), "acme/three");
        let old = core.renamed_repository("ACME", "One").unwrap().unwrap();
        assert_eq!(old.name, "three");
        assert_eq!(rename(1, "one").unwrap().id, made[1].id);
        assert_eq!(
            core.repository("acme", "one").unwrap().unwrap().id,
            made[1].id
        );
        assert!(matches!(rename(1, "a b"), Err(Failure::Schema(_))));
    }
}
