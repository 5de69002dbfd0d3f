use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::model::RepoSlug;

fn parse(text: &str) -> Result<Config, Vec<String>> {
    Config::parse(text, Path::new("/etc/deployctl"))
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

const LISTEN: &str = "[listen]\naddress = \"127.0.0.1:1\"\nsecrets = [{ env = \"S\" }]\n";

fn with_rule(rule: &str) -> String {
    format!("{LISTEN}[[rule]]\n{rule}\n")
}

fn input<'a>(repository: &'a RepoSlug, environment: &'a str, task: &'a str) -> RuleInput<'a> {
    RuleInput {
        repository,
        environment,
        ref_name: "feature/x",
        sha: "abc",
        task,
        by_workflow: false,
    }
}

#[test]
fn a_small_file_has_defaults() {
    let config = parse(&with_rule("command = [\"./deploy.sh\"]")).expect("valid");
    assert_eq!(config.grace, Duration::from_secs(30));
    assert_eq!(config.takeover_after, Duration::from_secs(600));
    assert_eq!(config.takeover, Takeover::Report);
    let listen = config.listen.as_ref().expect("a listener");
    assert_eq!(
        (listen.path.as_str(), listen.max_body_bytes),
        ("/webhook", LARGEST_PAYLOAD_BYTES)
    );
    assert_eq!(listen.secrets, [SecretSource::Variable("S".to_owned())]);
    let rule = &config.rules[0];
    assert_eq!(
        (rule.name.as_str(), rule.concurrency),
        ("rule 1", Concurrency::Queue)
    );
    assert_eq!(rule.tasks, ["deploy"]);
    assert_eq!(rule.directory, Path::new("/etc/deployctl"));
    assert_eq!(rule.timeout, Duration::from_secs(3600));
}

#[test]
fn paths_start_from_the_file() {
    let text = format!(
        "state_dir = \"state\"\n{}",
        with_rule("command = [\"x\"]\ndirectory = \"sub\"\nlog_directory = \"/var/log/x\"")
    );
    let config = parse(&text).expect("valid");
    assert_eq!(
        config.state_dir.as_deref(),
        Some(Path::new("/etc/deployctl/state"))
    );
    assert_eq!(config.rules[0].directory, Path::new("/etc/deployctl/sub"));
    assert_eq!(
        config.rules[0].log_directory.as_deref(),
        Some(Path::new("/var/log/x"))
    );
}

