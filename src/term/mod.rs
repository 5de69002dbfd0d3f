//! The terminal: its properties, the only writers to standard output and
//! standard error, escaping, styles, prompts and progress.

mod browser;
mod drawing;
mod escape;
mod mode;
mod pager;
mod progress;
mod prompt;
mod settings;
mod sink;
mod style;
mod text;
mod width;
mod workflow;

pub(crate) use browser::open_page;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use escape::visible_lines;
pub(crate) use escape::{is_harmful, visible, visible_text};
pub(crate) use mode::InputMode;
pub(crate) use progress::{Bar, Live};
pub(crate) use prompt::{PromptError, Prompter};
pub(crate) use settings::{ColorChoice, Options, Settings, Streams, TermEnv};
pub(crate) use sink::{Term, is_broken_pipe};
pub(crate) use style::{Palette, Role};
pub(crate) use text::Text;
pub(crate) use width::{truncate, width};
pub(crate) use workflow::escape_commands_in_json;

#[cfg(test)]
pub(crate) mod capture;
