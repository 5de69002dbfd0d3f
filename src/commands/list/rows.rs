use jiff::Timestamp;

use crate::output::{Cell, Column, DeploymentRecord};
use crate::term::Role;

pub(super) fn columns() -> Vec<Column> {
    vec![
        Column::rigid("ID"),
        Column::rigid("STATE"),
        Column::flexible("ENVIRONMENT", 11),
        Column::flexible("REF", 8),
        Column::rigid("SHA").optional(),
        Column::flexible("DESCRIPTION", 12).optional(),
        Column::flexible("CREATOR", 8).optional(),
        Column::rigid("AGE"),
    ]
}

pub(super) fn row(record: &DeploymentRecord, now: Timestamp) -> Vec<Cell> {
    let deployment = record.deployment();
    vec![
        Cell::new(deployment.id.to_string())
            .role(Role::Id)
            .link(record.web_url()),
        record.state().map(Cell::state).unwrap_or_default(),
        Cell::new(deployment.environment.as_str()),
        Cell::new(deployment.ref_name.as_str()),
        Cell::sha(&deployment.sha),
        Cell::new(deployment.description.as_deref().unwrap_or_default()),
        Cell::new(deployment.creator_login().unwrap_or_default()),
        Cell::age(deployment.created_at, now),
    ]
}
