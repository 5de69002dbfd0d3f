use std::collections::BTreeSet;
use std::time::Duration;

use clap::Args;
use futures_util::future::join_all;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::check::warnings;
use super::record::{NO_USER, SourceRecord, scopes_cell};
use super::server::{SANDBOX_NEEDS_NO_LOGIN, find_server};
use crate::api::{ApiError, Token, TokenFacts};
use crate::auth::{Candidate, CandidateState, Sources, TokenKind, TokenOrigin};
use crate::error::{Failure, Kind};
use crate::exit;
use crate::model::{Host, Server};
use crate::output::time::rfc3339;
use crate::output::{Cell, Column};
use crate::session::Session;
use crate::term::Role;

const TOKEN_CHECK_TIMEOUT: Duration = Duration::from_secs(10);

/// Show which token is used for each server, and why
///
/// The tokens in use are checked with their servers. No token is printed.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # All servers
  deployctl auth status

  # In a script: exits 4 unless the server accepts the token
  deployctl auth status --json

  # Without asking a server
  deployctl auth status --offline")]
pub struct StatusArgs {
    /// Show this server only
    #[arg(long, value_name = "HOST")]
    pub hostname: Option<Host>,

    /// Do not check tokens with their servers
    #[arg(long)]
    pub offline: bool,
}

/// The result of checking a token.
enum Checked {
    Valid(TokenFacts),
    Refused(String),
    Unknown(String),
    Skipped,
}

#[derive(Default)]
struct ServerReport {
    /// In order of precedence.
    records: Vec<SourceRecord>,
    warnings: Vec<String>,
    hints: Vec<String>,
}

pub(super) async fn run(session: &Session, args: &StatusArgs) -> anyhow::Result<()> {
    let format = session.format::<SourceRecord>()?;
    let term = &session.term;
    if session.is_sandbox() {
        term.note(SANDBOX_NEEDS_NO_LOGIN);
        return Ok(());
    }
    let sources = session.token_sources();
    let servers = servers(session, &sources, args.hostname.as_ref())?;
    let spinner = term.spinner("checking tokens");
    let asked = servers
        .iter()
        .map(|server| report_server(session, &sources, server, args.offline));
    let reports = join_all(asked).await;
    drop(spinner);
    let mut records = Vec::new();
    let mut advice = Vec::new();
    let mut hints = BTreeSet::new();
    let mut without = Vec::new();
    for (server, report) in servers.iter().zip(reports) {
        let report = report?;
        if report.records.is_empty() {
            without.push(server.site().unwrap_or(server.host.clone()));
        }
        records.extend(report.records);
        advice.extend(report.warnings);
        hints.extend(report.hints);
    }
    if records.is_empty() {
        let of = args.hostname.as_ref().map(|host| format!(" for {host}"));
        return Err(Failure::new(
            Kind::NotAuthenticated,
            format!("there is no token{}", of.unwrap_or_default()),
        )
        .hint("log in with 'deployctl auth login', or set DEPLOYCTL_TOKEN or GH_TOKEN")
        .into());
    }
    format.print_many(term, &records, columns(), row)?;
    for host in without {
        term.note(format!(
            "there is no token for {host}, the server in use here"
        ));
    }
    for line in &advice {
        term.warn(line);
    }
    for record in &records {
        if let Some(problem) = &record.problem {
            term.warn(format!("{}, {}: {problem}", record.host, record.source));
        }
    }
    for hint in hints {
        term.hint(hint);
    }
    session.exit_with(exit_code(&records));
    Ok(())
}

/// The servers to report: the named one, or the current one and all with a
/// login.
fn servers(
    session: &Session,
    sources: &Sources<'_>,
    hostname: Option<&Host>,
) -> anyhow::Result<Vec<Server>> {
    let here = find_server(session, hostname)?;
    let here_site = here.site();
    let mut servers = vec![here];
    if hostname.is_some() {
        return Ok(servers);
    }
    let known: BTreeSet<Host> = sources
        .logins()?
        .hosts
        .keys()
        .filter_map(|name| name.parse().ok())
        .filter(|host| Some(host) != here_site.as_ref())
        .collect();
    for host in known {
        // DEPLOYCTL_API_URL is only for the first server.
        if let Ok(endpoints) = host.endpoints() {
            servers.push(Server {
                host,
                endpoints,
                host_is_named: true,
                is_override: false,
            });
        }
    }
    Ok(servers)
}

/// Lists the sources for one server, and checks the token in use.
async fn report_server(
    session: &Session,
    sources: &Sources<'_>,
    server: &Server,
    offline: bool,
) -> anyhow::Result<ServerReport> {
    let host = server.site().unwrap_or_else(|| server.host.clone());
    let candidates = sources.candidates(server).await?;
    let place = candidates.iter().position(|found| {
        !matches!(
            found.state,
            CandidateState::Gone | CandidateState::OtherUser
        )
    });
    let winner = place.map(|place| candidates[place].origin.as_str());
    let mut report = ServerReport::default();
    for (number, candidate) in candidates.into_iter().enumerate() {
        let in_use = place == Some(number);
        if let CandidateState::Unreadable(error) = &candidate.state {
            let cures = Failure::from_store(error);
            report.hints.extend(cures.hints().iter().cloned());
        }
        let (mut record, token) = record(host.as_str(), candidate, in_use, winner);
        if let Some(token) = token {
            let kind = TokenKind::from_token(token.expose_secret());
            record.token_type = Some(kind.as_str());
            let checked = if in_use && !offline {
                check(session, server, &token).await
            } else {
                Checked::Skipped
            };
            if let Checked::Valid(facts) = &checked {
                let warned = warnings(kind, facts, Timestamp::now());
                report
                    .warnings
                    .extend(warned.into_iter().map(|line| format!("{host}: {line}")));
            }
            fill(&mut record, checked);
        }
        report.records.push(record);
    }
    Ok(report)
}

