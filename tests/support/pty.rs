//! Runs the real binary on a pseudo terminal and reads its screen.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::cli::{Machine, binary};

/// How long a text may take to appear, or the program to end.
const TERMINAL_TIMEOUT: Duration = Duration::from_secs(30);

/// The output to the terminal so far.
struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
    closed: bool,
}

/// A program on a terminal.
#[must_use]
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    reader: JoinHandle<()>,
}

/// The result of a program that has ended.
#[must_use]
#[derive(Debug)]
pub(crate) struct Ending {
    /// The exit code.
    pub(crate) code: u32,
    /// The last screen.
    pub(crate) screen: String,
    /// Every byte that went to the terminal.
    pub(crate) raw: Vec<u8>,
}

impl Ending {
    /// Panics with the screen unless the exit code is `code`.
    #[track_caller]
    pub(crate) fn expect(self, code: u32) -> Self {
        assert!(
            self.code == code,
            "exit code {} in place of {code}\n{}",
            self.code,
            self.screen
        );
        self
    }

    /// Whether exactly these bytes were written to the terminal.
    pub(crate) fn sent(&self, bytes: &[u8]) -> bool {
        contains(&self.raw, bytes)
    }
}

fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}

impl Terminal {
    /// Starts the binary on a terminal of 100 columns and 30 rows.
    pub(crate) fn start<I, S>(machine: &Machine, args: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        Self::start_sized(machine, 30, 100, args)
    }

    /// Starts the binary on a terminal of this size.
    pub(crate) fn start_sized<I, S>(machine: &Machine, rows: u16, cols: u16, args: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        Self::start_program(machine, rows, cols, binary(), args)
    }

    /// Starts any program, such as a shell.
    pub(crate) fn start_program<I, S>(
        machine: &Machine,
        rows: u16,
        cols: u16,
        program: &str,
        args: I,
    ) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows,
                cols,
                pixel_width: 0,
                pixel_height: 0,
            })
            .expect("a pseudo terminal");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        for (name, value) in machine.environment() {
            command.env(name, value);
        }
        command.cwd(machine.cwd());
        let child = pair.slave.spawn_command(command).expect("the binary runs");
        // The reader gets the end of the output only if no other handle of the slave
        // is open.
        drop(pair.slave);
        let seen = Arc::new((
            Mutex::new(Seen {
                parser: vt100::Parser::new(rows, cols, 1000),
                raw: Vec::new(),
                closed: false,
            }),
            Condvar::new(),
        ));
        let pipe = pair
            .master
            .try_clone_reader()
            .expect("the terminal's output");
        let keyboard = pair.master.take_writer().expect("the terminal's input");
        let reader = read(pipe, Arc::clone(&seen));
        Self {
            child,
            master: pair.master,
            keyboard,
            seen,
            reader,
        }
    }

    /// Types; `"\r"` is the Enter key, `"\u{3}"` is Ctrl-C.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .and_then(|()| self.keyboard.flush())
            .expect("a terminal that takes keys");
    }

    /// Resizes the terminal.
    pub(crate) fn resize(&self, rows: u16, cols: u16) {
        self.master
            .resize(PtySize {
                rows,
                cols,
                pixel_width: 0,
                pixel_height: 0,
            })
            .expect("a terminal that can be resized");
        let mut seen = self.seen.0.lock().expect("the reading thread lives");
        seen.parser.screen_mut().set_size(rows, cols);
    }

    /// The current text of the screen.
    pub(crate) fn screen(&self) -> String {
        let seen = self.seen.0.lock().expect("the reading thread lives");
        seen.parser.screen().contents()
    }

    /// Waits until the screen shows `text` and returns the screen.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) -> String {
        let deadline = Instant::now() + TERMINAL_TIMEOUT;
        let (lock, changed) = &*self.seen;
        let mut seen = lock.lock().expect("the reading thread lives");
        loop {
            let screen = seen.parser.screen().contents();
            if screen.contains(text) {
                return screen;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !seen.closed,
                "{text:?} did not appear on the screen:\n{screen}"
            );
            seen = changed
                .wait_timeout(seen, left)
                .expect("the reading thread lives")
                .0;
        }
    }

    /// Whether the terminal echoes input.
    pub(crate) fn echoes(&self) -> bool {
        let name = self.master.tty_name().expect("a terminal with a name");
        let slave = std::fs::File::open(name).expect("the terminal");
        let mode = rustix::termios::tcgetattr(&slave).expect("the terminal's mode");
        mode.local_modes.contains(rustix::termios::LocalModes::ECHO)
    }

    /// Waits until the terminal echoes input, or no longer does.
    #[track_caller]
    pub(crate) fn wait_for_echo(&self, echo: bool) {
        let deadline = Instant::now() + TERMINAL_TIMEOUT;
        while self.echoes() != echo {
            assert!(
                Instant::now() < deadline,
                "echo is not {echo}:\n{}",
                self.screen()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end of the program.
    pub(crate) fn finish(mut self) -> Ending {
        let deadline = Instant::now() + TERMINAL_TIMEOUT;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child to ask") {
                break status;
            }
            if Instant::now() > deadline {
                drop(self.child.kill());
                panic!("the program hung on its terminal:\n{}", self.screen());
            }
            thread::sleep(Duration::from_millis(2));
        };
        self.reader.join().expect("the reading thread ends");
        let seen = self.seen.0.lock().expect("the reading thread has ended");
        Ending {
            code: status.exit_code(),
            screen: seen.parser.screen().contents(),
            raw: seen.raw.clone(),
        }
    }
}

fn read(mut pipe: Box<dyn Read + Send>, seen: Arc<(Mutex<Seen>, Condvar)>) -> JoinHandle<()> {
    thread::spawn(move || {
        let (lock, changed) = &*seen;
        let mut buffer = [0; 4096];
        loop {
            // Linux ends the output of a terminal with an error, not with 0 bytes.
            let read = pipe.read(&mut buffer).unwrap_or(0);
            let mut seen = lock
                .lock()
                .expect("the test has not panicked while reading");
            if read == 0 {
                seen.closed = true;
                changed.notify_all();
                return;
            }
            seen.raw.extend_from_slice(&buffer[..read]);
            seen.parser.process(&buffer[..read]);
            changed.notify_all();
        }
    })
}
