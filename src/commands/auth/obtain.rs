use std::io::Read as _;
use std::time::Duration;

use clap::Args;
use secrecy::SecretString;

use crate::api::ClientConfig;
use crate::auth::DeviceFlow;
use crate::env;
use crate::error::{Failure, Kind};
use crate::model::{Host, Server};
use crate::session::Session;
use crate::term::{Role, Text, open_page};

/// The most that is read from standard input; no token is this long.
const MAX_TOKEN_BYTES: u64 = 16 * 1024;
pub(super) const LOGIN_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Args, Debug)]
pub struct TokenInputArgs {
    /// Read the token from stdin
    #[arg(long, conflicts_with_all = ["web", "client_id", "scopes"])]
    pub with_token: bool,

    /// Log in with a web browser
    #[arg(long)]
    pub web: bool,

    /// Client ID of the OAuth app (default: DEPLOYCTL_CLIENT_ID)
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,

    /// Scopes to request with --web
    #[arg(
        long,
        value_name = "SCOPE",
        value_delimiter = ',',
        default_value = "repo_deployment"
    )]
    pub scopes: Vec<String>,
}

/// How the command gets the token.
pub(super) enum TokenInput {
    Stdin,
    Prompt,
    Browser(DeviceFlow),
}

impl TokenInput {
    /// The source of the token, for errors.
    pub(super) fn origin(&self) -> &'static str {
        match self {
            Self::Stdin => "standard input",
            Self::Prompt => "what was typed",
            Self::Browser(_) => "the browser",
        }
    }
}

/// Decides how to get the token, and refuses what cannot work before any prompt
/// or request.
pub(super) fn choose_token_input(
    session: &Session,
    args: &TokenInputArgs,
    server: &Server,
) -> anyhow::Result<TokenInput> {
    let may_prompt = session.term.may_prompt();
    if args.with_token {
        if may_prompt {
            return Err(Failure::new(
                Kind::Usage,
                "--with-token reads standard input, which is the terminal here and would show it",
            )
            .hint(
                "omit --with-token to type it without showing it, or redirect a file: < token.txt",
            )
            .into());
        }
        return Ok(TokenInput::Stdin);
    }
    let from_env = session.env.get(env::DEPLOYCTL_CLIENT_ID);
    let client_id = args.client_id.as_deref().or(from_env);
    match client_id {
        Some(id) if args.web || args.client_id.is_some() || may_prompt => {
            let config = ClientConfig::new(server.endpoints.clone());
            let config = session.client_config(config, Some(LOGIN_TIMEOUT));
            Ok(TokenInput::Browser(DeviceFlow::new(config, id.to_owned())?))
        }
        None if args.web => Err(no_client_id(server).into()),
        _ if may_prompt => Ok(TokenInput::Prompt),
        _ => Err(Failure::new(Kind::Usage, "cannot prompt for a token here")
            .hint("pass it on stdin: deployctl auth login --with-token < token.txt")
            .hint("or log in with a web browser: --web --client-id ID")
            .into()),
    }
}

fn no_client_id(server: &Server) -> Failure {
    let web = server.endpoints.web.as_str().trim_end_matches('/');
    Failure::new(
        Kind::Usage,
        "a login with a web browser needs the client ID of an OAuth app",
    )
    .hint(format!(
        "register one at {web}/settings/applications/new with 'Enable Device Flow', and pass its client ID with --client-id or DEPLOYCTL_CLIENT_ID"
    ))
    .hint("or paste a token: omit --web, or use --with-token")
}

pub(super) async fn obtain(
    session: &Session,
    args: &TokenInputArgs,
    way: &TokenInput,
    server: &Server,
    host: &Host,
) -> anyhow::Result<SecretString> {
    match way {
        TokenInput::Stdin => from_stdin().await,
        TokenInput::Prompt => from_prompt(session, server, host).await,
        TokenInput::Browser(flow) => from_browser(session, flow, args).await,
    }
}

async fn from_stdin() -> anyhow::Result<SecretString> {
    let read = tokio::task::spawn_blocking(|| {
        let mut text = String::new();
        std::io::stdin()
            .take(MAX_TOKEN_BYTES)
            .read_to_string(&mut text)
            .map(|_| text)
    });
    let text = read.await?.map_err(|error| {
        Failure::new(
            Kind::Usage,
            format!("standard input can't be read: {error}"),
        )
    })?;
    Ok(SecretString::from(text.trim()))
}

async fn from_prompt(
    session: &Session,
    server: &Server,
    host: &Host,
) -> anyhow::Result<SecretString> {
    let web = server.endpoints.web.as_str().trim_end_matches('/');
    session.term.note(format!(
        "Create a token at {web}/settings/tokens/new?scopes=repo_deployment&description=deployctl"
    ));
    let question = format!("Token for {host} (not shown)");
    let typed = session
        .ask(move |prompter| prompter.password(&question, "--with-token"))
        .await?;
    Ok(SecretString::from(typed.trim()))
}

async fn from_browser(
    session: &Session,
    flow: &DeviceFlow,
    args: &TokenInputArgs,
) -> anyhow::Result<SecretString> {
    let term = &session.term;
    let refused = |error| Failure::from_device(&error);
    let code = flow.begin(&args.scopes).await.map_err(refused)?;
    let shown = Text::new()
        .plain("Open ")
        .with(Role::Id, code.verification_uri.as_str())
        .plain(" and enter the code ")
        .with(Role::Heading, code.user_code.as_str());
    term.always_note(shown);
    if args.web && !open_page(&session.env, &code.verification_uri) {
        term.note("no web browser could be opened here; use any other");
    }
    let spinner = term.spinner("waiting for the login in the web browser");
    let token = flow.wait(&code).await;
    drop(spinner);
    Ok(token.map_err(refused)?)
}
