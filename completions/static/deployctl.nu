module completions {

  def "nu-complete deployctl color" [] {
    [ "auto" "always" "never" ]
  }

  # The command line for GitHub Deployments
  export extern deployctl [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
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
    --task: string            # Task to run, such as deploy or deploy:migrations
    --description: string     # Description shown with the deployment
    --payload: string         # Payload for the deployer: a JSON object or string, @FILE, or - for stdin
    --field(-F): string       # Field of the payload: JSON, otherwise text (repeatable)
    --raw-field(-f): string   # Field of the payload that is always text (repeatable)
    --auto-merge              # Let GitHub merge the default branch into the ref if the ref is behind
    --required-context: string # Status check that must be green (repeatable; default: all checks)
    --no-required-contexts    # Deploy without waiting for any status check
    --unique                  # Reuse an existing deployment of the same commit, environment and task
    --respect-locks           # Deploy only if the environment is neither locked nor frozen
    --dry-run                 # Print the request instead of sending it
    --wait                    # Wait until the deployment succeeds
    --timeout: string         # Maximum time to wait
    --interval: string        # Time between two requests while waiting
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl create color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
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
    --environment(-e): string # Environment, or a pattern with *, ? and [abc] (repeatable)
    --ref: string             # Ref, exactly as it was requested
    --sha: string             # Commit SHA, or the first digits of it
    --task: string            # Task
    --state: string           # State, such as active or failure (repeatable)
    --active                  # Only what is live; same as --state active
    --creator: string         # User who requested the deployment, by login
    --since: string           # Only deployments requested since then: 7d, 12h, 2026-01-31
    --until: string           # Only deployments requested before then
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --limit(-L): string       # Maximum number of deployments, or 'all'
    --watch                   # Keep the list up to date until interrupted
    --web(-w)                 # Open the page of the deployments in a web browser
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl list color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl status color" [] {
    [ "auto" "always" "never" ]
  }

  # Show a deployment and its statuses, or add a status
  export extern "deployctl status" [
    --environment(-e): string # Select the newest deployment to this environment
    --exit-status             # Exit 8 if the deployment is pending, 9 if it failed, 10 if it is inactive
    --watch                   # Follow the deployment until it ends
    --timeout: string         # Maximum time to follow it
    --interval: string        # Time between two requests while following
    --ignore-missing          # Exit 0 if no deployment matches
    --web(-w)                 # Open the page of the deployment in a web browser
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl status color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    id?: string               # ID of the deployment
  ]

  def "nu-complete deployctl status set state" [] {
    [ "error" "failure" "inactive" "in_progress" "pending" "queued" "success" ]
  }

  def "nu-complete deployctl status set color" [] {
    [ "auto" "always" "never" ]
  }

  # Add a status to a deployment
  export extern "deployctl status set" [
    --description: string     # Description of at most 140 characters
    --log-url: string         # URL of the deployment's output
    --environment-url: string # URL of the deployed environment
    --environment(-e): string # Change the environment of the deployment
    --no-auto-inactive        # Do not mark earlier deployments to the environment as inactive on success
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl status set color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    id: string                # ID of the deployment
    state: string@"nu-complete deployctl status set state" # State to set
  ]

  def "nu-complete deployctl wait goal" [] {
    [ "success" "end" "inactive" ]
  }

  def "nu-complete deployctl wait color" [] {
    [ "auto" "always" "never" ]
  }

  # Wait until deployments succeed or end
  export extern "deployctl wait" [
    --environment(-e): string # Select the newest deployment to this environment, or to any environment that matches a pattern with *, ? and [abc]
    --ref: string             # Select the newest deployment of this ref, exactly as it was requested
    --sha: string             # Select the newest deployment of this commit
    --task: string            # Select the newest deployment of this task
    --since: string           # Select only deployments requested since then: 10m, 2026-01-31, 2026-01-31T12:00:00Z
    --newer-than: string      # Select only deployments that are newer than the one with this ID
    --for: string@"nu-complete deployctl wait goal" # What to wait for
    --timeout: string         # Maximum time to wait in total
    --appear-timeout: string  # Maximum time to wait for a deployment to be requested
    --interval: string        # Time between two requests; it grows while nothing changes
    --ignore-missing          # Exit 0 if no deployment matches
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl wait color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...ids: string            # IDs of deployments
  ]

  def "nu-complete deployctl diff color" [] {
    [ "auto" "always" "never" ]
  }

  # Show what is between two environments, or an environment and a ref
  export extern "deployctl diff" [
    --task: string            # Task of the deployments [default: that of the newest live one]
    --commits                 # List the commits; this is the default
    --pulls                   # List the pull requests with their authors
    --files                   # List the files that differ; without a checkout GitHub names 300 at most
    --stat                    # Show only how many commits, files and lines differ
    --exit-status             # Exit 0 if both are the same commit, and 8 if they differ
    --web(-w)                 # Open the comparison in a browser; without a terminal, print its URL
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl diff color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Environment to compare from
    other?: string            # Environment or ref to compare with [default: the default branch]
  ]

  def "nu-complete deployctl promote color" [] {
    [ "auto" "always" "never" ]
  }

  # Deploy what is live in one environment to another
  export extern "deployctl promote" [
    --min-age: string         # How long ago the deployment to FROM must have succeeded, such as 2h
    --copy-payload            # Copy the payload of the deployment to FROM
    --payload: string         # Payload for the deployer: a JSON object or string, @FILE, or - for stdin
    --no-payload              # Send no payload
    --required-context: string # Status check that must be green (repeatable; default: all checks)
    --no-required-contexts    # Deploy without waiting for any status check
    --task: string            # Task of the deployments [default: that of the newest live one]
    --anyway                  # Go on even if a newer deployment is under way
    --dry-run                 # Show what would be requested, and send nothing
    --yes                     # Do not ask for confirmation
    --wait                    # Wait until the deployment succeeds
    --timeout: string         # Maximum time to wait
    --interval: string        # Time between two requests while waiting
    --respect-locks           # Deploy only if the environment is neither locked nor frozen
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl promote color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    from: string              # Environment whose live commit is deployed
    to: string                # Environment to deploy to
  ]

  def "nu-complete deployctl rollback via" [] {
    [ "deployment" "rerun" ]
  }

  def "nu-complete deployctl rollback color" [] {
    [ "auto" "always" "never" ]
  }

  # Deploy the previous good commit of an environment again
  export extern "deployctl rollback" [
    --environment(-e): string # Environment
    --to: string              # What to return to: the ID of an earlier deployment, a SHA or at least 7 digits of it, or -N for the Nth good commit before the live one
    --via: string@"nu-complete deployctl rollback via" # How the commit gets there
    --required-context: string # Status check that must be green (repeatable; default: none, since the commit has been live)
    --task: string            # Task of the deployments [default: that of the newest live one]
    --anyway                  # Go on even if a newer deployment is under way
    --dry-run                 # Show what would be requested, and send nothing
    --yes                     # Do not ask for confirmation
    --wait                    # Wait until the deployment succeeds
    --timeout: string         # Maximum time to wait
    --interval: string        # Time between two requests while waiting
    --respect-locks           # Deploy only if the environment is neither locked nor frozen
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl rollback color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl where color" [] {
    [ "auto" "always" "never" ]
  }

  # Show which environments a commit or pull request is live in
  export extern "deployctl where" [
    --environment(-e): string # Environment, or a pattern with *, ? and [abc] (repeatable) [default: all]
    --task: string            # Task of the deployments [default: that of the newest live one]
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl where color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    commit: string            # Commit: a SHA, '#' and the number of a pull request, the URL of either, a branch or a tag
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

  # Run a command that deploys, and report the result
  export extern "deployctl run" [
    --ref: string             # Branch, tag or SHA to deploy
    --environment(-e): string # Environment to deploy to
    --task: string            # Task to run, such as deploy or deploy:migrations
    --description: string     # Description shown with the deployment
    --payload: string         # Payload for the deployer: a JSON object or string, @FILE, or - for stdin
    --field(-F): string       # Field of the payload: JSON, otherwise text (repeatable)
    --raw-field(-f): string   # Field of the payload that is always text (repeatable)
    --auto-merge              # Let GitHub merge the default branch into the ref if the ref is behind
    --required-context: string # Status check that must be green (repeatable; default: all checks)
    --no-required-contexts    # Deploy without waiting for any status check
    --unique                  # Reuse an existing deployment of the same commit, environment and task
    --respect-locks           # Deploy only if the environment is neither locked nor frozen
    --deployment: string      # Carry out this deployment instead of requesting a new one
    --environment-url: string # URL of the deployed environment
    --environment-url-from-stdout # Use the last line of the command's output that is a URL as the environment URL
    --log-url: string         # URL of the deployment's output
    --timeout: string         # Maximum time for the command; after that it is stopped, and error is reported
    --grace: string           # Time that the command has to end after a signal, before it is killed
    --kill-after: string      # Time that the command has to end after a signal, before it is killed
    --heartbeat: string       # Report in_progress again at this interval (at least 1m); the interval grows over time
    --no-capture              # Do not capture stderr of the command; the status does not quote its last line
    --no-auto-inactive        # Do not mark earlier deployments to the environment as inactive on success
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl run color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl flush color" [] {
    [ "auto" "always" "never" ]
  }

  # Send statuses that could not be sent earlier
  export extern "deployctl flush" [
    --list                    # List stored reports without sending them
    --drop: string            # Discard these reports without sending them
    --config(-c): path        # Send the reports of the agent with this configuration, which must not be running
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl flush color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env color" [] {
    [ "auto" "always" "never" ]
  }

  # Show and change environments: what is live, and what protects it
  export extern "deployctl env" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env list color" [] {
    [ "auto" "always" "never" ]
  }

  # List environments: what is live in each, and what protects it
  export extern "deployctl env list" [
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --watch                   # Keep the list up to date until interrupted
    --web(-w)                 # Open the page of the environments in a web browser
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env list color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env view color" [] {
    [ "auto" "always" "never" ]
  }

  # Show an environment: protection, variables, secrets, newest deployments
  export extern "deployctl env view" [
    --limit(-L): string       # Number of deployments to show, newest first
    --web(-w)                 # Open the page of the environment in a web browser
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env view color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    name: string              # Name of the environment
  ]

  def "nu-complete deployctl env create color" [] {
    [ "auto" "always" "never" ]
  }

  # Create an environment
  export extern "deployctl env create" [
    --wait-timer: string      # Wait timer in minutes
    --reviewer: string        # Required reviewer: a login, or ORG/TEAM (repeatable, at most six)
    --protected-branches      # Allow deployments from protected branches only
    --custom-branches         # Allow deployments from matching branches and tags only
    --branch: string          # Pattern of branches that can deploy (repeatable)
    --tag: string             # Pattern of tags that can deploy (repeatable)
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env create color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    name: string              # Name of the environment
  ]

  def "nu-complete deployctl env edit prevent_self_review" [] {
    [ "true" "false" ]
  }

  def "nu-complete deployctl env edit color" [] {
    [ "auto" "always" "never" ]
  }

  # Change the protection of an environment
  export extern "deployctl env edit" [
    --wait-timer: string      # Wait timer in minutes; 0 for none
    --reviewer: string        # Required reviewer; replaces all others (repeatable)
    --add-reviewer: string    # Add a required reviewer (repeatable)
    --remove-reviewer: string # Remove a required reviewer (repeatable)
    --all-branches            # Allow deployments from all branches
    --protected-branches      # Allow deployments from protected branches only
    --custom-branches         # Allow deployments from matching branches and tags only
    --branch: string          # Add a pattern of branches that can deploy (repeatable)
    --tag: string             # Add a pattern of tags that can deploy (repeatable)
    --dry-run                 # Show the changes without making them
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env edit color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    name: string              # Name of the environment
  ]

  def "nu-complete deployctl env delete color" [] {
    [ "auto" "always" "never" ]
  }

  # Delete an environment
  export extern "deployctl env delete" [
    --yes(-y)                 # Do not ask for confirmation
    --ignore-missing          # Exit 0 if the environment does not exist
    --dry-run                 # Show what would be deleted, without deleting it
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env delete color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    name: string              # Name of the environment
  ]

  def "nu-complete deployctl env branch-policy color" [] {
    [ "auto" "always" "never" ]
  }

  # Manage which branches and tags can deploy to an environment
  export extern "deployctl env branch-policy" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env branch-policy color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env branch-policy list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the patterns
  export extern "deployctl env branch-policy list" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env branch-policy list color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
  ]

  def "nu-complete deployctl env branch-policy add color" [] {
    [ "auto" "always" "never" ]
  }

  # Add patterns
  export extern "deployctl env branch-policy add" [
    --tag                     # The patterns are for tags instead of branches
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env branch-policy add color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    ...patterns: string       # Pattern such as release/*
  ]

  def "nu-complete deployctl env branch-policy remove color" [] {
    [ "auto" "always" "never" ]
  }

  # Remove patterns
  export extern "deployctl env branch-policy remove" [
    --tag                     # The patterns are for tags instead of branches
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env branch-policy remove color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    ...patterns: string       # Pattern such as release/*
  ]

  def "nu-complete deployctl env protection color" [] {
    [ "auto" "always" "never" ]
  }

  # Manage the apps that gate deployments to an environment
  export extern "deployctl env protection" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env protection color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env protection list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the apps that gate the environment
  export extern "deployctl env protection list" [
    --available               # List the apps that are available instead
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env protection list color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
  ]

  def "nu-complete deployctl env protection enable color" [] {
    [ "auto" "always" "never" ]
  }

  # Enable the protection rule of an app
  export extern "deployctl env protection enable" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env protection enable color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    app: string               # App, by slug or ID
  ]

  def "nu-complete deployctl env protection disable color" [] {
    [ "auto" "always" "never" ]
  }

  # Disable the protection rule of an app
  export extern "deployctl env protection disable" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env protection disable color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    app: string               # App, by slug or ID
  ]

  def "nu-complete deployctl env variable color" [] {
    [ "auto" "always" "never" ]
  }

  # Manage the variables of an environment
  export extern "deployctl env variable" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env variable color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env variable list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the variables with their values
  export extern "deployctl env variable list" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env variable list color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
  ]

  def "nu-complete deployctl env variable set color" [] {
    [ "auto" "always" "never" ]
  }

  # Create or update a variable
  export extern "deployctl env variable set" [
    --from-file: path         # Read the value from a file, or - for stdin
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env variable set color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    name: string              # Name of the variable; GitHub stores it in upper case
    value?: string            # Value of the variable, unless --from-file is given
  ]

  def "nu-complete deployctl env variable delete color" [] {
    [ "auto" "always" "never" ]
  }

  # Delete a variable
  export extern "deployctl env variable delete" [
    --ignore-missing          # Exit 0 if the variable does not exist
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env variable delete color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    name: string              # Name of the variable
  ]

  def "nu-complete deployctl env secret color" [] {
    [ "auto" "always" "never" ]
  }

  # Manage the secrets of an environment
  export extern "deployctl env secret" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env secret color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl env secret list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the names of the secrets
  export extern "deployctl env secret list" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env secret list color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
  ]

  def "nu-complete deployctl env secret set color" [] {
    [ "auto" "always" "never" ]
  }

  # Create or update a secret
  export extern "deployctl env secret set" [
    --from-file: path         # Read the value from a file, unchanged
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env secret set color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    name: string              # Name of the secret; GitHub stores it in upper case
  ]

  def "nu-complete deployctl env secret delete color" [] {
    [ "auto" "always" "never" ]
  }

  # Delete a secret
  export extern "deployctl env secret delete" [
    --ignore-missing          # Exit 0 if the secret does not exist
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env secret delete color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    environment: string       # Name of the environment
    name: string              # Name of the secret
  ]

  def "nu-complete deployctl env export color" [] {
    [ "auto" "always" "never" ]
  }

  # Export environments as a document for 'env apply'
  export extern "deployctl env export" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env export color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...names: string          # Environments to export (default: all)
  ]

  def "nu-complete deployctl env apply color" [] {
    [ "auto" "always" "never" ]
  }

  # Apply an exported document of environments to a repository
  export extern "deployctl env apply" [
    --dry-run                 # Show the changes without making them
    --yes(-y)                 # Do not ask for confirmation
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl env apply color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    file: path                # Document to apply; - for stdin
  ]

  def "nu-complete deployctl stats by" [] {
    [ "day" "week" "month" ]
  }

  def "nu-complete deployctl stats color" [] {
    [ "auto" "always" "never" ]
  }

  # Show how often, how fast and how well a repository is deployed
  export extern "deployctl stats" [
    --environment(-e): string # Environment, or a pattern with *, ? and [abc] (repeatable)
    --since: string           # Beginning of the time to look at: 90d, 12h, 2026-01-31 (in UTC)
    --by: string@"nu-complete deployctl stats by" # Length of the periods
    --html: path              # Also write the figures with charts to an HTML file
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl stats color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl lock color" [] {
    [ "auto" "always" "never" ]
  }

  # Lock environments so that nobody else can deploy to them
  export extern "deployctl lock" [
    --global                  # Lock all environments, even while some are locked by others
    --message(-m): string     # Reason, shown to everyone whom the lock stops
    --for: string             # Time after which the lock expires (github/branch-deploy ignores this)
    --pr: string              # Pull request that the lock is for; github/branch-deploy can remove the lock when it is merged
    --wait                    # Wait for a lock that somebody else holds
    --timeout: string         # Maximum time to wait
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl lock color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...environments: string   # Environments to lock
  ]

  def "nu-complete deployctl lock list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the locks of a repository, or of several
  export extern "deployctl lock list" [
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl lock list color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl lock check color" [] {
    [ "auto" "always" "never" ]
  }

  # Check whether you may deploy to environments
  export extern "deployctl lock check" [
    --task: string            # Task to deploy, which a freeze may allow
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl lock check color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...environments: string   # Environments to check
  ]

  def "nu-complete deployctl unlock color" [] {
    [ "auto" "always" "never" ]
  }

  # Remove your locks of environments
  export extern "deployctl unlock" [
    --global                  # Remove the lock of all environments
    --force                   # Also remove locks of others
    --ignore-missing          # Exit 0 if an environment is not locked
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl unlock color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...environments: string   # Environments to unlock
  ]

  def "nu-complete deployctl freeze color" [] {
    [ "auto" "always" "never" ]
  }

  # Show the times at which nothing is deployed
  export extern "deployctl freeze" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl freeze color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl freeze list color" [] {
    [ "auto" "always" "never" ]
  }

  # List the freezes of a repository
  export extern "deployctl freeze list" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl freeze list color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl freeze check color" [] {
    [ "auto" "always" "never" ]
  }

  # Check whether an environment is frozen
  export extern "deployctl freeze check" [
    --environment(-e): string # Environment to check
    --at: string              # Time to check: RFC 3339, or a date with or without a time, in the time zone of this machine
    --task: string            # Task to deploy, which a freeze may allow
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl freeze check color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
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

  # Mark deployments as inactive, one or thousands
  export extern "deployctl deactivate" [
    --environment(-e): string # Environment, or a pattern with *, ? and [abc] (repeatable)
    --ref: string             # Ref, exactly as it was requested
    --sha: string             # Commit SHA, or the first digits of it
    --task: string            # Task
    --state: string           # State, such as active or failure (repeatable)
    --active                  # Only what is live; same as --state active
    --creator: string         # User who requested the deployment, by login
    --since: string           # Only deployments requested since then: 7d, 12h, 2026-01-31
    --until: string           # Only deployments requested before then
    --older-than: string      # Only deployments requested longer ago than this: 30d, 12h
    --keep: string            # Keep the newest N of each environment, regardless of other filters
    --closed-pulls            # Only those of closed pull requests, known by the environment's name, or by the ref if its branch no longer exists
    --pull-pattern: string    # Pattern of environment names for pull requests, with * and ? (repeatable) [default: pr-{number} and */pr-{number}]
    --ignore-missing          # Exit 0 if there is nothing to act on
    --include-production      # Also change what is live in production environments
    --dry-run                 # Show the plan, and what is kept and why, without changing anything
    --plan-out: path          # Write the plan to a file without changing anything
    --apply: path             # Apply a saved plan; deployments that have changed since then are skipped
    --yes(-y)                 # Do not ask for confirmation
    --timeout: string         # Stop after this time; run the command again to continue
    --description: string     # Description of the status
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl deactivate color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...named: string          # Deployments, by ID or API URL
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
    --environment(-e): string # Environment, or a pattern with *, ? and [abc] (repeatable)
    --ref: string             # Ref, exactly as it was requested
    --sha: string             # Commit SHA, or the first digits of it
    --task: string            # Task
    --state: string           # State, such as active or failure (repeatable)
    --active                  # Only what is live; same as --state active
    --creator: string         # User who requested the deployment, by login
    --since: string           # Only deployments requested since then: 7d, 12h, 2026-01-31
    --until: string           # Only deployments requested before then
    --older-than: string      # Only deployments requested longer ago than this: 30d, 12h
    --keep: string            # Keep the newest N of each environment, regardless of other filters
    --closed-pulls            # Only those of closed pull requests, known by the environment's name, or by the ref if its branch no longer exists
    --pull-pattern: string    # Pattern of environment names for pull requests, with * and ? (repeatable) [default: pr-{number} and */pr-{number}]
    --ignore-missing          # Exit 0 if there is nothing to act on
    --include-production      # Also change what is live in production environments
    --dry-run                 # Show the plan, and what is kept and why, without changing anything
    --plan-out: path          # Write the plan to a file without changing anything
    --apply: path             # Apply a saved plan; deployments that have changed since then are skipped
    --yes(-y)                 # Do not ask for confirmation
    --timeout: string         # Stop after this time; run the command again to continue
    --force                   # Also delete active deployments, after deactivating them
    --with-environment        # Also delete environments that become empty, with their secrets, variables and rules (needs administration permission)
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl delete color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...named: string          # Deployments, by ID or API URL
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
    --environment(-e): string # Environment, or a pattern with *, ? and [abc] (repeatable)
    --ref: string             # Ref, exactly as it was requested
    --sha: string             # Commit SHA, or the first digits of it
    --task: string            # Task
    --state: string           # State, such as active or failure (repeatable)
    --active                  # Only what is live; same as --state active
    --creator: string         # User who requested the deployment, by login
    --since: string           # Only deployments requested since then: 7d, 12h, 2026-01-31
    --until: string           # Only deployments requested before then
    --older-than: string      # Only deployments without an update for longer than this: 2h, 1d
    --waiting                 # End workflow runs that have waited at a gate for too long, instead of deployments
    --as: string@"nu-complete deployctl reap end_as" # Final state to set
    --description: string     # Description of the status (default: the time of the last update)
    --ignore-missing          # Exit 0 if there is nothing to act on
    --dry-run                 # Show the plan, and what is kept and why, without changing anything
    --plan-out: path          # Write the plan to a file without changing anything
    --apply: path             # Apply a saved plan; deployments that have changed since then are skipped
    --yes(-y)                 # Do not ask for confirmation
    --timeout: string         # Stop after this time; run the command again to continue
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl reap color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...named: string          # Deployments, by ID or API URL (default: all that are stuck)
  ]

  def "nu-complete deployctl pending color" [] {
    [ "auto" "always" "never" ]
  }

  # List workflow runs that wait for an approval, a timer or an app
  export extern "deployctl pending" [
    --environment(-e): string # Only these environments, by name or by a pattern with *, ? and [abc]
    --sha: string             # Only runs of this commit, by its SHA or at least 7 digits of it
    --pr: string              # Only runs of the commit at the head of this pull request
    --ref: string             # Only runs of this branch or tag
    --workflow: string        # Only runs of this workflow, by its name or file
    --mine                    # Only what you may approve
    --exit-status             # Exit 8 if something waits
    --watch                   # Keep the list up to date until interrupted
    --web(-w)                 # Open the list of waiting runs in a web browser
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl pending color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl approve color" [] {
    [ "auto" "always" "never" ]
  }

  # Approve environments that workflow runs wait for
  export extern "deployctl approve" [
    --sha: string             # All waiting runs of this commit, by its SHA or at least 7 digits of it
    --pr: string              # All waiting runs of the commit at the head of this pull request
    --environment(-e): string # Only these environments, by name or by a pattern with *, ? and [abc]
    --message(-m): string     # Comment of the review
    --dry-run                 # Show what would be reviewed, and change nothing
    --yes(-y)                 # Do not ask for confirmation
    --ignore-missing          # Exit 0 if nothing waits
    --respect-locks           # Deploy only if the environment is neither locked nor frozen
    --follow                  # Keep approving later environments until all runs of the commit have completed
    --timeout: string         # Maximum time to follow
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl approve color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...runs: string           # Workflow runs, by ID or URL
  ]

  def "nu-complete deployctl reject color" [] {
    [ "auto" "always" "never" ]
  }

  # Reject environments that workflow runs wait for
  export extern "deployctl reject" [
    --sha: string             # All waiting runs of this commit, by its SHA or at least 7 digits of it
    --pr: string              # All waiting runs of the commit at the head of this pull request
    --environment(-e): string # Only these environments, by name or by a pattern with *, ? and [abc]
    --message(-m): string     # Comment of the review
    --dry-run                 # Show what would be reviewed, and change nothing
    --yes(-y)                 # Do not ask for confirmation
    --ignore-missing          # Exit 0 if nothing waits
    --superseded              # Only runs for which a newer run of the same workflow and environment waits
    --older-than: string      # Only runs that have waited for longer than this: 2h, 7d
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl reject color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...runs: string           # Workflow runs, by ID or URL
  ]

  def "nu-complete deployctl blocked color" [] {
    [ "auto" "always" "never" ]
  }

  # Show which workflow runs hold up others
  export extern "deployctl blocked" [
    --environment(-e): string # Only groups whose holder waits for this environment, or for one that matches a pattern
    --org: string             # All repositories of an organization or user that are not archived (repeatable)
    --topic: string           # Only those with this topic, of --org and of patterns
    --repos: path             # File with a repository or pattern per line ('-' for stdin); # begins a comment
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl blocked color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    run?: string              # Only the groups of this workflow run, by ID or URL
  ]

  def "nu-complete deployctl agent log_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete deployctl agent color" [] {
    [ "auto" "always" "never" ]
  }

  # Receive deployments, run the configured commands and report the results
  export extern "deployctl agent" [
    --config(-c): path        # Configuration file
    --log-format: string@"nu-complete deployctl agent log_format" # Format of the log on stderr
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl agent color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl agent run log_format" [] {
    [ "text" "json" ]
  }

  def "nu-complete deployctl agent run color" [] {
    [ "auto" "always" "never" ]
  }

  # Run the agent
  export extern "deployctl agent run" [
    --config(-c): path        # Configuration file
    --log-format: string@"nu-complete deployctl agent run log_format" # Format of the log on stderr
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl agent run color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl agent check color" [] {
    [ "auto" "always" "never" ]
  }

  # Check the configuration and print its rules in order
  export extern "deployctl agent check" [
    --config(-c): path        # Configuration file
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl agent check color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl agent status color" [] {
    [ "auto" "always" "never" ]
  }

  # Show running, waiting and finished deployments
  export extern "deployctl agent status" [
    --config(-c): path        # Configuration file
    --limit(-L): string       # Number of finished deployments to show
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl agent status color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth color" [] {
    [ "auto" "always" "never" ]
  }

  # Log in, and show which token is used
  export extern "deployctl auth" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth login color" [] {
    [ "auto" "always" "never" ]
  }

  # Store a token for a server
  export extern "deployctl auth login" [
    --hostname: string        # Server (default: the server of the current repository)
    --with-token              # Read the token from stdin
    --web                     # Log in with a web browser
    --client-id: string       # Client ID of the OAuth app (default: DEPLOYCTL_CLIENT_ID)
    --scopes: string          # Scopes to request with --web
    --insecure-storage        # Store the token unencrypted, in a file that only you can read
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth login color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth logout color" [] {
    [ "auto" "always" "never" ]
  }

  # Remove a stored token
  export extern "deployctl auth logout" [
    --hostname: string        # Server whose token to remove
    --user: string            # User whose token to remove
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth logout color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth status color" [] {
    [ "auto" "always" "never" ]
  }

  # Show which token is used for each server, and why
  export extern "deployctl auth status" [
    --hostname: string        # Show this server only
    --offline                 # Do not check tokens with their servers
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth status color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl auth token color" [] {
    [ "auto" "always" "never" ]
  }

  # Print the token that is used
  export extern "deployctl auth token" [
    --hostname: string        # Server (default: the server of the current repository)
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl auth token color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl sandbox color" [] {
    [ "auto" "always" "never" ]
  }

  # Run the embedded GitHub
  export extern "deployctl sandbox" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl sandbox color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
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

  # Serve the sandbox to other programs until interrupted
  export extern "deployctl sandbox serve" [
    --port: string            # Port to listen on; 0 selects a free port
    --listen: string          # Address to listen on
    --data: path              # Data folder (default: the folder that --sandbox uses)
    --token: string           # Token with limited permissions: scopes, permissions such as deployments:read, or 'revoked' (repeatable)
    --production-default: string@"nu-complete deployctl sandbox serve production_default" # Default of production_environment for the environment production
    --environment-protection: string@"nu-complete deployctl sandbox serve environment_protection" # Whether environments may have wait timers and reviewers; private repositories without GitHub Enterprise refuse them
    --enforce-limits          # Enforce rate limits
    --enforce-content-limits  # Refuse more than 80 deployments and statuses per minute, or 500 per hour
    --fault: string           # Inject faults to test clients (repeatable)
    --webhook: string         # Send webhooks to URL as JSON (repeatable)
    --webhook-event: string   # Events to send, separated by commas; * for all
    --webhook-secret-file: path # File with the secret to sign deliveries with
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl sandbox serve color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
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
    --static                  # Print a script that never calls deployctl
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl completions color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    shell: string@"nu-complete deployctl completions shell" # Shell
  ]

  def "nu-complete deployctl man color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a man page, or write all of them to a folder
  export extern "deployctl man" [
    --dir: path               # Write all pages to the folders man1 and man7 in DIR
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl man color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...command: string        # Command, such as 'status set', or topic
  ]

  def "nu-complete deployctl help color" [] {
    [ "auto" "always" "never" ]
  }

  # Print the help of a command or a topic
  export extern "deployctl help" [
    --repo(-R): string        # Repository to work on (repeatable, with patterns, where --org is)
    --sandbox                 # Work on the embedded sandbox, without an account, token or network
    --jq(-q): string          # Filter the JSON with a jq expression
    --template(-t): string    # Format the JSON with a template (Jinja syntax)
    --color: string@"nu-complete deployctl help color" # When to use colour: auto (on a terminal, unless a variable such as NO_COLOR disables it), always or never
    --no-input                # Never prompt
    --quiet                   # Print only warnings and errors to stderr
    --verbose(-v)             # Print a line per request to stderr
    --github-output           # Also write the result to the file in GITHUB_OUTPUT (create, promote, rollback, run, status, wait)
    --github-summary          # Also add a table of the result to the file in GITHUB_STEP_SUMMARY (create, promote, rollback, list, run, status, wait, deactivate, delete, reap)
    --help(-h)                # Print help (see more with '--help')
    ...words: string          # Command, such as 'status set', or topic
  ]

}

export use completions *
