//! Users, and the kinds of actors that GitHub has and the sandbox lacks.

use std::sync::Arc;

use async_graphql::{ID, Interface, Object};

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

/// Represents an owner of a Repository.
#[derive(Debug, Clone, Interface)]
#[graphql(
    field(
        name = "avatar_url",
        ty = "Uri",
        desc = "A URL pointing to the owner's public avatar.",
        arg(
            name = "size",
            ty = "Option<i32>",
            desc = "The size of the resulting square image."
        )
    ),
    field(
        name = "id",
        ty = "ID",
        desc = "The Node ID of the RepositoryOwner object"
    ),
    field(name = "login", ty = "String", desc = "The username used to login."),
    field(
        name = "resource_path",
        ty = "Uri",
        desc = "The HTTP URL for the owner."
    ),
    field(name = "url", ty = "Uri", desc = "The HTTP URL for the owner.")
)]
pub(super) enum RepositoryOwner {
    User(User),
    Organization(Organization),
}

/// The picture of an account.
fn avatar(session: &Session, row: &store::User, size: Option<i32>) -> Uri {
    let size = size.map_or_else(String::new, |size| format!("&s={size}"));
    let web = &session.viewer.web;
    Uri(format!("{web}/avatars/u/{}?v=4{size}", row.id))
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(super) struct User {
    session: Arc<Session>,
    row: Arc<store::User>,
}

impl User {
    pub(super) fn new(session: &Arc<Session>, row: store::User) -> Self {
        Self {
            session: Arc::clone(session),
            row: Arc::new(row),
        }
    }
}

/// A user is an individual's account on GitHub that owns repositories and can make new content.
#[Object]
impl User {
    /// A URL pointing to the user's public avatar.
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

    /// The Node ID of the User object
    pub(super) async fn id(&self) -> ID {
        NodeId::User(self.row.id).encode().into()
    }

    /// The username used to login.
    pub(super) async fn login(&self) -> String {
        self.row.login.clone()
    }

    /// The user's public profile name.
    async fn name(&self) -> Option<String> {
        None
    }

    /// The HTTP path for this user
    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}", self.row.login))
    }

    /// The HTTP URL for this user
    pub(super) async fn url(&self) -> Uri {
        Uri(format!("{}/{}", self.session.viewer.web, self.row.login))
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

/// An organization, which here is the owner of a repository with teams.
#[derive(Debug, Clone)]
pub(super) struct Organization {
    session: Arc<Session>,
    row: Arc<store::User>,
}

/// An account on GitHub, with one or more owners, that has repositories, members and teams.
#[Object]
impl Organization {
    /// A URL pointing to the organization's public avatar.
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

    /// The Node ID of the Organization object
    pub(super) async fn id(&self) -> ID {
        NodeId::User(self.row.id).encode().into()
    }

    /// The organization's login name.
    pub(super) async fn login(&self) -> String {
        self.row.login.clone()
    }

    /// The organization's public profile name.
    async fn name(&self) -> Option<String> {
        None
    }

    /// The HTTP path for this organization.
    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}", self.row.login))
    }

    /// The HTTP URL for this organization.
    pub(super) async fn url(&self) -> Uri {
        Uri(format!("{}/{}", self.session.viewer.web, self.row.login))
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
        Ok(Organization {
            session: Arc::clone(&self.session),
            row: Arc::new(row),
        })
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
