use crate::commands::help::files::files;
use crate::commands::help::render::variables;
use crate::commands::help::topic::Part::{Generated, Heading, Lines, Text};
use crate::commands::help::topic::Topic;

pub(super) const TOPIC: Topic = Topic {
    name: "environment",
    about: "Environment variables and files that deployctl reads",
    parts: &[
        Generated(variables),
        Heading("Repository"),
        Text(
            "-R takes precedence, then DEPLOYCTL_REPO, GH_REPO, the git remotes of the\n\
             working directory in the same order as gh (the one that gh has resolved, then\n\
             upstream, github, origin and others), then GITHUB_REPOSITORY.",
        ),
        Heading("Host"),
        Text(
            "The host in the repository's name takes precedence, then DEPLOYCTL_HOST,\n\
             GH_HOST, the host of the git remote, then github.com. A host that only a git\n\
             remote names gets no token.",
        ),
        Heading("Token"),
        Text(
            "DEPLOYCTL_TOKEN takes precedence, then gh's variables for that kind of host,\n\
             the token stored by 'deployctl auth login', and the token of gh.",
        ),
        Heading("Files"),
        Generated(files),
        Heading("Examples"),
        Lines(
            "# Work on one repository from any folder\n\
             DEPLOYCTL_REPO=acme/shop deployctl list\n\
             \n\
             # Work on the sandbox for the rest of this shell session\n\
             export DEPLOYCTL_SANDBOX=1\n\
             deployctl list\n\
             \n\
             # Show which token is used, and where it comes from\n\
             deployctl auth status",
        ),
    ],
};
