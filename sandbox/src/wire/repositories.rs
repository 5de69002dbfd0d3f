//! Repositories in answers and events.

use serde_json::{Map, Value, json};

use super::users::SimpleUser;
use crate::http::{Call, Urls, Version, timestamp};
use crate::ids::NodeId;
use crate::store::{Repository, Visibility};

/// The addresses of a repository: the field, and the path after the
/// repository's own address in the API.
const ADDRESSES: [(&str, &str); 38] = [
    ("forks_url", "/forks"),
    ("keys_url", "/keys{/key_id}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("teams_url", "/teams"),
    ("hooks_url", "/hooks"),
    ("issue_events_url", "/issues/events{/number}"),
    ("events_url", "/events"),
    ("assignees_url", "/assignees{/user}"),
    ("branches_url", "/branches{/branch}"),
    ("tags_url", "/tags"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("trees_url", "/git/trees{/sha}"),
    ("statuses_url", "/statuses/{sha}"),
    ("languages_url", "/languages"),
    ("stargazers_url", "/stargazers"),
    ("contributors_url", "/contributors"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("commits_url", "/commits{/sha}"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("comments_url", "/comments{/number}"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("contents_url", "/contents/{+path}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("merges_url", "/merges"),
    ("archive_url", "/{archive_format}{/ref}"),
    ("downloads_url", "/downloads"),
    ("issues_url", "/issues{/number}"),
    ("pulls_url", "/pulls{/number}"),
    ("milestones_url", "/milestones{/number}"),
    (
        "notifications_url",
        "/notifications{?since,all,participating}",
    ),
    ("labels_url", "/labels{/name}"),
    ("releases_url", "/releases{/id}"),
    ("deployments_url", "/deployments"),
    ("url", ""),
    ("svn_url", ""),
];

/// The owner of a repository.
pub(crate) fn owner(urls: &Urls, repository: &Repository) -> SimpleUser {
    SimpleUser::owner(urls, &repository.owner, repository.is_in_organization)
}

/// GitHub's `minimal-repository`, which other answers contain.
pub(crate) fn minimal(
    urls: &Urls,
    repository: &Repository,
    visibility: Visibility,
) -> Map<String, Value> {
    let api = urls.repository(repository);
    let web = urls.web_page(repository);
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    set("id", repository.id.into());
    set("node_id", NodeId::Repository(repository.id).encode().into());
    set("name", repository.name.as_str().into());
    set("full_name", repository.full_name().into());
    set("private", visibility.is_private().into());
    set("owner", json!(owner(urls, repository)));
    set("html_url", web.as_str().into());
    set("description", Value::Null);
    set("fork", false.into());
    for (name, rest) in ADDRESSES {
        let base = if name == "svn_url" { &web } else { &api };
        set(name, format!("{base}{rest}").into());
    }
    fields
}

/// The fields that the fuller forms of a repository share.
fn usual(
    urls: &Urls,
    repository: &Repository,
    visibility: Visibility,
    default_branch: &str,
) -> Map<String, Value> {
    let web = urls.web_page(repository);
    let host = &urls.host;
    let name = repository.full_name();
    let mut fields = minimal(urls, repository, visibility);
    let more = json!({
        "visibility": visibility.as_str(),
        "created_at": timestamp(repository.created_at),
        "updated_at": timestamp(repository.updated_at),
        "pushed_at": timestamp(repository.pushed_at),
        "git_url": format!("git://{host}/{name}.git"),
        "ssh_url": format!("git@{host}:{name}.git"),
        "clone_url": format!("{web}.git"),
        "homepage": null,
        "size": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": null,
        "has_issues": true,
        "has_projects": false,
        "has_downloads": true,
        "has_wiki": false,
        "has_pages": false,
        "has_discussions": false,
        "forks_count": 0,
        "mirror_url": null,
        "archived": repository.settings.is_archived,
        "disabled": false,
        "open_issues_count": 0,
        "license": null,
        "allow_forking": true,
        "is_template": false,
        "web_commit_signoff_required": false,
        "topics": repository.settings.topics,
        "forks": 0,
        "open_issues": 0,
        "watchers": 0,
        "default_branch": default_branch,
    });
    if let Value::Object(more) = more {
        fields.extend(more);
    }
    fields
}

/// GitHub's `repository-webhooks`, which events contain.
pub(crate) fn in_event(
    urls: &Urls,
    repository: &Repository,
    visibility: Visibility,
    default_branch: &str,
) -> Map<String, Value> {
    let mut fields = usual(urls, repository, visibility, default_branch);
    let owner = owner(urls, repository).in_event();
    fields.insert("owner".to_owned(), json!(owner));
    fields.insert("custom_properties".to_owned(), json!({}));
    fields
}

/// A repository in a list: GitHub's `minimal-repository` with most of the
/// fields of its `repository`.
pub(crate) fn listed(
    call: &Call,
    repository: &Repository,
    visibility: Visibility,
    default_branch: &str,
    writable: bool,
) -> Map<String, Value> {
    let mut fields = usual(&call.urls, repository, visibility, default_branch);
    fields.insert("permissions".to_owned(), permissions(writable));
    without_dropped_fields(call, fields)
}

fn permissions(writable: bool) -> Value {
    json!({
        "admin": writable,
        "maintain": writable,
        "push": writable,
        "triage": writable,
        "pull": true,
    })
}

/// Removes the fields that the newer version of the API dropped.
fn without_dropped_fields(call: &Call, mut fields: Map<String, Value>) -> Map<String, Value> {
    if call.version == Version::V2026 {
        fields.remove("has_downloads");
        fields.remove("use_squash_pr_title_as_default");
    }
    fields
}

/// GitHub's `full-repository`.
pub(crate) fn full(
    call: &Call,
    repository: &Repository,
    visibility: Visibility,
    default_branch: &str,
    writable: bool,
) -> Map<String, Value> {
    let mut fields = listed(call, repository, visibility, default_branch, writable);
    let settings = json!({
        "temp_clone_token": null,
        "allow_squash_merge": true,
        "allow_merge_commit": true,
        "allow_rebase_merge": true,
        "allow_auto_merge": false,
        "delete_branch_on_merge": false,
        "allow_update_branch": false,
        "use_squash_pr_title_as_default": false,
        "network_count": 0,
        "subscribers_count": 0,
    });
    if let Value::Object(settings) = settings {
        fields.extend(settings);
    }
    if repository.is_in_organization {
        fields.insert(
            "organization".to_owned(),
            json!(owner(&call.urls, repository)),
        );
    }
    without_dropped_fields(call, fields)
}
