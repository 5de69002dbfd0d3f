use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::OsString;
use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;

use super::GlobalArgs;
use crate::api::{ApiError, Client, ClientConfig, Event};
use crate::context::{Git, GitError, Server, Target, resolve_server, resolve_target};
use crate::env::{self, Env};
use crate::error::{Asking, Failure, Kind};
use crate::exit;
use crate::model::RepoSlug;
use crate::output::{Format, FormatArgs, Record};
use crate::session::completion_cache as seen;
use crate::session::completion_cache::{Notebook, Place};
use crate::session::signals::Interruption;
use crate::session::token::{wanted, wanted_of};
use crate::term::Term;

/// A pause before a repeat that is worth a word.
const LONG_PAUSE: Duration = Duration::from_secs(3);

/// What a command works with: the environment, the terminal, the options of
/// every command, and, once it asks for it, a server.
pub(crate) struct Session {
    /// The environment.
    pub env: Env,
    /// The terminal.
    pub term: Arc<Term>,
    /// The options of every command.
    pub global: GlobalArgs,
    folder: PathBuf,
    git: OnceCell<Result<Git, GitError>>,
    target: OnceCell<Target>,
    exit_code: Cell<u8>,
    interruption: Interruption,
    args: Vec<OsString>,
    under_way: Cell<Option<&'static str>>,
    /// What was seen of the repository, for completion.
    pub(crate) noted: RefCell<Option<Notebook>>,
}

/// A repository on a server, with a client that may ask it.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) repo: RepoSlug,
    /// Where statuses that can't be sent are kept for.
    #[cfg(feature = "agent")]
    pub(crate) origin: crate::outbox::Origin,
    pub(crate) token_origin: String,
    pub(crate) in_actions: bool,
    /// Where what is seen of the repository is kept.
    pub(crate) place: Place,
    pub(crate) seen_file: Option<PathBuf>,
    #[cfg(feature = "sandbox")]
    _sandbox: Option<deployctl_sandbox::Sandbox>,
}

impl Session {
    /// A session in the working directory `folder`.
    pub(crate) fn new(env: Env, term: Arc<Term>, global: GlobalArgs, folder: PathBuf) -> Self {
        Self {
            env,
            term,
            global,
            folder,
            git: OnceCell::new(),
            target: OnceCell::new(),
            exit_code: Cell::new(exit::DONE),
            interruption: Interruption::new(),
            args: Vec::new(),
            under_way: Cell::new(None),
            noted: RefCell::new(None),
        }
    }

    /// Tells the session how the program was called, its own name first.
    #[must_use]
    pub(crate) fn invoked_as(mut self, args: &[OsString]) -> Self {
        self.args = args.to_vec();
        self
    }

    /// How the program was called, its own name first.
    #[cfg(feature = "agent")]
    pub(crate) fn args(&self) -> &[OsString] {
        &self.args
    }

    /// The command line, to be typed again in a shell.
    pub(crate) fn command_line(&self) -> String {
        let args = self.args.iter().skip(1).map(|arg| arg.to_string_lossy());
        std::iter::once("deployctl".to_owned())
            .chain(args.map(|arg| quoted(&arg)))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Where signals go.
    pub(crate) fn interruption(&self) -> &Interruption {
        &self.interruption
    }

    /// Notes the exit code of a command that did its work and has something to
    /// tell by it.
    pub(crate) fn exit_with(&self, code: u8) {
        self.exit_code.set(code);
    }

    /// The exit code of a command that did its work.
    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code.get()
    }

    /// Notes a write while it is under way: should the command be interrupted
    /// then, nobody knows whether the server did it.
    pub(crate) async fn writing<T>(&self, what: &'static str, write: impl Future<Output = T>) -> T {
        self.under_way.set(Some(what));
        let done = write.await;
        self.under_way.set(None);
        done
    }

