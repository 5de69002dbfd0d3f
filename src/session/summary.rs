use super::{Session, short_sha, step_file};
use crate::output::{DeploymentRecord, MarkdownTable};

/// So many rows are shown: GitHub takes 1 MiB of summary from a step.
pub(crate) const SUMMARY_ROWS: usize = 500;

/// A table of deployments for the summary of a run of GitHub Actions, if
/// `--github-summary` asks for it.
pub(crate) struct DeploymentSummary(Option<MarkdownTable>);

impl DeploymentSummary {
    /// A summary of no deployments yet.
    pub(crate) fn new(session: &Session, title: &str) -> Self {
        let head = [
            "Deployment",
            "State",
            "Environment",
            "Ref",
            "Commit",
            "Address",
        ];
        let is_wanted = step_file::SUMMARY.is_wanted(session);
        Self(is_wanted.then(|| MarkdownTable::new(title, &head, SUMMARY_ROWS)))
    }

    /// Adds deployments. Those beyond the most rows are only counted.
    pub(crate) fn add<'a>(&mut self, records: impl IntoIterator<Item = &'a DeploymentRecord>) {
        let Some(table) = &mut self.0 else {
            return;
        };
        for record in records {
            let deployment = record.deployment();
            let state = record.state().map(ToString::to_string).unwrap_or_default();
            table.row(|row| {
                row.link(&deployment.id.to_string(), record.web_url());
                row.text(&state);
                row.text(&deployment.environment);
                row.text(&deployment.ref_name);
                row.text(short_sha(&deployment.sha));
                row.address(record.environment_url().unwrap_or_default());
            });
        }
    }

    /// Writes it.
    pub(crate) fn finish(self, session: &Session) -> anyhow::Result<()> {
        self.0
            .map_or(Ok(()), |table| add_to_summary(session, table))
    }
}

/// Adds a table of deployments to the summary, if it is asked for.
pub(crate) fn summarize_deployments<'a>(
    session: &Session,
    title: &str,
    records: impl IntoIterator<Item = &'a DeploymentRecord>,
) -> anyhow::Result<()> {
    let mut summary = DeploymentSummary::new(session, title);
    summary.add(records);
    summary.finish(session)
}

/// Adds a table to the summary, if it is asked for.
pub(crate) fn add_to_summary(session: &Session, table: MarkdownTable) -> anyhow::Result<()> {
    step_file::SUMMARY.append(session, || Ok(table.finish()))
}