/// What is known about a source without a request, and its token.
fn record(
    host: &str,
    candidate: Candidate,
    in_use: bool,
    winner: Option<&'static str>,
) -> (SourceRecord, Option<SecretString>) {
    let user = match &candidate.origin {
        TokenOrigin::Stored { user, .. } if user != NO_USER => Some(user.clone()),
        _ => None,
    };
    let (state, problem, token) = match candidate.state {
        CandidateState::Token(token) => ("unchecked", None, Some(token)),
        CandidateState::Unread | CandidateState::OtherUser => ("unchecked", None, None),
        CandidateState::Unreadable(error) => ("unreadable", Some(error.to_string()), None),
        CandidateState::Gone => (
            "gone",
            Some("the entry was removed by another program; log in again".to_owned()),
            None,
        ),
    };
    let record = SourceRecord {
        host: host.to_owned(),
        source: candidate.origin.as_str(),
        user,
        in_use,
        shadowed_by: winner.filter(|_| !in_use),
        state,
        problem,
        token_type: candidate.login.as_ref().map(|login| login.kind.as_str()),
        scopes: candidate
            .login
            .as_ref()
            .and_then(|login| login.scopes.clone()),
        expires_at: candidate.login.and_then(|login| login.expires_at),
    };
    (record, token)
}

fn fill(record: &mut SourceRecord, checked: Checked) {
    match checked {
        Checked::Valid(facts) => {
            record.state = "valid";
            record.user = facts.login.or_else(|| record.user.take());
            record.scopes = facts.scopes;
            record.expires_at = facts.expires_at;
        }
        Checked::Refused(problem) => {
            record.state = "refused";
            record.problem = Some(problem);
        }
        Checked::Unknown(problem) => record.problem = Some(problem),
        Checked::Skipped => {}
    }
}

async fn check(session: &Session, server: &Server, token: &SecretString) -> Checked {
    let token = match Token::new(token.expose_secret().to_owned()) {
        Ok(token) => token,
        Err(error) => return Checked::Refused(error.to_string()),
    };
    let client = session.client(server.endpoints.clone(), Some(token), TOKEN_CHECK_TIMEOUT);
    let asked = async { client?.check_token().await };
    match asked.await {
        Ok(facts) => Checked::Valid(facts),
        Err(ApiError::Response(refusal)) if refusal.status == 401 => {
            Checked::Refused(format!("the server rejects it: {}", refusal.message))
        }
        Err(error) => Checked::Unknown(format!("it could not be checked: {error}")),
    }
}

/// 4 if a token in use does not work, 75 if the server could not be reached to
/// check it.
fn exit_code(records: &[SourceRecord]) -> u8 {
    let in_use = || records.iter().filter(|record| record.in_use);
    let is_bad = |record: &SourceRecord| matches!(record.state, "refused" | "unreadable");
    let has_none = !records.iter().any(|record| record.in_use);
    if has_none || in_use().any(is_bad) {
        exit::NOT_AUTHENTICATED
    } else if in_use().any(|record| record.problem.is_some()) {
        exit::TEMPORARY
    } else {
        exit::DONE
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::flexible("HOST", 12),
        Column::rigid("SOURCE"),
        Column::flexible("USER", 8),
        Column::rigid("TAKEN"),
        Column::rigid("STATE"),
        Column::flexible("SCOPES", 8),
        Column::rigid("EXPIRES"),
    ]
}

fn row(record: &SourceRecord) -> Vec<Cell> {
    let taken = match record.shadowed_by {
        None if record.in_use => Cell::new("yes").role(Role::Success),
        Some(other) if other == record.source => {
            Cell::new("no: another user takes precedence").role(Role::Inactive)
        }
        Some(other) => Cell::new(format!("no: {other} takes precedence")).role(Role::Inactive),
        None => Cell::new("no").role(Role::Inactive),
    };
    let role = match record.state {
        "valid" => Role::Success,
        "unchecked" => Role::Pending,
        _ => Role::Failure,
    };
    let scopes = match (&record.scopes, record.token_type) {
        (Some(scopes), _) => scopes_cell(scopes),
        (None, Some("fine_grained")) => Cell::new("fine-grained").piped(""),
        (None, _) => Cell::default(),
    };
    vec![
        Cell::new(record.host.as_str()).role(Role::Id),
        Cell::new(record.source),
        Cell::new(record.user.as_deref().unwrap_or_default()),
        taken,
        Cell::new(record.state).role(role),
        scopes,
        Cell::new(record.expires_at.map(rfc3339).unwrap_or_default()),
    ]
}
