//! The setup of the command tests: a sandbox with a real repository, behind a
//! recording proxy.

use std::time::Duration;

use serde_json::Value;

use crate::support::cli::{Machine, Outcome};
use crate::support::git::{self, GitRepository};
use crate::support::http::Client;
use crate::support::proxy::{Proxy, Recorded};
use crate::support::serve::{Server, serve};
use deployctl::sandbox::Config;

/// The path of the repository in the API.
pub(crate) const REPO: &str = "/repos/octocat/hello-world";

/// A machine, the repository on the server, and the proxy between them.
pub(crate) struct World {
    pub(crate) repository: GitRepository,
    pub(crate) server: Server,
    pub(crate) proxy: Proxy,
    pub(crate) machine: Machine,
}

impl World {
    /// A repository with branches, on a sandbox with an empty store.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// Like [`Self::new`], with a changed sandbox configuration.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let repository = git::with_branches();
        let server = Server::with(|config| {
            serve(config, &repository);
            change(config);
        });
        let proxy = Proxy::before(server.url());
        let machine = Machine::with_server(&proxy.url());
        Self {
            repository,
            server,
            proxy,
            machine,
        }
    }

    /// Clones the repository, whole or cut off after one commit, and runs the
    /// commands there from now on.
    pub(crate) fn enter_clone(&mut self, is_shallow: bool) {
        let folder = self.machine.home().join("clone");
        let url = format!("file://{}", self.repository.path().display());
        let target = folder.display().to_string();
        let mut args = vec!["clone", "--quiet", "--no-single-branch"];
        if is_shallow {
            args.extend(["--depth", "1"]);
        }
        args.extend([url.as_str(), target.as_str()]);
        self.repository.git(args);
        let machine = std::mem::replace(&mut self.machine, Machine::new());
        self.machine = machine.at(&folder);
    }

    /// Runs a command line, split at blanks.
    pub(crate) fn run(&self, line: &str) -> Outcome {
        self.machine.run(line.split_whitespace())
    }

    /// Requests a deployment and returns its ID.
    pub(crate) fn create(&self, line: &str) -> String {
        let outcome = self.run(&format!("create {line}")).expect(0);
        outcome.stdout().trim().to_owned()
    }

    pub(crate) fn set(&self, id: &str, state: &str) {
        drop(self.run(&format!("status set {id} {state}")).expect(0));
    }

    /// Lists all deployments as JSON.
    pub(crate) fn list(&self) -> Vec<Value> {
        let outcome = self.run("list --limit all --json").expect(0);
        outcome.json().as_array().expect("an array").clone()
    }

    /// Sends a request directly to the sandbox, without the proxy.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        Client::new(self.server.url())
            .post(&format!("{REPO}{path}"), body)
            .expect(201)
            .json()
    }

    /// Makes concurrent requests overlap reliably from now on.
    pub(crate) fn let_two_meet(&self) {
        self.proxy.meet(2, Duration::from_millis(400));
    }

    /// The writes that reached the proxy.
    pub(crate) fn writes(&self) -> Vec<Recorded> {
        let mut requests = self.proxy.requests();
        requests.retain(|request| request.method != "GET" && !request.path().ends_with("/graphql"));
        requests
    }
}

/// The requests as `METHOD path`, for messages and comparisons.
pub(crate) fn lines(requests: &[Recorded]) -> Vec<String> {
    requests
        .iter()
        .map(|request| format!("{} {}", request.method, request.path()))
        .collect()
}
