//! Instructions, wall time and memory of a run of a program.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A command line with the environment that it needs.
#[derive(Clone)]
pub(crate) struct Run {
    program: PathBuf,
    args: Vec<String>,
    env: Vec<(String, String)>,
}

impl Run {
    pub(crate) fn new(program: impl Into<PathBuf>, line: &str) -> Self {
        Self {
            program: program.into(),
            args: line.split_whitespace().map(str::to_owned).collect(),
            env: Vec::new(),
        }
    }

    pub(crate) fn arg(mut self, word: &str) -> Self {
        self.args.push(word.to_owned());
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args);
        self.surround(&mut command);
        command
    }

    /// No environment variables except `PATH`, so that runs are comparable.
    fn surround(&self, command: &mut Command) {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", std::env::temp_dir().join("deployctl-bench-home"))
            .env("LC_ALL", "C.UTF-8")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
    }

    /// The wall time of a run, which has to succeed.
    fn once(&self) -> Result<Duration, Box<dyn Error>> {
        let began = Instant::now();
        let status = self.command().status()?;
        let took = began.elapsed();
        if status.success() {
            Ok(took)
        } else {
            let (program, args) = (self.program.display(), self.args.join(" "));
            Err(format!("{program} {args}: {status}").into())
        }
    }

    /// The instructions in millions, as callgrind counts them; `None` without
    /// valgrind.
    pub(crate) fn instructions(&self) -> Result<Option<f64>, Box<dyn Error>> {
        if find("valgrind").is_none() {
            return Ok(None);
        }
        let mut command = Command::new("valgrind");
        command
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(&self.program)
            .args(&self.args);
        self.surround(&mut command);
        let output = command.stderr(Stdio::piped()).output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let count = text
            .lines()
            .find_map(|line| line.split_once("Collected : "))
            .and_then(|(_, count)| count.trim().parse::<f64>().ok());
        Ok(count.map(|count| count / 1e6))
    }

    /// The peak memory of a run in MB, as the system counts it.
    pub(crate) fn memory(&self) -> Result<f64, Box<dyn Error>> {
        let mut child = self.command().spawn()?;
        let status = format!("/proc/{}/status", child.id());
        let mut most = 0.0_f64;
        loop {
            // A process that has ended no longer has this line.
            if let Some(kb) = high_water(&fs::read_to_string(&status)?) {
                most = most.max(kb / 1000.0);
            }
            if let Some(status) = child.try_wait()? {
                return if status.success() {
                    Ok(most)
                } else {
                    Err(format!("{}: {status}", self.args.join(" ")).into())
                };
            }
            thread::sleep(Duration::from_micros(100));
        }
    }
}

fn high_water(status: &str) -> Option<f64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// The median wall times in milliseconds of several programs, run in turn, so
/// that other load on the machine affects all of them.
pub(crate) fn side_by_side<const N: usize>(
    times: usize,
    runs: [&Run; N],
) -> Result<[f64; N], Box<dyn Error>> {
    let mut all: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    for round in 0..=times {
        for (found, run) in all.iter_mut().zip(runs) {
            let took = run.once()?.as_secs_f64() * 1e3;
            // The first round only warms up.
            if round > 0 {
                found.push(took);
            }
        }
    }
    Ok(all.map(|mut found| {
        found.sort_by(f64::total_cmp);
        found[found.len() / 2]
    }))
}

/// The path of a program on `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}
