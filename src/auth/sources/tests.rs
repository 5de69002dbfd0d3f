use secrecy::ExposeSecret;

use super::super::TokenKind;
use super::super::store::testing::MemoryStore;
use super::*;
use crate::env;

struct World {
    folder: tempfile::TempDir,
    keyring: Arc<MemoryStore>,
}

impl World {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            keyring: Arc::new(MemoryStore::default()),
        }
    }

    fn env(&self, pairs: &[(&str, &str)]) -> Env {
        let config = self.folder.path().to_str().expect("Unicode");
        let all = pairs
            .iter()
            .copied()
            .chain([(env::XDG_CONFIG_HOME, config)]);
        Env::from_pairs(all.map(|(name, value)| (name.to_owned(), value.to_owned())))
    }

    fn stores(&self) -> TokenStores {
        let keyring: Arc<MemoryStore> = Arc::clone(&self.keyring);
        TokenStores::new(keyring, Arc::new(MemoryStore::default()))
    }

    async fn log_in(&self, host: &str, user: &str) {
        let host: Host = host.parse().expect("a host");
        let token = SecretString::from(format!("token-of-{user}"));
        self.stores()
            .set(Storage::Keyring, &entry(&host, user), &token)
            .await
            .expect("stored");
        let login = Login {
            storage: Storage::Keyring,
            kind: TokenKind::Unknown,
            scopes: None,
            expires_at: None,
        };
        LoginFile::new(&self.env(&[]))
            .expect("a place")
            .change(|logins| logins.add(&host, user, login))
            .expect("written");
        *self.keyring.asked.lock().expect("no panic before") = 0;
    }

    /// A `gh` that has a token for one host. Like the real gh, it returns a
    /// token in its environment for every host.
    #[cfg(unix)]
    fn gh(&self, host: &str) -> String {
        use std::os::unix::fs::PermissionsExt;
        let path = self.folder.path().join("gh");
        let script = format!(
            "#!/bin/sh\nfor t in \"$GH_TOKEN\" \"$GH_ENTERPRISE_TOKEN\" \"$GITHUB_TOKEN\"; do\n[ -n \"$t\" ] && echo \"$t\" && exit\ndone\n[ \"$4\" = {host} ] && echo token-of-gh\n"
        );
        std::fs::write(&path, script).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("changed");
        self.folder.path().to_str().expect("Unicode").to_owned()
    }
}

async fn find(sources: &Sources<'_>, host: &str, named: bool) -> Option<(String, TokenOrigin)> {
    let host: Host = host.parse().expect("a host");
    let endpoints = host.endpoints().expect("addresses");
    let server = Server {
        host,
        endpoints,
        host_is_named: named,
        is_override: false,
    };
    let found = sources.find(&server).await.expect("no store failed")?;
    Some((found.token.expose_secret().to_owned(), found.origin))
}

#[tokio::test]
async fn the_environment_wins_and_the_keyring_is_not_touched() {
    let world = World::new();
    world.log_in("github.com", "mona").await;
    let env = world.env(&[(env::GH_TOKEN, "of-the-environment")]);
    let sources = Sources::with_stores(&env, world.stores());
    let (token, origin) = find(&sources, "github.com", false).await.expect("found");
    assert_eq!(
        (token.as_str(), origin.as_str()),
        ("of-the-environment", "GH_TOKEN")
    );
    assert_eq!(world.keyring.asked(), 0);
}

#[tokio::test]
async fn a_host_without_a_login_does_not_touch_the_keyring() {
    let world = World::new();
    world.log_in("github.com", "mona").await;
    let env = world.env(&[]);
    let sources = Sources::with_stores(&env, world.stores());
    assert_eq!(find(&sources, "git.example.com", true).await, None);
    assert_eq!(world.keyring.asked(), 0);
}

#[tokio::test]
async fn a_stored_token_serves_exactly_its_host_even_if_a_remote_names_it() {
    let world = World::new();
    world.log_in("git.example.com", "mona").await;
    let env = world.env(&[]);
    let sources = Sources::with_stores(&env, world.stores());
    let (token, origin) = find(&sources, "git.example.com", false)
        .await
        .expect("found");
    assert_eq!(token, "token-of-mona");
    assert_eq!(origin.to_string(), "the keyring (mona)");
    for other in [
        "git.example.com:8443",
        "github.com",
        "example.com",
        "x.git.example.com",
    ] {
        assert_eq!(find(&sources, other, false).await, None, "{other}");
    }
}

