//! Statistics of recorded deployments: how often, how fast and how well.

mod bars;
mod figures;
mod lead_time;
mod live;
mod page;
mod percentile;
mod window;

pub(crate) use bars::sparkline;
pub(crate) use figures::{EnvironmentHistory, Figures, Period, Samples};
pub(crate) use lead_time::CommitGraph;
pub(crate) use page::{ReportedEnvironment, percent, render, span};
pub(crate) use window::{PeriodLength, Window};

#[cfg(test)]
mod tests;
