use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use anyhow::Context;

use super::Session;
use crate::env;
use crate::error::{Failure, Kind};

/// A file in which a step of GitHub Actions leaves something behind, if an
/// option asks for it.
pub(crate) struct StepFile {
    option: &'static str,
    variable: &'static str,
    is_wanted: fn(&Session) -> bool,
}

/// What later steps get.
pub(crate) const OUTPUT: StepFile = StepFile {
    option: "--github-output",
    variable: env::GITHUB_OUTPUT,
    is_wanted: |session| session.global.github_output,
};

/// What the page of the run shows.
pub(crate) const SUMMARY: StepFile = StepFile {
    option: "--github-summary",
    variable: env::GITHUB_STEP_SUMMARY,
    is_wanted: |session| session.global.github_summary,
};

impl StepFile {
    /// Whether it is asked for.
    pub(crate) fn is_wanted(&self, session: &Session) -> bool {
        (self.is_wanted)(session)
    }

    /// Adds a text to it, if it is asked for.
    pub(crate) fn append(
        &self,
        session: &Session,
        text: impl FnOnce() -> anyhow::Result<String>,
    ) -> anyhow::Result<()> {
        if !self.is_wanted(session) {
            return Ok(());
        }
        let path = self.path(session)?;
        let text = text()?;
        append(path, &text).with_context(|| format!("writing {path}"))
    }

    /// What keeps it from being written is found before anything is sent.
    pub(crate) fn check(&self, session: &Session) -> Result<(), Failure> {
        if !self.is_wanted(session) {
            return Ok(());
        }
        let path = self.path(session)?;
        open(path).map(drop).map_err(|error| {
            let option = self.option;
            Failure::new(
                Kind::Usage,
                format!("{option}: {path} can't be written: {error}"),
            )
        })
    }

    fn path<'s>(&self, session: &'s Session) -> Result<&'s str, Failure> {
        session.env.get(self.variable).ok_or_else(|| {
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

/// Adds lines below what others wrote, also if they left their last line open.
fn append(path: &str, lines: &str) -> io::Result<()> {
    let mut file = open(path)?;
    let separator = if ends_within_a_line(path) { "\n" } else { "" };
    file.write_all(format!("{separator}{lines}").as_bytes())
}

/// Whether the last byte is no line break. A file that cannot be read, such as
/// a pipe, is taken to end with one.
fn ends_within_a_line(path: &str) -> bool {
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
