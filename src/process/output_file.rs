//! The files that a command shares with us: its payload, and what it writes
//! for the status that reports its end.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use url::Url;

use crate::model::Payload;
use crate::private_file;

/// The most bytes of the output file that are read.
const LARGEST: u64 = 64 * 1024;

/// A private folder (0700) with the files of one command; it is removed with
/// this value.
#[derive(Debug)]
pub(crate) struct Files {
    folder: TempDir,
}

/// What a command wrote for its status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// `description=`, not yet cut to what a status takes.
    pub description: Option<String>,
    /// `log_url=`, an http or https address.
    pub log_url: Option<String>,
    /// `environment_url=`, an http or https address.
    pub environment_url: Option<String>,
    /// What could not be used, in words for a person. It may hold the
    /// command's text.
    pub warnings: Vec<String>,
}

impl Files {
    /// Makes the folder, the payload's file and an empty output file, all for
    /// the user alone.
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

    /// The file with the payload, as JSON.
    pub(crate) fn payload(&self) -> PathBuf {
        self.folder.path().join("payload.json")
    }

    /// The file that the command may write to, as to the `GITHUB_OUTPUT` of
    /// GitHub Actions: lines of `NAME=VALUE`, or `NAME<<END`, lines, `END`.
    pub(crate) fn output(&self) -> PathBuf {
        self.folder.path().join("output")
    }

    /// Reads what the command wrote. What can't be read or used is a warning,
    /// never an error: how the command ended has to be told in any case.
    pub(crate) fn written(&self) -> Written {
        match read(&self.output()) {
            Ok(text) => Written::parse(&text),
            Err(error) => Written {
                warnings: vec![format!("the output file can't be read: {error}")],
                ..Written::default()
            },
        }
    }
}

fn read(path: &Path) -> io::Result<String> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => return Err(io::Error::other("it is no longer a file")),
        Ok(found) if found.len() > LARGEST => {
            return Err(io::Error::other(format!(
                "it has more than {LARGEST} bytes"
            )));
        }
        Ok(_) => {}
        // Whoever removes it has nothing to say.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error),
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl Written {
    /// Reads the lines of an output file; of a name that is given twice the
    /// last counts.
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
                                written.warn(number, &format!("no line {end:?} ends the value"));
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
            written.take(number, name.trim(), value.trim());
        }
        written
    }

    fn take(&mut self, number: usize, name: &str, value: &str) {
        let field = match name {
            "description" => &mut self.description,
            "environment_url" => &mut self.environment_url,
            "log_url" => &mut self.log_url,
            _ => {
                let known = "there are description, environment_url and log_url";
                self.warn(number, &format!("{name:?} is not known: {known}"));
                return;
            }
        };
        if value.is_empty() {
            *field = None;
        } else if name == "description" || is_address(value) {
            *field = Some(value.to_owned());
        } else {
            self.warn(
                number,
                &format!("{name} is no http or https address: {value:?}"),
            );
        }
    }

    fn warn(&mut self, number: usize, what: &str) {
        self.warnings
            .push(format!("the output file, line {number}: {what}"));
    }
}

/// Whether a text is a whole http or https address.
pub(crate) fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let written = Written::parse(
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
    fn what_is_of_no_use_is_told_and_the_rest_counts() {
        let written = Written::parse(
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
        let written = Written::parse("description=a << b");
        assert_eq!(written.description.as_deref(), Some("a << b"));
    }

    #[test]
    fn the_files_are_private_and_go_with_the_value() {
        let files = Files::new(&Payload::default()).expect("made");
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
        assert_eq!(files.written().description.as_deref(), Some("done"));
        fs::write(&output, vec![b'x'; 65 * 1024]).expect("written");
        assert!(files.written().warnings[0].contains("more than"));
        fs::remove_file(&output).expect("removed");
        assert_eq!(files.written(), Written::default());
        fs::create_dir(&output).expect("made");
        assert!(files.written().warnings[0].contains("no longer a file"));
        drop(files);
        assert!(!payload.parent().expect("a folder").exists());
    }
}
