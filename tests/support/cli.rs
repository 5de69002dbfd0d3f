//! Runs the real binary as a user of a fresh machine would.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, Once};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// After this long a run has hung, and the test fails.
const LONGEST_RUN: Duration = Duration::from_secs(60);

/// A machine on which nothing has been set up: an empty home, and no environment
/// variables except those that a test sets.
pub(crate) struct Machine {
    root: TempDir,
    cwd: PathBuf,
    env: BTreeMap<OsString, OsString>,
}

impl Machine {
    /// A fresh machine, in an empty directory that is no repository.
    pub(crate) fn new() -> Self {
        let root = TempDir::with_prefix("machine-").expect("a temporary directory");
        let cwd = root.path().join("cwd");
        let mut env = BTreeMap::new();
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "home/config"),
            ("XDG_CACHE_HOME", "home/cache"),
            ("XDG_DATA_HOME", "home/data"),
            ("XDG_STATE_HOME", "home/state"),
            ("XDG_RUNTIME_DIR", "home/run"),
        ] {
            let path = root.path().join(folder);
            fs::create_dir_all(&path).expect("a directory of the machine");
            env.insert(name.into(), path.into());
        }
        fs::create_dir_all(&cwd).expect("the working directory");
        if let Some(path) = std::env::var_os("PATH") {
            env.insert("PATH".into(), path);
        }
        for (name, value) in [
            ("TZ", "UTC"),
            ("LC_ALL", "C.UTF-8"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CEILING_DIRECTORIES", &root.path().to_string_lossy()),
        ] {
            env.insert(name.into(), value.into());
        }
        Self { root, cwd, env }
    }

    /// A machine whose commands speak to the server at `url` about the
    /// repository `octocat/hello-world`, with a token.
    pub(crate) fn with_server(url: &str) -> Self {
        Self::new()
            .env("DEPLOYCTL_API_URL", url)
            .env("DEPLOYCTL_TOKEN", "a-token-of-the-tests")
            .env("DEPLOYCTL_REPO", "octocat/hello-world")
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.insert(name.into(), value.as_ref().to_owned());
        self
    }

    /// Removes a variable.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.env.remove(OsStr::new(name));
        self
    }

    /// Changes to another working directory.
    pub(crate) fn at(mut self, cwd: &Path) -> Self {
        self.cwd = cwd.to_path_buf();
        self
    }

    /// Adds a shell script with this name at the start of `PATH`.
    pub(crate) fn tool(mut self, name: &str, script: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder = self.tools();
        fs::create_dir_all(&folder).expect("a directory of the machine");
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
        let known = self
            .env
            .get(OsStr::new("PATH"))
            .cloned()
            .unwrap_or_default();
        let others = std::env::split_paths(&known).filter(|other| *other != folder);
        let all: Vec<PathBuf> = [folder.clone()].into_iter().chain(others).collect();
        let joined = std::env::join_paths(all).expect("a PATH");
        self.env.insert("PATH".into(), joined);
        self
    }

    /// Adds a link with this name at the start of `PATH`.
    pub(crate) fn link(self, name: &str, target: &str) -> Self {
        let path = self.tools().join(name);
        let linked = self.tool(name, "");
        fs::remove_file(&path).expect("the script that stood there");
        std::os::unix::fs::symlink(target, path).expect("a link");
        linked
    }

    /// The folder with these programs.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.path().join("tools")
    }

    /// The home of the user.
    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// The working directory.
    pub(crate) fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// Writes a file into the working directory and returns its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.cwd.join(name);
        fs::write(&path, content).expect("a file of the machine");
        path
    }

    /// The whole environment of a run.
    pub(crate) fn environment(&self) -> &BTreeMap<OsString, OsString> {
        &self.env
    }

    /// A run of the binary that has not started, so that it can be given a standard
    /// input.
    pub(crate) fn command<I, S>(&self, args: I) -> Run
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        self.program(binary(), args)
    }

    /// A run of another program.
    pub(crate) fn program<I, S>(&self, program: &str, args: I) -> Run
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let mut command = Command::new(program);
        command
            .args(args)
            .env_clear()
            .envs(&self.env)
            .current_dir(&self.cwd)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Run {
            command,
            stdin: None,
        }
    }

    /// Runs the binary to its end, with nothing on its standard input.
    pub(crate) fn run<I, S>(&self, args: I) -> Outcome
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        self.command(args).finish()
    }
}

/// The binary under test. From now on it starts with no signal ignored, however
/// the tests were started: in the background of a script SIGINT is.
pub(crate) fn binary() -> &'static str {
    handle_ignored_signals();
    env!("CARGO_BIN_EXE_deployctl")
}

