//! Every environment variable that the program reads, in one registry.
//!
//! Nothing else reads the environment of the process: an [`Env`] is created
//! once and passed on, so that tests can create their own.

use std::collections::HashMap;
use std::env::VarError;
use std::path::PathBuf;

/// Declares a constant for each variable, and the table for help and man pages.
macro_rules! variables {
    ($($name:ident = $meaning:literal;)*) => {
        $(#[doc = $meaning] pub(crate) const $name: &str = stringify!($name);)*

        /// Every variable with its meaning, in the order of the documentation.
        #[doc(hidden)]
        pub const VARIABLES: &[(&str, &str)] = &[$(($name, $meaning)),*];
    };
}

variables! {
    DEPLOYCTL_TOKEN = "token for the host in use; takes precedence over all others";
    DEPLOYCTL_REPO = "repository, [HOST/]OWNER/REPO, when -R is not given";
    DEPLOYCTL_HOST = "host of repositories that are named without a host";
    DEPLOYCTL_API_URL = "root URL of the REST API, instead of the host's own; http for loopback only";
    DEPLOYCTL_SANDBOX = "1 or true: work on the embedded sandbox, like --sandbox";
    DEPLOYCTL_LOCKS = "1: respect locks and freezes, like --respect-locks; 0: also ignore .github/deployctl.toml in the checkout";
    DEPLOYCTL_WEBHOOK_SECRET = "secret that 'sandbox serve' signs webhooks with";
    DEPLOYCTL_CLIENT_ID = "client ID of the OAuth app for 'auth login --web'";
    DEPLOYCTL_COMPLETE = "set by completion scripts: the shell to complete for";
    DEPLOYCTL_NO_GH = "1 or true: do not use the token of gh";
    GH_TOKEN = "token for github.com and *.ghe.com";
    GITHUB_TOKEN = "token for github.com and *.ghe.com, after GH_TOKEN";
    GH_ENTERPRISE_TOKEN = "token for a GitHub Enterprise Server";
    GITHUB_ENTERPRISE_TOKEN = "token for a GitHub Enterprise Server, after GH_ENTERPRISE_TOKEN";
    GH_HOST = "host, after DEPLOYCTL_HOST";
    GH_CONFIG_DIR = "folder of gh's logins, as an extension of gh (default: gh in XDG_CONFIG_HOME)";
    GH_REPO = "repository, after DEPLOYCTL_REPO";
    GH_PROMPT_DISABLED = "any value: never prompt, like --no-input";
    GH_FORCE_TTY = "any value: print as on a terminal; a number sets the width, N% a share of it";
    GH_PAGER = "pager for long results on a terminal; cat: no pager";
    PAGER = "pager, after GH_PAGER";
    LESS = "options of less as the pager (default: FRX)";
    NO_COLOR = "any value: no colour";
    CLICOLOR = "0: no colour";
    CLICOLOR_FORCE = "any value but 0: colour, even when piped";
    CI = "any value: never prompt";
    COLUMNS = "width of the terminal, if it cannot be determined";
    LC_ALL = "locale: bars of block characters need UTF-8";
    LC_CTYPE = "locale, after LC_ALL";
    LANG = "locale, after LC_CTYPE";
    TERM = "dumb: no colour, nothing is redrawn";
    TERM_PROGRAM = "some values: links in tables";
    VTE_VERSION = "5000 or more: links in tables";
    KONSOLE_VERSION = "any value: links in tables";
    WT_SESSION = "any value: links in tables";
    FORCE_HYPERLINK = "any value but 0: links in tables";
    GITHUB_ACTIONS = "true in GitHub Actions";
    GITHUB_ACTOR = "owner of locks in GitHub Actions";
    GITHUB_REPOSITORY = "repository in GitHub Actions, if none is given otherwise";
    GITHUB_SERVER_URL = "server in GitHub Actions, if none is given otherwise";
    GITHUB_API_URL = "root URL of that server's REST API";
    GITHUB_GRAPHQL_URL = "that server's GraphQL endpoint";
    GITHUB_SHA = "commit to deploy in GitHub Actions, unless --ref or the event names another";
    GITHUB_EVENT_NAME = "event that started the run in GitHub Actions";
    GITHUB_EVENT_PATH = "file with that event, for the commit of a pull request or another run";
    GITHUB_OUTPUT = "file for results of a step, with --github-output";
    GITHUB_STEP_SUMMARY = "file for the summary of a run, with --github-summary";
    XDG_CACHE_HOME = "folder for names to complete (default: ~/.cache)";
    XDG_STATE_HOME = "folder for the sandbox's data, the token file, unsent statuses and rate-limit state (default: ~/.local/state)";
    XDG_CONFIG_HOME = "folder for the list of logins (default: ~/.config)";
    APPDATA = "on Windows: folder for the list of logins, after XDG_CONFIG_HOME";
    LOCALAPPDATA = "on Windows: folder for data, after XDG_STATE_HOME and XDG_CACHE_HOME";
    HOME = "home folder of the user";
    DBUS_SESSION_BUS_ADDRESS = "on Linux: address of the session bus of the keyring";
    XDG_RUNTIME_DIR = "on Linux: folder of the bus socket, if DBUS_SESSION_BUS_ADDRESS is not set";
    BROWSER = "web browser for 'auth login --web', instead of the system's";
    PATH = "where git, gh and a browser are found; relative entries are ignored";
}

/// Variables that describe the deployment to the command of `run` or `agent`.
pub(crate) mod command {
    /// The deployment's ID.
    pub(crate) const DEPLOYCTL_DEPLOYMENT_ID: &str = "DEPLOYCTL_DEPLOYMENT_ID";
    /// The environment.
    pub(crate) const DEPLOYCTL_ENVIRONMENT: &str = "DEPLOYCTL_ENVIRONMENT";
    /// The branch, tag or SHA, exactly as it was requested.
    pub(crate) const DEPLOYCTL_REF: &str = "DEPLOYCTL_REF";
    /// The commit.
    pub(crate) const DEPLOYCTL_SHA: &str = "DEPLOYCTL_SHA";
    /// The task.
    pub(crate) const DEPLOYCTL_TASK: &str = "DEPLOYCTL_TASK";
    /// A file with the payload as JSON.
    pub(crate) const DEPLOYCTL_PAYLOAD: &str = "DEPLOYCTL_PAYLOAD";
    /// A file to which the command writes fields of the final status.
    pub(crate) const DEPLOYCTL_OUTPUT: &str = "DEPLOYCTL_OUTPUT";
    /// The identity of the agent; not set by `run`.
    pub(crate) const DEPLOYCTL_AGENT: &str = "DEPLOYCTL_AGENT";
}

/// The variables with tokens and other secrets. Child processes that do not
/// need a token do not get them.
pub(crate) const TOKENS: [&str; 6] = [
    DEPLOYCTL_TOKEN,
    DEPLOYCTL_WEBHOOK_SECRET,
    GH_TOKEN,
    GITHUB_TOKEN,
    GH_ENTERPRISE_TOKEN,
    GITHUB_ENTERPRISE_TOKEN,
];

/// Whether a variable holds a secret according to its name: one part is
/// `TOKEN`, `SECRET`, `PASSWORD` or similar, or the last part is `KEY`, and it
/// is not the path or the name of a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let parts: Vec<&str> = name.split(['_', '-', '.']).collect();
    let last = parts.last().copied().unwrap_or_default();
    let is_about = |part: &&str| {
        [
            "TOKEN",
            "SECRET",
            "PASSWORD",
            "PASSWD",
            "PASSPHRASE",
            "CREDENTIALS",
        ]
        .contains(part)
    };
    let is_of_one = ["FILE", "PATH", "DIR", "NAME", "ID", "URL", "URI"].contains(&last);
    let is_named_last = ["KEY", "APIKEY", "PASS", "PAT"].contains(&last);
    is_named_last || (parts.iter().any(is_about) && !is_of_one)
}

