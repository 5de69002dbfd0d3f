//! Creating a deployment
//! (<https://docs.github.com/rest/deployments/deployments#create-a-deployment>).

use super::{Core, Failure, RequiredContexts, Witness};
use crate::git::{Merge, RefKind, Repo, Resolved};
use crate::store::{CommitStatus, Deployment, Environment, NewDeploymentRow, Repository, User};

/// The request for a deployment. `None` means left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewDeployment {
    /// Branch, tag or commit.
    pub(crate) reference: String,
    /// The task; `deploy` if left out.
    pub(crate) task: Option<String>,
    /// Whether to merge the default branch into a ref that is behind it.
    pub(crate) auto_merge: bool,
    /// Which contexts must be green.
    pub(crate) required_contexts: RequiredContexts,
    /// The JSON text of an object or a string; `{}` if left out.
    pub(crate) payload: Option<String>,
    /// Where to; `production` if left out.
    pub(crate) environment: Option<String>,
    pub(crate) description: Option<String>,
    /// Whether the environment will go away; `false` if left out.
    pub(crate) transient: Option<bool>,
    /// Whether end users meet the environment.
    pub(crate) production: Option<bool>,
}

impl NewDeployment {
    /// A deployment of `reference` with everything else left out.
    pub(crate) fn with_ref(reference: impl Into<String>) -> Self {
        Self {
            reference: reference.into(),
            task: None,
            auto_merge: true,
            required_contexts: RequiredContexts::All,
            payload: None,
            environment: None,
            description: None,
            transient: None,
            production: None,
        }
    }
}

/// The result of creating a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Created {
    /// It was made.
    Deployment(Box<Deployment>),
    /// The default branch was merged into the ref, and nothing was deployed.
    AutoMerged {
        /// GitHub's message.
        message: String,
    },
}

/// The result of bringing a ref up to date with the default branch.
enum AutoMerge {
    /// It was merged; `message` is GitHub's.
    Merged { message: String },
    /// There is nothing to merge into this commit.
    UpToDate { sha: String },
}

/// The longest name of an environment, in characters.
const MAX_ENVIRONMENT_CHARACTERS: usize = 255;

impl Core {
    /// Creates a deployment: first the merge, then the required contexts, then
    /// the record, before the eyes of the witness.
    pub(crate) fn create_deployment(
        &self,
        repository: &Repository,
        creator: &User,
        new: &NewDeployment,
        witness: Option<&dyn Witness>,
    ) -> Result<Created, Failure> {
        let filled = |text: &Option<String>, default: &str| match text {
            Some(text) if !text.is_empty() => text.clone(),
            _ => default.to_owned(),
        };
        let environment = filled(&new.environment, "production");
        check_environment("Deployment", &environment)?;
        let no_ref = || Failure::NoRef(new.reference.clone());
        let git = self.git(repository)?.ok_or_else(no_ref)?;
        let found = git.resolve(&new.reference)?.ok_or_else(no_ref)?;
        let sha = if new.auto_merge {
            match self.auto_merge(&git, &new.reference, found)? {
                AutoMerge::Merged { message } => return Ok(Created::AutoMerged { message }),
                AutoMerge::UpToDate { sha } => sha,
            }
        } else {
            found.sha
        };
        let now = self.now();
        let production = new
            .production
            .unwrap_or(self.production_default && environment == "production");
        let row = NewDeploymentRow {
            repository: repository.id,
            sha,
            reference: new.reference.clone(),
            task: filled(&new.task, "deploy"),
            payload: new.payload.clone().unwrap_or_else(|| "{}".to_owned()),
            environment,
            description: new.description.clone(),
            creator: creator.id,
            transient: new.transient.unwrap_or(false),
            production,
        };
        let deployment = self.store.write(|write| {
            let reported = CommitStatus::contexts(write, repository.id, &row.sha)?;
            new.required_contexts.check(&new.reference, &reported)?;
            Environment::ensure(write, repository.id, &row.environment, now)?;
            let made = row.insert(write, now)?;
            if let Some(witness) = witness {
                witness.deployment(write, &made, None)?;
            }
            Ok::<_, Failure>(made)
        })?;
        if witness.is_some() {
            self.outgoing.notify_one();
        }
        Ok(Created::Deployment(Box::new(deployment)))
    }

    /// Brings a ref up to date with the default branch.
    fn auto_merge(&self, git: &Repo, sent: &str, found: Resolved) -> Result<AutoMerge, Failure> {
        let base_name = git.default_branch()?;
        let Some(base) = git.branch(&base_name)? else {
            return Ok(AutoMerge::UpToDate { sha: found.sha });
        };
        let (behind, _) = git.behind_ahead(&base.sha, &found.sha)?;
        if behind == 0 {
            return Ok(AutoMerge::UpToDate { sha: found.sha });
        }
        let conflict = || Failure::MergeConflict {
            base: base_name.clone(),
            head: sent.to_owned(),
        };
        // A merge commit needs a branch to go to.
        if found.kind != RefKind::Branch {
            return Err(conflict());
        }
        let message = format!("Auto-merged {base_name} into {sent} on deployment.");
        match git.merge(&base, &found, &message, self.now())? {
            Merge::Done(_) => Ok(AutoMerge::Merged { message }),
            Merge::UpToDate(sha) => Ok(AutoMerge::UpToDate { sha }),
            Merge::Conflict => Err(conflict()),
        }
    }
}

/// Refuses a name that GitHub would not keep.
pub(super) fn check_environment(resource: &'static str, name: &str) -> Result<(), Failure> {
    check_length(resource, "environment", name, MAX_ENVIRONMENT_CHARACTERS)
}