#[test]
fn the_first_rule_that_fits_is_taken() {
    let text = format!(
        "{LISTEN}
[[rule]]
repository = \"Acme/*\"
environment = [\"staging\", \"preview/*\"]
task = [\"deploy\", \"deploy:db\"]
ref = \"feature/*\"
command = [\"one\"]
[[rule]]
command = [\"two\"]
"
    );
    let config = parse(&text).expect("valid");
    let (acme, other) = (
        "acme/shop".parse().expect("valid"),
        "octo/cat".parse().expect("valid"),
    );
    for (repository, environment, task, chosen) in [
        (&acme, "staging", "deploy", Some(0)),
        (&acme, "preview/7/a", "deploy:db", Some(0)),
        (&acme, "production", "deploy", Some(1)),
        (&other, "staging", "deploy", Some(1)),
        (&acme, "staging", "../../bin/sh", None),
        (&acme, "staging", "; rm -rf", None),
        (&acme, "staging", "Deploy", None),
    ] {
        let found = config.rule_for(&input(repository, environment, task));
        assert_eq!(
            found.map(|(at, _)| at),
            chosen,
            "{repository} {environment} {task}"
        );
    }
    let mut by_workflow = input(&acme, "staging", "deploy");
    by_workflow.by_workflow = true;
    assert!(config.rule_for(&by_workflow).is_none());
}

#[test]
fn an_unknown_key_is_reported_with_its_place_and_the_nearest() {
    for (text, expected) in [
        (
            "nme = \"x\"\n".to_owned(),
            "1:1: unknown key \"nme\"; did you mean \"name\"?",
        ),
        (
            with_rule("command = [\"x\"]\n  enviroment = \"y\""),
            "6:3: unknown key \"enviroment\"; did you mean \"environment\"?",
        ),
        (
            "[metrics]\nfoo = 1\n".to_owned(),
            "2:1: unknown key \"foo\"; the keys here are address",
        ),
    ] {
        assert_eq!(parse(&text).expect_err("invalid"), [expected]);
    }
}

#[test]
fn every_value_is_checked_where_it_stands() {
    let problems = parse(
        "grace = \"soon\"
takeover = \"never\"
parallel = 0
name = \"a b\"
[listen]
address = \"0.0.0.0:1\"
path = \"webhook\"
max_body = \"1TB\"
insecure = true
[poll]
repositories = [\"acme\", \"acme/shop\"]
start = \"yesterday\"
[[rule]]
task = \"deploy*\"
environment = \"\"
command = []
timeout = \"0\"
concurrency = \"maybe\"
log_url = \"https://x/{nope}\"
env = { DEPLOYCTL_X = \"1\", \"a b\" = \"2\" }
directory = \"../x\"
checkout = true
source = \"-x\"
",
    )
    .expect_err("invalid");
    let places: Vec<&str> = problems
        .iter()
        .map(|problem| problem.split(": ").next().expect("a place"))
        .collect();
    assert_eq!(
        places,
        [
            "1:9", "2:12", "3:12", "4:8", "6:11", "7:8", "8:12", "11:17", "12:9", "14:8", "15:15",
            "16:11", "17:11", "18:15", "19:11", "20:9", "20:28", "21:13", "23:10"
        ],
        "{problems:#?}"
    );
}

#[test]
fn a_listener_without_a_secret_is_refused_unless_allowed() {
    let rule = "[[rule]]\ncommand = [\"x\"]\n";
    let open = format!("[listen]\naddress = \"127.0.0.1:1\"\n{rule}");
    assert!(parse(&open).expect_err("open")[0].contains("could be forged"));
    let configuration = format!("[listen]\naddress = \"127.0.0.1:1\"\ninsecure = true\n{rule}");
    assert!(
        parse(&configuration)
            .expect("valid")
            .listen
            .expect("a listener")
            .insecure
    );
    let world = format!("[listen]\naddress = \"0.0.0.0:1\"\ninsecure = true\n{rule}");
    assert!(parse(&world).expect_err("open")[0].contains("loopback"));
}

#[test]
fn a_file_that_would_do_nothing_is_refused() {
    let problems = parse("").expect_err("empty");
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn a_wrong_type_and_wrong_toml_are_reported_with_their_place() {
    for (text, place) in [
        ("grace = 5\n", "1:9: "),
        ("grace = \"5s\"\ngrace = \"6s\"\n", "2:1: "),
        ("[listen\n", "1:8: "),
        ("\n\nname = é\n", "3:8: "),
    ] {
        let problems = parse(text).expect_err("invalid");
        assert!(problems[0].starts_with(place), "{text:?}: {problems:?}");
    }
}

#[test]
fn a_source_is_a_path_or_an_address() {
    for (source, read) in [
        ("/srv/git/shop.git", "/srv/git/shop.git"),
        ("shop.git", "/etc/deployctl/shop.git"),
        (
            "https://github.com/acme/shop",
            "https://github.com/acme/shop",
        ),
        (
            "git@github.com:acme/shop.git",
            "git@github.com:acme/shop.git",
        ),
    ] {
        let rule = format!("command = [\"x\"]\ncheckout = true\nsource = \"{source}\"");
        let config = parse(&with_rule(&rule)).expect("valid");
        assert_eq!(config.rules[0].checkout.as_deref(), Some(read));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_reported_with_a_place_in_it(text in "\\PC*(\n\\PC*){0,4}") {
        if let Err(problems) = Config::parse(&text, Path::new("/")) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(problem.line >= 1 && problem.line <= 1 + text.matches('\n').count());
                prop_assert!(problem.column >= 1 && !problem.message.is_empty());
            }
        }
    }

    #[test]
    fn any_value_in_its_place_is_read_or_reported(key in "name|host|grace|takeover|settle|state_dir", value in "\\PC*") {
        let mut escaped = String::new();
        for c in value.chars() {
            escaped.push_str(&format!("\\U{:08X}", u32::from(c)));
        }
        let text = format!("{key} = \"{escaped}\"\n{}", with_rule("command = [\"x\"]"));
        if let Err(problems) = Config::parse(&text, Path::new("/")) {
            prop_assert_eq!(problems.len(), 1);
            prop_assert_eq!(problems[0].line, 1);
        }
    }

    #[test]
    fn a_task_fits_only_as_it_is_listed(task in "\\PC*") {
        prop_assume!(task != "deploy");
        let config = parse(&with_rule("command = [\"x\"]")).expect("valid");
        let repository = "acme/shop".parse().expect("valid");
        prop_assert!(config.rule_for(&input(&repository, "staging", &task)).is_none());
    }
}
