/**
 * The steps from an empty file to today's tables. `PRAGMA user_version` counts those taken. A step that was ever
 * released is never changed; a change is a further step.
 *
 * Times are UTC milliseconds. A job's versions are rows of `job`: the installed one has no `until`; the jobs of
 * revision r are those with since <= r and (until is null or until > r).
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE revision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT NOT NULL,
    file TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
  ) STRICT;
  CREATE INDEX revision_project ON revision (project, id);

  CREATE TABLE job (
    id TEXT NOT NULL,
    project TEXT NOT NULL,
    since INTEGER NOT NULL REFERENCES revision (id),
    until INTEGER REFERENCES revision (id),
    spec TEXT NOT NULL,
    PRIMARY KEY (id, since)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX job_installed ON job (project, id) WHERE until IS NULL;

  CREATE TABLE run (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    revision INTEGER NOT NULL,
    slot INTEGER,
    trigger TEXT NOT NULL CHECK (trigger IN ('schedule', 'boot', 'manual')),
    state TEXT NOT NULL CHECK (state IN
      ('running', 'succeeded', 'failed', 'timed-out', 'cancelled', 'interrupted', 'skipped', 'missed')),
    pid INTEGER,
    boot TEXT,
    born INTEGER,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    exit_code INTEGER,
    signal TEXT,
    reason TEXT,
    cpu_ms INTEGER,
    peak_memory INTEGER,
    stdout_bytes INTEGER NOT NULL DEFAULT 0,
    stderr_bytes INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX run_slot ON run (job, slot) WHERE slot IS NOT NULL;
  CREATE INDEX run_of_job ON run (job, started_at);
  CREATE INDEX run_by_time ON run (started_at);
  CREATE INDEX run_open ON run (id) WHERE state = 'running';

  CREATE TABLE attempt (
    run TEXT NOT NULL REFERENCES run (id),
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    end TEXT,
    PRIMARY KEY (run, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE output (
    run TEXT NOT NULL REFERENCES run (id),
    seq INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    stream TEXT NOT NULL CHECK (stream IN ('stdout', 'stderr')),
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (run, seq)
  ) STRICT;

  CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES run (id),
    at INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_run ON event (run, id);

  CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    run TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,
    sent_at INTEGER,
    error TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX outbox_run ON outbox (run);
  CREATE INDEX outbox_due ON outbox (next_at) WHERE next_at IS NOT NULL;

  CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY,
    target TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    taken_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    content BLOB NOT NULL
  ) STRICT;
  CREATE INDEX snapshot_target ON snapshot (target, id);

  CREATE TABLE beat (
    kind TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // A CHECK is part of its table, so the table is made anew (sqlite.org/lang_altertable.html, section 7).
  `
  CREATE TABLE run_wider (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    revision INTEGER NOT NULL,
    slot INTEGER,
    trigger TEXT NOT NULL CHECK (trigger IN ('schedule', 'boot', 'manual', 'retry')),
    state TEXT NOT NULL CHECK (state IN
      ('waiting', 'running', 'succeeded', 'failed', 'timed-out', 'cancelled', 'interrupted', 'skipped', 'missed')),
    pid INTEGER,
    boot TEXT,
    born INTEGER,
    task_pid INTEGER,
    task_born INTEGER,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    exit_code INTEGER,
    signal TEXT,
    reason TEXT,
    cancel_by TEXT,
    retry_at INTEGER,
    retry_attempt INTEGER,
    continues TEXT,
    progress REAL,
    result TEXT,
    cpu_ms INTEGER,
    peak_memory INTEGER,
    stdout_bytes INTEGER NOT NULL DEFAULT 0,
    stderr_bytes INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  INSERT INTO run_wider (id, job, revision, slot, trigger, state, pid, boot, born, started_at, ended_at, attempts,
      exit_code, signal, reason, cpu_ms, peak_memory, stdout_bytes, stderr_bytes)
    SELECT id, job, revision, slot, trigger, state, pid, boot, born, started_at, ended_at, attempts,
      exit_code, signal, reason, cpu_ms, peak_memory, stdout_bytes, stderr_bytes FROM run ORDER BY id;
  DROP TABLE run;
  ALTER TABLE run_wider RENAME TO run;
  CREATE UNIQUE INDEX run_slot ON run (job, slot) WHERE slot IS NOT NULL;
  CREATE INDEX run_of_job ON run (job, started_at);
  CREATE INDEX run_by_time ON run (started_at);
  CREATE INDEX run_by_state ON run (state, started_at);
  CREATE INDEX run_open ON run (job) WHERE state IN ('waiting', 'running');
  CREATE INDEX run_retry ON run (retry_at) WHERE retry_at IS NOT NULL;
  CREATE INDEX run_continues ON run (continues) WHERE continues IS NOT NULL;
  `,
  // For slots that were missed or are kept by a pause, and what else the tick has to know of the time before it.
  `
  CREATE TABLE run_wider (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    revision INTEGER NOT NULL,
    slot INTEGER,
    trigger TEXT NOT NULL CHECK (trigger IN ('schedule', 'boot', 'manual', 'retry', 'catch-up')),
    state TEXT NOT NULL CHECK (state IN
      ('waiting', 'running', 'succeeded', 'failed', 'timed-out', 'cancelled', 'interrupted', 'skipped', 'missed')),
    pid INTEGER,
    boot TEXT,
    born INTEGER,
    task_pid INTEGER,
    task_born INTEGER,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    exit_code INTEGER,
    signal TEXT,
    reason TEXT,
    cancel_by TEXT,
    retry_at INTEGER,
    retry_attempt INTEGER,
    continues TEXT,
    progress REAL,
    result TEXT,
    cpu_ms INTEGER,
    peak_memory INTEGER,
    stdout_bytes INTEGER NOT NULL DEFAULT 0,
    stderr_bytes INTEGER NOT NULL DEFAULT 0,
    first_slot INTEGER,
    slots INTEGER NOT NULL DEFAULT 1,
    late_told_at INTEGER,
    slow_told_at INTEGER
  ) STRICT, WITHOUT ROWID;
  INSERT INTO run_wider (id, job, revision, slot, trigger, state, pid, boot, born, task_pid, task_born, started_at,
      ended_at, attempts, exit_code, signal, reason, cancel_by, retry_at, retry_attempt, continues, progress, result,
      cpu_ms, peak_memory, stdout_bytes, stderr_bytes)
    SELECT id, job, revision, slot, trigger, state, pid, boot, born, task_pid, task_born, started_at,
      ended_at, attempts, exit_code, signal, reason, cancel_by, retry_at, retry_attempt, continues, progress, result,
      cpu_ms, peak_memory, stdout_bytes, stderr_bytes FROM run ORDER BY id;
  DROP TABLE run;
  ALTER TABLE run_wider RENAME TO run;
  CREATE UNIQUE INDEX run_slot ON run (job, slot) WHERE slot IS NOT NULL;
  CREATE INDEX run_of_job ON run (job, started_at);
  CREATE INDEX run_by_time ON run (started_at);
  CREATE INDEX run_by_state ON run (state, started_at);
  CREATE INDEX run_open ON run (job) WHERE state IN ('waiting', 'running');
  CREATE INDEX run_retry ON run (retry_at) WHERE retry_at IS NOT NULL;
  CREATE INDEX run_continues ON run (continues) WHERE continues IS NOT NULL;

  ALTER TABLE job ADD COLUMN lines TEXT;

  CREATE TABLE due (
    job TEXT PRIMARY KEY,
    slot INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX due_slot ON due (slot) WHERE slot IS NOT NULL;
  INSERT INTO due (job, slot) SELECT id, 0 FROM job WHERE until IS NULL;

  CREATE TABLE owed (
    job TEXT NOT NULL,
    slot INTEGER NOT NULL,
    until INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (job, slot)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE gap (
    from_at INTEGER PRIMARY KEY,
    until_at INTEGER NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN
      ('machine-off', 'machine-asleep', 'clock-forward', 'clock-back', 'cron-silent'))
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE beat ADD COLUMN boot TEXT;
  ALTER TABLE beat ADD COLUMN uptime INTEGER;
  ALTER TABLE beat ADD COLUMN awake INTEGER;
  ALTER TABLE beat ADD COLUMN zone TEXT;

  CREATE TABLE pause (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('all', 'label', 'job')),
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    paused_by TEXT NOT NULL,
    until INTEGER,
    ended_at INTEGER,
    ended_by TEXT
  ) STRICT;
  CREATE INDEX pause_open ON pause (scope, name) WHERE ended_at IS NULL;
  `,
  // What was written last to each table, what was told of it since, and what each project was made from.
  `
  CREATE TABLE written (
    target TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    content BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE watch (
    target TEXT PRIMARY KEY,
    looked_at INTEGER NOT NULL,
    stamp TEXT NOT NULL,
    told TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE elsewhere (
    file TEXT PRIMARY KEY,
    target TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE made (
    file TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sources TEXT NOT NULL,
    digest TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE snapshot ADD COLUMN size INTEGER;
  ALTER TABLE snapshot ADD COLUMN revision INTEGER;
  `,
  // Lines of others whose places jobs took.
  `
  CREATE TABLE taken (
    id INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    target TEXT NOT NULL,
    text TEXT NOT NULL,
    snapshot INTEGER
  ) STRICT;
  CREATE INDEX taken_of_job ON taken (job);
  `,
];
