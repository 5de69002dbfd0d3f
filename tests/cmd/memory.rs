//! How memory use grows with the number of deployments: not at all for a list,
//! and only a little for a plan.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};

use crate::support::cli::Machine;

/// A server with inactive deployments in 300 environments. It generates each
/// page, because a sandbox with as many deployments would take a minute to list
/// them.
fn server(count: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let own = url.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let url = own.clone();
            // The test itself notices a client that is cut off.
            thread::spawn(move || drop(answer(stream, &url, count)));
        }
    });
    url
}

fn answer(mut stream: TcpStream, url: &str, count: u64) -> std::io::Result<()> {
    let mut request = Vec::new();
    let (head, body) = loop {
        let mut bytes = [0; 8192];
        let read = stream.read(&mut bytes)?;
        request.extend_from_slice(&bytes[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length = length.map_or(0, |length| length.parse().expect("a length"));
            if body.len() >= length {
                break (head.to_owned(), body.to_owned());
            }
        }
        if read == 0 {
            return Ok(());
        }
    };
    let mut link = String::new();
    let text = if head.starts_with("POST") {
        states(&serde_json::from_str(&body).expect("a query"), count).to_string()
    } else {
        let page = head
            .lines()
            .next()
            .and_then(|line| line.split_once("&page="))
            .map_or(1, |(_, page)| {
                let digits = page.split(' ').next().expect("a page");
                digits.parse().expect("a number")
            });
        let last = count.div_ceil(100);
        let path = "repos/octocat/hello-world/deployments";
        if page < last {
            let next = page + 1;
            link = format!(
                "link: <{url}/{path}?per_page=100&page={next}>; rel=\"next\", \
                 <{url}/{path}?per_page=100&page={last}>; rel=\"last\"\r\n"
            );
        }
        let newest = count - (page - 1) * 100;
        let all: Vec<String> = (0..newest.min(100))
            .map(|n| deployment(newest - n))
            .collect();
        format!("[{}]", all.join(","))
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\
         {link}content-length: {}\r\n\r\n{text}",
        text.len()
    )
}

fn time(number: u64) -> String {
    let second = 1_767_603_600 + i64::try_from(number).expect("small");
    jiff::Timestamp::from_second(second)
        .expect("a time")
        .to_string()
}

fn deployment(number: u64) -> String {
    let (time, environment) = (time(number), number % 300);
    format!(
        r#"{{"id":{},"node_id":"DE_{number}","sha":"{number:040x}","ref":"main","task":"deploy",
        "environment":"preview/{environment}","original_environment":"preview/{environment}",
        "description":"a build of the preview","creator":{{"login":"octocat","id":1}},
        "created_at":"{time}","updated_at":"{time}","payload":{{}},"url":"","statuses_url":"",
        "transient_environment":true,"production_environment":false,"repository_url":""}}"#,
        4_400_000_000 + number
    )
}

fn states(query: &Value, count: u64) -> Value {
    let node = |id: &str| {
        json!({"id": id, "state": "INACTIVE", "latestStatus": {"state": "INACTIVE",
            "createdAt": time(1), "creator": {"__typename": "User", "login": "octocat"}}})
    };
    if let Some(ids) = query["variables"]["ids"].as_array() {
        let nodes = ids.iter().map(|id| node(id.as_str().expect("an id")));
        return json!({"data": {"nodes": nodes.collect::<Vec<_>>()}});
    }
    let nodes = (0..100).map(|n| node(&format!("DE_{}", count - n)));
    let nodes: Vec<Value> = nodes.collect();
    json!({"data": {"repository": {"deployments": {"nodes": nodes}}}})
}

#[test]
fn a_list_takes_no_memory_for_more_deployments_and_a_plan_takes_little() {
    const SOME: u64 = 6_000;
    const MANY: u64 = 40_000;
    /// The memory that 100,000 deployments in a plan may use. The program
    /// itself uses 12 MB in a release build, and three times as much in a debug
    /// build.
    const PLAN_BUDGET_KB: u64 = 50_000;
    let (some, many) = (server(SOME), server(MANY));
    let peak = |url: &str, line: &str, mark: &str| {
        let machine = Machine::with_server(url);
        let (peak, outcome) = machine.command(line.split(' ')).spawn().finish_measured();
        let outcome = outcome.expect(0);
        (peak, outcome.stdout().matches(mark).count() as u64)
    };
    let peaks = |line: &str, mark: &str| {
        let (less, printed) = peak(&some, line, mark);
        assert_eq!(printed, SOME, "{line}");
        let (more, printed) = peak(&many, line, mark);
        assert_eq!(printed, MANY, "{line}");
        (less, more)
    };
    let (less, more) = peaks("list --limit all --jsonl", "\"sha\":");
    // The number of requests in flight differs by a few pages from run to run.
    assert!(more < less + 6_000, "list: {less} KB and {more} KB");

    let (less, more) = peaks("delete --keep 1 --dry-run --json", "\"id\":");
    let each_thousand = more.saturating_sub(less) / ((MANY - SOME) / 1_000);
    let expected = each_thousand * 100;
    assert!(expected <= PLAN_BUDGET_KB, "plan: {less} KB and {more} KB");
}
