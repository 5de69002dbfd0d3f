//! One cell of the matrix: a verb and a fault.

use std::fmt;
use std::time::{Duration, Instant};

use crate::in_process;
use crate::support::cli::Machine;
use crate::world::{OWNER, World, gate_name};

/// The verbs, in the order of the columns.
pub(crate) const VERBS: [Verb; 7] = [
    Verb::Create,
    Verb::List,
    Verb::Status,
    Verb::Stats,
    Verb::StatusSet,
    Verb::Wait,
    Verb::WaitSince,
];

/// The verbs that change existing things, in the order of their columns.
pub(crate) const CHANGES: [Verb; 10] = [
    Verb::Deactivate,
    Verb::Delete,
    Verb::EnvCreate,
    Verb::EnvEdit,
    Verb::EnvDelete,
    Verb::EnvBranch,
    Verb::EnvVariable,
    Verb::EnvSecret,
    Verb::EnvApply,
    Verb::Lock,
];

/// `reap` and the verbs that remove a part of an environment, in the order of
/// their columns.
pub(crate) const ENDS: [Verb; 5] = [
    Verb::Reap,
    Verb::EnvBranchRemove,
    Verb::EnvGateDisable,
    Verb::EnvVariableDelete,
    Verb::EnvSecretDelete,
];

/// The verbs about workflow runs that wait, in the order of their columns.
pub(crate) const REVIEWS: [Verb; 5] = [
    Verb::Approve,
    Verb::Reject,
    Verb::ReapWaiting,
    Verb::Pending,
    Verb::Blocked,
];

/// The verbs that move versions, in the order of their columns.
pub(crate) const MOVES: [Verb; 2] = [Verb::Promote, Verb::Rollback];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Create,
    List,
    Status,
    Stats,
    StatusSet,
    Wait,
    WaitSince,
    Deactivate,
    Delete,
    EnvCreate,
    EnvEdit,
    EnvDelete,
    EnvBranch,
    EnvVariable,
    EnvSecret,
    EnvApply,
    Lock,
    Reap,
    EnvBranchRemove,
    EnvGateDisable,
    EnvVariableDelete,
    EnvSecretDelete,
    Approve,
    Reject,
    ReapWaiting,
    Pending,
    Blocked,
    Promote,
    Rollback,
}

impl Verb {
    pub(crate) fn writes(self) -> bool {
        !matches!(
            self,
            Self::List | Self::Status | Self::Stats | Self::Pending | Self::Blocked
        ) && !self.waits()
    }

    /// Whether it keeps polling until its `--timeout`.
    pub(crate) fn waits(self) -> bool {
        matches!(self, Self::Wait | Self::WaitSince)
    }

    /// Whether its request creates another object each time that it is sent.
    pub(crate) fn makes(self) -> bool {
        matches!(
            self,
            Self::Create
                | Self::Promote
                | Self::Rollback
                | Self::StatusSet
                | Self::Deactivate
                | Self::Reap
                | Self::EnvBranch
                | Self::EnvVariable
                | Self::Approve
                | Self::Reject
                | Self::Lock
        )
    }

    /// Whether the library has one call for it. Moves call `create_deployment`,
    /// which has its own column.
    pub(crate) fn is_one_call(self) -> bool {
        !matches!(
            self,
            Self::Lock | Self::Stats | Self::Promote | Self::Rollback
        )
    }

    /// Whether the response to its request has no body.
    pub(crate) fn is_answered_by_nothing(self) -> bool {
        matches!(self, Self::Delete | Self::EnvDelete) || self.removes_a_part()
    }

    /// Whether it removes a part of an environment.
    fn removes_a_part(self) -> bool {
        matches!(
            self,
            Self::EnvBranchRemove
                | Self::EnvGateDisable
                | Self::EnvVariableDelete
                | Self::EnvSecretDelete
        )
    }

