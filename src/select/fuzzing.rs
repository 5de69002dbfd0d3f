//! Parses a user's selectors, for the fuzz targets.

use jiff::Zoned;

use crate::model::{Deployment, DeploymentId, DeploymentWithState};
use crate::model::{parse_duration, parse_moment};
use crate::select::args::{FilterArgs, parse_sha, parse_state};

/// Takes selectors as a user may write them, one per line: environment, SHA,
/// state, since, until and a duration; the last line is an environment to match.
/// An environment always matches itself.
pub(crate) fn selectors(text: &str) {
    let now: Zoned = "2026-11-01T12:00:00+01:00[+01:00]".parse().expect("a time");
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default().to_owned();
    let environment = next();
    let (sha, state, since, until, duration) = (next(), next(), next(), next(), next());
    let target = next();
    if let Ok(sha) = parse_sha(&sha) {
        assert!(sha.len() <= 64 && sha.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    let _ = parse_duration(&duration);
    if let (Ok(since), Ok(length)) = (parse_moment(&since, &now), parse_duration(&since)) {
        // A duration means a time before now.
        assert!(since <= now.timestamp(), "{length:?} ago is in the future");
    }
    let _ = state.parse::<DeploymentId>();
    let args = FilterArgs {
        environment: vec![environment.clone(), target.clone()],
        sha: parse_sha(&sha).ok(),
        state: parse_state(&state).into_iter().collect(),
        since: Some(since).filter(|text| !text.is_empty()),
        until: Some(until).filter(|text| !text.is_empty()),
        ..FilterArgs::default()
    };
    let Ok(filter) = args.to_filter_at(&now) else {
        return;
    };
    filter.matches(&observed(&target));
    let alone = FilterArgs {
        environment: vec![environment.clone(), environment.clone()],
        ..FilterArgs::default()
    };
    if let Ok(filter) = alone.to_filter_at(&now) {
        assert!(
            filter.matches(&observed(&environment)),
            "{environment:?} is not itself"
        );
    }
}

fn observed(environment: &str) -> DeploymentWithState {
    let deployment: Deployment = serde_json::from_value(serde_json::json!({
        "id": 1, "node_id": "DE_x", "sha": "abc", "ref": "main", "task": "deploy",
        "environment": environment, "payload": {},
        "created_at": "2026-11-01T00:00:00Z", "updated_at": "2026-11-01T00:00:00Z",
    }))
    .expect("a deployment");
    let now = deployment.last_change();
    DeploymentWithState::from_latest_status(deployment, None, now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_selectors_are_read_or_refused(
            environment in "[a-z*?\\[\\]{},!^\\\\/é-]{0,20}",
            sha in "[0-9a-fA-Fg]{0,70}",
            state in "(active|SUCCESS|Success|destroyed|[a-z_]{0,9})",
            when in prop::collection::vec("([0-9-]{1,12}[dhmsw]?|20[0-9]{2}-[01][0-9]-[0-3][0-9]|\\PC{0,12})", 3),
            target in "\\PC{0,20}",
        ) {
            let when = when.join("\n");
            selectors(&format!("{environment}\n{sha}\n{state}\n{when}\n{target}"));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(\\PC|\n){0,80}") {
            selectors(&text);
        }
    }
}
