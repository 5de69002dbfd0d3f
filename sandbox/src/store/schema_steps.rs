//! The tables.

/// One step a version; a database is brought up by the steps it lacks. Steps
/// that were released are never changed.
///
/// Times are whole seconds since the epoch, as GitHub's are. Ids of
/// deployments, statuses and environments begin above 2^32, so that a client
/// that keeps them in 32 bits is found out.
pub(super) const STEPS: [&str; 9] = [
    FIRST,
    ENVIRONMENTS,
    HOOKS,
    VERSIONS,
    RUNS,
    ATTEMPTS,
    QUEUES,
    PULL_COMMITS,
    ORGANIZATIONS,
];

const FIRST: &str = "
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    created_at INTEGER NOT NULL
);
CREATE TABLE repositories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    owner_id INTEGER NOT NULL REFERENCES users (id),
    path TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (owner, name)
);
CREATE TABLE environments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (repository_id, name)
);
CREATE TABLE deployments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    sha TEXT NOT NULL,
    ref TEXT NOT NULL,
    task TEXT NOT NULL,
    payload TEXT NOT NULL,
    original_environment TEXT NOT NULL,
    environment TEXT NOT NULL,
    description TEXT,
    creator_id INTEGER NOT NULL REFERENCES users (id),
    transient_environment INTEGER NOT NULL,
    production_environment INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX deployments_by_time ON deployments (repository_id, created_at DESC, id DESC);
CREATE INDEX deployments_by_environment
    ON deployments (repository_id, environment, created_at DESC, id DESC);
CREATE TABLE deployment_statuses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    deployment_id INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    creator_id INTEGER NOT NULL REFERENCES users (id),
    description TEXT NOT NULL,
    environment TEXT NOT NULL,
    log_url TEXT NOT NULL,
    environment_url TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX deployment_statuses_by_deployment ON deployment_statuses (deployment_id, id DESC);
CREATE TABLE commit_statuses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    sha TEXT NOT NULL,
    context TEXT NOT NULL COLLATE NOCASE,
    state TEXT NOT NULL,
    description TEXT,
    target_url TEXT,
    creator_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL
);
CREATE INDEX commit_statuses_by_sha ON commit_statuses (repository_id, sha, context, id DESC);
INSERT INTO users (id, login, created_at) VALUES (200000001, 'sandbox', 1767603600);
INSERT INTO sqlite_sequence (name, seq) VALUES
    ('repositories', 900000000),
    ('environments', 4310000000),
    ('deployments', 4400000000),
    ('deployment_statuses', 12600000000),
    ('commit_statuses', 35000000000);
";

/// The parts of an environment are deleted with it; deployments only name it.
const ENVIRONMENTS: &str = "
CREATE TABLE teams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization TEXT NOT NULL COLLATE NOCASE,
    slug TEXT NOT NULL COLLATE NOCASE,
    UNIQUE (organization, slug)
);
CREATE TABLE apps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE COLLATE NOCASE
);
CREATE TABLE environment_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    environment_id INTEGER NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    wait_timer INTEGER NOT NULL DEFAULT 0,
    prevent_self_review INTEGER NOT NULL DEFAULT 0,
    branches TEXT NOT NULL DEFAULT '',
    app_id INTEGER REFERENCES apps (id)
);
CREATE INDEX environment_rules_by_environment ON environment_rules (environment_id, id);
CREATE TABLE environment_reviewers (
    rule_id INTEGER NOT NULL REFERENCES environment_rules (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    user_id INTEGER REFERENCES users (id),
    team_id INTEGER REFERENCES teams (id),
    PRIMARY KEY (rule_id, place)
) WITHOUT ROWID;
CREATE TABLE branch_policies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    environment_id INTEGER NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    UNIQUE (environment_id, kind, name)
);
CREATE TABLE environment_entries (
    environment_id INTEGER NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (environment_id, kind, name)
) WITHOUT ROWID;
CREATE TABLE pulls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    head TEXT NOT NULL,
    head_sha TEXT NOT NULL,
    base TEXT NOT NULL,
    base_sha TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    closed_at INTEGER,
    merged_at INTEGER,
    UNIQUE (repository_id, number)
);
INSERT INTO sqlite_sequence (name, seq) VALUES
    ('teams', 300000),
    ('apps', 15000),
    ('environment_rules', 6680000000),
    ('branch_policies', 361000),
    ('pulls', 2500000000);
