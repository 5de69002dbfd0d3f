use super::connection::Connection;
use super::session::Session;
use super::step_file;
use crate::output::{DeploymentRecord, MarkdownTable, github_output, short_sha};

/// The number of rows that a table in a summary has at most: GitHub accepts 1 MiB
/// of summary from a step.
pub(crate) const MAX_SUMMARY_ROWS: usize = 500;

impl Session {
    /// Ends a command whose result is one or more deployments: adds them to the
    /// completion cache, prints them with `print`, and writes the outputs and the
    /// summary for GitHub Actions. `title` is the heading in the summary.
    pub(crate) fn report(
        &self,
        connection: &Connection,
        title: &str,
        records: &[DeploymentRecord],
        print: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.cache_deployments(connection, records);
        print()?;
        self.term.flush()?;
        for record in records {
            step_file::OUTPUT.append(&self.env, &self.global, || outputs(record))?;
        }
        let mut summary = DeploymentSummary::new(self, title);
        summary.add(records);
        summary.finish(self)
    }

    /// Adds a table to the summary of the run, if `--github-summary` is given.
    pub(crate) fn add_to_summary(&self, table: MarkdownTable) -> anyhow::Result<()> {
        step_file::SUMMARY.append(&self.env, &self.global, || Ok(table.finish()))
    }
}

/// The outputs of a step of GitHub Actions: `id`, `ref`, `sha`, `environment`,
/// `state`, `environment_url`, `log_url`, `web_url`, and the whole record as
/// `json`.
fn outputs(record: &DeploymentRecord) -> anyhow::Result<String> {
    let json = serde_json::to_string(record)?;
    let deployment = record.deployment();
    let id = deployment.id.to_string();
    let state = record.state().map(ToString::to_string).unwrap_or_default();
    let values = [
        ("id", id.as_str()),
        ("ref", &deployment.ref_name),
        ("sha", &deployment.sha),
        ("environment", &deployment.environment),
        ("state", &state),
        (
            "environment_url",
            record.environment_url().unwrap_or_default(),
        ),
        ("log_url", record.log_url().unwrap_or_default()),
        ("web_url", record.web_url()),
        ("json", &json),
    ];
    Ok(github_output(&values, || fastrand::u64(..)))
}

/// A table of deployments for the summary of a run of GitHub Actions, if
/// `--github-summary` is given.
pub(crate) struct DeploymentSummary(Option<MarkdownTable>);

impl DeploymentSummary {
    pub(crate) fn new(session: &Session, title: &str) -> Self {
        let head = [
            "Deployment",
            "State",
            "Environment",
            "Ref",
            "Commit",
            "Address",
        ];
        let is_requested = step_file::SUMMARY.is_requested(&session.global);
        Self(is_requested.then(|| MarkdownTable::new(title, &head, MAX_SUMMARY_ROWS)))
    }

    /// Adds deployments. Those beyond the maximum number of rows are only
    /// counted.
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

    pub(crate) fn finish(self, session: &Session) -> anyhow::Result<()> {
        match self.0 {
            Some(table) => session.add_to_summary(table),
            None => Ok(()),
        }
    }
}
