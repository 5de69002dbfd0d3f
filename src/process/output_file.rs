//! The files that a command shares with us: its payload, and the fields that it sets for
//! its final status.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use url::Url;

use crate::env::command;
use crate::model::{Deployment, Payload};
use crate::private_file;

const MAX_OUTPUT_BYTES: u64 = 64 * 1024;

/// A private folder (0700) with the files of one command; dropping this value removes
/// it.
#[derive(Debug)]
pub(crate) struct CommandFiles {
    folder: TempDir,
}

/// The fields that a command has set for its final status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OutputFileContent {
    /// `description=`, not yet shortened.
    pub description: Option<String>,
    /// `log_url=`, an http or https URL.
    pub log_url: Option<String>,
    /// `environment_url=`, an http or https URL.
    pub environment_url: Option<String>,
    /// What could not be used, for people. May contain text of the command.
    pub warnings: Vec<String>,
}

impl CommandFiles {
    /// Creates the folder, the payload file and an empty output file.
    pub(crate) fn new(payload: &Payload) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("deployctl-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir()?;
        let files = Self { folder };
        let text = payload.as_json().as_str();
        private_file::create(&files.payload())?.write_all(text.as_bytes())?;
        private_file::create(&files.output())?;
        Ok(files)
    }

    /// The file with the payload as JSON.
    pub(crate) fn payload(&self) -> PathBuf {
        self.folder.path().join("payload.json")
    }

    /// The file to which the command may write, in the format of `GITHUB_OUTPUT` of
    /// GitHub Actions: `NAME=VALUE`, or `NAME<<END`, lines, `END`.
    pub(crate) fn output(&self) -> PathBuf {
        self.folder.path().join("output")
    }

    /// The variables that describe a deployment and these files to the command. None of
    /// these values is ever part of a command line.
    pub(crate) fn variables(&self, deployment: &Deployment) -> Vec<(OsString, OsString)> {
        let id = deployment.id.to_string();
        let texts = [
            (command::DEPLOYCTL_DEPLOYMENT_ID, id.as_str()),
            (command::DEPLOYCTL_ENVIRONMENT, &deployment.environment),
            (command::DEPLOYCTL_REF, &deployment.ref_name),
            (command::DEPLOYCTL_SHA, &deployment.sha),
            (command::DEPLOYCTL_TASK, &deployment.task),
        ];
        let files = [
            (command::DEPLOYCTL_PAYLOAD, self.payload()),
            (command::DEPLOYCTL_OUTPUT, self.output()),
        ];
        texts
            .into_iter()
            // A variable cannot contain a NUL.
            .map(|(name, text)| (name.into(), text.replace('\0', "").into()))
            .chain(files.map(|(name, path)| (name.into(), path.into())))
            .collect()
    }

    /// Reads the output file. Problems are warnings, never errors, since the end of the
    /// command has to be reported in any case.
    pub(crate) fn read_output(&self) -> OutputFileContent {
        match read(&self.output()) {
            Ok(text) => OutputFileContent::parse(&text),
            Err(error) => OutputFileContent {
                warnings: vec![format!("the output file cannot be read: {error}")],
                ..OutputFileContent::default()
            },
        }
    }
}

