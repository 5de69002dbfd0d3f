use std::time::Duration;

use tokio::time::timeout;

use super::{Connection, Session};
use crate::error::{Failure, Kind};

/// How long an optional check may delay an interactive user.
const ENVIRONMENTS_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the names of all environments may take where a command waits anyway
/// or has failed.
const NAMES_TIMEOUT: Duration = Duration::from_secs(10);
/// How alike a new name and an existing one are when one may be a slip.
const ALIKE: f64 = 0.9;

/// Asks about the name of an environment that does not exist while one much
/// like it does. Returns the name that is meant.
///
/// For a person at a terminal only: it costs a request.
pub(crate) async fn check_environment(
    session: &Session,
    connection: &Connection,
    name: &str,
) -> anyhow::Result<String> {
    // The question is a courtesy: without the right to see environments, or
    // without an answer, there is nothing to ask.
    let names = connection.client.repo(&connection.repo).environment_names();
    let Ok(Ok(names)) = timeout(ENVIRONMENTS_TIMEOUT, names).await else {
        return Ok(name.to_owned());
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    session.note_seen(connection, |book| {
        book.all_environments(names.iter().copied());
    });
    let Some(close) = nearest(name, &names) else {
        return Ok(name.to_owned());
    };
    // Enter alone takes what was typed.
    let choices = [
        format!("{name} (new)"),
        format!("{close} (exists)"),
        "neither".to_owned(),
    ];
    let question = format!("There is no environment {name:?} yet. Did you mean {close:?}?");
    let chosen = session
        .ask(move |prompter| prompter.select(&question, &choices, "--no-input"))
        .await?;
    match chosen {
        0 => Ok(name.to_owned()),
        1 => Ok(close.to_owned()),
        _ => Err(Failure::new(Kind::Other, "nothing was done").into()),
    }
}

/// Asks whether a name that has no deployments was meant for an environment that
/// exists: for one that was seen before, or else one that the server has, which
/// costs a request.
pub(crate) async fn similar_environment(connection: &Connection, name: &str) -> Option<String> {
    if let Some(seen) = connection.meant_instead(name) {
        return Some(seen);
    }
    let names = connection.client.repo(&connection.repo).environment_names();
    let names = timeout(NAMES_TIMEOUT, names).await.ok()?.ok()?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let similar = nearest(name, &names)?;
    Some(format!("did you mean the environment {similar:?}?"))
}

/// The name among `names` that a name which is not there is probably a slip of.
pub(crate) fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    if names.contains(&name) {
        return None;
    }
    let lower = name.to_lowercase();
    let without_digits = |text: &str| {
        text.chars()
            .filter(|c| !c.is_ascii_digit())
            .collect::<String>()
    };
    names
        .iter()
        // preview/pr-7 beside preview/pr-8 is no slip.
        .filter(|existing| without_digits(existing) != without_digits(name))
        .map(|existing| {
            (
                strsim::jaro_winkler(&lower, &existing.to_lowercase()),
                existing,
            )
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, existing)| *existing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_noticed_and_a_new_name_is_not() {
        let names = ["production", "staging", "preview/pr-1"];
        assert_eq!(nearest("prodcution", &names), Some("production"));
        assert_eq!(nearest("Production", &names), Some("production"));
        assert_eq!(nearest("production", &names), None);
        assert_eq!(nearest("canary", &names), None);
        assert_eq!(nearest("preview/pr-2", &names), None);
    }
}
