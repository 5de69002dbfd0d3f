mod plan;

use std::path::PathBuf;

use clap::Args;

use super::blueprint::Document;
use super::create::{add_patterns, cannot_create};
use super::diff::{self, Change};
use super::edit::{columns, row};
use super::export;
use super::failure::refused;
use super::protection::{available, is_meant, no_such_app};
use super::put::put;
use super::settings::reviewers;
use super::variable;
use crate::error::{Failure, Kind};
use crate::session::{Connection, Permission, Session, read_text};
use crate::term::Text;
use plan::Plan;

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

/// Applies it.
pub(super) async fn run(session: &Session, args: &ApplyArgs) -> anyhow::Result<()> {
    let format = session.format::<Change>()?;
    let document = Document::parse(&read_text("FILE", &args.file)?)?;
    let connection = session.connect(None).await?;
    let term = &session.term;
    let mut known = export::all(&connection).await?;
    known.retain(|one| {
        document
            .environments
            .iter()
            .any(|other| other.name == one.name)
    });
    let known = export::of_each(&connection, known).await?;
    let mut plans = Vec::new();
    for blueprint in &document.environments {
        let details = known
            .iter()
            .find(|details| details.environment.name == blueprint.name);
        plans.push(Plan::of(blueprint, details)?);
    }
    for plan in &plans {
        tell_of_secrets(session, plan);
    }
    plans.retain(|plan| !plan.changes.is_empty());
    let changes: Vec<Change> = plans.iter().flat_map(|plan| plan.changes.clone()).collect();
    if args.dry_run || changes.is_empty() {
        format.print_many(term, &changes, columns(), row)?;
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
        if let Err(failure) = carry_out(&connection, plan).await {
            failed.push((plan.name.as_str(), failure));
        }
    }
    let done = plans.len() - failed.len();
    if failed.is_empty() {
        if !format.is_human() {
            format.print_many(term, &changes, columns(), row)?;
        }
        term.note(format!("changed {}", counted(done, "environment")));
        return Ok(());
    }
    Err(some_failed(done, &failed).into())
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Values of secrets travel in no document: whoever applies it has to know
/// which are missing.
fn tell_of_secrets(session: &Session, plan: &Plan<'_>) {
    if plan.secrets.is_empty() {
        return;
    }
    session.term.warn(Text::new().plain(format!(
        "{} lacks a value for {}: a document has no values of secrets; set each with \
         'deployctl env secret set'",
        plan.name,
        plan.secrets.join(", ")
    )));
}

/// The failure of all that failed; the kind of the first decides.
fn some_failed(done: usize, failed: &[(&str, Failure)]) -> Failure {
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
            "{} could not be changed as asked; {done} could",
            counted(failed.len(), "environment")
        ),
    )
    .lines(lines)
    .hint("run it again; what is done is not repeated");
    let mut told: Vec<String> = Vec::new();
    for hint in hints {
        if !told.contains(&hint) {
            all = all.hint(hint.as_str());
            told.push(hint);
        }
    }
    all
}

async fn carry_out(connection: &Connection, plan: &Plan<'_>) -> Result<(), Failure> {
    let (client, repo, name) = (&connection.client, &connection.repo, plan.name.as_str());
    if plan.needs_settings {
        let mut settings = plan.settings.clone();
        let unknown = reviewers(connection, &plan.unknown_reviewers).await?;
        settings.reviewers.extend(unknown);
        settings.check()?;
        if let Err(error) = put(connection, name, &plan.before, &settings).await? {
            let failure =
                refused(connection, name, &error, Permission::AdministerEnvironments).await;
            // It would have been made, were that allowed.
            let is_missing = failure.kind() == Kind::NothingThere;
            return Err(if is_missing {
                cannot_create(connection, name)
            } else {
                failure
            });
        }
    }
    add_patterns(connection, name, &plan.new_patterns).await?;
    for id in &plan.old_patterns {
        if let Err(error) = client
            .repo(repo)
            .environment(name)
            .delete_branch_policy(*id)
            .await
        {
            return Err(
                refused(connection, name, &error, Permission::AdministerEnvironments).await,
            );
        }
    }
    if !plan.new_apps.is_empty() {
        let all = available(connection, name).await?;
        for word in &plan.new_apps {
            let app = all.iter().find(|app| is_meant(app, word));
            let app = app.ok_or_else(|| no_such_app(name, word))?;
            if let Err(error) = client
                .repo(repo)
                .environment(name)
                .enable_custom_rule(app.id)
                .await
            {
                return Err(
                    refused(connection, name, &error, Permission::AdministerEnvironments).await,
                );
            }
        }
    }
    for id in &plan.old_apps {
        if let Err(error) = client
            .repo(repo)
            .environment(name)
            .disable_custom_rule(*id)
            .await
        {
            return Err(
                refused(connection, name, &error, Permission::AdministerEnvironments).await,
            );
        }
    }
    for (entry, value) in &plan.new_variables {
        variable::set(connection, name, (entry, value)).await?;
    }
    for entry in &plan.old_variables {
        if let Err(error) = client
            .repo(repo)
            .environment(name)
            .delete_variable(entry)
            .await
        {
            return Err(
                refused(connection, name, &error, Permission::UseSecretsAndVariables).await,
            );
        }
    }
    Ok(())
}
