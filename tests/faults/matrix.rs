//! Every verb against every fault: the requests sent, the objects that exist
//! afterwards, and the exit code. With `--nocapture` it prints the table.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use crate::cell::{CHANGES, Cell, ENDS, MOVES, Mode, REVIEWS, Result, VERBS, Verb, run};
use crate::elsewhere::Elsewhere;
use crate::support::cli::Machine;
use crate::world::World;

/// The number of concurrent runs; they mostly wait.
const AT_ONCE: usize = 48;
/// The number of concurrent runs in this process, whose timeouts are short.
const AT_ONCE_HERE: usize = 8;

/// No run may take longer. The slowest makes five attempts with pauses of 7.5 s
/// in total; the rest is slack for machines that are busy with other work.
const LONGEST: Duration = Duration::from_secs(150);

/// The effect of a fault, as the client sees it.
#[derive(Debug, Clone, Copy)]
enum Class {
    /// The request works all the same.
    Harmless,
    /// There is no response, or one that reports a server failure. `done` says
    /// whether the server carried out the request.
    Lost { done: bool },
    /// The response is cut off, and only its syntax shows it.
    Cut { done: bool },
    /// The response is not GitHub's, and another attempt would return the same.
    Alien { done: bool },
    /// A permanent refusal, with the exit code for it.
    Turned(u8),
    /// A rate limit that ends while the client waits.
    ShortLimit,
    /// A rate limit that lasts too long to wait for.
    LongLimit,
}

use Class::{Alien, Cut, Harmless, LongLimit, Lost, ShortLimit, Turned};

struct Row {
    fault: String,
    besides: Option<&'static str>,
    class: Class,
    /// The class for verbs that only read, if it differs.
    reading: Option<Class>,
    modes: &'static [Mode],
    in_process: bool,
}

const ONCE: &[Mode] = &[Mode::Once];
const BOTH: &[Mode] = &[Mode::Once, Mode::Always];
const EVERY: &[Mode] = &[Mode::Once, Mode::Always, Mode::All];

fn row(fault: &str, modes: &'static [Mode], class: Class) -> Row {
    Row {
        fault: fault.to_owned(),
        besides: None,
        class,
        reading: None,
        modes,
        in_process: false,
    }
}

fn rows(elsewhere: &str) -> Vec<Row> {
    let before = Lost { done: false };
    let after = Lost { done: true };
    let done = Alien { done: true };
    let mut rows = vec![
        row("none", ONCE, Harmless),
        row("latency:300ms", ONCE, Harmless),
        row("reset-before", EVERY, before),
        row("reset-after", EVERY, after),
        row("reset-within", EVERY, after),
        row("error-before:500", EVERY, before),
        row("error-before:503", BOTH, before),
        row("error-after:502", EVERY, after),
        row("page-before:502", BOTH, before),
        row("page-after:504", EVERY, after),
        row("echo", BOTH, before),
        row("truncate", EVERY, after),
        row("garble", EVERY, Cut { done: true }),
        row("empty", BOTH, Cut { done: true }),
        row("page-before:200", EVERY, Alien { done: false }),
        row("page-after:200", EVERY, done),
        row("wrong-types", EVERY, done),
        row("content-type:text/plain", BOTH, done),
        row("endless", ONCE, done),
        row("large:200", ONCE, done),
        row("bomb:200", ONCE, done),
        row("deep:100000", ONCE, done),
        row("drip:1ms,bytes=256", ONCE, Harmless),
        row("redirect:301", BOTH, Harmless),
        row("redirect:302", ONCE, Harmless),
        row("redirect:303", ONCE, Turned(1)),
        row("redirect:307", BOTH, Harmless),
        row("redirect:308", ONCE, Harmless),
        row("primary", BOTH, LongLimit),
        row("primary:429", ONCE, LongLimit),
        row("primary:403,reset=1", ONCE, ShortLimit),
        row("primary:429,reset=1", ONCE, ShortLimit),
        row("primary:403,retry-after=1", ONCE, ShortLimit),
        row("secondary:403,retry-after=1", BOTH, ShortLimit),
        row("secondary:429,retry-after=1", ONCE, ShortLimit),
        row("secondary:403,retry-after=3600", ONCE, LongLimit),
        row("secondary:429,retry-after=1000000000000", ONCE, LongLimit),
        row("unauthorized", BOTH, Turned(4)),
        row("forbidden", ONCE, Turned(5)),
        row("sso", ONCE, Turned(5)),
        // The repository is visible, so 404 for a write means that it is not
        // allowed.
        Row {
            reading: Some(Turned(3)),
            ..row("not-found", ONCE, Turned(5))
        },
        row("skew:+2h", ONCE, Harmless),
        row("skew:-2h", ONCE, Harmless),
        row("date:+2h", ONCE, Harmless),
        row("date:-2h", ONCE, Harmless),
    ];
    for status in [301, 302, 307, 308] {
        rows.push(Row {
            reading: Some(Turned(4)),
            ..row(
                &format!("redirect:{status},to={elsewhere}"),
                ONCE,
                Turned(1),
            )
        });
    }
    rows.push(Row {
        reading: Some(Turned(1)),
        ..row(&format!("link:to={elsewhere}"), ONCE, Harmless)
    });
    for besides in ["skew:+2h", "skew:-2h"] {
        for (fault, class) in [("reset-after", after), ("reset-before", before)] {
            rows.push(Row {
                besides: Some(besides),
                ..row(fault, ONCE, class)
            });
        }
    }
    for (fault, class) in [
        ("hang-before", before),
        ("hang-after", after),
        ("drip:100ms", after),
        ("secondary:403", LongLimit),
        ("secondary:429", LongLimit),
    ] {
        let modes = if matches!(class, LongLimit) {
            ONCE
        } else {
            EVERY
        };
        rows.push(Row {
            in_process: true,
            ..row(fault, modes, class)
        });
    }
    rows
}