    /// Whether it runs a plan, which may wait for up to an hour.
    pub(crate) fn is_bulk(self) -> bool {
        matches!(self, Self::Deactivate | Self::Delete | Self::Reap)
    }

    /// Whether it changes an environment that must already exist.
    fn needs_environment(self) -> bool {
        matches!(
            self,
            Self::EnvEdit | Self::EnvDelete | Self::EnvBranch | Self::EnvVariable | Self::EnvSecret
        ) || self.removes_a_part()
    }
}

/// The standard input of `env apply`.
const DOCUMENT: &str = r#"{"version": 1, "environments": [{"name": "qa", "wait_timer": 7}]}"#;

/// The requests that the fault applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The verb's own request, the first time.
    Once,
    /// The verb's own request, every time.
    Always,
    /// Every request about the repository, including those that check whether a
    /// write took effect.
    All,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Once => "once",
            Self::Always => "always",
            Self::All => "on all",
        })
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) verb: Verb,
    pub(crate) mode: Mode,
    /// The fault, in the syntax of a rule.
    pub(crate) fault: String,
    /// Another fault, which applies to every request.
    pub(crate) besides: Option<String>,
    /// Whether the client runs in this process with short timeouts. The binary
    /// would wait for a minute.
    pub(crate) in_process: bool,
    /// Whether the fault is a rate limit that lasts longer than the client
    /// waits.
    pub(crate) is_long: bool,
}

/// The result of a cell.
#[derive(Debug, Clone)]
pub(crate) struct Result {
    /// The number of requests about the repository.
    pub(crate) requests: u64,
    /// The number of the verb's own requests.
    pub(crate) own: u64,
    /// The number of objects that the verb created.
    pub(crate) objects: usize,
    pub(crate) code: u8,
    pub(crate) elapsed: Duration,
    /// All that was printed.
    pub(crate) output: String,
}

impl fmt::Display for Result {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            requests,
            objects,
            code,
            ..
        } = self;
        write!(f, "{requests} / {objects} / {code}")
    }
}