fn read(path: &Path) -> io::Result<String> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => return Err(io::Error::other("it is no longer a file")),
        Ok(found) if found.len() > MAX_OUTPUT_BYTES => {
            return Err(io::Error::other(format!(
                "it has more than {MAX_OUTPUT_BYTES} bytes"
            )));
        }
        Ok(_) => {}
        // A command may remove it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error),
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_OUTPUT_BYTES)
        .read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl OutputFileContent {
    /// Parses an output file. If a name is set twice, the last value counts.
    pub(crate) fn parse(text: &str) -> Self {
        let mut written = Self::default();
        let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        while let Some((at, line)) = lines.next() {
            let number = at + 1;
            if line.trim().is_empty() {
                continue;
            }
            let (name, value) = match (line.find('='), line.find("<<")) {
                (Some(sign), block) if block.is_none_or(|block| sign < block) => {
                    (&line[..sign], line[sign + 1..].to_owned())
                }
                (_, Some(block)) => {
                    let end = &line[block + 2..];
                    let mut value: Vec<&str> = Vec::new();
                    loop {
                        match lines.next() {
                            Some((_, line)) if line == end => break,
                            Some((_, line)) => value.push(line),
                            None => {
                                written.warn(
                                    number,
                                    &format!("the line {end:?} that ends the value is missing"),
                                );
                                return written;
                            }
                        }
                    }
                    (&line[..block], value.join("\n"))
                }
                _ => {
                    written.warn(number, "neither NAME=VALUE nor NAME<<END");
                    continue;
                }
            };
            written.set(number, name.trim(), value.trim());
        }
        written
    }

    fn set(&mut self, number: usize, name: &str, value: &str) {
        let field = match name {
            "description" => &mut self.description,
            "environment_url" => &mut self.environment_url,
            "log_url" => &mut self.log_url,
            _ => {
                let known = "the names are description, environment_url and log_url";
                self.warn(number, &format!("{name:?} is not known: {known}"));
                return;
            }
        };
        if value.is_empty() {
            *field = None;
        } else if name == "description" || is_web_url(value) {
            *field = Some(value.to_owned());
        } else {
            self.warn(
                number,
                &format!("{name} is not an http or https URL: {value:?}"),
            );
        }
    }

    fn warn(&mut self, number: usize, what: &str) {
        self.warnings
            .push(format!("the output file, line {number}: {what}"));
    }
}

/// Whether a text is a whole http or https address.
pub(crate) fn is_web_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let written = OutputFileContent::parse(
            "\u{feff}environment_url=https://x.example/?a=b\r\n\nlog_url = https://log\ndescription<<EOF\nfirst\nlast=1\nEOF\nlog_url=https://later\n",
        );
        assert_eq!(written.warnings, Vec::<String>::new());
        assert_eq!(
            written.environment_url.as_deref(),
            Some("https://x.example/?a=b")
        );
        assert_eq!(written.log_url.as_deref(), Some("https://later"));
        assert_eq!(written.description.as_deref(), Some("first\nlast=1"));
    }

    #[test]
    fn what_is_of_no_use_is_reported_and_the_rest_counts() {
        let written = OutputFileContent::parse(
            "nonsense\ncolour=red\nlog_url=javascript:alert(1)\nenvironment_url=not an address\ndescription=fine\nlog_url<<END\nhttps://x\n",
        );
        assert_eq!(written.description.as_deref(), Some("fine"));
        assert_eq!((written.log_url, written.environment_url), (None, None));
        assert_eq!(written.warnings.len(), 5, "{:?}", written.warnings);
        assert!(written.warnings[1].contains("line 2: \"colour\" is not known"));
        assert!(written.warnings[4].contains("\"END\""));
    }

    #[test]
    fn a_value_with_a_heredoc_sign_is_a_value() {
        let written = OutputFileContent::parse("description=a << b");
        assert_eq!(written.description.as_deref(), Some("a << b"));
    }

    #[test]
    fn the_files_are_private_and_go_with_the_value() {
        let files = CommandFiles::new(&Payload::default()).expect("made");
        let (payload, output) = (files.payload(), files.output());
        assert_eq!(fs::read_to_string(&payload).expect("read"), "null");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode =
                |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
            assert_eq!(mode(payload.parent().expect("a folder")), 0o700);
            assert_eq!((mode(&payload), mode(&output)), (0o600, 0o600));
        }
        fs::write(&output, "description=done\n").expect("written");
        assert_eq!(files.read_output().description.as_deref(), Some("done"));
        fs::write(&output, vec![b'x'; 65 * 1024]).expect("written");
        assert!(files.read_output().warnings[0].contains("more than"));
        fs::remove_file(&output).expect("removed");
        assert_eq!(files.read_output(), OutputFileContent::default());
        fs::create_dir(&output).expect("made");
        assert!(files.read_output().warnings[0].contains("no longer a file"));
        drop(files);
        assert!(!payload.parent().expect("a folder").exists());
    }
}