/// Returns the exit code and, for a write, the number of objects that exist
/// afterwards and how often the request was sent.
fn expected(verb: Verb, mode: Mode, row: &Row) -> (u8, usize, Option<u64>) {
    let class = match row.reading {
        // It reads one page and follows no links.
        _ if matches!(verb, Verb::WaitSince | Verb::Stats) && row.fault.starts_with("link:") => {
            Harmless
        }
        // Without permission to read commits, only the lead time is unknown.
        _ if verb == Verb::Stats && ["forbidden", "sso", "not-found"].contains(&&*row.fault) => {
            Harmless
        }
        // A server without concurrency groups answers 404.
        _ if verb == Verb::Blocked && row.fault == "not-found" => Harmless,
        Some(reading) if !verb.writes() => reading,
        _ => row.class,
    };
    if !verb.writes() {
        let waits = verb.waits() && !row.in_process;
        let (give_up, not_understood) = if waits { (124, 124) } else { (75, 1) };
        let code = match (class, mode) {
            (Harmless, _) | (Lost { .. } | Cut { .. } | ShortLimit, Mode::Once) => 0,
            (Alien { .. }, Mode::Once) if waits => 0,
            (Lost { .. } | ShortLimit, _) => give_up,
            (LongLimit, _) => 75,
            (Cut { .. } | Alien { .. }, _) => not_understood,
            (Turned(code), _) => code,
        };
        return (code, 0, None);
    }
    if !verb.makes() {
        return repeated(verb, mode, row);
    }
    match (class, mode) {
        (Turned(code), _) => (code, 0, Some(1)),
        (LongLimit, _) => (75, 0, Some(1)),
        (ShortLimit, Mode::Once) => (0, 1, Some(2)),
        (ShortLimit, _) => (75, 0, Some(5)),
        // If the check for the result fails too, the outcome is unknown. The
        // exit code is not 0, and not 75 either, which would mean that it is
        // safe to run the command again.
        (Lost { done } | Cut { done } | Alien { done }, Mode::All) => (1, done.into(), Some(1)),
        (Harmless | Lost { done: true } | Cut { done: true } | Alien { done: true }, _) => {
            (0, 1, Some(1))
        }
        (Lost { .. } | Cut { .. } | Alien { .. }, Mode::Once) => (0, 1, Some(2)),
        (Lost { .. }, Mode::Always) => (75, 0, Some(3)),
        (Cut { .. } | Alien { .. }, Mode::Always) => (1, 0, Some(3)),
    }
}

/// Like [`expected`], for an idempotent change, which may be sent again at any
/// time: 75 is correct whether it was carried out or not.
fn repeated(verb: Verb, mode: Mode, row: &Row) -> (u8, usize, Option<u64>) {
    let once = mode == Mode::Once;
    if row.is_about_body() {
        // The content of a body does not matter if nothing reads it.
        match (verb, row.class) {
            (verb, _) if verb.is_answered_by_nothing() => return (0, 1, Some(1)),
            // Only the response for a new secret has a body.
            (Verb::EnvSecret | Verb::ReapWaiting, _) if row.fault == "reset-within" => {
                return (0, 1, Some(2));
            }
            (Verb::EnvSecret | Verb::ReapWaiting, _) if !row.is_too_large() => {
                return (0, 1, Some(1));
            }
            _ => {}
        }
    }
    match (row.class, once) {
        (Turned(code), _) => (code, 0, Some(1)),
        (LongLimit, _) => (75, 0, Some(1)),
        (Harmless, _) => (0, 1, Some(1)),
        (ShortLimit | Lost { .. } | Cut { .. }, true) => (0, 1, Some(2)),
        (ShortLimit, false) => (75, 0, Some(5)),
        (Lost { done }, false) => (75, done.into(), Some(5)),
        (Cut { done }, false) => (1, done.into(), Some(5)),
        (Alien { done }, _) => (1, done.into(), Some(1)),
    }
}

