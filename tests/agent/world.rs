//! The setup of the agent's tests: a sandbox behind a proxy, agents in separate
//! folders, and GitHub's deliveries.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::cli::{Machine, Outcome, Running, Signal};
use crate::support::git::{self, GitRepository};
use crate::support::http::{Client, REPO, Reply};
use crate::support::proxy::{Fault, Proxy};
use crate::support::serve::{Server, serve};

pub(crate) const SECRET: &str = "It's a Secret to Everybody";

/// The value of `X-Hub-Signature-256` for a body.
pub(crate) fn sign(secret: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length");
    mac.update(body);
    format!("sha256={:x}", mac.finalize().into_bytes())
}

/// Whether to run the tests at full size, which takes minutes.
pub(crate) fn is_full() -> bool {
    std::env::var_os("DEPLOYCTL_TEST_FULL").is_some()
}

/// A GitHub server with a repository, and a machine for agents.
pub(crate) struct Site {
    pub(crate) repository: GitRepository,
    pub(crate) server: Server,
    pub(crate) proxy: Proxy,
    pub(crate) machine: Machine,
}

impl Site {
    pub(crate) fn new() -> Self {
        let repository = git::with_branches();
        let server = Server::with(|config| serve(config, &repository));
        let proxy = Proxy::before(server.url());
        let machine = Machine::with_server(&proxy.url()).env("WEBHOOK_SECRET", SECRET);
        Self {
            repository,
            server,
            proxy,
            machine,
        }
    }

    /// A server without rate limits, for tests with many requests.
    pub(crate) fn without_limits() -> Self {
        let site = Self::new();
        site.proxy.fault("*", "*", 1.., Fault::WithoutLimits);
        site
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.server.url())
    }

    /// Requests a deployment of main and returns its ID. It is a production
    /// deployment, so that the success of a later one does not make it
    /// inactive.
    pub(crate) fn create(&self, environment: &str) -> u64 {
        self.create_with(&json!({ "environment": environment }))
    }

    /// Like [`Self::create`], with other values.
    pub(crate) fn create_with(&self, more: &Value) -> u64 {
        let mut body = json!({
            "ref": "main", "auto_merge": false, "required_contexts": [],
            "production_environment": true,
        });
        for (name, value) in more.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let reply = self.client().post(&format!("{REPO}/deployments"), &body);
        reply.expect(201).json()["id"].as_u64().expect("an id")
    }

    pub(crate) fn set(&self, id: u64, body: &Value) {
        let path = format!("{REPO}/deployments/{id}/statuses");
        drop(self.client().post(&path, body).expect(201));
    }

    /// The body of the event that GitHub sends for a deployment.
    pub(crate) fn event(&self, id: u64) -> Vec<u8> {
        let deployment = self.client().get(&format!("{REPO}/deployments/{id}"));
        json!({
            "action": "created",
            "deployment": deployment.expect(200).json(),
            "workflow": null,
            "workflow_run": null,
            "repository": { "id": 1, "full_name": "octocat/hello-world" },
            "sender": { "login": "octocat" },
        })
        .to_string()
        .into_bytes()
    }

    /// The statuses of a deployment, oldest first.
    pub(crate) fn statuses(&self, id: u64) -> Vec<Value> {
        let path = format!("{REPO}/deployments/{id}/statuses?per_page=100");
        let mut list = self.client().get(&path).expect(200).list();
        list.sort_by_key(|status| status["id"].as_u64());
        list
    }

    /// The states of the deployment's statuses, oldest first.
    pub(crate) fn states(&self, id: u64) -> Vec<String> {
        let list = self.statuses(id);
        list.iter().map(|status| text(status, "state")).collect()
    }

    /// The final statuses of a deployment.
    pub(crate) fn finals(&self, id: u64) -> Vec<Value> {
        let mut list = self.statuses(id);
        list.retain(|status| is_final(&text(status, "state")));
        list
    }

    /// Waits until each of the deployments has a final status.
    pub(crate) fn wait_for_ends(&self, ids: &[u64], patience: Duration) {
        let deadline = Instant::now() + patience;
        let mut open = ids.to_vec();
        while !open.is_empty() {
            open.retain(|id| self.finals(*id).is_empty());
            assert!(
                Instant::now() < deadline,
                "{} without an end, such as {:?}",
                open.len(),
                open.first().map(|id| (id, self.statuses(*id)))
            );
            if !open.is_empty() {
                thread::sleep(Duration::from_millis(100));
            }
        }
    }

    /// Creates a folder for an agent and writes its configuration.
    pub(crate) fn folder(&self, name: &str, config: &str) -> Folder {
        let path = self.machine.cwd().join(name);
        fs::create_dir_all(&path).expect("a folder");
        let folder = Folder {
            path,
            port: free_port(),
        };
        folder.configure(config);
        folder
    }

    /// Starts the agent of a folder, and waits until it listens.
    pub(crate) fn start(&self, folder: &Folder) -> Agent {
        self.start_with(folder, None)
    }

    /// Like [`Self::start`], but through a program that starts the agent.
    pub(crate) fn start_with(&self, folder: &Folder, starter: Option<&str>) -> Agent {
        let config = folder.path.join("deployctl.toml");
        let args = ["agent", "--log-format", "json", "--config"];
        let args = args.map(Path::new).into_iter().chain([config.as_path()]);
        let run = self.machine.command(args);
        let run = match starter {
            Some(starter) => run.by(&self.machine.tools().join(starter)),
            None => run,
        };
        let running = run.spawn();
        running.wait_for_line(if folder.listens() {
            "\"listening\""
        } else {
            "\"polling\""
        });
        Agent { running }
    }

    /// Runs a command with the configuration of a folder.
    pub(crate) fn run(&self, folder: &Folder, line: &str) -> Outcome {
        let config = folder.path.join("deployctl.toml").display().to_string();
        let args = line.split_whitespace().map(str::to_owned);
        self.machine
            .run(args.chain(["--config".to_owned(), config]))
    }

    /// How often each deployment's command ran, according to the file that
    /// [`COUNTING`] writes.
    pub(crate) fn runs(&self) -> BTreeMap<u64, usize> {
        let mut runs = BTreeMap::new();
        for id in self.order_of_runs() {
            *runs.entry(id).or_default() += 1;
        }
        runs
    }

    /// The deployments in the order in which their commands were started.
    pub(crate) fn order_of_runs(&self) -> Vec<u64> {
        let text = fs::read_to_string(self.machine.cwd().join("runs")).unwrap_or_default();
        text.lines()
            .map(|line| line.parse().expect("an id"))
            .collect()
    }
}

