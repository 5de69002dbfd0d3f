//! The deployments of a repository: what is live, the history of each
//! environment, and what waits.

use std::collections::HashMap;

use super::html::{escape, link, page, table};
use crate::http::{encode_segment, timestamp};
use crate::rules::{Core, Failure};
use crate::store::{Deployment, DeploymentFilter, DeploymentStatus, Repository, Window};

/// How many deployments of each environment the overview shows.
const SHOWN: u64 = 10;
/// How many the activity log of an environment shows.
const LOGGED: u64 = 500;
/// How many environments one page shows.
const ENVIRONMENTS: u64 = 200;

/// The states of deployments that have not ended.
const UNDER_WAY: [&str; 4] = ["waiting", "queued", "pending", "in_progress"];

/// A deployment with its newest status.
struct Entry {
    deployment: Deployment,
    newest: Option<DeploymentStatus>,
}

impl Entry {
    fn state(&self) -> &str {
        let newest = self.newest.as_ref().map(|status| status.state.as_str());
        newest.unwrap_or("pending")
    }

    /// When it reached its state, in seconds since the epoch.
    fn since(&self) -> i64 {
        let newest = self.newest.as_ref().map(|status| status.created_at);
        newest.unwrap_or(self.deployment.created_at)
    }

    fn address(&self) -> String {
        let newest = self.newest.as_ref();
        let url = newest.map(|status| status.environment_url.as_str());
        let url = url.unwrap_or_default();
        link(url, url)
    }

    fn commit(&self) -> String {
        let short: String = self.deployment.sha.chars().take(7).collect();
        format!("<code>{}</code>", escape(&short))
    }
}

/// All environments with what is live in them, what waits, and the newest
/// deployments of each.
pub(super) fn overview(core: &Core, repository: &Repository) -> Result<String, Failure> {
    let window = Window {
        skip: 0,
        take: ENVIRONMENTS,
    };
    let environments = core.environments(repository, window)?;
    let (mut live, mut waiting, mut histories) = (Vec::new(), Vec::new(), String::new());
    for (index, environment) in environments.items.iter().enumerate() {
        let name = &environment.name;
        let (entries, total) = history(core, repository, name, LOGGED)?;
        let under_way = entries
            .iter()
            .filter(|entry| UNDER_WAY.contains(&entry.state()));
        waiting.extend(under_way.map(waiting_row));
        let current = entries.iter().find(|entry| entry.state() == "success");
        let anchor = format!("#environment-{index}");
        live.push(live_row(&anchor, name, current));
        let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
        let rows: Vec<Vec<String>> = entries.iter().take(shown).map(history_row).collect();
        histories.push_str(&format!(
            "<h2 id=\"environment-{index}\">{}</h2>\n",
            escape(name)
        ));
        histories.push_str(&history_table(&rows));
        if total > SHOWN {
            let url = log_url(repository, name);
            let all = format!("All {total} deployments");
            histories.push_str(&format!("<p>{}</p>\n", link(&url, &all)));
        }
    }
    let title = format!("Deployments of {}", repository.full_name());
    let mut body = format!("<h1>{}</h1>\n", escape(&title));
    if live.is_empty() {
        body.push_str("<p>Nothing was deployed yet.</p>\n");
    } else {
        body.push_str("<h2>Live</h2>\n");
        let titles = ["Environment", "Ref", "Commit", "Since", "By", "URL"];
        body.push_str(&table(&titles, &live));
        body.push_str("<h2>Not finished</h2>\n");
        if waiting.is_empty() {
            body.push_str("<p>No deployment is waiting or running.</p>\n");
        } else {
            let titles = ["ID", "State", "Environment", "Ref", "Commit", "Since", "By"];
            body.push_str(&table(&titles, &waiting));
        }
    }
    if environments.total > ENVIRONMENTS {
        let count = environments.total - ENVIRONMENTS;
        histories.push_str(&format!(
            "<p>{count} more environments are not shown.</p>\n"
        ));
    }
    body.push_str(&histories);
    Ok(page(&title, &body))
}

