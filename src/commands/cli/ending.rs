use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::{env, exit};

/// The help without what ends it. clap would lay that out anew, word by word,
/// and break the lines of examples that are to be copied.
pub(super) const HELP: &str = "\
{about-with-newline}
{usage-heading} {usage}

{all-args}";

/// What clap says, on stderr without colour, and if it is a help, what ends it: the notes and examples of
/// the command, and in the long form the exit codes. `command` has read `args`.
pub(crate) fn with_ending(error: &Error, command: &Command, args: &[OsString]) -> String {
    let said = error.render();
    let said = if error.use_stderr() {
        said.to_string()
    } else {
        said.ansi().to_string()
    };
    let is_long = match error.kind() {
        ErrorKind::DisplayHelp => {
            let asked = args.iter().find(|arg| *arg == "-h" || *arg == "--help");
            asked.is_some_and(|arg| arg == "--help")
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => false,
        _ => return said,
    };
    // Those that were reached have got the name that they are called by.
    let reached = |command: &Command| command.get_bin_name().is_some();
    let mut shown = command;
    while let Some(below) = shown.get_subcommands().find(|below| reached(below)) {
        shown = below;
    }
    ended(&said, shown, is_long)
}

/// Adds how the command is written that `run` runs, where the `--` is missing.
pub(super) fn with_tip(mut error: Error, args: &[OsString]) -> Error {
    let is_run = args.get(1).is_some_and(|first| first == "run");
    if !is_run || args.iter().any(|arg| arg == "--") {
        return error;
    }
    let typed = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::MissingRequiredArgument, _) => None,
        (ErrorKind::UnknownArgument, Some(ContextValue::String(word)))
            if !word.starts_with('-') =>
        {
            args.iter().position(|arg| arg.to_str() == Some(word))
        }
        _ => return error,
    };
    let tip = match typed {
        Some(at) => {
            let words = |args: &[OsString]| args.join(" ".as_ref()).to_string_lossy().into_owned();
            format!(
                "put '--' before the command: deployctl {} -- {}",
                words(&args[1..at]),
                words(&args[at..])
            )
        }
        None => "put the command behind '--': deployctl run -e staging -- ./deploy.sh".to_owned(),
    };
    error.insert(
        ContextKind::Suggested,
        ContextValue::StyledStrs(vec![tip.into()]),
    );
    error
}

/// The long help of a command.
pub(crate) fn help_of(command: &mut Command) -> String {
    let help = command.render_long_help().ansi().to_string();
    ended(&help, command, true)
}

fn ended(help: &str, command: &Command, is_long: bool) -> String {
    let mut text = help.trim_end().to_owned();
    let mut add = |part: &str| text.extend(["\n\n", part.trim_end()]);
    let long = command.get_after_long_help().filter(|_| is_long);
    if let Some(own) = long.or(command.get_after_help()) {
        add(&own.ansi().to_string());
    }
    if is_long {
        add(&exit_codes());
        if command.get_name() == "deployctl" {
            add(&format!("Environment variables:\n{}", variables()));
        }
    }
    text.push('\n');
    text
}

/// The exit codes, for a help text.
pub(crate) fn exit_codes() -> String {
    let mut text = String::from("Exit codes:\n");
    for (code, meaning) in exit::ALL {
        let code = code.to_string();
        text.extend([&"     "[code.len()..], &code, "  ", meaning, "\n"]);
    }
    text
}

/// The environment variables with their meaning, in lines that fit into 80
/// columns.
pub(crate) fn variables() -> String {
    let mut text = String::new();
    for (name, meaning) in env::VARIABLES {
        text.extend(["  ", name]);
        let mut rest = *meaning;
        while let Some((line, below)) = first_line(rest) {
            text.extend(["\n          ", line]);
            rest = below;
        }
        text.extend(["\n          ", rest, "\n"]);
    }
    text
}

/// Parts a text that is too long for a line at a space.
fn first_line(text: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 70;
    let at = text.get(..=LONGEST)?.rfind(' ')?;
    Some((&text[..at], &text[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_fit_into_80_columns() {
        let text = variables();
        let wide: Vec<&str> = text.lines().filter(|line| line.len() > 80).collect();
        assert_eq!(wide, [""; 0]);
    }
}
