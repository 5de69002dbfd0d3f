//! The command line for GitHub Deployments, as a library.
//!
//! The binary is a shim over [`run`]. The parts that other programs can use
//! on their own are [`model`] (types), [`api`] (the client) and, with the
//! feature `sandbox`, [`sandbox`] (an embedded GitHub for deployments, which is a
//! package of its own). A whole round on the sandbox:
//!
//! ```
//! # #[cfg(feature = "sandbox")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use deployctl::api::{Client, ClientConfig, Created, NewDeployment, NewStatus, Token};
//! use deployctl::model::{DeploymentState, Endpoints, StatusState};
//! use deployctl::sandbox::{Config, RepositorySource, Sandbox};
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let data = tempfile::tempdir()?;
//! let mut config = Config::new(data.path());
//! config.repositories = vec![RepositorySource {
//!     owner: "octocat".to_owned(),
//!     name: "hello-world".to_owned(),
//!     path: None, // the sample repository
//! }];
//! let sandbox = Sandbox::start(config).await?;
//!
//! let endpoints = Endpoints::from_rest(&sandbox.url().parse()?);
//! let config = ClientConfig::new(endpoints).token(Token::new("any".to_owned())?);
//! let client = Client::new(config)?;
//! let slug = "octocat/hello-world".parse()?;
//! let repo = client.repo(&slug);
//! let new = NewDeployment::new("main").environment("staging");
//! let Created::Deployment(deployment) = repo.create_deployment(&new).await? else {
//!     return Err("merged only".into());
//! };
//! let deployment = repo.deployment(deployment.id);
//! let status = NewStatus::new(StatusState::Success)
//!     .environment_url("https://staging.example.com");
//! deployment.create_status(&status).await?;
//! let history = deployment.history().await?;
//! assert_eq!(history.observed().state, DeploymentState::Active);
//! # Ok(())
//! # })
//! # }
//! # #[cfg(not(feature = "sandbox"))]
//! # fn main() {}
//! ```
//!
//! # The house
//!
//! Each line may use what stands below it, and nothing above or beside it;
//! `tests/house` holds the code to that, and names each exception.
//!
//! ```text
//!  main.rs  lib.rs            the shim; parsing, dispatch, exit code
//!  commands/                  one file per command
//!  bulk/                      many deployments at once: plan, confirm, carry out
//!  request/                   requesting a deployment: options, payload, exactly once
//!  history/                   following deployments to their end
//!  select/                    filters, patterns and selectors
//!  session/                   options, connection, token, signals, results
//!  error                      every error becomes a kind, hints, an exit code
//!  agent/                     the service: receives, executes, reports
//!  outbox/                    reports that must arrive; who owns a deployment
//!  process/                   a command run as a child, and what it reported
//!  output/  auth/  context/   tables and JSON; tokens; which repository and ref
//!  webhook/  api/             signatures and events; the client
//!  term/  env  exit           the only writers; the only reader of the environment
//!  private_file               files for the user alone, replaced as a whole
//!  model/                     types, nothing else
//! ```
//!
//! - [`model`] knows no I/O. [`api`] knows no terminal and no keyring.
//! - [`sandbox`] is the package in the folder `sandbox/`, and uses nothing of this
//!   one: client and server are held against GitHub's own description of the API,
//!   not against each other. Only what starts it uses it.
//! - `webhook` and `agent` belong to the cargo feature `agent`;
//!   `--no-default-features` is the lean client.
//! - What a server says reaches a terminal through `term` alone, which makes
//!   control characters visible.
//!
//! # A command in five steps
//!
//! 1. `src/commands/NAME.rs`: a struct with `#[derive(Args)]`, whose doc comment
//!    is the help, and `pub(super) async fn run(session, args)`. Three examples
//!    or more in `after_help`, below `Examples:`, each with a `# what for` line.
//!    The names of values (`ENV`, `REF`, `ID`, `CONTEXT`) make them complete.
//! 2. A variant in `commands/cli.rs` and an arm in `commands/mod.rs`. If it prints
//!    JSON: a `output::Record`, and its fields in
//!    `commands/cli/fields.rs`.
//! 3. `run` gets its format first (`session.format`), so that wrong options fail
//!    before anything is sent; then `session.connect`. Failures are
//!    `error::Failure` with a `error::Kind` and a hint.
//!    What it has seen it notes (`session.note_seen`), for completion.
//! 4. Tests in `tests/cmd/NAME.rs` against the sandbox, over HTTP, with the real
//!    binary; `tests/cmd/examples.rs` runs the examples of the help by itself.
//! 5. `UPDATE_GOLDEN=1 cargo test --test cmd golden` writes help, completions and
//!    manual pages; a line in `CHANGELOG.md`.
//!
//! # Tests
//!
//! `cargo test` runs those of both packages and needs nothing but git; what a machine lacks
//! (a keyring, zsh, fish, mandoc) is skipped with a word. They go over real HTTP
//! to the sandbox, real repositories and the real binary, some on a pseudo
//! terminal:
//!
//! - `cargo test --lib`: rules and properties, in the files themselves;
//! - `--test client`: the client against recorded answers and a server with faults;
//! - `--test sandbox`: the sandbox against GitHub's description of the API;
//! - `--test cmd`: the commands; `--test faults`: every verb against every fault;
//! - `--test house`: the rules of the house; `--doc`: the examples of this text.
//!
//! `.ci/run` runs what a change has to pass.

