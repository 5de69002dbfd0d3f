use clap::Args;
use futures_util::TryStreamExt;

use super::settings::parse_name;
use super::target::TargetEnvironment;
use crate::api::{ApiError, DeploymentFilter, Paging};
use crate::error::{Failure, Kind};
use crate::output::counted;
use crate::session::{Connection, Permission, Session};
use crate::term::{Role, Text};

/// Delete an environment
///
/// This also deletes its protection rules, secrets and variables, and jobs that
/// wait for it fail. Its deployments are kept.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Show what is deleted with it, and ask
  deployctl env delete preview/pr-7

  # Show what would be deleted
  deployctl env delete preview/pr-7 --dry-run

  # In a script, even if it does not exist any more
  deployctl env delete preview/pr-7 --yes --ignore-missing")]
pub struct DeleteArgs {
    /// Name of the environment
    #[arg(value_name = "ENV", value_parser = parse_name)]
    pub name: String,

    /// Do not ask for confirmation
    #[arg(short, long)]
    pub yes: bool,

    /// Exit 0 if the environment does not exist
    #[arg(long)]
    pub ignore_missing: bool,

    /// Show what would be deleted, without deleting it
    #[arg(long)]
    pub dry_run: bool,
}

pub(super) async fn run(session: &Session, args: &DeleteArgs) -> anyhow::Result<()> {
    match delete(session, args).await {
        Err(error) => match error.downcast::<Failure>() {
            Ok(failure) if args.ignore_missing && failure.kind() == Kind::NothingThere => {
                session.term.note(failure.message());
                Ok(())
            }
            Ok(failure) => Err(failure.into()),
            Err(error) => Err(error),
        },
        done => done,
    }
}

async fn delete(session: &Session, args: &DeleteArgs) -> anyhow::Result<()> {
    let (term, name) = (&session.term, args.name.as_str());
    if !args.yes && !args.dry_run && !term.may_prompt() {
        return Err(Failure::new(
            Kind::Usage,
            format!("deleting the environment {name:?} without a terminal requires --yes"),
        )
        .into());
    }
    let connection = session.connect(None).await?;
    let repo = &connection.repo;
    if !args.yes || args.dry_run {
        let loss = describe_loss(&connection, name).await?;
        term.note(
            Text::new()
                .plain("Deleting ")
                .with(Role::Id, name)
                .plain(format!(" also deletes {loss}; its deployments are kept")),
        );
    }
    if args.dry_run {
        term.note("dry run: nothing was deleted");
        return Ok(());
    }
    if !args.yes {
        let question = format!("Delete the environment of {repo}?");
        if !term.prompter().confirm_typed(&question, name, "--yes")? {
            return Err(Failure::new(Kind::Other, "nothing was deleted").into());
        }
    }
    let target = TargetEnvironment::new(&connection, name);
    let request = target.handle().delete();
    target
        .request(Permission::AdministerEnvironments, request)
        .await?;
    session.update_cache(&connection, |cache| cache.remove_environment(name));
    term.note(
        Text::new()
            .plain("Deleted the environment ")
            .with(Role::Id, name),
    );
    Ok(())
}

/// Describes what is deleted with an environment, as far as the token may see it.
async fn describe_loss(connection: &Connection, name: &str) -> Result<String, Failure> {
    let Connection { client, repo, .. } = connection;
    let target = TargetEnvironment::new(connection, name);
    let filter = DeploymentFilter {
        environment: Some(name.to_owned()),
        ..DeploymentFilter::default()
    };
    let newest = client
        .repo(repo)
        .deployments_with_state(&filter, Paging::up_to(1))
        .try_concat();
    let (environment, secrets, variables, newest) = tokio::join!(
        target.handle().get(),
        target.handle().secrets(),
        target.handle().variables(),
        newest
    );
    let environment = match environment {
        Ok(environment) => environment,
        Err(error) => {
            return Err(target.explain(&error, Permission::ReadEnvironments).await);
        }
    };
    let state = match newest.ok().and_then(|newest| newest.into_iter().next()) {
        Some(newest) => format!(" (the newest deployment is {})", newest.state),
        None => String::new(),
    };
    Ok(format!(
        "{}, {} and {}{state}",
        counted_or_no(environment.protection_rules.len(), "protection rule"),
        known(&secrets.map(|all| all.len()), "secret"),
        known(&variables.map(|all| all.len()), "variable"),
    ))
}

fn known(count: &Result<usize, ApiError>, what: &str) -> String {
    match count {
        Ok(count) => counted_or_no(*count, what),
        Err(_) => format!("its {what}s (the token may not count them)"),
    }
}

fn counted_or_no(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}"),
        some => counted(some, what),
    }
}
