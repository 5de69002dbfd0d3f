mod background;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use indicatif::MultiProgress;

use super::escape::{visible, visible_lines};
use super::pager::Pager;
use super::progress::Screen;
use super::prompt::Prompter;
use super::settings::Settings;
use super::style::{Palette, Role};
use super::text::Text;
use super::workflow::{self, Level};

/// Standard error, shared with the progress display.
pub(super) type Stderr = Arc<Mutex<Box<dyn Write + Send>>>;

/// The terminal: the only writer of standard output and standard error.
///
/// Results go to standard output, messages to standard error. All text is
/// escaped (see [`visible`](super::visible)), except what is written through
/// [`Term::out`].
pub(crate) struct Term {
    pub(super) settings: Settings,
    pub(super) stdout: Mutex<Stdout>,
    stderr: Stderr,
    live: OnceLock<MultiProgress>,
    /// Set if a background thread writes to standard error.
    behind: OnceLock<Arc<background::WriterState>>,
    /// The current columns and lines: the terminal may be resized during a
    /// progress display.
    pub(super) size: fn() -> Option<(u16, u16)>,
}

pub(super) struct Stdout {
    pub(super) writer: Box<dyn Write + Send>,
    /// The first failure that has not been reported yet.
    failed: Option<io::Error>,
    pub(super) pager: Pager,
}

const STDOUT_BUFFER_BYTES: usize = 32 * 1024;

/// Whether the reader of standard output has closed it, like `head` does. This
/// is not an error; the program ends silently.
pub(crate) fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

