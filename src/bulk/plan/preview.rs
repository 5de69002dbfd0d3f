use std::time::Duration;

use super::{Plan, PlanStep, PlannedEnvironment};
use crate::bulk::name::Name;
use crate::bulk::operation::{Action, Operation};
use crate::model::DeploymentState;
use crate::model::in_words;
use crate::output::{Cell, Column, Format, Table, counted};
use crate::term::{Role, Term};

/// The number of steps that are listed before the user is asked.
const LISTED_STEPS: usize = 20;
/// The number of environments that a summary names.
const NAMED_ENVIRONMENTS: usize = 8;

/// Prints a plan as the result of `--dry-run`.
pub(in crate::bulk) fn print_plan(term: &Term, format: &Format, plan: &Plan) -> anyhow::Result<()> {
    if !format.is_human() {
        format.print_long(term, plan)?;
        return Ok(());
    }
    let mut columns = vec![
        Column::rigid("ID"),
        Column::rigid("ACTION"),
        Column::rigid("STATE"),
        Column::flexible("ENVIRONMENT", 12),
        Column::flexible("WHY", 12),
    ];
    if plan.is_for_several() {
        columns.insert(0, Column::flexible("REPOSITORY", 12));
    }
    let mut table = Table::new(columns);
    for step in &plan.deployments {
        let why = match step.silence() {
            Some(silence) => silence,
            None if step.is_current_production => "live in production".to_owned(),
            None => String::new(),
        };
        let row = PreviewRow {
            repository: step.repository.as_ref(),
            id: step.id.to_string(),
            action: step.action,
            state: Some(&step.state),
            environment: step.environment.as_ref(),
            why,
        };
        table.push(term, row.cells())?;
    }
    for planned in &plan.environments {
        let row = PreviewRow {
            repository: planned.repository.as_ref(),
            id: String::new(),
            action: Action::DeleteEnvironment,
            state: None,
            environment: Some(&planned.name),
            why: "if it is empty then, with its secrets, variables and rules".to_owned(),
        };
        table.push(term, row.cells())?;
    }
    for kept in &plan.kept {
        let row = PreviewRow {
            repository: kept.repository.as_ref(),
            id: kept.id.to_string(),
            action: Action::Keep,
            state: Some(&kept.state),
            environment: kept.environment.as_ref(),
            why: kept.reason.to_string(),
        };
        table.push(term, row.cells())?;
    }
    table.print(term)?;
    print_summary(term, plan);
    Ok(())
}

struct PreviewRow<'a> {
    repository: Option<&'a Name>,
    id: String,
    action: Action,
    state: Option<&'a DeploymentState>,
    environment: Option<&'a Name>,
    why: String,
}

impl PreviewRow<'_> {
    fn cells(&self) -> Vec<Cell> {
        let action = match self.action {
            Action::Keep => Role::Dim,
            _ => Role::Plain,
        };
        let mut cells = vec![
            Cell::new(self.id.as_str()).role(Role::Id),
            Cell::new(self.action.label()).role(action),
            self.state.map(Cell::state).unwrap_or_default(),
            Cell::new(self.environment.map_or("", Name::as_str)),
            Cell::new(self.why.as_str()).role(Role::Dim),
        ];
        if let Some(repository) = self.repository {
            cells.insert(0, Cell::new(repository.as_str()));
        }
        cells
    }
}

/// Says briefly what a plan changes, keeps and costs.
pub(in crate::bulk) fn print_summary(term: &Term, plan: &Plan) {
    let count = plan.step_count();
    if count > 0 {
        let environments = match plan.environment_count() {
            0 | 1 => String::new(),
            environments => format!(" in {environments} environments"),
        };
        term.note(format!(
            "{} {}{environments} of {}: {}, about {}",
            plan.command.verb(),
            counted(count, "deployment"),
            plan.place(plan.deployments.iter().map(|step| &step.repository)),
            counted(plan.requests, "request"),
            in_words(Duration::from_secs(plan.seconds)),
        ));
    }
    if let (Some(state), true) = (&plan.end_as, count > 0) {
        term.note(format!("  they end as {state}"));
    }
    let active = plan.deactivated_first_count();
    if active > 0 {
        term.note(format!("  {active} of them active: deactivated first"));
    }
    if !plan.environments.is_empty() {
        let lead = if count > 0 { "  and" } else { "delete" };
        term.note(format!(
            "{lead}, if they are empty then, with all their secrets, variables and rules, {}",
            environments(&plan.environments)
        ));
    }
    for (reason, count) in plan.kept_by_reason() {
        term.note(format!("keep {count}: {reason}"));
    }
    if plan.command == Operation::Reap && count == 0 && plan.found_any {
        let place = plan.place(plan.kept.iter().map(|kept| &kept.repository));
        term.note(format!("no deployment of {place} is stuck"));
    }
    if !plan.missing.is_empty() {
        let ids: Vec<String> = plan.missing.iter().map(ToString::to_string).collect();
        term.note(format!("not found: {}", ids.join(", ")));
    }
}

fn environments(planned: &[PlannedEnvironment]) -> String {
    let noun = if planned.len() == 1 {
        "the environment"
    } else {
        "the environments"
    };
    let listed: Vec<String> = planned
        .iter()
        .take(NAMED_ENVIRONMENTS)
        .map(|planned| match &planned.repository {
            None => planned.name.as_str().to_owned(),
            Some(repository) => format!("{} of {}", planned.name.as_str(), repository.as_str()),
        })
        .collect();
    match planned.len() - listed.len() {
        0 => format!("{noun} {}", listed.join(", ")),
        rest => format!("{noun} {} and {rest} more", listed.join(", ")),
    }
}

/// Asks for confirmation. If production is affected, the user has to type the
/// repository's name, or the number of the repositories.
pub(in crate::bulk) fn confirm(term: &Term, plan: &Plan) -> anyhow::Result<bool> {
    let count = plan.step_count();
    for step in plan.deployments.iter().take(LISTED_STEPS) {
        let environment = step.environment.as_ref().map_or("", Name::as_str);
        let repository = step.repository.as_ref();
        let repository = repository.map_or_else(String::new, |name| format!("{} ", name.as_str()));
        term.note(format!(
            "  {} {repository}{} {environment} {}",
            step.action.label(),
            step.id,
            step.state
        ));
    }
    let more = plan.deployments.len().saturating_sub(LISTED_STEPS);
    if more > 0 {
        term.note(format!("  and {more} more (--dry-run shows all)"));
    }
    let prompter = term.prompter();
    if count == 0 {
        let environments = counted(plan.environments.len(), "empty environment");
        return Ok(prompter.confirm(&format!("Delete {environments}?"), "--yes")?);
    }
    let verb = match plan.command {
        Operation::Deactivate => "Deactivate",
        Operation::Delete => "Delete",
        Operation::Reap => "End",
    };
    let deployments = counted(count, "deployment");
    let is_live = |step: &&PlanStep| step.is_current_production;
    let live = plan.deployments.iter().filter(is_live);
    if live.clone().next().is_some() && plan.command != Operation::Reap {
        let place = plan.place(live.map(|step| &step.repository));
        let several = if plan.is_for_several() {
            format!(" in {place}")
        } else {
            String::new()
        };
        let question =
            format!("{verb} {deployments}, including what is live in production{several}?");
        return Ok(prompter.confirm_typed(&question, &place, "--yes")?);
    }
    let end = plan.end_as.as_ref();
    let end = end.map_or_else(String::new, |state| format!(" as {state}"));
    Ok(prompter.confirm(&format!("{verb} {deployments}{end}?"), "--yes")?)
}
