/// The files of the program and what they contain. The folders are those of the XDG
/// base directories, which environment variables can change.
pub(crate) const FILES: &[(&str, &str)] = &[
    (
        "~/.config/deployctl/hosts.json",
        "the list of logins, without their tokens; under XDG_CONFIG_HOME",
    ),
    (
        "~/.local/state/deployctl/tokens.json",
        "tokens that were stored with --insecure-storage; under XDG_STATE_HOME",
    ),
    (
        "~/.local/state/deployctl/sandbox/",
        "data of the embedded sandbox; under XDG_STATE_HOME",
    ),
    (
        "~/.local/state/deployctl/outbox.db",
        "statuses that could not be sent yet; under XDG_STATE_HOME",
    ),
    (
        "~/.local/state/deployctl/agent/",
        "journals of agents without state_dir; under XDG_STATE_HOME",
    ),
    (
        "~/.local/state/deployctl/pace.json",
        "use of rate limits by earlier runs; under XDG_STATE_HOME",
    ),
    (
        "~/.cache/deployctl/seen/",
        "names and states for completion, safe to delete; under XDG_CACHE_HOME",
    ),
];

/// The files as lines of a help text.
pub(crate) fn files() -> String {
    let mut text = String::new();
    for (path, meaning) in FILES {
        text.push_str(&format!("  {path}\n          {meaning}\n"));
    }
    text
}
