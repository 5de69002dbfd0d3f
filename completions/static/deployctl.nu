module completions {

  def "nu-complete deployctl color" [] {
    [ "auto" "always" "never" ]
  }

  # The command line for GitHub Deployments
  export extern deployctl [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete deployctl create transient" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl create production" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl create color" [] {
    [ "auto" "always" "never" ]
  }

  # Request a deployment of a ref
  export extern "deployctl create" [
    --ref: string             # Branch, tag or SHA to deploy
    --environment(-e): string # Environment to deploy to
    --task: string            # Kind of work
    --description: string     # Short text
    --payload: string         # What those who deploy get: an object or a string, as JSON, @FILE or -
    --field(-F): string       # Field of the payload, JSON or else text; may be given several times
    --raw-field(-f): string   # Field of the payload that is always text; may be given several times
    --auto-merge              # Let GitHub merge the default branch into the ref if it is behind
    --required-context: string # Check that must be green; may be given several times (default: all)
    --no-required-contexts    # Deploy whatever the checks say
    --transient: string@"nu-complete deployctl create transient" # The environment is to vanish one day
    --production: string@"nu-complete deployctl create production" # End users meet the environment (default: if it is named production)
    --unique                  # Make no second deployment of the same commit, environment and task
    --dry-run                 # Print the request instead of sending it
    --wait                    # Wait until the deployment succeeds
    --timeout: string         # How long to wait
    --interval: string        # Pause between two looks while waiting
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl create color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl list transient" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl list production" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl list color" [] {
    [ "auto" "always" "never" ]
  }

  # List deployments with their state, newest first
  export extern "deployctl list" [
    --environment(-e): string # Environment; may be given several times, and with *, ? and [abc]
    --ref: string             # Ref, in the words in which the deployment was requested
    --sha: string             # Commit, by its SHA or the first digits of it
    --task: string            # Task
    --state: string           # State, such as active or failure; may be given several times
    --active                  # Only what is live: the same as --state active
    --creator: string         # Login of the one who requested it
    --transient: string@"nu-complete deployctl list transient" # Only transient ones, or with =false only others
    --production: string@"nu-complete deployctl list production" # Only those to production, or with =false only others
    --since: string           # Only those requested since then: 7d, 12h, 2026-01-31
    --until: string           # Only those requested before then
    --limit(-L): string       # How many at the most: a number, or all
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl list color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl status color" [] {
    [ "auto" "always" "never" ]
  }

  # Show a deployment and its statuses, or add a status
  export extern "deployctl status" [
    --environment(-e): string # The newest deployment of this environment
    --exit-status             # Exit with 8 while it is pending, 9 if it failed, 10 if it is inactive
    --watch                   # Follow it to its end
    --timeout: string         # How long to follow it
    --interval: string        # Pause between two looks while following
    --ignore-missing          # Exit with 0 if there is no such deployment
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl status color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    id?: string               # Id of the deployment
  ]

  def "nu-complete deployctl status set state" [] {
    [ "error" "failure" "inactive" "in_progress" "pending" "queued" "success" ]
  }

  def "nu-complete deployctl status set color" [] {
    [ "auto" "always" "never" ]
  }

  # Add a status to a deployment
  export extern "deployctl status set" [
    --description: string     # Short text, at most 140 characters
    --log-url: string         # Where the output of the deployment is
    --environment-url: string # Where the deployed thing can be visited
    --environment(-e): string # Environment that the deployment counts for from now on
    --no-auto-inactive        # Leave earlier deployments of the environment as they are on success
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl status set color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    id: string                # Id of the deployment
    state: string@"nu-complete deployctl status set state" # State to report
  ]

  def "nu-complete deployctl wait goal" [] {
    [ "success" "end" "inactive" ]
  }

  def "nu-complete deployctl wait color" [] {
    [ "auto" "always" "never" ]
  }

  # Wait until deployments have succeeded, or ended
  export extern "deployctl wait" [
    --environment(-e): string # The newest deployment of this environment, or of any that matches a pattern with *, ? and [abc]
    --ref: string             # The newest deployment of this ref, in the words of the request
    --sha: string             # The newest deployment of this commit
    --task: string            # The newest deployment of this task
    --since: string           # Only a deployment requested since then: 10m, 2026-01-31, 2026-01-31T12:00:00Z
    --newer-than: string      # Only a deployment that is newer than the one with this ID
    --for: string@"nu-complete deployctl wait goal" # What to wait for
    --timeout: string         # How long to wait in all
    --appear-timeout: string  # How long to wait for a deployment to be requested
    --interval: string        # Pause between two looks; it grows while nothing changes
    --ignore-missing          # Exit with 0 if there is no such deployment
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl wait color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...ids: string            # IDs of deployments
  ]

  def "nu-complete deployctl run transient" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl run production" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl run color" [] {
    [ "auto" "always" "never" ]
  }

  # Deploy with a command, and report how it went
  export extern "deployctl run" [
    --ref: string             # Branch, tag or SHA to deploy
    --environment(-e): string # Environment to deploy to
    --task: string            # Kind of work
    --description: string     # Short text
    --payload: string         # What those who deploy get: an object or a string, as JSON, @FILE or -
    --field(-F): string       # Field of the payload, JSON or else text; may be given several times
    --raw-field(-f): string   # Field of the payload that is always text; may be given several times
    --auto-merge              # Let GitHub merge the default branch into the ref if it is behind
    --required-context: string # Check that must be green; may be given several times (default: all)
    --no-required-contexts    # Deploy whatever the checks say
    --transient: string@"nu-complete deployctl run transient" # The environment is to vanish one day
    --production: string@"nu-complete deployctl run production" # End users meet the environment (default: if it is named production)
    --unique                  # Make no second deployment of the same commit, environment and task
    --deployment: string      # Take this deployment instead of requesting one
    --environment-url: string # Where the deployed thing can be visited
    --environment-url-from-stdout # Take it from the command's output: the last line that is an address
    --log-url: string         # Where the output of the deployment is
    --timeout: string         # How long the command may run; then it is ended, and the report is error
    --grace: string           # How long the command has to end after a signal before it is killed
    --kill-after: string      # How long the command has to end after a signal before it is killed
    --heartbeat: string       # Report in_progress again so often, at least 1m; less often as time goes by
    --no-capture              # Leave standard error to the command: no last words in the status
    --no-auto-inactive        # Leave earlier deployments of the environment as they are on success
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl run color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl flush color" [] {
    [ "auto" "always" "never" ]
  }

  # Send the statuses that could not be sent
  export extern "deployctl flush" [
    --list                    # Show what is kept, and send nothing
    --drop: string            # Forget these without sending them
    --config(-c): path        # Do it for the agent with this configuration, which must not be at work
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl flush color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env color" [] {
    [ "auto" "always" "never" ]
  }

  # Show and change environments: what is live where, and what protects it
  export extern "deployctl env" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env list color" [] {
    [ "auto" "always" "never" ]
  }

  # List environments: what is live in each, and what protects it
  export extern "deployctl env list" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env list color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env view color" [] {
    [ "auto" "always" "never" ]
  }

  # Show an environment: protection, variables, secrets, newest deployments
  export extern "deployctl env view" [
    --limit(-L): string       # How many of its newest deployments to show
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env view color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    name: string              # Name of the environment
  ]

  def "nu-complete deployctl env create color" [] {
    [ "auto" "always" "never" ]
  }

  # Create an environment
  export extern "deployctl env create" [
    --wait-timer: string      # Minutes that a job waits before it may go on
    --reviewer: string        # Person or team that may approve; can be given six times
    --prevent-self-review     # Whoever asked for a deployment may not approve it
    --protected-branches      # Only branches with branch protection may deploy
    --custom-branches         # Only branches and tags that match a pattern may deploy
    --branch: string          # Pattern of branches that may deploy; can be given often
    --tag: string             # Pattern of tags that may deploy; can be given often
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env create color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    name: string              # Name of the environment
  ]

  def "nu-complete deployctl env edit prevent_self_review" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl env edit color" [] {
    [ "auto" "always" "never" ]
  }

  # Change what an environment asks for
  export extern "deployctl env edit" [
    --wait-timer: string      # Minutes that a job waits before it may go on; 0 for none
    --reviewer: string        # These reviewers in place of all others
    --add-reviewer: string    # One more person or team that may approve
    --remove-reviewer: string # A person or team that may approve no more
    --prevent-self-review: string@"nu-complete deployctl env edit prevent_self_review" # Whether whoever asked for a deployment may not approve it
    --all-branches            # All branches may deploy
    --protected-branches      # Only branches with branch protection may deploy
    --custom-branches         # Only branches and tags that match a pattern may deploy
    --branch: string          # One more pattern of branches that may deploy
    --tag: string             # One more pattern of tags that may deploy
    --dry-run                 # Print what would change, and change nothing
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env edit color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    name: string              # Name of the environment
  ]

  def "nu-complete deployctl env delete color" [] {
    [ "auto" "always" "never" ]
  }

  # Delete an environment
  export extern "deployctl env delete" [
    --yes(-y)                 # Delete without a question
    --ignore-missing          # Exit with 0 if there is no such environment
    --dry-run                 # Tell what would go, and delete nothing
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env delete color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    name: string              # Name of the environment
  ]

  def "nu-complete deployctl env branch-policy color" [] {
    [ "auto" "always" "never" ]
  }

  # Which branches and tags may deploy to an environment
  export extern "deployctl env branch-policy" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env branch-policy color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env branch-policy list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the patterns
  export extern "deployctl env branch-policy list" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env branch-policy list color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
  ]

  def "nu-complete deployctl env branch-policy add color" [] {
    [ "auto" "always" "never" ]
  }

  # Add patterns
  export extern "deployctl env branch-policy add" [
    --tag                     # The patterns are of tags, not of branches
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env branch-policy add color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    ...patterns: string       # Pattern such as release/*
  ]

  def "nu-complete deployctl env branch-policy remove color" [] {
    [ "auto" "always" "never" ]
  }

  # Remove patterns
  export extern "deployctl env branch-policy remove" [
    --tag                     # The patterns are of tags, not of branches
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env branch-policy remove color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    ...patterns: string       # Pattern such as release/*
  ]

  def "nu-complete deployctl env protection color" [] {
    [ "auto" "always" "never" ]
  }

  # The apps that gate deployments to an environment
  export extern "deployctl env protection" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env protection color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env protection list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the apps that gate the environment
  export extern "deployctl env protection list" [
    --available               # List the apps that could, in place of those that do
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env protection list color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
  ]

  def "nu-complete deployctl env protection enable color" [] {
    [ "auto" "always" "never" ]
  }

  # Have an app gate the environment
  export extern "deployctl env protection enable" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env protection enable color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    app: string               # Slug of the app, or its id
  ]

  def "nu-complete deployctl env protection disable color" [] {
    [ "auto" "always" "never" ]
  }

  # Have an app gate the environment no more
  export extern "deployctl env protection disable" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env protection disable color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    app: string               # Slug of the app, or its id
  ]

  def "nu-complete deployctl env variable color" [] {
    [ "auto" "always" "never" ]
  }

  # Variables of an environment
  export extern "deployctl env variable" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env variable color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env variable list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the variables with their values
  export extern "deployctl env variable list" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env variable list color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
  ]

  def "nu-complete deployctl env variable set color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a variable, or give it another value
  export extern "deployctl env variable set" [
    --from-file: path         # Take the value from a file, or from standard input with -
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env variable set color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    name: string              # Name of the variable; GitHub writes it in capitals
    value?: string            # Its value, unless --from-file has it
  ]

  def "nu-complete deployctl env variable delete color" [] {
    [ "auto" "always" "never" ]
  }

  # Delete a variable
  export extern "deployctl env variable delete" [
    --ignore-missing          # Exit with 0 if there is no such variable
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env variable delete color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    name: string              # Name of the variable
  ]

  def "nu-complete deployctl env secret color" [] {
    [ "auto" "always" "never" ]
  }

  # Secrets of an environment
  export extern "deployctl env secret" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env secret color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env secret list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the names of the secrets
  export extern "deployctl env secret list" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env secret list color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
  ]

  def "nu-complete deployctl env secret set color" [] {
    [ "auto" "always" "never" ]
  }

  # Write a secret, new or in place of the old one
  export extern "deployctl env secret set" [
    --from-file: path         # Take the value from a file, as it is
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env secret set color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    name: string              # Name of the secret; GitHub writes it in capitals
  ]

  def "nu-complete deployctl env secret delete color" [] {
    [ "auto" "always" "never" ]
  }

  # Delete a secret
  export extern "deployctl env secret delete" [
    --ignore-missing          # Exit with 0 if there is no such secret
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env secret delete color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    name: string              # Name of the secret
  ]

  def "nu-complete deployctl env export color" [] {
    [ "auto" "always" "never" ]
  }

  # Write environments as a document that 'env apply' reads
  export extern "deployctl env export" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env export color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...names: string          # Names of environments; all of them if none is named
  ]

  def "nu-complete deployctl env apply color" [] {
    [ "auto" "always" "never" ]
  }

  # Give a repository the environments of a document
  export extern "deployctl env apply" [
    --dry-run                 # Print what would change, and change nothing
    --yes(-y)                 # Change without a question
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env apply color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    file: path                # The document; - is standard input
  ]

  def "nu-complete deployctl deactivate transient" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl deactivate production" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl deactivate color" [] {
    [ "auto" "always" "never" ]
  }

  # Mark deployments inactive, one or thousands
  export extern "deployctl deactivate" [
    --environment(-e): string # Environment; may be given several times, and with *, ? and [abc]
    --ref: string             # Ref, in the words in which the deployment was requested
    --sha: string             # Commit, by its SHA or the first digits of it
    --task: string            # Task
    --state: string           # State, such as active or failure; may be given several times
    --active                  # Only what is live: the same as --state active
    --creator: string         # Login of the one who requested it
    --transient: string@"nu-complete deployctl deactivate transient" # Only transient ones, or with =false only others
    --production: string@"nu-complete deployctl deactivate production" # Only those to production, or with =false only others
    --since: string           # Only those requested since then: 7d, 12h, 2026-01-31
    --until: string           # Only those requested before then
    --older-than: string      # Only those requested longer ago than that: 30d, 12h
    --keep: string            # All but the newest N of each environment, whatever other filters say
    --closed-pulls            # Only those of closed pull requests, known by the environment's name, or by the ref if its branch no longer exists
    --pull-pattern: string    # How environments are named after pull requests; may be given several times, and with * and ? [default: pr-{number} and */pr-{number}]
    --ignore-missing          # Exit with 0 if there is nothing to act on
    --include-production      # Also touch what is live in production environments
    --dry-run                 # Show what would be done, and why the rest is kept, and do nothing
    --plan-out: path          # Write the plan to a file, and do nothing
    --apply: path             # Do what a plan says, as far as its deployments have not changed since
    --yes(-y)                 # Do not ask
    --timeout: string         # Stop after that time; running it again does the rest
    --description: string     # Short text for the status
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl deactivate color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...named: string          # Deployments by id, or by their address in the API
  ]

  def "nu-complete deployctl delete transient" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl delete production" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl delete color" [] {
    [ "auto" "always" "never" ]
  }

  # Delete deployments, one or thousands
  export extern "deployctl delete" [
    --environment(-e): string # Environment; may be given several times, and with *, ? and [abc]
    --ref: string             # Ref, in the words in which the deployment was requested
    --sha: string             # Commit, by its SHA or the first digits of it
    --task: string            # Task
    --state: string           # State, such as active or failure; may be given several times
    --active                  # Only what is live: the same as --state active
    --creator: string         # Login of the one who requested it
    --transient: string@"nu-complete deployctl delete transient" # Only transient ones, or with =false only others
    --production: string@"nu-complete deployctl delete production" # Only those to production, or with =false only others
    --since: string           # Only those requested since then: 7d, 12h, 2026-01-31
    --until: string           # Only those requested before then
    --older-than: string      # Only those requested longer ago than that: 30d, 12h
    --keep: string            # All but the newest N of each environment, whatever other filters say
    --closed-pulls            # Only those of closed pull requests, known by the environment's name, or by the ref if its branch no longer exists
    --pull-pattern: string    # How environments are named after pull requests; may be given several times, and with * and ? [default: pr-{number} and */pr-{number}]
    --ignore-missing          # Exit with 0 if there is nothing to act on
    --include-production      # Also touch what is live in production environments
    --dry-run                 # Show what would be done, and why the rest is kept, and do nothing
    --plan-out: path          # Write the plan to a file, and do nothing
    --apply: path             # Do what a plan says, as far as its deployments have not changed since
    --yes(-y)                 # Do not ask
    --timeout: string         # Stop after that time; running it again does the rest
    --force                   # Delete active ones as well: they are deactivated first
    --with-environment        # Delete environments that are left empty, with their secrets, variables and rules; needs administration rights
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl delete color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...named: string          # Deployments by id, or by their address in the API
  ]

  def "nu-complete deployctl reap transient" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl reap production" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl reap end_as" [] {
    [ "error" "inactive" ]
  }

  def "nu-complete deployctl reap color" [] {
    [ "auto" "always" "never" ]
  }

  # End deployments that are stuck
  export extern "deployctl reap" [
    --environment(-e): string # Environment; may be given several times, and with *, ? and [abc]
    --ref: string             # Ref, in the words in which the deployment was requested
    --sha: string             # Commit, by its SHA or the first digits of it
    --task: string            # Task
    --state: string           # State, such as active or failure; may be given several times
    --active                  # Only what is live: the same as --state active
    --creator: string         # Login of the one who requested it
    --transient: string@"nu-complete deployctl reap transient" # Only transient ones, or with =false only others
    --production: string@"nu-complete deployctl reap production" # Only those to production, or with =false only others
    --since: string           # Only those requested since then: 7d, 12h, 2026-01-31
    --until: string           # Only those requested before then
    --older-than: string      # Only those of which nothing was heard for longer than that: 2h, 1d
    --as: string@"nu-complete deployctl reap end_as" # The state that they end in
    --description: string     # Short text for the status, in place of the time of the last word
    --ignore-missing          # Exit with 0 if there is nothing to act on
    --dry-run                 # Show what would be done, and why the rest is kept, and do nothing
    --plan-out: path          # Write the plan to a file, and do nothing
    --apply: path             # Do what a plan says, as far as its deployments have not changed since
    --yes(-y)                 # Do not ask
    --timeout: string         # Stop after that time; running it again does the rest
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl reap color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...named: string          # Deployments by id, or by their address in the API; without any, all that are stuck
  ]

  def "nu-complete deployctl agent log_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete deployctl agent color" [] {
    [ "auto" "always" "never" ]
  }

  # Receive deployments, run the configured command, and report how it went
  export extern "deployctl agent" [
    --config(-c): path        # File with the configuration
    --log-format: string@"nu-complete deployctl agent log_format" # How the log on stderr is written
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl agent color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl agent run log_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete deployctl agent run color" [] {
    [ "auto" "always" "never" ]
  }

  # Work with a configuration
  export extern "deployctl agent run" [
    --config(-c): path        # File with the configuration
    --log-format: string@"nu-complete deployctl agent run log_format" # How the log on stderr is written
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl agent run color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl agent check color" [] {
    [ "auto" "always" "never" ]
  }

  # Check the configuration and print the plan: the rules in their order
  export extern "deployctl agent check" [
    --config(-c): path        # File with the configuration
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl agent check color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl agent status color" [] {
    [ "auto" "always" "never" ]
  }

  # Show what runs, what waits, and what was done
  export extern "deployctl agent status" [
    --config(-c): path        # File with the configuration
    --limit(-L): string       # How many that are done to show
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl agent status color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth color" [] {
    [ "auto" "always" "never" ]
  }

  # Log in, and see which token is taken
  export extern "deployctl auth" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth login color" [] {
    [ "auto" "always" "never" ]
  }

  # Store a token for a server
  export extern "deployctl auth login" [
    --hostname: string        # Server, in place of that of the repository at hand
    --with-token              # Read the token from standard input
    --web                     # Log in in a browser, and open it
    --client-id: string       # Client id of the OAuth app, in place of DEPLOYCTL_CLIENT_ID
    --scopes: string          # Scopes to ask for in the browser
    --insecure-storage        # Keep the token unencrypted, in a file that only you can read
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth login color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth logout color" [] {
    [ "auto" "always" "never" ]
  }

  # Remove a stored token
  export extern "deployctl auth logout" [
    --hostname: string        # Server whose token is removed
    --user: string            # User whose token is removed
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth logout color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth status color" [] {
    [ "auto" "always" "never" ]
  }

  # Tell which token is taken for each server, and why
  export extern "deployctl auth status" [
    --hostname: string        # Only this server
    --offline                 # Do not check tokens with their servers
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth status color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth token color" [] {
    [ "auto" "always" "never" ]
  }

  # Print the token that is taken
  export extern "deployctl auth token" [
    --hostname: string        # Server, in place of that of the repository at hand
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth token color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl sandbox color" [] {
    [ "auto" "always" "never" ]
  }

  # Run the embedded GitHub for deployments
  export extern "deployctl sandbox" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl sandbox color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl sandbox serve production_default" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl sandbox serve environment_protection" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl sandbox serve color" [] {
    [ "auto" "always" "never" ]
  }

  # Serve the sandbox to other programs until it is interrupted
  export extern "deployctl sandbox serve" [
    --port: string            # Port to listen on; 0 takes any free one
    --listen: string          # Address to listen on
    --data: path              # Folder of its data (default: the one that --sandbox uses)
    --token: string           # Token with limited rights: scopes, permissions such as deployments:read, or revoked; may be given several times
    --production-default: string@"nu-complete deployctl sandbox serve production_default" # Whether production_environment is true for production when left out
    --environment-protection: string@"nu-complete deployctl sandbox serve environment_protection" # Whether environments may have wait timers and reviewers; private repositories without GitHub Enterprise refuse them
    --enforce-limits          # Answer with an error where a rate limit is passed
    --enforce-content-limits  # Refuse more than 80 deployments and statuses a minute, or 500 an hour
    --fault: string           # Let requests go wrong, to test clients; may be given several times
    --webhook: string         # Send webhooks to URL, as JSON; may be given several times
    --webhook-event: string   # Events to send, separated by commas; * is all
    --webhook-secret-file: path # File with the secret that deliveries are signed with
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl sandbox serve color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl completions shell" [] {
    [ "bash" "elvish" "fish" "nushell" "powershell" "zsh" ]
  }

  def "nu-complete deployctl completions color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a completion script for a shell
  export extern "deployctl completions" [
    --static                  # Write a script that never runs the program
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl completions color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    shell: string@"nu-complete deployctl completions shell" # Shell to write for
  ]

  def "nu-complete deployctl man color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a manual page, or write all of them
  export extern "deployctl man" [
    --dir: path               # Write all pages into the folders man1 and man7 of this one
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl man color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...command: string        # Command whose page is meant, such as 'status set', or a topic
  ]

  def "nu-complete deployctl help color" [] {
    [ "auto" "always" "never" ]
  }

  # Print the help of a command, or of a topic
  export extern "deployctl help" [
    --repo(-R): string        # Repository to work on
    --sandbox                 # Work on the embedded sandbox: no account, no token, no network
    --json: string            # Print JSON; with a list of fields, only these
    --jsonl: string           # Print JSON, one object a line
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl help color" # When to use colour
    --no-input                # Never ask a question
    --quiet                   # Print no notes on stderr, only warnings and errors
    --verbose(-v)             # Print a line for each request on stderr
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, run, status, wait)
    --github-summary          # Add a table of the result to the summary of the run, in the file that GITHUB_STEP_SUMMARY names (create, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...words: string          # The command, such as 'status set', or a topic
  ]

}

export use completions *