/// The script of a rule that records each run.
pub(crate) const COUNTING: &str = "echo $DEPLOYCTL_DEPLOYMENT_ID >> ../runs";

/// A rule that records each run and then runs `more`.
pub(crate) fn rule(more: &str, keys: &str) -> String {
    format!("[[rule]]\nshell = '''\n{COUNTING}\n{more}\n'''\n{keys}\n")
}

pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) port: u16,
}

impl Folder {
    /// Writes the configuration, with a listener in place of `LISTEN`.
    pub(crate) fn configure(&self, config: &str) {
        let listen = format!(
            "[listen]\naddress = \"127.0.0.1:{}\"\nsecrets = [{{ env = \"WEBHOOK_SECRET\" }}]\n",
            self.port
        );
        let text = format!(
            "state_dir = \"state\"\n{}",
            config.replace("LISTEN\n", &listen)
        );
        fs::write(self.path.join("deployctl.toml"), text).expect("a configuration");
    }

    fn listens(&self) -> bool {
        let text = fs::read_to_string(self.path.join("deployctl.toml"));
        text.expect("a configuration").contains("[listen]")
    }

    /// A client for the agent's listener.
    pub(crate) fn client(&self) -> Client {
        Client::new(&format!("http://127.0.0.1:{}", self.port))
    }

    /// Delivers an event, as GitHub does.
    pub(crate) fn deliver(&self, delivery: &str, event: &str, body: &[u8]) -> Reply {
        self.client()
            .header("x-github-event", event)
            .header("x-github-delivery", delivery)
            .header("x-hub-signature-256", &sign(SECRET.as_bytes(), body))
            .send_unchecked("POST", "/webhook", Some(body))
    }

    /// Like [`Self::deliver`], for an agent that may be down or be killed
    /// meanwhile. Then it returns `None`.
    pub(crate) fn try_deliver(&self, delivery: &str, body: &[u8]) -> Option<u16> {
        let head = format!(
            "POST /webhook HTTP/1.1\r\nhost: agent\r\ncontent-length: {}\r\ncontent-type: application/json\r\nx-github-event: deployment\r\nx-github-delivery: {delivery}\r\nx-hub-signature-256: {}\r\n\r\n",
            body.len(),
            sign(SECRET.as_bytes(), body)
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split(' ').nth(1)?.parse().ok()
    }

    /// The value of a metric, labels included; 0 if it does not exist.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let page = self
            .client()
            .send_unchecked("GET", "/metrics", None)
            .expect(200)
            .text();
        page.lines()
            .find_map(|line| line.strip_prefix(&format!("deployctl_agent_{name} ")))
            .map_or(0, |value| value.parse().expect("a number"))
    }
}

/// A running agent.
pub(crate) struct Agent {
    pub(crate) running: Running,
}

impl Agent {
    /// Stops it with SIGTERM and returns its output.
    pub(crate) fn stop(mut self) -> Outcome {
        self.running.prolong();
        self.running.signal(Signal::Term);
        self.running.finish()
    }

    /// Kills it with SIGKILL.
    pub(crate) fn kill(mut self) {
        self.running.prolong();
        self.running.signal(Signal::Kill);
        assert_eq!(self.running.finish().code(), 137);
    }
}

pub(crate) fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

pub(crate) fn is_final(state: &str) -> bool {
    matches!(state, "success" | "failure" | "error" | "inactive")
}

/// A port on which nothing listens.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Waits until a condition holds.
#[track_caller]
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(50);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: timed out");
        thread::sleep(Duration::from_millis(20));
    }
}