";

/// An event is stored once for all hooks that receive it. A delivery without a
/// time is pending.
const HOOKS: &str = "
CREATE TABLE hooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    active INTEGER NOT NULL,
    events TEXT NOT NULL,
    url TEXT NOT NULL,
    content_type TEXT NOT NULL,
    secret TEXT,
    insecure_ssl INTEGER NOT NULL,
    is_given INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX hooks_by_repository ON hooks (repository_id, id);
CREATE TABLE hook_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guid TEXT NOT NULL,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    name TEXT NOT NULL,
    action TEXT,
    payload TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE TABLE hook_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hook_id INTEGER NOT NULL REFERENCES hooks (id) ON DELETE CASCADE,
    event_id INTEGER NOT NULL REFERENCES hook_events (id) ON DELETE CASCADE,
    is_again INTEGER NOT NULL,
    delivered_at INTEGER,
    duration REAL,
    status TEXT,
    status_code INTEGER,
    url TEXT,
    request_headers TEXT,
    response_headers TEXT,
    response_payload TEXT
);
CREATE INDEX hook_deliveries_by_hook ON hook_deliveries (hook_id, id DESC);
CREATE INDEX hook_deliveries_by_event ON hook_deliveries (event_id);
CREATE INDEX hook_deliveries_pending ON hook_deliveries (hook_id, id) WHERE delivered_at IS NULL;
INSERT INTO sqlite_sequence (name, seq) VALUES
    ('hooks', 530000000),
    ('hook_events', 0),
    ('hook_deliveries', 31600000000);
";

/// Every change to the list of deployments increments the version of the
/// repository's list, which invalidates remembered positions. Of the columns
/// that lists are filtered by, only the environment ever changes.
const VERSIONS: &str = "
CREATE TABLE deployment_versions (
    repository_id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL
);
CREATE TRIGGER deployments_come AFTER INSERT ON deployments BEGIN
    INSERT INTO deployment_versions VALUES (new.repository_id, 1)
        ON CONFLICT (repository_id) DO UPDATE SET version = version + 1;
END;
CREATE TRIGGER deployments_move AFTER UPDATE OF environment ON deployments
WHEN old.environment <> new.environment BEGIN
    INSERT INTO deployment_versions VALUES (new.repository_id, 1)
        ON CONFLICT (repository_id) DO UPDATE SET version = version + 1;
END;
CREATE TRIGGER deployments_go AFTER DELETE ON deployments BEGIN
    INSERT INTO deployment_versions VALUES (old.repository_id, 1)
        ON CONFLICT (repository_id) DO UPDATE SET version = version + 1;
END;
";

/// A job without a status is not listed yet. `due_at` is the next time that
/// changes a waiting job.
const RUNS: &str = "
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE team_members (
    team_id INTEGER NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    PRIMARY KEY (team_id, user_id)
) WITHOUT ROWID;
CREATE TABLE workflows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (repository_id, path)
);
CREATE TABLE workflow_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    workflow_id INTEGER NOT NULL REFERENCES workflows (id),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    event TEXT NOT NULL,
    sha TEXT NOT NULL,
    branch TEXT NOT NULL,
    is_tag INTEGER NOT NULL,
    head_commit TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES users (id),
    concurrency_group TEXT COLLATE NOCASE,
    cancel_in_progress INTEGER NOT NULL,
    acquired_at INTEGER,
    status TEXT NOT NULL,
    conclusion TEXT,
    previous_status TEXT,
    status_changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX workflow_runs_by_repository ON workflow_runs (repository_id, id DESC);
CREATE INDEX workflow_runs_by_sha ON workflow_runs (repository_id, sha);
CREATE INDEX workflow_runs_by_workflow ON workflow_runs (workflow_id, number);
CREATE INDEX workflow_runs_by_group ON workflow_runs (repository_id, concurrency_group)
    WHERE concurrency_group IS NOT NULL AND status <> 'completed';
