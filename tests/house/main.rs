//! The rules of the code: which module may import which, how long a file may be,
//! and which files may read the environment or write to the terminal.
//!
//! Each rule is a function from a file's path and text to findings, so that it
//! runs on the source tree and on small examples that break it.

mod circles;
mod known_circles;
mod reading;

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use reading::{CodePath, code_of, from_root, is_word, line_of, module_path, paths_of, words};

/// The most lines of a file without its tests.
const LONGEST: usize = 400;

/// Enough for a dispatch and one more function.
const MOST_FUNCTIONS_OF_MOD_RS: usize = 2;

/// The modules below `error`, each with the modules that it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("private_file", &[]),
    ("env", TERMINAL_ROW),
    ("exit", TERMINAL_ROW),
    ("term", TERMINAL_ROW),
    ("webhook", &["model"]),
    ("api", &["model"]),
    ("output", &["model", "term"]),
    ("auth", &["model", "env", "private_file", "api"]),
    ("context", &["model", "env"]),
    ("stats", &["model", "output"]),
    ("process", &["model", "env", "private_file", "api"]),
    ("locks", &["model", "api"]),
    (
        "outbox",
        &["model", "env", "private_file", "api", "process"],
    ),
    (
        "agent",
        &[
            "model",
            "env",
            "private_file",
            "api",
            "webhook",
            "process",
            "locks",
            "outbox",
        ],
    ),
];

/// The modules above them, the lowest first: each may use every module of the
/// table, and those before it in this list.
const UPPER_ROOMS: &[&str] = &[
    "error", "session", "select", "history", "watch", "request", "gates", "moves", "bulk",
    "commands",
];

/// The files that may use the crate of the sandbox: those that start it, and the
/// one that reports why it did not start.
const STARTS_THE_SANDBOX: &[&str] = &[
    "commands/sandbox.rs",
    "error.rs",
    "lib.rs",
    "session/sandbox.rs",
    "session/connection.rs",
];

/// The modules of the sandbox, the lowest first: each may use those before it.
const SANDBOX_ROOMS: &[&str] = &[
    "base64",
    "git",
    "access",
    "webhook_checks",
    "document",
    "error",
    "failure",
    "ids",
    "store",
    "http",
    "faults",
    "config",
    "rules",
    "wire",
    "webhooks",
    "app",
    "graphql",
    "rest",
    "pages",
    "dispatch",
    "server",
];

/// The modules that `room` may use; `None` if it is in neither table.
fn may_use(room: &str) -> Option<Vec<&'static str>> {
    if let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) {
        return Some(allowed.to_vec());
    }
    let at = UPPER_ROOMS.iter().position(|name| *name == room)?;
    let table = ROOMS.iter().map(|(name, _)| *name);
    Some(table.chain(UPPER_ROOMS[..at].iter().copied()).collect())
}

/// The file in `commands/` with the whole command line, which may use every
/// command.
const COMMAND_LINE: &str = "cli";

/// `env.rs`, `exit.rs` and `term/` may use each other.
const TERMINAL_ROW: &[&str] = &["model", "env", "exit", "term"];

/// The top files, which may use every module.
const TOP: &[&str] = &["lib", "main", "fuzzing", "internals"];

/// Names that say nothing about what a file is for.
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "helper", "helpers", "common", "misc", "shared",
];