/// Gives every signal that is ignored here a handler that does nothing: a child
/// does not inherit that.
fn handle_ignored_signals() {
    use tokio::signal::unix::{SignalKind, signal};
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let _inside = runtime.enter();
        for number in deployctl::env::ignored_signals() {
            // The standard library itself resets SIGPIPE in a child. Some can't be
            // Some signals
            // cannot be handled, and matter to no test.
            if number != 13 {
                drop(signal(SignalKind::from_raw(number)));
            }
        }
    });
}

/// A run that has not begun.
#[must_use]
pub(crate) struct Run {
    command: Command,
    stdin: Option<Vec<u8>>,
}

impl Run {
    /// Sets the standard input.
    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Starts the binary with another program, which gets its path and arguments.
    pub(crate) fn by(self, starter: &Path) -> Self {
        let mut command = Command::new(starter);
        command
            .arg(self.command.get_program())
            .args(self.command.get_args())
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, value) in self.command.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        if let Some(folder) = self.command.get_current_dir() {
            command.current_dir(folder);
        }
        Self { command, ..self }
    }

    /// Runs to the end.
    pub(crate) fn finish(self) -> Outcome {
        self.spawn().finish()
    }

    /// Starts the run without waiting for its end.
    pub(crate) fn spawn(mut self) -> Running {
        let stdin = if self.stdin.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        };
        let mut child = self.command.stdin(stdin).spawn().expect("the binary runs");
        let (sender, lines) = mpsc::channel();
        let stdout = child.stdout.take().expect("a piped stdout");
        let stderr = child.stderr.take().expect("a piped stderr");
        let stdout = gather(stdout, Stream::Stdout, sender.clone());
        let stderr = gather(stderr, Stream::Stderr, sender);
        let feeder = match (child.stdin.take(), self.stdin) {
            (Some(pipe), Some(text)) => Some(feed(pipe, text)),
            _ => None,
        };
        Running {
            child,
            started: Instant::now(),
            stdout,
            stderr,
            feeder,
            lines,
        }
    }
}

/// Writes the standard input from a thread, so that a child that does not read
/// it cannot block the test.
fn feed(mut pipe: ChildStdin, text: Vec<u8>) -> JoinHandle<()> {
    thread::spawn(move || drop(pipe.write_all(&text)))
}

/// Which of the two streams a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

struct Gathering {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: JoinHandle<()>,
}

impl Gathering {
    fn so_far(&self) -> String {
        let bytes = self.bytes.lock().expect("the gathering thread lives");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn finish(self) -> Vec<u8> {
        self.thread.join().expect("the gathering thread ends");
        std::mem::take(&mut self.bytes.lock().expect("the gathering thread lives"))
    }
}

fn gather(
    pipe: impl Read + Send + 'static,
    stream: Stream,
    sender: mpsc::Sender<(Stream, String)>,
) -> Gathering {
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&bytes);
    let thread = thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            sink.lock()
                .expect("the test has not panicked while reading")
                .extend_from_slice(&line);
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            // Nobody listens any more once the test only waits for the end.
            drop(sender.send((stream, text)));
            line.clear();
        }
    });
    Gathering { bytes, thread }
}

/// A signal that a user or a supervisor sends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signal {
    /// Ctrl-C.
    Int,
    Term,
    Hup,
    Usr1,
    Usr2,
    Alrm,
    Kill,
    Stop,
    Cont,
}

/// A run that is going on.
#[must_use]
pub(crate) struct Running {
    child: Child,
    started: Instant,
    stdout: Gathering,
    stderr: Gathering,
    feeder: Option<JoinHandle<()>>,
    lines: Receiver<(Stream, String)>,
}

