//! `auth login`, `status`, `token` and `logout`, and where commands get their
//! token.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::bus::{Keyring, SilentBus};
use crate::support::cli::{Machine, Outcome};
use crate::support::proxy::{Answer, Fault};
use crate::support::pty::Terminal;
use crate::support::serve::rule;
use crate::world::World;

/// A token with all rights on the sandbox; its user is `sandbox`.
const TOKEN: &str = "ghp_0123456789abcdefSESAME";

/// A command ends within this time if the keyring can't be reached.
const DEADLINE: Duration = Duration::from_secs(3);

/// A machine that uses the world's server and has no token.
fn machine(world: &World) -> Machine {
    Machine::with_server(&world.proxy.url())
        .without("DEPLOYCTL_TOKEN")
        .env("DEPLOYCTL_NO_GH", "1")
}

fn login(machine: &Machine, token: &str, more: &[&str]) -> Outcome {
    let args = ["auth", "login", "--with-token"].iter().chain(more);
    machine.command(args).stdin(token).finish()
}

fn log_in(machine: &Machine, token: &str) {
    drop(login(machine, token, &["--insecure-storage"]).expect(0));
}

/// The name under which tokens of the world's server are stored.
fn site(world: &World) -> String {
    world.proxy.url().trim_start_matches("http://").to_owned()
}

fn stored(machine: &Machine) -> Option<String> {
    fs::read_to_string(machine.home().join("state/deployctl/tokens.json")).ok()
}

fn logins(machine: &Machine) -> Option<Value> {
    let text = fs::read_to_string(machine.home().join("config/deployctl/hosts.json")).ok()?;
    Some(serde_json::from_str(&text).expect("JSON"))
}

/// Writes a login whose token is in the keyring.
fn note_login(machine: &Machine, host: &str, user: &str) {
    let folder = machine.home().join("config/deployctl");
    fs::create_dir_all(&folder).expect("a folder");
    let mut logins = json!({"hosts": {}});
    logins["hosts"][host] = json!({
        "active": user,
        "users": {},
    });
    logins["hosts"][host]["users"][user] = json!({"storage": "keyring", "kind": "classic"});
    fs::write(folder.join("hosts.json"), logins.to_string()).expect("written");
}

fn authorizations(world: &World) -> Vec<Option<String>> {
    let requests = world.proxy.requests();
    requests
        .iter()
        .map(|request| request.header("authorization").map(str::to_owned))
        .collect()
}

#[test]
fn a_token_from_standard_input_is_checked_stored_used_and_removed() {
    let world = World::with(|config| config.tokens.push(rule("ci-token=repo_deployment")));
    let machine = machine(&world);
    let outcome = login(&machine, "  ci-token\n", &["--insecure-storage", "--json"]).expect(0);
    assert_eq!(
        outcome.json(),
        json!({
            "host": site(&world), "user": "ci-token", "storage": "file",
            "token_type": "unknown", "scopes": ["repo_deployment"], "expires_at": null,
        })
    );
    assert!(
        outcome.stderr().contains("unencrypted"),
        "{}",
        outcome.stderr()
    );
    assert_eq!(authorizations(&world), [Some("Bearer ci-token".to_owned())]);

    world.proxy.forget();
    drop(machine.run(["list"]).expect(0));
    assert!(
        authorizations(&world)
            .iter()
            .all(|sent| sent.as_deref() == Some("Bearer ci-token"))
    );

    let token = machine.run(["auth", "token"]).expect(0);
    assert_eq!((token.stdout(), token.stderr()), ("ci-token\n", ""));

    let out = machine.run(["auth", "logout"]).expect(0);
    assert!(out.stdout().contains("ci-token"), "{}", out.stdout());
    assert!(out.stderr().contains("not revoked"), "{}", out.stderr());
    assert!(
        out.stderr().contains("/settings/tokens"),
        "{}",
        out.stderr()
    );
    assert!(!stored(&machine).expect("a file").contains("ci-token"));
    assert_eq!(logins(&machine), Some(json!({"hosts": {}})));
    drop(machine.run(["auth", "logout"]).expect(3));
    drop(machine.run(["auth", "token"]).expect(4));
    let list = machine.run(["list"]).expect(4);
    assert!(
        list.stderr().contains("deployctl auth login"),
        "{}",
        list.stderr()
    );
}