/// Runs a cell on the repository with this number, which no other cell uses.
pub(crate) fn run(world: &World, number: usize, cell: &Cell) -> Result {
    let repository = world.repository(number);
    let path = repository.path();
    let verb = cell.verb;
    if verb.needs_environment() {
        repository.environment("qa");
    }
    let id = match verb {
        Verb::EnvBranchRemove => repository.branch_policy("qa", "release/*"),
        Verb::EnvGateDisable => repository.gate("qa", number),
        Verb::EnvVariableDelete => repository.variable("qa", "REGION"),
        Verb::EnvSecretDelete => repository.secret("qa", "KEY"),
        verb if REVIEWS.contains(&verb) => repository.waiting_run(),
        verb if verb != Verb::Create && (verb.is_bulk() || VERBS.contains(&verb)) => {
            repository.deployment()
        }
        _ => 0,
    };
    if MOVES.contains(&verb) {
        repository.deploy(&world.first_commit, "production");
        repository.deploy("main", "production");
        repository.deploy("main", "staging");
    }
    if matches!(verb, Verb::Reap | Verb::ReapWaiting) {
        // A deployment created within the same second does not count as stuck.
        std::thread::sleep(Duration::from_millis(2100));
    }
    if matches!(verb, Verb::Status | Verb::Stats) || verb.waits() {
        repository.status(id, "success");
    }
    let own = match verb {
        Verb::Create | Verb::Promote | Verb::Rollback => format!("POST {path}/deployments"),
        Verb::List | Verb::WaitSince => format!("GET {path}/deployments"),
        Verb::StatusSet | Verb::Deactivate | Verb::Reap => {
            format!("POST {path}/deployments/{id}/statuses")
        }
        Verb::Stats => format!("GET {path}/commits"),
        Verb::Status | Verb::Wait => format!("GET {path}/deployments/{id}/statuses"),
        Verb::Delete => format!("DELETE {path}/deployments/{id}"),
        Verb::EnvCreate | Verb::EnvEdit | Verb::EnvApply => format!("PUT {path}/environments/qa"),
        Verb::EnvDelete => format!("DELETE {path}/environments/qa"),
        Verb::EnvBranch => format!("POST {path}/environments/qa/deployment-branch-policies"),
        Verb::EnvVariable => format!("POST {path}/environments/qa/variables"),
        Verb::EnvSecret => format!("PUT {path}/environments/qa/secrets/KEY"),
        Verb::EnvBranchRemove => {
            format!("DELETE {path}/environments/qa/deployment-branch-policies/{id}")
        }
        Verb::EnvGateDisable => {
            format!("DELETE {path}/environments/qa/deployment_protection_rules/{id}")
        }
        Verb::EnvVariableDelete => format!("DELETE {path}/environments/qa/variables/REGION"),
        Verb::EnvSecretDelete => format!("DELETE {path}/environments/qa/secrets/KEY"),
        Verb::Approve | Verb::Reject => {
            format!("POST {path}/actions/runs/{id}/pending_deployments")
        }
        Verb::ReapWaiting => format!("POST {path}/actions/runs/{id}/cancel"),
        Verb::Pending => format!("GET {path}/actions/runs"),
        Verb::Lock => format!("POST {path}/git/refs"),
        Verb::Blocked => format!("GET {path}/actions/concurrency_groups"),
    };
    let count = [format!("{own}=none"), format!("{path}/*=none")];
    let fault = match cell.mode {
        Mode::Once => format!("{own}:1={}", cell.fault),
        Mode::Always => format!("{own}={}", cell.fault),
        Mode::All => format!("{path}/*={}", cell.fault),
    };
    let besides = cell
        .besides
        .as_ref()
        .map(|fault| format!("*{path}/*={fault}"));
    let mut rules = count.to_vec();
    rules.extend(besides);
    rules.push(fault);
    world.add(&rules);

    let token = format!("LEAK{number}-{OWNER}-0123456789abcdef");
    let began = Instant::now();
    let (code, output) = if cell.in_process {
        in_process::run(world.server.url(), &repository.name, verb, id, &token)
    } else {
        let id = id.to_string();
        let gate = gate_name(number);
        // Only a fault that persists is waited for until the timeout. A fault
        // that happens once must be survived, however busy the machine is.
        let patience = if cell.mode == Mode::Once { "5m" } else { "12s" };
        let words: &[&str] = match verb {
            Verb::Create => &["create", "--ref", "main"],
            Verb::List => &["list"],
            Verb::Status => &["status", &id],
            Verb::Stats => &["stats", "-e", "production"],
            Verb::StatusSet => &["status", "set", &id, "in_progress"],
            Verb::Wait => &["wait", &id, "--timeout", patience, "--interval", "300ms"],
            Verb::WaitSince => &[
                "wait",
                "-e",
                "production",
                "--since",
                "1d",
                "--timeout",
                patience,
                "--interval",
                "300ms",
            ],
            Verb::Deactivate => &["deactivate", &id, "--yes"],
            Verb::Delete => &["delete", &id, "--yes"],
            Verb::EnvCreate => &["env", "create", "qa", "--wait-timer", "7"],
            Verb::EnvEdit => &["env", "edit", "qa", "--wait-timer", "7"],
            Verb::EnvDelete => &["env", "delete", "qa", "--yes"],
            Verb::EnvBranch => &["env", "branch-policy", "add", "qa", "release/*"],
            Verb::EnvVariable => &["env", "variable", "set", "qa", "REGION", "eu"],
            Verb::EnvSecret => &["env", "secret", "set", "qa", "KEY"],
            Verb::EnvApply => &["env", "apply", "-", "--yes"],
            Verb::Lock => &["lock", "qa"],
            Verb::Reap => &["reap", &id, "--older-than", "1ms", "--yes"],
            Verb::EnvBranchRemove => &["env", "branch-policy", "remove", "qa", "release/*"],
            Verb::EnvGateDisable => &["env", "protection", "disable", "qa", &gate],
            Verb::EnvVariableDelete => &["env", "variable", "delete", "qa", "REGION"],
            Verb::EnvSecretDelete => &["env", "secret", "delete", "qa", "KEY"],
            Verb::Approve => &["approve", &id, "--yes"],
            Verb::Reject => &["reject", &id, "--yes"],
            Verb::ReapWaiting => &["reap", "--waiting", "--older-than", "1ms", "--yes"],
            Verb::Pending => &["pending"],
            Verb::Blocked => &["blocked"],
            Verb::Promote => &["promote", "staging", "qa", "--yes"],
            Verb::Rollback => &["rollback", "-e", "production", "--yes"],
        };
        let full = format!("{OWNER}/{}", repository.name);
        // A plan would wait up to an hour for a limit to end.
        let short: &[&str] = if verb.is_bulk() && cell.is_long {
            &["--timeout", "5m"]
        } else {
            &[]
        };
        let args = words.iter().chain(short).copied();
        let args = args.chain(["-R", &full, "-v", "--json"]);
        let machine = Machine::with_server(world.server.url()).env("DEPLOYCTL_TOKEN", &token);
        let mut run = machine.command(args);
        if let Verb::EnvSecret | Verb::EnvApply = verb {
            run = run.stdin(DOCUMENT);
        }
        let outcome = run.finish();
        let output = format!("{}\n{}", outcome.stdout(), outcome.stderr());
        (u8::try_from(outcome.code()).expect("a small code"), output)
    };
    let elapsed = began.elapsed();
    assert!(
        !output.contains(&token),
        "the token is in the output: {output}"
    );
    let policies = || {
        repository.count_in(
            "/environments/qa/deployment-branch-policies",
            "branch_policies",
        )
    };
    let gates = || {
        repository.count_in(
            "/environments/qa/deployment_protection_rules",
            "custom_deployment_protection_rules",
        )
    };
    let variables = || repository.count_in("/environments/qa/variables", "variables");
    let secrets = || repository.count_in("/environments/qa/secrets", "secrets");
    let objects = match verb {
        Verb::StatusSet | Verb::Deactivate | Verb::Reap => {
            repository.count(&format!("/deployments/{id}/statuses"))
        }
        Verb::Create => repository.count("/deployments"),
        Verb::List
        | Verb::Status
        | Verb::Stats
        | Verb::Wait
        | Verb::WaitSince
        | Verb::Pending
        | Verb::Blocked => 0,
        Verb::ReapWaiting => repository.cancelled_runs(),
        Verb::Approve | Verb::Reject => repository.count(&format!("/actions/runs/{id}/approvals")),
        Verb::Lock => repository.count("/git/matching-refs/heads/qa-branch-deploy-lock"),
        // Three are there from the start.
        Verb::Promote | Verb::Rollback => repository.count("/deployments") - 3,
        Verb::Delete => 1 - repository.count("/deployments"),
        Verb::EnvDelete => 1 - repository.count_in("/environments", "environments"),
        Verb::EnvCreate | Verb::EnvEdit | Verb::EnvApply => repository.waits("qa", 7),
        Verb::EnvBranch => policies(),
        Verb::EnvVariable => variables(),
        Verb::EnvSecret => secrets(),
        Verb::EnvBranchRemove => 1 - policies(),
        Verb::EnvGateDisable => 1 - gates(),
        Verb::EnvVariableDelete => 1 - variables(),
        Verb::EnvSecretDelete => 1 - secrets(),
    };
    Result {
        requests: world.fitted(&count[1]),
        own: world.fitted(&count[0]),
        objects,
        code,
        elapsed,
        output,
    }
}
