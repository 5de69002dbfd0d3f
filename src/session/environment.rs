use std::time::Duration;

use tokio::time::timeout;

use super::completion_cache::read_cache;
use super::connection::Connection;
use super::session::Session;
use crate::error::{Failure, Kind};

/// How long a user waits at most for a question that is only a courtesy.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the names of all environments may take if a command waits anyway, or
/// has failed.
const SUGGEST_TIMEOUT: Duration = Duration::from_secs(10);
/// The similarity (0 to 1) from which a new name may be a typo of an existing
/// one.
const MIN_SIMILARITY: f64 = 0.9;

/// Asks the user about the name of an environment that does not exist while one
/// with a similar name does. Returns the name that is meant.
///
/// For a user at a terminal only: it costs a request.
pub(crate) async fn confirm_environment(
    session: &Session,
    connection: &Connection,
    name: &str,
) -> anyhow::Result<String> {
    // Without the permission to list environments, or without an answer in time,
    // the question is skipped.
    let names = connection.repo().environment_names();
    let Ok(Ok(names)) = timeout(CONFIRM_TIMEOUT, names).await else {
        return Ok(name.to_owned());
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    session.update_cache(connection, |cache| {
        cache.replace_environments(names.iter().copied());
    });
    let Some(similar) = most_similar(name, &names) else {
        return Ok(name.to_owned());
    };
    // Enter selects the name that was typed.
    let choices = [
        format!("{name} (new)"),
        format!("{similar} (exists)"),
        "neither".to_owned(),
    ];
    let question = format!("There is no environment {name:?} yet. Did you mean {similar:?}?");
    let chosen = session
        .ask(move |prompter| prompter.select(&question, &choices, "--no-input"))
        .await?;
    match chosen {
        0 => Ok(name.to_owned()),
        1 => Ok(similar.to_owned()),
        _ => Err(Failure::new(Kind::Other, "nothing was done").into()),
    }
}

/// A hint for a name that has no deployments: a similar environment from the
/// completion cache, otherwise one from the server, which costs a request.
pub(crate) async fn suggest_environment(connection: &Connection, name: &str) -> Option<String> {
    if let Some(hint) = connection.suggest_cached_environment(name) {
        return Some(hint);
    }
    let names = connection.repo().environment_names();
    let names = timeout(SUGGEST_TIMEOUT, names).await.ok()?.ok()?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Some(did_you_mean(most_similar(name, &names)?))
}

fn did_you_mean(environment: &str) -> String {
    format!("did you mean the environment {environment:?}?")
}

impl Connection {
    /// A hint with the environment in the completion cache that is probably meant
    /// by a name for which nothing was found. No request is made.
    pub(crate) fn suggest_cached_environment(&self, name: &str) -> Option<String> {
        let cached = read_cache(self.cache_file.as_ref()?, &self.cache_key)?;
        Some(did_you_mean(most_similar(name, &cached.environments())?))
    }
}

/// The name of which `name` is probably a typo; `None` if `name` is among them.
fn most_similar<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
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
        // preview/pr-7 beside preview/pr-8 is not a typo.
        .filter(|existing| without_digits(existing) != without_digits(name))
        .map(|existing| {
            (
                strsim::jaro_winkler(&lower, &existing.to_lowercase()),
                existing,
            )
        })
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, existing)| *existing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_noticed_and_a_new_name_is_not() {
        let names = ["production", "staging", "preview/pr-1"];
        assert_eq!(most_similar("prodcution", &names), Some("production"));
        assert_eq!(most_similar("Production", &names), Some("production"));
        assert_eq!(most_similar("production", &names), None);
        assert_eq!(most_similar("canary", &names), None);
        assert_eq!(most_similar("preview/pr-2", &names), None);
    }
}
