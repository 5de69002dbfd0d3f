//! Creating, moving and deleting refs
//! (<https://docs.github.com/graphql/reference/mutations#updaterefs>).

use std::sync::Arc;

use serde::Deserialize;

use super::node::Node;
use super::object::Values;
use super::problem::{Problem, Result};
use super::scalars::Id;
use super::session::{Session, WRITE_CONTENTS};
use crate::git::{RefUpdate as Update, RefValue, Updated};
use crate::rules::Failure;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefUpdate {
    after_oid: String,
    before_oid: Option<String>,
    force: Option<bool>,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UpdateRefsInput {
    ref_updates: Vec<RefUpdate>,
    repository_id: Id,
}

/// Changes refs, all or none.
pub(super) fn update_refs(session: &Arc<Session>, input: UpdateRefsInput) -> Result<Values> {
    let repository = Node::repository(session, &input.repository_id)?;
    repository.demand_write(WRITE_CONTENTS, "UpdateRefs")?;
    let git = session.core.history(&repository.row)?;
    let refused = |message: String| Err(Problem::new("UNPROCESSABLE", message));
    let mut updates = Vec::new();
    for update in input.ref_updates {
        let update = Update {
            name: update.name,
            before: update.before_oid.map(value),
            after: value(update.after_oid),
            force: update.force.unwrap_or_default(),
        };
        if let RefValue::Sha(sha) = &update.after
            && git
                .target_kind(&update.name, sha)
                .map_err(Failure::from)?
                .is_none()
        {
            let name = update.name;
            return refused(format!("{name}: the object does not exist or is no commit"));
        }
        updates.push(update);
    }
    let result = git.update_refs(&updates).map_err(Failure::from)?;
    session.forget_refs();
    match result {
        Updated::Done => Ok(Vec::new()),
        Updated::Changed { name, now } => refused(match now {
            RefValue::Absent => format!("Reference update failed: {name} does not exist"),
            RefValue::Sha(sha) => format!("Reference update failed: {name} is at {sha}"),
        }),
        Updated::NotForward { name } => refused(format!(
            "Reference update failed: {name} is not a fast forward"
        )),
        Updated::Refused { name } => refused(format!("{name} is not a valid ref name")),
    }
}

/// Zeros stand for a ref that does not exist.
fn value(oid: String) -> RefValue {
    if oid.bytes().all(|byte| byte == b'0') {
        RefValue::Absent
    } else {
        RefValue::Sha(oid)
    }
}
