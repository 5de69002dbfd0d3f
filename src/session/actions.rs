use super::{Session, step_file};
use crate::output::{DeploymentRecord, github_output};

/// Writes what a step of GitHub Actions hands on, if `--github-output` asks
/// for it: `id`, `ref`, `sha`, `environment`, `state`, `environment_url`,
/// `log_url`, `web_url`, and the whole as `json`.
pub(crate) fn write_github_output(
    session: &Session,
    record: &DeploymentRecord,
) -> anyhow::Result<()> {
    step_file::OUTPUT.append(session, || text_of(record))
}

fn text_of(record: &DeploymentRecord) -> anyhow::Result<String> {
    let json = serde_json::to_string(record)?;
    let deployment = record.deployment();
    let state = record.state().map(ToString::to_string).unwrap_or_default();
    let values = [
        ("id", deployment.id.to_string()),
        ("ref", deployment.ref_name.clone()),
        ("sha", deployment.sha.clone()),
        ("environment", deployment.environment.clone()),
        ("state", state),
        (
            "environment_url",
            record.environment_url().unwrap_or_default().to_owned(),
        ),
        ("log_url", record.log_url().unwrap_or_default().to_owned()),
        ("web_url", record.web_url().to_owned()),
        ("json", json),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    Ok(github_output(&values, || fastrand::u64(..)))
}
