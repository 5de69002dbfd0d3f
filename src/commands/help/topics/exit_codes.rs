use crate::commands::help::render::exit_codes;
use crate::commands::help::topic::Part::{Generated, Heading, Lines, Text};
use crate::commands::help::topic::Topic;

pub(super) const TOPIC: Topic = Topic {
    name: "exit-codes",
    about: "The exit codes of deployctl, which are a promise",
    parts: &[
        Generated(codes),
        Text(
            "Exit code 0 means that the requested state was reached, and nothing else. A\n\
             list that finds nothing prints an empty result and exits 0. A command that\n\
             finds nothing to act on exits 3; with --ignore-missing it exits 0.",
        ),
        Text(
            "Exit code 75 means that running the command again is safe. If the response to a\n\
             create was lost and deployctl cannot find out whether the deployment was\n\
             created, it exits 1, never 75. With --unique it is safe to run it again.",
        ),
        Heading("Examples"),
        Lines(
            "# Continue only if production is live\n\
             deployctl status -e production --exit-status --quiet > /dev/null && echo live\n\
             \n\
             # Tell a failed deployment from a network failure\n\
             deployctl wait 4400000001\n\
             case $? in\n\
             \x20 0) echo live ;;\n\
             \x20 9) echo failed; exit 1 ;;\n\
             \x20 75|124) echo 'try again later' ;;\n\
             esac",
        ),
    ],
};

fn codes() -> String {
    exit_codes()
        .split_once('\n')
        .map_or_else(String::new, |(_, codes)| codes.to_owned())
}
