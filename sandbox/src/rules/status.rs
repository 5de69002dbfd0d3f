//! Adding a status to a deployment, and to a commit
//! (<https://docs.github.com/rest/deployments/statuses#create-a-deployment-status>).

use rusqlite::Connection;
use url::Url;

use super::create::{check_environment, check_length};
use super::{Core, Failure, Witness};
use crate::store::{
    CommitStatus, Deployment, DeploymentStatus, Environment, NewCommitStatus, NewStatusRow,
    Repository, User,
};

/// The states that a client can set, in the order of GitHub's documentation.
pub(crate) const STATES: [&str; 7] = [
    "error",
    "failure",
    "inactive",
    "in_progress",
    "queued",
    "pending",
    "success",
];

/// The longest description, in characters.
const MAX_DESCRIPTION_CHARACTERS: usize = 140;

const MAX_COMMIT_STATUSES: u64 = 1000;

/// The request for a status. `None` means left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NewStatus {
    /// One of [`STATES`].
    pub(crate) state: String,
    /// A description of at most 140 characters.
    pub(crate) description: Option<String>,
    /// The older name of `log_url`.
    pub(crate) target_url: Option<String>,
    /// Where the log is.
    pub(crate) log_url: Option<String>,
    /// Where the result can be seen.
    pub(crate) environment_url: Option<String>,
    /// Where the deployment counts from here on.
    pub(crate) environment: Option<String>,
    /// Whether a success makes prior deployments inactive; `true` if left out.
    pub(crate) auto_inactive: Option<bool>,
}

impl NewStatus {
    /// A status with everything but the state left out.
    pub(crate) fn with_state(state: impl Into<String>) -> Self {
        Self {
            state: state.into(),
            ..Self::default()
        }
    }
}

impl Core {
    /// Adds a status to a deployment, with all that follows from it, before the
    /// eyes of the witness.
    pub(crate) fn create_status(
        &self,
        repository: &Repository,
        creator: &User,
        deployment: i64,
        new: &NewStatus,
        witness: Option<&dyn Witness>,
    ) -> Result<DeploymentStatus, Failure> {
        if !STATES.contains(&new.state.as_str()) {
            return Err(Failure::Schema(not_a_member(&new.state, &STATES)));
        }
        let description = new.description.as_deref().unwrap_or_default();
        check_description("DeploymentStatus", description)?;
        let sent = new.environment.as_deref().filter(|name| !name.is_empty());
        if let Some(environment) = sent {
            check_environment("DeploymentStatus", environment)?;
        }
        // `log_url` and `target_url` are two names of the same address.
        let filled = |url: &Option<String>| url.clone().filter(|url| !url.is_empty());
        let log_url = filled(&new.log_url)
            .or_else(|| filled(&new.target_url))
            .unwrap_or_default();
        let now = self.now();
        let made = self.store.write(|write| {
            let deployment =
                Deployment::by_id(write, repository.id, deployment)?.ok_or(Failure::NotFound)?;
            // The deployment's environment is that of its last status.
            let environment = sent.unwrap_or(&deployment.environment);
            let row = NewStatusRow {
                deployment: deployment.id,
                state: &new.state,
                creator: creator.id,
                description,
                environment,
                log_url: &log_url,
                environment_url: new.environment_url.as_deref().unwrap_or_default(),
            };
            let id = row.insert(write, now)?;
            Environment::ensure(write, repository.id, environment, now)?;
            deployment.touch(write, environment, now)?;
            let moved = Deployment {
                environment: environment.to_owned(),
                updated_at: now,
                ..deployment
            };
            if new.state == "success" && new.auto_inactive.unwrap_or(true) {
                supersede(write, &moved, creator, now)?;
            }
            let made = DeploymentStatus::by_id(write, moved.id, id)?.ok_or(Failure::NotFound)?;
            if let Some(witness) = witness {
                witness.status(write, &moved, &made)?;
            }
            Ok::<_, Failure>(made)
        })?;
        if witness.is_some() {
            self.outgoing.notify_one();
        }
        Ok(made)
    }

    /// Adds a status to a commit, which a full or short id or a ref names.
    pub(crate) fn create_commit_status(
        &self,
        repository: &Repository,
        creator: &User,
        new: &NewCommitStatus,
    ) -> Result<CommitStatus, Failure> {
        check_description("Status", new.description.as_deref().unwrap_or_default())?;
        if let Some(url) = new.target_url.as_deref().filter(|url| !url.is_empty())
            && !Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
        {
            return Err(Failure::Invalid {
                resource: "Status",
                field: "target_url",
                message: "target_url must use http(s) scheme".to_owned(),
            });
        }
        let now = self.now();
        self.store.write(|write| {
            let before = CommitStatus::count(write, repository.id, &new.sha, &new.context)?;
            if before >= MAX_COMMIT_STATUSES {
                return Err(Failure::Invalid {
                    resource: "Status",
                    field: "",
                    message: "This SHA and context has reached the maximum number of statuses."
                        .to_owned(),
                });
            }
            Ok(CommitStatus::insert(
                write,
                repository.id,
                creator.id,
                new,
                now,
            )?)
        })
    }
}

/// Refuses a description that is too long for a status.
fn check_description(resource: &'static str, description: &str) -> Result<(), Failure> {
    check_length(
        resource,
        "description",
        description,
        MAX_DESCRIPTION_CHARACTERS,
    )
}

