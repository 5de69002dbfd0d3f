//! The command line for GitHub Deployments, as a library.
//!
//! The binary is a shim over [`run`]. The parts that other programs can use
//! on their own are [`model`] (types), [`api`] (the client) and, with the
//! feature `sandbox`, [`sandbox`] (an embedded GitHub for deployments).

#[cfg(feature = "agent")]
pub mod agent;
pub mod api;
pub mod auth;
pub mod commands;
pub mod context;
pub mod env;
pub mod error;
pub mod exit;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod model;
pub mod output;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod term;
#[cfg(any(feature = "agent", feature = "sandbox"))]
pub mod webhook;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use clap::FromArgMatches;

use commands::{Cli, GlobalArgs, Session, dispatch};
use env::Env;
use error::{Failure, Kind};
use output::OutputError;
use term::{Options, Settings, Streams, Term, TermEnv, is_broken_pipe};

/// Runs the program: `args` are its arguments, its own name first. Returns the
/// exit code; see [`exit`].
pub fn run(args: &[OsString], env: Env) -> u8 {
    let matches = Cli::full_command().try_get_matches_from(args);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, args, &env),
    };
    let term = Arc::new(terminal(&env, &cli.global));
    let wants_json = cli.global.wants_json();
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let session = Session::new(env, Arc::clone(&term), cli.global, folder).invoked_as(args);
    let done = block_on(async {
        let mut work = std::pin::pin!(dispatch(&session, &cli.command));
        loop {
            tokio::select! {
                done = &mut work => return done,
                signal = interruption() => {
                    if !session.interruption().deliver(signal.kind()) {
                        return Err(signal.into());
                    }
                }
            }
        }
    });
    let done = done.and_then(|()| Ok(term.flush()?));
    let failure = match done {
        Ok(()) => return session.exit_code(),
        Err(error) if reader_is_gone(&error) => return session.exit_code(),
        Err(error) => Failure::of(error),
    };
    let failure = match session.under_way() {
        Some(what) => failure.hint(format!("{what}: 'deployctl list' tells")),
        None => failure,
    };
    if matches!(failure.kind(), Kind::Interrupted | Kind::Terminated) {
        term.restore();
    }
    report(&term, &failure, wants_json);
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

/// Waits for SIGINT or SIGTERM.
async fn interruption() -> Failure {
    let interrupted = || Failure::new(Kind::Interrupted, "interrupted");
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            return tokio::select! {
                _ = tokio::signal::ctrl_c() => interrupted(),
                _ = terminate.recv() => Failure::new(Kind::Terminated, "ended by SIGTERM"),
            };
        }
    }
    // Without a handler the system ends the program by itself.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    interrupted()
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

/// Prints help and version, or says what is wrong with the arguments.
fn refuse(error: &clap::Error, args: &[OsString], env: &Env) -> u8 {
    let term = terminal(env, &GlobalArgs::default());
    let text = error.render();
    if !error.use_stderr() {
        let text = if term.palette().color() {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
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
        let text = text.to_string();
        let message = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
        report(&term, &Failure::new(Kind::Usage, message), true);
    } else {
        term.error_lines(text.to_string().lines());
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
