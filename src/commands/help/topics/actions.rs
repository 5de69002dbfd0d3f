use crate::commands::help::topic::Part::{Heading, Lines, Text};
use crate::commands::help::topic::Topic;

pub(super) const TOPIC: Topic = Topic {
    name: "actions",
    about: "How to use deployctl in GitHub Actions",
    parts: &[
        Text(
            "deployctl finds the repository, the server and the commit itself. The job\n\
             needs the permission 'deployments: write', and a token in its environment:\n\
             GITHUB_TOKEN: ${{ github.token }}. A deployment that is created with it does\n\
             not start other workflows; use the token of a GitHub App for that.",
        ),
        Heading("Results"),
        Text(
            "Errors and warnings are shown as annotations too, unless --json is given.\n\
             --github-output passes 'id', 'state', 'ref', 'sha', 'environment',\n\
             'environment_url', 'log_url', 'web_url' and 'json' to later steps.\n\
             --github-summary adds a table of the result to the summary of the run.",
        ),
        Heading("The commit"),
        Text(
            "Without --ref, 'create' and 'run' deploy the commit that the event is about:\n\
             the head of the pull request for pull_request and pull_request_target, the\n\
             'head_sha' of the run for workflow_run, otherwise GITHUB_SHA. Events that are\n\
             about no commit, such as issue_comment, need --ref.",
        ),
        Heading("Untrusted text"),
        Text(
            "Text from the server cannot issue workflow commands: '::' at the start of a\n\
             line and '##[' are printed with a backslash, in JSON as an escape that keeps\n\
             the value the same. The output of --jq and --template is printed unchanged: if\n\
             you do not trust the values, keep it in a variable or between stop-commands.",
        ),
        Heading("Examples"),
        Lines(
            "# Deploy the commit of this run; fail the job unless it becomes live\n\
             deployctl create -e staging --no-required-contexts --wait --timeout 15m\n\
             \n\
             # Wait for a preview that a hosting provider deploys, and test it\n\
             url=$(deployctl wait -e preview/pr-7 --sha \"$(git rev-parse HEAD)\")\n\
             curl -fsS \"$url\"",
        ),
    ],
};