#[test]
fn a_token_in_the_real_keyring_serves_until_it_is_removed() {
    let world = World::new();
    let machine = machine(&world);
    let Some(keyring) = Keyring::start() else {
        // The keyring programs are not installed here, so the error must say
        // what to do instead.
        let outcome = login(&machine, TOKEN, &[]).expect(1);
        assert!(
            outcome.stderr().contains("--insecure-storage"),
            "{}",
            outcome.stderr()
        );
        return;
    };
    let machine = machine.env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
    let service = format!("deployctl:{}", site(&world));
    let outcome = login(&machine, TOKEN, &["--json"]).expect(0);
    assert_eq!(outcome.json()["storage"], "keyring");
    assert_eq!(keyring.secret(&service, "sandbox").as_deref(), Some(TOKEN));
    assert_eq!(stored(&machine), None, "nothing is written to a file");
    assert!(
        !logins(&machine)
            .expect("a list")
            .to_string()
            .contains("SESAME")
    );

    world.proxy.forget();
    drop(machine.run(["list"]).expect(0));
    let expected = Some(format!("Bearer {TOKEN}"));
    assert!(authorizations(&world).iter().all(|sent| *sent == expected));

    let status = machine.run(["auth", "status", "--json"]).expect(0).json();
    assert_eq!(status[0]["source"], "keyring");
    assert_eq!(status[0]["state"], "valid");

    drop(machine.run(["auth", "logout"]).expect(0));
    assert_eq!(keyring.secret(&service, "sandbox"), None);

    // If another program deletes the token, the login is no longer valid.
    drop(login(&machine, TOKEN, &[]).expect(0));
    keyring.clear(&service, "sandbox");
    drop(machine.run(["list"]).expect(4));
    let status = machine.run(["auth", "status", "--json"]).expect(4).json();
    assert_eq!(status[0]["state"], "gone");
    let out = machine.run(["auth", "logout"]).expect(0);
    assert!(
        out.stderr().contains("was no longer in the"),
        "{}",
        out.stderr()
    );

    // A token that moves from the keyring to a file is stored only there.
    drop(login(&machine, TOKEN, &[]).expect(0));
    drop(login(&machine, TOKEN, &["--insecure-storage"]).expect(0));
    assert_eq!(keyring.secret(&service, "sandbox"), None);
    assert!(stored(&machine).expect("a file").contains(TOKEN));
}

#[test]
fn without_a_keyring_it_says_what_to_do_before_anything_is_sent() {
    let world = World::new();
    let machine = machine(&world);
    let outcome = login(&machine, TOKEN, &[]).expect(1);
    assert!(outcome.elapsed < DEADLINE, "{:?}", outcome.elapsed);
    for word in ["no keyring can be reached", "--insecure-storage"] {
        assert!(outcome.stderr().contains(word), "{}", outcome.stderr());
    }
    assert_eq!(world.proxy.requests().len(), 0);
    assert_eq!(logins(&machine), None);

    note_login(&machine, &site(&world), "mona");
    let list = machine.run(["list"]).expect(4);
    assert!(list.elapsed < DEADLINE, "{:?}", list.elapsed);
    for word in ["mona", "no keyring can be reached", "DEPLOYCTL_TOKEN"] {
        assert!(list.stderr().contains(word), "{}", list.stderr());
    }
    let status = machine.run(["auth", "status", "--json"]).expect(4);
    assert_eq!(status.json()[0]["state"], "unreadable");
    assert_eq!(world.proxy.requests().len(), 0);
}

#[test]
fn a_bus_that_says_nothing_holds_no_command_for_three_seconds() {
    let world = World::new();
    let bus = SilentBus::start();
    let machine = machine(&world).env("DBUS_SESSION_BUS_ADDRESS", bus.address());
    let outcome = login(&machine, TOKEN, &[]).expect(1);
    assert!(outcome.elapsed < DEADLINE, "{:?}", outcome.elapsed);
    for word in [
        "did not answer within 2.0 s",
        "unlock",
        "--insecure-storage",
    ] {
        assert!(outcome.stderr().contains(word), "{}", outcome.stderr());
    }
    note_login(&machine, &site(&world), "mona");
    for (line, code) in [
        ("list", 4),
        ("auth token", 4),
        ("auth status", 4),
        ("auth logout", 1),
    ] {
        let outcome = machine.run(line.split(' ')).expect(code);
        assert!(outcome.elapsed < DEADLINE, "{line}: {:?}", outcome.elapsed);
    }
    assert!(
        logins(&machine)
            .expect("a list")
            .to_string()
            .contains("mona"),
        "the login is still listed"
    );
    assert!(
        bus.connections() >= 5,
        "the keyring was tried: {}",
        bus.connections()
    );
    assert_eq!(world.proxy.requests().len(), 0);
}