/// Gives each prior deployment that this one's success supersedes an
/// `inactive` status.
pub(super) fn supersede(
    write: &Connection,
    deployment: &Deployment,
    creator: &User,
    now: i64,
) -> Result<(), rusqlite::Error> {
    for prior in deployment.superseded(write)? {
        let row = NewStatusRow {
            deployment: prior.id,
            state: "inactive",
            creator: creator.id,
            description: "",
            environment: &prior.environment,
            log_url: "",
            environment_url: "",
        };
        row.insert(write, now)?;
        prior.touch(write, &prior.environment, now)?;
    }
    Ok(())
}

/// GitHub's message about a value that is not in a list of choices.
pub(crate) fn not_a_member(word: &str, choices: &[&str]) -> String {
    let choices: Vec<String> = choices
        .iter()
        .map(|choice| format!("\"{choice}\""))
        .collect();
    format!("{word} is not a member of [{}].", choices.join(", "))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::testing::World;
    use super::{Failure, NewStatus};
    use crate::rules::NewDeployment;

    fn staging() -> NewDeployment {
        NewDeployment {
            environment: Some("staging".to_owned()),
            ..NewDeployment::with_ref("main")
        }
    }

    #[test]
    fn the_log_has_two_names_and_what_is_unset_is_empty() {
        let world = World::sample();
        let made = world.create(&staging());
        let bare = world.set(made.id, NewStatus::with_state("queued"));
        assert_eq!(
            (
                bare.log_url.as_str(),
                bare.description.as_str(),
                bare.environment_url.as_str()
            ),
            ("", "", "")
        );
        let target = NewStatus {
            target_url: Some("http://a/".to_owned()),
            ..NewStatus::with_state("pending")
        };
        assert_eq!(world.set(made.id, target.clone()).log_url, "http://a/");
        let both = NewStatus {
            log_url: Some("http://b/".to_owned()),
            ..target
        };
        assert_eq!(world.set(made.id, both).log_url, "http://b/");
    }

    #[test]
    fn the_environment_is_carried_on() {
        let world = World::sample();
        let made = world.create(&staging());
        assert_eq!(
            world
                .set(made.id, NewStatus::with_state("queued"))
                .environment,
            "staging"
        );
        let moved = NewStatus {
            environment: Some("qa".to_owned()),
            ..NewStatus::with_state("pending")
        };
        world.set(made.id, moved);
        assert_eq!(
            world
                .set(made.id, NewStatus::with_state("success"))
                .environment,
            "qa"
        );
        let now = world.deployment(made.id);
        assert_eq!(
            (now.environment.as_str(), now.original_environment.as_str()),
            ("qa", "staging")
        );
        assert!(now.updated_at > now.created_at);
        assert_eq!(world.environments(), ["staging", "qa"]);
    }

    #[test]
    fn descriptions_are_counted_in_characters() {
        let world = World::sample();
        let made = world.create(&staging());
        let of = |length| NewStatus {
            description: Some("é".repeat(length)),
            ..NewStatus::with_state("success")
        };
        world.set(made.id, of(140));
        let error = world.try_set(made.id, &of(141)).unwrap_err();
        assert_eq!(
            error.detail(),
            "description is too long (maximum is 140 characters)"
        );
    }

    #[test]
    fn other_states_and_deployments_are_refused() {
        let world = World::sample();
        let made = world.create(&staging());
        let error = world
            .try_set(made.id, &NewStatus::with_state("waiting"))
            .unwrap_err();
        assert_eq!(
            error.message(),
            "Invalid request.\n\nwaiting is not a member of [\"error\", \"failure\", \"inactive\", \
             \"in_progress\", \"queued\", \"pending\", \"success\"]."
        );
        let error = world
            .try_set(made.id + 1, &NewStatus::with_state("success"))
            .unwrap_err();
        assert!(matches!(error, Failure::NotFound));
    }

    #[test]
    fn a_success_supersedes_exactly_what_the_docs_say() {
        let world = World::sample();
        let prior = world.create(&staging());
        let transient = world.create(&NewDeployment {
            transient: Some(true),
            ..staging()
        });
        let production = world.create(&NewDeployment {
            production: Some(true),
            ..staging()
        });
        let elsewhere = world.create(&NewDeployment {
            environment: Some("qa".to_owned()),
            ..staging()
        });
        let failed = world.create(&staging());
        let pending = world.create(&staging());
        let current = world.create(&staging());
        let later = world.create(&staging());
        let keep = NewStatus {
            auto_inactive: Some(false),
            ..NewStatus::with_state("success")
        };
        for one in [&prior, &transient, &production, &elsewhere, &later] {
            world.set(one.id, keep.clone());
        }
        world.set(failed.id, NewStatus::with_state("failure"));
        world.set(pending.id, NewStatus::with_state("pending"));
        world.set(current.id, NewStatus::with_state("success"));
        let states: Vec<_> = [
            &prior,
            &transient,
            &production,
            &elsewhere,
            &failed,
            &pending,
            &current,
            &later,
        ]
        .map(|one| world.state(one.id))
        .into_iter()
        .collect();
        assert_eq!(
            states,
            [
                "inactive", "success", "success", "success", "failure", "pending", "success",
                "success"
            ]
        );
        // Only a success makes others inactive.
        world.set(later.id, NewStatus::with_state("in_progress"));
        assert_eq!(world.state(current.id), "success");
    }

    #[test]
    fn a_moved_deployment_supersedes_where_it_is_now() {
        let world = World::sample();
        let qa = world.create(&NewDeployment {
            environment: Some("qa".to_owned()),
            ..staging()
        });
        world.set(qa.id, NewStatus::with_state("success"));
        let moving = world.create(&staging());
        let moved = NewStatus {
            environment: Some("qa".to_owned()),
            ..NewStatus::with_state("success")
        };
        world.set(moving.id, moved);
        assert_eq!(world.state(qa.id), "inactive");
    }
}
