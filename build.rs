//! Sets linker options that the system supports.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build by the environment"
)]

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

/// Packed relocations: half a megabyte less to read at every start, and half
/// the instructions. The loaders of glibc 2.36 and musl 1.2.4 support them.
const PACKED: &str = "-Wl,-z,pack-relative-relocs";
/// GCC's code for unwinding, as a part of the program: one library less to load
/// saves a tenth of the instructions of a start. musl has it in the program anyway.
const UNWINDER: &str = "static:-bundle=gcc_eh";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name, value| env::var(name).is_ok_and(|found| found == value);
    if !is("PROFILE", "release") || !is("CARGO_CFG_TARGET_OS", "linux") {
        return;
    }
    if runs_with(&[&format!("-Clink-arg={PACKED}")]) {
        println!("cargo::rustc-link-arg-bins={PACKED}");
    }
    if is("CARGO_CFG_TARGET_ENV", "gnu") && runs_with(&["-l", UNWINDER]) {
        println!("cargo::rustc-link-lib={UNWINDER}");
    }
}

/// Whether a program that is linked with these options runs here, and unwinds. A
/// trial is needed because not every linker has the library, or produces
/// relocations in a form that the loader accepts.
fn runs_with(options: &[&str]) -> bool {
    let Some(folder) = env::var_os("OUT_DIR").map(PathBuf::from) else {
        return false;
    };
    let (source, program) = (folder.join("trial.rs"), folder.join("trial"));
    let text = "fn main() { assert!(std::panic::catch_unwind(|| panic!()).is_err()) }";
    if fs::write(&source, text).is_err() {
        return false;
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    if let Ok(linker) = env::var("RUSTC_LINKER") {
        rustc.arg(format!("-Clinker={linker}"));
    }
    if let Ok(target) = env::var("TARGET") {
        rustc.args(["--target", &target]);
    }
    rustc.args(options);
    rustc.arg("-o").arg(&program).arg(&source);
    let succeeds = |command: &mut Command| command.output().is_ok_and(|out| out.status.success());
    succeeds(&mut rustc) && succeeds(&mut Command::new(&program))
}
