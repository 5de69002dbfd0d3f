//! The web pages, which `web_url` leads to.

use serde_json::json;

use super::support::http::Reply;
use super::world::World;

const PAGE: &str = "/octocat/hello-world/deployments";

fn page(world: &World, target: &str) -> Reply {
    // A browser sends no token.
    world.client.anonymous().send_unchecked("GET", target, None)
}

#[test]
fn the_page_shows_what_is_live_what_waits_and_the_history() {
    let world = World::new();
    let empty = page(&world, PAGE).expect(200).text();
    assert!(empty.contains("Nothing was deployed yet."), "{empty}");
    let old = world.deploy("staging");
    world.set(old, "success");
    let live = world.deploy("staging");
    let body = json!({"state": "success", "environment_url": "https://staging.example.com"});
    world.add(live, &body).expect(201);
    let failed = world.deploy("staging");
    let body = json!({"state": "failure", "log_url": "https://ci.example.com/7"});
    world.add(failed, &body).expect(201);
    let waiting = world.deploy("preview/pr 7");
    world.set(waiting, "queued");
    let reply = page(&world, PAGE).expect(200);
    assert_eq!(
        reply.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = reply.header("content-security-policy");
    assert_eq!(
        policy,
        Some("default-src 'none'; style-src 'unsafe-inline'")
    );
    let text = reply.text();
    let part = |from: &str, to: &str| {
        let (_, rest) = text
            .split_once(from)
            .unwrap_or_else(|| panic!("{from}: {text}"));
        rest.split(to).next().unwrap_or_default().to_owned()
    };
    let now = part(">Live<", ">Not finished<");
    assert!(
        now.contains(">staging</a>") && now.contains("nothing live"),
        "{now}"
    );
    assert_eq!(
        now.matches("href=\"https://staging.example.com\"").count(),
        1
    );
    let unfinished = part(">Not finished<", "<h2 id=");
    assert!(unfinished.contains(&waiting.to_string()) && unfinished.contains("queued"));
    assert!(!unfinished.contains(&live.to_string()), "{unfinished}");
    let history = part("<h2 id=\"environment-0\">staging</h2>", "<h2 ");
    let places = [failed, live, old].map(|id| history.find(&id.to_string()));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "newest first: {history}"
    );
    assert!(history.contains("href=\"https://ci.example.com/7\""));
}

#[test]
fn an_environment_has_a_page_of_its_own() {
    let world = World::new();
    let ids: Vec<u64> = (0..12).map(|_| world.deploy("qa 1/é")).collect();
    world.deploy("other");
    let overview = page(&world, PAGE).expect(200).text();
    let log = format!("{PAGE}/activity_log?environments_filter=qa%201%2F%C3%A9");
    assert!(overview.contains(&format!("href=\"{log}\"")), "{overview}");
    assert!(overview.contains("All 12 deployments"));
    let own = page(&world, &log).expect(200).text();
    assert!(ids.iter().all(|id| own.contains(&id.to_string())));
    assert!(own.contains("qa 1/é") && !own.contains("other"), "{own}");
    // A form encodes blanks as plus signs.
    let same = format!("{PAGE}/activity_log?environments_filter=qa+1%2F%C3%A9");
    assert_eq!(page(&world, &same).expect(200).text(), own);
    for path in [
        format!("{PAGE}/activity_log?environments_filter=none"),
        "/octocat/none/deployments".to_owned(),
        format!("{PAGE}/other"),
    ] {
        drop(page(&world, &path).expect(404));
    }
    let unfiltered = page(&world, &format!("{PAGE}/activity_log")).expect(200);
    assert_eq!(unfiltered.text(), overview);
}

#[test]
fn the_page_escapes_what_clients_sent() {
    let world = World::new();
    let hostile = "<script src=//x.example>'\"&";
    let body = json!({"ref": "main", "environment": hostile, "description": hostile});
    let made = world.create(&body);
    let id = made["id"].as_u64().expect("an id");
    for url in ["javascript:alert(1)", "https://x.example/\"><script>"] {
        let body = json!({"state": "success", "environment_url": url, "log_url": url});
        // What GitHub refuses as an address is refused here, too.
        drop(world.client.send_unchecked(
            "POST",
            &format!("/repos/octocat/hello-world/deployments/{id}/statuses"),
            Some(body.to_string().as_bytes()),
        ));
        world.set(id, "success");
        let text = page(&world, PAGE).expect(200).text();
        assert!(
            !text.contains("<script") && !text.contains("href=\"javascript"),
            "{text}"
        );
        assert!(text.contains("&lt;script src=//x.example&gt;&#39;&quot;&amp;"));
        assert!(!text.contains("src=\"") && !text.contains("<link"));
    }
}

#[test]
fn a_private_repository_has_no_page_for_strangers() {
    let world = World::with(|config| config.private = true);
    drop(page(&world, PAGE).expect(404));
    drop(world.client.send_unchecked("GET", PAGE, None).expect(200));
}

#[test]
fn the_paths_of_the_api_stay_those_of_the_api() {
    let world = World::new();
    let listed = world.client.get("/repos/octocat/hello-world/deployments");
    assert_eq!(listed.expect(200).list().len(), 0);
    let by_id = world.client.get("/repos/octocat/hello-world").json()["id"].clone();
    let listed = world
        .client
        .get(&format!("/repositories/{by_id}/deployments"));
    assert_eq!(listed.expect(200).list().len(), 0);
    let posted = world.client.send_unchecked("POST", PAGE, Some(b"{}"));
    drop(posted.expect(404));
    // It costs nothing of the rate limit.
    let used = |reply: Reply| reply.number("x-ratelimit-used");
    let client = world.client.anonymous();
    let before = used(client.send_unchecked("GET", "/rate_limit", None));
    drop(page(&world, PAGE));
    assert_eq!(
        used(client.send_unchecked("GET", "/rate_limit", None)),
        before
    );
}
