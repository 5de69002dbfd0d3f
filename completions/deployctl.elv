
use builtin;
use str;

set edit:completion:arg-completer[deployctl] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'deployctl'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'deployctl'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand create 'Request a deployment of a ref'
            cand list 'List deployments with their state, newest first'
            cand status 'Show a deployment and its statuses, or add a status'
            cand wait 'Wait until deployments have succeeded, or ended'
            cand run 'Deploy with a command, and report how it went'
            cand flush 'Send the statuses that could not be sent'
            cand env 'Show and change environments: what is live where, and what protects it'
            cand deactivate 'Mark deployments inactive, one or thousands'
            cand delete 'Delete deployments, one or thousands'
            cand agent 'Receive deployments, run the configured command, and report how it went'
            cand auth 'Log in, and see which token is taken'
            cand sandbox 'Run the embedded GitHub for deployments'
            cand completions 'Print a completion script for a shell'
            cand man 'Print a manual page, or write all of them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;create'= {
            cand --ref 'Branch, tag or SHA to deploy'
            cand -e 'Environment to deploy to'
            cand --environment 'Environment to deploy to'
            cand --task 'Kind of work'
            cand --description 'Short text'
            cand --payload 'What those who deploy get: an object or a string, as JSON, @FILE or -'
            cand --field 'A field of the payload; may be given several times'
            cand --required-context 'Check that must be green; may be given several times (default: all)'
            cand --transient 'The environment is to vanish one day'
            cand --production 'End users meet the environment (default: if it is named production)'
            cand --timeout 'How long to wait'
            cand --interval 'Pause between two looks while waiting'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --auto-merge 'Let GitHub merge the default branch into the ref if it is behind'
            cand --no-required-contexts 'Deploy whatever the checks say'
            cand --unique 'Make no second deployment of the same commit, environment and task'
            cand --dry-run 'Print the request instead of sending it'
            cand --wait 'Wait until the deployment succeeds'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;list'= {
            cand -e 'Environment; may be given several times, and with * and ?'
            cand --environment 'Environment; may be given several times, and with * and ?'
            cand --ref 'Ref, in the words in which the deployment was requested'
            cand --sha 'Commit, by its SHA or the first digits of it'
            cand --task 'Task'
            cand --state 'State, such as active or failure; may be given several times'
            cand --creator 'Login of the one who requested it'
            cand --transient 'Only transient ones, or with =false only others'
            cand --production 'Only those to production, or with =false only others'
            cand --since 'Only those requested since then: 7d, 12h, 2026-01-31'
            cand --until 'Only those requested before then'
            cand -L 'How many at the most: a number, or all'
            cand --limit 'How many at the most: a number, or all'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --active 'Only what is live: the same as --state active'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;status'= {
            cand -e 'The newest deployment of this environment'
            cand --environment 'The newest deployment of this environment'
            cand --timeout 'How long to follow it'
            cand --interval 'Pause between two looks while following'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --exit-status 'Exit with 8 while it is pending, 9 if it failed, 10 if it is inactive'
            cand --watch 'Follow it to its end'
            cand --ignore-missing 'Exit with 0 if there is no such deployment'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand set 'Add a status to a deployment'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;status;set'= {
            cand --description 'Short text, at most 140 characters'
            cand --log-url 'Where the output of the deployment is'
            cand --environment-url 'Where the deployed thing can be visited'
            cand -e 'Environment that the deployment counts for from now on'
            cand --environment 'Environment that the deployment counts for from now on'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --no-auto-inactive 'Leave earlier deployments of the environment as they are on success'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;status;help'= {
            cand set 'Add a status to a deployment'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;status;help;set'= {
        }
        &'deployctl;status;help;help'= {
        }
        &'deployctl;wait'= {
            cand -e 'The newest deployment of this environment'
            cand --environment 'The newest deployment of this environment'
            cand --ref 'The newest deployment of this ref, in the words of the request'
            cand --sha 'The newest deployment of this commit'
            cand --task 'The newest deployment of this task'
            cand --for 'What to wait for'
            cand --timeout 'How long to wait in all'
            cand --appear-timeout 'How long to wait for a deployment to be requested'
            cand --interval 'Pause between two looks; it grows while nothing changes'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --ignore-missing 'Exit with 0 if there is no such deployment'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;run'= {
            cand --ref 'Branch, tag or SHA to deploy'
            cand -e 'Environment to deploy to'
            cand --environment 'Environment to deploy to'
            cand --task 'Kind of work'
            cand --description 'Short text'
            cand --payload 'What those who deploy get: an object or a string, as JSON, @FILE or -'
            cand --field 'A field of the payload; may be given several times'
            cand --required-context 'Check that must be green; may be given several times (default: all)'
            cand --transient 'The environment is to vanish one day'
            cand --production 'End users meet the environment (default: if it is named production)'
            cand --deployment 'Take this deployment instead of requesting one'
            cand --environment-url 'Where the deployed thing can be visited'
            cand --log-url 'Where the output of the deployment is'
            cand --timeout 'How long the command may run; then it is ended, and the report is error'
            cand --grace 'How long the command has to end after a signal before it is killed'
            cand --kill-after 'How long the command has to end after a signal before it is killed'
            cand --heartbeat 'Report in_progress again so often, at least 1m; less often as time goes by'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --auto-merge 'Let GitHub merge the default branch into the ref if it is behind'
            cand --no-required-contexts 'Deploy whatever the checks say'
            cand --unique 'Make no second deployment of the same commit, environment and task'
            cand --environment-url-from-stdout 'Take it from the command''s output: the last line that is an address'
            cand --no-capture 'Leave standard error to the command: no last words in the status'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;flush'= {
            cand --drop 'Forget these without sending them'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --list 'Show what is kept, and send nothing'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List environments: what is live in each, and what protects it'
            cand view 'Show an environment: protection, variables, secrets, newest deployments'
            cand create 'Create an environment'
            cand edit 'Change what an environment asks for'
            cand delete 'Delete an environment'
            cand branch-policy 'Which branches and tags may deploy to an environment'
            cand protection 'The apps that gate deployments to an environment'
            cand variable 'Variables of an environment'
            cand secret 'Secrets of an environment'
            cand export 'Write environments as a document that ''env apply'' reads'
            cand apply 'Give a repository the environments of a document'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;list'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;view'= {
            cand -L 'How many of its newest deployments to show'
            cand --limit 'How many of its newest deployments to show'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;create'= {
            cand --wait-timer 'Minutes that a job waits before it may go on'
            cand --reviewer 'Person or team that may approve; can be given six times'
            cand --branch 'Pattern of branches that may deploy; can be given often'
            cand --tag 'Pattern of tags that may deploy; can be given often'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --prevent-self-review 'Whoever asked for a deployment may not approve it'
            cand --protected-branches 'Only branches with branch protection may deploy'
            cand --custom-branches 'Only branches and tags that match a pattern may deploy'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;edit'= {
            cand --wait-timer 'Minutes that a job waits before it may go on; 0 for none'
            cand --reviewer 'These reviewers in place of all others'
            cand --add-reviewer 'One more person or team that may approve'
            cand --remove-reviewer 'A person or team that may approve no more'
            cand --prevent-self-review 'Whether whoever asked for a deployment may not approve it'
            cand --branch 'One more pattern of branches that may deploy'
            cand --tag 'One more pattern of tags that may deploy'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --all-branches 'All branches may deploy'
            cand --protected-branches 'Only branches with branch protection may deploy'
            cand --custom-branches 'Only branches and tags that match a pattern may deploy'
            cand --dry-run 'Print what would change, and change nothing'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;delete'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand -y 'Delete without a question'
            cand --yes 'Delete without a question'
            cand --ignore-missing 'Exit with 0 if there is no such environment'
            cand --dry-run 'Tell what would go, and delete nothing'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;branch-policy'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List the patterns'
            cand add 'Add patterns'
            cand remove 'Remove patterns'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;branch-policy;list'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;branch-policy;add'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --tag 'The patterns are of tags, not of branches'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;branch-policy;remove'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --tag 'The patterns are of tags, not of branches'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;branch-policy;help'= {
            cand list 'List the patterns'
            cand add 'Add patterns'
            cand remove 'Remove patterns'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;branch-policy;help;list'= {
        }
        &'deployctl;env;branch-policy;help;add'= {
        }
        &'deployctl;env;branch-policy;help;remove'= {
        }
        &'deployctl;env;branch-policy;help;help'= {
        }
        &'deployctl;env;protection'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List the apps that gate the environment'
            cand enable 'Have an app gate the environment'
            cand disable 'Have an app gate the environment no more'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;protection;list'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --available 'List the apps that could, in place of those that do'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;protection;enable'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;protection;disable'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;protection;help'= {
            cand list 'List the apps that gate the environment'
            cand enable 'Have an app gate the environment'
            cand disable 'Have an app gate the environment no more'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;protection;help;list'= {
        }
        &'deployctl;env;protection;help;enable'= {
        }
        &'deployctl;env;protection;help;disable'= {
        }
        &'deployctl;env;protection;help;help'= {
        }
        &'deployctl;env;variable'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List the variables with their values'
            cand set 'Make a variable, or give it another value'
            cand delete 'Delete a variable'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;variable;list'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;variable;set'= {
            cand --from-file 'Take the value from a file, or from standard input with -'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;variable;delete'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --ignore-missing 'Exit with 0 if there is no such variable'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;variable;help'= {
            cand list 'List the variables with their values'
            cand set 'Make a variable, or give it another value'
            cand delete 'Delete a variable'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;variable;help;list'= {
        }
        &'deployctl;env;variable;help;set'= {
        }
        &'deployctl;env;variable;help;delete'= {
        }
        &'deployctl;env;variable;help;help'= {
        }
        &'deployctl;env;secret'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List the names of the secrets'
            cand set 'Write a secret, new or in place of the old one'
            cand delete 'Delete a secret'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;secret;list'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;secret;set'= {
            cand --from-file 'Take the value from a file, as it is'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;secret;delete'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --ignore-missing 'Exit with 0 if there is no such secret'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;secret;help'= {
            cand list 'List the names of the secrets'
            cand set 'Write a secret, new or in place of the old one'
            cand delete 'Delete a secret'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;secret;help;list'= {
        }
        &'deployctl;env;secret;help;set'= {
        }
        &'deployctl;env;secret;help;delete'= {
        }
        &'deployctl;env;secret;help;help'= {
        }
        &'deployctl;env;export'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;apply'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --dry-run 'Print what would change, and change nothing'
            cand -y 'Change without a question'
            cand --yes 'Change without a question'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;env;help'= {
            cand list 'List environments: what is live in each, and what protects it'
            cand view 'Show an environment: protection, variables, secrets, newest deployments'
            cand create 'Create an environment'
            cand edit 'Change what an environment asks for'
            cand delete 'Delete an environment'
            cand branch-policy 'Which branches and tags may deploy to an environment'
            cand protection 'The apps that gate deployments to an environment'
            cand variable 'Variables of an environment'
            cand secret 'Secrets of an environment'
            cand export 'Write environments as a document that ''env apply'' reads'
            cand apply 'Give a repository the environments of a document'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;env;help;list'= {
        }
        &'deployctl;env;help;view'= {
        }
        &'deployctl;env;help;create'= {
        }
        &'deployctl;env;help;edit'= {
        }
        &'deployctl;env;help;delete'= {
        }
        &'deployctl;env;help;branch-policy'= {
            cand list 'List the patterns'
            cand add 'Add patterns'
            cand remove 'Remove patterns'
        }
        &'deployctl;env;help;branch-policy;list'= {
        }
        &'deployctl;env;help;branch-policy;add'= {
        }
        &'deployctl;env;help;branch-policy;remove'= {
        }
        &'deployctl;env;help;protection'= {
            cand list 'List the apps that gate the environment'
            cand enable 'Have an app gate the environment'
            cand disable 'Have an app gate the environment no more'
        }
        &'deployctl;env;help;protection;list'= {
        }
        &'deployctl;env;help;protection;enable'= {
        }
        &'deployctl;env;help;protection;disable'= {
        }
        &'deployctl;env;help;variable'= {
            cand list 'List the variables with their values'
            cand set 'Make a variable, or give it another value'
            cand delete 'Delete a variable'
        }
        &'deployctl;env;help;variable;list'= {
        }
        &'deployctl;env;help;variable;set'= {
        }
        &'deployctl;env;help;variable;delete'= {
        }
        &'deployctl;env;help;secret'= {
            cand list 'List the names of the secrets'
            cand set 'Write a secret, new or in place of the old one'
            cand delete 'Delete a secret'
        }
        &'deployctl;env;help;secret;list'= {
        }
        &'deployctl;env;help;secret;set'= {
        }
        &'deployctl;env;help;secret;delete'= {
        }
        &'deployctl;env;help;export'= {
        }
        &'deployctl;env;help;apply'= {
        }
        &'deployctl;env;help;help'= {
        }
        &'deployctl;deactivate'= {
            cand -e 'Environment; may be given several times, and with * and ?'
            cand --environment 'Environment; may be given several times, and with * and ?'
            cand --ref 'Ref, in the words in which the deployment was requested'
            cand --sha 'Commit, by its SHA or the first digits of it'
            cand --task 'Task'
            cand --state 'State, such as active or failure; may be given several times'
            cand --creator 'Login of the one who requested it'
            cand --transient 'Only transient ones, or with =false only others'
            cand --production 'Only those to production, or with =false only others'
            cand --since 'Only those requested since then: 7d, 12h, 2026-01-31'
            cand --until 'Only those requested before then'
            cand --older-than 'Only those requested longer ago than that: 30d, 12h'
            cand --keep 'All but the newest N of each environment, whatever other filters say'
            cand --pull-pattern 'How environments are named after pull requests; may be given several times, and with * [default: pr-{number}]'
            cand --plan-out 'Write the plan to a file, and do nothing'
            cand --apply 'Do what a plan says, as far as its deployments have not changed since'
            cand --timeout 'Stop after that time; running it again does the rest'
            cand --description 'Short text for the status'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --active 'Only what is live: the same as --state active'
            cand --closed-pulls 'Only those of closed pull requests: by branch, or by the environment''s name'
            cand --ignore-missing 'Exit with 0 if there is nothing to act on'
            cand --include-production 'Also touch what is live in production environments'
            cand --dry-run 'Show what would be done, and why the rest is kept, and do nothing'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;delete'= {
            cand -e 'Environment; may be given several times, and with * and ?'
            cand --environment 'Environment; may be given several times, and with * and ?'
            cand --ref 'Ref, in the words in which the deployment was requested'
            cand --sha 'Commit, by its SHA or the first digits of it'
            cand --task 'Task'
            cand --state 'State, such as active or failure; may be given several times'
            cand --creator 'Login of the one who requested it'
            cand --transient 'Only transient ones, or with =false only others'
            cand --production 'Only those to production, or with =false only others'
            cand --since 'Only those requested since then: 7d, 12h, 2026-01-31'
            cand --until 'Only those requested before then'
            cand --older-than 'Only those requested longer ago than that: 30d, 12h'
            cand --keep 'All but the newest N of each environment, whatever other filters say'
            cand --pull-pattern 'How environments are named after pull requests; may be given several times, and with * [default: pr-{number}]'
            cand --plan-out 'Write the plan to a file, and do nothing'
            cand --apply 'Do what a plan says, as far as its deployments have not changed since'
            cand --timeout 'Stop after that time; running it again does the rest'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --active 'Only what is live: the same as --state active'
            cand --closed-pulls 'Only those of closed pull requests: by branch, or by the environment''s name'
            cand --ignore-missing 'Exit with 0 if there is nothing to act on'
            cand --include-production 'Also touch what is live in production environments'
            cand --dry-run 'Show what would be done, and why the rest is kept, and do nothing'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --force 'Delete active ones as well: they are deactivated first'
            cand --with-environment 'Delete environments that are left empty, with their secrets, variables and rules; needs administration rights'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;agent'= {
            cand -c 'File with the configuration'
            cand --config 'File with the configuration'
            cand --log-format 'How the log on stderr is written'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand run 'Work with a configuration'
            cand check 'Check the configuration and print the plan: the rules in their order'
            cand status 'Show what runs, what waits, and what was done'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;agent;run'= {
            cand -c 'File with the configuration'
            cand --config 'File with the configuration'
            cand --log-format 'How the log on stderr is written'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;agent;check'= {
            cand -c 'File with the configuration'
            cand --config 'File with the configuration'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;agent;status'= {
            cand -c 'File with the configuration'
            cand --config 'File with the configuration'
            cand -L 'How many that are done to show'
            cand --limit 'How many that are done to show'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;agent;help'= {
            cand run 'Work with a configuration'
            cand check 'Check the configuration and print the plan: the rules in their order'
            cand status 'Show what runs, what waits, and what was done'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;agent;help;run'= {
        }
        &'deployctl;agent;help;check'= {
        }
        &'deployctl;agent;help;status'= {
        }
        &'deployctl;agent;help;help'= {
        }
        &'deployctl;auth'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand login 'Store a token for a server'
            cand logout 'Remove a stored token'
            cand status 'Tell which token is taken for each server, and why'
            cand token 'Print the token that is taken'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;auth;login'= {
            cand --hostname 'Server, in place of that of the repository at hand'
            cand --client-id 'Client id of the OAuth app, in place of DEPLOYCTL_CLIENT_ID'
            cand --scopes 'Scopes to ask for in the browser'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --with-token 'Read the token from standard input'
            cand --web 'Log in in a browser, and open it'
            cand --insecure-storage 'Keep the token unencrypted, in a file that only you can read'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;auth;logout'= {
            cand --hostname 'Server whose token is removed'
            cand --user 'User whose token is removed'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;auth;status'= {
            cand --hostname 'Only this server'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --offline 'Do not check tokens with their servers'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;auth;token'= {
            cand --hostname 'Server, in place of that of the repository at hand'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;auth;help'= {
            cand login 'Store a token for a server'
            cand logout 'Remove a stored token'
            cand status 'Tell which token is taken for each server, and why'
            cand token 'Print the token that is taken'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;auth;help;login'= {
        }
        &'deployctl;auth;help;logout'= {
        }
        &'deployctl;auth;help;status'= {
        }
        &'deployctl;auth;help;token'= {
        }
        &'deployctl;auth;help;help'= {
        }
        &'deployctl;sandbox'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand serve 'Serve the sandbox to other programs until it is interrupted'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;sandbox;serve'= {
            cand --port 'Port to listen on; 0 takes any free one'
            cand --listen 'Address to listen on'
            cand --data 'Folder of its data (default: the one that --sandbox uses)'
            cand --token 'Token with limited rights: scopes, permissions such as deployments:read, or revoked; may be given several times'
            cand --production-default 'Whether production_environment is true for production when left out'
            cand --fault 'Let requests go wrong, to test clients; may be given several times'
            cand --webhook 'Send webhooks to URL, as JSON; may be given several times'
            cand --webhook-event 'Events to send, separated by commas; * is all'
            cand --webhook-secret-file 'File with the secret that deliveries are signed with'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --enforce-limits 'Answer with an error where a rate limit is passed'
            cand --enforce-content-limits 'Refuse more than 80 deployments and statuses a minute, or 500 an hour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;sandbox;help'= {
            cand serve 'Serve the sandbox to other programs until it is interrupted'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;sandbox;help;serve'= {
        }
        &'deployctl;sandbox;help;help'= {
        }
        &'deployctl;completions'= {
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;man'= {
            cand --dir 'Write the pages of all commands into this folder'
            cand -R 'Repository to work on'
            cand --repo 'Repository to work on'
            cand --json 'Print JSON; with a list of fields, only these'
            cand --jsonl 'Print JSON, one object a line'
            cand -q 'Filter the JSON with a jq expression'
            cand --jq 'Filter the JSON with a jq expression'
            cand -t 'Format the JSON with a template (Jinja syntax)'
            cand --template 'Format the JSON with a template (Jinja syntax)'
            cand --color 'When to use colour'
            cand --sandbox 'Work on the embedded sandbox: no account, no token, no network'
            cand --no-input 'Never ask a question'
            cand --quiet 'Print no notes on stderr, only warnings and errors'
            cand -v 'Print a line for each request on stderr'
            cand --verbose 'Print a line for each request on stderr'
            cand --github-output 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'deployctl;help'= {
            cand create 'Request a deployment of a ref'
            cand list 'List deployments with their state, newest first'
            cand status 'Show a deployment and its statuses, or add a status'
            cand wait 'Wait until deployments have succeeded, or ended'
            cand run 'Deploy with a command, and report how it went'
            cand flush 'Send the statuses that could not be sent'
            cand env 'Show and change environments: what is live where, and what protects it'
            cand deactivate 'Mark deployments inactive, one or thousands'
            cand delete 'Delete deployments, one or thousands'
            cand agent 'Receive deployments, run the configured command, and report how it went'
            cand auth 'Log in, and see which token is taken'
            cand sandbox 'Run the embedded GitHub for deployments'
            cand completions 'Print a completion script for a shell'
            cand man 'Print a manual page, or write all of them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'deployctl;help;create'= {
        }
        &'deployctl;help;list'= {
        }
        &'deployctl;help;status'= {
            cand set 'Add a status to a deployment'
        }
        &'deployctl;help;status;set'= {
        }
        &'deployctl;help;wait'= {
        }
        &'deployctl;help;run'= {
        }
        &'deployctl;help;flush'= {
        }
        &'deployctl;help;env'= {
            cand list 'List environments: what is live in each, and what protects it'
            cand view 'Show an environment: protection, variables, secrets, newest deployments'
            cand create 'Create an environment'
            cand edit 'Change what an environment asks for'
            cand delete 'Delete an environment'
            cand branch-policy 'Which branches and tags may deploy to an environment'
            cand protection 'The apps that gate deployments to an environment'
            cand variable 'Variables of an environment'
            cand secret 'Secrets of an environment'
            cand export 'Write environments as a document that ''env apply'' reads'
            cand apply 'Give a repository the environments of a document'
        }
        &'deployctl;help;env;list'= {
        }
        &'deployctl;help;env;view'= {
        }
        &'deployctl;help;env;create'= {
        }
        &'deployctl;help;env;edit'= {
        }
        &'deployctl;help;env;delete'= {
        }
        &'deployctl;help;env;branch-policy'= {
            cand list 'List the patterns'
            cand add 'Add patterns'
            cand remove 'Remove patterns'
        }
        &'deployctl;help;env;branch-policy;list'= {
        }
        &'deployctl;help;env;branch-policy;add'= {
        }
        &'deployctl;help;env;branch-policy;remove'= {
        }
        &'deployctl;help;env;protection'= {
            cand list 'List the apps that gate the environment'
            cand enable 'Have an app gate the environment'
            cand disable 'Have an app gate the environment no more'
        }
        &'deployctl;help;env;protection;list'= {
        }
        &'deployctl;help;env;protection;enable'= {
        }
        &'deployctl;help;env;protection;disable'= {
        }
        &'deployctl;help;env;variable'= {
            cand list 'List the variables with their values'
            cand set 'Make a variable, or give it another value'
            cand delete 'Delete a variable'
        }
        &'deployctl;help;env;variable;list'= {
        }
        &'deployctl;help;env;variable;set'= {
        }
        &'deployctl;help;env;variable;delete'= {
        }
        &'deployctl;help;env;secret'= {
            cand list 'List the names of the secrets'
            cand set 'Write a secret, new or in place of the old one'
            cand delete 'Delete a secret'
        }
        &'deployctl;help;env;secret;list'= {
        }
        &'deployctl;help;env;secret;set'= {
        }
        &'deployctl;help;env;secret;delete'= {
        }
        &'deployctl;help;env;export'= {
        }
        &'deployctl;help;env;apply'= {
        }
        &'deployctl;help;deactivate'= {
        }
        &'deployctl;help;delete'= {
        }
        &'deployctl;help;agent'= {
            cand run 'Work with a configuration'
            cand check 'Check the configuration and print the plan: the rules in their order'
            cand status 'Show what runs, what waits, and what was done'
        }
        &'deployctl;help;agent;run'= {
        }
        &'deployctl;help;agent;check'= {
        }
        &'deployctl;help;agent;status'= {
        }
        &'deployctl;help;auth'= {
            cand login 'Store a token for a server'
            cand logout 'Remove a stored token'
            cand status 'Tell which token is taken for each server, and why'
            cand token 'Print the token that is taken'
        }
        &'deployctl;help;auth;login'= {
        }
        &'deployctl;help;auth;logout'= {
        }
        &'deployctl;help;auth;status'= {
        }
        &'deployctl;help;auth;token'= {
        }
        &'deployctl;help;sandbox'= {
            cand serve 'Serve the sandbox to other programs until it is interrupted'
        }
        &'deployctl;help;sandbox;serve'= {
        }
        &'deployctl;help;completions'= {
        }
        &'deployctl;help;man'= {
        }
        &'deployctl;help;help'= {
        }
    ]
    $completions[$command]
}
