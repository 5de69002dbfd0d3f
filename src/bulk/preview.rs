use std::time::Duration;

use super::plan::{Action, Aim, Plan};
use super::selection::Name;
use crate::model::DeploymentState;
use crate::model::in_words;
use crate::output::{Cell, Column, Format};
use crate::term::{Role, Term};

/// Before it is asked so many are listed one by one.
const LISTED: usize = 20;
/// So many environments are named.
const NAMED: usize = 8;

/// Prints a plan as a result.
pub(super) fn print(term: &Term, format: &Format, plan: &Plan) -> anyhow::Result<()> {
    if !format.is_human() {
        format.one_long(term, plan)?;
        return Ok(());
    }
    let mut table = crate::output::Table::new(vec![
        Column::rigid("ID"),
        Column::rigid("ACTION"),
        Column::rigid("STATE"),
        Column::flexible("ENVIRONMENT", 12),
        Column::flexible("WHY", 12),
    ]);
    for step in plan.deployments.records() {
        let step = step?;
        let silent = step.last_word.map(|last| format!("no update since {last}"));
        let why = match &silent {
            Some(silent) => silent,
            None if step.current_production => "current in production",
            None => "",
        };
        let id = step.id.to_string();
        table.push(
            term,
            row(
                &id,
                step.action,
                Some(&step.state),
                step.environment.as_ref(),
                why,
            ),
        )?;
    }
    for name in plan.environments.records() {
        let why = "if it is left empty; its secrets, variables and rules go too";
        table.push(
            term,
            row("", Action::DeleteEnvironment, None, Some(&name?), why),
        )?;
    }
    for kept in plan.kept.records() {
        let kept = kept?;
        let id = kept.id.to_string();
        let why = kept.reason.to_string();
        table.push(
            term,
            row(
                &id,
                Action::Keep,
                Some(&kept.state),
                kept.environment.as_ref(),
                &why,
            ),
        )?;
    }
    table.print(term)?;
    summarize(term, plan)
}

fn row(
    id: &str,
    action: Action,
    state: Option<&DeploymentState>,
    environment: Option<&Name>,
    why: &str,
) -> Vec<Cell> {
    vec![
        Cell::new(id).role(Role::Id),
        Cell::new(action.words()).role(if action == Action::Keep {
            Role::Dim
        } else {
            Role::Plain
        }),
        state.map(Cell::state).unwrap_or_default(),
        Cell::new(environment.map_or("", Name::as_str)),
        Cell::new(why).role(Role::Dim),
    ]
}

/// Says in short what a plan does, keeps and takes.
pub(super) fn summarize(term: &Term, plan: &Plan) -> anyhow::Result<()> {
    let count = plan.deployments.len();
    let time = in_words(Duration::from_secs(plan.seconds));
    if count > 0 {
        let place = match plan.totals.breadth {
            0 | 1 => String::new(),
            breadth => format!(" in {breadth} environments"),
        };
        term.note(format!(
            "{} {count} {}{place} of {}: {} {}, about {time}",
            plan.command.verb(),
            noun(count),
            plan.repository,
            plan.requests,
            if plan.requests == 1 {
                "request"
            } else {
                "requests"
            }
        ));
    }
    if let (Some(state), true) = (&plan.end_as, count > 0) {
        term.note(format!("  they end as {state}"));
    }
    let active = plan.totals.twice;
    if active > 0 {
        term.note(format!("  {active} of them active: deactivated first"));
    }
    if !plan.environments.is_empty() {
        let names = plan.environments.first(NAMED)?;
        let lead = if count > 0 { "  and" } else { "delete" };
        term.note(format!(
            "{lead}, if they are empty then, with all their secrets, variables and rules, {}",
            named(&names, plan.environments.len())
        ));
    }
    for (reason, count) in &plan.totals.kept {
        term.note(format!("keep {count}: {reason}"));
    }
    if plan.command == Aim::Reap && count == 0 && plan.totals.seen > 0 {
        term.note(format!("no deployment of {} is stuck", plan.repository));
    }
    if !plan.missing.is_empty() {
        let ids: Vec<String> = plan.missing.iter().map(ToString::to_string).collect();
        term.note(format!("not there: {}", ids.join(", ")));
    }
    Ok(())
}

fn noun(count: u64) -> &'static str {
    if count == 1 {
        "deployment"
    } else {
        "deployments"
    }
}

fn named(first: &[Name], count: u64) -> String {
    let names: Vec<&str> = first.iter().map(Name::as_str).collect();
    let rest = count - first.len() as u64;
    let noun = if count == 1 {
        "the environment"
    } else {
        "the environments"
    };
    match rest {
        0 => format!("{noun} {}", names.join(", ")),
        rest => format!("{noun} {} and {rest} more", names.join(", ")),
    }
}

/// Asks whether it shall be done: by the repository's name where production
/// is touched.
pub(super) fn confirm(term: &Term, plan: &Plan) -> anyhow::Result<bool> {
    let count = plan.deployments.len();
    let first = plan.first(LISTED)?;
    for step in &first {
        let environment = step.environment.as_ref().map_or("", Name::as_str);
        term.note(format!(
            "  {} {} {environment} {}",
            step.action.words(),
            step.id,
            step.state
        ));
    }
    let more = count - first.len() as u64;
    if more > 0 {
        term.note(format!("  and {more} more (--dry-run shows all)"));
    }
    let prompter = term.prompter();
    if count == 0 {
        let environments = plan.environments.len();
        let noun = if environments == 1 {
            "environment"
        } else {
            "environments"
        };
        let question = format!("Delete {environments} empty {noun}?");
        return Ok(prompter.confirm(&question, "--yes")?);
    }
    let verb = match plan.command {
        Aim::Deactivate => "Deactivate",
        Aim::Delete => "Delete",
        Aim::Reap => "End",
    };
    let noun = noun(count);
    let after = plan
        .end_as
        .as_ref()
        .map_or_else(String::new, |state| format!(" as {state}"));
    if plan.totals.touches_production && plan.command != Aim::Reap {
        let question = format!("{verb} {count} {noun}, live ones of production among them?");
        return Ok(prompter.confirm_typed(&question, &plan.repository, "--yes")?);
    }
    Ok(prompter.confirm(&format!("{verb} {count} {noun}{after}?"), "--yes")?)
}
