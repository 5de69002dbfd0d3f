use crate::commands::help::topic::Part::{Heading, Lines, Text};
use crate::commands::help::topic::Topic;

pub(super) const TOPIC: Topic = Topic {
    name: "selectors",
    about: "How deployctl selects deployments",
    parts: &[
        Text(
            "'wait' takes IDs, or selects the newest deployment that matches -e, --ref,\n\
             --sha and --task. 'status' takes an ID, or shows the newest deployment to -e;\n\
             without either it shows the newest deployment of the commit that is checked\n\
             out. 'list' takes filters. 'deactivate' and 'delete' take IDs, API URLs or\n\
             filters, and need at least one of them. 'reap' takes the same, and selects all\n\
             stuck deployments without any.",
        ),
        Heading("Filters"),
        Lines(
            "-e, --environment ENV  environment; repeatable; a pattern with *, ? and [abc]\n\
             --ref REF              ref, exactly as it was requested\n\
             --sha SHA              commit SHA, or the first digits of it\n\
             --task TASK            task, such as deploy or deploy:migrations\n\
             --state STATE          state; repeatable\n\
             --active               same as --state active\n\
             --creator LOGIN        user who requested the deployment\n\
             --transient[=BOOL]     transient environments only, or all others\n\
             --production[=BOOL]    production environments only, or all others\n\
             --since, --until WHEN  time of the request: 7d, 12h, 2026-01-31\n\
             --older-than TIME      requested longer ago than TIME (deactivate, delete), or\n\
             \x20                      without an update for longer than TIME (reap)\n\
             --keep N               all but the newest N of each environment\n\
             \x20                      (deactivate, delete)\n\
             --closed-pulls         deployments of closed pull requests, matched by the\n\
             \x20                      environment's name, or by a branch that no longer\n\
             \x20                      exists (deactivate, delete)",
        ),
        Text(
            "A deployment is selected if it matches all filters; of a repeated filter, one\n\
             match is enough. In a pattern, * matches any number of characters including /,\n\
             ? matches one character, [abc] matches one of the listed characters, and \\\n\
             takes the special meaning from the next character. If an environment is named\n\
             like a pattern, such as feat[1], then deactivate, delete and reap take the\n\
             pattern as that name.",
        ),
        Heading("States"),
        Text(
            "active (in use), inactive, destroyed (inactive and transient), pending, queued,\n\
             in_progress, waiting, failure, error, abandoned (pending for a long time).",
        ),
        Heading("Examples"),
        Lines(
            "# What is live in any preview environment\n\
             deployctl list --active -e 'preview/*'\n\
             \n\
             # Deployments by octocat that failed this week\n\
             deployctl list --state failure --state error --since 7d --creator octocat\n\
             \n\
             # What would be deleted if the newest two of each preview were kept\n\
             deployctl delete -e 'preview/*' --keep 2 --force --dry-run",
        ),
    ],
};