impl Running {
    /// Waits for a line that holds `text` on either stream and returns it.
    pub(crate) fn wait_for_line(&self, text: &str) -> String {
        let deadline = self.started + LONGEST_RUN;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok((_, line)) if line.contains(text) => return line,
                Ok(_) => {}
                Err(error) => panic!(
                    "no line with {text:?}: {error}\nstdout: {}\nstderr: {}",
                    self.stdout.so_far(),
                    self.stderr.so_far()
                ),
            }
        }
    }

    /// Extends the time limit, for a test that needs more than usual.
    pub(crate) fn prolong(&mut self) {
        self.started = Instant::now();
    }

    /// The process ID.
    /// Waits for the end, and gives the most memory that was resident, in KB,
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal, through the shell's `kill`.
    pub(crate) fn signal(&self, signal: Signal) {
        let name = match signal {
            Signal::Int => "INT",
            Signal::Term => "TERM",
            Signal::Hup => "HUP",
            Signal::Usr1 => "USR1",
            Signal::Usr2 => "USR2",
            Signal::Alrm => "ALRM",
            Signal::Kill => "KILL",
            Signal::Stop => "STOP",
            Signal::Cont => "CONT",
        };
        let status = Command::new("sh")
            .args(["-c", "kill -s \"$0\" \"$1\"", name])
            .arg(self.child.id().to_string())
            .status()
            .expect("a shell");
        assert!(status.success(), "the signal {name} could not be sent");
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().expect("a child to ask").is_none()
    }

    /// Waits for the end of the process alone, and gives its exit code: others
    /// may hold its pipes.
    pub(crate) fn code_when_dead(mut self) -> i32 {
        use std::os::unix::process::ExitStatusExt;
        let deadline = Instant::now() + LONGEST_RUN;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child to ask") {
                let signal = status.signal().map(|signal| 128 + signal);
                return status.code().or(signal).expect("a code or a signal");
            }
            assert!(Instant::now() < deadline, "it does not end");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits for the end, and gives the most memory that was resident, in KB,
    /// Waits for the end, and returns the peak resident memory in KB, which only
    /// Linux reports.
    pub(crate) fn finish_measured(mut self) -> (u64, Outcome) {
        let status = format!("/proc/{}/status", self.child.id());
        let mut peak = 0;
        while self.runs() {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
            peak = kilobytes.unwrap_or(0).max(peak);
            assert!(self.started.elapsed() < LONGEST_RUN, "the run hung");
            thread::sleep(Duration::from_millis(1));
        }
        (peak, self.finish())
    }

    /// Waits for the end.
    pub(crate) fn finish(mut self) -> Outcome {
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child to ask") {
                break status;
            }
            if self.started.elapsed() > LONGEST_RUN {
                drop(self.child.kill());
                drop(self.child.wait());
                panic!(
                    "the run hung\nstdout: {}\nstderr: {}",
                    self.stdout.so_far(),
                    self.stderr.so_far()
                );
            }
            thread::sleep(Duration::from_millis(2));
        };
        let elapsed = self.started.elapsed();
        if let Some(feeder) = self.feeder {
            feeder.join().expect("the feeding thread ends");
        }
        Outcome {
            status,
            elapsed,
            raw_stdout: self.stdout.finish(),
            raw_stderr: self.stderr.finish(),
        }
    }
}

/// How a run ended.
#[must_use]
#[derive(Debug)]
pub(crate) struct Outcome {
    status: ExitStatus,
    /// How long it took, the start of the process included.
    pub(crate) elapsed: Duration,
    raw_stdout: Vec<u8>,
    raw_stderr: Vec<u8>,
}

impl Outcome {
    /// Runs a command that a test has set up itself.
    pub(crate) fn of(command: &mut Command) -> Self {
        let started = Instant::now();
        let output = command.stdin(Stdio::null()).output().expect("it runs");
        Self {
            status: output.status,
            elapsed: started.elapsed(),
            raw_stdout: output.stdout,
            raw_stderr: output.stderr,
        }
    }

    /// The exit code; 128 + n for a death by signal n, as a shell has it.
    pub(crate) fn code(&self) -> i32 {
        use std::os::unix::process::ExitStatusExt;
        self.status
            .code()
            .or_else(|| self.status.signal().map(|signal| 128 + signal))
            .expect("a process ends by a code or a signal")
    }

    /// Standard output, which has to be UTF-8.
    pub(crate) fn stdout(&self) -> &str {
        std::str::from_utf8(&self.raw_stdout).expect("stdout is UTF-8")
    }

    /// Standard error, which has to be UTF-8.
    pub(crate) fn stderr(&self) -> &str {
        std::str::from_utf8(&self.raw_stderr).expect("stderr is UTF-8")
    }

    /// Panics with the output unless the exit code is `code`.
    // Some can't be
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert!(
            self.code() == code,
            "exit code {} in place of {code}\nstdout: {}\nstderr: {}",
            self.code(),
            String::from_utf8_lossy(&self.raw_stdout),
            String::from_utf8_lossy(&self.raw_stderr)
        );
        self
    }

    /// The result as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.raw_stdout).unwrap_or_else(|error| {
            panic!(
                "stdout is no JSON: {error}\nstdout: {}\nstderr: {}",
                String::from_utf8_lossy(&self.raw_stdout),
                String::from_utf8_lossy(&self.raw_stderr)
            )
        })
    }
}
