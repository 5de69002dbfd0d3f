use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::model::{Deployment, DeploymentId, RepoSlug, StatusState};
use jiff::Timestamp;

const SERVER: &str = "https://api.github.com/";

fn deployment(id: u64) -> Deployment {
    serde_json::from_value(serde_json::json!({
        "id": id, "sha": "a".repeat(40), "ref": "main", "task": "deploy",
        "environment": "staging", "payload": {"secret": 1},
        "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
    }))
    .expect("a deployment")
}

fn repository() -> RepoSlug {
    "Octocat/hello-world".parse().expect("a repository")
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("in range")
}

async fn take(journal: &Journal, delivery: &str, id: u64) -> DeliveryResult {
    let told = deployment(id);
    journal
        .record_delivery(
            delivery,
            "deployment",
            Some((&repository(), &told, false)),
            now(),
        )
        .await
        .expect("taken")
}

#[tokio::test]
async fn a_delivery_and_a_deployment_are_taken_once() {
    let folder = TempDir::new().expect("a folder");
    let journal = Journal::open(folder.path(), SERVER).expect("opened");
    assert_eq!(take(&journal, "a", 7).await, DeliveryResult::New);
    assert_eq!(take(&journal, "a", 7).await, DeliveryResult::Repeated);
    assert_eq!(
        take(&journal, "b", 7).await,
        DeliveryResult::KnownDeployment
    );
    let nothing = journal.record_delivery("c", "push", None, now()).await;
    assert_eq!(nothing.expect("taken"), DeliveryResult::Irrelevant);
    assert_eq!(journal.open_entries().await.expect("read").len(), 1);

    let instance = journal.instance().to_owned();
    drop(journal);
    let journal = open_again(folder.path());
    assert_eq!(journal.instance(), instance, "the same agent as before");
    assert_eq!(take(&journal, "a", 7).await, DeliveryResult::Repeated);
    let later = now() + std::time::Duration::from_secs(15 * 86_400);
    journal.forget_deliveries(later).await.expect("forgotten");
    assert_eq!(
        take(&journal, "a", 7).await,
        DeliveryResult::KnownDeployment
    );
}

/// The writer thread outlives its journal, and only releases its lock when it
/// ends.
fn open_again(folder: &Path) -> Journal {
    for _ in 0..1000 {
        match Journal::open(folder, SERVER) {
            Err(JournalError::InUse { .. }) => std::thread::sleep(Duration::from_millis(5)),
            opened => return opened.expect("opened"),
        }
    }
    panic!("it stays locked");
}

#[tokio::test]
async fn a_storm_is_written_together_and_each_once() {
    let folder = TempDir::new().expect("a folder");
    let journal = Journal::open(folder.path(), SERVER).expect("opened");
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..600_u64 {
        let journal = journal.clone();
        tasks.spawn(
            async move { take(&journal, &format!("d{}", number / 3), 1 + number / 3).await },
        );
    }
    let taken = tasks.join_all().await;
    let new = taken
        .iter()
        .filter(|taken| **taken == DeliveryResult::New)
        .count();
    let again = taken
        .iter()
        .filter(|taken| **taken == DeliveryResult::Repeated)
        .count();
    assert_eq!((new, again), (200, 400));
    let open = journal.open_entries().await.expect("read");
    let ids: HashSet<u64> = open.iter().map(|entry| entry.id().0).collect();
    assert_eq!((open.len(), ids.len()), (200, 200));
}

#[tokio::test]
async fn states_follow_each_other_and_done_is_closed() {
    let folder = TempDir::new().expect("a folder");
    let journal = Journal::open(folder.path(), SERVER).expect("opened");
    let id = DeploymentId(7);
    take(&journal, "a", 7).await;
    journal.set_claimed(id).await.expect("claimed");
    let rejected = journal
        .set_verdict(id, Verdict::SupersededBy(DeploymentId(9)))
        .await;
    assert!(rejected.expect("judged"));
    assert!(
        !journal
            .set_verdict(id, Verdict::Rejected)
            .await
            .expect("judged"),
        "once only"
    );
    let entry = journal.entry(id).await.expect("read").expect("there");
    assert_eq!(entry.state, EntryState::Claimed);
    assert_eq!(entry.verdict, Some(Verdict::SupersededBy(DeploymentId(9))));
    let started = StartedCommand {
        at: now(),
        session: Some(3),
    };
    journal.set_running(id, started).await.expect("started");
    let entry = journal.entry(id).await.expect("read").expect("there");
    assert_eq!((entry.state, entry.session), (EntryState::Running, Some(3)));
    journal.set_finishing(id).await.expect("finishing");
    assert_eq!(journal.counts().await.expect("read").running, 1);
    let outcome = DeploymentOutcome::Reported(StatusState::Success);
    journal.close(id, outcome, None, now()).await.expect("done");
    assert_eq!(journal.open_entries().await.expect("read"), []);
    let entry = journal.entry(id).await.expect("read").expect("there");
    assert!(
        entry.deployment.payload.is_empty(),
        "it is kept no longer than needed"
    );

    let look = JournalReader::open(folder.path()).expect("while the agent runs");
    let seen = look.deployments(10).expect("read");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].outcome.as_deref(), Some("success"));
    assert_eq!(seen[0].ref_name.as_deref(), Some("main"));
    assert_eq!(seen[0].started_at, Some(now()));
}

#[tokio::test]
async fn a_journal_belongs_to_one_agent_and_one_server() {
    let folder = TempDir::new().expect("a folder");
    assert!(matches!(
        JournalReader::open(folder.path()),
        Err(JournalError::Missing(_))
    ));
    let journal = Journal::open(folder.path(), SERVER).expect("opened");
    let pid = std::process::id().to_string();
    match Journal::open(folder.path(), SERVER) {
        Err(JournalError::InUse { pid: told, .. }) => assert_eq!(told, Some(pid)),
        other => panic!("{:?}", other.err()),
    }
    drop(journal);
    drop(open_again(folder.path()));
    for _ in 0..1000 {
        match Journal::open(folder.path(), "http://127.0.0.1:1/").err() {
            Some(JournalError::InUse { .. }) => std::thread::sleep(Duration::from_millis(5)),
            Some(JournalError::OtherServer { theirs, .. }) => {
                assert_eq!(theirs, SERVER);
                return;
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("it stays locked");
}

#[tokio::test]
async fn a_cursor_moves_with_what_was_found() {
    let folder = TempDir::new().expect("a folder");
    let journal = Journal::open(folder.path(), SERVER).expect("opened");
    assert_eq!(journal.cursor(&repository()).await.expect("read"), None);
    let cursor = Cursor {
        newest_id: DeploymentId(8),
        newest_at: now(),
        floor: now(),
    };
    take(&journal, "a", 7).await;
    let found = vec![deployment(7), deployment(8)];
    let added = journal
        .record_polled(&repository(), found, Some(cursor), now())
        .await;
    assert_eq!(added.expect("taken"), [DeploymentId(8)]);
    let lower: RepoSlug = "octocat/HELLO-world".parse().expect("a repository");
    assert_eq!(journal.cursor(&lower).await.expect("read"), Some(cursor));
}
