use super::{Session, short_sha, step_file};
use crate::output::{DeploymentRecord, MarkdownTable};

/// So many rows are shown: GitHub takes 1 MiB of summary from a step.
pub(crate) const SUMMARY_ROWS: usize = 500;

/// Adds a table of deployments to the summary of a run of GitHub Actions, if
/// `--github-summary` asks for it.
pub(crate) fn summarize_deployments<'a>(
    session: &Session,
    title: &str,
    records: impl IntoIterator<Item = &'a DeploymentRecord>,
) -> anyhow::Result<()> {
    if !step_file::SUMMARY.is_wanted(session) {
        return Ok(());
    }
    let head = [
        "Deployment",
        "State",
        "Environment",
        "Ref",
        "Commit",
        "Address",
    ];
    let mut table = MarkdownTable::new(title, &head, SUMMARY_ROWS);
    for record in records {
        let deployment = record.deployment();
        let state = record.state().map(ToString::to_string).unwrap_or_default();
        let status = record.latest_status();
        let address = status.and_then(|status| status.environment_url());
        table.row(|row| {
            row.link(&deployment.id.to_string(), record.web_url());
            row.text(&state);
            row.text(&deployment.environment);
            row.text(&deployment.ref_name);
            row.text(short_sha(&deployment.sha));
            row.address(address.unwrap_or_default());
        });
    }
    add_to_summary(session, table)
}

/// Adds a table to the summary, if it is asked for.
pub(crate) fn add_to_summary(session: &Session, table: MarkdownTable) -> anyhow::Result<()> {
    step_file::SUMMARY.append(session, || Ok(table.finish()))
}
