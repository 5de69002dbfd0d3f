//! A web browser that records what it was started with.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::support::cli::Machine;

/// How long a browser may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// A browser, which is the user's `BROWSER`.
pub(crate) struct Browser {
    arguments: PathBuf,
    variables: PathBuf,
}

impl Browser {
    /// Adds one to a machine.
    pub(crate) fn of(machine: Machine) -> (Machine, Self) {
        let browser = Self {
            arguments: machine.tools().join("arguments"),
            variables: machine.tools().join("variables"),
        };
        // The arguments appear last, and at once.
        let script = format!(
            "env > {variables}; printf '%s\\n' \"$@\" > {arguments}.new; mv {arguments}.new {arguments}",
            variables = browser.variables.display(),
            arguments = browser.arguments.display(),
        );
        let machine = machine.tool("mosaic", &script).env("BROWSER", "mosaic");
        (machine, browser)
    }

    /// Waits until it is started, and returns its arguments, one per line.
    pub(crate) fn arguments(&self) -> String {
        let began = Instant::now();
        while !self.is_started() && began.elapsed() < START_TIMEOUT {
            std::thread::sleep(Duration::from_millis(5));
        }
        fs::read_to_string(&self.arguments).expect("the browser was started")
    }

    /// The environment variables of a browser that was started.
    pub(crate) fn variables(&self) -> String {
        fs::read_to_string(&self.variables).expect("the browser was started")
    }

    pub(crate) fn is_started(&self) -> bool {
        self.arguments.exists()
    }
}
