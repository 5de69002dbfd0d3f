use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use crate::env::{self, Env};
use crate::model::Host;

const GH_CLI_TIMEOUT: Duration = Duration::from_secs(5);
/// The most output of gh that is read; no token is this long.
const MAX_TOKEN_BYTES: u64 = 4096;

/// GitHub's command line, whose login can be used.
#[derive(Clone, Debug)]
pub(crate) struct Gh {
    program: PathBuf,
    timeout: Duration,
}

impl Gh {
    /// Finds gh on the `PATH`, but never in the working directory. `None` with
    /// `DEPLOYCTL_NO_GH`.
    pub(crate) fn new(env: &Env) -> Option<Self> {
        if env.is_on(env::DEPLOYCTL_NO_GH) {
            return None;
        }
        Some(Self {
            program: env.find_program("gh")?,
            timeout: GH_CLI_TIMEOUT,
        })
    }

    /// The token that gh has for exactly this host (`gh auth token`); `None` if
    /// it has none, fails, or takes longer than 5 s.
    pub(crate) async fn token(&self, host: &Host) -> Option<SecretString> {
        let (gh, host) = (self.clone(), host.clone());
        let asked = tokio::task::spawn_blocking(move || gh.ask(&host));
        asked.await.ok().flatten()
    }

    fn ask(&self, host: &Host) -> Option<SecretString> {
        let mut command = Command::new(&self.program);
        command
            .args(["auth", "token", "--hostname", host.as_str()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // With a token in its environment, gh would return it for any host.
        for name in env::TOKENS {
            command.env_remove(name);
        }
        let until = Instant::now() + self.timeout;
        let mut child = command.spawn().ok()?;
        let printed = printed(&mut child, until);
        let printed = printed.filter(|_| succeeds(&mut child, until));
        if printed.is_none() {
            // Both fail if gh has just ended.
            let _ = child.kill();
            let _ = child.wait();
        }
        let printed = printed?;
        let token = printed.trim();
        (!token.is_empty()).then(|| SecretString::from(token))
    }
}

/// The hosts of gh's logins: the keys of the top level of its file. gh keeps it
/// readable even if the tokens are in the keyring.
pub(crate) fn gh_hosts(env: &Env) -> Vec<String> {
    let by_default = || {
        let name = if cfg!(windows) { "GitHub CLI" } else { "gh" };
        Some(env.config_home()?.join(name))
    };
    let folder = env.get(env::GH_CONFIG_DIR).map(PathBuf::from);
    let Some(folder) = folder.or_else(by_default) else {
        return Vec::new();
    };
    let text = fs::read_to_string(folder.join("hosts.yml")).unwrap_or_default();
    text.lines()
        .filter(|line| !line.starts_with([' ', '\t', '#', '-']))
        .filter_map(|line| line.split_once(':'))
        .map(|(host, _)| host.trim_matches(['"', '\'']).to_lowercase())
        .collect()
}

/// The output of gh; `None` if it does not end in time. A thread reads it, so
/// that a process that gh left behind cannot block this one.
fn printed(child: &mut Child, until: Instant) -> Option<String> {
    let pipe = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let read = pipe.take(MAX_TOKEN_BYTES).read_to_string(&mut text);
        // After the timeout nobody receives it.
        drop(sender.send(read.is_ok().then_some(text)));
    });
    let left = until.saturating_duration_since(Instant::now());
    receiver.recv_timeout(left).ok().flatten()
}

/// Whether gh succeeds in time.
fn succeeds(child: &mut Child, until: Instant) -> bool {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(2)),
            Ok(None) | Err(_) => return false,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn gh(script: &str) -> (tempfile::TempDir, Gh) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("gh");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("changed");
        let folder_name = folder.path().to_str().expect("Unicode").to_owned();
        let env = Env::from_pairs([(env::PATH.to_owned(), folder_name)]);
        let gh = Gh::new(&env).expect("found");
        (folder, gh)
    }

    #[test]
    fn the_hosts_of_gh_are_those_of_its_logins() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_str().expect("Unicode").to_owned();
        let env = Env::from_pairs([(env::GH_CONFIG_DIR.to_owned(), path)]);
        assert_eq!(gh_hosts(&env), [""; 0]);
        let text = "# logins\ngithub.com:\n    user: octocat\n    users:\n        octocat:\n\
                    \"GHE.example.com\":\n    git_protocol: https\n";
        fs::write(folder.path().join("hosts.yml"), text).expect("written");
        assert_eq!(gh_hosts(&env), ["github.com", "ghe.example.com"]);
    }

    async fn token(script: &str) -> Option<String> {
        let (_folder, gh) = gh(script);
        let token = gh.token(&Host::github()).await;
        token.map(|token| token.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn it_is_asked_for_one_host() {
        assert_eq!(
            token(r#"echo "$*" | tr ' ' '_'"#).await.as_deref(),
            Some("auth_token_--hostname_github.com")
        );
    }

    #[tokio::test]
    async fn a_gh_that_fails_or_says_nothing_has_no_token() {
        assert_eq!(token("echo no oauth token; exit 1").await, None);
        assert_eq!(token("exit 0").await, None);
        assert_eq!(token("printf '\\377\\376'").await, None);
    }

    #[tokio::test]
    async fn a_gh_that_hangs_is_ended() {
        for script in [
            "sleep 30 & exec sleep 30",
            "echo token; exec sleep 30",
            "echo token; exec sleep 30 >/dev/null",
        ] {
            let (_folder, mut gh) = gh(script);
            gh.timeout = Duration::from_millis(200);
            let began = Instant::now();
            assert!(gh.token(&Host::github()).await.is_none(), "{script}");
            assert!(began.elapsed() < Duration::from_secs(10), "{script}");
        }
    }

    #[test]
    fn it_can_be_switched_off_and_is_never_taken_from_here() {
        let (folder, _) = gh("echo x");
        let path = folder.path().to_str().expect("Unicode").to_owned();
        let env = |pairs: Vec<(&str, &str)>| {
            Env::from_pairs(pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())))
        };
        assert!(Gh::new(&env(vec![(env::PATH, &path)])).is_some());
        assert!(Gh::new(&env(vec![(env::PATH, &path), (env::DEPLOYCTL_NO_GH, "1")])).is_none());
        assert!(Gh::new(&env(vec![(env::PATH, &path), (env::DEPLOYCTL_NO_GH, "0")])).is_some());
        assert!(Gh::new(&env(vec![(env::PATH, ".")])).is_none());
    }
}
