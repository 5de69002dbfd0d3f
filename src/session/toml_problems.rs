use std::fmt::Display;

use crate::error::Failure;
use crate::model::TomlProblem;

/// Adds the problems in a TOML file to a failure, each with its file, line and
/// column.
pub(super) fn add_toml_problems(
    failure: Failure,
    path: impl Display,
    problems: &[TomlProblem],
) -> Failure {
    let problems: Vec<String> = problems
        .iter()
        .map(|problem| format!("{path}:{problem}"))
        .collect();
    failure
        .lines(problems.iter().map(|problem| format!("  {problem}")))
        .detail("problems", problems)
}
