//! A `deployctl sandbox serve` with as many deployments as wanted.

use std::error::Error;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::PROGRAM;

/// Owner and name of its repository.
pub(crate) const REPO: &str = "octocat/hello-world";

/// It stops when it is dropped.
pub(crate) struct Sandbox {
    server: Child,
    address: String,
    /// Kept open, so that the server can print its output.
    _printed: Lines<BufReader<ChildStdout>>,
    data: TempDir,
}

impl Sandbox {
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        let data = TempDir::with_prefix("deployctl-bench-")?;
        let mut server = Command::new(PROGRAM)
            .args(["sandbox", "serve", "--repo", REPO, "--data"])
            .arg(data.path())
            .current_dir(data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let printed = server.stdout.take().ok_or("no output")?;
        let mut lines = BufReader::new(printed).lines();
        let address = loop {
            let line = lines.next().ok_or("the sandbox did not start")??;
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().to_owned();
            }
        };
        Ok(Self {
            server,
            address,
            _printed: lines,
            data,
        })
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Raises the number of deployments to `count`. One is requested, and the others
    /// are copies of it, since a hundred thousand requests would take too long.
    pub(crate) fn fill(&self, count: u32) -> Result<(), Box<dyn Error>> {
        let body = r#"{"ref":"main","auto_merge":false,"required_contexts":[],"description":"one of many"}"#;
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        write!(
            stream,
            "POST /repos/{REPO}/deployments HTTP/1.1\r\nhost: {}\r\nuser-agent: bench\r\n\
             authorization: Bearer bench\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len(),
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if !answer.starts_with("HTTP/1.1 201") {
            return Err(answer.into());
        }
        let store = self.store()?;
        let columns = "repository_id, sha, ref, task, payload, original_environment, environment, \
             description, creator_id, transient_environment, production_environment, created_at, \
             updated_at";
        store.execute(
            &format!(
                "WITH RECURSIVE n (i) AS (
                     SELECT count(*) + 1 FROM deployments UNION ALL SELECT i + 1 FROM n WHERE i < ?1
                 )
                 INSERT INTO deployments ({columns})
                 SELECT {columns} FROM n, (SELECT * FROM deployments ORDER BY id LIMIT 1)
                 WHERE i <= ?1"
            ),
            [count],
        )?;
        Ok(())
    }

    fn store(&self) -> Result<Connection, Box<dyn Error>> {
        let store = Connection::open(self.data.path().join("sandbox.sqlite3"))?;
        store.busy_timeout(Duration::from_secs(30))?;
        Ok(store)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Either fails only if the server has ended.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
