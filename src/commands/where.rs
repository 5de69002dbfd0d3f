use std::collections::{BTreeSet, HashMap};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::api::{CommitName, LiveEnvironment, NamedCommit, in_order_local};
use crate::error::{Failure, Kind};
use crate::exit;
use crate::history::contains;
use crate::model::{DeploymentId, DeploymentSummary, Endpoints, Pattern, RepoSlug};
use crate::output::{Cell, Column, Record, RepositoryRecord, short_sha};
use crate::session::{Connection, RepositoryArgs, Session, suggest_environment};
use crate::term::Role;

/// How many comparisons are requested in parallel.
const MAX_PARALLEL: usize = 10;

/// Show which environments a commit or pull request is live in
///
/// An environment contains a commit if the commit that is live there is that one
/// or a later one. A merged pull request stands for the commit that it was
/// merged as, and an open one for its head.
///
/// Exits with 0 if all environments contain the commit, and with 8 if not. In
/// several repositories, those that lack the commit count as unknown; if all lack
/// it, the command exits with 3.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Is the fix of a pull request in production yet?
  deployctl where '#7' -e production

  # Where is the current commit live?
  deployctl where \"$(git rev-parse HEAD)\"

  # Go on only if a release is on staging
  deployctl where v1.2.0 -e staging && deployctl promote staging production --dry-run

  # Where a release of several repositories is live
  deployctl where v1.2.0 -R acme/shop -R acme/other

  # The environments that lack a tag
  deployctl where v1.2.0 --json --jq '.[] | select(.contained != true).environment'")]
pub struct WhereArgs {
    /// Commit: a SHA, '#' and the number of a pull request, the URL of either,
    /// a branch or a tag
    #[arg(value_name = "SHA|#PR|URL|REF", value_parser = NonEmptyStringValueParser::new())]
    pub commit: String,

    /// Environment, or a pattern with *, ? and [abc] (repeatable) [default: all]
    #[arg(short, long, value_name = "ENV", value_parser = NonEmptyStringValueParser::new())]
    pub environment: Vec<String>,

    /// Task of the deployments [default: that of the newest live one]
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub task: Option<String>,

    #[command(flatten)]
    pub repositories: RepositoryArgs,
}

/// Whether an environment contains the commit, as `where --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct WhereRecord {
    environment: String,
    /// The live deployment.
    deployment: Option<DeploymentId>,
    /// The live commit.
    sha: Option<String>,
    /// `None` if that is not known.
    contained: Option<bool>,
    /// Since when the deployment has been live.
    since: Option<Timestamp>,
}

impl Record for WhereRecord {
    const FIELDS: &'static [&'static str] =
        &["environment", "deployment", "sha", "contained", "since"];
}

/// The fields of `where --json`.
pub(super) const FIELDS: &[&str] = WhereRecord::FIELDS;

pub(super) async fn run(session: &Session, args: &WhereArgs) -> anyhow::Result<()> {
    let several = args.repositories.selects_several(&session.global);
    let format = session.format_for::<WhereRecord>(several)?;
    if several && (args.commit.starts_with('#') || args.commit.contains("://")) {
        let what = format!("{} names something in one repository", args.commit);
        return Err(Failure::new(Kind::Usage, what)
            .hint("name a commit, a branch or a tag to search several repositories")
            .into());
    }
    let mut repositories = session.connect_all(&args.repositories, None).await?;
    let place = repositories.place();
    let read = async |connection: &Connection| {
        let endpoints = connection.client.endpoints();
        let name = parse_commit(&args.commit, endpoints, &connection.repo)?;
        let (found, commit) = find_live(session, connection, args, &name).await?;
        if !several {
            check_found(connection, args, &found, commit.as_ref()).await?;
        }
        let sha = commit.as_ref().map(|commit| commit.sha.as_str());
        let records = locate(session, connection, found, sha).await?;
        Ok((records, commit))
    };
    let mut records = Vec::new();
    let mut is_commit_known = false;
    for (connection, (found, commit)) in repositories.read_each(read).await? {
        is_commit_known |= commit.is_some();
        if let Some(commit) = commit.filter(|commit| !several && args.commit != commit.sha) {
            session
                .term
                .progress(format!("{} is {}", commit.name, short_sha(&commit.sha)));
        }
        let repo = several.then_some(&connection.repo);
        let found = found.into_iter();
        records.extend(found.map(|record| RepositoryRecord::new(repo, record)));
    }
    if !is_commit_known || records.is_empty() {
        repositories.unreadable.report(session);
        return Err(nothing_found(args, &place, is_commit_known).into());
    }
    let now = Timestamp::now();
    let columns = RepositoryRecord::<WhereRecord>::columns(several, columns());
    format.print_many(&session.term, &records, columns, |record| {
        record.row(|record| row(record, now))
    })?;
    let is_contained = |one: &RepositoryRecord<WhereRecord>| one.record().contained == Some(true);
    if !records.iter().all(is_contained) {
        session.exit_with(exit::NOT_FINISHED);
    }
    repositories.unreadable.report(session);
    Ok(())
}