#[derive(Debug, PartialEq, Eq)]
struct Finding {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

fn finding(file: &str, line: usize, what: impl Into<String>) -> Finding {
    Finding {
        file: file.to_owned(),
        line,
        what: what.into(),
    }
}

// The rules.

/// The import table. `commands` are the modules in the folder `commands/`.
fn imports(file: &str, text: &str, commands: &BTreeSet<String>) -> Vec<Finding> {
    let module = module_path(file);
    let room = module[0].as_str();
    if module.len() == 1 && TOP.contains(&room) {
        return Vec::new();
    }
    let Some(allowed) = may_use(room) else {
        return vec![finding(
            file,
            1,
            format!("`{room}` is no room of the import table"),
        )];
    };
    let code = code_of(text);
    let mut found = Vec::new();
    for path in paths_of(&code) {
        let Some(target) = from_root(file, &code, &path) else {
            continue;
        };
        let Some(target_room) = target.first().map(String::as_str) else {
            continue;
        };
        let line = line_of(&code, path.offset);
        if target_room != room {
            if !allowed.contains(&target_room) {
                found.push(finding(
                    file,
                    line,
                    format!("`{room}` must not use `{target_room}`"),
                ));
            }
        } else if room == "commands"
            && let (Some(own), Some(other)) = (module.get(1), target.get(1))
            && own != other
            && own != COMMAND_LINE
            && commands.contains(other)
        {
            found.push(finding(
                file,
                line,
                format!("the command `{own}` must not use the command `{other}`"),
            ));
        }
    }
    found
}

/// The import table of the sandbox, without its tests.
fn sandbox_imports(file: &str, text: &str) -> Vec<Finding> {
    let Some(inside) = file.strip_prefix("sandbox/") else {
        return Vec::new();
    };
    let module = module_path(inside);
    if module.len() == 1 && ["lib", "tests"].contains(&module[0].as_str()) {
        return Vec::new();
    }
    let place = |room: &str| SANDBOX_ROOMS.iter().position(|name| *name == room);
    let Some(own) = place(&module[0]) else {
        return vec![finding(file, 1, format!("`{}` is no room", module[0]))];
    };
    let code = code_of(text);
    let mut found = Vec::new();
    for path in paths_of(&code) {
        let target = from_root(inside, &code, &path).unwrap_or_default();
        if let Some(room) = target.first()
            && place(room).is_some_and(|other| other > own)
        {
            let what = format!("`{}` must not use `{room}`", module[0]);
            found.push(finding(file, line_of(&code, path.offset), what));
        }
    }
    found
}

/// Few files may use the sandbox.
fn sandbox_users(file: &str, text: &str) -> Vec<Finding> {
    if STARTS_THE_SANDBOX.contains(&file) || file.starts_with("sandbox/") {
        return Vec::new();
    }
    let code = code_of(text);
    let is_sandbox = |path: &CodePath| {
        path.segments[0] == "deployctl_sandbox"
            || from_root(file, &code, path).is_some_and(|target| target[0] == "sandbox")
    };
    let uses = paths_of(&code).into_iter().filter(is_sandbox);
    uses.map(|path| finding(file, line_of(&code, path.offset), "the sandbox is used"))
        .collect()
}

/// The limit on the length of a file without its tests.
fn length(file: &str, text: &str) -> Vec<Finding> {
    let module = module_path(file);
    if module.iter().any(|part| part == "tests") {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| {
        pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
    });
    let own = tests.unwrap_or(lines.len());
    if own > LONGEST {
        vec![finding(
            file,
            LONGEST + 1,
            format!("{own} lines without tests, {LONGEST} are enough: split it by job"),
        )]
    } else {
        Vec::new()
    }
}

/// A `mod.rs` declares and re-exports; it may dispatch, but has no logic.
fn module_files(file: &str, text: &str) -> Vec<Finding> {
    if !file.ends_with("/mod.rs") || file.ends_with("tests/mod.rs") {
        return Vec::new();
    }
    let own = text.split("#[cfg(test)]\nmod tests {").next();
    let functions = words(&code_of(own.unwrap_or(text)), "fn").len();
    if functions > MOST_FUNCTIONS_OF_MOD_RS {
        let what = format!("{functions} functions in a mod.rs: move them to files of their own");
        vec![finding(file, 1, what)]
    } else {
        Vec::new()
    }
}

/// Empty names of files, folders and inline modules.
fn names(file: &str, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for part in module_path(file) {
        if EMPTY_NAMES.contains(&part.as_str()) {
            found.push(finding(file, 1, format!("`{part}` names no job")));
        }
    }
    for (number, line) in code_of(text).lines().enumerate() {
        let words: Vec<&str> = line.split(|c: char| !is_word(c)).collect();
        for pair in words.windows(2) {
            if pair[0] == "mod" && EMPTY_NAMES.contains(&pair[1]) {
                found.push(finding(
                    file,
                    number + 1,
                    format!("`{}` names no job", pair[1]),
                ));
            }
        }
    }
    found
}

/// The functions of `std::env` that read it.
const READERS: &[&str] = &["var", "vars", "var_os", "vars_os"];

/// Only `env.rs` and `main.rs` read the environment.
fn environment(file: &str, text: &str) -> Vec<Finding> {
    if matches!(file, "env.rs" | "main.rs") {
        return Vec::new();
    }
    let code = code_of(text);
    let paths = paths_of(&code);
    let std_env = paths
        .iter()
        .any(|p| p.segments == ["std", "env"] || p.segments == ["std", "env", "self"]);
    let mut found = Vec::new();
    for path in &paths {
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        let reads = match segments.as_slice() {
            ["std", "env", name, ..] => READERS.contains(name) || *name == "*",
            ["env", name, ..] => std_env && READERS.contains(name),
            _ => false,
        };
        if reads {
            found.push(finding(
                file,
                line_of(&code, path.offset),
                "the environment is read only in `env.rs` and `main.rs`",
            ));
        }
    }
    found
}

/// The macros that write to the standard streams.
const PRINTERS: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

/// Only `term/` writes to the terminal.
fn printing(file: &str, text: &str) -> Vec<Finding> {
    if file.starts_with("term/") {
        return Vec::new();
    }
    let code = code_of(text);
    let mut found = Vec::new();
    for name in PRINTERS {
        for offset in words(&code, name) {
            if code[offset + name.len()..].starts_with('!') {
                found.push(finding(
                    file,
                    1 + code[..offset].matches('\n').count(),
                    format!("`{name}!` outside of `term/`"),
                ));
            }
        }
    }
    for path in paths_of(&code) {
        for pair in path.segments.windows(2) {
            if pair[0] == "io" && (pair[1] == "stdout" || pair[1] == "stderr") {
                found.push(finding(
                    file,
                    line_of(&code, path.offset),
                    format!("`io::{}` outside of `term/`", pair[1]),
                ));
            }
        }
    }
    found
}

/// Nothing is unfinished: no ignored test, no `todo!`, no `unimplemented!`.
fn unfinished(file: &str, text: &str) -> Vec<Finding> {
    let code = code_of(text);
    let mut found = Vec::new();
    for name in ["todo", "unimplemented"] {
        for offset in words(&code, name) {
            if code[offset + name.len()..].starts_with('!') {
                found.push(finding(
                    file,
                    1 + code[..offset].matches('\n').count(),
                    format!("`{name}!`"),
                ));
            }
        }
    }
    for offset in words(&code, "ignore") {
        let before = code[..offset].trim_end();
        if before.ends_with("#[") {
            found.push(finding(
                file,
                1 + code[..offset].matches('\n').count(),
                "an ignored test",
            ));
        }
    }
    found
}

/// No path of a developer's machine in code, comments or literals.
fn machine_paths(file: &str, text: &str) -> Vec<Finding> {
    // Assembled here, so that this file does not break the rule.
    let roots: Vec<String> = ["root", "Users", "work", "home/runner", "builds"]
        .iter()
        .map(|name| format!("/{name}/"))
        .collect();
    let here = env!("CARGO_MANIFEST_DIR");
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let named = roots.iter().any(|root| {
            line.match_indices(root.as_str()).any(|(offset, _)| {
                // After a name or a dot it is part of a longer path or of a URL.
                !line[..offset]
                    .chars()
                    .next_back()
                    .is_some_and(|c| is_word(c) || matches!(c, '.' | '-' | '~' | '}' | '*' | ')'))
            })
        });
        if named || line.contains(here) {
            found.push(finding(file, number + 1, "a path of somebody's machine"));
        }
    }
    found
}