/// Whether a variable names a server, a repository or a token.
fn selects_server_or_token(name: &str) -> bool {
    ["DEPLOYCTL_", "GH_", "GITHUB_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// A snapshot of the environment. It contains tokens, so it has no `Debug`.
pub struct Env {
    values: HashMap<String, String>,
    is_process: bool,
    ignored_signals: Vec<i32>,
    gh_hosts: Vec<String>,
}

impl Env {
    /// The environment of this process. A value that is not Unicode counts as
    /// not set, but as invalid for variables that select a server, a repository
    /// or a token.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn from_process() -> Self {
        let pairs = VARIABLES.iter().filter_map(|(name, _)| {
            let value = match std::env::var(name) {
                Ok(value) => value,
                Err(VarError::NotUnicode(value)) if selects_server_or_token(name) => {
                    value.to_string_lossy().into_owned()
                }
                Err(_) => return None,
            };
            Some(((*name).to_owned(), value))
        });
        Self {
            is_process: true,
            ignored_signals: ignored_signals(),
            ..Self::from_pairs(pairs)
        }
    }

    /// An environment with the given variables.
    pub fn from_pairs<I>(pairs: I) -> Self
    where
        I: IntoIterator<Item = (String, String)>,
    {
        Self {
            values: pairs.into_iter().collect(),
            is_process: false,
            ignored_signals: Vec::new(),
            gh_hosts: Vec::new(),
        }
    }

    /// The environment of an extension of gh, which works on the hosts of gh's
    /// logins.
    pub(crate) fn with_gh_hosts(self, gh_hosts: Vec<String>) -> Self {
        Self { gh_hosts, ..self }
    }

    /// The hosts of gh's logins, if gh runs the program.
    pub(crate) fn gh_hosts(&self) -> &[String] {
        &self.gh_hosts
    }

    /// Whether a signal was ignored when the program started, as with `nohup`
    /// or in the background of a script. Such a signal stays ignored.
    pub fn ignores(&self, signal: i32) -> bool {
        self.ignored_signals.contains(&signal)
    }

    /// The value of a variable that a configuration names; empty counts as not
    /// set.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn named(&self, name: &str) -> Option<String> {
        match self.get(name) {
            Some(value) => Some(value.to_owned()),
            None if self.is_process => std::env::var(name).ok().filter(|value| !value.is_empty()),
            None => None,
        }
    }

    /// The values of all variables whose names indicate a secret, including
    /// those that the program does not read.
    pub fn secrets(&self) -> Vec<String> {
        let own = self.values.iter();
        let mut secrets: Vec<String> = own
            .filter(|(name, _)| is_secret_name(name))
            .map(|(_, value)| value.clone())
            .collect();
        if self.is_process {
            secrets.extend(std::env::vars_os().filter_map(|(name, value)| {
                let value = value.into_string().ok()?;
                is_secret_name(name.to_str()?).then_some(value)
            }));
        }
        secrets
    }

    /// The value of a variable; empty counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Whether a variable is set, and not to `0`, `false` or `no`.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| {
            !matches!(value.to_ascii_lowercase().as_str(), "0" | "false" | "no")
        })
    }

    /// Whether the terminal shows characters beyond ASCII.
    pub fn is_unicode(&self) -> bool {
        let locale = [LC_ALL, LC_CTYPE, LANG]
            .into_iter()
            .find_map(|name| self.get(name));
        let locale = locale.unwrap_or_default().to_ascii_lowercase();
        cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8")
    }

    /// Whether the program runs inside GitHub Actions.
    pub fn in_actions(&self) -> bool {
        self.get(GITHUB_ACTIONS) == Some("true")
    }

    /// The folder for state: `$XDG_STATE_HOME`, on Windows `%LOCALAPPDATA%`,
    /// otherwise `~/.local/state`. `None` without a home folder.
    pub fn state_home(&self) -> Option<PathBuf> {
        self.folder(XDG_STATE_HOME, LOCALAPPDATA, ".local/state")
    }

    /// The folder for caches: `$XDG_CACHE_HOME`, on Windows `%LOCALAPPDATA%`,
    /// otherwise `~/.cache`. `None` without a home folder.
    pub fn cache_home(&self) -> Option<PathBuf> {
        self.folder(XDG_CACHE_HOME, LOCALAPPDATA, ".cache")
    }

    /// The folder for settings: `$XDG_CONFIG_HOME`, on Windows `%APPDATA%`,
    /// otherwise `~/.config`. `None` without a home folder.
    pub fn config_home(&self) -> Option<PathBuf> {
        self.folder(XDG_CONFIG_HOME, APPDATA, ".config")
    }

    fn folder(&self, xdg: &str, windows: &str, below_home: &str) -> Option<PathBuf> {
        let absolute = |name| {
            self.get(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        absolute(xdg)
            .or_else(|| cfg!(windows).then(|| absolute(windows)).flatten())
            .or_else(|| Some(absolute(HOME)?.join(below_home)))
    }

    /// The path of `program` on the `PATH`. Relative entries are ignored, so
    /// that a checkout cannot supply the program.
    pub fn find_program(&self, program: &str) -> Option<PathBuf> {
        let file_name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(self.get(PATH)?)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(&file_name))
            .find(|path| path.is_file())
    }
}

