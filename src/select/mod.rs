//! Which deployments a command acts on: options, filters and selectors.

mod args;
mod filter;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod list;
mod newest;
mod selector;

pub(crate) use args::{FilterArgs, SelectorArgs, parse_named, parse_sha};
pub(crate) use filter::Filter;
pub(crate) use list::list_matching;
pub(crate) use newest::ManyDeployments;
pub(crate) use selector::{NamedDeployment, Selector};
