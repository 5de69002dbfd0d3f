//! The command line for GitHub Deployments, as a library.
//!
//! [`api`] is the client for GitHub's REST and GraphQL APIs, and [`model`] has its
//! types. With the feature `sandbox`, [`sandbox`] is an embedded GitHub for
//! deployments, for tests. The binary calls [`run`].
//!
//! The life of a deployment on the sandbox:
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
//! assert_eq!(history.deployment_with_state().state, DeploymentState::Active);
//! # Ok(())
//! # })
//! # }
//! # #[cfg(not(feature = "sandbox"))]
//! # fn main() {}
//! ```

// # Contributing
//
// A module may use the modules in the lines below its own, and nothing above or
// beside it. `tests/house` checks this, and lists the exceptions.
//
//   main.rs  lib.rs            entry point: parsing, dispatch, exit code
//   commands/                  one file per command
//   bulk/                      plans for many deployments, and their execution
//   gates/                     workflow runs that wait at gates, and their reviews
//   moves/                     deploying the commit of an earlier deployment again
//   request/                   requests for a deployment: options, payload, locks, exactly once
//   watch/                     lists that are kept up to date
//   history/                   what was live; deployments that are followed to their end
//   stats/                     statistics of recorded deployments, and their report
//   select/                    filters, patterns and selectors
//   session/                   what commands share: options, connection, token, signals, results
//   error                      converts every error to a kind, hints and an exit code
//   agent/                     the service: receives events, runs commands, reports
//   locks/                     locks and freezes of environments: who may deploy when
//   outbox/                    reports that must arrive; who owns a deployment
//   process/                   a command that runs as a child process, and its output
//   output/  auth/  context/   tables and JSON; tokens; the current repository and ref
//   webhook/  api/             signatures and events; the client
//   term/  env  exit           the only writers to the terminal; the only reader of the environment
//   private_file               private files, and files that are replaced as a whole
//   model/                     types of the domain, without I/O
//
// The sandbox is the crate in `sandbox/`. It uses nothing of this crate, so that
// client and server are both checked against GitHub's description of the API, and
// not against each other. `webhook` and `agent` belong to the feature `agent`.
// Text from a server reaches the terminal only through `term`, which escapes it.
//
// To add a command:
//
// 1. `src/commands/NAME.rs`: a struct with `#[derive(Args)]`, whose doc comments
//    are the help, and `pub(super) async fn run(session, args)`. `after_help` has
//    three or more examples, each below a comment that says what it is for. Value
//    names such as `ENV`, `REF` and `ID` enable completion.
// 2. A variant in `commands/cli.rs` and an arm in `commands/mod.rs`. If it prints
//    JSON: an `output::Record`, and its fields in `commands/cli/fields.rs`.
// 3. `run` first calls `session.format`, so that wrong options fail before any
//    request, and then `session.connect`. Errors are an `error::Failure` with a
//    `Kind` and a hint. `session.update_cache` stores names for completion.
// 4. Tests in `tests/cmd/NAME.rs` run the real binary against the sandbox.
//    `tests/cmd/examples.rs` runs the examples of the help.
// 5. `UPDATE_GOLDEN=1 cargo test --test cmd golden` writes help, completions and
//    man pages. Add a line to `CHANGELOG.md`.
//
// `cargo test` needs only git; tests for tools that are not installed (a keyring,
// zsh, fish, elvish, nu, busybox, wget, mandoc, shellcheck, actionlint) are skipped
// with a note. One suite:
//
//   cargo test --lib            rules and properties, in the source files
//   cargo test --test client    the client, with recorded responses and faults
//   cargo test --test cmd       the commands
//   cargo test --test agent     the agent
//   cargo test --test faults    every command with every fault
//   cargo test --test house     the rules of the code
//   cargo test --doc            the examples of the documentation
//   cargo test -p deployctl-sandbox
//
// `.ci/run` runs everything that a change has to pass.

// The build without the agent does not use everything that the modules below
// offer.
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
mod gates;
mod history;
#[doc(hidden)]
pub mod internals;
mod locks;
pub mod model;
mod moves;
#[cfg(feature = "agent")]
mod outbox;
mod output;
mod private_file;
#[cfg(feature = "agent")]
mod process;
mod request;
mod select;
mod session;
mod stats;
mod term;
mod watch;
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
use session::{EXTENSION_NAME, GlobalArgs, Session, program_name, wait_for_signal};
use term::{Options, Settings, Streams, Term, TermEnv, is_broken_pipe};

