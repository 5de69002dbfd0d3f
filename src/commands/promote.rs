use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::error::{Failure, Kind};
use crate::model::parse_age;
use crate::moves::{Move, MoveOptions, Operation, PayloadChoice};
use crate::request::{RequiredContexts, read_payload};
use crate::session::Session;

/// Deploy what is live in one environment to another
///
/// Requests a deployment of the exact commit that is live in FROM, whatever its
/// branch points to by now. Nothing is requested if the commit is live in TO
/// already, or if FROM changes before the request is sent.
///
/// Without a terminal the command prints the ID of the deployment only; the
/// command that undoes it goes to stderr.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Deploy what is live on staging to production
  deployctl promote staging production --yes

  # Show what would be requested
  deployctl promote staging production --dry-run

  # Only what has been live for two hours, and wait for its end
  deployctl promote preview/pr-7 production --min-age 2h --yes --wait

  # In a script, with the payload of the deployment to staging
  id=$(deployctl promote staging production --copy-payload --yes)")]
pub struct PromoteArgs {
    /// Environment whose live commit is deployed
    #[arg(value_name = "FROM", value_parser = NonEmptyStringValueParser::new())]
    pub from: String,

    /// Environment to deploy to
    #[arg(value_name = "TO", value_parser = NonEmptyStringValueParser::new())]
    pub to: String,

    /// How long ago the deployment to FROM must have succeeded, such as 2h
    #[arg(long, value_name = "TIME", value_parser = parse_age)]
    pub min_age: Option<Duration>,

    /// Copy the payload of the deployment to FROM
    #[arg(long, group = "payload_choice")]
    pub copy_payload: bool,

    /// Payload for the deployer: a JSON object or string, @FILE, or - for stdin
    #[arg(long, value_name = "JSON|@FILE|-", group = "payload_choice")]
    pub payload: Option<String>,

    /// Send no payload
    #[arg(long, group = "payload_choice")]
    pub no_payload: bool,

    /// The status checks.
    #[command(flatten)]
    pub checks: RequiredContexts,

    /// Options of moves.
    #[command(flatten)]
    pub options: MoveOptions,
}

pub(super) async fn run(session: &Session, args: &PromoteArgs) -> anyhow::Result<()> {
    if args.from == args.to {
        return Err(Failure::new(Kind::Usage, "both environments are the same").into());
    }
    let payload = match &args.payload {
        Some(argument) => PayloadChoice::Replace(Some(read_payload(argument)?)),
        None if args.copy_payload => PayloadChoice::Copy,
        None if args.no_payload => PayloadChoice::Replace(None),
        None => PayloadChoice::Undecided,
    };
    Move {
        session,
        operation: Operation::Promote {
            from: args.from.clone(),
            to: args.to.clone(),
            min_age: args.min_age,
        },
        options: &args.options,
        payload,
        required_contexts: args.checks.to_contexts(),
        via: None,
    }
    .run()
    .await
}
