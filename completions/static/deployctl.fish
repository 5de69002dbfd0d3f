# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_deployctl_global_optspecs
    string join \n R/repo= sandbox json= jsonl= q/jq= t/template= color= no-input quiet v/verbose github-output github-summary h/help V/version
end

function __fish_deployctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_deployctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_deployctl_using_subcommand
    set -l cmd (__fish_deployctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c deployctl -n "__fish_deployctl_needs_command" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_needs_command" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_needs_command" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_needs_command" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_needs_command" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_needs_command" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_needs_command" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_needs_command" -s V -l version -d 'Print version'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "create" -d 'Request a deployment of a ref'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "list" -d 'List deployments with their state, newest first'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "status" -d 'Show a deployment and its statuses, or add a status'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "wait" -d 'Wait until deployments succeed or end'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "diff" -d 'Show what is between two environments, or an environment and a ref'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "promote" -d 'Deploy what is live in one environment to another'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "rollback" -d 'Deploy the previous good commit of an environment again'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "where" -d 'Show which environments a commit or pull request is live in'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "run" -d 'Run a command that deploys, and report the result'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "flush" -d 'Send statuses that could not be sent earlier'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "env" -d 'Show and change environments: what is live, and what protects it'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "stats" -d 'Show how often, how fast and how well a repository is deployed'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "lock" -d 'Lock environments so that nobody else can deploy to them'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "unlock" -d 'Remove your locks of environments'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "freeze" -d 'Show the times at which nothing is deployed'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "deactivate" -d 'Mark deployments as inactive, one or thousands'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "delete" -d 'Delete deployments, one or thousands'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "reap" -d 'End deployments that are stuck'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "pending" -d 'List workflow runs that wait for an approval, a timer or an app'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "approve" -d 'Approve environments that workflow runs wait for'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "reject" -d 'Reject environments that workflow runs wait for'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "blocked" -d 'Show which workflow runs hold up others'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "agent" -d 'Receive deployments, run the configured commands and report the results'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "auth" -d 'Log in, and show which token is used'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "sandbox" -d 'Run the embedded GitHub'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "man" -d 'Print a man page, or write all of them to a folder'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "help" -d 'Print the help of a command or a topic'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l ref -d 'Branch, tag or SHA to deploy' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s e -l environment -d 'Environment to deploy to' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l task -d 'Task to run, such as deploy or deploy:migrations' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l description -d 'Description shown with the deployment' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l payload -d 'Payload for the deployer: a JSON object or string, @FILE, or - for stdin' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s F -l field -d 'Field of the payload: JSON, otherwise text (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s f -l raw-field -d 'Field of the payload that is always text (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l required-context -d 'Status check that must be green (repeatable; default: all checks)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l transient -d 'Mark the environment as transient (it will no longer exist at some point)' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l production -d 'Mark the environment as one that end users interact with (default: true for \'production\')' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l ignore-locks -d 'Deploy even if the environment is locked or frozen' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l timeout -d 'Maximum time to wait' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l interval -d 'Time between two requests while waiting' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l auto-merge -d 'Let GitHub merge the default branch into the ref if the ref is behind'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l no-required-contexts -d 'Deploy without waiting for any status check'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l unique -d 'Reuse an existing deployment of the same commit, environment and task'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l respect-locks -d 'Deploy only if the environment is neither locked nor frozen'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l dry-run -d 'Print the request instead of sending it'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l wait -d 'Wait until the deployment succeeds'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s e -l environment -d 'Environment, or a pattern with *, ? and [abc] (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l ref -d 'Ref, exactly as it was requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l sha -d 'Commit SHA, or the first digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l task -d 'Task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l state -d 'State, such as active or failure (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l creator -d 'User who requested the deployment, by login' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l transient -d 'Only deployments to transient environments; with =false all others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l production -d 'Only deployments to production environments; with =false all others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l since -d 'Only deployments requested since then: 7d, 12h, 2026-01-31' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l until -d 'Only deployments requested before then' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s L -l limit -d 'Maximum number of deployments, or \'all\'' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l active -d 'Only what is live; same as --state active'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l watch -d 'Keep the list up to date until interrupted'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s w -l web -d 'Open the page of the deployments in a web browser'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s e -l environment -d 'Select the newest deployment to this environment' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l timeout -d 'Maximum time to follow it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l interval -d 'Time between two requests while following' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l exit-status -d 'Exit 8 if the deployment is pending, 9 if it failed, 10 if it is inactive'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l watch -d 'Follow the deployment until it ends'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l ignore-missing -d 'Exit 0 if no deployment matches'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s w -l web -d 'Open the page of the deployment in a web browser'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -a "set" -d 'Add a status to a deployment'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l description -d 'Description of at most 140 characters' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l log-url -d 'URL of the deployment\'s output' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l environment-url -d 'URL of the deployed environment' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s e -l environment -d 'Change the environment of the deployment' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l no-auto-inactive -d 'Do not mark earlier deployments to the environment as inactive on success'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s e -l environment -d 'Select the newest deployment to this environment, or to any environment that matches a pattern with *, ? and [abc]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l ref -d 'Select the newest deployment of this ref, exactly as it was requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l sha -d 'Select the newest deployment of this commit' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l task -d 'Select the newest deployment of this task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l since -d 'Select only deployments requested since then: 10m, 2026-01-31, 2026-01-31T12:00:00Z' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l newer-than -d 'Select only deployments that are newer than the one with this ID' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l for -d 'What to wait for' -r -f -a "success\t'The deployment succeeds'
end\t'The deployment ends, in any state'
inactive\t'The deployment is inactive or destroyed'"
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l timeout -d 'Maximum time to wait in total' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l appear-timeout -d 'Maximum time to wait for a deployment to be requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l interval -d 'Time between two requests; it grows while nothing changes' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l ignore-missing -d 'Exit 0 if no deployment matches'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l task -d 'Task of the deployments [default: that of the newest live one]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l commits -d 'List the commits; this is the default'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l pulls -d 'List the pull requests with their authors'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l files -d 'List the files that differ; without a checkout GitHub names 300 at most'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l stat -d 'Show only how many commits, files and lines differ'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l exit-status -d 'Exit 0 if both are the same commit, and 8 if they differ'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -s w -l web -d 'Open the comparison in a browser; without a terminal, print its URL'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l min-age -d 'How long ago the deployment to FROM must have succeeded, such as 2h' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l payload -d 'Payload for the deployer: a JSON object or string, @FILE, or - for stdin' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l required-context -d 'Status check that must be green (repeatable; default: all checks)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l task -d 'Task of the deployments [default: that of the newest live one]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l timeout -d 'Maximum time to wait' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l interval -d 'Time between two requests while waiting' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l ignore-locks -d 'Deploy even if the environment is locked or frozen' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l lock -d 'Lock the environment, so that no other deployment follows' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l copy-payload -d 'Copy the payload of the deployment to FROM'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l no-payload -d 'Send no payload'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l no-required-contexts -d 'Deploy without waiting for any status check'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l anyway -d 'Go on even if a newer deployment is under way'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l dry-run -d 'Show what would be requested, and send nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l yes -d 'Do not ask for confirmation'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l wait -d 'Wait until the deployment succeeds'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l respect-locks -d 'Deploy only if the environment is neither locked nor frozen'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand promote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -s e -l environment -d 'Environment' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l to -d 'What to return to: the ID of an earlier deployment, a SHA or at least 7 digits of it, or -N for the Nth good commit before the live one' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l via -d 'How the commit gets there' -r -f -a "deployment\t'Request a deployment, for a deployer that listens for it'
rerun\t'Run the GitHub Actions job of the earlier deployment again'"
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l required-context -d 'Status check that must be green (repeatable; default: none, since the commit has been live)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l task -d 'Task of the deployments [default: that of the newest live one]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l timeout -d 'Maximum time to wait' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l interval -d 'Time between two requests while waiting' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l ignore-locks -d 'Deploy even if the environment is locked or frozen' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l lock -d 'Lock the environment, so that no other deployment follows' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l anyway -d 'Go on even if a newer deployment is under way'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l dry-run -d 'Show what would be requested, and send nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l yes -d 'Do not ask for confirmation'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l wait -d 'Wait until the deployment succeeds'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l respect-locks -d 'Deploy only if the environment is neither locked nor frozen'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand rollback" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -s e -l environment -d 'Environment, or a pattern with *, ? and [abc] (repeatable) [default: all]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l task -d 'Task of the deployments [default: that of the newest live one]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand where" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l ref -d 'Branch, tag or SHA to deploy' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s e -l environment -d 'Environment to deploy to' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l task -d 'Task to run, such as deploy or deploy:migrations' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l description -d 'Description shown with the deployment' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l payload -d 'Payload for the deployer: a JSON object or string, @FILE, or - for stdin' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s F -l field -d 'Field of the payload: JSON, otherwise text (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s f -l raw-field -d 'Field of the payload that is always text (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l required-context -d 'Status check that must be green (repeatable; default: all checks)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l transient -d 'Mark the environment as transient (it will no longer exist at some point)' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l production -d 'Mark the environment as one that end users interact with (default: true for \'production\')' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l ignore-locks -d 'Deploy even if the environment is locked or frozen' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l deployment -d 'Carry out this deployment instead of requesting a new one' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l environment-url -d 'URL of the deployed environment' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l log-url -d 'URL of the deployment\'s output' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l timeout -d 'Maximum time for the command; after that it is stopped, and error is reported' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l grace -l kill-after -d 'Time that the command has to end after a signal, before it is killed' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l heartbeat -d 'Report in_progress again at this interval (at least 1m); the interval grows over time' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l auto-merge -d 'Let GitHub merge the default branch into the ref if the ref is behind'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l no-required-contexts -d 'Deploy without waiting for any status check'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l unique -d 'Reuse an existing deployment of the same commit, environment and task'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l respect-locks -d 'Deploy only if the environment is neither locked nor frozen'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l environment-url-from-stdout -d 'Use the last line of the command\'s output that is a URL as the environment URL'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l no-capture -d 'Do not capture stderr of the command; the status does not quote its last line'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l no-auto-inactive -d 'Do not mark earlier deployments to the environment as inactive on success'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l drop -d 'Discard these reports without sending them' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s c -l config -d 'Send the reports of the agent with this configuration, which must not be running' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l list -d 'List stored reports without sending them'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "list" -d 'List environments: what is live in each, and what protects it'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "view" -d 'Show an environment: protection, variables, secrets, newest deployments'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "create" -d 'Create an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "edit" -d 'Change the protection of an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "delete" -d 'Delete an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "branch-policy" -d 'Manage which branches and tags can deploy to an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "protection" -d 'Manage the apps that gate deployments to an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "variable" -d 'Manage the variables of an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "secret" -d 'Manage the secrets of an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "export" -d 'Export environments as a document for \'env apply\''
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "apply" -d 'Apply an exported document of environments to a repository'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l watch -d 'Keep the list up to date until interrupted'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s w -l web -d 'Open the page of the environments in a web browser'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s L -l limit -d 'Number of deployments to show, newest first' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s w -l web -d 'Open the page of the environment in a web browser'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l wait-timer -d 'Wait timer in minutes' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l reviewer -d 'Required reviewer: a login, or ORG/TEAM (repeatable, at most six)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l branch -d 'Pattern of branches that can deploy (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l tag -d 'Pattern of tags that can deploy (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l prevent-self-review -d 'Prevent users from approving deployments that they requested'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l protected-branches -d 'Allow deployments from protected branches only'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l custom-branches -d 'Allow deployments from matching branches and tags only'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l wait-timer -d 'Wait timer in minutes; 0 for none' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l reviewer -d 'Required reviewer; replaces all others (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l add-reviewer -d 'Add a required reviewer (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l remove-reviewer -d 'Remove a required reviewer (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l prevent-self-review -d 'Whether to prevent users from approving deployments that they requested' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l branch -d 'Add a pattern of branches that can deploy (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l tag -d 'Add a pattern of tags that can deploy (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l all-branches -d 'Allow deployments from all branches'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l protected-branches -d 'Allow deployments from protected branches only'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l custom-branches -d 'Allow deployments from matching branches and tags only'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l dry-run -d 'Show the changes without making them'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask for confirmation'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l ignore-missing -d 'Exit 0 if the environment does not exist'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l dry-run -d 'Show what would be deleted, without deleting it'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -f -a "list" -d 'List the patterns'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -f -a "add" -d 'Add patterns'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -f -a "remove" -d 'Remove patterns'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -f -a "list" -d 'List the apps that gate the environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -f -a "enable" -d 'Enable the protection rule of an app'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -f -a "disable" -d 'Disable the protection rule of an app'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -f -a "list" -d 'List the variables with their values'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -f -a "set" -d 'Create or update a variable'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -f -a "delete" -d 'Delete a variable'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -f -a "list" -d 'List the names of the secrets'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -f -a "set" -d 'Create or update a secret'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -f -a "delete" -d 'Delete a secret'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l dry-run -d 'Show the changes without making them'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s y -l yes -d 'Do not ask for confirmation'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -s e -l environment -d 'Environment, or a pattern with *, ? and [abc] (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l since -d 'Beginning of the time to look at: 90d, 12h, 2026-01-31 (in UTC)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l by -d 'Length of the periods' -r -f -a "day\t''
week\t''
month\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l html -d 'Also write the figures with charts to an HTML file' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -s m -l message -d 'Reason, shown to everyone whom the lock stops' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l for -d 'Time after which the lock expires (github/branch-deploy ignores this)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l pr -d 'Pull request that the lock is for; github/branch-deploy can remove the lock when it is merged' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l timeout -d 'Maximum time to wait' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l global -d 'Lock all environments, even while some are locked by others'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l wait -d 'Wait for a lock that somebody else holds'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -a "list" -d 'List the locks of a repository, or of several'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and not __fish_seen_subcommand_from list check" -a "check" -d 'Check whether you may deploy to environments'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -l task -d 'Task to deploy, which a freeze may allow' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand lock; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l global -d 'Remove the lock of all environments'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l force -d 'Also remove locks of others'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l ignore-missing -d 'Exit 0 if an environment is not locked'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -f -a "list" -d 'List the freezes of a repository'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and not __fish_seen_subcommand_from list check" -f -a "check" -d 'Check whether an environment is frozen'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -s e -l environment -d 'Environment to check' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l at -d 'Time to check: RFC 3339, or a date with or without a time, in the time zone of this machine' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l task -d 'Task to deploy, which a freeze may allow' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand freeze; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s e -l environment -d 'Environment, or a pattern with *, ? and [abc] (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l ref -d 'Ref, exactly as it was requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l sha -d 'Commit SHA, or the first digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l task -d 'Task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l state -d 'State, such as active or failure (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l creator -d 'User who requested the deployment, by login' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l transient -d 'Only deployments to transient environments; with =false all others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l production -d 'Only deployments to production environments; with =false all others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l since -d 'Only deployments requested since then: 7d, 12h, 2026-01-31' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l until -d 'Only deployments requested before then' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l older-than -d 'Only deployments requested longer ago than this: 30d, 12h' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l keep -d 'Keep the newest N of each environment, regardless of other filters' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l pull-pattern -d 'Pattern of environment names for pull requests, with * and ? (repeatable) [default: pr-{number} and */pr-{number}]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l plan-out -d 'Write the plan to a file without changing anything' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l apply -d 'Apply a saved plan; deployments that have changed since then are skipped' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l timeout -d 'Stop after this time; run the command again to continue' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l description -d 'Description of the status' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l active -d 'Only what is live; same as --state active'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l closed-pulls -d 'Only those of closed pull requests, known by the environment\'s name, or by the ref if its branch no longer exists'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l ignore-missing -d 'Exit 0 if there is nothing to act on'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l include-production -d 'Also change what is live in production environments'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l dry-run -d 'Show the plan, and what is kept and why, without changing anything'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s y -l yes -d 'Do not ask for confirmation'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s e -l environment -d 'Environment, or a pattern with *, ? and [abc] (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l ref -d 'Ref, exactly as it was requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l sha -d 'Commit SHA, or the first digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l task -d 'Task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l state -d 'State, such as active or failure (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l creator -d 'User who requested the deployment, by login' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l transient -d 'Only deployments to transient environments; with =false all others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l production -d 'Only deployments to production environments; with =false all others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l since -d 'Only deployments requested since then: 7d, 12h, 2026-01-31' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l until -d 'Only deployments requested before then' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l older-than -d 'Only deployments requested longer ago than this: 30d, 12h' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l keep -d 'Keep the newest N of each environment, regardless of other filters' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l pull-pattern -d 'Pattern of environment names for pull requests, with * and ? (repeatable) [default: pr-{number} and */pr-{number}]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l plan-out -d 'Write the plan to a file without changing anything' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l apply -d 'Apply a saved plan; deployments that have changed since then are skipped' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l timeout -d 'Stop after this time; run the command again to continue' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l active -d 'Only what is live; same as --state active'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l closed-pulls -d 'Only those of closed pull requests, known by the environment\'s name, or by the ref if its branch no longer exists'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l ignore-missing -d 'Exit 0 if there is nothing to act on'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l include-production -d 'Also change what is live in production environments'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l dry-run -d 'Show the plan, and what is kept and why, without changing anything'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s y -l yes -d 'Do not ask for confirmation'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l force -d 'Also delete active deployments, after deactivating them'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l with-environment -d 'Also delete environments that become empty, with their secrets, variables and rules (needs administration permission)'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s e -l environment -d 'Environment, or a pattern with *, ? and [abc] (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l ref -d 'Ref, exactly as it was requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l sha -d 'Commit SHA, or the first digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l task -d 'Task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l state -d 'State, such as active or failure (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l creator -d 'User who requested the deployment, by login' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l transient -d 'Only deployments to transient environments; with =false all others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l production -d 'Only deployments to production environments; with =false all others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l since -d 'Only deployments requested since then: 7d, 12h, 2026-01-31' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l until -d 'Only deployments requested before then' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l older-than -d 'Only deployments without an update for longer than this: 2h, 1d' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l as -d 'Final state to set' -r -f -a "error\t'The deployment could not be carried out'
inactive\t'The deployment is no longer in use'"
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l description -d 'Description of the status (default: the time of the last update)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l plan-out -d 'Write the plan to a file without changing anything' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l apply -d 'Apply a saved plan; deployments that have changed since then are skipped' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l timeout -d 'Stop after this time; run the command again to continue' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l active -d 'Only what is live; same as --state active'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l waiting -d 'End workflow runs that have waited at a gate for too long, instead of deployments'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l ignore-missing -d 'Exit 0 if there is nothing to act on'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l dry-run -d 'Show the plan, and what is kept and why, without changing anything'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s y -l yes -d 'Do not ask for confirmation'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -s e -l environment -d 'Only these environments, by name or by a pattern with *, ? and [abc]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l sha -d 'Only runs of this commit, by its SHA or at least 7 digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l pr -d 'Only runs of the commit at the head of this pull request' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l ref -d 'Only runs of this branch or tag' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l workflow -d 'Only runs of this workflow, by its name or file' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l mine -d 'Only what you may approve'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l exit-status -d 'Exit 8 if something waits'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l watch -d 'Keep the list up to date until interrupted'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -s w -l web -d 'Open the list of waiting runs in a web browser'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand pending" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l sha -d 'All waiting runs of this commit, by its SHA or at least 7 digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l pr -d 'All waiting runs of the commit at the head of this pull request' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -s e -l environment -d 'Only these environments, by name or by a pattern with *, ? and [abc]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -s m -l message -d 'Comment of the review' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l ignore-locks -d 'Deploy even if the environment is locked or frozen' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l timeout -d 'Maximum time to follow' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l dry-run -d 'Show what would be reviewed, and change nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -s y -l yes -d 'Do not ask for confirmation'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l ignore-missing -d 'Exit 0 if nothing waits'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l respect-locks -d 'Deploy only if the environment is neither locked nor frozen'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l follow -d 'Keep approving later environments until all runs of the commit have completed'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l sha -d 'All waiting runs of this commit, by its SHA or at least 7 digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l pr -d 'All waiting runs of the commit at the head of this pull request' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -s e -l environment -d 'Only these environments, by name or by a pattern with *, ? and [abc]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -s m -l message -d 'Comment of the review' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l older-than -d 'Only runs that have waited for longer than this: 2h, 7d' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l dry-run -d 'Show what would be reviewed, and change nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -s y -l yes -d 'Do not ask for confirmation'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l ignore-missing -d 'Exit 0 if nothing waits'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l superseded -d 'Only runs for which a newer run of the same workflow and environment waits'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -s e -l environment -d 'Only groups whose holder waits for this environment, or for one that matches a pattern' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l org -d 'All repositories of an organization or user that are not archived (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l topic -d 'Only those with this topic, of --org and of patterns' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l repos -d 'File with a repository or pattern per line (\'-\' for stdin); # begins a comment' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand blocked" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s c -l config -d 'Configuration file' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l log-format -d 'Format of the log on stderr' -r -f -a "text\t'Lines for humans'
json\t'One JSON object per line'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -f -a "run" -d 'Run the agent'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -f -a "check" -d 'Check the configuration and print its rules in order'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -f -a "status" -d 'Show running, waiting and finished deployments'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s c -l config -d 'Configuration file' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l log-format -d 'Format of the log on stderr' -r -f -a "text\t'Lines for humans'
json\t'One JSON object per line'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s c -l config -d 'Configuration file' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s c -l config -d 'Configuration file' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s L -l limit -d 'Number of finished deployments to show' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -f -a "login" -d 'Store a token for a server'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -f -a "logout" -d 'Remove a stored token'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -f -a "status" -d 'Show which token is used for each server, and why'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -f -a "token" -d 'Print the token that is used'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l hostname -d 'Server (default: the server of the current repository)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-id -d 'Client ID of the OAuth app (default: DEPLOYCTL_CLIENT_ID)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l scopes -d 'Scopes to request with --web' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l with-token -d 'Read the token from stdin'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l web -d 'Log in with a web browser'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l insecure-storage -d 'Store the token unencrypted, in a file that only you can read'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l hostname -d 'Server whose token to remove' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l user -d 'User whose token to remove' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l hostname -d 'Show this server only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l offline -d 'Do not check tokens with their servers'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l hostname -d 'Server (default: the server of the current repository)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -f -a "serve" -d 'Serve the sandbox to other programs until interrupted'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l port -d 'Port to listen on; 0 selects a free port' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l listen -d 'Address to listen on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l data -d 'Data folder (default: the folder that --sandbox uses)' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l token -d 'Token with limited permissions: scopes, permissions such as deployments:read, or \'revoked\' (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l production-default -d 'Default of production_environment for the environment production' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l environment-protection -d 'Whether environments may have wait timers and reviewers; private repositories without GitHub Enterprise refuse them' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l fault -d 'Inject faults to test clients (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l webhook -d 'Send webhooks to URL as JSON (repeatable)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l webhook-event -d 'Events to send, separated by commas; * for all' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l webhook-secret-file -d 'File with the secret to sign deliveries with' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l enforce-limits -d 'Enforce rate limits'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l enforce-content-limits -d 'Refuse more than 80 deployments and statuses per minute, or 500 per hour'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l static -d 'Print a script that never calls deployctl'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l dir -d 'Write all pages to the folders man1 and man7 in DIR' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s R -l repo -d 'Repository to work on (repeatable, with patterns, where --org is)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l json -d 'Print JSON, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l jsonl -d 'Print JSON, one object per line, optionally with these fields only' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l color -d 'When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never' -r -f -a "auto\t'On a terminal, unless an environment variable disables it'
always\t'Always, including JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l sandbox -d 'Work on the embedded sandbox, without an account, token or network'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l no-input -d 'Never prompt'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l quiet -d 'Print only warnings and errors to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s v -l verbose -d 'Print a line per request to stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l github-output -d 'Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l github-summary -d 'Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
