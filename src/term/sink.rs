use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use indicatif::MultiProgress;

use super::escape::visible;
use super::progress::Screen;
use super::prompt::Prompter;
use super::settings::Settings;
use super::style::{Palette, Role};
use super::text::Text;

/// Standard error, shared with what draws on it.
pub(super) type Stderr = Arc<Mutex<Box<dyn Write + Send>>>;

/// The terminal: the only writer of standard output and standard error.
///
/// Results go to standard output, talk to standard error. Every text that is
/// given to it is made visible (see [`visible`](super::visible)); what is
/// written through [`Term::out`] is not, so its writer takes care.
pub struct Term {
    settings: Settings,
    stdout: Mutex<Stdout>,
    stderr: Stderr,
    live: OnceLock<MultiProgress>,
    /// Columns and lines as they are now: a terminal may be resized while
    /// something is drawn on it.
    size: fn() -> Option<(u16, u16)>,
}

struct Stdout {
    writer: Box<dyn Write + Send>,
    /// The first failure that nobody was told about yet.
    failed: Option<io::Error>,
}

/// Writes are gathered up to this many bytes.
const GATHERED: usize = 32 * 1024;

/// Whether the reader of standard output went away, as `head` does: not an
/// error of ours; the program ends quietly.
pub fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

impl Term {
    /// The process' own standard streams.
    pub fn new(settings: Settings) -> Self {
        Self {
            size: stderr_size,
            ..Self::with_writers(settings, io::stdout(), io::stderr())
        }
    }

    /// Other writers in place of the process' own, such as buffers.
    pub fn with_writers(
        settings: Settings,
        stdout: impl Write + Send + 'static,
        stderr: impl Write + Send + 'static,
    ) -> Self {
        Self {
            settings,
            stdout: Mutex::new(Stdout {
                writer: Box::new(stdout),
                failed: None,
            }),
            stderr: Arc::new(Mutex::new(Box::new(stderr))),
            live: OnceLock::new(),
            size: || None,
        }
    }

    /// Whether standard output is a terminal.
    pub fn stdout_is_tty(&self) -> bool {
        self.settings.stdout_tty
    }

    /// Whether standard error is a terminal.
    pub fn stderr_is_tty(&self) -> bool {
        self.settings.stderr_tty
    }

    /// The width in columns.
    pub fn width(&self) -> usize {
        self.settings.width
    }

    /// Whether a question may be asked.
    pub fn may_prompt(&self) -> bool {
        self.settings.may_prompt
    }

    /// Whether lines for `--verbose` are wanted.
    pub fn is_verbose(&self) -> bool {
        self.settings.verbose
    }

    /// Whether talk is not wanted (`--quiet`).
    pub fn is_quiet(&self) -> bool {
        self.settings.quiet
    }

    /// How standard output paints.
    pub fn palette(&self) -> Palette {
        Palette::new(self.settings.stdout_color, self.settings.links)
    }

    /// How standard error paints; without links.
    pub fn err_palette(&self) -> Palette {
        Palette::new(self.settings.stderr_color, false)
    }

    /// Standard output, locked and gathered until the guard is finished or
    /// dropped. Nothing is escaped here.
    pub fn out(&self) -> Out<'_> {
        Out {
            term: self,
            stdout: lock(&self.stdout),
            gathered: Vec::new(),
        }
    }

    /// Writes one line to standard output.
    pub fn line(&self, text: impl Into<Text>) -> io::Result<()> {
        let mut out = self.out();
        writeln!(out, "{}", text.into().render(self.palette()))?;
        out.finish()
    }

    /// Writes what the program itself made, such as a script or a help page,
    /// to standard output, as it is.
    pub fn bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = self.out();
        out.write_all(bytes)?;
        out.finish()
    }

    /// Passes on what another program wrote to its standard output, as it is.
    pub fn pass_on(&self, bytes: &[u8]) -> io::Result<()> {
        self.bytes(bytes)
    }

    /// Passes on what another program wrote to its standard error, as it is.
    pub fn pass_on_error(&self, bytes: &[u8]) -> io::Result<()> {
        self.around_live(|| {
            let mut stderr = lock(&self.stderr);
            stderr.write_all(bytes)?;
            stderr.flush()
        })
    }

    /// Whether all that went to standard output arrived. To be asked at the
    /// end: a guard that was only dropped leaves its failure here.
    pub fn flush(&self) -> io::Result<()> {
        let mut stdout = lock(&self.stdout);
        match stdout.failed.take() {
            Some(error) => Err(error),
            None => stdout.writer.flush(),
        }
    }

    /// Talk: a line on standard error, unless `--quiet` or a program reads it.
    pub fn note(&self, text: impl Into<Text>) {
        if !self.settings.for_programs {
            self.progress(text);
        }
    }

    /// How things go: a line on standard error, unless `--quiet`.
    pub fn progress(&self, text: impl Into<Text>) {
        if !self.settings.quiet {
            self.say(&text.into().render(self.err_palette()));
        }
    }

    /// A line on standard error, `--quiet` or not: what nobody can do without,
    /// such as a code that is to be typed in elsewhere.
    pub fn must_say(&self, text: impl Into<Text>) {
        self.say(&text.into().render(self.err_palette()));
    }

    /// `hint: …` on standard error, unless `--quiet`.
    pub fn hint(&self, text: impl Into<Text>) {
        if !self.settings.quiet {
            self.labelled(Role::Hint, "hint:", &text.into());
        }
    }

    /// `warning: …` on standard error, `--quiet` or not.
    pub fn warn(&self, text: impl Into<Text>) {
        self.labelled(Role::Warning, "warning:", &text.into());
    }

    /// A line on standard error, with `--verbose` only.
    pub fn verbose(&self, text: impl Into<Text>) {
        if self.settings.verbose {
            self.say(&text.into().render(self.err_palette()));
        }
    }

    /// `error: …` with what to do about it, on standard error, always.
    pub fn error(&self, text: impl Into<Text>, hints: &[String]) {
        self.labelled(Role::Error, "error:", &text.into());
        for hint in hints {
            self.labelled(Role::Hint, "hint:", &Text::from(hint));
        }
    }

    /// Lines of our own making on standard error, always; foreign text in
    /// them cannot break a line.
    pub fn error_lines<'a>(&self, lines: impl IntoIterator<Item = &'a str>) {
        for line in lines {
            self.say(&visible(line));
        }
    }

    /// Shows the cursor again, which a question or a live area may have hidden
    /// when the program is ended from outside.
    pub fn restore(&self) {
        if self.settings.stderr_tty {
            let mut stderr = lock(&self.stderr);
            let _ = stderr.write_all(b"\x1b[?25h").and_then(|()| stderr.flush());
        }
    }

    /// Asks questions on standard error, or says why it may not.
    pub fn prompter(&self) -> Prompter<'_> {
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
pub struct Out<'t> {
    term: &'t Term,
    stdout: MutexGuard<'t, Stdout>,
    gathered: Vec<u8>,
}

