use std::io::Write as _;

use anyhow::Context;

use super::Session;
use crate::env;
use crate::error::{Failure, Kind};
use crate::output::{DeploymentRecord, github_output};

/// Writes what a step of GitHub Actions hands on, if `--github-output` asks
/// for it: `id`, `ref`, `sha`, `environment`, `state`, `environment_url`,
/// `log_url`, `web_url`, and the whole as `json`.
pub(crate) fn write_github_output(
    session: &Session,
    record: &DeploymentRecord,
) -> anyhow::Result<()> {
    if !session.global.github_output {
        return Ok(());
    }
    let path = output_file(session)?;
    let json = serde_json::to_string(record)?;
    let (deployment, latest) = (record.deployment(), record.latest_status());
    let state = record.state().map(ToString::to_string).unwrap_or_default();
    let values = [
        ("id", deployment.id.to_string()),
        ("ref", deployment.ref_name.clone()),
        ("sha", deployment.sha.clone()),
        ("environment", deployment.environment.clone()),
        ("state", state),
        (
            "environment_url",
            latest
                .and_then(|s| s.environment_url())
                .unwrap_or_default()
                .to_owned(),
        ),
        (
            "log_url",
            latest
                .and_then(|s| s.log_url())
                .unwrap_or_default()
                .to_owned(),
        ),
        ("web_url", record.web_url().to_owned()),
        ("json", json),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let text = github_output(&values, || fastrand::u64(..));
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("writing {path}"))
}

/// The file for the outputs, if they are asked for. What keeps it from being
/// written is found before anything is sent.
pub(super) fn check_github_output(session: &Session) -> Result<(), Failure> {
    if !session.global.github_output {
        return Ok(());
    }
    let path = output_file(session)?;
    let opened = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path);
    opened.map(drop).map_err(|error| {
        Failure::new(
            Kind::Usage,
            format!("--github-output: {path} can't be written: {error}"),
        )
    })
}

fn output_file(session: &Session) -> Result<&str, Failure> {
    session.env.get(env::GITHUB_OUTPUT).ok_or_else(|| {
        Failure::new(
            Kind::Usage,
            "--github-output is for GitHub Actions: GITHUB_OUTPUT is not set",
        )
    })
}
