use std::collections::HashMap;
use std::fmt;
use std::io;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::sink::{Stderr, Term, lock};
use super::text::Text;

const REDRAW_INTERVAL: Duration = Duration::from_millis(120);
/// The spinner, the space after it, and the last column, which stays empty
/// because some terminals break the line there.
const RESERVED_COLUMNS: usize = 3;
const BAR_COLUMNS: usize = 24;

impl Term {
    /// Shows a spinner until it is dropped. Without a terminal, or with
    /// `--quiet`, nothing is shown.
    pub(crate) fn spinner(&self, text: impl Into<Text>) -> Spinner<'_> {
        let spinner = Spinner {
            term: self,
            bar: self.live_area().map(|area| {
                let bar = area.add(ProgressBar::new_spinner().with_style(spinner_style()));
                bar.enable_steady_tick(REDRAW_INTERVAL);
                bar
            }),
        };
        spinner.set(text);
        spinner
    }

    /// Shows a progress bar from 0 to `total` with a text, until it is dropped.
    /// Without a terminal, [`Bar::say`] prints a line instead.
    pub(crate) fn bar(&self, total: u64) -> Bar<'_> {
        Bar {
            term: self,
            drawn: self
                .live_area()
                .map(|area| area.add(ProgressBar::new(total).with_style(bar_style()))),
            total,
            text: Text::new(),
        }
    }

    /// Shows a row for each followed thing and a spinner with `text` below
    /// them, until it is dropped. Without a terminal, each change is a line on
    /// standard error.
    pub(crate) fn live(&self, text: impl Into<Text>) -> Live<'_> {
        Live {
            spinner: self.spinner(text),
            rows: HashMap::new(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Spinner<'t> {
    term: &'t Term,
    bar: Option<ProgressBar>,
}

impl Spinner<'_> {
    /// Changes the text.
    pub(crate) fn set(&self, text: impl Into<Text>) {
        if let Some(bar) = &self.bar {
            show(self.term, bar, &text.into());
        }
    }
}

impl Drop for Spinner<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A progress bar.
#[derive(Debug)]
pub(crate) struct Bar<'t> {
    term: &'t Term,
    drawn: Option<ProgressBar>,
    total: u64,
    text: Text,
}

impl Bar<'_> {
    /// Changes the progress and the text.
    pub(crate) fn set(&mut self, done: u64, text: impl Into<Text>) {
        self.text = text.into();
        if let Some(bar) = &self.drawn {
            bar.set_position(done);
            let beside = BAR_COLUMNS + 2 * self.total.to_string().len() + RESERVED_COLUMNS;
            let room = self.term.width().saturating_sub(beside);
            bar.set_message(self.text.render_within(self.term.err_palette(), room));
            bar.tick();
        }
    }

    /// Without a terminal: prints a line with the current progress.
    pub(crate) fn say(&self) {
        if self.drawn.is_none() && self.text != Text::new() {
            self.term.progress(self.text.clone());
        }
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.drawn {
            bar.finish_and_clear();
        }
    }
}

/// Rows that are redrawn in place, one for each followed thing. They never mix
/// with standard output.
#[derive(Debug)]
pub(crate) struct Live<'t> {
    spinner: Spinner<'t>,
    rows: HashMap<u64, Row>,
}

#[derive(Debug)]
struct Row {
    text: Text,
    bar: Option<ProgressBar>,
}

impl Live<'_> {
    /// Shows `text` in the row of `key`; a new row is added below the others.
    /// Without a terminal, an unchanged text is not printed again.
    pub(crate) fn set(&mut self, key: u64, text: impl Into<Text>) {
        let text = text.into();
        if self.rows.get(&key).is_some_and(|row| row.text == text) {
            return;
        }
        let term = self.spinner.term;
        let bar = match self.rows.remove(&key) {
            Some(row) => row.bar,
            None => self.new_row(),
        };
        match &bar {
            Some(bar) => show(term, bar, &text),
            None => term.progress(text.clone()),
        }
        self.rows.insert(key, Row { text, bar });
    }

    fn new_row(&self) -> Option<ProgressBar> {
        let below = self.spinner.bar.as_ref()?;
        let area = self.spinner.term.live_area()?;
        Some(area.insert_before(below, ProgressBar::new_spinner().with_style(row_style())))
    }
}

impl Drop for Live<'_> {
    fn drop(&mut self) {
        for row in self.rows.values() {
            if let Some(bar) = &row.bar {
                bar.finish_and_clear();
            }
        }
    }
}

fn show(term: &Term, bar: &ProgressBar, text: &Text) {
    let room = term.width().saturating_sub(RESERVED_COLUMNS);
    bar.set_message(text.render_within(term.err_palette(), room));
    bar.tick();
}

fn spinner_style() -> ProgressStyle {
    style("{spinner} {msg}").tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ")
}

fn bar_style() -> ProgressStyle {
    style(&format!("{{bar:{BAR_COLUMNS}}} {{pos}}/{{len}} {{msg}}")).progress_chars("━╸─")
}

