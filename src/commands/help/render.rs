use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::wrap::wrap;
use crate::{env, exit};

/// The help without notes, examples and exit codes, which are not wrapped: examples
/// are meant to be copied.
pub(crate) const HELP_TEMPLATE: &str = "\
{about-with-newline}
{usage-heading} {usage}

{all-args}";

/// Renders help, the version or an error of clap; errors without colour. Help is
/// wrapped for a terminal with `width` columns. It ends with the notes and examples
/// of the command, and in the long form with the exit codes. `command` has parsed
/// `args`.
pub(crate) fn render_error(
    error: &Error,
    command: &Command,
    args: &[OsString],
    width: usize,
) -> String {
    let rendered = error.render();
    let text = if error.use_stderr() {
        rendered.to_string()
    } else {
        rendered.ansi().to_string()
    };
    let is_long = match error.kind() {
        ErrorKind::DisplayHelp => {
            let flag = args.iter().find(|arg| *arg == "-h" || *arg == "--help");
            flag.is_some_and(|arg| arg == "--help")
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => false,
        _ => return text,
    };
    // While parsing, clap sets the names of the commands that `args` select.
    let is_selected = |command: &&Command| command.get_bin_name().is_some();
    let mut selected = command;
    while let Some(subcommand) = selected.get_subcommands().find(is_selected) {
        selected = subcommand;
    }
    complete_help(&wrap(&text, width), selected, is_long)
}

/// Adds a tip if the `--` before the command of `run` is missing.
pub(crate) fn add_tip(mut error: Error, args: &[OsString]) -> Error {
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
        None => "put the command after '--': deployctl run -e staging -- ./deploy.sh".to_owned(),
    };
    error.insert(
        ContextKind::Suggested,
        ContextValue::StyledStrs(vec![tip.into()]),
    );
    error
}

pub(crate) fn render_long_help(command: &mut Command, width: usize) -> String {
    let help = command.render_long_help().ansi().to_string();
    complete_help(&wrap(&help, width), command, true)
}

/// Adds the parts that must not be wrapped.
fn complete_help(help: &str, command: &Command, is_long: bool) -> String {
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

/// Splits a text that is too long for a line at a space.
fn first_line(text: &str) -> Option<(&str, &str)> {
    const MAX_LINE_BYTES: usize = 70;
    let at = text.get(..=MAX_LINE_BYTES)?.rfind(' ')?;
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
