use clap::Args;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::check::warnings;
use super::obtain::{LOGIN_TIMEOUT, WayArgs, obtain, way};
use super::record::{LoginRecord, NOBODY};
use super::server::{SANDBOX_NEEDS_NONE, server_of};
use crate::api::{ApiError, Token, TokenFacts};
use crate::auth::{
    Entry, Login, LoginFile, Sources, Storage, StoreError, TokenFile, TokenKind, environment_token,
};
use crate::error::{Asking, Failure, Kind};
use crate::model::{Host, Server};
use crate::session::Session;

/// The command that tells what is stored.
pub(super) const STATUS: &str = "auth status";

/// Store a token for a server
///
/// The token is checked and then stored in the system's keyring. Without --web
/// the command prompts for it. With --web you log in with a web browser; this
/// needs the client ID of an OAuth app that is registered on that server,
/// because deployctl has none built in.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Paste a token for github.com
  deployctl auth login

  # Read the token from a file
  deployctl auth login --hostname git.example.com --with-token < token.txt

  # Log in with a web browser, with an OAuth app of your own
  deployctl auth login --web --client-id Iv1.8a61f9b3a7aba766

  # On a machine without a keyring
  deployctl auth login --with-token --insecure-storage < token.txt")]
pub struct LoginArgs {
    /// Server (default: the server of the current repository)
    #[arg(long, value_name = "HOST")]
    pub hostname: Option<Host>,

    /// How the token comes in.
    #[command(flatten)]
    pub way: WayArgs,

    /// Store the token unencrypted, in a file that only you can read
    #[arg(long)]
    pub insecure_storage: bool,
}

/// Logs in.
pub(super) async fn run(session: &Session, args: &LoginArgs) -> anyhow::Result<()> {
    let format = session.format::<LoginRecord>()?;
    let term = &session.term;
    if session.is_sandbox() {
        term.note(SANDBOX_NEEDS_NONE);
        return Ok(());
    }
    let server = server_of(session, args.hostname.as_ref())?;
    let host = site(&server)?;
    // An address that no token may go to is refused before anything is asked.
    session.client(server.endpoints.clone(), None, LOGIN_TIMEOUT)?;
    let way = way(session, &args.way, &server)?;
    let sources = session.token_sources();
    let file = sources.login_file().ok_or_else(no_home)?;
    let storage = if args.insecure_storage {
        Storage::File
    } else {
        Storage::Keyring
    };
    probe(&sources, file, storage, &host).await?;
    let text = obtain(session, &args.way, &way, &server, &host).await?;
    let token = Token::new(text.expose_secret().to_owned()).map_err(|error| {
        Failure::new(Kind::Usage, format!("{}: {error}", way.origin())).hint("nothing was stored")
    })?;
    let spinner = term.spinner("checking the token");
    let checked = check(session, &server, token, way.origin()).await;
    drop(spinner);
    let facts = checked?;
    let kind = TokenKind::of(text.expose_secret());
    let login = Login {
        storage,
        kind,
        scopes: facts.scopes.clone(),
        expires_at: facts.expires_at,
    };
    let user = user(&facts);
    let entry = Entry {
        host: host.clone(),
        user: user.clone(),
    };
    store(session, &sources, storage, &entry, &text).await?;
    let before = file.change(|logins| {
        let before = logins.on(&host).and_then(|on| on.users.get(&user)).cloned();
        logins.add(&host, &user, login.clone());
        before
    })?;
    if let Some(before) = before.filter(|before| before.storage != storage) {
        remove_elsewhere(session, &sources, before.storage, &entry).await;
    }
    let record = LoginRecord::new(host.as_str(), &user, &login);
    format.one(term, &record, || record.print(term))?;
    tell(session, &server, kind, &facts, storage)?;
    Ok(())
}

/// The name that the token is stored under.
fn site(server: &Server) -> Result<Host, Failure> {
    let address = &server.endpoints.rest;
    server.site().ok_or_else(|| {
        Failure::new(
            Kind::Usage,
            format!("no token can be stored for {address}: the URL has no host name"),
        )
        .hint("set DEPLOYCTL_TOKEN instead")
    })
}

fn no_home() -> Failure {
    Failure::new(
        Kind::Usage,
        "the list of logins cannot be stored: HOME is not set",
    )
    .hint("set HOME or XDG_CONFIG_HOME")
}

/// Finds out that nothing can be stored here before somebody goes and makes a
/// token.
async fn probe(
    sources: &Sources<'_>,
    file: &LoginFile,
    storage: Storage,
    host: &Host,
) -> anyhow::Result<()> {
    file.read()?;
    let nobody = Entry {
        host: host.clone(),
        user: NOBODY.to_owned(),
    };
    sources.vault().get(storage, &nobody).await?;
    Ok(())
}

/// Asks the server about the token.
async fn check(
    session: &Session,
    server: &Server,
    token: Token,
    origin: &str,
) -> anyhow::Result<TokenFacts> {
    let client = session.client(server.endpoints.clone(), Some(token), LOGIN_TIMEOUT)?;
    let refused = |error: ApiError| {
        let asking = Asking {
            token_origin: Some(origin),
            ..Asking::default()
        };
        Failure::from_api(&error, &asking).hint("nothing was stored")
    };
    Ok(client.check_token().await.map_err(refused)?)
}

/// The login that the server tells, if it is one; a name is part of the entry
/// in the keyring.
fn user(facts: &TokenFacts) -> String {
    let is_login = |login: &&str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.[]@".contains(c);
        (1..=100).contains(&login.len()) && login.chars().all(fits)
    };
    let login = facts.login.as_deref().filter(is_login);
    login.unwrap_or(NOBODY).to_owned()
}

/// Stores the token. Where somebody is there, a keyring that waits to be
/// unlocked gets another chance: the token may be hard to come by.
async fn store(
    session: &Session,
    sources: &Sources<'_>,
    storage: Storage,
    entry: &Entry,
    token: &SecretString,
) -> anyhow::Result<()> {
    loop {
        let Err(error) = sources.vault().set(storage, entry, token).await else {
            return Ok(());
        };
        let may_open = matches!(error, StoreError::TimedOut(_) | StoreError::Locked(_));
        if !may_open || !session.term.may_prompt() {
            return Err(error.into());
        }
        session.term.warn(error.to_string());
        let again = session
            .ask(|prompter| prompter.confirm("Unlock it. Try again?", "--insecure-storage"))
            .await?;
        if !again {
            return Err(error.into());
        }
    }
}

/// Takes the token that was stored in another way before out of there.
async fn remove_elsewhere(
    session: &Session,
    sources: &Sources<'_>,
    storage: Storage,
    entry: &Entry,
) {
    if let Err(error) = sources.vault().delete(storage, entry).await {
        session.term.warn(format!(
            "the token that was in the {} before could not be removed: {error}",
            storage.word()
        ));
    }
}

/// Says what is to be known of the token from now on.
fn tell(
    session: &Session,
    server: &Server,
    kind: TokenKind,
    facts: &TokenFacts,
    storage: Storage,
) -> anyhow::Result<()> {
    let term = &session.term;
    if storage == Storage::File {
        let path = TokenFile::new(&session.env).path()?.display().to_string();
        term.warn(format!("the token is kept unencrypted, in {path}"));
    }
    for warning in warnings(kind, facts, Timestamp::now()) {
        term.warn(warning);
    }
    if let Some(found) = environment_token(&session.env, server) {
        term.warn(format!(
            "{} is set and takes precedence over the stored token; unset it to use the stored token",
            found.origin
        ));
    }
    Ok(())
}
