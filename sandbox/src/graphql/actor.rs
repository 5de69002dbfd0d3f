//! Actors: users, and the bots of apps
//! (<https://docs.github.com/graphql/reference/interfaces#actor>).

use std::sync::Arc;

use super::object::{Field, Object, Output};
use super::owner::{Owner, avatar};
use super::problem::Result;
use super::scalars::short;
use super::session::Session;
use crate::ids::NodeId;
use crate::store;

/// The user, or the bot of an app.
pub(super) fn actor(session: &Arc<Session>, row: store::User) -> Output {
    if row.app().is_none() {
        return Owner::user(session, row).into();
    }
    let (session, row) = (Arc::clone(session), Arc::new(row));
    Bot { session, row }.into()
}

/// The bot of an app, whose login has no `[bot]` here.
#[derive(Debug, Clone)]
struct Bot {
    session: Arc<Session>,
    row: Arc<store::User>,
}

impl Object for Bot {
    fn kind(&self) -> &'static str {
        "Bot"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let app = self.row.app().unwrap_or(&self.row.login);
        let path = || format!("/apps/{app}");
        Ok(match field.name() {
            "avatarUrl" => avatar(&self.session, &self.row, field.argument("size")?).into(),
            "databaseId" => short(self.row.id).into(),
            "id" => NodeId::User(self.row.id).encode().into(),
            "login" => app.into(),
            "resourcePath" => path().into(),
            "url" => self.session.url(&path()).into(),
            _ => return Err(field.unknown()),
        })
    }
}

/// A team that may review deployments.
#[derive(Debug, Clone)]
pub(super) struct Team {
    session: Arc<Session>,
    row: Arc<store::Team>,
}

impl Team {
    pub(super) fn new(session: &Arc<Session>, row: store::Team) -> Self {
        Self {
            session: Arc::clone(session),
            row: Arc::new(row),
        }
    }
}

impl Object for Team {
    fn kind(&self) -> &'static str {
        "Team"
    }

    fn resolve(&self, field: Field<'_>) -> Result<Output> {
        let store::Team {
            id,
            organization,
            slug,
            ..
        } = self.row.as_ref();
        Ok(match field.name() {
            "combinedSlug" => format!("{organization}/{slug}").into(),
            "databaseId" => short(*id).into(),
            "id" => NodeId::Team(*id).encode().into(),
            "name" | "slug" => slug.as_str().into(),
            "organization" => {
                let row = self.session.core.user(organization)?;
                Owner::organization(&self.session, row).into()
            }
            "url" => {
                let path = format!("/orgs/{organization}/teams/{slug}");
                self.session.url(&path).into()
            }
            _ => return Err(field.unknown()),
        })
    }
}