    /// The write that was under way when the command ended.
    pub(crate) fn under_way(&self) -> Option<&'static str> {
        self.under_way.get()
    }

    /// Git in the working directory.
    pub(crate) fn git(&self) -> Result<&Git, GitError> {
        let git = self.git.get_or_init(|| Git::new(&self.env, &self.folder));
        git.as_ref().map_err(|_| GitError::Missing)
    }

    /// Whether the command works on the sandbox.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.global.sandbox || self.env.is_on(env::DEPLOYCTL_SANDBOX)
    }

    /// How the result of the command is printed. Options that make no sense
    /// are refused here, before anything is sent.
    pub(crate) fn format<R: Record>(&self) -> anyhow::Result<Format> {
        super::step_file::OUTPUT.check(self)?;
        super::step_file::SUMMARY.check(self)?;
        let global = &self.global;
        let args = FormatArgs {
            json: global.json.clone(),
            jsonl: global.jsonl.clone(),
            jq: global.jq.clone(),
            template: global.template.clone(),
        };
        Ok(Format::new::<R>(&args, &self.term, Timestamp::now())?)
    }

    /// The repository and its server, without asking it anything.
    pub(crate) fn target(&self) -> anyhow::Result<Target> {
        if let Some(target) = self.target.get() {
            return Ok(target.clone());
        }
        let flag = self.global.one_repo()?;
        let target = resolve_target(&self.env, flag, || self.git())?;
        Ok(self.target.get_or_init(|| target).clone())
    }

    /// The server, ready to be asked. `patience` is how long one call may take
    /// with all its repeats, where it is not the usual. What earlier runs could
    /// not send to this server is sent now.
    pub(crate) async fn connect(&self, patience: Option<Duration>) -> anyhow::Result<Connection> {
        let (connection, ()) = self.connect_beside(patience, || Ok(())).await?;
        Ok(connection)
    }

    /// The same beside other work that needs no server, such as a look into
    /// git. A failure of that work comes first.
    pub(crate) async fn connect_beside<T>(
        &self,
        patience: Option<Duration>,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<(Connection, T)> {
        let (connection, done) = self.reach_beside(patience, work).await?;
        #[cfg(feature = "agent")]
        super::leftovers::deliver(self, &connection).await;
        Ok((connection, done))
    }

    /// The same, with what earlier runs left as it is.
    ///
    /// The keyring, or gh, is asked about the server that it most likely is
    /// before git tells which one it is.
    async fn reach_beside<T>(
        &self,
        patience: Option<Duration>,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<(Connection, T)> {
        if self.is_sandbox() {
            let done = work()?;
            return Ok((self.connect_sandbox(patience).await?, done));
        }
        let likely = self.likely_server();
        let mut ahead = pin!(async {
            match &likely {
                Some(server) => Some(self.find_token(&wanted_of(server)).await),
                None => None,
            }
        });
        // Asked once, so that a thread of its own looks for the token.
        let mut early = poll_fn(|context| Poll::Ready(ahead.as_mut().poll(context))).await;
        let done = work()?;
        let target = self.target()?;
        let is_it = likely.as_ref().map(wanted_of) == Some(wanted(&target));
        if is_it && early.is_pending() {
            early = Poll::Ready(ahead.await);
        }
        let (token, origin) = match early {
            Poll::Ready(Some(found)) if is_it => found?,
            _ => self.find_token(&wanted(&target)).await?,
        };
        let mut config = self.client_config(ClientConfig::new(target.endpoints), patience);
        config.token = Some(token);
        let place = Place::new(Some(&config.endpoints.rest), &target.slug);
        let connection = Connection {
            #[cfg(feature = "agent")]
            origin: super::leftovers::origin_of(
                &config.endpoints,
                target.host,
                target.host_is_named,
            ),
            seen_file: seen::file(&self.env, &place),
            place,
            client: Client::new(config)?,
            repo: target.slug,
            token_origin: origin.to_string(),
            in_actions: self.env.in_actions(),
            #[cfg(feature = "sandbox")]
            _sandbox: None,
        };
        Ok((connection, done))
    }

    /// The server that it will be unless git knows better: the one that is
    /// named, else the only one that somebody logged in to, else github.com.
    fn likely_server(&self) -> Option<Server> {
        let flag = self.global.one_repo().ok()?;
        let mut server = resolve_server(&self.env, None, flag, || Err(GitError::Missing)).ok()?;
        if !server.host_is_named && !server.is_override {
            let logins = self.sources().logins().unwrap_or_default();
            if let [only] = &logins.hosts.keys().collect::<Vec<_>>()[..] {
                server.host = only.parse().ok()?;
                server.endpoints = server.host.endpoints().ok()?;
            }
        }
        Some(server)
    }

    #[cfg(feature = "sandbox")]
    pub(crate) async fn connect_sandbox(
        &self,
        patience: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        let source = super::sandbox::source(self)?;
        let repo = RepoSlug::new(&source.owner, &source.name)
            .ok_or_else(|| Failure::new(Kind::Other, "the sandbox has no such repository"))?;
        let mut config = deployctl_sandbox::Config::new(super::sandbox::data_folder(self, None)?);
        config.repositories.push(source);
        // A command ends too soon to send anything to the end, and what is cut
        // off would be sent twice. It stays noted for a `sandbox serve`.
        config.delivers = false;
        let sandbox = deployctl_sandbox::Sandbox::start(config).await?;
        let endpoints = crate::model::Endpoints::from_rest(&sandbox.url().parse()?);
        let mut config = self.client_config(ClientConfig::new(endpoints), patience);
        // This sandbox counts no limits, so there are none to keep.
        config.points_limit = None;
        config.token = Some(crate::api::Token::new("sandbox".to_owned())?);
        let place = Place::new(None, &repo);
        Ok(Connection {
            #[cfg(feature = "agent")]
            origin: super::leftovers::sandbox_origin(),
            seen_file: seen::file(&self.env, &place),
            place,
            client: Client::new(config)?,
            repo,
            token_origin: "the sandbox".to_owned(),
            in_actions: false,
            _sandbox: Some(sandbox),
        })
    }

    #[cfg(not(feature = "sandbox"))]
    #[expect(
        clippy::unused_async,
        reason = "the signature is that of the build with a sandbox"
    )]
    pub(crate) async fn connect_sandbox(
        &self,
        _patience: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        Err(Failure::new(Kind::Usage, "this deployctl was built without the sandbox").into())
    }

    pub(crate) fn client_config(
        &self,
        mut config: ClientConfig,
        patience: Option<Duration>,
    ) -> ClientConfig {
        if let Some(patience) = patience {
            config.deadline = patience;
        }
        let term = Arc::clone(&self.term);
        config.observer = Some(Arc::new(move |event| match event {
            _ if term.is_verbose() => term.verbose(describe(event)),
            // Silence for so long would look like a program that hangs.
            Event::Retry { reason, delay } if *delay >= LONG_PAUSE => {
                term.progress(format!("{reason}: going on in {} s", delay.as_secs()));
            }
            _ => {}
        }));
        config
    }
}