impl Term {
    /// A terminal on the standard streams of the process.
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            size: terminal_size,
            ..Self::with_writers(settings, io::stdout(), io::stderr())
        }
    }

    /// A terminal on other writers, such as buffers.
    pub(crate) fn with_writers(
        settings: Settings,
        stdout: impl Write + Send + 'static,
        stderr: impl Write + Send + 'static,
    ) -> Self {
        Self {
            settings,
            stdout: Mutex::new(Stdout {
                writer: Box::new(stdout),
                failed: None,
                pager: Pager::None,
            }),
            stderr: Arc::new(Mutex::new(Box::new(stderr))),
            live: OnceLock::new(),
            behind: OnceLock::new(),
            size: || None,
        }
    }

    pub(crate) fn stdout_is_tty(&self) -> bool {
        self.settings.stdout_tty
    }

    pub(crate) fn stderr_is_tty(&self) -> bool {
        self.settings.stderr_tty
    }

    /// The columns of the terminal; it may have been resized.
    pub(crate) fn width(&self) -> usize {
        let real = (self.size)().filter(|_| !self.settings.is_width_set);
        real.map_or(self.settings.width, |(width, _)| usize::from(width))
    }

    pub(crate) fn may_prompt(&self) -> bool {
        self.settings.may_prompt
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.settings.verbose
    }

    /// Whether the GitHub Actions runner reads the output.
    pub(crate) fn in_actions(&self) -> bool {
        self.settings.in_actions
    }

    /// The palette of standard output.
    pub(crate) fn palette(&self) -> Palette {
        Palette::new(self.settings.stdout_color, self.settings.links)
    }

    /// The palette of standard error; without links.
    pub(crate) fn err_palette(&self) -> Palette {
        Palette::new(self.settings.stderr_color, false)
    }

    /// Locks standard output and buffers writes until the guard is finished or
    /// dropped. Nothing is escaped.
    pub(crate) fn out(&self) -> Out<'_> {
        Out {
            term: self,
            stdout: lock(&self.stdout),
            gathered: Vec::new(),
        }
    }

    /// Writes one line to standard output.
    pub(crate) fn line(&self, text: impl Into<Text>) -> io::Result<()> {
        let line = text.into().render(self.palette());
        let mut out = self.out();
        writeln!(out, "{}", self.escape_commands(&line))?;
        out.finish()
    }

    /// Writes text of the program itself, such as a script or a help page, to
    /// standard output without escaping.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = self.out();
        out.write_all(bytes)?;
        out.finish()
    }

    /// Passes on another program's standard output unchanged.
    pub(crate) fn pass_on(&self, bytes: &[u8]) -> io::Result<()> {
        self.bytes(bytes)
    }

    /// Passes on another program's standard error unchanged.
    pub(crate) fn pass_on_error(&self, bytes: &[u8]) -> io::Result<()> {
        self.around_live(|| {
            let mut stderr = lock(&self.stderr);
            stderr.write_all(bytes)?;
            stderr.flush()
        })
    }

    /// Reports whether all output arrived. Call it at the end: the failure of a
    /// guard that was dropped is kept until then.
    pub(crate) fn flush(&self) -> io::Result<()> {
        let mut stdout = lock(&self.stdout);
        match stdout.failed.take() {
            Some(error) => Err(error),
            None => stdout.writer.flush(),
        }
    }

    /// Prints a line to standard error, unless `--quiet` is given or a program
    /// reads it.
    pub(crate) fn note(&self, text: impl Into<Text>) {
        if !self.settings.for_programs {
            self.progress(text);
        }
    }

    /// Prints a line about the progress to standard error, unless `--quiet` is
    /// given.
    pub(crate) fn progress(&self, text: impl Into<Text>) {
        if !self.settings.quiet {
            self.say(&text.into().render(self.err_palette()));
        }
    }

    /// Prints a line to standard error even with `--quiet`, such as a code that
    /// the user must enter elsewhere.
    pub(crate) fn always_note(&self, text: impl Into<Text>) {
        self.say(&text.into().render(self.err_palette()));
    }

    /// Prints `hint: …` to standard error, unless `--quiet` is given.
    pub(crate) fn hint(&self, text: impl Into<Text>) {
        if !self.settings.quiet {
            self.labelled(Role::Hint, "hint:", &text.into());
        }
    }

    /// Prints `warning: …` to standard error, even with `--quiet`. In GitHub
    /// Actions it is also an annotation, unless a program reads standard error.
    pub(crate) fn warn(&self, text: impl Into<Text>) {
        let text = text.into();
        self.labelled(Role::Warning, "warning:", &text);
        if !self.settings.for_programs {
            let message = text.render(Palette::PLAIN);
            self.annotate(Level::Warning, "deployctl", &message);
        }
    }

    /// In GitHub Actions, adds an error annotation to the run.
    pub(crate) fn annotate_error(&self, title: &str, lines: &[&str]) {
        let message = visible_lines(lines.iter().copied());
        self.annotate(Level::Error, title, &message);
    }

    fn annotate(&self, level: Level, title: &str, message: &str) {
        if self.settings.in_actions {
            self.write_line(&workflow::annotation(level, &visible(title), message));
        }
    }

    /// A text with its commands as users call the program.
    pub(crate) fn renamed<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.settings.rename {
            Some(rename) => Cow::Owned(rename(text)),
            None => Cow::Borrowed(text),
        }
    }

    /// In GitHub Actions, escapes workflow commands in a text that is printed
    /// to the log.
    pub(crate) fn escape_commands<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.settings.in_actions {
            workflow::escape_commands(text)
        } else {
            Cow::Borrowed(text)
        }
    }

    /// Prints a line to standard error if `--verbose` is given.
    pub(crate) fn verbose(&self, text: impl Into<Text>) {
        if self.settings.verbose {
            self.say(&text.into().render(self.err_palette()));
        }
    }

    /// Prints `error: …` and its hints to standard error.
    pub(crate) fn error(&self, text: impl Into<Text>, hints: &[String]) {
        self.labelled(Role::Error, "error:", &text.into());
        for hint in hints {
            self.labelled(Role::Hint, "hint:", &Text::from(hint));
        }
    }

    /// Prints lines to standard error; text from elsewhere in them cannot add a
    /// line.
    pub(crate) fn error_lines<'a>(&self, lines: impl IntoIterator<Item = &'a str>) {
        for line in lines {
            self.say(&visible(line));
        }
    }

    /// Shows the cursor again: a prompt or progress display may have hidden it
    /// when a signal ends the program.
    pub(crate) fn restore(&self) {
        if self.settings.stderr_tty {
            let mut stderr = lock(&self.stderr);
            let _ = stderr.write_all(b"\x1b[?25h").and_then(|()| stderr.flush());
        }
    }

    pub(crate) fn prompter(&self) -> Prompter<'_> {
        Prompter::new(self)
    }

    fn labelled(&self, role: Role, label: &'static str, text: &Text) {
        let palette = self.err_palette();
        self.say(&format!(
            "{} {}",
            palette.paint(role, label),
            text.render(palette)
        ));
    }

    /// Writes an escaped line. If standard error fails, the failure cannot be
    /// reported anywhere.
    fn say(&self, line: &str) {
        self.write_line(&self.escape_commands(&self.renamed(line)));
    }

    fn write_line(&self, line: &str) {
        self.around_live(|| {
            let mut stderr = lock(&self.stderr);
            let _ = writeln!(stderr, "{line}").and_then(|()| stderr.flush());
        });
    }

    /// Clears the progress display, runs `write`, and draws it again.
    pub(super) fn around_live<R>(&self, write: impl FnOnce() -> R) -> R {
        match self.live.get() {
            Some(live) => live.suspend(write),
            None => write(),
        }
    }

    /// The progress display; `None` if nothing may be redrawn.
    pub(super) fn live_area(&self) -> Option<&MultiProgress> {
        self.settings.redraws.then(|| {
            self.live.get_or_init(|| {
                let screen = Screen {
                    stderr: Arc::clone(&self.stderr),
                    size: self.size,
                    width: self.settings.width,
                    height: self.settings.height,
                };
                MultiProgress::with_draw_target(screen.into_target())
            })
        })
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Term")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

fn terminal_size() -> Option<(u16, u16)> {
    let size = terminal_size::terminal_size_of(io::stderr());
    let size = size.or_else(|| terminal_size::terminal_size_of(io::stdout()));
    size.map(|(width, height)| (width.0, height.0))
}

/// Locks a mutex even if a writer has panicked: its bytes are still whole.
pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A lock on standard output.
pub(crate) struct Out<'t> {
    term: &'t Term,
    stdout: MutexGuard<'t, Stdout>,
    gathered: Vec<u8>,
}

impl Out<'_> {
    /// Flushes the output and reports failures.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()
    }

    fn hand_on(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let gathered = std::mem::take(&mut self.gathered);
        if let Some(stdin) = self.stdout.pager.start(self.term.settings.has_less_options) {
            self.stdout.writer = Box::new(stdin);
        }
        let writer = &mut self.stdout.writer;
        self.term.around_live(|| writer.write_all(&gathered))
    }
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= STDOUT_BUFFER_BYTES {
            self.hand_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hand_on()?;
        self.stdout.writer.flush()
    }
}

impl Drop for Out<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.flush() {
            self.stdout.failed.get_or_insert(error);
        }
    }
}

#[cfg(test)]
mod tests;