/// The deployments of one environment.
pub(super) fn activity_log(
    core: &Core,
    repository: &Repository,
    environment: &str,
) -> Result<String, Failure> {
    let (entries, total) = history(core, repository, environment, LOGGED)?;
    if entries.is_empty() && core.environment(repository, environment)?.is_none() {
        return Err(Failure::NotFound);
    }
    let rows: Vec<Vec<String>> = entries.iter().map(history_row).collect();
    let title = format!("Deployments to {environment}");
    let mut body = format!("<h1>{}</h1>\n", escape(&title));
    let back = format!("/{}/deployments", repository.full_name());
    let all = format!("All deployments of {}", repository.full_name());
    body.push_str(&format!("<p>{}</p>\n", link(&back, &all)));
    body.push_str(&history_table(&rows));
    if total > LOGGED {
        let count = total - LOGGED;
        body.push_str(&format!(
            "<p>{count} older deployments are not shown.</p>\n"
        ));
    }
    Ok(page(&title, &body))
}

/// The newest deployments of an environment, and how many there are.
fn history(
    core: &Core,
    repository: &Repository,
    environment: &str,
    take: u64,
) -> Result<(Vec<Entry>, u64), Failure> {
    let filter = DeploymentFilter {
        environments: Some(vec![environment.to_owned()]),
        ..DeploymentFilter::default()
    };
    let found = core.deployments(repository, &filter, Window { skip: 0, take })?;
    let ids: Vec<i64> = found.items.iter().map(|one| one.id).collect();
    let newest = core.latest_statuses(&ids)?.into_iter();
    let mut newest: HashMap<i64, DeploymentStatus> = newest
        .map(|status| (status.deployment_id, status))
        .collect();
    let entries = found.items.into_iter().map(|deployment| Entry {
        newest: newest.remove(&deployment.id),
        deployment,
    });
    Ok((entries.collect(), found.total))
}

fn log_url(repository: &Repository, environment: &str) -> String {
    format!(
        "/{}/deployments/activity_log?environments_filter={}",
        repository.full_name(),
        encode_segment(environment)
    )
}

fn live_row(anchor: &str, environment: &str, live: Option<&Entry>) -> Vec<String> {
    let name = link(anchor, environment);
    let Some(live) = live else {
        let nothing = String::new;
        return vec![
            name,
            "nothing live".to_owned(),
            nothing(),
            nothing(),
            nothing(),
            nothing(),
        ];
    };
    vec![
        name,
        escape(&live.deployment.reference),
        live.commit(),
        timestamp(live.since()),
        escape(&live.deployment.creator.login),
        live.address(),
    ]
}

fn waiting_row(entry: &Entry) -> Vec<String> {
    vec![
        entry.deployment.id.to_string(),
        escape(entry.state()),
        escape(&entry.deployment.environment),
        escape(&entry.deployment.reference),
        entry.commit(),
        timestamp(entry.since()),
        escape(&entry.deployment.creator.login),
    ]
}

fn history_table(rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return "<p>Nothing was deployed yet.</p>\n".to_owned();
    }
    let titles = [
        "ID",
        "State",
        "Ref",
        "Commit",
        "Description",
        "Requested",
        "By",
        "Log",
    ];
    table(&titles, rows)
}

fn history_row(entry: &Entry) -> Vec<String> {
    let deployment = &entry.deployment;
    let newest = entry.newest.as_ref();
    let log = newest
        .map(|status| status.log_url.as_str())
        .unwrap_or_default();
    vec![
        deployment.id.to_string(),
        escape(entry.state()),
        escape(&deployment.reference),
        entry.commit(),
        escape(deployment.description.as_deref().unwrap_or_default()),
        timestamp(deployment.created_at),
        escape(&deployment.creator.login),
        if log.is_empty() {
            String::new()
        } else {
            link(log, "log")
        },
    ]
}
