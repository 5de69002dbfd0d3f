//! One sandbox with many repositories, so that many runs can have separate
//! faults at the same time.

use std::sync::Mutex;

use deployctl::internals::{PublicKey, seal};
use deployctl::sandbox::RepositorySource;
use serde_json::{Value, json};

use crate::support::git::GitRepository;
use crate::support::http::{Client, Reply};
use crate::support::serve::Server;

/// The owner of every repository.
pub(crate) const OWNER: &str = "octocat";

pub(crate) struct World {
    pub(crate) server: Server,
    /// The commit before that of `main`.
    pub(crate) first_commit: String,
    _repository: Mutex<GitRepository>,
}

impl World {
    /// Starts a sandbox with the given number of repositories: `r0`, `r1` and
    /// so on.
    pub(crate) fn new(repositories: usize) -> Self {
        let repository = GitRepository::new();
        let first_commit = repository.head();
        repository.commit("app.txt", "one\n", "Add the app");
        let server = Server::with(|config| {
            config.repositories = (0..repositories)
                .map(|number| RepositorySource {
                    owner: OWNER.to_owned(),
                    name: format!("r{number}"),
                    path: Some(repository.path().to_path_buf()),
                })
                .collect();
        });
        Self {
            server,
            first_commit,
            _repository: Mutex::new(repository),
        }
    }

    pub(crate) fn repository(&self, number: usize) -> Repository<'_> {
        Repository {
            world: self,
            name: format!("r{number}"),
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.server.url())
    }

    #[track_caller]
    pub(crate) fn add(&self, faults: &[String]) {
        let body = json!({ "faults": faults }).to_string();
        let reply = self
            .client()
            .send_unchecked("POST", "/_sandbox/faults", Some(body.as_bytes()));
        drop(reply.expect(200));
    }

    /// Returns the number of requests that matched a rule.
    #[track_caller]
    pub(crate) fn fitted(&self, rule: &str) -> u64 {
        let shown = self
            .client()
            .send_unchecked("GET", "/_sandbox/faults", None)
            .expect(200)
            .json();
        let entries = shown["faults"].as_array().expect("a list");
        let entry = entries.iter().find(|entry| entry["rule"] == rule);
        entry.expect("the rule exists")["fitted"]
            .as_u64()
            .expect("a number")
    }
}

/// The app whose protection rule this repository's environments use.
pub(crate) fn gate_name(repository: usize) -> String {
    format!("gate-{repository}")
}

fn number(thing: &Value) -> u64 {
    thing["id"].as_u64().expect("an id")
}

/// A repository of the world, accessed without faults.
pub(crate) struct Repository<'a> {
    world: &'a World,
    pub(crate) name: String,
}

