//! The administration of repositories and their owners, below `/_sandbox`.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::Outcome;
use super::repositories::embedded;
use crate::app::App;
use crate::http::{Call, DOCS, Fields, Reply};
use crate::rules::{
    Failure, NewRepositories, ReadersEdit, RepositoryEdit, SeedDeployment, not_a_member,
};
use crate::store::{Repository, Visibility};

/// The most repositories that one request makes.
const MAX_REPOSITORIES: usize = 10_000;

const OWNER_TYPES: [&str; 2] = ["Organization", "User"];

/// A deployment in a request.
#[derive(Debug, Deserialize)]
struct DeploymentInput {
    environment: String,
    #[serde(rename = "ref", default = "default_ref")]
    reference: String,
    #[serde(default = "default_task")]
    task: String,
    description: Option<String>,
    state: Option<String>,
    #[serde(default)]
    environment_url: String,
}

fn default_ref() -> String {
    "main".to_owned()
}

fn default_task() -> String {
    "deploy".to_owned()
}

impl From<DeploymentInput> for SeedDeployment {
    fn from(input: DeploymentInput) -> Self {
        Self {
            environment: input.environment,
            reference: input.reference,
            task: input.task,
            description: input.description,
            state: input.state,
            environment_url: input.environment_url,
        }
    }
}

/// Makes repositories of one owner.
pub(super) fn make(app: &App, call: &Call, login: &str) -> Outcome {
    let mut fields = match Fields::read(&call.body, DOCS) {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let owner = fields.required_string("owner");
    let is_organization = owner_type(&mut fields, "owner_type")?;
    let mut names = fields.strings("names").unwrap_or_default();
    let count = fields.integer("count").unwrap_or(0);
    let prefix = fields.string("prefix").unwrap_or_default();
    let path = fields.string("path").map(PathBuf::from);
    let edit = edit(&mut fields)?;
    let deployments = fields.nullable("deployments", "an array of deployments");
    let deployments: Vec<DeploymentInput> = deployments.unwrap_or_default();
    fields.only(&[
        "archived",
        "count",
        "deployments",
        "names",
        "owner",
        "owner_type",
        "path",
        "prefix",
        "pushed_at",
        "readers",
        "topics",
        "visibility",
    ]);
    fields.finish()?;
    let width = count.to_string().len();
    names.extend(
        (1..=count)
            .take(MAX_REPOSITORIES + 1)
            .map(|number| format!("{prefix}{number:0width$}")),
    );
    if names.is_empty() || names.len() > MAX_REPOSITORIES {
        return Err(Failure::Schema(format!(
            "Write \"names\", or \"count\" and \"prefix\", for 1 to {MAX_REPOSITORIES} repositories."
        )));
    }
    let new = NewRepositories {
        owner,
        is_organization,
        names,
        path,
        edit,
        deployments: deployments.into_iter().map(SeedDeployment::from).collect(),
    };
    let made = app.core.make_repositories(&new, &app.core.user(login)?)?;
    let list: Vec<Value> = made
        .iter()
        .map(|one| json!({ "id": one.id, "full_name": one.full_name() }))
        .collect();
    let body = json!({ "total_count": list.len(), "repositories": list });
    let location = format!("{}/orgs/{}/repos", call.urls.api, new.owner);
    Ok(Reply::json(201, &body).with("location", location))
}

/// Changes a repository.
pub(super) fn change(app: &App, call: &Call, repository: Repository) -> Outcome {
    let mut fields = match Fields::read(&call.body, DOCS) {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let (owner, name) = (fields.string("owner"), fields.string("name"));
    let edit = edit(&mut fields)?;
    fields.only(&[
        "archived",
        "name",
        "owner",
        "pushed_at",
        "readers",
        "topics",
        "visibility",
    ]);
    fields.finish()?;
    let core = &app.core;
    let changed = core.change_repository(repository, &edit, owner.as_deref(), name.as_deref())?;
    Ok(Reply::json(200, &embedded(app, call, &changed, true)?))
}

/// Makes an owner, or changes what kind it is.
pub(super) fn set_owner(app: &App, call: &Call) -> Outcome {
    let mut fields = match Fields::read(&call.body, DOCS) {
        Ok(fields) => fields,
        Err(reply) => return Ok(*reply),
    };
    let login = fields.required_string("login");
    let is_organization = owner_type(&mut fields, "type")?.unwrap_or(true);
    let requires_sso = fields.boolean("sso");
    fields.only(&["login", "sso", "type"]);
    fields.finish()?;
    let owner = app
        .core
        .set_owner(&login, Some(is_organization), requires_sso)?;
    let body = json!({
        "login": owner.user.login,
        "id": owner.user.id,
        "type": if owner.is_organization { "Organization" } else { "User" },
        "sso": owner.requires_sso,
    });
    Ok(Reply::json(200, &body))
}

/// Whether an owner is an organization.
fn owner_type(fields: &mut Fields<'_>, name: &str) -> Result<Option<bool>, Failure> {
    match fields.string(name).as_deref() {
        None => Ok(None),
        Some("Organization") => Ok(Some(true)),
        Some("User") => Ok(Some(false)),
        Some(other) => Err(Failure::Schema(not_a_member(other, &OWNER_TYPES))),
    }
}

/// The settings of repositories in a request.
fn edit(fields: &mut Fields<'_>) -> Result<RepositoryEdit, Failure> {
    let visibility = fields.string("visibility");
    let visibility = visibility.map(|text| {
        let refused = || Failure::Schema(not_a_member(&text, &Visibility::NAMES));
        Visibility::parse(&text).ok_or_else(refused)
    });
    let pushed_at = fields.string("pushed_at").map(|text| {
        let time = text.parse::<Timestamp>();
        time.map(Timestamp::as_second).map_err(|_| {
            Failure::Schema(format!(
                "\"{text}\" is not a valid date-time for pushed_at."
            ))
        })
    });
    let readers = if fields.has("readers") {
        let readers = fields.nullable("readers", "an array of logins");
        readers.map_or(ReadersEdit::All, ReadersEdit::Only)
    } else {
        ReadersEdit::Keep
    };
    Ok(RepositoryEdit {
        is_archived: fields.boolean("archived"),
        topics: fields.strings("topics"),
        visibility: visibility.transpose()?,
        readers,
        pushed_at: pushed_at.transpose()?,
    })
}
