use std::ffi::OsStr;
use std::path::Path;

use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};

use super::sources::Sources;

/// Files and folders.
pub(super) fn files(sources: &Sources, current: &str) -> Vec<CompletionCandidate> {
    found(sources, current, PathCompleter::any())
}

/// Folders alone.
pub(super) fn folders(sources: &Sources, current: &str) -> Vec<CompletionCandidate> {
    found(sources, current, PathCompleter::dir())
}

/// `@FILE`, as `--payload` takes it.
pub(super) fn files_behind_at(sources: &Sources, current: &str) -> Vec<CompletionCandidate> {
    behind(sources, current, '@', files)
}

/// Repositories, and the folder of `OWNER/REPO=DIR`, as `sandbox serve` takes it.
pub(super) fn repositories(sources: &Sources, current: &str) -> Vec<CompletionCandidate> {
    if current.contains('=') && sources.command() == ["sandbox", "serve"] {
        return behind(sources, current, '=', folders);
    }
    sources.repositories(current)
}

/// What is run, and the files that it is given.
pub(super) fn words_of_command(sources: &Sources, current: &str) -> Vec<CompletionCandidate> {
    if !sources.is_first_of_command() {
        return files(sources, current);
    }
    let runnable = || PathCompleter::any().filter(|path| path.is_dir() || is_runnable(path));
    if current.contains('/') {
        return found(sources, current, runnable());
    }
    // A program of the working directory is only run with its path.
    let mut offered = found(sources, &format!("./{current}"), runnable());
    if !current.is_empty() {
        let plain = offered.into_iter().filter_map(|one| {
            let path = one.get_value().to_str()?.strip_prefix("./")?;
            path.ends_with('/').then(|| CompletionCandidate::new(path))
        });
        offered = sources
            .programs(current, is_runnable)
            .into_iter()
            .map(CompletionCandidate::new)
            .chain(plain)
            .collect();
    }
    offered
}

/// What a value is after the last of a sign, behind what comes before.
fn behind(
    sources: &Sources,
    current: &str,
    sign: char,
    source: fn(&Sources, &str) -> Vec<CompletionCandidate>,
) -> Vec<CompletionCandidate> {
    let Some((before, path)) = current.split_once(sign) else {
        return Vec::new();
    };
    source(sources, path)
        .into_iter()
        .map(|one| one.add_prefix(format!("{before}{sign}")))
        .collect()
}

fn found(sources: &Sources, current: &str, completer: PathCompleter) -> Vec<CompletionCandidate> {
    // Where the shell does not make a home of it, ~ is a name like any other.
    if current.starts_with("~/") && !sources.expands_home(current) {
        return Vec::new();
    }
    let mut offered = completer
        .current_dir(sources.folder())
        .complete(OsStr::new(current));
    offered.retain(|one| one.get_value() != ".");
    // A name with a dot before it is offered where the dot is typed.
    if offered.iter().any(|one| !one.is_hide_set()) {
        offered.retain(|one| !one.is_hide_set());
    }
    offered
}

#[cfg(unix)]
fn is_runnable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_runnable(path: &Path) -> bool {
    path.is_file()
}
