use clap::Args;

use super::create::patterns;
use super::diff::{self, Change, format_pattern};
use super::settings::{Settings, parse_minutes, parse_name, parse_reviewer, reviewers, same_name};
use super::target::TargetEnvironment;
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
    let target = TargetEnvironment::new(&connection, name);
    let environment = target.get().await?;
    let before = Settings::of(&environment);
    let after = edited_settings(&connection, args, &before).await?;
    after.check()?;
    let wanted = patterns(&args.branch, &args.tag);
    let new = new_patterns(target, &before, wanted).await?;
    let mut changes = diff::settings(name, &before, &after);
    for (kind, pattern) in &new {
        changes.push(Change::add(
            name,
            "branch_policy",
            format_pattern(kind, pattern),
        ));
    }
    if let Some(format) = dry_format {
        format.print_many(&session.term, &changes, diff::columns(), diff::row)?;
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
            record = match target.put(&before, &after).await? {
                Ok(environment) => EnvironmentRecord::unobserved(environment),
                Err(error) => {
                    return Err(target
                        .explain(&error, Permission::AdministerEnvironments)
                        .await
                        .into());
                }
            };
        }
        target.add_patterns(&new).await?;
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

/// The settings with the changes of the options.
async fn edited_settings(
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
        let position = after
            .reviewers
            .iter()
            .position(|reviewer| same_name(&reviewer.name, name));
        let Some(position) = position else {
            return Err(Failure::new(
                Kind::NothingThere,
                format!("{name:?} is not a reviewer of {:?}", args.name),
            )
            .hint("run 'deployctl env view' to see the reviewers"));
        };
        after.reviewers.remove(position);
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
        // It requires a reviewer.
        None if after.reviewers.is_empty() => after.prevent_self_review = false,
        None => {}
    }
    Ok(after)
}

/// The wanted patterns that do not exist yet.
async fn new_patterns(
    target: TargetEnvironment<'_>,
    before: &Settings,
    wanted: Vec<(PatternKind, String)>,
) -> Result<Vec<(PatternKind, String)>, Failure> {
    if wanted.is_empty() || before.branches != Branches::Custom {
        return Ok(wanted);
    }
    let known = target.branch_policies().await?;
    let is_new = |(kind, pattern): &(PatternKind, String)| {
        !known
            .iter()
            .any(|one| one.kind == *kind && one.name == *pattern)
    };
    Ok(wanted.into_iter().filter(is_new).collect())
}

/// Warns of rules that this version does not know, and cannot send back.
fn warn_of_unknown(session: &Session, environment: &Environment) {
    for rule in &environment.protection_rules {
        if let Gate::Other(word) = rule.gate() {
            session.term.warn(format!(
                "{} has a rule of the kind {word}, which this deployctl does not know: check it \
                 afterwards",
                environment.name
            ));
        }
    }
}
