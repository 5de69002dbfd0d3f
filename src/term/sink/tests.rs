use std::sync::mpsc;

use super::super::capture;
use super::super::{Options, Streams, TermEnv};
use super::*;

#[test]
fn results_and_messages_are_separate_and_escaped() {
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
fn in_actions_errors_are_annotations_and_text_is_no_command() {
    let actions = TermEnv {
        in_actions: true,
        ..TermEnv::default()
    };
    let (term, out, err) = capture::term(&actions, Options::default(), Streams::default());
    term.line("::set-output name=x::y").expect("written");
    term.warn("careful\n::error::no");
    term.error_lines(["::debug::x ##[group]"]);
    term.annotate_error("deployctl create", &["no, 1%", "hint: yes"]);
    assert_eq!(out.text(), "\\::set-output name=x::y\n");
    assert_eq!(
        err.text(),
        "warning: careful\\n::error::no\n\
             ::warning title=deployctl::careful\\n::error::no\n\
             \\::debug::x ##\\[group]\n\
             ::error title=deployctl create::no, 1%25%0Ahint: yes\n"
    );
    let (term, _, err) = capture::piped();
    term.annotate_error("deployctl create", &["no"]);
    assert_eq!(err.text(), "");
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
fn a_closed_pipe_is_reported_once_and_never_panics() {
    let term = closed();
    assert!(is_broken_pipe(&term.line("x").expect_err("closed")));
    term.warn("nobody hears it");
    let term = closed();
    let mut out = term.out();
    out.write_all(b"x").expect("gathered");
    drop(out);
    assert!(is_broken_pipe(&term.flush().expect_err("kept")));
    assert!(term.flush().is_ok(), "reported once");
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
