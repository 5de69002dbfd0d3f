use crate::commands::help::topic::Part::{Heading, Lines, Text};
use crate::commands::help::topic::Topic;

pub(super) const TOPIC: Topic = Topic {
    name: "formatting",
    about: "How deployctl prints results",
    parts: &[
        Text(
            "On a terminal, results are tables and sentences, with colours, short SHAs and\n\
             relative times. In a pipe they are tab-separated lines without a header, with\n\
             nothing shortened and times in RFC 3339. 'create' prints the ID alone. Notes,\n\
             progress, warnings and errors go to stderr.",
        ),
        Heading("JSON"),
        Text(
            "--json prints JSON: an array for a list, an object for a single result. The\n\
             fields have the names of GitHub's REST API; 'state', 'latest_status' and\n\
             'web_url' are added. --json=id,ref selects fields; an unknown field is an error\n\
             that lists the known ones. An array is printed whole or not at all. --jsonl\n\
             prints one object per line, page by page. In lists, 'latest_status' can lack\n\
             'id' and 'url', which GraphQL does not provide. With either option errors are\n\
             JSON on stderr as well: an object 'error' with 'code', 'message', 'exit_code',\n\
             'hint' and more.",
        ),
        Heading("jq and templates"),
        Text(
            "--jq filters that JSON with a jq expression and prints strings raw. --template\n\
             formats it with a Jinja template: the elements of a list are in 'items', the\n\
             fields of a single result are variables. In addition to Jinja's filters there\n\
             are timeago, timefmt('%Y-%m-%d'), truncate(20), ljust(20), rjust(8),\n\
             color('green') and hyperlink(url).",
        ),
        Heading("Examples"),
        Lines(
            "# Some fields of all deployments to staging\n\
             deployctl list -e staging --limit all --json=id,ref,state\n\
             \n\
             # The IDs of failed deployments\n\
             deployctl list --jq '.[] | select(.state == \"failure\") | .id'\n\
             \n\
             # A table with a layout of your own\n\
             deployctl list --template '{% for d in items -%}\n\
             {{ d.environment | ljust(20) }}{{ d.state }}{{ \"\\n\" }}{% endfor %}'",
        ),
    ],
};
