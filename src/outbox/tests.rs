use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::api::NewDeployment;
use crate::api::NewStatus;
use crate::model::{DeploymentId, Endpoints};
use crate::model::{StatusId, StatusState};
use crate::process::report::StatusUrls;

fn root(address: &str) -> ApiRoot {
    ApiRoot::of(&Endpoints::from_rest(&address.parse().expect("an address")))
}

fn place(number: u64) -> DeploymentRef {
    DeploymentRef::new(
        root("https://api.example.com"),
        "acme/shop".parse().expect("a repository"),
        DeploymentId(number),
    )
}

fn status(state: StatusState, description: &str) -> NewStatus {
    NewStatus {
        description: Some(description.to_owned()),
        ..NewStatus::new(state)
    }
}

fn outbox() -> (TempDir, Outbox) {
    let folder = tempfile::tempdir().expect("a folder");
    let outbox = Outbox::open(&folder.path().join("deployctl/outbox.db")).expect("opened");
    (folder, outbox)
}

fn descriptions(outbox: &Outbox) -> Vec<String> {
    let entries = outbox.stored_statuses(None).expect("read");
    entries
        .into_iter()
        .filter_map(|entry| entry.status.description)
        .collect()
}

#[test]
fn what_is_kept_is_read_back_in_order() {
    let (folder, outbox) = outbox();
    let huge = DeploymentId(u64::MAX);
    let far = DeploymentRef {
        id: huge,
        ..place(1)
    };
    let after = Some(StatusId(u64::MAX));
    outbox
        .store(&place(1), &status(StatusState::InProgress, "a"), None)
        .expect("kept");
    outbox
        .store(&far, &status(StatusState::Success, "b"), after)
        .expect("kept");
    outbox
        .store(&place(1), &status(StatusState::Failure, "c"), None)
        .expect("kept");
    assert_eq!(descriptions(&outbox), ["a", "b", "c"]);
    drop(outbox);
    let path = folder.path().join("deployctl/outbox.db");
    let outbox = Outbox::open_existing(&path)
        .expect("opened")
        .expect("there");
    let entries = outbox.stored_statuses(None).expect("read");
    assert_eq!(entries[1].deployment, far);
    assert_eq!(entries[1].after, after);
    assert_eq!(entries[2].status, status(StatusState::Failure, "c"));
    let elsewhere = root("https://api.example.com:444");
    assert_eq!(outbox.stored_statuses(Some(&elsewhere)).expect("read"), []);
    assert_eq!(outbox.origins().expect("read").len(), 1);
    assert!(outbox.remove(entries[0].id).expect("removed"));
    assert!(!outbox.remove(entries[0].id).expect("asked"));
    assert_eq!(descriptions(&outbox), ["b", "c"]);
}

#[test]
fn reading_creates_no_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deployctl/outbox.db");
    assert!(Outbox::open_existing(&path).expect("asked").is_none());
    assert!(!folder.path().join("deployctl").exists());
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("deployctl");
    // As the sandbox creates it.
    std::fs::create_dir(&own).expect("made");
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o755)).expect("set");
    let outbox = Outbox::open(&own.join("outbox.db")).expect("opened");
    outbox
        .store(&place(1), &status(StatusState::Success, "a"), None)
        .expect("kept");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&own), 0o700);
    for file in std::fs::read_dir(&own).expect("listed") {
        let path = file.expect("an entry").path();
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
}

#[test]
fn a_run_ends_in_one_step() {
    let (_folder, outbox) = outbox();
    let note = outbox
        .note_run(&place(1), Some(StatusId(7)), &StatusUrls::default(), None)
        .expect("noted");
    assert_eq!(descriptions(&outbox), Vec::<String>::new());
    assert_eq!(
        outbox.report_killed_runs().expect("swept"),
        0,
        "its process is alive"
    );
    outbox
        .end_run(note, &status(StatusState::Success, "done"), false)
        .expect("ended");
    assert_eq!(outbox.report_killed_runs().expect("swept"), 0);
    let entries = outbox.stored_statuses(None).expect("read");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].after, Some(StatusId(7)));
    assert!(
        outbox
            .end_run(note, &status(StatusState::Success, "again"), false)
            .is_err()
    );
}

#[test]
fn a_run_whose_process_is_gone_is_reported_once() {
    let (folder, first) = outbox();
    let path = folder.path().join("deployctl/outbox.db");
    let addresses = StatusUrls {
        log_url: Some("https://log".to_owned()),
        environment_url: None,
    };
    first
        .note_run(&place(1), None, &addresses, None)
        .expect("noted");
    let second = Outbox::open(&path).expect("opened");
    assert_eq!(
        second.report_killed_runs().expect("swept"),
        0,
        "the first process is alive"
    );
    drop(first);
    let third = Outbox::open(&path).expect("opened");
    let found = [
        second.report_killed_runs().expect("swept"),
        third.report_killed_runs().expect("swept"),
    ];
    assert_eq!(found, [1, 0]);
    let entries = third.stored_statuses(None).expect("read");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].status.state, StatusState::Error);
    assert_eq!(entries[0].status.log_url.as_deref(), Some("https://log"));
    let words = entries[0].status.description.as_deref().unwrap_or_default();
    assert!(words.contains("was killed"), "{words}");
    assert!(words.chars().count() <= crate::model::DESCRIPTION_LIMIT);
}

#[test]
fn a_forgotten_run_leaves_nothing() {
    let (_folder, outbox) = outbox();
    let note = outbox
        .note_run(&place(1), None, &StatusUrls::default(), None)
        .expect("noted");
    outbox.forget_run(note).expect("forgotten");
    let count: i64 = outbox
        .read(|connection| connection.query_row("SELECT count(*) FROM place", [], |row| row.get(0)))
        .expect("counted");
    assert_eq!(count, 0);
}