impl Connection {
    /// The failure that an error of the client stands for, with hints that
    /// know of the token.
    pub(crate) fn explain(&self, error: &ApiError) -> Failure {
        self.explain_for(error, None)
    }

    /// The same for the deployment of a ref.
    pub(crate) fn explain_for(&self, error: &ApiError, ref_name: Option<&str>) -> Failure {
        let asking = Asking {
            token_origin: Some(&self.token_origin),
            in_actions: self.in_actions,
            ref_name,
        };
        Failure::from_api(error, &asking)
    }
}

/// A word for a shell; one that is more than letters and signs without a
/// meaning is put in quotes.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// One line for `-v`.
fn describe(event: &Event<'_>) -> String {
    match event {
        Event::Request {
            method,
            url,
            status,
            error,
            elapsed,
            rate_remaining,
            request_id,
            attempt,
        } => {
            let mut line = format!("{method} {url} ");
            match (status, error) {
                (Some(status), Some(error)) => line.push_str(&format!("{status} ({error})")),
                (Some(status), None) => line.push_str(&status.to_string()),
                (None, error) => line.push_str(error.unwrap_or("no answer")),
            }
            line.push_str(&format!(" {} ms", elapsed.as_millis()));
            if let Some(left) = rate_remaining {
                line.push_str(&format!(", rate left {left}"));
            }
            if let Some(id) = request_id {
                line.push_str(&format!(", request id {id}"));
            }
            if *attempt > 1 {
                line.push_str(&format!(", attempt {attempt}"));
            }
            line
        }
        Event::Retry { reason, delay } => {
            format!("again in {:.1} s: {reason}", delay.as_secs_f64())
        }
        Event::GiveUp { reason } => format!("not again: {reason}"),
        Event::Note(text) => (*text).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_stays_one_word_in_a_shell() {
        assert_eq!(quoted("--keep=1"), "--keep=1");
        assert_eq!(quoted("preview/*"), "'preview/*'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
    }
}
