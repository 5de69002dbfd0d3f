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

/// Standard error, shared with what draws on it.
pub(super) type Stderr = Arc<Mutex<Box<dyn Write + Send>>>;

/// The terminal: the only writer of standard output and standard error.
///
/// Results go to standard output, talk to standard error. Every text that is
/// given to it is made visible (see [`visible`](super::visible)); what is
/// written through [`Term::out`] is not, so its writer takes care.
pub(crate) struct Term {
    pub(super) settings: Settings,
    pub(super) stdout: Mutex<Stdout>,
    stderr: Stderr,
    live: OnceLock<MultiProgress>,
    /// Set where a thread writes to standard error.
    behind: OnceLock<Arc<background::Fate>>,
    /// Columns and lines as they are now: a terminal may be resized while
    /// something is drawn on it.
    size: fn() -> Option<(u16, u16)>,
}

pub(super) struct Stdout {
    pub(super) writer: Box<dyn Write + Send>,
    /// The first failure that nobody was told about yet.
    failed: Option<io::Error>,
    pub(super) pager: Pager,
}

/// Writes are gathered up to this many bytes.
const GATHERED: usize = 32 * 1024;

/// Whether the reader of standard output went away, as `head` does: not an
/// error of ours; the program ends quietly.
pub(crate) fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

