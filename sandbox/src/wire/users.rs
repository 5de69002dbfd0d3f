//! Users and teams in answers.

use serde::Serialize;
use serde_json::{Value, json};

use crate::http::{Urls, encode_segment};
use crate::ids::NodeId;
use crate::store::{Team, User};

/// GitHub's `simple-user`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SimpleUser {
    login: String,
    id: i64,
    node_id: String,
    avatar_url: String,
    gravatar_id: &'static str,
    url: String,
    html_url: String,
    followers_url: String,
    following_url: String,
    gists_url: String,
    starred_url: String,
    subscriptions_url: String,
    organizations_url: String,
    repos_url: String,
    events_url: String,
    received_events_url: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_view_type: Option<&'static str>,
    site_admin: bool,
}

/// Where a user's picture would be.
pub(crate) fn avatar(urls: &Urls, user: &User) -> String {
    format!("{}/avatars/u/{}?v=4", urls.web, user.id)
}

impl SimpleUser {
    pub(crate) fn new(urls: &Urls, user: &User) -> Self {
        let login = encode_segment(&user.login);
        let url = format!("{}/users/{login}", urls.api);
        let (kind, page) = match user.app() {
            Some(app) => ("Bot", format!("apps/{app}")),
            None => ("User", login),
        };
        Self {
            login: user.login.clone(),
            id: user.id,
            node_id: NodeId::User(user.id).encode(),
            avatar_url: avatar(urls, user),
            gravatar_id: "",
            html_url: format!("{}/{page}", urls.web),
            followers_url: format!("{url}/followers"),
            following_url: format!("{url}/following{{/other_user}}"),
            gists_url: format!("{url}/gists{{/gist_id}}"),
            starred_url: format!("{url}/starred{{/owner}}{{/repo}}"),
            subscriptions_url: format!("{url}/subscriptions"),
            organizations_url: format!("{url}/orgs"),
            repos_url: format!("{url}/repos"),
            events_url: format!("{url}/events{{/privacy}}"),
            received_events_url: format!("{url}/received_events"),
            r#type: kind,
            user_view_type: Some("public"),
            site_admin: false,
            url,
        }
    }

    /// The owner of a repository.
    pub(crate) fn owner(urls: &Urls, owner: &User, is_organization: bool) -> Self {
        let simple = Self::new(urls, owner);
        if !is_organization {
            return simple;
        }
        Self {
            node_id: NodeId::Organization(owner.id).encode(),
            r#type: "Organization",
            ..simple
        }
    }

    /// The same in an event, where GitHub's schema has one field less.
    pub(crate) fn in_event(self) -> Self {
        Self {
            user_view_type: None,
            ..self
        }
    }
}

/// GitHub's `organization-simple`.
pub(crate) fn organization(urls: &Urls, owner: &User) -> Value {
    let url = format!("{}/orgs/{}", urls.api, owner.login);
    json!({
        "login": owner.login,
        "id": owner.id,
        "node_id": NodeId::Organization(owner.id).encode(),
        "url": url,
        "repos_url": format!("{url}/repos"),
        "events_url": format!("{url}/events"),
        "hooks_url": format!("{url}/hooks"),
        "issues_url": format!("{url}/issues"),
        "members_url": format!("{url}/members{{/member}}"),
        "public_members_url": format!("{url}/public_members{{/member}}"),
        "avatar_url": avatar(urls, owner),
        "description": null,
    })
}

/// GitHub's `team`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WireTeam {
    id: i64,
    node_id: String,
    url: String,
    html_url: String,
    name: String,
    slug: String,
    description: Option<String>,
    privacy: &'static str,
    notification_setting: &'static str,
    permission: &'static str,
    members_url: String,
    repositories_url: String,
    r#type: &'static str,
    parent: Option<()>,
}

impl WireTeam {
    pub(crate) fn new(urls: &Urls, team: &Team) -> Self {
        let Team {
            id,
            organization,
            slug,
        } = team;
        let url = format!("{}/orgs/{organization}/teams/{slug}", urls.api);
        Self {
            id: *id,
            node_id: NodeId::Team(*id).encode(),
            html_url: format!("{}/orgs/{organization}/teams/{slug}", urls.web),
            name: slug.clone(),
            slug: slug.clone(),
            description: None,
            privacy: "closed",
            notification_setting: "notifications_enabled",
            permission: "pull",
            members_url: format!("{url}/members{{/member}}"),
            repositories_url: format!("{url}/repos"),
            r#type: "organization",
            parent: None,
            url,
        }
    }
}