#[tokio::test]
async fn the_last_user_to_log_in_is_the_one_taken() {
    let world = World::new();
    world.log_in("github.com", "mona").await;
    world.log_in("github.com", "hubot").await;
    let env = world.env(&[]);
    let sources = Sources::with_stores(&env, world.stores());
    let (token, _) = find(&sources, "github.com", false).await.expect("found");
    assert_eq!(token, "token-of-hubot");
}

#[tokio::test]
async fn a_broken_keyring_is_an_error_and_no_other_token_is_taken() {
    let world = World::new();
    world.log_in("github.com", "mona").await;
    let env = world.env(&[]);
    let stores = TokenStores::new(
        Arc::new(MemoryStore::broken()),
        Arc::new(MemoryStore::default()),
    );
    let sources = Sources::with_stores(&env, stores);
    let host = Host::github();
    let server = Server {
        endpoints: host.endpoints().expect("addresses"),
        host: host.clone(),
        host_is_named: false,
        is_override: false,
    };
    let error = sources.find(&server).await.expect_err("unreadable");
    assert!(matches!(error, AuthError::Store { .. }), "{error}");
    let survey = sources.candidates(&server).await.expect("listed");
    assert!(matches!(survey[0].state, CandidateState::Unreadable(_)));
}

#[cfg(unix)]
#[tokio::test]
async fn gh_comes_last_and_is_given_no_token_to_repeat() {
    let world = World::new();
    let path = world.gh("git.example.com");
    let env = world.env(&[(env::PATH, &path)]);
    let sources = Sources::with_stores(&env, world.stores());
    let (token, origin) = find(&sources, "git.example.com", false)
        .await
        .expect("found");
    assert_eq!((token.as_str(), origin), ("token-of-gh", TokenOrigin::Gh));
    assert_eq!(find(&sources, "evil.example", false).await, None);
    world.log_in("git.example.com", "mona").await;
    let (token, _) = find(&sources, "git.example.com", false)
        .await
        .expect("found");
    assert_eq!(token, "token-of-mona");
    let off = world.env(&[(env::PATH, &path), (env::DEPLOYCTL_NO_GH, "1")]);
    let sources = Sources::with_stores(
        &off,
        TokenStores::new(
            Arc::new(MemoryStore::default()),
            Arc::new(MemoryStore::default()),
        ),
    );
    assert_eq!(find(&sources, "git.example.com", false).await, None);
}

#[tokio::test]
async fn a_survey_lists_every_source_and_reads_only_the_one_in_use() {
    let world = World::new();
    world.log_in("github.com", "hubot").await;
    world.log_in("github.com", "mona").await;
    let env = world.env(&[(env::GH_TOKEN, "a"), (env::GITHUB_TOKEN, "b")]);
    let sources = Sources::with_stores(&env, world.stores());
    let host = Host::github();
    let server = Server {
        endpoints: host.endpoints().expect("addresses"),
        host: host.clone(),
        host_is_named: false,
        is_override: false,
    };
    let survey = sources.candidates(&server).await.expect("listed");
    let words: Vec<&str> = survey
        .iter()
        .map(|candidate| candidate.origin.as_str())
        .collect();
    assert_eq!(words, ["GH_TOKEN", "GITHUB_TOKEN", "keyring", "keyring"]);
    assert!(matches!(survey[2].state, CandidateState::Unread));
    assert_eq!(survey[2].origin.to_string(), "the keyring (mona)");
    assert!(matches!(survey[3].state, CandidateState::OtherUser));
    assert_eq!(world.keyring.asked(), 0);
    let shown = format!("{survey:?} {sources:?}");
    assert!(
        !shown.contains("token-of") && !shown.contains("\"a\""),
        "{shown}"
    );
}

#[tokio::test]
async fn a_removed_entry_is_missing_without_an_error() {
    let world = World::new();
    world.log_in("github.com", "mona").await;
    let entry = entry(&Host::github(), "mona");
    assert!(
        world
            .stores()
            .delete(Storage::Keyring, &entry)
            .await
            .expect("deleted")
    );
    let env = world.env(&[]);
    let sources = Sources::with_stores(&env, world.stores());
    assert_eq!(find(&sources, "github.com", false).await, None);
}