impl Term {
    /// The process' own standard streams.
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            size: stderr_size,
            ..Self::with_writers(settings, io::stdout(), io::stderr())
        }
    }

    /// Other writers in place of the process' own, such as buffers.
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

    /// Whether standard output is a terminal.
    pub(crate) fn stdout_is_tty(&self) -> bool {
        self.settings.stdout_tty
    }

    /// Whether standard error is a terminal.
    pub(crate) fn stderr_is_tty(&self) -> bool {
        self.settings.stderr_tty
    }

    /// The width in columns.
    pub(crate) fn width(&self) -> usize {
        self.settings.width
    }

    /// Whether a question may be asked.
    pub(crate) fn may_prompt(&self) -> bool {
        self.settings.may_prompt
    }

    /// Whether lines for `--verbose` are wanted.
    pub(crate) fn is_verbose(&self) -> bool {
        self.settings.verbose
    }

    /// Whether the runner of GitHub Actions reads what is written.
    pub(crate) fn in_actions(&self) -> bool {
        self.settings.in_actions
    }

    /// How standard output paints.
    pub(crate) fn palette(&self) -> Palette {
        Palette::new(self.settings.stdout_color, self.settings.links)
    }

    /// How standard error paints; without links.
    pub(crate) fn err_palette(&self) -> Palette {
        Palette::new(self.settings.stderr_color, false)
    }

    /// Standard output, locked and gathered until the guard is finished or
    /// dropped. Nothing is escaped here.
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
        writeln!(out, "{}", self.for_the_log(&line))?;
        out.finish()
    }

    /// Writes what the program itself made, such as a script or a help page,
    /// to standard output, as it is.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = self.out();
        out.write_all(bytes)?;
        out.finish()
    }

    /// Passes on what another program wrote to its standard output, as it is.
    pub(crate) fn pass_on(&self, bytes: &[u8]) -> io::Result<()> {
        self.bytes(bytes)
    }

    /// Passes on what another program wrote to its standard error, as it is.
    pub(crate) fn pass_on_error(&self, bytes: &[u8]) -> io::Result<()> {
        self.around_live(|| {
            let mut stderr = lock(&self.stderr);
            stderr.write_all(bytes)?;
            stderr.flush()
        })
    }

    /// Whether all that went to standard output arrived. To be asked at the
    /// end: a guard that was only dropped leaves its failure here.
    pub(crate) fn flush(&self) -> io::Result<()> {
        let mut stdout = lock(&self.stdout);
        match stdout.failed.take() {
            Some(error) => Err(error),
            None => stdout.writer.flush(),
        }
    }

    /// Talk: a line on standard error, unless `--quiet` or a program reads it.
    pub(crate) fn note(&self, text: impl Into<Text>) {
        if !self.settings.for_programs {
            self.progress(text);
        }
    }

    /// How things go: a line on standard error, unless `--quiet`.
    pub(crate) fn progress(&self, text: impl Into<Text>) {
        if !self.settings.quiet {
            self.say(&text.into().render(self.err_palette()));
        }
    }

    /// A line on standard error, `--quiet` or not: what nobody can do without,
    /// such as a code that is to be typed in elsewhere.
    pub(crate) fn must_say(&self, text: impl Into<Text>) {
        self.say(&text.into().render(self.err_palette()));
    }

    /// `hint: …` on standard error, unless `--quiet`.
    pub(crate) fn hint(&self, text: impl Into<Text>) {
        if !self.settings.quiet {
            self.labelled(Role::Hint, "hint:", &text.into());
        }
    }

    /// `warning: …` on standard error, `--quiet` or not; in GitHub Actions
    /// also as an annotation, unless a program reads standard error.
    pub(crate) fn warn(&self, text: impl Into<Text>) {
        let text = text.into();
        self.labelled(Role::Warning, "warning:", &text);
        if !self.settings.for_programs {
            let message = text.render(Palette::PLAIN);
            self.annotate(Level::Warning, "deployctl", &message);
        }
    }

    /// In GitHub Actions: shows an error with the run, as an annotation.
    /// Elsewhere it does nothing.
    pub(crate) fn annotate_error(&self, title: &str, lines: &[&str]) {
        let message = visible_lines(lines.iter().copied());
        self.annotate(Level::Error, title, &message);
    }

    fn annotate(&self, level: Level, title: &str, message: &str) {
        if self.settings.in_actions {
            self.write_line(&workflow::annotation(level, &visible(title), message));
        }
    }

    /// The text as the log may have it: in GitHub Actions nothing in it is a
    /// command for the runner.
    pub(crate) fn for_the_log<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.settings.in_actions {
            workflow::disarmed(text)
        } else {
            Cow::Borrowed(text)
        }
    }

    /// A line on standard error, with `--verbose` only.
    pub(crate) fn verbose(&self, text: impl Into<Text>) {
        if self.settings.verbose {
            self.say(&text.into().render(self.err_palette()));
        }
    }

    /// `error: …` with what to do about it, on standard error, always.
    pub(crate) fn error(&self, text: impl Into<Text>, hints: &[String]) {
        self.labelled(Role::Error, "error:", &text.into());
        for hint in hints {
            self.labelled(Role::Hint, "hint:", &Text::from(hint));
        }
    }

    /// Lines of our own making on standard error, always; foreign text in
    /// them cannot break a line.
    pub(crate) fn error_lines<'a>(&self, lines: impl IntoIterator<Item = &'a str>) {
        for line in lines {
            self.say(&visible(line));
        }
    }

    /// Shows the cursor again, which a question or a live area may have hidden
    /// when the program is ended from outside.
    pub(crate) fn restore(&self) {
        if self.settings.stderr_tty {
            let mut stderr = lock(&self.stderr);
            let _ = stderr.write_all(b"\x1b[?25h").and_then(|()| stderr.flush());
        }
    }

    /// Asks questions on standard error, or says why it may not.
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

    /// Writes a line that was made visible. Where even standard error is gone
    /// there is nobody left to tell.
    fn say(&self, line: &str) {
        self.write_line(&self.for_the_log(line));
    }

    fn write_line(&self, line: &str) {
        self.around_live(|| {
            let mut stderr = lock(&self.stderr);
            let _ = writeln!(stderr, "{line}").and_then(|()| stderr.flush());
        });
    }

    /// Runs `write` while nothing is drawn.
    pub(super) fn around_live<R>(&self, write: impl FnOnce() -> R) -> R {
        match self.live.get() {
            Some(live) => live.suspend(write),
            None => write(),
        }
    }

    /// Where progress is drawn; `None` where nothing may be redrawn.
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

fn stderr_size() -> Option<(u16, u16)> {
    terminal_size::terminal_size_of(io::stderr()).map(|(width, height)| (width.0, height.0))
}

/// A writer that panicked has still left whole bytes behind.
pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Standard output while it is written to.
pub(crate) struct Out<'t> {
    term: &'t Term,
    stdout: MutexGuard<'t, Stdout>,
    gathered: Vec<u8>,
}

impl Out<'_> {
    /// Hands everything on and says whether it arrived.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()
    }

    fn hand_on(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let gathered = std::mem::take(&mut self.gathered);
        if let Some(stdin) = self.stdout.pager.start(self.term.settings.less_is_told) {
            self.stdout.writer = Box::new(stdin);
        }
        let writer = &mut self.stdout.writer;
        self.term.around_live(|| writer.write_all(&gathered))
    }
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= GATHERED {
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