/// The failure if no repository has the commit, or none has such an environment.
fn nothing_found(args: &WhereArgs, place: &str, is_commit_known: bool) -> Failure {
    let what = if is_commit_known {
        format!("there is no such environment in {place}")
    } else {
        format!("{} is not in {place}", args.commit)
    };
    Failure::new(Kind::NothingThere, what).hint("check the name; a commit must have been pushed")
}

/// Reads what names the commit.
///
/// # Errors
/// `Usage` for a URL of another repository, or of neither a commit, a pull
/// request nor a branch.
fn parse_commit(text: &str, endpoints: &Endpoints, repo: &RepoSlug) -> Result<CommitName, Failure> {
    if let Some(number) = text.strip_prefix('#') {
        return parse_pull(number).ok_or_else(|| {
            Failure::new(Kind::Usage, format!("{text:?} is not a pull request"))
                .hint("write '#' and its number, such as '#7'")
        });
    }
    if !text.contains("://") {
        return Ok(CommitName::Ref(text.to_owned()));
    }
    let usage = |message: String| Failure::new(Kind::Usage, message);
    let Ok(url) = Url::parse(text) else {
        return Err(usage(format!("{text:?} is not a URL")));
    };
    let page = endpoints.parse_repository_page(&url);
    let Some((_, rest)) = page.filter(|(page_repo, _)| page_repo == repo) else {
        let message = format!("{text} is not in the repository {repo}");
        return Err(usage(message).hint("name its repository with -R"));
    };
    let decoded = |words: &[&str]| {
        let text = words.join("/");
        percent_encoding::percent_decode_str(&text)
            .decode_utf8_lossy()
            .into_owned()
    };
    match &rest[..] {
        ["pull", _, "commits", sha] | ["commit", sha, ..] => Ok(CommitName::Ref((*sha).to_owned())),
        ["pull", number, ..] => parse_pull(number)
            .ok_or_else(|| usage(format!("{text} is not the page of a pull request"))),
        ["tree", name @ ..] if !name.is_empty() => Ok(CommitName::Ref(decoded(name))),
        _ => Err(usage(format!("{text} is the page of no commit"))
            .hint("give the URL of a commit, a pull request or a branch")),
    }
}

fn parse_pull(number: &str) -> Option<CommitName> {
    // GraphQL's numbers are this wide.
    let number: u32 = number.parse().ok().filter(|number| *number > 0)?;
    i32::try_from(number).ok()?;
    Some(CommitName::Pull(number.into()))
}

/// Finds the commit, if it exists, and what is live in the selected environments.
async fn find_live(
    session: &Session,
    connection: &Connection,
    args: &WhereArgs,
    name: &CommitName,
) -> anyhow::Result<(Vec<LiveEnvironment>, Option<NamedCommit>)> {
    let asked = &args.environment;
    let has_pattern = asked.iter().any(|text| Pattern::is_pattern(text));
    let names: Vec<&str> = if has_pattern {
        Vec::new()
    } else {
        asked.iter().map(String::as_str).collect()
    };
    let task = args.task.as_deref();
    let repo = connection.repo();
    let found = repo.live_environments(&names, task, name).await;
    let (mut found, commit) = found.map_err(|error| connection.explain(&error))?;
    session.update_cache(connection, |cache| {
        for one in &found {
            cache.add_environment(&one.name);
        }
    });
    if !asked.is_empty() {
        let patterns: Vec<Pattern> = asked.iter().map(Pattern::new).collect();
        found.retain(|one| patterns.iter().any(|pattern| pattern.fits(&one.name)));
    }
    Ok((found, commit))
}

/// Checks that a repository has the commit and the environments.
async fn check_found(
    connection: &Connection,
    args: &WhereArgs,
    found: &[LiveEnvironment],
    commit: Option<&NamedCommit>,
) -> Result<(), Failure> {
    if commit.is_none() {
        return Err(unknown_commit(connection, &args.commit));
    }
    for text in &args.environment {
        let pattern = Pattern::new(text);
        if !found.iter().any(|one| pattern.fits(&one.name)) {
            let repo = &connection.repo;
            let failure = Failure::new(
                Kind::NothingThere,
                format!("there is no environment {text} in {repo}"),
            );
            let hint = suggest_environment(connection, text).await;
            return Err(failure.with_hints(hint));
        }
    }
    if found.is_empty() {
        let message = format!("{} has no environment", connection.repo);
        return Err(Failure::new(Kind::NothingThere, message));
    }
    Ok(())
}

