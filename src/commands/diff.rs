mod compare;
mod record;
mod rows;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use url::Url;

use crate::api::{CommitName, EnvironmentHistory, NamedCommit};
use crate::error::{Failure, Kind};
use crate::exit;
use crate::history::{read_until_live, require_deployments, require_live};
use crate::output::Record;
use crate::session::{Connection, Session};
use compare::{Needs, compare};
use record::{DiffRecord, Ends, Side};
use rows::View;

/// The fields of `diff --json`.
pub(super) const FIELDS: &[&str] = DiffRecord::FIELDS;

/// Show what is between two environments, or an environment and a ref
///
/// Compares what is live in ENV with what is live in the second environment, or
/// with a ref: the commits that the second one has and ENV lacks are marked
/// with +, and those that only ENV has with -, oldest first.
///
/// What is live is the newest deployment whose latest status is success. A name
/// that is both an environment and a branch is the environment;
/// refs/heads/NAME is the branch.
///
/// A checkout with the whole history is compared with git; its files are then
/// complete. The accounts of authors and pull requests are from GitHub.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
#[command(after_help = "\
Examples:
  # What the next deployment of the default branch to production brings
  deployctl diff production

  # What is on staging and not yet in production, by pull request
  deployctl diff production staging --pulls

  # Deploy only if there is something to deploy
  deployctl diff production main --exit-status >/dev/null || deployctl create --ref main

  # The SHAs of all commits, for a script
  deployctl diff production main --json=commits --jq '.commits[].sha'")]
pub struct DiffArgs {
    /// Environment to compare from
    #[arg(value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: String,

    /// Environment or ref to compare with [default: the default branch]
    #[arg(value_name = "ENV|REF", value_parser = NonEmptyStringValueParser::new())]
    pub other: Option<String>,

    /// Task of the deployments [default: that of the newest live one]
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub task: Option<String>,

    /// List the commits; this is the default
    #[arg(long, group = "view")]
    pub commits: bool,

    /// List the pull requests with their authors
    #[arg(long, group = "view")]
    pub pulls: bool,

    /// List the files that differ; without a checkout GitHub names 300 at most
    #[arg(long, group = "view")]
    pub files: bool,

    /// Show only how many commits, files and lines differ
    #[arg(long, group = "view")]
    pub stat: bool,

    /// Exit 0 if both are the same commit, and 8 if they differ
    #[arg(long)]
    pub exit_status: bool,

    /// Open the comparison in a browser; without a terminal, print its URL
    #[arg(short, long)]
    pub web: bool,
}

pub(super) async fn run(session: &Session, args: &DiffArgs) -> anyhow::Result<()> {
    let format = session.format::<DiffRecord>()?;
    let connection = session.connect(None).await?;
    let ends = find_ends(session, &connection, args).await?;
    let url = compare_url(&connection, &ends);
    if args.web {
        return session.open_page(&url);
    }
    let needs = if format.is_human() {
        args.view().needs()
    } else {
        let needs_any = |fields: &[&str]| fields.iter().any(|field| format.needs(field));
        let pulls = needs_any(&["pulls", "behind_pulls", "authors"]);
        let logins = needs_any(&["commits", "behind_commits"]);
        Needs {
            commits: pulls || logins || needs_any(&["truncated"]),
            logins,
            pulls,
            files: needs_any(&["files", "truncated"]),
        }
    };
    let record = compare(session, &connection, ends, needs, url.into()).await?;
    let term = &session.term;
    format.print_one(term, &record, || rows::print(term, args.view(), &record))?;
    if format.is_human() && !args.stat {
        term.progress(record.summary());
    }
    if args.exit_status && record.differs() {
        session.exit_with(exit::NOT_FINISHED);
    }
    Ok(())
}

impl DiffArgs {
    fn view(&self) -> View {
        match (self.pulls, self.files, self.stat) {
            (true, _, _) => View::Pulls,
            (_, true, _) => View::Files,
            (_, _, true) => View::Stat,
            _ => View::Commits,
        }
    }
}

/// Finds the two commits: one request, unless the live deployment is not among
/// the newest 100.
async fn find_ends(
    session: &Session,
    connection: &Connection,
    args: &DiffArgs,
) -> anyhow::Result<Ends> {
    let mut names = vec![args.environment.as_str()];
    let mut wanted = CommitName::DefaultBranch;
    if let Some(other) = &args.other {
        names.push(other);
        wanted = CommitName::Ref(other.clone());
    }
    let found = connection.repo().histories(&names, Some(&wanted)).await;
    let (mut histories, commit) = found.map_err(|error| connection.explain(&error))?;
    let task = args.task.as_deref();
    let other = histories.split_off(1).pop();
    let base = match histories.pop() {
        Some(history) => live_side(session, connection, history, task).await?,
        None => return Err(Failure::new(Kind::Other, "no history was read").into()),
    };
    let head = match (other, commit) {
        (Some(history), _) if !history.deployments.is_empty() => {
            live_side(session, connection, history, task).await?
        }
        (_, Some(NamedCommit { name, sha })) => Side {
            r#ref: Some(name),
            environment: None,
            deployment: None,
            sha,
        },
        (_, None) => return Err(unknown_head(connection, args.other.as_deref()).into()),
    };
    Ok(Ends { base, head })
}

async fn live_side(
    session: &Session,
    connection: &Connection,
    mut history: EnvironmentHistory,
    task: Option<&str>,
) -> Result<Side, Failure> {
    read_until_live(connection, &mut history, task).await?;
    require_deployments(connection, &history).await?;
    let live = require_live(&history, task)?;
    session.update_cache(connection, |cache| {
        cache.add_environment(&history.environment);
    });
    Ok(Side {
        r#ref: live.ref_name.clone(),
        environment: Some(history.environment.clone()),
        deployment: Some(live.id),
        sha: live.sha.clone(),
    })
}

fn unknown_head(connection: &Connection, other: Option<&str>) -> Failure {
    let repo = &connection.repo;
    match other {
        Some(name) => Failure::new(
            Kind::NothingThere,
            format!("{repo} has neither deployments to {name} nor a branch, tag or commit {name}"),
        )
        .hint("check the name; a commit must have been pushed"),
        None => Failure::new(
            Kind::NothingThere,
            format!("{repo} has no default branch with a commit"),
        )
        .hint("name a second environment or a ref"),
    }
}

/// The page of the comparison.
fn compare_url(connection: &Connection, ends: &Ends) -> Url {
    let commits = format!("{}...{}", ends.base.sha, ends.head.sha);
    let endpoints = connection.client.endpoints();
    endpoints.repository_page(&connection.repo, &["compare", &commits])
}
