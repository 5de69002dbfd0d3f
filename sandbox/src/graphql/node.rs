//! Things by their node id
//! (<https://docs.github.com/graphql/guides/using-global-node-ids>).

use std::collections::HashMap;
use std::sync::Arc;

use super::actor::Team;
use super::check_suite::CheckSuite;
use super::commit::Commit;
use super::commit_status::StatusContext;
use super::deployment::Deployment;
use super::environment::Environment;
use super::object::Output;
use super::owner::Owner;
use super::problem::{Problem, Result};
use super::pull_request::PullRequest;
use super::reference::Ref;
use super::repository::Repository;
use super::scalars::Id;
use super::session::{READ_CONTENTS, READ_DEPLOYMENTS, READ_ENVIRONMENTS, READ_STATUSES, Session};
use super::status::DeploymentStatus;
use super::workflow_run::{Workflow, WorkflowRun};
use crate::ids::NodeId;
use crate::store;

/// An object with an ID.
#[derive(Debug, Clone)]
pub(super) enum Node {
    CheckSuite(CheckSuite),
    Commit(Commit),
    Deployment(Deployment),
    DeploymentStatus(DeploymentStatus),
    Environment(Environment),
    Owner(Owner),
    PullRequest(PullRequest),
    Ref(Ref),
    Repository(Repository),
    StatusContext(StatusContext),
    Team(Team),
    Workflow(Workflow),
    WorkflowRun(WorkflowRun),
}

impl From<Node> for Output {
    fn from(node: Node) -> Self {
        match node {
            Node::CheckSuite(one) => one.into(),
            Node::Commit(one) => one.into(),
            Node::Deployment(one) => one.into(),
            Node::DeploymentStatus(one) => one.into(),
            Node::Environment(one) => one.into(),
            Node::Owner(one) => one.into(),
            Node::PullRequest(one) => one.into(),
            Node::Ref(one) => one.into(),
            Node::Repository(one) => one.into(),
            Node::StatusContext(one) => one.into(),
            Node::Team(one) => one.into(),
            Node::Workflow(one) => one.into(),
            Node::WorkflowRun(one) => one.into(),
        }
    }
}

impl Node {
    /// The nodes with these ids, as [`Node::find`] finds them. Deployments are
    /// fetched together, because clients ask for many of them.
    pub(super) fn find_all(session: &Arc<Session>, ids: &[Id]) -> Vec<Result<Option<Self>>> {
        let named: Vec<Option<NodeId>> = ids.iter().map(|id| NodeId::decode(id)).collect();
        let mut requested: HashMap<i64, Vec<i64>> = HashMap::new();
        for id in &named {
            if let Some(NodeId::Deployment(owner, id)) = id {
                requested.entry(*owner).or_default().push(*id);
            }
        }
        // Nodes that could not be fetched together are fetched one by one
        // below, where each failure is an error of its own.
        let found: HashMap<(i64, i64), Deployment> = requested
            .into_iter()
            .filter_map(|(owner, ids)| {
                let repository = Repository::by_id(session, owner).ok()??;
                repository.demand(READ_DEPLOYMENTS).ok()?;
                let rows = session.core.deployments_by_ids(&repository.row, &ids);
                let all: Vec<Deployment> = Deployment::all(&repository, rows.ok()?).collect();
                Some(all.into_iter().map(move |one| ((owner, one.row().id), one)))
            })
            .flatten()
            .collect();
        named
            .into_iter()
            .map(|id| {
                if let Some(NodeId::Deployment(owner, number)) = id
                    && let Some(deployment) = found.get(&(owner, number))
                {
                    return Ok(Some(Self::Deployment(deployment.clone())));
                }
                id.map_or(Ok(None), |id| Self::named(session, id))
            })
            .collect()
    }

    /// The repository with this id; an error if it does not exist for the caller.
    pub(super) fn repository(session: &Arc<Session>, id: &str) -> Result<Repository> {
        match Self::find(session, id)? {
            Some(Self::Repository(repository)) => Ok(repository),
            _ => Err(Problem::no_node_of("Repository", id)),
        }
    }

    /// The node with this id; `None` if it does not exist for the caller.
    pub(super) fn find(session: &Arc<Session>, id: &str) -> Result<Option<Self>> {
        NodeId::decode(id).map_or(Ok(None), |id| Self::named(session, id))
    }