#[test]
fn one_at_a_time_sends_for_a_deployment() {
    let (folder, first) = outbox();
    first
        .store(&place(1), &status(StatusState::Success, "a"), None)
        .expect("kept");
    let key = first.stored_statuses(None).expect("read")[0].deployment_key;
    let second = Outbox::open(&folder.path().join("deployctl/outbox.db")).expect("opened");
    let guard = first.start_sending(key).expect("asked").expect("free");
    assert!(
        first.start_sending(key).expect("asked").is_none(),
        "not twice in one process"
    );
    assert!(second.start_sending(key).expect("asked").is_none());
    drop(guard);
    let guard = second.start_sending(key).expect("asked").expect("free");
    assert!(first.start_sending(key).expect("asked").is_none());
    // As after a kill: nothing is released, and the lock ends with its process.
    std::mem::forget(guard);
    drop(second);
    assert!(first.start_sending(key).expect("asked").is_some());
}

fn wish() -> NewDeployment {
    NewDeployment {
        ref_name: "main".to_owned(),
        task: "deploy".to_owned(),
        auto_merge: false,
        required_contexts: None,
        payload: Some(serde_json::from_str(r#"{"b":1,"a":[]}"#).expect("JSON")),
        environment: "staging".to_owned(),
        description: None,
        transient_environment: false,
        production_environment: false,
    }
}

#[test]
fn a_request_is_lost_only_with_its_process() {
    let (folder, outbox) = outbox();
    let DeploymentRef { origin, repo, .. } = place(1);
    let request = |outbox: &Outbox| {
        outbox
            .note_request(&origin, &repo, &wish(), &StatusUrls::default())
            .expect("noted")
    };
    let lost = |outbox: &Outbox| outbox.lost_requests(None).expect("read");
    request(&outbox);
    let refused = request(&outbox);
    outbox.withdraw_request(refused).expect("withdrawn");
    let answered = request(&outbox);
    let note = outbox
        .note_created(answered, &place(1), &StatusUrls::default(), None)
        .expect("noted");
    assert_eq!(lost(&outbox), []);
    outbox.forget_run(note).expect("forgotten");
    // As after a kill: another process finds that the owner has exited.
    drop(outbox);
    let path = folder.path().join("deployctl/outbox.db");
    let outbox = Outbox::open(&path).expect("opened");
    let found = lost(&outbox);
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].new, &found[0].repo), (&wish(), &repo));
    assert!(
        !found[0].settles_in().is_zero(),
        "its request may be under way"
    );
    assert_eq!(
        outbox.origins().expect("read"),
        std::slice::from_ref(&origin)
    );
    assert!(!found[0].is_too_old());
    outbox
        .read(|connection| {
            connection.execute("UPDATE request SET began_at = '2026-01-01T00:00:00Z'", [])
        })
        .expect("long ago");
    assert!(lost(&outbox)[0].is_too_old());
    assert!(
        outbox
            .report_lost_request(&found[0], &place(7))
            .expect("kept")
    );
    assert!(
        !outbox
            .report_lost_request(&found[0], &place(7))
            .expect("kept")
    );
    let entries = outbox.stored_statuses(None).expect("read");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].deployment, place(7));
    assert_eq!(entries[0].status.state, StatusState::Error);
}

#[test]
fn an_older_outbox_is_brought_up_to_date_with_what_is_in_it() {
    let (folder, outbox) = outbox();
    outbox
        .store(&place(1), &status(StatusState::Success, "kept"), None)
        .expect("kept");
    outbox
        .read(|connection| connection.execute_batch("DROP TABLE request; ALTER TABLE note DROP COLUMN command; ALTER TABLE note DROP COLUMN output; PRAGMA user_version = 1"))
        .expect("as it was");
    drop(outbox);
    let outbox = Outbox::open(&folder.path().join("deployctl/outbox.db")).expect("opened");
    assert_eq!(descriptions(&outbox), ["kept"]);
    assert_eq!(outbox.lost_requests(None).expect("read"), []);
}

#[test]
fn a_newer_outbox_is_left_alone() {
    let (folder, outbox) = outbox();
    outbox
        .read(|connection| connection.pragma_update(None, "user_version", 9))
        .expect("set");
    drop(outbox);
    let again = Outbox::open(&folder.path().join("deployctl/outbox.db"));
    assert!(matches!(again, Err(OutboxError::Newer(9))));
}

#[test]
fn it_can_be_made_by_many_at_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deployctl/outbox.db");
        std::thread::scope(|scope| {
            for number in 1..=8 {
                let path = &path;
                scope.spawn(move || {
                    let outbox = Outbox::open(path).expect("opened");
                    outbox
                        .store(&place(number), &status(StatusState::Success, "x"), None)
                        .expect("kept");
                });
            }
        });
        let outbox = Outbox::open(&path).expect("opened");
        assert_eq!(outbox.stored_statuses(None).expect("read").len(), 8);
    }
}

#[test]
fn many_threads_use_it_at_once() {
    let (folder, outbox) = outbox();
    drop(outbox);
    let path = folder.path().join("deployctl/outbox.db");
    std::thread::scope(|scope| {
        for number in 1..=8 {
            let path = &path;
            scope.spawn(move || {
                let outbox = Outbox::open(path).expect("opened");
                for _ in 0..5 {
                    outbox
                        .store(&place(number), &status(StatusState::Success, "x"), None)
                        .expect("kept");
                }
            });
        }
    });
    let outbox = Outbox::open(&path).expect("opened");
    assert_eq!(outbox.stored_statuses(None).expect("read").len(), 40);
}