/// Runs the program and returns its exit code (see [`exit`]). The first of
/// `args` is the program's name.
pub fn run(args: &[OsString], env: Env) -> u8 {
    if let Some(shell) = completion_shell(args, &env) {
        return complete(&shell, args, env);
    }
    let env = if program_name(args) == EXTENSION_NAME {
        let hosts = auth::gh_hosts(&env);
        env.with_gh_hosts(hosts)
    } else {
        env
    };
    let term = create_terminal(&env, &GlobalArgs::with_color(args), args);
    if let [_, only] = args
        && (only == "--version" || only == "-V")
    {
        // Building the command line would take most of the time of this call.
        let _ = term.bytes(commands::VERSION.as_bytes());
        return exit::DONE;
    }
    let command = if term.palette().color() {
        Cli::command_for(args)
    } else {
        // Rendering plain help is faster than stripping its styles.
        Cli::command_for(args).styles(Styles::plain())
    };
    let command = command.term_width(commands::help_columns(term.width()));
    // It is never dropped, because the process ends soon.
    let mut command = ManuallyDrop::new(command);
    let (cli, matches) = match Cli::parse(&mut command, args) {
        Ok(parsed) => parsed,
        Err(error) => return report_usage_error(&error, &command, args, &term),
    };
    let term = Arc::new(create_terminal(&env, &cli.global, args));
    let wants_json = cli.global.wants_json();
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let session = Session::new(env, Arc::clone(&term), cli.global, folder, args);
    let done = block_on(async {
        let mut work = std::pin::pin!(dispatch(&session, &matches, &cli.command));
        loop {
            tokio::select! {
                // Listen for signals before the command starts: it may be
                // interrupted as soon as it prints that it is ready.
                biased;
                signal = wait_for_signal(&session.env) => {
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

/// Reports how a command ended, and returns the exit code.
fn conclude(
    session: &Session,
    term: &Term,
    done: anyhow::Result<()>,
    wants_json: bool,
    command: &str,
) -> u8 {
    let failure = match done {
        Ok(()) => return session.exit_code(),
        Err(error) if is_closed_pipe(&error) => return session.exit_code(),
        Err(error) => Failure::from_error(error),
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
    // Do not wait for a name lookup or a git command that is still running.
    runtime.shutdown_background();
    done
}

/// A reader that has closed the pipe, such as `head`, is not a failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
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
    if wants_json && output::write_json_error(term, &failure.to_json()).is_ok() {
        return;
    }
    term.error(failure.message(), &[]);
    term.error_lines(failure.below().iter().map(String::as_str));
    for hint in failure.hints() {
        term.hint(hint);
    }
}

/// Adds a failure to the GitHub Actions run as an annotation.
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

/// The shell to complete for, if a completion script runs the program.
fn completion_shell(args: &[OsString], env: &Env) -> Option<String> {
    let shell = env.get(env::DEPLOYCTL_COMPLETE)?;
    (args.get(1)? == "--").then(|| shell.to_owned())
}

/// Prints completion candidates. Failures are not reported.
fn complete(shell: &str, args: &[OsString], env: Env) -> u8 {
    let term = create_terminal(&env, &GlobalArgs::default(), args);
    let words = args[2..].to_vec();
    let candidates = commands::complete(shell, words, env, Cli::command());
    let _ = term.bytes(candidates.as_bytes());
    exit::DONE
}

/// Prints help or the version, or reports a usage error.
fn report_usage_error(
    error: &clap::Error,
    command: &clap::Command,
    args: &[OsString],
    term: &Term,
) -> u8 {
    let text = commands::render_error(error, command, args, term.width());
    if !error.use_stderr() {
        // A closed pipe is not an error here.
        let _ = term.bytes(term.renamed(&text).as_bytes());
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
        let message = text.strip_prefix("error: ").unwrap_or(&text);
        let lines: Vec<&str> = message.lines().filter(|line| !line.is_empty()).collect();
        term.annotate_error("deployctl", &lines);
    }
    exit::USAGE
}

fn create_terminal(env: &Env, global: &GlobalArgs, args: &[OsString]) -> Term {
    let text = |name| env.get(name).map(str::to_owned);
    let term_env = TermEnv {
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
        has_less_options: env.get(env::LESS).is_some(),
        in_actions: env.in_actions(),
    };
    let rename: fn(&str) -> String = |text| commands::rename_commands(text, &Cli::command());
    let options = Options {
        color: global.color,
        no_input: global.no_input,
        quiet: global.quiet,
        verbose: global.verbose,
        for_programs: global.wants_json(),
        rename: (program_name(args) == EXTENSION_NAME).then_some(rename),
    };
    Term::new(Settings::new(&term_env, options, Streams::detect()))
}