#[test]
fn a_token_in_the_environment_keeps_the_keyring_out_of_it() {
    let world = World::new();
    let bus = SilentBus::start();
    let machine = machine(&world)
        .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
        .env("DEPLOYCTL_TOKEN", TOKEN);
    note_login(&machine, &site(&world), "mona");
    drop(machine.run(["list"]).expect(0));
    drop(machine.run(["auth", "status"]).expect(0));
    drop(machine.run(["auth", "token"]).expect(0));
    assert_eq!(bus.connections(), 0);
}

#[test]
fn a_token_that_the_server_refuses_is_not_stored() {
    let world = World::with(|config| config.tokens.push(rule("old=revoked")));
    let machine = machine(&world);
    let outcome = login(&machine, "old", &["--insecure-storage"]).expect(4);
    assert!(
        outcome.stderr().contains("nothing was stored"),
        "{}",
        outcome.stderr()
    );
    assert_eq!((stored(&machine), logins(&machine)), (None, None));

    world.proxy.fault(
        "GET",
        "/user",
        1..,
        Fault::Answer(Answer::html(500, "<html></html>")),
    );
    drop(login(&machine, TOKEN, &["--insecure-storage"]).expect(75));
    assert_eq!((stored(&machine), logins(&machine)), (None, None));
}

#[test]
fn what_is_no_token_is_refused_and_not_repeated() {
    let world = World::new();
    let machine = machine(&world);
    for text in ["", "\n", "two SESAME-words", "SESAME\nSESAME", "SESAME-é"] {
        let outcome = login(&machine, text, &["--insecure-storage"]).expect(2);
        assert!(!outcome.stderr().contains("SESAME"), "{}", outcome.stderr());
    }
    assert_eq!(world.proxy.requests().len(), 0);
}

#[test]
fn a_token_that_may_not_ask_who_it_is_is_taken_too() {
    let forbidden = || {
        Fault::Answer(Answer::json(
            403,
            &json!({"message": "Resource not accessible by integration"}),
        ))
    };
    let world = World::new();
    world.proxy.fault("GET", "/user", 1.., forbidden());
    let machine = machine(&world);
    let outcome = login(&machine, TOKEN, &["--insecure-storage", "--json"]).expect(0);
    assert_eq!(outcome.json()["user"], Value::Null);
    assert_eq!(outcome.json()["token_type"], "classic");
    drop(machine.run(["list"]).expect(0));
    drop(machine.run(["auth", "logout"]).expect(0));

    // A server without rate limits has no `/rate_limit`.
    world.proxy.fault(
        "GET",
        "/rate_limit",
        1..,
        Fault::Answer(Answer::json(404, &json!({}))),
    );
    world.proxy.forget();
    drop(login(&machine, TOKEN, &["--insecure-storage"]).expect(0));
    let paths: Vec<String> = world
        .proxy
        .requests()
        .iter()
        .map(|r| r.target.clone())
        .collect();
    assert_eq!(paths, ["/user", "/rate_limit", "/meta"]);
}

