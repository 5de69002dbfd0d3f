//! Which deployments a command acts on: filters, patterns and selectors.

mod filter;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod selector;

pub(crate) use filter::survey;
pub(crate) use filter::{FilterArgs, ListFilter, parse_sha, select};
pub(crate) use selector::{Named, SelectorArgs, parse_named};
