use crate::commands::help::topic::Part::{Heading, Lines, Text};
use crate::commands::help::topic::Topic;

pub(super) const TOPIC: Topic = Topic {
    name: "agent-config",
    about: "The configuration of 'deployctl agent', deployctl.toml",
    parts: &[
        Text(
            "'deployctl agent check' reports errors in the file with line and column, and\n\
             prints the rules in order. Below is every key; the values are the defaults\n\
             where a key has one. Patterns are those of 'deployctl help selectors'.",
        ),
        Heading("Keys"),
        Lines(include_str!("agent-config.toml")),
        Heading("The command"),
        Text(
            "A command is started without a shell; 'shell' runs its text with 'sh -c'.\n\
             Values of the event reach the command as environment variables and files only:",
        ),
        Lines(
            "DEPLOYCTL_DEPLOYMENT_ID  ID of the deployment\n\
             DEPLOYCTL_ENVIRONMENT    environment\n\
             DEPLOYCTL_REF            ref, exactly as it was requested\n\
             DEPLOYCTL_SHA            commit SHA\n\
             DEPLOYCTL_TASK           task\n\
             DEPLOYCTL_PAYLOAD        file with the payload as JSON\n\
             DEPLOYCTL_OUTPUT         file to which the command can write environment_url=,\n\
             \x20                        log_url= and description= for the final status",
        ),
        Heading("Examples"),
        Lines(
            "# Check the configuration\n\
             deployctl agent check --config deployctl.toml\n\
             \n\
             # Run the agent\n\
             deployctl agent --config deployctl.toml",
        ),
    ],
};
