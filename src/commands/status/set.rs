use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::api::{ApiError, NewStatus};
use crate::error::Failure;
use crate::model::{DeploymentId, StatusState, parse_description, parse_url};
use crate::output::StatusRecord;
use crate::session::{Connection, Permission, Session, forbidden_if_visible};
use crate::term::{Role, Text};

/// Add a status to a deployment
///
/// Without a terminal the command prints the ID of the status only.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The deployment has started
  deployctl status set 4400000005 in_progress --log-url https://ci.example.com/1

  # The deployment is live
  deployctl status set 4400000005 success --environment-url https://staging.example.com

  # The deployment has failed
  deployctl status set 4400000005 failure --description 'smoke test failed'")]
pub struct SetArgs {
    /// ID of the deployment
    #[arg(value_name = "ID")]
    pub id: DeploymentId,

    /// State to set
    #[arg(value_name = "STATE", value_parser = clap::builder::PossibleValuesParser::new(StatusState::SETTABLE))]
    pub state: String,

    /// Description of at most 140 characters
    #[arg(long, value_parser = parse_description)]
    pub description: Option<String>,

    /// URL of the deployment's output
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    pub log_url: Option<String>,

    /// URL of the deployed environment
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    pub environment_url: Option<String>,

    /// Change the environment of the deployment
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Option<String>,

    /// Do not mark earlier deployments to the environment as inactive on
    /// success
    #[arg(long)]
    pub no_auto_inactive: bool,
}

pub(super) async fn run(session: &Session, args: &SetArgs) -> anyhow::Result<()> {
    let format = session.format::<StatusRecord>()?;
    let connection = session.connect(None).await?;
    let new = NewStatus {
        state: StatusState::from_word(&args.state),
        log_url: args.log_url.clone(),
        description: args.description.clone(),
        environment: args.environment.clone(),
        environment_url: args.environment_url.clone(),
        auto_inactive: args.no_auto_inactive.then_some(false),
    };
    let write = connection.repo().deployment(args.id).create_status(&new);
    let status = match session
        .track_write("the status may have been set", write)
        .await
    {
        Ok(status) => status,
        Err(error) => return Err(explain_refusal(&connection, args.id, &error).await.into()),
    };
    let record = StatusRecord::new(status);
    let term = &session.term;
    format.print_one(term, &record, || {
        let status = record.status();
        if !term.stdout_is_tty() {
            return term.line(status.id.map(|id| id.to_string()).unwrap_or_default());
        }
        let environment = status.environment.as_deref().unwrap_or_default();
        term.line(
            Text::new()
                .plain("Deployment ")
                .with(Role::Id, args.id.to_string())
                .plain(format!(" to {environment} reports "))
                .with(Role::of_status(&status.state), status.state.as_str()),
        )
    })?;
    Ok(())
}

/// The failure of a report. A 404 may mean that the token can't write
/// deployments.
async fn explain_refusal(connection: &Connection, id: DeploymentId, error: &ApiError) -> Failure {
    let failure = connection.explain_for_deployment(id, error);
    let is_visible = async {
        let found = connection.repo().deployment(id).get().await;
        found.is_ok()
    };
    forbidden_if_visible(failure, Permission::WriteDeployments, is_visible, || {
        format!("the token can see deployment {id} but can't report on it")
    })
    .await
}
