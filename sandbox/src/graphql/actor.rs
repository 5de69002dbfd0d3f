//! Actors: bots, teams, and the kinds that GitHub has and the sandbox lacks.

use std::sync::Arc;

use async_graphql::{ID, Interface, Object};

use super::owner::{Organization, User, avatar};
use super::problem::Result;
use super::scalars::Uri;
use super::session::Session;
use crate::ids::NodeId;
use crate::store;

/// Represents an object which can take actions on GitHub. Typically a User or Bot.
#[derive(Debug, Clone, Interface)]
#[graphql(
    field(
        name = "avatar_url",
        ty = "Uri",
        desc = "A URL pointing to the actor's public avatar.",
        arg(
            name = "size",
            ty = "Option<i32>",
            desc = "The size of the resulting square image."
        )
    ),
    field(name = "login", ty = "String", desc = "The username of the actor."),
    field(
        name = "resource_path",
        ty = "Uri",
        desc = "The HTTP path for this actor."
    ),
    field(name = "url", ty = "Uri", desc = "The HTTP URL for this actor.")
)]
pub(super) enum Actor {
    User(User),
    Bot(Bot),
    EnterpriseUserAccount(EnterpriseUserAccount),
    Mannequin(Mannequin),
    Organization(Organization),
}

impl Actor {
    /// The user, or the bot of an app.
    pub(super) fn new(session: &Arc<Session>, row: store::User) -> Self {
        if row.app().is_none() {
            return User::new(session, row).into();
        }
        let (session, row) = (Arc::clone(session), Arc::new(row));
        Bot { session, row }.into()
    }
}

/// The bot of an app, whose login has no `[bot]` here.
#[derive(Debug, Clone)]
pub(super) struct Bot {
    session: Arc<Session>,
    row: Arc<store::User>,
}

impl Bot {
    fn app(&self) -> &str {
        self.row.app().unwrap_or(&self.row.login)
    }
}

/// A special type of user which takes actions on behalf of GitHub Apps.
#[Object]
impl Bot {
    /// A URL pointing to the GitHub App's public avatar.
    pub(super) async fn avatar_url(
        &self,
        #[graphql(desc = "The size of the resulting square image.")] size: Option<i32>,
    ) -> Uri {
        avatar(&self.session, &self.row, size)
    }

    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        i32::try_from(self.row.id).ok()
    }

    /// The Node ID of the Bot object
    pub(super) async fn id(&self) -> ID {
        NodeId::User(self.row.id).encode().into()
    }

    /// The username of the actor.
    pub(super) async fn login(&self) -> String {
        self.app().to_owned()
    }

    /// The HTTP path for this bot
    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/apps/{}", self.app()))
    }

    /// The HTTP URL for this bot
    pub(super) async fn url(&self) -> Uri {
        Uri(format!("{}/apps/{}", self.session.viewer.web, self.app()))
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

/// A team of users in an organization.
#[Object]
impl Team {
    /// The slug corresponding to the organization and team.
    async fn combined_slug(&self) -> String {
        format!("{}/{}", self.row.organization, self.row.slug)
    }

    /// Identifies the primary key from the database.
    async fn database_id(&self) -> Option<i32> {
        i32::try_from(self.row.id).ok()
    }

    /// The organization that owns this team.
    async fn organization(&self) -> Result<Organization> {
        let row = self.session.core.user(&self.row.organization)?;
        Ok(Organization::new(&self.session, row))
    }

    /// The Node ID of the Team object
    pub(super) async fn id(&self) -> ID {
        NodeId::Team(self.row.id).encode().into()
    }

    /// The name of the team.
    async fn name(&self) -> String {
        self.row.slug.clone()
    }

    /// The slug corresponding to the team.
    async fn slug(&self) -> String {
        self.row.slug.clone()
    }

    /// The HTTP URL for this team
    async fn url(&self) -> Uri {
        let store::Team {
            organization, slug, ..
        } = self.row.as_ref();
        let web = &self.session.viewer.web;
        Uri(format!("{web}/orgs/{organization}/teams/{slug}"))
    }
}

/// Makes a type that no value has, so that queries with a fragment on it are
/// as good here as they are at GitHub.
macro_rules! placeholder_actor {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        #[derive(Debug, Clone)]
        pub(super) enum $name {}

        $(#[$doc])*
        #[Object]
        impl $name {
            /// A URL pointing to the public avatar.
            pub(super) async fn avatar_url(
                &self,
                #[graphql(name = "size", desc = "The size of the resulting square image.")]
                _size: Option<i32>,
            ) -> Result<Uri> {
                match *self {}
            }

            /// The Node ID of the object
            pub(super) async fn id(&self) -> Result<ID> {
                match *self {}
            }

            /// The username of the actor.
            pub(super) async fn login(&self) -> Result<String> {
                match *self {}
            }

            /// The HTTP path for this actor
            pub(super) async fn resource_path(&self) -> Result<Uri> {
                match *self {}
            }

            /// The HTTP URL for this actor
            pub(super) async fn url(&self) -> Result<Uri> {
                match *self {}
            }

            $(
                $(#[$field_doc])*
                async fn $field(&self) -> Result<$kind> {
                    match *self {}
                }
            )*
        }
    };
}

placeholder_actor! {
    /// An account for a user who is an admin of an enterprise or a member of an enterprise through one or more organizations.
    EnterpriseUserAccount {
        /// The name of the enterprise user account
        name: Option<String>,
    }
}

placeholder_actor! {
    /// A placeholder user for attribution of imported data on GitHub.
    Mannequin {
        /// Identifies the primary key from the database.
        database_id: Option<i32>,
    }
}
