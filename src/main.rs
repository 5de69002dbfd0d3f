//! The binary: a shim over the library.

use std::process::ExitCode;

use deployctl::env::Env;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    ExitCode::from(deployctl::run(&args, Env::of_process()))
}
