use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::error::{Failure, Kind};
use crate::history::RollbackTarget;
use crate::moves::{Move, MoveOptions, Operation, PayloadChoice, Via};
use crate::session::Session;

/// The fewest digits of a SHA.
const MIN_SHA_DIGITS: usize = 7;

/// Deploy the previous good commit of an environment again
///
/// A commit is good if a deployment of it has succeeded and not failed after
/// that. The previous one is the one before the first success of what is live
/// now: after a rollback from B to A it is not B. If the newest deployment has
/// failed, the commit that is live is deployed again.
///
/// The payload, the task and the flags of the earlier deployment are sent again.
/// What a deployment does not bring back, such as data and secrets, stays as it
/// is.
///
/// A deployment that a job of GitHub Actions made is not repeated by a request:
/// no job starts for it. --via rerun runs the job again.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Return to the previous good commit
  deployctl rollback -e preview/pr-9 --yes

  # Show the candidates and what would be requested
  deployctl rollback -e preview/pr-9 --dry-run

  # Return to the commit of an earlier deployment, and wait for its end
  deployctl rollback -e preview/pr-9 --to 4400000006 --yes --wait

  # Lock the environment as well, so that the next deployment does not undo it
  deployctl rollback -e preview/pr-9 --lock='broken login' --yes

  # Two good commits back, in a script
  id=$(deployctl rollback -e preview/pr-9 --to -1 --yes)")]
pub struct RollbackArgs {
    /// Environment
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: String,

    /// What to return to: the ID of an earlier deployment, a SHA or at least 7
    /// digits of it, or -N for the Nth good commit before the live one
    #[arg(long, value_name = "ID|SHA|-N", default_value = "-1", hide_default_value = true,
        allow_hyphen_values = true, value_parser = parse_target)]
    pub to: RollbackTarget,

    /// How the commit gets there
    #[arg(long, value_name = "HOW", value_enum)]
    pub via: Option<Via>,

    /// Status check that must be green (repeatable; default: none, since the
    /// commit has been live)
    #[arg(long, value_name = "CONTEXT", value_parser = NonEmptyStringValueParser::new())]
    pub required_context: Vec<String>,

    /// Options of moves.
    #[command(flatten)]
    pub options: MoveOptions,
}

pub(super) async fn run(session: &Session, args: &RollbackArgs) -> anyhow::Result<()> {
    if args.via == Some(Via::Rerun) {
        let refused = [
            (args.options.wait.wait, "--wait"),
            (!args.required_context.is_empty(), "--required-context"),
        ];
        if let Some((_, option)) = refused.iter().find(|(is_given, _)| *is_given) {
            let message = format!("--via rerun and {option} cannot be used together");
            let hint = format!(
                "the job makes a new deployment: 'deployctl wait -e {} --newer-than ID' waits for it",
                args.environment
            );
            return Err(Failure::new(Kind::Usage, message).hint(hint).into());
        }
    }
    Move {
        session,
        operation: Operation::Rollback {
            environment: args.environment.clone(),
            target: args.to.clone(),
        },
        options: &args.options,
        payload: PayloadChoice::Copy,
        required_contexts: Some(args.required_context.clone()),
        via: args.via,
    }
    .run()
    .await
}

/// Reads `--to`. A number is an ID; a SHA of digits alone has to be complete.
fn parse_target(text: &str) -> Result<RollbackTarget, String> {
    let wrong = || {
        format!(
            "use the ID of a deployment, a SHA or at least {MIN_SHA_DIGITS} digits of it, or -N"
        )
    };
    if let Some(steps) = text.strip_prefix('-') {
        let steps: usize = steps.parse().map_err(|_| wrong())?;
        return match steps {
            0 => Err(wrong()),
            steps => Ok(RollbackTarget::Back(steps)),
        };
    }
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && (text.len() == 40 || text.len() == 64) {
        return Ok(RollbackTarget::Commit(text.to_ascii_lowercase()));
    }
    if let Ok(id) = text.parse() {
        return Ok(RollbackTarget::Deployment(id));
    }
    if is_hex && text.len() >= MIN_SHA_DIGITS {
        return Ok(RollbackTarget::Commit(text.to_ascii_lowercase()));
    }
    Err(wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DeploymentId;

    #[test]
    fn a_target_is_an_id_a_sha_or_a_number_of_steps() {
        let commit = |text: &str| Ok(RollbackTarget::Commit(text.to_owned()));
        for (text, expected) in [
            ("-1", Ok(RollbackTarget::Back(1))),
            ("-12", Ok(RollbackTarget::Back(12))),
            (
                "4400000005",
                Ok(RollbackTarget::Deployment(DeploymentId(4_400_000_005))),
            ),
            ("ABCDEF1", commit("abcdef1")),
            (
                "0123456789012345678901234567890123456789",
                commit("0123456789012345678901234567890123456789"),
            ),
        ] {
            assert_eq!(parse_target(text), expected, "{text}");
        }
        for text in ["", "-", "-0", "-x", "abcdef", "main", "0"] {
            assert!(parse_target(text).is_err(), "{text:?}");
        }
    }
}
