//! The terminal: what is known of it, the only writers of standard output and
//! standard error, escaping, styles, questions and progress.

mod browser;
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

pub use browser::open_page;
pub use escape::{is_harmful, visible, visible_lines, visible_text};
pub use mode::InputMode;
pub use progress::{Bar, Live, Spinner};
pub use prompt::{PromptError, Prompter};
pub use settings::{ColorChoice, Options, Settings, Streams, TermEnv};
pub use sink::{Out, Term, is_broken_pipe};
pub use style::{Painted, Palette, Role};
pub use text::Text;
pub use width::{truncate, width};
pub use workflow::disarmed_json;

#[cfg(test)]
pub(crate) mod capture;
