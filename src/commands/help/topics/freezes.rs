use crate::commands::help::topic::Part::{Heading, Lines, Text};
use crate::commands::help::topic::Topic;

pub(super) const TOPIC: Topic = Topic {
    name: "freezes",
    about: "Times at which nothing is deployed",
    parts: &[
        Text("Freezes are defined in .github/deployctl.toml of the default branch:"),
        Lines(include_str!("freezes.toml")),
        Heading("Keys"),
        Lines(
            "name         short name for messages\n\
             environment  list of environments or patterns (default: all of them)\n\
             from, until  dates, or local dates and times such as 2026-12-24T18:00:00; a\n\
             \x20            date in until includes its day; one of both may be left out\n\
             weekly       list of parts of the week, in place of from and until; 24:00 is\n\
             \x20            the end of a day\n\
             time_zone    time zone of these times, such as Europe/Berlin (required)\n\
             reason       shown to everyone whom the freeze stops\n\
             allow_task   list of tasks or patterns that can still be deployed",
        ),
        Text(
            "Times follow daylight saving time: Monday 08:00 is what clocks in the time zone\n\
             show. If they skip a time or show it twice, the freeze is the longer one.",
        ),
        Heading("Who respects locks and freezes"),
        Text(
            "'create', 'run', 'promote', 'rollback' and 'approve' respect locks and freezes\n\
             with --respect-locks, with DEPLOYCTL_LOCKS=1, or if the checkout of the\n\
             repository has .github/deployctl.toml; DEPLOYCTL_LOCKS=0 switches the latter\n\
             off. An agent does with respect_locks = true in its configuration. Both are\n\
             read before a deployment is created and once more afterwards: if a lock was\n\
             taken in between, the deployment ends as error. The exit code is 11. While the\n\
             file is not valid, nothing that respects freezes is deployed.\n\
             --ignore-locks=WHY deploys anyway, and the description of the deployment, or\n\
             the comment of the approval, says so.",
        ),
        Heading("Examples"),
        Lines(
            "# Show the freezes, and when they are in force\n\
             deployctl freeze list\n\
             \n\
             # Deploy only if nothing is locked or frozen\n\
             deployctl create --ref main -e staging --respect-locks\n\
             \n\
             # Deploy a fix during a freeze\n\
             deployctl create --ref main -e staging --ignore-locks='outage of the shop'",
        ),
    ],
};

#[cfg(test)]
mod tests {
    use crate::locks::Settings;

    #[test]
    fn the_example_is_valid() {
        let settings = Settings::parse(include_str!("freezes.toml")).expect("valid");
        assert_eq!(settings.freezes.len(), 2);
    }
}