impl Out<'_> {
    /// Hands everything on and says whether it arrived.
    pub fn finish(mut self) -> io::Result<()> {
        self.flush()
    }

    fn hand_on(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let gathered = std::mem::take(&mut self.gathered);
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
mod tests {
    use std::sync::mpsc;

    use super::super::capture;
    use super::super::{Options, Streams, TermEnv};
    use super::*;

    #[test]
    fn results_and_talk_go_apart_and_are_made_visible() {
        let (term, out, err) = capture::piped();
        term.line("re\x1bsult\n").expect("written");
        term.note("no\rte");
        term.warn("care\n");
        term.hint("try");
        term.verbose("GET");
        term.error("bad\nerror: fake", &["do\tthis".to_owned()]);
        term.error_lines(["a\nb", "c"]);
        assert_eq!(out.text(), "re\\x1bsult\\n\n");
        assert_eq!(
            err.text(),
            "no\\rte\nwarning: care\\n\nhint: try\nerror: bad\\nerror: fake\nhint: do\\tthis\na\\nb\nc\n"
        );
    }

    #[test]
    fn quiet_mutes_talk_and_nothing_else() {
        let options = Options {
            quiet: true,
            verbose: true,
            ..Options::default()
        };
        let (term, out, err) = capture::term(&TermEnv::default(), options, Streams::default());
        term.line("result").expect("written");
        term.note("note");
        term.hint("hint");
        term.warn("w");
        term.verbose("GET");
        term.error("e", &[]);
        assert_eq!(out.text(), "result\n");
        assert_eq!(err.text(), "warning: w\nGET\nerror: e\n");
    }

    #[test]
    fn labels_are_coloured_on_a_terminal() {
        let (term, _, err) = capture::tty(80, true);
        term.warn("w");
        assert!(
            err.text().starts_with("\x1b[1m\x1b[33mwarning:\x1b[0m w"),
            "{:?}",
            err.text()
        );
    }

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn closed() -> Term {
        let settings = Settings::new(&TermEnv::default(), Options::default(), Streams::default());
        Term::with_writers(settings, Closed, Closed)
    }

    #[test]
    fn a_closed_pipe_is_told_once_and_never_panics() {
        let term = closed();
        assert!(is_broken_pipe(&term.line("x").expect_err("closed")));
        term.warn("nobody hears it");
        let term = closed();
        let mut out = term.out();
        out.write_all(b"x").expect("gathered");
        drop(out);
        assert!(is_broken_pipe(&term.flush().expect_err("kept")));
        assert!(term.flush().is_ok(), "told once");
    }

    #[test]
    fn much_output_is_handed_on_before_the_end() {
        struct Counted(mpsc::Sender<usize>);

        impl Write for Counted {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.send(bytes.len()).map_err(io::Error::other)?;
                Ok(bytes.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }

        let (sender, written) = mpsc::channel();
        let settings = Settings::new(&TermEnv::default(), Options::default(), Streams::default());
        let term = Term::with_writers(settings, Counted(sender), io::sink());
        let mut out = term.out();
        for _ in 0..100 {
            out.write_all(&[b'x'; 1024]).expect("written");
        }
        assert_eq!(written.try_iter().sum::<usize>(), 96 * 1024);
        out.finish().expect("written");
        assert_eq!(written.try_iter().sum::<usize>(), 4 * 1024);
    }
}
