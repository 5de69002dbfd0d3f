//! A sandbox on a real repository, with helpers for the steps of every test.

use deployctl_sandbox::Config;
use serde_json::{Value, json};

use crate::support::git::{self, GitRepository};
use crate::support::http::{Client, REPO, Reply};
use crate::support::serve::{self, Server};

/// A repository, the sandbox that serves it, and a client.
pub(crate) struct World {
    pub(crate) repository: GitRepository,
    pub(crate) server: Server,
    pub(crate) client: Client,
}

impl World {
    /// A world with the branches of [`git::with_branches`].
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// Like [`Self::new`], with a changed configuration.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let repository = git::with_branches();
        let server = Server::with(|config| {
            serve::serve(config, &repository);
            change(config);
        });
        let client = Client::new(server.url());
        Self {
            repository,
            server,
            client,
        }
    }

    /// Requests a deployment and accepts any response.
    #[track_caller]
    pub(crate) fn ask(&self, body: &Value) -> Reply {
        self.client.post(&format!("{REPO}/deployments"), body)
    }

    #[track_caller]
    pub(crate) fn create(&self, body: &Value) -> Value {
        self.ask(body).expect(201).json()
    }

    /// Creates a deployment of main, not to production, and returns its ID.
    #[track_caller]
    pub(crate) fn deploy(&self, environment: &str) -> u64 {
        let made = self.create(&json!({
            "ref": "main", "environment": environment, "production_environment": false,
        }));
        id(&made)
    }

    #[track_caller]
    pub(crate) fn deployment(&self, id: u64) -> Value {
        self.client.get(&one(id)).expect(200).json()
    }

    #[track_caller]
    pub(crate) fn set(&self, id: u64, state: &str) -> Value {
        self.add(id, &json!({"state": state})).expect(201).json()
    }

    /// Adds a status and accepts any response.
    #[track_caller]
    pub(crate) fn add(&self, id: u64, body: &Value) -> Reply {
        self.client.post(&statuses(id), body)
    }

    /// The states of a deployment's statuses, newest first.
    #[track_caller]
    pub(crate) fn states(&self, id: u64) -> Vec<String> {
        let list = self.client.get(&statuses(id)).expect(200).list();
        list.iter().map(|status| text(status, "state")).collect()
    }

    /// Sets a commit status on the head of a branch.
    #[track_caller]
    pub(crate) fn report(&self, branch: &str, context: &str, state: &str) {
        let path = format!("{REPO}/statuses/{}", self.repository.sha(branch));
        let body = json!({"state": state, "context": context});
        self.client.post(&path, &body).expect(201);
    }

    /// The names of all environments, sorted.
    #[track_caller]
    pub(crate) fn environments(&self) -> Vec<String> {
        let answer = self.client.get(&format!("{REPO}/environments"));
        let body = answer.expect(200).json();
        let list = body["environments"].as_array().expect("a list").clone();
        assert_eq!(body["total_count"], list.len());
        let mut names: Vec<String> = list.iter().map(|one| text(one, "name")).collect();
        names.sort();
        names
    }
}

/// The path of a deployment.
pub(crate) fn one(id: u64) -> String {
    format!("{REPO}/deployments/{id}")
}

/// The path of a deployment's statuses.
pub(crate) fn statuses(id: u64) -> String {
    format!("{REPO}/deployments/{id}/statuses")
}

/// The `id` field of any object.
#[track_caller]
pub(crate) fn id(thing: &Value) -> u64 {
    thing["id"].as_u64().expect("an id")
}

/// A field with a string value.
#[track_caller]
pub(crate) fn text(thing: &Value, field: &str) -> String {
    let value = thing[field].as_str();
    value
        .unwrap_or_else(|| panic!("{field} is not a string in {thing}"))
        .to_owned()
}

/// The IDs of a list's items.
#[track_caller]
pub(crate) fn ids(list: &[Value]) -> Vec<u64> {
    list.iter().map(id).collect()
}

/// Makes repositories, and returns them.
#[track_caller]
pub(crate) fn make_repositories(client: &Client, body: &Value) -> Vec<Value> {
    let made = client.post("/_sandbox/repos", body).expect(201).json();
    made["repositories"].as_array().expect("a list").clone()
}

/// Makes repositories of acme, one after the other, each with its settings.
#[track_caller]
pub(crate) fn make_each<const N: usize>(client: &Client, repositories: [(&str, Value); N]) {
    for (name, mut settings) in repositories {
        settings["owner"] = json!("acme");
        settings["names"] = json!([name]);
        make_repositories(client, &settings);
    }
}
