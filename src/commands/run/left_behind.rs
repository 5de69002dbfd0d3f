use std::process::{Command, Stdio};

use crate::process::Rest;
use crate::session::Session;

/// Lets what the command left behind go on: a process that writes to a pipe
/// that nobody reads would be ended by its next line.
pub(super) fn keep_reading(session: &Session, rest: &Rest) {
    let pipes = rest.held_pipes();
    if pipes.is_empty() {
        return;
    }
    let reader = session.env.find_program("cat");
    let mut are_read = reader.is_some();
    for (pipe, reader) in pipes.into_iter().zip(reader.iter().cycle()) {
        let mut command = Command::new(reader);
        command
            .env_clear()
            .current_dir("/")
            .stdin(pipe)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        are_read &= command.spawn().is_ok();
    }
    let fate = if are_read {
        "what it writes there from now on is lost"
    } else {
        "its next line there may end it (SIGPIPE)"
    };
    session.term.warn(format!(
        "a process that the command left behind still has its output: {fate}"
    ));
    session
        .term
        .hint("with --no-capture it keeps the output of deployctl; or redirect its output");
}
