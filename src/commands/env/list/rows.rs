use jiff::Timestamp;

use super::super::settings::describe_protection;
use crate::model::DeploymentSummary;
use crate::output::{Cell, Column, EnvironmentRecord};
use crate::term::Role;

pub(super) fn columns() -> Vec<Column> {
    vec![
        Column::flexible("ENVIRONMENT", 12),
        Column::flexible("STATE", 20),
        Column::flexible("REF", 10),
        Column::rigid("SHA"),
        Column::rigid("SINCE"),
        Column::flexible("BY", 8),
        Column::flexible("URL", 12),
        Column::flexible("PROTECTION", 12),
    ]
}

pub(super) fn row(record: &EnvironmentRecord, now: Timestamp) -> Vec<Cell> {
    let environment = record.environment();
    let name = Cell::new(environment.name.as_str()).link(environment.html_url.as_str());
    let protection = Cell::new(describe_protection(environment));
    let nothing = || Cell::new("");
    let Some(shown) = record
        .live()
        .or(record.latest())
        .filter(|_| record.is_live_known())
    else {
        let state = match record.state() {
            Some(state) => Cell::new(state.to_string()).role(Role::Pending),
            None => Cell::new("nothing live").piped("").role(Role::Dim),
        };
        return vec![
            name,
            state,
            nothing(),
            nothing(),
            nothing(),
            nothing(),
            nothing(),
            protection,
        ];
    };
    let url = shown.environment_url().unwrap_or_default();
    vec![
        name,
        state(shown, record.latest()),
        Cell::new(shown.ref_name.as_deref().unwrap_or_default()),
        Cell::sha(&shown.sha),
        Cell::age(shown.since(), now),
        Cell::new(shown.creator_login().unwrap_or_default()),
        Cell::new(url).link(url),
        protection,
    ]
}

/// The state of the shown deployment; on a terminal also that of a later one.
fn state(shown: &DeploymentSummary, latest: Option<&DeploymentSummary>) -> Cell {
    let word = shown.state.as_str();
    let role = Role::of_state(&shown.state);
    match latest {
        Some(latest) if latest.node_id != shown.node_id => {
            let text = format!("{word}, then {}", latest.state);
            Cell::new(text).piped(word).role(role)
        }
        _ => Cell::new(word).role(role),
    }
}
