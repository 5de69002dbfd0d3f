/// The pages beside a command's own that its reader may want next, by the names
/// of the commands with dashes.
const RELATED: &[(&str, &[&str])] = &[
    ("create", &["wait", "status", "list", "run"]),
    ("list", &["status", "deactivate", "delete", "env-list"]),
    ("status", &["status-set", "wait", "list"]),
    ("status-set", &["create", "reap"]),
    ("wait", &["create", "status", "run"]),
    ("run", &["create", "agent", "flush", "status-set"]),
    ("flush", &["run", "agent"]),
    ("env", &["create", "list"]),
    ("env-list", &["env-view", "list"]),
    ("env-view", &["env-list", "env-edit", "env-export"]),
    ("env-create", &["env-edit", "env-apply", "env-delete"]),
    ("env-edit", &["env-view", "env-create", "env-apply"]),
    ("env-delete", &["env-create", "delete"]),
    ("env-export", &["env-apply", "env-view"]),
    ("env-apply", &["env-export", "env-edit"]),
    ("env-variable", &["env-secret", "env-view"]),
    (
        "env-variable-list",
        &["env-variable-set", "env-variable-delete"],
    ),
    (
        "env-variable-set",
        &["env-variable-list", "env-variable-delete", "env-secret-set"],
    ),
    (
        "env-variable-delete",
        &["env-variable-list", "env-variable-set"],
    ),
    ("env-secret", &["env-variable", "env-view"]),
    ("env-secret-list", &["env-secret-set", "env-secret-delete"]),
    (
        "env-secret-set",
        &["env-secret-list", "env-secret-delete", "env-variable-set"],
    ),
    ("env-secret-delete", &["env-secret-list", "env-secret-set"]),
    ("env-branch-policy", &["env-edit", "env-protection"]),
    (
        "env-branch-policy-list",
        &["env-branch-policy-add", "env-branch-policy-remove"],
    ),
    (
        "env-branch-policy-add",
        &[
            "env-branch-policy-list",
            "env-branch-policy-remove",
            "env-edit",
        ],
    ),
    (
        "env-branch-policy-remove",
        &["env-branch-policy-list", "env-branch-policy-add"],
    ),
    ("env-protection", &["env-edit", "env-branch-policy"]),
    (
        "env-protection-list",
        &["env-protection-enable", "env-protection-disable"],
    ),
    (
        "env-protection-enable",
        &["env-protection-list", "env-protection-disable"],
    ),
    (
        "env-protection-disable",
        &["env-protection-list", "env-protection-enable"],
    ),
    ("deactivate", &["delete", "reap", "list"]),
    ("delete", &["deactivate", "reap", "list"]),
    ("reap", &["deactivate", "delete", "list", "status-set"]),
    (
        "agent",
        &["agent-run", "agent-check", "agent-status", "run", "flush"],
    ),
    ("agent-run", &["agent-check", "agent-status", "flush"]),
    ("agent-check", &["agent-run", "agent-status"]),
    ("agent-status", &["agent-run", "agent-check", "flush"]),
    (
        "auth",
        &["auth-login", "auth-logout", "auth-status", "auth-token"],
    ),
    ("auth-login", &["auth-status", "auth-logout"]),
    ("auth-logout", &["auth-login", "auth-status"]),
    ("auth-status", &["auth-login", "auth-token"]),
    ("auth-token", &["auth-status", "auth-login"]),
    ("sandbox", &["sandbox-serve", "create", "list"]),
    ("sandbox-serve", &["agent", "create"]),
    ("completions", &["man", "help"]),
    ("man", &["help", "completions"]),
    ("help", &["man", "completions"]),
];

/// The commands that are related to one, by their names with dashes.
pub(super) fn related(words: &[&str]) -> &'static [&'static str] {
    let name = words.join("-");
    RELATED
        .iter()
        .find(|(of, _)| *of == name)
        .map_or(&[], |(_, pages)| pages)
}

#[cfg(all(test, feature = "agent", feature = "sandbox"))]
mod tests {
    use super::super::pages;
    use super::RELATED;

    #[test]
    fn every_command_leads_to_pages_that_are_there() {
        let pages = pages().expect("rendered");
        let mut names: Vec<String> = pages.iter().map(|page| page.words.join("-")).collect();
        names.retain(|name| !name.is_empty());
        for name in &names {
            let entries = RELATED.iter().filter(|(of, _)| of == name);
            assert_eq!(entries.count(), 1, "{name}");
        }
        assert_eq!(RELATED.len(), names.len());
        for (of, related) in RELATED {
            for one in *related {
                assert!(names.iter().any(|name| name == one), "{of}: {one}");
                assert_ne!(of, one);
            }
        }
    }
}
