use clap::Args;

use super::login;
use super::record::LoginRecord;
use super::server::SANDBOX_NEEDS_NO_LOGIN;
use crate::auth::{Login, LoginFile, Logins, TokenKey, environment_token};
use crate::error::{Failure, Kind};
use crate::model::Host;
use crate::session::Session;
use crate::term::Text;

/// Remove a stored token
///
/// The token is removed from this machine but not revoked: a copy of it keeps
/// working. The command prints where you can revoke it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Remove the only stored token
  deployctl auth logout

  # Remove the token of a server
  deployctl auth logout --hostname git.example.com

  # Remove one of several tokens
  deployctl auth logout --hostname git.example.com --user octocat")]
pub struct LogoutArgs {
    /// Server whose token to remove
    #[arg(long, value_name = "HOST")]
    pub hostname: Option<Host>,

    /// User whose token to remove
    #[arg(long, value_name = "LOGIN")]
    pub user: Option<String>,
}

pub(super) async fn run(session: &Session, args: &LogoutArgs) -> anyhow::Result<()> {
    let format = session.format::<LoginRecord>()?;
    if session.is_sandbox() {
        return Err(Failure::new(Kind::NothingThere, SANDBOX_NEEDS_NO_LOGIN).into());
    }
    let sources = session.token_sources();
    let Some(file) = sources.login_file() else {
        return Err(nothing_stored("no token is stored here").into());
    };
    let logins = file.read()?;
    let host = choose_host(&logins, args.hostname.as_ref())?;
    let (user, login) = choose_user(&logins, &host, args.user.as_deref())?;
    let entry = TokenKey {
        host: host.clone(),
        user: user.clone(),
    };
    let was_there = sources.stores().delete(login.storage, &entry).await?;
    let next = remove_login(file, &host, &user)?;
    let record = LoginRecord::new(host.as_str(), &user, &login);
    let term = &session.term;
    format.print_one(term, &record, || {
        let shown = record.user.as_deref().unwrap_or("no user");
        term.line(Text::new().plain(format!("Removed the token of {shown} for {host}")))
    })?;
    if !was_there {
        term.note(format!(
            "the token was no longer in the {}",
            login.storage.as_str()
        ));
    }
    if let Some(next) = next {
        term.note(format!("{next} is now used for {host}"));
    }
    note_remaining_access(session, &host, &login);
    Ok(())
}

fn remove_login(file: &LoginFile, host: &Host, user: &str) -> anyhow::Result<Option<String>> {
    Ok(file.change(|logins| logins.remove(host, user))?)
}

/// Notes that the token still works, and which token is used from now on.
fn note_remaining_access(session: &Session, host: &Host, login: &Login) {
    let term = &session.term;
    let page = match session.server(Some(host)) {
        Ok(server) => {
            if let Some(found) = environment_token(&session.env, &server) {
                term.note(format!("{} is set and still used for {host}", found.origin));
            }
            let web = server
                .endpoints
                .web
                .as_str()
                .trim_end_matches('/')
                .to_owned();
            format!("{web}{}", login.kind.settings_page())
        }
        Err(_) => login.kind.settings_page().to_owned(),
    };
    term.note(format!("the token is not revoked; revoke it at {page}"));
}

fn choose_host(logins: &Logins, named: Option<&Host>) -> Result<Host, Failure> {
    if let Some(host) = named {
        return match logins.host_logins(host) {
            Some(_) => Ok(host.clone()),
            None => Err(nothing_stored(format!("no token is stored for {host}"))),
        };
    }
    let hosts: Vec<&String> = logins.hosts.keys().collect();
    match hosts[..] {
        [] => Err(nothing_stored("no token is stored here")),
        [one] => one
            .parse()
            .map_err(|error| Failure::new(Kind::Other, error)),
        _ => Err(ambiguous("hosts", "--hostname", &hosts)),
    }
}

fn choose_user(
    logins: &Logins,
    host: &Host,
    named: Option<&str>,
) -> Result<(String, Login), Failure> {
    let none = || nothing_stored(format!("no token is stored for {host}"));
    let users = &logins.host_logins(host).ok_or_else(none)?.users;
    let logins: Vec<&String> = users.keys().collect();
    let user = match (named, &logins[..]) {
        (Some(user), _) => user,
        (None, []) => return Err(none()),
        (None, [one]) => one,
        (None, _) => return Err(ambiguous("users", "--user", &logins)),
    };
    match users.get(user) {
        Some(login) => Ok((user.to_owned(), login.clone())),
        None => Err(nothing_stored(format!(
            "no token of {user} is stored for {host}"
        ))),
    }
}

fn nothing_stored(message: impl Into<String>) -> Failure {
    Failure::new(Kind::NothingThere, message).hint(format!(
        "run 'deployctl {}' to see the stored tokens",
        login::STATUS
    ))
}

fn ambiguous(what: &str, flag: &str, names: &[&String]) -> Failure {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    Failure::new(
        Kind::Usage,
        format!("there are tokens for several {what}: {}", names.join(", ")),
    )
    .hint(format!("select one with {flag}"))
}
