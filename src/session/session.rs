use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::completion_cache::CompletionCache;
use super::global::GlobalArgs;
use super::program_name::{PROGRAM_NAME, program_name};
use super::signals::SignalRouter;
use super::step_file;
use crate::context::{Git, GitError, Target, checkout_has_file, resolve_server, resolve_target};
use crate::env::{self, Env};
use crate::error::{Failure, Kind};
use crate::exit;
use crate::model::{Host, RepoSlug, Server, quote_for_shell};
use crate::output::{Format, FormatArgs, Record, RepositoryRecord};
use crate::term::{InputMode, PromptError, Prompter, Term};

/// What every command works with: the environment, the terminal, the global
/// options and the working directory.
pub(crate) struct Session {
    pub(crate) env: Env,
    pub(crate) term: Arc<Term>,
    pub(crate) global: GlobalArgs,
    folder: PathBuf,
    /// The arguments of the program, its own name first.
    args: Vec<OsString>,
    git: OnceCell<Result<Git, GitError>>,
    target: OnceCell<Target>,
    /// Set if the command knows its repository from elsewhere.
    repository: OnceCell<RepoSlug>,
    exit_code: Cell<u8>,
    signals: SignalRouter,
    write_in_flight: Cell<Option<&'static str>>,
    /// One for each repository that the command works on.
    pub(super) completion_caches: RefCell<Vec<CompletionCache>>,
}

impl Session {
    /// A session in the working directory `folder`. `args` are the arguments of
    /// the program, its own name first.
    pub(crate) fn new(
        env: Env,
        term: Arc<Term>,
        global: GlobalArgs,
        folder: PathBuf,
        args: &[OsString],
    ) -> Self {
        Self {
            env,
            term,
            global,
            folder,
            args: args.to_vec(),
            git: OnceCell::new(),
            target: OnceCell::new(),
            repository: OnceCell::new(),
            exit_code: Cell::new(exit::DONE),
            signals: SignalRouter::new(),
            write_in_flight: Cell::new(None),
            completion_caches: RefCell::default(),
        }
    }

