use std::cmp::Reverse;
use std::io;
use std::iter::Peekable;

use jiff::Timestamp;

use super::plan::{Action, Aim, Draft, Kept, Reason, Step};
use super::sorter::Merge;
use super::survey::{Found, Place, Seen};
use crate::model::{DeploymentId, Phase};

/// What may be touched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leave {
    pub(super) aim: Aim,
    pub(super) force: bool,
    pub(super) include_production: bool,
    pub(super) with_environment: bool,
    /// What was heard of since then is not stuck.
    pub(super) stuck_before: Option<Timestamp>,
    /// The server's clock.
    pub(super) now: Timestamp,
}

/// What must be known of an environment before its deployments can be judged.
#[derive(Debug, Default)]
struct Facts {
    /// How many deployments were seen of it.
    count: u64,
    /// What is live in production: the newest that is active, and the one that
    /// became active last.
    newest_active: Option<DeploymentId>,
    last_activated: Option<(Timestamp, DeploymentId)>,
}

/// Decides for each deployment that is selected. An environment is read twice,
/// for its facts and for its deployments, so that none of it has to be held.
pub(super) fn decide(found: &Found, leave: Leave) -> io::Result<Draft> {
    let mut draft = Draft::default();
    let mut ahead = found.seen.iter().peekable();
    let mut behind = found.seen.iter();
    while let Some(facts) = next_facts(&mut ahead)? {
        let (mut rank, mut touched) = (0, 0);
        let mut is_named = true;
        let mut place: Option<Place> = None;
        for _ in 0..facts.count {
            let Some(next) = behind.next() else { break };
            let (here, seen) = next?;
            // A list that shifts while it is read may show one twice.
            if place.as_ref() == Some(&here) {
                continue;
            }
            let is_newest = rank < found.keep;
            rank += 1;
            let (name, Reverse(order)) = &here;
            let id = order.1;
            is_named &= seen.selection.names_environment;
            if seen.selection.is_selected {
                let is_current = seen.is_production && facts.is_current(id);
                if let Some(reason) = reason_to_keep(&seen, is_newest, is_current, leave) {
                    let kept = Kept {
                        id,
                        environment: name.clone(),
                        state: seen.state,
                        reason,
                    };
                    draft.keep(*order, kept)?;
                } else {
                    touched += 1;
                    let step = Step {
                        id,
                        node_id: seen.node_id,
                        action: action(leave.aim, seen.state.phase()),
                        environment: name.clone(),
                        state: seen.state,
                        updated_at: seen.updated_at,
                        last_word: (leave.aim == Aim::Reap).then_some(seen.last_word),
                        transient: seen.transient,
                        current_production: is_current,
                    };
                    draft.touch(*order, step)?;
                }
            }
            place = Some(here);
        }
        if let Some((Some(name), _)) = place {
            draft.breadth += u64::from(touched > 0);
            if leave.with_environment && is_named && touched == rank {
                draft.empty(name)?;
            }
        }
    }
    draft.seen = found.seen.len();
    Ok(draft)
}

/// The facts of the next environment.
fn next_facts(ahead: &mut Peekable<Merge<'_, Place, Seen>>) -> io::Result<Option<Facts>> {
    let Some(first) = ahead.next() else {
        return Ok(None);
    };
    let ((name, made), seen) = first?;
    let mut facts = Facts::default();
    facts.add(made, &seen);
    while let Some(next) =
        ahead.next_if(|next| !matches!(next, Ok(((other, _), _)) if *other != name))
    {
        let ((_, made), seen) = next?;
        facts.add(made, &seen);
    }
    Ok(Some(facts))
}

impl Facts {
    fn add(&mut self, Reverse((_, id)): Reverse<(Timestamp, DeploymentId)>, seen: &Seen) {
        self.count += 1;
        if let (true, Some(activated)) = (seen.is_production, seen.activated) {
            self.newest_active = self.newest_active.or(Some(id));
            self.last_activated = self.last_activated.max(Some((activated, id)));
        }
    }

    fn is_current(&self, id: DeploymentId) -> bool {
        self.newest_active == Some(id)
            || self
                .last_activated
                .is_some_and(|(_, activated)| activated == id)
    }
}

fn action(aim: Aim, phase: Phase) -> Action {
    match aim {
        Aim::Deactivate => Action::Deactivate,
        Aim::Delete if phase == Phase::Succeeded => Action::DeactivateAndDelete,
        Aim::Delete => Action::Delete,
        Aim::Reap => Action::End,
    }
}

fn reason_to_keep(seen: &Seen, is_newest: bool, is_current: bool, leave: Leave) -> Option<Reason> {
    let phase = seen.state.phase();
    if leave.aim == Aim::Reap {
        // To end what is stuck changes nothing of what is live.
        let is_recent = leave.stuck_before.is_none_or(|then| seen.last_word >= then);
        let is_claimed = seen.claimed_until.is_some_and(|until| until >= leave.now);
        return match phase {
            Phase::Underway if is_claimed => Some(Reason::Claimed),
            Phase::Underway => is_recent.then_some(Reason::Recent),
            _ => Some(Reason::Ended),
        };
    }
    if leave.aim == Aim::Deactivate && phase == Phase::Retired {
        return Some(Reason::AlreadyInactive);
    }
    if let Some(reason) = seen.selection.kept_for {
        return Some(reason);
    }
    if is_newest {
        return Some(Reason::Newest);
    }
    if is_current && !leave.include_production {
        return Some(Reason::CurrentProduction);
    }
    if leave.aim == Aim::Delete && phase == Phase::Succeeded && !leave.force {
        return Some(Reason::Active);
    }
    None
}
