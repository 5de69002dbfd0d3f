//! As much of GitHub as the tests of faults need: each request that is carried
//! out creates one deployment or status.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use deployctl::api::{Client, ClientConfig, Event, NewDeployment, Token};
use deployctl::model::{Endpoints, RepoSlug};
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::server::{Act, ReceivedRequest, Response, Server};

pub(crate) const TOKEN: &str = "ghp_token_of_the_tests";
pub(crate) const LIST: &str = "/repos/octo/app/deployments";

pub(crate) fn repo() -> RepoSlug {
    "octo/app".parse().expect("a repository")
}

pub(crate) fn new_deployment() -> NewDeployment {
    NewDeployment::new("main")
        .environment("staging")
        .auto_merge(false)
}

/// The client's events, one per line.
pub(crate) type Log = Arc<Mutex<Vec<String>>>;

/// The limits for the tests of faults: short pauses, a short request timeout
/// and an early deadline.
pub(crate) fn config(root: &str) -> (ClientConfig, Log) {
    let rest = root.parse().expect("an address");
    let mut config = ClientConfig::new(Endpoints::from_rest(&rest));
    config.token = Some(Token::new(TOKEN.to_owned()).expect("a token"));
    config.first_pause = Duration::from_millis(5);
    config.request_timeout = Duration::from_millis(700);
    config.deadline = Duration::from_secs(20);
    config.random = Arc::new(|| 0.5);
    let log = Log::default();
    let lines = Arc::clone(&log);
    config.observer = Some(Arc::new(move |event: &Event<'_>| {
        lines.lock().expect("no panic").push(format!("{event:?}"));
    }));
    (config, log)
}

/// Like [`config`], with long timeouts, for tests that count requests: a slow
/// machine must not cause a retry.
pub(crate) fn patient(root: &str) -> (ClientConfig, Log) {
    let (mut config, log) = config(root);
    config.request_timeout = Duration::from_secs(60);
    config.deadline = Duration::from_secs(100);
    (config, log)
}

pub(crate) fn client(server: &Server) -> Client {
    Client::new(config(&server.root).0).expect("a client")
}

/// The state of the server.
pub(crate) struct World {
    pub(crate) deployments: Vec<Value>,
    pub(crate) statuses: Vec<Value>,
    pub(crate) login: &'static str,
    /// How far the server's clock is ahead of ours.
    pub(crate) ahead: SignedDuration,
    next: u64,
}

pub(crate) type Shared = Arc<Mutex<World>>;

impl World {
    pub(crate) fn shared() -> Shared {
        Arc::new(Mutex::new(Self {
            deployments: Vec::new(),
            statuses: Vec::new(),
            login: "octocat",
            ahead: SignedDuration::ZERO,
            next: 5_584_461_344,
        }))
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now() + self.ahead
    }

    fn thing(&mut self, body: &Value) -> Value {
        self.next += 1;
        // Creation times are in whole seconds.
        let now = Timestamp::from_second(self.now().as_second()).expect("a time");
        let mut thing = json!({
            "id": self.next, "node_id": format!("N_{}", self.next), "created_at": now,
            "updated_at": now, "creator": {"login": self.login, "id": 1},
        });
        let object = thing.as_object_mut().expect("an object");
        object.extend(body.as_object().expect("an object").clone());
        thing
    }

    pub(crate) fn deploy(&mut self, body: &Value) -> Value {
        let mut deployment = self.thing(body);
        deployment["sha"] = json!("a".repeat(40));
        deployment["original_environment"] = deployment["environment"].clone();
        if deployment.get("payload").is_none() {
            deployment["payload"] = json!({});
        }
        self.deployments.insert(0, deployment.clone());
        deployment
    }

    fn report(&mut self, body: &Value) -> Value {
        let mut status = self.thing(body);
        for field in ["description", "log_url", "environment_url"] {
            if status.get(field).is_none() {
                status[field] = json!("");
            }
        }
        self.statuses.insert(0, status.clone());
        status
    }

    /// Carries out a request.
    pub(crate) fn act(&mut self, request: &ReceivedRequest) -> Response {
        let response = match request.method.as_str() {
            "POST" if request.path() == LIST => Response::json(201, &self.deploy(&request.json())),
            "POST" if request.path().ends_with("/statuses") => {
                Response::json(201, &self.report(&request.json()))
            }
            "GET" if request.path() == LIST => {
                let matches = |deployment: &&Value| {
                    ["ref", "task", "environment"].iter().all(|name| {
                        request
                            .query(name)
                            .is_none_or(|value| deployment[name] == json!(value))
                    })
                };
                let found: Vec<&Value> = self.deployments.iter().filter(matches).collect();
                Response::json(200, &json!(found))
            }
            "GET" if request.path().ends_with("/statuses") => {
                Response::json(200, &json!(self.statuses))
            }
            "GET" if request.path() == "/user" => {
                Response::json(200, &json!({"login": self.login}))
            }
            "DELETE" => {
                let number = request.path().rsplit('/').next().expect("a number");
                let before = self.deployments.len();
                self.deployments
                    .retain(|d| d["id"].as_u64() != number.parse().ok());
                if self.deployments.len() < before {
                    Response::new(204, "", "")
                } else {
                    not_found()
                }
            }
            _ => not_found(),
        };
        let date = DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&self.now())
            .expect("a date");
        response.with("Date", date)
    }
}

pub(crate) fn not_found() -> Response {
    Response::json(404, &json!({"message": "Not Found", "status": "404"}))
}

/// When a fault occurs.
pub(crate) enum Fault {
    None,
    /// The request is not carried out.
    Before(Act),
    /// The request is carried out, and its response is replaced.
    After(fn(Response) -> Act),
}

/// A server of `world` whose faults are decided per request. The number counts
/// the requests with the same method, from 0.
pub(crate) fn faulty(
    world: &Shared,
    fault: impl Fn(&ReceivedRequest, usize) -> Fault + Send + Sync + 'static,
) -> Server {
    let world = Arc::clone(world);
    let counts = Mutex::new(std::collections::HashMap::<String, usize>::new());
    Server::start(move |request| {
        let mut counts = counts.lock().expect("no panic");
        let count = counts.entry(request.method.clone()).or_default();
        *count += 1;
        match fault(request, *count - 1) {
            Fault::None => world.lock().expect("no panic").act(request).into(),
            Fault::Before(act) => act,
            Fault::After(replace) => replace(world.lock().expect("no panic").act(request)),
        }
    })
}