impl Row {
    /// Whether the fault spoils only the body of a response.
    fn is_about_body(&self) -> bool {
        let faults = [
            "reset-within",
            "truncate",
            "garble",
            "empty",
            "wrong-types",
            "content-type",
            "deep",
            "drip:100ms",
        ];
        self.is_too_large() || faults.iter().any(|fault| self.fault.starts_with(fault))
    }

    fn is_too_large(&self) -> bool {
        let faults = ["endless", "large", "bomb"];
        faults.iter().any(|fault| self.fault.starts_with(fault))
    }
}

#[test]
fn every_verb_meets_every_fault() {
    let elsewhere = Elsewhere::new();
    hold(&VERBS, &elsewhere);
    let heads = elsewhere.heads();
    assert_eq!(heads.len(), 20, "four redirects of five reads: {heads:?}");
    for head in heads {
        let head = head.to_ascii_lowercase();
        assert!(
            !head.contains("authorization") && !head.contains("leak"),
            "{head}"
        );
    }
}

#[test]
fn every_change_meets_every_fault() {
    let elsewhere = Elsewhere::new();
    hold(&CHANGES, &elsewhere);
    assert!(
        elsewhere.heads().is_empty(),
        "no change reaches the other server"
    );
}

#[test]
fn every_end_meets_every_fault() {
    let elsewhere = Elsewhere::new();
    hold(&ENDS, &elsewhere);
    assert!(
        elsewhere.heads().is_empty(),
        "no removal reaches the other server"
    );
}

#[test]
fn every_review_meets_every_fault() {
    let elsewhere = Elsewhere::new();
    hold(&REVIEWS, &elsewhere);
    let heads = elsewhere.heads();
    assert_eq!(heads.len(), 8, "four redirects of two reads: {heads:?}");
    for head in heads {
        assert!(
            !head.to_ascii_lowercase().contains("authorization"),
            "{head}"
        );
    }
}

#[test]
fn every_move_meets_every_fault() {
    let elsewhere = Elsewhere::new();
    hold(&MOVES, &elsewhere);
    assert!(
        elsewhere.heads().is_empty(),
        "no request for a deployment reaches the other server"
    );
}

/// Runs every verb against every fault, prints the table, and fails if a cell
/// is not as expected.
#[expect(clippy::print_stdout, reason = "the table is shown with --nocapture")]
fn hold(verbs: &[Verb], elsewhere: &Elsewhere) {
    let rows = rows(&elsewhere.url);
    let mut work = VecDeque::new();
    for (number, row) in rows.iter().enumerate() {
        for &mode in row.modes {
            for &verb in verbs {
                // A verb that reads a thing before it changes it would meet the
                // fault during that read.
                if mode == Mode::All && !(verb.writes() && VERBS.contains(&verb)) {
                    continue;
                }
                // `reap` needs times from REST and from GraphQL, and a rule for
                // one repository does not match GraphQL.
                if matches!(verb, Verb::Reap | Verb::ReapWaiting) && row.besides.is_some() {
                    continue;
                }
                if row.in_process && !verb.is_one_call() {
                    continue;
                }
                let cell = Cell {
                    verb,
                    mode,
                    fault: row.fault.clone(),
                    besides: row.besides.map(str::to_owned),
                    in_process: row.in_process,
                    is_long: matches!(row.class, LongLimit),
                };
                work.push_back((number, cell));
            }
        }
    }
    let world = World::new(work.len());
    let mut numbered: VecDeque<_> = work.into_iter().enumerate().collect();
    // Start the runs with the longest pauses first.
    numbered
        .make_contiguous()
        .sort_by_key(|(_, (_, cell))| cell.mode == Mode::Once);
    // The runs in this process have short timeouts, so they run when the
    // machine is less busy.
    let (patient, impatient): (VecDeque<_>, VecDeque<_>) = numbered
        .into_iter()
        .partition(|(_, (_, cell))| !cell.in_process);
    let done: Mutex<Vec<(usize, Cell, Result)>> = Mutex::default();
    for (work, at_once) in [(patient, AT_ONCE), (impatient, AT_ONCE_HERE)] {
        let work = Mutex::new(work);
        thread::scope(|scope| {
            for _ in 0..at_once {
                scope.spawn(|| {
                    loop {
                        let next = work.lock().expect("no panic").pop_front();
                        let Some((repository, (row, cell))) = next else {
                            return;
                        };
                        let result = run(&world, repository, &cell);
                        done.lock().expect("no panic").push((row, cell, result));
                    }
                });
            }
        });
    }
    let done = done.into_inner().expect("no panic");
    println!("{}", table(&rows, verbs, &done, &elsewhere.url));
    let wrong: Vec<String> = done
        .iter()
        .filter_map(|(row, cell, result)| wrong(&rows[*row], cell, result))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} cells:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