    /// How the program was called: `deployctl`, or `gh deployctl`.
    pub(crate) fn program_name(&self) -> &'static str {
        program_name(&self.args)
    }

    /// The arguments of the program, its own name first.
    #[cfg(feature = "agent")]
    pub(crate) fn args(&self) -> &[OsString] {
        &self.args
    }

    /// The command line, quoted for a shell.
    pub(crate) fn command_line(&self) -> String {
        let args = self.args.iter().skip(1).map(|arg| arg.to_string_lossy());
        std::iter::once(PROGRAM_NAME.to_owned())
            .chain(args.map(|arg| quote_for_shell(&arg)))
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(crate) fn signals(&self) -> &SignalRouter {
        &self.signals
    }

    /// Sets the exit code of a command that has succeeded and reports something
    /// by its exit code.
    pub(crate) fn exit_with(&self, code: u8) {
        self.exit_code.set(code);
    }

    /// The exit code of a command that has succeeded.
    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code.get()
    }

    /// Awaits a write. If the command is interrupted meanwhile, the server may
    /// have done it or not, which `hint` says.
    pub(crate) async fn track_write<T>(
        &self,
        hint: &'static str,
        write: impl Future<Output = T>,
    ) -> T {
        self.write_in_flight.set(Some(hint));
        let done = write.await;
        self.write_in_flight.set(None);
        done
    }

    /// The hint of the write that was in flight when the command ended.
    pub(crate) fn write_in_flight(&self) -> Option<&'static str> {
        self.write_in_flight.get()
    }

    /// Git in the working directory.
    pub(crate) fn git(&self) -> Result<&Git, GitError> {
        let git = self.git.get_or_init(|| Git::new(&self.env, &self.folder));
        git.as_ref().map_err(|_| GitError::Missing)
    }

    /// Whether the working directory is in a checkout of the repository, or of
    /// the sandbox's, with a file at this path. Git is only run if a folder above
    /// has such a file.
    pub(crate) fn checkout_has_file(&self, repo: &RepoSlug, path: &str) -> bool {
        let mut above = self.folder.ancestors();
        if !above.any(|folder| folder.join(path).is_file()) {
            return false;
        }
        let repo = (!self.is_sandbox()).then_some(repo);
        self.git()
            .is_ok_and(|git| checkout_has_file(git, repo, path))
    }

    /// Whether the command works on the sandbox.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.global.sandbox || self.env.is_on(env::DEPLOYCTL_SANDBOX)
    }

    /// How the result of the command is printed. Unusable output options are
    /// refused here, before anything is sent.
    pub(crate) fn format<R: Record>(&self) -> anyhow::Result<Format> {
        self.format_of(R::FIELDS)
    }

    fn format_of(&self, known_fields: &'static [&'static str]) -> anyhow::Result<Format> {
        step_file::OUTPUT.check(&self.env, &self.global)?;
        step_file::SUMMARY.check(&self.env, &self.global)?;
        let global = &self.global;
        let args = FormatArgs {
            json: global.json.clone(),
            jsonl: global.jsonl.clone(),
            jq: global.jq.clone(),
            template: global.template.clone(),
        };
        let now = Timestamp::now();
        Ok(Format::new(known_fields, &args, &self.term, now)?)
    }

    /// Like [`format`](Self::format), for records that name their repository if
    /// there may be `several`.
    pub(crate) fn format_for<R: Record>(&self, several: bool) -> anyhow::Result<Format> {
        if several {
            self.format::<RepositoryRecord<R>>()
        } else {
            self.format::<R>()
        }
    }

    /// The repository and its server. No request is made.
    pub(crate) fn target(&self) -> anyhow::Result<Target> {
        if let Some(target) = self.target.get() {
            return Ok(target.clone());
        }
        let target = match self.repository() {
            Some(slug) => Target {
                slug: slug.clone(),
                server: self.server(None)?,
            },
            None => resolve_target(&self.env, self.global.one_repo()?, || self.git())?,
        };
        Ok(self.target.get_or_init(|| target).clone())
    }

    /// Has the command work on this repository, instead of the one that options,
    /// variables or git name.
    pub(super) fn set_repository(&self, slug: RepoSlug) {
        // A command sets it once.
        let _ = self.repository.set(slug);
    }

    pub(super) fn repository(&self) -> Option<&RepoSlug> {
        self.repository.get()
    }

    /// The server that `--hostname` names, otherwise that of the current
    /// repository, otherwise the default one.
    pub(crate) fn server(&self, hostname: Option<&Host>) -> anyhow::Result<Server> {
        let flag = self.global.one_repo()?;
        Ok(resolve_server(&self.env, hostname, flag, || self.git())?)
    }

    /// Asks a question on a thread of its own, so that Ctrl-C ends the command
    /// while it waits, and leaves the terminal as it was.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(Prompter<'_>) -> Result<T, PromptError> + Send + 'static,
    ) -> anyhow::Result<T> {
        let term = Arc::clone(&self.term);
        let mut open = OpenQuestion {
            term: &self.term,
            is_answered: false,
            _mode: InputMode::keep(),
        };
        let answer = tokio::task::spawn_blocking(move || question(term.prompter())).await;
        open.is_answered = true;
        Ok(answer??)
    }

    /// Asks for confirmation.
    ///
    /// # Errors
    /// If the answer is no.
    pub(crate) async fn confirm(&self, question: String) -> anyhow::Result<()> {
        let is_confirmed = self
            .ask(move |prompter| prompter.confirm(&question, "--yes"))
            .await?;
        if is_confirmed {
            return Ok(());
        }
        Err(Failure::new(Kind::Other, "nothing was done").into())
    }

    /// Writes what was seen to the completion cache. Completion is a courtesy,
    /// so a disk that is full or missing is no failure.
    pub(crate) fn save_completion_cache(&self) {
        for cache in self.completion_caches.take() {
            let _ = cache.save();
        }
    }
}

/// A question that waits for its answer.
struct OpenQuestion<'t> {
    term: &'t Term,
    is_answered: bool,
    _mode: InputMode,
}

impl Drop for OpenQuestion<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            // The next output starts on a line of its own.
            self.term.note("");
        }
    }
}
