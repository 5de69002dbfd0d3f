//! `--web`: the page of a result, in a web browser or as its URL.

use crate::browser::Browser;
use crate::support::cli::Machine;
use crate::support::pty::Terminal;
use crate::world::World;

const SERVER: &str = "https://git.example.com/acme/shop";

#[test]
fn without_a_terminal_the_url_is_printed_without_a_request() {
    let machine = Machine::new();
    for (line, page) in [
        ("list", "/deployments"),
        ("list -e prev*", "/deployments"),
        (
            "list -e qa/1&b=%",
            "/deployments/activity_log?environments_filter=qa%2F1%26b%3D%25",
        ),
        ("env list", "/deployments"),
        (
            "env view production",
            "/deployments/activity_log?environments_filter=production",
        ),
    ] {
        let line = format!("{line} --web -R git.example.com/acme/shop");
        let outcome = machine.run(line.split_whitespace()).expect(0);
        assert_eq!(outcome.stdout(), format!("{SERVER}{page}\n"));
        assert_eq!(outcome.stderr(), "");
    }
}

#[test]
fn at_a_terminal_the_browser_gets_the_page_alone() {
    let (machine, browser) = Browser::of(Machine::new());
    let ending = Terminal::start(&machine, ["list", "-w", "-R", "git.example.com/acme/shop"])
        .finish()
        .expect(0);
    let page = format!("{SERVER}/deployments");
    assert!(ending.screen.contains(&page), "{}", ending.screen);
    assert_eq!(browser.arguments(), format!("{page}\n"));
}

#[test]
fn without_a_browser_the_url_is_printed_and_the_command_fails() {
    let machine = Machine::new()
        .env("BROWSER", "missing")
        .env("PATH", "/nowhere");
    let ending = Terminal::start(&machine, ["env", "list", "-w", "-R", "acme/shop"])
        .finish()
        .expect(1);
    let page = "https://github.com/acme/shop/deployments";
    assert!(ending.screen.contains(page), "{}", ending.screen);
    assert!(ending.screen.contains("BROWSER"), "{}", ending.screen);
}

#[test]
fn the_page_of_a_deployment_is_that_of_its_environment() {
    let world = World::new();
    let id = world.create("--ref main -e staging");
    world.proxy.forget();
    let outcome = world.run(&format!("status {id} --web")).expect(0);
    let page = "/octocat/hello-world/deployments/activity_log?environments_filter=staging";
    assert_eq!(outcome.stdout(), format!("{}{page}\n", world.proxy.url()));
    assert_eq!(world.proxy.requests().len(), 1);
    drop(world.run("status 99 --web").expect(3));
}

#[test]
fn the_embedded_sandbox_has_no_page_to_open() {
    let (machine, browser) = Browser::of(Machine::new());
    let ending = Terminal::start(&machine, ["--sandbox", "list", "--web"])
        .finish()
        .expect(1);
    assert!(ending.screen.contains("sandbox serve"), "{}", ending.screen);
    assert!(!browser.is_started());
}