// The tree.

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The path and text of all files below `folder` that `wanted` accepts.
fn files(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = fs::read_dir(&next) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry of the tree").path();
            let name = path
                .strip_prefix(folder)
                .expect("a path below the folder")
                .to_string_lossy()
                .replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&name) {
                let text = fs::read_to_string(&path)
                    .unwrap_or_else(|error| panic!("cannot read {name}: {error}"));
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}

fn is_rust(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "rs")
}

/// The program's files, by their paths below `src`.
fn program() -> Vec<(String, String)> {
    let found = files(&package().join("src"), &is_rust);
    assert!(
        found.len() > 10,
        "only {} files of the program were found",
        found.len()
    );
    found
}

/// The files of both packages; those of the sandbox as `sandbox/…`.
fn sources() -> Vec<(String, String)> {
    let sandbox = files(&package().join("sandbox/src"), &is_rust);
    assert!(
        sandbox.len() > 10,
        "only {} files of the sandbox were found",
        sandbox.len()
    );
    let sandbox = sandbox
        .into_iter()
        .map(|(file, text)| (format!("sandbox/{file}"), text));
    program().into_iter().chain(sandbox).collect()
}

fn commands_of(files: &[(String, String)]) -> BTreeSet<String> {
    files
        .iter()
        .map(|(file, _)| module_path(file))
        .filter(|module| module[0] == "commands")
        .filter_map(|module| module.get(1).cloned())
        .collect()
}