CREATE TABLE workflow_jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id INTEGER NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    environment TEXT,
    needs TEXT NOT NULL,
    concurrency_group TEXT COLLATE NOCASE,
    cancel_in_progress INTEGER NOT NULL,
    acquired_at INTEGER,
    status TEXT,
    conclusion TEXT,
    deployment_id INTEGER REFERENCES deployments (id) ON DELETE SET NULL,
    is_approved INTEGER NOT NULL DEFAULT 0,
    waiting_since INTEGER,
    due_at INTEGER,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER
);
CREATE INDEX workflow_jobs_by_run ON workflow_jobs (run_id, id);
CREATE INDEX workflow_jobs_by_deployment ON workflow_jobs (deployment_id);
CREATE INDEX workflow_jobs_due ON workflow_jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX workflow_jobs_by_group ON workflow_jobs (concurrency_group)
    WHERE concurrency_group IS NOT NULL;
CREATE TABLE run_reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id INTEGER NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    comment TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id)
);
CREATE INDEX run_reviews_by_run ON run_reviews (run_id, id);
CREATE TABLE run_review_environments (
    review_id INTEGER NOT NULL REFERENCES run_reviews (id) ON DELETE CASCADE,
    environment_id INTEGER NOT NULL,
    PRIMARY KEY (review_id, environment_id)
) WITHOUT ROWID;
CREATE TABLE job_app_reviews (
    job_id INTEGER NOT NULL REFERENCES workflow_jobs (id) ON DELETE CASCADE,
    app_id INTEGER NOT NULL REFERENCES apps (id),
    is_approved INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    PRIMARY KEY (job_id, app_id)
) WITHOUT ROWID;
INSERT INTO sqlite_sequence (name, seq) VALUES
    ('workflows', 150000000),
    ('workflow_runs', 17000000000),
    ('workflow_jobs', 48000000000),
    ('run_reviews', 5000000);
";

/// A run that is started again keeps the jobs of its earlier attempts.
const ATTEMPTS: &str = "
ALTER TABLE workflow_runs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;
ALTER TABLE workflow_runs ADD COLUMN started_at INTEGER;
ALTER TABLE workflow_jobs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;
";

/// Groups with longer queues, and jobs that succeed after a time.
const QUEUES: &str = "
ALTER TABLE workflow_runs ADD COLUMN has_long_queue INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workflow_jobs ADD COLUMN has_long_queue INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workflow_jobs ADD COLUMN succeeds_after INTEGER;
";

/// The commits that a pull request brings, as of when it was opened.
const PULL_COMMITS: &str = "
ALTER TABLE pulls ADD COLUMN merge_commit_sha TEXT;
CREATE TABLE pull_commits (
    pull_id INTEGER NOT NULL REFERENCES pulls (id) ON DELETE CASCADE,
    sha TEXT NOT NULL,
    PRIMARY KEY (pull_id, sha)
) WITHOUT ROWID;
CREATE INDEX pull_commits_by_sha ON pull_commits (sha);
INSERT INTO pull_commits SELECT id, head_sha FROM pulls;
";

/// A repository without a visibility has that of the server. `readers` are the
/// logins that may see it, where not everybody may; `topics` and `readers` are
/// separated by commas. A redirect leads from an old name to the repository.
const ORGANIZATIONS: &str = "
ALTER TABLE users ADD COLUMN is_organization INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN requires_sso INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repositories ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repositories ADD COLUMN topics TEXT NOT NULL DEFAULT '';
ALTER TABLE repositories ADD COLUMN visibility TEXT;
ALTER TABLE repositories ADD COLUMN readers TEXT;
ALTER TABLE repositories ADD COLUMN pushed_at INTEGER;
ALTER TABLE repositories ADD COLUMN updated_at INTEGER;
CREATE TABLE repository_redirects (
    owner TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    PRIMARY KEY (owner, name)
) WITHOUT ROWID;
";