#[test]
fn scopes_and_end_of_a_token_are_warned_of() {
    let world = World::with(|config| {
        for text in [
            "weak=gist",
            "wide=repo,admin:org,delete_repo",
            "fine=deployments:write",
        ] {
            config.tokens.push(rule(text));
        }
    });
    let machine = machine(&world);
    for (token, words) in [
        ("weak", &["repo_deployment", "it has gist"][..]),
        ("wide", &["far more than deploy", "admin:org, delete_repo"]),
        ("fine", &[]),
    ] {
        let outcome = login(&machine, token, &["--insecure-storage"]).expect(0);
        for word in words {
            assert!(
                outcome.stderr().contains(word),
                "{token}: {}",
                outcome.stderr()
            );
        }
        let warnings = outcome.stderr().matches("warning:").count();
        assert_eq!(
            warnings,
            1 + usize::from(!words.is_empty()),
            "{}",
            outcome.stderr()
        );
    }
    let ended = Answer::json(200, &json!({"login": "mona"}))
        .header("x-oauth-scopes", "repo")
        .header(
            "github-authentication-token-expiration",
            "2020-01-01 00:00:00 UTC",
        );
    world.proxy.fault("GET", "/user", 1.., Fault::Answer(ended));
    let outcome = login(&machine, TOKEN, &["--insecure-storage", "--json"]).expect(0);
    assert_eq!(outcome.json()["expires_at"], "2020-01-01T00:00:00Z");
    assert!(
        outcome.stderr().contains("expired at 2020"),
        "{}",
        outcome.stderr()
    );
}

#[test]
fn status_says_which_source_wins_and_what_it_shadows() {
    let world = World::with(|config| config.tokens.push(rule("ci=repo_deployment")));
    let machine = machine(&world);
    drop(machine.run(["auth", "status"]).expect(4));
    log_in(&machine, "ci");
    log_in(&machine, TOKEN);
    let shadowed = machine.env("GH_TOKEN", "of-the-environment");
    let outcome = login(&shadowed, TOKEN, &["--insecure-storage"]).expect(0);
    assert!(
        outcome
            .stderr()
            .contains("GH_TOKEN is set and takes precedence")
    );

    let status = shadowed.run(["auth", "status", "--json"]).expect(0);
    let rows: Vec<_> = status
        .json()
        .as_array()
        .expect("an array")
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
            (
                text("source"),
                text("user"),
                row["in_use"] == true,
                text("shadowed_by"),
                text("state"),
            )
        })
        .collect();
    let row = |source: &str, user: &str, in_use, by: &str, state: &str| {
        (
            source.to_owned(),
            user.to_owned(),
            in_use,
            by.to_owned(),
            state.to_owned(),
        )
    };
    assert_eq!(
        rows,
        [
            row("GH_TOKEN", "sandbox", true, "-", "valid"),
            row("file", "sandbox", false, "GH_TOKEN", "unchecked"),
            row("file", "ci", false, "GH_TOKEN", "unchecked"),
        ]
    );
    let lines = shadowed.run(["auth", "status"]).expect(0);
    assert_eq!(lines.stdout().lines().count(), 3, "{}", lines.stdout());
    assert!(
        lines.stdout().contains("no: GH_TOKEN takes precedence"),
        "{}",
        lines.stdout()
    );

    world.proxy.forget();
    let offline = shadowed
        .run(["auth", "status", "--offline", "--json"])
        .expect(0)
        .json();
    assert_eq!(offline[0]["state"], "unchecked");
    assert_eq!(world.proxy.requests().len(), 0);
}

#[test]
fn status_is_4_for_a_refused_token_and_75_where_nobody_answers() {
    let world = World::with(|config| config.tokens.push(rule("old=revoked")));
    let machine = Machine::with_server(&world.proxy.url()).env("DEPLOYCTL_TOKEN", "old");
    let status = machine.run(["auth", "status", "--json"]).expect(4);
    assert_eq!(status.json()[0]["state"], "refused");
    assert!(
        status.stderr().contains("Bad credentials"),
        "{}",
        status.stderr()
    );
    let away = Machine::with_server("http://127.0.0.1:1");
    let status = away.run(["auth", "status", "--json"]).expect(75);
    assert_eq!(status.json()[0]["state"], "unchecked");
    assert!(
        status.elapsed < Duration::from_secs(20),
        "{:?}",
        status.elapsed
    );
}

