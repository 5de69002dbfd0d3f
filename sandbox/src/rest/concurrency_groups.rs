//! Concurrency groups
//! (<https://docs.github.com/rest/actions/concurrency-groups>).

use serde_json::{Map, Value, json};

use super::exchange::{Exchange, Outcome};
use super::runs::context;
use crate::base64;
use crate::http::{Page, Reply, encode_segment};
use crate::rules::{Failure, GroupMember};
use crate::wire::runs::html_url;

const BAD_CURSOR: &str = "The cursor is invalid.";
const NOT_A_MEMBER: &str = "The run or job is not in the concurrency group.";
const TWO_MEMBERS: &str = "ahead_of_run and ahead_of_job cannot be given together.";

fn invalid(field: &'static str, message: &str) -> Failure {
    Failure::Invalid {
        resource: "ConcurrencyGroup",
        field,
        message: message.to_owned(),
    }
}

fn url(exchange: &Exchange<'_>, group: &str) -> String {
    let api = exchange.call.urls.repository(&exchange.repository);
    format!("{api}/actions/concurrency_groups/{}", encode_segment(group))
}

fn member(exchange: &Exchange<'_>, member: &GroupMember) -> Map<String, Value> {
    let context = context(exchange);
    let run = &member.run;
    let status = if member.acquired_at().is_some() {
        "in_progress"
    } else {
        "pending"
    };
    let mut wire = Map::new();
    let mut set = |name: &str, value: Value| {
        wire.insert(name.to_owned(), value);
    };
    set("run_id", run.id.into());
    set("run_name", run.workflow.name.as_str().into());
    set("run_url", context.url(run.id).into());
    let page = html_url(&exchange.call.urls, &exchange.repository, run.id);
    set("run_html_url", page.into());
    if let Some(job) = &member.job {
        let api = exchange.call.urls.repository(&exchange.repository);
        set("job_id", job.id.into());
        set("job_name", job.name.as_str().into());
        set("job_url", format!("{api}/actions/jobs/{}", job.id).into());
        set("job_html_url", context.job_html_url(job).into());
    }
    set("status", status.into());
    wire
}

/// A concurrency group by its name, with its members.
type NamedGroup = (String, Vec<GroupMember>);

/// The page of a list that is paged by cursors, and its `Link` header.
fn page(
    exchange: &Exchange<'_>,
    groups: Vec<NamedGroup>,
    path: &str,
) -> Result<(Vec<NamedGroup>, Option<String>), Failure> {
    let call = exchange.call;
    let decode = |text: &str| {
        let name = base64::decode(text).and_then(|bytes| String::from_utf8(bytes).ok());
        name.ok_or_else(|| invalid("after", BAD_CURSOR))
    };
    let cursor = call.parameter("after").filter(|text| !text.is_empty());
    let after = cursor.map(decode).transpose()?;
    let size = usize::try_from(Page::from_call(call).window().take).unwrap_or(usize::MAX);
    let mut left = groups.into_iter().filter(|(name, _)| {
        let name = name.to_ascii_lowercase();
        after
            .as_ref()
            .is_none_or(|after| name > after.to_ascii_lowercase())
    });
    let shown: Vec<NamedGroup> = left.by_ref().take(size).collect();
    let has_more = left.next().is_some();
    let link = shown.last().filter(|_| has_more).map(|(last, _)| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in call.query.iter().filter(|(name, _)| name != "after") {
            query.append_pair(name, value);
        }
        query.append_pair("after", &base64::encode_url(last.as_bytes()));
        let address = format!("{}{path}", call.urls.by_id(&exchange.repository));
        format!("<{address}?{}>; rel=\"next\"", query.finish())
    });
    Ok((shown, link))
}

/// `GET /repos/{owner}/{repo}/actions/concurrency_groups`
pub(super) fn list(exchange: &Exchange<'_>) -> Outcome {
    let groups = exchange.app.core.concurrency_groups(&exchange.repository)?;
    let total = groups.len();
    let (shown, link) = page(exchange, groups, "/actions/concurrency_groups")?;
    let groups: Vec<Value> = shown
        .iter()
        .map(|(name, members)| {
            let acquired_at = members.iter().filter_map(GroupMember::acquired_at).max();
            json!({
                "group_name": name,
                "group_url": url(exchange, name),
                "last_acquired_at": acquired_at.map(crate::http::timestamp),
            })
        })
        .collect();
    let body = json!({ "total_count": total, "concurrency_groups": groups });
    Ok(Reply::json(200, &body).with_some("link", link))
}

/// `GET /repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}`
pub(super) fn get(exchange: &Exchange<'_>) -> Outcome {
    let name = exchange.parameter(0);
    let core = &exchange.app.core;
    let mut members = core.concurrency_group(&exchange.repository, name)?;
    let first = members.first().ok_or(Failure::NotFound)?;
    let name = first
        .concurrency()
        .map_or(name.to_owned(), |group| group.group.clone());
    let id = |name| {
        exchange
            .call
            .parameter(name)
            .map(|text| text.parse::<i64>().unwrap_or(0))
    };
    let position = match (id("ahead_of_run"), id("ahead_of_job")) {
        (None, None) => Some(members.len() - 1),
        (Some(_), Some(_)) => return Err(invalid("ahead_of_job", TWO_MEMBERS)),
        (Some(run), None) => members
            .iter()
            .position(|member| member.job.is_none() && member.run.id == run),
        (None, Some(id)) => members
            .iter()
            .position(|member| member.job.as_ref().is_some_and(|job| job.id == id)),
    };
    let position = position.ok_or_else(|| invalid("ahead_of_run", NOT_A_MEMBER))?;
    members.truncate(position + 1);
    let shown: Vec<_> = members.iter().map(|one| member(exchange, one)).collect();
    let body = json!({
        "group_name": name,
        "group_url": url(exchange, &name),
        "total_count": shown.len(),
        "group_members": shown,
    });
    Ok(Reply::json(200, &body))
}

/// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups`
pub(super) fn list_of_run(exchange: &Exchange<'_>) -> Outcome {
    let run = exchange.id(0)?;
    let core = &exchange.app.core;
    let groups = core.concurrency_groups_of_run(&exchange.repository, run)?;
    let total = groups.len();
    let path = format!("/actions/runs/{run}/concurrency_groups");
    let (shown, link) = page(exchange, groups, &path)?;
    let groups: Vec<Value> = shown
        .iter()
        .map(|(name, members)| {
            let own = members.iter().enumerate();
            let own = own.filter(|(_, member)| member.run.id == run);
            let own = own.map(|(position, one)| {
                let mut wire = member(exchange, one);
                let query = match &one.job {
                    Some(job) => format!("ahead_of_job={}", job.id),
                    None => format!("ahead_of_run={run}"),
                };
                wire.insert("position".to_owned(), position.into());
                let url = format!("{}?{query}", url(exchange, name));
                wire.insert("position_url".to_owned(), url.into());
                wire
            });
            json!({
                "group_name": name,
                "group_url": url(exchange, name),
                "group_members": own.collect::<Vec<_>>(),
            })
        })
        .collect();
    let body = json!({ "total_count": total, "concurrency_groups": groups });
    Ok(Reply::json(200, &body).with_some("link", link))
}
