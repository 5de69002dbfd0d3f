use clap::Args;

use super::create::{add_patterns, patterns};
use super::diff::{self, Change};
use super::failure::refused;
use super::put::put;
use super::settings::{Settings, parse_minutes, parse_name, parse_reviewer, reviewers, same_name};
use crate::error::{Failure, Kind};
use crate::model::{Branches, Environment, Gate, PatternKind};
use crate::output::EnvironmentRecord;
use crate::session::{Connection, Permission, Session};
use crate::term::{Role, Text};

/// Change the protection of an environment
///
/// Reads the environment, shows the changes and makes them. Settings without an
/// option stay as they are.
#[derive(Args, Debug)]
#[command(
    group = clap::ArgGroup::new("which_branches").multiple(false),
    after_help = "\
Examples:
  # Set a wait timer of 30 minutes
  deployctl env edit production --wait-timer 30

  # Add one reviewer and remove another
  deployctl env edit production --add-reviewer acme/ops --remove-reviewer octocat

  # Show the changes without making them
  deployctl env edit production --protected-branches --dry-run"
)]
pub struct EditArgs {
    /// Name of the environment
    #[arg(value_name = "ENV", value_parser = parse_name)]
    pub name: String,

    /// Wait timer in minutes; 0 for none
    #[arg(long, value_name = "MIN", value_parser = parse_minutes)]
    pub wait_timer: Option<u32>,

    /// Required reviewer; replaces all others (repeatable)
    #[arg(
        long,
        value_name = "LOGIN|ORG/TEAM",
        value_parser = parse_reviewer,
        conflicts_with_all = ["add_reviewer", "remove_reviewer"],
    )]
    pub reviewer: Vec<String>,

    /// Add a required reviewer (repeatable)
    #[arg(long, value_name = "LOGIN|ORG/TEAM", value_parser = parse_reviewer)]
    pub add_reviewer: Vec<String>,

    /// Remove a required reviewer (repeatable)
    #[arg(long, value_name = "LOGIN|ORG/TEAM", value_parser = parse_reviewer)]
    pub remove_reviewer: Vec<String>,

    /// Whether to prevent users from approving deployments that they requested
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
    )]
    pub prevent_self_review: Option<bool>,

    /// Allow deployments from all branches
    #[arg(long, group = "which_branches")]
    pub all_branches: bool,

    /// Allow deployments from protected branches only
    #[arg(long, group = "which_branches")]
    pub protected_branches: bool,

    /// Allow deployments from matching branches and tags only
    #[arg(long, group = "which_branches")]
    pub custom_branches: bool,

    /// Add a pattern of branches that can deploy (repeatable)
    #[arg(long, value_name = "PATTERN", conflicts_with_all = ["all_branches", "protected_branches"])]
    pub branch: Vec<String>,

    /// Add a pattern of tags that can deploy (repeatable)
    #[arg(long, value_name = "PATTERN", conflicts_with_all = ["all_branches", "protected_branches"])]
    pub tag: Vec<String>,

    /// Show the changes without making them
    #[arg(long)]
    pub dry_run: bool,
}

impl EditArgs {
    fn changes_nothing(&self) -> bool {
        self.wait_timer.is_none()
            && self.reviewer.is_empty()
            && self.add_reviewer.is_empty()
            && self.remove_reviewer.is_empty()
            && self.prevent_self_review.is_none()
            && self.branches().is_none()
    }

    fn branches(&self) -> Option<Branches> {
        if self.all_branches {
            Some(Branches::All)
        } else if self.protected_branches {
            Some(Branches::Protected)
        } else if self.custom_branches || !self.branch.is_empty() || !self.tag.is_empty() {
            Some(Branches::Custom)
        } else {
            None
        }
    }
}

