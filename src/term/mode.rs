/// Saves the mode of the terminal's input and restores it when dropped: a
/// signal during a password prompt would otherwise leave a terminal without
/// echo.
#[derive(Debug)]
pub(crate) struct InputMode {
    #[cfg(unix)]
    saved: Option<rustix::termios::Termios>,
}

impl InputMode {
    /// Saves the mode of standard input if it is a terminal.
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
            // Nothing can be restored if the terminal no longer exists.
            let _ = rustix::termios::tcsetattr(
                std::io::stdin(),
                rustix::termios::OptionalActions::Now,
                saved,
            );
        }
    }
}