/// Refuses a field of more than `longest` characters.
pub(super) fn check_length(
    resource: &'static str,
    field: &'static str,
    text: &str,
    longest: usize,
) -> Result<(), Failure> {
    if text.chars().count() > longest {
        return Err(Failure::Invalid {
            resource,
            field,
            message: format!("{field} is too long (maximum is {longest} characters)"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::testing::World;
    use super::{Created, Failure, NewDeployment, RequiredContexts};
    use crate::store::CheckState::{Failure as Red, Pending, Success};

    #[test]
    fn defaults_are_those_of_the_docs() {
        let world = World::sample();
        let made = world.create(&NewDeployment::with_ref("main"));
        assert_eq!(
            (made.task.as_str(), made.environment.as_str()),
            ("deploy", "production")
        );
        assert_eq!(made.original_environment, "production");
        assert_eq!(
            (made.payload.as_str(), made.description.as_deref()),
            ("{}", None)
        );
        assert!(made.production && !made.transient);
        assert!(made.id > i64::from(u32::MAX));
        assert_eq!(made.created_at, made.updated_at);
        let staging = NewDeployment {
            environment: Some("staging".to_owned()),
            ..NewDeployment::with_ref("main")
        };
        assert!(!world.create(&staging).production);
        let names: Vec<_> = world.environments();
        assert_eq!(names, ["production", "staging"]);
    }

    #[test]
    fn the_other_recorded_production_default_is_a_switch() {
        let world = World::sample_with(|config| config.production_default = false);
        assert!(!world.create(&NewDeployment::with_ref("main")).production);
        let flagged = NewDeployment {
            production: Some(true),
            ..NewDeployment::with_ref("main")
        };
        assert!(world.create(&flagged).production);
    }

    #[test]
    fn the_ref_stays_as_sent_and_the_commit_is_recorded() {
        let world = World::sample();
        let sha = world.sha("main");
        for reference in ["refs/heads/main", "heads/main", &sha, &sha[..8]] {
            let made = world.create(&NewDeployment::with_ref(reference));
            assert_eq!(
                (made.reference.as_str(), made.sha.as_str()),
                (reference, sha.as_str())
            );
        }
        let error = world
            .try_create(&NewDeployment::with_ref("nowhere"))
            .unwrap_err();
        assert_eq!(error.message(), "No ref found for: nowhere");
    }

    #[test]
    fn a_branch_that_is_behind_is_merged_once_and_deployed_the_next_time() {
        let world = World::sample();
        let before = world.sha("topic-behind");
        let Created::AutoMerged { message } = world
            .try_create(&NewDeployment::with_ref("topic-behind"))
            .unwrap()
        else {
            panic!("a deployment was made");
        };
        assert_eq!(message, "Auto-merged main into topic-behind on deployment.");
        assert_eq!(world.count(), 0);
        let made = world.create(&NewDeployment::with_ref("topic-behind"));
        assert_ne!(made.sha, before);
        assert_eq!(made.sha, world.sha("topic-behind"));
    }

    #[test]
    fn what_cannot_be_merged_is_a_conflict() {
        let world = World::sample();
        for reference in ["conflict", "v1.0.0", &world.sha("v1.0.0")] {
            let error = world
                .try_create(&NewDeployment::with_ref(reference))
                .unwrap_err();
            assert_eq!(
                error.message(),
                format!("Conflict merging main into {reference}.")
            );
            let without = NewDeployment {
                auto_merge: false,
                ..NewDeployment::with_ref(reference)
            };
            assert_eq!(world.create(&without).reference, reference);
        }
    }

    #[test]
    fn contexts_have_three_forms() {
        let world = World::sample();
        let only = |names: &[&str]| NewDeployment {
            required_contexts: RequiredContexts::Only(
                names.iter().map(ToString::to_string).collect(),
            ),
            ..NewDeployment::with_ref("main")
        };
        let sha = world.sha("main");
        world.report(&sha, "ci", Red);
        world.report(&sha, "lint", Pending);
        world.report(&sha, "LINT", Success);
        let error = world
            .try_create(&NewDeployment::with_ref("main"))
            .unwrap_err();
        assert_eq!(
            error.message(),
            "Conflict: Commit status checks failed for main."
        );
        let Failure::ContextsFailed { contexts, .. } = error else {
            panic!("{error:?}")
        };
        let states: Vec<_> = contexts
            .iter()
            .map(|one| (one.context.as_str(), one.state))
            .collect();
        assert_eq!(states, [("ci", "failure"), ("LINT", "success")]);

        world.create(&only(&[]));
        world.create(&only(&["lint"]));
        let Failure::ContextsFailed { contexts, .. } =
            world.try_create(&only(&["lint", "never"])).unwrap_err()
        else {
            panic!("another failure");
        };
        assert_eq!(contexts.len(), 3);
        assert_eq!(
            (contexts[2].context.as_str(), contexts[2].state),
            ("never", "expected")
        );

        world.report(&sha, "ci", Success);
        world.create(&NewDeployment::with_ref("main"));
    }

    #[test]
    fn the_merge_comes_before_the_contexts() {
        let world = World::sample();
        world.report(&world.sha("topic-behind"), "ci", Red);
        let made = world
            .try_create(&NewDeployment::with_ref("topic-behind"))
            .unwrap();
        assert!(matches!(made, Created::AutoMerged { .. }));
    }

    #[test]
    fn a_name_of_an_environment_has_a_limit() {
        let world = World::sample();
        let named = |name: String| NewDeployment {
            environment: Some(name),
            ..NewDeployment::with_ref("main")
        };
        world.create(&named("é".repeat(255)));
        assert!(matches!(
            world.try_create(&named("é".repeat(256))),
            Err(Failure::Invalid {
                field: "environment",
                ..
            })
        ));
    }
}