/// The signals that this process ignores now. Empty except on Linux, because
/// other systems do not report them.
#[doc(hidden)]
pub fn ignored_signals() -> Vec<i32> {
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status
            .lines()
            .find_map(|line| line.strip_prefix("SigIgn:"))
            .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or(0);
        (1..=64)
            .filter(|number| mask >> (number - 1) & 1 == 1)
            .collect()
    }
    #[cfg(not(target_os = "linux"))]
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Env {
        Env::from_pairs(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned())),
        )
    }

    #[test]
    fn a_secret_is_known_by_its_name() {
        for name in TOKENS.into_iter().chain([
            "NPM_TOKEN",
            "DB_PASSWORD",
            "AWS_SECRET_ACCESS_KEY",
            "SECRET_KEY_BASE",
            "api_key",
            "DEPLOY_PASS",
        ]) {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "REGION",
            "PATH",
            "TOKEN_FILE",
            "SECRET_NAME",
            "KEYMAP",
            "PWD",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
        let env = env(&[("NPM_TOKEN", "a"), (HOME, "b")]);
        assert_eq!(env.secrets(), ["a"]);
    }

    #[test]
    fn an_empty_value_is_none() {
        assert_eq!(env(&[(GH_REPO, "")]).get(GH_REPO), None);
    }

    #[test]
    fn a_switch_can_be_off() {
        for (value, on) in [
            ("1", true),
            ("true", true),
            ("0", false),
            ("False", false),
            ("", false),
        ] {
            assert_eq!(
                env(&[(DEPLOYCTL_SANDBOX, value)]).is_on(DEPLOYCTL_SANDBOX),
                on,
                "{value:?}"
            );
        }
    }

    #[test]
    fn state_is_kept_under_an_absolute_folder() {
        assert_eq!(
            env(&[(XDG_STATE_HOME, "relative"), (HOME, "/h")]).state_home(),
            Some("/h/.local/state".into())
        );
        assert_eq!(
            env(&[(XDG_STATE_HOME, "/s"), (HOME, "/h")]).state_home(),
            Some("/s".into())
        );
        assert_eq!(env(&[]).state_home(), None);
    }

    #[test]
    fn settings_are_kept_apart_from_state() {
        assert_eq!(
            env(&[(XDG_CONFIG_HOME, "/c"), (HOME, "/h")]).config_home(),
            Some("/c".into())
        );
        assert_eq!(
            env(&[(HOME, "/h")]).config_home(),
            Some("/h/.config".into())
        );
        assert_eq!(env(&[]).config_home(), None);
    }

    #[test]
    fn a_program_is_never_taken_from_a_relative_folder() {
        let here = tempfile::tempdir().expect("a folder");
        let file = here
            .path()
            .join(format!("git{}", std::env::consts::EXE_SUFFIX));
        std::fs::write(&file, "").expect("written");
        let folder = here.path().to_str().expect("Unicode");
        assert_eq!(env(&[(PATH, folder)]).find_program("git"), Some(file));
        assert_eq!(env(&[(PATH, ".:relative")]).find_program("git"), None);
    }
}