/// Returns the differences from the table, and from the rules that every result
/// must follow.
fn wrong(row: &Row, cell: &Cell, result: &Result) -> Option<String> {
    let (code, objects, sent) = expected(cell.verb, cell.mode, row);
    let mut faults = Vec::new();
    // A wait may time out while it pauses between two checks (124), or during a
    // limit that no longer fits into the remaining time (75).
    let is_cut_by_limit = cell.verb.waits()
        && !row.in_process
        && matches!((row.class, cell.mode), (ShortLimit, Mode::Always))
        && result.code == 75;
    if result.code != code && !is_cut_by_limit {
        faults.push(format!("exit code {} in place of {code}", result.code));
    }
    if cell.verb.writes() && result.objects != objects {
        faults.push(format!("{} objects in place of {objects}", result.objects));
    }
    if sent.is_some_and(|sent| result.own != sent) {
        faults.push(format!("{} writes sent in place of {sent:?}", result.own));
    }
    if cell.verb.writes() {
        let promised = match result.code {
            0 => result.objects == 1,
            75 => result.objects == 0 || !cell.verb.makes(),
            _ => result.objects <= 1,
        };
        if !promised {
            faults.push("the exit code says something else than the server".to_owned());
        }
    }
    if result.elapsed > LONGEST {
        faults.push(format!("it took {:?}", result.elapsed));
    }
    let cell_name = format!("{:?}, {} {}", cell.verb, cell.fault, cell.mode);
    let besides = cell.besides.as_deref().unwrap_or_default();
    (!faults.is_empty()).then(|| {
        format!(
            "{cell_name} {besides}: {}\n{}",
            faults.join("; "),
            result.output
        )
    })
}

/// Prints requests / objects / exit code, with one row for each fault.
fn table(rows: &[Row], verbs: &[Verb], done: &[(usize, Cell, Result)], elsewhere: &str) -> String {
    let names: Vec<String> = verbs.iter().map(|verb| format!("{verb:?}")).collect();
    let mut text = format!("| fault | happens | {} |\n", names.join(" | "));
    text.push_str(&"|---".repeat(verbs.len() + 2));
    text.push_str("|\n");
    for (number, row) in rows.iter().enumerate() {
        for &mode in row.modes {
            let cells = verbs.iter().map(|&verb| {
                done.iter()
                    .find(|(row, cell, _)| *row == number && cell.verb == verb && cell.mode == mode)
                    .map_or("–".to_owned(), |(_, _, result)| result.to_string())
            });
            let besides = row.besides.map(|fault| format!(", {fault} on all"));
            let fault = row.fault.replace(elsewhere, "OTHER");
            let mark = if row.in_process { " *" } else { "" };
            text.push_str(&format!(
                "| {fault}{}{mark} | {mode} | {} |\n",
                besides.unwrap_or_default(),
                cells.collect::<Vec<_>>().join(" | ")
            ));
        }
    }
    text
}

#[test]
fn an_unreachable_server_is_a_temporary_failure() {
    // The port is free again once the listener is closed.
    let url = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    let machine = Machine::with_server(&url);
    thread::scope(|scope| {
        for (line, code) in [
            ("create --ref main", 75),
            ("list", 75),
            ("status 1", 75),
            ("status set 1 success", 75),
            ("wait 1 --timeout 3s", 124),
        ] {
            let machine = &machine;
            scope.spawn(move || {
                let outcome = machine.run(line.split(' ').chain(["-v"])).expect(code);
                let tries = outcome.stderr().matches("no connection: ").count();
                assert!(tries > 2, "{line}: {}", outcome.stderr());
                assert!(outcome.elapsed < Duration::from_secs(20), "{line}");
            });
        }
    });
}
