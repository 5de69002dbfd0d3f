use super::super::{exit_codes, files, variables};
use Part::{Heading, Lines, Made, Text};

/// Something that holds for many commands, told in one place.
pub(in crate::commands) struct Topic {
    /// As it is asked for.
    pub(in crate::commands) name: &'static str,
    /// One line.
    pub(in crate::commands) about: &'static str,
    parts: &'static [Part],
}

/// A piece of a topic's text.
pub(in crate::commands) enum Part {
    /// A heading, in capitals.
    Heading(&'static str),
    /// A paragraph.
    Text(&'static str),
    /// Lines that stay as they are: examples and tables.
    Lines(&'static str),
    /// Lines that are made of a table of the program.
    Made(fn() -> String),
}

impl Topic {
    /// What the topic says, for a screen.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.about);
        for part in self.parts {
            text.push('\n');
            match part {
                Part::Heading(heading) => text.push_str(&format!("{heading}:\n")),
                Part::Text(paragraph) => text.push_str(&format!("{paragraph}\n")),
                Part::Lines(lines) => text.push_str(&indented(lines)),
                Part::Made(make) => text.push_str(&make()),
            }
        }
        // What a heading is about follows it at once.
        text.replace(":\n\n  ", ":\n  ")
    }

    /// The pieces, for a manual page.
    pub(in crate::commands) fn parts(&self) -> &'static [Part] {
        self.parts
    }
}

fn indented(lines: &str) -> String {
    lines
        .lines()
        .map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("  {line}\n"),
        })
        .collect()
}

fn codes() -> String {
    exit_codes()
        .split_once('\n')
        .map_or_else(String::new, |(_, codes)| codes.to_owned())
}

