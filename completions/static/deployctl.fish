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

complete -c deployctl -n "__fish_deployctl_needs_command" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_needs_command" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_needs_command" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_needs_command" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_needs_command" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_needs_command" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_needs_command" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_needs_command" -s V -l version -d 'Print version'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "create" -d 'Request a deployment of a ref'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "list" -d 'List deployments with their state, newest first'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "status" -d 'Show a deployment and its statuses, or add a status'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "wait" -d 'Wait until deployments have succeeded, or ended'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "run" -d 'Deploy with a command, and report how it went'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "flush" -d 'Send the statuses that could not be sent'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "env" -d 'Show and change environments: what is live where, and what protects it'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "deactivate" -d 'Mark deployments inactive, one or thousands'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "delete" -d 'Delete deployments, one or thousands'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "reap" -d 'End deployments that are stuck'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "agent" -d 'Receive deployments, run the configured command, and report how it went'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "auth" -d 'Log in, and see which token is taken'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "sandbox" -d 'Run the embedded GitHub for deployments'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "man" -d 'Print a manual page, or write all of them'
complete -c deployctl -n "__fish_deployctl_needs_command" -f -a "help" -d 'Print the help of a command, or of a topic'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l ref -d 'Branch, tag or SHA to deploy' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s e -l environment -d 'Environment to deploy to' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l task -d 'Kind of work' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l description -d 'Short text' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l payload -d 'What those who deploy get: an object or a string, as JSON, @FILE or -' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s F -l field -d 'Field of the payload, JSON or else text; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s f -l raw-field -d 'Field of the payload that is always text; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l required-context -d 'Check that must be green; may be given several times (default: all)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l transient -d 'The environment is to vanish one day' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l production -d 'End users meet the environment (default: if it is named production)' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l timeout -d 'How long to wait' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l interval -d 'Pause between two looks while waiting' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l auto-merge -d 'Let GitHub merge the default branch into the ref if it is behind'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l no-required-contexts -d 'Deploy whatever the checks say'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l unique -d 'Make no second deployment of the same commit, environment and task'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l dry-run -d 'Print the request instead of sending it'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l wait -d 'Wait until the deployment succeeds'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s e -l environment -d 'Environment; may be given several times, and with *, ? and [abc]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l ref -d 'Ref, in the words in which the deployment was requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l sha -d 'Commit, by its SHA or the first digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l task -d 'Task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l state -d 'State, such as active or failure; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l creator -d 'Login of the one who requested it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l transient -d 'Only transient ones, or with =false only others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l production -d 'Only those to production, or with =false only others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l since -d 'Only those requested since then: 7d, 12h, 2026-01-31' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l until -d 'Only those requested before then' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s L -l limit -d 'How many at the most: a number, or all' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l active -d 'Only what is live: the same as --state active'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s e -l environment -d 'The newest deployment of this environment' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l timeout -d 'How long to follow it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l interval -d 'Pause between two looks while following' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l exit-status -d 'Exit with 8 while it is pending, 9 if it failed, 10 if it is inactive'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l watch -d 'Follow it to its end'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l ignore-missing -d 'Exit with 0 if there is no such deployment'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and not __fish_seen_subcommand_from set" -a "set" -d 'Add a status to a deployment'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l description -d 'Short text, at most 140 characters' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l log-url -d 'Where the output of the deployment is' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l environment-url -d 'Where the deployed thing can be visited' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s e -l environment -d 'Environment that the deployment counts for from now on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l no-auto-inactive -d 'Leave earlier deployments of the environment as they are on success'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand status; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s e -l environment -d 'The newest deployment of this environment, or of any that matches a pattern with *, ? and [abc]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l ref -d 'The newest deployment of this ref, in the words of the request' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l sha -d 'The newest deployment of this commit' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l task -d 'The newest deployment of this task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l since -d 'Only a deployment requested since then: 10m, 2026-01-31, 2026-01-31T12:00:00Z' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l newer-than -d 'Only a deployment that is newer than the one with this ID' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l for -d 'What to wait for' -r -f -a "success\t'That it succeeds'
end\t'That it ends, in whatever way'
inactive\t'That it no longer counts: inactive or destroyed'"
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l timeout -d 'How long to wait in all' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l appear-timeout -d 'How long to wait for a deployment to be requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l interval -d 'Pause between two looks; it grows while nothing changes' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l ignore-missing -d 'Exit with 0 if there is no such deployment'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l ref -d 'Branch, tag or SHA to deploy' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s e -l environment -d 'Environment to deploy to' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l task -d 'Kind of work' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l description -d 'Short text' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l payload -d 'What those who deploy get: an object or a string, as JSON, @FILE or -' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s F -l field -d 'Field of the payload, JSON or else text; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s f -l raw-field -d 'Field of the payload that is always text; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l required-context -d 'Check that must be green; may be given several times (default: all)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l transient -d 'The environment is to vanish one day' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l production -d 'End users meet the environment (default: if it is named production)' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l deployment -d 'Take this deployment instead of requesting one' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l environment-url -d 'Where the deployed thing can be visited' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l log-url -d 'Where the output of the deployment is' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l timeout -d 'How long the command may run; then it is ended, and the report is error' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l grace -l kill-after -d 'How long the command has to end after a signal before it is killed' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l heartbeat -d 'Report in_progress again so often, at least 1m; less often as time goes by' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l auto-merge -d 'Let GitHub merge the default branch into the ref if it is behind'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l no-required-contexts -d 'Deploy whatever the checks say'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l unique -d 'Make no second deployment of the same commit, environment and task'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l environment-url-from-stdout -d 'Take it from the command\'s output: the last line that is an address'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l no-capture -d 'Leave standard error to the command: no last words in the status'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l no-auto-inactive -d 'Leave earlier deployments of the environment as they are on success'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l drop -d 'Forget these without sending them' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s c -l config -d 'Do it for the agent with this configuration, which must not be at work' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l list -d 'Show what is kept, and send nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand flush" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "list" -d 'List environments: what is live in each, and what protects it'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "view" -d 'Show an environment: protection, variables, secrets, newest deployments'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "create" -d 'Create an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "edit" -d 'Change what an environment asks for'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "delete" -d 'Delete an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "branch-policy" -d 'Which branches and tags may deploy to an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "protection" -d 'The apps that gate deployments to an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "variable" -d 'Variables of an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "secret" -d 'Secrets of an environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "export" -d 'Write environments as a document that \'env apply\' reads'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and not __fish_seen_subcommand_from list view create edit delete branch-policy protection variable secret export apply" -f -a "apply" -d 'Give a repository the environments of a document'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s L -l limit -d 'How many of its newest deployments to show' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from view" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l wait-timer -d 'Minutes that a job waits before it may go on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l reviewer -d 'Person or team that may approve; can be given six times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l branch -d 'Pattern of branches that may deploy; can be given often' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l tag -d 'Pattern of tags that may deploy; can be given often' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l prevent-self-review -d 'Whoever asked for a deployment may not approve it'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l protected-branches -d 'Only branches with branch protection may deploy'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l custom-branches -d 'Only branches and tags that match a pattern may deploy'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l wait-timer -d 'Minutes that a job waits before it may go on; 0 for none' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l reviewer -d 'These reviewers in place of all others' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l add-reviewer -d 'One more person or team that may approve' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l remove-reviewer -d 'A person or team that may approve no more' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l prevent-self-review -d 'Whether whoever asked for a deployment may not approve it' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l branch -d 'One more pattern of branches that may deploy' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l tag -d 'One more pattern of tags that may deploy' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l all-branches -d 'All branches may deploy'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l protected-branches -d 'Only branches with branch protection may deploy'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l custom-branches -d 'Only branches and tags that match a pattern may deploy'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l dry-run -d 'Print what would change, and change nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Delete without a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l ignore-missing -d 'Exit with 0 if there is no such environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l dry-run -d 'Tell what would go, and delete nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -f -a "list" -d 'List the patterns'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -f -a "add" -d 'Add patterns'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from branch-policy" -f -a "remove" -d 'Remove patterns'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -f -a "list" -d 'List the apps that gate the environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -f -a "enable" -d 'Have an app gate the environment'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from protection" -f -a "disable" -d 'Have an app gate the environment no more'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -f -a "list" -d 'List the variables with their values'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -f -a "set" -d 'Make a variable, or give it another value'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from variable" -f -a "delete" -d 'Delete a variable'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -f -a "list" -d 'List the names of the secrets'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -f -a "set" -d 'Write a secret, new or in place of the old one'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from secret" -f -a "delete" -d 'Delete a secret'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l dry-run -d 'Print what would change, and change nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s y -l yes -d 'Change without a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand env; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s e -l environment -d 'Environment; may be given several times, and with *, ? and [abc]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l ref -d 'Ref, in the words in which the deployment was requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l sha -d 'Commit, by its SHA or the first digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l task -d 'Task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l state -d 'State, such as active or failure; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l creator -d 'Login of the one who requested it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l transient -d 'Only transient ones, or with =false only others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l production -d 'Only those to production, or with =false only others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l since -d 'Only those requested since then: 7d, 12h, 2026-01-31' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l until -d 'Only those requested before then' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l older-than -d 'Only those requested longer ago than that: 30d, 12h' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l keep -d 'All but the newest N of each environment, whatever other filters say' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l pull-pattern -d 'How environments are named after pull requests; may be given several times, and with * and ? [default: pr-{number} and */pr-{number}]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l plan-out -d 'Write the plan to a file, and do nothing' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l apply -d 'Do what a plan says, as far as its deployments have not changed since' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l timeout -d 'Stop after that time; running it again does the rest' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l description -d 'Short text for the status' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l active -d 'Only what is live: the same as --state active'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l closed-pulls -d 'Only those of closed pull requests, known by the environment\'s name, or by the ref if its branch no longer exists'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l ignore-missing -d 'Exit with 0 if there is nothing to act on'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l include-production -d 'Also touch what is live in production environments'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l dry-run -d 'Show what would be done, and why the rest is kept, and do nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s y -l yes -d 'Do not ask'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand deactivate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s e -l environment -d 'Environment; may be given several times, and with *, ? and [abc]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l ref -d 'Ref, in the words in which the deployment was requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l sha -d 'Commit, by its SHA or the first digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l task -d 'Task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l state -d 'State, such as active or failure; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l creator -d 'Login of the one who requested it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l transient -d 'Only transient ones, or with =false only others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l production -d 'Only those to production, or with =false only others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l since -d 'Only those requested since then: 7d, 12h, 2026-01-31' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l until -d 'Only those requested before then' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l older-than -d 'Only those requested longer ago than that: 30d, 12h' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l keep -d 'All but the newest N of each environment, whatever other filters say' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l pull-pattern -d 'How environments are named after pull requests; may be given several times, and with * and ? [default: pr-{number} and */pr-{number}]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l plan-out -d 'Write the plan to a file, and do nothing' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l apply -d 'Do what a plan says, as far as its deployments have not changed since' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l timeout -d 'Stop after that time; running it again does the rest' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l active -d 'Only what is live: the same as --state active'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l closed-pulls -d 'Only those of closed pull requests, known by the environment\'s name, or by the ref if its branch no longer exists'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l ignore-missing -d 'Exit with 0 if there is nothing to act on'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l include-production -d 'Also touch what is live in production environments'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l dry-run -d 'Show what would be done, and why the rest is kept, and do nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s y -l yes -d 'Do not ask'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l force -d 'Delete active ones as well: they are deactivated first'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l with-environment -d 'Delete environments that are left empty, with their secrets, variables and rules; needs administration rights'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s e -l environment -d 'Environment; may be given several times, and with *, ? and [abc]' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l ref -d 'Ref, in the words in which the deployment was requested' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l sha -d 'Commit, by its SHA or the first digits of it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l task -d 'Task' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l state -d 'State, such as active or failure; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l creator -d 'Login of the one who requested it' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l transient -d 'Only transient ones, or with =false only others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l production -d 'Only those to production, or with =false only others' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l since -d 'Only those requested since then: 7d, 12h, 2026-01-31' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l until -d 'Only those requested before then' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l older-than -d 'Only those of which nothing was heard for longer than that: 2h, 1d' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l as -d 'The state that they end in' -r -f -a "error\t'It could not be carried out'
inactive\t'It no longer counts'"
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l description -d 'Short text for the status, in place of the time of the last word' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l plan-out -d 'Write the plan to a file, and do nothing' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l apply -d 'Do what a plan says, as far as its deployments have not changed since' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l timeout -d 'Stop after that time; running it again does the rest' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l active -d 'Only what is live: the same as --state active'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l ignore-missing -d 'Exit with 0 if there is nothing to act on'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l dry-run -d 'Show what would be done, and why the rest is kept, and do nothing'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s y -l yes -d 'Do not ask'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand reap" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s c -l config -d 'File with the configuration' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l log-format -d 'How the log on stderr is written' -r -f -a "text\t'Lines for people'
json\t'One JSON object a line'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -f -a "run" -d 'Work with a configuration'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -f -a "check" -d 'Check the configuration and print the plan: the rules in their order'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and not __fish_seen_subcommand_from run check status" -f -a "status" -d 'Show what runs, what waits, and what was done'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s c -l config -d 'File with the configuration' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l log-format -d 'How the log on stderr is written' -r -f -a "text\t'Lines for people'
json\t'One JSON object a line'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s c -l config -d 'File with the configuration' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s c -l config -d 'File with the configuration' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s L -l limit -d 'How many that are done to show' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -f -a "login" -d 'Store a token for a server'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -f -a "logout" -d 'Remove a stored token'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -f -a "status" -d 'Tell which token is taken for each server, and why'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status token" -f -a "token" -d 'Print the token that is taken'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l hostname -d 'Server, in place of that of the repository at hand' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-id -d 'Client id of the OAuth app, in place of DEPLOYCTL_CLIENT_ID' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l scopes -d 'Scopes to ask for in the browser' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l with-token -d 'Read the token from standard input'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l web -d 'Log in in a browser, and open it'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l insecure-storage -d 'Keep the token unencrypted, in a file that only you can read'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l hostname -d 'Server whose token is removed' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l user -d 'User whose token is removed' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l hostname -d 'Only this server' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l offline -d 'Do not check tokens with their servers'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l hostname -d 'Server, in place of that of the repository at hand' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand auth; and __fish_seen_subcommand_from token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and not __fish_seen_subcommand_from serve" -f -a "serve" -d 'Serve the sandbox to other programs until it is interrupted'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l port -d 'Port to listen on; 0 takes any free one' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l listen -d 'Address to listen on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l data -d 'Folder of its data (default: the one that --sandbox uses)' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l token -d 'Token with limited rights: scopes, permissions such as deployments:read, or revoked; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l production-default -d 'Whether production_environment is true for production when left out' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l environment-protection -d 'Whether environments may have wait timers and reviewers; private repositories without GitHub Enterprise refuse them' -r -f -a "true\t''
false\t''"
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l fault -d 'Let requests go wrong, to test clients; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l webhook -d 'Send webhooks to URL, as JSON; may be given several times' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l webhook-event -d 'Events to send, separated by commas; * is all' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l webhook-secret-file -d 'File with the secret that deliveries are signed with' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l enforce-limits -d 'Answer with an error where a rate limit is passed'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l enforce-content-limits -d 'Refuse more than 80 deployments and statuses a minute, or 500 an hour'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l static -d 'Write a script that never runs the program'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l dir -d 'Write all pages into the folders man1 and man7 of this one' -r -F
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s R -l repo -d 'Repository to work on' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l json -d 'Print JSON; with a list of fields, only these' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l jsonl -d 'Print JSON, one object a line' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s q -l jq -d 'Filter the JSON with a jq expression' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s t -l template -d 'Format the JSON with a template (Jinja syntax)' -r
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always, also JSON and tab-separated lines in a pipe'
never\t'Never'"
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l sandbox -d 'Work on the embedded sandbox: no account, no token, no network'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l no-input -d 'Never ask a question'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l quiet -d 'Print no notes on stderr, only warnings and errors'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s v -l verbose -d 'Print a line for each request on stderr'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l github-output -d 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -l github-summary -d 'Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)'
complete -c deployctl -n "__fish_deployctl_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
