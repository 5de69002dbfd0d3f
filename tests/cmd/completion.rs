//! Completion in real shells, from the values that earlier commands cached.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::cli::{Machine, binary};
use crate::support::pty::Terminal;
use crate::support::skipped;
use crate::world::World;

/// Names that would run a command if a shell did not treat them as plain text.
const HOSTILE: [&str; 4] = [
    "x$(touch pwned)",
    "x;touch pwned",
    "x' \"`touch pwned`",
    "x y&z",
];

/// A world and a machine in its repository, on whose `PATH` the shells find the
/// binary.
fn world() -> (World, Machine) {
    let world = World::new();
    let machine = Machine::with_server(&world.proxy.url())
        .at(world.repository.path())
        .link("deployctl", binary());
    (world, machine)
}

/// The binary's output for a completion script.
fn asked(machine: &Machine, line: &str) -> Vec<String> {
    let machine_words = ["--"].into_iter().chain(line.split(' '));
    let mut command = Command::new(binary());
    command
        .args(machine_words)
        .env_clear()
        .envs(machine.environment())
        .env("DEPLOYCTL_COMPLETE", "fish")
        .current_dir(machine.cwd());
    // A busy machine may return nothing in time, so this tries again.
    for _ in 0..10 {
        let output = command.output().expect("the binary runs");
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        if !output.stdout.is_empty() {
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            return text.lines().map(str::to_owned).collect();
        }
    }
    Vec::new()
}

/// The candidates without their descriptions.
fn offered(machine: &Machine, line: &str) -> Vec<String> {
    asked(machine, line)
        .iter()
        .map(|line| line.split('\t').next().unwrap_or_default().to_owned())
        .collect()
}

fn shell_is_missing(shell: &str) -> bool {
    let missing = Command::new(shell).arg("--version").output().is_err();
    if missing {
        skipped(shell);
    }
    missing
}

/// Presses Tab until the screen shows a text. A busy machine may not get the
/// candidates in time.
fn tab_until(terminal: &mut Terminal, text: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        terminal.press("\t");
        let next = Instant::now() + Duration::from_secs(3);
        while Instant::now() < next {
            let screen = terminal.screen();
            if screen.contains(text) {
                return screen;
            }
            thread::sleep(Duration::from_millis(10));
        }
        assert!(
            Instant::now() < deadline,
            "{text:?} is not completed:\n{}",
            terminal.screen()
        );
    }
}

