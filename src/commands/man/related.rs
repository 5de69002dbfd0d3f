/// The pages that a reader of a command's page may want next. A name is the words
/// of the command, joined by dashes.
pub(super) const RELATED: &[(&str, &[&str])] = &[
    ("create", &["wait", "status", "list", "run"]),
    ("list", &["status", "deactivate", "delete", "env-list"]),
    ("status", &["status-set", "wait", "list"]),
    ("status-set", &["create", "reap"]),
    ("wait", &["create", "status", "run"]),
    ("diff", &["where", "promote", "env-list"]),
    ("promote", &["rollback", "diff", "where", "create"]),
    ("rollback", &["promote", "list", "create"]),
    ("where", &["diff", "env-list", "list"]),
    ("run", &["create", "agent", "flush", "status-set"]),
    ("flush", &["run", "agent"]),
    ("lock", &["unlock", "lock-list", "lock-check", "freeze"]),
    ("lock-list", &["lock-check", "lock", "unlock"]),
    ("lock-check", &["lock-list", "freeze-check", "create"]),
    ("unlock", &["lock", "lock-list"]),
    ("freeze", &["lock", "create"]),
    ("freeze-list", &["freeze-check", "lock-list"]),
    ("freeze-check", &["freeze-list", "lock-check"]),
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
    ("stats", &["list", "env-list"]),
    ("deactivate", &["delete", "reap", "list"]),
    ("delete", &["deactivate", "reap", "list"]),
    ("reap", &["deactivate", "delete", "list", "status-set"]),
    ("pending", &["approve", "reject", "blocked"]),
    ("approve", &["pending", "reject", "wait"]),
    ("reject", &["pending", "approve", "reap"]),
    ("blocked", &["pending", "reject"]),
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

pub(super) fn related_pages(words: &[&str]) -> &'static [&'static str] {
    let name = words.join("-");
    RELATED
        .iter()
        .find(|(command, _)| *command == name)
        .map_or(&[], |(_, pages)| pages)
}
