//! `stats`: figures of deployments that the sandbox recorded at known times.

use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use crate::support::cli::{Machine, Outcome};
use crate::support::git::GitRepository;
use crate::support::http::Client;
use crate::support::proxy::{Answer, Fault};
use crate::support::pty::Terminal;
use crate::world::{REPO, World, lines};

const HOUR: i64 = 3600;

/// A world whose clock the tests set.
struct Past {
    world: World,
    now: Timestamp,
}

impl Past {
    fn new() -> Self {
        Self {
            world: World::new(),
            now: Timestamp::now(),
        }
    }

    fn client(&self) -> Client {
        Client::new(self.world.server.url())
    }

    /// The time so many hours ago.
    fn time(&self, hours_ago: i64) -> Timestamp {
        self.now.checked_sub(hours_ago.hours()).expect("a time")
    }

    fn set_clock(&self, hours_ago: i64) {
        let body = json!({"now": self.time(hours_ago).to_string()}).to_string();
        let reply = self
            .client()
            .send_unchecked("PUT", "/_sandbox/clock", Some(body.as_bytes()));
        drop(reply.expect(200));
    }

    /// Requests a deployment so many hours ago, and reports each state that long
    /// ago.
    fn deploy(&self, environment: &str, sha: &str, hours_ago: i64, states: &[(&str, i64)]) -> u64 {
        self.deploy_with(environment, sha, hours_ago, states, false)
    }

    fn deploy_with(
        &self,
        environment: &str,
        sha: &str,
        hours_ago: i64,
        states: &[(&str, i64)],
        transient: bool,
    ) -> u64 {
        self.set_clock(hours_ago);
        let body = json!({"ref": sha, "auto_merge": false, "environment": environment,
            "required_contexts": [], "transient_environment": transient});
        let made = self.world.post("/deployments", &body);
        let id = made["id"].as_u64().expect("an id");
        for (state, hours_ago) in states {
            self.set_clock(*hours_ago);
            let path = format!("/deployments/{id}/statuses");
            self.world.post(&path, &json!({ "state": state }));
        }
        self.set_clock(0);
        id
    }

    /// A machine whose working directory is the checkout.
    fn in_checkout(&self) -> Machine {
        Machine::with_server(&self.world.proxy.url()).at(self.world.repository.path())
    }

    fn stats(&self, line: &str) -> Outcome {
        self.world.run(&format!("stats {line}"))
    }

    fn json(&self, line: &str) -> Value {
        self.stats(&format!("{line} --json")).expect(0).json()
    }
}

/// The clock of the sandbox runs on between the requests.
#[track_caller]
fn assert_about_an_hour(seconds: i64) {
    assert!((HOUR - 30..=HOUR + 30).contains(&seconds), "{seconds}");
}

/// The committer's date of a commit.
fn committed(repository: &GitRepository, sha: &str) -> i64 {
    let text = repository.git(["show", "-s", "--format=%ct", sha]);
    text.parse().expect("a time")
}

/// Three commits: the first was live before the window, the second was rolled
/// back, the third waited at a gate.
fn production() -> (Past, [String; 3]) {
    let past = Past::new();
    let repository = &past.world.repository;
    let shas = ["main~2", "main~1", "main"].map(|name| repository.sha(name));
    let deploy = |sha: &str, hours_ago, states: &[(&str, i64)]| {
        past.deploy("production", sha, hours_ago, states);
    };
    deploy(&shas[0], 2400, &[("success", 2399)]);
    deploy(&shas[1], 200, &[("in_progress", 200), ("success", 199)]);
    deploy(&shas[0], 196, &[("success", 194)]);
    deploy(&shas[2], 100, &[("in_progress", 99), ("failure", 98)]);
    deploy(
        &shas[2],
        90,
        &[("queued", 80), ("success", 78), ("inactive", 2)],
    );
    (past, shas)
}

