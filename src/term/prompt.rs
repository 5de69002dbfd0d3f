use std::io;

use dialoguer::theme::SimpleTheme;
use dialoguer::{Input, Password, Select};

use super::escape::visible;
use super::sink::Term;

#[derive(Debug, thiserror::Error)]
pub(crate) enum PromptError {
    /// Prompts are not possible: there is no terminal, or they are disabled.
    #[error("cannot ask \"{question}\" here; give the answer with {flag}")]
    NotAllowed {
        question: String,
        /// The option to use instead, such as `--yes`.
        flag: &'static str,
    },
    /// Ctrl-C, or the end of the input.
    #[error("interrupted")]
    Interrupted,
    #[error("cannot read an answer: {0}")]
    Io(#[source] io::Error),
}

/// Asks questions on standard error, but never a script.
///
/// Each question names the option that answers it without a prompt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prompter<'t> {
    term: &'t Term,
}

impl<'t> Prompter<'t> {
    pub(super) fn new(term: &'t Term) -> Self {
        Self { term }
    }

    /// Asks for yes or no, followed by Enter; Enter alone is no.
    pub(crate) fn confirm(self, question: &str, flag: &'static str) -> Result<bool, PromptError> {
        let asked = format!("{question} [y/N]");
        loop {
            // A typed answer: dialoguer's confirmation prompt hides the cursor,
            // and Ctrl-C would leave it hidden.
            let typed: String = self.ask(&asked, flag, |prompt| {
                Input::with_theme(&SimpleTheme)
                    .with_prompt(prompt)
                    .allow_empty(true)
                    .interact()
            })?;
            if let Some(yes) = yes_or_no(&typed) {
                return Ok(yes);
            }
        }
    }

    /// Asks the user to type exactly `word`, such as the repository's name.
    pub(crate) fn confirm_typed(
        self,
        question: &str,
        word: &str,
        flag: &'static str,
    ) -> Result<bool, PromptError> {
        let question = format!("{question} Type {word} to continue");
        let typed: String = self.ask(&question, flag, |prompt| {
            Input::with_theme(&SimpleTheme)
                .with_prompt(prompt)
                .allow_empty(true)
                .interact_text()
        })?;
        Ok(typed.trim() == word)
    }

    /// Asks to choose one of `items` and returns its index.
    pub(crate) fn select(
        self,
        question: &str,
        items: &[String],
        flag: &'static str,
    ) -> Result<usize, PromptError> {
        let shown: Vec<_> = items.iter().map(|item| visible(item)).collect();
        self.ask(question, flag, |prompt| {
            Select::with_theme(&SimpleTheme)
                .with_prompt(prompt)
                .items(&shown)
                .default(0)
                .interact()
        })
    }

    /// Asks for a text, such as a token, without showing it.
    pub(crate) fn password(
        self,
        question: &str,
        flag: &'static str,
    ) -> Result<String, PromptError> {
        self.ask(question, flag, |prompt| {
            Password::with_theme(&SimpleTheme)
                .with_prompt(prompt)
                .interact()
        })
    }

    fn ask<T>(
        self,
        question: &str,
        flag: &'static str,
        interact: impl FnOnce(&str) -> dialoguer::Result<T>,
    ) -> Result<T, PromptError> {
        if !self.term.may_prompt() {
            return Err(PromptError::NotAllowed {
                question: question.to_owned(),
                flag,
            });
        }
        let answer = self.term.around_live(|| interact(&visible(question)));
        answer.map_err(|dialoguer::Error::IO(error)| {
            // dialoguer hides the cursor while a list is shown.
            let _ = dialoguer::console::Term::stderr().show_cursor();
            match error.kind() {
                io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof => {
                    PromptError::Interrupted
                }
                _ => PromptError::Io(error),
            }
        })
    }
}

/// `None` if the answer is neither yes nor no.
fn yes_or_no(typed: &str) -> Option<bool> {
    match typed.trim().to_lowercase().as_str() {
        "y" | "yes" => Some(true),
        "" | "n" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::capture;
    use super::yes_or_no;

    #[test]
    fn only_a_yes_is_a_yes() {
        for yes in ["y", "Y", " yes ", "YES"] {
            assert_eq!(yes_or_no(yes), Some(true));
        }
        for no in ["", "n", "No"] {
            assert_eq!(yes_or_no(no), Some(false));
        }
        for neither in ["yess", "j", "1", "acme/shop"] {
            assert_eq!(yes_or_no(neither), None);
        }
    }

    #[test]
    fn without_a_terminal_the_option_is_named_instead() {
        let (term, out, err) = capture::piped();
        let prompter = term.prompter();
        let refusals = [
            prompter.confirm("Delete 3 deployments?", "--yes").err(),
            prompter
                .confirm_typed("Delete?", "acme/shop", "--yes")
                .err(),
            prompter.select("Which?", &["a".into()], "--yes").err(),
            prompter.password("Token", "--yes").err(),
        ];
        for refusal in refusals {
            let message = refusal.expect("refused").to_string();
            assert!(message.contains("give the answer with --yes"), "{message}");
        }
        assert_eq!(out.text() + &err.text(), "", "nothing was asked");
    }
}