#[test]
fn each_address_has_its_own_tokens() {
    let (one, other) = (World::new(), World::new());
    let machine = machine(&one);
    log_in(&machine, TOKEN);
    let elsewhere = machine.env("DEPLOYCTL_API_URL", other.proxy.url());
    drop(elsewhere.run(["list"]).expect(4));
    assert_eq!(other.proxy.requests().len(), 0);
    let status = elsewhere.run(["auth", "status", "--offline"]).expect(0);
    let stdout = status.stdout();
    assert!(
        stdout.starts_with(&site(&one)) && stdout.lines().count() == 1,
        "{stdout}"
    );
    let missing = format!("there is no token for {}", site(&other));
    assert!(status.stderr().contains(&missing), "{}", status.stderr());
    drop(
        elsewhere
            .run(["auth", "status", "--hostname", &site(&other)])
            .expect(4),
    );
    log_in(&elsewhere, "another-token");
    let several = elsewhere.run(["auth", "logout"]).expect(2);
    assert!(
        several.stderr().contains("--hostname"),
        "{}",
        several.stderr()
    );
    drop(
        elsewhere
            .run(["auth", "logout", "--hostname", &site(&one)])
            .expect(0),
    );
    assert_eq!(
        elsewhere.run(["auth", "token"]).expect(0).stdout(),
        "another-token\n"
    );
    drop(
        elsewhere
            .run(["auth", "logout", "--hostname", "git.example.com"])
            .expect(3),
    );
    drop(
        elsewhere
            .run(["auth", "logout", "--user", "nobody"])
            .expect(3),
    );
}

#[test]
fn two_users_of_a_host_are_kept_apart() {
    let world = World::with(|config| {
        config.tokens.push(rule("mona=repo"));
        config.tokens.push(rule("hubot=repo"));
    });
    let machine = machine(&world);
    log_in(&machine, "mona");
    log_in(&machine, "hubot");
    assert_eq!(machine.run(["auth", "token"]).expect(0).stdout(), "hubot\n");
    let several = machine.run(["auth", "logout"]).expect(2);
    assert!(
        several.stderr().contains("hubot, mona"),
        "{}",
        several.stderr()
    );
    let out = machine.run(["auth", "logout", "--user", "hubot"]).expect(0);
    assert!(
        out.stderr().contains("mona is now used"),
        "{}",
        out.stderr()
    );
    assert_eq!(machine.run(["auth", "token"]).expect(0).stdout(), "mona\n");
}

#[test]
fn logins_at_the_same_time_are_all_kept() {
    const USERS: [&str; 6] = ["user-a", "user-b", "user-c", "user-d", "user-e", "user-f"];
    let world = World::with(|config| {
        config
            .tokens
            .extend(USERS.map(|user| rule(&format!("{user}=repo"))));
    });
    let machine = machine(&world);
    let running: Vec<_> = USERS
        .iter()
        .map(|user| {
            machine
                .command(["auth", "login", "--with-token", "--insecure-storage"])
                .stdin(*user)
                .spawn()
        })
        .collect();
    for run in running {
        drop(run.finish().expect(0));
    }
    let logins = logins(&machine).expect("a list");
    let users = logins["hosts"][site(&world)]["users"]
        .as_object()
        .expect("an object")
        .len();
    assert_eq!(users, USERS.len());
    for user in USERS {
        drop(machine.run(["auth", "logout", "--user", user]).expect(0));
    }
}

#[test]
fn a_file_of_tokens_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let machine = machine(&world);
    log_in(&machine, TOKEN);
    let path = machine.home().join("state/deployctl/tokens.json");
    let mode = fs::metadata(&path).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("changed");
    world.proxy.forget();
    let list = machine.run(["list"]).expect(4);
    assert!(list.stderr().contains("chmod 600"), "{}", list.stderr());
    assert_eq!(world.proxy.requests().len(), 0);
}

#[test]
fn gh_is_asked_last_for_the_host_and_given_no_token() {
    let world = World::new();
    let asking = Machine::with_server(&world.proxy.url()).without("DEPLOYCTL_TOKEN");
    let log = asking.tools().join("log");
    let gh = format!(
        "env >> {0}; echo \"ARGS $*\" >> {0}; [ \"$4\" = {1} ] && echo gho_of-gh",
        log.display(),
        site(&world)
    );
    let asking = asking.tool("gh", &gh);
    drop(asking.run(["list"]).expect(0));
    assert!(
        authorizations(&world)
            .iter()
            .all(|sent| sent.as_deref() == Some("Bearer gho_of-gh"))
    );
    let calls = fs::read_to_string(&log).expect("gh was asked");
    let args = format!("ARGS auth token --hostname {}\n", site(&world));
    assert!(calls.contains(&args), "{calls}");
    let status = asking.run(["auth", "status", "--json"]).expect(0).json();
    assert_eq!(status[0]["source"], "gh");
    assert_eq!(status[0]["token_type"], "oauth");

    // gh never gets a token from the environment.
    fs::remove_file(&log).expect("a log");
    let asking = asking
        .env("GH_TOKEN", TOKEN)
        .env("GITHUB_ENTERPRISE_TOKEN", TOKEN);
    drop(asking.run(["auth", "status"]).expect(0));
    let calls = fs::read_to_string(&log).expect("gh was asked");
    assert!(calls.contains("ARGS") && !calls.contains(TOKEN), "{calls}");
    fs::remove_file(&log).expect("a log");
    drop(asking.run(["list"]).expect(0));
    assert!(!log.exists(), "a token in the environment is enough");

    let off = asking
        .without("GH_TOKEN")
        .without("GITHUB_ENTERPRISE_TOKEN")
        .env("DEPLOYCTL_NO_GH", "1");
    drop(off.run(["list"]).expect(4));
    assert!(!log.exists());
}