impl Repository<'_> {
    /// `/repos/octocat/NAME`.
    pub(crate) fn path(&self) -> String {
        format!("/repos/{OWNER}/{}", self.name)
    }

    fn direct(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let target = format!("/_sandbox/direct{}{path}", self.path());
        let body = body.map(Value::to_string);
        let body = body.as_ref().map(String::as_bytes);
        self.world.client().send_unchecked(method, &target, body)
    }

    /// Creates a deployment and returns its ID.
    #[track_caller]
    pub(crate) fn deployment(&self) -> u64 {
        let body = json!({"ref": "main", "auto_merge": false, "environment": "production"});
        let made = self.direct("POST", "/deployments", Some(&body));
        made.expect(201).json()["id"].as_u64().expect("an id")
    }

    #[track_caller]
    pub(crate) fn deploy(&self, ref_name: &str, environment: &str) {
        let body = json!({"ref": ref_name, "auto_merge": false, "environment": environment});
        let made = self.direct("POST", "/deployments", Some(&body));
        self.status(number(&made.expect(201).json()), "success");
    }

    /// Adds a status.
    #[track_caller]
    pub(crate) fn status(&self, id: u64, state: &str) {
        let path = format!("/deployments/{id}/statuses");
        let body = json!({ "state": state });
        drop(self.direct("POST", &path, Some(&body)).expect(201));
    }

    /// Creates an environment with custom branch policies.
    #[track_caller]
    pub(crate) fn environment(&self, name: &str) {
        let body = json!({"deployment_branch_policy":
            {"protected_branches": false, "custom_branch_policies": true}});
        let path = format!("/environments/{name}");
        drop(self.direct("PUT", &path, Some(&body)).expect(200));
    }

    /// Adds a branch policy to an environment and returns its ID.
    #[track_caller]
    pub(crate) fn branch_policy(&self, environment: &str, pattern: &str) -> u64 {
        let path = format!("/environments/{environment}/deployment-branch-policies");
        let made = self.direct("POST", &path, Some(&json!({ "name": pattern })));
        number(&made.expect(200).json())
    }

    /// Adds the protection rule of a new app to an environment and returns the
    /// rule's ID.
    #[track_caller]
    pub(crate) fn gate(&self, environment: &str, repository: usize) -> u64 {
        let app = json!({ "slug": gate_name(repository) }).to_string();
        let app =
            self.world
                .client()
                .send_unchecked("POST", "/_sandbox/apps", Some(app.as_bytes()));
        let app = number(&app.expect(201).json());
        let path = format!("/environments/{environment}/deployment_protection_rules");
        let made = self.direct("POST", &path, Some(&json!({ "integration_id": app })));
        number(&made.expect(201).json())
    }

    /// Starts a run that waits for a review by the user of every token, and
    /// returns its number.
    #[track_caller]
    pub(crate) fn waiting_run(&self) -> u64 {
        let client = self.world.client();
        let user = number(&client.get("/users/sandbox").expect(200).json());
        let rules = json!({"reviewers": [{"type": "User", "id": user}]});
        let reply = self.direct("PUT", "/environments/production", Some(&rules));
        drop(reply.expect(200));
        let jobs = json!([{"name": "deploy", "environment": "production"}]);
        let body = json!({"concurrency": {"group": "deploy"}, "jobs": jobs}).to_string();
        let path = format!("/_sandbox{}/runs", self.path());
        let made = client.send_unchecked("POST", &path, Some(body.as_bytes()));
        number(&made.expect(201).json())
    }

    /// How many runs were cancelled.
    #[track_caller]
    pub(crate) fn cancelled_runs(&self) -> usize {
        self.count_in("/actions/runs?status=cancelled", "workflow_runs")
    }

    /// Adds a variable to an environment. Returns 0, because variables have no
    /// ID.
    #[track_caller]
    pub(crate) fn variable(&self, environment: &str, name: &str) -> u64 {
        let path = format!("/environments/{environment}/variables");
        let body = json!({ "name": name, "value": "eu" });
        drop(self.direct("POST", &path, Some(&body)).expect(201));
        0
    }

    /// Adds a secret to an environment. Returns 0, because secrets have no ID.
    #[track_caller]
    pub(crate) fn secret(&self, environment: &str, name: &str) -> u64 {
        let path = format!("/environments/{environment}/secrets");
        let key = self.direct("GET", &format!("{path}/public-key"), None);
        let key: PublicKey = serde_json::from_value(key.expect(200).json()).expect("a key");
        let body = json!({
            "encrypted_value": seal(&key, b"eu").expect("sealed"),
            "key_id": key.key_id,
        });
        let path = format!("{path}/{name}");
        drop(self.direct("PUT", &path, Some(&body)).expect(201));
        0
    }

    /// Counts the environments with this name and a wait timer of this length.
    #[track_caller]
    pub(crate) fn waits(&self, name: &str, minutes: u64) -> usize {
        let all = self.direct("GET", "/environments", None).expect(200).json();
        let environments = all["environments"].as_array().expect("a list");
        let rules = |one: &Value| one["protection_rules"].as_array().expect("a list").clone();
        environments
            .iter()
            .filter(|one| one["name"] == name)
            .flat_map(rules)
            .filter(|rule| rule["wait_timer"] == minutes)
            .count()
    }

    /// Counts the items of a list below a key.
    #[track_caller]
    pub(crate) fn count_in(&self, path: &str, key: &str) -> usize {
        let all = self.direct("GET", path, None).expect(200).json();
        all[key].as_array().expect("a list").len()
    }

    /// Counts the items of a list.
    #[track_caller]
    pub(crate) fn count(&self, path: &str) -> usize {
        self.direct("GET", path, None).expect(200).list().len()
    }
}
