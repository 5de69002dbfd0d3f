//! Making, changing and removing environments
//! (<https://docs.github.com/rest/deployments/environments>).

use rusqlite::Connection;

use super::{Core, Failure};
use crate::store::{
    BranchPolicy, Branches, Environment, Repository, Reviewer, Rule, RuleKind, Team, User,
};

/// The longest wait, in minutes: 30 days.
const MAX_WAIT_MINUTES: i64 = 43_200;
const MAX_REVIEWERS: usize = 6;
const MAX_NAME_CHARACTERS: usize = 255;

const WAIT: &str = "The wait timer must be between 0 and 43200 minutes (30 days).";
const REVIEWERS: &str = "An environment may have up to 6 reviewers.";
const REVIEWER: &str = "A reviewer does not exist or has no read access to the repository.";
const NAME: &str =
    "The environment name must have 1 to 255 characters, and no control character among them.";

/// A reviewer, by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReviewerId {
    /// A user.
    User(i64),
    Team(i64),
}

/// The protection of an environment, except for the gates of apps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Protection {
    /// Minutes to wait.
    pub(crate) wait_timer: i64,
    /// Whether users may not approve deployments that they requested. It
    /// applies only with reviewers.
    pub(crate) prevent_self_review: bool,
    /// The reviewers; no approval is required if it is empty.
    pub(crate) reviewers: Vec<ReviewerId>,
    /// Which branches may be deployed; all if `None`.
    pub(crate) branches: Option<Branches>,
}

impl Protection {
    fn from_rules(rules: &[Rule]) -> Self {
        let mut all = Self::default();
        for rule in rules {
            match &rule.kind {
                RuleKind::WaitTimer(minutes) => all.wait_timer = *minutes,
                RuleKind::RequiredReviewers {
                    prevent_self_review,
                    reviewers,
                } => {
                    all.prevent_self_review = *prevent_self_review;
                    let id = |reviewer: &Reviewer| match reviewer {
                        Reviewer::User(user) => ReviewerId::User(user.id),
                        Reviewer::Team(team) => ReviewerId::Team(team.id),
                    };
                    all.reviewers = reviewers.iter().map(id).collect();
                }
                RuleKind::BranchPolicy(branches) => all.branches = Some(*branches),
                RuleKind::App(_) => {}
            }
        }
        all
    }

    /// The rules that ask for it.
    fn rules(&self, read: &Connection) -> Result<Vec<RuleKind>, Failure> {
        if !(0..=MAX_WAIT_MINUTES).contains(&self.wait_timer) {
            return Err(Failure::Refused(WAIT));
        }
        if self.reviewers.len() > MAX_REVIEWERS {
            return Err(Failure::Refused(REVIEWERS));
        }
        let mut reviewers: Vec<Reviewer> = Vec::new();
        for id in &self.reviewers {
            let found = match *id {
                ReviewerId::User(id) => User::by_id(read, id)?.map(Reviewer::User),
                ReviewerId::Team(id) => Team::by_id(read, id)?.map(Reviewer::Team),
            };
            let found = found.ok_or(Failure::Refused(REVIEWER))?;
            if !reviewers.contains(&found) {
                reviewers.push(found);
            }
        }
        let wait = (self.wait_timer > 0).then_some(RuleKind::WaitTimer(self.wait_timer));
        let review = (!reviewers.is_empty()).then_some(RuleKind::RequiredReviewers {
            prevent_self_review: self.prevent_self_review,
            reviewers,
        });
        let branches = self.branches.map(RuleKind::BranchPolicy);
        Ok([wait, review, branches].into_iter().flatten().collect())
    }

    /// Replaces the rules of an environment. An unchanged rule keeps its id; a
    /// changed one gets another, as recordings show.
    fn apply(&self, write: &Connection, environment: &Environment) -> Result<(), Failure> {
        let mut wanted = self.rules(write)?;
        for rule in Rule::list(write, environment.id)? {
            match wanted.iter().position(|kind| *kind == rule.kind) {
                Some(place) => {
                    wanted.remove(place);
                }
                None if matches!(rule.kind, RuleKind::App(_)) => {}
                None => rule.delete(write)?,
            }
        }
        for kind in wanted {
            Rule::insert(write, environment.id, kind)?;
        }
        if self.branches != Some(Branches::Custom) {
            BranchPolicy::clear(write, environment.id)?;
        }
        Ok(())
    }
}

impl Core {
    /// Works on an environment within one transaction that writes.
    pub(super) fn change_environment<T>(
        &self,
        repository: &Repository,
        name: &str,
        work: impl FnOnce(&Connection, &mut Environment) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.store.write(|write| {
            let found = Environment::by_name(write, repository.id, name)?;
            work(write, &mut found.ok_or(Failure::NotFound)?)
        })
    }

    /// Works on an environment within one transaction that reads.
    pub(super) fn read_environment<T>(
        &self,
        repository: &Repository,
        name: &str,
        work: impl FnOnce(&Connection, &Environment) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.store.read(|read| {
            let found = Environment::by_name(read, repository.id, name)?;
            work(read, &found.ok_or(Failure::NotFound)?)
        })
    }