#[test]
fn a_gh_of_the_working_directory_is_not_run() {
    let world = World::new();
    let machine = Machine::with_server(&world.proxy.url())
        .without("DEPLOYCTL_TOKEN")
        .tool("gh", "echo > ran; echo gho_of-gh");
    let tools = machine.tools();
    drop(machine.run(["list"]).expect(0));
    assert!(machine.cwd().join("ran").exists());
    fs::remove_file(machine.cwd().join("ran")).expect("removed");
    let machine = machine.at(&tools).env("PATH", ".::/usr/bin:/bin");
    drop(machine.run(["list"]).expect(4));
    assert!(!tools.join("ran").exists());
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let world = World::new();
    let machine = machine(&world);
    let outcome = machine.run(["auth", "login"]).expect(2);
    assert!(
        outcome.stderr().contains("--with-token"),
        "{}",
        outcome.stderr()
    );
    let outcome = machine.run(["auth", "login", "--web"]).expect(2);
    for word in ["--client-id", "settings/applications/new", "--with-token"] {
        assert!(outcome.stderr().contains(word), "{}", outcome.stderr());
    }
    assert_eq!(world.proxy.requests().len(), 0);
}

#[test]
fn an_address_that_no_token_may_go_to_is_refused_before_anything_else() {
    let bus = SilentBus::start();
    let machine = Machine::with_server("http://192.0.2.1:9")
        .without("DEPLOYCTL_TOKEN")
        .env("DBUS_SESSION_BUS_ADDRESS", bus.address());
    let outcome = login(&machine, TOKEN, &[]).expect(2);
    assert!(outcome.stderr().contains("https"), "{}", outcome.stderr());
    assert_eq!(bus.connections(), 0);
    let other = Machine::with_server("http://127.0.0.1:1");
    for outcome in [
        login(&other, TOKEN, &["--hostname", "github.com"]),
        other.run(["auth", "token", "--hostname", "github.com"]),
        other.run(["auth", "status", "--hostname", "github.com"]),
    ] {
        let outcome = outcome.expect(2);
        assert!(
            outcome.stderr().contains("DEPLOYCTL_API_URL"),
            "{}",
            outcome.stderr()
        );
        assert_eq!(outcome.stdout(), "");
    }
}

#[test]
fn the_sandbox_needs_no_login() {
    let machine = Machine::new();
    for (line, code) in [
        ("auth login --sandbox", 0),
        ("auth status --sandbox", 0),
        ("auth token --sandbox", 3),
        ("auth logout --sandbox", 3),
    ] {
        let outcome = machine.run(line.split(' ')).expect(code);
        assert!(
            outcome.stderr().contains("the sandbox needs no login"),
            "{}",
            outcome.stderr()
        );
    }
}