fn row_style() -> ProgressStyle {
    style("{msg}")
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// Standard error as a target to draw on, so that drawing goes through the
/// single writer.
pub(super) struct Screen {
    pub(super) stderr: Stderr,
    /// Called at each redraw, because the terminal may have been resized.
    pub(super) size: fn() -> Option<(u16, u16)>,
    pub(super) width: usize,
    pub(super) height: u16,
}

impl Screen {
    pub(super) fn into_target(self) -> ProgressDrawTarget {
        ProgressDrawTarget::term_like(Box::new(self))
    }

    fn write(&self, text: &str) -> io::Result<()> {
        lock(&self.stderr).write_all(text.as_bytes())
    }

    fn move_cursor(&self, n: usize, direction: char) -> io::Result<()> {
        match n {
            0 => Ok(()),
            n => self.write(&format!("\x1b[{n}{direction}")),
        }
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").finish_non_exhaustive()
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        (self.size)().map_or_else(
            || u16::try_from(self.width).unwrap_or(u16::MAX),
            |(width, _)| width,
        )
    }

    fn height(&self) -> u16 {
        (self.size)().map_or(self.height, |(_, height)| height)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.move_cursor(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.move_cursor(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.move_cursor(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.move_cursor(n, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write(&format!("{text}\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.write(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        lock(&self.stderr).flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::capture;
    use super::super::{Options, Role, Streams, TermEnv};
    use super::*;

    /// The final screen of a terminal with this many columns.
    fn screen(bytes: &str, columns: u16) -> Vec<String> {
        let mut parser = vt100::Parser::new(24, columns, 0);
        // A terminal driver converts a line feed to a new line.
        parser.process(bytes.replace('\n', "\r\n").as_bytes());
        let mut rows: Vec<String> = parser
            .screen()
            .rows(0, columns)
            .map(|row| row.trim_end().to_owned())
            .collect();
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        rows
    }

    #[test]
    fn rows_are_redrawn_in_place_and_cleared_at_the_end() {
        let (term, out, err) = capture::tty(40, true);
        let mut live = term.live("waiting");
        live.set(1, Text::new().plain("1 ").with(Role::Pending, "queued"));
        live.set(2, "2 queued");
        live.set(1, Text::new().plain("1 ").with(Role::Success, "active"));
        let shown = screen(&err.text(), 40);
        assert_eq!(shown[..2], ["1 active", "2 queued"]);
        assert!(shown[2].ends_with(" waiting"), "{shown:?}");
        assert_eq!(shown.len(), 3, "{shown:?}");

        term.note("a word in between");
        term.line("a result").expect("written");
        let shown = screen(&err.text(), 40);
        assert_eq!(shown[..3], ["a word in between", "1 active", "2 queued"]);
        assert_eq!(shown.len(), 4, "{shown:?}");
        drop(live);
        assert_eq!(screen(&err.text(), 40), ["a word in between"]);
        assert_eq!(out.text(), "a result\n");
    }

    #[test]
    fn a_row_never_breaks_its_line_or_sends_a_sequence() {
        let (term, _, err) = capture::tty(20, false);
        let mut live = term.live("");
        live.set(1, format!("1 \x1b[2J\n{}", "long".repeat(20)));
        assert_eq!(screen(&err.text(), 20)[0], r"1 \x1b[2J\nlongl…");
        assert!(!err.text().contains("\x1b[2J"));
    }

    #[test]
    fn a_bar_fills_and_is_gone_at_the_end() {
        let (term, _, err) = capture::tty(60, true);
        let mut progress = term.bar(1000);
        progress.set(500, "3.0/s, 2m 40s left \x1b[2J");
        let shown = screen(&err.text(), 60);
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert!(
            shown[0].ends_with(r" 500/1000 3.0/s, 2m 40s left \x1b[…"),
            "{shown:?}"
        );
        assert!(shown[0].starts_with("━━━━━━━━━━━━"), "{shown:?}");
        progress.say();
        drop(progress);
        assert!(screen(&err.text(), 60).is_empty());
    }

    #[test]
    fn off_a_terminal_progress_is_a_line_when_it_is_time() {
        let (term, _, err) = capture::piped();
        let mut progress = term.bar(2);
        progress.say();
        progress.set(1, "1 of 2");
        progress.set(2, "2 of 2");
        progress.say();
        drop(progress);
        assert_eq!(err.text(), "2 of 2\n");
    }

    #[test]
    fn off_a_terminal_each_change_is_a_line() {
        let (term, out, err) = capture::piped();
        let mut live = term.live("waiting");
        live.set(1, "1 queued");
        live.set(1, "1 queued");
        live.set(1, "1 active");
        drop(live);
        drop(term.spinner("busy"));
        assert_eq!(err.text(), "1 queued\n1 active\n");
        assert_eq!(out.text(), "");
    }

    #[test]
    fn quiet_and_dumb_terminals_are_not_drawn_on() {
        let streams = Streams {
            stderr_tty: true,
            ..Streams::default()
        };
        let quiet = Options {
            quiet: true,
            ..Options::default()
        };
        let dumb = TermEnv {
            term: Some("dumb".to_owned()),
            ..TermEnv::default()
        };
        for (env, options, said) in [
            (&TermEnv::default(), quiet, ""),
            (&dumb, Options::default(), "1 queued\n"),
        ] {
            let (term, _, err) = capture::term(env, options, streams);
            let mut live = term.live("waiting");
            live.set(1, "1 queued");
            drop(live);
            assert_eq!(err.text(), said);
        }
    }
}