// The lean build has no use for what the rooms below offer to `run` and the agent.
#![cfg_attr(not(feature = "agent"), allow(dead_code, unused_imports))]

#[cfg(feature = "agent")]
mod agent;
pub mod api;
mod auth;
mod bulk;
mod commands;
mod context;
pub mod env;
mod error;
pub mod exit;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod history;
#[doc(hidden)]
pub mod internals;
pub mod model;
#[cfg(feature = "agent")]
mod outbox;
mod output;
mod private_file;
#[cfg(feature = "agent")]
mod process;
mod request;
mod select;
mod session;
mod term;
#[cfg(feature = "agent")]
mod webhook;

#[cfg(feature = "sandbox")]
pub use deployctl_sandbox as sandbox;

use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::Styles;

use commands::{Cli, dispatch};
use env::Env;
use error::{Failure, Kind};
use output::OutputError;
use session::{GlobalArgs, Session};
use term::{Options, Settings, Streams, Term, TermEnv, is_broken_pipe};

/// Runs the program: `args` are its arguments, its own name first. Returns the
/// exit code; see [`exit`].
pub fn run(args: &[OsString], env: Env) -> u8 {
    if let Some(shell) = completion_wanted(args, &env) {
        return complete(&shell, args, env);
    }
    let term = terminal(&env, &GlobalArgs::with_color(args));
    if let [_, only] = args
        && (only == "--version" || only == "-V")
    {
        // To print it takes no command line, which would be most of this start.
        let _ = term.bytes(commands::VERSION.as_bytes());
        return exit::DONE;
    }
    let command = if term.palette().color() {
        Cli::command_for(args)
    } else {
        // To make a help plain from the start costs less than to strip it.
        Cli::command_for(args).styles(Styles::plain())
    };
    // It is not taken apart again: the process ends soon, and does it faster.
    let mut command = ManuallyDrop::new(command);
    let (cli, matches) = match Cli::read(&mut command, args) {
        Ok(parsed) => parsed,
        Err(error) => return refuse(&error, &command, args, &term),
    };
    let term = Arc::new(terminal(&env, &cli.global));
    let wants_json = cli.global.wants_json();
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let session = Session::new(env, Arc::clone(&term), cli.global, folder, args);
    let done = block_on(async {
        let mut work = std::pin::pin!(dispatch(&session, &cli.command));
        loop {
            tokio::select! {
                // Signals are listened for before the work begins: what it says
                // to be ready may be interrupted at once.
                biased;
                signal = interruption(&session.env) => {
                    if !session.signals().deliver(signal.kind()) {
                        return Err(signal.into());
                    }
                }
                done = &mut work => return done,
            }
        }
    });
    let closed = term.close();
    let done = done.and_then(|()| Ok(closed?));
    session.save_completion_cache();
    let command = matches.subcommand_name().unwrap_or_default();
    let code = conclude(&session, &term, done, wants_json, command);
    term.settle();
    code
}

/// Tells how a command ended. Returns the exit code.
fn conclude(
    session: &Session,
    term: &Term,
    done: anyhow::Result<()>,
    wants_json: bool,
    command: &str,
) -> u8 {
    let failure = match done {
        Ok(()) => return session.exit_code(),
        Err(error) if reader_is_gone(&error) => return session.exit_code(),
        Err(error) => Failure::of(error),
    };
    let failure = match session.write_in_flight() {
        Some(hint) => failure.hint(format!("{hint}: run 'deployctl list' to see")),
        None => failure,
    };
    if matches!(failure.kind(), Kind::Interrupted | Kind::Terminated) {
        term.restore();
    }
    report(term, &failure, wants_json);
    if !wants_json {
        annotate(term, &format!("deployctl {command}"), &failure);
    }
    failure.exit_code()
}

fn block_on(task: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let done = runtime.block_on(task);
    // A look-up or a git that still runs is not waited for.
    runtime.shutdown_background();
    done
}

