//! A private D-Bus session for a test: with an unlocked keyring, or without any
//! service that answers.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long the keyring may take to come up.
const KEYRING_START_TIMEOUT: Duration = Duration::from_secs(20);

/// The programs of a real keyring. Debian has them in `dbus`, `gnome-keyring`
/// and `libsecret-tools`.
const PROGRAMS: [&str; 4] = [
    "dbus-daemon",
    "dbus-send",
    "gnome-keyring-daemon",
    "secret-tool",
];

/// A session bus with an unlocked gnome-keyring; it ends when it is dropped.
pub(crate) struct Keyring {
    folder: TempDir,
    address: String,
    children: Vec<Child>,
}

impl Keyring {
    /// Starts one; `None` where this machine lacks the programs.
    pub(crate) fn start() -> Option<Self> {
        if PROGRAMS.iter().any(|program| find(program).is_none()) {
            return None;
        }
        let folder = TempDir::with_prefix("keyring-").expect("a temporary directory");
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a session bus");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().expect("a pipe"))
            .read_line(&mut address)
            .expect("the address of the bus");
        let mut keyring = Self {
            folder,
            address: address.trim().to_owned(),
            children: vec![daemon],
        };
        let mut daemon = keyring
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a keyring");
        let mut stdin = daemon.stdin.take().expect("a pipe");
        stdin
            .write_all(b"a password")
            .expect("the password is read");
        drop(stdin);
        keyring.children.push(daemon);
        keyring.wait_for_service();
        Some(keyring)
    }

    /// The value of `DBUS_SESSION_BUS_ADDRESS`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The secret that `secret-tool` finds for a service and a user.
    pub(crate) fn secret(&self, service: &str, user: &str) -> Option<String> {
        let output = self
            .command("secret-tool")
            .args(["lookup", "service", service, "username", user])
            .output()
            .expect("secret-tool runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        output.status.success().then_some(text)
    }

    /// Removes a secret without the program under test.
    pub(crate) fn clear(&self, service: &str, user: &str) {
        let status = self
            .command("secret-tool")
            .args(["clear", "service", service, "username", user])
            .status()
            .expect("secret-tool runs");
        assert!(status.success());
    }

    fn command(&self, program: &str) -> Command {
        let folder = self.folder.path();
        let mut command = Command::new(program);
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .env("XDG_DATA_HOME", folder.join("data"))
            .env("XDG_CONFIG_HOME", folder.join("config"))
            .env_remove("GNOME_KEYRING_CONTROL")
            .env_remove("DISPLAY");
        command
    }

    /// Asks the bus, not the service: that would start a second, locked one.
    fn wait_for_service(&self) {
        let began = Instant::now();
        while began.elapsed() < KEYRING_START_TIMEOUT {
            let output = self
                .command("dbus-send")
                .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus"])
                .args(["/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner"])
                .arg("string:org.freedesktop.secrets")
                .output()
                .expect("dbus-send runs");
            if String::from_utf8_lossy(&output.stdout).contains("boolean true") {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("the keyring did not come up");
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            // It may have ended already.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// A D-Bus socket that accepts connections and never answers.
pub(crate) struct SilentBus {
    folder: TempDir,
    met: Arc<AtomicUsize>,
}

impl SilentBus {
    pub(crate) fn start() -> Self {
        let folder = TempDir::with_prefix("bus-").expect("a temporary directory");
        let listener = UnixListener::bind(folder.path().join("bus")).expect("a socket");
        let met = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&met);
        // The thread ends with the test's process.
        thread::spawn(move || {
            let mut held = Vec::new();
            for connection in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
                held.push(connection);
            }
        });
        Self { folder, met }
    }

    /// The value of `DBUS_SESSION_BUS_ADDRESS`.
    pub(crate) fn address(&self) -> String {
        format!("unix:path={}", self.folder.path().join("bus").display())
    }

    /// The number of connections.
    pub(crate) fn connections(&self) -> usize {
        self.met.load(Ordering::SeqCst)
    }
}

fn find(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}