fn unknown_commit(connection: &Connection, text: &str) -> Failure {
    let repo = &connection.repo;
    Failure::new(Kind::NothingThere, format!("{repo} has no {text}"))
        .hint("check the name; a commit must have been pushed")
}

/// Determines which environments contain the commit. Each live commit is compared
/// once. Without a commit that is not known.
async fn locate(
    session: &Session,
    connection: &Connection,
    environments: Vec<LiveEnvironment>,
    commit: Option<&str>,
) -> Result<Vec<WhereRecord>, Failure> {
    let live: BTreeSet<&str> = environments
        .iter()
        .filter_map(|one| one.live.as_ref().filter(|_| commit.is_some()))
        .map(|live| live.sha.as_str())
        .collect();
    let wanted = commit.unwrap_or_default();
    let contained: Vec<Option<bool>> = in_order_local(live.clone(), MAX_PARALLEL, |sha| {
        contains(session, connection, sha, wanted)
    })
    .try_collect()
    .await
    .map_err(|error| connection.explain(&error))?;
    let known: HashMap<&str, Option<bool>> = live.into_iter().zip(contained).collect();
    let records = environments.iter().map(|one| {
        let live = one.live.as_ref();
        let contained = match live {
            Some(live) => known.get(live.sha.as_str()).copied().flatten(),
            None => (one.is_known && commit.is_some()).then_some(false),
        };
        WhereRecord {
            environment: one.name.clone(),
            deployment: one.deployment_id(),
            sha: live.map(|live| live.sha.clone()),
            contained,
            since: live.map(DeploymentSummary::since),
        }
    });
    Ok(records.collect())
}

fn columns() -> Vec<Column> {
    vec![
        Column::flexible("ENVIRONMENT", 11),
        Column::rigid("CONTAINED"),
        Column::rigid("LIVE"),
        Column::rigid("DEPLOYMENT").optional(),
        Column::rigid("SINCE"),
    ]
}

fn row(record: &WhereRecord, now: Timestamp) -> Vec<Cell> {
    let (contained, role) = match record.contained {
        Some(true) => ("yes", Role::Success),
        Some(false) => ("no", Role::Failure),
        None => ("unknown", Role::Pending),
    };
    let id = record.deployment.map(|id| id.to_string());
    vec![
        Cell::new(record.environment.as_str()),
        Cell::new(contained).role(role),
        record.sha.as_deref().map(Cell::sha).unwrap_or_default(),
        Cell::new(id.unwrap_or_default()).role(Role::Id),
        Cell::age(record.since, now),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<CommitName, Kind> {
        let root = "https://git.example.com/api/v3".parse().expect("a URL");
        let endpoints = Endpoints::from_rest(&root);
        let repo = "acme/shop".parse().expect("a repository");
        parse_commit(text, &endpoints, &repo).map_err(|failure| failure.kind())
    }

    #[test]
    fn a_commit_is_named_by_sha_ref_number_or_url() {
        let name = |text: &str| Ok(CommitName::Ref(text.to_owned()));
        for (text, expected) in [
            ("main", name("main")),
            ("release/1", name("release/1")),
            ("0123456", name("0123456")),
            ("#7", Ok(CommitName::Pull(7))),
            (
                "https://git.example.com/acme/shop/pull/7",
                Ok(CommitName::Pull(7)),
            ),
            (
                "https://git.example.com/ACME/Shop/pull/7/files#diff",
                Ok(CommitName::Pull(7)),
            ),
            (
                "https://git.example.com/acme/shop/pull/7/commits/abc1234",
                name("abc1234"),
            ),
            (
                "https://git.example.com/acme/shop/commit/abc1234?w=1",
                name("abc1234"),
            ),
            (
                "https://git.example.com/acme/shop/tree/release/1.0%2B",
                name("release/1.0+"),
            ),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        for text in [
            "#",
            "#x",
            "#0",
            "#4294967296",
            "https://git.example.com/acme/other/pull/7",
            "https://git.example.com:8443/acme/shop/pull/7",
            "https://github.com/acme/shop/pull/7",
            "https://git.example.com/acme/shop",
            "https://git.example.com/acme/shop/pull/x",
            "https://git.example.com/acme/shop/issues/7",
            "https://git.example.com/",
            "https://",
        ] {
            assert_eq!(parse(text), Err(Kind::Usage), "{text}");
        }
    }

    // Scripts rely on these names: a field may be added, never renamed or
    // removed.
    #[test]
    fn the_fields_are_pinned_and_all_are_printed() {
        let record = WhereRecord {
            environment: "production".to_owned(),
            deployment: Some(DeploymentId(7)),
            sha: None,
            contained: None,
            since: None,
        };
        let printed = serde_json::to_value(record).expect("JSON");
        let keys: Vec<&String> = printed.as_object().expect("an object").keys().collect();
        assert_eq!(keys, FIELDS);
    }
}
