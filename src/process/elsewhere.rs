//! Where there are no process groups and no signals: a command is ended at
//! once, and alone.

use std::io;
use std::process::Stdio;

use tokio::process::Command;
use tokio::time::{Instant, sleep_until};

use super::{Channel, Control, End, Finished, Force, Order, Rest};

pub(super) async fn run(order: Order, control: Control) -> Finished {
    let began = Instant::now();
    let mut rest = Rest::new(order.redactor.clone());
    let program = order.program();
    let end = match follow(order, control, &mut rest).await {
        Ok(end) => end,
        Err(error) => End::NotStarted { program, error },
    };
    let took = began.elapsed();
    rest.settle().await;
    Finished {
        end,
        took,
        rest,
        remains: None,
    }
}

async fn follow(order: Order, mut control: Control, rest: &mut Rest) -> io::Result<End> {
    use super::control::Told;
    let mut command = Command::from(order.command()?);
    command.kill_on_drop(true);
    let mut pipes = Vec::new();
    let mut merged = None;
    match order.stdout {
        Channel::Inherited | Channel::LikeStdout => {}
        Channel::Read(sink) => {
            let (reader, writer) = io::pipe()?;
            merged = Some(writer.try_clone()?);
            command.stdout(writer);
            pipes.push((reader, sink));
        }
    }
    match (order.stderr, merged) {
        (Channel::LikeStdout, Some(writer)) => {
            command.stderr(writer);
        }
        (Channel::Inherited | Channel::LikeStdout, _) => {}
        (Channel::Read(sink), _) => {
            let (reader, writer) = io::pipe()?;
            command.stderr(writer);
            pipes.push((reader, sink));
        }
    }
    let mut child = command.spawn()?;
    drop(command);
    for (pipe, sink) in pipes {
        rest.pump(pipe, sink)?;
    }
    let deadline = order
        .timeout
        .and_then(|timeout| Instant::now().checked_add(timeout));
    let end = tokio::select! {
        status = child.wait() => return Ok(End::Exited(status?.code().unwrap_or(1))),
        told = control.next() => End::Stopped {
            signal: match told {
                Told::End(signal) => Some(signal),
                Told::Kill => None,
            },
            force: Force::Kill,
        },
        () = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        } => End::TimedOut { after: order.timeout.unwrap_or_default(), force: Force::Kill },
    };
    child.kill().await?;
    Ok(end)
}
