//! The binary, a thin wrapper around the library.

use std::process::ExitCode;

use deployctl::env::Env;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    ExitCode::from(deployctl::run(&args, Env::from_process()))
}
