use clap::{Args, Subcommand};

use super::diff::format_pattern;
use super::settings::parse_name;
use super::target::{TargetEnvironment, is_gone};
use crate::api::ApiError;
use crate::error::{Failure, Kind};
use crate::model::{BranchPolicy, Branches, PatternKind};
use crate::output::{Cell, Column};
use crate::session::{Connection, Permission, Session};
use crate::term::{Role, Text};

/// Manage which branches and tags can deploy to an environment
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  # The patterns of production
  deployctl env branch-policy list production

  # Allow hotfix branches too
  deployctl env branch-policy add production 'hotfix/*'

  # Remove a pattern of tags
  deployctl env branch-policy remove production 'v*' --tag"
)]
pub struct BranchPolicyArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: BranchPolicyCommand,
}

/// The verbs of `env branch-policy`.
#[derive(Debug, Subcommand)]
pub enum BranchPolicyCommand {
    /// List the patterns
    #[command(after_help = "\
Examples:
  # List the patterns of production
  deployctl env branch-policy list production

  # The patterns, one per line
  deployctl env branch-policy list production --jq '.[].name'

  # With their types, as JSON
  deployctl env branch-policy list production --json=name,type")]
    List {
        /// Name of the environment
        #[arg(value_name = "ENV", value_parser = parse_name)]
        environment: String,
    },
    /// Add patterns
    #[command(after_help = "\
Examples:
  # The main branch and release branches
  deployctl env branch-policy add production main 'release/*'

  # Version tags
  deployctl env branch-policy add production 'v*' --tag

  # A pattern that already exists is not changed
  deployctl env branch-policy add production 'hotfix/*'
  deployctl env branch-policy add production 'hotfix/*'")]
    Add(PatternsArgs),
    /// Remove patterns
    #[command(after_help = "\
Examples:
  # Remove a pattern of branches
  deployctl env branch-policy remove production 'release/*'

  # Remove a pattern of tags
  deployctl env branch-policy remove production 'v*' --tag

  # Remove two patterns
  deployctl env branch-policy remove production main 'release/*'")]
    Remove(PatternsArgs),
}

/// Patterns of an environment.
#[derive(Args, Debug)]
pub struct PatternsArgs {
    /// Name of the environment
    #[arg(value_name = "ENV", value_parser = parse_name)]
    pub environment: String,

    /// Pattern such as release/*
    #[arg(value_name = "PATTERN", required = true)]
    pub patterns: Vec<String>,

    /// The patterns are for tags instead of branches
    #[arg(long)]
    pub tag: bool,
}

pub(super) async fn run(session: &Session, args: &BranchPolicyArgs) -> anyhow::Result<()> {
    let format = session.format::<BranchPolicy>()?;
    let connection = session.connect(None).await?;
    match &args.command {
        BranchPolicyCommand::List { environment } => {
            let target = TargetEnvironment::new(&connection, environment);
            let all = target.branch_policies().await?;
            if all.is_empty() {
                let note = explain_no_patterns(target).await?;
                session.term.note(note);
            }
            let columns = vec![
                Column::rigid("ID"),
                Column::rigid("TYPE"),
                Column::flexible("PATTERN", 12),
            ];
            format.print_many(&session.term, &all, columns, |policy| {
                vec![
                    Cell::new(policy.id.to_string()).role(Role::Id),
                    Cell::new(policy.kind.as_str()),
                    Cell::new(policy.name.as_str()),
                ]
            })?;
            Ok(())
        }
        BranchPolicyCommand::Add(args) => add(session, &connection, args).await,
        BranchPolicyCommand::Remove(args) => remove(session, &connection, args).await,
    }
}

/// Explains why there are no patterns.
async fn explain_no_patterns(target: TargetEnvironment<'_>) -> Result<String, Failure> {
    let environment = target.name;
    let found = target.get().await?;
    Ok(match found.branches() {
        Branches::All => format!("all branches can deploy to {environment}"),
        Branches::Protected => format!("all protected branches can deploy to {environment}"),
        Branches::Custom => format!("no pattern is set, so no branch can deploy to {environment}"),
    })
}

fn kind(args: &PatternsArgs) -> PatternKind {
    if args.tag {
        PatternKind::Tag
    } else {
        PatternKind::Branch
    }
}

async fn add(
    session: &Session,
    connection: &Connection,
    args: &PatternsArgs,
) -> anyhow::Result<()> {
    let (name, kind) = (args.environment.as_str(), kind(args));
    let target = TargetEnvironment::new(connection, name);
    for pattern in &args.patterns {
        let added = target.handle().add_branch_policy(&kind, pattern).await;
        let is_new = match added {
            Ok(is_new) => is_new,
            Err(error) => return Err(explain_addition(target, &error).await.into()),
        };
        let text = if is_new { "Added " } else { "Already exists: " };
        let text = Text::new()
            .plain(text)
            .with(Role::Id, format_pattern(&kind, pattern));
        session.term.note(text);
    }
    Ok(())
}

/// The failure of an addition. A 404 may also mean that the environment does not
/// use patterns.
async fn explain_addition(target: TargetEnvironment<'_>, error: &ApiError) -> Failure {
    let (name, permission) = (target.name, Permission::AdministerEnvironments);
    if error.status() != Some(404) {
        return target.explain(error, permission).await;
    }
    match target.handle().get().await {
        Ok(found) if found.branches() != Branches::Custom => Failure::new(
            Kind::Other,
            format!(
                "{name:?} has no patterns: {} branches can deploy",
                found.branches().as_str()
            ),
        )
        .hint(format!(
            "run 'deployctl env edit {name} --custom-branches' to use patterns"
        ))
        .detail("status", 404),
        Ok(_) => target.explain(error, permission).await,
        Err(_) => target.missing(),
    }
}

async fn remove(
    session: &Session,
    connection: &Connection,
    args: &PatternsArgs,
) -> anyhow::Result<()> {
    let (name, kind) = (args.environment.as_str(), kind(args));
    let target = TargetEnvironment::new(connection, name);
    let all = target.branch_policies().await?;
    let mut found = Vec::new();
    for pattern in &args.patterns {
        let policy = all
            .iter()
            .find(|one| one.kind == kind && one.name == *pattern);
        let Some(policy) = policy else {
            return Err(Failure::new(
                Kind::NothingThere,
                format!("{name:?} has no {kind} pattern {pattern:?}"),
            )
            .hint(format!(
                "run 'deployctl env branch-policy list {name}' to see the existing patterns"
            ))
            .into());
        };
        found.push(policy);
    }
    for policy in found {
        let removed = target.handle().delete_branch_policy(policy.id).await;
        if let Err(error) = removed
            && !is_gone(
                &error,
                || target.branch_policies(),
                |other| other.id == policy.id,
            )
            .await?
        {
            let permission = Permission::AdministerEnvironments;
            return Err(target.explain(&error, permission).await.into());
        }
        let text = Text::new().plain("Removed ");
        session
            .term
            .note(text.with(Role::Id, format_pattern(&policy.kind, &policy.name)));
    }
    Ok(())
}
