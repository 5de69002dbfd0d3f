/// The mode of the terminal's input as it is now, which is put back when this
/// is dropped: a hidden question that is broken off by a signal would leave a
/// terminal that does not show what is typed.
#[derive(Debug)]
pub(crate) struct InputMode {
    #[cfg(unix)]
    saved: Option<rustix::termios::Termios>,
}

impl InputMode {
    /// Remembers the mode of standard input, if that is a terminal.
    pub(crate) fn keep() -> Self {
        Self {
            #[cfg(unix)]
            saved: rustix::termios::tcgetattr(std::io::stdin()).ok(),
        }
    }
}

impl Drop for InputMode {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(saved) = &self.saved {
            // A terminal that is gone needs no mode.
            let _ = rustix::termios::tcsetattr(
                std::io::stdin(),
                rustix::termios::OptionalActions::Now,
                saved,
            );
        }
    }
}