    fn named(session: &Arc<Session>, id: NodeId) -> Result<Option<Self>> {
        let repository = |id: i64| Repository::by_id(session, id);
        let core = &session.core;
        Ok(match id {
            NodeId::User(id) => core
                .user_by_id(id)?
                .map(|row| Self::Owner(Owner::user(session, row))),
            NodeId::Organization(id) => core
                .owner_by_id(id)?
                .filter(|owner| owner.is_organization)
                .map(|owner| Self::Owner(Owner::organization(session, owner.user))),
            NodeId::Repository(id) => repository(id)?.map(Self::Repository),
            NodeId::Deployment(owner, id) => match repository(owner)? {
                Some(repository) => deployment(&repository, id)?.map(Self::Deployment),
                None => None,
            },
            NodeId::DeploymentStatus(owner, id) => match repository(owner)? {
                Some(repository) => status(&repository, id)?.map(Self::DeploymentStatus),
                None => None,
            },
            NodeId::Environment(owner, id) => match repository(owner)? {
                Some(repository) => {
                    repository.demand(READ_ENVIRONMENTS)?;
                    let found = core
                        .store
                        .read(|read| store::Environment::by_id(read, owner, id))?;
                    found.map(|row| Self::Environment(Environment::new(&repository, row)))
                }
                None => None,
            },
            NodeId::Commit(owner, sha) => match repository(owner)? {
                Some(repository) => {
                    repository.demand(READ_CONTENTS)?;
                    Commit::find(&repository, &sha)?.map(Self::Commit)
                }
                None => None,
            },
            NodeId::Ref(owner, name) => match repository(owner)? {
                Some(repository) => {
                    repository.demand(READ_CONTENTS)?;
                    Ref::find(&repository, &name)?.map(Self::Ref)
                }
                None => None,
            },
            NodeId::Team(id) => core
                .store
                .read(|read| store::Team::by_id(read, id))?
                .map(|row| Self::Team(Team::new(session, row))),
            // These are no nodes of this part of the schema.
            NodeId::App(_)
            | NodeId::Gate(..)
            | NodeId::Blob(..)
            | NodeId::BranchPolicy(..)
            | NodeId::CheckRun(..)
            | NodeId::DeploymentReview(..)
            | NodeId::PullRequestCommit(..) => None,
            NodeId::PullRequest(owner, id) => match repository(owner)? {
                Some(repository) => {
                    PullRequest::find_by_id(&repository, id)?.map(Self::PullRequest)
                }
                None => None,
            },
            NodeId::Workflow(owner, id) => match repository(owner)? {
                Some(repository) => Workflow::find(&repository, id)?.map(Self::Workflow),
                None => None,
            },
            NodeId::WorkflowRun(owner, id) => match repository(owner)? {
                Some(repository) => WorkflowRun::find(&repository, id)?.map(Self::WorkflowRun),
                None => None,
            },
            NodeId::CheckSuite(owner, id) => match repository(owner)? {
                Some(repository) => CheckSuite::find(&repository, id)?.map(Self::CheckSuite),
                None => None,
            },
            NodeId::CommitStatus(owner, id) => match repository(owner)? {
                Some(repository) => {
                    repository.demand(READ_STATUSES)?;
                    let found = core
                        .store
                        .read(|read| store::CommitStatus::by_id(read, owner, id))?;
                    found.map(|row| Self::StatusContext(StatusContext::new(owner, row)))
                }
                None => None,
            },
        })
    }
}

fn deployment(repository: &Repository, id: i64) -> Result<Option<Deployment>> {
    repository.demand(READ_DEPLOYMENTS)?;
    let owner = repository.row.id;
    let store = &repository.session.core.store;
    let found = store.read(|read| store::Deployment::by_id(read, owner, id))?;
    Ok(found.map(|row| Deployment::new(repository, row)))
}

fn status(repository: &Repository, id: i64) -> Result<Option<DeploymentStatus>> {
    let owner = repository.row.id;
    let store = &repository.session.core.store;
    let found = store.read(|read| store::DeploymentStatus::of_repository(read, owner, id))?;
    let Some(row) = found else {
        return Ok(None);
    };
    let deployment = deployment(repository, row.deployment_id)?;
    Ok(deployment.map(|deployment| DeploymentStatus::new(&deployment, row)))
}
