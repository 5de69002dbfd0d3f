//! `-v` reports every attempt, and why there is or is not another one.

use crate::support::cli::Machine;
use crate::world::World;

/// Runs a command under a fault and returns the lines that `-v` prints.
fn log_lines(fault: &str, words: &[&str], code: i32) -> Vec<String> {
    let world = World::new(1);
    world.add(&[fault.to_owned()]);
    let machine = Machine::with_server(world.server.url());
    let words = words.iter().copied().chain(["-R", "octocat/r0", "-v"]);
    let outcome = machine.run(words).expect(code);
    outcome.stderr().lines().map(str::to_owned).collect()
}

/// Counts the lines that contain a text.
fn count(log_lines: &[String], text: &str) -> usize {
    log_lines.iter().filter(|line| line.contains(text)).count()
}

#[test]
fn a_read_is_repeated_for_a_reason_until_it_gives_up() {
    let log_lines = log_lines(
        "GET */deployments=error-before:503",
        &["list", "--json=id"],
        75,
    );
    let list = "/repos/octocat/r0/deployments?per_page=30 503";
    assert_eq!(count(&log_lines, list), 5, "{log_lines:#?}");
    for attempt in 2..=5 {
        assert_eq!(
            count(&log_lines, &format!(", attempt {attempt}")),
            1,
            "{log_lines:#?}"
        );
    }
    let again = log_lines.iter().filter(|line| {
        line.starts_with("again in ") && line.ends_with("the server failed with 503")
    });
    assert_eq!(again.count(), 4, "{log_lines:#?}");
    let given_up = "not again: the server failed with 503; tried 5 times";
    assert_eq!(count(&log_lines, given_up), 1, "{log_lines:#?}");
}

#[test]
fn a_write_is_looked_for_and_not_sent_again() {
    let log_lines = log_lines(
        "POST */deployments:1=reset-after",
        &["create", "--ref", "main"],
        0,
    );
    let posts = log_lines
        .iter()
        .filter(|line| line.starts_with("POST "))
        .count();
    assert_eq!(posts, 1, "{log_lines:#?}");
    let looked = "the response was lost, the server may have done it: looking for the result";
    assert_eq!(count(&log_lines, looked), 1, "{log_lines:#?}");
    assert_eq!(
        count(&log_lines, "found the result; not sending it again"),
        1,
        "{log_lines:#?}"
    );
}

#[test]
fn a_limit_tells_how_long_it_lasts() {
    let log_lines = log_lines(
        "*/deployments:1=secondary,retry-after=1",
        &["create", "--ref", "main"],
        0,
    );
    let again = "again in 1.0 s: secondary rate limit, nothing was done";
    assert_eq!(count(&log_lines, again), 1, "{log_lines:#?}");
    let log_lines = self::log_lines("*/deployments=primary", &["create", "--ref", "main"], 75);
    let why = "not again: rate limit, nothing was done; the wait of 36";
    assert_eq!(count(&log_lines, why), 1, "{log_lines:#?}");
}
