
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'deployctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'deployctl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'deployctl' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Request a deployment of a ref')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List deployments with their state, newest first')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show a deployment and its statuses, or add a status')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until deployments have succeeded, or ended')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Deploy with a command, and report how it went')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send the statuses that could not be sent')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Show and change environments: what is live where, and what protects it')
            [CompletionResult]::new('deactivate', 'deactivate', [CompletionResultType]::ParameterValue, 'Mark deployments inactive, one or thousands')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete deployments, one or thousands')
            [CompletionResult]::new('agent', 'agent', [CompletionResultType]::ParameterValue, 'Receive deployments, run the configured command, and report how it went')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Log in, and see which token is taken')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run the embedded GitHub for deployments')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page, or write all of them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;create' {
            [CompletionResult]::new('--ref', '--ref', [CompletionResultType]::ParameterName, 'Branch, tag or SHA to deploy')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Environment to deploy to')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Environment to deploy to')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Kind of work')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'Short text')
            [CompletionResult]::new('--payload', '--payload', [CompletionResultType]::ParameterName, 'What those who deploy get: an object or a string, as JSON, @FILE or -')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'A field of the payload; may be given several times')
            [CompletionResult]::new('--required-context', '--required-context', [CompletionResultType]::ParameterName, 'Check that must be green; may be given several times (default: all)')
            [CompletionResult]::new('--transient', '--transient', [CompletionResultType]::ParameterName, 'The environment is to vanish one day')
            [CompletionResult]::new('--production', '--production', [CompletionResultType]::ParameterName, 'End users meet the environment (default: if it is named production)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Pause between two looks while waiting')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--auto-merge', '--auto-merge', [CompletionResultType]::ParameterName, 'Let GitHub merge the default branch into the ref if it is behind')
            [CompletionResult]::new('--no-required-contexts', '--no-required-contexts', [CompletionResultType]::ParameterName, 'Deploy whatever the checks say')
            [CompletionResult]::new('--unique', '--unique', [CompletionResultType]::ParameterName, 'Make no second deployment of the same commit, environment and task')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the request instead of sending it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait until the deployment succeeds')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;list' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Environment; may be given several times, and with * and ?')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Environment; may be given several times, and with * and ?')
            [CompletionResult]::new('--ref', '--ref', [CompletionResultType]::ParameterName, 'Ref, in the words in which the deployment was requested')
            [CompletionResult]::new('--sha', '--sha', [CompletionResultType]::ParameterName, 'Commit, by its SHA or the first digits of it')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Task')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State, such as active or failure; may be given several times')
            [CompletionResult]::new('--creator', '--creator', [CompletionResultType]::ParameterName, 'Login of the one who requested it')
            [CompletionResult]::new('--transient', '--transient', [CompletionResultType]::ParameterName, 'Only transient ones, or with =false only others')
            [CompletionResult]::new('--production', '--production', [CompletionResultType]::ParameterName, 'Only those to production, or with =false only others')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only those requested since then: 7d, 12h, 2026-01-31')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only those requested before then')
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'How many at the most: a number, or all')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'How many at the most: a number, or all')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Only what is live: the same as --state active')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;status' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The newest deployment of this environment')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'The newest deployment of this environment')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to follow it')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Pause between two looks while following')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit with 8 while it is pending, 9 if it failed, 10 if it is inactive')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Follow it to its end')
            [CompletionResult]::new('--ignore-missing', '--ignore-missing', [CompletionResultType]::ParameterName, 'Exit with 0 if there is no such deployment')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Add a status to a deployment')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;status;set' {
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'Short text, at most 140 characters')
            [CompletionResult]::new('--log-url', '--log-url', [CompletionResultType]::ParameterName, 'Where the output of the deployment is')
            [CompletionResult]::new('--environment-url', '--environment-url', [CompletionResultType]::ParameterName, 'Where the deployed thing can be visited')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Environment that the deployment counts for from now on')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Environment that the deployment counts for from now on')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-auto-inactive', '--no-auto-inactive', [CompletionResultType]::ParameterName, 'Leave earlier deployments of the environment as they are on success')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;status;help' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Add a status to a deployment')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;status;help;set' {
            break
        }
        'deployctl;status;help;help' {
            break
        }
        'deployctl;wait' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The newest deployment of this environment')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'The newest deployment of this environment')
            [CompletionResult]::new('--ref', '--ref', [CompletionResultType]::ParameterName, 'The newest deployment of this ref, in the words of the request')
            [CompletionResult]::new('--sha', '--sha', [CompletionResultType]::ParameterName, 'The newest deployment of this commit')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'The newest deployment of this task')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'What to wait for')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait in all')
            [CompletionResult]::new('--appear-timeout', '--appear-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a deployment to be requested')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Pause between two looks; it grows while nothing changes')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--ignore-missing', '--ignore-missing', [CompletionResultType]::ParameterName, 'Exit with 0 if there is no such deployment')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;run' {
            [CompletionResult]::new('--ref', '--ref', [CompletionResultType]::ParameterName, 'Branch, tag or SHA to deploy')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Environment to deploy to')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Environment to deploy to')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Kind of work')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'Short text')
            [CompletionResult]::new('--payload', '--payload', [CompletionResultType]::ParameterName, 'What those who deploy get: an object or a string, as JSON, @FILE or -')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'A field of the payload; may be given several times')
            [CompletionResult]::new('--required-context', '--required-context', [CompletionResultType]::ParameterName, 'Check that must be green; may be given several times (default: all)')
            [CompletionResult]::new('--transient', '--transient', [CompletionResultType]::ParameterName, 'The environment is to vanish one day')
            [CompletionResult]::new('--production', '--production', [CompletionResultType]::ParameterName, 'End users meet the environment (default: if it is named production)')
            [CompletionResult]::new('--deployment', '--deployment', [CompletionResultType]::ParameterName, 'Take this deployment instead of requesting one')
            [CompletionResult]::new('--environment-url', '--environment-url', [CompletionResultType]::ParameterName, 'Where the deployed thing can be visited')
            [CompletionResult]::new('--log-url', '--log-url', [CompletionResultType]::ParameterName, 'Where the output of the deployment is')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the command may run; then it is ended, and the report is error')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'How long the command has to end after a signal before it is killed')
            [CompletionResult]::new('--kill-after', '--kill-after', [CompletionResultType]::ParameterName, 'How long the command has to end after a signal before it is killed')
            [CompletionResult]::new('--heartbeat', '--heartbeat', [CompletionResultType]::ParameterName, 'Report in_progress again so often, at least 1m; less often as time goes by')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--auto-merge', '--auto-merge', [CompletionResultType]::ParameterName, 'Let GitHub merge the default branch into the ref if it is behind')
            [CompletionResult]::new('--no-required-contexts', '--no-required-contexts', [CompletionResultType]::ParameterName, 'Deploy whatever the checks say')
            [CompletionResult]::new('--unique', '--unique', [CompletionResultType]::ParameterName, 'Make no second deployment of the same commit, environment and task')
            [CompletionResult]::new('--environment-url-from-stdout', '--environment-url-from-stdout', [CompletionResultType]::ParameterName, 'Take it from the command''s output: the last line that is an address')
            [CompletionResult]::new('--no-capture', '--no-capture', [CompletionResultType]::ParameterName, 'Leave standard error to the command: no last words in the status')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;flush' {
            [CompletionResult]::new('--drop', '--drop', [CompletionResultType]::ParameterName, 'Forget these without sending them')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Show what is kept, and send nothing')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List environments: what is live in each, and what protects it')
            [CompletionResult]::new('view', 'view', [CompletionResultType]::ParameterValue, 'Show an environment: protection, variables, secrets, newest deployments')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create an environment')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change what an environment asks for')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete an environment')
            [CompletionResult]::new('branch-policy', 'branch-policy', [CompletionResultType]::ParameterValue, 'Which branches and tags may deploy to an environment')
            [CompletionResult]::new('protection', 'protection', [CompletionResultType]::ParameterValue, 'The apps that gate deployments to an environment')
            [CompletionResult]::new('variable', 'variable', [CompletionResultType]::ParameterValue, 'Variables of an environment')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Secrets of an environment')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write environments as a document that ''env apply'' reads')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Give a repository the environments of a document')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;list' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;view' {
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'How many of its newest deployments to show')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'How many of its newest deployments to show')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;create' {
            [CompletionResult]::new('--wait-timer', '--wait-timer', [CompletionResultType]::ParameterName, 'Minutes that a job waits before it may go on')
            [CompletionResult]::new('--reviewer', '--reviewer', [CompletionResultType]::ParameterName, 'Person or team that may approve; can be given six times')
            [CompletionResult]::new('--branch', '--branch', [CompletionResultType]::ParameterName, 'Pattern of branches that may deploy; can be given often')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Pattern of tags that may deploy; can be given often')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--prevent-self-review', '--prevent-self-review', [CompletionResultType]::ParameterName, 'Whoever asked for a deployment may not approve it')
            [CompletionResult]::new('--protected-branches', '--protected-branches', [CompletionResultType]::ParameterName, 'Only branches with branch protection may deploy')
            [CompletionResult]::new('--custom-branches', '--custom-branches', [CompletionResultType]::ParameterName, 'Only branches and tags that match a pattern may deploy')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;edit' {
            [CompletionResult]::new('--wait-timer', '--wait-timer', [CompletionResultType]::ParameterName, 'Minutes that a job waits before it may go on; 0 for none')
            [CompletionResult]::new('--reviewer', '--reviewer', [CompletionResultType]::ParameterName, 'These reviewers in place of all others')
            [CompletionResult]::new('--add-reviewer', '--add-reviewer', [CompletionResultType]::ParameterName, 'One more person or team that may approve')
            [CompletionResult]::new('--remove-reviewer', '--remove-reviewer', [CompletionResultType]::ParameterName, 'A person or team that may approve no more')
            [CompletionResult]::new('--prevent-self-review', '--prevent-self-review', [CompletionResultType]::ParameterName, 'Whether whoever asked for a deployment may not approve it')
            [CompletionResult]::new('--branch', '--branch', [CompletionResultType]::ParameterName, 'One more pattern of branches that may deploy')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'One more pattern of tags that may deploy')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--all-branches', '--all-branches', [CompletionResultType]::ParameterName, 'All branches may deploy')
            [CompletionResult]::new('--protected-branches', '--protected-branches', [CompletionResultType]::ParameterName, 'Only branches with branch protection may deploy')
            [CompletionResult]::new('--custom-branches', '--custom-branches', [CompletionResultType]::ParameterName, 'Only branches and tags that match a pattern may deploy')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would change, and change nothing')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;delete' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Delete without a question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Delete without a question')
            [CompletionResult]::new('--ignore-missing', '--ignore-missing', [CompletionResultType]::ParameterName, 'Exit with 0 if there is no such environment')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Tell what would go, and delete nothing')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;branch-policy' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the patterns')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add patterns')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove patterns')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;branch-policy;list' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;branch-policy;add' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'The patterns are of tags, not of branches')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;branch-policy;remove' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'The patterns are of tags, not of branches')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;branch-policy;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the patterns')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add patterns')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove patterns')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;branch-policy;help;list' {
            break
        }
        'deployctl;env;branch-policy;help;add' {
            break
        }
        'deployctl;env;branch-policy;help;remove' {
            break
        }
        'deployctl;env;branch-policy;help;help' {
            break
        }
        'deployctl;env;protection' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the apps that gate the environment')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Have an app gate the environment')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Have an app gate the environment no more')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;protection;list' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--available', '--available', [CompletionResultType]::ParameterName, 'List the apps that could, in place of those that do')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;protection;enable' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;protection;disable' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;protection;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the apps that gate the environment')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Have an app gate the environment')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Have an app gate the environment no more')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;protection;help;list' {
            break
        }
        'deployctl;env;protection;help;enable' {
            break
        }
        'deployctl;env;protection;help;disable' {
            break
        }
        'deployctl;env;protection;help;help' {
            break
        }
        'deployctl;env;variable' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the variables with their values')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Make a variable, or give it another value')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a variable')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;variable;list' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;variable;set' {
            [CompletionResult]::new('--from-file', '--from-file', [CompletionResultType]::ParameterName, 'Take the value from a file, or from standard input with -')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;variable;delete' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--ignore-missing', '--ignore-missing', [CompletionResultType]::ParameterName, 'Exit with 0 if there is no such variable')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;variable;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the variables with their values')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Make a variable, or give it another value')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a variable')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;variable;help;list' {
            break
        }
        'deployctl;env;variable;help;set' {
            break
        }
        'deployctl;env;variable;help;delete' {
            break
        }
        'deployctl;env;variable;help;help' {
            break
        }
        'deployctl;env;secret' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the names of the secrets')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Write a secret, new or in place of the old one')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a secret')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;secret;list' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;secret;set' {
            [CompletionResult]::new('--from-file', '--from-file', [CompletionResultType]::ParameterName, 'Take the value from a file, as it is')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;secret;delete' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--ignore-missing', '--ignore-missing', [CompletionResultType]::ParameterName, 'Exit with 0 if there is no such secret')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;secret;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the names of the secrets')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Write a secret, new or in place of the old one')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a secret')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;secret;help;list' {
            break
        }
        'deployctl;env;secret;help;set' {
            break
        }
        'deployctl;env;secret;help;delete' {
            break
        }
        'deployctl;env;secret;help;help' {
            break
        }
        'deployctl;env;export' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;apply' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would change, and change nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Change without a question')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Change without a question')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;env;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List environments: what is live in each, and what protects it')
            [CompletionResult]::new('view', 'view', [CompletionResultType]::ParameterValue, 'Show an environment: protection, variables, secrets, newest deployments')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create an environment')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change what an environment asks for')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete an environment')
            [CompletionResult]::new('branch-policy', 'branch-policy', [CompletionResultType]::ParameterValue, 'Which branches and tags may deploy to an environment')
            [CompletionResult]::new('protection', 'protection', [CompletionResultType]::ParameterValue, 'The apps that gate deployments to an environment')
            [CompletionResult]::new('variable', 'variable', [CompletionResultType]::ParameterValue, 'Variables of an environment')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Secrets of an environment')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write environments as a document that ''env apply'' reads')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Give a repository the environments of a document')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;env;help;list' {
            break
        }
        'deployctl;env;help;view' {
            break
        }
        'deployctl;env;help;create' {
            break
        }
        'deployctl;env;help;edit' {
            break
        }
        'deployctl;env;help;delete' {
            break
        }
        'deployctl;env;help;branch-policy' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the patterns')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add patterns')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove patterns')
            break
        }
        'deployctl;env;help;branch-policy;list' {
            break
        }
        'deployctl;env;help;branch-policy;add' {
            break
        }
        'deployctl;env;help;branch-policy;remove' {
            break
        }
        'deployctl;env;help;protection' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the apps that gate the environment')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Have an app gate the environment')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Have an app gate the environment no more')
            break
        }
        'deployctl;env;help;protection;list' {
            break
        }
        'deployctl;env;help;protection;enable' {
            break
        }
        'deployctl;env;help;protection;disable' {
            break
        }
        'deployctl;env;help;variable' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the variables with their values')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Make a variable, or give it another value')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a variable')
            break
        }
        'deployctl;env;help;variable;list' {
            break
        }
        'deployctl;env;help;variable;set' {
            break
        }
        'deployctl;env;help;variable;delete' {
            break
        }
        'deployctl;env;help;secret' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the names of the secrets')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Write a secret, new or in place of the old one')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a secret')
            break
        }
        'deployctl;env;help;secret;list' {
            break
        }
        'deployctl;env;help;secret;set' {
            break
        }
        'deployctl;env;help;secret;delete' {
            break
        }
        'deployctl;env;help;export' {
            break
        }
        'deployctl;env;help;apply' {
            break
        }
        'deployctl;env;help;help' {
            break
        }
        'deployctl;deactivate' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Environment; may be given several times, and with * and ?')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Environment; may be given several times, and with * and ?')
            [CompletionResult]::new('--ref', '--ref', [CompletionResultType]::ParameterName, 'Ref, in the words in which the deployment was requested')
            [CompletionResult]::new('--sha', '--sha', [CompletionResultType]::ParameterName, 'Commit, by its SHA or the first digits of it')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Task')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State, such as active or failure; may be given several times')
            [CompletionResult]::new('--creator', '--creator', [CompletionResultType]::ParameterName, 'Login of the one who requested it')
            [CompletionResult]::new('--transient', '--transient', [CompletionResultType]::ParameterName, 'Only transient ones, or with =false only others')
            [CompletionResult]::new('--production', '--production', [CompletionResultType]::ParameterName, 'Only those to production, or with =false only others')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only those requested since then: 7d, 12h, 2026-01-31')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only those requested before then')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Only those requested longer ago than that: 30d, 12h')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'All but the newest N of each environment, whatever other filters say')
            [CompletionResult]::new('--pull-pattern', '--pull-pattern', [CompletionResultType]::ParameterName, 'How environments are named after pull requests; may be given several times, and with * [default: pr-{number}]')
            [CompletionResult]::new('--plan-out', '--plan-out', [CompletionResultType]::ParameterName, 'Write the plan to a file, and do nothing')
            [CompletionResult]::new('--apply', '--apply', [CompletionResultType]::ParameterName, 'Do what a plan says, as far as its deployments have not changed since')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop after that time; running it again does the rest')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'Short text for the status')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Only what is live: the same as --state active')
            [CompletionResult]::new('--closed-pulls', '--closed-pulls', [CompletionResultType]::ParameterName, 'Only those of closed pull requests: by branch, or by the environment''s name')
            [CompletionResult]::new('--ignore-missing', '--ignore-missing', [CompletionResultType]::ParameterName, 'Exit with 0 if there is nothing to act on')
            [CompletionResult]::new('--include-production', '--include-production', [CompletionResultType]::ParameterName, 'Also touch what is live in production environments')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and why the rest is kept, and do nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;delete' {
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Environment; may be given several times, and with * and ?')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'Environment; may be given several times, and with * and ?')
            [CompletionResult]::new('--ref', '--ref', [CompletionResultType]::ParameterName, 'Ref, in the words in which the deployment was requested')
            [CompletionResult]::new('--sha', '--sha', [CompletionResultType]::ParameterName, 'Commit, by its SHA or the first digits of it')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Task')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'State, such as active or failure; may be given several times')
            [CompletionResult]::new('--creator', '--creator', [CompletionResultType]::ParameterName, 'Login of the one who requested it')
            [CompletionResult]::new('--transient', '--transient', [CompletionResultType]::ParameterName, 'Only transient ones, or with =false only others')
            [CompletionResult]::new('--production', '--production', [CompletionResultType]::ParameterName, 'Only those to production, or with =false only others')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only those requested since then: 7d, 12h, 2026-01-31')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only those requested before then')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Only those requested longer ago than that: 30d, 12h')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'All but the newest N of each environment, whatever other filters say')
            [CompletionResult]::new('--pull-pattern', '--pull-pattern', [CompletionResultType]::ParameterName, 'How environments are named after pull requests; may be given several times, and with * [default: pr-{number}]')
            [CompletionResult]::new('--plan-out', '--plan-out', [CompletionResultType]::ParameterName, 'Write the plan to a file, and do nothing')
            [CompletionResult]::new('--apply', '--apply', [CompletionResultType]::ParameterName, 'Do what a plan says, as far as its deployments have not changed since')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop after that time; running it again does the rest')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Only what is live: the same as --state active')
            [CompletionResult]::new('--closed-pulls', '--closed-pulls', [CompletionResultType]::ParameterName, 'Only those of closed pull requests: by branch, or by the environment''s name')
            [CompletionResult]::new('--ignore-missing', '--ignore-missing', [CompletionResultType]::ParameterName, 'Exit with 0 if there is nothing to act on')
            [CompletionResult]::new('--include-production', '--include-production', [CompletionResultType]::ParameterName, 'Also touch what is live in production environments')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and why the rest is kept, and do nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Delete active ones as well: they are deactivated first')
            [CompletionResult]::new('--with-environment', '--with-environment', [CompletionResultType]::ParameterName, 'Delete environments that are left empty, with their secrets, variables and rules; needs administration rights')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;agent' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'File with the configuration')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'File with the configuration')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'How the log on stderr is written')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Work with a configuration')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the configuration and print the plan: the rules in their order')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what runs, what waits, and what was done')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;agent;run' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'File with the configuration')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'File with the configuration')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'How the log on stderr is written')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;agent;check' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'File with the configuration')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'File with the configuration')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;agent;status' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'File with the configuration')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'File with the configuration')
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'How many that are done to show')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'How many that are done to show')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;agent;help' {
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Work with a configuration')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the configuration and print the plan: the rules in their order')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what runs, what waits, and what was done')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;agent;help;run' {
            break
        }
        'deployctl;agent;help;check' {
            break
        }
        'deployctl;agent;help;status' {
            break
        }
        'deployctl;agent;help;help' {
            break
        }
        'deployctl;auth' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Store a token for a server')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove a stored token')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Tell which token is taken for each server, and why')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print the token that is taken')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;auth;login' {
            [CompletionResult]::new('--hostname', '--hostname', [CompletionResultType]::ParameterName, 'Server, in place of that of the repository at hand')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Client id of the OAuth app, in place of DEPLOYCTL_CLIENT_ID')
            [CompletionResult]::new('--scopes', '--scopes', [CompletionResultType]::ParameterName, 'Scopes to ask for in the browser')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--with-token', '--with-token', [CompletionResultType]::ParameterName, 'Read the token from standard input')
            [CompletionResult]::new('--web', '--web', [CompletionResultType]::ParameterName, 'Log in in a browser, and open it')
            [CompletionResult]::new('--insecure-storage', '--insecure-storage', [CompletionResultType]::ParameterName, 'Keep the token unencrypted, in a file that only you can read')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;auth;logout' {
            [CompletionResult]::new('--hostname', '--hostname', [CompletionResultType]::ParameterName, 'Server whose token is removed')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User whose token is removed')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;auth;status' {
            [CompletionResult]::new('--hostname', '--hostname', [CompletionResultType]::ParameterName, 'Only this server')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Do not check tokens with their servers')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;auth;token' {
            [CompletionResult]::new('--hostname', '--hostname', [CompletionResultType]::ParameterName, 'Server, in place of that of the repository at hand')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;auth;help' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Store a token for a server')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove a stored token')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Tell which token is taken for each server, and why')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print the token that is taken')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;auth;help;login' {
            break
        }
        'deployctl;auth;help;logout' {
            break
        }
        'deployctl;auth;help;status' {
            break
        }
        'deployctl;auth;help;token' {
            break
        }
        'deployctl;auth;help;help' {
            break
        }
        'deployctl;sandbox' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the sandbox to other programs until it is interrupted')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;sandbox;serve' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port to listen on; 0 takes any free one')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address to listen on')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Folder of its data (default: the one that --sandbox uses)')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'Token with limited rights: scopes, permissions such as deployments:read, or revoked; may be given several times')
            [CompletionResult]::new('--production-default', '--production-default', [CompletionResultType]::ParameterName, 'Whether production_environment is true for production when left out')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Let requests go wrong, to test clients; may be given several times')
            [CompletionResult]::new('--webhook', '--webhook', [CompletionResultType]::ParameterName, 'Send webhooks to URL, as JSON; may be given several times')
            [CompletionResult]::new('--webhook-event', '--webhook-event', [CompletionResultType]::ParameterName, 'Events to send, separated by commas; * is all')
            [CompletionResult]::new('--webhook-secret-file', '--webhook-secret-file', [CompletionResultType]::ParameterName, 'File with the secret that deliveries are signed with')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--enforce-limits', '--enforce-limits', [CompletionResultType]::ParameterName, 'Answer with an error where a rate limit is passed')
            [CompletionResult]::new('--enforce-content-limits', '--enforce-content-limits', [CompletionResultType]::ParameterName, 'Refuse more than 80 deployments and statuses a minute, or 500 an hour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;sandbox;help' {
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the sandbox to other programs until it is interrupted')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;sandbox;help;serve' {
            break
        }
        'deployctl;sandbox;help;help' {
            break
        }
        'deployctl;completions' {
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the pages of all commands into this folder')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Repository to work on')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; with a list of fields, only these')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print JSON, one object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the JSON with a jq expression')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Format the JSON with a template (Jinja syntax)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Work on the embedded sandbox: no account, no token, no network')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask a question')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr, only warnings and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print a line for each request on stderr')
            [CompletionResult]::new('--github-output', '--github-output', [CompletionResultType]::ParameterName, 'Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'deployctl;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Request a deployment of a ref')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List deployments with their state, newest first')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show a deployment and its statuses, or add a status')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until deployments have succeeded, or ended')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Deploy with a command, and report how it went')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send the statuses that could not be sent')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Show and change environments: what is live where, and what protects it')
            [CompletionResult]::new('deactivate', 'deactivate', [CompletionResultType]::ParameterValue, 'Mark deployments inactive, one or thousands')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete deployments, one or thousands')
            [CompletionResult]::new('agent', 'agent', [CompletionResultType]::ParameterValue, 'Receive deployments, run the configured command, and report how it went')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Log in, and see which token is taken')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run the embedded GitHub for deployments')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page, or write all of them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'deployctl;help;create' {
            break
        }
        'deployctl;help;list' {
            break
        }
        'deployctl;help;status' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Add a status to a deployment')
            break
        }
        'deployctl;help;status;set' {
            break
        }
        'deployctl;help;wait' {
            break
        }
        'deployctl;help;run' {
            break
        }
        'deployctl;help;flush' {
            break
        }
        'deployctl;help;env' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List environments: what is live in each, and what protects it')
            [CompletionResult]::new('view', 'view', [CompletionResultType]::ParameterValue, 'Show an environment: protection, variables, secrets, newest deployments')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create an environment')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Change what an environment asks for')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete an environment')
            [CompletionResult]::new('branch-policy', 'branch-policy', [CompletionResultType]::ParameterValue, 'Which branches and tags may deploy to an environment')
            [CompletionResult]::new('protection', 'protection', [CompletionResultType]::ParameterValue, 'The apps that gate deployments to an environment')
            [CompletionResult]::new('variable', 'variable', [CompletionResultType]::ParameterValue, 'Variables of an environment')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Secrets of an environment')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write environments as a document that ''env apply'' reads')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Give a repository the environments of a document')
            break
        }
        'deployctl;help;env;list' {
            break
        }
        'deployctl;help;env;view' {
            break
        }
        'deployctl;help;env;create' {
            break
        }
        'deployctl;help;env;edit' {
            break
        }
        'deployctl;help;env;delete' {
            break
        }
        'deployctl;help;env;branch-policy' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the patterns')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add patterns')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove patterns')
            break
        }
        'deployctl;help;env;branch-policy;list' {
            break
        }
        'deployctl;help;env;branch-policy;add' {
            break
        }
        'deployctl;help;env;branch-policy;remove' {
            break
        }
        'deployctl;help;env;protection' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the apps that gate the environment')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Have an app gate the environment')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Have an app gate the environment no more')
            break
        }
        'deployctl;help;env;protection;list' {
            break
        }
        'deployctl;help;env;protection;enable' {
            break
        }
        'deployctl;help;env;protection;disable' {
            break
        }
        'deployctl;help;env;variable' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the variables with their values')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Make a variable, or give it another value')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a variable')
            break
        }
        'deployctl;help;env;variable;list' {
            break
        }
        'deployctl;help;env;variable;set' {
            break
        }
        'deployctl;help;env;variable;delete' {
            break
        }
        'deployctl;help;env;secret' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the names of the secrets')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Write a secret, new or in place of the old one')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a secret')
            break
        }
        'deployctl;help;env;secret;list' {
            break
        }
        'deployctl;help;env;secret;set' {
            break
        }
        'deployctl;help;env;secret;delete' {
            break
        }
        'deployctl;help;env;export' {
            break
        }
        'deployctl;help;env;apply' {
            break
        }
        'deployctl;help;deactivate' {
            break
        }
        'deployctl;help;delete' {
            break
        }
        'deployctl;help;agent' {
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Work with a configuration')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the configuration and print the plan: the rules in their order')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what runs, what waits, and what was done')
            break
        }
        'deployctl;help;agent;run' {
            break
        }
        'deployctl;help;agent;check' {
            break
        }
        'deployctl;help;agent;status' {
            break
        }
        'deployctl;help;auth' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Store a token for a server')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove a stored token')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Tell which token is taken for each server, and why')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print the token that is taken')
            break
        }
        'deployctl;help;auth;login' {
            break
        }
        'deployctl;help;auth;logout' {
            break
        }
        'deployctl;help;auth;status' {
            break
        }
        'deployctl;help;auth;token' {
            break
        }
        'deployctl;help;sandbox' {
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the sandbox to other programs until it is interrupted')
            break
        }
        'deployctl;help;sandbox;serve' {
            break
        }
        'deployctl;help;completions' {
            break
        }
        'deployctl;help;man' {
            break
        }
        'deployctl;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