#[test]
fn only_auth_token_prints_the_token() {
    let world = World::with(|config| config.tokens.push(rule("SESAME-old=revoked")));
    let machine = machine(&world);
    let mut shown = vec![
        login(&machine, TOKEN, &["--insecure-storage", "-v"]).expect(0),
        login(
            &machine,
            "SESAME-old",
            &["--insecure-storage", "-v", "--json"],
        )
        .expect(4),
    ];
    for (line, code) in [
        ("list -v", 0),
        ("create --ref main -v", 0),
        ("status 1 -v --json", 3),
        ("auth status -v", 0),
        ("auth status -v --json", 0),
        ("auth logout -v", 0),
    ] {
        shown.push(machine.run(line.split(' ')).expect(code));
    }
    let in_env = machine.env("DEPLOYCTL_TOKEN", "SESAME-old");
    for (line, code) in [("list -v", 4), ("auth status -v", 4), ("list -v --json", 4)] {
        shown.push(in_env.run(line.split(' ')).expect(code));
    }
    for outcome in &shown {
        let all = format!("{}{}", outcome.stdout(), outcome.stderr());
        // The login of a token with a rule is the token's own name, which is
        // not a secret here.
        assert!(!all.contains(TOKEN) && !all.contains("Bearer"), "{all}");
    }
    for outcome in &shown[1..] {
        let all = format!("{}{}", outcome.stdout(), outcome.stderr());
        assert!(!all.contains("SESAME"), "{all}");
    }
}

#[test]
fn a_typed_token_is_not_shown() {
    let world = World::new();
    let machine = machine(&world);
    let mut terminal = Terminal::start(&machine, ["auth", "login", "--insecure-storage"]);
    drop(terminal.wait_for("not shown"));
    terminal.wait_for_echo(false);
    terminal.press(&format!("{TOKEN}\r"));
    let ending = terminal.finish().expect(0);
    assert!(!ending.sent(TOKEN.as_bytes()), "{}", ending.screen);
    assert!(
        ending
            .screen
            .contains("settings/tokens/new?scopes=repo_deployment")
    );
    assert!(stored(&machine).expect("a file").contains(TOKEN));
    let refused = Terminal::start(&machine, ["auth", "login", "--with-token"]).finish();
    assert!(refused.expect(2).screen.contains("would show it"));
}

#[test]
fn ctrl_c_at_the_hidden_question_leaves_a_terminal_that_shows_what_is_typed() {
    let world = World::new();
    let mut terminal = Terminal::start(&machine(&world), ["auth", "login", "--insecure-storage"]);
    drop(terminal.wait_for("not shown"));
    terminal.wait_for_echo(false);
    terminal.press("\u{3}");
    terminal.wait_for_echo(true);
    drop(terminal.finish().expect(130));
    assert_eq!(world.proxy.requests().len(), 0);
}

#[test]
fn a_servers_name_for_the_user_does_not_steer_the_terminal() {
    const EVIL: &str = "\u{1b}]0;owned\u{7}\u{1b}[2Jmona";
    let world = World::new();
    let hostile =
        Answer::json(200, &json!({"login": EVIL})).header("x-oauth-scopes", "repo\\x1b[2J");
    world
        .proxy
        .fault("GET", "/user", 1.., Fault::Answer(hostile));
    let machine = machine(&world);
    let outcome = login(&machine, TOKEN, &["--insecure-storage", "--json"]).expect(0);
    assert_eq!(
        outcome.json()["user"],
        Value::Null,
        "no entry is created under this name"
    );
    for line in ["auth status", "auth logout"] {
        let ending = Terminal::start(&machine, line.split(' '))
            .finish()
            .expect(0);
        assert!(
            !ending.sent(b"\x1b]0;owned") && !ending.sent(b"\x1b[2J"),
            "{}",
            ending.screen
        );
    }
}

#[test]
fn a_garbled_list_of_logins_is_reported_and_not_overwritten() {
    let world = World::new();
    let machine = machine(&world);
    let folder = machine.home().join("config/deployctl");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("hosts.json"), "{\"hosts\": 7}").expect("written");
    drop(machine.run(["list"]).expect(1));
    let outcome = login(&machine, TOKEN, &["--insecure-storage"]).expect(1);
    assert!(
        outcome.stderr().contains("hosts.json is not understood"),
        "{}",
        outcome.stderr()
    );
    assert_eq!(
        fs::read_to_string(folder.join("hosts.json")).expect("read"),
        "{\"hosts\": 7}"
    );
    assert_eq!(stored(&machine), None);
}

#[test]
fn without_a_home_there_is_no_place_for_a_login() {
    let world = World::new();
    let machine = machine(&world)
        .without("HOME")
        .without("XDG_CONFIG_HOME")
        .without("XDG_STATE_HOME");
    let outcome = login(&machine, TOKEN, &["--insecure-storage"]).expect(2);
    assert!(outcome.stderr().contains("HOME"), "{}", outcome.stderr());
    drop(machine.run(["list"]).expect(4));
}
