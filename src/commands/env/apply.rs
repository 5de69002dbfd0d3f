mod plan;

use std::path::PathBuf;

use clap::Args;

use super::blueprint::Document;
use super::details;
use super::diff::{self, Change};
use super::settings::reviewers;
use super::target::TargetEnvironment;
use crate::error::{Failure, Kind};
use crate::output::counted;
use crate::session::{Connection, Permission, Session, read_text};
use crate::term::Text;
use plan::EnvironmentPlan;

/// Apply an exported document of environments to a repository
///
/// Shows the changes and asks before it makes them. Settings that the document
/// leaves out, environments that it does not name and the values of secrets
/// stay as they are. Applying a document again changes nothing.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show the changes without making them
  deployctl env apply environments.json --dry-run

  # Apply it in a script
  deployctl env apply environments.json --yes

  # Copy the environments of a repository to another
  deployctl env export | deployctl env apply - -R acme/other --yes

The document is JSON, as 'deployctl env export' writes it:
  {\"version\": 1, \"environments\": [{\"name\": \"production\", \"wait_timer\": 30,
   \"reviewers\": [\"octocat\", \"acme/ops\"], \"prevent_self_review\": true,
   \"branches\": \"custom\", \"branch_policies\": [{\"name\": \"release/*\", \"type\": \"branch\"}],
   \"apps\": [], \"variables\": {\"REGION\": \"eu\"}, \"secrets\": [\"DEPLOY_KEY\"]}]}")]
pub struct ApplyArgs {
    /// Document to apply; - for stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Show the changes without making them
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask for confirmation
    #[arg(short, long)]
    pub yes: bool,
}

pub(super) async fn run(session: &Session, args: &ApplyArgs) -> anyhow::Result<()> {
    let format = session.format::<Change>()?;
    let document = Document::parse(&read_text("FILE", &args.file)?)?;
    let connection = session.connect(None).await?;
    let term = &session.term;
    let mut known = details::environments(&connection).await?;
    known.retain(|one| {
        document
            .environments
            .iter()
            .any(|other| other.name == one.name)
    });
    let known = details::load_all(&connection, known).await?;
    let mut plans = Vec::new();
    for blueprint in &document.environments {
        let details = known
            .iter()
            .find(|details| details.environment.name == blueprint.name);
        plans.push(EnvironmentPlan::new(blueprint, details)?);
    }
    for plan in &plans {
        warn_of_missing_secrets(session, plan);
    }
    plans.retain(|plan| !plan.changes.is_empty());
    let changes: Vec<Change> = plans.iter().flat_map(|plan| plan.changes.clone()).collect();
    if args.dry_run || changes.is_empty() {
        format.print_many(term, &changes, diff::columns(), diff::row)?;
        term.note(if changes.is_empty() {
            format!("{} is already up to date", connection.repo)
        } else {
            "dry run: nothing was changed".to_owned()
        });
        return Ok(());
    }
    diff::show(term, &changes);
    if !args.yes {
        let question = format!(
            "Make {} in {}?",
            counted(changes.len(), "change"),
            connection.repo
        );
        if !term.prompter().confirm(&question, "--yes")? {
            return Err(Failure::new(Kind::Other, "nothing was changed").into());
        }
    }
    let mut failed = Vec::new();
    for plan in &plans {
        if let Err(failure) = apply_plan(&connection, plan).await {
            failed.push((plan.name.as_str(), failure));
        }
    }
    let done = plans.len() - failed.len();
    if failed.is_empty() {
        if !format.is_human() {
            format.print_many(term, &changes, diff::columns(), diff::row)?;
        }
        term.note(format!("changed {}", counted(done, "environment")));
        return Ok(());
    }
    Err(combine_failures(done, &failed).into())
}

/// Warns of secrets without a value, since a document has no values of secrets.
fn warn_of_missing_secrets(session: &Session, plan: &EnvironmentPlan<'_>) {
    if plan.secrets.is_empty() {
        return;
    }
    session.term.warn(Text::new().plain(format!(
        "{} has no value for {}: a document has no values of secrets; set each with \
         'deployctl env secret set'",
        plan.name,
        plan.secrets.join(", ")
    )));
}

/// The failure for all environments that failed, with the kind of the first one.
fn combine_failures(done: usize, failed: &[(&str, Failure)]) -> Failure {
    let kind = failed
        .first()
        .map_or(Kind::Other, |(_, first)| first.kind());
    let lines: Vec<String> = failed
        .iter()
        .map(|(name, failure)| format!("  {name}: {}", failure.message()))
        .collect();
    let hints: Vec<String> = failed
        .iter()
        .flat_map(|(_, failure)| failure.hints().to_vec())
        .collect();
    let mut all = Failure::new(
        kind,
        format!(
            "{} could not be changed as requested; {done} could",
            counted(failed.len(), "environment")
        ),
    )
    .lines(lines)
    .hint("run it again; completed changes are not repeated");
    let mut shown_hints: Vec<String> = Vec::new();
    for hint in hints {
        if !shown_hints.contains(&hint) {
            all = all.hint(hint.as_str());
            shown_hints.push(hint);
        }
    }
    all
}

async fn apply_plan(connection: &Connection, plan: &EnvironmentPlan<'_>) -> Result<(), Failure> {
    let target = TargetEnvironment::new(connection, &plan.name);
    let administer = Permission::AdministerEnvironments;
    if plan.needs_settings {
        let mut settings = plan.settings.clone();
        let unknown = reviewers(connection, &plan.unknown_reviewers).await?;
        settings.reviewers.extend(unknown);
        settings.check()?;
        if let Err(error) = target.put(&plan.before, &settings).await? {
            let failure = target.explain(&error, administer).await;
            // With the permission, the environment would have been created.
            let is_missing = failure.kind() == Kind::NothingThere;
            return Err(if is_missing {
                target.cannot_create()
            } else {
                failure
            });
        }
    }
    target.add_patterns(&plan.new_patterns).await?;
    for id in &plan.old_patterns {
        let request = target.handle().delete_branch_policy(*id);
        target.request(administer, request).await?;
    }
    if !plan.new_apps.is_empty() {
        let available = target.available_apps().await?;
        for app in &plan.new_apps {
            target.enable_app(&available, app).await?;
        }
    }
    for id in &plan.old_apps {
        let request = target.handle().disable_custom_rule(*id);
        target.request(administer, request).await?;
    }
    for (name, value) in &plan.new_variables {
        target.set_variable(name, value).await?;
    }
    for name in &plan.old_variables {
        let request = target.handle().delete_variable(name);
        target
            .request(Permission::UseSecretsAndVariables, request)
            .await?;
    }
    Ok(())
}
