//! An agent's statuses and logs never show secrets.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::support::cli::Machine;
use crate::world::{Site, text};

#[test]
fn statuses_and_logs_show_no_secret() {
    let mut site = Site::new();
    site.machine = Machine::with_server(&site.proxy.url())
        .env("DEPLOYCTL_TOKEN", "ghp_hunter_of_the_agent")
        .env("WEBHOOK_SECRET", crate::world::SECRET)
        .env("NPM_TOKEN", "npm_hunter");
    let folder = site.folder(
        "agent",
        r#"settle = "0s"
LISTEN
[[rule]]
environment = "words"
shell = '''
echo ::add-mask::hunter of the command
echo "the hunter of the command, $DB_PASSWORD, $NPM_TOKEN"
echo https://user:hunter@example.com
echo environment_url=https://user:hunter@app.example >> "$DEPLOYCTL_OUTPUT"
printf "$REGION: no $DB_PASSWORD" >&2
exit 3
'''
env = { DB_PASSWORD = "hunter-of-the-rule", REGION = "eu-west-1" }
[[rule]]
environment = "checkout"
command = ["true"]
checkout = true
source = "https://user:hunter@127.0.0.1:1/shop.git"
"#,
    );
    let agent = site.start(&folder);
    let ids = ["words", "checkout"].map(|environment| {
        let id = site.create_with(&json!({ "environment": environment }));
        let body = site.event(id);
        folder.deliver(&format!("d-{id}"), "deployment", &body);
        id
    });
    site.wait_for_ends(&ids, Duration::from_secs(50));
    let stopped = agent.stop().expect(0);
    let last = &site.finals(ids[0])[0];
    let words = "exit code 3: eu-west-1: no ***";
    assert_eq!(text(last, "description"), words);
    assert_eq!(text(last, "environment_url"), "https://***@app.example");
    let log = fs::read_to_string(folder.path.join(format!("state/logs/{}.log", ids[0])));
    assert_eq!(
        log.expect("a log"),
        "::add-mask::***\nthe ***, ***, ***\nhttps://***@example.com\neu-west-1: no ***"
    );
    let failed = &site.finals(ids[1])[0];
    assert!(
        text(failed, "description").contains("checkout failed"),
        "{failed}"
    );
    for id in ids {
        for status in site.statuses(id) {
            assert!(!status.to_string().contains("hunter"), "{status}");
        }
    }
    assert!(!stopped.stderr().contains("hunter"), "{}", stopped.stderr());
}
