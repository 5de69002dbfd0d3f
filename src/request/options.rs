use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args};

use crate::api::NewDeployment;
use crate::context::{DefaultRef, RefError, default_ref, local_commit};
use crate::error::{Failure, Kind};
use crate::model::{Deployment, RepoSlug};
use crate::output::short_sha;
use crate::session::Session;

use super::payload::{fields_payload, read_payload};

/// The options of a request for a deployment.
#[derive(Args, Debug)]
pub struct CreateOptions {
    /// Branch, tag or SHA to deploy
    ///
    /// Default: create deploys the current branch, which must be pushed; run
    /// deploys the commit that is checked out. In GitHub Actions both deploy
    /// the commit of the event, such as the head of the pull request.
    #[arg(long = "ref", value_name = "REF")]
    pub ref_name: Option<String>,

    /// Environment to deploy to
    #[arg(short, long, value_name = "ENV", default_value = "production")]
    pub environment: String,

    /// Task to run, such as deploy or deploy:migrations
    #[arg(long, default_value = "deploy", value_parser = NonEmptyStringValueParser::new())]
    pub task: String,

    /// Description shown with the deployment
    #[arg(long)]
    pub description: Option<String>,

    /// Payload for the deployer: a JSON object or string, @FILE, or - for stdin
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub payload: Option<String>,

    /// Field of the payload: JSON, otherwise text (repeatable)
    ///
    /// A value is a number only if every JSON parser returns it as it is
    /// written; 1.10, 1e5 and 007 are text.
    #[arg(
        short = 'F',
        long,
        value_name = "KEY=VALUE",
        conflicts_with = "payload"
    )]
    pub field: Vec<String>,

    /// Field of the payload that is always text (repeatable)
    #[arg(
        short = 'f',
        long,
        value_name = "KEY=VALUE",
        conflicts_with = "payload"
    )]
    pub raw_field: Vec<String>,

    /// Let GitHub merge the default branch into the ref if the ref is behind
    #[arg(long)]
    pub auto_merge: bool,

    /// The status checks.
    #[command(flatten)]
    pub checks: RequiredContexts,

    /// Mark the environment as transient (it will no longer exist at some
    /// point)
    #[arg(
        long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_value = "false", default_missing_value = "true", action = ArgAction::Set,
        hide_default_value = true, hide_possible_values = true,
    )]
    pub transient: bool,

    /// Mark the environment as one that end users interact with (default: true
    /// for 'production')
    #[arg(
        long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", hide_possible_values = true,
    )]
    pub production: Option<bool>,

    /// Reuse an existing deployment of the same commit, environment and task
    ///
    /// A deployment that has neither failed nor become inactive is printed
    /// instead of a new one.
    #[arg(long)]
    pub unique: bool,
}

/// The status checks that GitHub requires before a deployment.
#[derive(Args, Debug)]
pub struct RequiredContexts {
    /// Status check that must be green (repeatable; default: all checks)
    #[arg(
        long,
        value_name = "CONTEXT",
        value_parser = NonEmptyStringValueParser::new(),
        conflicts_with = "no_required_contexts"
    )]
    pub required_context: Vec<String>,

    /// Deploy without waiting for any status check
    #[arg(long)]
    pub no_required_contexts: bool,
}

/// A request for a deployment.
pub(crate) struct CreateRequest {
    pub(crate) new: NewDeployment,
    /// The commit of the ref in the local repository, if it is a branch there.
    pub(crate) local_sha: Option<String>,
}

impl RequiredContexts {
    /// The contexts of the request; `None` for all checks of the commit.
    pub(crate) fn to_contexts(&self) -> Option<Vec<String>> {
        let is_given = self.no_required_contexts || !self.required_context.is_empty();
        is_given.then(|| self.required_context.clone())
    }
}

impl CreateOptions {
    pub(crate) fn to_request(&self, session: &Session) -> anyhow::Result<CreateRequest> {
        self.to_request_for(session, |repo| match self.ref_name {
            Some(_) => Ok(None),
            None => default_ref(&session.env, session.git(), repo).map(Some),
        })
    }

    /// The request of a command that deploys what is checked out.
    #[cfg(feature = "agent")]
    pub(crate) fn to_request_for_checkout(
        &self,
        session: &Session,
    ) -> anyhow::Result<CreateRequest> {
        let named = self.ref_name.as_deref();
        self.to_request_for(session, |repo| {
            crate::context::checked_out_ref(&session.env, session.git(), repo, named)
        })
    }

    /// The request for the ref that `find_ref` returns, otherwise for `--ref`.
    fn to_request_for(
        &self,
        session: &Session,
        find_ref: impl FnOnce(Option<&RepoSlug>) -> Result<Option<DefaultRef>, RefError>,
    ) -> anyhow::Result<CreateRequest> {
        if self.environment.trim().is_empty() {
            return Err(Failure::new(Kind::Usage, "--environment is empty").into());
        }
        let named = self.ref_name.as_deref();
        if named.is_some_and(|name| name.trim().is_empty()) {
            return Err(Failure::new(Kind::Usage, "--ref is empty").into());
        }
        let payload = match &self.payload {
            Some(argument) => Some(read_payload(argument)?),
            None => fields_payload(&self.field, &self.raw_field)?,
        };
        let target = if session.is_sandbox() {
            None
        } else {
            Some(session.target()?)
        };
        let found = find_ref(target.as_ref().map(|target| &target.slug))?;
        let (ref_name, local_sha) = match (found, named) {
            (Some(DefaultRef { name, sha, note }), _) => {
                if let Some(note) = note {
                    session.term.note(note);
                }
                (name, Some(sha))
            }
            (None, named) => {
                let name = named.unwrap_or_default().to_owned();
                let local = session.git().ok().and_then(|git| local_commit(git, &name));
                (name, local)
            }
        };
        let new = NewDeployment {
            ref_name,
            task: self.task.clone(),
            auto_merge: self.auto_merge,
            required_contexts: self.checks.to_contexts(),
            payload,
            environment: self.environment.clone(),
            description: self.description.clone(),
            transient_environment: self.transient,
            production_environment: self.is_production(&self.environment),
        };
        Ok(CreateRequest { new, local_sha })
    }

    /// Whether end users interact with the environment. The value is always sent,
    /// because servers have different defaults.
    pub(crate) fn is_production(&self, environment: &str) -> bool {
        self.production.unwrap_or(environment == "production")
    }
}

impl CreateRequest {
    /// Warns if the server deploys another commit than the local branch has.
    pub(crate) fn warn_if_other_commit(&self, session: &Session, deployment: &Deployment) {
        let local = self.local_sha.as_ref();
        if let Some(local) = local.filter(|local| !deployment.sha.eq_ignore_ascii_case(local)) {
            session.term.warn(format!(
                "the server deploys {} at {}, but it is {} here: push or fetch",
                deployment.ref_name,
                short_sha(&deployment.sha),
                short_sha(local)
            ));
        }
    }
}
