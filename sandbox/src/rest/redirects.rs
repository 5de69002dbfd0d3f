//! Redirects of renamed repositories
//! (<https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects>).

use serde_json::json;

use super::exchange::Outcome;
use crate::access::METADATA;
use crate::app::App;
use crate::http::{Call, Caller, Reply, encode_segment};
use crate::rules::Failure;

/// Leads from the old name of a repository to its id.
pub(super) fn from_old_name(app: &App, call: &Call, caller: &Caller, segments: &[&str]) -> Outcome {
    let ["repos", owner, name, rest @ ..] = segments else {
        return Err(Failure::NotFound);
    };
    let found = app.core.renamed_repository(owner, name)?;
    let found = found.filter(|found| app.core.is_visible(found, caller.identity(), METADATA));
    let repository = found.ok_or(Failure::NotFound)?;
    let mut url = call.urls.by_id(&repository);
    for segment in rest {
        url.push('/');
        url.push_str(&encode_segment(segment));
    }
    if !call.query.is_empty() {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&call.query);
        url = format!("{url}?{}", query.finish());
    }
    let body = json!({
        "message": "Moved Permanently",
        "url": url,
        "documentation_url": "https://docs.github.com/v3/#http-redirects",
    });
    let status = if call.is_read() { 301 } else { 307 };
    Ok(Reply::json(status, &body).with("location", url))
}