fn hold(found: &[Finding]) {
    let list: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "\n{}", list.join("\n"));
}

fn over_sources(rule: impl Fn(&str, &str) -> Vec<Finding>) {
    let found: Vec<Finding> = sources()
        .iter()
        .flat_map(|(file, text)| rule(file, text))
        .collect();
    hold(&found);
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let program = program();
    let commands = commands_of(&program);
    let found: Vec<Finding> = program
        .iter()
        .flat_map(|(file, text)| imports(file, text, &commands))
        .collect();
    hold(&found);
}

#[test]
fn rooms_of_the_sandbox_use_only_those_below() {
    over_sources(sandbox_imports);
}

#[test]
fn the_sandbox_is_used_only_where_it_is_started() {
    over_sources(sandbox_users);
}

#[test]
fn no_file_is_too_long() {
    over_sources(length);
}

#[test]
fn module_files_hold_no_logic() {
    over_sources(module_files);
}

#[test]
fn every_name_says_what_it_is_for() {
    over_sources(names);
}

#[test]
fn only_env_and_main_read_the_environment() {
    over_sources(environment);
}

#[test]
fn only_term_writes_to_the_terminal() {
    over_sources(printing);
}

#[test]
fn nothing_is_left_for_later() {
    let mut found = Vec::new();
    for folder in ["src", "sandbox", "tests", "benches", "fuzz"] {
        for (file, text) in files(&package().join(folder), &is_rust) {
            found.extend(unfinished(&format!("{folder}/{file}"), &text));
        }
    }
    hold(&found);
}

#[test]
fn no_path_of_a_machine_is_named() {
    let mut found = Vec::new();
    // Recordings and descriptions in the fixtures stay unchanged.
    let text_file = |name: &str| !name.starts_with("fixtures/");
    for folder in [
        "src",
        "sandbox",
        "tests",
        "benches",
        "fuzz/fuzz_targets",
        "completions",
        "man",
        ".ci",
    ] {
        for (file, text) in files(&package().join(folder), &text_file) {
            found.extend(machine_paths(&format!("{folder}/{file}"), &text));
        }
    }
    for file in [
        "Cargo.toml",
        "README.md",
        "CHANGELOG.md",
        "clippy.toml",
        "deny.toml",
    ] {
        if let Ok(text) = fs::read_to_string(package().join(file)) {
            found.extend(machine_paths(file, &text));
        }
    }
    hold(&found);
}

// Tests that each rule can fail.

fn lines(found: &[Finding]) -> Vec<usize> {
    found.iter().map(|finding| finding.line).collect()
}

