//! An agent that respects locks and freezes.

use std::time::Duration;

use serde_json::json;

use crate::support::cli::Machine;
use crate::world::{Site, rule, text};

const PATIENCE: Duration = Duration::from_secs(50);

#[test]
fn what_is_locked_or_frozen_is_not_carried_out() {
    let site = Site::new();
    site.repository.commit(
        ".github/deployctl.toml",
        "[[freeze]]\nname = \"forever\"\nenvironment = [\"live\"]\nfrom = 2020-01-01\ntime_zone = \"UTC\"\n",
        "Freeze live",
    );
    let other = Machine::with_server(site.server.url())
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_ACTOR", "hubot");
    drop(other.run(["lock", "qa", "-m", "moving"]).expect(0));
    let own = Machine::with_server(site.server.url());
    drop(own.run(["lock", "own"]).expect(0));
    for (respects, locked) in [("true", true), ("false", false)] {
        let config = format!(
            "settle = \"0s\"\nrespect_locks = {respects}\nLISTEN\n{}",
            rule("", "")
        );
        let folder = site.folder(respects, &config);
        let agent = site.start(&folder);
        let ids = ["qa", "live", "own", "staging"].map(|environment| site.create(environment));
        for id in ids {
            let delivery = format!("{respects}-{id}");
            drop(folder.deliver(&delivery, "deployment", &site.event(id)));
        }
        site.wait_for_ends(&ids, PATIENCE);
        drop(agent.stop().expect(0));
        let ends = ids.map(|id| text(&site.finals(id)[0], "state"));
        if !locked {
            assert_eq!(ends, ["success"; 4]);
            continue;
        }
        assert_eq!(ends, ["error", "error", "success", "success"]);
        let said = ids.map(|id| site.finals(id)[0]["description"].clone());
        assert_eq!(said[0], json!("locked by hubot: moving"));
        assert_eq!(said[1], json!("frozen: forever"));
        let ran: Vec<u64> = site.runs().into_keys().collect();
        assert_eq!(ran, ids[2..]);
    }
}