#[test]
fn the_figures_are_those_of_the_history() {
    let (past, shas) = production();
    let figures = past.json("-e production");
    assert_eq!(figures["environment"], "production");
    assert_eq!(figures["frequency"]["count"], 3);
    let per_day = figures["frequency"]["per_day"].as_f64().expect("a number");
    assert!((per_day - 3.0 / 90.0).abs() < 1e-6, "{per_day}");
    let periods = figures["frequency"]["periods"].as_array().expect("a list");
    let counts = periods.iter().filter_map(|period| period["count"].as_u64());
    assert_eq!(counts.sum::<u64>(), 3);
    for pair in periods.windows(2) {
        let start = |period: &Value| -> Timestamp {
            period["start"]
                .as_str()
                .and_then(|text| text.parse().ok())
                .expect("a time")
        };
        assert_eq!(
            start(&pair[1]).duration_since(start(&pair[0])).as_hours(),
            7 * 24
        );
    }
    assert_eq!(
        figures["failure_rate"],
        json!({"rate": 0.25, "failed": 1, "ended": 4})
    );
    let change = &figures["change_failure_rate"];
    assert_eq!(
        (&change["rollbacks"], &change["changes"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(change["rate"], 0.5);
    assert!(
        change["proxy"]
            .as_str()
            .is_some_and(|proxy| proxy.contains("rollback"))
    );
    let recovery = &figures["recovery_time"];
    assert_eq!(
        (&recovery["median"], &recovery["count"]),
        (&json!(5 * HOUR), &json!(1))
    );
    assert_eq!(
        figures["duration"],
        json!({"median": 2 * HOUR, "p90": 12 * HOUR})
    );
    assert_eq!(
        figures["waiting"],
        json!({"median": null, "p90": null, "count": 0})
    );
    // main~1 at its first success, main at its own; main~2 was live before.
    let repository = &past.world.repository;
    let mut leads = [(1, 199), (2, 78)].map(|(commit, hours_ago)| {
        past.time(hours_ago).as_second() - committed(repository, &shas[commit])
    });
    leads.sort_unstable();
    let lead = json!({"median": leads[0], "p90": leads[1], "commits": 2});
    assert_eq!(figures["lead_time"], lead);
    assert_eq!(figures["notes"], json!([]));
    assert_eq!(figures["time_zone"], "UTC");
}

#[test]
fn commits_come_from_the_checkout_or_else_from_the_server() {
    let (past, _) = production();
    let by_api = past.json("-e production");
    let requests = past.world.proxy.requests();
    assert_eq!(
        lines(&requests),
        ["POST /graphql".to_owned(), format!("GET {REPO}/commits")]
    );
    past.world.proxy.forget();
    let machine = past.in_checkout();
    let line = ["stats", "-e", "production", "--json"];
    let here = machine.run(line).expect(0).json();
    assert_eq!(lines(&past.world.proxy.requests()), ["POST /graphql"]);
    assert_eq!(here["lead_time"], by_api["lead_time"]);
    // A shallow clone does not have all commits.
    let clone = GitRepository::bare();
    let url = format!("file://{}", past.world.repository.path().display());
    clone.git(["fetch", "--quiet", "--depth=1", &url, "main:main"]);
    let machine = machine.at(clone.path());
    past.world.proxy.forget();
    let shallow = machine.run(line).expect(0).json();
    assert_eq!(lines(&past.world.proxy.requests()).len(), 2);
    assert_eq!(shallow["lead_time"], by_api["lead_time"]);
    // Fields that need no commits cost no request for them.
    past.world.proxy.forget();
    drop(
        past.stats("-e production --json=frequency,waiting")
            .expect(0),
    );
    assert_eq!(lines(&past.world.proxy.requests()), ["POST /graphql"]);
}

#[test]
fn a_lead_time_that_is_unknown_is_null_with_a_note() {
    let (past, _) = production();
    let forbidden = Answer::json(403, &json!({"message": "Resource not accessible"}));
    let commits = format!("{REPO}/commits");
    past.world
        .proxy
        .fault("GET", &commits, 1.., Fault::Answer(forbidden));
    let outcome = past.stats("-e production --json").expect(0);
    let lead = json!({"median": null, "p90": null, "commits": null});
    assert_eq!(outcome.json()["lead_time"], lead);
    let note = outcome.json()["notes"][0].as_str().map(str::to_owned);
    let note = note.expect("a note");
    assert!(note.contains("full clone"), "{note}");
    assert!(outcome.stderr().contains(&note), "{}", outcome.stderr());
    // A failure that may be over soon is reported as such.
    past.world.proxy.heal();
    let broken = Answer::html(502, "<html><title>Unicorn!</title></html>");
    past.world
        .proxy
        .fault("GET", &commits, 1.., Fault::Answer(broken));
    drop(past.stats("-e production").expect(75));
}

#[test]
fn without_graphql_the_figures_are_the_same() {
    let (past, _) = production();
    let with = past.json("-e production");
    let not_there = Answer::json(404, &json!({"message": "Not Found"}));
    past.world
        .proxy
        .fault("POST", "/graphql", 1.., Fault::Answer(not_there));
    let mut without = past.json("-e production");
    for moment in ["since", "until"] {
        without[moment] = with[moment].clone();
    }
    let per_day = with["frequency"]["per_day"].clone();
    without["frequency"]["per_day"] = per_day;
    assert_eq!(without, with);
}

#[test]
fn each_hundred_deployments_are_one_request() {
    let past = Past::new();
    let sha = past.world.repository.sha("main");
    for _ in 0..105 {
        past.deploy("qa", &sha, 50, &[]);
    }
    let id = past.deploy("qa", &sha, 49, &[("success", 48)]);
    // More statuses than one page has: the oldest of them is the success.
    for _ in 0..101 {
        past.world.post(
            &format!("/deployments/{id}/statuses"),
            &json!({"state": "in_progress"}),
        );
    }
    past.world.proxy.forget();
    let figures = past.json("-e qa --since 60d");
    assert_eq!(figures["frequency"]["count"], 1);
    assert_about_an_hour(figures["duration"]["median"].as_i64().expect("seconds"));
    let mut requests = lines(&past.world.proxy.requests());
    requests.retain(|line| line == "POST /graphql");
    assert_eq!(requests.len(), 3, "two pages, and one of statuses");
    // Pages that are older than what could matter are not read.
    past.set_clock(0);
    for _ in 0..100 {
        past.deploy("other", &sha, 0, &[]);
    }
    past.world.proxy.forget();
    drop(past.stats("-e other --since 1h").expect(0));
    assert_eq!(lines(&past.world.proxy.requests()), ["POST /graphql"]);
}

#[test]
fn every_environment_is_by_itself_and_transient_ones_are_asked_for() {
    let past = Past::new();
    let [first, second] = ["main~1", "main"].map(|name| past.world.repository.sha(name));
    past.deploy("staging", &first, 40, &[("success", 39)]);
    past.deploy("staging", &second, 30, &[("success", 29)]);
    past.deploy_with("preview/1", &second, 20, &[("success", 19)], true);
    past.deploy_with(
        "preview/2",
        &second,
        20,
        &[("success", 19), ("inactive", 9)],
        true,
    );
    past.deploy("quiet", &first, 4000, &[("success", 3999)]);
    past.deploy("qa", &first, 8, &[("failure", 7)]);
    let names = |figures: &Value| -> Vec<String> {
        let all = figures.as_array().expect("a list").iter();
        all.map(|one| one["environment"].as_str().expect("a name").to_owned())
            .collect()
    };
    assert_eq!(names(&past.json("")), ["qa", "staging"]);
    assert_eq!(
        names(&past.json("-e preview/*")),
        ["preview/1", "preview/2"]
    );
    assert_eq!(names(&past.json("-e qa -e quiet")), ["qa", "quiet"]);
    assert_eq!(past.json("-e preview/1")["frequency"]["count"], 1);
    // Piped, a line for each, with nothing but numbers.
    let piped = past.stats("--since 30d").expect(0);
    let rows: Vec<Vec<&str>> = piped
        .stdout()
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(rows.len(), 2, "{}", piped.stdout());
    assert_eq!(rows[0][..2], ["qa", "0"]);
    assert_eq!(rows[0][4], "1", "the failure rate");
    assert_eq!(rows[1][..2], ["staging", "2"]);
    assert_about_an_hour(rows[1][7].parse().expect("seconds"));
    assert!(rows.iter().all(|row| row.len() == 9 && row[8].is_empty()));
}

#[test]
fn nothing_is_no_error_unless_the_environment_does_not_exist() {
    let past = Past::new();
    let empty = past.stats("--json").expect(0);
    assert_eq!(empty.json(), json!([]));
    assert!(past.stats("").expect(0).stderr().contains("no deployment"));
    drop(past.world.run("env create qa").expect(0));
    let figures = past.json("-e qa");
    assert_eq!(figures["frequency"]["count"], 0);
    assert_eq!(
        figures["lead_time"],
        json!({"median": null, "p90": null, "commits": 0})
    );
    for (field, value) in [
        ("failure_rate", "rate"),
        ("change_failure_rate", "rate"),
        ("recovery_time", "median"),
        ("duration", "median"),
        ("waiting", "median"),
    ] {
        assert_eq!(figures[field][value], Value::Null, "{field}");
    }
    let unknown = past.stats("-e nowhere").expect(3);
    assert!(unknown.stderr().contains("no environment \"nowhere\""));
    drop(past.stats("-e qa -e nowhere").expect(3));
    assert_eq!(past.json("-e no*"), json!([]));
    for since in ["tomorrow", "-3d", "2999-01-01"] {
        drop(
            past.world
                .machine
                .run(["stats", "--since", since])
                .expect(2),
        );
    }
    drop(past.stats("--by year").expect(2));
    drop(past.stats("--json=rate").expect(2));
}

#[test]
fn a_terminal_gets_a_table_and_bars() {
    let (past, _) = production();
    let machine = past.in_checkout().env("LC_ALL", "C");
    let run = |machine: &Machine, by| {
        let line = ["stats", "-e", "production", "--by", by];
        Terminal::start(machine, line).finish().expect(0).screen
    };
    let plain = run(&machine, "week");
    for part in [
        "ENVIRONMENT",
        "DEPLOYED",
        "LEAD TIME",
        "25%",
        "50%",
        "2h",
        "weeks from Monday",
    ] {
        assert!(plain.contains(part), "{part}: {plain}");
    }
    assert!(plain.is_ascii(), "{plain}");
    let unicode = run(&machine.env("LC_ALL", "en_US.UTF-8"), "month");
    assert!(
        unicode.contains('█') && !unicode.contains("Monday"),
        "{unicode}"
    );
    let narrow = ["stats", "-e", "production", "--by", "day"];
    let narrow = Terminal::start_sized(&past.in_checkout(), 30, 60, narrow)
        .finish()
        .expect(0);
    assert!(narrow.screen.lines().all(|line| line.chars().count() <= 60));
    assert!(narrow.screen.contains("(most: "), "{}", narrow.screen);
}

#[test]
fn a_report_is_one_private_file_that_loads_nothing() {
    let (past, _) = production();
    past.deploy("<b>&\"'", "main", 5, &[("success", 4)]);
    let machine = past.in_checkout();
    let outcome = machine.run(["stats", "--html", "report.html"]).expect(0);
    assert!(outcome.stderr().contains("the report is in report.html"));
    assert_eq!(
        outcome.stdout().lines().count(),
        2,
        "the figures are printed too"
    );
    let path = past.world.repository.path().join("report.html");
    let page = std::fs::read_to_string(&path).expect("written");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("octocat&#x2f;hello-world"));
    assert_eq!(page.matches("<svg ").count(), 2);
    assert!(
        page.contains("&lt;b&gt;&amp;") && !page.contains("<b>"),
        "{page}"
    );
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let failed = machine
        .run(["stats", "--html", "none/report.html"])
        .expect(1);
    assert!(
        failed.stderr().contains("none/report.html"),
        "{}",
        failed.stderr()
    );
}
