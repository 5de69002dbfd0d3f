use std::sync::Arc;

use super::Session;
use crate::term::{InputMode, PromptError, Prompter, Term};

impl Session {
    /// Asks a question on a thread of its own, so that Ctrl-C ends the command
    /// while it waits, and leaves the terminal as it was.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(Prompter<'_>) -> Result<T, PromptError> + Send + 'static,
    ) -> anyhow::Result<T> {
        let term = Arc::clone(&self.term);
        let mut asked = Asked {
            term: &self.term,
            is_answered: false,
            _mode: InputMode::keep(),
        };
        let answer = tokio::task::spawn_blocking(move || question(term.prompter())).await;
        asked.is_answered = true;
        Ok(answer??)
    }
}

/// A question that waits for its answer.
struct Asked<'t> {
    term: &'t Term,
    is_answered: bool,
    _mode: InputMode,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            // What comes next begins on a line of its own.
            self.term.note("");
        }
    }
}