/// Changes it.
pub(super) async fn run(session: &Session, args: &EditArgs) -> anyhow::Result<()> {
    if args.changes_nothing() {
        return Err(Failure::new(Kind::Usage, "no option says what to change")
            .hint("run 'deployctl help env edit' to see the options")
            .into());
    }
    let name = args.name.as_str();
    let (format, dry_format) = if args.dry_run {
        (None, Some(session.format::<Change>()?))
    } else {
        (Some(session.format::<EnvironmentRecord>()?), None)
    };
    let connection = session.connect(None).await?;
    let (client, repo) = (&connection.client, &connection.repo);
    let environment = match client.repo(repo).environment(name).get().await {
        Ok(environment) => environment,
        Err(error) => {
            return Err(
                refused(&connection, name, &error, Permission::ReadEnvironments)
                    .await
                    .into(),
            );
        }
    };
    let before = Settings::of(&environment);
    let after = edited(&connection, args, &before).await?;
    after.check()?;
    let wanted = patterns(&args.branch, &args.tag);
    let new = new_patterns(&connection, name, &before, wanted).await?;
    let mut changes = diff::settings(name, &before, &after);
    for (kind, pattern) in &new {
        changes.push(Change::add(name, "branch_policy", shown(kind, pattern)));
    }
    if let Some(format) = dry_format {
        format.print_many(&session.term, &changes, columns(), row)?;
        session.term.note("dry run: nothing was changed");
        return Ok(());
    }
    let mut record = EnvironmentRecord::unobserved(environment);
    if changes.is_empty() {
        session.term.note(format!("{name} is already up to date"));
    } else {
        warn_of_unknown(session, record.environment());
        diff::show(&session.term, &changes);
        if !after.is_same(&before) {
            record = match put(&connection, name, &before, &after).await? {
                Ok(environment) => EnvironmentRecord::unobserved(environment),
                Err(error) => {
                    return Err(refused(
                        &connection,
                        name,
                        &error,
                        Permission::AdministerEnvironments,
                    )
                    .await
                    .into());
                }
            };
        }
        add_patterns(&connection, name, &new).await?;
    }
    let Some(format) = format else {
        return Ok(());
    };
    let term = &session.term;
    format.print_one(term, &record, || {
        if !term.stdout_is_tty() {
            return term.line(name);
        }
        let text = if changes.is_empty() {
            "Unchanged: "
        } else {
            "Changed the environment "
        };
        term.line(Text::new().plain(text).with(Role::Id, name))
    })?;
    Ok(())
}

/// The settings with what the options say.
async fn edited(
    connection: &Connection,
    args: &EditArgs,
    before: &Settings,
) -> Result<Settings, Failure> {
    let mut after = before.clone();
    if let Some(minutes) = args.wait_timer {
        after.wait_timer = minutes;
    }
    if let Some(branches) = args.branches() {
        after.branches = branches;
    }
    if !args.reviewer.is_empty() {
        after.reviewers = reviewers(connection, &args.reviewer).await?;
    }
    for name in &args.remove_reviewer {
        let place = after
            .reviewers
            .iter()
            .position(|reviewer| same_name(&reviewer.name, name));
        let Some(place) = place else {
            return Err(Failure::new(
                Kind::NothingThere,
                format!("{name:?} is not a reviewer of {:?}", args.name),
            )
            .hint("run 'deployctl env view' to see the reviewers"));
        };
        after.reviewers.remove(place);
    }
    for reviewer in reviewers(connection, &args.add_reviewer).await? {
        if !after
            .reviewers
            .iter()
            .any(|known| known.kind == reviewer.kind && known.id == reviewer.id)
        {
            after.reviewers.push(reviewer);
        }
    }
    match args.prevent_self_review {
        Some(prevented) => after.prevent_self_review = prevented,
        // It goes with the last reviewer.
        None if after.reviewers.is_empty() => after.prevent_self_review = false,
        None => {}
    }
    Ok(after)
}

/// Those of the wanted patterns that are not there yet.
async fn new_patterns(
    connection: &Connection,
    name: &str,
    before: &Settings,
    wanted: Vec<(PatternKind, String)>,
) -> Result<Vec<(PatternKind, String)>, Failure> {
    if wanted.is_empty() || before.branches != Branches::Custom {
        return Ok(wanted);
    }
    let known = match connection
        .client
        .repo(&connection.repo)
        .environment(name)
        .branch_policies()
        .await
    {
        Ok(known) => known,
        Err(error) => {
            return Err(refused(connection, name, &error, Permission::ReadEnvironments).await);
        }
    };
    let is_new = |(kind, pattern): &(PatternKind, String)| {
        !known
            .iter()
            .any(|one| one.kind == *kind && one.name == *pattern)
    };
    Ok(wanted.into_iter().filter(is_new).collect())
}

/// A pattern as people read it.
pub(super) fn shown(kind: &PatternKind, pattern: &str) -> String {
    match kind {
        PatternKind::Branch => pattern.to_owned(),
        other => format!("{other}:{pattern}"),
    }
}

/// What this version does not know, it cannot send back.
fn warn_of_unknown(session: &Session, environment: &Environment) {
    for rule in &environment.protection_rules {
        if let Gate::Other(word) = rule.gate() {
            session.term.warn(format!(
                "{} has a rule of the kind {word}, which this deployctl does not know: look at it \
                 afterwards",
                environment.name
            ));
        }
    }
}

/// The columns of a list of changes.
pub(super) fn columns() -> Vec<crate::output::Column> {
    use crate::output::Column;
    vec![
        Column::flexible("ENVIRONMENT", 12),
        Column::rigid("ACTION"),
        Column::rigid("FIELD"),
        Column::flexible("FROM", 12),
        Column::flexible("TO", 12),
    ]
}

/// A change as a row.
pub(super) fn row(change: &Change) -> Vec<crate::output::Cell> {
    use crate::output::Cell;
    vec![
        Cell::new(change.environment.as_str()),
        Cell::new(change.action),
        Cell::new(change.field),
        Cell::new(change.from.as_deref().unwrap_or_default()),
        Cell::new(change.to.as_deref().unwrap_or_default()),
    ]
}
