use std::process::{Command, Stdio};

use crate::env::{self, Env};

/// Opens a page in the user's browser (`$BROWSER`, otherwise the system's
/// default) without waiting for it. Only `https://` URLs, and `http://` URLs of
/// this machine, are opened. Returns whether a program could be started.
pub(crate) fn open_page(env: &Env, url: &str) -> bool {
    let is_page = url::Url::parse(url).is_ok_and(|url| {
        url.scheme() == "https"
            || (url.scheme() == "http"
                && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")))
    });
    is_page
        && openers(env).into_iter().any(|(program, args)| {
            let Some(path) = env.find_program(program) else {
                return false;
            };
            let mut command = Command::new(path);
            command
                .args(args)
                .arg(url)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            for name in env::TOKENS {
                command.env_remove(name);
            }
            // Ctrl-C and the end of the terminal are not meant for the browser.
            #[cfg(unix)]
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
            command.spawn().is_ok()
        })
}

/// The programs that open a page, in order of preference, with their arguments.
fn openers(env: &Env) -> Vec<(&str, &'static [&'static str])> {
    const NONE: &[&str] = &[];
    let mut openers = Vec::new();
    // BROWSER may be a list; only program names are used.
    if let Some(list) = env.get(env::BROWSER) {
        openers.extend(
            list.split(':')
                .filter(|name| !name.is_empty())
                .map(|name| (name, NONE)),
        );
    }
    if cfg!(target_os = "macos") {
        openers.push(("open", NONE));
    } else if cfg!(windows) {
        openers.push(("rundll32", &["url.dll,FileProtocolHandler"]));
    } else {
        openers.extend([("xdg-open", NONE), ("wslview", NONE)]);
    }
    openers
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn only_pages_are_opened_and_by_the_users_browser() {
        let folder = tempfile::tempdir().expect("a folder");
        let (seen, script) = (folder.path().join("seen"), folder.path().join("mosaic"));
        let text = format!(
            "#!/bin/sh\nprintf '%s' \"$*\" > {0}.new && mv {0}.new {0}\n",
            seen.display()
        );
        std::fs::write(&script, text).expect("written");
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("changed");
        let path = format!("{}:/usr/bin:/bin", folder.path().display());
        let env = Env::from_pairs([
            (env::BROWSER.to_owned(), "missing:mosaic".to_owned()),
            (env::PATH.to_owned(), path),
        ]);
        for url in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://github.com",
            "-x",
            "",
        ] {
            assert!(!open_page(&env, url), "{url}");
        }
        assert!(open_page(&env, "https://github.com/login/device"));
        let began = Instant::now();
        while !seen.exists() && began.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let opened = std::fs::read_to_string(&seen).expect("opened");
        assert_eq!(opened, "https://github.com/login/device");
    }

    #[test]
    fn without_a_browser_that_is_said() {
        let env = Env::from_pairs([]);
        assert!(!open_page(&env, "https://github.com/login/device"));
    }
}
