/// The schema of format 1, exactly as it is stored. `verify` compares the stored text with it.
enum Schema {
  /// "ktrd", in the header of the file.
  static let applicationID: Int64 = 0x6b74_7264
  /// The first released format, whose schema this is. Migrations turn it into later ones.
  static let firstVersion: Int64 = 1

  /// In bytes. Events have about 200 bytes, so a large page wastes less space at its end than a small one.
  static let pageSize = 8192

  static let tables = [
    """
    CREATE TABLE event (
      seq INTEGER PRIMARY KEY, type TEXT NOT NULL, at INTEGER NOT NULL, deployment INTEGER, uuid TEXT, batch TEXT,
      kind TEXT, target TEXT, host TEXT, directory TEXT, services TEXT, profiles TEXT, tag TEXT, git_sha TEXT,
      git_dirty INTEGER, operator TEXT, client TEXT, undoes INTEGER, secret_versions TEXT, registry TEXT, name TEXT,
      started_at INTEGER, duration_ms INTEGER, exit_status INTEGER, outcome TEXT, output_digest BLOB, service TEXT,
      before_reference TEXT, before_id TEXT, before_digest TEXT, after_reference TEXT, after_id TEXT,
      after_digest TEXT, reason TEXT, compose_digest TEXT, subject INTEGER, anchor_hash BLOB, format INTEGER,
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT
    """,
    "CREATE TABLE output (seq INTEGER PRIMARY KEY REFERENCES event, salt BLOB NOT NULL, text TEXT NOT NULL) STRICT",
    "CREATE TABLE in_flight (deployment INTEGER PRIMARY KEY) STRICT",
    """
    CREATE TABLE coverage (
      service TEXT NOT NULL, deployment INTEGER NOT NULL, PRIMARY KEY (service, deployment)
    ) STRICT, WITHOUT ROWID
    """,
  ]

  static let indexes = [
    "CREATE UNIQUE INDEX started_deployment ON event (deployment) WHERE type = 'started'",
    "CREATE UNIQUE INDEX finished_deployment ON event (deployment) WHERE type = 'finished'",
    "CREATE UNIQUE INDEX purged_subject ON event (subject) WHERE type = 'purged'",
    "CREATE INDEX detail_deployment ON event (deployment) WHERE type IN ('step', 'image')",
    "CREATE INDEX started_at_time ON event (at, deployment) WHERE type = 'started'",
    "CREATE INDEX started_target ON event (target, deployment) WHERE type = 'started'",
    "CREATE INDEX started_host ON event (host, deployment) WHERE type = 'started'",
    "CREATE INDEX started_tag ON event (tag, deployment) WHERE type = 'started' AND tag IS NOT NULL",
    "CREATE INDEX started_operator ON event (operator, deployment) WHERE type = 'started'",
    "CREATE INDEX started_rollback ON event (deployment) WHERE type = 'started' AND kind = 'rollback'",
    "CREATE INDEX started_batch ON event (batch, deployment) WHERE type = 'started' AND batch IS NOT NULL",
    "CREATE INDEX finished_outcome ON event (outcome, deployment) WHERE type = 'finished' AND outcome <> 'succeeded'",
    "CREATE INDEX image_service ON event (target, service, deployment) WHERE type = 'image'",
  ]

  static let views = [
    """
    CREATE VIEW deployment AS
    SELECT s.deployment AS id, s.uuid, s.batch, s.kind, s.target, s.host, s.directory, s.services, s.profiles, s.tag,
      s.git_sha, s.git_dirty, s.operator, s.client, s.undoes, s.secret_versions, s.registry,
      strftime('%Y-%m-%dT%H:%M:%fZ', s.at / 1000.0, 'unixepoch') AS started_at,
      strftime('%Y-%m-%dT%H:%M:%fZ', f.at / 1000.0, 'unixepoch') AS finished_at,
      f.duration_ms, coalesce(f.outcome, 'running') AS outcome, f.reason, f.compose_digest
    FROM event AS s LEFT JOIN event AS f ON f.type = 'finished' AND f.deployment = s.deployment
    WHERE s.type = 'started'
    """,
    """
    CREATE VIEW step AS
    SELECT e.deployment, e.seq, e.name, strftime('%Y-%m-%dT%H:%M:%fZ', e.started_at / 1000.0, 'unixepoch') AS started_at,
      e.duration_ms, e.exit_status, e.outcome, o.text AS output
    FROM event AS e LEFT JOIN output AS o ON o.seq = e.seq WHERE e.type = 'step'
    """,
    """
    CREATE VIEW image AS
    SELECT deployment, seq, target, service, before_reference, before_id, before_digest, after_reference, after_id,
      after_digest FROM event WHERE type = 'image'
    """,
  ]

  /// In the order in which they are created.
  static let all = tables + indexes + views + triggers
}
