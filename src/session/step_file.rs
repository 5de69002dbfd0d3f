use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use anyhow::Context;

use super::global::GlobalArgs;
use crate::env::{self, Env};
use crate::error::{Failure, Kind};

/// A file that a step of GitHub Actions adds text to, if an option is given.
pub(crate) struct StepFile {
    option: &'static str,
    variable: &'static str,
    /// The commands that have the option.
    commands: &'static [&'static str],
    is_requested: fn(&GlobalArgs) -> bool,
}

/// The outputs of the step, which later steps can use.
pub(crate) const OUTPUT: StepFile = StepFile {
    option: "--github-output",
    variable: env::GITHUB_OUTPUT,
    commands: &["create", "promote", "rollback", "run", "status", "wait"],
    is_requested: |global| global.github_output,
};

/// The summary that is shown with the run.
pub(crate) const SUMMARY: StepFile = StepFile {
    option: "--github-summary",
    variable: env::GITHUB_STEP_SUMMARY,
    commands: &[
        "create",
        "promote",
        "rollback",
        "list",
        "run",
        "status",
        "wait",
        "deactivate",
        "delete",
        "reap",
    ],
    is_requested: |global| global.github_summary,
};

impl StepFile {
    /// Whether a command has the option. Subcommands do not have it.
    pub(crate) fn is_for(&self, command: &str) -> bool {
        self.commands.contains(&command)
    }

    /// Refuses the option for a command that does not have it.
    pub(crate) fn check_command(
        &self,
        global: &GlobalArgs,
        command: Option<&str>,
    ) -> Result<(), Failure> {
        if !self.is_requested(global) || command.is_some_and(|command| self.is_for(command)) {
            return Ok(());
        }
        let (last, others) = self.commands.split_last().unwrap_or((&"", &[]));
        let (option, others) = (self.option, others.join(", "));
        let what = format!("{option} is for {others} and {last}");
        Err(Failure::new(Kind::Usage, what))
    }

    pub(crate) fn is_requested(&self, global: &GlobalArgs) -> bool {
        (self.is_requested)(global)
    }

    /// Adds a text to the file, if the option is given.
    pub(crate) fn append(
        &self,
        env: &Env,
        global: &GlobalArgs,
        text: impl FnOnce() -> anyhow::Result<String>,
    ) -> anyhow::Result<()> {
        if !self.is_requested(global) {
            return Ok(());
        }
        let path = self.path(env)?;
        let text = text()?;
        append(path, &text).with_context(|| format!("writing {path}"))
    }

    /// Checks that the file can be written, before anything is sent.
    pub(crate) fn check(&self, env: &Env, global: &GlobalArgs) -> Result<(), Failure> {
        if !self.is_requested(global) {
            return Ok(());
        }
        let path = self.path(env)?;
        open(path).map(drop).map_err(|error| {
            let option = self.option;
            Failure::new(
                Kind::Usage,
                format!("{option}: {path} can't be written: {error}"),
            )
        })
    }

    fn path<'e>(&self, env: &'e Env) -> Result<&'e str, Failure> {
        env.get(self.variable).ok_or_else(|| {
            let (option, variable) = (self.option, self.variable);
            Failure::new(
                Kind::Usage,
                format!("{option} is for GitHub Actions: {variable} is not set"),
            )
        })
    }
}

fn open(path: &str) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Appends lines to the file, on a new line if its last line is not complete.
fn append(path: &str, lines: &str) -> io::Result<()> {
    let mut file = open(path)?;
    let separator = if has_incomplete_line(path) { "\n" } else { "" };
    file.write_all(format!("{separator}{lines}").as_bytes())
}

/// Whether the last byte is no line break; false for a file that cannot be read,
/// such as a pipe.
fn has_incomplete_line(path: &str) -> bool {
    let is_file = fs::metadata(path).is_ok_and(|found| found.is_file());
    let last = || -> io::Result<u8> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        Ok(last[0])
    };
    is_file && last().is_ok_and(|byte| byte != b'\n')
}
