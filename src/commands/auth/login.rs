use clap::Args;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::check::warnings;
use super::obtain::{LOGIN_TIMEOUT, TokenInputArgs, choose_token_input, obtain};
use super::record::{LoginRecord, NO_USER};
use super::server::{SANDBOX_NEEDS_NO_LOGIN, find_server};
use crate::api::{ApiError, Token, TokenFacts};
use crate::auth::{
    Login, LoginFile, Sources, Storage, StoreError, TokenFile, TokenKey, TokenKind,
    environment_token,
};
use crate::error::{Asking, Failure, Kind};
use crate::model::{Host, Server};
use crate::session::Session;

/// The command that shows stored tokens.
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

    #[command(flatten)]
    pub way: TokenInputArgs,

    /// Store the token unencrypted, in a file that only you can read
    #[arg(long)]
    pub insecure_storage: bool,
}

pub(super) async fn run(session: &Session, args: &LoginArgs) -> anyhow::Result<()> {
    let format = session.format::<LoginRecord>()?;
    let term = &session.term;
    if session.is_sandbox() {
        term.note(SANDBOX_NEEDS_NO_LOGIN);
        return Ok(());
    }
    let server = find_server(session, args.hostname.as_ref())?;
    let host = site(&server)?;
    // A URL that no token may be sent to is refused before the user is
    // prompted.
    session.client(server.endpoints.clone(), None, LOGIN_TIMEOUT)?;
    let way = choose_token_input(session, &args.way, &server)?;
    let sources = session.token_sources();
    let file = sources.login_file().ok_or_else(no_home)?;
    let storage = if args.insecure_storage {
        Storage::File
    } else {
        Storage::Keyring
    };
    check_storage(&sources, file, storage, &host).await?;
    let text = obtain(session, &args.way, &way, &server, &host).await?;
    let token = Token::new(text.expose_secret().to_owned()).map_err(|error| {
        Failure::new(Kind::Usage, format!("{}: {error}", way.origin())).hint("nothing was stored")
    })?;
    let spinner = term.spinner("checking the token");
    let checked = check(session, &server, token, way.origin()).await;
    drop(spinner);
    let facts = checked?;
    let kind = TokenKind::from_token(text.expose_secret());
    let login = Login {
        storage,
        kind,
        scopes: facts.scopes.clone(),
        expires_at: facts.expires_at,
    };
    let user = user_name(&facts);
    let entry = TokenKey {
        host: host.clone(),
        user: user.clone(),
    };
    store(session, &sources, storage, &entry, &text).await?;
    let before = file.change(|logins| {
        let before = logins
            .host_logins(&host)
            .and_then(|on| on.users.get(&user))
            .cloned();
        logins.add(&host, &user, login.clone());
        before
    })?;
    if let Some(before) = before.filter(|before| before.storage != storage) {
        remove_elsewhere(session, &sources, before.storage, &entry).await;
    }
    let record = LoginRecord::new(host.as_str(), &user, &login);
    format.print_one(term, &record, || record.print(term))?;
    tell(session, &server, kind, &facts, storage)?;
    Ok(())
}

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

/// Checks that a token can be stored, before the user goes and creates one.
async fn check_storage(
    sources: &Sources<'_>,
    file: &LoginFile,
    storage: Storage,
    host: &Host,
) -> anyhow::Result<()> {
    file.read()?;
    let nobody = TokenKey {
        host: host.clone(),
        user: NO_USER.to_owned(),
    };
    sources.stores().get(storage, &nobody).await?;
    Ok(())
}

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

/// The login that the server returned, if it is valid; it becomes part of the
/// key in the keyring.
fn user_name(facts: &TokenFacts) -> String {
    let is_login = |login: &&str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.[]@".contains(c);
        (1..=100).contains(&login.len()) && login.chars().all(fits)
    };
    let login = facts.login.as_deref().filter(is_login);
    login.unwrap_or(NO_USER).to_owned()
}

/// Stores the token. If a prompt is possible, a locked keyring is tried again,
/// because the user would have to create the token again.
async fn store(
    session: &Session,
    sources: &Sources<'_>,
    storage: Storage,
    entry: &TokenKey,
    token: &SecretString,
) -> anyhow::Result<()> {
    loop {
        let Err(error) = sources.stores().set(storage, entry, token).await else {
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

/// Removes the token that was stored in the other store before.
async fn remove_elsewhere(
    session: &Session,
    sources: &Sources<'_>,
    storage: Storage,
    entry: &TokenKey,
) {
    if let Err(error) = sources.stores().delete(storage, entry).await {
        session.term.warn(format!(
            "the token that was in the {} before could not be removed: {error}",
            storage.as_str()
        ));
    }
}

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
