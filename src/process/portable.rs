//! For systems without process groups and signals: only the command itself is ended,
//! at once.

use std::io;

use tokio::process::Command;
use tokio::time::{Instant, sleep_until};

use super::control::{Control, ControlMessage};
use super::end::{CommandEnd, Force};
use super::output::RemainingOutput;
use super::spec::{CommandSpec, StreamTarget};

pub(super) async fn run(
    spec: CommandSpec,
    mut control: Control,
    output: &mut RemainingOutput,
) -> io::Result<CommandEnd> {
    let mut command = Command::from(spec.command()?);
    command.kill_on_drop(true);
    let mut pipes = Vec::new();
    let mut merged = None;
    match spec.stdout {
        StreamTarget::Inherited | StreamTarget::LikeStdout => {}
        StreamTarget::Read(sink) => {
            let (reader, writer) = io::pipe()?;
            merged = Some(writer.try_clone()?);
            command.stdout(writer);
            pipes.push((reader, sink));
        }
    }
    match (spec.stderr, merged) {
        (StreamTarget::LikeStdout, Some(writer)) => {
            command.stderr(writer);
        }
        (StreamTarget::Inherited | StreamTarget::LikeStdout, _) => {}
        (StreamTarget::Read(sink), _) => {
            let (reader, writer) = io::pipe()?;
            command.stderr(writer);
            pipes.push((reader, sink));
        }
    }
    let mut child = command.spawn()?;
    drop(command);
    for (pipe, sink) in pipes {
        output.copy(pipe, sink)?;
    }
    let deadline = spec
        .timeout
        .and_then(|timeout| Instant::now().checked_add(timeout));
    let end = tokio::select! {
        status = child.wait() => return Ok(CommandEnd::Exited(status?.code().unwrap_or(1))),
        message = control.next() => CommandEnd::Stopped {
            signal: match message {
                ControlMessage::Signal(signal) => Some(signal),
                ControlMessage::Kill => None,
            },
            force: Force::Kill,
        },
        () = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        } => CommandEnd::TimedOut { after: spec.timeout.unwrap_or_default(), force: Force::Kill },
    };
    child.kill().await?;
    Ok(end)
}
