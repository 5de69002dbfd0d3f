//! An in-memory terminal for tests.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::sink::lock;
use super::{Options, Settings, Streams, Term, TermEnv};

#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(lock(&self.0).clone()).expect("UTF-8")
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal, with its standard output and standard error.
pub(crate) fn term(env: &TermEnv, options: Options, streams: Streams) -> (Term, Written, Written) {
    let (out, err) = (Written::default(), Written::default());
    let settings = Settings::new(env, options, streams);
    let term = Term::with_writers(settings, out.clone(), err.clone());
    (term, out, err)
}

/// A terminal whose streams are all redirected.
pub(crate) fn piped() -> (Term, Written, Written) {
    term(&TermEnv::default(), Options::default(), Streams::default())
}

/// A terminal with `width` columns.
pub(crate) fn tty(width: u16, colored: bool) -> (Term, Written, Written) {
    let env = TermEnv {
        no_color: (!colored).then(|| "1".to_owned()),
        ..TermEnv::default()
    };
    let streams = Streams {
        stdin_tty: true,
        stdout_tty: true,
        stderr_tty: true,
        width: Some(width),
        height: Some(24),
    };
    term(&env, Options::default(), streams)
}
