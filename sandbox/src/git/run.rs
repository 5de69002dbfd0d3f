//! One way to run `git`: a clean environment and no terminal.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Why git did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    /// The program could not be started.
    #[error("git could not be run: {0}")]
    Start(#[source] io::Error),
    /// It ran and refused.
    #[error("git {command} failed: {complaint}")]
    Failed {
        /// The subcommand.
        command: String,
        /// Its standard error.
        complaint: String,
    },
    /// It answered with something that is not understood.
    #[error("git {command} answered {answer:?}")]
    Answer {
        /// The subcommand.
        command: String,
        /// The beginning of its answer.
        answer: String,
    },
}

impl GitError {
    pub(super) fn answer(command: &str, answer: &str) -> Self {
        Self::Answer {
            command: command.to_owned(),
            answer: answer.chars().take(200).collect(),
        }
    }
}

/// Credentials of this process, which git does not need.
const TOKENS: [&str; 6] = [
    "DEPLOYCTL_TOKEN",
    "DEPLOYCTL_WEBHOOK_SECRET",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
];

/// Variables that a hook, an editor or a parent git may have left in the
/// environment.
const LEFTOVERS: [&str; 27] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ATTR_SOURCE",
    "GIT_AUTHOR_DATE",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_NAME",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMITTER_DATE",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DEFAULT_HASH",
    "GIT_DIFF_OPTS",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REF_PARANOIA",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Which repository a command is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Home<'a> {
    /// None.
    Nowhere,
    /// The one around this directory.
    Around(&'a Path),
    /// The one with this git directory.
    Directory(&'a Path),
}

/// A way to run git.
pub(super) struct Git<'a> {
    home: Home<'a>,
    variables: Vec<(&'static str, OsString)>,
    input: Vec<u8>,
}

/// The output of a finished command.
pub(super) struct Output {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Output {
    pub(super) fn ok(&self) -> bool {
        self.code == Some(0)
    }

    pub(super) fn code(&self) -> Option<i32> {
        self.code
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.stdout
    }

    pub(super) fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.stderr).trim().to_owned()
    }

    pub(super) fn into_error(self, command: &str) -> GitError {
        GitError::Failed {
            command: command.to_owned(),
            complaint: self.complaint(),
        }
    }
}

impl<'a> Git<'a> {
    pub(super) fn at(home: Home<'a>) -> Self {
        Self {
            home,
            variables: Vec::new(),
            input: Vec::new(),
        }
    }

    pub(super) fn bare() -> Self {
        Self::at(Home::Nowhere)
    }

    pub(super) fn within(path: &'a Path) -> Self {
        Self::at(Home::Around(path))
    }

    /// Sets a variable for the command.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Gives the command something to read. It must read all of it before it
    /// answers at length.
    pub(super) fn reading(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Runs a command and returns its output, whatever its exit status.
    pub(super) fn output(&self, arguments: &[&str]) -> Result<Output, GitError> {
        let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        self.execute(&arguments)
    }

    /// Runs a command that must succeed.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.output(arguments)?;
        if output.ok() {
            Ok(output.text())
        } else {
            Err(output.into_error(arguments.first().unwrap_or(&"")))
        }
    }

    /// Runs a command that must succeed and ends with a path.
    pub(super) fn run_with_path(
        &self,
        arguments: &[&str],
        path: &Path,
    ) -> Result<String, GitError> {
        let mut all: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        all.push(OsStr::new("--"));
        all.push(path.as_os_str());
        let output = self.execute(&all)?;
        if output.ok() {
            Ok(output.text())
        } else {
            Err(output.into_error(arguments.first().unwrap_or(&"")))
        }
    }

    /// The refs with these names, or below these folders, and their objects.
    pub(super) fn refs(&self, names: &[&str]) -> Result<BTreeMap<String, String>, GitError> {
        let mut arguments = vec!["for-each-ref", "--format=%(refname) %(objectname)"];
        arguments.extend(names);
        let listing = self.run(&arguments)?;
        let refs = listing.lines().filter_map(|line| line.split_once(' '));
        Ok(refs
            .map(|(name, sha)| (name.to_owned(), sha.to_owned()))
            .collect())
    }

    fn execute(&self, arguments: &[&OsStr]) -> Result<Output, GitError> {
        let mut command = Command::new("git");
        for name in LEFTOVERS.iter().chain(&TOKENS) {
            command.env_remove(name);
        }
        command
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_NO_LAZY_FETCH", "1");
        match self.home {
            Home::Nowhere => {
                command
                    .env("GIT_CONFIG_GLOBAL", "/dev/null")
                    .env("GIT_CONFIG_NOSYSTEM", "1");
            }
            Home::Around(path) => {
                command.arg("-C").arg(path);
            }
            Home::Directory(path) => {
                // The user's settings must not change the output of a diff or a
                // merge.
                command
                    .env("GIT_CONFIG_GLOBAL", "/dev/null")
                    .env("GIT_CONFIG_NOSYSTEM", "1")
                    .arg("--git-dir")
                    .arg(path);
            }
        }
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command.args(arguments);
        let output = if self.input.is_empty() {
            command.stdin(Stdio::null()).output()
        } else {
            answer_to(command, &self.input)
        };
        let output = output.map_err(GitError::Start)?;
        Ok(Output {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: output.stderr,
        })
    }
}

fn answer_to(mut command: Command, input: &[u8]) -> io::Result<std::process::Output> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        match stdin.write_all(input) {
            // Its answer says why it did not read everything.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            done => done?,
        }
    }
    child.wait_with_output()
}
