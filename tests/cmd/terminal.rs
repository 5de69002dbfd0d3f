//! How the program behaves at a terminal.

use crate::support::cli::Machine;
use crate::support::pty::Terminal;
use crate::world::World;

fn at(world: &World) -> Machine {
    Machine::with_server(&world.proxy.url())
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace()
}

#[test]
fn a_list_is_a_table_that_fits() {
    let world = World::new();
    let id = world.create("--ref main -e staging --description a-description-that-is-much-too-long-for-any-terminal-to-show");
    world.set(&id, "success");
    for cols in [48, 60, 100, 200] {
        let ending = Terminal::start_sized(&at(&world), 30, cols, ["list"])
            .finish()
            .expect(0);
        let head = ending.screen.lines().next().unwrap_or_default();
        assert!(
            head.starts_with("ID") && head.contains("STATE") && head.contains("AGE"),
            "{}",
            ending.screen
        );
        assert_eq!(
            ending.screen.trim_end().lines().count(),
            2,
            "{}",
            ending.screen
        );
        assert!(
            ending.screen.contains(&id),
            "ids are never shortened: {}",
            ending.screen
        );
        assert!(ending.screen.contains("active"));
        assert!(ending.sent(b"\x1b[32m"), "the state has a colour");
    }
}

#[test]
fn a_pager_shows_results_on_a_terminal_alone_and_is_waited_for() {
    let world = World::new();
    let id = world.create("--ref main");
    let pager = "sleep 0.2; sed \"s/^/$LESS token=$DEPLOYCTL_TOKEN /\"";
    let machine = at(&world)
        .tool("my-pager", pager)
        .env("PAGER", "none-of-this")
        .env("GH_PAGER", "my-pager");
    for line in ["list", "status ID", "help exit-codes", "env list"] {
        let line = line.replace("ID", &id);
        let ending = Terminal::start(&machine, words(&line)).finish().expect(0);
        let first = ending.screen.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("FRX token= "),
            "{line}: {}",
            ending.screen
        );
    }
    assert!(!machine.run(["list"]).expect(0).stdout().contains("FRX"));
    // A pager that exits at once or does not exist is not an error.
    for pager in ["true", "cat", "./not-there"] {
        let machine = at(&world).env("PAGER", pager);
        drop(Terminal::start(&machine, ["list"]).finish().expect(0));
    }
    // An error is not sent through the pager.
    let ending = Terminal::start(&machine, ["status", "99"])
        .finish()
        .expect(3);
    assert!(!ending.screen.contains("FRX"), "{}", ending.screen);
}

#[test]
fn no_colour_where_none_is_wanted() {
    let world = World::new();
    world.create("--ref main");
    let machine = at(&world).env("NO_COLOR", "1");
    let ending = Terminal::start(&machine, ["list"]).finish().expect(0);
    assert!(
        !ending.sent(b"\x1b[3"),
        "{:?}",
        String::from_utf8_lossy(&ending.raw)
    );
    let ending = Terminal::start(&at(&world), ["list", "--color", "never"])
        .finish()
        .expect(0);
    assert!(!ending.sent(b"\x1b[3"));
    let piped = world.run("list --json --color always").expect(0);
    assert!(piped.stdout().contains("\u{1b}[3"));
    let piped = at(&world)
        .env("CLICOLOR_FORCE", "1")
        .run(["list", "--json"])
        .expect(0);
    assert!(piped.stdout().contains("\u{1b}[3"));
    let lines = world.run("list --color always").expect(0);
    assert!(lines.stdout().contains("\t\u{1b}[33mpending\u{1b}[0m\t"));
    let forced = at(&world).env("CLICOLOR_FORCE", "1").run(["list"]);
    assert_eq!(forced.expect(0).stdout(), lines.stdout());
    let lines = world.run("list").expect(0);
    assert!(
        !lines.stdout().contains('\u{1b}'),
        "tab-separated lines are for programs"
    );
}