    /// Creates an environment, or replaces the rules of an existing one.
    pub(crate) fn put_environment(
        &self,
        repository: &Repository,
        name: &str,
        wanted: &Protection,
    ) -> Result<Environment, Failure> {
        check_name(name)?;
        let now = self.now();
        self.store.write(|write| {
            let mut environment = Environment::ensure(write, repository.id, name, now)?;
            wanted.apply(write, &environment)?;
            environment.touch(write, now)?;
            Ok(environment)
        })
    }

    /// Creates an environment without rules unless it exists.
    pub(crate) fn ensure_environment(
        &self,
        repository: &Repository,
        name: &str,
    ) -> Result<Environment, Failure> {
        check_name(name)?;
        let now = self.now();
        self.store
            .write(|write| Ok(Environment::ensure(write, repository.id, name, now)?))
    }

    /// Changes some of an environment's protection.
    pub(crate) fn update_environment(
        &self,
        repository: &Repository,
        name: &str,
        edit: impl FnOnce(&mut Protection),
    ) -> Result<Environment, Failure> {
        let now = self.now();
        self.change_environment(repository, name, |write, environment| {
            let mut protection = Protection::from_rules(&Rule::list(write, environment.id)?);
            edit(&mut protection);
            protection.apply(write, environment)?;
            environment.touch(write, now)?;
            Ok(environment.clone())
        })
    }

    /// Removes an environment with its rules, secrets and variables. Its
    /// deployments stay.
    pub(crate) fn delete_environment(
        &self,
        repository: &Repository,
        name: &str,
    ) -> Result<(), Failure> {
        self.change_environment(repository, name, |write, environment| {
            Ok(environment.delete(write)?)
        })
    }

    /// The rules of an environment, oldest first.
    pub(crate) fn rules(&self, environment: &Environment) -> Result<Vec<Rule>, Failure> {
        self.store
            .read(|read| Ok(Rule::list(read, environment.id)?))
    }
}

pub(super) fn check_name(name: &str) -> Result<(), Failure> {
    let fits = (1..=MAX_NAME_CHARACTERS).contains(&name.chars().count());
    if fits && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(Failure::Refused(NAME))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::testing::World;
    use super::{Branches, Failure, Protection, ReviewerId};

    fn refused(world: &World, name: &str, wanted: &Protection) -> String {
        let error = world
            .core
            .put_environment(&world.repository, name, wanted)
            .unwrap_err();
        assert!(matches!(error, Failure::Refused(_)), "{error:?}");
        error.detail()
    }

    #[test]
    fn a_rule_that_stays_keeps_its_id() {
        let world = World::sample();
        let mut wanted = Protection {
            wait_timer: 5,
            reviewers: vec![ReviewerId::User(world.user.id)],
            branches: Some(Branches::Protected),
            ..Protection::default()
        };
        let put = |wanted: &Protection| {
            let made = world.core.put_environment(&world.repository, "qa", wanted);
            world.core.rules(&made.unwrap()).unwrap()
        };
        let first = put(&wanted);
        assert_eq!(put(&wanted), first);
        wanted.branches = Some(Branches::Custom);
        let second = put(&wanted);
        assert_eq!(second[..2], first[..2]);
        assert_ne!(second[2].id, first[2].id);
        assert_eq!(Protection::from_rules(&second), wanted);
        assert!(put(&Protection::default()).is_empty());
    }

    #[test]
    fn limits_hold_and_a_refusal_makes_nothing() {
        let world = World::sample();
        let none = Protection::default();
        for minutes in [-1, 43_201] {
            let wanted = Protection {
                wait_timer: minutes,
                ..none.clone()
            };
            assert!(refused(&world, "qa", &wanted).contains("43200"));
        }
        let wanted = Protection {
            reviewers: (0..7).map(ReviewerId::User).collect(),
            ..none.clone()
        };
        assert!(refused(&world, "qa", &wanted).contains("up to 6"));
        let wanted = Protection {
            reviewers: vec![ReviewerId::Team(1)],
            ..none.clone()
        };
        assert!(refused(&world, "qa", &wanted).contains("does not exist"));
        for name in ["a\nb", &"é".repeat(256)] {
            assert!(refused(&world, name, &none).contains("1 to 255"));
        }
        assert!(world.environments().is_empty());
        let longest = "é".repeat(255);
        world
            .core
            .put_environment(&world.repository, &longest, &none)
            .unwrap();
    }

    #[test]
    fn an_update_keeps_the_settings_that_it_omits() {
        let world = World::sample();
        let wanted = Protection {
            wait_timer: 5,
            branches: Some(Branches::Protected),
            ..Protection::default()
        };
        world
            .core
            .put_environment(&world.repository, "qa", &wanted)
            .unwrap();
        let changed = world
            .core
            .update_environment(&world.repository, "qa", |protection| {
                protection.wait_timer = 7;
            })
            .unwrap();
        let rules = world.core.rules(&changed).unwrap();
        let seen = Protection::from_rules(&rules);
        assert_eq!((seen.wait_timer, seen.branches), (7, wanted.branches));
    }
}