#[test]
fn the_import_rule_sees_every_form() {
    let none = BTreeSet::new();
    let text = r"
use crate::api::Client;
use crate::{model::RepoSlug, output::Table};
fn f() -> crate::term::Style { crate::commands::run() }
use super::super::context;
mod tests { use super::super::super::auth; }
";
    assert_eq!(
        lines(&imports("webhook/event.rs", text, &none)),
        [2, 3, 4, 4, 5, 6]
    );
    let climbing =
        "use super::api;\nmod tests {\n    use super::rest;\n    use super::super::api;\n}\n";
    assert_eq!(
        lines(&imports("webhook/mod.rs", climbing, &none)),
        [1, 4],
        "one step up from an inline module is still in the room"
    );
    assert_eq!(lines(&imports("attic/mod.rs", "", &none)), [1]);
    assert_eq!(
        lines(&imports("error.rs", "use crate::commands::create;", &none)),
        [1]
    );
    assert_eq!(
        imports("model/mod.rs", "use crate::env::X;", &none)[0].to_string(),
        "model/mod.rs:1: `model` must not use `env`"
    );
}

#[test]
fn the_import_rule_lets_pass_what_is_allowed() {
    let none = BTreeSet::new();
    let text = r##"
//! Not `use crate::api::Client` either.
use crate::model::{RepoSlug, host::Host as Where};
use super::page;
/* use crate::api; /* nested */ use crate::term; */
const A: &str = "use crate::api::Client;";
const B: &str = r#"crate::api "quoted" crate::api"#;
const C: (char, &'static str, u8) = ('"', "crate::api", b'\'');
use std::env as crate_env;
"##;
    assert_eq!(imports("webhook/event.rs", text, &none), []);
    assert_eq!(
        imports("term/style.rs", "use crate::{env, exit};", &none),
        []
    );
    assert_eq!(
        imports("error/kind.rs", "use crate::{exit, api};", &none),
        []
    );
}

#[test]
fn the_import_rule_keeps_commands_apart() {
    let commands: BTreeSet<String> = ["create", "wait", "env", "mod"].map(str::to_owned).into();
    let text = "use crate::commands::wait::Args;\nuse super::wait;\nuse super::Target;\n";
    assert_eq!(
        lines(&imports("commands/create.rs", text, &commands)),
        [1, 2]
    );
    assert_eq!(
        lines(&imports("session/signals.rs", text, &commands)),
        [1],
        "what serves the commands uses none of them"
    );
    assert_eq!(
        lines(&imports(
            "select/filter.rs",
            "use crate::bulk::Bulk;",
            &commands
        )),
        [1]
    );
    assert_eq!(
        imports("bulk/plan.rs", "use crate::select::Filter;", &commands),
        []
    );
    assert_eq!(
        imports(
            "commands/env/list.rs",
            "use super::view; use crate::commands::env::view;",
            &commands
        ),
        []
    );
    assert_eq!(
        imports(
            "commands/mod.rs",
            "use self::create; use crate::commands::wait;",
            &commands
        ),
        []
    );
}

#[test]
fn the_rule_on_the_rooms_of_the_sandbox_can_fail() {
    let text =
        "use crate::rest::DOCS;\nuse super::super::store;\nuse super::reply;\nuse crate::Config;";
    assert_eq!(lines(&sandbox_imports("sandbox/http/page.rs", text)), [1]);
    assert_eq!(lines(&sandbox_imports("sandbox/git/refs.rs", text)), [1, 2]);
    assert_eq!(lines(&sandbox_imports("sandbox/attic.rs", text)), [1]);
    assert_eq!(sandbox_imports("sandbox/dispatch.rs", text), []);
    assert_eq!(sandbox_imports("http/page.rs", text), []);
}

#[test]
fn the_rule_on_the_sandbox_sees_every_form() {
    let text = "use deployctl_sandbox::Config;\nuse crate::sandbox::Sandbox;\nfn f() { super::sandbox::x() }";
    assert_eq!(lines(&sandbox_users("api/client.rs", text)), [1, 2]);
    assert_eq!(lines(&sandbox_users("api.rs", text)), [1, 2, 3]);
    assert_eq!(sandbox_users("commands/sandbox.rs", text), []);
    assert_eq!(
        sandbox_users("commands/list.rs", "use super::sandbox::Args;"),
        []
    );
}

#[test]
fn the_length_rule_counts_up_to_the_tests() {
    let long = "fn f() {}\n".repeat(LONGEST + 1);
    assert_eq!(lines(&length("api/page.rs", &long)), [LONGEST + 1]);
    let tested = format!(
        "{}#[cfg(test)]\nmod tests {{\n{long}}}\n",
        "fn f() {}\n".repeat(LONGEST)
    );
    assert_eq!(length("api/page.rs", &tested), []);
    let hidden = format!("#[cfg(test)]\nmod tests;\n{long}");
    assert_eq!(length("api/mod.rs", &hidden).len(), 1);
}

#[test]
fn the_rule_on_module_files_counts_functions() {
    let text = "fn a() {}\nfn b() {}\n// fn c\nfn d() {}\n";
    assert_eq!(lines(&module_files("api/mod.rs", text)), [1]);
    assert_eq!(module_files("api/mod.rs", "fn a() {}\nfn b() {}\n"), []);
    assert_eq!(module_files("api/page.rs", text), []);
    assert_eq!(module_files("api/tests/mod.rs", text), []);
    let tested = format!("mod a;\n#[cfg(test)]\nmod tests {{\n{text}}}\n");
    assert_eq!(module_files("api/mod.rs", &tested), []);
}

#[test]
fn the_name_rule_refuses_empty_names() {
    assert_eq!(names("api/utils.rs", "").len(), 1);
    assert_eq!(names("commands/common/mod.rs", "").len(), 1);
    assert_eq!(lines(&names("api/mod.rs", "\nmod helpers {}\n")), [2]);
    assert_eq!(names("api/mod.rs", "// utils\nmod page;\n"), []);
}

#[test]
fn the_environment_rule_sees_every_form() {
    for text in [
        "fn f() { std::env::var(\"A\"); }",
        "use std::env;\nfn f() { env::vars_os(); }",
        "use std::env::var_os;",
        "use std::{fs, env::{current_dir, vars}};",
    ] {
        assert_eq!(environment("context/git.rs", text).len(), 1, "{text}");
        assert_eq!(environment("env.rs", text), []);
    }
    let own = "use crate::env;\nfn f() { env::var(); std::env::current_dir(); env!(\"A\"); }";
    assert_eq!(environment("context/git.rs", own), []);
}

#[test]
fn the_printing_rule_sees_every_form() {
    for text in [
        "fn f() { println!(\"a\"); }",
        "fn f() { eprint!(\"a\"); }",
        "use std::io::{self, stderr};",
        "fn f() { io::stdout().lock(); }",
        "fn f() { tokio::io::stdout(); }",
    ] {
        assert_eq!(printing("api/page.rs", text).len(), 1, "{text}");
        assert_eq!(printing("term/writer.rs", text), []);
    }
    let harmless = "fn f() { c.stdout(Stdio::piped()); pprintln!(); let s = \"println!\"; }";
    assert_eq!(printing("api/page.rs", harmless), []);
}

#[test]
fn the_rule_on_unfinished_work_sees_every_form() {
    let text = "fn f() { todo!() }\n#[ignore]\n#[ignore = \"slow\"]\nfn g() { unimplemented!() }";
    let mut found = lines(&unfinished("a.rs", text));
    found.sort_unstable();
    assert_eq!(found, [1, 2, 3, 4]);
    assert_eq!(
        unfinished(
            "a.rs",
            "fn ignore() { let a = \"#[ignore] todo!\"; ignore(); }"
        ),
        []
    );
}

#[test]
fn the_rule_on_machine_paths_can_fail() {
    let root = format!("let a = \"/{}/x\";", "root");
    assert_eq!(lines(&machine_paths("a.rs", &root)), [1]);
    let here = format!("// see {}/notes", env!("CARGO_MANIFEST_DIR"));
    assert_eq!(lines(&machine_paths("a.rs", &here)), [1]);
    let url = "https://example.com/Users/x, a/work/b, /repos/o/r";
    assert_eq!(machine_paths("a.rs", url), []);
}