/// Waits for SIGINT or SIGTERM. One that was ignored at the start stays ignored.
async fn interruption(env: &Env) -> Failure {
    const SIGINT: i32 = 2;
    const SIGTERM: i32 = 15;
    let interrupt = async {
        // Without a handler the system ends the program.
        if env.ignores(SIGINT) || tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        #[cfg(unix)]
        if !env.ignores(SIGTERM) {
            use tokio::signal::unix::{SignalKind, signal};
            if let Ok(mut terminate) = signal(SignalKind::terminate()) {
                terminate.recv().await;
                return;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = interrupt => Failure::new(Kind::Interrupted, "interrupted"),
        () = terminate => Failure::new(Kind::Terminated, "ended by SIGTERM"),
    }
}

/// A reader that has enough, such as `head`, is no failure.
fn reader_is_gone(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(is_broken_pipe)
            || cause
                .downcast_ref::<OutputError>()
                .is_some_and(OutputError::is_broken_pipe)
    })
}

fn report(term: &Term, failure: &Failure, wants_json: bool) {
    if wants_json && output::report(term, &failure.to_json()).is_ok() {
        return;
    }
    term.error(failure.message(), &[]);
    term.error_lines(failure.below().iter().map(String::as_str));
    for hint in failure.hints() {
        term.hint(hint);
    }
}

/// Shows a failure with the run of GitHub Actions.
fn annotate(term: &Term, title: &str, failure: &Failure) {
    let hints: Vec<String> = failure
        .hints()
        .iter()
        .map(|h| format!("hint: {h}"))
        .collect();
    let lines: Vec<&str> = std::iter::once(failure.message())
        .chain(failure.below().iter().map(String::as_str))
        .chain(hints.iter().map(String::as_str))
        .collect();
    term.annotate_error(title, &lines);
}

/// The shell that a command line is completed for, if this call is a question
/// of a completion script.
fn completion_wanted(args: &[OsString], env: &Env) -> Option<String> {
    let shell = env.get(env::DEPLOYCTL_COMPLETE)?;
    (args.get(1)? == "--").then(|| shell.to_owned())
}

/// Answers a completion script. Whatever goes wrong, there is nothing to say.
fn complete(shell: &str, args: &[OsString], env: Env) -> u8 {
    let term = terminal(&env, &GlobalArgs::default());
    let words = args[2..].to_vec();
    let candidates = commands::complete(shell, words, env);
    let _ = term.bytes(candidates.as_bytes());
    exit::DONE
}

/// Prints help and version, or says what is wrong with the arguments.
fn refuse(error: &clap::Error, command: &clap::Command, args: &[OsString], term: &Term) -> u8 {
    let text = commands::with_ending(error, command, args);
    if !error.use_stderr() {
        // Who closed the pipe needs no help.
        let _ = term.bytes(text.as_bytes());
        return exit::DONE;
    }
    let is_json = |arg: &OsString| {
        arg.to_str().is_some_and(|arg| {
            ["--json", "--jsonl"]
                .iter()
                .any(|flag| arg == *flag || arg.starts_with(&format!("{flag}=")))
        })
    };
    if args.iter().any(is_json) {
        let message = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
        report(term, &Failure::new(Kind::Usage, message), true);
    } else {
        term.error_lines(text.lines());
        let told = text.strip_prefix("error: ").unwrap_or(&text);
        let lines: Vec<&str> = told.lines().filter(|line| !line.is_empty()).collect();
        term.annotate_error("deployctl", &lines);
    }
    exit::USAGE
}

fn terminal(env: &Env, global: &GlobalArgs) -> Term {
    let text = |name| env.get(name).map(str::to_owned);
    let facts = TermEnv {
        no_color: text(env::NO_COLOR),
        clicolor: text(env::CLICOLOR),
        clicolor_force: text(env::CLICOLOR_FORCE),
        term: text(env::TERM),
        columns: text(env::COLUMNS),
        gh_force_tty: text(env::GH_FORCE_TTY),
        gh_prompt_disabled: text(env::GH_PROMPT_DISABLED),
        ci: text(env::CI),
        force_hyperlink: text(env::FORCE_HYPERLINK),
        term_program: text(env::TERM_PROGRAM),
        vte_version: text(env::VTE_VERSION),
        konsole_version: text(env::KONSOLE_VERSION),
        wt_session: text(env::WT_SESSION),
        pager: text(env::GH_PAGER).or_else(|| text(env::PAGER)),
        less_is_told: env.get(env::LESS).is_some(),
        in_actions: env.in_actions(),
    };
    let options = Options {
        color: global.color,
        no_input: global.no_input,
        quiet: global.quiet,
        verbose: global.verbose,
        for_programs: global.wants_json(),
    };
    Term::new(Settings::new(&facts, options, Streams::detect()))
}
