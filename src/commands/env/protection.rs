use clap::{Args, Subcommand};

use super::settings::parse_name;
use super::target::{TargetEnvironment, is_app, is_gone};
use crate::error::{Failure, Kind};
use crate::model::{CustomRule, Integration};
use crate::output::{Cell, Column};
use crate::session::{Connection, Permission, Session};
use crate::term::{Role, Text};

/// Manage the apps that gate deployments to an environment
///
/// These are custom deployment protection rules, which GitHub Apps provide.
/// Wait timer, reviewers and branches are options of 'env create' and 'env
/// edit'.
#[derive(Args, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  # The apps that gate production
  deployctl env protection list production

  # The apps that are available
  deployctl env protection list production --available

  # Enable the protection rule of an app
  deployctl env protection enable production my-gate"
)]
pub struct ProtectionArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ProtectionCommand,
}

/// The verbs of `env protection`.
#[derive(Debug, Subcommand)]
pub enum ProtectionCommand {
    /// List the apps that gate the environment
    #[command(after_help = "\
Examples:
  # The apps that gate production
  deployctl env protection list production

  # The apps that are available
  deployctl env protection list production --available

  # The names, one per line
  deployctl env protection list production --jq '.[].app.slug'")]
    List {
        /// Name of the environment
        #[arg(value_name = "ENV", value_parser = parse_name)]
        environment: String,

        /// List the apps that are available instead
        #[arg(long)]
        available: bool,
    },
    /// Enable the protection rule of an app
    #[command(after_help = "\
Examples:
  # Enable the protection rule of an app
  deployctl env protection enable production my-gate

  # List the apps that are available
  deployctl env protection list production --available
  deployctl env protection enable production my-gate

  # In another repository
  deployctl env protection enable production my-gate -R acme/other")]
    Enable(AppArgs),
    /// Disable the protection rule of an app
    #[command(after_help = "\
Examples:
  # Disable it
  deployctl env protection disable production your-gate

  # List the apps that gate it
  deployctl env protection list production
  deployctl env protection disable production your-gate

  # Show each request
  deployctl env protection disable production your-gate --verbose")]
    Disable(AppArgs),
}

/// An app and an environment.
#[derive(Args, Debug)]
pub struct AppArgs {
    /// Name of the environment
    #[arg(value_name = "ENV", value_parser = parse_name)]
    pub environment: String,

    /// App, by slug or ID
    #[arg(value_name = "APP")]
    pub app: String,
}

pub(super) async fn run(session: &Session, args: &ProtectionArgs) -> anyhow::Result<()> {
    let (enabled, available) = (
        session.format::<CustomRule>(),
        session.format::<Integration>(),
    );
    match &args.command {
        ProtectionCommand::List {
            environment,
            available: true,
        } => {
            let format = available?;
            let connection = session.connect(None).await?;
            let target = TargetEnvironment::new(&connection, environment);
            let all = target.available_apps().await?;
            if all.is_empty() {
                let note = format!("no app that could gate {environment} is installed");
                session.term.note(note);
            }
            let columns = vec![Column::rigid("ID"), Column::flexible("APP", 12)];
            format.print_many(&session.term, &all, columns, |app| {
                vec![
                    Cell::new(app.id.to_string()).role(Role::Id),
                    Cell::new(app.slug.as_str()),
                ]
            })?;
            Ok(())
        }
        ProtectionCommand::List { environment, .. } => {
            let format = enabled?;
            let connection = session.connect(None).await?;
            let target = TargetEnvironment::new(&connection, environment);
            let all = target.apps().await?;
            if all.is_empty() {
                session.term.note(format!("no app gates {environment}"));
            }
            let columns = vec![
                Column::rigid("ID"),
                Column::flexible("APP", 12),
                Column::rigid("ENABLED"),
            ];
            format.print_many(&session.term, &all, columns, |rule| {
                vec![
                    Cell::new(rule.id.to_string()).role(Role::Id),
                    Cell::new(rule.app.slug.as_str()),
                    Cell::new(rule.enabled.to_string()),
                ]
            })?;
            Ok(())
        }
        ProtectionCommand::Enable(args) => {
            let connection = session.connect(None).await?;
            enable(session, &connection, args).await
        }
        ProtectionCommand::Disable(args) => {
            let connection = session.connect(None).await?;
            disable(session, &connection, args).await
        }
    }
}

async fn enable(session: &Session, connection: &Connection, args: &AppArgs) -> anyhow::Result<()> {
    let name = args.environment.as_str();
    let target = TargetEnvironment::new(connection, name);
    let enabled = target.apps().await?;
    if enabled.iter().any(|rule| is_app(&rule.app, &args.app)) {
        session
            .term
            .note(format!("{} already gates {name}", args.app));
        return Ok(());
    }
    let available = target.available_apps().await?;
    let app = target.enable_app(&available, &args.app).await?;
    let text = Text::new().with(Role::Id, app.slug.as_str());
    session.term.note(text.plain(format!(" gates {name} now")));
    Ok(())
}

async fn disable(session: &Session, connection: &Connection, args: &AppArgs) -> anyhow::Result<()> {
    let name = args.environment.as_str();
    let target = TargetEnvironment::new(connection, name);
    let enabled = target.apps().await?;
    let rule = enabled.iter().find(|rule| is_app(&rule.app, &args.app));
    let rule = rule.ok_or_else(|| {
        Failure::new(
            Kind::NothingThere,
            format!("no app {:?} gates {name:?}", args.app),
        )
        .hint(format!(
            "run 'deployctl env protection list {name}' to see them"
        ))
    })?;
    if let Err(error) = target.handle().disable_custom_rule(rule.id).await
        && !is_gone(&error, || target.apps(), |app| app.id == rule.id).await?
    {
        let permission = Permission::AdministerEnvironments;
        return Err(target.explain(&error, permission).await.into());
    }
    let text = Text::new().with(Role::Id, rule.app.slug.as_str());
    session
        .term
        .note(text.plain(format!(" no longer gates {name}")));
    Ok(())
}
