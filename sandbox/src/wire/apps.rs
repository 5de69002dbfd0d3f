//! GitHub Apps in answers and events.

use serde::Serialize;

use super::users::SimpleUser;
use crate::http::{Urls, timestamp};
use crate::ids::NodeId;
use crate::store::User;

/// GitHub's `integration`.
#[derive(Debug, Serialize)]
pub(crate) struct WireApp {
    id: i64,
    slug: String,
    node_id: String,
    owner: SimpleUser,
    name: String,
    description: Option<String>,
    external_url: String,
    html_url: String,
    created_at: String,
    updated_at: String,
    permissions: Permissions,
    events: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Permissions {
    deployments: &'static str,
}

impl WireApp {
    /// The app that something was made by, if its account made it.
    pub(crate) fn of_account(urls: &Urls, account: &User) -> Option<Self> {
        let slug = account.app()?;
        let html_url = format!("{}/apps/{slug}", urls.web);
        Some(Self {
            id: account.id,
            slug: slug.to_owned(),
            node_id: NodeId::App(account.id).encode(),
            owner: SimpleUser::new(urls, account),
            name: slug.to_owned(),
            description: None,
            external_url: html_url.clone(),
            html_url,
            created_at: timestamp(account.created_at),
            updated_at: timestamp(account.created_at),
            permissions: Permissions {
                deployments: "write",
            },
            events: Vec::new(),
        })
    }

    /// The same in an event.
    pub(crate) fn in_event(self) -> Self {
        Self {
            owner: self.owner.in_event(),
            ..self
        }
    }
}