/// Every topic of `help`.
pub(in crate::commands) const TOPICS: &[Topic] = &[
    Topic {
        name: "exit-codes",
        about: "What the exit codes of deployctl mean; they are a promise",
        parts: &[
            Made(codes),
            Text(
                "Exit code 0 means that the asked state is reached, and nothing else does. A list\n\
                 that finds nothing is empty and exits with 0; a command that finds nothing to\n\
                 act on exits with 3, or with 0 if --ignore-missing is given.",
            ),
            Text(
                "A command that exits with 75 did nothing that cannot be repeated: run it again.\n\
                 A create whose answer was lost, and of which it could not be found out whether\n\
                 it was done, exits with 1 and never with 75; --unique makes running it again\n\
                 safe.",
            ),
            Heading("Examples"),
            Lines(
                "# Go on only if production is live\n\
                 deployctl status -e production --exit-status --quiet > /dev/null && echo live\n\
                 \n\
                 # Tell a failed deployment from a network that gave out\n\
                 deployctl wait 4400000001\n\
                 case $? in\n\
                 \x20 0) echo live ;;\n\
                 \x20 9) echo failed; exit 1 ;;\n\
                 \x20 75|124) echo 'try again later' ;;\n\
                 esac",
            ),
        ],
    },
    Topic {
        name: "environment",
        about: "The environment variables and files of deployctl",
        parts: &[
            Made(variables),
            Heading("The repository"),
            Text(
                "-R, then DEPLOYCTL_REPO, GH_REPO, the git remotes of the working directory in\n\
                 gh's order (what gh noted, upstream, github, origin, others), then\n\
                 GITHUB_REPOSITORY.",
            ),
            Heading("The host"),
            Text(
                "The one that the repository is named with, then DEPLOYCTL_HOST, GH_HOST, that of\n\
                 the git remote, github.com. A server that only a remote names gets no token.",
            ),
            Heading("The token"),
            Text(
                "DEPLOYCTL_TOKEN, then the variables that gh reads for that kind of server, what\n\
                 'deployctl auth login' stored, and gh's own login.",
            ),
            Heading("Files"),
            Made(files),
            Heading("Examples"),
            Lines(
                "# Work on one repository, whatever the folder\n\
                 DEPLOYCTL_REPO=acme/shop deployctl list\n\
                 \n\
                 # Work on the sandbox for the rest of the session\n\
                 export DEPLOYCTL_SANDBOX=1\n\
                 deployctl list\n\
                 \n\
                 # See which token is taken, and from where\n\
                 deployctl auth status",
            ),
        ],
    },
    Topic {
        name: "formatting",
        about: "How deployctl prints results",
        parts: &[
            Text(
                "On a terminal results are tables and sentences, with colours, short SHAs and\n\
                 ages. In a pipe they are tab-separated lines without a head: nothing is\n\
                 shortened, times are RFC 3339. A new deployment is its id alone. Notes,\n\
                 progress, warnings and errors go to standard error.",
            ),
            Heading("JSON"),
            Text(
                "--json prints JSON: an array for a list, an object for one thing. The fields are\n\
                 those of GitHub's REST API, and 'state', 'latest_status' and 'web_url'.\n\
                 --json=id,ref takes some; a field that is not there is an error that lists those\n\
                 there are. --jsonl prints one object a line, page by page. Errors are JSON on\n\
                 standard error then: an object 'error' with 'code', 'message', 'exit_code',\n\
                 'hint' and more.",
            ),
            Heading("jq and templates"),
            Text(
                "--jq filters that JSON in the language of jq; strings are printed raw.\n\
                 --template formats it in the syntax of Jinja: a list is 'items', the fields of\n\
                 one thing are names of their own. Beside Jinja's filters there are timeago,\n\
                 timefmt('%Y-%m-%d'), truncate(20), ljust(20), rjust(8), color('green') and\n\
                 hyperlink(url).",
            ),
            Heading("In GitHub Actions"),
            Text(
                "Errors and warnings are shown as annotations, too. --github-output hands the\n\
                 result on to later steps, --github-summary adds a table of it to the summary of\n\
                 the run. What a server says cannot give commands to the runner: '::' at the\n\
                 start of a line and '##[' are printed with a backslash, in JSON with an escape\n\
                 that keeps it the same JSON. What --jq and --template print is the filter's own\n\
                 text, and stays as it is: keep it in a variable, or between stop-commands, if\n\
                 you do not trust it.",
            ),
            Heading("Examples"),
            Lines(
                "# Some fields of all deployments to staging\n\
                 deployctl list -e staging --limit all --json=id,ref,state\n\
                 \n\
                 # The ids of those that failed\n\
                 deployctl list --jq '.[] | select(.state == \"failure\") | .id'\n\
                 \n\
                 # A table of one's own\n\
                 deployctl list --template '{% for d in items -%}\n\
                 {{ d.environment | ljust(20) }}{{ d.state }}{{ \"\\n\" }}{% endfor %}'",
            ),
        ],
    },
    Topic {
        name: "selectors",
        about: "How deployctl chooses deployments",
        parts: &[
            Text(
                "'wait' takes ids, or the newest deployment that -e, --ref, --sha and --task\n\
                 name; 'status' takes an id, or the newest deployment to -e, or without any the\n\
                 newest of the commit that is checked out. 'list' takes filters. 'deactivate' and\n\
                 'delete' take ids, addresses of the API, or filters, and at least one of them;\n\
                 'reap' takes the same, and without any all that are stuck.",
            ),
            Heading("Filters"),
            Lines(
                "-e, --environment ENV  the environment; several times, with *, ? and [abc]\n\
                 --ref REF              the ref, in the words of the request\n\
                 --sha SHA              the commit, or the first digits of it\n\
                 --task TASK            the kind of work\n\
                 --state STATE          the state; several times\n\
                 --active               the same as --state active\n\
                 --creator LOGIN        who requested it\n\
                 --transient[=BOOL]     only transient ones, or only others\n\
                 --production[=BOOL]    only those to production, or only others\n\
                 --since, --until WHEN  when it was requested: 7d, 12h, 2026-01-31\n\
                 --older-than TIME      requested longer ago than that (deactivate, delete),\n\
                 \x20                      or silent for longer than that (reap)\n\
                 --keep N               all but the newest N of each environment\n\
                 \x20                      (deactivate, delete)\n\
                 --closed-pulls         those of closed pull requests (the same): known by the\n\
                 \x20                      environment's name, or by a branch that was deleted",
            ),
            Text(
                "Filters of different kinds must all be met; of one kind that is given several\n\
                 times one must be. In a pattern * stands for any characters, / included,\n\
                 ? for one, [abc] for one of these, and \\ takes that from the next. Where an\n\
                 environment is named like a pattern, such as feat[1], deactivate, delete and\n\
                 reap take the pattern for that name.",
            ),
            Heading("States"),
            Text(
                "active (it serves), inactive, destroyed (inactive and transient), pending,\n\
                 queued, in_progress, waiting, failure, error, abandoned (pending for long).",
            ),
            Heading("Examples"),
            Lines(
                "# What is live in any preview\n\
                 deployctl list --active -e 'preview/*'\n\
                 \n\
                 # What failed this week, by somebody\n\
                 deployctl list --state failure --state error --since 7d --creator octocat\n\
                 \n\
                 # What would go if the newest two of each preview stayed\n\
                 deployctl delete -e 'preview/*' --keep 2 --force --dry-run",
            ),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_fit_into_80_columns() {
        for topic in TOPICS {
            let text = topic.text();
            let wide: Vec<&str> = text.lines().filter(|line| line.len() > 80).collect();
            assert_eq!(wide, [""; 0], "{}", topic.name);
        }
    }
}
