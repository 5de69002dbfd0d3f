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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
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
    --field: string           # A field of the payload; may be given several times
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
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
    --environment(-e): string # Environment; may be given several times, and with * and ?
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
    --help(-h)                # Print help (see more with '--help')
    id: string                # Id of the deployment
    state: string@"nu-complete deployctl status set state" # State to report
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "deployctl status help" [
  ]

  # Add a status to a deployment
  export extern "deployctl status help set" [
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "deployctl status help help" [
  ]

  def "nu-complete deployctl wait goal" [] {
    [ "success" "end" "inactive" ]
  }

  def "nu-complete deployctl wait color" [] {
    [ "auto" "always" "never" ]
  }

  # Wait until deployments have succeeded, or ended
  export extern "deployctl wait" [
    --environment(-e): string # The newest deployment of this environment
    --ref: string             # The newest deployment of this ref, in the words of the request
    --sha: string             # The newest deployment of this commit
    --task: string            # The newest deployment of this task
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
    --help(-h)                # Print help (see more with '--help')
    ...ids: string            # Ids of deployments
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
    --help(-h)                # Print help (see more with '--help')
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "deployctl auth help" [
  ]

  # Store a token for a server
  export extern "deployctl auth help login" [
  ]

  # Remove a stored token
  export extern "deployctl auth help logout" [
  ]

  # Tell which token is taken for each server, and why
  export extern "deployctl auth help status" [
  ]

  # Print the token that is taken
  export extern "deployctl auth help token" [
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "deployctl auth help help" [
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete deployctl sandbox serve production_default" [] {
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
    --enforce-limits          # Answer with an error where a rate limit is passed
    --fault: string           # Let requests go wrong, to test clients; may be given several times
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
    --help(-h)                # Print help (see more with '--help')
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "deployctl sandbox help" [
  ]

  # Serve the sandbox to other programs until it is interrupted
  export extern "deployctl sandbox help serve" [
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "deployctl sandbox help help" [
  ]

  def "nu-complete deployctl completions shell" [] {
    [ "bash" "elvish" "fish" "nushell" "powershell" "zsh" ]
  }

  def "nu-complete deployctl completions color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a completion script for a shell
  export extern "deployctl completions" [
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
    --help(-h)                # Print help (see more with '--help')
    shell: string@"nu-complete deployctl completions shell" # Shell to write for
  ]

  def "nu-complete deployctl man color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a manual page, or write all of them
  export extern "deployctl man" [
    --dir: path               # Write the pages of all commands into this folder
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
    --github-output           # Write the result to the file that GITHUB_OUTPUT names as well (create, status, wait)
    --help(-h)                # Print help (see more with '--help')
    ...command: string        # Command whose page is meant, such as 'status set'
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "deployctl help" [
  ]

  # Request a deployment of a ref
  export extern "deployctl help create" [
  ]

  # List deployments with their state, newest first
  export extern "deployctl help list" [
  ]

  # Show a deployment and its statuses, or add a status
  export extern "deployctl help status" [
  ]

  # Add a status to a deployment
  export extern "deployctl help status set" [
  ]

  # Wait until deployments have succeeded, or ended
  export extern "deployctl help wait" [
  ]

  # Log in, and see which token is taken
  export extern "deployctl help auth" [
  ]

  # Store a token for a server
  export extern "deployctl help auth login" [
  ]

  # Remove a stored token
  export extern "deployctl help auth logout" [
  ]

  # Tell which token is taken for each server, and why
  export extern "deployctl help auth status" [
  ]

  # Print the token that is taken
  export extern "deployctl help auth token" [
  ]

  # Run the embedded GitHub for deployments
  export extern "deployctl help sandbox" [
  ]

  # Serve the sandbox to other programs until it is interrupted
  export extern "deployctl help sandbox serve" [
  ]

  # Print a completion script for a shell
  export extern "deployctl help completions" [
  ]

  # Print a manual page, or write all of them
  export extern "deployctl help man" [
  ]

  # Print this message or the help of the given subcommand(s)
  export extern "deployctl help help" [
  ]

}

export use completions *
