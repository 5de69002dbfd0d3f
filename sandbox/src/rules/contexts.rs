//! Required contexts: whether a commit may be deployed.

use crate::failure::{ContextState, Failure};
use crate::store::{CheckState, CommitStatus};

/// Which contexts must be green before a deployment is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RequiredContexts {
    /// All that the commit has.
    All,
    /// These, whether the commit has them or not; an empty list requires none.
    Only(Vec<String>),
}

impl RequiredContexts {
    /// Checks a commit's contexts against the required ones.
    pub(super) fn check(&self, reference: &str, reported: &[CommitStatus]) -> Result<(), Failure> {
        let mut contexts: Vec<ContextState> = reported
            .iter()
            .map(|status| ContextState {
                context: status.context.clone(),
                state: status.state.as_str(),
            })
            .collect();
        let green = match self {
            Self::All => reported
                .iter()
                .all(|status| status.state == CheckState::Success),
            Self::Only(required) => {
                let mut green = true;
                for name in required {
                    let found = reported
                        .iter()
                        .find(|status| status.context.eq_ignore_ascii_case(name));
                    if let Some(status) = found {
                        green &= status.state == CheckState::Success;
                    } else {
                        green = false;
                        contexts.push(ContextState {
                            context: name.clone(),
                            state: "expected",
                        });
                    }
                }
                green
            }
        };
        if green {
            Ok(())
        } else {
            Err(Failure::ContextsFailed {
                reference: reference.to_owned(),
                contexts,
            })
        }
    }
}
