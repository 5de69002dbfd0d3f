//! A release with a program for every target, and a local server that plays its page.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use tempfile::TempDir;

use super::cli::binary;

pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A line of `.ci/targets`.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// Rust's name.
    pub(crate) name: String,
    /// gh's name for the platform.
    pub(crate) platform: Option<String>,
    pub(crate) runner: String,
}

impl Target {
    /// The name of the archive.
    pub(crate) fn archive(&self) -> String {
        format!("deployctl-{VERSION}-{}.tar.gz", self.name)
    }

    pub(crate) fn program(&self) -> &'static str {
        if self.name.contains("windows") {
            "deployctl.exe"
        } else {
            "deployctl"
        }
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn targets() -> Vec<Target> {
    let text = fs::read_to_string(root().join(".ci/targets")).expect("the targets");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [name, platform, runner] = words[..] else {
                panic!("three words: {line:?}");
            };
            Target {
                name: name.to_owned(),
                platform: (platform != "-").then(|| platform.to_owned()),
                runner: runner.to_owned(),
            }
        })
        .collect()
}

/// The files of a release. Its programs start the binary under test.
pub(crate) struct Release {
    folder: TempDir,
}

impl Release {
    /// A release for these targets, without the files of package managers.
    pub(crate) fn of(targets: &[Target]) -> Self {
        Self::with_program(targets, &format!("exec '{}' \"$@\"", binary()))
    }

    /// A release whose programs are this shell script.
    pub(crate) fn with_program(targets: &[Target], script: &str) -> Self {
        let release = Self {
            folder: TempDir::with_prefix("release-").expect("a temporary directory"),
        };
        for target in targets {
            let name = format!("deployctl-{VERSION}-{}", target.name);
            let content = TempDir::with_prefix("archive-").expect("a temporary directory");
            let program = content.path().join(&name).join(target.program());
            fs::create_dir_all(program.parent().expect("a folder")).expect("a folder");
            let script = format!("#!/bin/sh\n# {}\n{script}\n", target.name);
            fs::write(&program, script).expect("a program");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
            // The shells of Windows find a program by its name without `.exe` too.
            if target.program() != "deployctl" {
                symlink(target.program(), program.with_file_name("deployctl")).expect("a link");
            }
            let packed = Command::new("tar")
                .arg("-C")
                .arg(content.path())
                .arg("-czf")
                .arg(release.path().join(target.archive()))
                .arg(&name)
                .status();
            assert!(packed.expect("tar").success());
            if let Some(platform) = &target.platform {
                let raw = release.path().join(format!("gh-deployctl-{platform}"));
                fs::copy(&program, raw).expect("a copy");
            }
        }
        release
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn read(&self, file: &str) -> String {
        let path = self.path().join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Has `.ci/manifests` write the checksums, the installer and the files of package
    /// managers, and returns whether it succeeds and its messages.
    pub(crate) fn finish(&self, repository: &str, all: bool) -> (bool, String) {
        let output = Command::new("bash")
            .arg(root().join(".ci/manifests"))
            .args(all.then_some("--all"))
            .arg(self.path())
            .env("DEPLOYCTL_REPOSITORY", repository)
            .output()
            .expect("bash runs");
        let messages = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), messages)
    }

    /// The checksums by the names of the files.
    pub(crate) fn sums(&self) -> BTreeMap<String, String> {
        let text = self.read("SHA256SUMS");
        text.lines()
            .map(|line| {
                let (sum, name) = line.split_once("  ").expect("a sum and a name");
                (name.to_owned(), sum.to_owned())
            })
            .collect()
    }

    /// The folder in which `gh extension install .` works, with the binary under test
    /// as the program for this platform.
    pub(crate) fn extension() -> (TempDir, PathBuf) {
        let parent = TempDir::with_prefix("extension-").expect("a temporary directory");
        let folder = parent.path().join("gh-deployctl");
        fs::create_dir(&folder).expect("a folder");
        let launcher = folder.join("gh-deployctl");
        fs::copy(root().join(".ci/gh-deployctl"), &launcher).expect("a copy");
        for platform in targets()
            .iter()
            .filter_map(|target| target.platform.as_ref())
        {
            let program = folder.join(format!("gh-deployctl-{platform}"));
            symlink(binary(), program).expect("a link");
        }
        (parent, launcher)
    }
}

/// Serves a release as GitHub does. It is also a proxy for the same files.
pub(crate) struct ReleasePage {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

const PREFIX: &str = "/acme/deployctl/releases/";

impl ReleasePage {
    pub(crate) fn of(release: &Release) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopped = Arc::new(AtomicBool::new(false));
        let (folder, log, stop) = (
            release.path().to_path_buf(),
            Arc::clone(&requests),
            Arc::clone(&stopped),
        );
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                // A client that ends early is no failure of the server.
                if let Ok(stream) = stream {
                    let _ = answer(stream, &folder, &log);
                }
            }
        });
        Self {
            url,
            requests,
            stopped,
            thread: Some(thread),
        }
    }

    /// The address of the server, which is also that of the proxy.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The address of the repository.
    pub(crate) fn repository(&self) -> String {
        format!("{}/acme/deployctl", self.url)
    }

    /// The targets of the requests so far, without the path of the repository.
    pub(crate) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().expect("a log"))
    }
}

impl Drop for ReleasePage {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.url.trim_start_matches("http://")));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn answer(stream: TcpStream, folder: &Path, requests: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = first.clone();
    while !line.trim_end().is_empty() {
        line.clear();
        reader.read_line(&mut line)?;
    }
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    // A proxy gets the whole address.
    let path = match target.strip_prefix("http://") {
        Some(rest) => &rest[rest.find('/').unwrap_or(rest.len())..],
        None => target.as_str(),
    };
    let path = path.strip_prefix(PREFIX).unwrap_or_default();
    let said = if target.starts_with('/') {
        path
    } else {
        &target
    };
    requests.lock().expect("a log").push(said.to_owned());
    let mut stream = reader.into_inner();
    if let Some(file) = path.strip_prefix("latest/download/") {
        let location = format!("{PREFIX}download/v{VERSION}/{file}");
        write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )?;
    } else {
        let file = path.strip_prefix(&format!("download/v{VERSION}/"));
        match file.and_then(|file| fs::read(folder.join(file)).ok()) {
            Some(content) => {
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    content.len()
                )?;
                stream.write_all(&content)?;
            }
            None => write!(
                stream,
                "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\n\r\nNot Found"
            )?,
        }
    }
    stream.flush()?;
    stream.shutdown(std::net::Shutdown::Write)?;
    // The client may still be sending.
    let _ = stream.read(&mut [0; 64]);
    Ok(())
}
