use clap::Args;

use super::settings::{
    Settings, describe_protection, parse_minutes, parse_name, parse_reviewer, reviewers,
};
use super::target::TargetEnvironment;
use crate::error::{Failure, Kind};
use crate::model::{Branches, PatternKind};
use crate::output::EnvironmentRecord;
use crate::session::{Permission, Session};
use crate::term::{Role, Text};

/// Create an environment
///
/// An environment that exists is not changed; use 'env edit' for that. Without
/// a terminal the command prints the name.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # An environment without protection
  deployctl env create qa

  # A wait timer, a team as reviewer, and no self-review
  deployctl env create live --wait-timer 30 --reviewer acme/ops --prevent-self-review

  # Allow release branches and version tags only
  deployctl env create live --branch 'release/*' --tag 'v*'")]
pub struct CreateArgs {
    /// Name of the environment
    #[arg(value_name = "ENV", value_parser = parse_name)]
    pub name: String,

    /// Wait timer in minutes
    #[arg(long, value_name = "MIN", value_parser = parse_minutes, default_value = "0")]
    pub wait_timer: u32,

    /// Required reviewer: a login, or ORG/TEAM (repeatable, at most six)
    #[arg(long, value_name = "LOGIN|ORG/TEAM", value_parser = parse_reviewer)]
    pub reviewer: Vec<String>,

    /// Prevent users from approving deployments that they requested
    #[arg(long)]
    pub prevent_self_review: bool,

    /// Allow deployments from protected branches only
    #[arg(long, conflicts_with_all = ["custom_branches", "branch", "tag"])]
    pub protected_branches: bool,

    /// Allow deployments from matching branches and tags only
    #[arg(long)]
    pub custom_branches: bool,

    /// Pattern of branches that can deploy (repeatable)
    #[arg(long, value_name = "PATTERN")]
    pub branch: Vec<String>,

    /// Pattern of tags that can deploy (repeatable)
    #[arg(long, value_name = "PATTERN")]
    pub tag: Vec<String>,
}

pub(super) async fn run(session: &Session, args: &CreateArgs) -> anyhow::Result<()> {
    let format = session.format::<EnvironmentRecord>()?;
    let patterns = patterns(&args.branch, &args.tag);
    let branches = if args.protected_branches {
        Branches::Protected
    } else if args.custom_branches || !patterns.is_empty() {
        Branches::Custom
    } else {
        Branches::All
    };
    let connection = session.connect(None).await?;
    let target = TargetEnvironment::new(&connection, &args.name);
    let repo = &connection.repo;
    let (known, reviewers) = tokio::join!(
        target.handle().get(),
        reviewers(&connection, &args.reviewer)
    );
    match known {
        Ok(_) => {
            return Err(Failure::new(
                Kind::Other,
                format!("the environment {:?} already exists in {repo}", args.name),
            )
            .hint("use 'deployctl env edit' to change it")
            .into());
        }
        Err(error) if error.status() == Some(404) => {}
        Err(error) => {
            return Err(target
                .explain(&error, Permission::ReadEnvironments)
                .await
                .into());
        }
    }
    let settings = Settings {
        wait_timer: args.wait_timer,
        prevent_self_review: args.prevent_self_review,
        reviewers: reviewers?,
        branches,
    };
    settings.check()?;
    let environment = match target.put(&Settings::default(), &settings).await? {
        Ok(environment) => environment,
        // Not the environment is missing, but the repository or a permission.
        Err(error) if error.status() == Some(404) => return Err(target.cannot_create().into()),
        Err(error) => {
            return Err(target
                .explain(&error, Permission::AdministerEnvironments)
                .await
                .into());
        }
    };
    session.update_cache(&connection, |cache| cache.add_environment(&args.name));
    target.add_patterns(&patterns).await?;
    let record = EnvironmentRecord::unobserved(environment);
    let term = &session.term;
    format.print_one(term, &record, || {
        if !term.stdout_is_tty() {
            return term.line(args.name.as_str());
        }
        let protection = describe_protection(record.environment());
        let protection = if protection.is_empty() {
            "without protection".to_owned()
        } else {
            format!("with {protection}")
        };
        term.line(
            Text::new()
                .plain("Created the environment ")
                .with(Role::Id, args.name.as_str())
                .plain(format!(" {protection}")),
        )
    })?;
    Ok(())
}

/// The patterns that the options give, branches first.
pub(super) fn patterns(branches: &[String], tags: &[String]) -> Vec<(PatternKind, String)> {
    let of = |kind: PatternKind, names: &[String]| -> Vec<_> {
        names
            .iter()
            .map(|name| (kind.clone(), name.clone()))
            .collect()
    };
    [
        of(PatternKind::Branch, branches),
        of(PatternKind::Tag, tags),
    ]
    .concat()
}
