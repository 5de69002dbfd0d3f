use std::mem;
use std::ops::Deref;

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::commands::help::render::HELP_TEMPLATE;
use crate::session::GlobalArgs;
use crate::session::step_file::{OUTPUT, SUMMARY};

/// The arguments of a command, which are only constructed if the command is run.
#[derive(Debug)]
pub struct Deferred<A>(A);

impl<A> Deref for Deferred<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.0
    }
}

impl<A: FromArgMatches> FromArgMatches for Deferred<A> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        A::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        A::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl<A: Args> Args for Deferred<A> {
    fn augment_args(command: Command) -> Command {
        complete(command, A::augment_args)
    }

    fn augment_args_for_update(command: Command) -> Command {
        complete(command, A::augment_args_for_update)
    }
}

/// Adds a command's own arguments to the global ones, which a deferred command
/// already has, and which its help shows last.
fn complete(command: Command, own: fn(Command) -> Command) -> Command {
    let global_count = command.get_arguments().count();
    let command = own(command);
    let passes_on = global_count > 0 && command.has_subcommands();
    let (command, mut arguments) = take_arguments(command);
    for argument in arguments.iter_mut().take(global_count) {
        let hidden = is_refused(command.get_name(), argument);
        *argument = mem::take(argument).hide(hidden).global(!passes_on);
    }
    arguments.rotate_left(global_count);
    let mut arguments = arguments.into_iter();
    let command = command.mut_args(|empty| arguments.next().unwrap_or(empty));
    let command = command.help_template(HELP_TEMPLATE);
    if passes_on {
        command.mut_subcommands(|subcommand| subcommand.defer(complete_subcommand))
    } else {
        command
    }
}

/// Whether a command refuses this global option, so that its help omits it.
fn is_refused(command: &str, argument: &Arg) -> bool {
    match argument.get_id().as_str() {
        "github_output" => !OUTPUT.is_for(command),
        "github_summary" => !SUMMARY.is_for(command),
        _ => false,
    }
}

/// Adds the global options to a subcommand when it is the one that is run: clap
/// would copy them to all its siblings as well.
fn complete_subcommand(command: Command) -> Command {
    let (_, arguments) = take_arguments(GlobalArgs::augment_args(Command::new("")));
    command
        .help_template(HELP_TEMPLATE)
        .args(arguments.into_iter().map(|argument| {
            let hidden = is_refused("", &argument);
            argument.hide(hidden).global(false)
        }))
        .mut_subcommands(|subcommand| subcommand.defer(complete_subcommand))
}

/// Replaces the arguments by empty ones, and returns them.
fn take_arguments(command: Command) -> (Command, Vec<Arg>) {
    let mut arguments = Vec::new();
    let command = command.mut_args(|argument| {
        arguments.push(argument);
        Arg::default()
    });
    (command, arguments)
}