fn seen_files(machine: &Machine) -> Vec<PathBuf> {
    let mut folders = vec![machine.home().join("cache/deployctl")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn commands_leave_what_is_completed_and_no_request_is_made_for_it() {
    let (world, machine) = world();
    let run = |line: &str| drop(machine.run(line.split(' ')).expect(0));
    assert!(asked(&machine, "deployctl list -e ").is_empty());
    run("create --ref main -e staging --no-required-contexts");
    run("create --ref topic -e preview/pr-7 --transient --no-required-contexts");
    run("env create qa");
    let ids = offered(&machine, "deployctl wait 44");
    run(&format!("status set {} success", ids[1]));
    run("list");
    world.proxy.forget();

    let environments = asked(&machine, "deployctl list -e ");
    assert_eq!(environments[0], "qa");
    assert!(
        environments
            .iter()
            .any(|one| one.starts_with("staging\tmain, active, ")),
        "{environments:?}"
    );
    assert_eq!(offered(&machine, "deployctl list -e pre"), ["preview/pr-7"]);
    assert_eq!(
        offered(&machine, "deployctl list --environment=st"),
        ["--environment=staging"]
    );
    let deployments = asked(&machine, "deployctl status 44");
    for (shown, said) in deployments.iter().zip([
        format!("{}\tpreview/pr-7, topic, pending, ", ids[0]),
        format!("{}\tstaging, main, active, ", ids[1]),
    ]) {
        assert!(shown.starts_with(&said), "{shown} {said}");
    }
    // A value that is already on the line is not offered again.
    assert_eq!(
        offered(&machine, &format!("deployctl delete {} 44", ids[0])),
        [ids[1].as_str()]
    );
    assert_eq!(offered(&machine, "deployctl create --ref to"), ["topic"]);
    assert_eq!(offered(&machine, "deployctl create --ref v"), ["v1.0.0"]);
    assert_eq!(
        offered(&machine, "deployctl list -R octo"),
        ["octocat/hello-world"]
    );
    assert!(
        offered(&machine, "deployctl list -R octocat/other -e ").is_empty(),
        "another repository has environments of its own"
    );
    assert!(world.proxy.requests().is_empty(), "no request is made");

    run(&format!("delete {} --yes", ids[0]));
    assert_eq!(offered(&machine, "deployctl status 44"), [ids[1].as_str()]);
}

#[test]
fn checks_that_are_not_green_are_offered_to_the_next_try() {
    let (world, machine) = world();
    let sha = world.repository.sha("topic");
    let path = format!("/statuses/{sha}");
    world.post(&path, &json!({"state": "pending", "context": "ci/build"}));
    drop(machine.run(["create", "--ref", "topic"]).expect(6));
    assert_eq!(
        offered(&machine, "deployctl create --required-context "),
        ["ci/build"]
    );
}

#[test]
fn files_and_programs_are_offered_where_they_are_taken() {
    let (_world, machine) = world();
    lay_files(&machine);
    assert_eq!(offered(&machine, "deployctl run -- ./dep"), ["./deploy.sh"]);
    // A script is not found by its bare name, but a program on the `PATH` is.
    assert!(offered(&machine, "deployctl run -- deploy.s").is_empty());
    assert_eq!(offered(&machine, "deployctl run -- deployc"), ["deployctl"]);
    let first = offered(&machine, "deployctl run -- ");
    assert!(first.contains(&"./deploy.sh".to_owned()), "{first:?}");
    assert!(!first.contains(&"./key.json".to_owned()), "{first:?}");
    assert_eq!(
        offered(&machine, "deployctl run -- ./deploy.sh --json key"),
        ["key.json"]
    );
    let files = offered(&machine, "deployctl env apply ");
    assert!(files.contains(&"key.json".to_owned()), "{files:?}");
    assert!(!files.contains(&".".to_owned()), "{files:?}");
    assert_eq!(offered(&machine, "deployctl man --dir "), ["sub dir/"]);
    assert_eq!(
        offered(&machine, "deployctl sandbox serve --repo a/b="),
        ["a/b=sub dir/"]
    );
    assert_eq!(
        offered(&machine, "deployctl deactivate --apply ~/my"),
        ["~/my plan.json"]
    );
    // If the shell does not expand `~`, such a path would not exist.
    for line in ["--apply=~/my", "--apply \"~/my", r"--apply \~/my"] {
        let line = format!("deployctl deactivate {line}");
        assert!(offered(&machine, &line).is_empty(), "{line}");
    }
}

#[cfg(feature = "agent")]
#[test]
fn what_is_kept_to_be_sent_is_dropped_by_its_own_number() {
    use deployctl::api::NewStatus;
    use deployctl::internals::{ApiRoot, DeploymentRef, Outbox};
    use deployctl::model::{DeploymentId, StatusState};

    let (_world, machine) = world();
    let made = machine
        .run(["create", "--ref", "main", "-e", "staging"])
        .expect(0);
    assert!(offered(&machine, "deployctl flush --drop ").is_empty());
    let id: u64 = made.stdout().trim().parse().expect("an id");
    let path = machine.home().join("state/deployctl/outbox.db");
    let outbox = Outbox::open(&path).expect("an outbox");
    let deployment = DeploymentRef::new(
        ApiRoot::sandbox(),
        "octocat/hello-world".parse().expect("a name"),
        DeploymentId(id),
    );
    let status = NewStatus::new(StatusState::Success);
    outbox.store(&deployment, &status, None).expect("kept");
    outbox.store(&deployment, &status, None).expect("kept");
    drop(outbox);
    let help = format!("success of {id}, octocat/hello-world");
    assert_eq!(
        asked(&machine, "deployctl flush --drop "),
        [format!("1\t{help}"), format!("2\t{help}")]
    );
    assert_eq!(offered(&machine, "deployctl flush --drop 1 "), ["2"]);
    assert!(offered(&machine, "deployctl flush -c a.toml --drop ").is_empty());
}

#[test]
fn what_is_kept_holds_no_token_and_is_for_the_user_alone() {
    let (world, machine) = world();
    let token = "a-token-of-the-tests";
    drop(
        machine
            .run(["create", "--ref", "main", "-e", "staging"])
            .expect(0),
    );
    let files = seen_files(&machine);
    assert_eq!(files.len(), 1, "{files:?}");
    let text = fs::read_to_string(&files[0]).expect("read");
    assert!(text.contains("staging") && !text.contains(token), "{text}");
    let mode = fs::metadata(&files[0]).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // In CI nobody uses completion.
    let ci = Machine::with_server(world.server.url()).env("CI", "true");
    drop(ci.run(["list"]).expect(0));
    assert!(seen_files(&ci).is_empty());
}

#[test]
fn whatever_is_wrong_completion_is_quiet() {
    let (_world, machine) = world();
    drop(
        machine
            .run(["create", "--ref", "main", "-e", "staging"])
            .expect(0),
    );
    for file in seen_files(&machine) {
        fs::write(file, "garbage").expect("written");
    }
    assert!(asked(&machine, "deployctl list -e ").is_empty());
    let lost = Machine::new()
        .without("HOME")
        .without("XDG_CACHE_HOME")
        .env("DEPLOYCTL_API_URL", "nonsense");
    assert!(asked(&lost, "deployctl list -e ").is_empty());
    // A leftover variable does not affect other commands.
    let left = Machine::new().env("DEPLOYCTL_COMPLETE", "bash");
    let version = left.run(["--version"]).expect(0);
    assert!(version.stdout().starts_with("deployctl "));
}

#[test]
fn the_sandbox_is_completed_without_a_server() {
    let (_world, machine) = world();
    let machine = machine.without("DEPLOYCTL_API_URL");
    drop(
        machine
            .run(["--sandbox", "create", "--ref", "main", "-e", "staging"])
            .expect(0),
    );
    assert_eq!(
        offered(&machine, "deployctl --sandbox list -e "),
        ["staging"]
    );
    assert!(
        offered(&machine, "deployctl list -e ").is_empty(),
        "github.com is another server"
    );
}

#[test]
fn a_slip_is_pointed_out_without_a_request_for_it() {
    let (world, machine) = world();
    drop(
        machine
            .run(["create", "--ref", "main", "-e", "staging"])
            .expect(0),
    );
    world.proxy.forget();
    let listed = machine.run(["list", "-e", "stagign"]).expect(0);
    let hint = "hint: did you mean the environment \"staging\"?";
    assert!(listed.stderr().contains(hint), "{}", listed.stderr());
    let plain = world.proxy.requests().len();
    world.proxy.forget();
    drop(machine.run(["list", "-e", "other"]).expect(0));
    assert_eq!(plain, world.proxy.requests().len());
    for (line, code) in [
        ("status -e stagign", 3),
        ("wait -e stagign --appear-timeout 0", 3),
        ("deactivate -e stagign --yes", 3),
        ("delete -e stagign --dry-run", 3),
        ("env view stagign", 3),
    ] {
        let outcome = machine.run(line.split(' ')).expect(code);
        assert!(
            outcome.stderr().contains(hint),
            "{line}: {}",
            outcome.stderr()
        );
    }
}

#[test]
fn a_slip_of_a_state_a_field_or_an_option_is_pointed_out() {
    let machine = Machine::new();
    for (line, said) in [
        ("list --state actve", "did you mean \"active\"?"),
        ("status set 1 sucess", "'success'"),
        (
            "--sandbox list --json=id,enviroment",
            "did you mean \\\"environment\\\"?",
        ),
        ("list --enviroment x", "'--environment'"),
        ("lsit", "'list'"),
        ("help lsit", "'deployctl help list'"),
    ] {
        let outcome = machine.run(line.split(' ')).expect(2);
        assert!(
            outcome.stderr().contains(said),
            "{line}: {}",
            outcome.stderr()
        );
    }
}

/// Creates the deployments that the shells complete.
fn prepare(machine: &Machine) -> Vec<String> {
    let mut ids = Vec::new();
    for (ref_name, environment) in [("main", "staging"), ("topic", "preview/pr-7")] {
        let made = machine
            .run(["create", "--ref", ref_name, "-e", environment])
            .expect(0);
        ids.push(made.stdout().trim().to_owned());
    }
    for name in HOSTILE {
        drop(
            machine
                .run(["create", "--ref", "main", "-e", name])
                .expect(0),
        );
    }
    ids
}

/// Creates files in the working directory and at home for the completion of
/// file names.
fn lay_files(machine: &Machine) {
    machine.file("key.json", "{}");
    machine.file("deploy.sh", "");
    let script = machine.cwd().join("deploy.sh");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).expect("to be run");
    fs::create_dir_all(machine.cwd().join("sub dir/inner")).expect("a folder");
    fs::write(machine.home().join("my plan.json"), "").expect("written");
}

fn was_not_run(folder: &Path) -> bool {
    !folder.join("pwned").exists()
}

#[test]
fn bash_completes() {
    if shell_is_missing("bash") {
        return;
    }
    let (_world, machine) = world();
    let ids = prepare(&machine);
    lay_files(&machine);
    let machine = machine.env("PS1", "$ ").env("INPUTRC", "none");
    let mut terminal =
        Terminal::start_program(&machine, 40, 120, "bash", ["--norc", "--noprofile", "-i"]);
    terminal.press("source <(deployctl completions bash)\r");
    terminal.press("deployctl list -e sta");
    tab_until(&mut terminal, "list -e staging ");
    terminal.press("--json=id,envi");
    tab_until(&mut terminal, "--json=id,environment");
    // Before it lists the candidates, bash completes their common prefix and
    // rings.
    terminal.press("\u{15}deployctl status 44\t\t");
    tab_until(&mut terminal, "(preview/pr-7, topic, pending, ");
    for id in &ids {
        terminal.wait_for(id);
    }
    terminal.press("\u{15}deployctl list --environment=prev");
    tab_until(&mut terminal, "--environment=preview/pr-7");
    // A hostile name is completed so that it runs nothing.
    terminal.press("\u{15}deployctl list --json=id -e x\\$");
    tab_until(&mut terminal, r"x\$\(touch\ pwned\)");
    terminal.press("\r");
    terminal.wait_for("\"id\": 44");
    terminal.press("deployctl list --json=environment -e \"x\\$");
    tab_until(&mut terminal, r#""x\$(touch pwned)""#);
    terminal.press("\r");
    terminal.wait_for("\"environment\": \"x$(touch pwned)\"");
    // bash splits words at `@`, and leaves a quote open after a folder.
    for (typed, completed) in [
        ("create --payload @key", "create --payload @key.json "),
        ("create --payload=@key", "create --payload=@key.json "),
        ("agent check -c \"sub d", "check -c \"sub dir/"),
        ("agent check -c 'sub dir/in", "check -c 'sub dir/inner/"),
        ("agent check -c \"sub dir/\"", r"check -c sub\ dir/inner/"),
        ("deactivate --apply ~/my", r"--apply ~/my\ plan.json "),
        ("list --transient=f", "list --transient=false "),
        ("run -- ./dep", "run -- ./deploy.sh "),
    ] {
        terminal.press(&format!("\u{15}deployctl {typed}"));
        tab_until(&mut terminal, completed);
    }
    assert!(was_not_run(machine.cwd()));
    terminal.press("\u{15}exit\r");
    drop(terminal.finish());
}

#[test]
fn zsh_completes() {
    if shell_is_missing("zsh") {
        return;
    }
    let (_world, machine) = world();
    let ids = prepare(&machine);
    lay_files(&machine);
    let machine = machine.env("PROMPT", "$ ");
    let mut terminal = Terminal::start_program(&machine, 40, 120, "zsh", ["-f", "-i"]);
    terminal.press("autoload -U compinit && compinit -u -D && bindkey -e && setopt nobeep\r");
    terminal.press("source <(deployctl completions zsh)\r");
    terminal.press("deployctl list -e sta");
    tab_until(&mut terminal, "list -e staging");
    terminal.press("\u{15}deployctl list --json=id,envi");
    tab_until(&mut terminal, "--json=id,environment");
    // The first Tab completes the common prefix.
    terminal.press("\u{15}deployctl status 44\t");
    tab_until(&mut terminal, "-- preview/pr-7, topic, pending, ");
    for id in &ids {
        terminal.wait_for(id);
    }
    terminal.press("\u{15}deployctl list --json=id -e 'x$");
    tab_until(&mut terminal, "'x$(touch pwned)'");
    terminal.press("\r");
    terminal.wait_for("\"id\": 44");
    for (typed, completed) in [
        ("create --payload @key", "create --payload @key.json"),
        ("agent check -c \"sub d", "check -c \"sub dir/"),
        ("deactivate --apply ~/my", r"--apply ~/my\ plan.json"),
        ("run -- ./dep", "run -- ./deploy.sh"),
    ] {
        terminal.press(&format!("\u{15}deployctl {typed}"));
        tab_until(&mut terminal, completed);
    }
    assert!(was_not_run(machine.cwd()));
    terminal.press("\u{15}exit\r");
    drop(terminal.finish());
}

#[test]
fn fish_completes() {
    if shell_is_missing("fish") {
        return;
    }
    let (_world, machine) = world();
    let ids = prepare(&machine);
    lay_files(&machine);
    let completed = |line: &str| {
        let script = format!("deployctl completions fish | source; complete -C '{line}'");
        for _ in 0..10 {
            let output = Command::new("fish")
                .args(["--no-config", "-c", &script])
                .env_clear()
                .envs(machine.environment())
                .current_dir(machine.cwd())
                .output()
                .expect("fish runs");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            if !text.is_empty() {
                return text;
            }
        }
        String::new()
    };
    assert!(completed("deployctl list -e sta").starts_with("staging\tmain, pending, "));
    assert_eq!(completed("deployctl create --ref to"), "topic\n");
    assert_eq!(
        completed("deployctl list --json=id,envi"),
        "--json=id,environment\n"
    );
    let statuses = completed("deployctl status 44");
    assert!(
        statuses.contains(&format!("{}\tpreview/pr-7, topic, pending, ", ids[1])),
        "{statuses}"
    );
    assert_eq!(completed("deployctl create --payload @key"), "@key.json\n");
    assert_eq!(
        completed("deployctl deactivate --apply ~/my"),
        "~/my plan.json\n"
    );
    assert_eq!(completed("deployctl run -- ./dep"), "./deploy.sh\n");
    // fish itself quotes the inserted text; the candidate is the bare name.
    assert!(completed("deployctl list -e x\\$").starts_with("x$(touch pwned)\t"));
    assert!(was_not_run(machine.cwd()));
}

#[test]
fn elvish_completes() {
    if shell_is_missing("elvish") {
        return;
    }
    let (_world, machine) = world();
    let ids = prepare(&machine);
    let mut terminal = Terminal::start_program(&machine, 40, 120, "elvish", ["-norc"]);
    terminal.press("eval (deployctl completions elvish | slurp)\r");
    terminal.press("deployctl list -e sta");
    tab_until(&mut terminal, "list -e staging ");
    // A hostile name is quoted.
    terminal.press("\u{15}deployctl list --json=environment -e 'x$'");
    tab_until(&mut terminal, "-e 'x$(touch pwned)' ");
    // Take the candidate, and run the command.
    terminal.press("\r\r");
    terminal.wait_for("\"environment\": \"x$(touch pwned)\"");
    assert!(was_not_run(machine.cwd()));
    // Elvish first completes what the candidates have in common.
    terminal.press("deployctl status 44\t");
    let screen = tab_until(&mut terminal, "(preview/pr-7, topic, pending, ");
    for id in &ids {
        assert!(screen.contains(id), "{id}:\n{screen}");
    }
    terminal.press("\r\r");
    terminal.press("exit\r");
    drop(terminal.finish());
}

#[test]
fn nushell_completes() {
    if shell_is_missing("nu") {
        return;
    }
    let (_world, machine) = world();
    let ids = prepare(&machine);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let nu = |script: &str, line: &str| {
        let script = folder.join(script);
        let line = format!("source '{}'; {line}", script.display());
        machine
            .program("nu", ["--no-config-file", "-c", &line])
            .finish()
            .expect(0)
    };
    // Nushell passes words as they are typed, with their quotes.
    let completed = |words: &str| -> serde_json::Value {
        let line = format!("nu-complete deployctl [{words}] | to json --raw");
        for _ in 0..10 {
            let found = nu("deployctl.nu", &line).json();
            if found != json!([]) {
                return found;
            }
        }
        json!([])
    };
    assert_eq!(completed("deployctl list -e sta")[0]["value"], "staging");
    let statuses = completed("deployctl status 44");
    assert!(statuses.to_string().contains(&ids[1]), "{statuses}");
    let hostile = completed(r#"deployctl list -e "\"x$""#);
    assert_eq!(hostile[0]["value"], "\"x$(touch pwned)\"");
    let fields = completed(r#"deployctl list -e "\"x y&z\"" "--json=id,st""#);
    assert_eq!(fields[0]["value"], "--json=id,state");
    for script in ["deployctl.nu", "static/deployctl.nu"] {
        let list = nu(
            script,
            "deployctl list --json=id --limit 1 --transient=false",
        );
        assert_eq!(list.json().as_array().map(Vec::len), Some(1), "{script}");
    }
    assert!(was_not_run(machine.cwd()));
}

/// The static scripts, which only know commands and options, work without the
/// binary.
#[test]
fn static_scripts_complete_without_the_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/static");
    if !shell_is_missing("bash") {
        let script = format!(
            "source '{}'; COMP_WORDS=(deployctl crea); COMP_CWORD=1; \
             _deployctl deployctl crea deployctl; echo \"${{COMPREPLY[@]}}\"",
            folder.join("deployctl.bash").display()
        );
        let output = Command::new("bash")
            .args(["--norc", "-c", &script])
            .output();
        let output = output.expect("bash runs");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "create");
    }
    if !shell_is_missing("fish") {
        let script = format!(
            "source '{}'; complete -C 'deployctl crea'",
            folder.join("deployctl.fish").display()
        );
        let output = Command::new("fish")
            .args(["--no-config", "-c", &script])
            .output();
        let output = output.expect("fish runs");
        assert!(String::from_utf8_lossy(&output.stdout).starts_with("create\t"));
    }
}
