use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args};

use crate::api::NewDeployment;
use crate::context::{DefaultRef, RefError, default_ref, local_commit};
use crate::error::{Failure, Kind};
use crate::model::{Deployment, RepoSlug};
use crate::request::{fields_payload, read_payload};
use crate::session::{Session, short_sha};

/// What a deployment is requested with.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct CreateOptions {
    /// Branch, tag or SHA to deploy
    ///
    /// Without it: create takes the current branch, if it is pushed, and run
    /// the commit that is checked out; in GitHub Actions both take the commit
    /// that the event means, such as the head of the pull request.
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

    /// Field of the payload, JSON or else text; may be given several times
    ///
    /// A number is one only if every reader of JSON gives it back as it is
    /// written; 1.10, 1e5 and 007 are text.
    #[arg(
        short = 'F',
        long,
        value_name = "KEY=VALUE",
        conflicts_with = "payload"
    )]
    pub field: Vec<String>,

    /// Field of the payload that is always text; may be given several times
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

    /// Mark the environment as transient (it will no longer exist at some
    /// point)
    #[arg(
        long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_value = "false", default_missing_value = "true", action = ArgAction::Set,
        hide_default_value = true, hide_possible_values = true,
    )]
    pub transient: bool,

    /// Mark the environment as one that end users interact with (default: true
    /// for `production`)
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

/// A request for a deployment.
pub(crate) struct Wish {
    pub(crate) new: NewDeployment,
    /// The commit that the ref stands at here, if it is a branch here.
    pub(crate) local_sha: Option<String>,
}

impl CreateOptions {
    /// What is to be sent.
    pub(crate) fn wish(&self, session: &Session) -> anyhow::Result<Wish> {
        self.wish_of(session, |repo| match self.ref_name {
            Some(_) => Ok(None),
            None => default_ref(&session.env, session.git(), repo).map(Some),
        })
    }

    /// The same for a command that deploys what is checked out.
    #[cfg(feature = "agent")]
    pub(crate) fn wish_of_checkout(&self, session: &Session) -> anyhow::Result<Wish> {
        let named = self.ref_name.as_deref();
        self.wish_of(session, |repo| {
            crate::context::checked_out_ref(&session.env, session.git(), repo, named)
        })
    }

    /// What is to be sent, of the ref that `find` finds, else of `--ref`.
    fn wish_of(
        &self,
        session: &Session,
        find: impl FnOnce(Option<&RepoSlug>) -> Result<Option<DefaultRef>, RefError>,
    ) -> anyhow::Result<Wish> {
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
        let found = find(target.as_ref().map(|target| &target.slug))?;
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
        let required_contexts = if self.no_required_contexts {
            Some(Vec::new())
        } else if self.required_context.is_empty() {
            None
        } else {
            Some(self.required_context.clone())
        };
        let new = NewDeployment {
            ref_name,
            task: self.task.clone(),
            auto_merge: self.auto_merge,
            required_contexts,
            payload,
            environment: self.environment.clone(),
            description: self.description.clone(),
            transient_environment: self.transient,
            production_environment: self.is_production(&self.environment),
        };
        Ok(Wish { new, local_sha })
    }

    /// Whether end users meet the environment, unless it is said otherwise:
    /// servers differ in what they take for granted.
    pub(crate) fn is_production(&self, environment: &str) -> bool {
        self.production.unwrap_or(environment == "production")
    }
}

impl Wish {
    /// Warns if the server deploys another commit than the branch has here.
    pub(crate) fn compare(&self, session: &Session, deployment: &Deployment) {
        let local = self.local_sha.as_ref();
        if let Some(local) = local.filter(|local| !deployment.sha.eq_ignore_ascii_case(local)) {
            session.term.warn(format!(
                "the server deploys {} at {}, which is {} here: push or fetch",
                deployment.ref_name,
                short_sha(&deployment.sha),
                short_sha(local)
            ));
        }
    }
}