#[test]
fn waiting_is_live_and_leaves_the_end() {
    let world = World::new();
    let id = world.create("--ref main");
    let line = format!("wait {id} --interval 0.1");
    let terminal = Terminal::start(&at(&world), words(&line));
    terminal.wait_for("pending");
    world.set(&id, "in_progress --description building");
    terminal.wait_for("in_progress building");
    world.set(&id, "success --environment-url https://x.example");
    let ending = terminal.finish().expect(0);
    assert!(
        ending.screen.contains("https://x.example"),
        "{}",
        ending.screen
    );
    assert!(ending.screen.contains("active"), "{}", ending.screen);
    assert!(
        !ending.screen.contains("building"),
        "the redrawn rows are removed: {}",
        ending.screen
    );
    assert!(
        ending.sent(b"\x1b[?25h") || !ending.sent(b"\x1b[?25l"),
        "the cursor is shown again"
    );
}

#[test]
fn ctrl_c_ends_a_wait_with_130() {
    let world = World::new();
    let id = world.create("--ref main");
    let line = format!("wait {id} --interval 0.1");
    let mut terminal = Terminal::start(&at(&world), words(&line));
    terminal.wait_for("pending");
    terminal.press("\u{3}");
    let ending = terminal.finish().expect(130);
    assert!(ending.screen.contains("interrupted"), "{}", ending.screen);
}

#[test]
fn a_slip_in_the_environment_is_asked_about() {
    let world = World::new();
    world.create("--ref main");
    let line = "create --ref main -e prodcution";
    let mut terminal = Terminal::start(&at(&world), words(line));
    terminal.wait_for("Did you mean");
    terminal.press("\u{1b}[B\r");
    drop(terminal.finish().expect(0));
    let newest = &world.list()[0];
    assert_eq!(newest["environment"], "production");
    assert_eq!(newest["production_environment"], true);

    let mut terminal = Terminal::start(&at(&world), words(line));
    terminal.wait_for("Did you mean");
    terminal.press("\r");
    drop(terminal.finish().expect(0));
    assert_eq!(
        world.list()[0]["environment"],
        "prodcution",
        "what was typed"
    );

    // In a script there is no prompt, and no further request.
    world.proxy.forget();
    world.create("--ref main -e productoin");
    assert_eq!(world.proxy.requests().len(), 1);
    assert_eq!(world.list()[0]["environment"], "productoin");
}

#[test]
fn ctrl_c_at_a_question_ends_it_and_does_nothing() {
    let world = World::new();
    world.create("--ref main -e staging");
    let mut terminal = Terminal::start(&at(&world), words("create --ref main -e stagign"));
    terminal.wait_for("Did you mean");
    terminal.press("\u{3}");
    let ending = terminal.finish().expect(130);
    let last = |part: &[u8]| {
        ending
            .raw
            .windows(part.len())
            .rposition(|bytes| bytes == part)
    };
    assert!(
        last(b"\x1b[?25h") > last(b"\x1b[?25l"),
        "the cursor is shown again"
    );
    assert_eq!(world.list().len(), 1);
}

#[test]
fn no_input_asks_nothing() {
    let world = World::new();
    world.create("--ref main -e staging");
    let line = "create --ref main -e stagign --no-input";
    drop(Terminal::start(&at(&world), words(line)).finish().expect(0));
    let machine = at(&world).env("GH_PROMPT_DISABLED", "1");
    drop(
        Terminal::start(&machine, words("create --ref main -e stagingg"))
            .finish()
            .expect(0),
    );
}

#[test]
fn json_is_indented_and_coloured() {
    let world = World::new();
    world.create("--ref main");
    let ending = Terminal::start(&at(&world), ["list", "--json=id,ref"])
        .finish()
        .expect(0);
    assert!(
        ending.screen.contains("\n    \"ref\": \"main\""),
        "{}",
        ending.screen
    );
    assert!(ending.sent(b"\x1b["));
}

#[test]
fn a_forced_terminal_has_a_table_in_a_pipe() {
    let world = World::new();
    world.create("--ref main");
    let outcome = at(&world).env("GH_FORCE_TTY", "80").run(["list"]).expect(0);
    assert!(outcome.stdout().contains("STATE") && outcome.stdout().lines().count() == 2);
}
